import Foundation
import HL7
import Testing

/// Real messages of other projects, which are not part of this one.
enum Corpora {
    static let folder: String? = {
        let here = URL(fileURLWithPath: #filePath)
        let root = here.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let candidates = [
            ProcessInfo.processInfo.environment["SUTURE_CORPORA"] ?? "",
            root.deletingLastPathComponent().path + "/shared/corpora", "/work/shared/corpora",
        ]
        return candidates.map { $0 + "/hl7" }.first { FileManager.default.fileExists(atPath: $0 + "/INDEX.tsv") }
    }()

    static func files() throws -> [(name: String, bytes: [UInt8])] {
        let folder = try #require(folder)
        var files: [(String, [UInt8])] = []
        for name in try FileManager.default.subpathsOfDirectory(atPath: folder).sorted() {
            guard let data = FileManager.default.contents(atPath: folder + "/" + name) else { continue }
            files.append((name, Array(data)))
        }
        return files
    }

    /// All messages, or so many of each file: one of them holds a thousand that are all alike.
    static func messages(perFile limit: Int = .max) throws -> [(file: String, message: Message)] {
        try files().flatMap { file in
            Samples.frames(file.bytes).frames.prefix(limit).compactMap { frame -> (String, Message)? in
                guard case .message(let framed) = frame else { return nil }
                do { return (file.name, try Message(framed.bytes)) } catch { return nil }
            }
        }
    }
}

@Suite(
    "Corpora",
    .enabled(
        if: Corpora.folder != nil,
        "the corpora are not here: set SUTURE_CORPORA to a folder that has hl7/INDEX.tsv; our own fixtures are read always"
    )
)
struct CorporaTests {
    @Test("every byte of every file is in a frame, or is a blank between frames")
    func frames() throws {
        var count = 0
        for file in try Corpora.files()
        where !file.bytes.starts(with: [0xFF, 0xFE]) && !file.bytes.starts(with: [0xFE, 0xFF]) {
            guard ER7.recognizes(file.bytes) else { continue }
            count += 1
            let read = Samples.frames(file.bytes)
            var end = 0
            for frame in read.frames {
                let gap = file.bytes[end..<frame.framed.offset]
                #expect(gap.allSatisfy { [0x0D, 0x0A, 0x20, 0x09, 0x0B, 0x1C, 0xEF, 0xBB, 0xBF].contains($0) })
                #expect(
                    Array(file.bytes[frame.framed.offset..<frame.framed.offset + frame.framed.length])
                        == frame.framed.bytes)
                end = frame.framed.offset + frame.framed.length
            }
        }
        #expect(count > 500)
    }

    @Test("every message is written as it was read, whole and from its smallest parts")
    func roundTrip() throws {
        let messages = try Corpora.messages()
        #expect(messages.count > 600)
        for (file, message) in messages {
            #expect(MessageWriter(message).bytes == message.bytes, "\(file)")
            for segment in message.segments {
                #expect(
                    RoundTrip.rebuilt(segment, message.delimiters) == Array(segment.bytes), "\(file) \(segment.place)")
            }
        }
    }

    @Test("every text is escaped so that it reads back the same")
    func texts() throws {
        var count = 0
        for (file, message) in try Corpora.messages(perFile: 20) {
            for part in RoundTrip.leaves(of: message) {
                let text: String?
                do { text = try part.text() } catch { continue }
                guard let text, !text.isEmpty else { continue }
                count += 1
                #expect(try RoundTrip.rewritten(.text(text), message) == text, "\(file) \(part.place)")
                #expect(try RoundTrip.rewritten(.runs(part.runs()), message) == text, "\(file) \(part.place)")
            }
        }
        #expect(count > 10_000)
    }

    @Test("every message goes to HL7's XML and comes back with the same values")
    func xml() throws {
        var count = 0
        for (file, message) in try Corpora.messages(perFile: 20) {
            let document: [UInt8]
            do { document = try XMLMessageWriter().bytes(of: message) } catch { continue }
            count += 1
            do {
                let read = try XMLEvents.read(String(decoding: document, as: UTF8.self)).message
                let segments = message.segments.filter { segment in
                    segment.name.count == 3
                        && segment.name.utf8.allSatisfy { (0x30...0x5A).contains($0) && !(0x3A...0x40).contains($0) }
                        && !segment.name.utf8.prefix(1).allSatisfy { (0x30...0x39).contains($0) }
                }
                #expect(Set(read.segments.map(\.name)) == Set(segments.map(\.name)), "\(file)")
                let (came, went) = try (RoundTrip.values(of: read), RoundTrip.values(of: segments, in: message))
                let difference = zip(came, went).first { $0 != $1 }
                #expect(came == went, "\(file): \(difference.map { "\($0)" } ?? "\(came.count) of \(went.count)")")
            } catch {
                Issue.record("\(file): \(error)")
            }
        }
        #expect(count > 500)
    }

    @Test("every message can be checked, joined and answered")
    func checked() throws {
        let time = try #require(DateTime(year: 2026, month: 11, day: 22, hour: 9, minute: 30))
        for (file, message) in try Corpora.messages(perFile: 20) {
            let findings = ConformanceCheck().findings(in: message)
            #expect(findings.allSatisfy { $0.place.segment.utf8.count <= 8 }, "\(file)")
            _ = try message.joiningSegments()
            let answer = Acknowledgment(
                findings.isEmpty ? .accept : .error, to: AcknowledgedHeader(message),
                findings: findings.map(\.acknowledged), controlID: "A-1", at: time)
            #expect(try Message(answer.bytes)["MSA"] != nil, "\(file)")
        }
    }
}

