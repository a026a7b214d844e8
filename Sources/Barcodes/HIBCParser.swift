/// Reads barcodes of the Health Industry Bar Code supplier labeling standard (ANSI/HIBC 2).
struct HIBCParser {
    let currentYear: Int

    /// Barcode = "+" (primary / secondary / primary "/" secondary) *("/" supplement) check.
    func scan(_ symbols: ArraySlice<UInt8>) throws(BarcodeFault) -> Scan {
        for (index, byte) in zip(symbols.indices, symbols) where HIBC.value(of: byte) == nil {
            throw BarcodeFault(
                .badCharacter, at: index + 1, detail: "this character has no place in a HIBC barcode; scan it again")
        }
        guard symbols.count >= 4, let check = symbols.last else {
            throw BarcodeFault(
                .tooShort, at: symbols.endIndex + 1, detail: "the HIBC barcode is cut off; scan it again")
        }
        guard HIBC.checkCharacter(for: symbols.dropLast()) == check else {
            throw BarcodeFault(
                .checkDigit, at: symbols.endIndex,
                detail: "the check character is wrong, so a character was misread; scan it again")
        }
        var scan = Scan(system: .hibc)
        let body = symbols.dropFirst().dropLast()
        guard let first = body.first else { throw cutOff(body) }
        if first == UInt8(ascii: "$") || Symbol.isDigit(first) {
            guard let link = body.last, body.count > 1 else { throw cutOff(body) }
            scan.link = Character(Unicode.Scalar(link))
            try readSecondary(body.dropLast(), into: &scan)
        } else {
            let parts = body.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
            try readPrimary(parts[0], into: &scan)
            scan.checkCharacter = Character(Unicode.Scalar(check))
            for part in parts.dropFirst() { try readSecondary(part, into: &scan) }
        }
        return scan
    }

    /// Primary = labeler (a letter and three more) product (1 to 18) unit of measure.
    private func readPrimary(_ symbols: ArraySlice<UInt8>, into scan: inout Scan) throws(BarcodeFault) {
        guard symbols.count >= 6 else { throw cutOff(symbols) }
        guard symbols.count <= 23 else {
            throw BarcodeFault(
                .tooLong, at: symbols.startIndex + 24,
                detail: "a product number has at most 18 characters; scan it again")
        }
        for (index, byte) in zip(symbols.indices, symbols) {
            let isLetter = (0x41...0x5A).contains(byte)
            if index == symbols.startIndex ? !isLetter : !isLetter && !Symbol.isDigit(byte) {
                throw BarcodeFault(
                    .badCharacter, at: index + 1,
                    detail: "labeler and product are capitals and digits, the labeler's first a capital")
            }
        }
        guard let unit = Symbol.number(symbols.suffix(1)) else {
            throw BarcodeFault(
                .badCharacter, at: symbols.endIndex, detail: "the unit of measure is a digit; scan it again")
        }
        scan.labeler = Symbol.text(symbols.prefix(4))
        scan.product = Symbol.text(symbols.dropFirst(4).dropLast())
        scan.unitOfMeasure = unit
        try append("LIC", symbols.prefix(4), to: &scan)
        try append("PCN", symbols.dropFirst(4).dropLast(), to: &scan)
        try append("UM", symbols.suffix(1), to: &scan)
    }

    /// Secondary = "$$" ["+"] [quantity] date lot / "$" ["+"] lot / YYJJJ lot / supplement.
    private func readSecondary(_ symbols: ArraySlice<UInt8>, into scan: inout Scan) throws(BarcodeFault) {
        let dollar = UInt8(ascii: "$")
        guard let first = symbols.first else { throw cutOff(symbols) }
        if first != dollar {
            if try readSupplement(symbols, into: &scan) { return }
            guard symbols.count >= 5, Symbol.number(symbols.prefix(5)) != nil else {
                throw BarcodeFault(
                    .unknownIdentifier, at: symbols.startIndex + 1, detail: "no HIBC data identifier begins here")
            }
            let rest = try readDate(symbols, format: .yearAndDay, into: &scan)
            return try readLot(rest, isSerial: false, into: &scan)
        }
        var rest = symbols.dropFirst()
        let isDated = rest.first == dollar
        if isDated { rest = rest.dropFirst() }
        let isSerial = rest.first == UInt8(ascii: "+")
        if isSerial { rest = rest.dropFirst() }
        if isDated {
            rest = try readQuantity(rest, into: &scan)
            rest = try readFlaggedDate(rest, into: &scan)
        }
        try readLot(rest, isSerial: isSerial, into: &scan)
    }

