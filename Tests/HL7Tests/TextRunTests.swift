import HL7
import Testing

@Suite("Text runs")
struct TextRunTests {
    private func message(_ written: String) throws -> Message {
        try Samples.message("MSH|^~\\&#|A\rNTE|1||\(written)\r")
    }

    @Test(
        "each escape sequence is a run of its own, and is written as it was",
        arguments: [
            (#"a\T\b"#, [.text("a&b")]), (#"\H\bold\N\"#, [.highlight(true), .text("bold"), .highlight(false)]),
            (#"\X0D0A\"#, [.hexadecimal([0x0D, 0x0A])]), (#"\C2D42\x"#, [.singleByteSet([0x2D, 0x42]), .text("x")]),
            (#"\M2442\"#, [.multipleByteSet([0x24, 0x42])]), (#"\M242844\"#, [.multipleByteSet([0x24, 0x28, 0x44])]),
            (#"\Zown\"#, [.local("own")]), (#"a\.br\b"#, [.text("a"), .lineBreak, .text("b")]),
            (#"\.sp2\\.sk3\\.in+4\\.ti-2\"#, [.skipLines(2), .skipSpaces(3), .indent(4), .temporaryIndent(-2)]),
            (#"\.fi\\.nf\\.ce\"#, [.fill(true), .fill(false), .center]),
            (#"4\5 re."#, [.text("4"), .unknown(#"\5 re."#)]),
            (#"4\5 re. \T\ x"#, [.text("4"), .unknown(#"\5 re. "#), .text("& x")]),
            (#"\P\"#, [.text("#")]), (#"\F\\S\\R\\E\"#, [.text(#"|^~\"#)]),
        ] as [(String, [TextRun])])
    func runs(_ written: String, _ runs: [TextRun]) throws {
        let message = try message(written)
        #expect(try message.part("NTE-3").runs() == runs)
        var writer = MessageWriter(message)
        try writer.set("NTE-3", to: .runs(runs))
        #expect(String(decoding: writer.bytes, as: UTF8.self) == String(decoding: message.bytes, as: UTF8.self))
    }

    @Test(#"\C..\ calls up a character set, until the next or the end of the value"#)
    func switching() throws {
        let bytes =
            Array("MSH|^~\\&|A|||||||||||||||ASCII\rNTE|1||a\\C2D41\\".utf8) + [0xE9] + Array("\\C2D46\\".utf8) + [0xE1]
            + Array("\\C2842\\z^".utf8) + [0x61, 0x0D]
        let message = try Message(bytes)
        try message.checkText()
        #expect(try message.text("NTE-3.1") == "aéαz")
        let broken = try Message(bytes.dropLast(1) + [0xE9, 0x0D])
        let fault = #expect(throws: UndecodableText.self) { try broken.checkText() }
        #expect(fault?.place?.description == "NTE-3.2")
    }

    @Test("a value that was cut short says so")
    func truncation() throws {
        let message = try message("long#^whole^\\P\\")
        #expect(message.part("NTE-3.1").isTruncated)
        #expect(!message.part("NTE-3.2").isTruncated)
        #expect(!message.part("NTE-3.3").isTruncated)
        #expect(try message.text("NTE-3.1") == "long#")
        var writer = MessageWriter(message)
        try writer.set("NTE-3", to: .components([.truncated("lo#ng"), .text("x#")]))
        #expect(String(decoding: writer.bytes, as: UTF8.self).hasSuffix("|lo\\P\\ng#^x\\P\\\r"))
    }

    @Test("UTF-16 without a mark is known by its first letters", arguments: [true, false])
    func utf16(bigEndian: Bool) throws {
        let text = "MSH|^~\\&|Ärzte|||||||||||||||UNICODE UTF-16\rPID|1\r"
        let bytes = text.utf16.flatMap { unit in
            bigEndian ? [UInt8(unit >> 8), UInt8(unit & 255)] : [UInt8(unit & 255), UInt8(unit >> 8)]
        }
        #expect(ER7.recognizes(bytes))
        let message = try Message(try #require(Samples.frames(bytes, chunk: 7).frames.first).framed.bytes)
        #expect(try message.text("MSH-3") == "Ärzte")
        let time = try #require(DateTime(year: 2026, month: 11, day: 22, hour: 9, minute: 30))
        let answer = try Message(
            Acknowledgment(.accept, to: AcknowledgedHeader(message), controlID: "1", at: time).bytes)
        #expect(answer.part("MSH-18").raw == "UNICODE UTF-8")
        #expect(try answer.text("MSH-5") == "Ärzte")
    }

    @Test("segments are counted in round brackets too, to read and to write")
    func brackets() throws {
        let message = try Samples.message("MSH|^~\\&|A\rOBX|1\rOBX|2|x~y\r")
        #expect(Path("OBX(2)-2(2).1") == Path("OBX[2]-2[2].1"))
        #expect(Path("OBX(2]-1") == nil)
        #expect(try message.text("OBX(2)-2[2]") == "y")
        var writer = MessageWriter(message)
        #expect(try writer.set("OBX(2)-2(2)", to: "z"))
        #expect(try !writer.set("OBX(3)-1", to: "z"))
        #expect(try !writer.set("no path", to: "z"))
        let removed = [writer.remove("OBX"), writer.remove("MSH")]
        #expect(removed == [true, false])
        #expect(String(decoding: writer.bytes, as: UTF8.self) == "MSH|^~\\&|A\rOBX|2|x~z\r")
    }
}
