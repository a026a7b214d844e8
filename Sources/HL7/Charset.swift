/// A character set that MSH-18 may name (HL7 table 0211).
public enum Charset: Hashable, Sendable, CustomStringConvertible {
    /// Seven bits.
    case ascii
    /// UTF-8, strictly.
    case utf8
    /// ISO 8859, parts 1 to 11 and 13 to 16.
    case iso8859(Int)
    /// Windows code page 1252.
    case windows1252
    /// Another set: only its ASCII can be read.
    case unsupported(String)

    /// ISO 8859-1.
    public static let latin1 = Charset.iso8859(1)

    /// Reads the name that MSH-18 or a setting gives, with its common misspellings; `nil` when it is empty.
    public init?(name: String) {
        let plain = Self.plain(name)
        guard !plain.isEmpty else { return nil }
        switch plain {
        case "ASCII", "USASCII", "ANSIX34", "ISO646", "ISO646US", "ISOIR6", "IR6":
            self = .ascii
        // UTF-16 is decoded to UTF-8 before a message can be cut out, and "UNICODE" alone means what came.
        case "UNICODEUTF8", "UTF8", "UNICODE", "UTF8UNICODE", "ISOIR192", "ISO10646", "UTF8MB4": self = .utf8
        case _ where Self.isUTF16(name: name): self = .utf8
        case "WINDOWS1252", "CP1252", "WIN1252", "1252", "WINDOWS", "MSANSI", "WINDOWSANSI", "WESTERNEUROPEANWINDOWS":
            self = .windows1252
        case "LATIN1", "ISOLATIN1", "ISO885911987", "ISOIR100": self = .iso8859(1)
        case "LATIN2", "ISOLATIN2", "ISOIR101": self = .iso8859(2)
        case "LATIN9", "ISOLATIN9": self = .iso8859(15)
        case "ISOIR109": self = .iso8859(3)
        case "ISOIR110": self = .iso8859(4)
        case "ISOIR144": self = .iso8859(5)
        case "ISOIR127": self = .iso8859(6)
        case "ISOIR126": self = .iso8859(7)
        case "ISOIR138": self = .iso8859(8)
        case "ISOIR148": self = .iso8859(9)
        default: self = Self.iso(plain) ?? .unsupported(name)
        }
    }

    /// A name without what people vary: capitals and digits.
    private static func plain(_ name: String) -> String {
        String(
            decoding: name.utf8.compactMap { byte -> UInt8? in
                guard ER7.isLetterOrDigit(byte) else { return nil }
                return (0x61...0x7A).contains(byte) ? byte - 0x20 : byte
            }, as: UTF8.self)
    }

    /// Whether MSH-18 names UTF-16, which no message can be in once it is cut out of its file.
    static func isUTF16(name: String) -> Bool {
        ["UNICODEUTF16", "UTF16", "UTF16LE", "UTF16BE", "UNICODEUTF16LE", "UNICODEUTF16BE"].contains(plain(name))
    }

    /// The set that an ISO 2022 sequence calls up, as `\\Cxxyy\\` writes it; `nil` for those that cannot be read.
    ///
    /// `2842` designates ASCII for the lower half only, which is ASCII in every set here: it ends what went before.
    static func designated(by sequence: [UInt8], default charset: Charset) -> Charset? {
        switch sequence {
        case [0x28, 0x42]: charset
        case [0x2D, 0x41]: .iso8859(1)
        case [0x2D, 0x42]: .iso8859(2)
        case [0x2D, 0x43]: .iso8859(3)
        case [0x2D, 0x44]: .iso8859(4)
        case [0x2D, 0x4C]: .iso8859(5)
        case [0x2D, 0x47]: .iso8859(6)
        case [0x2D, 0x46]: .iso8859(7)
        case [0x2D, 0x48]: .iso8859(8)
        case [0x2D, 0x4D]: .iso8859(9)
        case [0x2D, 0x62]: .iso8859(15)
        default: nil
        }
    }

    /// `88591`, `ISO885915`, `ISOIEC88591` and the like.
    private static func iso(_ plain: String) -> Charset? {
        var rest = plain[...]
        for prefix in ["ISO", "IEC", "X"] where rest.hasPrefix(prefix) { rest = rest.dropFirst(prefix.count) }
        guard rest.hasPrefix("8859"), let part = Int(rest.dropFirst(4)) else { return nil }
        return part == 1 || CharsetTables.iso8859(part) != nil ? .iso8859(part) : nil
    }

    /// The name in table 0211; Windows-1252 is in no table and goes by its usual name.
    public var description: String {
        switch self {
        case .ascii: "ASCII"
        case .utf8: "UNICODE UTF-8"
        case .iso8859(let part): "8859/\(part)"
        case .windows1252: "WINDOWS-1252"
        case .unsupported(let name): name
        }
    }

