import Clinic
import ClinicTesting
import Testing

@Suite("Plan: versions")
struct PlanVersionTests {
    private let approval: [Field: Value] = [.plan: "P-1", .surgeon: "S1"]

    /// Plan P-1 approved, its consent signed, the patient cleared, the stock kept and the case booked.
    private func booked(_ catalog: Catalog = .sample) -> Story {
        let story = Story(catalog: catalog)
        story.aScheduledCase()
        return story
    }

    /// Revises the plan and approves the revision; the events of the approval.
    private func change(
        _ story: Story, _ values: [Field: Value], by surgeon: Value = "S1", on day: String = "2026-11-19"
    )
        throws -> [Event]
    {
        try story.must(.plan, "REVISE", values.with([.plan: "P-1"]), at: "\(day)T09:00:00Z")
        return try story.must(
            .plan, "APPROVE", [.plan: "P-1", .surgeon: surgeon], at: "\(day)T10:00:00Z"
        ).events
    }

    private func expectStanding(_ story: Story, _ stands: Bool) {
        #expect(story.consent()?.state == (stands ? .signed : .void))
        #expect(story.clearance()?.state == (stands ? .cleared : .lapsed))
        #expect(story.surgicalCase()?.state == (stands ? .scheduled : .cancelled))
        #expect(story.state.all(Booking.self).allSatisfy { $0.isActive == stands })
        #expect(story.state.all(Reservation.self).allSatisfy { $0.state == (stands ? .active : .released) })
        #expect(story.state.all(InventoryLot.self).map(\.reserved) == [stands ? 2 : 0])
    }

    @Test(
        "procedure, side, surgeon, anesthesia and implants are material, and the ledger says which it was",
        arguments: [
            ([.procedure: ["RHINOPLASTY"], .items: ["IMP-300*2"], .anesthesia: "GENERAL"], "procedure"),
            ([.procedure: ["BREAST-AUG:LEFT"], .items: ["IMP-300*2"]], "side"),
            ([.anesthesia: "REGIONAL"], "anesthesia"), ([.items: ["IMP-300"]], "implants"),
        ] as [([Field: Value], String)])
    func material(_ values: [Field: Value], word: String) throws {
        let story = booked()
        let events = try change(story, values)
        expectStanding(story, false)
        let reason = "the plan was changed: \(word)"
        for kind in ["consent.voided", "preop.lapsed", "inventory.released", "case.cancelled"] {
            let event = try #require(events.first { $0.kind == kind })
            #expect(event.note == reason)
            #expect(event.cause == "plan.approved plan:P-1")
        }
        #expect(story.consent()?.reason == reason)
        #expect(events.first?.cause == nil)
    }

    @Test("another surgeon is material")
    func surgeon() throws {
        var catalog = Catalog.sample
        catalog.staff[StaffID("S2")]?.privileges = [ProcedureCode("BREAST-AUG")]
        let story = booked(catalog)
        story.aPatientAfterConsultation(suffix: "2", on: "2026-11-03", surgeon: "S2")
        let events = try change(story, [.surgeon: "S2", .consultation: "C-2"], by: "S2")
        #expect(events.first { $0.kind == "consent.voided" }?.note == "the plan was changed: surgeon")
        expectStanding(story, false)
    }

    @Test(
        "what is not material leaves everything standing",
        arguments: [
            [.details: "Inframammary."], [.plannedFor: .on("2026-11-24")], [.estimate: .minor(500_000)],
            [.items: ["IMP-300*2", "GAUZE*4"]], [.items: ["IMP-300", "IMP-300"]], [.items: .deletion],
            [.procedure: ["BREAST-AUG:BILATERAL"]], [.purpose: "THERAPEUTIC"], [.volumeMilliliters: 300],
        ] as [[Field: Value]])
    func otherwise(_ values: [Field: Value]) throws {
        let story = booked()
        let events = try change(story, values)
        #expect(events.map(\.kind).contains("plan.approved"))
        expectStanding(story, true)
        #expect(try story.plan(version: 1)?.state == .superseded)
        #expect(try story.plan(version: 2)?.state == .approved)
    }

