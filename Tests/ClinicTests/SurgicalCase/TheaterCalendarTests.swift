import Clinic
import ClinicTesting
import Testing

@Suite("Case: the theater's calendar")
struct TheaterCalendarTests {
    /// A case is booked in T1 from 9 to 11 on 23 November; a second patient's plan is ready.
    private func story(_ procedure: String = "BLEPH-UPPER", _ catalog: Catalog = .sample, surgeon: String = "S2")
        -> Story
    {
        let story = Story(catalog: catalog)
        story.aScheduledCase()
        let mrn = MRN(sequence: 2)
        story.aPatientAfterConsultation(
            mrn: mrn, givenName: "Bea", familyName: "Lund", suffix: "2", surgeon: surgeon)
        story.aPlan(
            procedure, side: procedure == "RHINOPLASTY" ? .notApplicable : .bilateral, items: [], requirements: [],
            mrn: mrn, suffix: "2", surgeon: surgeon)
        story.aSignedConsent(mrn: mrn, suffix: "2")
        story.aClearance(mrn: mrn, suffix: "2", codes: ["HB"])
        return story
    }

    @discardableResult
    private func book(_ story: Story, at time: String, _ more: [Field: Value] = [:]) throws -> Ruling {
        var values: [Field: Value] = [
            .surgicalCase: "CASE-2", .plan: "P-2", .theater: "T1", .startsAt: .at("2026-11-\(time):00Z"),
        ]
        values.merge(more) { $1 }
        return try story.tell(.surgicalCase, "SCHEDULE", values, at: "2026-11-18T13:00:00Z")
    }

    @Test("a theater holds one case, turnover included; the other case and the next free slot are named")
    func theater() throws {
        let story = story()
        let ruling = try book(story, at: "23T11:14")
        #expect(ruling.codes == ["case.theater-double-booked"])
        #expect(ruling.findings.first?.aside?.contains("CASE-1") == true)
        #expect(ruling.findings.first?.mend == "the next free slot is 2026-11-23 11:15")
        #expect(ruling.findings.first?.detail.contains("CASE-1") == false)
        #expect(try book(story, at: "23T11:15").codes == [])
    }

    @Test("before another case there is room for the turnover, or there is none")
    func turnoverBefore() throws {
        let story = story()
        #expect(try book(story, at: "23T08:00").codes == ["case.theater-double-booked"])
        #expect(try book(story, at: "23T08:00", [.minutes: 45]).codes == [])
    }

    @Test("the next free slot may lie on another day")
    func slotOnAnotherDay() throws {
        let story = story()
        let ruling = try book(story, at: "23T10:00", [.minutes: 420])
        #expect(ruling.findings.map(\.mend) == ["the next free slot is 2026-11-24 08:00"])
    }

    @Test("a cancelled or postponed case does not block", arguments: ["CANCEL", "POSTPONE"])
    func inactive(action: String) throws {
        let story = story()
        #expect(try story.tell(.surgicalCase, action, [.surgicalCase: "CASE-1", .reason: "ill"]).codes == [])
        #expect(try book(story, at: "23T09:00").codes == [])
    }

