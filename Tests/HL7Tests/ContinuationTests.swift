import HL7
import Testing

@Suite("Continuation")
struct ContinuationTests {
    private func message(_ pointer: String, _ body: String) throws -> Message {
        try Samples.message("MSH|^~\\&|LAB|S|X|Y|2026||ORU^R01|C|P|2.5||\(pointer)\r" + body.segments)
    }

    @Test("an ADD goes on where the segment before it stopped")
    func addendum() throws {
        let split = try message("", "OBR|1\nOBX|1|FT|^Note||one \nADD|two^x\nADD|~three|F\nNTE|1")
        let joined = try split.joiningSegments()
        #expect(joined.segments.map(\.name) == ["MSH", "OBR", "OBX", "NTE"])
        #expect(try joined.text("OBX-5") == "one two^x~three")
        #expect(joined.part("OBX-5[2]").raw == "three")
        #expect(try joined.text("OBX-6") == "F")
        #expect(split["ADD"] != nil)
    }

    @Test("a message without ADD is itself")
    func nothing() throws {
        let whole = try message("", "PID|1\n\nZZZ|x")
        #expect(try whole.joiningSegments().bytes == whole.bytes)
    }

    @Test("a message over three messages is put together, its split segment too")
    func assembly() throws {
        var assembly = MessageAssembly()
        let first = try message("", "PID|1\nOBX|1|TX|^N||begin-\nADD|\nDSC|p1|F")
        let second = try message("p1", "SFT|x\nADD|middle-\nADD|\nDSC|p2|F")
        let third = try message("p2", "ADD|end\nNTE|1||done")
        guard case .waiting("p1") = try assembly.add(first) else { throw Unexpected() }
        guard case .whole(let other, 1) = try assembly.add(try message("", "PID|9")) else { throw Unexpected() }
        #expect(try other.text("PID-1") == "9")
        guard case .waiting("p2") = try assembly.add(second) else { throw Unexpected() }
        #expect(assembly.unfinished.count == 2)
        guard case .whole(let whole, 3) = try assembly.add(third) else { throw Unexpected() }
        #expect(whole.segments.map(\.name) == ["MSH", "PID", "OBX", "NTE"])
        #expect(try whole.text("OBX-5") == "begin-middle-end")
        #expect(assembly.unfinished.isEmpty)
    }

    @Test("a piece whose beginning did not come is no message by itself")
    func orphan() throws {
        var assembly = MessageAssembly()
        guard case .orphan(_, "p9") = try assembly.add(try message("p9", "ADD|rest")) else { throw Unexpected() }
    }

    @Test("what never ends is told, and what grows too long is given up")
    func unfinished() throws {
        var assembly = MessageAssembly(limit: 200)
        let body = "OBX|1|TX|||" + String(repeating: "x", count: 80) + "\nDSC|p1|F"
        guard case .waiting = try assembly.add(try message("", body)) else { throw Unexpected() }
        #expect(assembly.unfinished.count == 1)
        guard case .tooLong("p2") = try assembly.add(try message("p1", body.replacing("p1|F", with: "p2|F"))) else {
            throw Unexpected()
        }
        #expect(assembly.unfinished.isEmpty)
    }

    @Test("an interactive continuation is left to the one who asked")
    func interactive() throws {
        var assembly = MessageAssembly()
        guard case .whole(let whole, 1) = try assembly.add(try message("", "PID|1\nDSC|q|I")) else {
            throw Unexpected()
        }
        #expect(whole["DSC"] != nil)
    }

    private struct Unexpected: Error {}
}

@Suite("MLLP")
struct MLLPTests {
    private let stream =
        MLLP.block(Array("MSH|1\r".utf8)) + [0x0D] + Array("noise".utf8) + MLLP.block(Array("MSH|2".utf8))

    @Test("blocks come out of a stream in whatever pieces it arrives", arguments: [1, 2, 3, 5, 100])
    func pieces(size: Int) {
        let reader = Stream()
        var blocks: [MLLPReader.Block] = []
        for start in stride(from: 0, to: stream.count, by: size) {
            blocks += reader.append(stream[start..<min(start + size, stream.count)])
        }
        #expect(blocks == [.message(Array("MSH|1\r".utf8)), .message(Array("MSH|2".utf8))])
        #expect(reader.strayBytes == 5)
        #expect(reader.finish() == nil)
    }

    @Test("a block that is cut in half is never taken for a message")
    func cutOff() {
        let reader = Stream()
        #expect(reader.append([0x0B] + Array("MSH|half".utf8)).isEmpty)
        #expect(reader.isInsideBlock)
        #expect(
            reader.append(MLLP.block(Array("MSH|whole".utf8))) == [
                .cutOff(Array("MSH|half".utf8)), .message(Array("MSH|whole".utf8)),
            ])
        #expect(reader.append([0x0B, 0x4D]).isEmpty)
        #expect(reader.finish() == .cutOff([0x4D]))
    }

    @Test("an end byte within a message is data unless a line end follows")
    func endByte() {
        let reader = Stream()
        #expect(reader.append([0x0B, 0x41, 0x1C, 0x42, 0x1C, 0x0D]) == [.message([0x41, 0x1C, 0x42])])
        #expect(reader.append([0x0B, 0x41, 0x1C]).isEmpty)
        #expect(reader.finish() == .message([0x41]))
    }

    @Test("a block over the limit is told once and passed over")
    func oversized() {
        let reader = Stream(limit: 10)
        let blocks = reader.append(MLLP.block(Array(repeating: 0x41, count: 50)) + MLLP.block([0x42]))
        #expect(blocks == [.oversized(Array(repeating: 0x41, count: 11)), .message([0x42])])
    }

    /// A reader that expectations can feed.
    private final class Stream {
        private var reader: MLLPReader
        var strayBytes: Int { reader.strayBytes }
        var isInsideBlock: Bool { reader.isInsideBlock }

        init(limit: Int = 1 << 20) { reader = MLLPReader(limit: limit) }
        func append(_ bytes: some Sequence<UInt8>) -> [MLLPReader.Block] { reader.append(bytes) }
        func finish() -> MLLPReader.Block? { reader.finish() }
    }
}
