/// Turns the bytes of a document into UTF-8, strictly: what does not decode is refused, never replaced.
///
/// The encoding is told by the byte order mark and the XML declaration (XML 1.0, appendix F); they must agree.
struct Decoder {
    /// Bytes that could not be decoded.
    struct Refusal: Error {
        let text: String
    }

    /// The encoding, once it is known; UTF-8 until then.
    private(set) var encoding = Encoding.utf8

    /// How many bytes the byte order mark has, which is no part of the text.
    private(set) var markLength = 0

    private var isDetected = false
    private var waiting: [UInt8] = []

    /// The longest XML declaration that is looked through for an encoding.
    private static let longestDeclaration = 1024

    /// Appends the UTF-8 of more bytes; what was good before a refusal is appended too.
    mutating func decode(_ bytes: ArraySlice<UInt8>, isLast: Bool, into text: inout [UInt8]) throws(Refusal) {
        waiting += bytes
        if !isDetected {
            guard try detect(isLast: isLast) else { return }
        }
        let used: Int
        switch encoding {
        case .utf8: used = try decodeUTF8(into: &text)
        case .utf16(let bigEndian): used = try decodeUTF16(bigEndian: bigEndian, into: &text)
        case .singleByte(let table): used = try decodeSingleBytes(table, into: &text)
        }
        waiting.removeFirst(used)
        if isLast, !waiting.isEmpty {
            throw Refusal(text: "the document ends within a character")
        }
    }

    /// Finds out the encoding; answers false while more bytes are needed for that.
    private mutating func detect(isLast: Bool) throws(Refusal) -> Bool {
        guard waiting.count >= 4 || isLast else { return false }
        var bigEndian: Bool?
        if waiting.starts(with: [0xEF, 0xBB, 0xBF]) {
            markLength = 3
        } else if waiting.starts(with: [0xFF, 0xFE]) {
            (markLength, bigEndian) = (2, false)
        } else if waiting.starts(with: [0xFE, 0xFF]) {
            (markLength, bigEndian) = (2, true)
        }
        guard markLength > 0 || !waiting.starts(with: [0x3C, 0x00]) && !waiting.starts(with: [0x00, 0x3C]) else {
            throw Refusal(text: "UTF-16 without its byte order mark")
        }
        guard let declaration = declaration(bigEndian: bigEndian, isLast: isLast) else { return false }
        waiting.removeFirst(markLength)
        isDetected = true
        encoding = bigEndian.map { .utf16(bigEndian: $0) } ?? .utf8
        guard let name = Decoder.declaredEncoding(declaration) else { return true }
        guard let declared = Encoding(declared: name, bigEndian: bigEndian) else {
            throw Refusal(text: "the encoding of the XML declaration is not taken")
        }
        guard markLength == 0 || declared == encoding else {
            throw Refusal(text: "the byte order mark and the XML declaration name different encodings")
        }
        encoding = declared
        return true
    }

    /// The XML declaration in ASCII, empty if there is none; nil while it is not there to its end.
    private func declaration(bigEndian: Bool?, isLast: Bool) -> [UInt8]? {
        var ascii = Array(waiting.dropFirst(markLength).prefix(Decoder.longestDeclaration * 2))
        if let bigEndian {
            ascii = stride(from: bigEndian ? 1 : 0, to: ascii.count, by: 2).map { ascii[$0] }
        }
        let opening = Array("<?xml".utf8)
        guard ascii.count >= opening.count || isLast else {
            return opening.starts(with: ascii) ? nil : []
        }
        guard ascii.starts(with: opening) else { return [] }
        if let end = ascii.firstIndex(of: UInt8(ascii: ">")) {
            return Array(ascii[..<end])
        }
        return isLast || ascii.count >= Decoder.longestDeclaration ? ascii : nil
    }

