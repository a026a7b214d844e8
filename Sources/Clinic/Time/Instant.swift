/// A point of time in whole seconds of UTC.
package struct Instant: Hashable, Sendable, Comparable, Codable, CustomStringConvertible {
    /// Seconds since 1970-01-01T00:00:00Z.
    package let secondsSinceEpoch: Int64

    package init(secondsSinceEpoch: Int64) {
        self.secondsSinceEpoch = secondsSinceEpoch
    }

    /// Reads ISO 8601: `YYYY-MM-DDTHH:MM[:SS[.fff]](Z|±HH:MM)`; a time without an offset is read in the given zone.
    package init?(_ text: some StringProtocol, zone: ZoneRules?) {
        let bytes = Array(text.utf8)
        guard bytes.count >= 16, bytes[10] == UInt8(ascii: "T") || bytes[10] == UInt8(ascii: " "),
            bytes[13] == UInt8(ascii: ":"), let date = CalendarDate(text.prefix(10)),
            let hour = Digits.value(of: bytes[11..<13]), let minute = Digits.value(of: bytes[14..<16]),
            hour < 24, minute < 60
        else { return nil }
        var rest = bytes[16...]
        var second = 0
        if rest.first == UInt8(ascii: ":") {
            guard rest.count >= 3, let value = Digits.value(of: rest.dropFirst().prefix(2)), value < 60 else {
                return nil
            }
            second = value
            rest = rest.dropFirst(3)
            if rest.first == UInt8(ascii: ".") {
                let fraction = rest.dropFirst().prefix { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
                guard !fraction.isEmpty else { return nil }
                rest = rest.dropFirst(1 + fraction.count)
            }
        }
        let local = Int64(date.daysSinceEpoch) * 86_400 + Int64(hour * 3600 + minute * 60 + second)
        if rest.isEmpty {
            guard let zone else { return nil }
            self = zone.instant(ofLocalSeconds: local)
        } else if rest.elementsEqual([UInt8(ascii: "Z")]) {
            self.init(secondsSinceEpoch: local)
        } else {
            let sign = rest.first
            let body = rest.dropFirst().filter { $0 != UInt8(ascii: ":") }
            guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"), body.count == 4,
                let hours = Digits.value(of: body.prefix(2)), let minutes = Digits.value(of: body.suffix(2)),
                hours <= 14, minutes < 60
            else { return nil }
            let offset = Int64(hours * 3600 + minutes * 60)
            self.init(secondsSinceEpoch: sign == UInt8(ascii: "+") ? local - offset : local + offset)
        }
    }

    package static func < (left: Instant, right: Instant) -> Bool { left.secondsSinceEpoch < right.secondsSinceEpoch }

    /// Whether a sender can mean it: from 1900 to the end of 9998.
    ///
    /// Offsets, lengths of cases and turnovers move a time; nothing that is kept may leave the years that can be
    /// written with four digits, since what cannot be written cannot be read again.
    package var isPlausible: Bool {
        secondsSinceEpoch >= -2_208_988_800 && secondsSinceEpoch < 253_370_764_800
    }

    package func adding(minutes: Int) -> Instant { adding(seconds: minutes * 60) }

    package func adding(seconds: Int) -> Instant { Instant(secondsSinceEpoch: secondsSinceEpoch + Int64(seconds)) }

    package func seconds(until other: Instant) -> Int { Int(other.secondsSinceEpoch - secondsSinceEpoch) }

    package func minutes(until other: Instant) -> Int { seconds(until: other) / 60 }

    /// ISO 8601 in UTC, whole seconds: `2026-11-23T18:00:00Z`.
    package var description: String { Instant.iso(localSeconds: secondsSinceEpoch) + "Z" }

    static func iso(localSeconds: Int64) -> String {
        let days = localSeconds >= 0 ? localSeconds / 86_400 : (localSeconds - 86_399) / 86_400
        let second = localSeconds - days * 86_400
        let date = CalendarDate(daysSinceEpoch: Int(days))
        let clock = [second / 3600, second / 60 % 60, second % 60].map { Digits.padded($0, 2) }
        return "\(date)T\(clock[0]):\(clock[1]):\(clock[2])"
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let instant = Instant(text, zone: nil) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a time: \(text)")
        }
        self = instant
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

/// A half-open stretch of time: it holds its start and not its end, so back to back does not overlap.
package struct Interval: Hashable, Sendable, Codable {
    package let start: Instant
    package let end: Instant

    package init(start: Instant, end: Instant) {
        self.start = start
        self.end = end
    }

    package init(start: Instant, minutes: Int) {
        self.init(start: start, end: start.adding(minutes: minutes))
    }

    package func overlaps(_ other: Interval) -> Bool { start < other.end && other.start < end }

    package func contains(_ instant: Instant) -> Bool { start <= instant && instant < end }
}
