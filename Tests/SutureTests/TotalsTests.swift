import Foundation
import Testing

/// What a sender declares of a file: where it differs, nothing of the file is applied.
@Suite("Declared totals")
struct TotalsTests {
    private func drained(_ bench: Bench, exit code: Int32 = 0) throws -> Summary {
        try bench.drop(Sample.stock("GOOD"), as: "zz-good.csv")
        return try bench.drain(exit: code)
    }

    @Test("a file whose name.ok declares what it holds is applied, and the .ok is gone with it")
    func right() throws {
        let bench = try Bench()
        try bench.drop(Sample.stock("S-1", "S-2"), as: "stock.csv")
        try bench.drop("rows=2\n", as: "stock.csv.ok")
        let summary = try drained(bench)
        #expect(summary.entries["applied"] == 3)
        #expect(try bench.files("inbox").isEmpty)
    }

    @Test(
        "a file whose name.ok declares something else, or cannot be read, is rejected whole before anything is applied",
        arguments: [
            ("rows=3\n", "drop.totals-differ"), ("rows=2 amount=1.00\n", "drop.totals-differ"),
            ("rows=zwei\n", "drop.totals-unreadable"),
        ])
    func wrong(declaration: String, code: String) throws {
        let bench = try Bench()
        try bench.drop(Sample.stock("S-1", "S-2"), as: "stock.csv")
        try bench.drop(declaration, as: "stock.csv.ok")
        let summary = try drained(bench)
        #expect(summary.drops["quarantined"] == 1)
        #expect(summary.entries == ["read": 1, "applied": 1, "duplicate": 0, "held": 0, "rejected": 0])
        #expect(try bench.findings().map(\.code) == [code])
        #expect(try bench.files("inbox").isEmpty)
        #expect(try bench.sql("SELECT count(*) FROM stock_movement") == "1")
    }

    @Test("what was declared is still known after a crash between the claim and the reading")
    func crashed() throws {
        let start = try Bench()
        try start.drop(Sample.stock("S-1", "S-2"), as: "stock.csv")
        try start.drop("rows=3\n", as: "stock.csv.ok")
        for (call, point) in [("renameat2", 1), ("unlink", 1), ("fsync", 2), ("fsync", 4)] {
            let bench = try Bench(copying: start)
            _ = try Bench.run(
                "/usr/bin/strace",
                [
                    "-f", "-o", "/dev/null", "-e", "trace=\(call)", "-e", "inject=\(call):signal=KILL:when=\(point)",
                    Bench.program.path, "run", "--once", "--workspace", bench.folder.path, "--now", Bench.now,
                ])
            try bench.drain()
            #expect(try bench.findings().map(\.code) == ["drop.totals-differ"], "\(call) \(point)")
            #expect(try bench.sql("SELECT count(*) FROM stock_movement") == "0")
        }
    }

    @Test(
        "an .ok that comes after its file was taken is taken too, and what it declares is told of the drop",
        arguments: [
            ("rows=3", "it declares 3 rows, the file had 2", 1), ("rows=2", "its rows are as many", 1),
            ("rows=2 amount=5.00", "was not compared", 1), ("rows=zwei", "it cannot be read", 1), ("OK", "Drop 1", 0),
        ])
    func late(declaration: String, words: String, warnings: Int) throws {
        let bench = try Bench()
        try bench.drop(Sample.stock("S-1", "S-2"), as: "stock.csv")
        try bench.drain(["--incomplete-after", "0"])
        try bench.drop(declaration, as: "stock.csv.ok")
        #expect(try bench.drain(["--incomplete-after", "0"]).warnings == warnings)
        #expect(try bench.files("inbox").isEmpty)
        let told = try Bench.suture(["explain", "1", "--workspace", bench.folder.path]).output
        #expect(told.contains("drop.declared-late") == (warnings == 1))
        #expect(told.contains(words))
        #expect(try bench.drain(["--incomplete-after", "0"]).warnings == 0, "it is told once")
        // The next file of that name is judged by itself.
        try bench.drop(Sample.stock("S-3"), as: "stock.csv")
        #expect(try bench.drain(["--incomplete-after", "0"]).entries["applied"] == 1)
    }

