import Clinic
import ClinicTesting
import Testing

@Suite("Case: the follow-up becomes a scheduled consultation")
struct FollowUpTests {
    private func running(_ catalog: Catalog = .sample) -> Story {
        let story = Story(catalog: catalog)
        var running = story.aCaseInProgress()
        running.timeOutAt = running.startedAt
        running.signOutAt = running.startedAt
        story.state.put(running)
        return story
    }

    @discardableResult
    private func tell(_ story: Story, _ action: String, _ followUp: String?, at time: String = "11:00") throws -> Ruling
    {
        var values: [Field: Value] = [.surgicalCase: "CASE-1", .reason: "x", .notes: "n"]
        if let followUp { values[.followUpAt] = .at("2026-\(followUp):00Z") }
        return try story.tell(.surgicalCase, action, values, at: "2026-11-23T\(time):00Z")
    }

    private func followUp(_ story: Story, _ number: Int = 1) -> Consultation? {
        story.state.fetch(Consultation.self, id: "CASE-1-F\(number)")
    }

    @Test(
        "a time named at the end is booked, of a completed case and of an abandoned one",
        arguments: ["COMPLETE", "ABANDON"])
    func atTheEnd(action: String) throws {
        let story = running()
        let ruling = try tell(story, action, "11-30T10:10")
        #expect(ruling.warningCodes.filter { $0 == "case.follow-up-moved" } == [])
        let booked = try #require(followUp(story))
        #expect(booked.startsAt == .at("2026-11-30T10:10:00Z"))
        #expect(booked.state == .scheduled)
        #expect(booked.surgeon == StaffID("S1"))
    }

    @Test("a note made during the surgery may name it; it is booked when the case is over")
    func named() throws {
        let story = running()
        try tell(story, "NOTE", "11-30T10:00", at: "10:00")
        #expect(followUp(story) == nil)
        try tell(story, "COMPLETE", nil)
        #expect(followUp(story)?.startsAt == .at("2026-11-30T10:00:00Z"))
    }

    @Test("without a time, and without usual days, there is none; an abandoned case has no usual one")
    func none() throws {
        let plain = running()
        try tell(plain, "COMPLETE", nil)
        #expect(followUp(plain) == nil)
        var catalog = Catalog.sample
        catalog.procedures[ProcedureCode("BREAST-AUG")]?.followUpDays = 7
        let abandoned = running(catalog)
        try tell(abandoned, "ABANDON", nil)
        #expect(followUp(abandoned) == nil)
        let completed = running(catalog)
        try tell(completed, "COMPLETE", nil)
        #expect(followUp(completed)?.startsAt == .at("2026-11-30T08:00:00Z"))
    }

    @Test("it is not before the end of the surgery")
    func order() throws {
        let story = running()
        #expect(try tell(story, "COMPLETE", "11-23T11:00").codes == ["case.times-not-in-order"])
        #expect(try tell(story, "NOTE", "11-23T09:05", at: "10:00").codes == ["case.times-not-in-order"])
        #expect(try tell(story, "COMPLETE", "11-23T11:01").codes == [])
    }

    @Test("where the surgeon or the patient is not free it is booked at the next time, with a warning")
    func moved() throws {
        let story = running()
        let start = Instant.at("2026-11-30T10:00:00Z")
        for (id, surgeon, mrn, minutes) in [("A", "S1", 5, 0), ("B", "S2", 1, 30)] {
            story.state.put(
                Consultation(
                    consultation: ConsultationID(id), mrn: MRN(sequence: Int64(mrn)), surgeon: StaffID(surgeon),
                    state: .scheduled, startsAt: start.adding(minutes: minutes), minutes: 30, visit: "FIRST"))
        }
        story.state.put(
            Booking(
                surgicalCase: CaseID("CASE-7"), resource: .staff, resourceID: "S1", startsAt: start.adding(minutes: 60),
                endsAt: start.adding(minutes: 90)))
        let ruling = try tell(story, "COMPLETE", "11-30T10:00")
        #expect(ruling.codes == [])
        #expect(ruling.warningCodes.contains("case.follow-up-moved"))
        #expect(followUp(story)?.startsAt == start.adding(minutes: 90))
    }

    @Test("out of hours it is moved to the next hours of consultation")
    func outOfHours() throws {
        for (asked, booked) in [
            ("11-29T10:00", "11-30T08:00"), ("11-30T21:00", "12-01T08:00"), ("11-30T07:10", "11-30T08:00"),
        ] {
            let story = running()
            #expect(try tell(story, "COMPLETE", asked).warningCodes.contains("case.follow-up-moved"), "\(asked)")
            #expect(followUp(story)?.startsAt == .at("2026-\(booked):00Z"), "\(asked)")
        }
    }

    @Test("a later entry moves it; once it took place, it makes another; one without a time leaves it alone")
    func later() throws {
        let story = running()
        try tell(story, "COMPLETE", "11-30T10:00")
        // Moved by a quarter of an hour: the follow-up is not in its own way.
        #expect(try tell(story, "POSTOP", "11-30T10:15", at: "12:00").warningCodes == [])
        #expect(followUp(story)?.startsAt == .at("2026-11-30T10:15:00Z"))
        var moved = try #require(followUp(story))
        moved.startsAt = .at("2026-12-02T09:00:00Z")
        story.state.put(moved)
        try tell(story, "POSTOP", nil, at: "13:00")
        #expect(followUp(story)?.startsAt == .at("2026-12-02T09:00:00Z"))
        moved.state = .completed
        story.state.put(moved)
        try tell(story, "POSTOP", "12-09T09:00", at: "14:00")
        #expect(followUp(story)?.state == .completed)
        #expect(followUp(story, 2)?.startsAt == .at("2026-12-09T09:00:00Z"))
    }

    @Test("nobody is asked to come who has died")
    func deceased() throws {
        let story = running()
        var patient = story.aPatientAfterConsultation()
        patient.state = .deceased
        story.state.put(patient)
        #expect(try tell(story, "ABANDON", "11-30T10:00").codes == [])
        #expect(followUp(story) == nil)
    }

    @Test("a sender's own consultation of that number is left alone")
    func foreign() throws {
        let story = running()
        let other = Consultation(
            consultation: ConsultationID("CASE-1-F1"), mrn: MRN(sequence: 77), surgeon: StaffID("S2"),
            state: .scheduled, startsAt: .at("2026-12-24T10:00:00Z"), minutes: 30, visit: "FIRST")
        story.state.put(other)
        try tell(story, "COMPLETE", "11-30T10:10")
        #expect(followUp(story) == other)
        #expect(followUp(story, 2)?.mrn == Story.mrn)
    }
}
