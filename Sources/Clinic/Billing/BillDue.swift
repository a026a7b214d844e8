/// A case that is over and waits for its bill, so that nobody looks through all old cases for it.
package struct BillDue: ClinicEntity {
    package enum State: String, Codable, Sendable {
        case open = "OPEN"
        /// A rule that the clinic made a refusal keeps the bill back until somebody mends what it is about.
        case withheld = "WITHHELD"
        case done = "DONE"
    }

    package enum Lookup: Hashable, Sendable {
        /// All that wait, the withheld ones too.
        case open
    }

    package static let kind = "bill-due"

    package var surgicalCase: CaseID
    package var mrn: MRN
    /// When the case ended, or when something changed after its bill.
    package var endedAt: Instant
    package var state: State

    package init(surgicalCase: CaseID, mrn: MRN, endedAt: Instant, state: State = .open) {
        self.surgicalCase = surgicalCase
        self.mrn = mrn
        self.endedAt = endedAt
        self.state = state
    }

    package var id: String { surgicalCase.rawValue }
    package var keys: [Key] { [.surgicalCase(surgicalCase)] }

    package func matches(_ lookup: Lookup) -> Bool {
        switch lookup {
        case .open: state != .done
        }
    }
}

extension Pathway {
    /// A case that is over becomes due for its bill; one that changes after its bill becomes due again.
    ///
    /// An un-merge takes the money of two patients apart.
    func consequencesForBilling(of event: Event, now: Instant, in state: any ClinicState) throws -> [Event] {
        switch event.kind {
        case "case.completed", "case.abandoned":
            guard let surgicalCase = event.written(SurgicalCase.self) else { return [] }
            return [
                dueEvent(
                    BillDue(
                        surgicalCase: surgicalCase.surgicalCase, mrn: surgicalCase.mrn,
                        endedAt: surgicalCase.endedAt ?? event.occurredAt), at: event.occurredAt)
            ]
        case "inventory.used", "inventory.returned", "inventory.voided":
            return try dueAgain(event.written(StockMovement.self)?.surgicalCase, after: event, in: state)
        case "bill.cancelled":
            // What a cancelled bill charged is charged by the one that takes its place; an amount added goes with it.
            guard let bill = event.written(Bill.self), bill.change == nil else { return [] }
            return try dueAgain(bill.surgicalCase, after: event, in: state)
        case "patient.unmerged": return try moneyApart(after: event, now: now, in: state)
        default:
            return []
        }
    }

    /// Money of one record that was set against the other's bills, while they were merged, is taken off them again.
    private func moneyApart(after event: Event, now: Instant, in state: any ClinicState) throws -> [Event] {
        let records = event.writes.compactMap { ($0 as? Patient)?.mrn }
        guard let record = records.first, let other = records.dropFirst().first else { return [] }
        var settlement = Settlement(in: state, at: now)
        try settlement.setApart(record, from: other)
        return settlement.events
    }

    private func dueAgain(_ id: CaseID?, after event: Event, in state: any ClinicState) throws -> [Event] {
        guard let id, var due = try state.fetch(BillDue.self, id: id.rawValue), due.state == .done else { return [] }
        due.state = .open
        due.endedAt = max(due.endedAt, event.occurredAt)
        return [dueEvent(due, at: event.occurredAt)]
    }

    private func dueEvent(_ due: BillDue, at instant: Instant) -> Event {
        Event("bill.due", .surgicalCase(due.surgicalCase), patient: due.mrn, at: instant, writes: [due])
    }
}
