/// Credit finds its bills: what is kept for a plan goes to that plan's bill, what is free to the oldest that is open.
extension Settlement {
    /// Sets the deposits for a bill's plan against it; what they have beyond it, and other free credit of the patient,
    /// settles what is open, the oldest due first.
    mutating func applyCredit(to number: BillNumber) throws {
        guard let bill = try bill(number) else { return }
        for payment in try payments(of: bill.mrn) where payment.plan == bill.plan {
            try allocate(payment.id, to: number)
        }
        try settleCredit(of: bill.mrn)
    }

    /// Sets the free credit of a patient against the bills that are open, the oldest due first.
    ///
    /// What it follows from, where the entry does not say so itself, is its cause in the ledger.
    mutating func settleCredit(of patient: MRN, after cause: Event? = nil) throws {
        let credits = try payments(of: patient).filter { try $0.unapplied > .zero && isFree($0) }
        guard !credits.isEmpty else { return }
        for bill in try bills(of: patient) where bill.isPayable {
            for payment in credits where try isFrom(payment, bill) {
                try allocate(payment.id, to: bill.number, after: cause)
            }
        }
    }

    /// Two records that were one patient's are two patients' again: money of each that is set against bills of the
    /// other is credit again with the record that it is for.
    mutating func setApart(_ one: MRN, from other: MRN) throws {
        for record in [one, other] {
            let own = try state.records(of: record)
            for payment in try payments(of: record) {
                var seen: Set<BillNumber> = []
                for number in payment.allocations.map(\.bill) where seen.insert(number).inserted {
                    guard payment.allocated(to: number) > .zero, let bill = try bill(number), !own.contains(bill.mrn)
                    else { continue }
                    try takeBack(payment.id, from: number)
                }
            }
        }
        for record in [one, other] { try settleCredit(of: record) }
    }

    func isBilled(_ plan: PlanID) throws -> Bool {
        let others = try state.fetch(Bill.self, where: .plan(plan)).filter { bills[$0.number] == nil }
        return (others + bills.values.filter { $0.plan == plan }).contains { $0.billsItsPlan }
    }

    /// A deposit is kept for its own plan until that is billed.
    private func isFree(_ payment: Payment) throws -> Bool { try payment.plan.map { try isBilled($0) } ?? true }

    /// An insurer pays its own part: money of one does not settle what another owes.
    private func isFrom(_ payment: Payment, _ bill: Bill) throws -> Bool {
        guard payment.payer == .insurer, let number = payment.allocations.last?.bill ?? payment.bill,
            let known = try self.bill(number)
        else { return true }
        return known.insurer == bill.insurer
    }
}
