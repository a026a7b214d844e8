/// Cuts a stream of bytes into envelopes and messages, in one pass and holding one message at a time.
///
/// A message begins at a line of `MSH` and a delimiter, whatever surrounds it: envelopes (FHS, BHS, BTS, FTS, nested,
/// repeated or missing), MLLP blocks, a byte order mark, blank lines, other text. UTF-16 with a byte order mark comes
/// out as UTF-8. How segments end is decided for each message by itself; see `LineFeeds`.
public struct FrameReader<Failure: Error> {
    /// Appends at most so many bytes to the buffer and returns how many; none means that the input has ended.
    public typealias Source = (_ buffer: inout [UInt8], _ maximum: Int) throws(Failure) -> Int

    /// The encoding that a byte order mark at the beginning named.
    public enum ByteOrderMark: Hashable, Sendable {
        /// UTF-8.
        case utf8
        /// UTF-16 of either order; the frames hold UTF-8.
        case utf16
    }

    private let source: Source
    private let limit: Int
    private let chunk: Int
    private var buffer: [UInt8] = []
    /// File offset of `buffer[0]`.
    private var base = 0
    /// Where the next line begins, or where a line goes on after a piece of it was given away.
    private var cursor = 0
    private var line = 1
    private var isMidLine = false
    private var hasStarted = false
    private var hasEnded = false
    private var transcoder: UTF16Transcoder?
    private var current: Current?
    /// The MLLP start byte whose end has not come yet.
    private var openBlock: Block?
    private var delimiters = Delimiters.usual
    private var tally = EnvelopeTally()

    /// The byte order mark that the input began with; known from the first frame on.
    public private(set) var byteOrderMark: ByteOrderMark?

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
                let frame = close()
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

    // MARK: Input

    private mutating func start() throws(Failure) {
        hasStarted = true
        try fill(to: 3)
        if buffer.starts(with: [0xEF, 0xBB, 0xBF]) {
            byteOrderMark = .utf8
            cursor = 3
        } else if let endianness = UTF16Transcoder.Endianness(byteOrderMark: buffer) {
            byteOrderMark = .utf16
            var transcoder = UTF16Transcoder(endianness)
            let raw = buffer
            buffer = []
            transcoder.append(raw[2...], to: &buffer)
            if hasEnded { transcoder.finish(into: &buffer) }
            self.transcoder = transcoder
        }
    }

    /// Reads on until the buffer holds `count` bytes or the input ends.
    private mutating func fill(to count: Int) throws(Failure) {
        while buffer.count < count, !hasEnded {
            if var transcoder {
                var raw: [UInt8] = []
                if try source(&raw, chunk) == 0 {
                    hasEnded = true
                    transcoder.finish(into: &buffer)
                } else {
                    transcoder.append(raw[...], to: &buffer)
                }
                self.transcoder = transcoder
            } else if try source(&buffer, chunk) == 0 {
                hasEnded = true
            }
        }
    }

    /// Forgets what has been given away, when that is most of the buffer, so that the copying stays linear.
    private mutating func compact() {
        let keep = min(current?.start ?? cursor, cursor)
        guard keep > buffer.count / 2 else { return }
        buffer.removeFirst(keep)
        base += keep
        cursor -= keep
        current?.shift(by: keep)
    }

    private mutating func finish() {
        closeBlock()
        tally.finish()
    }

    private struct Block {
        let line: Int
        let messagesBefore: Int
    }

    private mutating func openBlock(line: Int) {
        closeBlock()
        let pending = current == nil ? 0 : 1
        openBlock = Block(line: line, messagesBefore: tally.summary.messages + pending)
    }

    /// A block that ends without its end bytes; a start byte with no message after it began nothing.
    private mutating func closeBlock() {
        if let openBlock, tally.summary.messages > openBlock.messagesBefore {
            tally.blockNotClosed(line: openBlock.line)
        }
        openBlock = nil
    }

    // MARK: Frames

    private struct Current {
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

