/// Requests for a copy of the records, and their release; also for those no longer cared for.
extension Pathway {
    func decideRecords(_ command: Command, in state: any ClinicState, into ruling: inout Ruling) throws {
        switch command.action.rawValue {
        case "REQUEST": try requestRecords(command, in: state, into: &ruling)
        case "RELEASE": try releaseRecords(command, in: state, into: &ruling)
        default: refuseUnknownAction(of: command, into: &ruling)
        }
    }

    private func requestRecords(_ command: Command, in state: any ClinicState, into ruling: inout Ruling) throws {
        let before = ruling.findings.count
        guard let found = try findPatient(command, in: state, into: &ruling),
            let patient = try owner(found.mrn, comparedWith: command, in: state, into: &ruling)
        else { return }
        var request = RecordsRequest(
            source: command.source, reference: command.reference,
            mrn: try recordNamed(by: command, of: patient, in: state), state: .requested,
            requestedAt: command.effectiveAt)
        if try state.fetch(RecordsRequest.self, id: request.id) != nil {
            ruling.refuse(
                .Entry.referenceReused, [.reference], "this source has used the reference for another request",
                mend: "give the request a reference of its own")
        }
        guard ruling.findings.count == before else { return }
        request.scope = command.text(.scope)
        request.format = command.text(.format)
        ruling.record(
            Event(
                "records.requested", .patient(request.mrn), patient: request.mrn, at: command.effectiveAt,
                writes: [request], note: words(of: command)))
    }

    private func releaseRecords(_ command: Command, in state: any ClinicState, into ruling: inout Ruling) throws {
        let actor: StaffID? = command.id(.actor)
        if let actor, catalog.staff[actor]?.permissions.contains("RELEASE") != true {
            ruling.refuse(
                .PatientRules.releaserNotAuthorized, [.actor], "the person named may not release records",
                mend: "let somebody release them who has the permission RELEASE in the staff list",
                aside: "the entry says \(actor)")
        }
        guard let found = try findPatient(command, in: state, into: &ruling) else { return }
        let patient = try owner(found.mrn, comparedWith: command, in: state, into: &ruling)
        let open = try openRequest(for: command, of: found, in: state, into: &ruling)
        let format = command.text(.format) ?? open?.format ?? "PAPER"
        let recipient = try recipient(of: patient ?? found, by: format, in: state, into: &ruling)
        guard ruling.isClear, let actor, var request = open else { return }
        request.state = .released
        request.scope = command.text(.scope) ?? request.scope
        request.format = format
        request.releasedBy = actor
        request.releasedAt = command.effectiveAt
        request.releasedTo = recipient
        ruling.record(
            Event(
                "records.released", .patient(request.mrn), patient: request.mrn, at: command.effectiveAt,
                writes: [request], note: words(of: command)))
    }

    /// The oldest open request of a patient in all their records; of those, one for the same scope first.
    private func openRequest(
        for command: Command, of patient: Patient, in state: any ClinicState, into ruling: inout Ruling
    ) throws -> RecordsRequest? {
        let numbers = try state.records(of: patient.mrn)
        let open = try numbers.flatMap { try state.fetch(RecordsRequest.self, where: .patient($0)) }
            .filter { $0.state == .requested && $0.requestedAt <= command.effectiveAt }
            .sorted { ($0.requestedAt, RowID($0.id)) < ($1.requestedAt, RowID($1.id)) }
        let scope = command.text(.scope)
        if let request = open.first(where: { $0.scope == scope }) ?? open.first { return request }
        ruling.refuse(
            .PatientRules.recordsNotRequested, [.action], "nobody has asked for the records, or they are released",
            mend: "drop the REQUEST first", aside: "\(patient.mrn)", waitingFor: numbers.map { .patient($0) })
        return nil
    }

    /// To whom records go: the patient alone, by a way on which nobody else receives them.
    private func recipient(
        of patient: Patient, by format: String, in state: any ClinicState, into ruling: inout Ruling
    ) throws -> String? {
        switch format {
        case "PORTAL":
            let accounts = try state.records(of: patient.mrn).compactMap {
                try state.fetch(PatientAccount.self, id: $0.rawValue)
            }
            if let account = accounts.first(where: { $0.state == .active }) { return account.email }
            ruling.refuse(
                .PatientRules.recordsUnreachable, [.format], "the patient has no open account in the portal",
                mend: "release them on paper, or once the account is confirmed", aside: "\(patient.mrn)",
                waitingFor: patient.state == .active ? [.patient(patient.mrn)] : [])
        case "PDF":
            if patient.state != .deceased, let email = patient.email { return email }
            ruling.refuse(
                .PatientRules.recordsUnreachable, [.format], "there is no e-mail at which the patient alone is reached",
                mend: "release them on paper, or UPDATE the patient's e-mail first", aside: "\(patient.mrn)",
                waitingFor: patient.state == .deceased ? [] : [.patient(patient.mrn)])
        default:
            // By hand: to the patient, or to whoever shows at the desk that they may act for them.
            return patient.fullName
        }
        return nil
    }

    private func words(of command: Command) -> String? {
        let words = [Field.scope, .format, .actor].compactMap { field in
            command.text(field).map { "\(field): \($0)" }
        }
        return words.isEmpty ? nil : words.joined(separator: "; ")
    }
}
