import HL7
import Testing

@Suite("Text")
struct TextTests {
    @Test(
        "escapes are resolved, and what is none stays as it was written",
        arguments: [
            (#"a\F\b\S\c\T\d\R\e\E\f"#, #"a|b^c&d~e\f"#), (#"\E\T\E\"#, #"\T\"#), (#"4\5 re."#, #"4\5 re."#),
            (#"\"#, #"\"#), (#"\\"#, #"\\"#), (#"a\E\"#, #"a\"#), (#"\P\"#, "#"), (#"\H\bold\N\ text"#, "bold text"),
            (#"one\.br\two"#, "one\ntwo"), (#"one\.BR\two"#, "one\ntwo"), (#"a\.sp2\b"#, "a\n\nb"),
            (#"a\.sp 2\b"#, "a\n\nb"), (#"a\.sp\b"#, "a\nb"), (#"a\.sk 3\b"#, "a   b"), (#"\.in+4\a\.ti-2\b"#, "ab"),
            (#"\.fi\a\.nf\b\.ce\c"#, "ab\nc"), (#"\.sp99999\"#, #"\.sp99999\"#), (#"\.zz\"#, #"\.zz\"#),
            (#"\X0D0A\"#, "\r\n"), (#"\X000d\"#, "\r"), (#"\X00E0\"#, "à"), (#"\X0D\\X0A\"#, "\r\n"),
            (#"\XC3A9\"#, "é"), (#"\XC3\\XA9\"#, "é"), (#"x\XE9\y"#, #"x\XE9\y"#), (#"\X0\"#, #"\X0\"#),
            (#"\X00\"#, #"\X00\"#), (#"\XGG\"#, #"\XGG\"#), (#"\X\"#, #"\X\"#), (#"a\C2842\b"#, "ab"),
            (#"\C284A\"#, #"\C284A\"#),
            (#"\M2442\"#, #"\M2442\"#), (#"\Zlocal\"#, #"\Zlocal\"#), (#"4\5 re. \T\ x"#, #"4\5 re. & x"#),
            (#"C:\dir\F\x"#, #"C:\dir|x"#), (#"Ä\T\Ö"#, "Ä&Ö"),
        ])
    func escapes(_ written: String, _ text: String) throws {
        let message = try Samples.message("MSH|^~\\&|A\rNTE|1||\(written)\r")
        #expect(try message.text("NTE-3") == text)
        #expect(message.part("NTE-3").raw == written)
    }

    @Test("escapes name the message's own delimiters")
    func ownDelimiters() throws {
        let message = try Samples.message("MSH#*~!@%#A\rNTE#1##!F!!S!!T!!R!!E!!P!\r")
        #expect(try message.text("NTE-3") == "#*@~!%")
    }

    @Test(
        "a character set is known by its name and its misspellings",
        arguments: [
            ("ASCII", Charset.ascii), ("UNICODE UTF-8", .utf8), ("utf8", .utf8), ("UTF-8", .utf8), ("UNICODE", .utf8),
            ("8859/1", .latin1), ("8859-1", .latin1), ("ISO-8859-1", .latin1), ("iso8859_1", .latin1),
            ("ISO 8859/15", .iso8859(15)), ("8859/9", .iso8859(9)), ("Windows-1252", .windows1252),
            ("CP1252", .windows1252), ("ISO_IR 100", .latin1), ("8859/12", .unsupported("8859/12")),
            ("GB 18030-2000", .unsupported("GB 18030-2000")), ("wrong", .unsupported("wrong")),
        ])
    func names(_ name: String, _ charset: Charset) {
        #expect(Charset(name: name) == charset)
        #expect(Charset(name: "") == nil)
    }

    @Test(
        "text is decoded by MSH-18",
        arguments: [
            ("8859/1", [0xE9, 0xFC], "éü"), ("8859/15", [0xA4, 0xE9], "€é"), ("8859/2", [0xB3, 0xF3], "łó"),
            ("8859/5", [0xBF, 0xE0], "Пр"), ("8859/7", [0xC1, 0xE2], "Αβ"), ("8859/9", [0xFE, 0xDD], "şİ"),
            ("WINDOWS-1252", [0x80, 0x93, 0xE9], "€“é"), ("UNICODE UTF-8", [0xC3, 0xA9], "é"), ("", [0xC3, 0xA9], "é"),
            ("8859/15~UNICODE UTF-8", [0xA4], "€"),
        ] as [(String, [UInt8], String)])
    func decoding(_ charset: String, _ bytes: [UInt8], _ text: String) throws {
        let header = "MSH|^~\\&|A||||||||||||||\(charset == "" ? "" : "|" + charset)\rNTE|1||"
        let message = try Message(Array(header.utf8) + bytes + [0x0D])
        try message.checkText()
        #expect(try message.text("NTE-3") == text)
    }

    @Test(
        "bytes that do not decode are refused at their offset",
        arguments: [
            (Charset.utf8, [0x61, 0xE9, 0x62], 1), (.utf8, [0xC0, 0x80], 0), (.utf8, [0xED, 0xA0, 0x80], 0),
            (.utf8, [0x61, 0xF0, 0x9F, 0x98], 1), (.utf8, [0xF5, 0x80, 0x80, 0x80], 0), (.utf8, [0xE0, 0x80, 0x80], 0),
            (.ascii, [0x61, 0x62, 0x80], 2), (.windows1252, [0x81], 0), (.iso8859(3), [0x61, 0xA5], 1),
            (.unsupported("BIG-5"), [0x61, 0xA4, 0x7E], 1), (.unsupported("ISO IR87"), [0x1B, 0x24, 0x42], 0),
        ] as [(Charset, [UInt8], Int)])
    func undecodable(_ charset: Charset, _ bytes: [UInt8], _ offset: Int) throws {
        let head = Array("MSH|^~\\&|A\rNTE|1||x^".utf8)
        let message = try Message(head + bytes + [0x0D], charset: .declared(default: charset))
        let fault = #expect(throws: UndecodableText.self) { try message.part("NTE-3.2").text() }
        #expect(fault?.offset == head.count + offset)
        #expect(fault?.place?.description == "NTE-3.2")
        let whole = #expect(throws: UndecodableText.self) { try message.checkText() }
        #expect(whole?.offset == head.count + offset)
        #expect(whole?.place?.description == "NTE-3")
    }

    @Test(
        "a character set that is not read is refused by its name, once a byte needs it",
        arguments: [
            "GB 18030-2000", "BIG-5", "KS X 1001", "CNS 11643-1992", "ISO IR14", "ISO IR87", "ISO IR159",
            "UNICODE UTF-32",
            "8859/12", "EBCDIC",
        ])
    func refusedByName(_ name: String) throws {
        let head = Array("MSH|^~\\&|A|||||||||||||||\(name)\rNTE|1||".utf8)
        #expect(try Message(head + [0x61, 0x0D]).text("NTE-3") == "a")
        let fault = #expect(throws: UndecodableText.self) { try Message(head + [0xB0, 0x0D]).checkText() }
        #expect(fault?.description.contains(name) == true)
    }

    @Test("every part of ISO 8859 that exists is read", arguments: Array(1...11) + [13, 14, 15, 16])
    func parts(_ part: Int) throws {
        let bytes = Array("MSH|^~\\&|A|||||||||||||||8859/\(part)\rNTE|1||".utf8) + [0xE1, 0x0D]
        let text = try #require(try Message(bytes).text("NTE-3"))
        #expect(text.unicodeScalars.count == 1)
        #expect(text.utf8.count > 1)
        var writer = MessageWriter(charset: .iso8859(part))
        try writer.append("NTE", [.text(text)])
        #expect(writer.bytes.contains(0xE1))
    }

    @Test("a source may insist on its own character set")
    func fixed() throws {
        let bytes = Array("MSH|^~\\&|A|||||||||||||||ASCII\rNTE|1||".utf8) + [0xE9, 0x0D]
        #expect(throws: UndecodableText.self) { try Message(bytes).text("NTE-3") }
        #expect(try Message(bytes, charset: .fixed(.latin1)).text("NTE-3") == "é")
    }

    @Test("raw bytes that differ look different")
    func raw() throws {
        let parts = try [0xE9, 0xE8].map { byte in
            try Message(Array("MSH|^~\\&|A\rPID|".utf8) + [byte, 0x0D]).part("PID-1").raw
        }
        #expect(parts[0] != parts[1])
    }
}
