package import Clinic
import GRDB

/// What people ask of the records, and the rules never do.
extension Unit {
    /// The balance of the whole clinic, the sum of those of its patients, added up by the database.
    package func balance() throws -> Balance {
        var balance = Balance()
        for row in try database.rows(
            """
            SELECT coalesce(sum(gross + rounding), 0) AS billed, coalesce(sum(insurer_share), 0) AS insurer, \
            coalesce(sum(write_off), 0) AS write_off, coalesce(sum(patient_share), 0) AS patient, \
            coalesce(sum(patient_paid), 0) AS paid, coalesce(sum(insurer_paid), 0) AS insurer_paid \
            FROM bill WHERE state <> 'CANCELLED'
            """)
        {
            balance.billed = Money(minorUnits: row["billed"])
            balance.insurer = Money(minorUnits: row["insurer"])
            balance.writeOff = Money(minorUnits: row["write_off"])
            balance.patient = Money(minorUnits: row["patient"])
            balance.paid = Money(minorUnits: row["paid"])
            balance.insurerPaid = Money(minorUnits: row["insurer_paid"])
        }
        balance.open = balance.patient - balance.paid
        balance.insurerOpen = balance.insurer - balance.insurerPaid
        for row in try database.rows("SELECT payer, type, sum(amount) AS amount FROM payment GROUP BY payer, type") {
            let amount = Money(minorUnits: row["amount"])
            switch (row["payer"] as String, row["type"] as String) {
            case ("PATIENT", "PAY"): balance.received += amount
            case ("PATIENT", "REFUND"): balance.refunded += amount
            case ("PATIENT", _): balance.reversed += amount
            case (_, "PAY"): balance.insurerReceived += amount
            default: balance.insurerReceived -= amount
            }
        }
        for row in try database.rows(
            """
            SELECT payer, plan IS NOT NULL AND NOT EXISTS (SELECT 1 FROM bill WHERE bill.plan = payment.plan \
            AND type <> 'CREDIT_NOTE' AND state <> 'CANCELLED') AS is_kept, \
            sum(amount - returned - (SELECT coalesce(sum(value ->> '$.amount'), 0) FROM json_each(allocations))) \
            AS unapplied FROM payment \
            WHERE type = 'PAY' AND state IN ('RECEIVED', 'PARTLY_ALLOCATED', 'UNALLOCATED') GROUP BY payer, is_kept
            """)
        {
            let unapplied = Money(minorUnits: row["unapplied"])
            if (row["payer"] as String) == "INSURER" {
                balance.insurerCredit += unapplied
            } else if (row["is_kept"] as Int) == 1 {
                balance.deposits += unapplied
            } else {
                balance.credit += unapplied
            }
        }
        return balance
    }

    /// The cases whose bills wait: for the clinic's minutes, or for somebody to mend what keeps them back.
    package func billsDue() throws -> [BillDue] { try fetch(BillDue.self, where: .open) }

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
