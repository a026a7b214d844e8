import Clinic
import ClinicTesting
import Testing

@Suite("Registration")
struct RegistrationTests {
    let story = Story()

    @Test("a registration makes a patient with an MRN, and ties the slip to it")
    func registers() throws {
        let ruling = try story.tell(.registration, "REGISTER", .sampleRegistration, reference: "SLIP-1")
        #expect(ruling.codes.isEmpty)
        #expect(ruling.events.map(\.kind) == ["patient.registered", "account.opened"])
        let patient = try #require(story.patient(MRN(sequence: 1)))
        #expect(patient.fullName == "Ann Ash")
        #expect(patient.sex == .female)
        #expect(patient.allergies == [])
        #expect(patient.medications == nil)
        #expect(story.state.fetch(Registration.self, id: "front-desk/SLIP-1")?.mrn == patient.mrn)
    }

    @Test("an account waits for its e-mail to be verified, and keeps hashes alone")
    func account() throws {
        let command = Command(
            form: .registration, action: Action("REGISTER"), reference: "R", source: "kiosk",
            values: .sampleRegistration.with([.email: "Ann@Example.test"]), effectiveAt: story.now, now: story.now,
            passwordHash: "$2b$10$hash")
        let ruling = try story.pathway.settle(command, in: story.state)
        let opened = try #require(ruling.events.first { $0.kind == "account.opened" })
        let account = try #require(opened.written(PatientAccount.self))
        let credential = try #require(opened.written(Credential.self))
        #expect(account.state == .pendingVerification)
        #expect(account.role == "PATIENT")
        #expect(account.email == "ann@example.test")
        #expect(credential.passwordHash == "$2b$10$hash")
        #expect(opened.secret == "token-verify-email-1")
        #expect(credential.tokenSHA256 == Seals.test.sha256(Array("token-verify-email-1".utf8)))
        #expect(opened.note == nil)
    }

    @Test("without an e-mail there is no account; without a password the account is an invitation")
    func withoutEmail() throws {
        let bare = try story.tell(.registration, "REGISTER", .sampleRegistration.without(.email))
        #expect(bare.events.map(\.kind) == ["patient.registered"])
        let other = try story.tell(.registration, "REGISTER", .sampleRegistration.with([.birthDate: .on("1980-01-01")]))
        #expect(other.events.last?.note == "invitation")
    }

    @Test("an e-mail that is taken makes the patient and no account")
    func emailTaken() throws {
        try story.registeredPatient()
        let second: [Field: Value] = [.givenName: "Bob", .birthDate: .on("1980-02-03"), .email: "ANN@example.test"]
        let ruling = try story.tell(.registration, "REGISTER", .sampleRegistration.with(second))
        #expect(ruling.isClear)
        #expect(ruling.warningCodes == ["account.e-mail-taken"])
        #expect(ruling.events.map(\.kind) == ["patient.registered"])
        let free = try story.tell(
            .registration, "REGISTER",
            .sampleRegistration.with([.givenName: "Cy", .birthDate: .on("1970-02-03"), .email: "cy@example.test"]))
        #expect(free.warningCodes.isEmpty)
        #expect(free.events.count == 2)
    }

    @Test("the eighteenth birthday is the first day on which the clinic takes a patient")
    func age() throws {
        let values = [Field: Value].sampleRegistration
        let day = "2026-11-23T09:00:00Z"
        let minor = try story.tell(.registration, "REGISTER", values.with([.birthDate: .on("2008-11-24")]), at: day)
        #expect(minor.codes == ["patient.under-age"])
        #expect(!minor.isHeld)
        let adult = try story.tell(.registration, "REGISTER", values.with([.birthDate: .on("2008-11-23")]), at: day)
        #expect(adult.isClear)
    }

    @Test("where the clinic takes minors, they need a guardian")
    func guardian() throws {
        var catalog = Catalog.sample
        catalog.policy.minimumAge = 16
        let story = Story(catalog: catalog)
        let minor = [Field: Value].sampleRegistration.with([.birthDate: .on("2009-11-23")])
        #expect(try story.tell(.registration, "REGISTER", minor).codes == ["patient.minor-without-guardian"])
        #expect(try story.tell(.registration, "REGISTER", minor.with([.guardianName: "Gail Ash"])).isClear)
    }

    @Test(
        "a birth date is plausible",
        arguments: [("2026-11-24", false), ("1890-01-01", false), ("1930-01-01", true)])
    func birthDate(_ date: String, isPlausible: Bool) throws {
        let ruling = try story.tell(.registration, "REGISTER", .sampleRegistration.with([.birthDate: .on(date)]))
        #expect(ruling.codes == (isPlausible ? [] : ["patient.implausible-birth-date"]))
    }

