/// A day as a barcode names it.
public struct ScanDate: Hashable, Sendable {
    /// The year, with its century.
    public let year: Int
    /// The month, from 1.
    public let month: Int
    /// The day of the month, from 1.
    public let day: Int

    /// Makes a day; nil when the calendar has none such.
    public init?(year: Int, month: Int, day: Int) {
        guard (1...9999).contains(year), (1...12).contains(month),
            (1...Self.days(inMonth: month, of: year)).contains(day)
        else { return nil }
        self.year = year
        self.month = month
        self.day = day
    }

    /// The day of the year, from 1, as HIBC counts.
    init?(year: Int, dayOfYear: Int) {
        guard (1...9999).contains(year), dayOfYear > 0 else { return nil }
        var left = dayOfYear
        for month in 1...12 {
            let days = Self.days(inMonth: month, of: year)
            if left <= days {
                self.init(year: year, month: month, day: left)
                return
            }
            left -= days
        }
        return nil
    }

    /// The number of days in a month of the Gregorian calendar.
    static func days(inMonth month: Int, of year: Int) -> Int {
        switch month {
        case 4, 6, 9, 11: 30
        case 2: year.isMultiple(of: 4) && !year.isMultiple(of: 100) || year.isMultiple(of: 400) ? 29 : 28
        default: 31
        }
    }

    /// The year of two digits nearest to the current one (General Specifications 7.12): 49 back to 50 ahead.
    static func year(_ twoDigits: Int, near currentYear: Int) -> Int {
        let century = currentYear - currentYear % 100
        let difference = twoDigits - currentYear % 100
        if difference >= 51 { return century - 100 + twoDigits }
        if difference <= -50 { return century + 100 + twoDigits }
        return century + twoDigits
    }
}

/// What a barcode says.
public struct Scan: Hashable, Sendable {
    /// Which standard the barcode follows.
    public enum System: Hashable, Sendable {
        case gs1
        case hibc
    }

    /// One element of the barcode.
    public struct Element: Hashable, Sendable {
        /// The GS1 application identifier, or the HIBC qualifier.
        public let identifier: String
        /// The content.
        public let value: String
        /// The character at which the content begins, from 1.
        public let position: Int
    }

    /// Which standard the barcode follows.
    public let system: System
    /// The Global Trade Item Number, 14 digits.
    public var gtin: String?
    /// The HIBC labeler identification code.
    public var labeler: String?
    /// The labeler's product or catalog number (HIBC PCN).
    public var product: String?
    /// The HIBC unit of measure, 0 for the single item up to 8; 9 for a variable quantity.
    public var unitOfMeasure: Int?
    /// The batch or lot.
    public var lot: String?
    /// The expiration date.
    public var expiry: ScanDate?
    /// The production date.
    public var productionDate: ScanDate?
    /// The serial number.
    public var serial: String?
    /// How many items.
    public var count: Int?
    /// The check character of a HIBC primary barcode, which its secondary names as its link.
    public var checkCharacter: Character?
    /// The link character of a HIBC secondary barcode: the check character of the primary it belongs to.
    public var link: Character?
    /// Everything that was in the barcode, in its order.
    public var elements: [Element] = []
    /// What can be read but may be meant otherwise: a separator lost by the scanner's settings.
    public var doubts: [BarcodeFault] = []

    init(system: System) {
        self.system = system
    }

    /// Reads a barcode: GS1 element string, bracketed text, Digital Link or bare GTIN, or HIBC.
    ///
    /// FNC1 is the GS character, or its visible stand-in U+241D where a format cannot carry GS. The current year
    /// settles the century of two-digit years.
    public static func read(_ text: String, currentYear: Int) throws(BarcodeFault) -> Scan {
        let symbols = text.unicodeScalars.map { scalar -> UInt8 in
            switch scalar.value {
            case 0x241D: Symbol.groupSeparator
            case ..<0x80: UInt8(scalar.value)
            default: Symbol.foreign
            }
        }
        do throws(BarcodeFault) {
            var scan = try read(symbols, currentYear: currentYear)
            scan.doubts = scan.doubts.map { $0.located(in: text) }
            return scan
        } catch {
            throw error.located(in: text)
        }
    }

