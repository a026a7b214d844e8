/// Requests for a copy of the records, and their release; also for those no longer cared for.
extension Pathway {
    func decideRecords(_ command: Command, in state: any ClinicState, into ruling: inout Ruling) throws {
        let kind: String
        switch command.action.rawValue {
        case "REQUEST": kind = "records.requested"
        case "RELEASE": kind = "records.released"
        default: return refuseUnknownAction(of: command, into: &ruling)
        }
        guard let patient = try findPatient(command, in: state, into: &ruling) else { return }
        let before = ruling.findings.count
        try checkPatient(command, is: patient, in: state, into: &ruling)
        guard ruling.findings.count == before else { return }
        let kept = try recordsRequest(command, of: patient, in: state)
        let words = [Field.scope, .format, .actor].compactMap { field in
            command.text(field).map { "\(field): \($0)" }
        }
        ruling.record(
            Event(
                kind, .patient(patient.mrn), patient: patient.mrn, at: command.effectiveAt, writes: [kept],
                note: words.isEmpty ? nil : words.joined(separator: "; ")))
    }

    /// The request that an entry makes or answers: the patient's oldest open one, or one of its own.
    private func recordsRequest(
        _ command: Command, of patient: Patient, in state: any ClinicState
    ) throws -> RecordsRequest {
        let open = try state.fetch(RecordsRequest.self, where: .patient(patient.mrn))
            .filter { $0.state == .requested }.min { ($0.requestedAt, $0.id) < ($1.requestedAt, $1.id) }
        let isRelease = command.action == Action("RELEASE")
        var request = RecordsRequest(
            source: command.source, reference: command.reference, mrn: patient.mrn, state: .requested,
            requestedAt: command.effectiveAt)
        if isRelease, let open { request = open }
        request.scope = command.text(.scope) ?? request.scope
        request.format = command.text(.format) ?? request.format
        if isRelease {
            request.state = .released
            request.releasedBy = command.id(.actor)
            request.releasedAt = command.effectiveAt
        }
        return request
    }
}
