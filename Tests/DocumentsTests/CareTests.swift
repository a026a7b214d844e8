import Clinic
import ClinicTesting
import Documents
import Testing

@Suite("Care")
struct CareTests {
    @Test("a cleared patient gets the instructions of the procedure's requirements")
    func preOp() throws {
        let scene = Scene()
        var plan = ProcedurePlan(
            plan: PlanID("P-1"), version: 1, state: .approved, mrn: Scene.mrn, consultation: ConsultationID("K-1"),
            surgeon: StaffID("S1"), procedures: [.init(code: ProcedureCode("BREAST-AUG"), side: .bilateral)],
            anesthesia: .general, purpose: .cosmetic, draftedAt: .at("2026-11-01T09:00:00Z"))
        plan.plannedFor = .on("2026-11-23")
        scene.state.put(plan)
        scene.state.put(
            Requirement(
                plan: PlanID("P-1"), code: RequirementCode("FASTING"), mrn: Scene.mrn, category: .instruction,
                orderedAt: .at("2026-11-01T09:00:00Z")))
        var clearance = Clearance(plan: PlanID("P-1"), mrn: Scene.mrn, state: .cleared)
        clearance.clearedAt = .at("2026-11-20T09:00:00Z")
        clearance.clearedBy = StaffID("A1")
        let documents = try scene.documents("preop.cleared", [clearance])
        #expect(documents.map { "\($0.folder)/\($0.name)" } == ["care/00000042-preop-instructions.txt"])
        let text = try documents[0].text()
        #expect(text.contains("When            2026-11-23 08:00\n"))
        #expect(text.contains("Cleared         2026-11-20 09:00, Dr. Cleo Marsh\n"))
        #expect(text.contains("- Fasting instructions"))
        #expect(text.contains("Procedure       Breast augmentation, BILATERAL\n"))
        #expect(try documents[0].width() <= 80)
        clearance.state = .deferred
        #expect(try scene.documents("preop.deferred", [clearance]).isEmpty)
    }

    @Test("after surgery: what the team wrote, medication and follow-up")
    func postOp() throws {
        var done = Scene.surgicalCase()
        done.state = .completed
        done.instructions = "Sleep on your back."
        done.medications = ["Paracetamol 1 g four times a day"]
        done.followUpAt = .at("2026-11-30T10:00:00Z")
        let documents = try Scene().documents("case.post-op", [done])
        #expect(documents.map(\.name) == ["00000042-postop-instructions.txt"])
        let text = try documents[0].text()
        #expect(text.contains("\nSleep on your back.\n"))
        #expect(text.contains("\n- Paracetamol 1 g four times a day\n"))
        #expect(text.contains("\n2026-11-30 10:00, Dr. Ada Stone\n"))
    }

    @Test("an implant's card names device, UDI, lot, serial, side, surgeon and day")
    func implantCard() throws {
        var unit = SerialUnit(sku: SKU("IMP-300"), serial: "SN-77", lot: "L-5", location: "MAIN", state: .used)
        unit.surgicalCase = CaseID("C-1")
        unit.side = .left
        let documents = try Scene().documents("inventory.used", [unit])
        #expect(documents.map(\.name) == ["00000042-implant-card.txt"])
        let lines = try documents[0].lines()
        for line in [
            "Side            LEFT", "Device          Implant 300 ml", "UDI-DI (GTIN)   05012345678900",
            "Lot             L-5", "Serial number   SN-77", "Surgeon         Dr. Ada Stone",
            "Implanted on    2026-11-23",
        ] { #expect(lines.contains(line)) }
    }

    @Test("a thing that is no implant has no card")
    func noCard() throws {
        var unit = SerialUnit(sku: SKU("SPLINT"), serial: "1", lot: "L", location: "MAIN", state: .used)
        unit.surgicalCase = CaseID("C-1")
        #expect(try Scene().documents("inventory.used", [unit]).isEmpty)
    }
}
