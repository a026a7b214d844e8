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
        let words = [Field.scope, .format, .actor].compactMap { field in
            command.text(field).map { "\(field): \($0)" }
        }
        ruling.record(
            Event(
                kind, .patient(patient.mrn), patient: patient.mrn, at: command.effectiveAt, writes: [],
                note: words.isEmpty ? nil : words.joined(separator: "; ")))
    }
}
