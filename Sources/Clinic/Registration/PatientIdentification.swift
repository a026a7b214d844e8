/// Which patient an entry means: by our number, by the form that registered them, or by another system's identifier.
extension Pathway {
    /// The patient that an entry names, with name and birth date compared; nil, with findings, when there is none.
    ///
    /// Nil without a finding means that the entry names nobody: a missing field, which the forms have reported.
    func identifyPatient(_ command: Command, in state: any ClinicState, into ruling: inout Ruling) throws -> Patient? {
        guard let patient = try findPatient(command, in: state, into: &ruling) else { return nil }
        guard isUsable(patient, named: patientField(of: command), into: &ruling) else { return nil }
        return try owner(patient.mrn, comparedWith: command, in: state, into: &ruling)
    }

    /// The patient that an entry names, whatever their state, and nothing compared.
    func findPatient(_ command: Command, in state: any ClinicState, into ruling: inout Ruling) throws -> Patient? {
        if let mrn: MRN = command.id(.mrn) {
            return try findPatient(mrn, in: .mrn, in: state, into: &ruling)
        }
        if let reference = command.text(.registration) {
            return try findPatient(registeredAs: reference, in: state, into: &ruling)
        }
        let present = command.list(.identifiers) ?? []
        if let former = command.list(.formerIdentifiers), !former.isEmpty {
            // Told again, the change is done: then the new number finds the patient.
            let isKnown = try former.contains { try !state.fetch(Patient.self, where: .identifier($0)).isEmpty }
            return try findPatient(knownAs: isKnown ? former : former + present, in: state, into: &ruling)
        }
        return present.isEmpty ? nil : try findPatient(knownAs: present, in: state, into: &ruling)
    }

    /// The record that an MRN in a field leads to.
    func findPatient(_ mrn: MRN, in field: Field, in state: any ClinicState, into ruling: inout Ruling) throws
        -> Patient?
    {
        guard mrn.isWellFormed else {
            ruling.refuse(
                .PatientRules.badCheckDigit, [field], "the check digit of the MRN is wrong",
                mend: "read the number again from the patient's papers", aside: "the entry says \(mrn)")
            return nil
        }
        guard try state.fetch(Patient.self, id: mrn.rawValue) != nil else {
            ruling.refuse(
                .PatientRules.unknown, [field], "no patient has this MRN",
                mend: "register the patient, or correct the MRN", aside: "the entry says \(mrn)",
                waitingFor: [.patient(mrn)])
            return nil
        }
        guard let patient = try survivor(of: mrn, in: state), patient.state != .merged else {
            ruling.refuse(
                .PatientRules.merged, [field], "the record was merged, and the surviving one cannot be found",
                mend: "name the surviving record", aside: "the entry says \(mrn)")
            return nil
        }
        return patient
    }

    private func findPatient(registeredAs reference: String, in state: any ClinicState, into ruling: inout Ruling)
        throws -> Patient?
    {
        let found = try survivors(of: registrations(reference, in: state).compactMap(\.mrn), in: state)
        if found.isEmpty {
            ruling.refuse(
                .PatientRules.unknown, [.registration], "nobody has been registered by this form",
                mend: "drop the registration, or correct the reference", aside: "the entry says \(reference)",
                waitingFor: [.registration(reference)])
        } else if found.count > 1 {
            ruling.refuse(
                .PatientRules.ambiguous, [.registration], "several sources registered somebody under this reference",
                mend: "write the reference as source/reference, or give the MRN",
                aside: "the entry says \(reference): " + found.map(\.mrn.rawValue).joined(separator: ", "))
        }
        return found.count == 1 ? found[0] : nil
    }

