import Clinic

/// A balance as people read it: decimals, and the sums that they can check.
package struct BalanceSheet: Encodable, Sendable {
    package var currency: String
    package var billed: String
    package var insurer: String
    package var writeOff: String
    package var patient: String
    package var received: String
    package var refunded: String
    package var reversed: String
    package var paid: String
    package var credit: String
    package var deposits: String
    package var open: String
    package var insurerReceived: String
    package var insurerPaid: String
    package var insurerCredit: String
    package var insurerOpen: String

    init(_ balance: Balance, in currency: Currency) {
        self.currency = currency.code
        billed = currency.decimal(balance.billed)
        insurer = currency.decimal(balance.insurer)
        writeOff = currency.decimal(balance.writeOff)
        patient = currency.decimal(balance.patient)
        received = currency.decimal(balance.received)
        refunded = currency.decimal(balance.refunded)
        reversed = currency.decimal(balance.reversed)
        paid = currency.decimal(balance.paid)
        credit = currency.decimal(balance.credit)
        deposits = currency.decimal(balance.deposits)
        open = currency.decimal(balance.open)
        insurerReceived = currency.decimal(balance.insurerReceived)
        insurerPaid = currency.decimal(balance.insurerPaid)
        insurerCredit = currency.decimal(balance.insurerCredit)
        insurerOpen = currency.decimal(balance.insurerOpen)
    }

    /// Three sums: of what was charged, of the patient's money, of the insurers'.
    func lines(indent: String) -> [String] {
        [
            "\(indent)billed \(billed) = insurer \(insurer) + written off \(writeOff) + patient \(patient)",
            "\(indent)patient's part \(patient) = paid \(paid) + open \(open)",
            "\(indent)received \(received) = paid \(paid) + credit \(credit) + deposits \(deposits)"
                + " + refunded \(refunded) + reversed \(reversed)",
            "\(indent)insurers' part \(insurer) = paid \(insurerPaid) + open \(insurerOpen);"
                + " received \(insurerReceived), not set against bills \(insurerCredit)",
        ]
    }
}