/// Parses to the bottom and writes again.
enum RoundTrip {
    static func rebuilt(_ segment: Segment, _ delimiters: Delimiters) -> [UInt8] {
        var bytes = Array(segment.name.utf8)
        let isHeader = ["MSH", "FHS", "BHS"].contains(segment.name)
        guard segment.fieldCount > 0 else { return Array(segment.bytes) }
        // The name of a line that is no segment may be longer than what stands for it.
        let name = segment.bytes.prefix { $0 != delimiters.field }
        bytes = Array(name)
        for number in 1..<segment.fieldCount + 1 {
            let field = segment.field(number)
            if isHeader, number == 1 {
                bytes += Array(field.bytes)
                continue
            }
            if !(isHeader && number == 2) { bytes.append(delimiters.field) }
            if isHeader, number == 2 {
                bytes += Array(field.bytes)
                continue
            }
            let repetitions = field.repetitions.map { repetition in
                repetition.components.map { component in
                    component.subcomponents.map { Array($0.bytes) }.joined(by: delimiters.subcomponent)
                }.joined(by: delimiters.component)
            }
            bytes += repetitions.joined(by: delimiters.repetition)
        }
        return bytes
    }

    static func leaves(of message: Message) -> [Part] { message.segments.flatMap { leaves(of: $0) } }

    static func leaves(of segment: Segment) -> [Part] {
        guard segment.fieldCount > 0 else { return [] }
        return (1...segment.fieldCount).flatMap { segment.field($0).repetitions }
            .flatMap(\.components).flatMap(\.subcomponents)
    }

    /// The text that a value reads as, written with the message's own delimiters into a message of UTF-8.
    static func rewritten(_ value: FieldValue, _ message: Message) throws -> String? {
        var writer = MessageWriter(delimiters: message.delimiters)
        try writer.append("MSH", ["A"])
        try writer.append("NTE", [.empty, .empty, value])
        return try Message(writer.bytes).part("NTE-3.1.1").text()
    }

    static func values(of message: Message) throws -> [String] {
        try values(of: Array(message.segments), in: message)
    }

    /// All values with their places, in no order: groups may have moved a segment that was out of place.
    static func values(of segments: [Segment], in message: Message) throws -> [String] {
        var values: [String] = []
        for segment in segments {
            let isHeader = ["MSH", "FHS", "BHS"].contains(segment.name)
            guard segment.fieldCount > 0 else { continue }
            // In a type without parts an unescaped & is text to XML, so components are compared whole.
            for part in (1...segment.fieldCount).flatMap({ segment.field($0).repetitions }).flatMap(\.components) {
                guard part.presence == .valued || part.presence == .delete else { continue }
                let place = part.place
                if isHeader, (place.field ?? 0) <= 2 { continue }
                var value = part.presence == .delete ? "(delete)" : try part.text() ?? ""
                while part.subcomponents.count > 1, value.hasSuffix("&") { value.removeLast() }
                let path = "\(segment.name)-\(place.field ?? 0)[\(place.repetition ?? 1)]"
                values.append("\(path).\(place.component ?? 1)=\(value)")
            }
        }
        return values.sorted()
    }
}

extension [[UInt8]] {
    func joined(by delimiter: UInt8?) -> [UInt8] {
        guard let delimiter else { return first ?? [] }
        return [UInt8](joined(separator: [delimiter]))
    }
}
