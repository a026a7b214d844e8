/// What follows when a patient dies or their record is made inactive: nothing stays booked for them.
///
/// What lies before that day stays as it is, for its entries may still come in; plans and consents stay on record, and
/// no rule lets anything be built on them while the patient is not active.
extension Pathway {
    func consequencesForPatient(of event: Event, in state: any ClinicState) throws -> [Event] {
        let reason: String
        switch event.kind {
        case "patient.deceased": reason = "the patient has died"
        case "patient.deactivated": reason = "the patient's record was made inactive"
        default: return []
        }
        guard let patient = event.written(Patient.self) else { return [] }
        let numbers = try state.records(of: patient.mrn)
        let cases = try numbers.flatMap { try state.fetch(SurgicalCase.self, where: .patient($0)) }
        let ended = cases.filter { $0.isAhead(of: event.occurredAt) }
        // Told too late to stop it, the death stands on the case for whoever reads of it.
        let late = event.kind == "patient.deceased" ? cases.filter { $0.began(after: event.occurredAt) } : []
        // Reservations go first, so that whoever reacts to a cancelled case finds none left to release.
        return try cancelledConsultations(of: numbers, event, because: reason, in: state)
            + releasedReservations(of: numbers, besides: cases.filter { !ended.contains($0) }, event, reason, in: state)
            + ended.map { try cancelled($0, at: event.occurredAt, because: reason, in: state) }
            + late.map {
                $0.remarked(
                    "case.deceased-late", after: event,
                    "The patient is recorded as deceased before the start; it was told only afterwards.")
            }
            + numbers.flatMap { try closedAccount(of: $0, event, because: reason, in: state) }
    }

    private func cancelledConsultations(
        of numbers: [MRN], _ event: Event, because reason: String, in state: any ClinicState
    ) throws -> [Event] {
        let ahead = try numbers.flatMap { try state.fetch(Consultation.self, where: .patient($0)) }
            .filter { $0.state == .scheduled && $0.startsAt >= event.occurredAt }
        return ahead.map { consultation in
            var consultation = consultation
            consultation.state = .cancelled
            return Event(
                "consultation.cancelled", .consultation(consultation.consultation), patient: consultation.mrn,
                at: event.occurredAt, writes: [consultation], note: reason)
        }
    }

    /// One event for all plans: two of them may keep things of one lot.
    private func releasedReservations(
        of numbers: [MRN], besides cases: [SurgicalCase], _ event: Event, _ reason: String, in state: any ClinicState
    ) throws -> [Event] {
        // What was used in a case that took place may still be told.
        let kept = Set(cases.filter { $0.state != .cancelled }.map(\.plan))
        let plans = Set(try numbers.flatMap { try state.fetch(ProcedurePlan.self, where: .patient($0)) }.map(\.plan))
        let free = plans.subtracting(kept).sorted()
        let active = try free.flatMap { try state.fetch(Reservation.self, where: .plan($0)) }
            .filter { $0.state == .active }
        var lots: [InventoryLot] = []
        var writes: [any ClinicEntity] = []
        for var reservation in active {
            let id = InventoryLot.id(reservation.sku, reservation.lot, reservation.location)
            if !lots.contains(where: { RowID($0.id) == RowID(id) }),
                let lot = try state.fetch(InventoryLot.self, id: id)
            {
                lots.append(lot)
            }
            if let index = lots.firstIndex(where: { RowID($0.id) == RowID(id) }) {
                lots[index].reserved = max(0, lots[index].reserved - reservation.quantity)
            }
            reservation.state = .released
            writes.append(reservation)
        }
        guard !writes.isEmpty else { return [] }
        return [
            Event(
                "inventory.released", event.subject, patient: event.patient, at: event.occurredAt,
                writes: writes + lots, note: reason)
        ]
    }

    private func closedAccount(of mrn: MRN, _ event: Event, because reason: String, in state: any ClinicState) throws
        -> [Event]
    {
        guard var account = try state.fetch(PatientAccount.self, id: mrn.rawValue), account.state != .closed else {
            return []
        }
        account.state = .closed
        var writes: [any ClinicEntity] = [account]
        if var credential = try state.fetch(Credential.self, id: mrn.rawValue), credential.tokenSHA256 != nil {
            credential.tokenSHA256 = nil
            credential.tokenExpiresAt = nil
            writes.append(credential)
        }
        return [
            Event(
                "account.closed", .patient(mrn), patient: mrn, at: event.occurredAt, writes: writes, note: reason)
        ]
    }
}

extension SurgicalCase {
    /// Not begun, and not booked for a time before the instant.
    fileprivate func isAhead(of instant: Instant) -> Bool {
        switch state {
        case .created, .postponed: true
        case .scheduled: startsAt.map { $0 >= instant } ?? true
        case .inProgress, .completed, .cancelled, .abandoned: false
        }
    }
}
