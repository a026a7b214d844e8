import Foundation
import Testing

/// What a script learns from the exit code, after sysexits.h.
@Suite("Exit codes")
struct ExitCodeTests {
    @Test("75 while another processor holds the workspace, and the first goes on")
    func busy() throws {
        let bench = try Bench()
        let first = try Running.watching(bench)
        let second = try Bench.suture(["run", "--once", "--workspace", bench.folder.path])
        #expect(second.status == 75)
        #expect(second.errors.contains("another processor"))
        try bench.drop(Sample.stock("S-1"), as: "stock.csv")
        try eventually("the first takes the file") { try !bench.files("outbox/answers").isEmpty }
        #expect(try first.stop() == 0)
        try bench.drain()
    }

    @Test("78 where there is no workspace, and nothing is made there")
    func noWorkspace() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("empty-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { do { try FileManager.default.removeItem(at: folder) } catch { Issue.record("\(error)") } }
        let answer = try Bench.suture(["run", "--once", "--workspace", folder.path])
        #expect(answer.status == 78)
        #expect(answer.errors.contains("no workspace"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
        #expect(try Bench.suture(["run", "--once", "--workspace", folder.path + "/none"]).status == 78)
    }

    @Test("78 for a fault in the configuration, with its file and line, and the inbox is left alone")
    func configuration() throws {
        let bench = try Bench()
        try bench.drop(Sample.stock("S-1"), as: "stock.csv")
        let file = URL(fileURLWithPath: bench.path("clinic/clinic.yml"))
        let good = try String(contentsOf: file, encoding: .utf8)
        let lines = good.split(separator: "\n", omittingEmptySubsequences: false)
        let index = try #require(lines.firstIndex { $0.hasPrefix("  turnover_minutes:") })
        var bad = lines.map(String.init)
        bad[index] = "  turnover_minutes: a while"
        try bad.joined(separator: "\n").write(to: file, atomically: true, encoding: .utf8)
        let answer = try Bench.suture(["run", "--once", "--workspace", bench.folder.path])
        #expect(answer.status == 78)
        #expect(answer.errors.contains("clinic.yml:\(index + 1)"), "\(answer.errors)")
        #expect(bench.exists("inbox/stock.csv"))
        try good.write(to: file, atomically: true, encoding: .utf8)
        #expect(try bench.drain().entries["applied"] == 1)
    }

    @Test("78 for a configuration file that is missing or no YAML", arguments: ["missing", "torn"])
    func configurationFile(how: String) throws {
        let bench = try Bench()
        let file = bench.path("clinic/procedures.yml")
        switch how {
        case "missing": try FileManager.default.removeItem(atPath: file)
        default: try Data("procedures: [\n".utf8).write(to: URL(fileURLWithPath: file))
        }
        let answer = try Bench.suture(["run", "--once", "--workspace", bench.folder.path])
        #expect(answer.status == 78)
        #expect(answer.errors.contains("procedures.yml:"), "\(answer.errors)")
    }

    @Test("rejections are no failure, unless --fail-on-rejection makes them 1")
    func failOnRejection() throws {
        let bench = try Bench()
        try bench.drop("\(Sample.stockHeader)\n\(Sample.stockRow("S-1", quantity: "many"))\n", as: "bad.csv")
        let copy = try Bench(copying: bench)
        #expect(try bench.drain().entries["rejected"] == 1)
        #expect(try copy.drain(["--fail-on-rejection"], exit: 1).entries["rejected"] == 1)
        #expect(try copy.drain(["--fail-on-rejection"]).entries["read"] == 0, "a run without rejections ends with 0")
    }

    @Test(
        "64 for what the command line does not know",
        arguments: [
            ["run", "--frobnicate"], ["run", "--now", "yesterday"], ["run", "--incomplete-after", "-1"], ["operate"],
            ["run", "--format", "yaml"],
        ])
    func usage(arguments: [String]) throws {
        let answer = try Bench.suture(arguments)
        #expect(answer.status == 64)
        #expect(answer.errors.contains("Usage:"))
    }

    @Test("init refuses a folder that is not empty, and changes nothing in it")
    func initTwice() throws {
        let bench = try Bench()
        let key = try Data(contentsOf: URL(fileURLWithPath: bench.path("var/keys/workspace.key")))
        #expect(try Bench.suture(["init", bench.folder.path]).status == 78)
        #expect(try Data(contentsOf: URL(fileURLWithPath: bench.path("var/keys/workspace.key"))) == key)
    }
}
