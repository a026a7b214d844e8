/// Money that comes in.
extension Pathway {
    func takePayment(_ command: Command, in state: any ClinicState, into ruling: inout Ruling) throws {
        let bill = try billToPay(command, in: state, into: &ruling)
        let plan = try planToPayFor(command, in: state, into: &ruling)
        let patient = try payer(command, bill: bill, plan: plan, in: state, into: &ruling)
        checkAmount(command, currency: bill?.currency ?? catalog.currency.code, into: &ruling)
        try checkTransaction(command, in: state, into: &ruling)
        guard ruling.isClear, let patient, let amount = command.money(.amount) else { return }
        // Under the record that it is for, so that it goes with that one should a merge be undone.
        let record = try bill?.mrn ?? plan?.mrn ?? recordNamed(by: command, of: patient, in: state)
        var payment = Payment(
            source: command.source, reference: command.reference, type: .payment, mrn: record, amount: amount,
            currency: command.text(.currency) ?? catalog.currency.code, method: command.text(.method) ?? "CASH",
            payer: payingParty(command), paidAt: command.effectiveAt)
        payment.processor = command.text(.processor)
        payment.transactionID = command.text(.transactionID)
        payment.bill = bill?.number
        payment.plan = plan?.plan
        payment.receipt = ReceiptNumber(sequence: try state.next(.receipt))
        var settlement = Settlement(in: state, at: command.now)
        let targets = try billsToPay(with: payment, of: patient, settlement: settlement)
        // One that nothing takes from stays as it comes in.
        if targets.isEmpty { payment.refreshState() }
        settlement.receive(payment)
        for number in targets { try settlement.allocate(payment.id, to: number) }
        let rest = try settlement.payment(payment.id)?.unapplied ?? .zero
        let isDeposit = try payment.plan.map { try !settlement.isBilled($0) } ?? false
        if isDeposit { try cautionAboutDeposit(payment, in: state, into: &ruling) }
        if rest > .zero, !isDeposit {
            caution(
                Finding(
                    .BillingRules.overpaid, [.amount],
                    "more was paid than is open on what it pays for; the rest is kept as credit",
                    mend: "nothing, or refund the rest",
                    aside: "\(catalog.currency.decimal(rest)) of patient \(patient.mrn)"),
                into: &ruling)
        }
        for event in settlement.events { ruling.record(event) }
    }

    /// The bills that a payment is for: the one named; else those of its plan; else all that are open, oldest due first.
    private func billsToPay(
        with payment: Payment, of patient: Patient, settlement: Settlement
    ) throws -> [BillNumber] {
        var bills = try settlement.bills(of: patient.mrn)
        if let named = payment.bill {
            bills = try [settlement.bill(named)].compactMap { $0 }
        } else if let plan = payment.plan {
            bills = bills.filter { $0.plan == plan }
        }
        return bills.filter { $0.isPayable && $0.open(for: payment.payer) > .zero }.map(\.number)
    }

    private func payingParty(_ command: Command) -> Payment.Payer {
        if let payer = command.text(.payer).flatMap({ Payment.Payer(rawValue: $0) }) { return payer }
        return command.text(.method) == "INSURER" ? .insurer : .patient
    }

    private func billToPay(_ command: Command, in state: any ClinicState, into ruling: inout Ruling) throws -> Bill? {
        guard let number: BillNumber = command.id(.bill) else { return nil }
        guard let bill = try state.fetch(Bill.self, id: number.rawValue) else {
            ruling.refuse(
                .BillingRules.paymentBillUnknown, [.bill], "no such bill yet",
                mend: "nothing, if the bill is on its way; else correct its number, or "
                    + "leave it out and name the patient",
                aside: "bill \(number)", waitingFor: [.bill(number)])
            return nil
        }
        if !bill.isPayable {
            ruling.refuse(
                .BillingRules.billCancelled, [.bill], "the bill is cancelled or replaced, or a credit note",
                mend: "name the bill that took its place, or leave it out and name the patient",
                aside: "bill \(number) is \(bill.state.rawValue)")
        }
        return bill
    }

