/// An element before its content is checked.
struct RawElement {
    var identifier: ApplicationIdentifier
    /// The content; its indices are places in the barcode as scanned.
    var value: ArraySlice<UInt8>
    /// Where each character of the content stands in the barcode, from 1, and where the content ends.
    private var places: [Int]?

    /// An element whose content stands in the barcode as it is.
    init(identifier: ApplicationIdentifier, value: ArraySlice<UInt8>) {
        self.identifier = identifier
        self.value = value
    }

    /// An element whose content was decoded or padded.
    init(identifier: ApplicationIdentifier, decoded value: [UInt8], places: [Int]) {
        self.identifier = identifier
        self.value = value[...]
        self.places = places
    }

    /// The content's first character in the barcode, from 1.
    var position: Int { place(0) }

    /// Where a character of the content stands in the barcode, from 1.
    func place(_ offset: Int) -> Int {
        guard let places else { return value.startIndex + offset + 1 }
        return places[min(offset, places.count - 1)]
    }

    /// The same GTIN with zeros in front up to 14 digits; they stand nowhere.
    func padded() -> Self {
        let padding = max(0, 14 - value.count)
        let front = [Int](repeating: position, count: padding)
        return Self(
            identifier: identifier, decoded: [UInt8](repeating: UInt8(ascii: "0"), count: padding) + value,
            places: front + (0...value.count).map(place))
    }
}

/// Reads GS1 element strings (General Specifications 3 and 7.8).
struct GS1Parser {
    let currentYear: Int

    /// Element string = *(identifier content [FNC1]); the first FNC1 may be given too.
    func elementString(_ symbols: ArraySlice<UInt8>) throws(BarcodeFault) -> Scan {
        var rest = symbols.first == Symbol.groupSeparator ? symbols.dropFirst() : symbols
        let isSeparated = rest.contains(Symbol.groupSeparator)
        var raw: [RawElement] = []
        while !rest.isEmpty {
            guard let identifier = ApplicationIdentifier.leading(rest) else { throw Self.unknownIdentifier(rest) }
            rest = rest.dropFirst(identifier.digits.utf8.count)
            let ending = rest.firstIndex(of: Symbol.groupSeparator) ?? rest.endIndex
            let value =
                identifier.needsSeparator
                ? rest[..<ending]
                : rest[..<min(ending, rest.startIndex + identifier.maximumLength)]
            raw.append(RawElement(identifier: identifier, value: value))
            rest = rest[value.endIndex...]
            if rest.first == Symbol.groupSeparator { rest = rest.dropFirst() }
        }
        guard !raw.isEmpty else {
            throw BarcodeFault(.empty, at: symbols.startIndex + 1, detail: "the barcode is empty; scan it again")
        }
        var scan = try scan(raw)
        if !isSeparated, let last = raw.last, let doubt = lostSeparator(in: last) { scan.doubts.append(doubt) }
        return scan
    }

    /// A GTIN alone, as EAN and UPC symbols carry it.
    func bareGTIN(_ digits: ArraySlice<UInt8>) throws(BarcodeFault) -> Scan {
        guard let identifier = ApplicationIdentifier.named("01") else { throw Self.unknownIdentifier(digits) }
        return try scan([RawElement(identifier: identifier, value: digits).padded()])
    }

    /// Text with brackets about the identifiers, as printed below a symbol.
    static func bracketed(_ symbols: ArraySlice<UInt8>) throws(BarcodeFault) -> [RawElement] {
        var rest = symbols
        var raw: [RawElement] = []
        while !rest.isEmpty {
            guard let closing = closingBracket(rest) else {
                throw BarcodeFault(
                    .badBrackets, at: rest.startIndex + 1,
                    detail: "an application identifier of two to four digits in brackets belongs here")
            }
            let digits = rest[(rest.startIndex + 1)..<closing]
            guard let identifier = ApplicationIdentifier.named(Symbol.text(digits)) else {
                throw unknownIdentifier(digits)
            }
            rest = rest[(closing + 1)...]
            var ending = rest.startIndex
            // Brackets are data too, unless they hold an identifier.
            while ending < rest.endIndex && closingBracket(rest[ending...]) == nil { ending += 1 }
            var value = rest[..<ending]
            if value.last == Symbol.groupSeparator { value = value.dropLast() }
            raw.append(RawElement(identifier: identifier, value: value))
            rest = rest[ending...]
        }
        return raw
    }

