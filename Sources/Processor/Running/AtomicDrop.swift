import Clinic
import Drops
import Forms
import Records

/// Decides a drop that is applied whole or not at all, in one transaction.
struct AtomicDrop {
    let engine: Engine
    let preparation: EntryPreparation

    /// Tries all entries; where one is refused or would wait, all are rejected, each with its own reason.
    ///
    /// What they wake is decided when all of them stay.
    func decide(_ drop: DropRecord, reopen: () throws -> any DropReading) throws {
        guard drop.entriesDecided == 0 else { return }
        let released = try engine.database.write { unit in
            var refused: [Int: Desk.Verdict] = [:]
            let desk = engine.desk(in: unit)
            let isWhole = try unit.attempt { () -> (keep: Bool, value: Bool) in
                var reader = try reopen()
                while let entry = try reader.next() {
                    let verdict = try desk.decide(preparation.prepare(entry), of: drop)
                    switch verdict {
                    case .held, .rejected: refused[entry.number] = verdict
                    default: break
                    }
                }
                return (refused.isEmpty, refused.isEmpty)
            }
            if isWhole {
                try engine.dropDocuments.queueFollowUps(desk.released, except: drop.number, in: unit)
                return desk.released
            }
            let second = engine.desk(in: unit)
            var reader = try reopen()
            while let entry = try reader.next() {
                let prepared = try preparation.prepare(entry)
                try second.reject(prepared, of: drop, for: findings(refused[entry.number], of: entry))
            }
            return []
        }
        engine.note(released: released)
        try engine.waking.untilQuiet()
    }

    private func findings(_ verdict: Desk.Verdict?, of entry: ReadEntry) -> [ReportedFinding] {
        switch verdict {
        case .rejected(let findings): return findings
        case .held(let findings): return findings.map(\.reported)
        default:
            let finding = Finding(
                .Drop.atomic, [], "another entry of the file was refused, and the file is applied whole or not at all",
                mend: "mend the entries that have reasons of their own, and drop the whole file again")
            return [finding.reported(at: entry.place)]
        }
    }
}