    private func findPatient(knownAs identifiers: [String], in state: any ClinicState, into ruling: inout Ruling)
        throws -> Patient?
    {
        let owners = try identifiers.flatMap { try state.fetch(Patient.self, where: .identifier($0)) }
        let found = try survivors(of: owners.map(\.mrn), in: state)
        if found.isEmpty {
            ruling.refuse(
                .PatientRules.unknown, [.identifiers], "no patient is known by these identifiers",
                mend: "register the patient, or give the MRN", aside: identifiers.joined(separator: ", "),
                waitingFor: identifiers.map { .identifier($0) })
        } else if found.count > 1 {
            ruling.refuse(
                .PatientRules.ambiguous, [.identifiers], "the identifiers belong to several patients",
                mend: "give the MRN, or merge the records if they are one person",
                aside: found.map(\.mrn.rawValue).joined(separator: ", "))
        }
        return found.count == 1 ? found[0] : nil
    }

    /// The records that numbers lead to through any merges, each once.
    private func survivors(of numbers: [MRN], in state: any ClinicState) throws -> [Patient] {
        var found: [Patient] = []
        for mrn in numbers {
            guard let patient = try survivor(of: mrn, in: state) else { continue }
            if !found.contains(where: { $0.mrn == patient.mrn }) { found.append(patient) }
        }
        return found
    }

    /// The number under which a new row is kept: that of the record the entry itself names.
    ///
    /// While a record is merged its number leads to the survivor, and what comes under it stays its own: should the
    /// merge be undone, it goes with the record again.
    func recordNamed(by command: Command, of patient: Patient, in state: any ClinicState) throws -> MRN {
        if let mrn: MRN = command.id(.mrn) { return mrn }
        if let reference = command.text(.registration) {
            return try registrations(reference, in: state).lazy.compactMap(\.mrn).first ?? patient.mrn
        }
        let numbers = (command.list(.formerIdentifiers) ?? []) + (command.list(.identifiers) ?? [])
        let owners = try state.owners(of: numbers)
        return owners.contains { $0.mrn == patient.mrn } ? patient.mrn : owners.first?.mrn ?? patient.mrn
    }

    /// The field by which an entry names its patient.
    func patientField(of command: Command) -> Field {
        if command.values[.mrn] != nil { return .mrn }
        return command.values[.registration] != nil ? .registration : .identifiers
    }

    /// Refuses a patient who is not cared for any more.
    func isUsable(_ patient: Patient, named field: Field, into ruling: inout Ruling) -> Bool {
        switch patient.state {
        case .active:
            return true
        case .merged:
            ruling.refuse(
                .PatientRules.merged, [field], "the record was merged into another",
                mend: "name the surviving record", aside: "\(patient.mrn)")
        case .inactive:
            ruling.refuse(
                .PatientRules.inactive, [field], "the patient's record is inactive",
                mend: "reactivate the patient first, if they have come back", aside: "\(patient.mrn)")
        case .deceased:
            ruling.refuse(
                .PatientRules.inactive, [field], "the patient is recorded as deceased",
                mend: "check which patient was meant", aside: "\(patient.mrn)")
        }
        return false
    }

    /// The patient to whom a record belongs, compared with what the entry says of its patient; nil with a finding when
    /// the entry means somebody else.
    func owner(_ mrn: MRN, comparedWith command: Command, in state: any ClinicState, into ruling: inout Ruling) throws
        -> Patient?
    {
        guard let patient = try survivor(of: mrn, in: state) else { return nil }
        let before = ruling.findings.count
        try checkPatient(command, is: patient, in: state, into: &ruling)
        let owners = try (command.list(.identifiers) ?? []).flatMap {
            try state.fetch(Patient.self, where: .identifier($0))
        }
        let others = try survivors(of: owners.map(\.mrn), in: state).filter { $0.mrn != patient.mrn }
        if let other = others.first {
            ruling.refuse(
                .Entry.wrongPatient, [.identifiers],
                "the identifiers belong to another patient than the one the record belongs to",
                mend: "check which patient was meant, and correct the number of the record or of the patient",
                aside: "the record belongs to \(patient.mrn), the identifiers to \(other.mrn)")
        }
        return ruling.findings.count == before ? patient : nil
    }
}