    @Test("surgeon, anesthetist, nurse are in one case at a time; in another theater others may operate")
    func people() throws {
        let same = story("RHINOPLASTY", surgeon: "S1")
        var equipped = Catalog.sample
        equipped.theaters[TheaterID("T2")]?.equipment = ["ENDOSCOPE"]
        same.pathway = Pathway(catalog: equipped, seals: .test)
        same.aLot("SPLINT", "SP-1")
        #expect(try book(same, at: "23T10:00", [.theater: "T2"]).codes == ["case.surgeon-double-booked"])
        #expect(try book(same, at: "23T11:00", [.theater: "T2"]).codes == [])
        let story = story()
        #expect(
            try book(story, at: "23T10:00", [.theater: "T2", .anesthetist: "A1"]).codes == ["case.staff-double-booked"])
        #expect(
            try book(story, at: "23T10:00", [.theater: "T2", .staff: ["SCRUB:N1"]]).codes == [
                "case.staff-double-booked"
            ])
        #expect(try book(story, at: "23T10:00", [.theater: "T2", .staff: ["SCRUB:N2"]]).codes == [])
    }

    @Test("a patient is in one case at a time, also under a merged number")
    func patient() throws {
        let story = story()
        var second = try #require(story.state.fetch(Patient.self, id: MRN(sequence: 2).rawValue))
        second.state = .merged
        second.mergedInto = Story.mrn
        story.state.put(second)
        #expect(try book(story, at: "23T10:00", [.theater: "T2"]).codes == ["case.patient-double-booked"])
        #expect(try book(story, at: "23T11:00", [.theater: "T2"]).codes == [])
    }

    @Test("movable equipment is in one case at a time")
    func equipment() throws {
        let story = story()
        story.state.put(
            Booking(
                surgicalCase: CaseID("CASE-9"), resource: .equipment, resourceID: "MICROSCOPE",
                startsAt: .at("2026-11-23T12:00:00Z"), endsAt: .at("2026-11-23T13:00:00Z")))
        #expect(
            try book(story, at: "23T12:30", [.equipment: ["MICROSCOPE"]]).codes == ["case.equipment-double-booked"])
        #expect(try book(story, at: "23T13:00", [.equipment: ["MICROSCOPE"]]).codes == [])
    }

    @Test("a theater without the equipment of the procedure is refused, one with it built in is not")
    func notEquipped() throws {
        let story = story("RHINOPLASTY", surgeon: "S1")
        story.aLot("SPLINT", "SP-1")
        #expect(try book(story, at: "23T12:00", [.theater: "T2"]).codes == ["case.theater-not-equipped"])
        // Asked for by the entry too, it is still one thing.
        let twice = try book(story, at: "23T12:00", [.theater: "T2", .equipment: ["ENDOSCOPE"]])
        #expect(twice.findings.map(\.aside) == ["ENDOSCOPE"])
        #expect(try book(story, at: "23T12:00").codes == [])
    }

    @Test("who has two parts in a case is booked once, and is in the way once")
    func twoParts() throws {
        let story = story()
        let nurse: [Field: Value] = [.staff: ["SCRUB:N1", "CIRCULATING:N1"]]
        #expect(
            try book(story, at: "23T10:00", nurse.with([.theater: "T2"])).codes == ["case.staff-double-booked"])
        let surgeon: [Field: Value] = [.staff: ["ASSISTANT:S2"]]
        let ruling = try book(story, at: "23T12:00", surgeon)
        #expect(ruling.codes == [])
        let booked = ruling.events.flatMap(\.writes).compactMap { $0 as? Booking }
        #expect(booked.map(\.resourceID) == ["T1", "S2", MRN(sequence: 2).rawValue])
    }

    @Test("an unknown theater and unknown staff are refused")
    func unknown() throws {
        let story = story()
        #expect(try book(story, at: "23T12:00", [.theater: "T9"]).codes == ["case.theater-unknown"])
        #expect(try book(story, at: "23T12:00", [.staff: ["SCRUB:X9"]]).codes == ["case.staff-unknown"])
        #expect(try book(story, at: "23T12:00", [.anesthetist: "N1"]).codes == ["case.staff-unknown"])
        #expect(try book(story, at: "23T12:00", [.anesthetist: "A1", .staff: ["N2"]]).codes == [])
    }

    @Test("outside the theater's hours it is closed; what would run on overruns the session")
    func hours() throws {
        let story = story()
        #expect(try book(story, at: "23T07:45").codes == ["case.theater-closed"])
        #expect(try book(story, at: "22T12:00").codes == ["case.theater-closed"])
        #expect(try book(story, at: "23T18:00").codes == ["case.theater-closed"])
        #expect(try book(story, at: "23T17:15").codes == ["case.session-overrun"])
        #expect(try book(story, at: "23T17:00").codes == [])
    }

    @Test("all that stands in the way is reported together")
    func together() throws {
        let story = story()
        let ruling = try book(story, at: "23T09:30", [.anesthetist: "A1", .staff: ["SCRUB:N1"], .surgeon: "S1"])
        #expect(
            ruling.codes == [
                "case.differs-from-plan", "case.theater-double-booked", "case.staff-double-booked",
                "case.staff-double-booked",
            ])
        #expect(Set(ruling.findings.dropFirst().map(\.mend)) == ["the next free slot is 2026-11-23 11:15"])
    }
}
