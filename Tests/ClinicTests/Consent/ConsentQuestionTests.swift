import Clinic
import ClinicTesting
import Testing

@Suite("Consent: questions and languages")
struct ConsentQuestionTests {
    private func story(language: String? = nil, parties: [Consent.Party] = [.patient, .surgeon]) -> Story {
        let story = Story()
        var patient = story.aPatientAfterConsultation()
        patient.language = language
        story.state.put(patient)
        story.aPlan()
        story.anIssuedConsent(parties: parties)
        return story
    }

    @discardableResult
    private func sign(
        _ story: Story, _ party: String = "PATIENT", _ signer: String = "Ada Reyes",
        at time: String = "2026-11-17T10:00:00Z"
    ) throws -> Ruling {
        try story.tell(
            .consent, "SIGN",
            [.consent: "K-1", .party: .text(party), .signer: .text(signer), .signedAt: .at(time)], at: time)
    }

    @discardableResult
    private func say(_ story: Story, _ action: String, _ text: String, at time: String) throws -> Ruling {
        try story.tell(.consent, action, [.consent: "K-1", .text: .text(text), .actor: "S1"], at: time)
    }

    @Test("an open question holds the patient's signature until it is answered")
    func open() throws {
        let story = story()
        #expect(try say(story, "ASK", "May I fly?", at: "2026-11-06T10:00:00Z").codes == [])
        let ruling = try sign(story)
        #expect(ruling.codes == ["consent.question-open"])
        #expect(ruling.isHeld)
        #expect(try say(story, "ANSWER", "After a week.", at: "2026-11-07T10:00:00Z").codes == [])
        #expect(try sign(story).codes == [])
        #expect(story.consent()?.questions.first?.answeredBy == "S1")
    }

    @Test("an answer after the signature comes too late for it; a question after it does not matter")
    func late() throws {
        let late = story()
        try say(late, "ASK", "May I fly?", at: "2026-11-06T10:00:00Z")
        try say(late, "ANSWER", "After a week.", at: "2026-11-17T10:00:01Z")
        let ruling = try sign(late)
        #expect(ruling.codes == ["consent.question-open"])
        #expect(!ruling.isHeld)
        #expect(try sign(late, at: "2026-11-17T10:00:01Z").codes == [])
        let after = story()
        try say(after, "ASK", "May I fly?", at: "2026-11-17T10:00:01Z")
        #expect(try sign(after).codes == [])
    }

    @Test("an open question does not hold the surgeon's signature")
    func surgeon() throws {
        let story = story()
        #expect(try sign(story).codes == [])
        try say(story, "ASK", "May I fly?", at: "2026-11-17T10:30:00Z")
        #expect(try sign(story, "SURGEON", "Dr. Ada Stone", at: "2026-11-17T11:00:00Z").codes == [])
        #expect(story.consent()?.state == .signed)
    }

