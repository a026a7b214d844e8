import Clinic
import ClinicTesting
import Testing

@Suite("Consent: issuing")
struct ConsentIssueTests {
    private func story() -> Story {
        let story = Story()
        story.aPatientAfterConsultation()
        return story
    }

    @discardableResult
    private func create(
        _ story: Story, _ id: String = "K-1", _ more: [Field: Value] = [:]
    ) throws -> Ruling {
        var values: [Field: Value] = [.consent: .text(id), .plan: "P-1", .consultation: "C-1"]
        values.merge(more) { $1 }
        return try story.tell(.consent, "CREATE", values, at: "2026-11-04T09:00:00Z")
    }

    @Test("a consent is a snapshot of its template, filled in, with its hash, parties and clauses")
    func snapshot() throws {
        let story = story()
        story.aPlan()
        #expect(try create(story).codes == [])
        let consent = try #require(story.consent())
        let snapshot = try #require(story.state.fetch(ConsentSnapshot.self, id: "K-1"))
        #expect(consent.state == .issued)
        #expect(consent.parties == [.patient, .surgeon])
        #expect(consent.clauses.map(\.clause) == ["C1", "C2"])
        #expect(consent.sha256 == story.pathway.seals.sha256(Array(snapshot.text.utf8)))
        for fact in [
            "Clinic: Test Clinic", "Patient: Ada Reyes", "MRN: \(Story.mrn)", "Breast augmentation, bilateral",
            "Surgeon: Dr. Ada Stone", "Anesthesia: general", "Plan: P-1 version 1",
            "Template: breast-augmentation version 1", "Breast augmentation on Ada Reyes, side bilateral.",
        ] {
            #expect(snapshot.text.contains(fact), "\(fact)")
        }
        #expect(!snapshot.text.contains("{{"))
    }

    @Test("a name that looks like a placeholder is not filled in again")
    func placeholderInName() throws {
        let story = Story()
        story.aPatientAfterConsultation(givenName: "{{mrn}}")
        story.aPlan()
        #expect(try create(story).codes == [])
        #expect(story.state.fetch(ConsentSnapshot.self, id: "K-1")?.text.contains("on {{mrn}} Reyes, side") == true)
    }

    @Test("a minor's guardian signs too, right after the patient")
    func minor() throws {
        let story = Story()
        story.aPatientAfterConsultation(born: "2009-01-01")
        story.aPlan()
        #expect(try create(story).codes == [])
        #expect(story.consent()?.parties == [.patient, .guardian, .surgeon])
    }

    @Test("a number in use is refused, and so is a second living consent of one kind")
    func exists() throws {
        let story = story()
        story.aPlan()
        #expect(try create(story).codes == [])
        #expect(try create(story).codes == ["consent.exists"])
        #expect(try create(story, "K-2").codes == ["consent.exists"])
        #expect(try create(story, "K-3", [.kind: "PHOTOGRAPHY"]).codes == [])
    }

    @Test("after a withdrawal a new consent may be created")
    func afterWithdrawal() throws {
        let story = story()
        story.aPlan()
        try create(story)
        try story.tell(.consent, "WITHDRAW", [.consent: "K-1", .reason: "thinks again"])
        #expect(try create(story, "K-2").codes == [])
    }

    @Test("an unknown or draft plan holds the consent; a cancelled one refuses it")
    func planNotApproved() throws {
        let story = story()
        let unknown = try create(story)
        #expect(unknown.codes == ["consent.plan-not-approved"])
        #expect(unknown.findings.first?.waitsFor == [.plan(PlanID("P-1"))])
        story.aPlan(state: .draft)
        #expect(try create(story).isHeld)
        story.aPlan(state: .cancelled)
        let over = try create(story)
        #expect(over.codes == ["consent.plan-not-approved"])
        #expect(!over.isHeld)
        story.aPlan()
        #expect(try create(story).codes == [])
    }

