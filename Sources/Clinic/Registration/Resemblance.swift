/// How likely two records are one person: Fellegi-Sunter weights, in hundredths of a bit.
///
/// Each comparison adds log2(m/u), where m is how often it holds for one person and u how often for two:
///
///     comparison       equal   close   other
///     family name        900     450    -300   (names change at marriage, so other weighs little)
///     given name         700     350    -700   (twins share all but this)
///     birth date        1300     500    -600   (close: one digit off, or day and month exchanged)
///     phone              300                   (households share phone, e-mail and address, so together they
///     e-mail             300                    add at most 500 and prove nothing alone)
///     address            200
///
/// From 2200 on two records go on the review list. Nothing is ever merged by itself.
enum Resemblance {
    static let threshold = 2_200
    private static let mostOfHousehold = 500

    static func weight(of one: Patient, _ other: Patient) -> Int {
        names(one.familyName, other.familyName, equal: 900, close: 450, other: -300)
            + names(one.givenName, other.givenName, equal: 700, close: 350, other: -700)
            + dates(one.birthDate, other.birthDate) + household(one, other)
    }

    /// Worth weighing: without the same birth date there must be something else in common besides the family name.
    static func isWorthWeighing(_ one: Patient, _ other: Patient) -> Bool {
        one.birthDate == other.birthDate || household(one, other) > 0
    }

    private static func names(_ one: String, _ other: String, equal: Int, close: Int, other different: Int) -> Int {
        let similarity = JaroWinkler.perMille(Spelling.folded(one), Spelling.folded(other))
        if similarity >= 960 { return equal }
        return similarity >= 880 ? close : different
    }

    private static func dates(_ one: CalendarDate, _ other: CalendarDate) -> Int {
        if one == other { return 1_300 }
        let (first, second) = (one.parts, other.parts)
        if first.year == second.year, first.month == second.day, first.day == second.month { return 500 }
        let differences = zip(one.description.utf8, other.description.utf8).count { $0 != $1 }
        return differences == 1 ? 500 : -600
    }

    private static func household(_ one: Patient, _ other: Patient) -> Int {
        var weight = 0
        if let phone = one.phone, let second = other.phone, digits(phone) == digits(second) { weight += 300 }
        if let email = one.email, let second = other.email, Spelling.isSame(email, second) { weight += 300 }
        if let address = one.address, let second = other.address, Spelling.isSame(address, second) { weight += 200 }
        return min(weight, mostOfHousehold)
    }

    private static func digits(_ phone: String) -> [UInt8] {
        phone.utf8.filter { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
    }
}

/// The similarity of two names by Jaro, raised for a common beginning by Winkler, in thousandths.
enum JaroWinkler {
    static func perMille(_ one: String, _ other: String) -> Int {
        let (first, second) = (Array(one.unicodeScalars), Array(other.unicodeScalars))
        if first == second { return 1_000 }
        let jaro = jaroPerMille(first, second)
        let prefix = zip(first, second).prefix(4).prefix { $0 == $1 }.count
        return jaro + prefix * (1_000 - jaro) / 10
    }

    private static func jaroPerMille(_ first: [Unicode.Scalar], _ second: [Unicode.Scalar]) -> Int {
        guard !first.isEmpty, !second.isEmpty else { return 0 }
        let reach = max(0, max(first.count, second.count) / 2 - 1)
        var isTaken = Array(repeating: false, count: second.count)
        var matchesOfFirst: [Unicode.Scalar] = []
        for (index, scalar) in first.enumerated() {
            let low = max(0, index - reach)
            let high = min(second.count, index + reach + 1)
            guard low < high, let hit = (low..<high).first(where: { !isTaken[$0] && second[$0] == scalar }) else {
                continue
            }
            isTaken[hit] = true
            matchesOfFirst.append(scalar)
        }
        let matches = matchesOfFirst.count
        guard matches > 0 else { return 0 }
        let matchesOfSecond = second.indices.filter { isTaken[$0] }.map { second[$0] }
        let moved = zip(matchesOfFirst, matchesOfSecond).count { $0 != $1 }
        return
            (1_000 * matches / first.count + 1_000 * matches / second.count
            + (2_000 * matches - 1_000 * moved) / (2 * matches)) / 3
    }
}

extension Pathway {
    /// The records that a patient's resembles closely enough for somebody to look, each with a warning.
    func resemblances(of patient: Patient, in state: any ClinicState, into ruling: inout Ruling) throws
        -> [any ClinicEntity]
    {
        var seen: Set<MRN> = [patient.mrn]
        var found: [PossibleDuplicate] = []
        var candidates = try state.fetch(Patient.self, where: .bornOn(patient.birthDate))
        // By contact rather than by name: few share a telephone, hundreds may share a family name.
        if let phone = patient.phone { candidates += try state.fetch(Patient.self, where: .phone(phone)) }
        if let email = patient.email { candidates += try state.fetch(Patient.self, where: .email(email)) }
        for other in candidates where other.state != .merged && seen.insert(other.mrn).inserted {
            guard Resemblance.isWorthWeighing(patient, other) else { continue }
            let pair = PossibleDuplicate(
                patient.mrn, other.mrn, weight: Resemblance.weight(of: patient, other))
            guard pair.weight >= Resemblance.threshold, try state.fetch(PossibleDuplicate.self, id: pair.id) == nil
            else { continue }
            found.append(pair)
            ruling.warn(
                .PatientRules.possibleDuplicate, [.familyName, .givenName, .birthDate],
                "a patient who is registered is very alike",
                mend: "look at both records: patient MERGE makes them one, DISTINCT tells them apart",
                aside: "\(patient.mrn) and \(other.mrn), weight \(pair.weight)")
        }
        return found
    }
}
