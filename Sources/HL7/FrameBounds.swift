/// Where frames begin and end, and what the envelopes make of it.
extension FrameReader {
    mutating func begin(_ head: LineHead) {
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

    mutating func envelope(_ name: String) throws(Failure) -> Frame? {
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

    mutating func close() -> Frame? {
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

    func framed(_ current: Current, _ bytes: ArraySlice<UInt8>) -> FramedBytes {
        FramedBytes(
            bytes: Array(bytes), offset: current.offset, line: current.line,
            length: current.kind == .oversized ? current.length : bytes.count, delimiters: delimiters)
    }

    mutating func finish() {
        closeBlock()
        tally.finish()
    }

    mutating func openBlock(line: Int) {
        closeBlock()
        let pending = current == nil ? 0 : 1
        openBlock = Block(line: line, messagesBefore: tally.summary.messages + pending)
    }

    /// A block that ends without its end bytes; a start byte with no message after it began nothing.
    mutating func closeBlock() {
        if let openBlock, tally.summary.messages > openBlock.messagesBefore {
            tally.blockNotClosed(line: openBlock.line)
        }
        openBlock = nil
    }
}
