/// Two records of one person, and back: a merge rewrites nothing, so it can be undone.
extension Pathway {
    func mergePatients(_ command: Command, in state: any ClinicState, into ruling: inout Ruling) throws {
        guard let (record, into) = try pair(command, in: state, into: &ruling) else { return }
        let before = ruling.findings.count
        if record.state == .merged {
            ruling.refuse(
                .PatientRules.merged, [.mrn], "the record was merged before",
                mend: "UNMERGE it first, if it was merged into the wrong record",
                aside: "\(record.mrn) was merged into \(record.mergedInto?.rawValue ?? "nothing")")
        } else if record.mrn == into.mrn {
            ruling.refuse(
                .PatientRules.sameRecord, [.mrn, .intoMRN], "both numbers lead to the same record",
                mend: "give the numbers of two records", aside: "\(record.mrn)")
        } else {
            // Only so can a merge be undone: the record comes back as it was, active.
            _ = isUsable(record, named: .mrn, into: &ruling)
        }
        checkNames(command, are: [record, into], into: &ruling)
        guard ruling.findings.count == before else { return }
        var merged = record
        merged.state = .merged
        merged.mergedInto = into.mrn
        var writes: [any ClinicEntity] = [merged, into]
        let suspicion = PossibleDuplicate(record.mrn, into.mrn, weight: 0)
        if var known = try state.fetch(PossibleDuplicate.self, id: suspicion.id) {
            known.state = .merged
            writes.append(known)
        }
        ruling.record(
            Event(
                "patient.merged", .patient(record.mrn), patient: into.mrn, at: command.effectiveAt, writes: writes,
                note: command.text(.reason)))
    }

    func unmergePatients(_ command: Command, in state: any ClinicState, into ruling: inout Ruling) throws {
        guard let into: MRN = command.id(.intoMRN), var record = try record(.mrn, of: command, in: state, into: &ruling)
        else { return }
        guard record.state == .merged, record.mergedInto == into else {
            let isAhead = record.state != .merged
            return ruling.refuse(
                .PatientRules.notMerged, [.mrn, .intoMRN], "the record is not merged into the one named",
                mend: "check both numbers", aside: "\(record.mrn) is \(record.state.rawValue)",
                waitingFor: isAhead ? [.patient(record.mrn)] : [])
        }
        record.state = .active
        record.mergedInto = nil
        var writes: [any ClinicEntity] = [record]
        if let survivor = try state.fetch(Patient.self, id: into.rawValue) { writes.append(survivor) }
        if var known = try state.fetch(PossibleDuplicate.self, id: PossibleDuplicate(record.mrn, into, weight: 0).id) {
            known.state = .open
            writes.append(known)
        }
        ruling.record(
            Event(
                "patient.unmerged", .patient(record.mrn), patient: record.mrn, at: command.effectiveAt, writes: writes,
                note: command.text(.reason)))
    }

    /// Somebody has looked: the two records are two people.
    func tellApart(_ command: Command, in state: any ClinicState, into ruling: inout Ruling) throws {
        guard let (record, other) = try pair(command, in: state, into: &ruling) else { return }
        guard record.mrn != other.mrn, record.state != .merged else {
            return ruling.refuse(
                .PatientRules.sameRecord, [.mrn, .intoMRN], "both numbers lead to the same record",
                mend: "UNMERGE them first, if they are two people", aside: "\(record.mrn)")
        }
        let fresh = PossibleDuplicate(record.mrn, other.mrn, weight: Resemblance.weight(of: record, other))
        var known = try state.fetch(PossibleDuplicate.self, id: fresh.id) ?? fresh
        known.state = .distinct
        ruling.record(
            Event(
                "patient.told-apart", .patient(record.mrn), patient: record.mrn, at: command.effectiveAt,
                writes: [known], note: command.text(.reason)))
    }

    /// The record that is to change, as it stands, and the living record that the other number leads to.
    private func pair(_ command: Command, in state: any ClinicState, into ruling: inout Ruling) throws
        -> (Patient, Patient)?
    {
        let first = try record(.mrn, of: command, in: state, into: &ruling)
        guard let mrn: MRN = command.id(.intoMRN) else { return nil }
        guard let second = try findPatient(mrn, in: .intoMRN, in: state, into: &ruling), let first else { return nil }
        return (first, second)
    }

    /// The record of an MRN itself, not the one that it was merged into.
    private func record(_ field: Field, of command: Command, in state: any ClinicState, into ruling: inout Ruling)
        throws -> Patient?
    {
        guard let mrn: MRN = command.id(field) else { return nil }
        guard let record = try state.fetch(Patient.self, id: mrn.rawValue) else {
            return try findPatient(mrn, in: field, in: state, into: &ruling)
        }
        return record
    }

    /// A name or birth date on a merge is that of one of the two records.
    private func checkNames(_ command: Command, are patients: [Patient], into ruling: inout Ruling) {
        var wrong: [Field] = []
        if let name = command.text(.familyName), !patients.contains(where: { Spelling.isSame($0.familyName, name) }) {
            wrong.append(.familyName)
        }
        if let date = command.date(.birthDate), !patients.contains(where: { $0.birthDate == date }) {
            wrong.append(.birthDate)
        }
        guard !wrong.isEmpty else { return }
        ruling.refuse(
            .Entry.wrongPatient, wrong, "the entry describes neither of the two records", mend: "check both numbers",
            aside: patients.map { "\($0.mrn) \($0.fullName), born \($0.birthDate)" }.joined(separator: "; "))
    }
}
