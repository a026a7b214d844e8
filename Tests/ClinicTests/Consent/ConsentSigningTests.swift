import Clinic
import ClinicTesting
import Testing

@Suite("Consent: signing")
struct ConsentSigningTests {
    private func story(parties: [Consent.Party] = [.patient, .surgeon], acknowledged: Bool = true) -> Story {
        let story = Story()
        story.aPatientAfterConsultation()
        story.aPlan()
        story.anIssuedConsent(parties: parties, acknowledged: acknowledged)
        return story
    }

    private func sign(
        _ story: Story, _ party: String = "PATIENT", _ signer: String = "Ada Reyes", _ more: [Field: Value] = [:],
        at time: String? = nil
    ) throws -> Ruling {
        let hours = ["PATIENT": "10", "GUARDIAN": "11", "SURGEON": "12"]
        let signedAt = time ?? "2026-11-17T\(hours[party] ?? "13"):00:00Z"
        var values: [Field: Value] = [
            .consent: "K-1", .party: .text(party), .signer: .text(signer), .signedAt: .at(signedAt),
        ]
        values.merge(more) { $1 }
        return try story.tell(.consent, "SIGN", values, at: signedAt)
    }

    @Test("signed by all parties it is SIGNED and locked; each signature repeats the hash")
    func allSign() throws {
        let story = story()
        #expect(try sign(story).codes == [])
        #expect(story.consent()?.state == .partiallySigned)
        #expect(try sign(story, "SURGEON", "Dr. Ada Stone").codes == [])
        let consent = try #require(story.consent())
        #expect(consent.state == .signed)
        #expect(consent.signedAt == .at("2026-11-17T12:00:00Z"))
        #expect(consent.signatures.allSatisfy { $0.sha256 == consent.sha256 && !$0.meaning.isEmpty })
        #expect(try sign(story).codes == ["consent.locked", "consent.party-already-signed"])
        #expect(
            try story.tell(.consent, "ACKNOWLEDGE", [.consent: "K-1", .clauses: ["C2"]]).codes == ["consent.locked"])
    }

    @Test("an unknown consent is waited for")
    func unknown() throws {
        let ruling = try sign(Story())
        #expect(ruling.codes == ["consent.unknown"])
        #expect(ruling.findings.first?.waitsFor == [.consent(ConsentID("K-1"))])
    }

    @Test("only a party of the consent signs, and once")
    func parties() throws {
        let story = story()
        #expect(try sign(story, "WITNESS", "Wilma West").codes == ["consent.party-not-required"])
        #expect(try sign(story).codes == [])
        #expect(try sign(story).codes == ["consent.party-already-signed"])
    }

    @Test("the hash given must be the snapshot's")
    func documentChanged() throws {
        let story = story()
        let hash = try #require(story.consent()?.sha256)
        #expect(
            try sign(story, "PATIENT", "Ada Reyes", [.documentSHA256: "00ff"]).codes == ["consent.document-changed"])
        #expect(try sign(story, "PATIENT", "Ada Reyes", [.documentSHA256: .text(hash.uppercased())]).codes == [])
    }

    @Test(
        "a signature under another name than the party's is refused",
        arguments: [
            ("PATIENT", "Adam Reyes"), ("WITNESS", "Ada Reyes"), ("WITNESS", "Dr. Ada Stone"), ("GUARDIAN", "X"),
        ])
    func otherSigner(party: String, signer: String) throws {
        let story = story(parties: [.patient, .guardian, .surgeon, .witness])
        #expect(try sign(story, party, signer).codes.first == "consent.signer-not-the-party")
    }

    @Test(
        "the patient may sign with the middle or the preferred name",
        arguments: ["ada reyes", "Ada Maria Reyes", "Addy Reyes"])
    func namesOfThePatient(name: String) throws {
        let story = story()
        var patient = story.aPatientAfterConsultation()
        patient.middleName = "Maria"
        patient.preferredName = "Addy"
        story.state.put(patient)
        #expect(try sign(story, "PATIENT", name).codes == [])
    }

    @Test("the surgeon who signs is the plan's, by number or by printed name")
    func surgeon() throws {
        let story = story()
        #expect(try sign(story).codes == [])
        #expect(try sign(story, "SURGEON", "Dr. Ben Frost").codes == ["consent.signer-not-the-party"])
        #expect(
            try sign(story, "SURGEON", "Dr. Ada Stone", [.signerID: "S2"]).codes == ["consent.signer-not-the-party"])
        #expect(
            try sign(story, "SURGEON", "Dr. Ben Frost", [.signerID: "S1"]).codes == ["consent.signer-not-the-party"])
        #expect(try sign(story, "SURGEON", "A. Stone", [.signerID: "S1"]).codes == [])
    }

    @Test("the witness is somebody else than those who signed before")
    func witness() throws {
        let story = story(parties: [.patient, .anesthetist, .surgeon, .witness])
        #expect(try sign(story).codes == [])
        #expect(try sign(story, "ANESTHETIST", "Dr. Ben Frost").codes == ["consent.signer-not-the-party"])
        #expect(try sign(story, "ANESTHETIST", "Dr. Cleo Marsh").codes == [])
        #expect(try sign(story, "WITNESS", "Dr. Cleo Marsh").codes == ["consent.signer-not-the-party"])
        #expect(try sign(story, "WITNESS", "Wilma West").codes == [])
    }

    @Test("father and daughter may bear one name; a witness is neither of them")
    func oneName() throws {
        let story = story(parties: [.patient, .guardian, .surgeon, .witness])
        var patient = story.aPatientAfterConsultation()
        patient.guardianName = "Ada Reyes"
        story.state.put(patient)
        #expect(try sign(story).codes == [])
        #expect(try sign(story, "GUARDIAN", "Ada Reyes").codes == [])
        #expect(try sign(story, "WITNESS", "Ada Reyes").codes == ["consent.signer-not-the-party"])
    }

    @Test("the surgeon before the patient is held until the patient has signed")
    func surgeonFirst() throws {
        let story = story()
        let ruling = try sign(story, "SURGEON", "Dr. Ada Stone")
        #expect(ruling.codes == ["consent.signature-order"])
        #expect(ruling.isHeld)
        #expect(try sign(story).codes == [])
        #expect(try sign(story, "SURGEON", "Dr. Ada Stone").codes == [])
    }

    @Test("a surgeon's time before the patient's is final, and so is a time before the issue")
    func orderOfTimes() throws {
        let story = story()
        #expect(try sign(story, at: "2026-11-03T09:00:00Z").codes.contains("consent.signature-order"))
        #expect(try sign(story).codes == [])
        let ruling = try sign(story, "SURGEON", "Dr. Ada Stone", at: "2026-11-17T09:00:00Z")
        #expect(ruling.codes == ["consent.signature-order"])
        #expect(!ruling.isHeld)
    }

    @Test("a signature in the future is refused")
    func future() throws {
        #expect(try sign(story(), at: "2026-11-24T09:00:00Z").codes.contains("entry.in-the-future"))
    }

    @Test("fourteen whole days lie between the first consultation and the signature; the earliest day is named")
    func timeForThought() throws {
        let story = story()
        let early = try sign(story, at: "2026-11-15T23:59:00Z")
        #expect(early.codes == ["consent.signed-too-soon"])
        #expect(early.findings.first?.mend.contains("2026-11-16") == true)
        #expect(try sign(story, at: "2026-11-16T00:00:00Z").codes == [])
    }

    @Test("an earlier consultation with the same surgeon counts, one with another does not")
    func earlierConsultation() throws {
        let story = story()
        story.aPatientAfterConsultation(suffix: "0", on: "2026-10-20", surgeon: "S2")
        #expect(try sign(story, at: "2026-11-10T10:00:00Z").codes == ["consent.signed-too-soon"])
        story.aPatientAfterConsultation(suffix: "0", on: "2026-10-20", surgeon: "S1")
        #expect(try sign(story, at: "2026-11-10T10:00:00Z").codes == [])
    }

    @Test("required clauses are acknowledged before the patient signs: until then the signature is held")
    func clauses() throws {
        let story = story(acknowledged: false)
        let ruling = try sign(story)
        #expect(ruling.codes == ["consent.clauses-open"])
        #expect(ruling.isHeld)
        try story.tell(.consent, "ACKNOWLEDGE", [.consent: "K-1", .clauses: ["C1"]], at: "2026-11-05T10:00:00Z")
        #expect(try sign(story).codes == [])
    }

    @Test("clauses acknowledged only after the signature make it final")
    func lateClauses() throws {
        let story = story(acknowledged: false)
        try story.tell(.consent, "ACKNOWLEDGE", [.consent: "K-1", .clauses: ["C1"]], at: "2026-11-18T10:00:00Z")
        let ruling = try sign(story)
        #expect(ruling.codes == ["consent.clauses-open"])
        #expect(!ruling.isHeld)
    }

    @Test("a signature more than 180 days before the surgery is refused")
    func expired() throws {
        let story = story()
        var plan = story.aPlan()
        plan.plannedFor = .on("2027-05-17")
        story.state.put(plan)
        #expect(try sign(story).codes == ["consent.expired"])
        plan.plannedFor = .on("2027-05-16")
        story.state.put(plan)
        #expect(try sign(story).codes == [])
    }

    @Test("a signed consent stands 180 days, and not one more")
    func validity() throws {
        let story = story()
        let consent = story.aSignedConsent()
        #expect(story.pathway.isValid(consent, on: .on("2027-05-16")))
        #expect(!story.pathway.isValid(consent, on: .on("2027-05-17")))
    }

    @Test("the consent of a cancelled plan is not signed, and a deceased patient signs nothing")
    func planAndPatient() throws {
        let story = story()
        story.aPlan(state: .cancelled)
        #expect(try sign(story).codes == ["consent.plan-not-approved"])
        story.aPlan()
        var patient = story.aPatientAfterConsultation()
        patient.state = .deceased
        story.state.put(patient)
        #expect(try sign(story).codes == ["patient.inactive"])
    }
}
