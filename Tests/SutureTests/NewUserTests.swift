import Foundation
import Testing

/// What somebody meets who has just set a workspace up.
@Suite("New users")
struct NewUserTests {
    @Test("a new empty folder in the inbox is left alone")
    func emptyFolder() throws {
        let bench = try Bench()
        try makeFolder(bench, "inbox/newsource")
        #expect(try bench.drain().drops["seen"] == 0)
        #expect(bench.exists("inbox/newsource"))
    }

    @Test("a folder with files that is no source is set aside, and its sender is told to configure the source")
    func unknownSource() throws {
        let bench = try Bench()
        try bench.drop(Sample.stock("S-1"), as: "newsource/stock.csv")
        #expect(try bench.drain().drops["quarantined"] == 1)
        let answer = try #require(try bench.files("outbox/answers/front-desk").first)
        #expect(String(decoding: answer.value, as: UTF8.self).contains("add it to `sources:` in clinic/clinic.yml"))
        let set = try #require(try bench.files("var/quarantine").first)
        #expect(set.key.hasSuffix("/stock.csv"))
    }

    @Test("a folder within a source's folder is set aside, and its sender is told to drop plain files")
    func folderInSource() throws {
        let bench = try Bench()
        try makeFolder(bench, "inbox/kiosk/newsource")
        #expect(try bench.drain().drops["quarantined"] == 1)
        let answer = try #require(try bench.files("outbox/answers/kiosk").first)
        let text = String(decoding: answer.value, as: UTF8.self)
        #expect(text.contains("drop a plain file"))
        #expect(!text.contains("sources:"))
    }

    @Test("a quarantined folder that may hold a password is purged with all in it, and no link in it is followed")
    func purgedFolder() throws {
        let bench = try Bench()
        try bench.drop("secret", as: "newsource/deep/er/file.csv")
        try Data("kept".utf8).write(to: bench.folder.appendingPathComponent("elsewhere.txt"))
        for (link, target) in [("file", "elsewhere.txt"), ("folder", "clinic")] {
            try FileManager.default.createSymbolicLink(
                atPath: bench.path("inbox/newsource/deep/\(link)"), withDestinationPath: bench.path(target))
        }
        try bench.drain()
        #expect(try names(bench, "var/quarantine").first?.contains("-purge-2026-12-23") == true)
        try bench.drain(now: "2026-12-23T18:00:00Z")
        #expect(try names(bench, "var/quarantine").count == 1, "it is kept until its date")
        try bench.drain(now: "2026-12-24T18:00:00Z")
        #expect(try names(bench, "var/quarantine").isEmpty)
        #expect(try bench.text("elsewhere.txt") == "kept")
        #expect(bench.exists("clinic/clinic.yml"))
    }