    /// Quantity = "8" 2 digits / "9" 5 digits, in front of the date.
    private func readQuantity(_ symbols: ArraySlice<UInt8>, into scan: inout Scan) throws(BarcodeFault)
        -> ArraySlice<UInt8>
    {
        let length: Int
        switch symbols.first {
        case UInt8(ascii: "8"): length = 2
        case UInt8(ascii: "9"): length = 5
        default: return symbols
        }
        let digits = symbols.dropFirst().prefix(length)
        guard digits.count == length, let count = Symbol.number(digits) else {
            throw BarcodeFault(
                .badCharacter, at: symbols.startIndex + 2, detail: "a quantity of \(length) digits belongs here")
        }
        try set(\.count, count, at: digits, in: &scan)
        try append("QTY", digits, to: &scan)
        return symbols.dropFirst(1 + length)
    }

    /// Date = MMYY / "2" MMDDYY / "3" YYMMDD / "4" YYMMDDHH / "5" YYJJJ / "6" YYJJJHH / "7".
    private func readFlaggedDate(_ symbols: ArraySlice<UInt8>, into scan: inout Scan) throws(BarcodeFault)
        -> ArraySlice<UInt8>
    {
        switch symbols.first {
        case nil: return symbols
        case UInt8(ascii: "0"), UInt8(ascii: "1"): return try readDate(symbols, format: .monthYear, into: &scan)
        case UInt8(ascii: "2"): return try readDate(symbols.dropFirst(), format: .monthDayYear, into: &scan)
        case UInt8(ascii: "3"): return try readDate(symbols.dropFirst(), format: .yearMonthDay, into: &scan)
        case UInt8(ascii: "4"): return try readDate(symbols.dropFirst(), format: .yearMonthDayHour, into: &scan)
        case UInt8(ascii: "5"): return try readDate(symbols.dropFirst(), format: .yearAndDay, into: &scan)
        case UInt8(ascii: "6"): return try readDate(symbols.dropFirst(), format: .yearAndDayHour, into: &scan)
        case UInt8(ascii: "7"): return symbols.dropFirst()
        default:
            throw BarcodeFault(
                .badDate, at: symbols.startIndex + 1, detail: "a HIBC date begins with a digit from 0 to 7")
        }
    }

    private func readDate(_ symbols: ArraySlice<UInt8>, format: HIBCDate, into scan: inout Scan) throws(BarcodeFault)
        -> ArraySlice<UInt8>
    {
        let digits = symbols.prefix(format.length)
        guard digits.count == format.length, let date = format.date(digits, currentYear: currentYear) else {
            throw BarcodeFault(
                .badDate, at: symbols.startIndex + 1,
                detail: "these characters are no date of the form \(format.rawValue); scan it again")
        }
        try set(\.expiry, date, at: digits, in: &scan)
        try append("EXP", digits, to: &scan)
        return symbols.dropFirst(format.length)
    }

    private func readLot(_ symbols: ArraySlice<UInt8>, isSerial: Bool, into scan: inout Scan) throws(BarcodeFault) {
        guard !symbols.isEmpty else { return }
        guard symbols.count <= 18 else {
            throw BarcodeFault(
                .tooLong, at: symbols.startIndex + 19, detail: "a lot or serial number has at most 18 characters")
        }
        if let slash = symbols.firstIndex(of: UInt8(ascii: "/")) {
            throw BarcodeFault(.badCharacter, at: slash + 1, detail: "a / has no place in a lot or serial number")
        }
        try set(isSerial ? \.serial : \.lot, Symbol.text(symbols), at: symbols, in: &scan)
        try append(isSerial ? "SN" : "LOT", symbols, to: &scan)
    }

