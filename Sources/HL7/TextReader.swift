/// Resolves escapes and decodes bytes to text (HL7 v2.9 §2.6).
///
/// An escape never fails a message: what is unknown, unterminated or does not decode stays as it was written.
struct TextReader {
    let delimiters: Delimiters
    let charset: Charset
    let isLiteral: Bool

    func text(of bytes: ArraySlice<UInt8>) throws(UndecodableText) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count)
        guard let escape = delimiters.escape, !isLiteral else {
            try charset.decode(bytes, into: &text)
            return String(decoding: text, as: UTF8.self)
        }
        // \Cxxyy\ calls up another set until the next one, or until the part ends.
        var charset = self.charset
        // Consecutive \X..\ are one run of bytes: a character may be spread over them.
        var hexadecimal = HexadecimalRun(start: bytes.startIndex)
        var plain = bytes.startIndex
        var position = bytes.startIndex
        while let open = bytes[position...].firstIndex(of: escape) {
            guard let close = bytes[(open + 1)...].firstIndex(of: escape) else { break }
            let body = bytes[open + 1..<close]
            guard let meaning = meaning(of: body) else {
                position = open + 1
                continue
            }
            if plain < open {
                append(&hexadecimal, of: bytes, in: charset, to: &text)
                try charset.decode(bytes[plain..<open], into: &text)
            }
            switch meaning {
            case .bytes(let values):
                if hexadecimal.bytes.isEmpty { hexadecimal.start = open }
                hexadecimal.bytes += values
                hexadecimal.end = close + 1
            case .text(let resolved):
                append(&hexadecimal, of: bytes, in: charset, to: &text)
                text.append(contentsOf: resolved)
            case .charset(let called):
                append(&hexadecimal, of: bytes, in: charset, to: &text)
                charset = called
            }
            plain = close + 1
            position = plain
        }
        append(&hexadecimal, of: bytes, in: charset, to: &text)
        try charset.decode(bytes[plain...], into: &text)
        return String(decoding: text, as: UTF8.self)
    }

    private enum Meaning {
        case text([UInt8])
        case bytes([UInt8])
        case charset(Charset)
    }

    private func meaning(of body: ArraySlice<UInt8>) -> Meaning? {
        guard let first = body.first else { return nil }
        if body.count == 1 { return single(first).map { .text($0) } }
        switch first {
        case UInt8(ascii: "X"): return hexadecimal(body.dropFirst())
        case UInt8(ascii: "."): return formatting(body.dropFirst()).map { .text($0) }
        case UInt8(ascii: "C"):
            return Hexadecimal.bytes(body.dropFirst())
                .flatMap { Charset.designated(by: $0, default: charset) }.map { .charset($0) }
        // \M..\ calls up sets of several bytes, which are not read, and \Z..\ is local: they stay as written.
        default: return nil
        }
    }

    private func single(_ letter: UInt8) -> [UInt8]? {
        // Highlighting begins and ends: no text of its own.
        if letter == UInt8(ascii: "H") || letter == UInt8(ascii: "N") { return [] }
        return delimiter(named: letter).map { [$0] }
    }

    /// The delimiter that a letter stands for in an escape sequence.
    func delimiter(named letter: UInt8) -> UInt8? {
        switch letter {
        case UInt8(ascii: "F"): delimiters.field
        case UInt8(ascii: "S"): delimiters.component
        case UInt8(ascii: "R"): delimiters.repetition
        case UInt8(ascii: "T"): delimiters.subcomponent ?? UInt8(ascii: "&")
        case UInt8(ascii: "E"): delimiters.escape ?? UInt8(ascii: "\\")
        case UInt8(ascii: "P"): delimiters.truncation ?? UInt8(ascii: "#")
        default: nil
        }
    }

    /// The digits of `\X..\`; senders also write one UTF-16 code unit of four digits, `\X000D\` or `\X00E0\`.
    private func hexadecimal(_ digits: ArraySlice<UInt8>) -> Meaning? {
        guard let values = Hexadecimal.bytes(digits) else { return nil }
        guard values.contains(0) else { return .bytes(values) }
        guard values.count.isMultiple(of: 2) else { return nil }
        var text: [UInt8] = []
        for pair in stride(from: 0, to: values.count, by: 2) {
            // NUL is in no text; a message that says so keeps what it wrote.
            guard values[pair] == 0, values[pair + 1] != 0 else { return nil }
            text.append(contentsOf: String(Character(Unicode.Scalar(values[pair + 1]))).utf8)
        }
        return .text(text)
    }

    /// The commands of formatted text (§2.6.5): line breaks and blanks remain, indents and wrapping have no text.
    private func formatting(_ command: ArraySlice<UInt8>) -> [UInt8]? {
        let name = String(decoding: command.prefix(2), as: UTF8.self).lowercased()
        let digits = command.dropFirst(2).filter { $0 != 0x20 && $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") }
        guard digits.count <= 4, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        let number = digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
        let count = digits.isEmpty ? 1 : min(number, 100)
        switch name {
        case "br", "ce": return digits.isEmpty ? [0x0A] : nil
        case "sp": return Array(repeating: 0x0A, count: count)
        case "sk": return Array(repeating: 0x20, count: count)
        case "fi", "nf": return digits.isEmpty ? [] : nil
        case "in", "ti": return []
        default: return nil
        }
    }

    private struct HexadecimalRun {
        var start: Int
        var end = 0
        var bytes: [UInt8] = []
    }

    /// Bytes that are no text in the message's character set leave their escapes as they were written.
    private func append(
        _ run: inout HexadecimalRun, of bytes: ArraySlice<UInt8>, in charset: Charset, to text: inout [UInt8]
    ) {
        guard !run.bytes.isEmpty else { return }
        do {
            try charset.decode(run.bytes[...], into: &text)
        } catch {
            text.append(contentsOf: bytes[run.start..<run.end])
        }
        run.bytes = []
    }
}
