import Clinic
import ClinicTesting

/// What pathway.md says must hold over any history, checked from the outside after each unit.
///
/// It keeps its own picture of the clinic, folded from the events alone.
final class Statements {
    let desk: HistoryDesk
    /// What is broken, in words; empty while everything holds.
    private(set) var broken: [String] = []
    /// When patients died, as far as it was told.
    private(set) var deaths: [MRN: Instant] = [:]
    /// The clinic as the ledger tells it.
    private let ledger = MemoryClinic()

    init(of desk: HistoryDesk) { self.desk = desk }

    var state: MemoryClinic { desk.state }

    func claim(_ holds: Bool, _ statement: @autoclosure () -> String) {
        if !holds { broken.append(statement()) }
    }

    /// Checks what a unit touched, event by event, and then all that it may have broken elsewhere.
    func check(after events: [Event]) throws {
        for event in events {
            for entity in event.writes { checkStep(entity, event) }
            ledger.apply(event)
            if event.kind == "patient.deceased", let mrn = event.patient { deaths[mrn] = event.occurredAt }
        }
        var touched: Set<String> = []
        for entity in events.flatMap(\.writes) { touched.insert(type(of: entity).kind) }
        if touched.contains(SurgicalCase.kind) || touched.contains(Consent.kind) { checkCases() }
        if touched.contains(Booking.kind) { checkBookings() }
        if touched.contains(InventoryLot.kind) || touched.contains(StockMovement.kind)
            || touched.contains(Reservation.kind)
        {
            checkStock()
        }
        if touched.contains(Bill.kind) || touched.contains(Payment.kind) { try checkMoney() }
        if touched.contains(Patient.kind) { checkPatients() }
    }

    /// Everything, at the end.
    func checkAll() throws {
        checkCases()
        checkBookings()
        checkStock()
        try checkMoney()
        checkPatients()
        checkLedger()
        let counts = Dictionary(grouping: desk.outcomes) { $0 }.mapValues(\.count)
        claim(
            counts.values.reduce(0, +) == desk.outcomes.count && counts[.held, default: 0] == desk.heldEntries.count,
            "entries conserve: \(counts), \(desk.heldEntries.count) wait")
    }

    /// Every entity's present state is what its ledger says.
    private func checkLedger() {
        compare(Patient.self)
        compare(Consultation.self)
        compare(ProcedurePlan.self)
        compare(Consent.self)
        compare(ConsentSnapshot.self)
        compare(Requirement.self)
        compare(Clearance.self)
        compare(SurgicalCase.self)
        compare(Booking.self)
        compare(InventoryLot.self)
        compare(SerialUnit.self)
        compare(StockMovement.self)
        compare(Reservation.self)
        compare(Bill.self)
        compare(Payment.self)
    }

    private func compare<Entity: ClinicEntity>(_ type: Entity.Type) {
        claim(state.all(type) == ledger.all(type), "the state of \(Entity.kind) is not what the ledger says")
    }

    // MARK: - One step of one entity

    private func checkStep(_ after: any ClinicEntity, _ event: Event) {
        switch after {
        case let plan as ProcedurePlan: step(plan, event, \.state.rawValue, Steps.plan, frozen: Frozen.plan)
        case let consent as Consent:
            step(consent, event, \.state.rawValue, Steps.consent, frozen: Frozen.consent)
        case let snapshot as ConsentSnapshot: checkSnapshot(snapshot)
        case let surgicalCase as SurgicalCase:
            step(surgicalCase, event, \.state.rawValue, Steps.surgicalCase)
            checkBooked(surgicalCase, event)
        case let consultation as Consultation:
            step(consultation, event, \.state.rawValue, Steps.consultation)
        case let requirement as Requirement: step(requirement, event, \.state.rawValue, Steps.requirement)
        case let clearance as Clearance: step(clearance, event, \.state.rawValue, Steps.clearance)
        case let lot as InventoryLot: step(lot, event, \.state.rawValue, Steps.lot)
        case let bill as Bill: step(bill, event, \.state.rawValue, Steps.bill, frozen: Frozen.bill)
        case let payment as Payment: step(payment, event, \.state.rawValue, Steps.payment, frozen: Frozen.payment)
        case let movement as StockMovement:
            claim(
                ledger.fetch(StockMovement.self, id: movement.id) == nil,
                "movement \(movement.number) was changed by \(event.kind)")
        case let patient as Patient: step(patient, event, \.state.rawValue, Steps.patient)
        default: break
        }
    }

    private func step<Entity: ClinicEntity>(
        _ after: Entity, _ event: Event, _ state: (Entity) -> String, _ steps: [String: Set<String>],
        frozen: ((Entity) -> Entity?)? = nil
    ) {
        guard let before = ledger.fetch(Entity.self, id: after.id) else { return }
        let (from, to) = (state(before), state(after))
        claim(
            from == to || steps[from, default: []].contains(to),
            "\(Entity.kind) \(after.id) went from \(from) to \(to) by \(event.kind)")
        guard let frozen, let kept = frozen(before), let now = frozen(after) else { return }
        claim(kept == now, "\(Entity.kind) \(after.id) was changed in \(from) by \(event.kind)")
    }

    private func checkSnapshot(_ snapshot: ConsentSnapshot) {
        if let before = ledger.fetch(ConsentSnapshot.self, id: snapshot.id) {
            claim(before == snapshot, "the text of consent \(snapshot.id) was changed")
        }
        guard let consent = state.fetch(Consent.self, id: snapshot.id) else { return }
        claim(
            consent.sha256 == desk.pathway.seals.sha256(Array(snapshot.text.utf8)),
            "consent \(snapshot.id) does not hash to its SHA-256")
    }