    /// Supplement = "S" serial / "14D" expiration / "16D" production / "Q" quantity; false when it is none of these.
    private func readSupplement(_ symbols: ArraySlice<UInt8>, into scan: inout Scan) throws(BarcodeFault) -> Bool {
        if symbols.first == UInt8(ascii: "S") {
            guard symbols.count > 1 else { throw cutOff(symbols) }
            try readLot(symbols.dropFirst(), isSerial: true, into: &scan)
            return true
        }
        if symbols.first == UInt8(ascii: "Q") {
            let digits = symbols.dropFirst()
            guard let count = Symbol.number(digits) else {
                throw BarcodeFault(.badCharacter, at: symbols.startIndex + 2, detail: "a quantity belongs here")
            }
            try set(\.count, count, at: digits, in: &scan)
            try append("QTY", digits, to: &scan)
            return true
        }
        let prefix = Symbol.text(symbols.prefix(3))
        guard prefix == "14D" || prefix == "16D" else { return false }
        let digits = symbols.dropFirst(3)
        guard digits.count == 8, let year = Symbol.number(digits.prefix(4)),
            let month = Symbol.number(digits.dropFirst(4).prefix(2)), let day = Symbol.number(digits.suffix(2)),
            let date = ScanDate(year: year, month: month, day: day)
        else {
            throw BarcodeFault(.badDate, at: symbols.startIndex + 4, detail: "a date YYYYMMDD belongs here")
        }
        try set(prefix == "14D" ? \.expiry : \.productionDate, date, at: digits, in: &scan)
        try append(prefix, digits, to: &scan)
        return true
    }

    private func set<Value: Equatable>(
        _ field: WritableKeyPath<Scan, Value?>, _ value: Value, at symbols: ArraySlice<UInt8>, in scan: inout Scan
    ) throws(BarcodeFault) {
        if let earlier = scan[keyPath: field], earlier != value {
            throw BarcodeFault(
                .contradiction, at: symbols.startIndex + 1,
                detail: "this contradicts what stands earlier in the barcode; scan one item only")
        }
        scan[keyPath: field] = value
    }

    private func append(_ identifier: String, _ value: ArraySlice<UInt8>, to scan: inout Scan) throws(BarcodeFault) {
        scan.elements.append(
            Scan.Element(identifier: identifier, value: Symbol.text(value), position: value.startIndex + 1))
    }

    private func cutOff(_ symbols: ArraySlice<UInt8>) -> BarcodeFault {
        BarcodeFault(.tooShort, at: symbols.endIndex + 1, detail: "the HIBC barcode is cut off here; scan it again")
    }
}

/// The date formats of HIBC secondary data.
enum HIBCDate: String {
    case monthYear = "MMYY"
    case monthDayYear = "MMDDYY"
    case yearMonthDay = "YYMMDD"
    case yearMonthDayHour = "YYMMDDHH"
    case yearAndDay = "YYJJJ"
    case yearAndDayHour = "YYJJJHH"

    var length: Int { rawValue.utf8.count }

    /// The date the digits say; MMYY means the month's last day.
    func date(_ digits: ArraySlice<UInt8>, currentYear: Int) -> ScanDate? {
        func part(_ letters: String) -> Int? {
            guard let range = rawValue.firstRange(of: letters) else { return nil }
            let start = rawValue.utf8.distance(from: rawValue.startIndex, to: range.lowerBound)
            return Symbol.number(digits.dropFirst(start).prefix(letters.utf8.count))
        }
        guard let twoDigits = part("YY") else { return nil }
        if rawValue.hasSuffix("HH") {
            guard let hour = part("HH"), hour < 24 else { return nil }
        }
        let year = ScanDate.year(twoDigits, near: currentYear)
        switch self {
        case .yearAndDay, .yearAndDayHour:
            return part("JJJ").flatMap { ScanDate(year: year, dayOfYear: $0) }
        case .monthYear:
            return part("MM").flatMap {
                ScanDate(year: year, month: $0, day: ScanDate.days(inMonth: $0, of: year))
            }
        case .monthDayYear, .yearMonthDay, .yearMonthDayHour:
            guard let month = part("MM"), let day = part("DD") else { return nil }
            return ScanDate(year: year, month: month, day: day)
        }
    }
}
