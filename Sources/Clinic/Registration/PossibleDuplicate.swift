/// Two patients who may be one person, for somebody to look at; nothing merges by itself.
package struct PossibleDuplicate: ClinicEntity {
    package enum State: String, Codable, Sendable {
        case open = "OPEN"
        case merged = "MERGED"
        case distinct = "DISTINCT"
    }

    /// One thing that was compared, and what it weighs.
    package struct Comparison: Codable, Hashable, Sendable {
        package enum Agreement: String, Codable, Sendable {
            case equal = "EQUAL"
            case close = "CLOSE"
            /// Given and family name stand in each other's place.
            case exchanged = "EXCHANGED"
            case different = "DIFFERENT"
        }

        /// `family name`, `given name`, `birth date`, `phone`, `e-mail` or `address`.
        package var attribute: String
        package var agreement: Agreement
        /// Hundredths of a bit.
        package var weight: Int

        package init(_ attribute: String, _ agreement: Agreement, _ weight: Int) {
            self.attribute = attribute
            self.agreement = agreement
            self.weight = weight
        }
    }

    package enum Lookup: Hashable, Sendable {
        case patient(MRN)
        case inState(State)
    }

    package static let kind = "possible-duplicate"

    /// The smaller number first.
    package var first: MRN
    package var second: MRN
    /// The sum of what the comparisons weigh (Fellegi-Sunter), in hundredths of a bit.
    package var weight: Int
    /// What was compared when the pair was last weighed.
    package var comparisons: [Comparison]
    package var state: State
    /// What it was before a merge, which may be undone.
    package var stateBefore: State?

    package init(_ one: MRN, _ other: MRN, comparisons: [Comparison], state: State = .open) {
        self.first = min(one, other)
        self.second = max(one, other)
        self.weight = comparisons.reduce(0) { $0 + $1.weight }
        self.comparisons = comparisons
        self.state = state
    }

    package var id: String { PossibleDuplicate.id(first, second) }
    package var keys: [Key] { [.patient(first), .patient(second)] }

    package static func id(_ one: MRN, _ other: MRN) -> String { "\(min(one, other))|\(max(one, other))" }

    package func matches(_ lookup: Lookup) -> Bool {
        switch lookup {
        case .patient(let mrn): first == mrn || second == mrn
        case .inState(let state): self.state == state
        }
    }
}
