/// What follows from an approved, changed or cancelled plan, and what fulfils one.
extension Pathway {
    func consequencesForPlan(of event: Event, now: Instant, in state: any ClinicState) throws -> [Event] {
        switch event.kind {
        case "plan.approved": try consequencesOfApproval(event, in: state)
        case "plan.cancelled": try undo(event, because: "the plan was cancelled", in: state)
        case "case.completed": try fulfilment(event, in: state)
        default: []
        }
    }

    private func consequencesOfApproval(_ event: Event, in state: any ClinicState) throws -> [Event] {
        let versions = event.writes.compactMap { $0 as? ProcedurePlan }
        guard let approved = versions.first(where: { $0.state == .approved }) else { return [] }
        var events: [Event] = []
        if let old = versions.first(where: { $0.state == .superseded }), approved.differsMaterially(from: old, catalog)
        {
            events = try undo(event, because: "the plan was changed", in: state)
        }
        if let order = try order(for: approved, event, in: state) { events.append(order) }
        return events
    }

    /// Orders what the procedures require; what is known from an earlier version stays as it is.
    private func order(for plan: ProcedurePlan, _ event: Event, in state: any ClinicState) throws -> Event? {
        var writes: [any ClinicEntity] = []
        for code in plan.requirements {
            guard let definition = catalog.requirements[code] else { continue }
            let requirement = Requirement(
                plan: plan.plan, code: code, mrn: plan.mrn, category: definition.kind, orderedAt: event.occurredAt)
            if try state.fetch(Requirement.self, id: requirement.id) == nil { writes.append(requirement) }
        }
        if try state.fetch(Clearance.self, id: plan.plan.rawValue) == nil {
            writes.append(Clearance(plan: plan.plan, mrn: plan.mrn))
        }
        return writes.isEmpty ? nil : consequence("preop.ordered", .plan(plan.plan), of: event, writes: writes)
    }

    /// Takes back what was built on a plan: consents, clearance, reservations, the booked case.
    private func undo(_ event: Event, because reason: String, in state: any ClinicState) throws -> [Event] {
        guard let plan = event.written(ProcedurePlan.self)?.plan else { return [] }
        // Reservations go first, so that whoever reacts to the cancelled case finds none left to release.
        return try voidedConsents(of: plan, event, because: reason, in: state)
            + lapsedClearance(of: plan, event, because: reason, in: state)
            + releasedReservations(of: plan, event, in: state)
            + cancelledCases(of: plan, event, because: reason, in: state)
    }

    private func voidedConsents(of plan: PlanID, _ event: Event, because reason: String, in state: any ClinicState)
        throws -> [Event]
    {
        try state.fetch(Consent.self, where: .plan(plan)).filter { !$0.state.isOver }.map { consent in
            var consent = consent
            consent.state = .void
            consent.endedAt = event.occurredAt
            consent.reason = reason
            return consequence("consent.voided", .consent(consent.consent), of: event, writes: [consent], note: reason)
        }
    }

    private func lapsedClearance(of plan: PlanID, _ event: Event, because reason: String, in state: any ClinicState)
        throws -> [Event]
    {
        guard var clearance = try state.fetch(Clearance.self, id: plan.rawValue), clearance.state == .cleared else {
            return []
        }
        clearance.state = .lapsed
        clearance.reason = reason
        return [consequence("preop.lapsed", .plan(plan), of: event, writes: [clearance], note: reason)]
    }

    private func releasedReservations(of plan: PlanID, _ event: Event, in state: any ClinicState) throws -> [Event] {
        let active = try state.fetch(Reservation.self, where: .plan(plan)).filter { $0.state == .active }
        var lots: [InventoryLot] = []
        var writes: [any ClinicEntity] = []
        for var reservation in active {
            let id = InventoryLot.id(reservation.sku, reservation.lot, reservation.location)
            if let known = lots.firstIndex(where: { $0.id == id }) {
                lots[known].reserved -= reservation.quantity
            } else if var lot = try state.fetch(InventoryLot.self, id: id) {
                lot.reserved -= reservation.quantity
                lots.append(lot)
            }
            reservation.state = .released
            writes.append(reservation)
        }
        return writes.isEmpty ? [] : [consequence("inventory.released", .plan(plan), of: event, writes: writes + lots)]
    }

    private func cancelledCases(of plan: PlanID, _ event: Event, because reason: String, in state: any ClinicState)
        throws -> [Event]
    {
        let open = try state.fetch(SurgicalCase.self, where: .plan(plan)).filter {
            $0.state.isOpen && $0.state != .inProgress
        }
        return try open.map { surgicalCase in
            var surgicalCase = surgicalCase
            surgicalCase.state = .cancelled
            surgicalCase.reason = reason
            let bookings = try state.fetch(Booking.self, where: .surgicalCase(surgicalCase.surgicalCase)).filter {
                $0.isActive
            }
            let freed = bookings.map { booking in
                var booking = booking
                booking.isActive = false
                return booking
            }
            return consequence(
                "case.cancelled", .surgicalCase(surgicalCase.surgicalCase), of: event,
                writes: [surgicalCase as any ClinicEntity] + freed, note: reason)
        }
    }

    /// A completed case fulfils its plan.
    private func fulfilment(_ event: Event, in state: any ClinicState) throws -> [Event] {
        guard let surgicalCase = event.written(SurgicalCase.self),
            var plan = try state.currentPlan(surgicalCase.plan), plan.state == .approved
        else { return [] }
        plan.state = .fulfilled
        return [consequence("plan.fulfilled", .plan(plan.plan), of: event, writes: [plan])]
    }

    private func consequence(
        _ kind: String, _ subject: Key, of event: Event, writes: [any ClinicEntity], note: String? = nil
    ) -> Event {
        Event(kind, subject, patient: event.patient, at: event.occurredAt, writes: writes, note: note)
    }
}

extension ProcedurePlan {
    /// Procedure, side, surgeon, anesthesia or implants are other ones: nothing built on the old version stands.
    func differsMaterially(from other: ProcedurePlan, _ catalog: Catalog) -> Bool {
        surgeon != other.surgeon || anesthesia != other.anesthesia || sides != other.sides
            || implants(catalog) != other.implants(catalog)
    }

    private var sides: [String] { procedures.map { "\($0.code):\($0.side.rawValue)" }.sorted() }

    private func implants(_ catalog: Catalog) -> [String] {
        items.filter { catalog.items[$0.sku]?.isImplant == true }.map { "\($0.sku)*\($0.quantity)" }.sorted()
    }
}
