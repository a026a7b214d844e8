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
    /// Senders write the name of a processor in capitals or not; its numbers of transactions are taken as they stand.
    package static func isSameProcessor(_ one: String, _ other: String) -> Bool {
        one.utf8.elementsEqual(other.utf8, by: { $0.lowercased == $1.lowercased })
    }

    /// What is neither allocated nor given back: a deposit or unapplied credit.
    package var unapplied: Money { amount - returned - allocated }

    package func matches(_ lookup: Lookup) -> Bool {
        switch lookup {
        case .patient(let mrn): self.mrn == mrn
        case .reference(let reference): self.reference.utf8.elementsEqual(reference.utf8)
        case .transaction(let processor, let id):
            self.processor.map { Payment.isSameProcessor($0, processor) } ?? false
                && (transactionID?.utf8.elementsEqual(id.utf8) ?? false)
        case .plan(let plan): self.plan == plan
        case .original(let original): self.original?.utf8.elementsEqual(original.utf8) ?? false
        }
    }
}

extension UInt8 {
    /// The small letter of a capital one of ASCII; other bytes are what they are.
    fileprivate var lowercased: UInt8 { (65...90).contains(self) ? self + 32 : self }
}
