import Foundation
import Testing

/// Bad input gets a finding with its place, and nothing else suffers: a good file beside it is always applied.
@Suite("Bad input")
struct BadInputTests {
    @Test("an unknown column is a warning at its header, and the row is applied")
    func unknownColumn() throws {
        let bench = try Bench()
        try bench.drop(
            "\(Sample.stockHeader),shelf\n\(Sample.stockRow("S-1")),top\n", as: "shelf.csv")
        let summary = try drainBesideGood(bench)
        #expect(summary.drops["archived"] == 2)
        #expect(summary.entries["applied"] == 2)
        #expect(summary.warnings == 1)
        let finding = try #require(try only(bench))
        #expect(finding.code == "entry.unknown-column")
        #expect(finding.line == 1)
        #expect(finding.column == Sample.stockHeader.count + 2)
    }

    @Test("an empty file is refused as such once it was waited for")
    func empty() throws {
        try expectQuarantine("drop.empty", line: 1, ["--incomplete-after", "0"]) { try $0.drop("", as: "empty.csv") }
    }

    @Test("a folder that is no source is set aside with all that is in it")
    func directory() throws {
        try expectQuarantine("drop.not-a-regular-file", line: 1) { bench in
            try bench.drop(Sample.stock("HIDDEN"), as: "to do/stock.csv")
        }
    }

    @Test("a symbolic link is set aside, and what it points to is neither read nor moved")
    func symbolicLink() throws {
        let bench = try Bench()
        try bench.drop(Sample.stock("SECRET"), as: ".elsewhere")
        let target = bench.path("inbox/.elsewhere")
        try FileManager.default.createSymbolicLink(atPath: bench.path("inbox/link.csv"), withDestinationPath: target)
        try FileManager.default.createSymbolicLink(atPath: bench.path("inbox/kiosk/loose"), withDestinationPath: "none")
        let summary = try drainBesideGood(bench)
        #expect(summary.drops["quarantined"] == 2)
        #expect(try bench.findings().map(\.code) == ["drop.not-a-regular-file", "drop.not-a-regular-file"])
        #expect(try bench.text("inbox/.elsewhere") == Sample.stock("SECRET"))
    }

    @Test("a file with a second name elsewhere is set aside, because somebody may still write to it")
    func hardLink() throws {
        try expectQuarantine("drop.not-a-regular-file", line: 1) { bench in
            try bench.drop(Sample.stock("S-1"), as: ".other-name")
            try FileManager.default.linkItem(
                atPath: bench.path("inbox/.other-name"), toPath: bench.path("inbox/stock.csv"))
        }
    }

    @Test("a named pipe is set aside, and nobody waits for its writer")
    func namedPipe() throws {
        try expectQuarantine("drop.not-a-regular-file", line: 1) { bench in
            #expect(mkfifo(bench.path("inbox/pipe.csv"), 0o600) == 0)
        }
    }

    @Test("a file of another clinic's format is refused whole, and its report names the nearest form")
    func foreignFormat() throws {
        try expectQuarantine("drop.unknown-form", line: 1) { bench in
            try bench.drop("Patientennummer;Nachname;Betrag\n17;Muster;12,50\n", as: "export.csv")
        }
    }

    @Test("an XML file with another root is refused whole")
    func foreignRoot() throws {
        try expectQuarantine("drop.unknown-form", line: 1) { bench in
            try bench.drop("<praxis xmlns=\"urn:other\"><patient/></praxis>\n", as: "export.xml")
        }
    }

    @Test("an XML file that is not well-formed is refused with the line of its fault")
    func malformed() throws {
        try expectQuarantine("xml.malformed", line: 3) { bench in
            try bench.drop(
                "<forms xmlns=\"urn:suture:forms:1\">\n<inventory reference=\"A\">\n<sku>1</lot>\n</inventory></forms>\n",
                as: "broken.xml")
        }
    }

    @Test("a DOCTYPE is refused before it costs anything")
    func documentType() throws {
        try expectQuarantine("xml.forbidden", line: nil) { bench in
            try bench.drop(
                "<!DOCTYPE forms [<!ENTITY a \"a\">]>\n<forms xmlns=\"urn:suture:forms:1\">&a;</forms>\n",
                as: "entities.xml")
        }
    }

    @Test("an archive or office file is refused by name")
    func archive() throws {
        try expectQuarantine("drop.container-file", line: 1) { bench in
            try bench.drop([0x50, 0x4B, 0x03, 0x04] + [UInt8](repeating: 0, count: 100), as: "stock.xlsx")
        }
    }

    @Test("two files of one name in two folders are two drops, each with its own source")
    func oneNameTwice() throws {
        let bench = try Bench()
        try bench.drop(Sample.stock("S-1"), as: "today.csv")
        try bench.drop(Sample.stock("S-1"), as: "scanner/today.csv")
        let summary = try drainBesideGood(bench)
        #expect(summary.drops["archived"] == 3)
        #expect(summary.entries["applied"] == 3, "a reference is its source's own")
        #expect(try bench.files("var/archive").count == 3)
    }