    /// Throws for the first byte that is no text in this set, without building any text.
    func check(_ bytes: ArraySlice<UInt8>) throws(UndecodableText) {
        guard let bad = firstUndecodable(bytes) else { return }
        throw UndecodableText(charset: self, offset: bad)
    }

    private func firstUndecodable(_ bytes: ArraySlice<UInt8>) -> Int? {
        switch self {
        case .utf8: UTF8Check.firstInvalid(bytes)
        case .ascii: bytes.firstIndex { $0 >= 0x80 }
        // ESC switches sets in ISO 2022, after which even ASCII bytes mean something else.
        case .unsupported: bytes.firstIndex { $0 >= 0x80 || $0 == 0x1B }
        case .iso8859, .windows1252: bytes.firstIndex { $0 >= 0x80 && scalar($0) == nil }
        }
    }

    /// Appends the bytes as UTF-8; the offset in a fault is the index of the byte.
    func decode(_ bytes: ArraySlice<UInt8>, into text: inout [UInt8]) throws(UndecodableText) {
        try check(bytes)
        switch self {
        case .utf8, .ascii, .unsupported:
            text.append(contentsOf: bytes)
        case .iso8859, .windows1252:
            for byte in bytes {
                if byte < 0x80 {
                    text.append(byte)
                } else if let scalar = scalar(byte) {
                    text.append(contentsOf: String(Character(scalar)).utf8)
                }
            }
        }
    }

    /// The bytes of a text; `nil` when the set has no byte for one of its characters.
    func encode(_ text: String) -> [UInt8]? {
        switch self {
        case .utf8: return Array(text.utf8)
        case .ascii, .unsupported: return text.utf8.allSatisfy { $0 < 0x80 } ? Array(text.utf8) : nil
        case .iso8859, .windows1252:
            var bytes: [UInt8] = []
            for scalar in text.unicodeScalars {
                guard let byte = byte(scalar) else { return nil }
                bytes.append(byte)
            }
            return bytes
        }
    }

    private func scalar(_ byte: UInt8) -> Unicode.Scalar? {
        let value: UInt16
        switch self {
        case .windows1252: value = byte < 0xA0 ? CharsetTables.windows1252[Int(byte) - 0x80] : UInt16(byte)
        case .iso8859(let part):
            if byte < 0xA0 || part == 1 { return Unicode.Scalar(byte) }
            value = CharsetTables.iso8859(part)?[Int(byte) - 0xA0] ?? 0
        case .ascii, .utf8, .unsupported: return nil
        }
        return value == 0 ? nil : Unicode.Scalar(value)
    }

    private func byte(_ scalar: Unicode.Scalar) -> UInt8? {
        if scalar.isASCII { return UInt8(truncatingIfNeeded: scalar.value) }
        return (0x80...0xFF).first { self.scalar($0) == scalar }
    }
}

/// Which character set a message is read in.
public enum CharsetChoice: Hashable, Sendable {
    /// What MSH-18 says, or this where MSH-18 is empty.
    case declared(default: Charset)
    /// This, whatever MSH-18 says: for a source known to declare something else than it sends.
    case fixed(Charset)

    func charset(declared name: [UInt8]) -> Charset {
        switch self {
        case .fixed(let charset): charset
        case .declared(let fallback): Charset(name: String(decoding: name, as: UTF8.self)) ?? fallback
        }
    }
}

/// Strict UTF-8: no overlong forms, no surrogates, nothing past U+10FFFF (RFC 3629).
enum UTF8Check {
    static func firstInvalid(_ bytes: ArraySlice<UInt8>) -> Int? {
        let base = bytes.startIndex
        let span = bytes.span
        var position = 0
        while position < span.count {
            let lead = span[position]
            if lead < 0x80 {
                position += 1
                continue
            }
            guard let length = length(lead), position + length <= span.count,
                secondRange(lead).contains(span[position + 1])
            else { return base + position }
            for next in position + 2..<max(position + 2, position + length) {
                guard span[next] & 0xC0 == 0x80 else { return base + position }
            }
            position += length
        }
        return nil
    }

    private static func length(_ lead: UInt8) -> Int? {
        switch lead {
        case 0xC2...0xDF: 2
        case 0xE0...0xEF: 3
        case 0xF0...0xF4: 4
        default: nil
        }
    }

    private static func secondRange(_ lead: UInt8) -> ClosedRange<UInt8> {
        switch lead {
        case 0xE0: 0xA0...0xBF
        case 0xED: 0x80...0x9F
        case 0xF0: 0x90...0xBF
        case 0xF4: 0x80...0x8F
        default: 0x80...0xBF
        }
    }
}
