import HL7

/// What a block's first segment says: what it holds, what its answers are made from, and which are asked for.
struct Heading {
    enum Kind: Equatable {
        case message
        /// FHS or BHS: its answers come together, in an envelope of the same kind.
        case batch
        /// An acknowledgment of one of our answers: it is never answered, and is no drop.
        case acknowledgment
    }

    /// A first segment that is longer than this is none.
    static let longest = 16 << 10

    let kind: Kind
    let subject: AcknowledgedHeader
    let wishes: AnswerWishes

    /// Of the beginning of a block.
    init(_ bytes: [UInt8]) throws(Refusal) {
        let line = Self.firstLine(of: bytes)
        guard line.count < Self.longest else {
            throw .notHL7("its first segment has no end within \(Self.longest) bytes")
        }
        do {
            _ = try Delimiters(header: line)
            guard line.starts(with: Array("MSH".utf8)) else {
                kind = .batch
                subject = AcknowledgedHeader(unreadable: line)
                wishes = .original
                return
            }
            let header = try Message(line)
            kind = header.type == "ACK" ? .acknowledgment : .message
            subject = AcknowledgedHeader(header)
            wishes = AnswerWishes(
                acceptField: header.header.field(15).bytes, applicationField: header.header.field(16).bytes)
        } catch {
            throw .notHL7("\(error)")
        }
    }

    /// Blank lines and a byte order mark before it are no part of it.
    static func firstLine(of bytes: [UInt8]) -> [UInt8] {
        let plain = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
        let text = plain.drop { $0 == 0x0D || $0 == 0x0A || $0 == 0x20 || $0 == 0x09 }
        return Array(text.prefix { $0 != 0x0D && $0 != 0x0A })
    }
}