    @Test("an .ok whose file has not come stays for it, and the status names it")
    func stray() throws {
        let bench = try Bench()
        try bench.drop("rows=2", as: "stock.csv.ok")
        try bench.drain(["--incomplete-after", "0"])
        #expect(try bench.files("inbox").count == 1)
        #expect(
            try Bench.suture(["status", "--workspace", bench.folder.path]).output.contains("1 .ok without its file"))
        try bench.drop(Sample.stock("S-1"), as: "stock.csv")
        try bench.drain(["--incomplete-after", "0"])
        #expect(try bench.findings().map(\.code) == ["drop.totals-differ"])
        #expect(try bench.files("inbox").isEmpty)
    }

    /// A batch of two payments of 10 and of -2.50.
    private func batch(_ trailer: String, version: String = "2.5.1") -> String {
        let messages = [("M1", "10.00"), ("M2", "-2.50")].map { id, amount in
            "MSH|^~\\&|HIS|N|S|H|20261123170000+0000||DFT^P03^DFT_P03|\(id)|P|\(version)|||||||UNICODE UTF-8\r"
                + "PID|1||88214^^^HIS^PI||Dufour^Marianne||19840719|F\r"
                + "FT1|1|\(id)||20261123165500+0000||PY|CASH|x||1|\(amount)&GBP|||||||||ADM-STERLING||||FIN-HARGREAVES"
                + "||||||M0\r"
        }
        return "BHS|^~\\&|HIS|N|S|H\r" + messages.joined() + "\(trailer)\r"
    }

    @Test(
        "a batch that declares a total in BTS-3 is held to it and to its count; each of its messages is told",
        arguments: [
            ("BTS|2||7.51", ["drop.totals-differ", "drop.totals-differ"]),
            ("BTS|3||7.50", ["drop.totals-differ", "drop.totals-differ"]),
            ("BTS|2||7,5", ["drop.totals-unreadable", "drop.totals-unreadable"]),
        ])
    func batchDiffers(trailer: String, codes: [String]) throws {
        let bench = try Bench()
        try bench.drop(batch(trailer), as: "batch.hl7")
        let summary = try drained(bench)
        #expect(summary.entries["rejected"] == 2 && summary.entries["applied"] == 1)
        #expect(try bench.findings().map(\.code).filter { $0.hasPrefix("drop.") } == codes)
        let answers = try bench.files("outbox/acks").values.map { String(decoding: $0, as: UTF8.self) }
        #expect(answers.count == 1)
        #expect(answers[0].split(separator: "\r").filter { $0.hasPrefix("MSA|AE|") }.count == 2)
    }

    @Test(
        "a batch whose total is right, or that declares a count alone, is decided message by message",
        arguments: [("BTS|2||7.50", 0), ("BTS|0002||+7.5", 0), ("BTS|2", 0), ("BTS|3", 1)])
    func batchAgrees(trailer: String, warnings: Int) throws {
        let bench = try Bench()
        try bench.drop(batch(trailer), as: "batch.hl7")
        let summary = try drained(bench)
        #expect(summary.warnings == warnings)
        #expect(summary.entries["held"] == 2, "nobody is registered yet, and nothing else is wrong")
        #expect(try bench.findings().allSatisfy { !$0.code.hasPrefix("drop.") })
    }

    @Test("a header that names a form and lacks one of its columns says which")
    func missingColumn() throws {
        let bench = try Bench()
        try bench.drop(
            "reference,given_name,family_name,sex,email\nREG-1,Marianne,Dufour,F,m@mail.example\n", as: "reg.csv")
        let summary = try drained(bench)
        #expect(summary.drops["quarantined"] == 1)
        #expect(try bench.findings().map(\.code) == ["csv.missing-column"])
        let report = try Table(try #require(try bench.files("outbox/rejections").values.first))
        #expect(report.rows[0]["fields"] == "birth_date")
        #expect(report.rows[0]["detail"]?.contains("the form registration") == true)
    }
}
