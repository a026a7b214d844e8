import CSV
import Testing

@Suite("CSV encodings")
struct EncodingTests {
    private let text = "name;note\r\nJosé;\"x €\r\n😀\"\r\nÅ;z\r\n"

    private func utf16(_ text: String, littleEndian: Bool) -> [UInt8] {
        text.utf16.flatMap { unit in
            littleEndian ? [UInt8(unit & 0xFF), UInt8(unit >> 8)] : [UInt8(unit >> 8), UInt8(unit & 0xFF)]
        }
    }

    @Test("a byte order mark is passed over and counted in the offsets")
    func byteOrderMark() throws {
        let reading = try read("\u{FEFF}" + text)
        #expect(reading.header.names == ["name", "note"])
        #expect(reading.byteOrderMark == [0xEF, 0xBB, 0xBF])
        #expect(reading.records[0].position == Position(line: 2, column: 1, byteOffset: 14))
        #expect(try reading.sound == [["José", "x €\r\n😀"], ["Å", "z"]])
    }

    @Test("UTF-16 with its mark reads as UTF-8 does, with offsets and bytes of the file", arguments: [true, false])
    func utf16(littleEndian: Bool) throws {
        let file = utf16("\u{FEFF}" + text, littleEndian: littleEndian)
        for pieces in [1, 3, 7, .max] {
            let reading = try read(file, pieces: pieces, chunkSize: max(1, min(pieces, 1000)))
            #expect(try reading.sound == [["José", "x €\r\n😀"], ["Å", "z"]])
            #expect(reading.verbatim == file)
            #expect(reading.records[0].position == Position(line: 2, column: 1, byteOffset: 24))
            #expect(reading.records[0].position(1) == Position(line: 2, column: 6, byteOffset: 34))
            #expect(reading.records[1].position == Position(line: 4, column: 1, byteOffset: 56))
        }
    }

    @Test("a lone surrogate and an odd last byte are faults in their places, and no byte is lost")
    func brokenUTF16() throws {
        let file =
            utf16("\u{FEFF}a,b\n1,x", littleEndian: true) + [0x00, 0xD8] + utf16("y\n4,5\n6,7", littleEndian: true)
            + [0x41]
        let reading = try read(file)
        #expect(reading.codes == [.undecodable, .undecodable])
        #expect(reading.records[0].faults[0].position == Position(line: 2, column: 4, byteOffset: 16))
        #expect(reading.records[2].faults[0].byteOffset == file.count - 1)
        #expect(try reading.sound == [["4", "5"]])
        #expect(reading.verbatim == file)
    }

    @Test("UTF-16 without its mark and UTF-32 are refused by name")
    func refused() throws {
        #expect(try refusal(utf16("a,b\n1,2\n", littleEndian: true))?.faults.map(\.code) == [.utf16])
        #expect(try refusal(utf16("a,b\n1,2\n", littleEndian: false))?.faults.map(\.code) == [.utf16])
        #expect(try refusal([0xFF, 0xFE, 0, 0, 0x61, 0, 0, 0])?.faults.map(\.code) == [.utf32])
        #expect(try refusal([0, 0, 0xFE, 0xFF, 0, 0, 0, 0x61])?.faults.map(\.code) == [.utf32])
    }

    @Test("Windows-1252 holds only where it is declared, and its gaps are faults")
    func windows1252() throws {
        let file = Array("a,b\nJos".utf8) + [0xE9, 0x2C, 0x80, 0x0A, 0x81, 0x2C, 0x31, 0x0A]
        let reading = try read(file, charset: .windows1252)
        #expect(try reading.sound == [["José", "€"]])
        #expect(reading.codes == [.undecodable])
        #expect(reading.records[1].faults[0].position == Position(line: 3, column: 1, byteOffset: 11))
        #expect(reading.verbatim == file)
        #expect(try read(file).codes == [.undecodable, .undecodable, .undecodable])
    }

    @Test(
        "each ISO-8859 part has its own letters",
        arguments: [
            (Charset.iso8859Part1, 0xE9, "é"), (.iso8859Part2, 0xB3, "ł"), (.iso8859Part3, 0xB1, "ħ"),
            (.iso8859Part4, 0xB3, "ŗ"), (.iso8859Part5, 0xB0, "А"), (.iso8859Part6, 0xC7, "ا"),
            (.iso8859Part7, 0xE1, "α"), (.iso8859Part8, 0xE0, "א"), (.iso8859Part9, 0xDD, "İ"),
            (.iso8859Part10, 0xB1, "ą"), (.iso8859Part11, 0xA1, "ก"), (.iso8859Part13, 0xE0, "ą"),
            (.iso8859Part14, 0xD0, "Ŵ"), (.iso8859Part15, 0xA4, "€"),
        ] as [(Charset, UInt8, String)])
    func parts(charset: Charset, byte: UInt8, letter: String) throws {
        let reading = try read(Array("a,b\n1,".utf8) + [byte, 0x0A], charset: charset)
        #expect(try reading.sound == [["1", letter]])
    }

    @Test("C1 control characters of ISO-8859 and unassigned bytes are faults")
    func gaps() throws {
        #expect(try read(Array("a,b\n1,".utf8) + [0x85, 0x0A], charset: .iso8859Part1).codes == [.controlCharacter])
        #expect(try read(Array("a,b\n1,".utf8) + [0xA1, 0x0A], charset: .iso8859Part6).codes == [.undecodable])
    }

    @Test("charsets are found by the names people write")
    func names() {
        #expect(Charset(named: "iso 8859_15") == .iso8859Part15)
        #expect(Charset(named: "WINDOWS-1252") == .windows1252)
        #expect(Charset(named: "utf8") == .utf8)
        #expect(Charset(named: "ISO-8859-12") == nil)
        #expect(Charset(named: "ebcdic") == nil)
    }

    @Test("a control character is data only where the caller allows it")
    func allowedControl() throws {
        let source = Pieces(Array("a,b\n1,01\u{1D}10\n1,\u{1E}\n".utf8), size: .max)
        var reader = try #require(try Reader(allowedControls: [0x1D], read: source.read, choosing: widest))
        #expect(try reader.next()?.text(1) == "01\u{1D}10")
        #expect(try reader.next()?.faults.map(\.code) == [.controlCharacter])
    }
}
