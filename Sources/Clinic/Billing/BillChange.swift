/// Changes of an issued bill: linked credit notes and supplements; the bill itself stays as it went out.
extension Pathway {
    func changeBill(_ command: Command, in state: any ClinicState, into ruling: inout Ruling) throws {
        guard let command = try discountOfCase(command, in: state, into: &ruling) else { return }
        let bill = try billToChange(command, in: state, into: &ruling)
        checkApproval(command, into: &ruling)
        let isBad = !checkChangedAmount(command, into: &ruling)
        let amount = command.money(.amount)
        let percent = basisPoints(of: command)
        let action = command.action.rawValue
        guard let bill else { return }
        let settlement = Settlement(in: state, at: command.now)
        let all = try settlement.remainders(of: bill)
        let lines = all.filter { line in lineNumber(of: command).map { line.number == $0 } ?? true }
        if lines.isEmpty {
            ruling.refuse(
                .BillingRules.exceedsLine, [.line], "the bill has no such line",
                mend: "correct the number of the line", aside: "bill \(bill.number)")
        }
        guard !isBad, !lines.isEmpty else { return }
        if action == "ADJUST", let amount, amount > .zero {
            guard ruling.isClear else { return }
            try supplement(bill, by: amount, like: lines[0], as: command, in: state, into: &ruling)
            return
        }
        let credits: [Bill.Line]?
        switch action {
        case "DISCOUNT": credits = discount(lines, amount: amount, basisPoints: percent)
        case "WAIVE": credits = waiver(lines, open: bill.patientOpen, amount: amount, basisPoints: percent)
        default: credits = credit(lines, amount: amount.map { max($0, -$0) }, basisPoints: percent)
        }
        guard let credits, credits.contains(where: { $0.charge < .zero }) else {
            ruling.refuse(
                .BillingRules.exceedsLine, [.amount, .percent, .line], "more would be taken off than is left",
                mend: "correct the amount, or credit the whole line",
                aside: "bill \(bill.number), left \(catalog.currency.decimal(lines.map(\.charge).total))")
            return
        }
        guard ruling.isClear else { return }
        var credited = settlement
        var note = creditNote(
            of: credits.filter { $0.charge < .zero }, to: bill, number: BillNumber(sequence: try state.next(.bill)),
            at: command.now, as: change(of: command), reason: command.text(.reason) ?? action)
        note.requestedBy = requester(of: command)
        note.approvedBy = command.id(.approvedBy)
        try credited.credit(note, to: bill)
        for event in credited.events { ruling.record(event) }
    }

    /// An amount above zero or a percentage up to a hundred, where one is needed.
    @discardableResult
    func checkChangedAmount(_ command: Command, into ruling: inout Ruling) -> Bool {
        let action = command.action.rawValue
        let amount = command.money(.amount)
        let percent = basisPoints(of: command)
        let needsAmount = action == "ADJUST" || action == "DISCOUNT" && percent == nil
        let isBad =
            amount.map { action == "ADJUST" ? $0 == .zero : $0 <= .zero } ?? needsAmount
            || amount.map { $0 > Pathway.largestAmount || -$0 > Pathway.largestAmount } ?? false
            || percent.map { $0 <= 0 || $0 > 10_000 } ?? false
        guard isBad else { return true }
        ruling.refuse(
            .BillingRules.badAmount, [.amount, .percent], "there is no amount or percentage to change it by",
            mend: "give an amount above zero, or a percentage up to a hundred")
        return false
    }

    private func change(of command: Command) -> Bill.Change {
        switch command.action.rawValue {
        case "DISCOUNT": .discount
        case "WAIVE": .waiver
        case "CREDIT": .credit
        default: .adjustment
        }
    }

    func cancelBill(_ command: Command, in state: any ClinicState, into ruling: inout Ruling) throws {
        let bill = try billToChange(command, in: state, into: &ruling)
        checkApproval(command, into: &ruling)
        guard var bill else { return }
        let linked = try state.fetch(Bill.self, where: .surgicalCase(bill.surgicalCase))
            .first { $0.ofBill == bill.number && $0.state != .cancelled }
        if let linked {
            ruling.refuse(
                .BillingRules.wrongState, [.bill], "the bill has been changed by others that are linked to it",
                mend: "credit what is left of it instead", aside: "bill \(bill.number), linked \(linked.number)")
        }
        guard ruling.isClear else { return }
        bill.reason = command.text(.reason)
        bill.requestedBy = requester(of: command)
        bill.approvedBy = command.id(.approvedBy)
        var settlement = Settlement(in: state, at: command.now)
        try settlement.cancel(bill)
        for event in settlement.events { ruling.record(event) }
    }

    private func billToChange(_ command: Command, in state: any ClinicState, into ruling: inout Ruling) throws -> Bill?
    {
        guard let number: BillNumber = command.id(.bill) else { return nil }
        guard let bill = try state.fetch(Bill.self, id: number.rawValue) else {
            ruling.refuse(
                .BillingRules.billUnknown, [.bill], "no such bill yet",
                mend: "nothing, if the bill is on its way; else correct its number",
                aside: "bill \(number)", waitingFor: [.bill(number)])
            return nil
        }
        _ = try owner(bill.mrn, comparedWith: command, in: state, into: &ruling)
        if !bill.isPayable {
            ruling.refuse(
                .BillingRules.wrongState, [.bill], "the bill is cancelled, replaced or a credit note",
                mend: "name the bill that stands",
                aside: "bill \(number) is \(bill.type.rawValue) \(bill.state.rawValue)")
        }
        return bill
    }

