import Clinic
import ClinicTesting
import GRDB
import Records
import Testing

@Suite("The ledger")
struct LedgerTests {
    @Test("a story's ledger is sound, in the file and in a copy of it")
    func sound() throws {
        let bench = try Workbench()
        try bench.tell()
        let events = bench.samples.events
        let verdict = try bench.clinic.read { try $0.verify() }
        let head = try bench.clinic.read { try $0.head() }
        #expect(head.length == Int64(events.count))
        #expect(verdict == .sound(head, erased: 0))
        let copy = try bench.clinic.copyInMemory()
        try copy.write { unit throws in
            #expect(try unit.head() == head)
            try unit.apply(bench.samples.event("patient.updated", bench.samples.patient))
            #expect(try unit.head().length == head.length + 1)
        }
        #expect(try bench.clinic.read { try $0.head() } == head)
        let reader = try ClinicDatabase.readOnly(path: bench.path, key: Workbench.key)
        #expect(try reader.read { try $0.verify() } == verdict)
        try reader.close()
    }

    @Test("the same events give the same head")
    func deterministic() throws {
        let heads = try (0..<2).map { _ in
            let bench = try Workbench()
            try bench.tell()
            return try bench.clinic.read { try $0.head() }
        }
        #expect(heads[0] == heads[1])
        let other = try ClinicDatabase.inMemory(key: [1])
        let samples = Samples()
        try other.write { unit in
            unit.context = DecisionContext(now: samples.time, configuration: "c0")
            for event in samples.events { try unit.apply(event) }
        }
        #expect(try other.read { try $0.head() }.hash != heads[0].hash)
    }

    static let tampering: [(sql: String, reason: String)] = [
        ("UPDATE ledger SET kind = 'plan.invented' WHERE sequence = 3", "row 3: its hash is not that of its content"),
        ("UPDATE ledger SET occurred_at = '2020-01-01T00:00:00Z' WHERE sequence = 4", "row 4: its hash is not"),
        ("UPDATE ledger SET patient = NULL WHERE sequence = 4", "row 4: its hash is not"),
        ("UPDATE ledger SET configuration = 'other' WHERE sequence = 4", "row 4: its hash is not"),
        ("UPDATE ledger SET previous_hash = zeroblob(32) WHERE sequence = 5", "row 5: it does not follow"),
        ("UPDATE ledger SET hash = zeroblob(32) WHERE sequence = 5", "row 5: its hash is not"),
        ("UPDATE ledger_payload SET payload = x'7B7D' WHERE sequence = 6", "row 6: its payload is not the one"),
        ("DELETE FROM ledger_payload WHERE sequence = 6", "row 6: its payload is missing"),
        (
            "DELETE FROM ledger_payload WHERE sequence = 7; DELETE FROM ledger WHERE sequence = 7",
            "row 8: rows before it are missing"
        ),
        (
            "DELETE FROM ledger_payload WHERE sequence = 23; DELETE FROM ledger WHERE sequence = 23",
            "records_request portal/RQ-1: no event wrote this row"
        ),
        ("UPDATE patient SET given_name = 'Eve' WHERE id = '10000016'", "patient 10000016: the row is not what"),
        (
            "UPDATE bill SET patient_paid = 5, state = 'PARTIALLY_PAID' WHERE id = 'B-000001'",
            "bill B-000001: the row is not what"
        ),
        ("UPDATE inventory_lot SET unit_cost = 9", "inventory_lot IMP-300|L1|MAIN: the row is not what"),
        ("DELETE FROM incident", "incident 0000000001: the row that an event wrote is gone"),
        ("DELETE FROM credential", "credential 10000016: the row that an event wrote is gone"),
        (
            "INSERT INTO incident SELECT 'x', 7, surgical_case, sku, lot, serial, code, occurred_at FROM incident",
            "incident x: no event wrote this row"
        ),
        ("UPDATE payment SET allocations = '[]' WHERE id = 'finance/1'", "payment finance/1: the row is not what"),
        ("UPDATE consultation SET starts_at = 'noon'", "consultation K-1: the row cannot be read"),
    ]

