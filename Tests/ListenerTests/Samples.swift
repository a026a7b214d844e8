import DurableFiles
import Foundation
import HL7

@testable import Listener

/// Messages as senders frame them.
enum Sample {
    /// A message with this MSH-10, and what it asks for in MSH-15 and MSH-16.
    static func message(
        _ controlID: String, accept: String = "", application: String = "", note: String = "n"
    ) -> [UInt8] {
        let header = "MSH|^~\\&|HIS|HARBOR|SUTURE|HARBOR|20261102080000||ADT^A04^ADT_A01|\(controlID)|P|2.5.1|||"
        return Array("\(header)\(accept)|\(application)\rEVN|A04|20261102080000\rPID|1||\(note)\r".utf8)
    }

    static func block(_ message: [UInt8]) -> [UInt8] { [0x0B] + message + [0x1C, 0x0D] }

    /// The acknowledgment that the processor would make.
    static func answer(_ code: Acknowledgment.Code, to message: [UInt8], id: String = "A1") -> [UInt8] {
        do {
            return Acknowledgment(
                code, to: AcknowledgedHeader(try Message(message)), controlID: id, at: try DateTime("20261102080001")
            ).bytes
        } catch {
            return []
        }
    }
}

/// What an answer says.
struct Told: Equatable, CustomStringConvertible {
    let code: String
    let controlID: String
    var rule: String?

    init(_ code: String, _ controlID: String, _ rule: String? = nil) {
        self.code = code
        self.controlID = controlID
        self.rule = rule
    }

    /// Of an answer in its block; nil when it is none.
    init?(block: [UInt8]) {
        guard block.first == 0x0B, block.suffix(2) == [0x1C, 0x0D] else { return nil }
        do {
            let message = try Message(Array(block.dropFirst().dropLast(2)))
            guard let answer = message["MSA"] else { return nil }
            let rule = message["ERR"]?.field(5).raw ?? ""
            self.init(answer.field(1).raw, answer.field(2).raw, rule.isEmpty ? nil : rule)
        } catch {
            return nil
        }
    }

    var description: String { "\(code) \(controlID) \(rule ?? "")" }
}

/// A directory under /tmp for one test, taken away with all it holds when the test ends.
final class Scratch {
    let path: DurableFiles.Path

    init() throws {
        path = DurableFiles.Path("/tmp/suture-listener-\(UUID().uuidString)")
        try Files.makeDirectory(path)
    }

    deinit {
        // A test that leaves something behind has not failed for it.
        try? FileManager.default.removeItem(atPath: String(decoding: path.bytes, as: UTF8.self))
    }

    func inbox(_ source: String = "his", limit: Int = 1 << 20) throws -> Inbox {
        let folder = path / source
        try Files.makeDirectory(folder)
        return Inbox(source: source, folder: folder, maximumBytes: limit)
    }

    /// The messages in an inbox, in the order of their names; with what is being written, if asked.
    func messages(in inbox: Inbox) throws -> [[UInt8]] {
        try Files.list(inbox.folder).map { try Files.read(inbox.folder / $0.name, cap: 1 << 28) }
    }

    func names(in inbox: Inbox) throws -> [String] {
        try Files.list(inbox.folder).map { String(decoding: $0.name, as: UTF8.self) }
    }
}

extension AnswerWriter {
    /// One whose clock stands.
    static func still(_ names: DropNames) throws -> AnswerWriter {
        let time = try DateTime("20261102080000+0000")
        return AnswerWriter(names: names) { time }
    }
}
