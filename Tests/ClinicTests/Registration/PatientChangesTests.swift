import Clinic
import ClinicTesting
import Testing

@Suite("Changes of a patient's record")
struct PatientChangesTests {
    let story = Story()

    @Test("empty leaves, a deletion deletes")
    func update() throws {
        let mrn = try story.registeredPatient([.address: "1 Elm Road", .insurer: "ACME", .policyNumber: "P1"])
        try story.must(
            .patient, "UPDATE", [.mrn: .text(mrn.rawValue), .city: "Leeds", .address: .deletion, .allergies: ["latex"]])
        let patient = try #require(story.patient(mrn))
        #expect(patient.city == "Leeds")
        #expect(patient.address == nil)
        #expect(patient.phone == "+44 20 7946 0100")
        #expect(patient.allergies == ["latex"])
        #expect(patient.coverage == Patient.Coverage(insurer: "ACME", policyNumber: "P1"))
    }

    @Test("a required field cannot be deleted")
    func requiredField() throws {
        let mrn = try story.registeredPatient()
        let ruling = try story.tell(.patient, "UPDATE", [.mrn: .text(mrn.rawValue), .familyName: .deletion])
        #expect(ruling.codes == ["entry.missing-field"])
    }

    @Test("a new name is a marriage, a new name and a new birth date are somebody else")
    func identityClash() throws {
        let mrn = try story.registeredPatient()
        let both: [Field: Value] = [.familyName: "Birch", .birthDate: .on("1985-01-01")]
        let clash = try story.tell(.patient, "UPDATE", both.with([.mrn: .text(mrn.rawValue)]))
        #expect(clash.codes == ["patient.identity-clash"])
        try story.must(.patient, "UPDATE", [.mrn: .text(mrn.rawValue), .familyName: "Birch"])
        #expect(story.patient(mrn)?.familyName == "Birch")
    }

    @Test("an unconfirmed account follows the e-mail with a new token; the old one opens nothing")
    func email() throws {
        let mrn = Value.text(try story.registeredPatient(at: "2026-11-23T09:00:00Z").rawValue)
        let moved = try story.must(.patient, "UPDATE", [.mrn: mrn, .email: "new@example.test"])
        #expect(moved.events.map(\.kind) == ["patient.updated", "account.opened"])
        let old: [Field: Value] = [.mrn: mrn, .token: "token-verify-email-1"]
        #expect(try story.tell(.patient, "VERIFY_EMAIL", old).codes == ["account.token-invalid"])
        let gone = try story.must(.patient, "UPDATE", [.mrn: mrn, .email: .deletion])
        #expect(gone.events.map(\.kind) == ["patient.updated", "account.token-withdrawn"])
        let second: [Field: Value] = [.mrn: mrn, .token: "token-verify-email-2"]
        #expect(try story.tell(.patient, "VERIFY_EMAIL", second).codes == ["account.token-invalid"])
        try story.must(.patient, "UPDATE", [.mrn: mrn, .email: "third@example.test"])
        try story.must(.patient, "VERIFY_EMAIL", second.with([.token: "token-verify-email-3"]))
        #expect(story.state.all(PatientAccount.self).map(\.email) == ["third@example.test"])
    }

    @Test("an account in use keeps its user name when the contact changes")
    func userName() throws {
        let mrn = Value.text(try story.registeredPatient(at: "2026-11-23T09:00:00Z").rawValue)
        try story.must(.patient, "VERIFY_EMAIL", [.mrn: mrn, .token: "token-verify-email-1"])
        let moved = try story.must(.patient, "UPDATE", [.mrn: mrn, .email: "new@example.test"])
        #expect(moved.events.map(\.kind) == ["patient.updated"])
        #expect(story.state.all(PatientAccount.self).map(\.state) == [.active])
        #expect(story.state.all(PatientAccount.self).map(\.email) == ["ann@example.test"])
    }

