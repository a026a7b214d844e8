/// Cuts what comes over a connection into MLLP blocks: 0x0B, the message, 0x1C 0x0D.
///
/// It holds no bytes: the same stream gives the same parts however the network cuts it up. Neither framing byte may
/// stand in a message (HL7 Minimal Lower Layer Protocol, release 1), so a start byte always begins a block: what came
/// before it was cut off, and can never be taken for a whole message.
struct BlockReader {
    /// What comes next in the stream.
    enum Part: Equatable {
        /// Bytes outside of every block, line ends aside.
        case outside(Int)
        /// A start byte.
        case begin
        /// Bytes of the message.
        case piece(ArraySlice<UInt8>)
        /// An end byte without the carriage return that makes it the end.
        case loneSeparator
        /// The end of the block: all of it has come.
        case end
        /// A start byte within a block: the block has no end, and never will have.
        case cut
    }

    private enum State {
        case outside
        case inside
        /// An end byte has come; what follows it says whether it is the end.
        case atSeparator
    }

    static let start: UInt8 = 0x0B
    static let separator: UInt8 = 0x1C
    static let carriageReturn: UInt8 = 0x0D

    private var state = State.outside

    /// Whether a block has begun and not ended.
    var isInside: Bool { state != .outside }

    /// Takes the next part off the bytes; nil when they are used up.
    mutating func next(_ bytes: inout ArraySlice<UInt8>) -> Part? {
        while let first = bytes.first {
            switch state {
            case .outside:
                if first == Self.start {
                    bytes = bytes.dropFirst()
                    state = .inside
                    return .begin
                }
                if let count = skip(&bytes) { return .outside(count) }
            case .inside:
                if first == Self.start {
                    // Left where it is: it is the beginning of the next block.
                    state = .outside
                    return .cut
                }
                if first == Self.separator {
                    bytes = bytes.dropFirst()
                    state = .atSeparator
                    continue
                }
                return .piece(piece(&bytes))
            case .atSeparator:
                switch first {
                case Self.carriageReturn:
                    bytes = bytes.dropFirst()
                    state = .outside
                    return .end
                case Self.start:
                    // Senders that leave the return out: nothing of the message can follow its separator.
                    state = .outside
                    return .end
                default:
                    state = .inside
                    return .loneSeparator
                }
            }
        }
        return nil
    }

    /// Skips what is outside; nil when it was nothing but line ends.
    private func skip(_ bytes: inout ArraySlice<UInt8>) -> Int? {
        let end = bytes.firstIndex(of: Self.start) ?? bytes.endIndex
        let count = bytes[..<end].count { $0 != 0x0D && $0 != 0x0A }
        bytes = bytes[end...]
        return count == 0 ? nil : count
    }

    private func piece(_ bytes: inout ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let end = bytes.firstIndex { $0 == Self.start || $0 == Self.separator } ?? bytes.endIndex
        defer { bytes = bytes[end...] }
        return bytes[..<end]
    }
}

/// A message in its block, as it goes over the network.
enum Block {
    static func framing(_ message: [UInt8]) -> [UInt8] {
        [BlockReader.start] + message + [BlockReader.separator, BlockReader.carriageReturn]
    }
}