    private static func closingBracket(_ symbols: ArraySlice<UInt8>) -> Int? {
        guard symbols.first == UInt8(ascii: "(") else { return nil }
        let digits = symbols.dropFirst().prefix(while: Symbol.isDigit)
        guard (2...4).contains(digits.count), digits.endIndex < symbols.endIndex else { return nil }
        return symbols[digits.endIndex] == UInt8(ascii: ")") ? digits.endIndex : nil
    }

    static func unknownIdentifier(_ symbols: ArraySlice<UInt8>) -> BarcodeFault {
        BarcodeFault(
            .unknownIdentifier, at: symbols.startIndex + 1,
            detail: "no GS1 application identifier begins here; scan the symbol itself, with FNC1 sent as GS")
    }

    /// Checks the elements and takes from them what the clinic asks for.
    func scan(_ raw: [RawElement]) throws(BarcodeFault) -> Scan {
        var scan = Scan(system: .gs1)
        for element in raw {
            try ElementCheck(element: element, currentYear: currentYear).check()
            let digits = element.identifier.digits
            let value = Symbol.text(element.value)
            if let earlier = scan.elements.first(where: { $0.identifier == digits }) {
                if earlier.value == value { continue }
                throw BarcodeFault(
                    .contradiction, at: element.position,
                    detail: "(\(digits)) stands here for the second time with other content; scan one item only")
            }
            scan.elements.append(Scan.Element(identifier: digits, value: value, position: element.position))
        }
        func value(_ digits: String) -> String? { scan.elements.first { $0.identifier == digits }?.value }
        scan.gtin = value("01") ?? value("02") ?? value("03") ?? value("8006").map { String($0.prefix(14)) }
        scan.lot = value("10")
        scan.serial = value("21")
        scan.count = (value("30") ?? value("37")).flatMap { Int($0) }
        scan.expiry = (value("17") ?? value("7003")).flatMap(date)
        scan.productionDate = (value("11") ?? value("8008")).flatMap(date)
        return scan
    }

    private func date(_ value: String) -> ScanDate? {
        Self.date(Array(value.utf8)[...], currentYear: currentYear)
    }

    /// Whether eight digits are one date element.
    func isDateElement(_ digits: ArraySlice<UInt8>) -> Bool {
        ["11", "12", "13", "15", "16", "17"].contains(Symbol.text(digits.prefix(2)))
            && Self.date(digits.dropFirst(2), currentYear: currentYear) != nil
    }

    /// YYMMDD, where day 00 is the last of the month (General Specifications 3.4); what follows is passed over.
    static func date(_ value: ArraySlice<UInt8>, currentYear: Int) -> ScanDate? {
        guard value.count >= 6, let twoDigits = Symbol.number(value.prefix(2)),
            let month = Symbol.number(value.dropFirst(2).prefix(2)), (1...12).contains(month),
            let day = Symbol.number(value.dropFirst(4).prefix(2))
        else { return nil }
        let year = ScanDate.year(twoDigits, near: currentYear)
        return ScanDate(year: year, month: month, day: day == 0 ? ScanDate.days(inMonth: month, of: year) : day)
    }

    /// A last element that itself ends like a date element: then FNC1 may have been lost between the two.
    private func lostSeparator(in element: RawElement) -> BarcodeFault? {
        guard element.identifier.needsSeparator, element.value.count > 8 else { return nil }
        let tail = element.value.suffix(8)
        guard ["11", "15", "17"].contains(Symbol.text(tail.prefix(2))),
            Self.date(tail.dropFirst(2), currentYear: currentYear) != nil
        else { return nil }
        return BarcodeFault(
            .missingSeparator, at: element.place(element.value.count - 8),
            detail: "(\(element.identifier.digits)) may have swallowed a date; set the scanner to send FNC1 as GS")
    }
}
