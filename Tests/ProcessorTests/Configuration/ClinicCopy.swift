import Foundation
import Testing

@testable import Processor

/// A copy of the example clinic in a folder of its own, to be broken.
final class ClinicCopy {
    /// The clinic of `fixtures/clinic`.
    static let example = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("fixtures/clinic").path

    private let root: URL
    private var folder: URL { root.appendingPathComponent("clinic") }

    init() throws {
        root = FileManager.default.temporaryDirectory.appendingPathComponent("suture-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
        try FileManager.default.copyItem(at: URL(fileURLWithPath: Self.example), to: folder)
    }

    deinit {
        do { try FileManager.default.removeItem(at: root) } catch { Issue.record(error) }
    }

    func load() throws -> ClinicConfiguration {
        try ClinicConfiguration.load(from: folder.path)
    }

    /// All faults of the folder as they are printed.
    func faults() -> [String] {
        do {
            _ = try ClinicConfiguration.load(from: folder.path)
            return []
        } catch {
            return error.faults.map(\.description)
        }
    }

    /// Replaces the first occurrence of a text, which must be there.
    func replace(_ file: String, _ text: String, by replacement: String) throws {
        let content = try self.text(file)
        let range = try #require(content.range(of: text), "\(file) has no `\(text)`")
        try write(file, content.replacingCharacters(in: range, with: replacement))
    }

    func text(_ file: String) throws -> String {
        try String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8)
    }

    func write(_ file: String, _ text: String) throws {
        try write(file, Data(text.utf8))
    }

    func write(_ file: String, _ bytes: Data) throws {
        try bytes.write(to: folder.appendingPathComponent(file))
    }

    func remove(_ file: String) throws {
        try FileManager.default.removeItem(at: folder.appendingPathComponent(file))
    }

    /// The line of a file on which a text first stands.
    func line(of text: String, in file: String) throws -> Int {
        let content = try self.text(file)
        let range = try #require(content.range(of: text), "\(file) has no `\(text)`")
        return content[..<range.lowerBound].utf8.reduce(1) { $0 + ($1 == 0x0A ? 1 : 0) }
    }
}
