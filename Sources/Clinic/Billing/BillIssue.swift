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
            let bills = try state.fetch(Bill.self, where: .surgicalCase(due.surgicalCase))
                .filter { $0.state != .cancelled }
            let invoice = bills.first { $0.type == .invoice }
            let billed = billedPortions(bills)
            let plan = try state.fetch(
                ProcedurePlan.self, id: "\(surgicalCase.plan)#\(surgicalCase.planVersion)")
            var lines = invoice == nil ? serviceLines(of: surgicalCase, plan: plan) : []
            lines += try inventoryLines(of: surgicalCase, less: billed, in: state)
            if !lines.isEmpty {
                let bill = try charging(
                    lines, for: surgicalCase, plan: plan, after: bills, of: invoice, at: settlement.at, in: state,
                    into: &ruling)
                settlement.issue(bill, with: [done])
                try settlement.applyCredit(to: bill.number)
            }
            var surplus = try surplus(of: billed, in: surgicalCase, state: state)
            // What was billed last is credited first.
            for bill in bills.reversed() where bill.reason == nil && bill.state != .adjusted {
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

    /// A bill of these lines, with tax and the insurer's part.
    private func charging(
        _ charges: [Bill.Line], for surgicalCase: SurgicalCase, plan: ProcedurePlan?, after bills: [Bill],
        of invoice: Bill?, at now: Instant, in state: any ClinicState, into ruling: inout Ruling
    ) throws -> Bill {
        var lines = charges
        for index in lines.indices { lines[index].number = index + 1 }
        let isTherapeutic = plan?.purpose == .therapeutic
        lines.setTax(
            basisPoints: isTherapeutic ? 0 : policy.standardTaxBasisPoints, category: isTherapeutic ? "E" : "S",
            exemption: isTherapeutic ? policy.therapeuticExemption : nil)
        let payer = try insurer(of: surgicalCase, plan: plan, in: state, into: &ruling)
        lines.divide(by: payer.map { InsuranceTerms($0, after: bills) })
        var bill = Bill(
            number: BillNumber(sequence: try state.next(.bill)), type: invoice == nil ? .invoice : .supplement,
            surgicalCase: surgicalCase.surgicalCase, plan: surgicalCase.plan, mrn: surgicalCase.mrn,
            currency: catalog.currency.code, lines: lines, insurer: payer?.id, issuedAt: now,
            dueOn: zone.date(of: now).adding(days: policy.paymentDueDays))
        bill.ofBill = invoice?.number
        bill.refreshState()
        return bill
    }

    /// The payer that takes its part of a case: known to us, in force on the day, and liable for this surgery.
    private func insurer(
        of surgicalCase: SurgicalCase, plan: ProcedurePlan?, in state: any ClinicState, into ruling: inout Ruling
    ) throws -> Payer? {
        let day = zone.date(of: surgicalCase.startedAt ?? surgicalCase.startsAt ?? surgicalCase.createdAt)
        guard let patient = try survivor(of: surgicalCase.mrn, in: state), let coverage = patient.coverage,
            let payer = catalog.payer(PayerID(coverage.insurer), at: day)
        else { return nil }
        if coverage.from.map({ day < $0 }) ?? false || coverage.to.map({ $0 < day }) ?? false {
            ruling.warn(
                .BillingRules.inactive, [.coverageFrom, .coverageTo], "the insurance was not in force on the day",
                mend: "correct the coverage of the patient, then credit and bill again",
                aside: "case \(surgicalCase.surgicalCase), patient \(patient.mrn), \(payer.name), \(day)")
            return nil
        }
        if plan?.purpose != .therapeutic || payer.needsAuthorization && plan?.authorization == nil {
            ruling.warn(
                .BillingRules.notCovered, [.purpose, .authorization], "the insurer has no part in the bill",
                mend: "nothing for cosmetic surgery; else obtain the authorization",
                aside: "case \(surgicalCase.surgicalCase), patient \(patient.mrn), \(payer.name)")
            return nil
        }
        return payer
    }

    /// How many of each thing the case's bills charge, less those credited because they came back; bills with another
    /// reason change amounts and not what was charged for.
    private func billedPortions(_ bills: [Bill]) -> [Consumption.Portion: Int] {
        var billed: [Consumption.Portion: Int] = [:]
        for bill in bills where bill.reason == nil || bill.reason == Bill.cameBack {
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
            reason: Bill.cameBack)
        try settlement.credit(note, to: bill)
    }

    /// A credit note of these lines.
    func creditNote(
        of lines: [Bill.Line], to bill: Bill, number: BillNumber, at now: Instant, reason: String?
    ) -> Bill {
        var note = Bill(
            number: number, type: .creditNote, surgicalCase: bill.surgicalCase, plan: bill.plan, mrn: bill.mrn,
            currency: bill.currency, lines: lines, insurer: bill.insurer, issuedAt: now, dueOn: zone.date(of: now))
        note.ofBill = bill.number
        note.reason = reason
        return note
    }
}

extension Bill {
    /// The reason of a credit note that follows things given back or voided.
    static let cameBack = "Given back after the bill"
}
