import Clinic
import ClinicTesting
import Testing

@Suite("Which patient an entry means")
struct IdentificationTests {
    let story = Story()

    private func ask(_ values: [Field: Value]) throws -> Ruling { try story.tell(.patient, "VERIFY_EMAIL", values) }

    @Test("an unknown MRN is waited for, and found once it is registered")
    func unknownNumber() throws {
        let mrn = MRN(sequence: 1)
        let early = try story.tell(.patient, "UPDATE", [.mrn: .text(mrn.rawValue), .city: "London"])
        #expect(early.codes == ["patient.unknown"])
        #expect(early.findings[0].waitsFor == [.patient(mrn)])
        let registered = try story.tell(.registration, "REGISTER", .sampleRegistration)
        #expect(registered.events.contains { $0.keys.contains(.patient(mrn)) })
        #expect(try story.tell(.patient, "UPDATE", [.mrn: .text(mrn.rawValue), .city: "London"]).isClear)
    }

    @Test("an MRN with a wrong check digit is refused for good")
    func checkDigit() throws {
        let ruling = try ask([.mrn: "10000010", .token: "t"])
        #expect(ruling.codes == ["patient.bad-check-digit"])
        #expect(!ruling.isHeld)
    }

    @Test("a reference that two sources used is ambiguous; with its source it is not")
    func ambiguous() throws {
        let first = [Field: Value].sampleRegistration
        let second = first.with([.givenName: "Zoe", .birthDate: .on("1970-01-01"), .email: "z@e.test"])
        try story.tell(.registration, "REGISTER", first, reference: "77", source: "kiosk")
        try story.tell(.registration, "REGISTER", second, reference: "77", source: "website")
        let plain = try story.tell(.records, "REQUEST", [.registration: "77"])
        #expect(plain.codes == ["patient.ambiguous"])
        #expect(!plain.isHeld)
        let full = try story.tell(.records, "REQUEST", [.registration: "website/77"])
        #expect(full.events.first?.patient == MRN(sequence: 2))
    }

    @Test("identifiers of two patients on one entry are ambiguous; those of one patient are not")
    func ambiguousIdentifiers() throws {
        try story.registeredPatient([.identifiers: ["GP/1", "LAB/5"]])
        try story.registeredPatient([
            .identifiers: ["GP/2"], .givenName: "Zoe", .birthDate: .on("1970-01-01"), .email: "z@e.test",
        ])
        #expect(try story.tell(.records, "REQUEST", [.identifiers: ["GP/1", "GP/2"]]).codes == ["patient.ambiguous"])
        #expect(try story.tell(.records, "REQUEST", [.identifiers: ["GP/1", "LAB/5"]]).isClear)
        let unknown = try story.tell(.records, "REQUEST", [.identifiers: ["GP/3"]])
        #expect(unknown.codes == ["patient.unknown"])
        #expect(unknown.findings[0].waitsFor == [.identifier("GP/3")])
    }

    @Test("a name or birth date of somebody else is refused; another spelling of case is not")
    func wrongPatient() throws {
        let mrn = try story.registeredPatient()
        let number = Value.text(mrn.rawValue)
        for wrong: [Field: Value] in [[.familyName: "Birch"], [.birthDate: .on("1991-05-17")]] {
            let ruling = try story.tell(.records, "REQUEST", wrong.with([.mrn: number]))
            #expect(ruling.codes == ["entry.wrong-patient"])
        }
        let right: [Field: Value] = [.mrn: number, .familyName: " ASH", .birthDate: .on("1990-05-17")]
        #expect(try story.tell(.records, "REQUEST", right).isClear)
    }

    @Test("a merged number leads to the surviving record, and keeps what comes under it")
    func mergedNumber() throws {
        let old = try story.registeredPatient()
        let new = try story.registeredPatient([.givenName: "Anne", .email: "anne@example.test"])
        try story.must(.patient, "MERGE", [.mrn: .text(old.rawValue), .intoMRN: .text(new.rawValue)])
        let ruling = try story.tell(.records, "REQUEST", [.mrn: .text(old.rawValue)])
        #expect(ruling.events.first?.patient == old)
        #expect(try story.tell(.patient, "UPDATE", [.mrn: .text(old.rawValue), .city: "Leeds"]).isClear)
        #expect(story.patient(new)?.city == "Leeds")
    }

    @Test("a merged record whose survivor is gone stands for nobody")
    func lostSurvivor() throws {
        let mrn = try story.registeredPatient()
        var patient = try #require(story.patient(mrn))
        patient.state = .merged
        patient.mergedInto = MRN(sequence: 999)
        story.state.put(patient)
        #expect(try story.tell(.records, "REQUEST", [.mrn: .text(mrn.rawValue)]).codes == ["patient.merged"])
        patient.state = .active
        patient.mergedInto = nil
        story.state.put(patient)
        #expect(try story.tell(.records, "REQUEST", [.mrn: .text(mrn.rawValue)]).isClear)
    }
}
