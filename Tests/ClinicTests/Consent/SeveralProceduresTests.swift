import Clinic
import ClinicTesting
import Testing

@Suite("Consent: several procedures in one plan")
struct SeveralProceduresTests {
    private let procedures: Value = ["BREAST-AUG:BILATERAL", "RHINOPLASTY", "BLEPH-UPPER:LEFT"]

    private func approved(_ catalog: Catalog = .sample, _ procedures: Value? = nil) throws -> Story {
        let story = Story(catalog: catalog)
        try story.approvedPlan([.procedure: procedures ?? self.procedures])
        return story
    }

    @discardableResult
    private func create(_ story: Story, _ more: [Field: Value] = [:]) throws -> Ruling {
        try story.tell(.consent, "CREATE", [Field: Value].given.with(more), at: "2026-09-09T09:00:00Z")
    }

    @Test("approval selects the text of each procedure")
    func selected() throws {
        #expect(
            try approved().plan()?.templates == [
                .init(name: "breast-augmentation", version: 1), .init(name: "rhinoplasty", version: 1),
                .init(name: "blepharoplasty", version: 2),
            ])
    }

    @Test("the snapshot has every procedure's part, each with its own procedure, side and clauses")
    func snapshot() throws {
        let story = try approved()
        #expect(try create(story).codes == [])
        let consent = try #require(story.consent())
        let text = try #require(story.state.fetch(ConsentSnapshot.self, id: "K-1")?.text)
        #expect(consent.templates.count == 3)
        #expect(consent.clauses.map(\.clause) == ["C1", "C2", "C2.1", "C3.1"])
        #expect(consent.clauses.map(\.isRequired) == [true, false, false, true])
        #expect(consent.parties == [.patient, .surgeon, .witness])
        #expect(consent.sha256 == story.pathway.seals.sha256(Array(text.utf8)))
        for part in [
            "# Breast augmentation; Rhinoplasty; Upper blepharoplasty\n", "\n# Rhinoplasty\n",
            "Breast augmentation on Ann Ash, side bilateral.", "- [C1!] Capsular contracture.",
            "- [C2.1] Septal perforation.", "- [C3.1!] Loss of vision.",
            "Template: breast-augmentation version 1; rhinoplasty version 1; blepharoplasty version 2",
        ] {
            #expect(text.contains(part), "\(part)")
        }
    }

    @Test("the required clauses of every part are acknowledged before the patient signs")
    func clauses() throws {
        let story = try approved()
        try create(story)
        let sign: [Field: Value] = [
            .consent: "K-1", .party: "PATIENT", .signer: "Ann Ash", .signedAt: .at("2026-09-25T10:00:00Z"),
        ]
        let time = "2026-09-25T10:00:00Z"
        try story.must(.consent, "ACKNOWLEDGE", [.consent: "K-1", .clauses: ["C1"]], at: "2026-09-10T09:00:00Z")
        #expect(try story.tell(.consent, "SIGN", sign, at: time).codes == ["consent.clauses-open"])
        try story.must(.consent, "ACKNOWLEDGE", [.consent: "K-1", .clauses: ["C3.1"]], at: "2026-09-10T09:00:00Z")
        #expect(try story.tell(.consent, "SIGN", sign, at: time).codes == [])
    }

    @Test("procedures that share a text have it once, and it names both")
    func shared() throws {
        var catalog = Catalog.sample
        catalog.templates[0].procedures.append(ProcedureCode("BLEPH-UPPER"))
        catalog.templates.remove(at: 2)
        let story = try approved(catalog, ["BREAST-AUG:LEFT", "BLEPH-UPPER:BILATERAL"])
        try create(story)
        #expect(story.consent()?.templates.count == 1)
        let text = story.state.fetch(ConsentSnapshot.self, id: "K-1")?.text ?? ""
        #expect(text.contains("Breast augmentation; Upper blepharoplasty on Ann Ash, side left; bilateral."))
    }

    @Test("one procedure without a text is one too many; other kinds of consent have one text for all")
    func missing() throws {
        var catalog = Catalog.sample
        catalog.templates.removeAll { $0.name == "rhinoplasty" }
        let story = try approved(catalog)
        let ruling = try create(story)
        #expect(ruling.codes == ["consent.no-template"])
        #expect(ruling.findings.first?.aside == "SURGICAL for RHINOPLASTY")
        #expect(try create(story, [.kind: "PHOTOGRAPHY"]).codes == [])
        #expect(story.consent()?.templates == [.init(name: "photography", version: 1)])
    }

    @Test("no anesthetist signs where the surgeon gives the anesthesia", arguments: ["LOCAL", "NONE", "GENERAL"])
    func anesthetist(_ anesthesia: String) throws {
        var catalog = Catalog.sample
        catalog.templates[0].parties.append(.anesthetist)
        let story = Story(catalog: catalog)
        try story.approvedPlan([.anesthesia: .text(anesthesia)])
        try create(story)
        #expect(story.consent()?.parties.contains(.anesthetist) == (anesthesia == "GENERAL"))
    }

    @Test("costs have a text of their own that names the estimate")
    func costs() throws {
        var catalog = Catalog.sample
        catalog.templates.append(
            ConsentTemplate(
                name: "financial", version: 1, title: "Costs", kind: .financial, procedures: [], parties: [.patient],
                effectiveFrom: .on("2026-01-01"), language: "en",
                body: "- [C1!] {{estimate}} until {{quote_valid_until}}."))
        for (values, words) in [
            ([.estimate: .minor(480_050), .quoteValidUntil: .on("2026-12-31")], "4800.50 GBP until 2026-12-31."),
            ([:], "not given until not limited."),
        ] as [([Field: Value], String)] {
            let story = Story(catalog: catalog)
            try story.approvedPlan(values)
            #expect(try create(story, [.kind: "FINANCIAL"]).codes == [])
            #expect(story.state.fetch(ConsentSnapshot.self, id: "K-1")?.text.contains(words) == true)
        }
    }
}

extension [Field: Value] {
    fileprivate static let given: [Field: Value] = [.consent: "K-1", .plan: "P-1", .consultation: "C-1"]
}
