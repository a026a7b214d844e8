import Clinic
import Foundation
import Testing

@testable import Processor

@Suite("The table of a time zone")
struct ZoneTableTests {
    @Test("tells London's summer time")
    func london() throws {
        let zone = try #require(ZoneRules(named: "Europe/London"))
        let spring = try #require(Instant("2026-03-29T01:00:00Z", zone: nil))
        let autumn = try #require(Instant("2026-10-25T01:00:00Z", zone: nil))
        #expect(zone.offsetSeconds(at: spring.adding(seconds: -1)) == 0)
        #expect(zone.offsetSeconds(at: spring) == 3600)
        #expect(zone.offsetSeconds(at: autumn.adding(seconds: -1)) == 3600)
        #expect(zone.offsetSeconds(at: autumn) == 0)
        #expect(zone.iso(spring) == "2026-03-29T02:00:00+01:00")
    }

    @Test("tells a change that is not of summer time: London left its all-year summer in 1971")
    func standardTime() throws {
        let zone = try #require(ZoneRules(named: "Europe/London"))
        let change = try #require(Instant("1971-10-31T02:00:00Z", zone: nil))
        #expect(zone.initialOffsetSeconds == 3600)
        #expect(zone.transitions.first == .init(at: change, offsetSeconds: 0))
    }

    @Test(
        "agrees with the system at every hour of some years",
        arguments: [
            "Europe/London", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "Asia/Kolkata", "UTC",
        ])
    func agrees(name: String) throws {
        let rules = try #require(ZoneRules(named: name))
        let zone = try #require(TimeZone(identifier: name))
        for year in [1970, 1999, 2026, 2037] {
            let start = try #require(CalendarDate(year: year, month: 1, day: 1))
            for hour in 0..<(366 * 24) {
                let second = Int64(start.daysSinceEpoch) * 86_400 + Int64(hour) * 3600
                let expected = zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(second)))
                let offset = rules.offsetSeconds(at: Instant(secondsSinceEpoch: second))
                if offset != expected { Issue.record("\(name) at \(second): \(offset), not \(expected)") }
            }
        }
    }

    @Test("is made of IANA names only", arguments: ["", "GMT+1", "BST", "Europe/Londres", "europe/london"])
    func unknown(name: String) {
        #expect(ZoneRules(named: name) == nil)
    }
}

@Suite("What was probably meant")
struct SuggestionTests {
    @Test("is the nearest known word, if it is near")
    func nearest() {
        let known = ["turnover_minutes", "minimum_age", "LIPO"]
        #expect(Suggestion.nearest(to: "turnover", among: known) == nil)
        #expect(Suggestion.nearest(to: "turnover_minuets", among: known) == "turnover_minutes")
        #expect(Suggestion.nearest(to: "lipo", among: known) == "LIPO")
        #expect(Suggestion.nearest(to: "minimal_age", among: known) == "minimum_age")
        #expect(Suggestion.nearest(to: "x", among: []) == nil)
    }
}
