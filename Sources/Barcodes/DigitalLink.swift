/// Reads GS1 Digital Link addresses: `https://id.gs1.org/01/09521234543213/10/ABC?17=261231`.
enum DigitalLink {
    /// The keys a path may begin with.
    private static let primaryKeys: Set<String> = [
        "00", "01", "253", "255", "401", "402", "414", "417", "8003", "8004", "8006", "8010", "8013", "8017", "8018",
    ]

    static func isLink(_ symbols: ArraySlice<UInt8>) -> Bool {
        let start = Symbol.text(symbols.prefix(8)).lowercased()
        return start.hasPrefix("http://") || start == "https://"
    }

    /// The elements of the path from its primary key on, then those of the query.
    static func elements(_ symbols: ArraySlice<UInt8>) throws(BarcodeFault) -> [RawElement] {
        let whole = symbols.prefix { $0 != UInt8(ascii: "#") }
        let address = whole.prefix { $0 != UInt8(ascii: "?") }
        // Scheme, nothing, host, then the path.
        let segments = address.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).dropFirst(3)
        guard let start = segments.indices.first(where: { primaryKeys.contains(Symbol.text(segments[$0])) }) else {
            throw BarcodeFault(
                .badLink, at: symbols.startIndex + 1,
                detail: "the address names no GS1 key; a Digital Link has one in its path, such as /01/ and a GTIN")
        }
        var raw: [RawElement] = []
        var path = segments[start...]
        if path.last?.isEmpty == true { path = path.dropLast() }
        while let key = path.popFirst() {
            guard let value = path.popFirst() else {
                throw BarcodeFault(
                    .badLink, at: key.endIndex + 1, detail: "the last key of the path has no content after it")
            }
            raw.append(try element(key, value))
        }
        for pair in whole[address.endIndex...].dropFirst().split(whereSeparator: isQuerySeparator) {
            let key = pair.prefix { $0 != UInt8(ascii: "=") }
            // Keys that are no numbers are the resolver's business.
            guard !key.isEmpty, key.allSatisfy(Symbol.isDigit) else { continue }
            raw.append(try element(key, pair[key.endIndex...].dropFirst()))
        }
        return raw
    }

    private static func isQuerySeparator(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "&") || byte == UInt8(ascii: ";")
    }

    private static func element(_ key: ArraySlice<UInt8>, _ value: ArraySlice<UInt8>) throws(BarcodeFault)
        -> RawElement
    {
        guard let identifier = ApplicationIdentifier.named(Symbol.text(key)) else {
            throw GS1Parser.unknownIdentifier(key)
        }
        let element = try decoded(value, of: identifier)
        return identifier.digits == "01" && GTIN.isLength(element.value.count) ? element.padded() : element
    }

    private static func decoded(
        _ value: ArraySlice<UInt8>, of identifier: ApplicationIdentifier
    ) throws(BarcodeFault) -> RawElement {
        var content: [UInt8] = []
        var places: [Int] = []
        var rest = value
        while let byte = rest.popFirst() {
            places.append(rest.startIndex)
            guard byte == UInt8(ascii: "%") else {
                content.append(byte)
                continue
            }
            guard let high = hexDigit(rest.popFirst()), let low = hexDigit(rest.popFirst()) else {
                throw BarcodeFault(
                    .badLink, at: rest.startIndex, detail: "two hexadecimal digits must follow a % in an address")
            }
            content.append(high << 4 | low)
        }
        places.append(value.endIndex + 1)
        return RawElement(identifier: identifier, decoded: content, places: places)
    }

    private static func hexDigit(_ byte: UInt8?) -> UInt8? {
        switch byte {
        case .some(let byte) where Symbol.isDigit(byte): byte - 0x30
        case .some(let byte) where (0x41...0x46).contains(byte): byte - 0x37
        case .some(let byte) where (0x61...0x66).contains(byte): byte - 0x57
        default: nil
        }
    }
}