    @Test("a drop keeps the source of its folder, whatever the order of sources and names")
    func sourceOfFolder() throws {
        let bench = try Bench()
        let names = ["zz.csv", "aa.csv", "scanner/m.csv", "theater/a.csv", "theater/z.csv", "kiosk/k.csv"]
        for (index, name) in names.enumerated() { try bench.drop(Sample.stock("S-\(index)"), as: name) }
        try bench.drain()
        let stored = try bench.sql("SELECT source || '|' || CAST(name AS TEXT) FROM drops ORDER BY 1").split(
            separator: "\n")
        #expect(
            stored == [
                "front-desk|aa.csv", "front-desk|zz.csv", "kiosk|k.csv", "scanner|m.csv", "theater|a.csv",
                "theater|z.csv",
            ])
        for (index, name) in names.enumerated() {
            let file = name.split(separator: "/").last.map(String.init) ?? name
            let forms = try bench.sql(
                "SELECT entry.forms FROM entry JOIN drops ON drops.number = drop_number WHERE CAST(name AS TEXT) = '\(file)'"
            )
            #expect(forms.contains("\"S-\(index)\""), "\(name) holds its own entry: \(forms)")
        }
        // The kiosk may not drop stock; that it was refused shows that the file was taken for the kiosk's.
        #expect(try bench.findings().map(\.code) == ["entry.form-not-allowed"])
    }

    @Test("names of any bytes, long ones and ones like a number, are taken and lead nowhere")
    func oddNames() throws {
        let bench = try Bench()
        let long = String(repeating: "n", count: 250) + ".csv"
        for (index, name) in ["a\nb.csv", "-rf", "00000001", "%2e%2e%2f", long].enumerated() {
            try bench.drop(Sample.stock("S-\(index)"), as: name)
        }
        let notText = bench.path("inbox/latin")
        try bench.drop(Sample.stock("S-9"), as: "latin")
        let renamed = Array((bench.path("inbox") + "/").utf8CString.dropLast()) + [CChar(bitPattern: 0xE9), 0]
        #expect(rename(notText, renamed) == 0)
        let summary = try drainBesideGood(bench)
        #expect(summary.entries["applied"] == 7)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: bench.path("inbox")).allSatisfy { !$0.hasSuffix("csv") }
        )
    }

    @Test("a document taken away by its reader at once is not delivered again")
    func takenAway() throws {
        let bench = try Bench()
        try bench.drop(fixtures: "one-patient/csv")
        let whole = try Bench(copying: bench)
        try whole.drain()
        let expected = try whole.files("outbox")

        var taken: [String: [Data]] = [:]
        func take() throws {
            for (name, bytes) in try readable(bench) {
                taken[name, default: []].append(bytes)
                try FileManager.default.removeItem(atPath: bench.path("outbox/\(name)"))
            }
        }
        let running = try Running(["run", "--once", "--workspace", bench.folder.path, "--now", Bench.now])
        while running.isRunning { try take() }
        #expect(try running.end() == 0)
        try take()
        try bench.drain()
        try take()
        // A running file is written anew for every change: a reader who takes it sees each of its versions.
        let replaced = Set(
            try bench.sql("SELECT folder || '/' || name FROM outbound WHERE replaces").split(separator: "\n").map(
                String.init))
        for (name, versions) in taken where !replaced.contains(name) {
            #expect(versions == [expected[name]], "\(name)")
        }
        #expect(Set(taken.keys) == Set(expected.keys))
    }

    // MARK: - Steps

    /// The files of the outbox whose names its readers look at, without one that vanishes meanwhile.
    private func readable(_ bench: Bench) throws -> [(String, Data)] {
        let root = URL(fileURLWithPath: bench.path("outbox"))
        let all = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil)?.allObjects ?? []
        return all.compactMap { item in
            guard let file = item as? URL, !file.lastPathComponent.hasPrefix("."),
                let bytes = try? Data(contentsOf: file)
            else { return nil }
            return (String(file.path.dropFirst(root.path.count + 1)), bytes)
        }
    }

    /// Drops something that must be refused whole with one finding, and a good file.
    private func expectQuarantine(
        _ code: String, line: Int?, _ arguments: [String] = [], _ location: SourceLocation = #_sourceLocation,
        _ drop: (Bench) throws -> Void
    ) throws {
        let bench = try Bench()
        try drop(bench)
        let summary = try drainBesideGood(bench, arguments)
        #expect(summary.drops["quarantined"] == 1, sourceLocation: location)
        #expect(summary.drops["archived"] == 1, sourceLocation: location)
        #expect(
            summary.entries["rejected"] == 0, "a drop that is refused whole has no entries", sourceLocation: location)
        let finding = try #require(try only(bench), sourceLocation: location)
        #expect(finding.code == code, sourceLocation: location)
        #expect(finding.weight == "DROP", sourceLocation: location)
        if let line { #expect(finding.line == line, sourceLocation: location) }
        let aside = try FileManager.default.contentsOfDirectory(atPath: bench.path("var/quarantine"))
        #expect(aside.count == 1, "the file itself is kept", sourceLocation: location)
        let again = try bench.drain()
        #expect(again.drops["seen"] == 0, "it is not looked at again", sourceLocation: location)
        #expect(again.ledger == summary.ledger, sourceLocation: location)
    }

    private func drainBesideGood(_ bench: Bench, _ arguments: [String] = []) throws -> Summary {
        try bench.drop(Sample.stock("GOOD"), as: "good.csv")
        let summary = try bench.drain(arguments)
        #expect(
            try bench.sql("SELECT outcome FROM entry WHERE forms LIKE '%\"GOOD\"%'") == "APPLIED",
            "the good file does not suffer")
        return summary
    }

    private func only(_ bench: Bench) throws -> Bench.Finding? {
        let findings = try bench.findings()
        #expect(findings.count == 1, "\(findings)")
        return findings.first
    }
}
