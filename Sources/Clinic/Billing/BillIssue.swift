/// Bills of cases that are over, supplements and credit notes for what changed afterwards.
extension Pathway {
    func billsDue(at now: Instant, drainEnds: Bool, in state: any ClinicState) throws -> Ruling {
        var ruling = Ruling()
        var settlement = Settlement(in: state, at: now)
        for due in try state.fetch(BillDue.self, where: .open) {
            if let minutes = policy.billAfterMinutes {
                guard due.endedAt.adding(minutes: minutes) <= now else { continue }
            } else {
                guard drainEnds else { continue }
            }
            try bill(due, with: &settlement, in: state, into: &ruling)
        }
        for event in settlement.events { ruling.record(event) }
        return ruling
    }

    private func bill(
        _ due: BillDue, with settlement: inout Settlement, in state: any ClinicState, into ruling: inout Ruling
    ) throws {
        var done = due
        done.state = .done
        let before = settlement.events.count
        if let surgicalCase = try state.fetch(SurgicalCase.self, id: due.surgicalCase.rawValue) {
            let issued = try state.fetch(Bill.self, where: .surgicalCase(due.surgicalCase)).sorted {
                $0.number.isBefore($1.number)
            }
            let bills = issued.filter { $0.state != .cancelled }
            let invoice = bills.first { $0.type == .invoice }
            let billed = billedPortions(bills)
            let plan = try state.fetch(
                ProcedurePlan.self, id: "\(surgicalCase.plan)#\(surgicalCase.planVersion)")
            var lines = invoice == nil ? serviceLines(of: surgicalCase, plan: plan) : []
            lines += try inventoryLines(of: surgicalCase, less: billed, in: state)
            if !lines.isEmpty {
                let charged = try charging(
                    lines, for: surgicalCase, plan: plan, after: bills, of: invoice, with: settlement, into: &ruling)
                guard var bill = charged else {
                    withhold(due, with: &settlement)
                    return
                }
                bill.number = BillNumber(sequence: try state.next(.bill))
                bill.replaces = replaced(by: bill, among: issued)
                settlement.issue(bill, with: [done])
                if bill.type == .invoice { try giveDiscounts(agreedBefore: bill, with: &settlement, in: state) }
                try settlement.applyCredit(to: bill.number)
            }
            var surplus = try surplus(of: billed, in: surgicalCase, state: state)
            // What was billed last is credited first.
            for bill in bills.reversed() where bill.change == nil && bill.state != .adjusted {
                try creditReturns(to: bill, surplus: &surplus, with: &settlement, in: state)
            }
        }
        // Nothing to charge, or only credits: the case is settled all the same.
        if !settlement.events.dropFirst(before).contains(where: { $0.written(BillDue.self) != nil }) {
            settlement.record(
                Event(
                    "bill.not-due", .surgicalCase(due.surgicalCase), patient: due.mrn, at: settlement.at, writes: [done]
                ))
        }
    }

    /// Keeps a bill back, and says so once.
    private func withhold(_ due: BillDue, with settlement: inout Settlement) {
        guard due.state != .withheld else { return }
        var withheld = due
        withheld.state = .withheld
        settlement.record(
            Event(
                "bill.withheld", .surgicalCase(due.surgicalCase), patient: due.mrn, at: settlement.at,
                writes: [withheld]))
    }

    /// The last cancelled bill of the same type whose place no other took yet.
    private func replaced(by bill: Bill, among issued: [Bill]) -> BillNumber? {
        let taken = issued.compactMap(\.replaces)
        return issued.last { old in
            old.state == .cancelled && old.change == nil && old.type == bill.type && !taken.contains(old.number)
        }?.number
    }

