import HL7
import Testing

@Suite("Frames")
struct FrameReaderTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let name: String
        let input: String
        let outline: [String]
        var findings: [EnvelopeSummary.Finding] = []
        var isComplete = true
        var testDescription: String { name }
    }

    static let cases: [Case] = [
        Case(name: "nothing", input: "", outline: []),
        Case(name: "blank lines", input: "\r\n \n\t\r", outline: []),
        Case(name: "one message", input: "MSH|^~\\&|A\rPID|1\r", outline: ["MSG@0:1"]),
        Case(name: "no terminator at the end", input: "MSH|^~\\&|A\rPID|1", outline: ["MSG@0:1"]),
        Case(name: "two messages, CR", input: "MSH|^~\\&|A\rPID|1\rMSH|^~\\&|B\r", outline: ["MSG@0:1", "MSG@17:3"]),
        Case(name: "two messages, LF", input: "MSH|^~\\&|A\nPID|1\nMSH|^~\\&|B\n", outline: ["MSG@0:1", "MSG@17:3"]),
        Case(
            name: "CR and LF messages in one file", input: "MSH|^~\\&|A\rPID|1\rMSH|^~\\&|B\nPID|2\nMSH|^~\\&|C\r",
            outline: ["MSG@0:1", "MSG@17:3", "MSG@34:5"]),
        Case(
            name: "a message after a line feed where only CR ends segments",
            input: "MSH|^~\\&|A\rPID|1\nMSH|^~\\&|B\rPID|2\n", outline: ["MSG@0:1", "MSG@17:3"]),
        Case(name: "blank line between", input: "MSH|^~\\&|A\n\n\nMSH|^~\\&|B", outline: ["MSG@0:1", "MSG@13:4"]),
        Case(name: "byte order mark", input: "\u{FEFF}MSH|^~\\&|A\r", outline: ["MSG@3:1"]),
        Case(name: "blanks before", input: "\n  MSH|^~\\&|A\r", outline: ["MSG@3:2"]),
        Case(
            name: "MLLP", input: "\u{0B}MSH|^~\\&|A\rPID|1\r\u{1C}\r\u{0B}MSH|^~\\&|B\r\u{1C}\r",
            outline: ["MSG@1:1", "MSG@21:4"]),
        Case(name: "MLLP without last CR", input: "\u{0B}MSH|^~\\&|A\rPID|1\u{1C}\r", outline: ["MSG@1:1"]),
        Case(
            name: "MLLP without an end", input: "\u{0B}MSH|^~\\&|A\r", outline: ["MSG@1:1"],
            findings: [.blockNotClosed(line: 1)], isComplete: false),
        Case(name: "an MLLP start byte and nothing", input: "MSH|^~\\&|A\r\u{0B}\r", outline: ["MSG@0:1"]),
        Case(
            name: "a batch within a file",
            input: "FHS|^~\\&|\rBHS|^~\\&|\rMSH|^~\\&|A\rMSH|^~\\&|B\rBTS|2\rFTS|1\r",
            outline: ["FHS@0:1", "BHS@10:2", "MSG@20:3", "MSG@31:4", "BTS@42:5", "FTS@48:6"]),
        Case(
            name: "padded counts", input: "BHS|^~\\&|\rMSH|^~\\&|A\rBTS|0000000001|x\r",
            outline: ["BHS@0:1", "MSG@10:2", "BTS@21:3"]),
        Case(
            name: "wrong count", input: "BHS|^~\\&|\rMSH|^~\\&|A\rBTS|3\r",
            outline: ["BHS@0:1", "MSG@10:2", "BTS@21:3"],
            findings: [.countDiffers(trailer: "BTS", declared: 3, seen: 1, line: 3)]),
        Case(
            name: "a count that is no number", input: "BHS|^~\\&|\rBTS|two\r", outline: ["BHS@0:1", "BTS@10:2"],
            findings: [.countUnreadable(trailer: "BTS", line: 2)]),
        Case(
            name: "two batches", input: "BHS|^~\\&|\rMSH|^~\\&|A\rBTS|1\rBHS|^~\\&|\rBTS|0\r",
            outline: ["BHS@0:1", "MSG@10:2", "BTS@21:3", "BHS@27:4", "BTS@37:5"]),
        Case(
            name: "file header alone", input: "FHS|^~\\&|\rMSH|^~\\&|A\r", outline: ["FHS@0:1", "MSG@10:2"],
            findings: [.notClosed(header: "FHS", line: 1)], isComplete: false),
        Case(
            name: "a batch left open in a closed file", input: "FHS|^~\\&|\rBHS|^~\\&|\rFTS|1\r",
            outline: ["FHS@0:1", "BHS@10:2", "FTS@20:3"], findings: [.notClosed(header: "BHS", line: 2)],
            isComplete: false),
        Case(
            name: "a trailer without header", input: "MSH|^~\\&|A\rBTS|1\r", outline: ["MSG@0:1", "BTS@11:2"],
            findings: [.notOpened(trailer: "BTS", line: 2)]),
        Case(
            name: "a file of messages without a batch", input: "FHS|^~\\&|\rMSH|^~\\&|A\rFTS|1\r",
            outline: ["FHS@0:1", "MSG@10:2", "FTS@21:3"]),
        Case(
            name: "stray text before and between",
            input: "hello\nMSH|^~\\&|A\nBTS|1\nwhat\nis this\n\nMSH|^~\\&|B\n",
            outline: ["stray@0:1", "MSG@6:2", "BTS@17:3", "stray@23:4", "MSG@37:7"],
            findings: [.notOpened(trailer: "BTS", line: 3)]),
        Case(name: "MSH within a word", input: "MSH|^~\\&|A\rMSHX|1\r", outline: ["MSG@0:1"]),
        Case(name: "MSH within a sentence", input: "MSH|^~\\&|A\nMSH is missing\n", outline: ["MSG@0:1"]),
        Case(name: "other delimiters", input: "MSH#*~!@#A\rMSH$^~\\&$B\r", outline: ["MSG@0:1", "MSG@11:2"]),
        Case(name: "a header and nothing else", input: "MSH", outline: ["MSG@0:1"]),
        Case(name: "an MLLP batch", input: "\u{0B}BHS|^~\\&|\rBTS|0\r\u{1C}\r", outline: ["BHS@1:1", "BTS@11:2"]),
        Case(
            name: "a trailer that ends a block", input: "\u{0B}BHS|^~\\&|\rBTS|0\u{1C}\r",
            outline: ["BHS@1:1", "BTS@11:2"]),
    ]

    @Test("a file is cut into its frames", arguments: cases)
    func frames(_ example: Case) {
        let read = Samples.frames(Array(example.input.utf8))
        #expect(read.frames.map(\.outline) == example.outline)
        #expect(read.summary.findings == example.findings)
        #expect(read.summary.isComplete == example.isComplete)
    }

    @Test("read whole, in pieces or byte by byte, the frames are the same", arguments: cases)
    func pieces(_ example: Case) {
        let whole = Samples.frames(Array(example.input.utf8))
        for chunk in [1, 2, 3, 7, 16] {
            let read = Samples.frames(Array(example.input.utf8), chunk: chunk)
            #expect(read.frames.map(\.outline) == whole.frames.map(\.outline))
            #expect(read.frames.map(\.text) == whole.frames.map(\.text))
            #expect(read.summary == whole.summary)
        }
    }

    @Test(
        "how segments end is decided for each message",
        arguments: [
            ("MSH|^~\\&|A\rNTE|1||one\ntwo\rPID|1\r", ["MSH", "NTE", "PID"], "one\ntwo"),
            ("MSH|^~\\&|A\nNTE|1||one\nPID|1\n", ["MSH", "NTE", "PID"], "one"),
            ("MSH|^~\\&|A\r\nNTE|1||one\r\nPID|1\r\n", ["MSH", "NTE", "PID"], "one"),
            ("MSH|^~\\&|A\r\nNTE|1||one\nPID|1\r\n", ["MSH", "NTE", "PID"], "one"),
            ("MSH|^~\\&|A\nNTE|1||one\rPID|1\r\n", ["MSH", "NTE", "PID"], "one"),
            ("MSH|^~\\&|A\rNTE|1||one\r\nPID|1\r", ["MSH", "NTE", "PID"], "one"),
            ("MSH|^~\\&|A\rNTE|1||one\n", ["MSH", "NTE"], "one"),
            ("MSH|^~\\&|A\r\r\rNTE|1||one\r\r", ["MSH", "NTE"], "one"),
        ])
    func terminators(_ input: String, _ names: [String], _ note: String) throws {
        let frame = try #require(Samples.frames(Array(input.utf8)).frames.first)
        let message = try Message(frame.framed.bytes)
        #expect(message.segments.map(\.name) == names)
        #expect(try message.text("NTE-3") == note)
    }

    @Test("UTF-16 with a byte order mark comes out as UTF-8", arguments: [true, false])
    func utf16(bigEndian: Bool) throws {
        let text = "\u{FEFF}MSH|^~\\&|Ärzte 😀\rPID|1\rMSH|^~\\&|B\r"
        let bytes = text.utf16.flatMap { unit in
            bigEndian ? [UInt8(unit >> 8), UInt8(unit & 255)] : [UInt8(unit & 255), UInt8(unit >> 8)]
        }
        #expect(ER7.recognizes(bytes))
        let read = Samples.frames(bytes, chunk: 5)
        #expect(read.frames.count == 2)
        #expect(try Message(read.frames[0].framed.bytes).text("MSH-3") == "Ärzte 😀")
    }

    @Test("half a character in UTF-16 is refused as text, with its place")
    func brokenUTF16() throws {
        let units: [UInt16] = Array("\u{FEFF}MSH|^~\\&|A".utf16) + [0xD83D] + Array("B\r".utf16)
        let frames = Samples.frames(units.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] }).frames
        let message = try Message(try #require(frames.first).framed.bytes)
        let fault = #expect(throws: UndecodableText.self) { try message.checkText() }
        #expect(fault?.place?.description == "MSH-3")
    }

    @Test("a message over the limit is passed over, and the next one is read", arguments: [1, 64, 1 << 18])
    func oversized(chunk: Int) {
        let long = "MSH|^~\\&|A\rOBX|1|" + String(repeating: "x", count: 200_000) + "\rNTE|1\r"
        let read = Samples.frames(Array((long + "MSH|^~\\&|B\r").utf8), chunk: chunk, limit: 5000)
        #expect(read.frames.map(\.outline) == ["oversized@0:1", "MSG@\(long.utf8.count):4"])
        #expect(read.frames[0].framed.length == long.utf8.count)
        #expect(read.frames[0].framed.bytes.count <= 5000)
        #expect(read.summary.messages == 2)
    }

    @Test("a long stray text comes in pieces that join without a gap")
    func longStray() {
        let text = String(repeating: "no message here ", count: 20_000)
        let read = Samples.frames(Array((text + "\rMSH|^~\\&|A\r").utf8), chunk: 1000)
        let strays = read.frames.dropLast()
        #expect(strays.count > 1)
        #expect(strays.map(\.text).joined() == text + "\r")
        #expect(read.frames.last?.outline == "MSG@\(text.utf8.count + 1):2")
    }

    @Test("a stray text that ends where a piece of it ends leaves nothing behind", arguments: 65_500..<65_560)
    func exactStray(count: Int) {
        let read = Samples.frames(Array(repeating: 0x78, count: count), chunk: 100)
        #expect(read.frames.allSatisfy { !$0.framed.bytes.isEmpty })
        #expect(read.frames.map(\.framed.length).reduce(0, +) == count)
    }

    @Test("a fault of the source comes through, after the frames before it")
    func sourceFault() throws {
        struct Torn: Error {}
        var pieces = [Array("MSH|^~\\&|A\rMSH|^~\\&|B\rMSH|".utf8)]
        var reader = FrameReader<Torn> { buffer, _ throws(Torn) in
            guard let piece = pieces.popLast() else { throw Torn() }
            buffer += piece
            return piece.count
        }
        #expect(throws: Torn.self) {
            while let frame = try reader.next() { #expect(frame.outline == "MSG@0:1") }
        }
    }

    @Test(
        "HL7 is recognized by content",
        arguments: [
            ("MSH|^~\\&|", true), ("\u{FEFF}\u{0B}MSH|^~\\&|", true), ("\r\n FHS|", true), ("BHS#", true),
            ("MSHA", false), ("MSH1", false), ("MSH", false), ("<ADT_A01/>", false), ("PID|1", false), ("", false),
        ])
    func recognition(_ text: String, _ expected: Bool) {
        #expect(ER7.recognizes(Array(text.utf8)) == expected)
    }

    @Test("an envelope's fields can be read, with its own delimiters")
    func envelopeFields() throws {
        let read = Samples.frames(Array("BHS#*~!@#LAB#SITE#####name#note#B-1\rMSH#*~!@#A\rBTS#1#all\r".utf8))
        let header = try #require(read.frames[0].framed.segment)
        #expect(try header.text(3) == "LAB")
        #expect(try header.text(11) == "B-1")
        let trailer = try #require(read.frames[2].framed.segment)
        #expect(try trailer.text(1) == "1")
        #expect(try trailer.text(2) == "all")
        #expect(read.frames[2].framed.trailer?.count == 1)
        #expect(read.frames[2].framed.trailer?.comment == "all")
        #expect(read.frames[0].framed.trailer == nil)
    }

    @Test("a batch trailer's totals come out as they are written")
    func totals() throws {
        let read = Samples.frames(Array("BHS|^~\\&|\rMSH|^~\\&|A\rBTS|0001||12.50~3\rFTS|x|c\r".utf8))
        #expect(read.frames.compactMap(\.framed.trailer).map(\.totals) == [["12.50", "3"], []])
        #expect(read.frames.compactMap(\.framed.trailer).map(\.count) == [1, nil])
    }
}
