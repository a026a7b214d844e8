import Clinic
import ClinicTesting

/// A clinic with a patient whose case is over, and the money that follows.
struct BillStory {
    let story: Story
    var state: MemoryClinic { story.state }
    let mrn: MRN
    let plan: PlanID
    let caseID: CaseID

    /// Plan and case have the patient's number; with a story of others the clinic is the same.
    init(
        number: Int64 = 1, in clinic: Story? = nil,
        procedures: [ProcedurePlan.PlannedProcedure] = [
            .init(code: ProcedureCode("RHINOPLASTY"), side: .notApplicable, price: Money(minorUnits: 500_000))
        ],
        purpose: ProcedurePlan.Purpose = .cosmetic, coverage: Patient.Coverage? = nil, authorization: String? = nil,
        anesthesiaMinutes: Int? = nil, catalog: Catalog = .sample, caseState: SurgicalCase.State = .completed
    ) {
        story = clinic ?? Story(catalog: catalog)
        mrn = MRN(sequence: number)
        plan = PlanID("P-\(number)")
        caseID = CaseID("C-\(number)")
        var patient = Patient(
            mrn: mrn, givenName: "Nora", familyName: "Lind", birthDate: .on("1990-04-01"), sex: .female,
            registeredAt: .at("2026-10-01T09:00:00Z"))
        patient.coverage = coverage
        patient.allergies = []
        story.state.put(patient)
        var planned = ProcedurePlan(
            plan: plan, version: 1, state: .fulfilled, mrn: mrn, consultation: ConsultationID("K-1"),
            surgeon: StaffID("S1"), procedures: procedures, anesthesia: .general, purpose: purpose,
            draftedAt: .at("2026-10-02T09:00:00Z"))
        planned.authorization = authorization
        story.state.put(planned)
        var surgicalCase = SurgicalCase(
            surgicalCase: caseID, plan: plan, planVersion: 1, mrn: mrn, state: caseState,
            procedures: procedures.map { .init(code: $0.code, side: $0.side) }, surgeon: StaffID("S1"),
            anesthesia: .general, minutes: 120, createdAt: .at("2026-11-01T09:00:00Z"))
        surgicalCase.startedAt = .at("2026-11-23T09:00:00Z")
        surgicalCase.endedAt = .at("2026-11-23T11:10:00Z")
        surgicalCase.anesthesiaMinutes = anesthesiaMinutes
        story.state.put(surgicalCase)
    }

    /// Receives and uses so many of an item.
    @discardableResult
    func use(_ sku: String, _ quantity: Int, lot: String? = nil, reference: String? = nil) throws -> Ruling {
        var values: [Field: Value] = [.sku: .text(sku), .quantity: .integer(quantity)]
        if let lot { values[.lot] = .text(lot) }
        try story.tell(.inventory, "RECEIVE", values)
        values[.surgicalCase] = .text(caseID.rawValue)
        return try story.tell(.inventory, "USE", values, reference: reference)
    }

    /// The case ends.
    func end() throws {
        guard let surgicalCase = state.fetch(SurgicalCase.self, id: caseID.rawValue) else { return }
        var ruling = Ruling()
        ruling.record(
            Event(
                surgicalCase.state == .abandoned ? "case.abandoned" : "case.completed", .surgicalCase(caseID),
                patient: mrn, at: story.now, writes: [surgicalCase]))
        _ = try story.pathway.carryOut(ruling, now: story.now, in: state)
    }

    /// What is due goes out.
    @discardableResult
    func drain(ends: Bool = true) throws -> Ruling {
        let due = try story.pathway.due(at: story.now, drainEnds: ends, in: state)
        return try story.pathway.carryOut(due, now: story.now, in: state)
    }

    /// The case ends and is billed.
    @discardableResult
    func bill() throws -> Bill {
        try end()
        try drain()
        return bills[0]
    }

    var bills: [Bill] { state.all(Bill.self) }

    @discardableResult
    func pay(
        _ amount: Int64, bill: String? = nil, plan: String? = nil, reference: String? = nil,
        source: SourceName = "front-desk", at time: String? = nil, more: [Field: Value] = [:]
    ) throws -> Ruling {
        var values: [Field: Value] = [.amount: .minor(amount), .currency: "GBP", .method: "CARD"]
        if let bill { values[.bill] = .text(bill) }
        if let plan { values[.plan] = .text(plan) }
        if bill == nil, plan == nil { values[.mrn] = .text(mrn.rawValue) }
        values.merge(more) { _, new in new }
        return try story.tell(.payment, "PAY", values, at: time, reference: reference, source: source)
    }

    @discardableResult
    func refund(_ amount: Int64, of original: String, more: [Field: Value] = [:]) throws -> Ruling {
        var values: [Field: Value] = [
            .amount: .minor(amount), .currency: "GBP", .method: "CARD", .original: .text(original),
            .requestedBy: "F1", .approvedBy: "F2", .reason: "asked for",
        ]
        values.merge(more) { _, new in new }
        return try story.tell(.payment, "REFUND", values)
    }

    @discardableResult
    func reverse(_ amount: Int64, of original: String, more: [Field: Value] = [:]) throws -> Ruling {
        var values: [Field: Value] = [
            .amount: .minor(amount), .currency: "GBP", .method: "CARD", .original: .text(original),
            .reason: "chargeback",
        ]
        values.merge(more) { _, new in new }
        return try story.tell(.payment, "REVERSE", values)
    }

    @discardableResult
    func change(_ action: String, _ more: [Field: Value] = [:]) throws -> Ruling {
        var values: [Field: Value] = [.bill: "B-000001", .reason: "goodwill", .approvedBy: "F2", .actor: "F1"]
        values.merge(more) { _, new in new }
        return try story.tell(.bill, action, values)
    }

    func payment(_ reference: String) -> Payment? {
        state.all(Payment.self).first { $0.reference == reference }
    }

    func balance() throws -> Balance { try state.balance(of: mrn) }
}

extension Balance {
    /// The patient's part, what is set against it, what is free, what is open.
    var brief: [Int64] { [patient, paid, credit + deposits, open].map(\.minorUnits) }
}

extension Bill {
    /// Whether every line and every total adds up.
    var addsUp: Bool {
        let linesAddUp = lines.allSatisfy { $0.net + $0.tax == $0.insurerShare + $0.writeOff + $0.patientShare }
        return (linesAddUp || type == .creditNote) && (rounding == .zero || type == .creditNote)
            && net == lines.map(\.net).total && tax == lines.map(\.tax).total && gross == net + tax
            && gross + rounding == insurerShare + writeOff + patientShare && patientShare == patientPaid + patientOpen
    }
}
