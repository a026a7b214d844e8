/// The minimal lower layer protocol: one block per message, `0x0B` message `0x1C 0x0D`.
public enum MLLP {
    /// Begins a block.
    public static let start: UInt8 = 0x0B
    /// Ends a block, before a CR.
    public static let end: UInt8 = 0x1C

    /// A message in its block.
    public static func block(_ message: [UInt8]) -> [UInt8] { [start] + message + [end, 0x0D] }
}

/// Takes messages out of a stream of MLLP blocks, in whatever pieces the network brings them.
///
/// Bytes between blocks are passed over and counted. A block longer than the limit, or begun anew before its end, is
/// reported once and passed over, so that one broken peer costs no more memory than the limit.
public struct MLLPReader: Sendable {
    /// What the stream holds.
    public enum Block: Hashable, Sendable {
        /// A whole block's content.
        case message([UInt8])
        /// The beginning of a block that is longer than the limit.
        case oversized([UInt8])
        /// The beginning of a block that ended before its end bytes: a new one began, or the stream ended.
        case cutOff([UInt8])
    }

    private enum State {
        case between
        case inside
        case passing
    }

    private let limit: Int
    private var state = State.between
    private var content: [UInt8] = []
    private var sawEnd = false
    /// Number of bytes outside of blocks, line ends not counted.
    public private(set) var strayBytes = 0
    /// Whether a block has begun and not ended.
    public var isInsideBlock: Bool { state != .between }

    /// Blocks of at most `limit` bytes.
    public init(limit: Int = 64 << 20) {
        self.limit = limit
    }

    /// Takes the next bytes of the stream; answers the blocks that end in them.
    public mutating func append(_ bytes: some Sequence<UInt8>) -> [Block] {
        var blocks: [Block] = []
        for byte in bytes { take(byte, &blocks) }
        return blocks
    }

    /// The stream has ended.
    public mutating func finish() -> Block? {
        defer { (state, content, sawEnd) = (.between, [], false) }
        // Some peers close the connection after 0x1C, without its CR: the block is whole.
        if state == .inside { return sawEnd ? .message(content) : .cutOff(content) }
        return nil
    }

    private mutating func take(_ byte: UInt8, _ blocks: inout [Block]) {
        if sawEnd {
            sawEnd = false
            if byte == 0x0D || byte == 0x0A || byte == MLLP.start {
                if state == .inside { blocks.append(.message(content)) }
                (state, content) = (.between, [])
                if byte != MLLP.start { return }
            } else {
                keep(MLLP.end, &blocks)
            }
        }
        switch (state, byte) {
        case (.between, MLLP.start): state = .inside
        case (.between, _): strayBytes += byte == 0x0D || byte == 0x0A ? 0 : 1
        case (_, MLLP.end): sawEnd = true
        // No text holds a start byte, so the peer began anew; the piece before it is no message.
        case (_, MLLP.start):
            if state == .inside { blocks.append(.cutOff(content)) }
            (state, content) = (.inside, [])
        case (_, _): keep(byte, &blocks)
        }
    }

    private mutating func keep(_ byte: UInt8, _ blocks: inout [Block]) {
        guard state == .inside else { return }
        content.append(byte)
        guard content.count > limit else { return }
        blocks.append(.oversized(Array(content.prefix(4096))))
        (state, content) = (.passing, [])
    }
}
