package import Clinic
import Records

/// Two records that may be of one person, with what was compared.
package struct ReviewPair: Encodable, Sendable {
    /// One of the two.
    package struct Person: Encodable, Sendable {
        package var mrn: MRN
        package var name: String
        package var birthDate: CalendarDate
        package var state: Patient.State

        init(_ patient: Patient) {
            mrn = patient.mrn
            name = patient.fullName
            birthDate = patient.birthDate
            state = patient.state
        }
    }

    package var first: Person
    package var second: Person
    package var state: PossibleDuplicate.State
    /// The sum of the comparisons, in hundredths of a bit.
    package var weight: Int
    /// From this sum on a pair is reviewed.
    package var threshold: Int
    package var comparisons: [PossibleDuplicate.Comparison]

    init?(_ pair: PossibleDuplicate, in unit: Unit) throws {
        guard let first = try unit.fetch(Patient.self, id: pair.first.rawValue),
            let second = try unit.fetch(Patient.self, id: pair.second.rawValue)
        else { return nil }
        self.first = Person(first)
        self.second = Person(second)
        state = pair.state
        weight = pair.weight
        threshold = Resemblance.threshold
        comparisons = pair.comparisons
    }

    /// The sum against the threshold, then each comparison with its weight.
    var lines: [String] {
        var table = TextTable(["compared", "", "weight"])
        for comparison in comparisons {
            table.add([
                comparison.attribute, comparison.agreement.rawValue.lowercased(), ReviewPair.bits(comparison.weight),
            ])
        }
        let sum = "sum \(ReviewPair.bits(weight)), reviewed from \(ReviewPair.bits(threshold)) on"
        return [
            Terminal.safe("\(first.words) and \(second.words): \(state.rawValue.lowercased()), \(sum)")
        ] + table.lines()
    }

    /// Hundredths of a bit as bits.
    private static func bits(_ weight: Int) -> String {
        let (whole, rest) = abs(weight).quotientAndRemainder(dividingBy: 100)
        return "\(weight < 0 ? "-" : "+")\(whole).\(Digits.padded(rest, 2))"
    }
}

extension ReviewPair.Person {
    fileprivate var words: String {
        "\(mrn) \(name), born \(birthDate)" + (state == .active ? "" : " (\(state.rawValue.lowercased()))")
    }
}

/// The review list: pairs of records at which somebody must look, those most alike first.
package struct Reviews: Reply {
    package let pairs: [ReviewPair]

    package init(_ inquiry: Inquiry) throws {
        pairs = try inquiry.database.read { unit in
            try unit.fetch(PossibleDuplicate.self, where: .inState(.open)).compactMap { try ReviewPair($0, in: unit) }
        }.sorted { ($1.weight, $0.first.mrn, $0.second.mrn) < ($0.weight, $1.first.mrn, $1.second.mrn) }
    }

    package var text: String {
        let title =
            pairs.isEmpty
            ? "No records are to be reviewed."
            : "\(Terminal.count(pairs.count, "pair")) of records may be one person; patient MERGE makes them one, "
                + "DISTINCT tells them apart."
        return ([title] + pairs.flatMap { [""] + $0.lines }).joined(separator: "\n")
    }
}
