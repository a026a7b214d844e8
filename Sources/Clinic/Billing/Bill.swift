/// What a case costs; never changed once issued, only paid, adjusted by linked bills or cancelled.
package struct Bill: ClinicEntity {
    package enum State: String, Codable, Sendable {
        case issued = "ISSUED"
        case partiallyPaid = "PARTIALLY_PAID"
        case paid = "PAID"
        case adjusted = "ADJUSTED"
        case cancelled = "CANCELLED"
    }

    package enum Kind: String, Codable, Sendable {
        case invoice = "INVOICE"
        case supplement = "SUPPLEMENT"
        case creditNote = "CREDIT_NOTE"
    }

    /// Why a bill was linked to another one; none for what a case was charged for.
    package enum Change: String, Codable, Sendable {
        /// Things came back, or their use was voided.
        case comeBack = "RETURN"
        case discount = "DISCOUNT"
        case adjustment = "ADJUST"
        case credit = "CREDIT"
        case waiver = "WAIVE"
    }

    /// What a line charges for.
    package enum ChargeKind: String, Codable, Sendable {
        case procedure = "PROCEDURE"
        case inventory = "INVENTORY"
        case anesthesia = "ANESTHESIA"
        case facility = "FACILITY"
    }

    /// One charge; amounts are rounded to the minor unit here and only summed afterwards (EN 16931 BR-CO-10).
    package struct Line: Codable, Hashable, Sendable {
        package var number: Int
        package var kind: ChargeKind
        package var code: String
        package var description: String
        package var quantity: Int
        package var unitPrice: Money
        package var net: Money
        /// Hundredths of a percent.
        package var taxBasisPoints: Int
        /// EN 16931 tax category: S standard, E exempt.
        package var taxCategory: String
        package var taxExemptionReason: String?
        package var tax: Money
        /// The insurer's part of net and tax.
        package var insurerShare: Money
        /// Agreed away in the insurer's contract; never billed to the patient.
        package var writeOff: Money
        package var patientShare: Money
        /// Lot and serial of what was used.
        package var lot: String?
        package var serial: String?

        package init(
            number: Int, kind: ChargeKind, code: String, description: String, quantity: Int, unitPrice: Money,
            net: Money, taxBasisPoints: Int, taxCategory: String, tax: Money, insurerShare: Money, writeOff: Money,
            patientShare: Money
        ) {
            self.number = number
            self.kind = kind
            self.code = code
            self.description = description
            self.quantity = quantity
            self.unitPrice = unitPrice
            self.net = net
            self.taxBasisPoints = taxBasisPoints
            self.taxCategory = taxCategory
            self.tax = tax
            self.insurerShare = insurerShare
            self.writeOff = writeOff
            self.patientShare = patientShare
        }
    }

    package enum Lookup: Hashable, Sendable {
        case surgicalCase(CaseID)
        case patient(MRN)
        case plan(PlanID)
    }

    package static let kind = "bill"

    package var number: BillNumber
    package var type: Kind
    package var surgicalCase: CaseID
    package var plan: PlanID
    package var mrn: MRN
    package var state: State
    package var currency: String
    package var lines: [Line]
    package var net: Money
    package var tax: Money
    package var gross: Money
    package var insurer: PayerID?
    package var insurerShare: Money
    package var writeOff: Money
    package var patientShare: Money
    /// EN 16931 BT-114: what a credit note's tax, rounded as that of one document, differs from the tax it gives back.
    package var rounding: Money
    /// Of the agreed charge, what the patient bears before the insurer pays; it counts for the policy's year.
    package var deductible: Money
    /// Allocated from the patient's payments and deposits.
    package var patientPaid: Money
    package var insurerPaid: Money
    package var issuedAt: Instant
    package var dueOn: CalendarDate
    /// The day of the surgery.
    package var performedOn: CalendarDate?
    /// The bill that a supplement or credit note belongs to.
    package var ofBill: BillNumber?
    /// The cancelled bill in whose place this one was issued.
    package var replaces: BillNumber?
    package var change: Change?
    /// Why it was linked to another bill, or cancelled.
    package var reason: String?
    package var requestedBy: StaffID?
    package var approvedBy: StaffID?
    /// The codes of the warnings under which it was issued.
    package var remarks: [String] = []

    package init(
        number: BillNumber, type: Kind, surgicalCase: CaseID, plan: PlanID, mrn: MRN, currency: String, lines: [Line],
        insurer: PayerID?, issuedAt: Instant, dueOn: CalendarDate
    ) {
        self.number = number
        self.type = type
        self.surgicalCase = surgicalCase
        self.plan = plan
        self.mrn = mrn
        self.state = .issued
        self.currency = currency
        self.lines = lines
        self.net = lines.map(\.net).total
        self.tax = lines.map(\.tax).total
        self.gross = lines.map { $0.net + $0.tax }.total
        self.insurer = insurer
        self.insurerShare = lines.map(\.insurerShare).total
        self.writeOff = lines.map(\.writeOff).total
        self.patientShare = lines.map(\.patientShare).total
        self.rounding = self.insurerShare + self.writeOff + self.patientShare - self.gross
        self.deductible = .zero
        self.patientPaid = .zero
        self.insurerPaid = .zero
        self.issuedAt = issuedAt
        self.dueOn = dueOn
    }

    package var id: String { number.rawValue }
    package var keys: [Key] { [.bill(number), .surgicalCase(surgicalCase), .patient(mrn)] }
    package var patientOpen: Money { patientShare - patientPaid }
    package var insurerOpen: Money { insurerShare - insurerPaid }

    package func matches(_ lookup: Lookup) -> Bool {
        switch lookup {
        case .surgicalCase(let surgicalCase): self.surgicalCase == surgicalCase
        case .patient(let mrn): self.mrn == mrn
        case .plan(let plan): self.plan == plan
        }
    }
}
