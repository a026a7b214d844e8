/// What a patient owes and has paid; charges are always what is paid and what is open.
package struct Balance: Hashable, Sendable {
    /// The patient's part of all bills, credit notes taken off.
    package var charges: Money
    /// Set against bills.
    package var paid: Money
    /// Received and not set against anything: deposits and credit.
    package var credit: Money
    /// Still owed.
    package var open: Money

    package init(charges: Money, paid: Money, credit: Money, open: Money) {
        self.charges = charges
        self.paid = paid
        self.credit = credit
        self.open = open
    }
}

extension Pathway {
    /// The balance of a patient over all their records.
    package func balance(of mrn: MRN, in state: any ClinicState) throws -> Balance {
        let settlement = Settlement(in: state, at: Instant(secondsSinceEpoch: 0))
        let bills = try settlement.bills(of: mrn).filter { $0.state != .cancelled }
        let payments = try settlement.payments(of: mrn).filter { $0.payer == .patient }
        return Balance(
            charges: bills.map(\.patientShare).total, paid: bills.map(\.patientPaid).total,
            credit: payments.map(\.unapplied).total, open: bills.map(\.patientOpen).total)
    }
}
