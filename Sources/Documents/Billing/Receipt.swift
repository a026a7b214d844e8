import Clinic

/// All that a receipt prints.
struct ReceiptModel: FrozenModel {
    struct Allocation: Codable, Sendable {
        let bill: String
        let amount: Money
        /// What the payer still owes of the bill afterwards.
        let open: Money
    }

    let letterhead: Letterhead
    let origin: Origin
    let currency: Currency
    let number: String
    let isRefund: Bool
    let patient: Person
    let paidBy: String
    let paidAt: String
    let amount: Money
    let method: String
    let transaction: String?
    let reference: String
    /// The receipt of the payment that a refund is about.
    let originalReceipt: String?
    let reason: String?
    let requestedBy: String?
    let approvedBy: String?
    let allocations: [Allocation]
    let unapplied: Money
    /// The plan that a deposit is kept for.
    let deposit: String?
    /// All that the patient owes afterwards.
    let openBalance: Money
}

extension WritingDesk {
    /// The receipt of an event that gave a payment its receipt's number.
    func receipts() throws -> [DocumentModel] {
        guard let model = try receipt() else { return [] }
        return [try model.document(.receiptText, in: "receipts", named: "\(model.number).txt")]
    }

    /// What a payment's receipt says; nil when the event gave no receipt.
    func receipt() throws -> ReceiptModel? {
        guard event.kind == "payment.received" || event.kind == "payment.refunded",
            let payment = event.written(Payment.self), let number = payment.receipt
        else { return nil }
        let original = try payment.original.flatMap { try state.fetch(Payment.self, id: $0) }
        let settled = try settle(payment)
        return ReceiptModel(
            letterhead: letterhead, origin: origin(number.rawValue),
            currency: Currency(code: payment.currency, minorDigits: catalog.currency.minorDigits),
            number: number.rawValue, isRefund: payment.type == .refund, patient: try person(payment.mrn),
            paidBy: payment.payer == .insurer ? "the insurer" : "the patient", paidAt: stamp(payment.paidAt),
            amount: payment.amount, method: payment.method, transaction: payment.transactionID,
            reference: payment.reference, originalReceipt: original?.receipt?.rawValue, reason: payment.reason,
            requestedBy: payment.requestedBy.map { catalog.name(of: StaffID($0)) },
            approvedBy: payment.approvedBy.map { catalog.name(of: StaffID($0)) },
            allocations: settled.allocations, unapplied: settled.unapplied,
            deposit: settled.unapplied > .zero ? payment.plan?.rawValue : nil, openBalance: settled.openBalance)
    }

    private struct Settled {
        var allocations: [ReceiptModel.Allocation] = []
        var unapplied: Money
        var openBalance: Money
    }

    /// What a payment is set against.
    ///
    /// One that comes in as RECEIVED is allocated by the events that follow in the same unit: to the bill it names,
    /// else to those of its plan, else to all that are open, oldest due first.
    private func settle(_ payment: Payment) throws -> Settled {
        let bills = try state.allNumbers(of: payment.mrn)
            .flatMap { try state.fetch(Bill.self, where: .patient($0)) }
            .filter { $0.currency == payment.currency }
            .filter { $0.type != .creditNote && $0.state != .cancelled && $0.state != .adjusted }
            .sorted { ($0.dueOn, $0.number) < ($1.dueOn, $1.number) }
        let owed = bills.map { open(of: $0, for: payment.payer) }.filter { $0 > .zero }.total
        guard payment.type == .payment else {
            return Settled(unapplied: .zero, openBalance: owed)
        }
        guard payment.state == .received, payment.allocations.isEmpty else {
            let made = try payment.allocations.map { allocation in
                let bill = try state.fetch(Bill.self, id: allocation.bill.rawValue)
                return ReceiptModel.Allocation(
                    bill: allocation.bill.rawValue, amount: allocation.amount,
                    open: bill.map { open(of: $0, for: payment.payer) } ?? .zero)
            }
            return Settled(allocations: made, unapplied: payment.unapplied, openBalance: owed)
        }
        var settled = Settled(unapplied: payment.unapplied, openBalance: owed)
        for bill in bills where payment.isFor(bill) {
            let amount = min(settled.unapplied, open(of: bill, for: payment.payer))
            guard amount > .zero else { continue }
            settled.unapplied -= amount
            settled.openBalance -= amount
            settled.allocations.append(
                .init(bill: bill.number.rawValue, amount: amount, open: open(of: bill, for: payment.payer) - amount))
        }
        return settled
    }

    private func open(of bill: Bill, for payer: Payment.Payer) -> Money {
        payer == .patient ? bill.patientOpen : bill.insurerOpen
    }
}

extension Payment {
    /// Whether it pays a bill when it comes in: the one it names, or any of its plan's, or any.
    fileprivate func isFor(_ bill: Bill) -> Bool {
        if let named = self.bill { return named == bill.number }
        return plan == nil || plan == bill.plan
    }
}

extension ReceiptModel {
    var text: [UInt8] {
        var sheet = TextSheet()
        letterhead.write(to: &sheet)
        sheet.rule("=")
        sheet.edges("\(isRefund ? "REFUND RECEIPT" : "RECEIPT") \(number)", paidAt)
        sheet.rule("=")
        patient.write(to: &sheet)
        sheet.fact(isRefund ? "Paid back to" : "Paid by", paidBy)
        sheet.fact("Method", method)
        if let transaction { sheet.fact("Transaction", transaction) }
        sheet.fact("Reference", reference)
        if let originalReceipt { sheet.fact("Refund of", "receipt \(originalReceipt)") }
        if let reason { sheet.fact("Reason", reason) }
        if let requestedBy { sheet.fact("Asked for by", requestedBy) }
        if let approvedBy { sheet.fact("Approved by", approvedBy) }
        sheet.blank()
        sheet.amount(isRefund ? "PAID BACK (\(currency.code))" : "PAID (\(currency.code))", currency.decimal(amount))
        if !isRefund { writeAllocations(to: &sheet) }
        sheet.blank()
        sheet.amount("Still open on all bills for \(paidBy) (\(currency.code))", currency.decimal(openBalance))
        sheet.blank()
        sheet.rule()
        sheet.line(origin.footer)
        return sheet.bytes
    }

    private func writeAllocations(to sheet: inout TextSheet) {
        sheet.heading("SET AGAINST (\(currency.code))")
        sheet.table(
            [.text("Bill", 40), .number("Amount", 19), .number("Still open", 19)],
            allocations.map { [$0.bill, currency.decimal($0.amount), currency.decimal($0.open)] })
        if allocations.isEmpty { sheet.line("No bill yet.") }
        guard unapplied > .zero else { return }
        sheet.rule()
        let label = deposit.map { "Deposit, kept for plan \($0) until it is billed" } ?? "Credit on your account"
        sheet.amount(label, currency.decimal(unapplied))
    }
}
