/// What pathway.md says must hold over any history, asked of the database in bare SQL: each answers what breaks it.
enum SchemaStatements {
    static let all: [(statement: String, breaches: String)] = [
        (
            "the file of the database is whole",
            "SELECT integrity_check FROM pragma_integrity_check WHERE integrity_check <> 'ok'"
        ),
        ("every reference leads somewhere", "SELECT \"table\", rowid, parent FROM pragma_foreign_key_check"),
        (
            "each entry of a drop has one outcome, and the drop counts them",
            """
            SELECT d.number FROM drops d LEFT JOIN entry e ON e.drop_number = d.number GROUP BY d.number
            HAVING d.entries_decided <> count(e.number) OR d.entries_counted <> count(e.number)
                OR d.applied <> coalesce(sum(e.outcome = 'APPLIED'), 0)
                OR d.duplicate <> coalesce(sum(e.outcome = 'DUPLICATE'), 0)
                OR d.held <> coalesce(sum(e.outcome = 'HELD'), 0)
                OR d.rejected <> coalesce(sum(e.outcome = 'REJECTED'), 0)
            """
        ),
        (
            "entries are applied, duplicate, held or rejected, in all",
            """
            SELECT sum(entries_decided), sum(applied + duplicate + held + rejected) FROM drops
            HAVING sum(entries_decided) <> sum(applied + duplicate + held + rejected)
                OR sum(entries_decided) <> (SELECT count(*) FROM entry)
            """
        ),
        (
            "every drop came to its end",
            "SELECT number, state FROM drops WHERE state <> 'ARCHIVED'"
        ),
        (
            "what is held waits, and nothing else does",
            """
            SELECT drop_number, number FROM entry WHERE outcome = 'HELD'
                AND NOT EXISTS (SELECT 1 FROM hold WHERE hold.drop_number = entry.drop_number
                    AND hold.entry = entry.number)
            UNION ALL SELECT drop_number, entry FROM hold WHERE NOT EXISTS (SELECT 1 FROM entry
                WHERE entry.drop_number = hold.drop_number AND entry.number = hold.entry AND outcome = 'HELD')
            UNION ALL SELECT hold, 0 FROM wake
            """
        ),
        (
            "nothing is booked twice at a time",
            """
            SELECT one.id, other.id FROM booking one JOIN booking other ON one.id < other.id
                AND one.resource = other.resource AND one.resource_id = other.resource_id
                AND one.starts_at < other.ends_at AND other.starts_at < one.ends_at
            WHERE one.is_active = 1 AND other.is_active = 1
            """
        ),
        (
            "what is booked is booked for a case that has its place",
            """
            SELECT b.id FROM booking b JOIN surgical_case c ON c.id = b.surgical_case
            WHERE b.is_active = 1 AND c.state IN ('CREATED', 'POSTPONED', 'CANCELLED')
            """
        ),
        (
            "a case that is booked has an approved plan, a signed consent and clearance",
            """
            SELECT c.id FROM surgical_case c JOIN procedure_plan p ON p.plan = c.plan AND p.version = c.plan_version
            WHERE c.state = 'SCHEDULED' AND (p.state <> 'APPROVED'
                OR NOT EXISTS (SELECT 1 FROM consent k WHERE k.plan = c.plan AND k.purpose = 'SURGICAL'
                    AND k.state = 'SIGNED')
                OR NOT EXISTS (SELECT 1 FROM clearance a WHERE a.plan = c.plan AND a.cleared_at IS NOT NULL))
            """
        ),
        (
            "a case that began had an approved plan and a consent signed before",
            """
            SELECT c.id FROM surgical_case c JOIN procedure_plan p ON p.plan = c.plan AND p.version = c.plan_version
            WHERE c.state IN ('IN_PROGRESS', 'COMPLETED', 'ABANDONED') AND (p.approved_at IS NULL
                OR NOT EXISTS (SELECT 1 FROM consent k WHERE k.plan = c.plan AND k.purpose = 'SURGICAL'
                    AND k.signed_at <= c.started_at))
            """
        ),
        (
            "stock on hand is the sum of the movements, never negative, and holds what is promised",
            """
            SELECT l.id FROM inventory_lot l WHERE l.on_hand < 0 OR l.reserved > l.on_hand
                OR l.on_hand <> (SELECT coalesce(sum(change), 0) FROM stock_movement m
                    WHERE m.sku = l.sku AND m.lot = l.lot AND m.location = l.location)
                OR l.reserved <> (SELECT coalesce(sum(quantity), 0) FROM reservation r WHERE r.state = 'ACTIVE'
                    AND r.sku = l.sku AND r.lot = l.lot AND r.location = l.location)
            """
        ),
        (
            "every use has a case of the same patient that takes stock",
            """
            SELECT m.id FROM stock_movement m LEFT JOIN surgical_case c ON c.id = m.surgical_case
            WHERE m.movement = 'USE' AND (c.id IS NULL OR c.mrn IS NOT m.mrn
                OR c.state NOT IN ('IN_PROGRESS', 'COMPLETED', 'ABANDONED'))
            """
        ),
        (
            "a bill is the sum of its lines, and its parts add up",
            """
            SELECT b.id FROM bill b WHERE b.gross <> b.net + b.tax
                OR b.gross + b.rounding <> b.insurer_share + b.write_off + b.patient_share
                OR b.net <> (SELECT coalesce(sum(value ->> '$.net'), 0) FROM json_each(b.lines))
                OR b.type <> 'CREDIT_NOTE' AND (b.tax, b.insurer_share, b.write_off, b.patient_share) IS NOT
                    (SELECT coalesce(sum(value ->> '$.tax'), 0), coalesce(sum(value ->> '$.insurer_share'), 0),
                        coalesce(sum(value ->> '$.write_off'), 0), coalesce(sum(value ->> '$.patient_share'), 0)
                    FROM json_each(b.lines))
            """
        ),
        (
            "what is paid on a bill was set against it by payments and credit notes",
            """
            SELECT b.id FROM bill b WHERE b.type <> 'CREDIT_NOTE' AND b.patient_paid + b.insurer_paid <>
                (SELECT coalesce(sum(a.value ->> '$.amount'), 0) FROM payment p, json_each(p.allocations) a
                    WHERE p.type = 'PAY' AND a.value ->> '$.bill' = b.id)
                - (SELECT coalesce(sum(patient_paid + insurer_paid), 0) FROM bill n
                    WHERE n.type = 'CREDIT_NOTE' AND n.of_bill = b.id)
            """
        ),
        (
            "of a payment no more is set against bills or goes back than came in",
            """
            SELECT p.id FROM payment p WHERE p.type = 'PAY' AND (p.returned > p.amount OR p.amount - p.returned <
                (SELECT coalesce(sum(value ->> '$.amount'), 0) FROM json_each(p.allocations)))
            """
        ),
        (
            "what went back is what payments say",
            """
            SELECT p.id FROM payment p WHERE p.type = 'PAY' AND p.returned <>
                (SELECT coalesce(sum(amount), 0) FROM payment r WHERE r.original = p.id AND r.type <> 'PAY')
            """
        ),
        ("the ledger has no gaps", "SELECT max(sequence), count(*) FROM ledger HAVING max(sequence) <> count(*)"),
        ("bills have no gaps", gaps(in: "SELECT CAST(substr(id, -6) AS INTEGER) AS number FROM bill")),
        (
            "receipts have no gaps",
            gaps(in: "SELECT CAST(substr(receipt, -6) AS INTEGER) AS number FROM payment WHERE receipt IS NOT NULL")
        ),
        ("movements have no gaps", gaps(in: "SELECT number FROM stock_movement")),
        ("reservations have no gaps", gaps(in: "SELECT number FROM reservation")),
        (
            "every plan, consent and case went from state to state as the pathway allows",
            """
            WITH image AS (
                SELECT l.sequence, w.key AS place, w.value ->> '$.entity' AS entity, w.value ->> '$.id' AS id,
                    w.value ->> '$.image.state' AS state
                FROM ledger l JOIN ledger_payload p USING (stream, sequence),
                    json_each(CAST(p.payload AS TEXT), '$.writes') w
                WHERE json_extract(CAST(p.payload AS TEXT), '$.writes') IS NOT NULL
            ), step AS (
                SELECT entity, id, state,
                    lag(state) OVER (PARTITION BY entity, id ORDER BY sequence, place) AS before FROM image
                WHERE state IS NOT NULL
            )
            SELECT entity, id, before, state FROM step WHERE before IS NOT NULL AND before <> state
                AND entity IN (SELECT column1 FROM (VALUES \(steps.map { "('\($0.entity)')" }.joined(separator: ", "))))
                AND (entity, before, state) NOT IN (VALUES \(allowed))
            """
        ),
    ]

