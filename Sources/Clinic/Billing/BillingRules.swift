/// The rules about bills and payments.
extension Rule {
    package enum BillingRules {
        package static let billUnknown = Rule(
            "bill.unknown", "A change names a bill that was issued.", phase: .billing, hl7: .unknownKey,
            weight: .holds)
        package static let wrongState = Rule(
            "bill.wrong-state", "A bill that is cancelled or replaced, and a credit note, are not changed any more.",
            phase: .billing, hl7: .recordLocked)
        package static let notApproved = Rule(
            "bill.not-approved", "A change of a bill is asked for by one of the staff and approved by another who may.",
            phase: .billing)
        package static let exceedsLine = Rule(
            "bill.exceeds-line", "No more is taken off a bill or its line than is left of it.", phase: .billing)
        package static let anesthesiaMinutes = Rule(
            "bill.anesthesia-minutes",
            "The minutes of anesthesia that are charged contain the operation, and are not much longer than it.",
            phase: .billing, weight: .warns, policy: "anesthesia_margin_minutes")
        package static let paymentBillUnknown = Rule(
            "payment.bill-unknown", "A payment names a bill that was issued.", phase: .billing, hl7: .unknownKey,
            weight: .holds)
        package static let billCancelled = Rule(
            "payment.bill-cancelled", "A bill that is cancelled or replaced, and a credit note, is not paid.",
            phase: .billing)
        package static let currencyDiffers = Rule(
            "payment.currency-differs", "Money is taken and given back in the currency of the bills.",
            phase: .billing, hl7: .dataType)
        package static let badAmount = Rule(
            "payment.bad-amount", "An amount is above zero; a reversal is of all that is left of its payment.",
            phase: .billing, hl7: .dataType)
        package static let originalUnknown = Rule(
            "payment.original-unknown", "A refund or reversal names one payment that was received.", phase: .billing,
            hl7: .unknownKey, weight: .holds)
        package static let refundExceedsPaid = Rule(
            "payment.refund-exceeds-paid", "No more is given back than is left of the payment.", phase: .billing)
        package static let refundNotApproved = Rule(
            "payment.refund-not-approved",
            "A refund is asked for by somebody who may, and approved by another who may and does not enter it.",
            phase: .billing)
        package static let alreadyReversed = Rule(
            "payment.already-reversed", "A payment that was reversed or wholly given back is gone.", phase: .billing)
        package static let notSettled = Rule(
            "payment.not-settled", "Only money that has arrived is a payment: not a declined or pending one.",
            phase: .billing)
        package static let transactionKnown = Rule(
            "payment.transaction-known", "A processor's transaction is taken once, whoever sends it.",
            phase: .billing, hl7: .duplicateKey)
        package static let overpaid = Rule(
            "payment.overpaid", "What is paid beyond what is owed is kept as the patient's credit.", phase: .billing,
            weight: .warns, policy: "refused_warnings")
        package static let notCovered = Rule(
            "insurance.not-covered",
            "Cosmetic surgery, and surgery without the insurer's authorization for the day and the amount, is paid by the "
                + "patient.",
            phase: .billing, weight: .warns, policy: "refused_warnings")
        package static let inactive = Rule(
            "insurance.inactive", "The insurance is in force on the day of the surgery.", phase: .billing,
            weight: .warns, policy: "refused_warnings")
        package static let depositTooSoon = Rule(
            "payment.deposit-too-soon", "No deposit is taken before the cooling-off is over, where that is the law.",
            phase: .billing, weight: .warns, policy: "cooling_off_before")

        package static let all: [Rule] = [
            billUnknown, wrongState, notApproved, exceedsLine, anesthesiaMinutes, paymentBillUnknown, billCancelled,
            currencyDiffers, badAmount, originalUnknown, refundExceedsPaid, refundNotApproved, alreadyReversed,
            notSettled,
            transactionKnown, overpaid, notCovered, inactive, depositTooSoon,
        ]
    }
}

extension Pathway {
    func decideBill(_ command: Command, in state: any ClinicState, into ruling: inout Ruling) throws {
        switch command.action.rawValue {
        case "DISCOUNT", "ADJUST", "CREDIT", "WAIVE": try changeBill(command, in: state, into: &ruling)
        case "CANCEL": try cancelBill(command, in: state, into: &ruling)
        default: refuseAction(of: command, into: &ruling)
        }
    }

    func decidePayment(_ command: Command, in state: any ClinicState, into ruling: inout Ruling) throws {
        switch command.action.rawValue {
        case "PAY": try takePayment(command, in: state, into: &ruling)
        case "REFUND": try refundPayment(command, in: state, into: &ruling)
        case "REVERSE": try reversePayment(command, in: state, into: &ruling)
        default: refuseAction(of: command, into: &ruling)
        }
    }

    private func refuseAction(of command: Command, into ruling: inout Ruling) {
        ruling.refuse(
            .Entry.unknownCode, [.action], "no such action of the form",
            mend: "use one of the actions of `suture forms \(command.form)`")
    }
}