    @Test("originals lose their sender's wide rights in the archive and the quarantine")
    func rights() throws {
        let bench = try Bench()
        try bench.drop(Sample.stock("S-1"), as: "stock.csv")
        try bench.drop("a,b\n1,2\n", as: "unknown.csv")
        for name in ["stock.csv", "unknown.csv"] { #expect(chmod(bench.path("inbox/\(name)"), 0o644) == 0) }
        #expect(chmod(bench.path("var/archive"), 0o755) == 0)
        try bench.drain()
        let archived = try bench.files("var/archive").keys.map { "var/archive/\($0)" }
        let aside = try bench.files("var/quarantine").keys.map { "var/quarantine/\($0)" }
        #expect(archived.count == 1 && aside.count == 1)
        for path in archived + aside { #expect(try mode(bench, path) == 0o600, "\(path)") }
        #expect(try mode(bench, "var/archive") == 0o700)
    }

    @Test("the rights by which a sender reaches its inbox are kept")
    func searchRight() throws {
        let bench = try Bench()
        #expect(chmod(bench.folder.path, 0o755) == 0)
        #expect(chmod(bench.path("inbox"), 0o711) == 0)
        try bench.drain()
        #expect(try mode(bench, "") == 0o711)
        #expect(try mode(bench, "inbox") == 0o711)
    }

    @Test("status lists each held entry with what it waits for")
    func listedHolds() throws {
        let bench = try benchWithHold()
        let text = try ask(bench, "status").output
        #expect(text.contains("1/1"))
        #expect(text.contains("CON-1"))
        #expect(text.contains("registration:REG-1"))
        let json = try ask(bench, "status", "--format", "json").output
        #expect(json.contains(#""held_entries":1"#))
        #expect(json.contains(#""entry":"1/1""#))
        #expect(json.contains(#""holds_not_listed":0"#))
    }

    @Test("an operator's rejection is told in the answer, the correction and the entry's story, and nothing waits")
    func rejectedByOperator() throws {
        let bench = try benchWithHold()
        try bench.drop(
            "reference,action,held,actor,reason\nDEC-1,REJECT,1/1,SUR-LINDQVIST,booked twice\n", as: "decision.csv")
        let summary = try bench.drain()
        #expect(summary.released["rejected"] == 1)
        #expect(summary.entries["applied"] == 1)
        let answers = try bench.files("outbox/answers/front-desk").filter { $0.key.contains("00000001-f") }
        let answer = String(decoding: try #require(answers.first).value, as: UTF8.self)
        #expect(answer.contains("rejected by an operator (by SUR-LINDQVIST: booked twice)"))
        #expect(!answer.contains("waits for"))
        let report = try #require(
            try bench.files("outbox/rejections").first { $0.key.contains("00000001-f") })
        let rows = String(decoding: report.value, as: UTF8.self)
        #expect(rows.contains("decision.rejected"))
        #expect(!rows.contains("WAITS"))
        #expect(!rows.contains("LINDQVIST") && !rows.contains("booked twice"), "it is de-identified")
        let correction = try #require(try bench.files("outbox/corrections/front-desk").first)
        #expect(String(decoding: correction.value, as: UTF8.self).contains("decision.rejected"))
        let story = try ask(bench, "explain", "1/1").output
        #expect(story.contains("decision.rejected: rejected by an operator"))
        #expect(story.contains("an operator rejected a held entry: booked twice (SUR-LINDQVIST)"))
        try ask(bench, "audit", "verify")
    }

    @Test("run --once names the unfinished file that it waits for, once")
    func namedWaiting() throws {
        let bench = try Bench()
        try bench.drop(String(Sample.stock("S-1").dropLast()), as: "kiosk/half\u{1B}.csv")
        let answer = try Bench.suture(
            ["run", "--once", "--workspace", bench.folder.path, "--now", Bench.now, "--incomplete-after", "2"])
        answer.expectSuccess()
        let lines = answer.errors.split(separator: "\n").filter { $0.hasPrefix("waiting for") }
        #expect(lines == ["waiting for kiosk/half\\x1b.csv: its end is not there yet (up to 2 s)"])
    }

    @Test("while it watches, each drain is one line of its own numbers, and the stop is told")
    func drainLines() throws {
        let bench = try Bench()
        let running = try Running.watching(bench)
        for number in 1...2 {
            try bench.drop(Sample.stock("S-\(number)"), as: ".draft")
            try FileManager.default.moveItem(
                atPath: bench.path("inbox/.draft"), toPath: bench.path("inbox/\(number).csv"))
            try eventually("it is told") { running.output.split(separator: "\n").count == 1 + number }
        }
        #expect(try running.stop() == 0)
        let lines = running.output.split(separator: "\n").dropFirst().map(String.init)
        #expect(lines.count == 3)
        for line in lines.prefix(2) {
            #expect(line.hasPrefix("18:00:00  1 drop archived, 1 entry applied"), "\(line)")
        }
        #expect(lines.last == "stopped")
    }

    @Test("while it watches, --format json prints one object for each drain, with its time and its own numbers")
    func drainObjects() throws {
        let bench = try Bench()
        let running = try Running([
            "run", "--workspace", bench.folder.path, "--now", Bench.now, "--format", "json",
        ])
        for number in 1...2 {
            try bench.drop(Sample.stock("S-\(number)"), as: ".draft")
            try FileManager.default.moveItem(
                atPath: bench.path("inbox/.draft"), toPath: bench.path("inbox/\(number).csv"))
            try eventually("it is told") { running.output.split(separator: "\n").count == number }
        }
        #expect(try running.stop() == 0)
        let lines = running.output.split(separator: "\n")
        #expect(lines.count == 2)
        for line in lines {
            let summary = try JSONDecoder().decode(Summary.self, from: Data(line.utf8))
            #expect(summary.drops["archived"] == 1)
            #expect(summary.entries["applied"] == 1)
            #expect(line.contains(#""at":"2026-11-23T18:00:00"#))
        }
    }

    // MARK: - Steps

    /// A workspace in which the first drop's only entry waits for a registration.
    private func benchWithHold() throws -> Bench {
        let bench = try Bench()
        try bench.drop(
            """
            reference,action,consultation,registration,surgeon,starts_at,minutes,kind,occurred_at
            CON-1,SCHEDULE,K-1,REG-1,SUR-LINDQVIST,2026-11-25T09:00:00Z,45,FIRST,2026-11-20T10:00:00Z

            """, as: "consultation.csv")
        #expect(try bench.drain().entries["held"] == 1)
        return bench
    }

    @discardableResult
    private func ask(_ bench: Bench, _ arguments: String...) throws -> Bench.Answer {
        try Bench.suture(arguments + ["--workspace", bench.folder.path]).expectSuccess()
    }

    private func makeFolder(_ bench: Bench, _ path: String) throws {
        try FileManager.default.createDirectory(atPath: bench.path(path), withIntermediateDirectories: true)
    }

    private func names(_ bench: Bench, _ path: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: bench.path(path))
    }

    private func mode(_ bench: Bench, _ path: String) throws -> Int {
        let facts = try FileManager.default.attributesOfItem(atPath: bench.path(path))
        return try #require(facts[.posixPermissions] as? NSNumber).intValue
    }
}
