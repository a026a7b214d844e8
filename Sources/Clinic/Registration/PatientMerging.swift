/// Two records of one person, and back: a merge rewrites nothing, so it can be undone.
extension Pathway {
    func mergePatients(_ command: Command, in state: any ClinicState, into ruling: inout Ruling) throws {
        guard let pair = try pair(command, in: state, into: &ruling) else { return }
        let before = ruling.findings.count
        let record = pair.record
        if record.state == .merged {
            ruling.refuse(
                .PatientRules.merged, [.mrn], "the record was merged before",
                mend: "UNMERGE it first, if it was merged into the wrong record",
                aside: "\(record.mrn) was merged into \(record.mergedInto?.rawValue ?? "nothing")")
        } else if record.mrn == pair.standing.mrn {
            ruling.refuse(
                .PatientRules.sameRecord, [.mrn, .intoMRN], "both numbers lead to the same record",
                mend: "give the numbers of two records", aside: "\(record.mrn)")
        } else {
            checkStates(of: record, pair.standing, into: &ruling)
        }
        checkNames(command, are: [record, pair.other, pair.standing], into: &ruling)
        guard ruling.findings.count == before else { return }
        let suspicions = try suspicions(
            between: state.records(of: record.mrn), and: state.records(of: pair.standing.mrn), in: state)
        var merged = record
        merged.stateBeforeMerge = record.state
        merged.state = .merged
        merged.mergedInto = pair.other.mrn
        let above = try records(from: pair.other, in: state)
        merged.lastMerge = Patient.Merge(at: command.effectiveAt, images: ([record] + above).map(\.image))
        let settled = suspicions.filter { $0.state != .merged }.map { $0.becoming(.merged) }
        ruling.record(
            Event(
                "patient.merged", .patient(record.mrn), patient: pair.standing.mrn, at: command.effectiveAt,
                writes: [merged, pair.other] + (pair.other.mrn == pair.standing.mrn ? [] : [pair.standing]) + settled,
                note: command.text(.reason)))
    }

    /// What leads to a record that nobody is cared for under would be lost: the survivor is active, or both are over
    /// alike.
    private func checkStates(of record: Patient, _ standing: Patient, into ruling: inout Ruling) {
        if (record.state == .deceased) != (standing.state == .deceased) {
            ruling.refuse(
                .PatientRules.inactive, [.mrn, .intoMRN],
                "one of the records tells of the patient's death and the other does not",
                mend: "record the death in the other as well, if they are one person; else check the numbers",
                aside: "\(record.mrn) is \(record.state.rawValue), \(standing.mrn) is \(standing.state.rawValue)")
        } else if record.state == .active, standing.state == .inactive {
            ruling.refuse(
                .PatientRules.inactive, [.intoMRN], "the record that is to stay is inactive",
                mend: "REACTIVATE it first, or merge the other way round", aside: "\(standing.mrn)")
        }
    }

    func unmergePatients(_ command: Command, in state: any ClinicState, into ruling: inout Ruling) throws {
        guard let pair = try pair(command, in: state, into: &ruling) else { return }
        let record = pair.record
        let before = ruling.findings.count
        checkNames(command, are: [record, pair.other, pair.standing], into: &ruling)
        if record.state != .merged || record.mergedInto != pair.other.mrn {
            let isAhead = record.state != .merged
            ruling.refuse(
                .PatientRules.notMerged, [.mrn, .intoMRN], "the record is not merged into the one named",
                mend: "check both numbers",
                aside: record.mergedInto.map { "\(record.mrn) was merged into \($0)" }
                    ?? "\(record.mrn) is \(record.state.rawValue)",
                waitingFor: isAhead ? [.patient(record.mrn)] : [])
        }
        guard ruling.findings.count == before else { return }
        let own = try state.recordsMerged(into: record.mrn)
        let others = try state.records(of: record.mrn).filter { !own.contains($0) }
        let reopened = try suspicions(between: own, and: others, in: state).filter { $0.state == .merged }
            .map { $0.becoming($0.stateBefore ?? .open) }
        let above = try records(from: pair.other, in: state)
        let parting = Parting(
            of: record, from: above,
            staying: try above.map { try state.fetch(Patient.self, where: .mergedInto($0.mrn)) })
        try warn(of: parting, in: state, into: &ruling)
        let words = [
            command.text(.reason),
            parting.united.isEmpty
                ? nil
                : "both keep what either was told of: " + parting.united.map(\.description).joined(separator: ", "),
        ].compactMap(\.self)
        ruling.record(
            Event(
                "patient.unmerged", .patient(record.mrn), patient: record.mrn, at: command.effectiveAt,
                writes: [parting.parted] + parting.above + reopened,
                note: words.isEmpty ? nil : words.joined(separator: "; ")))
        for (old, new) in zip(above, parting.above) {
            try closeForeignAccount(of: old, whoIs: new, command, in: state, into: &ruling)
        }
    }