    @Test("the consent, the clearance and the booking count for the version that changed nothing material")
    func startsAfterSmallChange() throws {
        let story = booked()
        _ = try change(story, [.details: "Inframammary."])
        var signedIn = try #require(story.surgicalCase())
        signedIn.signInAt = .at("2026-11-23T08:50:00Z")
        story.state.put(signedIn)
        let start = try story.tell(
            .surgicalCase, "START", [.surgicalCase: "CASE-1"], at: "2026-11-23T09:00:00Z")
        #expect(start.codes == [])
    }

    @Test("until a revision is approved, the approved version counts and nothing is touched")
    func draftBesideApproved() throws {
        let story = booked()
        try story.must(.plan, "REVISE", [.plan: "P-1", .procedure: ["RHINOPLASTY"]])
        try story.must(.plan, "REVISE", [.plan: "P-1", .procedure: ["BREAST-AUG:LEFT"]])
        #expect(try story.state.versions(of: PlanID("P-1")).map(\.state) == [.approved, .draft])
        #expect(try story.state.currentPlan(PlanID("P-1"))?.version == 1)
        expectStanding(story, true)
    }

    @Test("the same procedures told again leave what was chosen for them; other ones bring theirs")
    func sameProcedures() throws {
        let story = Story()
        try story.draftedPlan([.anesthesia: "SEDATION", .items: ["IMP-300*2", "GAUZE"], .requirements: ["HB"]])
        try story.must(.plan, "REVISE", [.plan: "P-1", .procedure: ["BREAST-AUG:BILATERAL"]])
        #expect(try story.plan()?.anesthesia == .sedation)
        #expect(try story.plan()?.items.count == 2)
        #expect(try story.plan()?.requirements == [RequirementCode("HB")])
        try story.must(.plan, "REVISE", [.plan: "P-1", .procedure: ["BREAST-AUG:LEFT"]])
        #expect(try story.plan()?.anesthesia == .general)
        #expect(try story.plan()?.items == [.init(sku: SKU("IMP-300"), quantity: 1)])
    }

    @Test("a completed case fulfils its plan, and a revision that nobody approved goes with it")
    func fulfilled() throws {
        let story = Story()
        var running = story.aCaseInProgress()
        running.timeOutAt = running.startedAt
        running.signOutAt = running.startedAt
        story.state.put(running)
        story.aPlan(version: 2, state: .draft)
        try story.must(.surgicalCase, "COMPLETE", [.surgicalCase: "CASE-1"])
        #expect(try story.state.versions(of: PlanID("P-1")).map(\.state) == [.fulfilled, .cancelled])
        #expect(try story.tell(.plan, "CANCEL", [.plan: "P-1", .reason: "r"]).codes == ["plan.wrong-state"])
    }

    @Test("an abandoned case leaves its plan approved")
    func abandoned() throws {
        let story = Story()
        story.aCaseInProgress()
        try story.must(.surgicalCase, "ABANDON", [.surgicalCase: "CASE-1", .reason: "pressure fell"])
        #expect(try story.plan()?.state == .approved)
    }

    @Test("no plan changes while its surgery is under way", arguments: ["REVISE", "APPROVE", "CANCEL"])
    func underWay(_ action: String) throws {
        let story = Story()
        story.aCaseInProgress()
        story.aPlan(version: 2, state: .draft)
        let values = approval.with([.reason: "r"])
        #expect(try story.tell(.plan, action, values).codes == ["plan.case-under-way"])
        let calm = booked()
        calm.aPlan(version: 2, state: .draft)
        #expect(try calm.tell(.plan, action, values).codes == [])
    }

