import Foundation
import Testing

/// The disk answers a call with an error: the run ends and says so, and the next one makes all as if nothing had been.
@Suite("Disk faults", .serialized)
struct DiskFaultTests {
    static let calls = ["rename", "renameat2", "fsync", "fdatasync", "pwrite64", "write", "mkdir", "unlink", "openat"]

    @Test("an error of one call stops the run, and the next run completes it", arguments: calls, ["EIO", "ENOSPC"])
    func failed(call: String, error: String) throws {
        let start = try Bench()
        try start.drop(fixtures: "one-patient/csv")
        let whole = try Bench(copying: start)
        let count = try Self.traced(whole, ["trace=\(call)"]).log.count { $0.contains(" \(call)(") }
        let expected = try Outcome(whole)
        guard count > 0 else { return }
        let step = Bench.isExhaustive ? 1 : max(1, count / 2)
        for point in stride(from: 1, through: count, by: step) {
            let broken = try Bench(copying: start)
            let run = try Self.traced(broken, ["trace=\(call)", "inject=\(call):error=\(error):when=\(point)"])
            let place = "\(call) \(point) of \(count): \(run.answer.errors)"
            #expect(run.answer.status < 128, "it ends by itself; \(place)")
            if run.answer.status != 0 { #expect(!run.answer.errors.isEmpty, "it says why; \(place)") }
            #expect(try Outcome(broken) == expected, "\(place)")
        }
    }

    @Test("a sync that failed is not tried again by the same process", arguments: ["fsync", "fdatasync"])
    func syncOnce(call: String) throws {
        let start = try Bench()
        try start.drop(fixtures: "one-patient/csv")
        let whole = try Bench(copying: start)
        let count = try Self.traced(whole, ["trace=\(call)"]).log.count { $0.contains(" \(call)(") }
        let expected = try Outcome(whole)
        for point in stride(from: 1, through: count, by: Bench.isExhaustive ? 1 : max(1, count / 5)) {
            let broken = try Bench(copying: start)
            let run = try Self.traced(
                broken, ["trace=fsync,fdatasync", "inject=\(call):error=EIO:when=\(point)"])
            let index = try #require(run.log.firstIndex { $0.contains("EIO") && $0.contains("INJECTED") })
            let failed = try #require(Self.path(in: run.log[index]), "\(run.log[index])")
            // What counts for the database is its write-ahead log. Its file itself is a checkpoint's, which writes the
            // pages anew from the log before it syncs again; folder and journal are those of the new, empty database.
            let isCheckpoint = ["/var", "/suture.db", "/suture.db-journal"].contains { failed.hasSuffix($0) }
            guard call == "fsync" || !isCheckpoint else {
                #expect(try Outcome(broken) == expected, "\(call) \(point)")
                continue
            }
            // As the database is closed, its log is synced once more before the checkpoint; each commit has synced it
            // already, so that a failure there loses nothing and is no reason to end with an error.
            let isClosing = call == "fdatasync" && !run.log[(index + 1)...].contains { $0.contains("sync(") }
            if !isClosing { #expect(run.answer.status != 0, "\(call) \(point): it stops") }
            let again = run.log[(index + 1)...].filter { Self.path(in: $0) == failed && $0.hasSuffix(" = 0") }
            #expect(again.isEmpty, "\(call) \(point): \(failed)")
            #expect(try Outcome(broken) == expected, "\(call) \(point)")
        }
    }

    /// The path that strace shows with a descriptor: `fsync(7</tmp/…>)`.
    private static func path(in line: String) -> Substring? {
        guard let open = line.firstIndex(of: "<"), let close = line[open...].firstIndex(of: ">") else { return nil }
        return line[line.index(after: open)..<close]
    }

    private static func traced(_ bench: Bench, _ expressions: [String]) throws -> (answer: Bench.Answer, log: [String])
    {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("strace-\(UUID().uuidString)")
        let answer = try Bench.run(
            "/usr/bin/strace",
            ["-f", "-y", "-o", file.path] + expressions.flatMap { ["-e", $0] } + [
                Bench.program.path, "run", "--once", "--workspace", bench.folder.path, "--now", Bench.now,
            ])
        let log = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map(String.init)
        try FileManager.default.removeItem(at: file)
        return (answer, log)
    }
}
