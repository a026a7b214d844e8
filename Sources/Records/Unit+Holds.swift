package import Clinic
import GRDB

/// Holds: entries that wait, and the wakes that end their waiting.
extension Unit {
    /// Lets an entry wait; the answer is its number among the holds.
    @discardableResult
    package func hold(_ held: HeldEntry) throws -> Int64 {
        mayHaveHolds = true
        try database.run(
            """
            INSERT INTO hold (drop_number, entry, source, commands, reference_list, key_list, subject_list, \
            effective_at, held_at, expires_at, findings) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                .integer(held.drop), .of(held.entry), .of(held.source), .blob(held.commands),
                .text(try CanonicalJSON.text(of: held.references)), .text(try CanonicalJSON.text(of: held.keys)),
                .text(try CanonicalJSON.text(of: held.subjects)), .of(held.effectiveAt), .of(held.heldAt),
                .of(held.expiresAt), .blob(held.findings),
            ])
        let id = database.lastInsertedRowID
        try writeKeys(held.keys, of: id)
        for subject in held.subjects {
            try database.run(
                "INSERT OR IGNORE INTO hold_subject (source, subject, effective_at, hold) VALUES (?, ?, ?, ?)",
                [.of(held.source), .of(subject), .of(held.effectiveAt), .integer(id)])
        }
        for reference in held.references {
            try database.run(
                "INSERT OR IGNORE INTO hold_reference (source, form, reference, hold) VALUES (?, ?, ?, ?)",
                [.of(held.source), .of(reference.form), .text(reference.reference), .integer(id)])
        }
        return id
    }

    /// Lets an entry go on waiting, for something else.
    package func updateHold(_ id: Int64, keys: [Key], findings: [UInt8]) throws {
        try database.run(
            "UPDATE hold SET key_list = ?, findings = ? WHERE id = ?",
            [.text(try CanonicalJSON.text(of: keys)), .blob(findings), .integer(id)])
        try database.run("DELETE FROM hold_key WHERE hold = ?", [.integer(id)])
        try writeKeys(keys, of: id)
    }

    /// Ends a hold: the entry got another outcome.
    package func removeHold(_ id: Int64) throws {
        try database.run("DELETE FROM hold WHERE id = ?", [.integer(id)])
    }

    private func writeKeys(_ keys: [Key], of id: Int64) throws {
        for key in keys {
            try database.run("INSERT OR IGNORE INTO hold_key (key, hold) VALUES (?, ?)", [.of(key), .integer(id)])
        }
    }

    /// Wakes what waits for any of the keys.
    package func wake(_ keys: [Key]) throws {
        if mayHaveHolds == nil {
            mayHaveHolds = try database.number("SELECT EXISTS (SELECT 1 FROM hold)") == 1
        }
        guard mayHaveHolds == true else { return }
        for key in keys {
            try database.run(
                """
                INSERT OR IGNORE INTO wake (effective_at, hold) SELECT hold.effective_at, hold.id \
                FROM hold_key JOIN hold ON hold.id = hold_key.hold WHERE hold_key.key = ?
                """, [.of(key)])
        }
    }

    /// The woken entry to be decided next, by effective time, then by arrival; it is no longer woken then.
    package func nextWoken() throws -> HeldEntry? {
        guard let row = try database.row("SELECT effective_at, hold FROM wake ORDER BY effective_at, hold LIMIT 1")
        else { return nil }
        let id: Int64 = row["hold"]
        try database.run(
            "DELETE FROM wake WHERE effective_at = ? AND hold = ?", [.text(row["effective_at"]), .integer(id)])
        guard let held = try heldEntry(id) else { throw RecordsFault.missing("hold \(id)") }
        return held
    }

    package func heldEntry(_ id: Int64) throws -> HeldEntry? {
        try database.row("SELECT * FROM hold WHERE id = ?", [.integer(id)]).map(HeldEntry.init(row:))
    }

    /// The hold under which a reference waits.
    package func heldEntry(source: SourceName, form: FormName, reference: String) throws -> HeldEntry? {
        try database.row(
            """
            SELECT hold.* FROM hold_reference JOIN hold ON hold.id = hold_reference.hold \
            WHERE hold_reference.source = ? AND hold_reference.form = ? AND hold_reference.reference = ? \
            ORDER BY hold.id LIMIT 1
            """,
            [.of(source), .of(form), .text(reference)]
        ).map(HeldEntry.init(row:))
    }

    /// The holds of a drop's entry: one, or none.
    package func heldEntry(drop: Int64, entry: Int) throws -> HeldEntry? {
        try database.row(
            "SELECT * FROM hold WHERE drop_number = ? AND entry = ? ORDER BY id LIMIT 1", [.integer(drop), .of(entry)]
        ).map(HeldEntry.init(row:))
    }

    /// The earliest held entry of the same source about the same subject, if one comes before.
    ///
    /// Of equal times the one held first comes first: give the id of an entry that is held itself, nil for a new one.
    package func earlierHold(source: SourceName, subject: Key, before effectiveAt: Instant, id: Int64? = nil) throws
        -> HeldEntry?
    {
        try database.row(
            """
            SELECT hold.* FROM hold_subject JOIN hold ON hold.id = hold_subject.hold \
            WHERE hold_subject.source = ? AND hold_subject.subject = ? \
            AND (hold_subject.effective_at, hold_subject.hold) < (?, ?) \
            ORDER BY hold_subject.effective_at, hold_subject.hold LIMIT 1
            """,
            [.of(source), .of(subject), .of(effectiveAt), .integer(id ?? .max)]
        ).map(HeldEntry.init(row:))
    }

    /// The holds whose time is up, in the order of their expiry.
    package func expiredHolds(at now: Instant) throws -> [HeldEntry] {
        try database.rows("SELECT * FROM hold WHERE expires_at <= ? ORDER BY expires_at, id", [.of(now)])
            .map(HeldEntry.init(row:))
    }

    /// All holds, or the first so many, by arrival.
    package func holds(limit: Int? = nil) throws -> [HeldEntry] {
        // A negative limit is none.
        try database.rows("SELECT * FROM hold ORDER BY id LIMIT ?", [.of(limit ?? -1)]).map(HeldEntry.init(row:))
    }

    package func holdCount() throws -> Int {
        Int(try database.number("SELECT count(*) FROM hold") ?? 0)
    }

    /// How many entries wait for each key, the most waited for first.
    package func holdCountsByKey(limit: Int) throws -> [(key: Key, count: Int)] {
        try database.rows(
            "SELECT key, count(*) AS count FROM hold_key GROUP BY key ORDER BY count DESC, key LIMIT ?", [.of(limit)]
        ).map { (Key($0["key"]), $0["count"]) }
    }
}

extension HeldEntry {
    init(row: Row) throws {
        self.init(
            drop: row["drop_number"], entry: row["entry"], source: SourceName(row["source"]),
            commands: row.requiredBytes("commands"), references: try JSONReading.value(fromText: row["reference_list"]),
            keys: try JSONReading.value(fromText: row["key_list"]),
            subjects: try JSONReading.value(fromText: row["subject_list"]),
            effectiveAt: try row.requiredInstant("effective_at"), heldAt: try row.requiredInstant("held_at"),
            expiresAt: try row.requiredInstant("expires_at"), findings: row.requiredBytes("findings"))
        id = row["id"]
    }
}
