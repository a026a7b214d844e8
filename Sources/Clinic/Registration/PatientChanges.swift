/// Changes of a patient's record: its data, its state, and whether two records are one person.
extension Pathway {
    func decidePatient(_ command: Command, in state: any ClinicState, into ruling: inout Ruling) throws {
        switch command.action.rawValue {
        case "UPDATE": try updatePatient(command, in: state, into: &ruling)
        case "MERGE": try mergePatients(command, in: state, into: &ruling)
        case "UNMERGE": try unmergePatients(command, in: state, into: &ruling)
        case "DISTINCT": try tellApart(command, in: state, into: &ruling)
        case "DEACTIVATE": try setState(.inactive, "patient.deactivated", command, in: state, into: &ruling)
        case "REACTIVATE": try setState(.active, "patient.reactivated", command, in: state, into: &ruling)
        case "DECEASE": try setState(.deceased, "patient.deceased", command, in: state, into: &ruling)
        case "VERIFY_EMAIL": try verifyEmail(command, in: state, into: &ruling)
        default: refuseUnknownAction(of: command, into: &ruling)
        }
    }

    func updatePatient(_ command: Command, in state: any ClinicState, into ruling: inout Ruling) throws {
        let before = ruling.findings.count
        let found = try findPatient(command, in: state, into: &ruling)
        let birthDate = command.date(.birthDate)
        if let born = birthDate ?? found?.birthDate, born != found?.birthDate || command.deletes(.guardianName) {
            let kept = command.deletes(.guardianName) ? nil : found?.guardianName
            checkAge(bornOn: born, guardian: command.text(.guardianName) ?? kept, of: command, into: &ruling)
        }
        for field in [Field.givenName, .familyName, .birthDate, .sex] where command.deletes(field) {
            ruling.refuse(
                .Entry.missingField, [field], "every patient has this field", mend: "give the right value instead")
        }
        guard let patient = found, isUsable(patient, named: patientField(of: command), into: &ruling) else { return }
        checkIdentity(command, of: patient, into: &ruling)
        try checkUnique(command, for: patient, in: state, into: &ruling)
        guard ruling.findings.count == before else { return }
        let told = try tell(patient, by: command, in: state) { $0.take(command) }
        let changed = told[0]
        let alike = changed.isWeighed(like: patient) ? [] : try resemblances(of: changed, in: state, into: &ruling)
        ruling.record(
            Event(
                "patient.updated", .patient(told[told.count - 1].mrn), patient: patient.mrn, at: command.effectiveAt,
                writes: told + alike))
        if changed.email == nil {
            try withdrawToken(of: changed, command, in: state, into: &ruling)
        } else if changed.email?.lowercased() != patient.email?.lowercased() {
            try openAccount(for: changed, command, in: state, into: &ruling)
        }
    }

    /// One of name and birth date may be corrected at a time; both at once is somebody else: of another family, or a
    /// relative with a given name that is no spelling of the patient's.
    private func checkIdentity(_ command: Command, of patient: Patient, into ruling: inout Ruling) {
        guard let date = command.date(.birthDate), date != patient.birthDate else { return }
        let isOtherFamily = command.text(.familyName).map { !Spelling.isSame($0, patient.familyName) } ?? false
        let isOtherPerson =
            command.text(.givenName).map {
                JaroWinkler.perMille(Spelling.folded($0), Spelling.folded(patient.givenName)) < 880
            } ?? false
        guard isOtherFamily || isOtherPerson else { return }
        ruling.refuse(
            .PatientRules.identityClash,
            [patientField(of: command), isOtherFamily ? .familyName : .givenName, .birthDate],
            "the number belongs to a patient of another name and another birth date",
            mend: "check the number; if it is right, correct name and birth date one after the other",
            aside: "\(patient.mrn) is \(patient.fullName), born \(patient.birthDate)")
    }

    private func setState(
        _ target: Patient.State, _ kind: String, _ command: Command, in state: any ClinicState,
        into ruling: inout Ruling
    ) throws {
        guard let patient = try findPatient(command, in: state, into: &ruling) else { return }
        let before = ruling.findings.count
        try checkPatient(command, is: patient, in: state, into: &ruling)
        if target != .deceased, patient.state == .deceased {
            _ = isUsable(patient, named: patientField(of: command), into: &ruling)
        }
        guard ruling.findings.count == before else { return }
        let told = try tell(patient, by: command, in: state) { $0.standing = target }
        ruling.record(
            Event(
                kind, .patient(patient.mrn), patient: patient.mrn, at: command.effectiveAt, writes: told,
                note: command.text(.reason)))
        if target == .active { try reopenAccount(for: patient, command, in: state, into: &ruling) }
    }

    /// The patient as an entry changes them, first, and the merged records whose numbers led there.
    ///
    /// What comes under a merged number is told of the patient, and stays that record's own should the merge be undone.
    private func tell(
        _ patient: Patient, by command: Command, in state: any ClinicState, _ change: (inout Patient) -> Void
    ) throws -> [Patient] {
        let named = try recordNamed(by: command, of: patient, in: state)
        let path = try state.fetch(Patient.self, id: named.rawValue).map { try records(from: $0, in: state) } ?? []
        return (path.isEmpty ? [patient] : path).map { record in
            var record = record
            let isOwn = record.mrn == named || path.isEmpty
            record.hear(underOwnNumber: isOwn) { told in
                let before = told
                change(&told)
                if !isOwn { told.keepHistory(of: before) }
            }
            return record
        }.reversed()
    }
}

extension Patient {
    /// Adds what was known to what is told now.
    ///
    /// Who writes under a merged number does not know this record's history, and cannot mean to replace it.
    fileprivate mutating func keepHistory(of before: Patient) {
        let lists: [WritableKeyPath<Patient, [String]?>] = [
            \.allergies, \.medications, \.conditions, \.previousSurgeries,
        ]
        for path in lists {
            guard let known = before[keyPath: path], !known.isEmpty else { continue }
            self[keyPath: path] =
                known
                + (self[keyPath: path] ?? []).filter { told in !known.contains { Spelling.isSame($0, told) } }
        }
    }
}

extension Patient {
    /// Whether nothing has changed that is compared when a duplicate is looked for.
    fileprivate func isWeighed(like other: Patient) -> Bool {
        givenName == other.givenName && familyName == other.familyName && birthDate == other.birthDate
            && phone == other.phone && email == other.email && address == other.address
    }
}
