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
        if let old = versions.first(where: { $0.state == .superseded }) {
            let changes = approved.materialChanges(from: old, catalog)
            if !changes.isEmpty {
                let reason = "the plan was changed: " + changes.joined(separator: ", ")
                events = try undo(event, because: reason, in: state)
            }
        }
        for old in versions where old.state == .superseded {
            events += try dropped(from: old, by: approved, event, in: state)
        }
        if let order = try order(for: approved, event, in: state) { events.append(order) }
        return events
    }

    /// What only the old version required and nobody has met is waived by the surgeon who approved the new one.
    private func dropped(
        from old: ProcedurePlan, by plan: ProcedurePlan, _ event: Event, in state: any ClinicState
    ) throws -> [Event] {
        let waived = try old.requirements.filter { !plan.requirements.contains($0) }.compactMap { code in
            try state.fetch(Requirement.self, id: "\(plan.plan)/\(code)")
        }.filter { $0.state == .ordered || $0.state == .unmet }.map { requirement in
            var requirement = requirement
            requirement.state = .waived
            requirement.waivedBy = plan.approvedBy
            requirement.reason = Pathway.notRequiredAnyMore
            return requirement
        }
        guard !waived.isEmpty else { return [] }
        return [
            consequence(
                "preop.waived", .plan(plan.plan), of: event, writes: waived, note: Pathway.notRequiredAnyMore)
        ]
    }

    private static let notRequiredAnyMore = "the plan does not require it any more"

    /// Orders what the procedures require; what is known from an earlier version stays as it is.
    private func order(for plan: ProcedurePlan, _ event: Event, in state: any ClinicState) throws -> Event? {
        var writes: [any ClinicEntity] = []
        for code in plan.requirements {
            guard let definition = catalog.requirements[code] else { continue }
            let requirement = Requirement(
                plan: plan.plan, code: code, mrn: plan.mrn, category: definition.kind, orderedAt: event.occurredAt)
            let known = try state.fetch(Requirement.self, id: requirement.id)
            let isBack = known?.state == .waived && known?.reason == Pathway.notRequiredAnyMore
            if known == nil || isBack { writes.append(requirement) }
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
            + lapse(plan, after: event, because: reason, in: state)
            + releasedReservations(of: plan, event, because: reason, in: state)
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

    private func releasedReservations(
        of plan: PlanID, _ event: Event, because reason: String, in state: any ClinicState
    ) throws -> [Event] {
        let active = try state.fetch(Reservation.self, where: .plan(plan)).filter { $0.state == .active }
        var lots: [InventoryLot] = []
        var writes: [any ClinicEntity] = []
        for var reservation in active {
            let id = InventoryLot.id(reservation.sku, reservation.lot, reservation.location)
            if let known = lots.firstIndex(where: { $0.id == id }) {
                lots[known].reserved = max(0, lots[known].reserved - reservation.quantity)
            } else if var lot = try state.fetch(InventoryLot.self, id: id) {
                // A loss of stock may have taken the promise away already.
                lot.reserved = max(0, lot.reserved - reservation.quantity)
                lots.append(lot)
            }
            reservation.state = .released
            writes.append(reservation)
        }
        guard !writes.isEmpty else { return [] }
        return [consequence("inventory.released", .plan(plan), of: event, writes: writes + lots, note: reason)]
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
        // A revision that nobody approved has nothing left to change.
        let drafts = try state.versions(of: plan.plan).filter { $0.state == .draft }.map { draft in
            var draft = draft
            draft.state = .cancelled
            draft.reason = "the plan was fulfilled"
            return draft
        }
        return [consequence("plan.fulfilled", .plan(plan.plan), of: event, writes: [plan] + drafts)]
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
        !materialChanges(from: other, catalog).isEmpty
    }

    /// What is materially another thing than in an older version, in words for the ledger.
    func materialChanges(from other: ProcedurePlan, _ catalog: Catalog) -> [String] {
        let isOtherProcedure = procedures.map(\.code).sorted() != other.procedures.map(\.code).sorted()
        return [
            isOtherProcedure ? "procedure" : nil, !isOtherProcedure && sides != other.sides ? "side" : nil,
            surgeon != other.surgeon ? "surgeon" : nil, anesthesia != other.anesthesia ? "anesthesia" : nil,
            implants(catalog) != other.implants(catalog) ? "implants" : nil,
        ].compactMap(\.self)
    }

    private var sides: [String] { procedures.map { "\($0.code):\($0.side.rawValue)" }.sorted() }

    /// What is implanted, each item with all of its pieces, however the plan lists them.
    private func implants(_ catalog: Catalog) -> [SKU: Int] {
        let implants = neededItems(in: catalog).filter { catalog.items[$0.sku]?.isImplant == true }
        return Dictionary(implants.map { ($0.sku, $0.quantity) }) { $0 + $1 }
    }
}
