import Testing

@testable import Listener

@Suite("MLLP blocks")
struct BlockReaderTests {
    /// Parts with the pieces between them put together, so that two ways to cut a stream can be compared.
    private func parts(_ pieces: [[UInt8]]) -> [BlockReader.Part] {
        var reader = BlockReader()
        var parts: [BlockReader.Part] = []
        for piece in pieces {
            var rest = piece[...]
            while let part = reader.next(&rest) {
                switch (parts.last, part) {
                case (.piece(let before), .piece(let more)): parts[parts.count - 1] = .piece((before + more)[...])
                case (.outside(let before), .outside(let more)): parts[parts.count - 1] = .outside(before + more)
                default: parts.append(part)
                }
            }
        }
        return parts.map { part in
            if case .piece(let bytes) = part { return .piece(Array(bytes)[...]) }
            return part
        }
    }

    private static let streams: [(String, [BlockReader.Part])] = [
        ("\u{0B}MSH\r\u{1C}\r", [.begin, .piece("MSH\r"), .end]),
        ("\u{0B}A\u{1C}\r\u{0B}B\u{1C}\r", [.begin, .piece("A"), .end, .begin, .piece("B"), .end]),
        ("\r\n\u{0B}A\u{1C}\r\n\r\n\u{0B}B\u{1C}\r", [.begin, .piece("A"), .end, .begin, .piece("B"), .end]),
        ("GET / HTTP\r\n\u{0B}A\u{1C}\r", [.outside(10), .begin, .piece("A"), .end]),
        ("\u{0B}half\u{0B}whole\u{1C}\r", [.begin, .piece("half"), .cut, .begin, .piece("whole"), .end]),
        ("\u{0B}\u{0B}A\u{1C}\r", [.begin, .cut, .begin, .piece("A"), .end]),
        ("\u{0B}A\u{1C}\u{0B}B\u{1C}\r", [.begin, .piece("A"), .end, .begin, .piece("B"), .end]),
        ("\u{0B}A\u{1C}B\u{1C}\r", [.begin, .piece("A"), .loneSeparator, .piece("B"), .end]),
        ("\u{0B}A\u{1C}\u{1C}\r", [.begin, .piece("A"), .loneSeparator, .end]),
        ("\u{0B}\u{1C}\r", [.begin, .end]),
        ("\u{0B}no end", [.begin, .piece("no end")]),
        ("\u{0B}no return\u{1C}", [.begin, .piece("no return")]),
    ]

    @Test("a stream gives the same parts in every split", arguments: streams)
    func splits(stream: String, expected: [BlockReader.Part]) {
        let bytes = Array(stream.utf8)
        #expect(parts([bytes]) == expected)
        #expect(parts(bytes.map { [$0] }) == expected, "byte by byte")
        for first in bytes.indices {
            for second in first..<bytes.count {
                let pieces = [Array(bytes[..<first]), Array(bytes[first..<second]), Array(bytes[second...])]
                #expect(parts(pieces) == expected, "cut at \(first) and \(second)")
            }
        }
    }

    @Test("a block is open from its start byte to the return after its end byte")
    func inside() {
        var reader = BlockReader()
        var states: [Bool] = []
        for byte in [0x41, 0x0B, 0x41, 0x1C, 0x0D, 0x41] as [UInt8] {
            var rest = [byte][...]
            while reader.next(&rest) != nil {}
            states.append(reader.isInside)
        }
        #expect(states == [false, true, true, true, false, false])
    }

    @Test(
        "messages are counted by their lines of MSH and a delimiter",
        arguments: [
            ("MSH|a\rPID|1\r", 1), ("MSH|a\rMSH|b\r", 2), ("MSH|a\nMSH#b\n", 2), ("MSH|a\rMSHX|b\rOBX|MSH|\r", 1),
            ("BHS|\rMSH|a\rMSH|b\rBTS|2\r", 2), ("MSH", 0), ("XMSH|a\r", 0),
        ])
    func counts(text: String, count: Int) {
        var whole = MessageStarts()
        whole.read(Array(text.utf8)[...])
        var single = MessageStarts()
        for byte in text.utf8 { single.read([byte]) }
        #expect(whole.count == count)
        #expect(single.count == count)
    }
}

extension BlockReader.Part {
    fileprivate static func piece(_ text: String) -> BlockReader.Part { .piece(Array(text.utf8)[...]) }
}
