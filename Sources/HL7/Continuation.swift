/// Segments and messages that were sent in pieces (HL7 v2.9 §2.9.2).
extension Message {
    /// The message with each ADD appended to the segment before it; the message itself when it has none.
    ///
    /// Places in the joined message are those of the whole segments, not of the pieces as they came.
    public func joiningSegments() throws(MalformedMessage) -> Message {
        guard segments.contains(where: { $0.isAddendum }) else { return self }
        var joined: [UInt8] = []
        joined.reserveCapacity(bytes.count)
        for segment in segments {
            if segment.isAddendum, segment.index > 0 {
                joined.removeLast()
                joined.append(contentsOf: segment.addendum)
            } else {
                joined.append(contentsOf: segment.bytes)
            }
            joined.append(0x0D)
        }
        return try Message(joined, charset: .fixed(charset))
    }
}

extension Segment {
    fileprivate var isAddendum: Bool { name == "ADD" }

    /// What an ADD adds: everything after its first separator.
    fileprivate var addendum: ArraySlice<UInt8> { bytes.dropFirst(4) }
}

/// Puts together messages that were sent in several, by DSC-1 and the next one's MSH-14.
///
/// Give it every message of a sender in order. A message that is whole comes back at once, with its ADD segments
/// joined; the first pieces of a longer one are kept until the last piece is there, and what never ends is told.
public struct MessageAssembly: Sendable {
    /// What became of a message.
    public enum Outcome: Sendable {
        /// A whole message, of so many pieces.
        case whole(Message, pieces: Int)
        /// A piece; the next one is to have this in MSH-14.
        case waiting(pointer: String)
        /// A piece that goes on with something that did not come, by its MSH-14.
        case orphan(Message, pointer: String)
        /// The pieces together are longer than the limit, and are forgotten.
        case tooLong(pointer: String)
    }

    private struct Pending: Sendable {
        var pieces: [Message]
        var size: Int
    }

    private struct Key: Hashable, Sendable {
        let application: String
        let facility: String
        let pointer: String
    }

    private let limit: Int
    private var pending: [(key: Key, value: Pending)] = []

    /// Messages of at most `limit` bytes in all their pieces.
    public init(limit: Int = 256 << 20) {
        self.limit = limit
    }

    /// The pieces whose rest has not come, each message's first piece first.
    public var unfinished: [Message] { pending.flatMap(\.value.pieces) }

    /// Takes the next message.
    public mutating func add(_ message: Message) throws(MalformedMessage) -> Outcome {
        var found = Pending(pieces: [], size: 0)
        let pointer = message.header.field(14)
        if pointer.presence == .valued {
            let key = key(message, pointer.raw)
            guard let index = pending.firstIndex(where: { $0.key == key }),
                pending[index].value.pieces.first?.delimiters == message.delimiters
            else { return .orphan(message, pointer: pointer.raw) }
            found = pending.remove(at: index).value
        }
        found.pieces.append(message)
        found.size += message.bytes.count
        let next = message.continuation
        guard found.size <= limit else { return .tooLong(pointer: next ?? pointer.raw) }
        guard let next else { return .whole(try Self.join(found.pieces), pieces: found.pieces.count) }
        pending.append((key(message, next), found))
        return .waiting(pointer: next)
    }

    private func key(_ message: Message, _ pointer: String) -> Key {
        Key(
            application: message.header.field(3).raw, facility: message.header.field(4).raw, pointer: pointer)
    }

    /// The first piece's header, then what each piece has between its own header and its DSC.
    private static func join(_ pieces: [Message]) throws(MalformedMessage) -> Message {
        guard let first = pieces.first else { throw MalformedMessage(.noHeader, at: 0, "no message to join") }
        guard pieces.count > 1 else { return try first.joiningSegments() }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(pieces.reduce(0) { $0 + $1.bytes.count })
        for (number, piece) in pieces.enumerated() {
            var segments = Array(piece.segments)
            if number < pieces.count - 1, let end = segments.lastIndex(where: { $0.name == "DSC" }) {
                segments.removeSubrange(end...)
                // An empty ADD says that the segment before it goes on in the next message.
                if segments.last?.isAddendum ?? false, segments.last?.addendum.isEmpty ?? false {
                    segments.removeLast()
                }
            }
            if number > 0 {
                segments.removeFirst()
                while let name = segments.first?.name, name == "SFT" || name == "UAC" { segments.removeFirst() }
            }
            for segment in segments {
                if segment.isAddendum, !bytes.isEmpty {
                    bytes.removeLast()
                    bytes.append(contentsOf: segment.addendum)
                } else {
                    bytes.append(contentsOf: segment.bytes)
                }
                bytes.append(0x0D)
            }
        }
        return try Message(bytes, charset: .fixed(first.charset))
    }
}

extension Message {
    /// DSC-1 where another message goes on with this one; DSC-2 `I` asks for a query to be sent instead.
    fileprivate var continuation: String? {
        guard let last = all("DSC").last, last.field(1).presence == .valued, last.field(2).raw != "I" else {
            return nil
        }
        return last.field(1).raw
    }
}
