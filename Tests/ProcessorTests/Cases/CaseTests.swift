import Clinic
import Drops
import DurableFiles
import Foundation
import GRDB
import Records
import Testing

@testable import Processor

/// Every rule both ways: the case that breaks it, and its neighbor that does not.
@Suite("The cases of the rules")
struct CaseTests {
    private static let isWriting = ProcessInfo.processInfo.environment["SUTURE_GOLDEN"] == "write"

    @Test("every rule has its case, and every case its rule")
    func coverage() throws {
        for name in try CaseFolder.names(in: CaseFolder.root) { _ = try CaseFolder.named(name) }
        let codes = Set(Rule.all.filter(\.isEnforced).map(\.code))
        let names = Set(CaseFolder.all.map(\.name))
        #expect(codes.subtracting(names).sorted() == [], "rules without a folder in fixtures/cases")
        #expect(names.subtracting(Rule.all.map(\.code)).sorted() == [], "folders that name no rule")
        for folder in CaseFolder.all {
            if let test = folder.settings.test {
                try expectTest(test, of: folder)
                continue
            }
            #expect(try folder.files("wrong.").count == 1, "\(folder.name): one file named wrong")
            #expect(try folder.files("right.").count == 1, "\(folder.name): one file named right")
            if Rule.named(folder.name)?.weight == .holds {
                #expect(try !folder.files("then").isEmpty, "\(folder.name): what arrives later, to settle it")
            }
        }
    }

    /// A rule that no drop can trigger by itself is proven by a test that the case names.
    private func expectTest(_ test: String, of folder: CaseFolder) throws {
        let parts = test.split(separator: " ", maxSplits: 1).map(String.init)
        try #require(parts.count == 2, "\(folder.name): test: is `Folder/File.swift function`")
        let file = URL(fileURLWithPath: CommandBench.sources).appendingPathComponent("Tests/\(parts[0])")
        let text = try String(contentsOf: file, encoding: .utf8)
        #expect(text.contains("func \(parts[1])("), "\(folder.name): no function \(parts[1]) in \(parts[0])")
        #expect(text.contains(folder.name), "\(folder.name) is not named in \(parts[0])")
    }

