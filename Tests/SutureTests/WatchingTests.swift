import Foundation
import Testing

/// A processor that watches takes a file when its writer is done with it, and not before.
@Suite("Watching")
struct WatchingTests {
    @Test("a file that is renamed into the inbox is taken")
    func renamedIn() throws {
        try watching { bench in
            try bench.drop(Sample.stock("S-1"), as: ".draft")
            try move(bench, ".draft", "stock.csv")
            try eventually("it is applied") { try isArchived(bench, 1) }
        }
    }

    @Test("a file that is renamed into a source's folder is taken for that source")
    func renamedIntoSource() throws {
        try watching { bench in
            try bench.drop(Sample.stock("S-1"), as: ".draft")
            try move(bench, ".draft", "scanner/stock.csv")
            try eventually("it is applied") { try isArchived(bench, 1) }
            #expect(try bench.sql("SELECT source FROM drops") == "scanner")
        }
    }

    @Test("a file with an open writer is taken only when it is closed, however whole it looks")
    func slowWriter() throws {
        try watching { bench in
            let path = bench.path("inbox/slow.csv")
            try Data().write(to: URL(fileURLWithPath: path))
            let writer = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
            try writer.write(contentsOf: Data(Sample.stock("S-1").utf8))
            try bench.drop(Sample.stock("S-2"), as: "z-other.csv")
            try eventually("the other file is applied") { try isArchived(bench, 1) }
            #expect(bench.exists("inbox/slow.csv"), "it still has a writer")
            try writer.write(contentsOf: Data((Sample.stockRow("S-3") + "\n").utf8))
            try writer.close()
            try eventually("it is applied whole") { try isArchived(bench, 2) }
            #expect(try bench.sql("SELECT count(*) FROM entry WHERE outcome = 'APPLIED'") == "3")
        }
    }

    @Test("a half-written file waits, the rest comes, and nothing of it is lost or read twice")
    func halfWritten() throws {
        try watching { bench in
            let whole = Sample.stock("S-1", "S-2")
            try bench.drop(Array(whole.utf8.dropLast(20)), as: "half.csv")
            try bench.drop(Sample.stock("GOOD"), as: "z-good.csv")
            try eventually("the good file is applied") { try isArchived(bench, 1) }
            #expect(bench.exists("inbox/half.csv"), "it waits")
            let writer = try FileHandle(forWritingTo: URL(fileURLWithPath: bench.path("inbox/half.csv")))
            try writer.seekToEnd()
            try writer.write(contentsOf: Data(whole.utf8.suffix(20)))
            try writer.close()
            try eventually("it is applied") { try isArchived(bench, 2) }
            #expect(try bench.sql("SELECT count(*) FROM entry WHERE outcome = 'APPLIED'") == "3")
        }
    }

    @Test("a file under a name that ends in .part or .tmp waits for its rename", arguments: [".part", ".tmp"])
    func part(ending: String) throws {
        try watching { bench in
            try bench.drop(Sample.stock("S-1"), as: "stock.csv\(ending)")
            try bench.drop(Sample.stock("S-2"), as: "z-other.csv")
            try eventually("the other file is applied") { try isArchived(bench, 1) }
            #expect(bench.exists("inbox/stock.csv\(ending)"))
            try move(bench, "stock.csv\(ending)", "stock.csv")
            try eventually("it is applied") { try isArchived(bench, 2) }
        }
    }

    @Test("a marker name.ok says that a file without an end is whole, and goes with it")
    func marker() throws {
        try watching { bench in
            try bench.drop(Array(Sample.stock("S-1").utf8.dropLast()), as: "stock.csv")
            try bench.drop(Sample.stock("S-2"), as: "z-other.csv")
            try eventually("the other file is applied") { try isArchived(bench, 1) }
            #expect(bench.exists("inbox/stock.csv"), "without the end of its last line it waits")
            try bench.drop("", as: "stock.csv.ok")
            try eventually("it is applied") { try isArchived(bench, 2) }
            #expect(try bench.sql("SELECT count(*) FROM entry WHERE outcome = 'APPLIED'") == "2")
            #expect(!bench.exists("inbox/stock.csv.ok"))
        }
    }

    @Test("many files at once are each taken once, and a stop leaves each done or in the inbox")
    func many() throws {
        let bench = try Bench()
        let running = try Running.watching(bench)
        for index in 1...40 {
            try bench.drop(Sample.stock("S-\(index)"), as: ".draft")
            try move(bench, ".draft", index.isMultiple(of: 2) ? "scanner/\(index).csv" : "\(index).csv")
        }
        try eventually("some are applied") { try !bench.files("var/archive").isEmpty }
        #expect(try running.stop() == 0)
        try bench.drain()
        #expect(try bench.sql("SELECT count(*), count(DISTINCT forms) FROM entry WHERE outcome = 'APPLIED'") == "40|40")
        #expect(try bench.files("var/work").isEmpty)
    }

    @Test("stopped by an interrupt from the keyboard it ends with 0 as well")
    func interrupted() throws {
        let bench = try Bench()
        let running = try Running.watching(bench)
        #expect(try running.stop(by: SIGINT) == 0)
        #expect(running.errors.isEmpty, "\(running.errors)")
    }

    // MARK: - Steps

    /// Runs a watching processor, which must end on SIGTERM with 0 and with everything done.
    private func watching(_ body: (Bench) throws -> Void) throws {
        let bench = try Bench()
        let running = try Running.watching(bench)
        try body(bench)
        #expect(try running.stop() == 0)
        #expect(running.errors.isEmpty, "\(running.errors)")
        #expect(try bench.files("var/work").isEmpty)
        #expect(try bench.files("var/outgoing").isEmpty)
        #expect(try bench.sql("SELECT count(*) FROM drops WHERE state NOT IN ('ARCHIVED', 'QUARANTINED')") == "0")
        #expect(try bench.sql("SELECT count(*) FROM outbound WHERE state <> 'DELIVERED'") == "0")
        #expect(try bench.drain().drops["seen"] == 0)
    }

    private func isArchived(_ bench: Bench, _ count: Int) throws -> Bool {
        try bench.sql("SELECT count(*) FROM drops WHERE state = 'ARCHIVED'") == "\(count)"
    }

    private func move(_ bench: Bench, _ name: String, _ target: String) throws {
        try FileManager.default.moveItem(atPath: bench.path("inbox/\(name)"), toPath: bench.path("inbox/\(target)"))
    }
}
