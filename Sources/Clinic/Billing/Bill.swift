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
    /// Allocated from the patient's payments and deposits.
    package var patientPaid: Money
    package var insurerPaid: Money
    package var issuedAt: Instant
    package var dueOn: CalendarDate
    /// The bill that a supplement or credit note belongs to.
    package var ofBill: BillNumber?
    package var reason: String?

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

/// Money that came in or went back; posted once, never changed but in what it is allocated to.
package struct Payment: ClinicEntity {
    package enum State: String, Codable, Sendable {
        case received = "RECEIVED"
        case allocated = "ALLOCATED"
        case partlyAllocated = "PARTLY_ALLOCATED"
        case unallocated = "UNALLOCATED"
        case reversed = "REVERSED"
        case refunded = "REFUNDED"
    }

    package enum Kind: String, Codable, Sendable {
        case payment = "PAY"
        case refund = "REFUND"
        case reversal = "REVERSE"
    }

    package enum Payer: String, Codable, Sendable {
        case patient = "PATIENT"
        case insurer = "INSURER"
    }

    /// A part of a payment set against a bill; negative when a refund or reversal takes it back.
    package struct Allocation: Codable, Hashable, Sendable {
        package var bill: BillNumber
        package var amount: Money
        package var allocatedAt: Instant

        package init(bill: BillNumber, amount: Money, allocatedAt: Instant) {
            self.bill = bill
            self.amount = amount
            self.allocatedAt = allocatedAt
        }
    }

    package enum Lookup: Hashable, Sendable {
        case patient(MRN)
        case reference(String)
        case transaction(processor: String, id: String)
        case plan(PlanID)
        case original(String)
    }

    package static let kind = "payment"

    package var source: SourceName
    package var reference: String
    package var type: Kind
    package var mrn: MRN
    package var state: State
    package var amount: Money
    package var currency: String
    package var method: String
    package var payer: Payer
    package var processor: String?
    package var transactionID: String?
    package var paidAt: Instant
    /// The bill named by the payer.
    package var bill: BillNumber?
    /// The plan that a deposit is for.
    package var plan: PlanID?
    /// `source/reference` of the payment that a refund or reversal is about.
    package var original: String?
    package var requestedBy: String?
    package var approvedBy: String?
    package var reason: String?
    package var receipt: ReceiptNumber?
    package var allocations: [Allocation] = []
    /// Given back of this payment so far.
    package var returned: Money

    package init(
        source: SourceName, reference: String, type: Kind, mrn: MRN, amount: Money, currency: String, method: String,
        payer: Payer, paidAt: Instant
    ) {
        self.source = source
        self.reference = reference
        self.type = type
        self.mrn = mrn
        self.state = .received
        self.amount = amount
        self.currency = currency
        self.method = method
        self.payer = payer
        self.paidAt = paidAt
        self.returned = .zero
    }

    package var id: String { "\(source)/\(reference)" }
    package var keys: [Key] { [.reference(.payment, reference), .patient(mrn)] }
    package var allocated: Money { allocations.map(\.amount).total }
    /// What is neither allocated nor given back: a deposit or unapplied credit.
    package var unapplied: Money { amount - returned - allocated }

    package func matches(_ lookup: Lookup) -> Bool {
        switch lookup {
        case .patient(let mrn): self.mrn == mrn
        case .reference(let reference): self.reference.utf8.elementsEqual(reference.utf8)
        case .transaction(let processor, let id):
            self.processor == processor && (transactionID?.utf8.elementsEqual(id.utf8) ?? false)
        case .plan(let plan): self.plan == plan
        case .original(let original): self.original?.utf8.elementsEqual(original.utf8) ?? false
        }
    }
}

/// A request of a patient for their records, and its answer.
package struct RecordsRequest: ClinicEntity {
    package enum State: String, Codable, Sendable {
        case requested = "REQUESTED"
        case released = "RELEASED"
    }

    package enum Lookup: Hashable, Sendable {
        case patient(MRN)
    }

    package static let kind = "records-request"

    package var source: SourceName
    package var reference: String
    package var mrn: MRN
    package var scope: String?
    package var format: String?
    package var state: State
    package var requestedAt: Instant
    package var releasedBy: StaffID?
    package var releasedAt: Instant?
    /// The account, the e-mail or, on paper, the name to whom they went.
    package var releasedTo: String?

    package init(source: SourceName, reference: String, mrn: MRN, state: State, requestedAt: Instant) {
        self.source = source
        self.reference = reference
        self.mrn = mrn
        self.state = state
        self.requestedAt = requestedAt
    }

    package var id: String { "\(source)/\(reference)" }
    package var keys: [Key] { [.patient(mrn)] }

    package func matches(_ lookup: Lookup) -> Bool {
        switch lookup {
        case .patient(let mrn): self.mrn == mrn
        }
    }
}
