/// What the content of an element must say beyond its length and characters (General Specifications section 3).
struct ContentRule: Sendable {
    /// What is expected, to be read after the identifier.
    let statement: String
    /// Whether a misfit is a misread, told by a check character.
    var isCheck = false
    /// The offset of the first character that does not fit, or nil.
    let misfit: @Sendable (_ content: [UInt8], _ currentYear: Int) -> Int?

    func firstMisfit(_ content: ArraySlice<UInt8>, currentYear: Int) -> Int? {
        misfit(Array(content), currentYear)
    }

    /// The rules by identifier.
    static let rules: [String: ContentRule] = {
        var rules: [String: ContentRule] = [
            "7003": hour(at: 6), "4324": laterHour, "4325": laterHour, "7011": testTime, "7007": harvest,
            "8008": productionTime, "7250": birthDate, "7251": birthTime, "7252": sex, "7258": sequence,
            "8001": dimensions, "8003": leadingZero, "8006": piece, "8026": piece, "8007": iban, "8011": plainNumber,
            "8013": model, "7040": importer, "7241": medium, "4307": country, "4317": country, "4309": coordinates,
            "423": countries, "425": countries,
        ]
        for digits in ["4321", "4322", "4323"] { rules[digits] = yesOrNo }
        for digits in ["4330", "4331", "4332", "4333"] { rules[digits] = temperature }
        for digits in ["422", "424", "426", "421"] { rules[digits] = numberInFront("begins with a country's number") }
        for decimals in 0...9 {
            rules["391\(decimals)"] = numberInFront("begins with a currency's number")
            rules["393\(decimals)"] = numberInFront("begins with a currency's number")
        }
        return rules
    }()

    private static func number(_ content: [UInt8], _ range: Range<Int>) -> Int? {
        guard range.upperBound <= content.count else { return nil }
        return Symbol.number(content[range])
    }

    /// An hour and minutes at an offset.
    private static func hour(at offset: Int) -> ContentRule {
        ContentRule(statement: "has an hour and minutes that no clock shows") { content, _ in
            clockMisfit(content, at: offset)
        }
    }

    private static func clockMisfit(_ content: [UInt8], at offset: Int) -> Int? {
        guard let hour = number(content, offset..<(offset + 2)), hour < 24 else { return offset }
        guard let minute = number(content, (offset + 2)..<(offset + 4)), minute < 60 else { return offset + 2 }
        return nil
    }

    /// Delivery times may leave the clock open with 9999.
    private static let laterHour = ContentRule(statement: "has an hour and minutes that no clock shows") { content, _ in
        content.suffix(4).elementsEqual("9999".utf8) ? nil : clockMisfit(content, at: 6)
    }

    private static let testTime = ContentRule(statement: "is a date, and an hour with minutes or none") { content, _ in
        content.count == 6 ? nil : content.count == 10 ? clockMisfit(content, at: 6) : content.count
    }

    private static let harvest = ContentRule(statement: "is one date or a first and a last") { content, year in
        guard content.count != 6 else { return nil }
        guard content.count == 12 else { return content.count }
        return GS1Parser.date(content[6...], currentYear: year) == nil ? 6 : nil
    }

    private static let productionTime = ContentRule(
        statement: "is a date and an hour, with minutes, with seconds or none"
    ) { content, _ in
        guard let hour = number(content, 6..<8), hour < 24 else { return 6 }
        guard content.count.isMultiple(of: 2) else { return content.count }
        for offset in stride(from: 8, to: content.count, by: 2) {
            guard let part = number(content, offset..<(offset + 2)), part < 60 else { return offset }
        }
        return nil
    }

    private static let birthDate = ContentRule(statement: "is no date; it is YYYYMMDD") { content, _ in
        dateMisfit(content)
    }

    private static let birthTime = ContentRule(statement: "is no date and time; it is YYYYMMDDhhmm") { content, _ in
        dateMisfit(content) ?? clockMisfit(content, at: 8)
    }

    private static func dateMisfit(_ content: [UInt8]) -> Int? {
        guard let year = number(content, 0..<4), let month = number(content, 4..<6), let day = number(content, 6..<8),
            ScanDate(year: year, month: month, day: day) != nil
        else { return 0 }
        return nil
    }

    private static let sex = ContentRule(statement: "is 0, 1, 2 or 9 (ISO/IEC 5218)") { content, _ in
        content.count == 1 && "0129".utf8.contains(content[0]) ? nil : 0
    }

    private static let sequence = ContentRule(statement: "is a number, a slash and the total") { content, _ in
        guard content.count == 3, content[1] == UInt8(ascii: "/") else { return 1 }
        return content[0] >= UInt8(ascii: "1") && content[0] <= content[2] ? nil : 0
    }

