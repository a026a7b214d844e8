import Foundation
import Testing

/// Kills the program at every point where it changes the disk; what a later run makes of it must be as if nothing was.
@Suite("Crashes", .serialized)
struct CrashTests {
    /// The system calls by which the program changes what a crash leaves.
    static let calls = ["rename", "renameat2", "fsync", "fdatasync", "unlink", "mkdir", "ftruncate", "pwrite64"]

    @Test("killed at a rename, a sync, an unlink or a write, nothing is lost, doubled or torn", arguments: calls)
    func killedAt(call: String) throws {
        let start = try Bench()
        try start.drop(fixtures: "one-patient/csv")
        let whole = try Bench(copying: start)
        let count = try Self.count(call, in: whole)
        let expected = try Outcome(whole)
        guard count > 0 else { return }

        let step = Bench.isExhaustive ? 1 : max(1, count / 6)
        for point in stride(from: 1, through: count, by: step) {
            let broken = try Bench(copying: start)
            try Self.kill(broken, at: call, point)
            try broken.drain()
            #expect(try Outcome(broken) == expected, "\(call) \(point) of \(count)")
            let after = try broken.drain()
            #expect(after.ledger == expected.ledger, "a further drain changes nothing")
        }
    }

    @Test("killed at a moment that nobody chose, nothing is lost, doubled or torn")
    func killedAtRandom() throws {
        let start = try Bench()
        try start.drop(fixtures: "one-patient/csv")
        let whole = try Bench(copying: start)
        let took = try whole.drain().elapsedSeconds
        let expected = try Outcome(whole)
        var generator = SeededGenerator(seed: 20_261_123)
        for round in 1...(Bench.isExhaustive ? 200 : 8) {
            let broken = try Bench(copying: start)
            // Killed again during recovery, up to twice.
            for _ in 0..<Int.random(in: 1...2, using: &generator) {
                let delay = Double.random(in: 0.005...max(0.05, took * 1.1), using: &generator)
                _ = try Bench.run(
                    "/usr/bin/timeout",
                    ["-s", "KILL", "\(delay)", Bench.program.path] + Self.arguments(broken))
            }
            try broken.drain()
            #expect(try Outcome(broken) == expected, "round \(round), seed 20261123")
        }
    }

    private static func arguments(_ bench: Bench) -> [String] {
        ["run", "--once", "--workspace", bench.folder.path, "--now", Bench.now]
    }

    private static func count(_ call: String, in bench: Bench) throws -> Int {
        let log = bench.folder.appendingPathComponent("var/strace.log")
        try Bench.run(
            "/usr/bin/strace", ["-f", "-o", log.path, "-e", "trace=\(call)", program] + arguments(bench)
        ).expectSuccess()
        let lines = try String(contentsOf: log, encoding: .utf8).split(separator: "\n")
        try FileManager.default.removeItem(at: log)
        return lines.filter { $0.contains(" \(call)(") }.count
    }

    private static func kill(_ bench: Bench, at call: String, _ point: Int) throws {
        _ = try Bench.run(
            "/usr/bin/strace",
            [
                "-f", "-o", "/dev/null", "-e", "trace=\(call)", "-e", "inject=\(call):signal=KILL:when=\(point)",
                program,
            ] + arguments(bench))
    }

    private static var program: String { Bench.program.path }
}

/// What a run leaves: the outbox byte for byte, the archive, the ledger, and nothing half done.
struct Outcome: Equatable {
    let outbox: [String: Data]
    let archive: [String: Data]
    let ledger: Summary.Ledger
    let entries: String

    init(_ bench: Bench) throws {
        ledger = try bench.drain().ledger
        outbox = try bench.files("outbox")
        archive = try bench.files("var/archive")
        entries = try bench.sql(
            "SELECT outcome, count(*) FROM entry GROUP BY outcome ORDER BY outcome")
        #expect(try bench.files("var/work").isEmpty)
        #expect(try bench.files("var/outgoing").isEmpty)
        #expect(try bench.sql("PRAGMA integrity_check") == "ok")
        #expect(try bench.sql("PRAGMA foreign_key_check") == "")
    }
}

/// Numbers that are the same for the same seed (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
