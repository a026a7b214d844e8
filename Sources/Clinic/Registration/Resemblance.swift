/// How likely two records are one person: Fellegi-Sunter weights, in hundredths of a bit.
///
/// Each comparison adds log2(m/u), where m is how often it holds for one person and u how often for two:
///
///     comparison       equal   close   exchanged   other
///     family name        900     450         700    -300   (names change at marriage, so other weighs little)
///     given name         700     350         500    -700   (twins share all but this)
///     birth date        1300     500                -600   (close: one digit off, or day and month exchanged)
///     phone              300                           0   (households share phone, e-mail and address, so they
///     e-mail             300                           0    add at most 500 together, and prove nothing alone)
///     address            200                           0
///
/// Names are equal from 960 thousandths of Jaro-Winkler on and close from 880. From a sum of 2200 on two records go on
/// the review list. Nothing is ever merged by itself.
package enum Resemblance {
    package static let threshold = 2_200
    private static let mostOfHousehold = 500

    /// What is compared and what it weighs; what one of them does not tell is left out.
    package static func comparisons(of one: Patient, _ other: Patient) -> [PossibleDuplicate.Comparison] {
        let areExchanged =
            !Spelling.isSame(one.givenName, one.familyName) && Spelling.isSame(one.givenName, other.familyName)
            && Spelling.isSame(one.familyName, other.givenName)
        let names: [PossibleDuplicate.Comparison] =
            areExchanged
            ? [.init("family name", .exchanged, 700), .init("given name", .exchanged, 500)]
            : [
                name("family name", one.familyName, other.familyName, equal: 900, close: 450, other: -300),
                name("given name", one.givenName, other.givenName, equal: 700, close: 350, other: -700),
            ]
        return names + [date(one.birthDate, other.birthDate)] + household(one, other)
    }

    /// Worth weighing: without the same birth date there must be something else in common besides the family name.
    static func isWorthWeighing(_ one: Patient, _ other: Patient) -> Bool {
        one.birthDate == other.birthDate || household(one, other).contains { $0.weight > 0 }
    }

    private static func name(
        _ attribute: String, _ name: String, _ second: String, equal: Int, close: Int, other: Int
    ) -> PossibleDuplicate.Comparison {
        let similarity = JaroWinkler.perMille(Spelling.folded(name), Spelling.folded(second))
        if similarity >= 960 { return .init(attribute, .equal, equal) }
        return similarity >= 880 ? .init(attribute, .close, close) : .init(attribute, .different, other)
    }

    private static func date(_ one: CalendarDate, _ other: CalendarDate) -> PossibleDuplicate.Comparison {
        if one == other { return .init("birth date", .equal, 1_300) }
        let (first, second) = (one.parts, other.parts)
        let areExchanged = first.year == second.year && first.month == second.day && first.day == second.month
        let differences = zip(one.description.utf8, other.description.utf8).count { $0 != $1 }
        return areExchanged || differences == 1
            ? .init("birth date", .close, 500) : .init("birth date", .different, -600)
    }

    /// What a household shares; of the three together no more counts than the most.
    private static func household(_ one: Patient, _ other: Patient) -> [PossibleDuplicate.Comparison] {
        var left = mostOfHousehold
        func comparison(
            _ attribute: String, _ weight: Int, _ texts: (String?, String?), _ isSame: (String, String) -> Bool
        )
            -> PossibleDuplicate.Comparison?
        {
            guard let text = texts.0, let second = texts.1 else { return nil }
            guard isSame(text, second) else { return .init(attribute, .different, 0) }
            let counted = min(weight, left)
            left -= counted
            return .init(attribute, .equal, counted)
        }
        return [
            comparison("phone", 300, (one.phone, other.phone)) { digits($0) == digits($1) },
            comparison("e-mail", 300, (one.email, other.email), Spelling.isSame),
            comparison("address", 200, (one.address, other.address), Spelling.isSame),
        ].compactMap { $0 }
    }

    private static func digits(_ phone: String) -> [UInt8] {
        phone.utf8.filter { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
    }
}

extension Pathway {
    /// The records that a patient's resembles closely enough for somebody to look, each new one with a warning.
    ///
    /// A pair that is on the list is weighed again; one that somebody has decided about stays decided.
    func resemblances(of patient: Patient, in state: any ClinicState, into ruling: inout Ruling) throws
        -> [any ClinicEntity]
    {
        var seen: Set<MRN> = [patient.mrn]
        var found: [PossibleDuplicate] = []
        for other in try candidates(for: patient, in: state) where seen.insert(other.mrn).inserted {
            guard other.state != .merged, Resemblance.isWorthWeighing(patient, other) else { continue }
            var pair = PossibleDuplicate(
                patient.mrn, other.mrn, comparisons: Resemblance.comparisons(of: patient, other))
            if let known = try state.fetch(PossibleDuplicate.self, id: pair.id) {
                pair.state = known.state
                if known.state == .open, known != pair { found.append(pair) }
                continue
            }
            guard pair.weight >= Resemblance.threshold else { continue }
            found.append(pair)
            ruling.warn(
                .PatientRules.possibleDuplicate, [.familyName, .givenName, .birthDate],
                "a patient who is registered is very alike",
                mend: "look at both records: patient MERGE makes them one, DISTINCT tells them apart",
                aside: "\(patient.mrn) and \(other.mrn), weight \(pair.weight) of \(Resemblance.threshold)")
        }
        return found
    }

    /// Few share a birth date, a telephone, an e-mail or both names with a birth date nearly theirs; hundreds may share
    /// a family name.
    private func candidates(for patient: Patient, in state: any ClinicState) throws -> [Patient] {
        var found = try state.fetch(Patient.self, where: .bornOn(patient.birthDate))
        if let phone = patient.phone { found += try state.fetch(Patient.self, where: .phone(phone)) }
        if let email = patient.email { found += try state.fetch(Patient.self, where: .email(email)) }
        return try found
            + state.fetch(
                Patient.self,
                where: .namesake(
                    given: patient.givenName, family: patient.familyName, bornAbout: patient.birthDate))
    }
}
