import Foundation
import Testing

/// The clinic's day of `fixtures/day/`: twelve patients, clerks' errors, holds; every document against its golden file.
@Suite("The clinic's day", .serialized)
struct DayTests {
    static let golden = Bench.repository.appendingPathComponent("fixtures/golden/day")
    private static var isWriting: Bool { ProcessInfo.processInfo.environment["SUTURE_GOLDEN"] == "write" }

    @Test("every entry ends as fixtures/README.md says, and every document is as its golden file")
    func golden() throws {
        let bench = try Bench(key: Self.key)
        try bench.drop(fixtures: "day")
        let summary = try bench.drain()
        #expect(summary.drops == ["seen": 73, "archived": 71, "duplicate": 1, "quarantined": 1, "waiting": 0])
        #expect(summary.entries == ["read": 375, "applied": 345, "duplicate": 2, "held": 3, "rejected": 25])
        try bench.copyOutcomes()
        if Self.isWriting {
            try Bench.run("/bin/rm", ["-rf", Self.golden.path]).expectSuccess()
            try FileManager.default.createDirectory(at: Self.golden, withIntermediateDirectories: true)
            try Bench.run("/bin/cp", ["-R", bench.folder.appendingPathComponent("outbox/.").path, Self.golden.path])
                .expectSuccess()
        }
        let expected = try Bench.files(under: Self.golden)
        let actual = try bench.files("outbox")
        #expect(Set(actual.keys).symmetricDifference(expected.keys).sorted() == [])
        for (name, bytes) in expected.sorted(by: { $0.key < $1.key }) {
            #expect(actual[name] == bytes, "\(name) differs from its golden file")
        }
        #expect(expected.count > 390)
        try Bench.suture(["audit", "verify", "--workspace", bench.folder.path]).expectSuccess()
    }

    @Test("in two processes with other zones, locales and orders of copying, the trees are the same byte for byte")
    func sameInSameOut() throws {
        let first = try Bench(key: Self.key)
        let second = try Bench(copying: first)
        try first.drop(fixtures: "day")
        try second.dropBackwards(fixtures: "day")
        let one = try first.drain(in: ["TZ": "America/St_Johns", "LC_ALL": "C"])
        let other = try second.drain(in: ["TZ": "Asia/Kathmandu", "LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8"])
        #expect(one.ledger == other.ledger)
        #expect(one.documents == other.documents)
        let (left, right) = (try first.files("outbox"), try second.files("outbox"))
        #expect(Set(left.keys) == Set(right.keys))
        for (name, bytes) in left { #expect(right[name] == bytes, "\(name)") }
        #expect(try first.files("var/archive") == second.files("var/archive"))
    }

    @Test("dropped again, every entry is a duplicate, and nothing happens twice")
    func again() throws {
        let bench = try Bench(key: Self.key)
        try bench.drop(fixtures: "day")
        let first = try bench.drain()
        try bench.drop(fixtures: "day")
        let second = try bench.drain()
        #expect(second.entries["applied"] == 0)
        #expect(second.entries["duplicate"] == first.entries["applied"].map { $0 + (first.entries["duplicate"] ?? 0) })
        #expect(second.documents["bills"] == 0)
        #expect(second.documents["receipts"] == 0)
    }

    /// A key for tests alone, so that tokens and salts are the same each time.
    static let key = Data((0..<32).map { UInt8($0) })
}

extension Bench {
    /// Makes a workspace whose key is known.
    convenience init(key: Data) throws {
        try self.init()
        try key.write(to: folder.appendingPathComponent("var/keys/workspace.key"))
    }

    /// Puts what became of each entry beside the documents, as one more golden file.
    func copyOutcomes() throws {
        let query = """
            SELECT d.source || '/' || CAST(d.name AS TEXT), e.number, e.outcome, e.forms ->> '$[0].reference',
                (SELECT group_concat(value ->> '$.code', ' ') FROM json_each(CAST(e.findings AS TEXT))),
                (SELECT group_concat(value ->> '$.code', ' ') FROM json_each(CAST(e.warnings AS TEXT)))
            FROM entry e JOIN drops d ON d.number = e.drop_number ORDER BY e.drop_number, e.number
            """
        try Data((try sql(query) + "\n").utf8).write(to: folder.appendingPathComponent("outbox/outcomes.txt"))
    }

    /// Drains with other settings of the process.
    func drain(in environment: [String: String]) throws -> Summary {
        let answer = try Bench.suture(
            ["run", "--once", "--workspace", folder.path, "--format", "json", "--now", Bench.now],
            environment: environment)
        answer.expectSuccess()
        let line = answer.output.split(separator: "\n").last.map(String.init) ?? ""
        return try JSONDecoder().decode(Summary.self, from: Data(line.utf8))
    }

    /// The files below a folder with their contents, by relative path.
    static func files(under root: URL) throws -> [String: Data] {
        var files: [String: Data] = [:]
        for path in FileManager.default.subpaths(atPath: root.path) ?? [] {
            let file = root.appendingPathComponent(path)
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: file.path, isDirectory: &isFolder), !isFolder.boolValue else {
                continue
            }
            files[path] = try Data(contentsOf: file)
        }
        return files
    }

    /// Drops fixture files one by one, the last name first.
    func dropBackwards(fixtures path: String) throws {
        let root = Bench.repository.appendingPathComponent("fixtures/\(path)")
        for (name, bytes) in try Bench.files(under: root).sorted(by: { $0.key > $1.key }) {
            let target = folder.appendingPathComponent("inbox/\(name)")
            try FileManager.default.createDirectory(
                at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
            try bytes.write(to: target)
        }
    }
}
