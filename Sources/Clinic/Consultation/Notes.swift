/// The consultation itself: completed with a note, amended by new versions of it.
extension Pathway {
    func completeConsultation(_ command: Command, in state: any ClinicState, into ruling: inout Ruling) throws {
        let before = ruling.findings.count
        let found = try consultation(of: command, needing: .scheduled, in: state, into: &ruling)
        let surgeon = command.text(.surgeon) == nil ? found?.surgeon : namedSurgeon(of: command, into: &ruling)
        if let found { checkHasBegun(found, command, into: &ruling) }
        if command.flag(.historyReviewed) != true {
            ruling.warn(
                .ConsultationRules.historyNotReviewed, [.historyReviewed],
                "it is not recorded that the patient's history was reviewed",
                mend: "review the history and AMEND the note")
        }
        guard ruling.findings.count == before, var consultation = found, let surgeon else { return }
        consultation.state = .completed
        consultation.surgeon = surgeon
        consultation.completedAt = command.effectiveAt
        guard write(command, into: &consultation) else { return }
        ruling.record(consultationEvent("consultation.completed", consultation, command))
    }

    func amendConsultation(_ command: Command, in state: any ClinicState, into ruling: inout Ruling) throws {
        guard var consultation = try consultation(of: command, needing: .completed, in: state, into: &ruling),
            write(command, into: &consultation)
        else { return }
        ruling.record(consultationEvent("consultation.amended", consultation, command))
    }

    /// Adds a version of the note; what it leaves out stays as in the version before.
    private func write(_ command: Command, into consultation: inout Consultation) -> Bool {
        guard let text = command.text(.notes) else { return false }
        let last = consultation.notes.last
        var note = Consultation.Note(
            version: consultation.notes.count + 1, notes: text, writtenAt: command.effectiveAt)
        note.goals = command.text(.goals) ?? last?.goals
        note.findings = command.text(.findings) ?? last?.findings
        note.advice = command.text(.advice) ?? last?.advice
        note.actor = command.text(.actor)
        consultation.notes.append(note)
        consultation.visit = command.text(.kind) ?? consultation.visit
        consultation.inPerson = command.flag(.inPerson) ?? consultation.inPerson
        consultation.reason = command.text(.reason) ?? consultation.reason
        consultation.historyReviewed = command.flag(.historyReviewed) ?? consultation.historyReviewed
        consultation.examined = command.flag(.examined) ?? consultation.examined
        consultation.screening = command.text(.screening) ?? consultation.screening
        consultation.shareNotes = command.flag(.shareNotes) ?? consultation.shareNotes
        return true
    }

    func checkHasBegun(_ consultation: Consultation, _ command: Command, into ruling: inout Ruling) {
        guard command.effectiveAt < consultation.startsAt else { return }
        ruling.refuse(
            .ConsultationRules.notYet, [.occurredAt], "the consultation had not begun at that time",
            mend: "correct the time, or RESCHEDULE the consultation to when it took place",
            aside: "it was to begin \(zone.stamp(consultation.startsAt))")
    }

    /// The consultation that an entry names, or the patient's one open consultation, when it is in the state needed.
    func consultation(
        of command: Command, needing needed: Consultation.State, in state: any ClinicState, into ruling: inout Ruling
    ) throws -> Consultation? {
        guard let found = try namedConsultation(command, in: state, into: &ruling) else { return nil }
        let before = ruling.findings.count
        _ = try owner(found.mrn, comparedWith: command, in: state, into: &ruling)
        if found.state != needed {
            // Only a scheduled consultation has another state before it.
            let isAhead = found.state == .scheduled
            ruling.refuse(
                .ConsultationRules.wrongState, [.consultation],
                "the consultation is \(found.state.rawValue), and the action needs one that is \(needed.rawValue)",
                mend: isAhead ? "complete the consultation first" : found.state.mend,
                aside: "\(found.consultation)", waitingFor: isAhead ? [.consultation(found.consultation)] : [])
        }
        return ruling.findings.count == before ? found : nil
    }

    private func namedConsultation(_ command: Command, in state: any ClinicState, into ruling: inout Ruling) throws
        -> Consultation?
    {
        guard let id: ConsultationID = command.id(.consultation) else {
            return try onlyOpenConsultation(command, in: state, into: &ruling)
        }
        guard let found = try state.fetch(Consultation.self, id: id.rawValue) else {
            refuseUnknownConsultation(id, into: &ruling)
            return nil
        }
        return found
    }

    func refuseUnknownConsultation(_ id: ConsultationID, into ruling: inout Ruling) {
        ruling.refuse(
            .ConsultationRules.unknown, [.consultation], "no consultation has this number",
            mend: "SCHEDULE the consultation, or correct the number", aside: "the entry says \(id)",
            waitingFor: [.consultation(id)])
    }

    /// A note may come without the number of its consultation: then the patient has exactly one that is open.
    private func onlyOpenConsultation(_ command: Command, in state: any ClinicState, into ruling: inout Ruling) throws
        -> Consultation?
    {
        guard let patient = try identifyPatient(command, in: state, into: &ruling) else { return nil }
        let numbers = try state.records(of: patient.mrn)
        let open = try numbers.flatMap { try state.fetch(Consultation.self, where: .patient($0)) }
            .filter { $0.state == .scheduled }
        guard open.count != 1 else { return open[0] }
        ruling.refuse(
            .ConsultationRules.unknown, [.consultation],
            open.isEmpty ? "the patient has no open consultation" : "the patient has several open consultations",
            mend: "name the consultation", aside: "\(patient.mrn)",
            waitingFor: open.isEmpty ? numbers.map { .patient($0) } : [])
        return nil
    }
}

extension Consultation.State {
    /// What can be done about a consultation that is over.
    fileprivate var mend: String {
        self == .completed ? "AMEND its note, or schedule a new consultation" : "schedule a new consultation"
    }
}
