/// A meeting of patient and surgeon, from its booking to its note.
package struct Consultation: ClinicEntity {
    package enum State: String, Codable, Sendable {
        case scheduled = "SCHEDULED"
        case completed = "COMPLETED"
        case cancelled = "CANCELLED"
        case noShow = "NO_SHOW"
    }

    /// One version of the surgeon's note; an amendment adds one and keeps the old.
    package struct Note: Codable, Hashable, Sendable {
        package var version: Int
        package var goals: String?
        package var findings: String?
        package var advice: String?
        package var notes: String
        package var writtenAt: Instant
        package var actor: String?

        package init(version: Int, notes: String, writtenAt: Instant) {
            self.version = version
            self.notes = notes
            self.writtenAt = writtenAt
        }
    }

    package enum Lookup: Hashable, Sendable {
        case patient(MRN)
        /// Those still to come of a surgeon that overlap a stretch of time.
        case surgeon(StaffID, on: Interval)
        /// Those still to come of a patient that overlap a stretch of time.
        case attending(MRN, on: Interval)
    }

    package static let kind = "consultation"

    package var consultation: ConsultationID
    package var mrn: MRN
    package var surgeon: StaffID
    package var state: State
    package var startsAt: Instant
    package var minutes: Int
    /// FIRST, SECOND or FOLLOW_UP.
    package var visit: String
    package var inPerson: Bool?
    package var reason: String?
    package var historyReviewed: Bool?
    package var examined: Bool?
    package var screening: String?
    package var shareNotes: Bool?
    package var notes: [Note] = []
    package var completedAt: Instant?

    package init(
        consultation: ConsultationID, mrn: MRN, surgeon: StaffID, state: State, startsAt: Instant, minutes: Int,
        visit: String
    ) {
        self.consultation = consultation
        self.mrn = mrn
        self.surgeon = surgeon
        self.state = state
        self.startsAt = startsAt
        self.minutes = minutes
        self.visit = visit
    }

    package var id: String { consultation.rawValue }
    package var keys: [Key] { [.consultation(consultation), .patient(mrn)] }
    package var interval: Interval { Interval(start: startsAt, minutes: minutes) }

    package func matches(_ lookup: Lookup) -> Bool {
        switch lookup {
        case .patient(let mrn): self.mrn == mrn
        case .surgeon(let surgeon, let interval):
            self.surgeon == surgeon && state == .scheduled && self.interval.overlaps(interval)
        case .attending(let mrn, let interval):
            self.mrn == mrn && state == .scheduled && self.interval.overlaps(interval)
        }
    }
}
