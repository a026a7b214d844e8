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
        var slip = Registration(
            source: command.source, reference: command.reference, mrn: nil, registeredAt: command.effectiveAt)
        guard try state.fetch(Registration.self, id: slip.id) == nil else {
            return refuseReference(into: &ruling)
        }
        slip.email = command.text(.email)
        slip.phone = command.text(.phone)
        // The kiosk's drop may have been read first.
        let filled = try state.fetch(Registration.self, where: .reference(command.reference)).compactMap(\.mrn)
            .compactMap { try state.fetch(Patient.self, id: $0.rawValue) }.first { slip.wasHanded(to: $0) }
        slip.mrn = filled?.mrn
        ruling.record(
            Event(
                "registration.initiated", .registration(slip.id), patient: slip.mrn, at: command.effectiveAt,
                writes: [slip]))
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
        checkSelfEntered(command, bornOn: birthDate, into: &ruling)
        guard ruling.findings.count == before else { return }
        var patient = Patient(
            mrn: MRN(sequence: try state.next(.mrn)), givenName: givenName, familyName: familyName,
            birthDate: birthDate, sex: .unknown, registeredAt: command.instant(.registeredAt) ?? command.effectiveAt)
        patient.take(command)
        patient.email = patient.email ?? slip?.email
        patient.phone = patient.phone ?? slip?.phone
        var registration = Registration(
            source: command.source, reference: command.reference, mrn: patient.mrn, registeredAt: patient.registeredAt)
        registration.email = slip?.email
        registration.phone = slip?.phone
        let slips = try handedOut(command.reference, to: patient, besides: registration, in: state)
        let alike = try resemblances(of: patient, in: state, into: &ruling)
        ruling.record(
            Event(
                "patient.registered", .patient(patient.mrn), patient: patient.mrn, at: command.effectiveAt,
                writes: [patient, registration] + slips + alike))
        try openAccount(for: patient, command, in: state, into: &ruling)
    }

    /// Slips of this number that another source, the front desk, handed to this patient.
    private func handedOut(
        _ reference: String, to patient: Patient, besides own: Registration, in state: any ClinicState
    ) throws -> [Registration] {
        try state.fetch(Registration.self, where: .reference(reference))
            .filter { $0.mrn == nil && $0.id != own.id && $0.wasHanded(to: patient) }
            .map { slip in
                var slip = slip
                slip.mrn = patient.mrn
                return slip
            }
    }

    /// Patients enter their own data, and guardians those of whom they are named for.
    private func checkSelfEntered(_ command: Command, bornOn birthDate: CalendarDate, into ruling: inout Ruling) {
        let isMinor = birthDate.wholeYears(until: zone.date(of: command.effectiveAt)) < policy.ageOfMajority
        let isGuardian = command.text(.enteredBy) == "GUARDIAN" && !isMinor && command.text(.guardianName) == nil
        guard command.text(.enteredBy) == "STAFF" || isGuardian else { return }
        ruling.warn(
            .PatientRules.notSelfEntered, [.enteredBy],
            isGuardian
                ? "a guardian entered the data of an adult for whom no guardian is named"
                : "a member of staff entered the patient's data",
            mend: "let the patient enter them, at the kiosk or in the portal")
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

extension Registration {
    /// The contact given with the slip is the patient's: two sources may use one number for two people.
    fileprivate func wasHanded(to patient: Patient) -> Bool {
        if let email, let its = patient.email, Spelling.isSame(email, its) { return true }
        guard let phone, let its = patient.phone else { return false }
        return phone.utf8.filter { $0 >= 0x30 && $0 <= 0x39 }.elementsEqual(
            its.utf8.filter { $0 >= 0x30 && $0 <= 0x39 })
    }
}
