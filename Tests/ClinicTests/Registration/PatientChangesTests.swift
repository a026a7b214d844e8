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

    @Test("an active record is not lost in an inactive one; the other way round it comes back as it was")
    func mergeInactive() throws {
        let mrn = try story.registeredPatient()
        let one = Value.text(mrn.rawValue)
        let two = Value.text(try story.registeredPatient([.givenName: "Zoe", .email: "z@e.test"]).rawValue)
        try story.must(.patient, "DEACTIVATE", [.mrn: one])
        #expect(try story.tell(.patient, "MERGE", [.mrn: two, .intoMRN: one]).codes == ["patient.inactive"])
        try story.must(.patient, "MERGE", [.mrn: one, .intoMRN: two])
        try story.must(.patient, "UNMERGE", [.mrn: one, .intoMRN: two])
        #expect(story.patient(mrn)?.state == .inactive)
    }

    @Test("two records of which one tells of a death are not merged; when both do, they are")
    func mergeDeceased() throws {
        let mrn = try story.registeredPatient()
        let one = Value.text(mrn.rawValue)
        let two = Value.text(try story.registeredPatient([.givenName: "Zoe", .email: "z@e.test"]).rawValue)
        try story.must(.patient, "DECEASE", [.mrn: one])
        for pair: [Field: Value] in [[.mrn: one, .intoMRN: two], [.mrn: two, .intoMRN: one]] {
            #expect(try story.tell(.patient, "MERGE", pair).codes == ["patient.inactive"])
        }
        try story.must(.patient, "DECEASE", [.mrn: two])
        try story.must(.patient, "MERGE", [.mrn: one, .intoMRN: two])
        try story.must(.patient, "UNMERGE", [.mrn: one, .intoMRN: two])
        #expect(story.patient(mrn)?.state == .deceased)
    }

    @Test("a merge into a record that is merged follows it, and comes away with it")
    func chain() throws {
        let numbers = try ["Ann", "Bea", "Cleo"].enumerated().map { index, name in
            try story.registeredPatient([
                .givenName: .text(name), .email: .text("\(name)@e.test"),
                .birthDate: .on("199\(index)-03-0\(index + 1)"),
            ])
        }
        let (one, two, three) = (
            Value.text(numbers[0].rawValue), Value.text(numbers[1].rawValue), Value.text(numbers[2].rawValue)
        )
        try story.must(.patient, "MERGE", [.mrn: two, .intoMRN: three])
        try story.must(.patient, "MERGE", [.mrn: one, .intoMRN: two])
        try story.must(.patient, "UPDATE", [.mrn: one, .city: "Leeds"])
        #expect(story.patient(numbers[2])?.city == "Leeds")
        #expect(try story.tell(.patient, "MERGE", [.mrn: three, .intoMRN: one]).codes == ["patient.same-record"])
        #expect(try story.tell(.patient, "UNMERGE", [.mrn: one, .intoMRN: three]).codes == ["patient.not-merged"])
        try story.must(.patient, "UNMERGE", [.mrn: two, .intoMRN: three])
        try story.must(.patient, "UPDATE", [.mrn: one, .city: "York"])
        #expect(story.patient(numbers[1])?.city == "York")
        // What the first number told went with it.
        #expect(story.patient(numbers[2])?.city == nil)
    }

    @Test("what came in between stays with the number it came under when the merge is undone")
    func inBetween() throws {
        let old = try story.registeredPatient()
        let new = try story.registeredPatient([.givenName: "Anne", .email: "anne@example.test"])
        let both: [Field: Value] = [.mrn: .text(old.rawValue), .intoMRN: .text(new.rawValue)]
        try story.must(.patient, "MERGE", both)
        try story.scheduledConsultation("C-1", for: old)
        try story.scheduledConsultation("C-2", for: new, [.startsAt: .at("2026-09-08T10:00:00Z")])
        let note: [Field: Value] = [.consultation: "C-1", .notes: "Seen.", .historyReviewed: true]
        try story.must(.consultation, "COMPLETE", note.with([.mrn: .text(new.rawValue)]))
        try story.must(.patient, "UNMERGE", both)
        let owners = story.state.all(Consultation.self).map(\.mrn)
        #expect(owners == [old, new])
        #expect(
            try story.tell(.consultation, "AMEND", note.with([.mrn: .text(new.rawValue)])).codes
                == ["entry.wrong-patient"])
        #expect(try story.tell(.consultation, "AMEND", note.with([.mrn: .text(old.rawValue)])).isClear)
    }

    @Test(
        "a name or birth date on a merge is that of either record",
        arguments: [
            ([.familyName: "ALDER"], []), ([.familyName: "Birch"], []), ([.familyName: "Cedar"], [Field.familyName]),
            ([.birthDate: .on("1980-01-01")], []), ([.birthDate: .on("1970-05-05")], []),
            ([.birthDate: .on("1980-01-02")], [.birthDate]),
            ([.familyName: "Birch", .birthDate: .on("1980-01-02")], [.birthDate]),
        ] as [([Field: Value], [Field])])
    func namesOfMerge(told: [Field: Value], wrong: [Field]) throws {
        let one = try story.registeredPatient([.familyName: "Alder", .birthDate: .on("1980-01-01")])
        let other = try story.registeredPatient(
            [.familyName: "Birch", .birthDate: .on("1970-05-05"), .email: "b@e.test"])
        let numbers: [Field: Value] = [.mrn: .text(one.rawValue), .intoMRN: .text(other.rawValue)]
        let ruling = try story.tell(.patient, "MERGE", numbers.with(told))
        #expect(ruling.findings.map(\.rule.code) == (wrong.isEmpty ? [] : ["entry.wrong-patient"]))
        #expect(ruling.findings.flatMap(\.fields) == wrong)
    }

    @Test("records are merged by the numbers of another system, and parted by them")
    func mergeByIdentifiers() throws {
        let old = try story.registeredPatient([.identifiers: ["HIS/1"]])
        let new = try story.registeredPatient([.givenName: "Zoe", .email: "z@e.test", .identifiers: ["HIS/2"]])
        let both: [Field: Value] = [.identifiers: ["HIS/1"], .intoIdentifiers: ["HIS/2"]]
        let early = try story.tell(.patient, "MERGE", both.with([.intoIdentifiers: ["HIS/3"]]))
        #expect(early.codes == ["patient.unknown"])
        #expect(early.findings[0].waitsFor == [.identifier("HIS/3")])
        try story.must(.patient, "MERGE", both)
        #expect(story.patient(old)?.mergedInto == new)
        try story.must(.patient, "UNMERGE", both)
        #expect(story.patient(old)?.state == .active)
        #expect(
            try story.tell(.patient, "MERGE", both.with([.identifiers: ["HIS/1", "HIS/2"]])).codes
                == ["patient.ambiguous"])
    }

    @Test("a number of another system is changed: the new one finds the patient, the old one nobody")
    func changedIdentifier() throws {
        let mrn = try story.registeredPatient([.identifiers: ["HIS/1", "LAB/7"]])
        let change: [Field: Value] = [.formerIdentifiers: ["HIS/1"], .identifiers: ["HIS/2"]]
        try story.must(.patient, "UPDATE", change)
        #expect(story.patient(mrn)?.identifiers == ["LAB/7", "HIS/2"])
        #expect(try story.tell(.records, "REQUEST", [.identifiers: ["HIS/1"]]).codes == ["patient.unknown"])
        #expect(try story.tell(.records, "REQUEST", [.identifiers: ["HIS/2"]]).isClear)
        // Told again it has no effect, and the number is free for whom it belongs to.
        try story.must(.patient, "UPDATE", change)
        try story.registeredPatient([
            .givenName: "Zoe", .email: "z@e.test", .birthDate: .on("1970-01-01"), .identifiers: ["HIS/1"],
        ])
        let taken: [Field: Value] = [.formerIdentifiers: ["HIS/2"], .identifiers: ["HIS/1"]]
        #expect(try story.tell(.patient, "UPDATE", taken).codes == ["patient.duplicate"])
        try story.must(.patient, "UPDATE", [.mrn: .text(mrn.rawValue), .identifiers: .deletion])
        #expect(story.patient(mrn)?.identifiers == [])
    }

    @Test("a minor keeps a guardian")
    func guardianDeleted() throws {
        var catalog = Catalog.sample
        catalog.policy.minimumAge = 16
        let story = Story(catalog: catalog)
        let minor: [Field: Value] = [.birthDate: .on("2009-11-23"), .guardianName: "Max Ash"]
        let mrn = Value.text(try story.registeredPatient(minor, at: "2026-11-23T09:00:00Z").rawValue)
        let without = try story.tell(.patient, "UPDATE", [.mrn: mrn, .guardianName: .deletion])
        #expect(without.codes == ["patient.minor-without-guardian"])
        #expect(try story.tell(.patient, "UPDATE", [.mrn: mrn, .guardianName: "Ida Ash"]).isClear)
        let adult = Value.text(
            try story.registeredPatient([.email: "b@c.test", .guardianName: "Max Ash"]).rawValue)
        #expect(try story.tell(.patient, "UPDATE", [.mrn: adult, .guardianName: .deletion]).isClear)
    }

    @Test("a relative's given name with another birth date is somebody else; a nickname's spelling is not")
    func relative() throws {
        let mrn = Value.text(try story.registeredPatient().rawValue)
        let born: [Field: Value] = [.mrn: mrn, .birthDate: .on("1990-05-18")]
        #expect(
            try story.tell(.patient, "UPDATE", born.with([.givenName: "Robert"])).codes == ["patient.identity-clash"])
        #expect(try story.tell(.patient, "UPDATE", born.with([.givenName: "Anne"])).isClear)
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
        #expect(story.patient(old)?.image == before)
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