    @Test("questions stand in the order in which they were asked; an answer is never older than its question")
    func order() throws {
        let story = story()
        try say(story, "ASK", "Second?", at: "2026-11-06T12:00:00Z")
        try say(story, "ASK", "First?", at: "2026-11-06T10:00:00Z")
        #expect(story.consent()?.questions.map(\.text) == ["First?", "Second?"])
        #expect(
            try say(story, "ANSWER", "x", at: "2026-11-06T09:00:00Z").codes == ["consent.question-unknown"])
        #expect(try say(story, "ANSWER", "One.", at: "2026-11-06T11:00:00Z").codes == [])
        #expect(try say(story, "ANSWER", "Two.", at: "2026-11-06T11:00:00Z").codes == ["consent.question-unknown"])
        #expect(try say(story, "ANSWER", "Two.", at: "2026-11-06T12:00:00Z").codes == [])
        #expect(story.consent()?.questions.map(\.answer) == ["One.", "Two."])
    }

    private func created(_ story: Story, _ id: Value = "K-2", _ kind: Value = "PHOTOGRAPHY") throws -> Ruling {
        try story.tell(
            .consent, "CREATE", [.consent: id, .plan: "P-1", .consultation: "C-1", .kind: kind],
            at: "2026-11-17T09:00:00Z")
    }

    @Test(
        "a consent in another language than the patient's is a warning when it is created, and not again",
        arguments: [
            ("fr", true), ("French", true), ("uk", true), ("en", false), ("en-GB", false), ("ENG", false),
            ("English", false), (nil, false), ("", false),
        ] as [(String?, Bool)])
    func language(_ language: String?, differs: Bool) throws {
        let story = story(language: language)
        let ruling = try created(story)
        #expect(ruling.codes == [])
        #expect(ruling.warningCodes == (differs ? ["consent.language-differs"] : []))
        #expect(ruling.warnings.allSatisfy { $0.waitsFor.isEmpty })
        #expect(try sign(story).warningCodes == [])
    }

    @Test("a consent that was issued by itself is warned of when its number is added, else at the signature")
    func issuedByItself() throws {
        for isAdopted in [true, false] {
            var catalog = Catalog.sample
            catalog.policy.consentAutoIssue = true
            let story = Story(catalog: catalog)
            var patient = story.aPatientAfterConsultation()
            patient.language = "fr"
            story.state.put(patient)
            story.aPlan(state: .draft)
            try story.must(.plan, "APPROVE", [.plan: "P-1", .surgeon: "S1"], at: "2026-11-03T09:00:00Z")
            if isAdopted { #expect(try created(story, "K-7", "SURGICAL").warningCodes == ["consent.language-differs"]) }
            try story.must(
                .consent, "ACKNOWLEDGE", [.consent: "P-1-v1-C1", .clauses: ["C1"]], at: "2026-11-04T09:00:00Z")
            let signed = try story.tell(
                .consent, "SIGN",
                [
                    .consent: "P-1-v1-C1", .party: "PATIENT", .signer: "Ada Reyes",
                    .signedAt: .at("2026-11-17T10:00:00Z"),
                ], at: "2026-11-17T10:00:00Z")
            #expect(signed.codes == [])
            #expect(signed.warningCodes == (isAdopted ? [] : ["consent.language-differs"]))
            #expect(signed.warnings.allSatisfy { $0.waitsFor.isEmpty })
        }
    }

    @Test("an interpreter may sign where the languages differ, whatever the template asks for")
    func interpreter() throws {
        let foreign = story(language: "fr")
        #expect(try sign(foreign, "INTERPRETER", "Ines Vale").codes == [])
        #expect(try sign(foreign).warningCodes == [])
        #expect(try sign(foreign, "SURGEON", "Dr. Ada Stone", at: "2026-11-17T11:00:00Z").codes == [])
        #expect(foreign.consent()?.state == .signed)
        #expect(foreign.consent()?.signature(of: .interpreter)?.signer == "Ines Vale")
        let own = story(language: "en")
        #expect(try sign(own, "INTERPRETER", "Ines Vale").codes == ["consent.party-not-required"])
        let asked = story(language: "en", parties: [.patient, .surgeon, .interpreter])
        #expect(try sign(asked, "INTERPRETER", "Ines Vale").codes == [])
    }

    @Test("policy can make the interpreter a condition: the patient's signature waits for theirs")
    func required() throws {
        var catalog = Catalog.sample
        catalog.policy.refusedWarnings = ["consent.language-differs"]
        let story = story(language: "fr")
        story.pathway = Pathway(catalog: catalog, seals: .test)
        #expect(try created(story).codes == [])
        let ruling = try sign(story)
        #expect(ruling.codes == ["consent.language-differs"])
        #expect(ruling.isHeld)
        #expect(try sign(story, "INTERPRETER", "Ines Vale").codes == [])
        #expect(try sign(story).codes == [])
    }
}