    private mutating func begin(_ head: LineHead) {
        if head.hasBlockStart { openBlock(line: line) }
        cursor = head.start
        let header = buffer[cursor..<min(cursor + 16, buffer.count)]
        do {
            delimiters = try Delimiters(header: header)
        } catch {
            // Only a message can be refused for its delimiters, when it is read; a trailer has none of its own.
            if header.count > 3, ER7.canDelimit(header[header.startIndex + 3]) {
                delimiters.field = header[header.startIndex + 3]
            }
        }
        current = Current(
            kind: .message, start: cursor, end: cursor, offset: base + cursor, line: line,
            header: [delimiters.field] + delimiters.encodingCharacters)
    }

    private mutating func envelope(_ name: String) throws(Failure) -> Frame? {
        _ = try readLine(isHeader: true)
        guard let current else { return nil }
        self.current = nil
        let framed = framed(current, buffer[current.start..<current.end])
        switch name {
        case "FHS":
            tally.header(name, line: framed.line)
            return .fileHeader(framed)
        case "BHS":
            tally.header(name, line: framed.line)
            return .batchHeader(framed)
        case "BTS":
            tally.trailer(framed, named: name)
            return .batchTrailer(framed)
        default:
            tally.trailer(framed, named: name)
            return .fileTrailer(framed)
        }
    }

    private mutating func close() -> Frame? {
        guard let current else { return nil }
        self.current = nil
        switch current.kind {
        case .message, .envelope:
            tally.message()
            return .message(framed(current, buffer[current.start..<current.end]))
        case .stray:
            return .stray(framed(current, buffer[current.start..<current.end]))
        case .oversized:
            tally.message()
            return .oversized(framed(current, current.beginning[...]))
        }
    }

    private func framed(_ current: Current, _ bytes: ArraySlice<UInt8>) -> FramedBytes {
        FramedBytes(
            bytes: Array(bytes), offset: current.offset, line: current.line,
            length: current.kind == .oversized ? current.length : bytes.count, delimiters: delimiters)
    }

    // MARK: Lines

    private struct LineHead {
        /// The segment that opens or closes something; `nil` for any other line.
        var name: String?
        /// Where its name begins.
        var start: Int
        var hasBlockStart: Bool
    }

    /// Looks at the beginning of the line at the cursor: blanks, an MLLP start byte, a name, a delimiter.
    private func lineHead() -> LineHead {
        var position = cursor
        var hasBlockStart = false
        let last = min(buffer.count, cursor + 32)
        while position < last {
            let byte = buffer[position]
            guard byte == 0x20 || byte == 0x09 || byte == 0x0B else { break }
            if byte == 0x0B { hasBlockStart = true }
            position += 1
        }
        let name = envelopeName(at: position)
        return LineHead(name: name, start: position, hasBlockStart: hasBlockStart)
    }

    /// The name at a position, if it is one that opens or closes something; asked for every line, so kept to bytes.
    private func envelopeName(at position: Int) -> String? {
        guard position + 3 <= buffer.count else { return nil }
        let name: String
        switch (buffer[position], buffer[position + 1], buffer[position + 2]) {
        case (0x4D, 0x53, 0x48): name = "MSH"
        case (0x46, 0x48, 0x53): name = "FHS"
        case (0x42, 0x48, 0x53): name = "BHS"
        case (0x42, 0x54, 0x53): name = "BTS"
        case (0x46, 0x54, 0x53): name = "FTS"
        default: return nil
        }
        guard position + 3 < buffer.count else { return name }
        let next = buffer[position + 3]
        return ER7.isLetterOrDigit(next) || next == 0x20 ? nil : name
    }

    /// Reads the line at the cursor into the frame at hand; returns a frame when that is complete with it.
    private mutating func readLine(isHeader: Bool) throws(Failure) -> Frame? {
        let start = cursor
        let isContinued = isMidLine
        if current == nil, !isHeader {
            current = Current(kind: .stray, start: start, end: start, offset: base + start, line: line)
        }
        let ending = try lineEnding(from: start)
        cursor = ending.next
        isMidLine = ending.kind == .unfinished
        if !isMidLine { line += 1 }
        let isBlank =
            !isContinued && buffer[start..<ending.end].allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0B }
        if !isBlank { current?.end = ending.kind == .segment ? ending.next : ending.end }
        if isBlank, openBlock == nil, buffer[start..<ending.end].contains(0x0B) { openBlock(line: line - 1) }
        if ending.kind == .block {
            openBlock = nil
            return current?.kind == .envelope ? nil : closeUnlessEmpty()
        }
        guard let current else { return nil }
        switch current.kind {
        case .message where isMidLine || cursor - current.start > limit:
            self.current?.beginning = Array(buffer[current.start..<min(current.start + 4096, cursor)])
            self.current?.length = cursor - current.start
            self.current?.kind = .oversized
            discard()
            return nil
        case .message, .envelope:
            return nil
        case .oversized:
            self.current?.length = base + cursor - current.offset
            discard()
            return nil
        case .stray where isBlank && current.start == start:
            self.current = nil
            return nil
        case .stray:
            return cursor - current.start >= Self.strayPiece ? closeUnlessEmpty() : nil
        }
    }

