/// A discount that two people agreed before the case was billed; its bill goes out with a credit note beside it.
package struct Discount: ClinicEntity {
    package enum State: String, Codable, Sendable {
        case agreed = "AGREED"
        case given = "GIVEN"
    }

    package enum Lookup: Hashable, Sendable {
        case surgicalCase(CaseID)
    }

    package static let kind = "discount"

    package var source: SourceName
    package var reference: String
    package var surgicalCase: CaseID
    package var mrn: MRN
    package var state: State
    package var amount: Money?
    /// Hundredths of a percent.
    package var basisPoints: Int?
    package var reason: String
    package var requestedBy: StaffID
    package var approvedBy: StaffID
    package var agreedAt: Instant
    /// The credit note that gave it.
    package var note: BillNumber?

    package init(
        source: SourceName, reference: String, surgicalCase: CaseID, mrn: MRN, amount: Money?, basisPoints: Int?,
        reason: String, requestedBy: StaffID, approvedBy: StaffID, agreedAt: Instant
    ) {
        self.source = source
        self.reference = reference
        self.surgicalCase = surgicalCase
        self.mrn = mrn
        self.state = .agreed
        self.amount = amount
        self.basisPoints = basisPoints
        self.reason = reason
        self.requestedBy = requestedBy
        self.approvedBy = approvedBy
        self.agreedAt = agreedAt
    }

    package var id: String { "\(source)/\(reference)" }
    package var keys: [Key] { [.surgicalCase(surgicalCase)] }

    package func matches(_ lookup: Lookup) -> Bool {
        switch lookup {
        case .surgicalCase(let surgicalCase): self.surgicalCase == surgicalCase
        }
    }
}

extension Pathway {
    /// A discount of a case: of its bill where there is one, else agreed for when it goes out.
    ///
    /// Gives the command about the bill, or nil when there is nothing more to decide.
    func discountOfCase(_ command: Command, in state: any ClinicState, into ruling: inout Ruling) throws -> Command? {
        guard command.action.rawValue == "DISCOUNT", command.text(.bill) == nil,
            let id: CaseID = command.id(.surgicalCase)
        else { return command }
        guard let surgicalCase = try state.fetch(SurgicalCase.self, id: id.rawValue) else {
            ruling.refuse(
                .CaseRules.unknown, [.surgicalCase], "no such case yet",
                mend: "create the case, or correct its number", aside: "case \(id)", waitingFor: [.surgicalCase(id)])
            checkApproval(command, into: &ruling)
            return nil
        }
        let invoice = try state.fetch(Bill.self, where: .surgicalCase(id)).first {
            $0.type == .invoice && $0.state != .cancelled
        }
        if let invoice {
            var ofBill = command
            ofBill.values[.bill] = .text(invoice.number.rawValue)
            return ofBill
        }
        try agree(of: surgicalCase, as: command, in: state, into: &ruling)
        return nil
    }

    private func agree(
        of surgicalCase: SurgicalCase, as command: Command, in state: any ClinicState, into ruling: inout Ruling
    ) throws {
        _ = try owner(surgicalCase.mrn, comparedWith: command, in: state, into: &ruling)
        checkApproval(command, into: &ruling)
        checkChangedAmount(command, into: &ruling)
        if surgicalCase.state == .cancelled {
            ruling.refuse(
                .CaseRules.wrongState, [.surgicalCase], "the case is cancelled and will not be billed",
                mend: "name the case that took its place", aside: "case \(surgicalCase.surgicalCase)")
        }
        if command.values[.line] != nil {
            ruling.refuse(
                .BillingRules.exceedsLine, [.line], "a bill has no lines before it is issued",
                mend: "leave the line out, or discount it when the bill is issued",
                aside: "case \(surgicalCase.surgicalCase)")
        }
        if try state.fetch(Discount.self, id: "\(command.source)/\(command.reference)") != nil {
            ruling.refuse(
                .Entry.referenceReused, [.reference], "the reference was used before",
                mend: "give the entry a reference of its own", aside: "case \(surgicalCase.surgicalCase)")
        }
        guard ruling.isClear, let asker = requester(of: command), let approver: StaffID = command.id(.approvedBy) else {
            return
        }
        let discount = Discount(
            source: command.source, reference: command.reference, surgicalCase: surgicalCase.surgicalCase,
            mrn: surgicalCase.mrn, amount: command.money(.amount), basisPoints: basisPoints(of: command),
            reason: command.text(.reason) ?? "discount", requestedBy: asker, approvedBy: approver,
            agreedAt: command.effectiveAt)
        ruling.record(
            Event(
                "bill.discount-agreed", .surgicalCase(surgicalCase.surgicalCase), patient: surgicalCase.mrn,
                at: command.effectiveAt, writes: [discount], note: discount.reason))
    }

    /// Gives what was agreed before a bill, right after it: an amount no larger than what the patient has to bear.
    func giveDiscounts(agreedBefore bill: Bill, with settlement: inout Settlement, in state: any ClinicState) throws {
        let agreed = try state.fetch(Discount.self, where: .surgicalCase(bill.surgicalCase)).filter {
            $0.state == .agreed
        }
        for var discount in agreed {
            let rest = try settlement.remainders(of: bill)
            let amount = discount.amount.map { min($0, rest.map(\.patientNet).total) }
            let credits = self.discount(rest, amount: amount, basisPoints: discount.basisPoints) ?? []
            discount.state = .given
            if credits.contains(where: { $0.charge < .zero }) {
                var note = creditNote(
                    of: credits.filter { $0.charge < .zero }, to: bill,
                    number: BillNumber(sequence: try state.next(.bill)), at: settlement.at, as: .discount,
                    reason: discount.reason)
                note.requestedBy = discount.requestedBy
                note.approvedBy = discount.approvedBy
                discount.note = note.number
                try settlement.credit(note, to: bill)
            }
            settlement.record(
                Event(
                    "bill.discount-given", .bill(bill.number), patient: bill.mrn, at: settlement.at,
                    writes: [discount], note: discount.reason))
        }
    }
}