    @Test("the token of the mail opens the account, once and in time")
    func verify() throws {
        let mrn = Value.text(try story.registeredPatient(at: "2026-11-23T09:00:00Z").rawValue)
        let token: [Field: Value] = [.mrn: mrn, .token: "token-verify-email-1"]
        #expect(
            try story.tell(.patient, "VERIFY_EMAIL", token.with([.token: "guess"])).codes == ["account.token-invalid"])
        story.now = .at("2026-11-26T18:00:00Z")
        #expect(try story.tell(.patient, "VERIFY_EMAIL", token).codes == ["account.token-expired"])
        story.now = .at("2026-11-26T17:59:59Z")
        try story.must(.patient, "VERIFY_EMAIL", token)
        #expect(story.state.all(PatientAccount.self).map(\.state) == [.active])
        #expect(try story.tell(.patient, "VERIFY_EMAIL", token).codes == ["account.token-invalid"])
    }

    @Test("an inactive patient is refused until reactivated")
    func inactive() throws {
        let mrn = Value.text(try story.registeredPatient().rawValue)
        try story.must(.patient, "DEACTIVATE", [.mrn: mrn])
        #expect(try story.tell(.patient, "UPDATE", [.mrn: mrn, .city: "Leeds"]).codes == ["patient.inactive"])
        try story.must(.patient, "REACTIVATE", [.mrn: mrn])
        #expect(try story.tell(.patient, "UPDATE", [.mrn: mrn, .city: "Leeds"]).isClear)
    }

    @Test("a death is recorded, told again without harm, and not taken back", arguments: ["DEACTIVATE", "REACTIVATE"])
    func deceased(_ action: String) throws {
        let mrn = Value.text(try story.registeredPatient().rawValue)
        try story.must(.patient, "DECEASE", [.mrn: mrn])
        try story.must(.patient, "DECEASE", [.mrn: mrn])
        #expect(try story.tell(.patient, action, [.mrn: mrn]).codes == ["patient.inactive"])
        #expect(try story.tell(.records, "REQUEST", [.mrn: mrn]).isClear)
    }

    @Test("only an active record is merged away, so that it can come back as it was")
    func mergeInactive() throws {
        let one = Value.text(try story.registeredPatient().rawValue)
        let two = Value.text(try story.registeredPatient([.givenName: "Zoe", .email: "z@e.test"]).rawValue)
        try story.must(.patient, "DEACTIVATE", [.mrn: one])
        #expect(try story.tell(.patient, "MERGE", [.mrn: one, .intoMRN: two]).codes == ["patient.inactive"])
        #expect(try story.tell(.patient, "MERGE", [.mrn: two, .intoMRN: one]).isClear)
    }

    @Test("a merge changes only the merged record, and can be undone")
    func merge() throws {
        let old = try story.registeredPatient()
        let new = try story.registeredPatient([.givenName: "Anne", .email: "anne@example.test"])
        let both: [Field: Value] = [.mrn: .text(old.rawValue), .intoMRN: .text(new.rawValue)]
        let before = try #require(story.patient(old))
        let survivor = story.patient(new)
        #expect(try story.tell(.patient, "UNMERGE", both).isHeld)
        try story.must(.patient, "MERGE", both)
        #expect(story.patient(old)?.mergedInto == new)
        #expect(story.patient(new) == survivor)
        #expect(try story.tell(.patient, "MERGE", both).codes == ["patient.merged"])
        try story.must(.patient, "UNMERGE", both)
        #expect(story.patient(old) == before)
        #expect(try story.tell(.patient, "UNMERGE", both).codes == ["patient.not-merged"])
    }

    @Test("a record is not merged into itself, nor in a circle")
    func circle() throws {
        let one = Value.text(try story.registeredPatient().rawValue)
        let two = Value.text(try story.registeredPatient([.givenName: "Zoe", .email: "z@e.test"]).rawValue)
        #expect(try story.tell(.patient, "MERGE", [.mrn: one, .intoMRN: one]).codes == ["patient.same-record"])
        try story.must(.patient, "MERGE", [.mrn: one, .intoMRN: two])
        #expect(try story.tell(.patient, "MERGE", [.mrn: two, .intoMRN: one]).codes == ["patient.same-record"])
    }
}

@Suite("Possible duplicates")
struct ResemblanceTests {
    let story = Story()

    @Test("a name misspelt with the same birth date goes on the review list, and is not merged")
    func misspelt() throws {
        try story.registeredPatient([.familyName: "Ashworth"])
        let ruling = try story.tell(
            .registration, "REGISTER", .sampleRegistration.with([.familyName: "Ashwort", .email: "other@example.test"]))
        #expect(ruling.isClear)
        #expect(ruling.warningCodes == ["patient.possible-duplicate"])
        #expect(story.state.all(PossibleDuplicate.self).map(\.state) == [.open])
        #expect(story.state.all(Patient.self).allSatisfy { $0.state == .active })
    }

    @Test(
        "what alone proves nothing gives no warning",
        arguments: [
            // Twins, a couple, father and daughter of one name, and two strangers born on one day.
            [Field.givenName: Value.text("Beatrice")],
            [.givenName: "Martin", .birthDate: .on("1988-01-02")],
            [.birthDate: .on("1961-09-09")],
            [.givenName: "Olga", .familyName: "Petrova", .phone: "1"],
        ])
    func household(_ changes: [Field: Value]) throws {
        try story.registeredPatient([.address: "1 Elm Road"])
        let ruling = try story.tell(
            .registration, "REGISTER", .sampleRegistration.with([.address: "1 Elm Road"]).with(changes))
        #expect(ruling.isClear)
        #expect(!ruling.warningCodes.contains("patient.possible-duplicate"))
    }

    @Test("two people told apart are not suspected again")
    func distinct() throws {
        let one = try story.registeredPatient()
        let two = try story.registeredPatient([.email: "other@example.test"])
        #expect(story.state.all(PossibleDuplicate.self).count == 1)
        try story.must(.patient, "DISTINCT", [.mrn: .text(one.rawValue), .intoMRN: .text(two.rawValue)])
        let ruling = try story.must(.patient, "UPDATE", [.mrn: .text(two.rawValue), .givenName: "Anna"])
        #expect(ruling.warningCodes.isEmpty)
        #expect(story.state.all(PossibleDuplicate.self).map(\.state) == [.distinct])
    }
}
