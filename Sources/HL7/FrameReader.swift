/// Cuts a stream of bytes into envelopes and messages, in one pass and holding one message at a time.
///
/// A message begins at a line of `MSH` and a delimiter, whatever surrounds it: envelopes (FHS, BHS, BTS, FTS, nested,
/// repeated or missing), MLLP blocks, a byte order mark, blank lines, other text. UTF-16 with a byte order mark comes
/// out as UTF-8. How segments end is decided for each message by itself; see `LineFeeds`.
public struct FrameReader<Failure: Error> {
    /// Appends at most so many bytes to the buffer and returns how many; none means that the input has ended.
    public typealias Source = (_ buffer: inout [UInt8], _ maximum: Int) throws(Failure) -> Int

    /// The encoding that a byte order mark at the beginning named, or that the first letters of UTF-16 show.
    public enum ByteOrderMark: Hashable, Sendable {
        /// UTF-8.
        case utf8
        /// UTF-16 of either order; the frames hold UTF-8.
        case utf16
    }

    let source: Source
    let limit: Int
    let chunk: Int
    var buffer: [UInt8] = []
    /// File offset of `buffer[0]`.
    var base = 0
    /// Where the next line begins, or where a line goes on after a piece of it was given away.
    var cursor = 0
    var line = 1
    var isMidLine = false
    var hasStarted = false
    var hasEnded = false
    var transcoder: UTF16Transcoder?
    var current: Current?
    /// The MLLP start byte whose end has not come yet.
    var openBlock: Block?
    var delimiters = Delimiters.usual
    var tally = EnvelopeTally()

    /// The byte order mark that the input began with; known from the first frame on.
    public internal(set) var byteOrderMark: ByteOrderMark?

    /// What the envelopes amount to so far; final when `next()` has returned `nil`.
    public var summary: EnvelopeSummary { tally.summary }

    /// Reads from a source, in pieces of `chunk` bytes, messages of at most `limit` bytes.
    public init(limit: Int = 1 << 30, chunk: Int = 1 << 18, source: @escaping Source) {
        self.source = source
        self.limit = limit
        self.chunk = chunk
    }

    /// The next frame; `nil` at the end of the input.
    public mutating func next() throws(Failure) -> Frame? {
        if !hasStarted { try start() }
        compact()
        while true {
            if isMidLine {
                if let frame = try readLine(isHeader: false) { return frame }
                continue
            }
            try fill(to: cursor + 64)
            guard cursor < buffer.count else {
                let frame = closeUnlessEmpty()
                if frame == nil { finish() }
                return frame
            }
            let head = lineHead()
            guard let name = head.name else {
                if let frame = try readLine(isHeader: false) { return frame }
                continue
            }
            if let frame = close() { return frame }
            begin(head)
            switch name {
            case "MSH":
                if let frame = try readLine(isHeader: true) { return frame }
            default:
                current?.kind = .envelope
                return try envelope(name)
            }
        }
    }

    // MARK: What is at hand

    /// The frame that is being read.
    struct Current {
        enum Kind {
            case message
            case envelope
            case stray
            case oversized
        }

        var kind: Kind
        var start: Int
        /// One past the last byte that belongs to the frame; blank lines after it do not.
        var end: Int
        let offset: Int
        let line: Int
        var feeds = LineFeeds.undecided
        /// `MSH` and its delimiters.
        var header: [UInt8] = []
        /// What is kept of an oversized message, and how long it is so far.
        var beginning: [UInt8] = []
        var length = 0

        mutating func shift(by count: Int) {
            start -= count
            end -= count
        }
    }

    /// An MLLP block that has begun.
    struct Block {
        let line: Int
        let messagesBefore: Int
    }
}

extension FrameReader where Failure == Never {
    /// Reads bytes that are all there.
    public init(_ bytes: [UInt8], limit: Int = 1 << 30) {
        var rest = bytes[...]
        self.init(limit: limit) { buffer, maximum in
            let piece = rest.prefix(maximum)
            buffer.append(contentsOf: piece)
            rest = rest.dropFirst(piece.count)
            return piece.count
        }
    }
}
