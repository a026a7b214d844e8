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
