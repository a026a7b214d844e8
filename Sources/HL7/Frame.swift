/// What a file is cut into, in the order in which it comes.
public enum Frame: Sendable {
    /// FHS.
    case fileHeader(FramedBytes)
    /// BHS.
    case batchHeader(FramedBytes)
    /// A message, from `MSH` to the terminator of its last segment.
    case message(FramedBytes)
    /// BTS.
    case batchTrailer(FramedBytes)
    /// FTS.
    case fileTrailer(FramedBytes)
    /// Bytes between messages that are no segment of the envelope; long ones come in several pieces.
    case stray(FramedBytes)
    /// A message longer than the reader's limit; it was passed over, and `bytes` holds only its beginning.
    case oversized(FramedBytes)

    /// The bytes and where they are.
    public var framed: FramedBytes {
        switch self {
        case .fileHeader(let framed), .batchHeader(let framed), .message(let framed), .batchTrailer(let framed),
            .fileTrailer(let framed), .stray(let framed), .oversized(let framed):
            framed
        }
    }
}

/// Bytes cut out of a file, with where they were.
public struct FramedBytes: Hashable, Sendable {
    /// The bytes, without MLLP framing.
    public let bytes: [UInt8]
    /// Offset of the first byte in the file; in a UTF-16 file, in its UTF-8 form.
    public let offset: Int
    /// Number of the first line in the file, from 1.
    public let line: Int
    /// Number of bytes in the file; more than `bytes` when those are only the beginning.
    public let length: Int
    let delimiters: Delimiters

    /// The segment of an envelope (FHS, BHS, BTS, FTS); `nil` when its own delimiters make no sense.
    public var segment: Segment? {
        let isHeader = ER7.name(of: bytes).map(ER7.headers.contains) ?? false
        do {
            let table =
                try isHeader
                ? MessageTable(bytes, charset: .declared(default: .utf8))
                : MessageTable(bytes, delimiters: delimiters, charset: .declared(default: .utf8))
            return table.lines.isEmpty ? nil : Segment(table: table, index: 0)
        } catch {
            return nil
        }
    }
}

/// What a BTS or FTS declares of what comes before it.
public struct EnvelopeTrailer: Hashable, Sendable {
    /// BTS-1, the number of messages, or FTS-1, the number of batches; `nil` when it is empty or no number.
    public let count: Int?
    /// BTS-3 as it came, one total for each repetition; what they total is for sender and receiver to agree on.
    public let totals: [String]
    /// BTS-2 or FTS-2 as it came.
    public let comment: String

    init(_ segment: Segment) {
        let written = segment.field(1).component(1).bytes.filter { $0 != 0x20 }
        if !written.isEmpty, written.allSatisfy({ (0x30...0x39).contains($0) }) {
            // A number beyond any count differs from every count, which is all that is asked of it.
            let digits = written.drop { $0 == 0x30 }
            count = digits.count > 18 ? Int.max : digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
        } else {
            count = nil
        }
        totals = segment.name == "BTS" ? segment.field(3).repetitions.map(\.raw) : []
        comment = segment.field(2).raw
    }
}

extension FramedBytes {
    /// What a trailer declares; `nil` when these bytes are none.
    public var trailer: EnvelopeTrailer? {
        guard let segment, segment.name == "BTS" || segment.name == "FTS" else { return nil }
        return EnvelopeTrailer(segment)
    }
}

/// What the envelopes of a file amount to, once it is read to its end.
public struct EnvelopeSummary: Hashable, Sendable {
    /// Something that does not agree in the envelopes.
    public enum Finding: Hashable, Sendable, CustomStringConvertible {
        /// A FHS or BHS, at this line, without its FTS or BTS.
        case notClosed(header: String, line: Int)
        /// An MLLP start byte, at this line, without its end bytes.
        case blockNotClosed(line: Int)
        /// A BTS or FTS, at this line, that nothing opened.
        case notOpened(trailer: String, line: Int)
        /// BTS-1 or FTS-1 is another number than was seen.
        case countDiffers(trailer: String, declared: Int, seen: Int, line: Int)
        /// BTS-1 or FTS-1 is no number.
        case countUnreadable(trailer: String, line: Int)

