package import Clinic
package import Drops
import GRDB

/// Entries: what became of each, and the references that were applied.
extension Unit {
    /// Writes the outcome of a drop's next entry, and counts it.
    package func insert(_ entry: EntryRecord) throws {
        try database.run(
            """
            INSERT INTO entry (drop_number, number, line, byte_offset, forms, outcome, effective_at, findings, \
            warnings, raw, answer, message_control_id, ledger_sequence) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                .integer(entry.drop), .of(entry.number), .of(entry.line), .of(entry.byteOffset),
                .text(try CanonicalJSON.text(of: entry.forms)), .text(entry.outcome.rawValue), .of(entry.effectiveAt),
                .of(entry.findings), .of(entry.warnings), .of(entry.raw), .of(entry.answer),
                .of(entry.messageControlID), .of(entry.ledgerSequence),
            ])
        let column = Unit.column(of: entry.outcome)
        try database.run(
            """
            UPDATE drops SET entries_decided = entries_decided + 1, \(column) = \(column) + 1, \
            warned = warned + ? WHERE number = ?
            """,
            [.of(entry.warnings != nil && entry.outcome == .applied), .integer(entry.drop)])
    }

    /// Writes the new outcome of an entry that was decided before (a hold that ended), and moves the counts.
    package func update(_ entry: EntryRecord) throws {
        guard let old = try self.entry(drop: entry.drop, number: entry.number) else {
            throw RecordsFault.missing("entry \(entry.number) of drop \(entry.drop)")
        }
        var history = old.history
        if old.outcome != entry.outcome { history.append(PastOutcome(outcome: old.outcome, until: context.now)) }
        try database.run(
            """
            UPDATE entry SET forms = ?, outcome = ?, effective_at = ?, findings = ?, warnings = ?, raw = ?, answer = ?, \
            message_control_id = ?, ledger_sequence = ?, history = ? WHERE drop_number = ? AND number = ?
            """,
            [
                .text(try CanonicalJSON.text(of: entry.forms)), .text(entry.outcome.rawValue), .of(entry.effectiveAt),
                .of(entry.findings), .of(entry.warnings), .of(entry.raw), .of(entry.answer),
                .of(entry.messageControlID), .of(entry.ledgerSequence), .text(try CanonicalJSON.text(of: history)),
                .integer(entry.drop), .of(entry.number),
            ])
        let warned =
            (entry.warnings != nil && entry.outcome == .applied ? 1 : 0)
            - (old.warnings != nil && old.outcome == .applied ? 1 : 0)
        let (from, to) = (Unit.column(of: old.outcome), Unit.column(of: entry.outcome))
        if from != to {
            try database.run(
                "UPDATE drops SET \(from) = \(from) - 1, \(to) = \(to) + 1, warned = warned + ? WHERE number = ?",
                [.of(warned), .integer(entry.drop)])
        } else if warned != 0 {
            try database.run(
                "UPDATE drops SET warned = warned + ? WHERE number = ?", [.of(warned), .integer(entry.drop)])
        }
    }

    package func entry(drop: Int64, number: Int) throws -> EntryRecord? {
        try database.row(
            "SELECT * FROM entry WHERE drop_number = ? AND number = ?", [.integer(drop), .of(number)]
        ).map(EntryRecord.init(row:))
    }

    /// All entries of a drop in the order of the file.
    package func entries(of drop: Int64) throws -> [EntryRecord] {
        try entries(of: drop, after: 0, limit: .max)
    }

    /// A page of a drop's entries.
    package func entries(of drop: Int64, after number: Int, limit: Int) throws -> [EntryRecord] {
        try database.rows(
            "SELECT * FROM entry WHERE drop_number = ? AND number > ? ORDER BY number LIMIT ?",
            [.integer(drop), .of(number), .of(limit)]
        ).map(EntryRecord.init(row:))
    }

    /// A page of a drop's entries of one outcome.
    package func entries(of drop: Int64, outcome: EntryOutcome, after number: Int, limit: Int) throws -> [EntryRecord] {
        try database.rows(
            "SELECT * FROM entry WHERE drop_number = ? AND number > ? AND outcome = ? ORDER BY number LIMIT ?",
            [.integer(drop), .of(number), .text(outcome.rawValue), .of(limit)]
        ).map(EntryRecord.init(row:))
    }

    /// What a reference was answered with when it was applied, if it was; the form of a message's own id is `hl7`.
    package func appliedReference(source: SourceName, form: FormName, reference: String) throws -> AppliedReference? {
        try database.row(
            """
            SELECT fingerprint, drop_number, entry, answer FROM reference \
            WHERE source = ? AND form = ? AND reference = ?
            """,
            [.of(source), .of(form), .text(reference)]
        ).map { row in
            AppliedReference(
                fingerprint: row["fingerprint"], drop: row["drop_number"], entry: row["entry"],
                answer: row.bytes("answer"))
        }
    }

    /// Keeps a reference as applied; the schema refuses it a second time.
    package func remember(
        source: SourceName, form: FormName, reference: String, fingerprint: String, drop: Int64, entry: Int,
        answer: [UInt8]? = nil
    ) throws {
        try database.run(
            """
            INSERT INTO reference (source, form, reference, fingerprint, drop_number, entry, answer) \
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """,
            [
                .of(source), .of(form), .text(reference), .text(fingerprint), .integer(drop), .of(entry), .of(answer),
            ])
    }

    private static func column(of outcome: EntryOutcome) -> String {
        switch outcome {
        case .applied: "applied"
        case .duplicate: "duplicate"
        case .held: "held"
        case .rejected: "rejected"
        }
    }
}

extension EntryRecord {
    init(row: Row) throws {
        self.init(
            drop: row["drop_number"], number: row["number"], line: row["line"], byteOffset: row["byte_offset"],
            forms: try JSONReading.value(fromText: row["forms"]), outcome: try row.choice("outcome"),
            effectiveAt: try row.instant("effective_at"), findings: row.bytes("findings"),
            warnings: row.bytes("warnings"), raw: row.bytes("raw"), answer: row.bytes("answer"),
            messageControlID: row["message_control_id"], ledgerSequence: row["ledger_sequence"])
        history = try JSONReading.value(fromText: row["history"])
    }
}
