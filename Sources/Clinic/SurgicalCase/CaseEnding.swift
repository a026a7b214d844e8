/// Cases that do not take place as booked, and what follows from cases by itself.
extension Pathway {
    /// The time is given back, the stock is kept.
    func postpone(_ found: SurgicalCase, _ command: Command, in state: any ClinicState, into ruling: inout Ruling)
        throws
    {
        _ = try checkOwner(
            found.mrn, named: .surgicalCase, of: command, mustBeActive: false, in: state, into: &ruling)
        // A second postponement must not wait for the case to be booked anew, and then undo that.
        guard isTurn([.scheduled], of: found, mayCome: found.state == .created, into: &ruling) else { return }
        var changed = found
        changed.state = .postponed
        changed.signInAt = nil
        changed.reason = command.text(.reason)
        ruling.record(
            Event(
                "case.postponed", .surgicalCase(found.surgicalCase), patient: found.mrn, at: command.effectiveAt,
                writes: [changed] + (try endedBookings(of: found, in: state)), note: command.text(.reason)))
    }

    func cancel(_ found: SurgicalCase, _ command: Command, in state: any ClinicState, into ruling: inout Ruling) throws
    {
        _ = try checkOwner(
            found.mrn, named: .surgicalCase, of: command, mustBeActive: false, in: state, into: &ruling)
        guard isTurn([.created, .scheduled, .postponed], of: found, into: &ruling) else { return }
        ruling.record(
            try cancelled(found, at: command.effectiveAt, because: command.text(.reason), in: state))
    }

    /// The cancellation of a case that has not started, with its bookings.
    func cancelled(_ found: SurgicalCase, at instant: Instant, because reason: String?, in state: any ClinicState)
        throws
        -> Event
    {
        var changed = found
        changed.state = .cancelled
        changed.reason = reason
        return Event(
            "case.cancelled", .surgicalCase(found.surgicalCase), patient: found.mrn, at: instant,
            writes: [changed] + (try endedBookings(of: found, in: state)), note: reason)
    }

    private func endedBookings(of found: SurgicalCase, in state: any ClinicState) throws -> [Booking] {
        try state.fetch(Booking.self, where: .surgicalCase(found.surgicalCase)).filter(\.isActive).map(\.ended)
    }

    /// A withdrawn surgical consent cancels the case before its start; after it, the withdrawal is only on record.
    func casesWithoutConsent(after event: Event, in state: any ClinicState) throws -> [Event] {
        guard let consent = event.written(Consent.self), consent.purpose == .surgical else { return [] }
        let others = try state.fetch(Consent.self, where: .plan(consent.plan))
        guard !others.contains(where: { $0.purpose == .surgical && $0.state == .signed }) else { return [] }
        let cases = try state.fetch(SurgicalCase.self, where: .plan(consent.plan))
        let ahead = try cases.filter { [.created, .scheduled, .postponed].contains($0.state) }
            .map { try cancelled($0, at: event.occurredAt, because: "the consent was withdrawn", in: state) }
        // Told too late to stop it, it stands on the case for whoever reads of it.
        let begun = cases.filter { $0.began(after: event.occurredAt) }.map {
            $0.remarked(
                "case.withdrawn-late", after: event,
                "The consent had been withdrawn before the start; it was told only afterwards.")
        }
        return ahead + begun
    }

    /// What was kept and never used is free again once the case is billed; until then its uses may still come in.
    func releaseLeftovers(after event: Event, in state: any ClinicState) throws -> [Event] {
        guard let plan = event.written(Bill.self)?.plan else { return [] }
        let cases = try state.fetch(SurgicalCase.self, where: .plan(plan))
        return cases.contains { $0.state.isOpen } ? [] : try releaseStock(of: plan, after: event, in: state)
    }

    /// A plan whose case is over gives back what was kept for it.
    func releaseStock(of plan: PlanID?, after event: Event, in state: any ClinicState) throws -> [Event] {
        guard let plan else { return [] }
        let stock = try FirstExpiredFirstOut(releasing: plan, in: state)
        guard !stock.changesNothing else { return [] }
        return [
            Event(
                "inventory.released", .plan(plan), patient: event.patient, at: event.occurredAt,
                writes: try stock.writes(in: state))
        ]
    }
}

extension SurgicalCase {
    /// Whether it was begun, and after an instant.
    func began(after instant: Instant) -> Bool { startedAt.map { instant < $0 } ?? false }

    /// What was told too late to stop a case stands on it as a remark.
    func remarked(_ kind: String, after event: Event, _ text: String) -> Event {
        var changed = self
        changed.remarks.append(Remark(text: text, at: event.occurredAt))
        return Event(
            kind, .surgicalCase(surgicalCase), patient: mrn, at: event.occurredAt, writes: [changed], note: text)
    }
}
