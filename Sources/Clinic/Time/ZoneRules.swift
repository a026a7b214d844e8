/// The offsets of one time zone as a table, so that the domain needs no system clock or zone database.
package struct ZoneRules: Hashable, Sendable, Codable {
    /// One change of the offset from UTC.
    package struct Transition: Hashable, Sendable, Codable {
        package let at: Instant
        package let offsetSeconds: Int

        package init(at: Instant, offsetSeconds: Int) {
            self.at = at
            self.offsetSeconds = offsetSeconds
        }
    }

    /// IANA name, such as `Europe/London`.
    package let name: String
    package let initialOffsetSeconds: Int
    /// Ordered by time.
    package let transitions: [Transition]

    package init(name: String, initialOffsetSeconds: Int, transitions: [Transition]) {
        self.name = name
        self.initialOffsetSeconds = initialOffsetSeconds
        self.transitions = transitions
    }

    package static let utc = ZoneRules(name: "UTC", initialOffsetSeconds: 0, transitions: [])

    package func offsetSeconds(at instant: Instant) -> Int {
        var low = 0
        var high = transitions.count
        while low < high {
            let middle = (low + high) / 2
            if transitions[middle].at <= instant { low = middle + 1 } else { high = middle }
        }
        return low == 0 ? initialOffsetSeconds : transitions[low - 1].offsetSeconds
    }

    /// The instant of a local clock reading; in the hour that a clock repeats the first one, in the one it skips the later.
    package func instant(ofLocalSeconds local: Int64) -> Instant {
        let early = offsetSeconds(at: Instant(secondsSinceEpoch: local - 86_400))
        let late = offsetSeconds(at: Instant(secondsSinceEpoch: local + 86_400))
        for offset in [early, late] {
            let candidate = Instant(secondsSinceEpoch: local - Int64(offset))
            if offsetSeconds(at: candidate) == offset { return candidate }
        }
        return Instant(secondsSinceEpoch: local - Int64(early))
    }

    /// Midnight at the beginning of a day.
    package func start(of date: CalendarDate) -> Instant {
        instant(ofLocalSeconds: Int64(date.daysSinceEpoch) * 86_400)
    }

    package func instant(of date: CalendarDate, minuteOfDay: Int) -> Instant {
        instant(ofLocalSeconds: Int64(date.daysSinceEpoch) * 86_400 + Int64(minuteOfDay) * 60)
    }

    package func date(of instant: Instant) -> CalendarDate {
        let local = instant.secondsSinceEpoch + Int64(offsetSeconds(at: instant))
        return CalendarDate(daysSinceEpoch: Int(local >= 0 ? local / 86_400 : (local - 86_399) / 86_400))
    }

    package func minuteOfDay(_ instant: Instant) -> Int {
        let local = instant.secondsSinceEpoch + Int64(offsetSeconds(at: instant))
        return Int(((local % 86_400) + 86_400) % 86_400) / 60
    }

    /// `HH:MM` on the clinic's wall.
    package func clock(_ instant: Instant) -> String {
        let minute = minuteOfDay(instant)
        return "\(Digits.padded(minute / 60, 2)):\(Digits.padded(minute % 60, 2))"
    }

    /// `YYYY-MM-DD HH:MM` on the clinic's wall.
    package func stamp(_ instant: Instant) -> String { "\(date(of: instant)) \(clock(instant))" }

    /// ISO 8601 with this zone's offset: `2026-11-23T18:00:00+00:00`.
    package func iso(_ instant: Instant) -> String {
        let offset = offsetSeconds(at: instant)
        let size = abs(offset)
        let sign = offset < 0 ? "-" : "+"
        return Instant.iso(localSeconds: instant.secondsSinceEpoch + Int64(offset))
            + "\(sign)\(Digits.padded(size / 3600, 2)):\(Digits.padded(size / 60 % 60, 2))"
    }
}
