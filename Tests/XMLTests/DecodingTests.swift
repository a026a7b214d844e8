import Testing
import XML

/// A text in UTF-16, the low byte first, without its byte order mark.
private func utf16(_ text: String) -> [UInt8] {
    bytes(Array(text.utf16))
}

private func bytes(_ units: [UInt16]) -> [UInt8] {
    units.flatMap { unit -> [UInt8] in [UInt8(unit & 0xFF), UInt8(unit >> 8)] }
}

@Suite("Encodings of a document")
struct DecodingTests {
    private func declared(_ encoding: String, _ text: [UInt8]) -> [UInt8] {
        Array("<?xml version='1.0' encoding='\(encoding)'?><a>".utf8) + text + Array("</a>".utf8)
    }

    private func text(_ document: [UInt8]) -> String? {
        let outcome = read(document)
        guard outcome.fault == nil, case .text(let text) = outcome.events.dropFirst().first else { return nil }
        return String(decoding: text.value, as: UTF8.self)
    }

    @Test(
        "the declared encoding is used",
        arguments: [
            ("ISO-8859-1", [0xE9, 0xA4], "é¤"), ("iso-8859-15", [0xE9, 0xA4], "é€"),
            ("Windows-1252", [0x80, 0x9C], "€œ"),
            ("ISO-8859-5", [0xBC, 0xDE], "Мо"), ("ISO-8859-7", [0xC1, 0xE1], "Αα"), ("ISO-8859-9", [0xFD], "ı"),
            ("ISO-8859-2", [0xB9], "š"), ("UTF-8", [0xC3, 0xA9], "é"), ("US-ASCII", [0x41], "A"),
        ] as [(String, [UInt8], String)])
    func declaredEncodings(encoding: String, bytes: [UInt8], expected: String) {
        #expect(text(declared(encoding, bytes)) == expected)
        #expect(read(declared(encoding, bytes), pieces: 1) == read(declared(encoding, bytes)))
    }

    @Test(
        "bytes that are not of the encoding are refused with their offset",
        arguments: [
            ("UTF-8", [0xE9]), ("UTF-8", [0xC0, 0x80]), ("UTF-8", [0xED, 0xA0, 0x80]),
            ("UTF-8", [0xF4, 0x90, 0x80, 0x80]),
            ("UTF-8", [0x80]), ("windows-1252", [0x81]), ("ISO-8859-3", [0xA5]), ("US-ASCII", [0x80]),
        ] as [(String, [UInt8])])
    func undecodable(encoding: String, bytes: [UInt8]) {
        let document = declared(encoding, Array("xy".utf8) + bytes)
        let outcome = read(document)
        #expect(outcome.fault?.code == .undecodable)
        #expect(outcome.fault?.position.offset == declared(encoding, Array("xy".utf8)).count - 4)
        #expect(outcome.events.count == 1)
        #expect(read(document, pieces: 1) == outcome)
    }

    @Test(
        "encodings that are not taken, or disagree with the byte order mark, are refused",
        arguments: [
            Array("<?xml version='1.0' encoding='EBCDIC-CP-US'?><a/>".utf8),
            Array("<?xml version='1.0' encoding='UTF-16'?><a/>".utf8),
            Array("<?xml version='1.0' encoding='UTF-7'?><a/>".utf8),
            [0xEF, 0xBB, 0xBF] + Array("<?xml version='1.0' encoding='ISO-8859-1'?><a/>".utf8),
            [0xFF, 0xFE] + utf16("<?xml version='1.0' encoding='UTF-8'?><a/>"),
        ])
    func refusedEncodings(document: [UInt8]) {
        #expect(read(document).fault?.code == .undecodable)
        #expect(read(document, pieces: 1) == read(document))
    }

    @Test("UTF-16 without its byte order mark is refused")
    func noByteOrderMark() {
        let document = utf16("<a/>")
        #expect(read(document).fault?.code == .undecodable)
    }

    @Test("UTF-16 is read beyond its first plane, and half a character is refused")
    func surrogates() {
        func document(_ units: [UInt16]) -> [UInt8] {
            [0xFF, 0xFE] + bytes(Array("<a>".utf16) + units + Array("</a>".utf16))
        }
        #expect(text(document(Array("é😀".utf16))) == "é😀")
        #expect(read(document(Array("é😀".utf16)), pieces: 1) == read(document(Array("é😀".utf16))))
        for units in [[0xD83D], [0xDE00], [0xD83D, 0x41], [0xDE00, 0xD83D]] as [[UInt16]] {
            #expect(read(document(units)).fault?.code == .undecodable)
        }
        #expect(read(document([]).dropLast() + []).fault?.code == .undecodable)
    }
}