    private static func gaps(in numbers: String) -> String {
        "SELECT count(*), max(number) FROM (\(numbers)) HAVING count(*) <> coalesce(max(number), 0)"
    }

    private static let steps: [(entity: String, from: String, to: [String])] = [
        ("consultation", "SCHEDULED", ["COMPLETED", "CANCELLED", "NO_SHOW"]),
        ("plan", "DRAFT", ["APPROVED", "CANCELLED", "SUPERSEDED"]),
        ("plan", "APPROVED", ["FULFILLED", "CANCELLED", "SUPERSEDED"]),
        ("consent", "ISSUED", ["PARTIALLY_SIGNED", "SIGNED", "DECLINED", "WITHDRAWN", "VOIDED", "EXPIRED"]),
        ("consent", "PARTIALLY_SIGNED", ["SIGNED", "DECLINED", "WITHDRAWN", "VOIDED", "EXPIRED"]),
        ("consent", "SIGNED", ["WITHDRAWN", "VOIDED", "EXPIRED"]),
        ("case", "CREATED", ["SCHEDULED", "CANCELLED"]),
        ("case", "SCHEDULED", ["POSTPONED", "IN_PROGRESS", "CANCELLED"]),
        ("case", "POSTPONED", ["SCHEDULED", "CANCELLED"]),
        ("case", "IN_PROGRESS", ["COMPLETED", "ABANDONED"]),
        ("lot", "AVAILABLE", ["QUARANTINED", "RECALLED"]),
        ("lot", "QUARANTINED", ["AVAILABLE", "RECALLED"]),
    ]

    private static var allowed: String {
        steps.flatMap { step in step.to.map { "('\(step.entity)', '\(step.from)', '\($0)')" } }
            .joined(separator: ", ")
    }
}
