/// How the bytes of one file stand for characters, settled by its byte order mark or by declaration.
public enum Encoding: Hashable, Sendable {
    case utf8
    case utf16LittleEndian
    case utf16BigEndian
    case singleByte(Charset)

    /// The byte order mark that goes with it, as a file of this encoding may begin.
    public var byteOrderMark: [UInt8] {
        switch self {
        case .utf8: [0xEF, 0xBB, 0xBF]
        case .utf16LittleEndian: [0xFF, 0xFE]
        case .utf16BigEndian: [0xFE, 0xFF]
        case .singleByte: []
        }
    }

    var isUTF16: Bool { self == .utf16LittleEndian || self == .utf16BigEndian }

    /// How many bytes of the file one byte of the parsed text stands for.
    ///
    /// UTF-16 is parsed as UTF-8: there every sequence counts at its first byte, a four-byte one as a surrogate pair.
    func fileLength(ofParsed byte: UInt8) -> Int {
        guard isUTF16 else { return 1 }
        switch byte {
        case 0x80..<0xC0: return 0
        case 0xF0..<0xF8: return 4
        case UTF16Transcoder.leftoverLead...: return 1
        default: return 2
        }
    }

    /// The file's own bytes for bytes of parsed text.
    func fileBytes(_ text: ArraySlice<UInt8>) -> [UInt8] {
        switch self {
        case .utf16LittleEndian: UTF16Transcoder.restore(text, isLittleEndian: true)
        case .utf16BigEndian: UTF16Transcoder.restore(text, isLittleEndian: false)
        case .utf8, .singleByte: Array(text)
        }
    }

    /// Whether a byte of the parsed text begins a character, for counting columns.
    func beginsCharacter(_ byte: UInt8) -> Bool {
        if case .singleByte = self { return true }
        return byte & 0xC0 != 0x80
    }
}

/// UTF-16 to UTF-8 and back without loss.
///
/// What is not UTF-16 (a lone surrogate, a last odd byte) becomes bytes that are not UTF-8, so the strict decoder
/// finds the fault in its place, and the way back gives the file's own bytes again.
struct UTF16Transcoder {
    /// From this byte on a sequence stands for one leftover byte of the file.
    static let leftoverLead: UInt8 = 0xF8

    let isLittleEndian: Bool
    private var half: UInt8?
    private var highSurrogate: UInt16?

    init(isLittleEndian: Bool) {
        self.isLittleEndian = isLittleEndian
    }

    /// Turns the next bytes of the file into text; keeps back what is not yet whole.
    mutating func transcode(_ bytes: [UInt8]) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count)
        for byte in bytes {
            guard let first = half else {
                half = byte
                continue
            }
            half = nil
            let unit =
                isLittleEndian
                ? UInt16(first) | UInt16(byte) << 8
                : UInt16(first) << 8 | UInt16(byte)
            append(unit, to: &text)
        }
        return text
    }

    /// Turns what was kept back at the end of the file into text.
    mutating func finish() -> [UInt8] {
        var text: [UInt8] = []
        if let high = highSurrogate {
            Self.append(UInt32(high), to: &text)
            highSurrogate = nil
        }
        if let byte = half {
            text.append(Self.leftoverLead | byte >> 6)
            text.append(0x80 | byte & 0x3F)
            half = nil
        }
        return text
    }

    private mutating func append(_ unit: UInt16, to text: inout [UInt8]) {
        if let high = highSurrogate {
            highSurrogate = nil
            if unit & 0xFC00 == 0xDC00 {
                Self.append(0x10000 + (UInt32(high & 0x3FF) << 10 | UInt32(unit & 0x3FF)), to: &text)
                return
            }
            Self.append(UInt32(high), to: &text)
        }
        if unit & 0xFC00 == 0xD800 {
            highSurrogate = unit
        } else {
            Self.append(UInt32(unit), to: &text)
        }
    }

    private static func append(_ value: UInt32, to text: inout [UInt8]) {
        switch value {
        case ..<0x80:
            text.append(UInt8(value))
        case ..<0x800:
            text.append(0xC0 | UInt8(value >> 6))
            text.append(0x80 | UInt8(value & 0x3F))
        case ..<0x10000:
            text.append(0xE0 | UInt8(value >> 12))
            text.append(0x80 | UInt8(value >> 6 & 0x3F))
            text.append(0x80 | UInt8(value & 0x3F))
        default:
            text.append(0xF0 | UInt8(value >> 18))
            text.append(0x80 | UInt8(value >> 12 & 0x3F))
            text.append(0x80 | UInt8(value >> 6 & 0x3F))
            text.append(0x80 | UInt8(value & 0x3F))
        }
    }

    /// Gives the file's own bytes for text that this type made.
    static func restore(_ text: ArraySlice<UInt8>, isLittleEndian: Bool) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count * 2)
        func put(_ unit: UInt32) {
            let high = UInt8(unit >> 8 & 0xFF)
            let low = UInt8(unit & 0xFF)
            bytes.append(isLittleEndian ? low : high)
            bytes.append(isLittleEndian ? high : low)
        }
        var index = text.startIndex
        while index < text.endIndex {
            let lead = text[index]
            let length = lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < leftoverLead ? 4 : 2
            guard index + length <= text.endIndex else { break }
            if lead >= leftoverLead {
                bytes.append(lead << 6 | text[index + 1] & 0x3F)
            } else {
                let mask: UInt8 = length == 1 ? 0x7F : 0xFF >> UInt8(length + 1)
                var value = UInt32(lead & mask)
                for follower in text[(index + 1)..<(index + length)] { value = value << 6 | UInt32(follower & 0x3F) }
                if value >= 0x10000 {
                    put(0xD800 | (value - 0x10000) >> 10)
                    put(0xDC00 | (value - 0x10000) & 0x3FF)
                } else {
                    put(value)
                }
            }
            index += length
        }
        return bytes
    }
}
