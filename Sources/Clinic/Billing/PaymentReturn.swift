/// Money that goes back: refunds that we make, reversals that happen to us.
extension Pathway {
    func refundPayment(_ command: Command, in state: any ClinicState, into ruling: inout Ruling) throws {
        let original = try originalPayment(command, in: state, into: &ruling)
        checkAmount(command, currency: original?.currency ?? catalog.currency.code, into: &ruling)
        try checkTransaction(command, in: state, into: &ruling)
        checkRefundApproval(command, into: &ruling)
        if let original, let amount = command.money(.amount), original.isStanding,
            amount > original.amount - original.returned
        {
            ruling.refuse(
                .BillingRules.refundExceedsPaid, [.amount, .original], "more would go back than is left of the payment",
                mend: "correct the amount, or name the payment that is meant",
                aside: "payment \(original.id): \(catalog.currency.decimal(original.amount - original.returned)) left")
        }
        guard ruling.isClear, let original, let amount = command.money(.amount) else { return }
        try giveBack(amount, of: original, as: .refund, "payment.refunded", command, in: state, into: &ruling)
    }

    func reversePayment(_ command: Command, in state: any ClinicState, into ruling: inout Ruling) throws {
        let original = try originalPayment(command, in: state, into: &ruling)
        checkAmount(command, currency: original?.currency ?? catalog.currency.code, into: &ruling)
        try checkTransaction(command, in: state, into: &ruling)
        if let original, let amount = command.money(.amount), original.isStanding, amount > .zero,
            amount != original.amount - original.returned
        {
            ruling.refuse(
                .BillingRules.badAmount, [.amount, .original], "the amount is not what is left of the payment",
                mend: "a part of a payment goes back by a refund",
                aside: "payment \(original.id): \(catalog.currency.decimal(original.amount - original.returned)) left")
        }
        guard ruling.isClear, let original, let amount = command.money(.amount) else { return }
        try giveBack(amount, of: original, as: .reversal, "payment.reversed", command, in: state, into: &ruling)
    }

    private func giveBack(
        _ amount: Money, of before: Payment, as type: Payment.Kind, _ kind: String, _ command: Command,
        in state: any ClinicState, into ruling: inout Ruling
    ) throws {
        var settlement = Settlement(in: state, at: command.now)
        var original = before
        let reopened = try settlement.withdraw(amount, from: &original)
        original.returned += amount
        original.refreshState()
        if type == .reversal { original.state = .reversed }
        var back = Payment(
            source: command.source, reference: command.reference, type: type, mrn: original.mrn, amount: amount,
            currency: original.currency, method: command.text(.method) ?? original.method, payer: original.payer,
            paidAt: command.effectiveAt)
        // Money that went back is nobody's credit: it counts as given back from the beginning.
        back.returned = amount
        back.state = type == .refund ? .refunded : .reversed
        back.processor = command.text(.processor)
        back.transactionID = command.text(.transactionID)
        back.original = original.id
        back.bill = original.bill
        back.plan = original.plan
        back.requestedBy = command.text(.requestedBy)
        back.approvedBy = command.text(.approvedBy)
        back.reason = command.text(.reason)
        if type == .refund { back.receipt = ReceiptNumber(sequence: try state.next(.receipt)) }
        let writes: [any ClinicEntity] = [back, original] + reopened
        let event = Event(
            kind, .reference(.payment, command.reference), patient: original.mrn, at: command.effectiveAt,
            writes: writes, note: back.reason)
        settlement.record(event, changing: original)
        // Other credit of the patient settles what is open again.
        if !reopened.isEmpty { try settlement.settleCredit(of: original.mrn, after: event) }
        for event in settlement.events { ruling.record(event) }
    }

