/// A stretch of a text as it is written: plain, or one escape sequence (HL7 v2.9 §2.6).
///
/// `Part.text()` resolves all of them into one text; runs keep what a display needs, and write back the same.
public enum TextRun: Hashable, Sendable {
    /// Text, in which the delimiters that were escaped stand for themselves.
    case text(String)
    /// `\H\` begins highlighting, `\N\` ends it.
    case highlight(Bool)
    /// `\Xdd..\`: bytes whose meaning sender and receiver agree on.
    case hexadecimal([UInt8])
    /// `\Cxxyy\`: what follows is in this single-byte character set of ISO 2022.
    case singleByteSet([UInt8])
    /// `\Mxxyyzz\`: what follows is in this character set of several bytes.
    case multipleByteSet([UInt8])
    /// `\Z..\`, without its Z: the meaning is the sender's own.
    case local(String)
    /// `\.br\`.
    case lineBreak
    /// `\.spN\`: so many lines down.
    case skipLines(Int)
    /// `\.skN\`: so many blanks.
    case skipSpaces(Int)
    /// `\.fi\` begins to fill lines, `\.nf\` ends it.
    case fill(Bool)
    /// `\.inN\`: indent from here on.
    case indent(Int)
    /// `\.tiN\`: indent the next line alone.
    case temporaryIndent(Int)
    /// `\.ce\`: center the next line.
    case center
    /// What has the form of an escape sequence and is none, with its escape characters: it is written as it came.
    case unknown(String)
}

extension TextReader {
    /// The runs of a value; unlike in `text(of:)` nothing is left out.
    func runs(of bytes: ArraySlice<UInt8>) throws(UndecodableText) -> [TextRun] {
        var runs: [TextRun] = []
        var plain: [UInt8] = []
        var charset = self.charset
        func flush() {
            if !plain.isEmpty { runs.append(.text(String(decoding: plain, as: UTF8.self))) }
            plain = []
        }
        var rest = bytes
        while let escape = delimiters.escape, !isLiteral, let open = rest.firstIndex(of: escape),
            let close = rest[(open + 1)...].firstIndex(of: escape)
        {
            try charset.decode(rest[..<open], into: &plain)
            let body = rest[(open + 1)..<close]
            if body.count == 1, let delimiter = body.first.flatMap({ self.delimiter(named: $0) }) {
                plain.append(delimiter)
                rest = rest[(close + 1)...]
            } else if let run = run(body) {
                flush()
                runs.append(run)
                if case .singleByteSet(let sequence) = run {
                    charset = Charset.designated(by: sequence, default: self.charset) ?? charset
                }
                rest = rest[(close + 1)...]
            } else {
                // The closing one may open the next sequence, as in `4\5 re. \T\ x`.
                flush()
                var unknown: [UInt8] = []
                try charset.decode(rest[open..<close], into: &unknown)
                runs.append(.unknown(String(decoding: unknown, as: UTF8.self)))
                rest = rest[close...]
            }
        }
        if let escape = delimiters.escape, !isLiteral, let open = rest.firstIndex(of: escape) {
            try charset.decode(rest[..<open], into: &plain)
            flush()
            rest = rest[open...]
            var unknown: [UInt8] = []
            try charset.decode(rest, into: &unknown)
            runs.append(.unknown(String(decoding: unknown, as: UTF8.self)))
        } else {
            try charset.decode(rest, into: &plain)
            flush()
        }
        return runs
    }

    private func run(_ body: ArraySlice<UInt8>) -> TextRun? {
        guard let first = body.first else { return nil }
        let rest = body.dropFirst()
        switch first {
        case UInt8(ascii: "H"): return rest.isEmpty ? .highlight(true) : nil
        case UInt8(ascii: "N"): return rest.isEmpty ? .highlight(false) : nil
        case UInt8(ascii: "X"): return rest.isEmpty ? nil : Hexadecimal.bytes(rest).map { .hexadecimal($0) }
        // Small digits would come back as capitals; they stay as they were written.
        case UInt8(ascii: "C") where rest.contains { $0 >= 0x61 }, UInt8(ascii: "M") where rest.contains { $0 >= 0x61 }:
            return nil
        case UInt8(ascii: "C"): return rest.count == 4 ? Hexadecimal.bytes(rest).map { .singleByteSet($0) } : nil
        case UInt8(ascii: "M"):
            return rest.count == 4 || rest.count == 6 ? Hexadecimal.bytes(rest).map { .multipleByteSet($0) } : nil
        case UInt8(ascii: "Z"): return String(validating: rest, as: UTF8.self).map { .local($0) }
        case UInt8(ascii: "."): return command(rest)
        default: return nil
        }
    }

    private func command(_ command: ArraySlice<UInt8>) -> TextRun? {
        let digits = command.dropFirst(2)
        let number = Int(String(decoding: digits.filter { $0 != 0x20 }, as: UTF8.self))
        guard digits.isEmpty || number != nil, digits.count <= 6 else { return nil }
        switch String(decoding: command.prefix(2), as: UTF8.self).lowercased() {
        case "br" where digits.isEmpty: return .lineBreak
        case "ce" where digits.isEmpty: return .center
        case "fi" where digits.isEmpty: return .fill(true)
        case "nf" where digits.isEmpty: return .fill(false)
        case "sp": return .skipLines(number ?? 1)
        case "sk": return .skipSpaces(number ?? 1)
        case "in": return .indent(number ?? 0)
        case "ti": return .temporaryIndent(number ?? 0)
        default: return nil
        }
    }
}

extension FieldEncoder {
    func bytes(of run: TextRun) throws(UnencodableText) -> [UInt8] {
        func command(_ name: String, _ number: Int? = nil, isSigned: Bool = false) -> [UInt8] {
            let sign = isSigned && (number ?? 0) >= 0 ? "+" : ""
            return escaped(Array(".\(name)\(number.map { sign + String($0) } ?? "")".utf8))
        }
        switch run {
        case .text(let text): return try encode(text, breaksLines: false)
        case .highlight(let begins): return escaped([begins ? UInt8(ascii: "H") : UInt8(ascii: "N")])
        case .hexadecimal(let bytes): return escaped([UInt8(ascii: "X")] + Hexadecimal.digits(bytes))
        case .singleByteSet(let sequence): return escaped([UInt8(ascii: "C")] + Hexadecimal.digits(sequence))
        case .multipleByteSet(let sequence): return escaped([UInt8(ascii: "M")] + Hexadecimal.digits(sequence))
        case .local(let text): return escaped([UInt8(ascii: "Z")] + Array(text.utf8))
        case .lineBreak: return command("br")
        case .skipLines(let count): return command("sp", count)
        case .skipSpaces(let count): return command("sk", count)
        case .fill(let begins): return command(begins ? "fi" : "nf")
        case .indent(let count): return command("in", count, isSigned: true)
        case .temporaryIndent(let count): return command("ti", count, isSigned: true)
        case .center: return command("ce")
        case .unknown(let text):
            guard let bytes = charset.encode(text) else { throw UnencodableText(text: text, charset: charset) }
            return bytes
        }
    }
}
