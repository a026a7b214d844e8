import Clinic
import Drops
import Forms
import Records

extension Desk {
    /// What falls due by time: bills of ended cases.
    func carryOutDue() throws {
        let state = RecordingState(unit: unit, pathway: pathway, now: now)
        let due = try pathway.due(at: now, drainEnds: true, in: state)
        _ = try pathway.carryOut(due, now: now, in: state)
    }

    /// The schema refused an entry that the rules had accepted: it is rejected, loudly, and nothing else suffers.
    func rejectAsRefused(_ entry: PreparedEntry, of drop: DropRecord, by refusal: SchemaRefusal) throws {
        try reject(entry, of: drop, for: [Desk.refusal(refusal.message).reported(at: entry.read.place)])
    }

    /// Rejects an entry for reasons that are known already.
    func reject(_ entry: PreparedEntry, of drop: DropRecord, for findings: [ReportedFinding]) throws {
        unit.context = DecisionContext(
            now: now, configuration: configuration, drop: drop.number, entry: entry.read.number)
        var record = EntryRecord(
            drop: drop.number, number: entry.read.number, line: entry.read.place.line,
            byteOffset: entry.read.place.byteOffset, forms: entry.forms, outcome: .rejected,
            messageControlID: entry.read.message?.controlID)
        try settle(.rejected(findings), of: entry.content, into: &record, raw: entry.read.blanked)
        try unit.insert(record)
    }
}