    private func planToPayFor(
        _ command: Command, in state: any ClinicState, into ruling: inout Ruling
    ) throws -> ProcedurePlan? {
        guard let id: PlanID = command.id(.plan) else { return nil }
        if let plan = try state.currentPlan(id) { return plan }
        ruling.refuse(
            .PlanRules.unknown, [.plan], "no such plan yet", mend: "draft the plan, or correct its number",
            aside: "plan \(id)", waitingFor: [.plan(id)])
        return nil
    }

    /// The patient whose money it is: of the bill, else of the plan, else the one named.
    private func payer(
        _ command: Command, bill: Bill?, plan: ProcedurePlan?, in state: any ClinicState, into ruling: inout Ruling
    ) throws -> Patient? {
        let owners = [bill?.mrn, plan?.mrn].compactMap { $0 }
        // A bill or plan that is not there yet has been told; who it belongs to is known with it.
        if owners.isEmpty, command.text(.bill) != nil || command.text(.plan) != nil { return nil }
        // Money is taken whatever the patient's state: estates pay too.
        let mrn = try owners.first ?? findPatient(command, in: state, into: &ruling)?.mrn
        guard let mrn, let patient = try owner(mrn, comparedWith: command, in: state, into: &ruling) else { return nil }
        if let plan, try survivor(of: plan.mrn, in: state)?.mrn != patient.mrn {
            ruling.refuse(
                .Entry.wrongPatient, [.plan, .bill], "bill and plan belong to two patients",
                mend: "correct the number of the bill or of the plan", aside: "plan \(plan.plan)")
        }
        return patient
    }

    /// Amount, currency and settlement, the same for money in and money back.
    func checkAmount(_ command: Command, currency: String, into ruling: inout Ruling) {
        if let amount = command.money(.amount), amount <= .zero || amount > Pathway.largestAmount {
            ruling.refuse(
                .BillingRules.badAmount, [.amount], "the amount is not one that can be paid",
                mend: "give an amount above zero; money that goes back is a refund",
                aside: "amount \(catalog.currency.decimal(amount))")
        }
        if let given = command.text(.currency), !given.utf8.elementsEqual(currency.utf8) {
            ruling.refuse(
                .BillingRules.currencyDiffers, [.currency], "the amount is in another currency than the bill",
                mend: "give the amount in the clinic's currency", aside: "\(given), not \(currency)")
        }
        if let status = command.text(.status), !Pathway.settledStatuses.contains(status.uppercased()) {
            ruling.refuse(
                .BillingRules.notSettled, [.status], "the money has not arrived",
                mend: "drop the payment again when it is settled", aside: "status \(status)")
        }
    }

    /// One transaction of a processor is one payment, and one reference of a source too.
    func checkTransaction(_ command: Command, in state: any ClinicState, into ruling: inout Ruling) throws {
        if let processor = command.text(.processor), let transaction = command.text(.transactionID) {
            let known = try state.fetch(Payment.self, where: .transaction(processor: processor, id: transaction))
            if let first = known.first {
                ruling.refuse(
                    .BillingRules.transactionKnown, [.transactionID, .processor], "the transaction was taken before",
                    mend: "nothing, if it was sent twice; else correct its number", aside: "payment \(first.id)")
            }
        }
        if let known = try state.fetch(Payment.self, id: "\(command.source)/\(command.reference)") {
            ruling.refuse(
                .Entry.referenceReused, [.reference], "the reference was used before",
                mend: "give the entry a reference of its own", aside: "payment \(known.id)")
        }
    }

    /// More than this is a slip of the keyboard: ten thousand million of the minor unit.
    static let largestAmount = Money(minorUnits: 10_000_000_000)

    /// What processors call money that has arrived.
    private static let settledStatuses: Set<String> = [
        "SETTLED", "PAID", "SUCCEEDED", "SUCCESS", "COMPLETED", "COMPLETE", "CAPTURED", "APPROVED", "POSTED", "OK",
    ]
}
