import Foundation
import Testing

/// A drop whose reading ends the program by a fault of its own is tried again with care, then set aside.
@Suite("Poison", .serialized)
struct PoisonTests {
    @Test("a drop that crashes the program three times is set aside with a report, and the others go on")
    func setAside() throws {
        let bench = try Bench()
        try bench.drop(Self.stock, as: "scanner/a-stock.csv")
        for _ in 1...3 { try Self.crash(bench) }
        try bench.drop(Self.stock.replacingOccurrences(of: "S-1", with: "S-2"), as: "scanner/b-stock.csv")
        let summary = try bench.drain()
        #expect(summary.drops["quarantined"] == 1)
        #expect(summary.entries["applied"] == 1)
        #expect(try bench.sql("SELECT findings ->> '$[0].code' FROM drops WHERE number = 1") == "drop.poison")
        #expect(try bench.text("outbox/rejections/00000001.csv").contains("drop.poison"))
    }

    @Test("killed from outside as often, a drop is not blamed")
    func notBlamed() throws {
        let bench = try Bench()
        try bench.drop(Self.stock, as: "scanner/a-stock.csv")
        for _ in 1...3 { try Self.crash(bench, signal: "KILL") }
        let summary = try bench.drain()
        #expect(summary.drops["archived"] == 1)
        #expect(summary.entries["applied"] == 1)
    }

    /// Ends the program while it decides the first drop: at the write that would commit its entries.
    private static func crash(_ bench: Bench, signal: String = "SEGV") throws {
        let answer = try Bench.run(
            "/usr/bin/strace",
            [
                "-f", "-o", "/dev/null", "-e", "trace=pread64,read", "-P", workFile(bench), "-e",
                "inject=read:signal=\(signal):when=3+", Bench.program.path, "run", "--once", "--workspace",
                bench.folder.path, "--now", Bench.now,
            ], environment: ["SWIFT_BACKTRACE": "enable=no"])
        #expect(answer.status != 0)
    }

    private static func workFile(_ bench: Bench) -> String {
        bench.folder.appendingPathComponent("var/work/00000001").path
    }

    private static let stock = """
        reference,action,sku,lot,expires_on,quantity,scanned_at
        S-1,RECEIVE,SPLINT-NASAL,L1,2028-06-30,5,2026-11-20T08:00:00Z

        """
}
