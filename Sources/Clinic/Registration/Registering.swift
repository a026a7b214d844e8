/// Registration: a slip at the front desk, a form filled in by the patient, a patient with an MRN and an account.
extension Pathway {
    func decideRegistration(_ command: Command, in state: any ClinicState, into ruling: inout Ruling) throws {
        switch command.action.rawValue {
        case "REGISTER": try register(command, in: state, into: &ruling)
        case "INITIATE": try initiate(command, in: state, into: &ruling)
        case "VISIT": try visit(command, in: state, into: &ruling)
        default: refuseUnknownAction(of: command, into: &ruling)
        }
    }

    func refuseUnknownAction(of command: Command, into ruling: inout Ruling) {
        ruling.refuse(
            .Entry.unknownCode, [.action], "the form has no such action",
            mend: "use one of the actions that `suture forms \(command.form)` lists")
    }

    /// A visit message names a patient whether or not they are known yet: it registers, or it brings up to date.
    private func visit(_ command: Command, in state: any ClinicState, into ruling: inout Ruling) throws {
        var question = Ruling()
        guard try findPatient(command, in: state, into: &question) == nil else {
            return try updatePatient(command, in: state, into: &ruling)
        }
        // An MRN is ours: its patient is known or will be. Only somebody without one is new here.
        let isAmbiguous = question.findings.contains { $0.rule == .PatientRules.ambiguous }
        guard command.values[.mrn] == nil, !isAmbiguous else {
            for finding in question.findings { ruling.refuse(finding) }
            return
        }
        try register(command, in: state, into: &ruling)
    }

    /// The front desk hands out a slip; the patient fills in the rest.
    private func initiate(_ command: Command, in state: any ClinicState, into ruling: inout Ruling) throws {
        let slip = Registration(
            source: command.source, reference: command.reference, mrn: nil, registeredAt: command.effectiveAt)
        guard try state.fetch(Registration.self, id: slip.id) == nil else {
            return refuseReference(into: &ruling)
        }
        ruling.record(
            Event(
                "registration.initiated", .registration(slip.id), patient: nil, at: command.effectiveAt, writes: [slip])
        )
    }

    private func refuseReference(into ruling: inout Ruling) {
        ruling.refuse(
            .Entry.referenceReused, [.reference], "this source has used the reference for another registration",
            mend: "give the registration a reference of its own")
    }

    private func register(_ command: Command, in state: any ClinicState, into ruling: inout Ruling) throws {
        let before = ruling.findings.count
        let slip = try state.fetch(Registration.self, id: "\(command.source)/\(command.reference)")
        if slip?.mrn != nil { refuseReference(into: &ruling) }
        if command.values[.mrn] != nil { try checkNewcomer(command, in: state, into: &ruling) }
        if let birthDate = command.date(.birthDate) {
            checkAge(bornOn: birthDate, guardian: command.text(.guardianName), of: command, into: &ruling)
        }
        try checkUnique(command, for: nil, in: state, into: &ruling)
        guard let givenName = command.text(.givenName), let familyName = command.text(.familyName),
            let birthDate = command.date(.birthDate)
        else { return }
        if command.text(.enteredBy) == "STAFF" {
            ruling.warn(
                .PatientRules.notSelfEntered, [.enteredBy], "a member of staff entered the patient's data",
                mend: "let the patient enter them, at the kiosk or in the portal")
        }
        guard ruling.findings.count == before else { return }
        var patient = Patient(
            mrn: MRN(sequence: try state.next(.mrn)), givenName: givenName, familyName: familyName,
            birthDate: birthDate, sex: .unknown, registeredAt: command.instant(.registeredAt) ?? command.effectiveAt)
        patient.take(command)
        let registration = Registration(
            source: command.source, reference: command.reference, mrn: patient.mrn, registeredAt: patient.registeredAt)
        let alike = try resemblances(of: patient, in: state, into: &ruling)
        ruling.record(
            Event(
                "patient.registered", .patient(patient.mrn), patient: patient.mrn, at: command.effectiveAt,
                writes: [patient, registration] + alike))
        try openAccount(for: patient, command, in: state, into: &ruling)
    }

    /// A registration that already names an MRN is of somebody whom the clinic knows, or the number is not ours.
    private func checkNewcomer(_ command: Command, in state: any ClinicState, into ruling: inout Ruling) throws {
        guard let mrn: MRN = command.id(.mrn) else { return }
        if !mrn.isWellFormed {
            ruling.refuse(
                .PatientRules.badCheckDigit, [.mrn], "the check digit of the MRN is wrong",
                mend: "leave the MRN out: the clinic gives it", aside: "the entry says \(mrn)")
        } else if let known = try survivor(of: mrn, in: state) {
            ruling.refuse(
                .PatientRules.duplicate, [.mrn], "the MRN belongs to a patient who is registered",
                mend: "drop a patient UPDATE instead", aside: "registered as \(known.mrn)")
        } else {
            ruling.refuse(
                .PatientRules.unknown, [.mrn], "the MRN was not given by this clinic",
                mend: "leave the MRN out: the clinic gives it", aside: "the entry says \(mrn)")
        }
    }

    /// Plausible birth date, age and guardian on the day that the entry tells of.
    func checkAge(bornOn birthDate: CalendarDate, guardian: String?, of command: Command, into ruling: inout Ruling) {
        let day = zone.date(of: command.effectiveAt)
        let age = birthDate.wholeYears(until: day)
        if birthDate > day || age > 130 {
            ruling.refuse(
                .PatientRules.implausibleBirthDate, [.birthDate],
                birthDate > day ? "the birth date lies in the future" : "the birth date lies more than 130 years back",
                mend: "correct the birth date", aside: "born \(birthDate)")
        } else if age < policy.minimumAge {
            ruling.refuse(
                .PatientRules.underAge, [.birthDate], "the patient is younger than \(policy.minimumAge) years",
                mend: "correct the birth date; otherwise the clinic does not take this patient yet",
                aside: "born \(birthDate), \(age) years old on \(day)")
        } else if age < policy.ageOfMajority, guardian == nil {
            ruling.refuse(
                .PatientRules.minorWithoutGuardian, [.guardianName], "the patient is a minor, and no guardian is named",
                mend: "name the guardian", aside: "born \(birthDate), \(age) years old on \(day)")
        }
    }

    /// National id and identifiers of other systems belong to one person each.
    func checkUnique(_ command: Command, for patient: Patient?, in state: any ClinicState, into ruling: inout Ruling)
        throws
    {
        if let number = command.text(.nationalID) {
            try refuseOther(
                state.fetch(Patient.self, where: .nationalID(number)), than: patient, field: .nationalID, in: state,
                into: &ruling)
        }
        for identifier in command.list(.identifiers) ?? [] {
            try refuseOther(
                state.fetch(Patient.self, where: .identifier(identifier)), than: patient, field: .identifiers,
                in: state, into: &ruling)
        }
    }

    private func refuseOther(
        _ owners: [Patient], than patient: Patient?, field: Field, in state: any ClinicState, into ruling: inout Ruling
    ) throws {
        for owner in owners {
            let known = try survivor(of: owner.mrn, in: state) ?? owner
            guard known.mrn != patient?.mrn else { continue }
            ruling.refuse(
                .PatientRules.duplicate, [field], "another patient is registered with this number",
                mend: "use the MRN of that patient; or merge the two records, if they are one person",
                aside: "registered as \(known.mrn)")
            return
        }
    }
}