    private static let dimensions = ContentRule(
        statement: "is width, length, core diameter, winding and splices"
    ) { content, _ in
        for (start, end) in [(0, 4), (4, 9), (9, 12)] where number(content, start..<end) == 0 { return start }
        return content.count > 12 && "019".utf8.contains(content[12]) ? nil : 12
    }

    private static let leadingZero = ContentRule(statement: "begins with a zero") { content, _ in
        content.first == UInt8(ascii: "0") ? nil : 0
    }

    private static let piece = ContentRule(statement: "ends with a piece's number and their total") { content, _ in
        guard let piece = number(content, 14..<16), piece > 0 else { return 14 }
        guard let total = number(content, 16..<18), total > 0 else { return 16 }
        return piece <= total ? nil : 14
    }

    private static let plainNumber = ContentRule(statement: "has no zero in front") { content, _ in
        content.count > 1 && content.first == UInt8(ascii: "0") ? 0 : nil
    }

    private static let yesOrNo = ContentRule(statement: "is 0 or 1") { content, _ in
        content == [0x30] || content == [0x31] ? nil : 0
    }

    private static let temperature = ContentRule(statement: "ends with a hyphen or nothing") { content, _ in
        content.count == 6 || content.last == UInt8(ascii: "-") ? nil : 6
    }

    private static let country = ContentRule(statement: "is a country's two letters") { content, _ in
        content.firstIndex { !(0x41...0x5A).contains($0) }
    }

    private static let countries = ContentRule(statement: "is a list of countries' numbers of three digits") {
        content, _ in
        content.count.isMultiple(of: 3) ? nil : content.count
    }

    private static func numberInFront(_ statement: String) -> ContentRule {
        ContentRule(statement: statement) { content, _ in
            number(content, 0..<3) == 0 ? 0 : nil
        }
    }

    private static let coordinates = ContentRule(statement: "is a latitude and a longitude") { content, _ in
        guard let latitude = number(content, 0..<10), latitude <= 1_800_000_000 else { return 0 }
        guard let longitude = number(content, 10..<20), longitude <= 3_600_000_000 else { return 10 }
        return nil
    }

    private static let medium = ContentRule(statement: "is a medium from 01 to 10 or from 80 to 99") { content, _ in
        guard let medium = number(content, 0..<2) else { return 0 }
        return (1...10).contains(medium) || (80...99).contains(medium) ? nil : 0
    }

    private static let importer = ContentRule(statement: "ends with an importer's letter, digit, - or _") {
        content, _ in
        guard let last = content.last else { return 0 }
        let isIndex = Symbol.isInCharset64(last) && last != UInt8(ascii: "=")
        return isIndex ? nil : content.count - 1
    }

    /// ISO 13616: the first four characters to the end, letters as 10 to 35, modulo 97 is 1.
    private static let iban = ContentRule(statement: "has a wrong check number", isCheck: true) { content, _ in
        guard content.count > 4 else { return 0 }
        var rest = 0
        for (place, byte) in (content[4...] + content[..<4]).enumerated() {
            let offset = (place + 4) % content.count
            switch byte {
            case 0x30...0x39: rest = (rest * 10 + Int(byte - 0x30)) % 97
            case 0x41...0x5A: rest = (rest * 100 + Int(byte - 0x41) + 10) % 97
            default: return offset
            }
        }
        return rest == 1 ? nil : 2
    }

    /// The check character pair of alphanumeric keys (General Specifications 7.9.5).
    private static let model = ContentRule(statement: "has a wrong check pair", isCheck: true) { content, _ in
        CheckPair.isValid(content) ? nil : max(0, content.count - 2)
    }
}

/// The check character pair of alphanumeric GS1 keys (General Specifications 7.9.5): weights are primes from the
/// right, modulo 1021.
public enum CheckPair {
    private static let primes = [
        2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83,
    ]
    private static let values = Array(
        "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz".utf8)
    private static let checks = Array("23456789ABCDEFGHJKLMNPQRSTUVWXYZ".utf8)

    /// The pair for a key without one; nil when it is too long or a character has no value.
    public static func pair(for body: String) -> String? {
        pair(for: Array(body.utf8)).map { String(decoding: $0, as: UTF8.self) }
    }

    /// Whether a key ends with its check pair.
    public static func isValid(_ key: String) -> Bool {
        isValid(Array(key.utf8))
    }

    static func isValid(_ key: [UInt8]) -> Bool {
        key.count > 2 && pair(for: Array(key.dropLast(2))) == Array(key.suffix(2))
    }

    private static func pair(for body: [UInt8]) -> [UInt8]? {
        guard body.count <= primes.count else { return nil }
        var sum = 0
        for (byte, prime) in zip(body.reversed(), primes) {
            guard let value = values.firstIndex(of: byte) else { return nil }
            sum += value * prime
        }
        sum %= 1021
        return [checks[sum >> 5], checks[sum & 31]]
    }
}
