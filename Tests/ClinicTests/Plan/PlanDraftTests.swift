import Clinic
import ClinicTesting
import Testing

@Suite("Plan: draft and revision")
struct PlanDraftTests {
    let story = Story()

    private func draft(_ changes: [Field: Value]) throws -> Ruling {
        try story.tell(.plan, "DRAFT", .samplePlan.with(changes))
    }

    @Test("a plan takes what it leaves out from the catalog, twice for both sides")
    func defaults() throws {
        let mrn = try story.draftedPlan()
        let plan = try #require(try story.plan())
        #expect(plan.state == .draft)
        #expect(plan.mrn == mrn)
        #expect(plan.items == [.init(sku: SKU("IMP-300"), quantity: 2)])
        #expect(plan.requirements == [RequirementCode("HB"), RequirementCode("FASTING")])
        #expect(plan.anesthesia == .general)
        #expect(plan.purpose == .cosmetic)
        #expect(plan.procedures[0].price == nil)
    }

    @Test("several procedures add up, and the deepest anesthesia counts")
    func several() throws {
        try story.draftedPlan([.procedure: ["BLEPH-UPPER:BILATERAL", "RHINOPLASTY", "BREAST-AUG:LEFT"]])
        let plan = try #require(try story.plan())
        #expect(plan.items == [.init(sku: SKU("SPLINT"), quantity: 1), .init(sku: SKU("IMP-300"), quantity: 1)])
        #expect(plan.requirements == [RequirementCode("HB"), RequirementCode("FASTING")])
        #expect(plan.anesthesia == .general)
    }

    @Test("an unknown consultation and one not completed are waited for")
    func consultationAhead() throws {
        let unknown = try draft([:])
        #expect(unknown.codes == ["consultation.unknown"])
        #expect(unknown.findings[0].waitsFor == [.consultation(ConsultationID("C-1"))])
        try story.scheduledConsultation()
        let early = try draft([:])
        #expect(early.codes == ["plan.consultation-not-completed"])
        #expect(early.isHeld)
        try story.must(.consultation, "COMPLETE", [.consultation: "C-1", .notes: "Seen."])
        #expect(try draft([:]).isClear)
    }

    @Test("a consultation cancelled or missed leads to no plan", arguments: ["CANCEL", "NO_SHOW"])
    func consultationClosed(_ action: String) throws {
        try story.scheduledConsultation()
        try story.must(.consultation, action, [.consultation: "C-1"])
        let ruling = try draft([:])
        #expect(ruling.codes == ["plan.consultation-closed"])
        #expect(!ruling.isHeld)
    }

    @Test("a number is given once")
    func exists() throws {
        try story.draftedPlan()
        #expect(try draft([:]).codes == ["plan.exists"])
        #expect(try draft([.plan: "P-2"]).isClear)
    }

    @Test(
        "procedures, sides, items and requirements are those of the catalog",
        arguments: [
            ([.procedure: ["BREAST-AUG"]], ["plan.laterality-required"]),
            ([.procedure: ["BREAST-AUG:NONE"]], ["plan.laterality-required"]),
            ([.procedure: ["BREAST-AUG:LEFT"]], []),
            ([.procedure: ["BREAST-AUG:UP"]], ["entry.unknown-code"]),
            ([.procedure: ["RHINOPLASTY:LEFT"]], ["plan.laterality-not-applicable"]),
            ([.procedure: ["RHINOPLASTY"]], []),
            ([.procedure: ["TELEPORT"]], ["plan.procedure-unknown"]),
            ([.procedure: ["BREAST-AUG:LEFT", "BREAST-AUG:RIGHT"]], []),
            ([.procedure: ["RHINOPLASTY", "RHINOPLASTY"]], ["entry.bad-value"]),
            ([.procedure: ["BREAST-AUG:LEFT", "BREAST-AUG:BILATERAL"]], ["entry.bad-value"]),
            ([.items: ["IMP-300*2", "GAUZE"]], []),
            ([.items: ["IMP-999"]], ["plan.item-unknown"]),
            ([.items: ["GAUZE*0"]], ["entry.bad-value"]),
            ([.items: ["GAUZE*two"]], ["entry.bad-value"]),
            ([.requirements: ["HB"]], []),
            ([.requirements: ["XRAY"]], ["plan.requirement-unknown"]),
            ([.surgeon: "A1"], ["consultation.surgeon-unknown"]),
            ([.currency: "GBP"], []),
            ([.currency: "USD"], ["entry.unknown-code"]),
        ] as [([Field: Value], [String])])
    func content(_ changes: [Field: Value], codes: [String]) throws {
        try story.completedConsultation()
        #expect(try draft(changes).codes == codes)
    }

