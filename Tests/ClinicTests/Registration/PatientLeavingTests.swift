import Clinic
import ClinicTesting
import Testing

@Suite("A patient who has died or is not cared for any more")
struct PatientLeavingTests {
    let story = Story(now: "2026-11-20T12:00:00Z")
    let mrn = Value.text(Story.mrn.rawValue)

    @Test(
        "what lies ahead is cancelled and given back, each with its cause",
        arguments: [("DECEASE", "the patient has died"), ("DEACTIVATE", "the patient's record was made inactive")])
    func consequences(_ action: String, _ cause: String) throws {
        story.aScheduledCase()
        try story.scheduledConsultation("C-9", for: Story.mrn, [.startsAt: .at("2026-11-25T10:00:00Z")])
        try story.scheduledConsultation("C-8", for: Story.mrn, [.startsAt: .at("2026-11-19T10:00:00Z")])
        let ruling = try story.must(.patient, action, [.mrn: mrn])
        #expect(story.surgicalCase()?.state == .cancelled)
        #expect(story.state.all(Booking.self).allSatisfy { !$0.isActive })
        #expect(story.state.all(Reservation.self).map(\.state) == [.released])
        #expect(story.state.all(InventoryLot.self).map(\.reserved) == [0])
        #expect(story.state.fetch(Consultation.self, id: "C-9")?.state == .cancelled)
        // Its note may still be on its way.
        #expect(story.state.fetch(Consultation.self, id: "C-8")?.state == .scheduled)
        let consequences = ruling.events.dropFirst()
        #expect(consequences.map(\.kind) == ["consultation.cancelled", "inventory.released", "case.cancelled"])
        #expect(consequences.allSatisfy { $0.note == cause })
        #expect(try story.must(.patient, action, [.mrn: mrn]).events.count == 1)
    }

    @Test("two plans that keep things of one lot give both back")
    func sharedLot() throws {
        story.allReady()
        story.aPlan(suffix: "2")
        story.aReservation("IMP-300", "L-1", 1, suffix: "2")
        #expect(story.state.all(InventoryLot.self).map(\.reserved) == [3])
        try story.must(.patient, "DECEASE", [.mrn: mrn])
        #expect(story.state.all(InventoryLot.self).map(\.reserved) == [0])
        #expect(story.state.all(Reservation.self).allSatisfy { $0.state == .released })
    }

    @Test("a surgery that has begun goes on, with what is kept for it")
    func inSurgery() throws {
        story.aCaseInProgress()
        story.now = .at("2026-11-23T10:00:00Z")
        try story.must(.patient, "DECEASE", [.mrn: mrn])
        #expect(story.surgicalCase()?.state == .inProgress)
        #expect(story.state.all(Reservation.self).map(\.state) == [.active])
        try story.must(.surgicalCase, "ABANDON", [.surgicalCase: "CASE-1", .reason: "arrest"])
        #expect(story.state.all(Consultation.self).allSatisfy { $0.visit != "FOLLOW_UP" })
    }

    @Test(
        "a death from before the start that is told only afterwards stands on the case as a remark",
        arguments: [("09:04:59", true), ("09:05:00", false), ("09:30:00", false)])
    func toldLate(time: String, isLate: Bool) throws {
        story.aCaseInProgress()
        story.now = .at("2026-11-23T10:00:00Z")
        let ruling = try story.must(.patient, "DECEASE", [.mrn: mrn], at: "2026-11-23T\(time)Z")
        #expect(ruling.events.map(\.kind).contains("case.deceased-late") == isLate)
        #expect(story.surgicalCase()?.state == .inProgress)
        #expect(
            story.surgicalCase()?.remarks.map(\.text)
                == (isLate
                    ? ["The patient is recorded as deceased before the start; it was told only afterwards."] : []))
        // Being made inactive is nothing that a surgeon would have had to know.
        let gone = Story(now: "2026-11-23T10:00:00Z")
        gone.aCaseInProgress()
        try gone.must(.patient, "DEACTIVATE", [.mrn: mrn], at: "2026-11-23T\(time)Z")
        #expect(gone.surgicalCase()?.remarks.isEmpty == true)
    }

    @Test("what is booked for a record that was merged is cancelled too")
    func mergedRecord() throws {
        story.aScheduledCase()
        let other = try story.registeredPatient([.givenName: "Zoe", .birthDate: .on("1970-01-01")])
        let survivor: MRN = try {
            if other != Story.mrn { return other }
            return try story.registeredPatient([.givenName: "Yve", .birthDate: .on("1971-01-01"), .email: "y@e.test"])
        }()
        // The story's patient is put back over the one that took its number.
        story.aPatientAfterConsultation()
        try story.must(.patient, "MERGE", [.mrn: mrn, .intoMRN: .text(survivor.rawValue)])
        try story.must(.patient, "DECEASE", [.mrn: .text(survivor.rawValue)])
        #expect(story.surgicalCase()?.state == .cancelled)
    }
}

@Suite("A patient's account")
struct AccountLifeTests {
    let story = Story()