    @Test("the consultation must be completed: held while it can be, refused when it never will")
    func consultation() throws {
        let story = story()
        story.aPlan()
        var consultation = try #require(story.state.fetch(Consultation.self, id: "C-1"))
        consultation.state = .scheduled
        story.state.put(consultation)
        let held = try create(story)
        #expect(held.codes == ["consent.consultation-not-completed"])
        #expect(held.isHeld)
        consultation.state = .noShow
        story.state.put(consultation)
        #expect(try !create(story).isHeld)
        consultation.state = .completed
        story.state.put(consultation)
        #expect(try create(story).codes == [])
    }

    @Test("the consultation named must be the plan's")
    func otherConsultation() throws {
        let story = story()
        story.aPlan()
        story.aPatientAfterConsultation(suffix: "2")
        #expect(try create(story, "K-1", [.consultation: "C-2"]).codes == ["consent.consultation-not-of-plan"])
        #expect(try create(story, "K-1", [.consultation: "C-9"]).isHeld == false)
        #expect(try create(story).codes == [])
    }

    @Test("without a template there is no consent")
    func noTemplate() throws {
        let story = story()
        story.aPlan()
        #expect(try create(story, "K-1", [.kind: "MARKETING"]).codes == ["consent.no-template"])
        #expect(try create(story, "K-1", [.kind: "PHOTOGRAPHY"]).codes == [])
    }

    @Test("the text is the one that approval selected, though a newer one is there; gone, the newer one is taken")
    func selectedTemplate() throws {
        for (isGone, name) in [(false, "breast-augmentation"), (true, "breast-implants")] {
            var catalog = Catalog.sample
            var newer = catalog.templates[0]
            newer.name = "breast-implants"
            newer.version = 9
            catalog.templates.append(newer)
            if isGone { catalog.templates.removeFirst() }
            let story = Story()
            story.aPatientAfterConsultation()
            story.aPlan()
            story.pathway = Pathway(catalog: catalog, seals: .test)
            #expect(try create(story).codes == [])
            #expect(story.consent()?.templates.map(\.name) == [name])
        }
    }

    @Test("an entry that names another patient is refused, however its numbers are")
    func wrongPatient() throws {
        let story = story()
        story.aPlan()
        #expect(try create(story, "K-1", [.familyName: "Young"]).codes == ["entry.wrong-patient"])
        #expect(try create(story, "K-1", [.familyName: "reyes ", .birthDate: .on("1990-05-01")]).codes == [])
    }

    @Test("with automatic issue an approved plan has its consent, and a later CREATE adds the sender's number")
    func automaticIssue() throws {
        let story = story()
        let plan = story.aPlan()
        let approved = Event(
            "plan.approved", .plan(plan.plan), patient: plan.mrn, at: .at("2026-11-03T09:00:00Z"), writes: [plan])
        #expect(try story.pathway.consequences(of: approved, in: story.state).isEmpty)

        story.pathway = Pathway(catalog: .issuing, seals: .test)
        let issued = try story.pathway.consequences(of: approved, in: story.state)
        #expect(issued.map(\.kind) == ["consent.issued"])
        for event in issued { story.state.apply(event) }
        #expect(story.consent("P-1-v1-C1")?.state == .issued)

        let ruling = try create(story, "K-7")
        #expect(ruling.events.map(\.kind) == ["consent.alias-added"])
        #expect(story.consent("P-1-v1-C1")?.aliases == [ConsentID("K-7")])
        #expect(try story.tell(.consent, "ASK", [.consent: "K-7", .text: "How long?"]).codes == [])
        #expect(story.consent("P-1-v1-C1")?.questions.count == 1)
        #expect(try create(story, "K-7").codes == ["consent.exists"])
    }
}

extension Pathway {
    /// The consent consequences of an event alone, for this suite.
    fileprivate func consequences(of event: Event, in state: any ClinicState) throws -> [Event] {
        try react(to: event, now: event.occurredAt, in: state).filter { $0.kind.hasPrefix("consent.") }
    }
}

extension Catalog {
    /// The sample clinic, issuing consents by itself.
    fileprivate static var issuing: Catalog {
        var catalog = Catalog.sample
        catalog.policy.consentAutoIssue = true
        return catalog
    }
}
