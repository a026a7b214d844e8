/// Finds the first byte that is not text, or is a control character beyond ASCII.
struct TextCheck {
    /// What a byte is instead of text.
    enum Kind: Hashable {
        case undecodable
        case controlCharacter
    }

    /// A place that is not text.
    struct Finding: Hashable {
        var kind: Kind
        /// The index in the slice that was looked through.
        var offset: Int
    }

    let encoding: Encoding

    /// The first undecodable byte, or nil.
    func firstFault(in bytes: ArraySlice<UInt8>) -> Finding? {
        findings(in: bytes, limit: .max).first { $0.kind == .undecodable }
    }

    /// Every place that is not text, in order, up to a limit.
    func findings(in bytes: ArraySlice<UInt8>, limit: Int) -> [Finding] {
        var findings: [Finding] = []
        var index = bytes.startIndex
        while index < bytes.endIndex && findings.count < limit {
            let byte = bytes[index]
            guard byte >= 0x80 else {
                index += 1
                continue
            }
            if case .singleByte(let charset) = encoding {
                if let scalar = charset.scalar(byte) {
                    if scalar.value < 0xA0 { findings.append(Finding(kind: .controlCharacter, offset: index)) }
                } else {
                    findings.append(Finding(kind: .undecodable, offset: index))
                }
                index += 1
                continue
            }
            if let length = Self.sequenceLength(bytes[index...]) {
                // U+0080 to U+009F, the C1 controls.
                if byte == 0xC2 && bytes[index + 1] < 0xA0 {
                    findings.append(Finding(kind: .controlCharacter, offset: index))
                }
                index += length
            } else {
                findings.append(Finding(kind: .undecodable, offset: index))
                // The rest of the same ill-formed sequence is not a fault of its own.
                index += 1
                while index < bytes.endIndex && bytes[index] & 0xC0 == 0x80 { index += 1 }
            }
        }
        return findings
    }

    /// The length of the well-formed sequence of two to four bytes that begins here (Unicode table 3-7), or nil.
    private static func sequenceLength(_ bytes: ArraySlice<UInt8>) -> Int? {
        guard let lead = bytes.first else { return nil }
        let length: Int
        var second: ClosedRange<UInt8> = 0x80...0xBF
        switch lead {
        case 0xC2...0xDF: length = 2
        case 0xE0:
            length = 3
            second = 0xA0...0xBF
        case 0xED:
            length = 3
            second = 0x80...0x9F
        case 0xE1...0xEF: length = 3
        case 0xF0:
            length = 4
            second = 0x90...0xBF
        case 0xF4:
            length = 4
            second = 0x80...0x8F
        case 0xF1...0xF3: length = 4
        default: return nil
        }
        let followers = bytes.dropFirst().prefix(length - 1)
        guard followers.count == length - 1, let first = followers.first, second.contains(first) else { return nil }
        return followers.allSatisfy { $0 & 0xC0 == 0x80 } ? length : nil
    }
}
