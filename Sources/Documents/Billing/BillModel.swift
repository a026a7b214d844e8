import Clinic

/// All that a bill prints, for people and for finance.
struct BillModel: FrozenModel {
    struct Line: Codable, Sendable {
        let number: Int
        let kind: String
        let code: String
        let description: String
        let lot: String?
        let serial: String?
        let quantity: Int
        let unitPrice: Money
        let net: Money
        let taxCategory: String
        let taxBasisPoints: Int
        let taxExemptionReason: String?
        let tax: Money
        let insurerShare: Money
        let writeOff: Money
        let patientShare: Money

        init(_ line: Bill.Line) {
            number = line.number
            kind = line.kind.rawValue
            code = line.code
            description = line.description
            lot = line.lot
            serial = line.serial
            quantity = line.quantity
            unitPrice = line.unitPrice
            net = line.net
            taxCategory = line.taxCategory
            taxBasisPoints = line.taxBasisPoints
            taxExemptionReason = line.taxExemptionReason
            tax = line.tax
            insurerShare = line.insurerShare
            writeOff = line.writeOff
            patientShare = line.patientShare
        }

        var gross: Money { net + tax }
        var rounding: Money { insurerShare + writeOff + patientShare - gross }
    }

    let letterhead: Letterhead
    let origin: Origin
    let currency: Currency
    let number: String
    let type: Bill.Kind
    let ofBill: String?
    /// The cancelled bill in whose place it was issued.
    let replaces: String?
    let reason: String?
    let requestedBy: String?
    let approvedBy: String?
    /// What was found about the insurance when it was issued, as sentences.
    let remarks: [String]
    let issuedOn: String
    let issuedAt: String
    let dueOn: String
    let patient: Person
    let surgicalCase: String
    let plan: String
    let procedure: String
    let surgeon: String
    let performedOn: String
    let insurer: String?
    let insurerName: String?
    let lines: [Line]
    let net: Money
    let tax: Money
    let gross: Money
    /// What the tax of a credit note, rounded as its own, differs from the tax it gives back.
    let rounding: Money
    let insurerShare: Money
    let writeOff: Money
    let patientShare: Money
    let deductible: Money
    /// Set against the bill when it was issued.
    let patientPaid: Money
    let insurerPaid: Money
    /// Deposits and credit of the patient that were free when it was issued.
    let credit: Money
}

extension WritingDesk {
    /// The two files of each bill that an event issued.
    func bills() throws -> [DocumentModel] {
        guard event.kind == "bill.issued", let bill = event.written(Bill.self) else { return [] }
        let model = try model(of: bill)
        return [
            try model.document(.billText, in: "bills", named: "\(bill.number).txt"),
            try model.document(.billTable, in: "bills", named: "\(bill.number).csv"),
        ]
    }

    private func model(of bill: Bill) throws -> BillModel {
        let surgicalCase = try state.fetch(SurgicalCase.self, id: bill.surgicalCase.rawValue)
        let performedAt = surgicalCase?.startedAt ?? surgicalCase?.startsAt
        return BillModel(
            letterhead: letterhead, origin: origin(bill.number.rawValue),
            currency: Currency(code: bill.currency, minorDigits: catalog.currency.minorDigits),
            number: bill.number.rawValue, type: bill.type, ofBill: bill.ofBill?.rawValue,
            replaces: bill.replaces?.rawValue, reason: bill.reason,
            requestedBy: bill.requestedBy.map { catalog.name(of: $0) },
            approvedBy: bill.approvedBy.map { catalog.name(of: $0) }, remarks: bill.remarks.compactMap(remark),
            issuedOn: zone.date(of: bill.issuedAt).description, issuedAt: zone.iso(bill.issuedAt),
            dueOn: bill.dueOn.description, patient: try person(bill.mrn), surgicalCase: bill.surgicalCase.rawValue,
            plan: bill.plan.rawValue, procedure: surgicalCase.map { catalog.writtenOut($0.procedures) } ?? "",
            surgeon: surgicalCase.map { catalog.name(of: $0.surgeon) } ?? "",
            performedOn: performedAt.map { zone.date(of: $0).description } ?? "", insurer: bill.insurer?.rawValue,
            insurerName: bill.insurer.map { catalog.payers[$0]?.name ?? $0.rawValue },
            lines: bill.lines.map { BillModel.Line($0) }, net: bill.net, tax: bill.tax, gross: bill.gross,
            rounding: bill.rounding, insurerShare: bill.insurerShare, writeOff: bill.writeOff,
            patientShare: bill.patientShare, deductible: bill.deductible,
            patientPaid: bill.patientPaid, insurerPaid: bill.insurerPaid, credit: try freeCredit(for: bill))
    }

    /// What a warning means for whoever pays.
    private func remark(_ code: String) -> String? {
        switch code {
        case "insurance.inactive": "The insurance was not in force on the day of the surgery and pays nothing of it."
        case "insurance.not-covered": "The insurer does not pay for what is cosmetic or was not authorized."
        default: nil
        }
    }

    /// Deposits for the bill's plan, and credit that is kept for no plan that still waits for its bill.
    private func freeCredit(for bill: Bill) throws -> Money {
        guard bill.type != .creditNote else { return .zero }
        var credit = Money.zero
        for mrn in try state.allNumbers(of: bill.mrn) {
            for payment in try state.fetch(Payment.self, where: .patient(mrn)) where payment.isCredit(for: bill) {
                if let plan = payment.plan, plan != bill.plan, try !isBilled(plan) { continue }
                credit += max(Money.zero, payment.unapplied)
            }
        }
        return credit
    }

    private func isBilled(_ plan: PlanID) throws -> Bool {
        try state.fetch(Bill.self, where: .plan(plan)).contains {
            $0.type != .creditNote && $0.state != .cancelled && $0.state != .adjusted
        }
    }
}

extension Payment {
    /// Whether it is money of the patient's in the bill's currency.
    fileprivate func isCredit(for bill: Bill) -> Bool {
        type == .payment && payer == .patient && state != .reversed && currency == bill.currency
    }
}
