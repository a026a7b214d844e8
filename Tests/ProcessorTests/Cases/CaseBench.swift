import Clinic
import Drops
import DurableFiles
import Foundation
import Records
import Testing

@testable import Processor

/// A workspace in which a scene has been played.
final class CaseBench: Sendable {
    let root: URL
    let now: Instant
    var workspace: Workspace { Workspace(root: root.path) }

    private init(now: Instant) {
        root = FileManager.default.temporaryDirectory.appendingPathComponent("suture-case-\(UUID().uuidString)")
        self.now = now
    }

    deinit {
        do { try FileManager.default.removeItem(at: root) } catch { Issue.record(error) }
    }

    /// A copy in which the files of one case can be dropped.
    func copy(for settings: CaseSettings) throws -> CaseBench {
        let copy = CaseBench(now: settings.now ?? now)
        try FileManager.default.copyItem(at: root, to: copy.root)
        try copy.set(settings.clinic)
        if let without = settings.without {
            try FileManager.default.removeItem(at: copy.root.appendingPathComponent("clinic/\(without)"))
        }
        return copy
    }

    /// Sets lines of `clinic.yml`, also those that are there as comments only; a policy that is not there is added.
    private func set(_ lines: [(key: String, value: String)]) throws {
        guard !lines.isEmpty else { return }
        let file = root.appendingPathComponent("clinic/clinic.yml")
        var text = try String(contentsOf: file, encoding: .utf8).components(separatedBy: "\n")
        for line in lines {
            let known = text.firstIndex { $0.drop { " #".contains($0) }.hasPrefix("\(line.key):") }
            if let known {
                let indent = text[known].prefix { $0 == " " }
                text[known] = "\(indent)\(line.key): \(line.value)"
            } else {
                let policy = try #require(text.firstIndex(of: "policy:"))
                text.insert("  \(line.key): \(line.value)", at: policy + 1)
            }
        }
        try text.joined(separator: "\n").write(to: file, atomically: true, encoding: .utf8)
    }

    // MARK: - Scenes

    /// Scenes are played once, each on a copy of the one before it.
    private static let stage = SceneStage()

    private actor SceneStage {
        var scenes: [String: CaseBench] = [:]

        func scene(_ name: String) throws -> CaseBench {
            if let scene = scenes[name] { return scene }
            let folder = CaseFolder.root.appendingPathComponent("scenes/\(name)")
            let settings = try CaseSettings(folder.appendingPathComponent("scene.yml"))
            let bench: CaseBench
            if let before = settings.after {
                bench = try scene(before).copy(for: settings)
            } else {
                bench = try CaseBench(now: #require(settings.now))
                try bench.workspace.make(fromExample: Path(CommandBench.sources) / "fixtures" / "clinic")
                // A key of its own each time would change the tokens that mails carry.
                try Data((0..<32).map { UInt8($0) }).write(
                    to: bench.root.appendingPathComponent("var/keys/workspace.key"))
            }
            let drops = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
                .filter { $0.lastPathComponent != "scene.yml" }
                .sorted { $0.lastPathComponent < $1.lastPathComponent }
            for played in try bench.drop(drops, source: nil) {
                for entry in played.entries where entry.record.outcome != .applied {
                    Issue.record("scene \(name), \(played.file): entry \(entry.record.number) \(entry.findings)")
                }
            }
            scenes[name] = bench
            return bench
        }
    }

    static func scene(_ name: String) async throws -> CaseBench { try await stage.scene(name) }

    // MARK: - Dropping

    /// What became of one file.
    struct Played {
        let file: String
        let drop: DropRecord
        let findings: [ReportedFinding]
        let entries: [Entry]

        struct Entry {
            let record: EntryRecord
            let findings: [ReportedFinding]
            let warnings: [ReportedFinding]
        }

        var all: [ReportedFinding] { findings + entries.flatMap { $0.findings + $0.warnings } }
    }

    /// Drops files together, runs the processor over them, and tells what became of each.
    func drop(_ files: [URL], source: String?, special: String? = nil, at now: Instant? = nil) throws -> [Played] {
        guard !files.isEmpty else { return [] }
        for file in files {
            let folder = root.appendingPathComponent("inbox")
                .appendingPathComponent(CaseBench.source(of: file) ?? source ?? "")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            let target = folder.appendingPathComponent(file.lastPathComponent)
            if special == "symlink", file.lastPathComponent.hasPrefix("wrong") {
                try FileManager.default.createSymbolicLink(at: target, withDestinationURL: file)
            } else {
                try Data(contentsOf: file).write(to: target)
            }
            let marker = file.appendingPathExtension("ok")
            if FileManager.default.fileExists(atPath: marker.path) {
                try Data(contentsOf: marker).write(to: target.appendingPathExtension("ok"))
            }
        }
        let options = RunOptions(now: now ?? self.now, incompleteAfter: .zero)
        _ = try Processor(workspace: workspace, options: options).runOnce()
        return try files.map { try played($0.lastPathComponent) }
    }

    /// The source that a file's own name says: `before@scanner.csv`.
    private static func source(of file: URL) -> String? {
        let parts = file.deletingPathExtension().lastPathComponent.split(separator: "@")
        return parts.count == 2 ? String(parts[1]) : nil
    }

    /// What has become of a file by now.
    func played(_ file: String) throws -> Played {
        try ClinicDatabase.readOnly(path: workspace.database.description, key: workspace.loadKey()).read { unit in
            let drop = try #require(unit.drops(named: Array(file.utf8)).last, "\(file) was not taken")
            let entries = try unit.entries(of: drop.number).map { record in
                try Played.Entry(
                    record: record, findings: FindingsCoding.decode(record.findings),
                    warnings: FindingsCoding.decode(record.warnings))
            }
            return try Played(
                file: file, drop: drop, findings: FindingsCoding.decode(drop.findings), entries: entries)
        }
    }
}