        /// Whether it means that a part of the file is missing.
        public var meansIncomplete: Bool {
            switch self {
            case .notClosed, .blockNotClosed: true
            case .notOpened, .countDiffers, .countUnreadable: false
            }
        }

        /// The finding for people.
        public var description: String {
            switch self {
            case .notClosed(let header, let line):
                "\(header) in line \(line) is never closed by its \(header == "FHS" ? "FTS" : "BTS")"
            case .blockNotClosed(let line): "the MLLP block that begins in line \(line) has no end"
            case .notOpened(let trailer, let line):
                "\(trailer) in line \(line) without a \(trailer == "FTS" ? "FHS" : "BHS") before it"
            case .countDiffers(let trailer, let declared, let seen, let line):
                "\(trailer)-1 in line \(line) declares \(declared), but there are \(seen)"
            case .countUnreadable(let trailer, let line): "\(trailer)-1 in line \(line) is no number"
            }
        }
    }

    /// Number of messages, those too long to be read among them.
    public internal(set) var messages = 0
    /// Number of BHS.
    public internal(set) var batches = 0
    /// Number of FHS.
    public internal(set) var files = 0
    /// What does not agree, in the order of the file.
    public internal(set) var findings: [Finding] = []
    /// Whether every envelope that was opened is closed.
    public var isComplete: Bool { !findings.contains(where: \.meansIncomplete) }
}

/// Follows the envelopes of a file and compares what their trailers declare with what came.
struct EnvelopeTally: Sendable {
    private struct Level {
        let name: String
        let line: Int
        let messagesBefore: Int
        let batchesBefore: Int
    }

    private(set) var summary = EnvelopeSummary()
    private var open: [Level] = []
    /// What had come when the last envelope ended, for a trailer that nothing opened.
    private var unopened = (messages: 0, batches: 0)

    mutating func message() { summary.messages += 1 }

    mutating func header(_ name: String, line: Int) {
        open.append(
            Level(name: name, line: line, messagesBefore: summary.messages, batchesBefore: summary.batches))
        if name == "FHS" { summary.files += 1 } else { summary.batches += 1 }
    }

    mutating func trailer(_ framed: FramedBytes, named name: String) {
        let header = name == "FTS" ? "FHS" : "BHS"
        // A batch left open within a file is known to be unclosed at the file's end; a BTS never closes a file.
        let innerFile = open.lastIndex { $0.name == "FHS" } ?? -1
        guard let index = open.lastIndex(where: { $0.name == header }), index >= innerFile else {
            summary.findings.append(.notOpened(trailer: name, line: framed.line))
            // The header may be in a part of the file that is missing, and messages with it.
            compare(
                framed, name,
                Level(name: header, line: 1, messagesBefore: unopened.messages, batchesBefore: unopened.batches))
            unopened = (summary.messages, summary.batches)
            return
        }
        for level in open[(index + 1)...] {
            summary.findings.append(.notClosed(header: level.name, line: level.line))
        }
        let level = open[index]
        open.removeSubrange(index...)
        compare(framed, name, level)
        unopened = (summary.messages, summary.batches)
    }

    mutating func finish() {
        for level in open { summary.findings.append(.notClosed(header: level.name, line: level.line)) }
        open = []
    }

    mutating func blockNotClosed(line: Int) { summary.findings.append(.blockNotClosed(line: line)) }

    /// Counts are optional and often padded, `0000000006`: they compare as numbers.
    private mutating func compare(_ framed: FramedBytes, _ name: String, _ level: Level) {
        guard let field = framed.segment?.field(1), field.presence == .valued else { return }
        guard let declared = framed.trailer?.count else {
            summary.findings.append(.countUnreadable(trailer: name, line: framed.line))
            return
        }
        let messages = summary.messages - level.messagesBefore
        let batches = summary.batches - level.batchesBefore
        var seen = name == "FTS" ? batches : messages
        // A file without BHS is one batch to some senders, none to others, and some count its messages.
        if name == "FTS", batches == 0, declared <= 1 || declared == messages { seen = declared }
        if declared != seen {
            summary.findings.append(
                .countDiffers(trailer: name, declared: declared, seen: seen, line: framed.line))
        }
    }
}
