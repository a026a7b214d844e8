import Clinic
import ClinicTesting
import Testing

@Suite("Consultation")
struct ConsultationTests {
    let story = Story()

    private func appointment(_ id: String, _ mrn: MRN, _ start: String) -> [Field: Value] {
        [.consultation: .text(id), .mrn: .text(mrn.rawValue), .surgeon: "S1", .startsAt: .at(start)]
    }

    private func anotherPatient() throws -> MRN {
        try story.registeredPatient([.givenName: "Zoe", .birthDate: .on("1970-01-01"), .email: "z@e.test"])
    }

    private let note: [Field: Value] = [.consultation: "C-1", .notes: "Seen.", .historyReviewed: true]

    @Test("a consultation is scheduled for thirty minutes unless said otherwise")
    func schedule() throws {
        let mrn = try story.registeredPatient()
        let ruling = try story.tell(.consultation, "SCHEDULE", appointment("C-1", mrn, "2026-12-01T10:00:00Z"))
        #expect(ruling.codes.isEmpty)
        #expect(ruling.warningCodes.isEmpty)
        let made = try #require(ruling.events.first?.written(Consultation.self))
        #expect(made.state == .scheduled)
        #expect(made.minutes == 30)
        #expect(made.visit == "FIRST")
        #expect(ruling.events.map(\.kind) == ["consultation.scheduled"])
    }

    @Test("a consultation of somebody who is not registered yet waits for the registration")
    func unknownPatient() throws {
        var values = appointment("C-1", MRN(sequence: 1), "2026-12-01T10:00:00Z")
        values[.mrn] = nil
        values[.registration] = "SLIP-1"
        let early = try story.tell(.consultation, "SCHEDULE", values)
        #expect(early.codes == ["patient.unknown"])
        #expect(early.findings[0].waitsFor == [.registration("SLIP-1")])
        try story.registeredPatient(reference: "SLIP-1")
        #expect(try story.tell(.consultation, "SCHEDULE", values).isClear)
    }

    @Test("a number is given once")
    func exists() throws {
        let mrn = try story.scheduledConsultation()
        let again = try story.tell(.consultation, "SCHEDULE", appointment("C-1", mrn, "2026-12-01T10:00:00Z"))
        #expect(again.codes == ["consultation.exists"])
        #expect(!again.isHeld)
        #expect(try story.tell(.consultation, "SCHEDULE", appointment("C-2", mrn, "2026-12-01T10:00:00Z")).isClear)
    }

    @Test("what is not there yet is waited for", arguments: ["RESCHEDULE", "COMPLETE", "AMEND", "CANCEL", "NO_SHOW"])
    func unknown(_ action: String) throws {
        let values = note.with([.startsAt: .at("2026-12-01T10:00:00Z"), .reason: "r"])
        let early = try story.tell(.consultation, action, values)
        #expect(early.codes == ["consultation.unknown"])
        #expect(early.findings[0].waitsFor == [.consultation(ConsultationID("C-1"))])
        if action == "AMEND" { try story.completedConsultation() } else { try story.scheduledConsultation() }
        #expect(try story.tell(.consultation, action, values).isClear)
    }

    @Test("what is over stays over", arguments: ["RESCHEDULE", "COMPLETE", "CANCEL", "NO_SHOW"])
    func wrongState(_ action: String) throws {
        try story.completedConsultation()
        let values = note.with([.startsAt: .at("2026-12-01T10:00:00Z")])
        let late = try story.tell(.consultation, action, values)
        #expect(late.codes == ["consultation.wrong-state"])
        #expect(!late.isHeld)
    }

    @Test("an amendment waits for the completion, and not after a cancellation")
    func amendmentAhead() throws {
        try story.scheduledConsultation()
        let early = try story.tell(.consultation, "AMEND", note)
        #expect(early.codes == ["consultation.wrong-state"])
        #expect(early.isHeld)
        try story.must(.consultation, "CANCEL", [.consultation: "C-1"])
        #expect(try !story.tell(.consultation, "AMEND", note).isHeld)
    }

    @Test("an amendment adds a version and keeps the old")
    func amend() throws {
        try story.completedConsultation()
        try story.must(.consultation, "AMEND", note.with([.notes: "Corrected.", .advice: "Rest."]))
        let notes = try #require(story.state.fetch(Consultation.self, id: "C-1")).notes
        #expect(notes.map(\.version) == [1, 2])
        #expect(notes.map(\.notes) == ["Discussed options and risks.", "Corrected."])
    }

