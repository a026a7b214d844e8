import Clinic
import ClinicTesting

/// A clinic with one patient, her plan and her case, ready for things to be used in it.
struct StockStory {
    let story = Story()
    var state: MemoryClinic { story.state }
    let mrn = MRN(sequence: 1)
    let plan = PlanID("P-1")
    let caseID = CaseID("C-1")

    init(
        caseState: SurgicalCase.State = .inProgress, side: Side = .left, allergies: [String]? = [],
        procedure: ProcedureCode = ProcedureCode("BREAST-AUG")
    ) {
        var patient = Patient(
            mrn: mrn, givenName: "Nora", familyName: "Lind", birthDate: .on("1990-04-01"), sex: .female,
            registeredAt: .at("2026-10-01T09:00:00Z"))
        patient.allergies = allergies
        state.put(patient)
        var planned = ProcedurePlan(
            plan: plan, version: 1, state: .approved, mrn: mrn, consultation: ConsultationID("K-1"),
            surgeon: StaffID("S1"), procedures: [.init(code: procedure, side: side)], anesthesia: .general,
            purpose: .cosmetic, draftedAt: .at("2026-10-02T09:00:00Z"))
        planned.items = [.init(sku: SKU("GLOVES"), quantity: 2)]
        state.put(planned)
        var surgicalCase = SurgicalCase(
            surgicalCase: caseID, plan: plan, planVersion: 1, mrn: mrn, state: caseState,
            procedures: planned.procedures, surgeon: StaffID("S1"), anesthesia: .general, minutes: 120,
            createdAt: .at("2026-11-01T09:00:00Z"))
        surgicalCase.startedAt = .at("2026-11-23T09:00:00Z")
        state.put(surgicalCase)
    }

    /// Tells one entry about stock.
    @discardableResult
    func tell(
        _ action: String, _ sku: String?, lot: String? = nil, serial: String? = nil, quantity: Int? = nil,
        at time: String? = nil, reference: String? = nil, source: SourceName = "store", more: [Field: Value] = [:]
    ) throws -> Ruling {
        var values = more
        if let sku { values[.sku] = .text(sku) }
        if let lot { values[.lot] = .text(lot) }
        if let serial { values[.serial] = .text(serial) }
        if let quantity { values[.quantity] = .integer(quantity) }
        if ["USE", "RETURN", "WASTE"].contains(action), values[.surgicalCase] == nil {
            values[.surgicalCase] = .text(caseID.rawValue)
        }
        return try story.tell(.inventory, action, values, at: time, reference: reference, source: source)
    }

    func lot(_ sku: String, _ lot: String, at location: String = "MAIN") -> InventoryLot? {
        state.fetch(InventoryLot.self, id: InventoryLot.id(SKU(sku), lot, location))
    }

    func unit(_ serial: String) -> SerialUnit? { state.fetch(SerialUnit.self, id: "IMP-300|\(serial)") }

    /// Keeps some of a lot for a plan.
    func reserve(
        _ sku: String, _ lot: String, _ quantity: Int, for plan: String, number: Int64, day: String = "2026-11-23"
    ) {
        state.put(
            Reservation(
                number: number, plan: PlanID(plan), sku: SKU(sku), lot: lot, location: "MAIN", quantity: quantity,
                neededOn: .on(day)))
        guard var kept = self.lot(sku, lot) else { return }
        kept.reserved += quantity
        state.put(kept)
    }

    /// Another plan, of the same patient and with no case yet.
    func plan(_ plan: String, day: String, state planState: ProcedurePlan.State = .approved) {
        var planned = ProcedurePlan(
            plan: PlanID(plan), version: 1, state: planState, mrn: mrn, consultation: ConsultationID("K-1"),
            surgeon: StaffID("S1"), procedures: [.init(code: ProcedureCode("RHINOPLASTY"), side: .notApplicable)],
            anesthesia: .general, purpose: .cosmetic, draftedAt: .at("2026-10-02T09:00:00Z"))
        planned.plannedFor = .on(day)
        state.put(planned)
    }

    func clear(_ plan: String) { state.put(Clearance(plan: PlanID(plan), mrn: mrn, state: .cleared)) }

    func reservation(_ number: Int64) -> Reservation? { state.all(Reservation.self).first { $0.number == number } }
}
