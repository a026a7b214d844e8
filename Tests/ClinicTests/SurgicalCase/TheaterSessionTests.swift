import Clinic
import ClinicTesting
import Testing

@Suite("Case: theater sessions, nights, and days of 23 and 25 hours")
struct TheaterSessionTests {
    /// Everything is ready for a case of S1, of two hours, in a T1 with sessions.
    private func story(_ sessions: [TheaterSession], _ change: (inout Catalog) -> Void = { _ in }) -> Story {
        var catalog = Catalog.sample
        catalog.theaters[TheaterID("T1")]?.sessions = sessions
        change(&catalog)
        let story = Story(catalog: catalog)
        story.allReady()
        return story
    }

    private func book(_ story: Story, at time: String, _ more: [Field: Value] = [:]) throws -> Ruling {
        var values: [Field: Value] = [
            .surgicalCase: "CASE-1", .plan: "P-1", .theater: "T1", .startsAt: .at("2026-11-\(time)"),
        ]
        values.merge(more) { $1 }
        return try story.tell(.surgicalCase, "SCHEDULE", values, at: "2026-11-18T13:00:00Z")
    }

    /// A session on Monday, the 23rd.
    private func session(_ from: Int, _ to: Int, _ holder: TheaterSession.Holder) -> TheaterSession {
        TheaterSession(weekdays: [1], startsAt: from * 60, endsAt: to * 60, holder: holder)
    }

    @Test("a session of another surgeon is refused; the slot proposed is after it, and is had when asked for")
    func another() throws {
        let story = story([session(8, 13, .surgeon(StaffID("S2")))])
        let ruling = try book(story, at: "23T09:00:00Z")
        #expect(ruling.codes == ["case.session-allotted"])
        #expect(ruling.findings.first?.mend == "the next free slot is 2026-11-23 13:00")
        #expect(ruling.findings.first?.detail.contains("S2") == false)
        #expect(try book(story, at: "23T13:00:00Z").codes == [])
    }

    @Test("the surgeon's own session is theirs, also by specialty; on another weekday it is nobody's")
    func own() throws {
        #expect(try book(story([session(8, 13, .surgeon(StaffID("S1")))]), at: "23T09:00:00Z").codes == [])
        let breast = session(8, 13, .specialty("BREAST"))
        #expect(try book(story([breast]), at: "23T09:00:00Z").codes == ["case.session-allotted"])
        let specialist = { (catalog: inout Catalog) -> Void in catalog.staff[StaffID("S1")]?.specialty = "BREAST" }
        #expect(try book(story([breast], specialist), at: "23T09:00:00Z").codes == [])
        #expect(try book(story([breast]), at: "24T09:00:00Z").codes == [])
    }

    @Test("a case ends with its session: not in another's, not in nobody's after its own")
    func overrun() throws {
        let intoAnothers = story([session(13, 18, .surgeon(StaffID("S2")))])
        let ruling = try book(intoAnothers, at: "23T11:01:00Z")
        #expect(ruling.codes == ["case.session-overrun"])
        #expect(ruling.findings.first?.mend == "the next free slot is 2026-11-24 08:00")
        #expect(try book(intoAnothers, at: "23T11:00:00Z").codes == [])
        let own = story([session(8, 13, .surgeon(StaffID("S1")))])
        #expect(try book(own, at: "23T11:30:00Z").codes == ["case.session-overrun"])
        #expect(try book(own, at: "23T11:00:00Z").codes == [])
    }

    @Test("two sessions of one surgeon that adjoin are one")
    func adjoining() throws {
        let both = story([session(8, 12, .surgeon(StaffID("S1"))), session(12, 18, .surgeon(StaffID("S1")))])
        #expect(try book(both, at: "23T11:00:00Z").codes == [])
        let apart = story([session(8, 12, .surgeon(StaffID("S1"))), session(12, 18, .surgeon(StaffID("S2")))])
        #expect(try book(apart, at: "23T11:00:00Z").codes == ["case.session-overrun"])
    }

    @Test("a theater that closes after midnight takes a case over midnight, and one that begins after it")
    func overMidnight() throws {
        let late = { (catalog: inout Catalog) -> Void in catalog.theaters[TheaterID("T1")]?.closesAt = 26 * 60 }
        let story = story([], late)
        #expect(try book(story, at: "24T00:01:00Z").codes == ["case.session-overrun"])
        #expect(try book(story, at: "24T02:00:00Z").codes == ["case.theater-closed"])
        // Saturday's first hours belong to Friday's evening; Monday's to no evening.
        #expect(try book(story, at: "23T00:00:00Z").codes == ["case.theater-closed"])
        #expect(try book(story, at: "27T23:00:00Z").codes == [])
        let after = self.story([], late)
        #expect(try book(after, at: "28T00:00:00Z").codes == [])
    }