    @Test("the wrong case breaks the rule, as its golden file tells", arguments: CaseFolder.all)
    func wrong(_ folder: CaseFolder) async throws {
        guard folder.settings.test == nil else { return }
        let (bench, code) = (try await stage(for: folder), folder.name)
        let file = try #require(folder.files("wrong.").first)
        var played = try #require(
            bench.drop([file], source: folder.settings.source, special: folder.settings.special).first)
        if let other = folder.settings.against { played = try bench.played(other) }
        let found = Set(played.all.map(\.code))
        #expect(found == Set([code] + folder.settings.besides))
        expectDiscretion(of: played.all, about: played)
        var text = CaseReport.text(played)
        let later = try folder.files("then")
        if !later.isEmpty {
            #expect(played.entries.contains { $0.record.outcome == .held }, "nothing is held")
            for file in try bench.drop(later, source: nil, at: folder.settings.laterNow) {
                for entry in file.entries {
                    #expect(entry.record.outcome == .applied, "\(file.file): \(entry.findings)")
                }
            }
            let settled = try bench.played(file.lastPathComponent)
            #expect(!settled.all.contains { $0.code == code && $0.waitsFor != [] }, "it did not settle")
            #expect(settled.entries.allSatisfy { $0.record.outcome == .applied })
            text += "\nAfter \(later.map(\.lastPathComponent).joined(separator: ", "))\n\n" + CaseReport.text(settled)
        }
        try expectGolden(text, folder.golden)
    }

    @Test("the neighboring right case passes", arguments: CaseFolder.all)
    func right(_ folder: CaseFolder) async throws {
        guard folder.settings.test == nil else { return }
        let bench = try await stage(for: folder)
        let file = try #require(folder.files("right.").first)
        let played = try #require(bench.drop([file], source: folder.settings.source).first)
        #expect(!played.all.contains { $0.code == folder.name }, "\(played.all)")
        #expect(!played.entries.isEmpty)
        for entry in played.entries {
            #expect(entry.record.outcome == .applied, "entry \(entry.record.number): \(entry.findings)")
        }
        if let other = folder.settings.against {
            #expect(try !bench.played(other).all.contains { $0.code == folder.name })
        }
    }

    @Test("an entry with five faults names five, each with its place", arguments: ["five.csv", "five.xml", "five.hl7"])
    func many(_ name: String) async throws {
        let folder = try CaseFolder(CaseFolder.root.appendingPathComponent("many"))
        let bench = try await stage(for: folder)
        let played = try #require(bench.drop([folder.url.appendingPathComponent(name)], source: nil).first)
        let entry = try #require(played.entries.first)
        #expect(entry.record.outcome == .rejected)
        #expect(Set(entry.findings.flatMap(\.fields)).count == 5)
        #expect(Set(entry.findings.map { "\($0.place.line) \($0.place.name ?? "")" }).count == 5)
        #expect(entry.findings.allSatisfy { !$0.mend.isEmpty && $0.shape != nil })
        expectDiscretion(of: played.all, about: played)
        try expectGolden(CaseReport.text(played), folder.url.appendingPathComponent("\(name).txt"))
    }

    private func expectGolden(_ text: String, _ file: URL) throws {
        if Self.isWriting { try text.write(to: file, atomically: true, encoding: .utf8) }
        let golden = try String(contentsOf: file, encoding: .utf8)
        #expect(text == golden, "\(file.path) differs (SUTURE_GOLDEN=write writes it)")
    }

    /// The scene of a case, with what the case itself needs before.
    private func stage(for folder: CaseFolder) async throws -> CaseBench {
        let bench = try await CaseBench.scene(folder.settings.scene).copy(for: folder.settings)
        for file in try folder.files("before") {
            let isHeld = file.lastPathComponent.hasPrefix("before-held")
            for played in try bench.drop([file], source: nil) {
                for entry in played.entries where entry.record.outcome != (isHeld ? .held : .applied) {
                    Issue.record("\(folder.name), \(played.file), entry \(entry.record.number): \(entry.findings)")
                }
            }
        }
        return bench
    }

    @Test("what the schema refuses is rejected as a fault of the program, and its neighbor is applied")
    func schemaRefused() async throws {
        let scene = try await CaseBench.scene("stocked")
        let folder = try #require(try CaseFolder.named("internal.schema-refused"))
        let bench = try scene.copy(for: folder.settings)
        let queue = try DatabaseQueue(path: bench.workspace.database.description)
        try await queue.write { database in
            try database.execute(
                sql: """
                    CREATE TRIGGER fault BEFORE INSERT ON stock_movement WHEN NEW.lot = 'NY0078'
                    BEGIN SELECT RAISE(ABORT, 'a rule that only the schema knows'); END
                    """)
        }
        try queue.close()
        let file = bench.root.appendingPathComponent("stock.csv")
        try """
        reference,action,sku,lot,expires_on,quantity,location,scanned_at
        RX-01,RECEIVE,SUT-NYLON-6-0,NY0077,2029-03-31,12,MAIN,2026-10-12T07:30:00Z
        RX-02,RECEIVE,SUT-NYLON-6-0,NY0078,2029-03-31,12,MAIN,2026-10-12T07:31:00Z

        """.write(to: file, atomically: true, encoding: .utf8)
        let played = try #require(bench.drop([file], source: "scanner").first)
        #expect(played.entries.map(\.record.outcome) == [.applied, .rejected])
        #expect(played.all.map(\.code) == ["internal.schema-refused"])
    }

    /// What findings say in public names nobody and no number of theirs.
    private func expectDiscretion(of findings: [ReportedFinding], about played: CaseBench.Played) {
        for finding in findings {
            for text in [finding.detail, finding.mend, finding.shape ?? ""] {
                for secret in Self.secrets where text.localizedCaseInsensitiveContains(secret) {
                    Issue.record("\(finding.code) tells \(secret): \(text)")
                }
            }
        }
    }

    /// The people of the scenes, and how their numbers and dates of birth begin.
    private static let secrets = [
        "Dufour", "Marianne", "Solheim", "Ingrid", "Lindner", "Tobias", "1984-07", "1991-03", "1979-11", "100000",
        "@mail", "7946", "REG-", "SC-1", "SC-2", "Lindqvist", "Adeyemi", "Okonjo",
    ]
}
