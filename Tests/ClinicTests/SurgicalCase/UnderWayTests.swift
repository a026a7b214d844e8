import Clinic
import ClinicTesting
import Testing

@Suite("Case: what else is under way")
struct UnderWayTests {
    /// Another case in progress, in a theater and of a patient.
    private func other(in theater: String, of mrn: MRN, _ story: Story) throws {
        var other = try #require(story.surgicalCase())
        other.surgicalCase = CaseID("CASE-2")
        other.plan = PlanID("P-2")
        other.state = .inProgress
        other.theater = TheaterID(theater)
        other.mrn = mrn
        other.startedAt = .at("2026-11-23T08:30:00Z")
        story.state.put(other)
    }

    private func start(_ story: Story) throws -> [String] {
        try story.must(.surgicalCase, "SIGN_IN", [.surgicalCase: "CASE-1"], at: "2026-11-23T08:50:00Z")
        return try story.tell(.surgicalCase, "START", [.surgicalCase: "CASE-1"], at: "2026-11-23T09:05:00Z").codes
    }

    @Test("a case does not start while another one is under way in its theater, or with its patient")
    func clash() throws {
        for (theater, mrn, codes) in [
            ("T1", MRN(sequence: 9), ["case.theater-double-booked"]), ("T2", Story.mrn, ["case.patient-double-booked"]),
            ("T2", MRN(sequence: 9), []),
        ] {
            let story = Story()
            story.aScheduledCase()
            try other(in: theater, of: mrn, story)
            #expect(try start(story) == codes)
        }
    }

    @Test("a withdrawal from before the start that is told after it stands on the case")
    func toldLate() throws {
        let story = Story()
        story.aCaseInProgress()
        let values: [Field: Value] = [.consent: "K-1", .reason: "afraid"]
        #expect(try story.tell(.consent, "WITHDRAW", values, at: "2026-11-23T08:00:00Z").codes == [])
        #expect(story.surgicalCase()?.state == .inProgress)
        #expect(story.surgicalCase()?.remarks.contains { $0.text.contains("withdrawn before the start") } == true)
    }

    @Test("allergies that any record of a patient names count, whichever record stands")
    func allergies() throws {
        let story = Story()
        var survivor = story.aPatientAfterConsultation()
        survivor.allergies = []
        story.state.put(survivor)
        var merged = survivor
        merged.mrn = MRN(sequence: 2)
        merged.allergies = ["Silicone"]
        merged.mergedInto = survivor.mrn
        merged.state = .merged
        story.state.put(merged)
        #expect(try story.state.allergies(of: survivor.mrn) == ["Silicone"])
        #expect(try story.state.allergies(of: merged.mrn) == ["Silicone"])
        merged.allergies = nil
        story.state.put(merged)
        #expect(try story.state.allergies(of: survivor.mrn) == [])
    }
}
