import Foundation
import Testing

/// The database of a run day in the hands of somebody with a SQL shell: what pathway.md gives to the schema, the schema
/// refuses by itself, without the program and without foreign keys switched on.
@Suite("A day's database against bare SQL")
struct BareSQLTests {
    /// The file as the day left it, made once.
    private static let day: Result<String, any Error> = Result {
        let bench = try Bench()
        try bench.drop(fixtures: "day")
        try bench.drain()
        return try copy(of: bench.path("var/suture.db"))
    }

    private static func copy(of path: String) throws -> String {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("bare-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let copy = folder.appendingPathComponent("suture.db").path
        try Bench.run("/usr/bin/sqlite3", ["-cmd", ".timeout 60000", path, ".backup '\(copy)'"]).expectSuccess()
        return copy
    }

    /// What SQLite says to statements; nil when it does them.
    private static func answer(to sql: String, in path: String, foreignKeys: Bool = false) throws -> String? {
        let answer = try Bench.run(
            "/usr/bin/sqlite3",
            [
                "-bail", "-cmd", ".timeout 60000", path,
                "PRAGMA foreign_keys = \(foreignKeys ? "ON" : "OFF"); BEGIN IMMEDIATE;\n\(sql);\nROLLBACK;",
            ])
        return answer.status == 0 ? nil : answer.errors
    }

    /// Waits for the tests beside it: the last connection to leave a WAL locks the file.
    private static func rows(_ sql: String, in path: String) throws -> [String] {
        let answer = try Bench.run("/usr/bin/sqlite3", ["-cmd", ".timeout 60000", path, sql])
        answer.expectSuccess()
        return answer.output.split(separator: "\n").map(String.init)
    }

    private func refuses(_ sql: String, _ reason: String, foreignKeys: Bool = false) throws {
        let message = try Self.answer(to: sql, in: Self.day.get(), foreignKeys: foreignKeys)
        #expect(message != nil, "it was done: \(sql)")
        #expect(reason.isEmpty || message?.contains(reason) == true, "\(message ?? ""): \(sql)")
    }

    // MARK: - One by one

    /// A statement, and a word of what SQLite must say to it.
    private static let attempts: [(sql: String, reason: String)] = [
        // The ledger.
        ("UPDATE ledger SET kind = 'x' WHERE sequence = 5", "append only"),
        ("DELETE FROM ledger WHERE sequence = 5", "append only"),
        ("DELETE FROM ledger WHERE sequence = (SELECT max(sequence) FROM ledger)", "append only"),
        ("UPDATE ledger_payload SET payload = x'7B7D' WHERE sequence = 5", "append only"),
        ("DELETE FROM ledger_payload WHERE sequence = 5", "append only"),
        ("REPLACE INTO ledger_payload (stream, sequence, payload) VALUES ('main', 5, x'7B7D')", "takes the place"),
        (
            """
            INSERT INTO ledger SELECT stream, sequence + 2, occurred_at, decided_at, drop_number, entry, kind, subject, \
            patient, configuration, payload_hash, previous_hash, hash FROM ledger ORDER BY sequence DESC LIMIT 1
            """, "no gaps"
        ),
        (
            """
            INSERT OR REPLACE INTO ledger SELECT stream, sequence, occurred_at, decided_at, drop_number, entry, 'x', \
            subject, patient, configuration, payload_hash, previous_hash, hash FROM ledger WHERE sequence = 5
            """, "ledger"
        ),
        (
            """
            CREATE TEMP TABLE one AS SELECT id FROM patient WHERE state = 'ACTIVE' AND as_told_itself = '[]' LIMIT 1; \
            UPDATE patient SET state = 'DECEASED' WHERE id = (SELECT id FROM one); \
            UPDATE patient SET state = 'ACTIVE' WHERE id = (SELECT id FROM one)
            """, "only a death told under another number is taken back"
        ),
        // What became of a drop's entries.
        (
            "UPDATE drops SET applied = applied - 1, rejected = rejected + 1 WHERE applied > 0",
            "only held entries still get another outcome"
        ),
        // A signed consent.
        ("UPDATE consent SET signatures = '[]' WHERE state = 'SIGNED'", "signed consent is locked"),
        ("UPDATE consent SET clauses = '[]' WHERE state = 'SIGNED'", "signed consent is locked"),
        ("UPDATE consent SET signed_at = '2026-01-01T00:00:00Z' WHERE state = 'SIGNED'", "signed consent is locked"),
        ("UPDATE consent SET sha256 = hex(zeroblob(32)) WHERE state = 'SIGNED'", "was issued never changes"),
        ("UPDATE consent SET plan = 'P-X' WHERE state = 'SIGNED'", "was issued never changes"),
        ("UPDATE consent_snapshot SET text = 'something else'", "never changed"),
        ("DELETE FROM consent WHERE state = 'SIGNED'", "ever deleted"),
        ("DELETE FROM consent_snapshot", "ever deleted"),
        ("REPLACE INTO consent SELECT * FROM consent WHERE state = 'SIGNED' LIMIT 1", "takes the place"),
        // The chain.
        (
            """
            CREATE TEMP TABLE copy AS SELECT * FROM procedure_plan LIMIT 1; \
            UPDATE copy SET id = 'X#1', plan = 'X', version = 1, consultation = 'NOWHERE', state = 'DRAFT', \
            approved_at = NULL, approved_by = NULL, reason = NULL, templates = '[]'; \
            INSERT INTO procedure_plan SELECT * FROM copy
            """, "COMPLETED consultation"
        ),
        ("UPDATE procedure_plan SET procedures = '[{}]' WHERE state = 'APPROVED'", "approved plan never changes"),
        ("UPDATE procedure_plan SET items = '[]' WHERE state = 'FULFILLED'", "approved plan never changes"),
        ("UPDATE surgical_case SET mrn = '10000024' WHERE mrn <> '10000024'", "keeps its plan and patient"),
        ("UPDATE surgical_case SET procedures = '[{}]' WHERE state = 'COMPLETED'", "keeps its operation"),
        // Stock.
        ("UPDATE inventory_lot SET on_hand = -1, reserved = 0", "CHECK"),
        ("UPDATE inventory_lot SET reserved = on_hand + 1", "CHECK"),
        ("UPDATE stock_movement SET change = change - 1", "never changed"),
        ("DELETE FROM stock_movement WHERE movement = 'USE'", "ever deleted"),
        (
            """
            CREATE TEMP TABLE copy AS SELECT * FROM stock_movement WHERE movement = 'USE' LIMIT 1; \
            UPDATE copy SET id = 'x', number = 999999, surgical_case = NULL, reference = 'x'; \
            INSERT INTO stock_movement SELECT * FROM copy
            """, "CHECK"
        ),
        (
            """
            CREATE TEMP TABLE copy AS SELECT * FROM stock_movement WHERE movement = 'USE' LIMIT 1; \
            UPDATE copy SET id = 'x', number = 999999, surgical_case = 'NO-CASE', reference = 'x'; \
            INSERT INTO stock_movement SELECT * FROM copy
            """, "needs a case IN_PROGRESS"
        ),
        // Money.
        ("UPDATE bill SET gross = gross + 1, net = net + 1, patient_share = patient_share + 1", "never changes"),
        ("UPDATE bill SET lines = '[]'", "issued bill never changes"),
        ("UPDATE bill SET mrn = '10000024' WHERE mrn <> '10000024'", "issued bill never changes"),
        ("DELETE FROM bill", "ever deleted"),
        ("UPDATE payment SET amount = amount + 1", "posted payment never changes"),
        ("UPDATE payment SET paid_at = '2026-01-01T00:00:00Z'", "posted payment never changes"),
        ("UPDATE payment SET receipt = 'R-999999' WHERE receipt IS NOT NULL", "receipt never changes"),
        ("DELETE FROM payment", "ever deleted"),
        ("UPDATE series SET value = value + 2", "no gaps"),
        ("UPDATE series SET value = value - 1 WHERE value > 1", "no gaps"),
        ("REPLACE INTO series (name, value) SELECT name, 1 FROM series LIMIT 1", "takes the place"),
        // Entries.
        ("UPDATE drops SET applied = applied + 1", "CHECK"),
        ("UPDATE drops SET entries_decided = entries_decided - 1", "of a decided drop"),
        ("UPDATE drops SET state = 'CLAIMED' WHERE state = 'ARCHIVED'", "cannot go to that state"),
        ("UPDATE drops SET sha256 = hex(zeroblob(32)) WHERE sha256 IS NOT NULL", "stays the file"),
        ("UPDATE entry SET outcome = 'APPLIED' WHERE outcome = 'REJECTED'", "only when it was held"),
        ("UPDATE entry SET outcome = 'REJECTED' WHERE outcome = 'APPLIED'", "only when it was held"),
        ("DELETE FROM entry WHERE outcome = 'REJECTED'", "ever deleted"),
        (
            """
            INSERT INTO entry (drop_number, number, line, forms, outcome) \
            SELECT number, 999999, 1, '[]', 'APPLIED' FROM drops WHERE state = 'ARCHIVED' LIMIT 1
            """, "gets no other"
        ),
        ("UPDATE reference SET fingerprint = 'x'", "never changed"),
        ("UPDATE outbound SET state = 'QUEUED' WHERE state = 'DELIVERED'", "stays what it was"),
        ("UPDATE outbound SET name = name || 'x'", "stays what it was"),
    ]

    @Test("what must not be done is refused", arguments: attempts.indices)
    func attempt(index: Int) throws { try refuses(Self.attempts[index].sql, Self.attempts[index].reason) }

    @Test(
        "a consent without an approved plan and a completed consultation is refused",
        arguments: [
            ("version + 7", "p.consultation", "APPROVED plan"), ("version", "'NONE'", "COMPLETED consultation"),
        ])
    func consentChain(version: String, consultation: String, reason: String) throws {
        // Where the plan is still approved.
        try refuses(
            """
            CREATE TEMP TABLE copy AS SELECT * FROM consent WHERE plan IN (
                SELECT plan FROM procedure_plan WHERE state = 'APPROVED') LIMIT 1; \
            UPDATE copy SET id = 'X', consent = 'X', aliases = '[]', state = 'ISSUED', signatures = '[]', signed_at = NULL, \
            ended_at = NULL, reason = NULL, (plan_version, consultation) = (
                SELECT p.\(version), \(consultation) FROM procedure_plan AS p
                WHERE p.plan = copy.plan AND p.state = 'APPROVED'); \
            INSERT INTO consent SELECT * FROM copy
            """, reason)
    }

    @Test("a case goes beyond CREATED only with an approved plan and a signed consent")
    func caseGates() throws {
        let make = """
            INSERT INTO surgical_case (id, surgical_case, plan, plan_version, mrn, state, procedures, surgeon, \
            anesthesia, team, equipment, theater, starts_at, minutes, remarks, created_at) SELECT 'X', 'X', 'NO-PLAN', \
            1, mrn, 'CREATED', procedures, surgeon, anesthesia, '[]', '[]', 'TH-1', '2027-01-04T09:00:00Z', 60, '[]', \
            created_at FROM surgical_case LIMIT 1;
            """
        try refuses(make + "UPDATE surgical_case SET state = 'SCHEDULED' WHERE id = 'X'", "a case beyond CREATED needs")
        try refuses(
            make.replacing("'CREATED'", with: "'SCHEDULED'"), "a case beyond CREATED needs")
        try refuses(
            "UPDATE consent SET state = 'WITHDRAWN', ended_at = '2026-11-23T18:00:00Z' WHERE state = 'SIGNED'; "
                + "UPDATE surgical_case SET state = 'POSTPONED' WHERE state = 'SCHEDULED'; "
                + "UPDATE surgical_case SET state = 'SCHEDULED' WHERE state = 'POSTPONED'", "needs a SIGNED consent")
    }

    @Test("a bill needs an ended case")
    func billOfNoCase() throws {
        let columns = try Self.rows("SELECT name FROM pragma_table_info('bill') ORDER BY cid", in: Self.day.get())
        let values = columns.map { column in
            switch column {
            case "id", "number": "printf('B-%06d', (SELECT count(*) + 1 FROM bill))"
            case "surgical_case": "'NO-CASE'"
            default: column
            }
        }
        try refuses(
            "INSERT INTO bill SELECT \(values.joined(separator: ", ")) FROM bill LIMIT 1", "COMPLETED or ABANDONED")
    }

    // MARK: - Every table

    /// What is not kept for ever: who waits, what is due, what is derived, and the migrator's own.
    private static let passing: Set<String> = [
        "hold", "hold_key", "hold_subject", "hold_reference", "wake", "meta", "list_due", "list_version",
        "grdb_migrations", "sqlite_sequence", "consent_alias", "patient_identifier", "ledger_erased_write",
    ]

    @Test("of what is kept nothing is deleted, replaced or given another key")
    func everyTable() throws {
        let path = try Self.day.get()
        let tables = try Self.rows("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name", in: path)
            .filter { !Self.passing.contains($0) }
        #expect(tables.count >= 28)
        var tried = 0
        for table in tables where try Self.rows("SELECT count(*) FROM \(table)", in: path) != ["0"] {
            tried += 1
            try refuses("DELETE FROM \(table)", table == "ledger" ? "append only" : "")
            guard table != "plan_number" else { continue }
            try refuses("REPLACE INTO \(table) SELECT * FROM \(table) LIMIT 1", "")
            try refuses("INSERT OR REPLACE INTO \(table) SELECT * FROM \(table) ORDER BY 1 DESC LIMIT 1", "")
            let key = try Self.rows("SELECT name FROM pragma_table_info('\(table)') WHERE pk > 0", in: path)
            for column in key {
                try refuses("UPDATE OR REPLACE \(table) SET \(column) = \(column) || '9'", "")
            }
        }
        #expect(tried >= 24)
    }

    @Test("no unique key lets a row push another out")
    func pushedOut() throws {
        try refuses(
            "INSERT OR REPLACE INTO serial_unit SELECT 'X', sku, serial, lot, location, 'IN_STOCK', NULL, NULL "
                + "FROM serial_unit WHERE state = 'USED' LIMIT 1", "takes the place")
        try refuses(
            "CREATE TEMP TABLE copy AS SELECT * FROM stock_movement WHERE movement = 'RECEIVE' LIMIT 1; "
                + "UPDATE copy SET id = 'X', change = 5; INSERT OR REPLACE INTO stock_movement SELECT * FROM copy",
            "takes the place")
        try refuses(
            "CREATE TEMP TABLE copy AS SELECT * FROM procedure_plan WHERE state = 'APPROVED' LIMIT 1; "
                + "UPDATE copy SET id = plan || '#9', version = 9, state = 'DRAFT'; "
                + "INSERT INTO procedure_plan SELECT * FROM copy; "
                + "UPDATE OR REPLACE procedure_plan SET state = 'APPROVED' WHERE version = 9", "takes the place")
    }

    @Test("references along the chain must lead somewhere")
    func foreignKeys() throws {
        let path = try Self.day.get()
        let references = try Self.rows(
            """
            SELECT m.name || '|' || f."from" FROM sqlite_master AS m JOIN pragma_foreign_key_list(m.name) AS f \
            WHERE m.type = 'table' AND m.name NOT LIKE 'hold%' AND m.name <> 'wake' AND f.seq = 0 ORDER BY 1
            """, in: path
        ).map { $0.split(separator: "|").map(String.init) }
        #expect(references.count >= 30)
        for reference in references {
            let (table, column) = (reference[0], reference[1])
            guard try Self.rows("SELECT count(*) FROM \(table) WHERE \(column) IS NOT NULL", in: path) != ["0"] else {
                continue
            }
            try refuses(
                "UPDATE \(table) SET \(column) = 'nowhere' WHERE \(column) IS NOT NULL", "", foreignKeys: true)
        }
    }

    // MARK: - Bookings

    @Test(
        "two active bookings of one theater, person, piece of equipment or patient never overlap",
        arguments: ["THEATER", "STAFF", "EQUIPMENT", "PATIENT"])
    func overlap(resource: String) throws {
        func book(_ id: String, _ from: String, _ to: String, _ isActive: Int) -> String {
            "INSERT INTO booking SELECT '\(id)', id, '\(resource)', 'R', '2027-01-04T\(from):00Z', "
                + "'2027-01-04T\(to):00Z', \(isActive) FROM surgical_case WHERE state = 'COMPLETED' LIMIT 1;"
        }
        let first = book("a", "09:00", "10:00", 1)
        for (from, to) in [("09:00", "10:00"), ("08:00", "09:01"), ("09:59", "11:00"), ("09:15", "09:30")] {
            try refuses(first + book("b", from, to, 1), "overlap")
            try refuses(first + book("b", from, to, 0) + "UPDATE booking SET is_active = 1 WHERE id = 'b'", "overlap")
        }
        let second = first + book("b", "10:00", "11:00", 1)
        try refuses(second + "UPDATE booking SET starts_at = '2027-01-04T09:59:59Z' WHERE id = 'b'", "overlap")
        try refuses(second + "UPDATE booking SET ends_at = '2027-01-04T10:00:01Z' WHERE id = 'a'", "overlap")
        try refuses(
            second + "UPDATE booking SET resource_id = resource_id, ends_at = starts_at WHERE id = 'a'", "CHECK")
        #expect(try Self.answer(to: second, in: Self.day.get()) == nil, "back to back is allowed")
    }

    // MARK: - States

    /// Every state machine: the states of an entity, and what may follow each, as pathway.md has it.
    static let machines: [String: [String: Set<String>]] = [
        "patient": [
            "ACTIVE": ["INACTIVE", "MERGED", "DECEASED"], "INACTIVE": ["ACTIVE", "MERGED", "DECEASED"],
            // A merge can be undone; somebody who died may turn out to have a second record.
            // A death that was told under another's number is taken back with the merge, and only then: see `attempts`.
            "MERGED": ["ACTIVE", "INACTIVE", "DECEASED"], "DECEASED": ["MERGED", "ACTIVE", "INACTIVE"],
        ],
        "account": [
            "PENDING_VERIFICATION": ["ACTIVE", "LOCKED", "CLOSED"], "ACTIVE": ["LOCKED", "CLOSED"],
            // Of a patient who is active again the e-mail is verified again.
            "LOCKED": ["ACTIVE", "CLOSED", "PENDING_VERIFICATION"], "CLOSED": ["PENDING_VERIFICATION"],
        ],
        "consultation": [
            "SCHEDULED": ["COMPLETED", "CANCELLED", "NO_SHOW"], "COMPLETED": [], "CANCELLED": [], "NO_SHOW": [],
        ],
        "procedure_plan": [
            "DRAFT": ["APPROVED", "CANCELLED", "SUPERSEDED"], "APPROVED": ["FULFILLED", "CANCELLED", "SUPERSEDED"],
            "FULFILLED": [], "CANCELLED": [], "SUPERSEDED": [],
        ],
        "consent": [
            "ISSUED": ["PARTIALLY_SIGNED", "SIGNED", "WITHDRAWN", "VOIDED", "EXPIRED", "DECLINED"],
            "PARTIALLY_SIGNED": ["SIGNED", "WITHDRAWN", "VOIDED", "EXPIRED", "DECLINED"],
            "SIGNED": ["WITHDRAWN", "VOIDED", "EXPIRED"], "WITHDRAWN": [], "VOIDED": [], "EXPIRED": [], "DECLINED": [],
        ],
        "clearance": [
            "PENDING": ["CLEARED", "DEFERRED", "LAPSED"], "CLEARED": ["LAPSED", "DEFERRED"],
            "LAPSED": ["CLEARED", "DEFERRED", "PENDING"], "DEFERRED": ["CLEARED", "PENDING", "LAPSED"],
        ],
        "surgical_case": [
            "CREATED": ["SCHEDULED", "CANCELLED"], "SCHEDULED": ["POSTPONED", "IN_PROGRESS", "CANCELLED"],
            "POSTPONED": ["SCHEDULED", "CANCELLED"], "IN_PROGRESS": ["COMPLETED", "ABANDONED"], "COMPLETED": [],
            "CANCELLED": [], "ABANDONED": [],
        ],
        "inventory_lot": [
            "AVAILABLE": ["QUARANTINED", "RECALLED"], "QUARANTINED": ["AVAILABLE", "RECALLED"], "RECALLED": [],
        ],
        "serial_unit": [
            "IN_STOCK": ["USED", "WASTED", "GONE"], "USED": ["IN_STOCK", "WASTED"], "WASTED": ["IN_STOCK", "GONE"],
            "GONE": ["IN_STOCK"],
        ],
        "reservation": ["ACTIVE": ["RELEASED", "CONSUMED"], "RELEASED": [], "CONSUMED": ["ACTIVE"]],
        "bill": [
            "ISSUED": ["PARTIALLY_PAID", "PAID", "ADJUSTED", "CANCELLED"],
            "PARTIALLY_PAID": ["ISSUED", "PAID", "ADJUSTED", "CANCELLED"],
            "PAID": ["ISSUED", "PARTIALLY_PAID", "ADJUSTED", "CANCELLED"],
            "ADJUSTED": ["ISSUED", "PARTIALLY_PAID", "PAID", "CANCELLED"], "CANCELLED": [],
        ],
        "payment": [
            "RECEIVED": ["ALLOCATED", "PARTLY_ALLOCATED", "UNALLOCATED", "REVERSED", "REFUNDED"],
            "ALLOCATED": ["PARTLY_ALLOCATED", "UNALLOCATED", "REVERSED", "REFUNDED"],
            "PARTLY_ALLOCATED": ["ALLOCATED", "UNALLOCATED", "REVERSED", "REFUNDED"],
            "UNALLOCATED": ["ALLOCATED", "PARTLY_ALLOCATED", "REVERSED", "REFUNDED"], "REVERSED": [], "REFUNDED": [],
        ],
        "requirement": [
            "ORDERED": ["MET", "UNMET", "WAIVED"], "MET": ["ORDERED", "UNMET", "WAIVED"],
            "UNMET": ["ORDERED", "MET", "WAIVED"], "WAIVED": ["ORDERED", "MET", "UNMET"],
        ],
        "bill_due": ["OPEN": ["WITHHELD", "DONE"], "WITHHELD": ["DONE"], "DONE": ["OPEN"]],
        "possible_duplicate": [
            "OPEN": ["MERGED", "DISTINCT"], "DISTINCT": ["MERGED"], "MERGED": ["OPEN", "DISTINCT"],
        ],
        "discount": ["AGREED": ["GIVEN"], "GIVEN": []], "recall": ["OPEN": ["VOIDED"], "VOIDED": []],
        "records_request": ["REQUESTED": ["RELEASED"], "RELEASED": []],
    ]

    @Test("no state follows another that pathway.md does not let follow", arguments: machines.keys.sorted())
    func transitions(table: String) throws {
        let path = try Self.copy(of: Self.day.get())
        let machine = try #require(Self.machines[table])
        let triggers = try Bench.run(
            "/usr/bin/sqlite3",
            [
                "-cmd", ".timeout 60000", path,
                "SELECT sql || ';' FROM sqlite_master WHERE type = 'trigger' AND tbl_name = '\(table)'",
            ]
        ).output
        let names = try Self.rows(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = '\(table)'", in: path)
        guard try Self.rows("SELECT count(*) FROM \(table)", in: path) != ["0"] else {
            // Nothing of the kind happened on the day: the sentence is in the schema all the same.
            return #expect(names.contains("\(table)_transition"))
        }
        for (state, following) in machine.sorted(by: { $0.key < $1.key }) {
            // Put into the state behind the guards' back; the guards are there again when it is to leave it.
            let others = machine.keys.filter { $0 != state && !following.contains($0) }.sorted()
            for other in others {
                let sql = """
                    PRAGMA ignore_check_constraints = ON; BEGIN;
                    \(names.map { "DROP TRIGGER \($0);" }.joined())
                    CREATE TEMP TABLE one AS SELECT id FROM \(table) ORDER BY id LIMIT 1;
                    UPDATE OR IGNORE \(table) SET state = '\(state)' WHERE id = (SELECT id FROM one);
                    \(triggers)
                    UPDATE \(table) SET state = '\(other)' WHERE id = (SELECT id FROM one);
                    ROLLBACK;
                    """
                let answer = try Bench.run("/usr/bin/sqlite3", ["-bail", "-cmd", ".timeout 60000", path, sql])
                #expect(
                    answer.status != 0 && answer.errors.contains("that state does not follow its own"),
                    "\(table): \(state) to \(other): \(answer.errors)")
            }
        }
    }
}