    @Test("tampering is found, and where", arguments: tampering)
    func tampered(it: (sql: String, reason: String)) throws {
        let bench = try Workbench()
        try bench.tell()
        try bench.dropTriggers()
        try bench.sql("PRAGMA foreign_keys = OFF")
        try bench.sql(it.sql)
        let verdict = try bench.clinic.read { try $0.verify() }
        let words =
            switch verdict {
            case .sound: "sound"
            case .brokenRow(let sequence, let reason): "row \(sequence): \(reason)"
            case .differs(let table, let id, let reason): "\(table) \(id): \(reason)"
            }
        #expect(words.hasPrefix(it.reason), "\(words)")
    }

    @Test("another key does not verify the payloads")
    func otherKey() throws {
        let bench = try Workbench()
        try bench.tell()
        let stranger = try ClinicDatabase.readOnly(path: bench.path, key: [1, 2, 3])
        #expect(
            try stranger.read { try $0.verify() }
                == .brokenRow(sequence: 1, reason: "its payload is not the one that was hashed"))
        try stranger.close()
    }

    @Test("a movement of stock without an event shows")
    func stock() throws {
        let bench = try Workbench()
        try bench.tell()
        var lot = bench.samples.recalledLot
        lot.onHand = 5
        // The schema would refuse it as well.
        try bench.dropTriggers()
        try bench.sql("DROP TABLE stock_balance")
        try bench.write { try $0.apply(bench.samples.event("inventory.counted", lot)) }
        #expect(
            try bench.clinic.read { try $0.verify() }
                == .differs(
                    table: "inventory_lot", id: "IMP-300|L1|MAIN",
                    reason: "the stock on hand is not the sum of the movements"))
    }

    @Test("an erased payload leaves the chain whole and the tables comparable")
    func erasure() throws {
        let bench = try Workbench()
        try bench.tell()
        try bench.write { unit throws in
            let erasure = try unit.appendNote(
                kind: "record.erased", subject: .patient(bench.samples.mrn), at: bench.samples.time,
                payload: Array("{}".utf8))
            try unit.erasePayload(of: 1, by: erasure)
            #expect(try unit.verify() == .sound(unit.head(), erased: 1))
            #expect(try unit.ledger(.after(sequence: 0, limit: 1)).first?.payload == nil)
            #expect(throws: RecordsFault.self) { try unit.erasePayload(of: 1, by: erasure) }
        }
    }

    @Test("rows are found by subject, patient, drop and entry, and hold no secret")
    func questions() throws {
        let bench = try Workbench()
        try bench.tell(upTo: "patient.registered")
        try bench.write { unit throws in
            unit.context.drop = 7
            unit.context.entry = 2
            let sequence = try unit.appendRejection(
                subject: .reference(.plan, "X"), at: bench.samples.time,
                payload: Array(#"{"codes":["plan.exists"]}"#.utf8))
            let row = try #require(try unit.ledger(.drop(7)).first)
            #expect(row.sequence == sequence)
            #expect(row.kind == "entry.rejected")
            #expect(row.drop == 7 && row.entry == 2 && row.configuration == "c0")
            #expect(try unit.ledger(.entry(drop: 7, entry: 2)) == [row])
            #expect(try unit.ledger(.entry(drop: 7, entry: 3)).isEmpty)
            #expect(try unit.ledger(.subject(.reference(.plan, "X"))) == [row])
            #expect(try unit.ledger(.patient(bench.samples.mrn)).map(\.sequence) == [1])
            #expect(try unit.ledger(.after(sequence: 1, limit: 9)) == [row])
            let payload = String(
                decoding: try unit.ledger(.after(sequence: 0, limit: 1))[0].payload ?? [], as: UTF8.self)
            #expect(payload.contains(#"{"entity":"credential","id":"10000016"}"#))
            #expect(payload.contains(#""family_name":"O'Neil""#))
            #expect(!payload.contains("$2b$"))
            #expect(!payload.contains(bench.samples.hash))
        }
    }
}
