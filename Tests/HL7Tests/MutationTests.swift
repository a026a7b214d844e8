import HL7
import Testing

@Suite("Mutated messages")
struct MutationTests {
    /// A small generator of our own, so that a failure can be repeated from its seed.
    private struct Generator: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }

    private static let interesting: [UInt8] = [
        0x0D, 0x0A, 0x0B, 0x1C, 0x7C, 0x5E, 0x7E, 0x5C, 0x26, 0x22, 0x00, 0xFF, 0xC3, 0x58, 0x2E, 0x4D,
    ]

    @Test("no mutation crashes, loses bytes or breaks the round trip", arguments: 0..<40)
    func mutations(seed: Int) throws {
        var random = Generator(state: UInt64(seed))
        let envelope = "FHS|^~\\&|\rBHS|^~\\&|\r" + Samples.charges + "BTS|1\rFTS|1\r"
        let originals = [Samples.admission, Samples.merge, envelope, "\u{0B}" + Samples.merge + "\u{1C}\r"]
        for _ in 0..<50 {
            var bytes = Array(originals[Int.random(in: 0..<originals.count, using: &random)].utf8)
            for _ in 0..<Int.random(in: 1...12, using: &random) where !bytes.isEmpty {
                mutate(&bytes, &random)
            }
            try survive(bytes, chunk: Int.random(in: 1...64, using: &random))
        }
    }

    private func mutate(_ bytes: inout [UInt8], _ random: inout Generator) {
        let position = Int.random(in: 0..<bytes.count, using: &random)
        let byte = Self.interesting[Int.random(in: 0..<Self.interesting.count, using: &random)]
        switch Int.random(in: 0..<5, using: &random) {
        case 0: bytes[position] = byte
        case 1: bytes.insert(byte, at: position)
        case 2: bytes.remove(at: position)
        case 3: bytes.removeSubrange(position..<min(bytes.count, position + 20))
        default: bytes.insert(contentsOf: bytes[position..<min(bytes.count, position + 30)], at: position)
        }
    }

    private func survive(_ bytes: [UInt8], chunk: Int) throws {
        let whole = Samples.frames(bytes)
        let pieces = Samples.frames(bytes, chunk: chunk)
        #expect(whole.frames.map(\.outline) == pieces.frames.map(\.outline))
        var end = 0
        for frame in whole.frames {
            let framed = frame.framed
            let gap = bytes[end..<framed.offset]
            #expect(gap.allSatisfy { [0x0D, 0x0A, 0x20, 0x09, 0x0B, 0x1C].contains($0) })
            #expect(Array(bytes[framed.offset..<framed.offset + framed.length]) == framed.bytes)
            end = framed.offset + framed.length
            guard case .message = frame else { continue }
            do {
                try read(try Message(framed.bytes))
            } catch let fault as MalformedMessage {
                #expect(fault.offset <= framed.bytes.count)
                _ = AcknowledgedHeader(unreadable: framed.bytes)
            }
        }
    }

    private func read(_ message: Message) throws {
        #expect(MessageWriter(message).bytes == message.bytes)
        let findings = ConformanceCheck().findings(in: message)
        #expect(findings.allSatisfy { $0.place.errorLocation.count <= 6 })
        _ = try message.joiningSegments()
        do {
            let document = String(decoding: try XMLMessageWriter().bytes(of: message), as: UTF8.self)
            _ = try XMLEvents.read(document)
        } catch is UndecodableText {
            #expect(throws: UndecodableText.self) { try message.checkText() }
        } catch let fault as MalformedXMLMessage {
            // A line feed within MSH-3 or a name that is none, so that nothing of it is MSH.
            #expect(fault.code == .noHeader || fault.code == .malformed || fault.code == .misplacedElement)
        }
        for segment in message.segments {
            for number in 1..<segment.fieldCount + 2 {
                for repetition in segment.field(number).repetitions {
                    for component in repetition.components {
                        do { _ = try component.text() } catch { #expect(error.place == component.place) }
                    }
                }
            }
        }
    }
}
