import Clinic
import ClinicTesting
import Testing

@Suite("Overrides")
struct OverrideTests {
    private let override: [Field: Value] = [
        .override: "case.cooling-off", .overrideBy: "D1", .overrideReason: "lives abroad",
    ]

    /// A clinic that asks for seven days, whose medical director D1 may override; N1 may override the hours alone.
    private func story(_ change: (inout Catalog) -> Void = { _ in }) -> Story {
        let story = Story.under(nil) { catalog in
            catalog.policy.coolingOffDays = 7
            let director = StaffMember(
                id: StaffID("D1"), name: "Dr. Mia Lord", role: .administrator, permissions: ["OVERRIDE"])
            catalog.staff[director.id] = director
            catalog.staff[StaffID("N1")]?.overrides = ["case.theater-closed", "case.session-overrun"]
            change(&catalog)
        }
        story.allReady()
        return story
    }

    @Test("who may overrides what may be overridden: it is applied with a warning, and the ledger tells who and why")
    func applied() throws {
        let story = story()
        #expect(try story.books().codes == ["case.cooling-off"])
        let ruling = try story.books(override)
        #expect(ruling.codes == [])
        #expect(story.surgicalCase()?.state == .scheduled)
        let warning = try #require(ruling.warnings.first { $0.rule.code == "case.cooling-off" })
        #expect(warning.override?.by == StaffID("D1"))
        #expect(warning.detail.hasSuffix("; overridden by D1"))
        #expect(!warning.detail.contains("abroad"))
        #expect(warning.aside?.hasSuffix("overridden because: lives abroad") == true)
        #expect(
            ruling.events.map(\.note) == Array(repeating: "overridden case.cooling-off by D1: lives abroad", count: 2))
    }

    @Test("an override that nothing asks for leaves no trace")
    func needless() throws {
        let story = story { $0.policy.coolingOffDays = 0 }
        let ruling = try story.books(override)
        #expect(ruling.codes == [])
        #expect(ruling.warningCodes == [])
        #expect(ruling.events.allSatisfy { $0.note == nil })
    }

    @Test("without a person, a person of the staff who may, and a reason, nothing is overridden")
    func notAllowed() throws {
        let wrong: [(Field, Value?)] = [
            (.overrideBy, nil), (.overrideBy, "NOBODY"), (.overrideBy, "S1"), (.overrideBy, "N1"),
            (.overrideReason, nil), (.overrideReason, "  "),
        ]
        for (field, value) in wrong {
            var values = override
            values[field] = value
            let ruling = try story().books(values)
            #expect(ruling.codes == ["entry.override-not-allowed", "case.cooling-off"], "\(field) \(value as Any)")
            #expect(ruling.findings.first?.fields == [field])
        }
    }

    @Test("a code that no rule has, and a rule that is never overridden, are told with all the rest")
    func wrongCode() throws {
        let unknown = try story().books(override.with([.override: "case.cooling"]))
        #expect(unknown.codes == ["entry.override-not-allowed", "case.cooling-off"])
        #expect(unknown.findings.first?.detail == "no rule has the code that is to be overridden")
        let never = try story().books(override.with([.override: "case.consent-not-signed;case.cooling-off"]))
        #expect(never.codes == ["entry.override-not-allowed"])
        #expect(never.findings.first?.detail == "case.consent-not-signed is never overridden")
        #expect(never.warningCodes.contains("case.cooling-off"))
    }

    @Test("a clinic, or the law of its profile, may forbid what is overridable elsewhere")
    func forbidden() throws {
        let story = story { $0.policy.notOverridable = ["case.cooling-off"] }
        let ruling = try story.books(override)
        #expect(ruling.codes == ["entry.override-not-allowed", "case.cooling-off"])
        #expect(ruling.findings.first?.detail == "case.cooling-off is not overridden in this clinic")
        #expect(Profile.australia.policy.notOverridable.contains("case.cooling-off"))
    }

    @Test("several rules are overridden at once, each where its person may")
    func several() throws {
        let story = story { $0.policy.coolingOffDays = 0 }
        let late: [Field: Value] = [.startsAt: .at("2026-11-23T17:00:00Z"), .minutes: 90]
        #expect(try story.books(late).codes == ["case.session-overrun"])
        let values = late.with([
            .override: "case.theater-closed; CASE.SESSION-OVERRUN", .overrideBy: "N1", .overrideReason: "kept open",
        ])
        let ruling = try story.books(values)
        #expect(ruling.codes == [])
        #expect(ruling.warningCodes.contains("case.session-overrun"))
        #expect(!ruling.warningCodes.contains("case.theater-closed"))
        #expect(ruling.events.allSatisfy { $0.note == "overridden case.session-overrun by N1: kept open" })
    }

    @Test("a lawful override does not hide another finding")
    func otherFindings() throws {
        let story = story()
        let ruling = try story.books(override.with([.theater: "NOWHERE"]))
        #expect(ruling.codes == ["case.theater-unknown"])
        #expect(ruling.warningCodes.contains("case.cooling-off"))
        #expect(story.surgicalCase() == nil)
    }

    @Test("a reason of the entry's own stays beside the override in the ledger")
    func reasons() throws {
        let story = story()
        try story.must(
            .surgicalCase, "SCHEDULE",
            [
                .surgicalCase: "CASE-1", .plan: "P-1", .theater: "T1", .startsAt: .at("2026-11-25T09:00:00Z"),
                .anesthetist: "A1",
            ], at: "2026-11-18T12:00:00Z")
        let ruling = try story.tell(
            .surgicalCase, "RESCHEDULE",
            override.with([
                .surgicalCase: "CASE-1", .startsAt: .at("2026-11-23T09:00:00Z"), .reason: "theater free",
            ]), at: "2026-11-18T12:00:00Z")
        #expect(ruling.codes == [])
        #expect(
            ruling.events.last?.note == "theater free; overridden case.cooling-off by D1: lives abroad")
    }

    @Test("a warning that is a refusal here can be overridden, where its rule says so")
    func refusedWarning() throws {
        let story = story { catalog in
            catalog.policy.refusedWarnings = ["consultation.history-not-reviewed"]
        }
        var open = Consultation(
            consultation: ConsultationID("C-9"), mrn: Story.mrn, surgeon: StaffID("S1"), state: .scheduled,
            startsAt: .at("2026-11-20T10:00:00Z"), minutes: 30, visit: "FIRST")
        open.inPerson = true
        story.state.put(open)
        let values: [Field: Value] = [.consultation: "C-9", .notes: "seen"]
        let code = "consultation.history-not-reviewed"
        #expect(try story.tell(.consultation, "COMPLETE", values, at: "2026-11-20T10:30:00Z").codes == [code])
        let ruling = try story.tell(
            .consultation, "COMPLETE",
            values.with([.override: .text(code), .overrideBy: "D1", .overrideReason: "record lost"]),
            at: "2026-11-20T10:30:00Z")
        #expect(ruling.codes == [])
        #expect(story.state.fetch(Consultation.self, id: "C-9")?.state == .completed)
    }

    @Test(
        "of all rules only these can be overridden: none of a patient's safety or identity, of form, or of two people")
    func overridable() {
        #expect(
            Rule.all.filter(\.isOverridable).map(\.code).sorted() == [
                "case.cooling-off", "case.deposit-unpaid", "case.implants-incomplete", "case.not-the-day",
                "case.session-overrun", "case.theater-closed", "consent.signed-too-soon",
                "consultation.history-not-reviewed", "consultation.outside-hours", "entry.late", "inventory.allergy",
                "inventory.bill-settled", "inventory.not-in-plan", "plan.allergy", "plan.contraindicated",
                "plan.quote-expired", "registration.not-self-entered",
            ])
        // Whatever may still come true is waited for, and needs nobody's word.
        #expect(Rule.all.allSatisfy { !$0.isOverridable || $0.weight != .holds })
    }
}
