package import Clinic
package import Drops
import GRDB

/// Drops: files with a number.
extension Unit {
    /// Gives the drops of one scan their numbers, in the order of their sources and of the bytes of their names.
    package func register(_ drops: [NewDrop], arrivedAt: Instant) throws -> [DropRecord] {
        let ordered = drops.sorted { one, other in
            one.source == other.source
                ? one.name.lexicographicallyPrecedes(other.name) : one.source < other.source
        }
        return try ordered.map { drop in
            let number = try next(Series("drop"))
            try database.run(
                """
                INSERT INTO drops (number, source, name, device, inode, size, modified_at, arrived_at, state, format) \
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'SETTLED', 'UNKNOWN')
                """,
                [
                    .integer(number), .of(drop.source), .blob(drop.name), .bits(of: drop.device),
                    .bits(of: drop.inode), .integer(drop.size), .integer(drop.modifiedAt), .of(arrivedAt),
                ])
            guard let record = try self.drop(number) else { throw RecordsFault.missing("drop \(number)") }
            return record
        }
    }

    package func drop(_ number: Int64) throws -> DropRecord? {
        try database.row("SELECT * FROM drops WHERE number = ?", [.integer(number)]).map(DropRecord.init(row:))
    }

    /// The drops in some states, by number.
    package func drops(in states: [DropState]) throws -> [DropRecord] {
        try states.flatMap { state in
            try database.rows("SELECT * FROM drops WHERE state = ? ORDER BY number", [.text(state.rawValue)])
                .map(DropRecord.init(row:))
        }.sorted { $0.number < $1.number }
    }

    /// The last drops, the newest first.
    package func latestDrops(_ limit: Int) throws -> [DropRecord] {
        try database.rows("SELECT * FROM drops ORDER BY number DESC LIMIT ?", [.of(limit)]).map(DropRecord.init(row:))
    }

    /// The drops of a name, the oldest first.
    package func drops(named name: [UInt8]) throws -> [DropRecord] {
        try database.rows("SELECT * FROM drops WHERE name = ? ORDER BY number", [.blob(name)])
            .map(DropRecord.init(row:))
    }

    /// Writes what the work has found out; the counts of entries are not written: entries alone change them.
    ///
    /// The answer is the drop as it stands now.
    @discardableResult
    package func update(_ drop: DropRecord) throws -> DropRecord {
        try database.run(
            """
            UPDATE drops SET state = ?, format = ?, form = ?, sha256 = ?, entries_counted = ?, byte_offset = ?, \
            attempts = ?, is_atomic = ?, configuration = ?, archive_path = ?, findings = ?, finished_at = ? \
            WHERE number = ?
            """,
            [
                .text(drop.state.rawValue), .text(drop.format.rawValue), .of(drop.form), .of(drop.sha256),
                .of(drop.entriesCounted), .of(drop.byteOffset), .of(drop.attempts), .of(drop.isAtomic),
                .of(drop.configuration), .of(drop.archivePath), .of(drop.findings), .of(drop.finishedAt),
                .integer(drop.number),
            ])
        guard let record = try self.drop(drop.number) else { throw RecordsFault.missing("drop \(drop.number)") }
        return record
    }

    /// How many drops are in each state that has any.
    package func dropCounts() throws -> [(state: DropState, count: Int)] {
        let rows = try database.rows("SELECT state, count(*) AS count FROM drops GROUP BY state")
        let counts = try rows.map { (state: try $0.choice("state", as: DropState.self), count: $0["count"] as Int) }
        return DropState.allCases.flatMap { state in counts.filter { $0.state == state } }
    }
}

extension DropRecord {
    init(row: Row) throws {
        self.init(
            number: row["number"], source: SourceName(row["source"]), name: row.requiredBytes("name"),
            device: UInt64(bitPattern: row["device"]), inode: UInt64(bitPattern: row["inode"]), size: row["size"],
            modifiedAt: row["modified_at"], arrivedAt: try row.requiredInstant("arrived_at"),
            state: try row.choice("state"), format: try row.choice("format"), form: row["form"], sha256: row["sha256"],
            entriesCounted: row["entries_counted"], byteOffset: row["byte_offset"], attempts: row["attempts"],
            isAtomic: row["is_atomic"], configuration: row["configuration"], archivePath: row["archive_path"],
            findings: row.bytes("findings"), finishedAt: try row.instant("finished_at"),
            entriesDecided: row["entries_decided"], applied: row["applied"], duplicate: row["duplicate"],
            held: row["held"], rejected: row["rejected"], warned: row["warned"])
    }
}
