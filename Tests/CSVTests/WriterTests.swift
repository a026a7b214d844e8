import CSV
import Testing

@Suite("CSV writer")
struct WriterTests {
    private func written(_ cells: [Writer.Cell], dialect: Dialect = Dialect()) -> String {
        var writer = Writer(dialect: dialect)
        writer.append(cells)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    @Test("quotes stand where RFC 4180 wants them and nowhere else")
    func quotes() {
        #expect(written([.text("a"), .text("b c"), .empty]) == "a,b c,\r\n")
        #expect(
            written([.text("a,b"), .text("say \"hi\""), .text("x\ny")]) == "\"a,b\",\"say \"\"hi\"\"\",\"x\ny\"\r\n")
        #expect(
            written([.text("a,b"), .text("c;d")], dialect: Dialect(delimiter: .semicolon, lineEnd: .lf))
                == "a,b;\"c;d\"\n")
        #expect(written([.empty]) == "\"\"\r\n")
    }

    @Test(
        "text that a spreadsheet takes for a formula is guarded, quoted or not",
        arguments: ["=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠"])
    func formulas(start: String) throws {
        let text = start + "cmd|' /C calc'!A0,\""
        let cell = String(written([.text(text), .empty]).dropLast())
        #expect(cell.hasPrefix("\"'" + start))
        #expect(written([.text(start), .empty]).contains("'" + start))
    }

    @Test("numbers and a sender's own words are not guarded")
    func unguarded() {
        #expect(written([.number("-12.50"), .verbatim(Array("+44 20".utf8))]) == "-12.50,+44 20\r\n")
        #expect(written([.text("+44 20"), .text("a=b"), .text("＃x")]) == "'+44 20,a=b,＃x\r\n")
    }

    @Test(
        "a sign after another country's delimiter or a line break is guarded too",
        arguments: [
            ("a;=1+1", "a;'=1+1"), ("a,+1", "a,'+1"), ("a|@x", "a|'@x"), ("a\t-1", "a\t'-1"), ("a\n=1", "a\n'=1"),
            ("a;\"=1", "a;\"'=1"), ("a; -1", "a; -1"), ("a=b-c", "a=b-c"), ("x;\n=1", "x;\n'=1"),
            ("a;＝1", "a;'＝1"), ("one, two; three", "one, two; three"), ("=a;=b", "'=a;'=b"),
        ])
    func foreignDelimiters(text: String, expected: String) {
        #expect(String(decoding: Writer.guarded(Array(text.utf8)), as: UTF8.self) == expected)
    }

    @Test("what is written can be taken in parts")
    func take() {
        var writer = Writer(byteOrderMark: true)
        writer.append([.text("a")])
        #expect(writer.take() == [0xEF, 0xBB, 0xBF, 0x61, 0x0D, 0x0A])
        writer.append([.text("b")])
        #expect(writer.take() == [0x62, 0x0D, 0x0A])
        #expect(writer.bytes.isEmpty)
    }
}
