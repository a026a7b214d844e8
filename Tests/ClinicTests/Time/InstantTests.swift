import Testing

@testable import Clinic

@Suite("Points of time")
struct InstantTests {
    @Test(
        "ISO 8601 is read, with or without seconds and their fraction, in UTC or with an offset",
        arguments: [
            ("2026-11-23T18:05Z", "2026-11-23T18:05:00Z"), ("2026-11-23 18:05:09Z", "2026-11-23T18:05:09Z"),
            ("2026-11-23T18:05:09.5Z", "2026-11-23T18:05:09Z"), ("2026-11-23T18:05:09.0129Z", "2026-11-23T18:05:09Z"),
            ("2026-11-23T18:05:09.987+01:00", "2026-11-23T17:05:09Z"),
            ("2026-11-23T18:05:09+0530", "2026-11-23T12:35:09Z"), ("2026-11-23T18:05-14:59", "2026-11-24T09:04:00Z"),
        ])
    func read(text: String, written: String) {
        #expect(Instant(text, zone: nil)?.description == written)
    }

    @Test(
        "what is no time is none",
        arguments: [
            "2026-11-23T24:00Z", "2026-11-23T18:60Z", "2026-11-23T18:05:60Z", "2026-11-23T18:05:09.Z",
            "2026-11-23T18:05:09.x5Z", "2026-11-23T18:05:09.5", "2026-11-23T18:05:0", "2026-11-31T18:05Z",
            "2026-11-23X18:05Z", "2026-11-23T18.05Z", "2026-11-23T18:05+15:00", "2026-11-23T18:05+01:60",
            "2026-11-23T18:05*01:00", "2026-11-23T18:05+1:00", "2026-11-23T18:05ZZ", "2026-11-23",
        ])
    func refused(text: String) {
        #expect(Instant(text, zone: nil) == nil)
    }

    @Test(
        "a sender can mean the years 1900 to 9998",
        arguments: [
            ("1899-12-31T23:59:59Z", false), ("1900-01-01T00:00:00Z", true), ("2026-11-23T18:00:00Z", true),
            ("9998-12-31T23:59:59Z", true), ("9999-01-01T00:00:00Z", false),
        ])
    func plausible(text: String, isPlausible: Bool) throws {
        #expect(try #require(Instant(text, zone: nil)).isPlausible == isPlausible)
    }

    @Test("times before 1970 are written like others")
    func beforeTheEpoch() {
        #expect(Instant(secondsSinceEpoch: -1).description == "1969-12-31T23:59:59Z")
        #expect(Instant(secondsSinceEpoch: -86_400).description == "1969-12-31T00:00:00Z")
        #expect(ZoneRules.utc.date(of: Instant(secondsSinceEpoch: -1)).description == "1969-12-31")
        #expect(ZoneRules.utc.clock(Instant(secondsSinceEpoch: -1)) == "23:59")
    }

    @Test("a stretch of time holds its start and not its end; back to back does not overlap")
    func interval() {
        let start = Instant(secondsSinceEpoch: 1_000_000)
        let hour = Interval(start: start, minutes: 60)
        #expect(hour.contains(start))
        #expect(hour.contains(start.adding(seconds: 3_599)))
        #expect(!hour.contains(hour.end))
        #expect(!hour.contains(start.adding(seconds: -1)))
        #expect(!hour.overlaps(Interval(start: hour.end, minutes: 5)))
        #expect(!Interval(start: hour.end, minutes: 5).overlaps(hour))
        #expect(hour.overlaps(Interval(start: hour.end.adding(seconds: -1), minutes: 5)))
        #expect(Interval(start: start.adding(minutes: -5), minutes: 200).overlaps(hour))
    }
}

@Suite("The clock of a zone")
struct ZoneRulesTests {
    private let london = ZoneRules(
        name: "Europe/London", initialOffsetSeconds: -75,
        transitions: [
            .init(at: .utc("2025-10-26T01:00:00Z"), offsetSeconds: 0),
            .init(at: .utc("2026-03-29T01:00:00Z"), offsetSeconds: 3_600),
            .init(at: .utc("2026-10-25T01:00:00Z"), offsetSeconds: 0),
        ])

    @Test(
        "each change of the clock holds from its second on until the next",
        arguments: [
            ("1900-01-01T00:00:00Z", -75), ("2025-10-26T00:59:59Z", -75), ("2025-10-26T01:00:00Z", 0),
            ("2026-03-29T00:59:59Z", 0), ("2026-03-29T01:00:00Z", 3_600), ("2026-10-25T00:59:59Z", 3_600),
            ("2026-10-25T01:00:00Z", 0), ("2090-01-01T00:00:00Z", 0),
        ])
    func offset(text: String, seconds: Int) throws {
        #expect(london.offsetSeconds(at: .utc(text)) == seconds)
    }

    @Test(
        "a reading of the clock is one time: the first of an hour that comes twice, the later of one that is skipped",
        arguments: [
            ("2026-07-01T12:00", "2026-07-01T11:00:00Z"), ("2026-12-01T12:00", "2026-12-01T12:00:00Z"),
            ("2026-10-25T00:59", "2026-10-24T23:59:00Z"), ("2026-10-25T01:30", "2026-10-25T00:30:00Z"),
            ("2026-10-25T02:00", "2026-10-25T02:00:00Z"), ("2026-03-29T00:59", "2026-03-29T00:59:00Z"),
            ("2026-03-29T01:30", "2026-03-29T01:30:00Z"), ("2026-03-29T02:00", "2026-03-29T01:00:00Z"),
        ])
    func local(text: String, written: String) {
        #expect(Instant(text, zone: london)?.description == written)
    }

    @Test("times are written by the clinic's clock")
    func written() {
        let summer = Instant.utc("2026-07-01T23:30:00Z")
        #expect(london.stamp(summer) == "2026-07-02 00:30")
        #expect(london.iso(summer) == "2026-07-02T00:30:00+01:00")
        let west = ZoneRules(name: "America/St_Johns", initialOffsetSeconds: -12_600, transitions: [])
        #expect(west.iso(summer) == "2026-07-01T20:00:00-03:30")
        #expect(west.date(of: .utc("2026-07-01T03:29:59Z")).description == "2026-06-30")
        #expect(london.start(of: london.date(of: summer)) == .utc("2026-07-01T23:00:00Z"))
    }
}

extension Instant {
    /// A time of a test; the text must be right.
    fileprivate static func utc(_ text: String) -> Instant {
        guard let instant = Instant(text, zone: nil) else { preconditionFailure("not a time: \(text)") }
        return instant
    }
}
