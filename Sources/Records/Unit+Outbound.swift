package import Clinic
import GRDB

/// The outbound queue, the theater lists that are due, and single values.
extension Unit {
    /// Queues a document; the answer is its number.
    @discardableResult
    package func queue(_ document: OutboundDocument) throws -> Int64 {
        try database.run(
            """
            INSERT INTO outbound (folder, name, kind, version, model, replaces, is_secret, ledger_sequence, state) \
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'QUEUED')
            """,
            [
                .text(document.folder), .text(document.name), .text(document.kind), .of(document.version),
                .blob(document.model), .of(document.replaces), .of(document.isSecret), .of(document.ledgerSequence),
            ])
        return database.lastInsertedRowID
    }

    /// Whether a document of this name was queued for the folder, delivered or not.
    package func isQueued(folder: String, name: String) throws -> Bool {
        try database.row("SELECT 1 FROM outbound WHERE folder = ? AND name = ?", [.text(folder), .text(name)]) != nil
    }

    /// What is not delivered yet, in the order of queueing; staged ones come with their hash.
    package func pendingDocuments(limit: Int) throws -> [OutboundDocument] {
        try database.rows(
            "SELECT * FROM outbound WHERE state <> 'DELIVERED' ORDER BY id LIMIT ?", [.of(limit)]
        ).map(OutboundDocument.init(row:))
    }

    package func document(_ id: Int64) throws -> OutboundDocument? {
        try database.row("SELECT * FROM outbound WHERE id = ?", [.integer(id)]).map(OutboundDocument.init(row:))
    }

    /// Marks documents as lying whole and synced in `var/outgoing/`.
    package func markStaged(_ staged: [(id: Int64, sha256: String)]) throws {
        for (id, sha256) in staged {
            try database.run(
                "UPDATE outbound SET state = 'STAGED', sha256 = ? WHERE id = ? AND state <> 'DELIVERED'",
                [.text(sha256), .integer(id)])
        }
    }

    /// Marks staged documents as delivered; the model of a secret one is blanked.
    package func markDelivered(_ ids: [Int64]) throws {
        for id in ids {
            try database.run(
                """
                UPDATE outbound SET state = 'DELIVERED', model = CASE WHEN is_secret = 1 THEN x'' ELSE model END \
                WHERE id = ?
                """, [.integer(id)])
        }
    }

    /// How many documents were delivered to each folder.
    package func deliveredCounts() throws -> [(folder: String, count: Int)] {
        try database.rows(
            "SELECT folder, count(*) AS count FROM outbound WHERE state = 'DELIVERED' GROUP BY folder ORDER BY folder"
        ).map { ($0["folder"], $0["count"]) }
    }

    package func pendingDocumentCount() throws -> Int {
        Int(try database.number("SELECT count(*) FROM outbound WHERE state <> 'DELIVERED'") ?? 0)
    }

    /// Notes that the list of a theater's day is to be made again.
    package func markListDue(theater: TheaterID, date: CalendarDate) throws {
        try database.run(
            "INSERT OR IGNORE INTO list_due (theater, date) VALUES (?, ?)", [.of(theater), .text(date.description)])
    }

    /// The lists that are due, by date and theater; they are no longer due then.
    package func takeListsDue() throws -> [(theater: TheaterID, date: CalendarDate)] {
        let rows = try database.rows("SELECT theater, date FROM list_due ORDER BY date, theater")
        try database.run("DELETE FROM list_due")
        return try rows.map { row in
            let text: String = row["date"]
            guard let date = CalendarDate(text) else {
                throw RecordsFault.unreadable(table: "list_due", id: text, reason: "not a date")
            }
            return (TheaterID(row["theater"]), date)
        }
    }

    /// The number of the list about to be made of a theater's day, from 1.
    package func nextListVersion(theater: TheaterID, date: CalendarDate) throws -> Int {
        let sql = """
            INSERT INTO list_version (theater, date, version) VALUES (?, ?, 1) \
            ON CONFLICT (theater, date) DO UPDATE SET version = version + 1 RETURNING version
            """
        return Int(try database.number(sql, [.of(theater), .text(date.description)]) ?? 1)
    }

    /// A value kept under a name, such as the hash of the configuration.
    package func meta(_ name: String) throws -> String? {
        try database.row("SELECT value FROM meta WHERE name = ?", [.text(name)])?["value"]
    }

    package func setMeta(_ name: String, to value: String?) throws {
        guard let value else { return try database.run("DELETE FROM meta WHERE name = ?", [.text(name)]) }
        try database.run(
            "INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            [.text(name), .text(value)])
    }
}

extension OutboundDocument {
    init(row: Row) throws {
        self.init(
            folder: row["folder"], name: row["name"], kind: row["kind"], version: row["version"],
            model: row.requiredBytes("model"), replaces: row["replaces"], isSecret: row["is_secret"],
            ledgerSequence: row["ledger_sequence"])
        id = row["id"]
        state = try row.choice("state")
        sha256 = row["sha256"]
    }
}
