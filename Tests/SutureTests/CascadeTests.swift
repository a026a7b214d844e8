import Foundation
import Testing

/// Entries that come before what they need: they wait, and settle when it comes, in one run.
@Suite("Cascades of holds")
struct CascadeTests {
    /// Every entry of one patient's pathway as a file of its own, in the order of the pathway.
    static func entries() throws -> [String] {
        let folder = Bench.repository.appendingPathComponent("fixtures/one-patient/csv").path
        return try FileManager.default.contentsOfDirectory(atPath: folder).sorted().flatMap { name in
            let rows = try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8).split(separator: "\n")
            return rows.dropFirst().map { "\(rows[0])\n\($0)\n" }
        }
    }

    /// What an entry is of, by its reference.
    private static func form(_ entry: String) -> Substring { entry.split(separator: "\n")[1].prefix { $0 != "-" } }

    /// The state of the clinic, without the numbers that we give to movements in the order in which they apply.
    static func state(of bench: Bench) throws -> [String: String] {
        var state: [String: String] = [:]
        for table in OnePatientTests.tables where table != "stock_movement" {
            state[table] = try bench.sql("SELECT * FROM \(table) ORDER BY id")
        }
        state["stock_movement"] = try bench.sql(
            """
            SELECT movement, sku, lot, location, serial, change, surgical_case, mrn, side, occurred_at, source, \
            reference FROM stock_movement ORDER BY reference
            """)
        return state
    }

    private func settle(_ entries: [String], like start: Bench) throws -> Bench {
        let bench = try Bench(copying: start)
        for (index, entry) in entries.enumerated() {
            try bench.drop(entry, as: String(format: "%03d.csv", index + 1))
        }
        let summary = try bench.drain()
        #expect(summary.drops["archived"] == entries.count)
        #expect(summary.entries["applied"] == entries.count, "\(summary.entries)")
        #expect(try bench.sql("SELECT count(*) FROM hold") == "0")
        #expect(try bench.sql("SELECT count(*) FROM wake") == "0")
        try Bench.suture(["audit", "verify", "--workspace", bench.folder.path]).expectSuccess()
        return bench
    }

    @Test("a whole pathway dropped in reverse, an entry a drop, settles in one run in the state of its own order")
    func reversed() throws {
        let entries = try Self.entries()
        #expect(entries.count == 32)
        let start = try Bench()
        let forward = try settle(entries, like: start)
        let reverse = try settle(entries.reversed(), like: start)
        #expect(try Self.state(of: reverse) == Self.state(of: forward))
        // All but three began by waiting, and each sender was told when that ended.
        #expect(try reverse.sql("SELECT count(*) FROM entry WHERE history <> '[]'") == "28")
        #expect(try reverse.files("outbox/answers").keys.filter { $0.contains("-f") }.count == 28)
        #expect(try reverse.sql("SELECT state, gross, patient_paid FROM bill") == "PARTIALLY_PAID|694020|150000")
    }

    /// Who tells of a case tells that it started after the patient was signed in; nobody keeps to the others' order.
    @Test("so it does in any order that keeps the order of each form", arguments: [7, 77, 777])
    func interleaved(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let start = try Bench()
        let entries = try Self.entries()
        let forward = try settle(entries, like: start)
        var forms = Dictionary(grouping: entries, by: Self.form).values.sorted { $0[0] < $1[0] }
        var mixed: [String] = []
        while !forms.isEmpty {
            let index = Int.random(in: forms.indices, using: &generator)
            mixed.append(forms[index].removeFirst())
            if forms[index].isEmpty { forms.remove(at: index) }
        }
        #expect(mixed.count == entries.count && mixed != entries)
        #expect(try Self.state(of: settle(mixed, like: start)) == Self.state(of: forward), "seed \(seed)")
    }

    // MARK: - Many

    /// So many changes of a patient who is not known yet.
    static func changes(_ count: Int) -> String {
        "reference,registration,occupation,occurred_at\n"
            + (1...count).map { "UPD-\($0),REG-1,baker of \($0) loaves,2026-10-13T11:00:00Z\n" }.joined()
    }

    @Test("what one event wakes is decided in units, and killed between two of them, the next start goes on")
    func boundedUnits() throws {
        let start = try Bench()
        try start.drop(Self.changes(1200), as: "1.csv")
        try start.drain()
        #expect(try start.sql("SELECT count(*) FROM hold") == "1200")
        try start.drop(Sample.registration("REG-1"), as: "2.csv")
        let whole = try Bench(copying: start)
        let expected = try Outcome(whole)
        #expect(try whole.sql("SELECT count(*) FROM hold") == "0")
        // Each unit of 250 ends with an answer of its own to the sender.
        #expect(try whole.files("outbox/answers").keys.filter { $0.contains("-f") }.count == 5)

        var pending: [Int] = []
        for point in stride(from: 300, through: 3900, by: 450) {
            let broken = try Bench(copying: start)
            _ = try Bench.run(
                "/usr/bin/strace",
                [
                    "-f", "-o", "/dev/null", "-e", "trace=pwrite64", "-e", "inject=pwrite64:signal=KILL:when=\(point)",
                    Bench.program.path, "run", "--once", "--workspace", broken.folder.path, "--now", Bench.now,
                ])
            pending.append(Int(try broken.sql("SELECT count(*) FROM wake")) ?? 0)
            #expect(try Outcome(broken) == expected, "killed at write \(point)")
        }
        #expect(pending.contains { $0 > 0 && $0 < 1200 }, "some were killed between two units: \(pending)")
    }

    @Test("held entries that expire are rejected in units, each with a correction of its own")
    func expiry() throws {
        let bench = try Bench()
        try bench.drop(Self.changes(600), as: "1.csv")
        try bench.drain()
        let summary = try bench.drain(now: "2026-11-24T18:00:01Z")
        #expect(summary.released["expired"] == 600)
        #expect(try bench.sql("SELECT held, rejected FROM drops") == "0|600")
        let corrections = try bench.files("outbox/corrections").values.map { try Table($0).rows.count }
        #expect(corrections.sorted() == [100, 250, 250])
        let codes = Set(try bench.findings().filter { $0.weight == "ERROR" }.map(\.code))
        #expect(codes == ["patient.unknown"])
        #expect(try bench.sql("SELECT count(*) FROM ledger WHERE kind = 'entry.rejected'") == "600")
    }

    @Test("a mended entry of the same reference replaces the one that waits, and is applied in its stead")
    func mended() throws {
        let bench = try Bench()
        let header = "reference,action,consultation,registration,surgeon,starts_at,minutes,kind,occurred_at\n"
        let row = "SUR-LINDQVIST,2026-12-01T09:00:00Z,45,FIRST,2026-10-12T11:00:00Z\n"
        try bench.drop(header + "CON-1,SCHEDULE,K-1,REG-X,\(row)", as: "1.csv")
        #expect(try bench.drain().entries["held"] == 1)
        try bench.drop(header + "CON-1,SCHEDULE,K-1,REG-1,\(row)", as: "2.csv")
        #expect(try bench.drain().entries["held"] == 1)
        #expect(try bench.sql("SELECT drop_number, key_list FROM hold") == #"2|["registration:REG-1"]"#)
        #expect(try bench.sql("SELECT outcome FROM entry ORDER BY drop_number") == "DUPLICATE\nHELD")
        try bench.drop(Sample.registration("REG-1"), as: "3.csv")
        #expect(try bench.drain().released["applied"] == 1)
        #expect(try bench.sql("SELECT outcome FROM entry ORDER BY drop_number") == "DUPLICATE\nAPPLIED\nAPPLIED")
        #expect(try bench.sql("SELECT count(*) FROM consultation") == "1")
    }

    @Test("an operator has one entry decided again, or rejects it, and the others go on waiting")
    func decided() throws {
        let bench = try Bench()
        try bench.drop(Self.changes(3), as: "1.csv")
        try bench.drain()
        let header = "reference,action,held,actor,reason,occurred_at\n"
        try bench.drop(
            header + "D-1,REJECT,1/2,ADM-STERLING,asked for twice,2026-11-23T17:00:00Z\n"
                + "D-2,RELEASE,1/3,ADM-STERLING,look again,2026-11-23T17:00:00Z\n"
                + "D-3,REJECT,1/x/2,ADM-STERLING,no such name,2026-11-23T17:00:00Z\n", as: "2.csv")
        let summary = try bench.drain()
        #expect(summary.entries["applied"] == 2 && summary.entries["rejected"] == 1)
        #expect(summary.released["rejected"] == 1)
        #expect(try bench.sql("SELECT entry FROM hold ORDER BY entry") == "1\n3")
        #expect(
            try bench.sql("SELECT kind, subject FROM ledger WHERE kind LIKE 'decision.%' ORDER BY sequence")
                == "decision.reject|entry:1/2\ndecision.release|entry:1/3")
        let findings = try bench.findings().filter { $0.drop == 1 && $0.entry == 2 && $0.weight == "ERROR" }
        #expect(findings.map(\.code) == ["decision.rejected", "patient.unknown"])
    }
}
