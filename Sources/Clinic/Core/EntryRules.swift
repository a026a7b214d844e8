/// The rules that are asked of every entry, whatever its form.
extension Rule {
    package enum Entry {
        package static let missingField = Rule(
            "entry.missing-field", "An entry has every field that its action needs.", phase: .drop,
            hl7: .requiredFieldMissing
        )
        package static let badValue = Rule(
            "entry.bad-value", "A value has the form of its field.", phase: .drop, hl7: .dataType)
        package static let tooLong = Rule(
            "entry.too-long", "A value is no longer than its field takes.", phase: .drop, hl7: .dataType)
        package static let unknownCode = Rule(
            "entry.unknown-code", "A coded value is one of its list.", phase: .drop, hl7: .tableValue)
        package static let unknownColumn = Rule(
            "entry.unknown-column", "A file has only columns and elements that its form knows.", phase: .drop,
            weight: .warns)
        package static let referenceReused = Rule(
            "entry.reference-reused", "A reference that was applied comes again only with the same content.",
            phase: .drop, hl7: .duplicateKey)
        package static let inTheFuture = Rule(
            "entry.in-the-future", "Nothing may have happened after now.", phase: .drop, hl7: .dataType)
        package static let late = Rule(
            "entry.late", "An entry tells of something while it is recent.", phase: .drop, weight: .warns,
            policy: "late_after_days", isOverridable: true)
        package static let wrongPatient = Rule(
            "entry.wrong-patient",
            "The MRN, family name and birth date on an entry are those of the patient it belongs to.", phase: .drop,
            hl7: .unknownKey)
        package static let formNotAllowed = Rule(
            "entry.form-not-allowed", "A source drops only the forms that it may.", phase: .drop,
            hl7: .unsupportedMessage)
        package static let overrideNotAllowed = Rule(
            "entry.override-not-allowed",
            "An override names a rule that may be overridden, a person who may override it, and a reason.",
            phase: .drop, policy: "not_overridable")
        package static let waitsBehindHeld = Rule(
            "entry.waits-behind-held",
            "An entry waits while an earlier one of its source about the same thing is held.",
            phase: .drop, weight: .holds)
        package static let schemaRefused = Rule(
            "internal.schema-refused",
            "The database keeps what the rules have accepted; where it does not, the program is at fault.",
            phase: .drop, hl7: .internalError)

        package static let all = [
            missingField, badValue, tooLong, unknownCode, unknownColumn, referenceReused, inTheFuture, late,
            wrongPatient, formNotAllowed, overrideNotAllowed, waitsBehindHeld, schemaRefused,
        ]
    }
}

extension Pathway {
    /// Nothing may have happened after now; and what happened long ago is told so.
    func checkTimes(of command: Command, into ruling: inout Ruling) {
        for field in Pathway.timesOfThePast {
            guard let instant = command.instant(field), instant > command.now else { continue }
            ruling.refuse(
                .Entry.inTheFuture, [field], "the time lies in the future",
                mend: "correct the time, or drop the entry again once it has happened",
                aside: "\(instant) is after \(command.now)")
        }
        let days = command.effectiveAt.seconds(until: command.now) / 86_400
        if days > policy.lateAfterDays {
            ruling.warn(
                .Entry.late, [], "it happened \(days) days before it was dropped",
                mend: "drop entries as they happen; nothing needs mending here")
        }
    }

    /// Fields that tell when something happened.
    private static let timesOfThePast: [Field] = [.occurredAt, .signedAt, .scannedAt, .paidAt, .registeredAt]