    @Test("an approval that is wrong in four ways names all four")
    func together() throws {
        var catalog = Catalog.sample
        catalog.policy.screeningRequired = true
        catalog.staff[StaffID("S1")]?.privileges = []
        let story = Story(catalog: catalog)
        try story.draftedPlan([.quoteValidUntil: .on("2026-09-10")])
        let values: [Field: Value] = [.plan: "P-1", .surgeon: "S2", .familyName: "Birch"]
        #expect(
            try story.tell(.plan, "APPROVE", values, at: "2026-09-12T09:00:00Z").codes == [
                "entry.wrong-patient", "plan.approver-not-surgeon", "plan.surgeon-not-privileged",
                "plan.quote-expired", "plan.screening-missing",
            ])
    }

    @Test("a plan that is over is told so together with what else is wrong")
    func overAndWrong() throws {
        let story = Story()
        try story.draftedPlan()
        try story.must(.plan, "CANCEL", [.plan: "P-1", .reason: "r"])
        let ruling = try story.tell(.plan, "REVISE", [.plan: "P-1", .procedure: ["TELEPORT"], .familyName: "Birch"])
        #expect(ruling.codes == ["plan.wrong-state", "entry.wrong-patient", "plan.procedure-unknown"])
    }

    @Test("what only the old version required is waived by the surgeon, and open again if it comes back")
    func requirements() throws {
        let story = booked()
        story.aMetRequirement(["HB"])
        story.state.put(
            Requirement(
                plan: PlanID("P-1"), code: RequirementCode("FASTING"), mrn: Story.mrn, category: .instruction,
                orderedAt: .at("2026-11-03T09:00:00Z")))
        _ = try change(story, [.requirements: .deletion])
        let hemoglobin = story.state.fetch(Requirement.self, id: "P-1/HB")
        let fasting = story.state.fetch(Requirement.self, id: "P-1/FASTING")
        #expect(hemoglobin?.state == .met)
        #expect(fasting?.state == .waived)
        #expect(fasting?.waivedBy == StaffID("S1"))
        _ = try change(story, [.requirements: ["HB", "FASTING"]], on: "2026-11-20")
        #expect(story.state.fetch(Requirement.self, id: "P-1/HB")?.state == .met)
        #expect(story.state.fetch(Requirement.self, id: "P-1/FASTING")?.state == .ordered)
    }

    @Test("a smoker is outside the limits of a procedure for those who do not smoke", arguments: [true, false])
    func smoker(_ smokes: Bool) throws {
        var catalog = Catalog.sample
        catalog.procedures[ProcedureCode("BREAST-AUG")]?.isForNonSmokers = smokes
        for (answer, warnings) in [(true, smokes ? ["plan.contraindicated"] : []), (false, [])] {
            let story = Story(catalog: catalog)
            let mrn = try story.registeredPatient([.smoker: .flag(answer)])
            try story.completedConsultation(for: mrn)
            #expect(try story.tell(.plan, "DRAFT", .samplePlan).warningCodes == warnings)
            #expect(try story.tell(.plan, "APPROVE", approval).warningCodes == warnings)
        }
    }

    @Test("policy makes the warnings of a plan refusals", arguments: ["plan.allergy", "plan.contraindicated"])
    func refusedWarnings(_ code: String) throws {
        var catalog = Catalog.sample
        catalog.procedures[ProcedureCode("BREAST-AUG")]?.isForNonSmokers = true
        catalog.policy.refusedWarnings = [code]
        let story = Story(catalog: catalog)
        let mrn = try story.registeredPatient([.smoker: true, .allergies: ["silicone"]])
        try story.completedConsultation(for: mrn)
        let ruling = try story.tell(.plan, "DRAFT", .samplePlan)
        #expect(ruling.codes == [code])
        #expect(Set(ruling.warningCodes + [code]) == ["plan.allergy", "plan.contraindicated"])
    }

    @Test("a plan that names no items is measured by those of its procedures")
    func allergyToDefaults() throws {
        let story = Story()
        let mrn = try story.registeredPatient([.allergies: ["Silicone"]])
        try story.completedConsultation(for: mrn)
        #expect(try story.tell(.plan, "DRAFT", .samplePlan.with([.items: .deletion])).warningCodes == ["plan.allergy"])
    }
}