    @Test("everything that is wrong is reported together")
    func together() throws {
        try story.scheduledConsultation()
        let ruling = try draft([.procedure: ["BREAST-AUG"], .items: ["X"], .requirements: ["Y"]])
        #expect(
            ruling.codes == [
                "plan.consultation-not-completed", "plan.laterality-required", "plan.item-unknown",
                "plan.requirement-unknown",
            ])
        #expect(!ruling.isHeld)
    }

    @Test("an unknown plan is waited for", arguments: ["REVISE", "APPROVE", "CANCEL"])
    func unknown(_ action: String) throws {
        let values: [Field: Value] = [.plan: "P-1", .surgeon: "S1", .reason: "r"]
        let early = try story.tell(.plan, action, values)
        #expect(early.codes == ["plan.unknown"])
        #expect(early.findings[0].waitsFor == [.plan(PlanID("P-1"))])
        try story.draftedPlan()
        #expect(try story.tell(.plan, action, values).isClear)
    }

    @Test("a cancelled plan stays cancelled", arguments: ["REVISE", "APPROVE", "CANCEL"])
    func wrongState(_ action: String) throws {
        try story.draftedPlan()
        try story.must(.plan, "CANCEL", [.plan: "P-1", .reason: "changed her mind"])
        let ruling = try story.tell(.plan, action, [.plan: "P-1", .surgeon: "S1", .reason: "r"])
        #expect(ruling.codes == ["plan.wrong-state"])
        #expect(!ruling.isHeld)
    }

    @Test("a draft is revised in place, an approved version by a new one")
    func revise() throws {
        try story.draftedPlan()
        try story.must(.plan, "REVISE", [.plan: "P-1", .procedure: ["RHINOPLASTY"]])
        #expect(try story.state.versions(of: PlanID("P-1")).count == 1)
        #expect(try story.plan()?.items == [.init(sku: SKU("SPLINT"), quantity: 1)])
        try story.must(.plan, "APPROVE", [.plan: "P-1", .surgeon: "S1"])
        let approved = try story.plan()
        try story.must(.plan, "REVISE", [.plan: "P-1", .details: "Open approach."])
        #expect(try story.plan(version: 1) == approved)
        #expect(try story.plan()?.version == 2)
        #expect(try story.plan()?.state == .draft)
        #expect(try story.plan()?.templates == [])
        #expect(try story.plan()?.procedures[0].price == nil)
    }

    @Test("a revision to a consultation of somebody else is refused")
    func otherPatient() throws {
        try story.draftedPlan()
        let other = try story.registeredPatient([.givenName: "Zoe", .birthDate: .on("1970-01-01"), .email: "z@e.test"])
        try story.completedConsultation("C-2", for: other, [.startsAt: .at("2026-09-07T09:00:00Z")])
        let ruling = try story.tell(.plan, "REVISE", [.plan: "P-1", .consultation: "C-2"])
        #expect(ruling.codes == ["entry.wrong-patient"])
    }

    @Test("an entry that names another patient than the plan's is refused")
    func wrongPatient() throws {
        try story.completedConsultation()
        #expect(try draft([.familyName: "Birch"]).codes == ["entry.wrong-patient"])
        #expect(try draft([.familyName: "Ash"]).isClear)
        #expect(try story.tell(.plan, "REVISE", [.plan: "P-1", .familyName: "Birch"]).codes == ["entry.wrong-patient"])
    }

    @Test("an item that the patient does not tolerate is a warning; latex also when nobody asked")
    func allergy() throws {
        let mrn = try story.registeredPatient([.allergies: ["Latex gloves"]])
        try story.completedConsultation(for: mrn)
        let gloves: [Field: Value] = [.items: ["GLOVES"]]
        #expect(try draft(gloves.with([.plan: "P-2"])).warningCodes == ["plan.allergy"])
        #expect(try draft([.plan: "P-3", .items: ["IMP-300*2"]]).warningCodes.isEmpty)
        try story.must(.patient, "UPDATE", [.mrn: .text(mrn.rawValue), .allergies: .deletion])
        #expect(try draft(gloves.with([.plan: "P-4"])).warningCodes == ["plan.allergy"])
        try story.must(.patient, "UPDATE", [.mrn: .text(mrn.rawValue), .allergies: ["NONE"]])
        #expect(try draft(gloves.with([.plan: "P-5"])).warningCodes.isEmpty)
    }

    @Test("a patient outside a procedure's limits is a warning")
    func contraindicated() throws {
        var catalog = Catalog.sample
        let code = ProcedureCode("BREAST-AUG")
        catalog.procedures[code]?.minimumAge = 37
        catalog.procedures[code]?.maximumBMI = 30
        catalog.procedures[code]?.maximumVolumeMilliliters = 600
        let story = Story(catalog: catalog)
        let mrn = try story.registeredPatient([.heightCentimeters: 160, .weightKilograms: 77])
        try story.completedConsultation(for: mrn)
        let ruling = try story.tell(.plan, "DRAFT", .samplePlan.with([.volumeMilliliters: 601]))
        #expect(ruling.isClear)
        #expect(ruling.warningCodes == Array(repeating: "plan.contraindicated", count: 3))
        // 76 kg at 160 cm is a BMI of 29.7, and she is 37 on the day.
        try story.must(.patient, "UPDATE", [.mrn: .text(mrn.rawValue), .weightKilograms: 76])
        let day: [Field: Value] = [.plan: "P-2", .volumeMilliliters: 600, .plannedFor: .on("2027-05-17")]
        #expect(try story.tell(.plan, "DRAFT", .samplePlan.with(day)).warningCodes.isEmpty)
    }
}