    /// Somebody has looked: the two records are two people.
    func tellApart(_ command: Command, in state: any ClinicState, into ruling: inout Ruling) throws {
        guard let pair = try pair(command, in: state, into: &ruling) else { return }
        let before = ruling.findings.count
        let root = try survivor(of: pair.record.mrn, in: state) ?? pair.record
        checkNames(command, are: [pair.record, pair.other, pair.standing], into: &ruling)
        if root.mrn == pair.standing.mrn {
            ruling.refuse(
                .PatientRules.sameRecord, [.mrn, .intoMRN], "both numbers lead to the same record",
                mend: "UNMERGE them first, if they are two people", aside: "\(root.mrn)")
        }
        guard ruling.findings.count == before else { return }
        let known = try suspicions(
            between: state.records(of: root.mrn), and: state.records(of: pair.standing.mrn), in: state)
        let named = PossibleDuplicate(
            pair.record.mrn, pair.other.mrn, comparisons: Resemblance.comparisons(of: pair.record, pair.other))
        let fresh = known.contains { $0.id == named.id } ? [] : [named]
        let settled = (known.filter { $0.state == .open } + fresh).map { $0.becoming(.distinct) }
        ruling.record(
            Event(
                "patient.told-apart", .patient(pair.record.mrn), patient: root.mrn, at: command.effectiveAt,
                writes: settled.isEmpty ? known : settled, note: command.text(.reason)))
    }

    /// What the review list holds of two people's records.
    private func suspicions(between one: [MRN], and other: [MRN], in state: any ClinicState) throws
        -> [PossibleDuplicate]
    {
        try one.flatMap { number in
            try state.fetch(PossibleDuplicate.self, where: .patient(number)).filter {
                other.contains($0.first == number ? $0.second : $0.first)
            }
        }
    }

    /// The records that an entry names, as they stand, and the one that the second leads to.
    private struct Pair {
        let record: Patient
        let other: Patient
        let standing: Patient
    }

    private func pair(_ command: Command, in state: any ClinicState, into ruling: inout Ruling) throws -> Pair? {
        let record = try record(
            .mrn, .identifiers, registration: command.text(.registration), of: command, in: state, into: &ruling)
        let other = try self.record(
            .intoMRN, .intoIdentifiers, registration: nil, of: command, in: state, into: &ruling)
        guard let record, let other, let standing = try survivor(of: other.mrn, in: state) else { return nil }
        return Pair(record: record, other: other, standing: standing)
    }

    /// The record of a number itself, not the one that it was merged into.
    private func record(
        _ field: Field, _ identifiersField: Field, registration: String?, of command: Command,
        in state: any ClinicState, into ruling: inout Ruling
    ) throws -> Patient? {
        if let mrn: MRN = command.id(field) {
            guard let record = try state.fetch(Patient.self, id: mrn.rawValue) else {
                return try findPatient(mrn, in: field, in: state, into: &ruling)
            }
            return record
        }
        let keys: [Key]
        let named: Field
        var owners: [MRN]
        if let registration {
            (keys, named) = ([.registration(registration)], .registration)
            owners = try registrations(registration, in: state).compactMap(\.mrn)
        } else if let identifiers = command.list(identifiersField), !identifiers.isEmpty {
            (keys, named) = (identifiers.map { .identifier($0) }, identifiersField)
            owners = try state.owners(of: identifiers).map(\.mrn)
        } else {
            return nil
        }
        owners = Set(owners).sorted()
        if owners.isEmpty {
            ruling.refuse(
                .PatientRules.unknown, [named], "nobody is registered under the number",
                mend: "register the patient, or give the MRN", waitingFor: keys)
        } else if owners.count > 1 {
            ruling.refuse(
                .PatientRules.ambiguous, [named], "the numbers belong to several records", mend: "give the MRN",
                aside: owners.map(\.rawValue).joined(separator: ", "))
        }
        return owners.count == 1 ? try state.fetch(Patient.self, id: owners[0].rawValue) : nil
    }

    /// A name or birth date on a merge is that of one of the records.
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
            aside: patients.prefix(2).map { "\($0.mrn) \($0.fullName), born \($0.birthDate)" }.joined(separator: "; "))
    }
}

extension ClinicState {
    /// A record and those merged into it, through any merges.
    package func recordsMerged(into mrn: MRN) throws -> [MRN] {
        var found = [mrn]
        var index = 0
        while index < found.count {
            let merged = try fetch(Patient.self, where: .mergedInto(found[index])).map(\.mrn)
            found += merged.filter { !found.contains($0) }
            index += 1
        }
        return found
    }
}

extension PossibleDuplicate {
    /// The pair as somebody, or a merge, has settled it; what it was before is kept for an un-merge.
    fileprivate func becoming(_ target: State) -> PossibleDuplicate {
        var changed = self
        changed.stateBefore = target == .merged ? state : nil
        changed.state = target
        return changed
    }
}
