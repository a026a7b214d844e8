import Clinic
import Foundation
import Testing

@testable import Processor

/// One folder of `fixtures/cases/`: how a clerk gets a rule wrong, the neighboring right case, and what is found.
struct CaseFolder: Sendable, CustomTestStringConvertible {
    let url: URL
    let settings: CaseSettings

    /// The folder's name, which is the code of its rule.
    var name: String { url.lastPathComponent }

    var testDescription: String { name }

    static let root = URL(fileURLWithPath: CommandBench.sources).appendingPathComponent("fixtures/cases")

    /// Folders that are no rule's: the scenes, and the entries that have many faults at once.
    static let others: Set<String> = ["scenes", "many"]

    init(_ url: URL) throws {
        self.url = url
        settings = try CaseSettings(url.appendingPathComponent("case.yml"))
    }

    /// The cases of all rules, by name; those that cannot be read are missed by the test of their coverage.
    static let all: [CaseFolder] = (try? names(in: root))?.compactMap { try? named($0) } ?? []

    /// The case of a rule; nil for a folder that is no rule's.
    static func named(_ name: String) throws -> CaseFolder? {
        others.contains(name) ? nil : try CaseFolder(root.appendingPathComponent(name))
    }

    /// The folders within a folder, in the order of their names.
    static func names(in folder: URL) throws -> [String] {
        try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: [.isDirectoryKey])
            .filter { try $0.resourceValues(forKeys: [.isDirectoryKey]).isDirectory == true }
            .map(\.lastPathComponent).sorted()
    }

    /// The files whose names begin so, in the order of their names: `wrong.csv`, or `before-1.csv` and `before-2.xml`.
    func files(_ beginning: String) throws -> [URL] {
        try FileManager.default.contentsOfDirectory(at: url, includingPropertiesForKeys: nil)
            .filter { $0.lastPathComponent.hasPrefix(beginning) && $0.pathExtension != "ok" }
            .sorted { $0.lastPathComponent < $1.lastPathComponent }
    }

    var golden: URL { url.appendingPathComponent("finding.txt") }
}

/// The settings of a case or a scene: lines of `key: value`, with comments after `#` at their beginning.
struct CaseSettings: Sendable {
    private var values: [String: String] = [:]

    init(_ url: URL) throws {
        for line in try String(contentsOf: url, encoding: .utf8).split(separator: "\n") where !line.hasPrefix("#") {
            guard let colon = line.firstIndex(of: ":") else { throw BadSettings(line: String(line), file: url.path) }
            let value = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
            values[String(line[..<colon])] = value
        }
        if let wrong = values.keys.sorted().first(where: { !CaseSettings.isKnown($0) }) {
            throw BadSettings(line: wrong, file: url.path)
        }
    }

    private static func isKnown(_ key: String) -> Bool {
        ["scene", "after", "now", "then_now", "source", "besides", "against", "test", "special", "without"]
            .contains(key)
            || key.hasPrefix("clinic.")
    }

    /// The scene that a case is played in.
    var scene: String { values["scene"] ?? "empty" }
    /// The scene that a scene goes on from.
    var after: String? { values["after"] }
    var now: Instant? { values["now"].flatMap { Instant(iso: $0) } }
    /// The clock when what was missing arrives.
    var laterNow: Instant? { values["then_now"].flatMap { Instant(iso: $0) } }
    /// A file that the clinic's folder does not have.
    var without: String? { values["without"] }
    /// The folder of the inbox; without one the files are the front desk's.
    var source: String? { values["source"] }
    /// Rules that the wrong case breaks as well.
    var besides: [String] { values["besides"]?.split(separator: " ").map(String.init) ?? [] }
    /// The file whose entry the finding is against, where it is not the wrong one itself.
    var against: String? { values["against"] }
    /// `Folder/File.swift function` of the test that proves the rule where no drop alone can trigger it.
    var test: String? { values["test"] }
    /// What is done with the file that a plain copy cannot do: `symlink`.
    var special: String? { values["special"] }
    /// Lines of `clinic.yml` to set, by key.
    var clinic: [(key: String, value: String)] {
        values.filter { $0.key.hasPrefix("clinic.") }.sorted { $0.key < $1.key }
            .map { (key: String($0.key.dropFirst("clinic.".count)), value: $0.value) }
    }
}

/// A line that no setting is.
struct BadSettings: Error, CustomStringConvertible {
    let line: String
    let file: String
    var description: String { "\(file): no such setting: \(line)" }
}

extension Instant {
    /// A time as `2026-11-23T18:00:00Z`.
    init?(iso text: String) {
        guard let date = ISO8601DateFormatter().date(from: text) else { return nil }
        self.init(secondsSinceEpoch: Int64(date.timeIntervalSince1970))
    }
}