    @Test(
        "only a surgeon of the staff list leads a consultation", arguments: [("S2", true), ("N1", false), ("X", false)])
    func surgeon(_ id: String, isSurgeon: Bool) throws {
        let mrn = try story.registeredPatient()
        let values = appointment("C-1", mrn, "2026-12-01T10:00:00Z").with([.surgeon: .text(id)])
        let expected = isSurgeon ? [] : ["consultation.surgeon-unknown"]
        #expect(try story.tell(.consultation, "SCHEDULE", values).codes == expected)
    }

    @Test(
        "a surgeon is in one consultation at a time, and back to back is allowed",
        arguments: [("09:31", true), ("09:30", false), ("10:29", true), ("10:30", false)])
    func busy(_ clock: String, isBusy: Bool) throws {
        try story.scheduledConsultation()
        let values = appointment("C-2", try anotherPatient(), "2026-09-07T\(clock):00Z")
        #expect(
            try story.tell(.consultation, "SCHEDULE", values).codes == (isBusy ? ["consultation.surgeon-busy"] : []))
    }

    @Test("a case of the surgeon keeps the time, a cancelled one does not")
    func busyWithCase() throws {
        let mrn = try story.registeredPatient()
        var booking = Booking(
            surgicalCase: CaseID("K-1"), resource: .staff, resourceID: "S1", startsAt: .at("2026-12-01T09:00:00Z"),
            endsAt: .at("2026-12-01T10:01:00Z"))
        story.state.put(booking)
        let values = appointment("C-1", mrn, "2026-12-01T10:00:00Z")
        #expect(try story.tell(.consultation, "SCHEDULE", values).codes == ["consultation.surgeon-busy"])
        booking.isActive = false
        story.state.put(booking)
        #expect(try story.tell(.consultation, "SCHEDULE", values).isClear)
    }

    @Test(
        "a patient is in one consultation at a time, whoever leads it",
        arguments: [("09:31", true), ("09:30", false), ("10:29", true), ("10:30", false)])
    func patientBusy(_ clock: String, isBusy: Bool) throws {
        let mrn = try story.scheduledConsultation()
        let values = appointment("C-2", mrn, "2026-09-07T\(clock):00Z").with([.surgeon: "S2"])
        #expect(
            try story.tell(.consultation, "SCHEDULE", values).codes == (isBusy ? ["consultation.patient-busy"] : []))
    }

    @Test("a surgery of the patient keeps the time too, also one booked for a record that was merged")
    func patientInSurgery() throws {
        let old = try story.registeredPatient()
        let mrn = try anotherPatient()
        var booking = Booking(
            surgicalCase: CaseID("K-1"), resource: .patient, resourceID: old.rawValue,
            startsAt: .at("2026-12-01T09:00:00Z"), endsAt: .at("2026-12-01T10:01:00Z"))
        story.state.put(booking)
        let values = appointment("C-1", mrn, "2026-12-01T10:00:00Z")
        try story.must(.patient, "MERGE", [.mrn: .text(old.rawValue), .intoMRN: .text(mrn.rawValue)])
        #expect(try story.tell(.consultation, "SCHEDULE", values).codes == ["consultation.patient-busy"])
        booking.isActive = false
        story.state.put(booking)
        #expect(try story.tell(.consultation, "SCHEDULE", values).isClear)
    }

    @Test("a refusal names the next time that suits surgeon, patient and hours")
    func nextFree() throws {
        try story.scheduledConsultation()
        let mrn = try anotherPatient()
        try story.must(
            .consultation, "SCHEDULE",
            appointment("C-2", mrn, "2026-09-07T10:30:00Z").with([.surgeon: "S2"]))
        let busy = try story.tell(.consultation, "SCHEDULE", appointment("C-3", mrn, "2026-09-07T10:15:00Z"))
        #expect(busy.codes == ["consultation.surgeon-busy", "consultation.patient-busy"])
        #expect(busy.findings.allSatisfy { $0.mend.contains("the next free time is 2026-09-07 11:00") })
        #expect(try story.tell(.consultation, "SCHEDULE", appointment("C-3", mrn, "2026-09-07T11:00:00Z")).isClear)
        let closed = try story.tell(.consultation, "SCHEDULE", appointment("C-4", mrn, "2026-09-06T10:00:00Z"))
        #expect(closed.codes == ["consultation.outside-hours"])
        #expect(closed.findings[0].mend.contains("2026-09-07 08:00"))
    }

    @Test("an inactive patient's consultation is not moved")
    func inactive() throws {
        let mrn = Value.text(try story.scheduledConsultation().rawValue)
        let values: [Field: Value] = [.consultation: "C-1", .startsAt: .at("2026-12-01T10:00:00Z")]
        // The appointment lies before that day, so it stands; its note may still come.
        try story.must(.patient, "DEACTIVATE", [.mrn: mrn])
        #expect(try story.tell(.consultation, "RESCHEDULE", values).codes == ["patient.inactive"])
        try story.must(.patient, "REACTIVATE", [.mrn: mrn])
        #expect(try story.tell(.consultation, "RESCHEDULE", values).isClear)
    }

    @Test("a consultation moved a little does not stand in its own way")
    func moved() throws {
        try story.scheduledConsultation()
        try story.must(
            .consultation, "RESCHEDULE", [.consultation: "C-1", .startsAt: .at("2026-09-07T10:15:00Z")])
        #expect(story.state.fetch(Consultation.self, id: "C-1")?.startsAt == .at("2026-09-07T10:15:00Z"))
    }

    @Test(
        "consultations are held at the hours of the clinic",
        arguments: [
            ("2026-12-01T07:59:00Z", false), ("2026-12-01T08:00:00Z", true), ("2026-12-01T19:30:00Z", true),
            ("2026-12-01T19:31:00Z", false), ("2026-12-06T10:00:00Z", false),
        ])
    func hours(_ start: String, isOpen: Bool) throws {
        let mrn = try story.registeredPatient()
        let ruling = try story.tell(.consultation, "SCHEDULE", appointment("C-1", mrn, start))
        #expect(ruling.codes == (isOpen ? [] : ["consultation.outside-hours"]))
    }

    @Test("a consultation is not over before it began", arguments: ["COMPLETE", "NO_SHOW"])
    func notYet(_ action: String) throws {
        try story.scheduledConsultation()
        let early = try story.tell(.consultation, action, note, at: "2026-09-07T09:59:59Z")
        #expect(early.codes == ["consultation.not-yet"])
        #expect(!early.isHeld)
        #expect(try story.tell(.consultation, action, note, at: "2026-09-07T10:00:00Z").isClear)
    }

    @Test("a history that was not reviewed is a warning")
    func history() throws {
        try story.scheduledConsultation()
        let ruling = try story.tell(.consultation, "COMPLETE", note.without(.historyReviewed))
        #expect(ruling.isClear)
        #expect(ruling.warningCodes == ["consultation.history-not-reviewed"])
        try story.scheduledConsultation("C-2", for: MRN(sequence: 1), [.startsAt: .at("2026-09-07T12:00:00Z")])
        #expect(try story.tell(.consultation, "COMPLETE", note.with([.consultation: "C-2"])).warningCodes.isEmpty)
    }

    @Test("an entry that names another patient than the consultation's is refused")
    func wrongPatient() throws {
        let mrn = try story.scheduledConsultation()
        let other = try story.registeredPatient([
            .givenName: "Zoe", .birthDate: .on("1970-01-01"), .email: "z@e.test", .identifiers: ["GP/2"],
        ])
        for wrong: [Field: Value] in [
            [.mrn: .text(other.rawValue)], [.birthDate: .on("1970-01-01")], [.identifiers: ["GP/2"]],
        ] {
            #expect(try story.tell(.consultation, "COMPLETE", note.with(wrong)).codes == ["entry.wrong-patient"])
        }
        #expect(try story.tell(.consultation, "COMPLETE", note.with([.mrn: .text(mrn.rawValue)])).isClear)
    }

    @Test("a note without a number belongs to the patient's one open consultation")
    func onlyOpen() throws {
        let mrn = try story.registeredPatient()
        let values = note.without(.consultation).with([.mrn: .text(mrn.rawValue)])
        let early = try story.tell(.consultation, "COMPLETE", values)
        #expect(early.codes == ["consultation.unknown"])
        #expect(early.isHeld)
        try story.scheduledConsultation(for: mrn)
        #expect(try story.tell(.consultation, "COMPLETE", values).isClear)
        try story.scheduledConsultation("C-2", for: mrn, [.startsAt: .at("2026-09-08T10:00:00Z")])
        try story.scheduledConsultation("C-3", for: mrn, [.startsAt: .at("2026-09-09T10:00:00Z")])
        #expect(try !story.tell(.consultation, "COMPLETE", values).isHeld)
    }
}
