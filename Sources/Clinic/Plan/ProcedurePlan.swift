/// The side of the body that a procedure is for; HL7 table 0340 and the wording of theater lists.
package enum Side: String, Codable, Sendable, CaseIterable {
    case left = "LEFT"
    case right = "RIGHT"
    case bilateral = "BILATERAL"
    /// The site is not paired.
    case notApplicable = "NONE"

    /// Whether something done on that side lies within this one.
    package func covers(_ other: Side) -> Bool { self == other || self == .bilateral && other != .notApplicable }
}

/// One version of a plan of surgery; an approved one never changes.
package struct ProcedurePlan: ClinicEntity {
    package enum State: String, Codable, Sendable {
        case draft = "DRAFT"
        case approved = "APPROVED"
        case fulfilled = "FULFILLED"
        case cancelled = "CANCELLED"
        case superseded = "SUPERSEDED"
    }

    package struct PlannedProcedure: Codable, Hashable, Sendable {
        package var code: ProcedureCode
        package var side: Side
        /// The price at approval, per procedure as planned.
        package var price: Money?
        /// What it is for, where that is not what the plan is for.
        package var purpose: Purpose?

        package init(code: ProcedureCode, side: Side, price: Money? = nil, purpose: Purpose? = nil) {
            self.code = code
            self.side = side
            self.price = price
            self.purpose = purpose
        }
    }

    package struct PlannedItem: Codable, Hashable, Sendable {
        package var sku: SKU
        package var quantity: Int

        package init(sku: SKU, quantity: Int) {
            self.sku = sku
            self.quantity = quantity
        }
    }

    package enum Anesthesia: String, Codable, Sendable {
        case local = "LOCAL"
        case sedation = "SEDATION"
        case general = "GENERAL"
        case regional = "REGIONAL"
        case withoutAnesthesia = "NONE"
    }

    package enum Purpose: String, Codable, Sendable {
        case cosmetic = "COSMETIC"
        case therapeutic = "THERAPEUTIC"
    }

    /// A template of a consent in one of its versions.
    package struct SelectedTemplate: Codable, Hashable, Sendable {
        package var name: String
        package var version: Int

        package init(name: String, version: Int) {
            self.name = name
            self.version = version
        }
    }

    package enum Lookup: Hashable, Sendable {
        /// All versions of a plan.
        case plan(PlanID)
        case patient(MRN)
        case consultation(ConsultationID)
    }

    package static let kind = "plan"

    package var plan: PlanID
    package var version: Int
    package var state: State
    package var mrn: MRN
    package var consultation: ConsultationID
    package var surgeon: StaffID
    package var procedures: [PlannedProcedure]
    package var anesthesia: Anesthesia
    package var purpose: Purpose
    /// The insurer's number of its authorization, the most that it is for and its last day.
    package var authorization: String?
    package var authorizedAmount: Money?
    package var authorizedUntil: CalendarDate?
    package var estimate: Money?
    package var currency: String?
    package var quoteValidUntil: CalendarDate?
    package var plannedFor: CalendarDate?
    package var volumeMilliliters: Int?
    package var items: [PlannedItem] = []
    package var requirements: [RequirementCode] = []
    package var details: String?
    package var draftedAt: Instant
    package var approvedAt: Instant?
    package var approvedBy: StaffID?
    /// The texts of the surgical consent that approval selected, in the order of the procedures.
    package var templates: [SelectedTemplate] = []
    package var reason: String?

    package init(
        plan: PlanID, version: Int, state: State, mrn: MRN, consultation: ConsultationID, surgeon: StaffID,
        procedures: [PlannedProcedure], anesthesia: Anesthesia, purpose: Purpose, draftedAt: Instant
    ) {
        self.plan = plan
        self.version = version
        self.state = state
        self.mrn = mrn
        self.consultation = consultation
        self.surgeon = surgeon
        self.procedures = procedures
        self.anesthesia = anesthesia
        self.purpose = purpose
        self.draftedAt = draftedAt
    }

    /// `P-1#2`: plan and version.
    package var id: String { "\(plan)#\(version)" }
    package var keys: [Key] { [.plan(plan), .patient(mrn)] }

    package func purpose(of planned: PlannedProcedure) -> Purpose { planned.purpose ?? purpose }

    /// Whether any of its procedures is for a purpose.
    package func hasPart(_ purpose: Purpose) -> Bool { procedures.contains { self.purpose(of: $0) == purpose } }

    package func matches(_ lookup: Lookup) -> Bool {
        switch lookup {
        case .plan(let plan): self.plan == plan
        case .patient(let mrn): self.mrn == mrn
        case .consultation(let consultation): self.consultation == consultation
        }
    }
}

extension ClinicState {
    /// All versions of a plan, oldest first.
    package func versions(of plan: PlanID) throws -> [ProcedurePlan] {
        try fetch(ProcedurePlan.self, where: .plan(plan)).sorted { $0.version < $1.version }
    }

    /// The version that counts now: the approved or fulfilled one, else the newest.
    package func currentPlan(_ plan: PlanID) throws -> ProcedurePlan? {
        let versions = try versions(of: plan)
        return versions.last { $0.state == .approved || $0.state == .fulfilled } ?? versions.last
    }
}