    /// The payment that a refund or reversal is about, by its reference or `source/reference`.
    private func originalPayment(
        _ command: Command, in state: any ClinicState, into ruling: inout Ruling
    ) throws -> Payment? {
        guard let name = command.text(.original) else { return nil }
        var found = try state.fetch(Payment.self, where: .reference(name))
        if found.isEmpty { found = try [state.fetch(Payment.self, id: name)].compactMap { $0 } }
        if found.isEmpty { found = try transactions(called: name, by: command, in: state) }
        // Where sources share a number, each means its own.
        let own = found.filter { $0.source == command.source }
        if !own.isEmpty { found = own }
        guard let original = found.first else {
            var keys: [Key] = [.reference(.payment, name)]
            if let slash = name.utf8.firstIndex(of: UInt8(ascii: "/")) {
                keys.append(.reference(.payment, String(name[name.utf8.index(after: slash)...])))
            }
            ruling.refuse(
                .BillingRules.originalUnknown, [.original], "no payment under this reference yet",
                mend: "drop the payment, or correct the reference", aside: "payment \(name)", waitingFor: keys)
            return nil
        }
        guard found.count == 1, original.type == .payment else {
            ruling.refuse(
                .BillingRules.originalUnknown, [.original],
                found.count == 1 ? "the reference is of money that went back" : "several sources used this reference",
                mend: "name the payment, as source/reference where sources share a number", aside: "payment \(name)")
            return nil
        }
        _ = try owner(original.mrn, comparedWith: command, in: state, into: &ruling)
        if !original.isStanding {
            ruling.refuse(
                .BillingRules.alreadyReversed, [.original], "nothing is left of the payment",
                mend: "nothing, if it was told twice", aside: "payment \(original.id) is \(original.state.rawValue)")
        }
        return original
    }

    /// A bank or processor names what it takes back by its own number of the transaction, which is no reference of ours.
    ///
    /// Many banks number a return anew and repeat only what the payer wrote: then it is the one payment of that amount
    /// that the bank brought for the bill.
    private func transactions(
        called name: String, by command: Command, in state: any ClinicState
    ) throws -> [Payment] {
        guard let processor = command.text(.processor) else { return [] }
        let known = try state.fetch(Payment.self, where: .transaction(processor: processor, id: name))
            .filter { $0.type == .payment }
        guard known.isEmpty, let number: BillNumber = command.id(.bill), let amount = command.money(.amount),
            let bill = try state.fetch(Bill.self, id: number.rawValue)
        else { return known }
        let brought = try state.fetch(Payment.self, where: .patient(bill.mrn)).filter { payment in
            payment.type == .payment && payment.bill == number && payment.amount == amount && payment.isStanding
                && payment.processor.map { Payment.isSameProcessor($0, processor) } ?? false
        }
        return brought.count == 1 ? brought : []
    }

    /// Two different people, each of whom may; whoever enters the refund does not approve it either.
    private func checkRefundApproval(_ command: Command, into ruling: inout Ruling) {
        let asker: StaffID? = command.id(.requestedBy)
        let approver: StaffID? = command.id(.approvedBy)
        let detail: String
        if !may(asker, "REQUEST_REFUND") {
            detail = "the refund is not asked for by somebody who may"
        } else if !may(approver, "APPROVE_REFUND") || approver == asker {
            detail = "the refund is not approved by another person who may"
        } else if approver == command.id(.actor) {
            detail = "the refund is approved by the one who entered it"
        } else {
            return
        }
        ruling.refuse(
            .BillingRules.refundNotApproved, [.approvedBy, .requestedBy, .actor], detail,
            mend: "name who asks for it, with the permission REQUEST_REFUND (requested_by), and another person with "
                + "the permission APPROVE_REFUND, who does not enter it (approved_by)",
            aside: "asked for by \(asker?.rawValue ?? "nobody"), approved by \(approver?.rawValue ?? "nobody")")
    }

    private func may(_ person: StaffID?, _ permission: String) -> Bool {
        person.flatMap { catalog.staff[$0] }?.permissions.contains(permission) ?? false
    }
}

extension Payment {
    /// Whether anything of it is left to go back.
    var isStanding: Bool { state != .reversed && returned < amount }
}
