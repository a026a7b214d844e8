/// What goes into a field when a message is written; text is escaped, empty ends are left away.
public indirect enum FieldValue: Hashable, Sendable, ExpressibleByStringLiteral {
    /// Nothing: the receiver leaves what it has.
    case empty
    /// Two double quotes: the receiver deletes what it has.
    case delete
    /// Text, escaped.
    case text(String)
    /// Formatted text (FT): line breaks become `\.br\`.
    case lines(String)
    /// Text with its escape sequences apart, as `Part.runs()` gives it.
    case runs([TextRun])
    /// Text that was cut to a greatest length: escaped, and marked with the truncation character if there is one.
    case truncated(String)
    /// Bytes that are encoded already, with the writer's delimiters and in its character set.
    case raw([UInt8])
    /// Repetitions of a field.
    case repetitions([FieldValue])
    /// Components of a repetition.
    case components([FieldValue])
    /// Subcomponents of a component.
    case subcomponents([FieldValue])

    /// Text, escaped.
    public init(stringLiteral value: String) {
        self = value.isEmpty ? .empty : .text(value)
    }

    /// Text where there is one.
    public init(_ text: String?) {
        self = text.map { $0.isEmpty ? .empty : .text($0) } ?? .empty
    }

    /// A number.
    public init(_ number: Int) {
        self = .text(String(number))
    }

    /// A date and time with its own precision.
    public init(_ time: DateTime) {
        self = .text(time.description)
    }

    /// The bytes of an existing part as they are; only for a writer with the delimiters of its message.
    public init(copying part: Part) {
        self = .raw(Array(part.bytes))
    }
}

/// A character that the character set of a message cannot say.
public struct UnencodableText: Error, Hashable, Sendable, CustomStringConvertible {
    /// The text.
    public let text: String
    /// The character set.
    public let charset: Charset
    /// The fault for people.
    public var description: String { "“\(text)” cannot be written in \(charset)" }
}

/// Turns values into bytes: escapes what would be read as a delimiter (HL7 v2.9 §2.6).
struct FieldEncoder: Sendable {
    let delimiters: Delimiters
    let charset: Charset

    func bytes(of value: FieldValue) throws(UnencodableText) -> [UInt8] {
        switch value {
        case .empty: return []
        case .delete: return Self.deleteMark
        case .raw(let bytes): return bytes
        case .text(let text): return try encode(text, breaksLines: false)
        case .lines(let text): return try encode(text, breaksLines: true)
        case .runs(let runs):
            var joined: [UInt8] = []
            for run in runs { joined += try bytes(of: run) }
            return joined
        case .truncated(let text):
            return try encode(text, breaksLines: false) + (delimiters.truncation.map { [$0] } ?? [])
        case .repetitions(let values): return try join(values, delimiters.repetition)
        case .components(let values): return try join(values, delimiters.component)
        case .subcomponents(let values): return try join(values, delimiters.subcomponent ?? UInt8(ascii: "&"))
        }
    }

    /// Values with a delimiter between them; the empty ones at the end are left away.
    func join(_ values: [FieldValue], _ delimiter: UInt8) throws(UnencodableText) -> [UInt8] {
        var joined: [UInt8] = []
        var pending = 0
        for (index, value) in values.enumerated() {
            if index > 0 { pending += 1 }
            let encoded = try bytes(of: value)
            guard !encoded.isEmpty else { continue }
            joined += Array(repeating: delimiter, count: pending) + encoded
            pending = 0
        }
        return joined
    }

    private static let deleteMark = Array("\"\"".utf8)

    func encode(_ text: String, breaksLines: Bool) throws(UnencodableText) -> [UInt8] {
        guard let plain = charset.encode(text) else { throw UnencodableText(text: text, charset: charset) }
        // Written as it is, this text would order the receiver to delete.
        guard plain != Self.deleteMark else { return escaped(Array("X2222".utf8)) }
        var encoded: [UInt8] = []
        encoded.reserveCapacity(plain.count)
        var previous: UInt8 = 0
        for byte in plain {
            if breaksLines, ER7.isLineEnd(byte) {
                if !(byte == 0x0A && previous == 0x0D) { encoded += escaped(Array(".br".utf8)) }
            } else if let name = name(of: byte) {
                encoded += escaped([name])
            } else if byte < 0x20 {
                encoded += escaped([UInt8(ascii: "X")] + Hexadecimal.digits([byte]))
            } else {
                encoded.append(byte)
            }
            previous = byte
        }
        return encoded
    }

    private func name(of byte: UInt8) -> UInt8? {
        switch byte {
        case delimiters.field: UInt8(ascii: "F")
        case delimiters.component: UInt8(ascii: "S")
        case delimiters.repetition: UInt8(ascii: "R")
        case delimiters.subcomponent: UInt8(ascii: "T")
        case delimiters.escape: UInt8(ascii: "E")
        case delimiters.truncation: UInt8(ascii: "P")
        default: nil
        }
    }

    func escaped(_ body: [UInt8]) -> [UInt8] {
        let escape = delimiters.escape ?? UInt8(ascii: "\\")
        return [escape] + body + [escape]
    }
}
