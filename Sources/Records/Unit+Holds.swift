package import Clinic
import GRDB

/// Holds: entries that wait, and the wakes that end their waiting.
extension Unit {
    /// Lets an entry wait; the answer is its number among the holds.
    @discardableResult
    package func hold(_ held: HeldEntry) throws -> Int64 {
        mayHaveHolds = true
        wakes.begins(waitingFor: held.keys)
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
            HoldQuery.update,
            [.text(try CanonicalJSON.text(of: keys)), .blob(findings), .integer(id)])
        try database.run(HoldQuery.dropKeys, [.integer(id)])
        try writeKeys(keys, of: id)
        if wakes.inHand?.id == id { wakes.inHand = nil }
        wakes.begins(waitingFor: keys)
    }

    /// Ends a hold: the entry got another outcome.
    package func removeHold(_ id: Int64) throws {
        try database.run(HoldQuery.remove, [.integer(id)])
        if wakes.inHand?.id == id { wakes.inHand = nil }
    }

    private func writeKeys(_ keys: [Key], of id: Int64) throws {
        for key in keys {
            try database.run("INSERT OR IGNORE INTO hold_key (key, hold) VALUES (?, ?)", [.of(key), .integer(id)])
        }
    }

    /// Wakes what waits for any of the keys.
    package func wake(_ keys: [Key]) throws {
        if mayHaveHolds == nil {
            mayHaveHolds = try database.number(HoldQuery.any) == 1
        }
        guard mayHaveHolds == true else { return }
        for key in keys {
            if wakes.allAwake.contains(key) {
                guard let held = wakes.inHand, held.keys.contains(key) else { continue }
                try wake(held.id, effectiveAt: held.effectiveAt)
            } else {
                try database.run(HoldQuery.wakeByKey, [.of(key)])
                wakes.allAwake.insert(key)
            }
        }
    }

    /// Wakes one hold, as an operator asks.
    package func wake(_ held: HeldEntry) throws { try wake(held.id, effectiveAt: held.effectiveAt) }

    private func wake(_ id: Int64, effectiveAt: Instant) throws {
        try database.run(
            "INSERT OR IGNORE INTO wake (effective_at, hold) VALUES (?, ?)", [.of(effectiveAt), .integer(id)])
    }

    /// Whether a held entry is to be decided again.
    package func hasWoken() throws -> Bool { try database.row(HoldQuery.nextWoken) != nil }

    /// The woken entry to be decided next, by effective time, then by arrival; it is no longer woken then.
    package func nextWoken() throws -> HeldEntry? {
        if let last = wakes.inHand { wakes.begins(waitingFor: last.keys) }
        wakes.inHand = nil
        guard let row = try database.row(HoldQuery.nextWoken) else { return nil }
        let id: Int64 = row["hold"]
        try database.run(
            "DELETE FROM wake WHERE effective_at = ? AND hold = ?", [.text(row["effective_at"]), .integer(id)])
        guard let held = try heldEntry(id) else { throw RecordsFault.missing("hold \(id)") }
        wakes.inHand = held
        return held
    }

    package func heldEntry(_ id: Int64) throws -> HeldEntry? {
        try database.row(HoldQuery.byID, [.integer(id)]).map(HeldEntry.init(row:))
    }

    /// The hold under which a reference waits.
    package func heldEntry(source: SourceName, form: FormName, reference: String) throws -> HeldEntry? {
        try database.row(HoldQuery.byReference, [.of(source), .of(form), .text(reference)])
            .map(HeldEntry.init(row:))
    }

    /// The holds of a drop's entry: one, or none.
    package func heldEntry(drop: Int64, entry: Int) throws -> HeldEntry? {
        try database.row(HoldQuery.byEntry, [.integer(drop), .of(entry)]).map(HeldEntry.init(row:))
    }

    /// The earliest held entry of the same source about the same subject, if one comes before.
    ///
    /// Of equal times the one held first comes first: give the id of an entry that is held itself, nil for a new one.
    package func earlierHold(source: SourceName, subject: Key, before effectiveAt: Instant, id: Int64? = nil) throws
        -> HeldEntry?
    {
        try database.row(
            HoldQuery.earlierBySubject, [.of(source), .of(subject), .of(effectiveAt), .integer(id ?? .max)]
        ).map(HeldEntry.init(row:))
    }

    /// The holds whose time is up, or the first so many, in the order of their expiry.
    package func expiredHolds(at now: Instant, limit: Int? = nil) throws -> [HeldEntry] {
        // A negative limit is none.
        try database.rows(HoldQuery.expired, [.of(now), .of(limit ?? -1)]).map(HeldEntry.init(row:))
    }

    /// All holds, or the first so many, by arrival.
    package func holds(limit: Int? = nil) throws -> [HeldEntry] {
        try database.rows(HoldQuery.all, [.of(limit ?? -1)]).map(HeldEntry.init(row:))
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

/// What is known of the wakes of the open transaction, so that an event need not look again at what is awake already:
/// ten thousand entries that wait for one key and apply one after another would otherwise be woken fifty million times.
struct WakeMemory {
    /// Keys of which every hold is awake, but the one in hand.
    var allAwake: Set<Key> = []
    /// The hold that was woken last and is being decided.
    var inHand: HeldEntry?

    /// Something waits for the keys that is not awake.
    mutating func begins(waitingFor keys: [Key]) { allAwake.subtract(keys) }
}