    /// Who asks for a change: named as such, else whoever enters it.
    func requester(of command: Command) -> StaffID? { command.id(.requestedBy) ?? command.id(.actor) }

    /// Two people of the staff: one who asks, and another who approves and may.
    func checkApproval(_ command: Command, into ruling: inout Ruling) {
        guard let approver: StaffID = command.id(.approvedBy) else { return }
        let others: [StaffID?] = [command.id(.actor), command.id(.requestedBy)]
        let mayApprove = catalog.staff[approver]?.permissions.contains("APPROVE_BILL") ?? false
        let isAskedFor = requester(of: command).map { catalog.staff[$0] != nil } ?? false
        guard !mayApprove || !isAskedFor || others.contains(approver) else { return }
        ruling.refuse(
            .BillingRules.notApproved, [.approvedBy, .requestedBy, .actor],
            isAskedFor
                ? "the change is not approved by another person who may"
                : "the change is not asked for by one of the staff",
            mend:
                "name who asks for it (requested_by), and another person with the permission APPROVE_BILL (approved_by)",
            aside: "asked for by \(requester(of: command)?.rawValue ?? "nobody"), approved by \(approver)")
    }

    /// An amount added to a bill makes a supplement, which is the patient's alone.
    private func supplement(
        _ bill: Bill, by amount: Money, like line: Bill.Line, as command: Command, in state: any ClinicState,
        into ruling: inout Ruling
    ) throws {
        var added = Bill.Line(line.kind, line.code, "Adjustment: \(line.description)", quantity: 1, unitPrice: amount)
        added.number = 1
        var lines = [added]
        lines[0].taxBasisPoints = line.taxBasisPoints
        lines[0].taxCategory = line.taxCategory
        lines[0].taxExemptionReason = line.taxExemptionReason
        lines.setTaxes()
        _ = lines.divide(by: nil)
        var supplement = Bill(
            number: BillNumber(sequence: try state.next(.bill)), type: .supplement, surgicalCase: bill.surgicalCase,
            plan: bill.plan, mrn: bill.mrn, currency: bill.currency, lines: lines, insurer: nil,
            issuedAt: command.now, dueOn: zone.date(of: command.now).adding(days: policy.paymentDueDays))
        supplement.ofBill = bill.number
        supplement.performedOn = bill.performedOn
        supplement.change = .adjustment
        supplement.reason = command.text(.reason) ?? command.action.rawValue
        supplement.requestedBy = requester(of: command)
        supplement.approvedBy = command.id(.approvedBy)
        var settlement = Settlement(in: state, at: command.now)
        settlement.issue(supplement)
        try settlement.applyCredit(to: supplement.number)
        for event in settlement.events { ruling.record(event) }
    }

    /// Net amounts off the patient's part; nil when it is more than that.
    func discount(_ lines: [Bill.Line], amount: Money?, basisPoints: Int?) -> [Bill.Line]? {
        let limits = lines.map(\.patientNet)
        let parts = amount.map { $0.spread(over: limits) } ?? limits.map { $0.share(basisPoints: basisPoints ?? 0) }
        if let amount, amount > limits.total { return nil }
        return zip(lines, parts).map { $0.patientCredit(net: $1) }
    }

    /// Amounts with their tax that the patient need not pay any more; all that is open where no amount is given.
    private func waiver(_ lines: [Bill.Line], open: Money, amount: Money?, basisPoints: Int?) -> [Bill.Line]? {
        let shares = lines.map(\.patientShare)
        let most = min(open, shares.total)
        let waived = amount ?? basisPoints.map { most.share(basisPoints: $0) } ?? most
        guard waived <= most else { return nil }
        return zip(lines, waived.spread(over: shares)).map { $0.patientCredit(gross: $1) }
    }

    /// Net amounts off the whole charge, the insurer's part included; all of it where no amount is given.
    private func credit(_ lines: [Bill.Line], amount: Money?, basisPoints: Int?) -> [Bill.Line]? {
        let nets = lines.map(\.net)
        if let amount {
            guard amount <= nets.total else { return nil }
            return zip(lines, amount.spread(over: nets)).map { $0.credit(net: $1) }
        }
        return lines.map { line in
            basisPoints.map { line.credit(net: line.net.share(basisPoints: $0)) } ?? line.creditOfAll
        }
    }

    private func lineNumber(of command: Command) -> Int? {
        command.integer(.line) ?? command.text(.line).map { Digits.value(of: $0.utf8) ?? 0 }
    }

    /// A percentage in hundredths of a percent, given as a whole number or as a decimal with up to two digits.
    func basisPoints(of command: Command) -> Int? {
        if let whole = command.integer(.percent) { return whole > 100 ? 0 : whole * 100 }
        guard let text = command.text(.percent) else { return nil }
        return Currency(code: "%").amount(text).map { Int($0.minorUnits) } ?? 0
    }
}
