/// How the reader finds the end of a line, whatever its terminator, and gives the line to the frame at hand.
extension FrameReader {
    struct LineHead {
        /// The segment that opens or closes something; `nil` for any other line.
        var name: String?
        /// Where its name begins.
        var start: Int
        var hasBlockStart: Bool
    }

    /// Looks at the beginning of the line at the cursor: blanks, an MLLP start byte, a name, a delimiter.
    func lineHead() -> LineHead {
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
    func envelopeName(at position: Int) -> String? {
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
    mutating func readLine(isHeader: Bool) throws(Failure) -> Frame? {
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

    mutating func closeUnlessEmpty() -> Frame? {
        if let current, current.kind != .oversized, current.end <= current.start {
            self.current = nil
            return nil
        }
        return close()
    }

    /// Drops what was read of a message that is passed over.
    mutating func discard() {
        current?.start = cursor
        current?.end = cursor
        compact()
    }

    static var strayPiece: Int { 1 << 16 }

    struct LineEnding {
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

    mutating func lineEnding(from start: Int) throws(Failure) -> LineEnding {
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

    func nextControl(from start: Int) -> Int {
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
    func endOfInput(_ start: Int) -> LineEnding {
        LineEnding(kind: .missing, end: withoutLineFeeds(start, buffer.count), next: buffer.count)
    }

    func withoutLineFeeds(_ start: Int, _ end: Int) -> Int {
        var end = end
        while end > start, buffer[end - 1] == 0x0A { end -= 1 }
        return end
    }

    /// Whether a line feed that is data by rule is followed by another message or a trailer all the same.
    ///
    /// Unescaped delimiters cannot be part of a value, so a header with the delimiters of this message is one.
    func beginsAnother(at start: Int) -> Bool {
        var position = start
        let last = min(buffer.count, start + 8)
        while position < last, buffer[position] == 0x0A || buffer[position] == 0x0B { position += 1 }
        guard let current, let name = envelopeName(at: position) else { return false }
        let rest = buffer[(position + 3)...]
        return ER7.headers.contains(name) ? rest.starts(with: current.header) : rest.first == current.header.first
    }
}
