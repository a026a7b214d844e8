/// One operation: planned, booked, done.
package struct SurgicalCase: ClinicEntity {
    package enum State: String, Codable, Sendable {
        case created = "CREATED"
        case scheduled = "SCHEDULED"
        case postponed = "POSTPONED"
        case inProgress = "IN_PROGRESS"
        case completed = "COMPLETED"
        case cancelled = "CANCELLED"
        /// Given up after its start; it uses and bills what was used.
        case abandoned = "ABANDONED"

        /// A plan has at most one case that is neither cancelled nor over.
        package var isOpen: Bool { [.created, .scheduled, .postponed, .inProgress].contains(self) }
        /// Things may be used and returned.
        package var takesInventory: Bool { [.inProgress, .completed, .abandoned].contains(self) }
    }

    /// One of the team by role, such as `SCRUB` or `CIRCULATING`.
    package struct TeamMember: Codable, Hashable, Sendable {
        package var role: String
        package var id: StaffID

        package init(role: String, id: StaffID) {
            self.role = role
            self.id = id
        }
    }

    package struct Remark: Codable, Hashable, Sendable {
        package var text: String
        package var at: Instant
        package var actor: String?

        package init(text: String, at: Instant, actor: String? = nil) {
            self.text = text
            self.at = at
            self.actor = actor
        }
    }

    package enum Lookup: Hashable, Sendable {
        case plan(PlanID)
        case patient(MRN)
        case inState(State)
        case theater(TheaterID, on: Interval)
    }

    package static let kind = "case"

    package var surgicalCase: CaseID
    package var plan: PlanID
    package var planVersion: Int
    package var mrn: MRN
    package var state: State
    package var procedures: [ProcedurePlan.PlannedProcedure]
    package var surgeon: StaffID
    package var anesthesia: ProcedurePlan.Anesthesia
    package var anesthetist: StaffID?
    package var team: [TeamMember] = []
    package var equipment: [String] = []
    package var theater: TheaterID?
    package var startsAt: Instant?
    package var minutes: Int
    package var asaClass: String?
    package var signInAt: Instant?
    package var startedAt: Instant?
    package var timeOutAt: Instant?
    package var signOutAt: Instant?
    package var endedAt: Instant?
    package var anesthesiaMinutes: Int?
    package var remarks: [Remark] = []
    package var instructions: String?
    package var medications: [String]?
    package var followUpAt: Instant?
    package var reason: String?
    package var createdAt: Instant

    package init(
        surgicalCase: CaseID, plan: PlanID, planVersion: Int, mrn: MRN, state: State,
        procedures: [ProcedurePlan.PlannedProcedure], surgeon: StaffID, anesthesia: ProcedurePlan.Anesthesia,
        minutes: Int, createdAt: Instant
    ) {
        self.surgicalCase = surgicalCase
        self.plan = plan
        self.planVersion = planVersion
        self.mrn = mrn
        self.state = state
        self.procedures = procedures
        self.surgeon = surgeon
        self.anesthesia = anesthesia
        self.minutes = minutes
        self.createdAt = createdAt
    }

    package var id: String { surgicalCase.rawValue }
    package var keys: [Key] { [.surgicalCase(surgicalCase), .plan(plan), .patient(mrn)] }

    /// The planned time in theater, without turnover.
    package var planned: Interval? { startsAt.map { Interval(start: $0, minutes: minutes) } }

    package func matches(_ lookup: Lookup) -> Bool {
        switch lookup {
        case .plan(let plan): self.plan == plan
        case .patient(let mrn): self.mrn == mrn
        case .inState(let state): self.state == state
        case .theater(let theater, let interval):
            self.theater == theater && (planned?.overlaps(interval) ?? false)
        }
    }
}

/// A stretch of time taken of a theater, a person, a piece of equipment or the patient, by a case.
package struct Booking: ClinicEntity {
    package enum Resource: String, Codable, Sendable {
        case theater = "THEATER"
        case staff = "STAFF"
        case equipment = "EQUIPMENT"
        case patient = "PATIENT"
    }

    package enum Lookup: Hashable, Sendable {
        case surgicalCase(CaseID)
        /// The active ones of one resource that overlap a stretch of time.
        case active(Resource, String, overlapping: Interval)
    }

    package static let kind = "booking"

    package var surgicalCase: CaseID
    package var resource: Resource
    package var resourceID: String
    package var startsAt: Instant
    /// With the turnover for a theater.
    package var endsAt: Instant
    /// False for a case postponed, cancelled or moved.
    package var isActive: Bool

    package init(
        surgicalCase: CaseID, resource: Resource, resourceID: String, startsAt: Instant, endsAt: Instant,
        isActive: Bool = true
    ) {
        self.surgicalCase = surgicalCase
        self.resource = resource
        self.resourceID = resourceID
        self.startsAt = startsAt
        self.endsAt = endsAt
        self.isActive = isActive
    }

    package var id: String { "\(surgicalCase)|\(resource.rawValue)|\(resourceID)" }
    package var interval: Interval { Interval(start: startsAt, end: endsAt) }

    package func matches(_ lookup: Lookup) -> Bool {
        switch lookup {
        case .surgicalCase(let surgicalCase): self.surgicalCase == surgicalCase
        case .active(let resource, let resourceID, let interval):
            isActive && self.resource == resource && self.resourceID.utf8.elementsEqual(resourceID.utf8)
                && self.interval.overlaps(interval)
        }
    }
}
