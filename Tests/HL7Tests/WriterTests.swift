import HL7
import Testing

@Suite("Writer")
struct WriterTests {
    @Test(
        "a message that is not changed keeps its bytes",
        arguments: [
            Samples.admission, Samples.merge, "MSH|^~\\&|A", "MSH|^~\\&|A\n\nPID|1|||\r\n  NTE|x\n",
            "MSH#*~!@#A\r\rPID#\r",
            "MSH|^~&|A\rZZZ|\\bad^~~&&\r|\rrubbish",
        ])
    func unchanged(_ text: String) throws {
        let message = try Samples.message(text)
        #expect(MessageWriter(message).bytes == Array(text.utf8))
        for segment in message.segments {
            #expect(RoundTrip.rebuilt(segment, message.delimiters) == Array(segment.bytes))
        }
    }

    @Test(
        "text is escaped so that it reads back the same",
        arguments: ["a|b^c&d~e\\f", "\\T\\", "tab\tand\r\nbreak", "\"\"", "Ünï 😀", "#", "4\\5", "\u{01}", " x "])
    func escaping(_ text: String) throws {
        for delimiters in [Delimiters.usual, Delimiters(field: 0x23, truncation: 0x25)] {
            var writer = MessageWriter(delimiters: delimiters)
            try writer.append("MSH", [.text("A")])
            try writer.append("NTE", [.empty, .components([.text(text), .subcomponents(["x", .text(text)])])])
            let message = try Message(writer.bytes)
            #expect(message.segments.count == 2)
            #expect(try message.text("NTE-2.1") == text)
            #expect(try message.text("NTE-2.2.2") == text)
        }
    }

    @Test("fields are joined, and empty ones at the end are left away")
    func fields() throws {
        var writer = MessageWriter()
        try writer.append("MSH", ["A", .empty, "C"])
        try writer.append(
            "PID",
            [
                FieldValue(1), .empty, .repetitions([.components(["7", .empty, "MR", .empty]), "8", .empty]), .delete,
                .lines("one\r\ntwo\nthree"), .raw(Array("a^b".utf8)), FieldValue(nil), .components([.empty]),
            ])
        let text = String(decoding: writer.bytes, as: UTF8.self)
        #expect(text == "MSH|^~\\&|A||C\rPID|1||7^^MR~8|\"\"|one\\.br\\two\\.br\\three|a^b\r")
    }

    @Test(
        "one place is changed and the rest stays",
        arguments: [
            ("PID-3", "MSH|^~\\&|A\rPID|1||NEW|5^6\r"), ("PID-4.2", "MSH|^~\\&|A\rPID|1||x~y|5^NEW\r"),
            ("PID-4[2].2.2", "MSH|^~\\&|A\rPID|1||x~y|5^6~^&NEW\r"), ("PID-6", "MSH|^~\\&|A\rPID|1||x~y|5^6||NEW\r"),
            ("PID-3[2]", "MSH|^~\\&|A\rPID|1||x~NEW|5^6\r"), ("MSH-3", "MSH|^~\\&|NEW\rPID|1||x~y|5^6\r"),
            ("MSH-5", "MSH|^~\\&|A||NEW\rPID|1||x~y|5^6\r"),
        ])
    func setting(_ path: String, _ expected: String) throws {
        var writer = MessageWriter(try Samples.message("MSH|^~\\&|A\rPID|1||x~y|5^6\r"))
        #expect(try writer.set(try #require(Path(path)), to: "NEW"))
        #expect(String(decoding: writer.bytes, as: UTF8.self) == expected)
    }

    @Test("what cannot be set is left alone", arguments: ["PV1-1", "PID[2]-1", "MSH-1", "MSH-2", "PID"])
    func notSet(_ path: String) throws {
        let message = try Samples.message("MSH|^~\\&|A\rPID|1\r")
        var writer = MessageWriter(message)
        #expect(try !writer.set(try #require(Path(path)), to: "NEW"))
        #expect(writer.bytes == message.bytes)
    }

    @Test("a character that the set cannot say is an error, never a replacement")
    func unencodable() throws {
        var writer = MessageWriter(charset: .latin1)
        try writer.append("MSH", ["é"])
        #expect(writer.bytes.contains(0xE9))
        #expect(throws: UnencodableText.self) { try writer.append("NTE", ["€"]) }
        var euro = MessageWriter(charset: .iso8859(15))
        try euro.append("NTE", ["€"])
        #expect(euro.bytes.contains(0xA4))
    }
}
