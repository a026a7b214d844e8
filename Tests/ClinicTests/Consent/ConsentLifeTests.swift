import Clinic
import ClinicTesting
import Testing

@Suite("Consent: from its issue to its end")
struct ConsentLifeTests {
    private let withdrawal: [Field: Value] = [.consent: "K-1", .reason: "afraid"]

    @discardableResult
    private func sign(
        _ story: Story, _ party: String, _ signer: String, _ consent: String = "K-1",
        at time: String = "2026-11-17T10:00:00Z", more: [Field: Value] = [:]
    ) throws -> Ruling {
        let values: [Field: Value] = [
            .consent: .text(consent), .party: .text(party), .signer: .text(signer), .signedAt: .at(time),
        ]
        return try story.tell(.consent, "SIGN", values.with(more), at: time)
    }

    @discardableResult
    private func create(_ story: Story, _ id: String, at time: String, _ more: [Field: Value] = [:]) throws -> Ruling {
        let values: [Field: Value] = [.consent: .text(id), .plan: "P-1", .consultation: "C-1"]
        return try story.tell(.consent, "CREATE", values.with(more), at: time)
    }

    @Test("a signature keeps the hash, printed name, number, method, time and what it means")
    func signature() throws {
        let story = Story()
        story.aPatientAfterConsultation()
        story.aPlan()
        let issued = story.anIssuedConsent()
        try sign(story, "PATIENT", "Ada Reyes", more: [.method: "DRAWN"])
        try sign(
            story, "SURGEON", "Dr. Ada Stone", at: "2026-11-17T11:00:00Z", more: [.signerID: "S1", .method: "CLICK"])
        let signatures = story.consent()?.signatures ?? []
        #expect(signatures.map(\.sha256) == [issued.sha256, issued.sha256])
        #expect(signatures.map(\.signer) == ["Ada Reyes", "Dr. Ada Stone"])
        #expect(signatures.map(\.signerID) == [nil, "S1"])
        #expect(signatures.map(\.method) == ["DRAWN", "CLICK"])
        #expect(signatures.map(\.signedAt) == [.at("2026-11-17T10:00:00Z"), .at("2026-11-17T11:00:00Z")])
        #expect(
            signatures.map(\.meaning) == [
                "I have read and understood this consent and agree to the surgery described.",
                "I have explained the surgery, its risks and its alternatives to the patient.",
            ])
    }

    @Test("signatures and other senders' numbers stand in an order of their own, not in that of arrival")
    func order() throws {
        let ends = try [["WITNESS", "SURGEON"], ["SURGEON", "WITNESS"]].map { parties in
            let story = Story()
            story.aPatientAfterConsultation()
            story.aPlan()
            story.anIssuedConsent(parties: [.patient, .surgeon, .witness])
            try sign(story, "PATIENT", "Ada Reyes")
            for party in parties {
                let isSurgeon = party == "SURGEON"
                try sign(
                    story, party, isSurgeon ? "Dr. Ada Stone" : "Wilma West",
                    at: isSurgeon ? "2026-11-17T12:00:00Z" : "2026-11-17T11:00:00Z")
            }
            return try #require(story.consent())
        }
        #expect(ends[0] == ends[1])
        #expect(ends[0].signatures.map(\.party) == [.patient, .witness, .surgeon])
        #expect(ends[0].state == .signed)
    }

    @Test("it can be withdrawn at every stage, and then nobody signs it", arguments: 0...2)
    func withdrawn(signatures: Int) throws {
        let story = Story()
        story.aPatientAfterConsultation()
        story.aPlan()
        story.anIssuedConsent()
        if signatures > 0 { try sign(story, "PATIENT", "Ada Reyes") }
        if signatures > 1 { try sign(story, "SURGEON", "Dr. Ada Stone", at: "2026-11-17T11:00:00Z") }
        #expect(try story.tell(.consent, "WITHDRAW", withdrawal).codes == [])
        #expect(story.consent()?.state == .withdrawn)
        #expect(story.consent()?.signatures.count == signatures)
        #expect(
            try sign(story, "SURGEON", "Dr. Ada Stone", at: "2026-11-18T11:00:00Z").codes.contains("consent.withdrawn"))
    }

    @Test("before the start a withdrawal cancels the case and frees its stock; after it, it is recorded")
    func withdrawnAroundTheStart() throws {
        let before = Story()
        before.aScheduledCase()
        let ruling = try before.tell(.consent, "WITHDRAW", withdrawal)
        #expect(ruling.events.map(\.kind) == ["consent.withdrawn", "case.cancelled", "inventory.released"])
        #expect(
            ruling.events.map(\.cause) == [nil, "consent.withdrawn consent:K-1", "case.cancelled case:CASE-1"])
        for story in [Story(), Story()] {
            let started = story.aCaseInProgress()
            let after = try story.tell(.consent, "WITHDRAW", withdrawal)
            #expect(after.events.map(\.kind) == ["consent.withdrawn"])
            #expect(story.consent()?.state == .withdrawn)
            #expect(story.surgicalCase() == started)
        }
    }

    @Test("a declined consent lets another be created, a living one does not")
    func declined() throws {
        let story = Story()
        story.aPatientAfterConsultation()
        story.aPlan()
        story.anIssuedConsent()
        #expect(try create(story, "K-2", at: "2026-11-04T09:00:00Z").codes == ["consent.exists"])
        try story.must(.consent, "DECLINE", [.consent: "K-1", .reason: "not now"])
        #expect(story.consent()?.reason == "not now")
        #expect(try sign(story, "PATIENT", "Ada Reyes").codes == ["consent.declined"])
        #expect(try create(story, "K-2", at: "2026-11-18T09:00:00Z").codes == [])
    }

    @Test("refusing photographs, costs or publicity blocks nothing", arguments: ["DECLINE", "WITHDRAW"])
    func otherKinds(_ action: String) throws {
        let story = Story()
        story.aScheduledCase()
        try create(story, "K-2", at: "2026-11-18T09:00:00Z", [.kind: "PHOTOGRAPHY"])
        let ruling = try story.tell(.consent, action, [.consent: "K-2", .reason: "private"])
        #expect(ruling.events.count == 1)
        #expect(story.surgicalCase()?.state == .scheduled)
        var signedIn = try #require(story.surgicalCase())
        signedIn.signInAt = .at("2026-11-23T08:50:00Z")
        story.state.put(signedIn)
        #expect(
            try story.tell(.surgicalCase, "START", [.surgicalCase: "CASE-1"], at: "2026-11-23T09:00:00Z").codes == [])
    }

    @Test("one that has expired by the day of surgery makes way for a new one, and is EXPIRED then")
    func expired() throws {
        let story = Story()
        story.aPatientAfterConsultation()
        var plan = story.aPlan()
        story.aSignedConsent()
        #expect(try create(story, "K-2", at: "2026-11-20T09:00:00Z").codes == ["consent.exists"])
        plan.plannedFor = .on("2027-05-17")
        story.state.put(plan)
        let ruling = try create(story, "K-2", at: "2026-11-20T09:00:00Z")
        #expect(ruling.events.map(\.kind) == ["consent.issued", "consent.expired"])
        #expect(story.consent()?.state == .expired)
        #expect(story.consent("K-2")?.state == .issued)
        #expect(try story.tell(.consent, "WITHDRAW", withdrawal).codes == ["consent.expired"])
    }

    @Test("a booked case keeps the consent that is good for its day, whatever day the plan names")
    func expiredForThePlanOnly() throws {
        let story = Story()
        story.aScheduledCase()
        var plan = try #require(try story.plan())
        plan.plannedFor = .on("2027-06-01")
        story.state.put(plan)
        #expect(try create(story, "K-2", at: "2026-11-20T09:00:00Z").codes == ["consent.exists"])
        #expect(story.consent()?.state == .signed)
    }

    @Test("a minor assents and the guardian agrees; both come before the surgeon")
    func minor() throws {
        let story = Story()
        var patient = story.aPatientAfterConsultation(born: "2009-01-01")
        patient.guardianName = "Rosa Reyes"
        story.state.put(patient)
        story.aPlan()
        try create(story, "K-1", at: "2026-11-03T10:00:00Z")
        try story.must(.consent, "ACKNOWLEDGE", [.consent: "K-1", .clauses: ["C1"]], at: "2026-11-05T10:00:00Z")
        #expect(try sign(story, "PATIENT", "Ada Reyes").codes == [])
        let early = try sign(story, "SURGEON", "Dr. Ada Stone", at: "2026-11-19T11:00:00Z")
        #expect(early.codes == ["consent.signature-order"])
        #expect(early.isHeld)
        #expect(
            try sign(story, "GUARDIAN", "Otto Reyes", at: "2026-11-18T10:00:00Z").codes
                == ["consent.signer-not-the-party"])
        #expect(try sign(story, "GUARDIAN", "Rosa Reyes", at: "2026-11-18T10:00:00Z").codes == [])
        #expect(try sign(story, "SURGEON", "Dr. Ada Stone", at: "2026-11-19T11:00:00Z").codes == [])
        let consent = try #require(story.consent())
        #expect(consent.state == .signed)
        #expect(consent.signature(of: .patient)?.meaning.contains("assent") == true)
        #expect(consent.signature(of: .guardian)?.meaning.contains("on behalf of the patient") == true)
        #expect(consent.agreedAt == .at("2026-11-18T10:00:00Z"))
        #expect(consent.patientSignedAt == .at("2026-11-17T10:00:00Z"))
    }

    @Test("somebody of age needs no guardian", arguments: [("2008-11-03", false), ("2008-11-04", true)])
    func ofAge(born: String, isMinor: Bool) throws {
        let story = Story()
        story.aPatientAfterConsultation(born: born)
        story.aPlan()
        try create(story, "K-1", at: "2026-11-03T10:00:00Z")
        #expect(story.consent()?.parties.contains(.guardian) == isMinor)
    }

    @Test("the witness signs with or after the patient, and is nobody else of the consent")
    func witness() throws {
        let story = Story()
        story.aPatientAfterConsultation()
        story.aPlan()
        story.anIssuedConsent(parties: [.patient, .surgeon, .witness, .interpreter])
        let early = try sign(story, "WITNESS", "Wilma West")
        #expect(early.codes == ["consent.signature-order"])
        #expect(early.isHeld)
        #expect(try sign(story, "INTERPRETER", "Ines Vale").codes == [])
        #expect(try sign(story, "PATIENT", "Ada Reyes").codes == [])
        #expect(try sign(story, "WITNESS", "Ines Vale").codes == ["consent.signer-not-the-party"])
        let before = try sign(story, "WITNESS", "Wilma West", at: "2026-11-17T09:59:59Z")
        #expect(before.codes == ["consent.signature-order"])
        #expect(!before.isHeld)
        #expect(try sign(story, "WITNESS", "Wilma West").codes == [])
    }

    @Test("a consultation that led to a plan for something else informed about that alone")
    func informedAboutSomethingElse() throws {
        let story = Story()
        story.aPatientAfterConsultation(suffix: "0", on: "2026-10-20")
        story.aPatientAfterConsultation()
        story.aPlan()
        story.anIssuedConsent()
        let time = "2026-11-10T10:00:00Z"
        story.aPlan("RHINOPLASTY", side: .notApplicable, suffix: "0", state: .cancelled)
        let early = try sign(story, "PATIENT", "Ada Reyes", at: time)
        #expect(early.codes == ["consent.signed-too-soon"])
        #expect(early.findings.first?.mend == "sign on 2026-11-16 or later")
        story.aPlan("BREAST-AUG", suffix: "0", state: .cancelled)
        #expect(try sign(story, "PATIENT", "Ada Reyes", at: time).codes == [])
    }

    @Test("a signature that is wrong in five ways names all five")
    func together() throws {
        let story = Story()
        story.aPatientAfterConsultation()
        story.aPlan()
        story.anIssuedConsent(acknowledged: false)
        try story.must(.consent, "ASK", [.consent: "K-1", .text: "Scars?"], at: "2026-11-05T10:00:00Z")
        let ruling = try sign(
            story, "PATIENT", "Ben Reyes", at: "2026-11-10T10:00:00Z",
            more: [.documentSHA256: "00", .birthDate: .on("1991-05-01")])
        #expect(
            ruling.codes == [
                "entry.wrong-patient", "consent.document-changed", "consent.signer-not-the-party",
                "consent.clauses-open", "consent.question-open", "consent.signed-too-soon",
            ])
        #expect(!ruling.isHeld)
    }
}