    @Test("a case booked over midnight may start on the second of its days, and on no third")
    func startAfterMidnight() throws {
        let story = story([]) { $0.theaters[TheaterID("T1")]?.closesAt = 26 * 60 }
        #expect(try book(story, at: "23T23:00:00Z", [.anesthetist: "A1"]).codes == [])
        for (time, codes) in [
            ("2026-11-22T23:30:00Z", true), ("2026-11-25T00:10:00Z", true), ("2026-11-24T00:10:00Z", false),
        ] {
            let ruling = try story.tell(.surgicalCase, "SIGN_IN", [.surgicalCase: "CASE-1"], at: time)
            #expect(ruling.codes.contains("case.not-the-day") == codes, "\(time)")
        }
        #expect(
            try story.tell(.surgicalCase, "START", [.surgicalCase: "CASE-1"], at: "2026-11-24T00:20:00Z").codes == [])
    }

    /// London: forward at 01:00 UTC on 29 March 2026, back at 01:00 UTC on 25 October 2026; both are Sundays.
    private static let london = ZoneRules(
        name: "Europe/London", initialOffsetSeconds: 0,
        transitions: [
            .init(at: .at("2026-03-29T01:00:00Z"), offsetSeconds: 3600),
            .init(at: .at("2026-10-25T01:00:00Z"), offsetSeconds: 0),
        ])

    private func night(_ day: String) -> Story {
        let story = story([]) { catalog in
            catalog.clinic.zone = Self.london
            catalog.theaters[TheaterID("T1")]?.weekdays = [7]
            catalog.theaters[TheaterID("T1")]?.opensAt = 0
            catalog.theaters[TheaterID("T1")]?.closesAt = 4 * 60
            catalog.policy.clearanceValidDays = 400
            catalog.policy.consentValidDays = 400
            for code in catalog.requirements.keys { catalog.requirements[code]?.validDays = 400 }
        }
        // Signed and cleared long before: the year's clock changes are both ahead.
        var consent = story.aSignedConsent(on: "2026-03-01")
        consent.issuedAt = .at("2026-02-01T09:00:00Z")
        story.state.put(consent)
        return story
    }

    @Test("a night that is an hour short closes an hour earlier by the watch, one that is an hour long later")
    func clockChange() throws {
        let short = night("2026-03-29")
        let sunday = { (story: Story, time: String, minutes: Int) in
            try story.tell(
                .surgicalCase, "SCHEDULE",
                [
                    .surgicalCase: "CASE-1", .plan: "P-1", .theater: "T1", .startsAt: .at(time),
                    .minutes: .integer(minutes),
                ], at: "2026-03-20T13:00:00Z")
        }
        // From 00:00 to 04:00 on the wall are three hours.
        #expect(try sunday(short, "2026-03-29T00:00:00Z", 181).codes == ["case.session-overrun"])
        #expect(try sunday(short, "2026-03-29T00:00:00Z", 180).codes == [])
        let long = night("2026-10-25")
        #expect(try sunday(long, "2026-10-24T23:00:00Z", 301).codes == ["case.session-overrun"])
        #expect(try sunday(long, "2026-10-24T23:00:00Z", 300).codes == [])
    }

    @Test("in the hour that the clock repeats, two cases that begin at the same reading of it do not overlap")
    func repeatedHour() throws {
        let story = night("2026-10-25")
        let first = Instant.at("2026-10-25T00:00:00Z")
        story.state.put(
            Booking(
                surgicalCase: CaseID("CASE-9"), resource: .theater, resourceID: "T1", startsAt: first,
                endsAt: first.adding(minutes: 60)))
        let values: [Field: Value] = [
            .surgicalCase: "CASE-1", .plan: "P-1", .theater: "T1", .minutes: 60, .startsAt: .at("2026-10-25T00:59:00Z"),
        ]
        let ruling = try story.tell(.surgicalCase, "SCHEDULE", values, at: "2026-10-01T13:00:00Z")
        #expect(ruling.codes == ["case.theater-double-booked"])
        // 01:00 by winter time: the same reading of the clock as the first hour's beginning.
        #expect(ruling.findings.first?.mend == "the next free slot is 2026-10-25 01:00")
        var later = values
        later[.startsAt] = .at("2026-10-25T01:00:00Z")
        #expect(try story.tell(.surgicalCase, "SCHEDULE", later, at: "2026-10-01T13:00:00Z").codes == [])
    }
}