    /// Nothing is booked or begun without a plan approved and a consent signed before; one to an earlier version of the
    /// plan counts, since a material change would have voided it.
    private func checkBooked(_ after: SurgicalCase, _ event: Event) {
        let before = ledger.fetch(SurgicalCase.self, id: after.id)
        guard before?.state != after.state, [.scheduled, .inProgress].contains(after.state) else { return }
        let plan = ledger.fetch(ProcedurePlan.self, id: "\(after.plan)#\(after.planVersion)")
        claim(plan?.state == .approved, "case \(after.id) became \(after.state.rawValue) without an approved plan")
        let signed = ledger.all(Consent.self).contains {
            $0.plan == after.plan && $0.purpose == .surgical && $0.state == .signed
        }
        claim(signed, "case \(after.id) became \(after.state.rawValue) without a signed consent")
        claim(
            ledger.fetch(Clearance.self, id: after.plan.rawValue)?.state == .cleared,
            "case \(after.id) became \(after.state.rawValue) without clearance")
    }
}

/// The steps that pathway.md allows, from each state.
enum Steps {
    static let patient: [String: Set<String>] = [
        "ACTIVE": ["INACTIVE", "MERGED", "DECEASED"], "INACTIVE": ["ACTIVE", "MERGED", "DECEASED"],
        "MERGED": ["ACTIVE", "INACTIVE", "DECEASED"], "DECEASED": ["MERGED"],
    ]
    static let consultation: [String: Set<String>] = ["SCHEDULED": ["COMPLETED", "CANCELLED", "NO_SHOW"]]
    static let plan: [String: Set<String>] = [
        "DRAFT": ["APPROVED", "CANCELLED", "SUPERSEDED"], "APPROVED": ["FULFILLED", "CANCELLED", "SUPERSEDED"],
    ]
    static let consent: [String: Set<String>] = [
        "ISSUED": ["PARTIALLY_SIGNED", "SIGNED", "DECLINED", "WITHDRAWN", "VOIDED", "EXPIRED"],
        "PARTIALLY_SIGNED": ["SIGNED", "DECLINED", "WITHDRAWN", "VOIDED", "EXPIRED"],
        "SIGNED": ["WITHDRAWN", "VOIDED", "EXPIRED"],
    ]
    static let requirement: [String: Set<String>] = [
        "ORDERED": ["MET", "UNMET", "WAIVED"], "MET": ["UNMET", "ORDERED", "WAIVED"],
        "UNMET": ["MET", "ORDERED", "WAIVED"], "WAIVED": ["ORDERED", "MET", "UNMET"],
    ]
    static let clearance: [String: Set<String>] = [
        "PENDING": ["CLEARED", "DEFERRED", "LAPSED"], "CLEARED": ["LAPSED", "DEFERRED"],
        "LAPSED": ["CLEARED", "PENDING", "DEFERRED"], "DEFERRED": ["CLEARED", "PENDING", "LAPSED"],
    ]
    static let surgicalCase: [String: Set<String>] = [
        "CREATED": ["SCHEDULED", "CANCELLED"], "SCHEDULED": ["POSTPONED", "IN_PROGRESS", "CANCELLED"],
        "POSTPONED": ["SCHEDULED", "CANCELLED"], "IN_PROGRESS": ["COMPLETED", "ABANDONED"],
    ]
    static let lot: [String: Set<String>] = [
        "AVAILABLE": ["QUARANTINED", "RECALLED"], "QUARANTINED": ["AVAILABLE", "RECALLED"],
    ]
    static let bill: [String: Set<String>] = [
        "ISSUED": ["PARTIALLY_PAID", "PAID", "ADJUSTED", "CANCELLED"],
        "PARTIALLY_PAID": ["ISSUED", "PAID", "ADJUSTED", "CANCELLED"],
        "PAID": ["ISSUED", "PARTIALLY_PAID", "ADJUSTED", "CANCELLED"],
    ]
    static let payment: [String: Set<String>] = [
        "RECEIVED": ["ALLOCATED", "PARTLY_ALLOCATED", "UNALLOCATED", "REVERSED", "REFUNDED"],
        "ALLOCATED": ["PARTLY_ALLOCATED", "UNALLOCATED", "REVERSED", "REFUNDED"],
        "PARTLY_ALLOCATED": ["ALLOCATED", "UNALLOCATED", "REVERSED", "REFUNDED"],
        "UNALLOCATED": ["ALLOCATED", "PARTLY_ALLOCATED", "REVERSED", "REFUNDED"],
    ]
}

/// What must not change any more, once an entity has come so far: its copy without what still may; nil while it may.
enum Frozen {
    static func plan(_ plan: ProcedurePlan) -> ProcedurePlan? {
        guard plan.state != .draft else { return nil }
        var kept = plan
        (kept.state, kept.reason) = (.approved, nil)
        return kept
    }

    static func consent(_ consent: Consent) -> Consent? {
        guard consent.signedAt != nil else { return nil }
        var kept = consent
        (kept.state, kept.reason, kept.endedAt, kept.aliases) = (.signed, nil, nil, [])
        return kept
    }

    static func bill(_ bill: Bill) -> Bill? {
        var kept = bill
        (kept.state, kept.patientPaid, kept.insurerPaid) = (.issued, .zero, .zero)
        // A cancelled bill says why, and by whom.
        (kept.change, kept.reason, kept.requestedBy, kept.approvedBy) = (nil, nil, nil, nil)
        return kept
    }

    static func payment(_ payment: Payment) -> Payment? {
        guard payment.state != .received else { return nil }
        var kept = payment
        (kept.state, kept.allocations, kept.returned, kept.receipt) = (.received, [], .zero, nil)
        return kept
    }
}
