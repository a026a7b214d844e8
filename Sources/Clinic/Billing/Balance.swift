/// What was charged, who bears it, what came in and went back, and what is left: of a patient or of the whole clinic.
///
/// Every amount is a sum over bills and payments, so that balances of patients add up to that of the clinic.
package struct Balance: Hashable, Sendable, Codable {
    /// What bills charge, tax included, credit notes taken off; cancelled bills charge nothing.
    package var billed = Money.zero
    /// The insurers' part of it.
    package var insurer = Money.zero
    /// Agreed away in the insurers' contracts; nobody is asked for it.
    package var writeOff = Money.zero
    /// The patient's part.
    package var patient = Money.zero
    /// Received of the patient, before anything went back.
    package var received = Money.zero
    /// Paid back to the patient.
    package var refunded = Money.zero
    /// Taken back by banks and processors.
    package var reversed = Money.zero
    /// The patient's money that is set against bills.
    package var paid = Money.zero
    /// The patient's money that is set against nothing and kept for no plan.
    package var credit = Money.zero
    /// The patient's money that is kept for plans not billed yet.
    package var deposits = Money.zero
    /// What the patient still owes.
    package var open = Money.zero
    /// Received of insurers, less what went back.
    package var insurerReceived = Money.zero
    package var insurerPaid = Money.zero
    package var insurerCredit = Money.zero
    package var insurerOpen = Money.zero

    package init() {}

    /// The balance of these bills and of all payments, refunds and reversals about them.
    package init(of bills: [Bill], _ payments: [Payment]) {
        for bill in bills where bill.state != .cancelled {
            billed += bill.gross + bill.rounding
            insurer += bill.insurerShare
            writeOff += bill.writeOff
            patient += bill.patientShare
            paid += bill.patientPaid
            open += bill.patientOpen
            insurerPaid += bill.insurerPaid
            insurerOpen += bill.insurerOpen
        }
        let billedPlans = Set(bills.filter(\.billsItsPlan).map(\.plan))
        for payment in payments {
            switch (payment.payer, payment.type) {
            case (.patient, .payment):
                received += payment.amount
                if let plan = payment.plan, !billedPlans.contains(plan) {
                    deposits += payment.unapplied
                } else {
                    credit += payment.unapplied
                }
            case (.patient, .refund): refunded += payment.amount
            case (.patient, .reversal): reversed += payment.amount
            case (.insurer, .payment):
                insurerReceived += payment.amount
                insurerCredit += payment.unapplied
            case (.insurer, _): insurerReceived -= payment.amount
            }
        }
    }

    /// What a bookkeeper checks: each amount is the sum of its parts.
    package var addsUp: Bool {
        billed == insurer + writeOff + patient && patient == paid + open
            && received == refunded + reversed + paid + credit + deposits && insurer == insurerPaid + insurerOpen
            && insurerReceived == insurerPaid + insurerCredit
    }

    package static func + (one: Balance, other: Balance) -> Balance {
        var sum = one
        for amount in amounts { sum[keyPath: amount] += other[keyPath: amount] }
        return sum
    }

    private static var amounts: [WritableKeyPath<Balance, Money>] {
        [
            \.billed, \.insurer, \.writeOff, \.patient, \.received, \.refunded, \.reversed, \.paid, \.credit,
            \.deposits, \.open, \.insurerReceived, \.insurerPaid, \.insurerCredit, \.insurerOpen,
        ]
    }
}

extension ClinicState {
    /// The balance of a patient over all their records.
    package func balance(of mrn: MRN) throws -> Balance {
        let numbers = try records(of: mrn)
        return Balance(
            of: try numbers.flatMap { try fetch(Bill.self, where: .patient($0)) },
            try numbers.flatMap { try fetch(Payment.self, where: .patient($0)) })
    }
}