    private static func read(_ symbols: [UInt8], currentYear: Int) throws(BarcodeFault) -> Scan {
        var rest = symbols[...]
        let symbology = takeSymbology(&rest)
        guard let first = rest.first else {
            throw BarcodeFault(.empty, at: symbols.count + 1, detail: "the barcode is empty; scan it again")
        }
        if first == UInt8(ascii: "+") {
            return try HIBCParser(currentYear: currentYear).scan(rest)
        }
        let parser = GS1Parser(currentYear: currentYear)
        if first == UInt8(ascii: "(") { return try parser.scan(try GS1Parser.bracketed(rest)) }
        if DigitalLink.isLink(rest) { return try parser.scan(try DigitalLink.elements(rest)) }
        let isKnownElementString = symbology.map(Symbol.elementStringSymbologies.contains) ?? false
        let isDigits = rest.allSatisfy(Symbol.isDigit)
        if !isKnownElementString && isDigits && GTIN.isLength(rest.count) {
            // A date element alone has eight digits too; it counts as one only where it is no GTIN-8.
            let isDate = rest.count == 8 && parser.isDateElement(rest) && !CheckDigit.isValid(Array(rest))
            return isDate ? try parser.elementString(rest) : try parser.bareGTIN(rest)
        }
        return try parser.elementString(rest)
    }

    /// What two barcodes of one package say together: a GTIN and its lot, or a HIBC primary and its secondary.
    ///
    /// Throws where they contradict each other or are of two standards, at the first character of the second.
    public func joined(with other: Scan) throws(BarcodeFault) -> Scan {
        func contradiction(_ what: String) -> BarcodeFault {
            BarcodeFault(.contradiction, at: 1, detail: "\(what); scan the barcodes of one package only")
        }
        guard system == other.system else { throw contradiction("the barcodes are of two standards") }
        let (primary, link) = link == nil ? (self, other.link) : (other, link)
        if let link, let check = primary.checkCharacter, link != check {
            throw contradiction("the second barcode belongs to another product")
        }
        var joined = self
        try joined.take(\.gtin, of: other, contradiction)
        try joined.take(\.labeler, of: other, contradiction)
        try joined.take(\.product, of: other, contradiction)
        try joined.take(\.unitOfMeasure, of: other, contradiction)
        try joined.take(\.lot, of: other, contradiction)
        try joined.take(\.expiry, of: other, contradiction)
        try joined.take(\.productionDate, of: other, contradiction)
        try joined.take(\.serial, of: other, contradiction)
        try joined.take(\.count, of: other, contradiction)
        joined.checkCharacter = primary.checkCharacter
        joined.link = link
        joined.elements += other.elements.filter { !elements.contains($0) }
        joined.doubts += other.doubts
        return joined
    }

    private mutating func take<Value: Equatable>(
        _ field: WritableKeyPath<Scan, Value?>, of other: Scan, _ contradiction: (String) -> BarcodeFault
    ) throws(BarcodeFault) {
        guard let theirs = other[keyPath: field] else { return }
        if let ours = self[keyPath: field], ours != theirs { throw contradiction("the barcodes say two things") }
        self[keyPath: field] = theirs
    }

    /// The AIM symbology identifier in front (ISO/IEC 15424): `]`, a letter, a modifier.
    private static func takeSymbology(_ rest: inout ArraySlice<UInt8>) -> String? {
        guard rest.first == UInt8(ascii: "]"), rest.count >= 3 else { return nil }
        defer { rest = rest.dropFirst(3) }
        return String(decoding: rest.prefix(3), as: UTF8.self)
    }
}

/// The characters of barcodes.
enum Symbol {
    /// What a scanner gives for FNC1 between elements.
    static let groupSeparator: UInt8 = 0x1D
    /// A character outside ASCII.
    static let foreign: UInt8 = 0xFF
    /// The symbology identifiers of symbols that carry GS1 element strings.
    static let elementStringSymbologies = ["]C1", "]d2", "]Q3", "]e0", "]e1", "]e2", "]J1"]

    static func isDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte)
    }

    /// GS1 character set 82 (General Specifications 7.11, ISO/IEC 646 subset).
    static func isInCharset82(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x21...0x22, 0x25...0x3F, 0x41...0x5A, 0x5F, 0x61...0x7A: true
        default: false
        }
    }

    /// GS1 character set 39: digits, capitals, `#`, `-`, `/`.
    static func isInCharset39(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x23, 0x2D, 0x2F: true
        default: false
        }
    }

    /// GS1 character set 64: base 64 for files and addresses (RFC 4648 section 5).
    static func isInCharset64(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x5F, 0x3D: true
        default: false
        }
    }

    static func text(_ symbols: ArraySlice<UInt8>) -> String {
        String(decoding: symbols, as: UTF8.self)
    }

    /// The value of digits; nil when there is none or another character among them.
    static func number(_ symbols: ArraySlice<UInt8>) -> Int? {
        guard !symbols.isEmpty, symbols.count <= 18, symbols.allSatisfy(isDigit) else { return nil }
        return symbols.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }
}
