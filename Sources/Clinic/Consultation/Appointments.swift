/// The appointments of consultations: booked, moved, cancelled, missed.
extension Pathway {
    func decideConsultation(_ command: Command, in state: any ClinicState, into ruling: inout Ruling) throws {
        switch command.action.rawValue {
        case "SCHEDULE": try schedule(command, in: state, into: &ruling)
        case "RESCHEDULE": try reschedule(command, in: state, into: &ruling)
        case "COMPLETE": try completeConsultation(command, in: state, into: &ruling)
        case "AMEND": try amendConsultation(command, in: state, into: &ruling)
        case "CANCEL": try end(.cancelled, "consultation.cancelled", command, in: state, into: &ruling)
        case "NO_SHOW": try end(.noShow, "consultation.no-show", command, in: state, into: &ruling)
        default: refuseUnknownAction(of: command, into: &ruling)
        }
    }

    private static let usualMinutes = 30

    private func schedule(_ command: Command, in state: any ClinicState, into ruling: inout Ruling) throws {
        let before = ruling.findings.count
        let patient = try identifyPatient(command, in: state, into: &ruling)
        let id: ConsultationID? = command.id(.consultation)
        if let id, try state.fetch(Consultation.self, id: id.rawValue) != nil {
            ruling.refuse(
                .ConsultationRules.exists, [.consultation], "a consultation with this number is there already",
                mend: "RESCHEDULE it, or give the new one a number of its own", aside: "\(id)")
        }
        let surgeon = namedSurgeon(of: command, into: &ruling)
        let minutes = command.integer(.minutes) ?? Pathway.usualMinutes
        guard let start = command.instant(.startsAt) else { return }
        try checkTime(start, minutes, surgeon: surgeon, patient: patient?.mrn, own: id, in: state, into: &ruling)
        guard ruling.findings.count == before, let patient, let id, let surgeon else { return }
        var consultation = Consultation(
            consultation: id, mrn: try recordNamed(by: command, of: patient, in: state), surgeon: surgeon,
            state: .scheduled, startsAt: start, minutes: minutes, visit: command.text(.kind) ?? "FIRST")
        consultation.inPerson = command.flag(.inPerson)
        consultation.reason = command.text(.reason)
        ruling.record(consultationEvent("consultation.scheduled", consultation, command))
    }

    private func reschedule(_ command: Command, in state: any ClinicState, into ruling: inout Ruling) throws {
        let before = ruling.findings.count
        let found = try consultation(of: command, needing: .scheduled, in: state, into: &ruling)
        if let found, let patient = try survivor(of: found.mrn, in: state) {
            _ = isUsable(patient, named: .consultation, into: &ruling)
        }
        let surgeon = command.text(.surgeon) == nil ? found?.surgeon : namedSurgeon(of: command, into: &ruling)
        guard let start = command.instant(.startsAt) else { return }
        let minutes = command.integer(.minutes) ?? found?.minutes ?? Pathway.usualMinutes
        try checkTime(
            start, minutes, surgeon: surgeon, patient: found?.mrn, own: found?.consultation, in: state, into: &ruling)
        guard ruling.findings.count == before, var consultation = found, let surgeon else { return }
        consultation.startsAt = start
        consultation.minutes = minutes
        consultation.surgeon = surgeon
        consultation.visit = command.text(.kind) ?? consultation.visit
        consultation.inPerson = command.flag(.inPerson) ?? consultation.inPerson
        consultation.reason = command.text(.reason) ?? consultation.reason
        ruling.record(consultationEvent("consultation.rescheduled", consultation, command))
    }

    /// The time of an appointment as far as it is known whose it is.
    private func checkTime(
        _ start: Instant, _ minutes: Int, surgeon: StaffID?, patient: MRN?, own: ConsultationID?,
        in state: any ClinicState, into ruling: inout Ruling
    ) throws {
        let calendar = ConsultationCalendar(
            catalog: catalog, state: state, surgeon: surgeon ?? StaffID(""),
            patient: try patient.map { try state.records(of: $0) } ?? [], own: own)
        try checkAppointment(
            Interval(start: start, minutes: minutes), minutes: minutes, calendar,
            fields: [.startsAt, .surgeon, .minutes], into: &ruling)
    }

    private func end(
        _ target: Consultation.State, _ kind: String, _ command: Command, in state: any ClinicState,
        into ruling: inout Ruling
    ) throws {
        let before = ruling.findings.count
        guard var consultation = try consultation(of: command, needing: .scheduled, in: state, into: &ruling) else {
            return
        }
        if target == .noShow { checkHasBegun(consultation, command, into: &ruling) }
        guard ruling.findings.count == before else { return }
        consultation.state = target
        ruling.record(consultationEvent(kind, consultation, command))
    }

    func consultationEvent(_ kind: String, _ consultation: Consultation, _ command: Command) -> Event {
        Event(
            kind, .consultation(consultation.consultation), patient: consultation.mrn, at: command.effectiveAt,
            writes: [consultation], note: command.text(.reason))
    }

    /// The surgeon that an entry names, if there is such a surgeon.
    func namedSurgeon(of command: Command, into ruling: inout Ruling) -> StaffID? {
        guard let id: StaffID = command.id(.surgeon) else { return nil }
        guard catalog.staff[id]?.role == .surgeon else {
            ruling.refuse(
                .ConsultationRules.surgeonUnknown, [.surgeon], "no surgeon on the staff list has this id",
                mend: "correct the id, or add the surgeon to the staff list", aside: "the entry says \(id)")
            return nil
        }
        return id
    }
}
