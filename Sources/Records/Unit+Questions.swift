package import Clinic
import GRDB

/// What people ask of the records, and the rules never do.
extension Unit {
    /// What held entries wait for, the most waited for first.
    package func waits() throws -> [WaitedFor] {
        try database.rows(
            """
            SELECT key, count(*) AS count, min(held_at) AS oldest, min(expires_at) AS expires \
            FROM hold_key JOIN hold ON hold.id = hold_key.hold GROUP BY key ORDER BY count DESC, key
            """
        ).map { row in
            WaitedFor(
                key: Key(row["key"]), count: row["count"], oldest: try row.requiredInstant("oldest"),
                expires: try row.requiredInstant("expires"))
        }
    }

    /// The entries that wait for a key, by arrival.
    package func holds(waitingFor key: Key) throws -> [HeldEntry] {
        try database.rows(
            "SELECT hold.* FROM hold_key JOIN hold ON hold.id = hold_key.hold WHERE hold_key.key = ? ORDER BY hold.id",
            [.of(key)]
        ).map(HeldEntry.init(row:))
    }

    /// The payment that was given a receipt's number.
    package func payment(receipt: ReceiptNumber) throws -> Payment? {
        let table = try table(of: Payment.kind)
        return try database.row(table.selectWhere + "receipt = ?", [.of(receipt)])
            .map { try table.entity(Payment.self, row: $0) }
    }

    /// The entries that carried a reference, whatever became of them; of one source, if one is named.
    package func entries(reference: String, source: SourceName? = nil) throws -> [EntryRecord] {
        try database.rows(
            """
            SELECT entry.* FROM entry JOIN drops ON drops.number = entry.drop_number \
            WHERE instr(entry.forms, ?) > 0 AND (? IS NULL OR drops.source = ?) \
            ORDER BY entry.drop_number, entry.number
            """,
            [.text(CanonicalJSON.text(of: reference)), .of(source), .of(source)]
        ).map(EntryRecord.init(row:)).filter { entry in
            entry.forms.contains { $0.reference.utf8.elementsEqual(reference.utf8) }
        }
    }

    /// The row of the ledger that last wrote an entity, of those whose payload is kept.
    package func lastWrite(table: String, id: String) throws -> Int64? {
        guard let type = Registry.all.first(where: { $0.table == table }) else { return nil }
        return try database.number(
            """
            SELECT max(sequence) FROM ledger_payload, json_each(CAST(payload AS TEXT), '$.writes') AS written \
            WHERE stream = ? AND written.value ->> '$.entity' = ? AND written.value ->> '$.id' = ?
            """, [.text(LedgerKey.stream), .text(type.kind), .text(id)])
    }
}

/// Something that held entries wait for.
package struct WaitedFor: Hashable, Sendable {
    package let key: Key
    package let count: Int
    /// Since when the first of them waits.
    package let oldest: Instant
    /// When the first of them is rejected.
    package let expires: Instant
}

/// What a ledger row's payload says was written.
extension LedgerRow {
    /// Whether it wrote an entity, or one that names it in a member: `member` is the name under which others name it.
    package func concerns(kind: String, id: String, member: String) throws -> Bool {
        guard let payload else { return false }
        return LedgerPayload.images(in: try JSONReading.tree(of: payload)).contains { written in
            written.kind == kind && written.id.utf8.elementsEqual(id.utf8)
                || written.image.map { LedgerRow.names($0, member, id) } ?? false
        }
    }

    private static func names(_ json: JSON, _ member: String, _ id: String) -> Bool {
        switch json {
        case .object(let members):
            members.contains { name, value in
                if name == member, case .string(let text) = value { return text.utf8.elementsEqual(id.utf8) }
                return names(value, member, id)
            }
        case .array(let items): items.contains { names($0, member, id) }
        default: false
        }
    }

    /// The words that the event carries besides what it wrote.
    package func note() throws -> String? {
        guard let payload, case .object(let members) = try JSONReading.tree(of: payload),
            case .string(let note)? = members["note"]
        else { return nil }
        return note
    }
}
