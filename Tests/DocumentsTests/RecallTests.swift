import Clinic
import ClinicTesting
import Documents
import Testing

@Suite("Recall reports")
struct RecallTests {
    private func report(_ state: InventoryLot.State = .recalled, isWithdrawn: Bool = false) throws -> [DocumentModel] {
        let scene = Scene()
        let sku = SKU("IMP-300")
        var plan = ProcedurePlan(
            plan: PlanID("P-1"), version: 1, state: .approved, mrn: Scene.mrn, consultation: ConsultationID("K-1"),
            surgeon: StaffID("S1"), procedures: [.init(code: ProcedureCode("BREAST-AUG"), side: .bilateral)],
            anesthesia: .general, purpose: .cosmetic, draftedAt: .at("2026-11-01T09:00:00Z"))
        plan.plannedFor = .on("2026-11-23")
        scene.state.put(plan)
        var done = Scene.surgicalCase("C-0")
        done.plan = PlanID("P-0")
        done.state = .completed
        scene.state.put(done)
        func move(_ number: Int64, _ kind: StockMovement.Kind, _ change: Int, _ serial: String?, of: Int64? = nil) {
            var movement = StockMovement(
                number: number, movement: kind, sku: sku, lot: "L-5", location: "MAIN", change: change,
                occurredAt: .at("2026-11-20T10:00:00Z").adding(minutes: Int(number)), source: "scanner",
                reference: "M-\(number)")
            movement.serial = serial
            movement.original = of
            if serial != nil, kind != .receive {
                movement.surgicalCase = CaseID("C-0")
                movement.side = .right
            }
            scene.state.put(movement)
        }
        move(1, .receive, 6, nil)
        move(2, .use, -1, "SN-1")
        move(3, .use, -1, "SN-2")
        move(4, .giveBack, 1, "SN-2")
        move(5, .use, -1, "SN-3")
        move(6, .void, 1, "SN-3", of: 5)
        move(7, .waste, -1, "SN-4")
        var lot = InventoryLot(
            sku: sku, lot: "L-5", location: "MAIN", expiresOn: nil, receivedAt: .at("2026-11-01T09:00:00Z"))
        lot.onHand = 4
        lot.reserved = 2
        lot.state = state
        var other = InventoryLot(
            sku: sku, lot: "L-6", location: "MAIN", expiresOn: nil, receivedAt: .at("2026-11-01T09:00:00Z"))
        other.onHand = 1
        scene.state.put(other)
        scene.state.put(
            Reservation(
                number: 1, plan: PlanID("P-1"), sku: sku, lot: "L-5", location: "MAIN", quantity: 2,
                neededOn: .on("2026-11-23")))
        scene.state.put(
            Incident(
                number: 1, surgicalCase: CaseID("C-0"), sku: sku, lot: "L-5", serial: "SN-9",
                code: "inventory.serial-already-used", occurredAt: .at("2026-11-20T11:00:00Z")))
        var recall = Recall(
            number: 1, sku: sku, lot: "L-5", serial: nil, recalledAt: .at("2026-11-23T17:00:00Z"), source: "store",
            reference: "RC-1")
        recall.reason = "Shell ruptures"
        if isWithdrawn {
            recall.state = .voided
            return try scene.documents("inventory.voided", [recall, lot], note: "another lot; withdrawn by F2")
        }
        return try scene.documents("inventory.recalled", [recall, lot])
    }

    @Test("the report tells who received it, what may have happened, what is left and whose surgery it touches")
    func text() throws {
        let documents = try report()
        #expect(
            documents.map { "\($0.folder)/\($0.name)" } == [
                "recalls/00000042-recall.txt", "recalls/00000042-recall.csv",
            ])
        let text = try documents[0].text()
        #expect(text.contains("RECALL OF LOT L-5"))
        #expect(text.contains("Jane Doe, MRN \(Scene.mrn)\n"))
        for line in [
            "Reason          Shell ruptures", "Received        6", "In patients     1", "Wasted          1",
            "Left            4", "  Serial number   SN-1", "  Side            RIGHT",
            "  Surgeon         Dr. Ada Stone", "  Serial number   SN-9", "  Case            C-1, SCHEDULED",
            "  Was kept        2, released", "  Kept instead    1 of lot L-6 at MAIN",
            "  MISSING         1: receive another lot, then clear the patient again",
        ] { #expect(text.contains("\n\(line)\n"), "\(line)") }
        for serial in ["SN-2", "SN-3", "SN-4"] { #expect(!text.contains(serial)) }
        #expect(try documents[0].width() <= 80)
    }

    @Test("the report of a withdrawal is the next version: who was told, and what is released again")
    func withdrawn() throws {
        let documents = try report(.available, isWithdrawn: true)
        #expect(documents.map(\.name) == ["00000042-recall-v02.txt", "00000042-recall-v02.csv"])
        let text = try documents[0].text()
        for line in [
            "Withdrawn       another lot; withdrawn by F2", "WHAT IS RELEASED AGAIN", "4 at MAIN",
            "  Serial number   SN-1",
        ] { #expect(text.contains("\n\(line)\n"), "\(line)") }
        #expect(text.contains("RECALL WITHDRAWN: LOT L-5"))
        #expect(!text.contains("is recalled when it is received"))
        #expect(!text.contains("KEPT FOR SURGERY"))
        #expect(try documents[0].width() <= 80)
        #expect(try documents[1].lines().contains { $0.hasPrefix("WITHDRAWN,") })
        let bound = try report(isWithdrawn: true)[0].text()
        #expect(bound.contains("\nNothing: another recall of the lot stands.\n"))
        #expect(!bound.contains("4 at MAIN"))
    }

    @Test("the table has a row per recipient, refused use, place and plan")
    func table() throws {
        let lines = try report()[1].lines().filter { !$0.isEmpty }
        #expect(lines.map { $0.split(separator: ",")[0] } == ["record_type", "PATIENT", "INCIDENT", "STOCK", "PLAN"])
        #expect(lines[1].contains("L-5,SN-1,RIGHT,1,"))
        #expect(lines[1].contains("C-0,,\(Scene.mrn),Jane Doe,"))
        #expect(lines[3].contains("4,MAIN,RECALLED,"))
        #expect(lines[4].contains("1 of L-6 at MAIN,1,"))
    }
}