    /// A bill of these lines, with tax and the insurer's part; nil when the clinic's policy keeps it back.
    private func charging(
        _ charges: [Bill.Line], for surgicalCase: SurgicalCase, plan: ProcedurePlan?, after bills: [Bill],
        of invoice: Bill?, with settlement: Settlement, into ruling: inout Ruling
    ) throws -> Bill? {
        var lines = charges
        for index in lines.indices { lines[index].number = index + 1 }
        setTaxClasses(of: &lines, plan: plan)
        lines.setTaxes()
        let now = settlement.at
        let day = zone.date(of: surgicalCase.startedAt ?? surgicalCase.startsAt ?? surgicalCase.createdAt)
        let patient = try survivor(of: surgicalCase.mrn, in: settlement.state)
        let insurance = patient.map { self.insurance(of: $0, for: plan, on: day) } ?? Insurance()
        let payer = lines.contains { insurance.covers($0) } ? insurance.payer : nil
        var terms: InsuranceTerms?
        if let payer, let year = patient?.coverage?.year(of: day) {
            let others = try settlement.bills(of: surgicalCase.mrn).filter {
                $0.performedOn.map { year.contains($0) } ?? false
            }
            terms = InsuranceTerms(payer, authorized: insurance.authorized, afterCase: bills, inYear: others)
        }
        let division = lines.divide(by: terms, covering: insurance.covers)
        var findings = insurance.findings
        if division.isBeyondAuthorization { findings.append(beyondAuthorization(of: surgicalCase)) }
        for finding in findings { ruling.warn(finding) }
        guard !findings.contains(where: { policy.refusedWarnings.contains($0.rule.code) }) else { return nil }
        var bill = Bill(
            number: BillNumber(""), type: invoice == nil ? .invoice : .supplement,
            surgicalCase: surgicalCase.surgicalCase, plan: surgicalCase.plan, mrn: surgicalCase.mrn,
            currency: catalog.currency.code, lines: lines, insurer: payer?.id, issuedAt: now,
            dueOn: zone.date(of: now).adding(days: policy.paymentDueDays))
        bill.performedOn = day
        bill.deductible = division.deductible
        bill.ofBill = invoice?.number
        bill.remarks = findings.map(\.rule.code)
        bill.refreshState()
        return bill
    }

    /// How many of each thing the case's bills charge, less those credited because they came back; other changes
    /// are of amounts and not what was charged for.
    private func billedPortions(_ bills: [Bill]) -> [Consumption.Portion: Int] {
        var billed: [Consumption.Portion: Int] = [:]
        for bill in bills where bill.change == nil || bill.change == .comeBack {
            for line in bill.lines {
                if let portion = line.portion { billed[portion, default: 0] += line.quantity }
            }
        }
        return billed
    }

    /// What bills charge and the case did not consume after all.
    private func surplus(
        of billed: [Consumption.Portion: Int], in surgicalCase: SurgicalCase, state: any ClinicState
    ) throws -> [Consumption.Portion: Int] {
        var surplus = billed
        for (portion, quantity) in try Consumption(of: surgicalCase.surgicalCase, in: state).portions {
            surplus[portion, default: 0] -= quantity
        }
        return surplus
    }

    /// Credits what a bill charged and the case did not consume after all.
    private func creditReturns(
        to bill: Bill, surplus: inout [Consumption.Portion: Int], with settlement: inout Settlement,
        in state: any ClinicState
    ) throws {
        var credits: [Bill.Line] = []
        for line in try settlement.remainders(of: bill) where line.quantity > 0 {
            guard let portion = line.portion, let more = surplus[portion], more > 0 else { continue }
            let quantity = min(more, line.quantity)
            surplus[portion] = more - quantity
            // A discounted line gives back no more than it charges.
            var credit = line.credit(net: min(line.unitPrice * quantity, line.net))
            credit.quantity = -quantity
            credit.unitPrice = line.unitPrice
            credits.append(credit)
        }
        guard !credits.isEmpty else { return }
        let note = creditNote(
            of: credits, to: bill, number: BillNumber(sequence: try state.next(.bill)), at: settlement.at,
            as: .comeBack, reason: "Given back after the bill")
        try settlement.credit(note, to: bill)
    }

    /// A credit note of these lines; its tax is that of its own sums, and what that differs by is its rounding.
    func creditNote(
        of credits: [Bill.Line], to bill: Bill, number: BillNumber, at now: Instant, as change: Bill.Change,
        reason: String?
    ) -> Bill {
        var lines = credits
        lines.setTaxes()
        var note = Bill(
            number: number, type: .creditNote, surgicalCase: bill.surgicalCase, plan: bill.plan, mrn: bill.mrn,
            currency: bill.currency, lines: lines, insurer: bill.insurer, issuedAt: now, dueOn: zone.date(of: now))
        note.performedOn = bill.performedOn
        note.ofBill = bill.number
        note.change = change
        note.reason = reason
        return note
    }
}

extension BillNumber {
    /// In the order in which they were given: ours have six digits, and more when they need them.
    func isBefore(_ other: BillNumber) -> Bool {
        rawValue.utf8.count == other.rawValue.utf8.count
            ? self < other : rawValue.utf8.count < other.rawValue.utf8.count
    }
}
