import HL7

/// HL7 times as the forms write times; what is none, or not precise enough, is left as it stands and so reported.
enum TimeText {
    /// `2026-11-23`.
    static func date(_ part: Part) -> String? {
        guard part.presence == .valued else { return nil }
        return read(part.bytes).flatMap { date($0) } ?? part.raw
    }

    /// The same for a time that stands alone, as in the XML of clinical documents.
    static func date(_ text: String) -> String { read(Array(text.utf8)[...]).flatMap { date($0) } ?? text }

    private static func date(_ time: DateTime) -> String? { time.precision >= .day ? day(time) : nil }

    /// `2026-11-23T08:30:00+01:00`, with the zone that was sent, else the one given.
    static func instant(_ part: Part, zone: Int?, dayIsEnough: Bool) -> String? {
        guard part.presence == .valued else { return nil }
        return instant(part.bytes, zone: zone, dayIsEnough: dayIsEnough) ?? part.raw
    }

    /// The same for a time that stands alone; nil if it is none, or not precise enough.
    static func instant(_ text: String, zone: Int?, dayIsEnough: Bool) -> String? {
        instant(Array(text.utf8)[...], zone: zone, dayIsEnough: dayIsEnough)
    }

    private static func instant(_ bytes: ArraySlice<UInt8>, zone: Int?, dayIsEnough: Bool) -> String? {
        guard let time = read(bytes), time.precision >= .minute || (dayIsEnough && time.precision >= .day) else {
            return nil
        }
        let clock = [time.hour, time.minute, time.second].map { padded($0, 2) }.joined(separator: ":")
        return "\(day(time))T\(clock)\(offset(time.zone ?? zone))"
    }

    private static func read(_ bytes: ArraySlice<UInt8>) -> DateTime? {
        do {
            return try DateTime(bytes)
        } catch {
            return nil
        }
    }

    private static func day(_ time: DateTime) -> String {
        "\(padded(time.year, 4))-\(padded(time.month, 2))-\(padded(time.day, 2))"
    }

    private static func offset(_ zone: Int?) -> String {
        guard let zone else { return "" }
        return (zone < 0 ? "-" : "+") + padded(abs(zone) / 60, 2) + ":" + padded(abs(zone) % 60, 2)
    }

    private static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}

/// HL7 numbers (data type NM) as the forms write numbers.
enum NumberText {
    /// Without a plus, zeros before it, or a fraction of zeros; anything else is left as it stands.
    static func plain(_ text: String) -> String {
        let trimmed = text.trimmed
        let bytes = Array(trimmed.utf8)
        let isSigned = bytes.first == UInt8(ascii: "+") || bytes.first == UInt8(ascii: "-")
        let whole = bytes.dropFirst(isSigned ? 1 : 0).prefix { $0 != UInt8(ascii: ".") }
        let fraction = bytes.dropFirst(whole.endIndex)
        let isNumber =
            !whole.isEmpty && whole.allSatisfy { (0x30...0x39).contains($0) }
            && fraction.dropFirst().allSatisfy { (0x30...0x39).contains($0) } && fraction.count != 1
        guard isNumber else { return trimmed }
        var digits = whole.drop { $0 == 0x30 }
        if digits.isEmpty { digits = [0x30] }
        let sign: ArraySlice<UInt8> = bytes.first == UInt8(ascii: "-") ? [UInt8(ascii: "-")] : []
        let isWhole = fraction.dropFirst().allSatisfy { $0 == 0x30 }
        return String(decoding: sign + digits + (isWhole ? [] : Array(fraction)), as: UTF8.self)
    }
}
