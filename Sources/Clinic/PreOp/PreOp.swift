/// Something that must be done or known before surgery: a laboratory result, a medication, an instruction.
package struct Requirement: ClinicEntity {
    package enum State: String, Codable, Sendable {
        case ordered = "ORDERED"
        case met = "MET"
        case unmet = "UNMET"
        case waived = "WAIVED"
    }

    package enum Kind: String, Codable, Sendable {
        case laboratory = "LAB"
        case medication = "MEDICATION"
        case instruction = "INSTRUCTION"
        case examination = "EXAMINATION"
    }

    package enum Lookup: Hashable, Sendable {
        case plan(PlanID)
        case patient(MRN)
    }

    package static let kind = "requirement"

    package var plan: PlanID
    package var code: RequirementCode
    package var mrn: MRN
    package var category: Kind
    package var state: State
    package var orderedAt: Instant
    package var value: String?
    package var unit: String?
    package var range: String?
    package var isAbnormal: Bool?
    /// When the result was taken, the medication given, the instruction acknowledged.
    package var metAt: Instant?
    package var validUntil: CalendarDate?
    package var waivedBy: StaffID?
    package var reason: String?

    package init(plan: PlanID, code: RequirementCode, mrn: MRN, category: Kind, orderedAt: Instant) {
        self.plan = plan
        self.code = code
        self.mrn = mrn
        self.category = category
        self.state = .ordered
        self.orderedAt = orderedAt
    }

    package var id: String { "\(plan)/\(code)" }
    package var keys: [Key] { [.plan(plan)] }

    package func matches(_ lookup: Lookup) -> Bool {
        switch lookup {
        case .plan(let plan): self.plan == plan
        case .patient(let mrn): self.mrn == mrn
        }
    }
}

/// Whether the patient of a plan is fit for the surgery.
package struct Clearance: ClinicEntity {
    package enum State: String, Codable, Sendable {
        case pending = "PENDING"
        case cleared = "CLEARED"
        case lapsed = "LAPSED"
        case deferred = "DEFERRED"
    }

    package enum Lookup: Hashable, Sendable {}

    package static let kind = "clearance"

    package var plan: PlanID
    package var mrn: MRN
    package var state: State
    package var clearedAt: Instant?
    package var clearedBy: StaffID?
    package var deferredAt: Instant?
    package var reason: String?

    package init(plan: PlanID, mrn: MRN, state: State = .pending) {
        self.plan = plan
        self.mrn = mrn
        self.state = state
    }

    package var id: String { plan.rawValue }
    package var keys: [Key] { [.plan(plan)] }
    package func matches(_ lookup: Lookup) -> Bool {}
}
