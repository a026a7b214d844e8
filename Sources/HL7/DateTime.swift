/// A date and time as HL7 writes it (data types DTM, TS.1, DT), with the precision and the zone that were sent.
///
/// `YYYY[MM[DD[HH[MM[SS[.S…]]]]]][+/-ZZZZ]`, read strictly: what is no date of the calendar is refused.
public struct DateTime: Hashable, Sendable, CustomStringConvertible {
    /// How much of it is known.
    public enum Precision: Int, Comparable, Hashable, Sendable {
        /// `YYYY`.
        case year
        /// `YYYYMM`.
        case month
        /// `YYYYMMDD`.
        case day
        /// `YYYYMMDDHH`.
        case hour
        /// `YYYYMMDDHHMM`.
        case minute
        /// `YYYYMMDDHHMMSS`.
        case second
        /// `YYYYMMDDHHMMSS.S`.
        case fraction

        /// A year is less precise than a month.
        public static func < (left: Precision, right: Precision) -> Bool { left.rawValue < right.rawValue }
    }

    /// Why a text is no date and time.
    public struct Fault: Error, Hashable, Sendable, CustomStringConvertible {
        /// The byte, counted from the start of the text, at which it shows.
        public let offset: Int
        /// The fault for people.
        public let reason: String
        /// The fault for people.
        public var description: String { reason }
    }

    /// How much of it is known; what is not is 1 for month and day, 0 for the rest.
    public let precision: Precision
    /// 1 to 9999.
    public let year: Int
    /// 1 to 12.
    public let month: Int
    /// 1 to 31.
    public let day: Int
    /// 0 to 23.
    public let hour: Int
    /// 0 to 59.
    public let minute: Int
    /// 0 to 59.
    public let second: Int
    /// 0 to 999,999,999.
    public let nanosecond: Int
    /// Number of digits after the point that were sent.
    public let fractionDigits: Int
    /// Minutes east of UTC; `nil` when no zone was sent, and then MSH-7's applies.
    public let zone: Int?

    /// Reads the characters of one value.
    public init(_ text: String) throws(Fault) {
        try self.init(Array(text.utf8)[...])
    }

    /// Reads the bytes of one value.
    public init(_ bytes: ArraySlice<UInt8>) throws(Fault) {
        var digits = DigitReader(bytes: bytes)
        var parts = [0, 1, 1, 0, 0, 0]
        var precision = Precision.year
        parts[0] = try digits.number(4, in: 1...9999, "year")
        let fields: [(Precision, ClosedRange<Int>, String)] = [
            (.month, 1...12, "month"), (.day, 1...31, "day"), (.hour, 0...23, "hour"), (.minute, 0...59, "minute"),
            (.second, 0...59, "second"),
        ]
        for (next, range, name) in fields where digits.hasDigit {
            parts[next.rawValue] = try digits.number(2, in: range, name)
            precision = next
            if next == .day, parts[2] > Self.days(inMonth: parts[1], of: parts[0]) {
                throw Fault(offset: 6, reason: "there is no day \(parts[2]) in month \(parts[1]) of \(parts[0])")
            }
        }
        var (nanosecond, fractionDigits) = (0, 0)
        if precision == .second, digits.take(".") {
            (nanosecond, fractionDigits) = try digits.fraction()
            precision = .fraction
        }
        zone = try digits.zone()
        guard digits.isAtEnd else {
            throw Fault(offset: digits.offset, reason: "not of the form YYYY[MM[DD[HH[MM[SS[.S]]]]]][+/-ZZZZ]")
        }
        self.precision = precision
        (year, month, day) = (parts[0], parts[1], parts[2])
        (hour, minute, second) = (parts[3], parts[4], parts[5])
        self.nanosecond = nanosecond
        self.fractionDigits = fractionDigits
    }

    /// A time to the second; `nil` when it is none of the calendar.
    public init?(
        year: Int, month: Int, day: Int, hour: Int, minute: Int, second: Int = 0, zone: Int? = nil
    ) {
        guard (1...9999).contains(year), (1...12).contains(month),
            (1...Self.days(inMonth: month, of: year)).contains(day), (0...23).contains(hour),
            (0...59).contains(minute), (0...59).contains(second), (-14 * 60...14 * 60).contains(zone ?? 0)
        else { return nil }
        precision = .second
        (self.year, self.month, self.day) = (year, month, day)
        (self.hour, self.minute, self.second) = (hour, minute, second)
        (nanosecond, fractionDigits) = (0, 0)
        self.zone = zone
    }

    static func days(inMonth month: Int, of year: Int) -> Int {
        switch month {
        case 2: year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400)) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// As HL7 writes it, with the precision and the zone that it has.
    public var description: String {
        var text = Self.padded(year, 4)
        let parts = [month, day, hour, minute, second]
        for part in parts.prefix(min(precision.rawValue, 5)) { text += Self.padded(part, 2) }
        if precision == .fraction { text += "." + Self.padded(nanosecond, 9).prefix(fractionDigits) }
        if let zone {
            text += (zone < 0 ? "-" : "+") + Self.padded(abs(zone) / 60, 2) + Self.padded(abs(zone) % 60, 2)
        }
        return text
    }

    private static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}

private struct DigitReader {
    let bytes: ArraySlice<UInt8>
    var rest: ArraySlice<UInt8>

    init(bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        rest = bytes
    }

    var offset: Int { rest.startIndex - bytes.startIndex }
    var isAtEnd: Bool { rest.isEmpty }
    var hasDigit: Bool { rest.first.map { (0x30...0x39).contains($0) } ?? false }

    mutating func number(_ count: Int, in range: ClosedRange<Int>, _ name: String) throws(DateTime.Fault) -> Int {
        let digits = rest.prefix(count)
        guard digits.count == count, digits.allSatisfy({ (0x30...0x39).contains($0) }) else {
            throw DateTime.Fault(offset: offset, reason: "the \(name) is not \(count) digits")
        }
        let value = digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
        guard range.contains(value) else {
            throw DateTime.Fault(offset: offset, reason: "there is no \(name) \(value)")
        }
        rest = rest.dropFirst(count)
        return value
    }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard rest.first == UInt8(ascii: character) else { return false }
        rest = rest.dropFirst()
        return true
    }

    mutating func fraction() throws(DateTime.Fault) -> (nanosecond: Int, digits: Int) {
        let digits = rest.prefix { (0x30...0x39).contains($0) }
        guard (1...9).contains(digits.count) else {
            throw DateTime.Fault(offset: offset, reason: "a fraction of a second has one to nine digits")
        }
        var value = digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
        for _ in digits.count..<9 { value *= 10 }
        rest = rest.dropFirst(digits.count)
        return (value, digits.count)
    }

    mutating func zone() throws(DateTime.Fault) -> Int? {
        guard rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") else { return nil }
        let isWest = rest.first == UInt8(ascii: "-")
        rest = rest.dropFirst()
        let hours = try number(2, in: 0...14, "zone hour")
        let minutes = try number(2, in: 0...59, "zone minute")
        let total = hours * 60 + minutes
        guard total <= 14 * 60 else {
            throw DateTime.Fault(offset: offset, reason: "no zone is more than 14 hours from UTC")
        }
        return isWest ? -total : total
    }
}