    @Test("a national id and an identifier of another system belong to one person", arguments: [true, false])
    func duplicate(_ byNationalID: Bool) throws {
        let number: [Field: Value] = byNationalID ? [.nationalID: "AB123456C"] : [.identifiers: ["GP/77"]]
        let mrn = try story.registeredPatient(number)
        let other: [Field: Value] = [.givenName: "Zoe", .familyName: "Quill", .birthDate: .on("1970-01-01")]
        let values = [Field: Value].sampleRegistration.with(other).without(.email)
        let again = try story.tell(.registration, "REGISTER", values.with(number))
        #expect(again.codes == ["patient.duplicate"])
        #expect(again.findings[0].aside?.contains(mrn.rawValue) == true)
        #expect(!again.findings[0].detail.contains(mrn.rawValue))
        let next: [Field: Value] = byNationalID ? [.nationalID: "AB123456D"] : [.identifiers: ["GP/78"]]
        #expect(try story.tell(.registration, "REGISTER", values.with(next)).isClear)
    }

    @Test("everything that is wrong is reported together")
    func together() throws {
        try story.registeredPatient([.nationalID: "AB123456C"])
        let ruling = try story.tell(
            .registration, "REGISTER",
            .sampleRegistration.with([.nationalID: "AB123456C", .birthDate: .on("2015-01-01"), .mrn: "10000010"]))
        #expect(ruling.codes == ["patient.bad-check-digit", "patient.under-age", "patient.duplicate"])
    }

    @Test("staff who enter a patient's data are told that patients do that themselves")
    func notSelfEntered() throws {
        let staff = try story.tell(.registration, "REGISTER", .sampleRegistration.with([.enteredBy: "STAFF"]))
        #expect(staff.isClear)
        #expect(staff.warningCodes == ["registration.not-self-entered"])
        let own = try story.tell(
            .registration, "REGISTER", .sampleRegistration.with([.birthDate: .on("1970-01-01"), .email: "b@c.test"]))
        #expect(own.warningCodes.isEmpty)
    }

    @Test("a slip handed out is nobody's until the patient has filled it in")
    func initiate() throws {
        let slip = try story.tell(.registration, "INITIATE", [.phone: "+44 1"], reference: "SLIP-9")
        #expect(slip.events.map(\.kind) == ["registration.initiated"])
        let early = try story.tell(.records, "REQUEST", [.registration: "SLIP-9"])
        #expect(early.codes == ["patient.unknown"])
        #expect(early.isHeld)
        try story.tell(.registration, "REGISTER", .sampleRegistration, reference: "SLIP-9", source: "kiosk")
        #expect(try story.tell(.records, "REQUEST", [.registration: "SLIP-9"]).isClear)
    }

    @Test("a visit message registers an unknown patient and updates a known one")
    func visit() throws {
        let values = [Field: Value].sampleRegistration.with([.identifiers: ["GP/77"]])
        let first = try story.tell(.registration, "VISIT", values)
        #expect(first.events.map(\.kind) == ["patient.registered", "account.opened"])
        let again = try story.tell(.registration, "VISIT", values.with([.city: "London"]))
        #expect(again.events.map(\.kind) == ["patient.updated"])
        #expect(story.patient(MRN(sequence: 1))?.city == "London")
    }

    @Test("a visit under an MRN that is not known yet waits; it never makes a second patient")
    func visitAhead() throws {
        let values = [Field: Value].sampleRegistration
        let early = try story.tell(.registration, "VISIT", values.with([.mrn: .text(MRN(sequence: 1).rawValue)]))
        #expect(early.codes == ["patient.unknown"])
        #expect(early.isHeld)
        #expect(
            try story.tell(.registration, "VISIT", values.with([.mrn: "10000010"])).codes == ["patient.bad-check-digit"]
        )
        let registered = try story.tell(
            .registration, "REGISTER", values.with([.mrn: .text(MRN(sequence: 1).rawValue)]))
        #expect(registered.codes == ["patient.unknown"])
        #expect(!registered.isHeld)
        try story.registeredPatient()
        let known = try story.tell(.registration, "REGISTER", values.with([.mrn: .text(MRN(sequence: 1).rawValue)]))
        #expect(known.codes == ["patient.duplicate"])
    }

    @Test("a reference of one source registers one patient")
    func referenceReused() throws {
        try story.registeredPatient(reference: "SLIP-1")
        let other = [Field: Value].sampleRegistration.with([.birthDate: .on("1970-01-01"), .email: "z@e.test"])
        for action in ["REGISTER", "INITIATE"] {
            let ruling = try story.tell(.registration, action, other, reference: "SLIP-1")
            #expect(ruling.codes == ["entry.reference-reused"])
        }
        #expect(try story.tell(.registration, "REGISTER", other, reference: "SLIP-2").isClear)
    }
}
