/// Checks the content of one element against its identifier: length, characters, dates, check digit.
struct ElementCheck {
    let element: RawElement
    let currentYear: Int

    /// Where a key with a check digit lies in the content: its length from the front.
    private static let keyLengths: [String: Int] = [
        "00": 18, "01": 14, "02": 14, "03": 14, "253": 13, "255": 13, "402": 17, "410": 13, "411": 13, "412": 13,
        "413": 13, "414": 13, "415": 13, "416": 13, "417": 13, "8003": 14, "8006": 14, "8017": 18, "8018": 18,
        "8026": 14,
    ]

    /// The identifiers whose content begins with YYMMDD.
    private static let dates: Set<String> = [
        "11", "12", "13", "15", "16", "17", "4324", "4325", "4326", "7003", "7006", "7007", "7011", "8008",
    ]

    private var digits: String { element.identifier.digits }

    func check() throws(BarcodeFault) {
        try checkLength()
        try checkCharacters()
        if Self.dates.contains(digits), GS1Parser.date(element.value, currentYear: currentYear) == nil {
            throw BarcodeFault(
                .badDate, at: element.position, detail: "(\(digits)) is no date; it is year, month, day: YYMMDD")
        }
        if let length = Self.keyLengths[digits], !CheckDigit.isValid(Array(element.value.prefix(length))) {
            throw BarcodeFault(
                .checkDigit, at: element.place(length - 1),
                detail: "the check digit of (\(digits)) is wrong, so a digit was misread; scan it again")
        }
        if let rule = ContentRule.rules[digits], let offset = rule.firstMisfit(element.value, currentYear: currentYear)
        {
            let kind: BarcodeFault.Kind = rule.isCheck ? .checkDigit : .badContent
            throw BarcodeFault(kind, at: element.place(offset), detail: "(\(digits)) \(rule.statement); scan it again")
        }
    }

    private func checkLength() throws(BarcodeFault) {
        let identifier = element.identifier
        let count = element.value.count
        if count < identifier.minimumLength {
            throw BarcodeFault(
                .tooShort, at: element.place(count),
                detail: "(\(digits)) has \(identifier.format), but \(count) characters are here; scan it again")
        }
        guard count > identifier.maximumLength else { return }
        let isVariable = identifier.minimumLength < identifier.maximumLength
        throw BarcodeFault(
            isVariable ? .missingSeparator : .tooLong, at: element.place(identifier.maximumLength),
            detail: "(\(digits)) has at most \(identifier.maximumLength) characters and nothing ends it; "
                + "set the scanner to send FNC1 as GS")
    }

    private func checkCharacters() throws(BarcodeFault) {
        var left = element.value
        for (index, component) in element.identifier.components.enumerated() {
            // Optional characters go to the front components as far as they reach.
            let later = element.identifier.components.dropFirst(index + 1).reduce(0) { $0 + $1.minimum }
            let length = min(component.maximum, left.count - later)
            for (offset, byte) in left.prefix(length).enumerated() where !component.charset.contains(byte) {
                throw BarcodeFault(
                    .badCharacter, at: element.place(left.startIndex - element.value.startIndex + offset),
                    detail: "(\(digits)) has the format \(element.identifier.format), in which this character "
                        + "has no place; scan it again")
            }
            left = left.dropFirst(length)
        }
    }
}
