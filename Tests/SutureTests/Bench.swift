import Foundation
import Testing

/// A workspace in a temporary folder, and the built program run on it as a clinic would.
final class Bench {
    let folder: URL
    static let now = "2026-11-23T18:00:00Z"

    /// Makes a workspace with the example clinic.
    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("suture-\(UUID().uuidString)")
        try Bench.suture(["init", folder.path]).expectSuccess()
    }

    /// A copy of another one, with its key, so that both make the same; in a new folder, or in the one named.
    init(copying other: Bench, to target: URL? = nil) throws {
        folder =
            target ?? FileManager.default.temporaryDirectory.appendingPathComponent("suture-\(UUID().uuidString)")
        try Bench.run("/bin/cp", ["-a", other.folder.path, folder.path]).expectSuccess()
    }

    deinit {
        do { try FileManager.default.removeItem(at: folder) } catch { Issue.record("\(error)") }
    }

    /// Drops fixture files, with their sub-folders.
    func drop(fixtures path: String) throws {
        let source = Bench.repository.appendingPathComponent("fixtures/\(path)/.").path
        try Bench.run("/bin/cp", ["-R", source, folder.appendingPathComponent("inbox").path]).expectSuccess()
    }

    func drop(_ text: String, as name: String) throws { try drop(Array(text.utf8), as: name) }

    func drop(_ bytes: [UInt8], as name: String) throws {
        let file = folder.appendingPathComponent("inbox/\(name)")
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: file)
    }

    func path(_ relative: String) -> String { folder.appendingPathComponent(relative).path }

    /// Whether something of any kind bears the name, a symbolic link to nothing too.
    func exists(_ relative: String) -> Bool {
        (try? FileManager.default.attributesOfItem(atPath: path(relative))) != nil
    }

    /// Drains the inbox and answers the summary, whatever the exit code was expected to be.
    @discardableResult
    func drain(
        _ arguments: [String] = [], now: String = Bench.now, exit code: Int32 = 0, environment: [String: String] = [:],
        _ location: SourceLocation = #_sourceLocation
    ) throws -> Summary {
        let answer = try Bench.suture(
            ["run", "--once", "--workspace", folder.path, "--format", "json", "--now", now] + arguments,
            environment: environment)
        #expect(answer.status == code, "\(answer.errors)", sourceLocation: location)
        let line = answer.output.split(separator: "\n").last.map(String.init) ?? ""
        let summary = try JSONDecoder().decode(Summary.self, from: Data(line.utf8))
        summary.expectConserved(location)
        return summary
    }

    /// The findings that the reports of the outbox tell, in the order of their files and rows.
    func findings() throws -> [Finding] {
        try files("outbox/rejections").sorted { $0.key < $1.key }
            .flatMap { try Table($0.value).rows.map(Finding.init) }
    }

    /// One finding of a rejection report.
    struct Finding {
        let drop: Int
        let entry: Int?
        let line: Int?
        let column: Int?
        let place: String
        let code: String
        let weight: String

        init(_ row: [String: String]) throws {
            drop = try #require(row["drop"].flatMap { Int($0) })
            entry = row["entry"].flatMap { Int($0) }
            line = row["line"].flatMap { Int($0) }
            column = row["column"].flatMap { Int($0) }
            place = row["place"] ?? ""
            code = try #require(row["code"])
            weight = row["weight"] ?? ""
        }
    }

    /// The files of a folder of the workspace with their contents, by relative path.
    func files(_ path: String) throws -> [String: Data] {
        let root = folder.appendingPathComponent(path)
        var files: [String: Data] = [:]
        for case let file as URL in FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil) ?? .init()
        {
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: file.path, isDirectory: &isFolder), !isFolder.boolValue else {
                continue
            }
            files[String(file.path.dropFirst(root.path.count + 1))] = try Data(contentsOf: file)
        }
        return files
    }

    func text(_ path: String) throws -> String {
        String(decoding: try Data(contentsOf: folder.appendingPathComponent(path)), as: UTF8.self)
    }

    /// Asks the database with bare SQL.
    func sql(_ query: String) throws -> String {
        let answer = try Bench.run(
            "/usr/bin/sqlite3",
            ["-cmd", ".timeout 60000", folder.appendingPathComponent("var/suture.db").path, query])
        answer.expectSuccess()
        return answer.output.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// How many places of a fault are tried: all with SUTURE_CRASHES=all, else a spread of them.
    static var isExhaustive: Bool { ProcessInfo.processInfo.environment["SUTURE_CRASHES"] == "all" }

    // MARK: - Processes

    struct Answer {
        let status: Int32
        let output: String
        let errors: String

        @discardableResult
        func expectSuccess(_ location: SourceLocation = #_sourceLocation) -> Answer {
            #expect(status == 0, "\(errors)", sourceLocation: location)
            return self
        }
    }

    static let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// The program that was built with these tests.
    static let program: URL = {
        let tests = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
        return tests.deletingLastPathComponent().appendingPathComponent("suture")
    }()

    static func suture(_ arguments: [String], environment: [String: String] = [:]) throws -> Answer {
        try run(program.path, arguments, environment: environment)
    }

    static func run(_ path: String, _ arguments: [String], environment: [String: String] = [:]) throws -> Answer {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        let scratch = FileManager.default.temporaryDirectory.appendingPathComponent("answer-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
        defer { do { try FileManager.default.removeItem(at: scratch) } catch { Issue.record("\(error)") } }
        let (output, errors) = (scratch.appendingPathComponent("out"), scratch.appendingPathComponent("err"))
        for file in [output, errors] { try Data().write(to: file) }
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = try FileHandle(forWritingTo: errors)
        process.standardInput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return Answer(
            status: process.terminationReason == .uncaughtSignal
                ? 128 + process.terminationStatus : process.terminationStatus,
            output: String(decoding: try Data(contentsOf: output), as: UTF8.self),
            errors: String(decoding: try Data(contentsOf: errors), as: UTF8.self))
    }
}

/// The summary object of `run --once`, as its readers outside decode it.
struct Summary: Decodable, Equatable {
    struct Ledger: Decodable, Equatable {
        let length: Int
        let head: String
    }

    let drops: [String: Int]
    let entries: [String: Int]
    let released: [String: Int]
    let warnings: Int
    let documents: [String: Int]
    let ledger: Ledger
    let elapsedSeconds: Double

    private enum CodingKeys: String, CodingKey {
        case drops, entries, released, warnings, documents, ledger
        case elapsedSeconds = "elapsed_seconds"
    }

    /// Each drop and each entry is counted once, in one place.
    func expectConserved(_ location: SourceLocation = #_sourceLocation) {
        let kinds = ["archived", "duplicate", "quarantined", "waiting"].map { drops[$0] ?? -1 }
        #expect(drops["seen"] == kinds.reduce(0, +), "\(drops)", sourceLocation: location)
        let outcomes = ["applied", "duplicate", "held", "rejected"].map { entries[$0] ?? -1 }
        #expect(entries["read"] == outcomes.reduce(0, +), "\(entries)", sourceLocation: location)
    }
}
