import Clinic
import ClinicTesting
import Testing

@Suite("Slips of the front desk")
struct SlipTests {
    let story = Story()

    private func slip(_ source: SourceName = "front-desk") -> Registration? {
        story.state.fetch(Registration.self, id: "\(source)/SLIP-9")
    }

    private func initiate(_ contact: [Field: Value]) throws -> Ruling {
        try story.tell(.registration, "INITIATE", contact, reference: "SLIP-9")
    }

    private func register(_ source: SourceName = "kiosk") throws -> Ruling {
        try story.tell(.registration, "REGISTER", .sampleRegistration, reference: "SLIP-9", source: source)
    }

    @Test(
        "a slip that is filled in at the kiosk is the patient's, whichever drop is read first",
        arguments: [true, false])
    func tied(slipFirst: Bool) throws {
        if slipFirst { _ = try initiate([.phone: "+442079460100"]) }
        #expect(try register().isClear)
        if !slipFirst { _ = try initiate([.phone: "+442079460100"]) }
        #expect(slip()?.mrn == MRN(sequence: 1))
        #expect(slip("kiosk")?.mrn == MRN(sequence: 1))
        let request = try story.tell(.records, "REQUEST", [.registration: "front-desk/SLIP-9"])
        #expect(request.events.first?.patient == MRN(sequence: 1))
    }

    @Test("a number that two sources use for two people is not tied: the contact is another", arguments: [true, false])
    func coincidence(slipFirst: Bool) throws {
        if slipFirst { _ = try initiate([.phone: "+441", .email: "z@e.test"]) }
        #expect(try register().isClear)
        if !slipFirst { _ = try initiate([.phone: "+441", .email: "z@e.test"]) }
        #expect(slip()?.mrn == nil)
    }

    @Test("the front desk's own registration of its slip takes the contact from it")
    func contact() throws {
        _ = try initiate([.phone: "+442079460100", .email: "ann@example.test"])
        let values = [Field: Value].sampleRegistration.without(.email, .phone)
        let ruling = try story.tell(.registration, "REGISTER", values, reference: "SLIP-9")
        #expect(ruling.events.map(\.kind) == ["patient.registered", "account.opened"])
        #expect(story.patient(MRN(sequence: 1))?.email == "ann@example.test")
        #expect(story.patient(MRN(sequence: 1))?.phone == "+442079460100")
    }

    @Test(
        "a guardian enters a minor's data, or those of whom they are named for",
        arguments: [("2009-11-23", true, false), ("1990-05-17", true, false), ("1990-05-17", false, true)])
    func guardian(_ born: String, isNamed: Bool, warns: Bool) throws {
        var catalog = Catalog.sample
        catalog.policy.minimumAge = 16
        let story = Story(catalog: catalog)
        var values = [Field: Value].sampleRegistration.with([.enteredBy: "GUARDIAN", .birthDate: .on(born)])
        if isNamed { values[.guardianName] = "Max Ash" }
        let ruling = try story.tell(.registration, "REGISTER", values, at: "2026-11-23T09:00:00Z")
        #expect(ruling.isClear)
        #expect(ruling.warningCodes == (warns ? ["registration.not-self-entered"] : []))
    }
}