    /// The value of `encoding` in an XML declaration; whether the rest is right is for the parser to say.
    private static func declaredEncoding(_ declaration: [UInt8]) -> [UInt8]? {
        let key = Array("encoding".utf8)
        guard declaration.count > key.count else { return nil }
        for start in 0...(declaration.count - key.count) where declaration[start...].starts(with: key) {
            let isSpace: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D }
            var rest = declaration[(start + key.count)...].drop(while: isSpace)
            guard rest.popFirst() == UInt8(ascii: "=") else { continue }
            rest = rest.drop(while: isSpace)
            guard let quote = rest.popFirst(), quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else {
                continue
            }
            return Array(rest.prefix { $0 != quote })
        }
        return nil
    }

    /// Appends the whole characters that are well-formed UTF-8 (RFC 3629); answers how many bytes they have.
    private func decodeUTF8(into text: inout [UInt8]) throws(Refusal) -> Int {
        var index = 0
        let count = waiting.count
        scan: while index < count {
            let lead = waiting[index]
            if lead < 0x80 {
                index += 1
                continue
            }
            let length: Int
            var second: ClosedRange<UInt8> = 0x80...0xBF
            switch lead {
            case 0xC2...0xDF: length = 2
            case 0xE0: (length, second) = (3, 0xA0...0xBF)
            case 0xED: (length, second) = (3, 0x80...0x9F)
            case 0xE1...0xEF: length = 3
            case 0xF0: (length, second) = (4, 0x90...0xBF)
            case 0xF1...0xF3: length = 4
            case 0xF4: (length, second) = (4, 0x80...0x8F)
            default: length = 0
            }
            var isGood = length > 0
            for place in 1..<max(length, 1) where isGood {
                guard index + place < count else { break scan }
                isGood = (place == 1 ? second : 0x80...0xBF).contains(waiting[index + place])
            }
            guard isGood else {
                text += waiting[..<index]
                throw Refusal(text: "the bytes here are no UTF-8")
            }
            index += length
        }
        text += waiting[..<index]
        return index
    }

    private func decodeUTF16(bigEndian: Bool, into text: inout [UInt8]) throws(Refusal) -> Int {
        func unit(at index: Int) -> UInt32 {
            let (first, second) = (UInt32(waiting[index]), UInt32(waiting[index + 1]))
            return bigEndian ? first << 8 | second : second << 8 | first
        }
        var index = 0
        while index + 1 < waiting.count {
            let lead = unit(at: index)
            guard (0xD800...0xDFFF).contains(lead) else {
                Decoder.append(lead, to: &text)
                index += 2
                continue
            }
            guard lead < 0xDC00 else { throw Refusal(text: "half of a character of UTF-16 stands alone") }
            guard index + 3 < waiting.count else { break }
            let trail = unit(at: index + 2)
            guard (0xDC00...0xDFFF).contains(trail) else {
                throw Refusal(text: "half of a character of UTF-16 stands alone")
            }
            Decoder.append(0x10000 + (lead - 0xD800) << 10 + (trail - 0xDC00), to: &text)
            index += 4
        }
        return index
    }

    private func decodeSingleBytes(_ table: SingleByteTable, into text: inout [UInt8]) throws(Refusal) -> Int {
        text.reserveCapacity(text.count + waiting.count)
        for byte in waiting {
            guard byte >= 0x80 else {
                text.append(byte)
                continue
            }
            let scalar = table.high[Int(byte) - 0x80]
            guard scalar != 0 else { throw Refusal(text: "a byte here has no character in the encoding") }
            Decoder.append(UInt32(scalar), to: &text)
        }
        return waiting.count
    }

    /// Appends a character, which is no surrogate, as UTF-8.
    private static func append(_ scalar: UInt32, to text: inout [UInt8]) {
        func trail(_ shift: UInt32) -> UInt8 { UInt8(0x80 | scalar >> shift & 0x3F) }
        switch scalar {
        case ..<0x80: text.append(UInt8(scalar))
        case ..<0x800: text += [UInt8(0xC0 | scalar >> 6), trail(0)]
        case ..<0x10000: text += [UInt8(0xE0 | scalar >> 12), trail(6), trail(0)]
        default: text += [UInt8(0xF0 | scalar >> 18), trail(12), trail(6), trail(0)]
        }
    }
}