    private func wrong(_ mrn: MRN, _ token: String = "guess") throws -> Event? {
        let values: [Field: Value] = [.mrn: .text(mrn.rawValue), .token: .text(token)]
        let ruling = try story.tell(.patient, "VERIFY_EMAIL", values)
        let command = Command(
            form: .patient, action: Action("VERIFY_EMAIL"), reference: "R", source: "portal", values: values,
            effectiveAt: story.now, now: story.now)
        let event = try story.pathway.failedAttempt(for: command, findings: ruling.findings, in: story.state)
        if let event { story.state.apply(event) }
        return event
    }

    private func account(_ mrn: MRN) -> PatientAccount? { story.state.fetch(PatientAccount.self, id: mrn.rawValue) }

    @Test("the fifth wrong token locks an account; a new token opens it again")
    func locked() throws {
        let mrn = try story.registeredPatient(at: "2026-11-23T09:00:00Z")
        for _ in 1...4 { #expect(try wrong(mrn)?.kind == "account.token-refused") }
        #expect(account(mrn)?.state == .pendingVerification)
        #expect(try wrong(mrn)?.kind == "account.locked")
        #expect(account(mrn)?.state == .locked)
        let right: [Field: Value] = [.mrn: .text(mrn.rawValue), .token: "token-verify-email-1"]
        #expect(try story.tell(.patient, "VERIFY_EMAIL", right).codes == ["account.token-invalid"])
        #expect(try wrong(mrn) == nil)
        let again = try story.must(.patient, "REACTIVATE", [.mrn: .text(mrn.rawValue)])
        #expect(again.events.map(\.kind) == ["patient.reactivated", "account.opened"])
        try story.must(.patient, "VERIFY_EMAIL", right.with([.token: "token-verify-email-2"]))
        #expect(account(mrn)?.state == .active)
        #expect(account(mrn)?.failedAttempts == 0)
    }

    @Test("the link that opened the account guesses nothing when it is followed again; other tokens do")
    func spent() throws {
        let mrn = try story.registeredPatient(at: "2026-11-23T09:00:00Z")
        let right: [Field: Value] = [.mrn: .text(mrn.rawValue), .token: "token-verify-email-1"]
        try story.must(.patient, "VERIFY_EMAIL", right)
        #expect(try wrong(mrn, "token-verify-email-1") == nil)
        for _ in 1...5 { _ = try wrong(mrn) }
        #expect(account(mrn)?.state == .locked)
    }

    @Test("an account is closed with the record, and proved anew when the patient comes back")
    func closed() throws {
        let mrn = try story.registeredPatient(at: "2026-11-23T09:00:00Z")
        let number: [Field: Value] = [.mrn: .text(mrn.rawValue)]
        let gone = try story.must(.patient, "DEACTIVATE", number)
        #expect(gone.events.map(\.kind) == ["patient.deactivated", "account.closed"])
        #expect(account(mrn)?.state == .closed)
        try story.must(.patient, "REACTIVATE", number)
        #expect(account(mrn)?.state == .pendingVerification)
        // Nothing is mailed while a token is on its way.
        #expect(try story.must(.patient, "REACTIVATE", number).events.map(\.kind) == ["patient.reactivated"])
        try story.must(.patient, "DECEASE", number)
        #expect(account(mrn)?.state == .closed)
    }

    @Test("the e-mail of a closed account is free for another patient, and then not taken back")
    func freed() throws {
        let mrn = try story.registeredPatient(at: "2026-11-23T09:00:00Z")
        let other: [Field: Value] = [.givenName: "Bob", .birthDate: .on("1980-02-03")]
        #expect(
            try story.tell(.registration, "REGISTER", .sampleRegistration.with(other)).warningCodes
                == ["account.e-mail-taken"])
        try story.must(.patient, "DEACTIVATE", [.mrn: .text(mrn.rawValue)])
        let third = other.with([.givenName: "Cy", .birthDate: .on("1985-02-03")])
        #expect(try story.tell(.registration, "REGISTER", .sampleRegistration.with(third)).warningCodes.isEmpty)
        let back = try story.must(.patient, "REACTIVATE", [.mrn: .text(mrn.rawValue)])
        #expect(back.warningCodes == ["account.e-mail-taken"])
        #expect(account(mrn)?.state == .closed)
    }

    @Test("a record that was merged keeps its account, and its mail still opens it")
    func merged() throws {
        let old = try story.registeredPatient(at: "2026-11-23T09:00:00Z")
        let new = try story.registeredPatient([.givenName: "Anne", .email: .deletion], at: "2026-11-23T09:00:00Z")
        try story.must(.patient, "MERGE", [.mrn: .text(old.rawValue), .intoMRN: .text(new.rawValue)])
        try story.must(.patient, "UPDATE", [.mrn: .text(new.rawValue), .email: "ann@example.test"])
        #expect(account(new) == nil)
        try story.must(.patient, "VERIFY_EMAIL", [.mrn: .text(new.rawValue), .token: "token-verify-email-1"])
        #expect(account(old)?.state == .active)
    }
}
