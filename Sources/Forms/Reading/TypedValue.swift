import Clinic

/// Reads the text of one field as its definition wants it.
///
/// Fixed shapes only: no locale, no guessing.
struct TypedValue {
    let zone: ZoneRules
    let currency: Currency
    /// A telephone number must show by its + or 0 that no spreadsheet has taken its beginning.
    var isTableRow = false

    /// The value, or nil when the text does not have the form of the type.
    func read(_ text: String, as type: FieldType) -> Value? {
        switch type {
        case .text(let limit):
            return text.unicodeScalars.count <= limit && isPlain(text) ? .text(text) : nil
        case .barcode:
            return text.unicodeScalars.count <= 400 ? .text(text) : nil
        case .identifier:
            let bytes = text.utf8
            guard bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }), bytes.count <= 80, bytes.first != 0x20,
                bytes.last != 0x20
            else { return nil }
            return .text(text)
        case .date:
            return CalendarDate(text).map { .date($0) }
        case .instant:
            return Instant(text, zone: zone).flatMap { $0.isPlausible ? .instant($0) : nil }
        case .money:
            return currency.amount(text).map { .money($0) }
        case .integer(let range):
            return integer(text).flatMap { range.contains($0) ? .integer($0) : nil }
        case .flag:
            return flag(text).map { .flag($0) }
        case .code(let codes):
            return code(text, of: codes).map { .text($0) }
        case .list(let limit):
            let items = TypedValue.items(text)
            return items.allSatisfy { $0.unicodeScalars.count <= limit && isPlain($0) } ? .list(items) : nil
        case .codes(let codes):
            let items = TypedValue.items(text)
            let known = items.compactMap { code($0, of: codes) }
            return known.count == items.count ? .list(known) : nil
        case .email:
            return isEmail(text) ? .text(text) : nil
        case .phone:
            return isPhone(text) ? .text(text) : nil
        case .secret:
            return (1...72).contains(text.utf8.count) && !text.utf8.contains(0) ? .text(text) : nil
        }
    }

    /// No control characters but tab and line ends.
    private func isPlain(_ text: String) -> Bool {
        text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D }
    }

    /// Digits with an optional minus: no plus, no blanks, no separators.
    private func integer(_ text: String) -> Int? {
        let negative = text.utf8.first == UInt8(ascii: "-")
        return Digits.value(of: negative ? text.utf8.dropFirst() : text.utf8[...]).map { negative ? -$0 : $0 }
    }

    private func flag(_ text: String) -> Bool? {
        switch text.lowercased() {
        case "y", "yes", "true", "1": true
        case "n", "no", "false", "0": false
        default: nil
        }
    }

    private func code(_ text: String, of codes: [String]) -> String? {
        let upper = text.uppercased()
        return codes.first { $0 == upper }
    }

    /// The items of a list that stands in one text.
    static func items(_ text: String) -> [String] {
        text.utf8.split(separator: UInt8(ascii: ";"))
            .map { item in
                let blank = UInt8(ascii: " ")
                let trimmed = item.drop { $0 == blank }.reversed().drop { $0 == blank }.reversed()
                return String(decoding: trimmed, as: UTF8.self)
            }
            .filter { !$0.isEmpty }
    }

    /// One `@`, something before it, a dotted name after it, nothing that a header or a shell could trip over.
    private func isEmail(_ text: String) -> Bool {
        let parts = text.utf8.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
        guard parts.count == 2, text.utf8.count <= 254, let name = parts.first, let host = parts.last else {
            return false
        }
        let labels = host.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        let forbidden = Set(" \t\"(),:;<>[\\]".utf8)
        return !name.isEmpty && labels.count >= 2 && labels.allSatisfy { !$0.isEmpty }
            && text.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F && !forbidden.contains($0) }
    }

    /// Digits with the marks people write between them.
    ///
    /// A leading + or 0 shows that a spreadsheet has not eaten it.
    private func isPhone(_ text: String) -> Bool {
        let digits = text.utf8.filter { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
        let marks = Set("+ ()-./".utf8)
        guard (6...20).contains(digits.count), text.utf8.allSatisfy({ digits.contains($0) || marks.contains($0) })
        else {
            return false
        }
        let first = text.utf8.first { $0 != UInt8(ascii: "(") && $0 != UInt8(ascii: " ") }
        return !isTableRow || first == UInt8(ascii: "+") || first == UInt8(ascii: "0")
    }
}

/// What a value looks like, without telling it.
package enum ValueShape {
    package static func describe(_ text: String) -> String {
        let scalars = text.unicodeScalars
        let digits = scalars.count { ("0"..."9").contains($0) }
        let letters = scalars.count { $0.properties.isAlphabetic }
        let others = scalars.count - digits - letters
        if scalars.isEmpty { return "empty" }
        if others == 0, letters == 0 { return count(digits, "digit") }
        if others == 0, digits == 0 { return count(letters, "letter") }
        let parts = [(letters, "letter"), (digits, "digit"), (others, "other character")]
        return parts.filter { $0.0 > 0 }.map { count($0.0, $0.1) }.joined(separator: ", ")
    }

    private static func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }
}