    private mutating func closeUnlessEmpty() -> Frame? {
        if let current, current.kind != .oversized, current.end <= current.start {
            self.current = nil
            return nil
        }
        return close()
    }

    /// Drops what was read of a message that is passed over.
    private mutating func discard() {
        current?.start = cursor
        current?.end = cursor
        compact()
    }

    private static var strayPiece: Int { 1 << 16 }

    private struct LineEnding {
        enum Kind {
            /// A segment terminator, or the end of the input.
            case segment
            /// A line feed after a value, before another message: the terminator is missing.
            case missing
            /// The end of an MLLP block.
            case block
            /// The line is longer than may be held.
            case unfinished
        }

        var kind: Kind
        /// One past the last byte of the content.
        var end: Int
        /// Where the next line begins.
        var next: Int
    }

    private mutating func lineEnding(from start: Int) throws(Failure) -> LineEnding {
        var allowance = start + Self.strayPiece
        if let current, current.kind == .message || current.kind == .envelope { allowance = current.start + limit }
        var position = start
        while true {
            position = nextControl(from: position)
            try fill(to: position + 24)
            if position >= buffer.count { return endOfInput(start) }
            // More may have been read, so what stopped the search may be no control byte at all.
            switch buffer[position] {
            case 0x0D, 0x0A:
                let next = position + 1 < buffer.count ? buffer[position + 1] : nil
                var feeds = current?.kind == .stray ? .undecided : current?.feeds ?? .undecided
                let ends = feeds.ends(buffer[position], next: next)
                current?.feeds = feeds
                if ends {
                    let width = buffer[position] == 0x0D && next == 0x0A ? 2 : 1
                    return LineEnding(kind: .segment, end: position, next: position + width)
                }
                if beginsAnother(at: position + 1) {
                    return LineEnding(
                        kind: .missing, end: withoutLineFeeds(start, position), next: position + 1)
                }
                position += 1
            case 0x1C where openBlock != nil || position == start:
                var next = position + 1
                if next < buffer.count, buffer[next] == 0x0D { next += 1 }
                if next < buffer.count, buffer[next] == 0x0A { next += 1 }
                return LineEnding(kind: .block, end: position, next: next)
            case 0x1C:
                position += 1
            default:
                break
            }
            if position >= allowance { return LineEnding(kind: .unfinished, end: position, next: position) }
        }
    }

    private func nextControl(from start: Int) -> Int {
        let span = buffer.span
        var position = start
        while position < span.count {
            let byte = span[position]
            if byte <= 0x1C, byte == 0x0D || byte == 0x0A || byte == 0x1C { return position }
            position += 1
        }
        return position
    }

    /// A last line without terminator; a line feed that an editor put at the end of the file is no value.
    private func endOfInput(_ start: Int) -> LineEnding {
        LineEnding(kind: .missing, end: withoutLineFeeds(start, buffer.count), next: buffer.count)
    }

    private func withoutLineFeeds(_ start: Int, _ end: Int) -> Int {
        var end = end
        while end > start, buffer[end - 1] == 0x0A { end -= 1 }
        return end
    }

    /// Whether a line feed that is data by rule is followed by another message or a trailer all the same.
    ///
    /// Unescaped delimiters cannot be part of a value, so a header with the delimiters of this message is one.
    private func beginsAnother(at start: Int) -> Bool {
        var position = start
        let last = min(buffer.count, start + 8)
        while position < last, buffer[position] == 0x0A || buffer[position] == 0x0B { position += 1 }
        guard let current, let name = envelopeName(at: position) else { return false }
        let rest = buffer[(position + 3)...]
        return ER7.headers.contains(name) ? rest.starts(with: current.header) : rest.first == current.header.first
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
