import Clinic
import ClinicTesting
import Testing

@Suite("The consultation after surgery")
struct FollowUpTests {
    let story: Story

    init() {
        var catalog = Catalog.sample
        catalog.procedures[ProcedureCode("BREAST-AUG")]?.followUpDays = 8
        story = Story(catalog: catalog)
    }

    private func care(_ time: String, at told: String = "2026-11-23T12:00:00Z") throws -> Ruling {
        try story.tell(
            .surgicalCase, "POSTOP", [.surgicalCase: "CASE-1", .followUpAt: .at(time)], at: told)
    }

    private func followUp(_ number: Int = 1) -> Consultation? {
        story.state.fetch(Consultation.self, id: "CASE-1-F\(number)")
    }

    private func taken(_ start: String, by surgeon: String = "S1", _ mrn: MRN = MRN(sequence: 77)) {
        story.state.put(
            Consultation(
                consultation: ConsultationID("X-\(start)"), mrn: mrn, surgeon: StaffID(surgeon), state: .scheduled,
                startsAt: .at(start), minutes: 30, visit: "FIRST"))
    }

    private func complete() throws {
        var running = story.aCaseInProgress()
        running.timeOutAt = .at("2026-11-23T09:10:00Z")
        running.signOutAt = .at("2026-11-23T10:55:00Z")
        story.state.put(running)
        try story.must(.surgicalCase, "COMPLETE", [.surgicalCase: "CASE-1"], at: "2026-11-23T11:00:00Z")
    }

    @Test("the usual day is taken at the first time at which surgeon and patient are free")
    func usual() throws {
        taken("2026-12-01T08:00:00Z")
        taken("2026-12-01T08:30:00Z", by: "S2", Story.mrn)
        try complete()
        #expect(followUp()?.startsAt == .at("2026-12-01T09:00:00Z"))
        #expect(followUp()?.visit == "FOLLOW_UP")
        #expect(story.state.events.last { $0.kind == "consultation.scheduled" }?.note == "after case CASE-1")
    }

    @Test("care that names a time at which surgeon or patient is busy, or no consultations are held, is refused")
    func busy() throws {
        story.aCompletedCase()
        taken("2026-11-30T10:00:00Z")
        taken("2026-11-30T10:30:00Z", by: "S2", Story.mrn)
        #expect(try care("2026-11-30T10:15:00Z").codes == ["consultation.surgeon-busy", "consultation.patient-busy"])
        #expect(try care("2026-11-29T10:00:00Z").codes == ["consultation.outside-hours"])
        let refused = try care("2026-11-30T10:00:00Z")
        #expect(refused.findings[0].mend.contains("the next free time is 2026-11-30 11:00"))
        #expect(try care("2026-11-30T11:00:00Z").isClear)
        #expect(followUp()?.startsAt == .at("2026-11-30T11:00:00Z"))
    }

    @Test("later care moves what is open, and books the next when it is over")
    func next() throws {
        story.aCompletedCase()
        #expect(try care("2026-11-30T10:00:00Z").isClear)
        #expect(try care("2026-11-30T10:15:00Z").isClear)
        #expect(followUp()?.startsAt == .at("2026-11-30T10:15:00Z"))
        try story.must(.consultation, "CANCEL", [.consultation: "CASE-1-F1"])
        #expect(try care("2026-12-07T10:00:00Z").isClear)
        #expect(followUp()?.state == .cancelled)
        #expect(followUp(2)?.startsAt == .at("2026-12-07T10:00:00Z"))
    }

    @Test("a sender's own consultation of that number is left alone")
    func foreign() throws {
        let other = Consultation(
            consultation: ConsultationID("CASE-1-F1"), mrn: MRN(sequence: 77), surgeon: StaffID("S2"),
            state: .scheduled, startsAt: .at("2026-12-24T10:00:00Z"), minutes: 30, visit: "FIRST")
        story.state.put(other)
        story.aCompletedCase()
        #expect(try care("2026-11-30T10:00:00Z").isClear)
        #expect(followUp() == other)
        #expect(followUp(2)?.mrn == Story.mrn)
    }
}