    /// Compares what an entry says of the patient with the patient it belongs to.
    package func checkPatient(
        _ command: Command, is patient: Patient, in state: any ClinicState, into ruling: inout Ruling
    )
        throws
    {
        var wrong: [Field] = []
        if let given: MRN = command.id(.mrn), try survivor(of: given, in: state)?.mrn != patient.mrn {
            wrong.append(.mrn)
        }
        // A record merged into this one keeps the name and birth date under which others still know it.
        lazy var merged = Result {
            try state.recordsMerged(into: patient.mrn).compactMap { try state.fetch(Patient.self, id: $0.rawValue) }
        }
        if let name = command.text(.familyName), !Spelling.isSame(name, patient.familyName),
            try !merged.get().contains(where: { Spelling.isSame(name, $0.familyName) })
        {
            wrong.append(.familyName)
        }
        if let date = command.date(.birthDate), date != patient.birthDate,
            try !merged.get().contains(where: { $0.birthDate == date })
        {
            wrong.append(.birthDate)
        }
        if let reference = command.text(.registration) {
            let owners = try registrations(reference, in: state).compactMap(\.mrn)
            if !owners.isEmpty, try !owners.contains(where: { try survivor(of: $0, in: state)?.mrn == patient.mrn }) {
                wrong.append(.registration)
            }
        }
        guard !wrong.isEmpty else { return }
        ruling.refuse(
            .Entry.wrongPatient, wrong, "the entry names another patient than the one its record belongs to",
            mend: "check which patient was meant, and correct the number of the record or of the patient",
            aside: "the record belongs to \(patient.mrn) \(patient.fullName), born \(patient.birthDate)")
    }

    /// The patient whom an entry concerns: the one it names, else the owner of the record it is about; nil when unknown.
    package func patient(concernedBy command: Command, in state: any ClinicState) throws -> Patient? {
        if let given: MRN = command.id(.mrn), let patient = try survivor(of: given, in: state) { return patient }
        if let reference = command.text(.registration),
            let mrn = try registrations(reference, in: state).compactMap(\.mrn).first
        {
            return try survivor(of: mrn, in: state)
        }
        let owner =
            try owner(Consultation.self, .consultation, of: command, in: state)?.mrn
            ?? owner(ProcedurePlan.self, .plan, of: command, in: state)?.mrn
            ?? owner(Consent.self, .consent, of: command, in: state)?.mrn
            ?? owner(SurgicalCase.self, .surgicalCase, of: command, in: state)?.mrn
            ?? owner(Bill.self, .bill, of: command, in: state)?.mrn
        return try owner.flatMap { try survivor(of: $0, in: state) }
    }

    private func owner<Entity: ClinicEntity>(
        _ type: Entity.Type, _ field: Field, of command: Command, in state: any ClinicState
    ) throws -> Entity? {
        try command.text(field).flatMap { try state.fetch(type, id: $0) }
    }

    /// The record that a patient's number leads to, through any merges.
    func survivor(of mrn: MRN, in state: any ClinicState) throws -> Patient? {
        var current = try state.fetch(Patient.self, id: mrn.rawValue)
        var seen: Set<MRN> = [mrn]
        while let patient = current, let next = patient.mergedInto, seen.insert(next).inserted {
            current = try state.fetch(Patient.self, id: next.rawValue)
        }
        return current
    }

    /// The registrations that a reference, or `source/reference`, names.
    func registrations(_ reference: String, in state: any ClinicState) throws -> [Registration] {
        let plain = try state.fetch(Registration.self, where: .reference(reference))
        if !plain.isEmpty { return plain }
        return try state.fetch(Registration.self, id: reference).map { [$0] } ?? []
    }
}

/// Comparison of names as people write them.
package enum Spelling {
    /// Equal but for case and surrounding blanks.
    package static func isSame(_ one: String, _ other: String) -> Bool { folded(one) == folded(other) }

    /// Lower case, blanks at the ends cut off.
    package static func folded(_ text: String) -> String {
        let blanks: Set<Character> = [" ", "\t"]
        let start = text.drop { blanks.contains($0) }
        let cut = start.reversed().drop { blanks.contains($0) }.reversed()
        return String(cut).lowercased()
    }
}
