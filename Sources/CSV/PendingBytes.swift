/// The bytes that are read but not yet taken, and the source of more.
///
/// A filled buffer is never changed, so that records may share it without a copy.
struct PendingBytes {
    private(set) var buffer: [UInt8] = []
    private(set) var start = 0
    /// Whether the file has no more bytes than are here.
    private(set) var isFinal = false

    private var source: ByteSource
    private let chunkSize: Int

    init(source: ByteSource, chunkSize: Int) {
        self.source = source
        self.chunkSize = max(chunkSize, 1)
    }

    var count: Int { buffer.count - start }
    var isEmpty: Bool { start == buffer.count }

    func prefix(_ length: Int) -> ArraySlice<UInt8> {
        buffer[start..<(start + length)]
    }

    mutating func advance(_ length: Int) {
        start += length
    }

    /// Reads on; false at the end of the file.
    @discardableResult
    mutating func fill() throws -> Bool {
        guard !isFinal else { return false }
        // As much again as is waiting: a long record is looked at a few times, not once for each chunk.
        let wanted = max(chunkSize, count)
        var fresh: [UInt8] = []
        while fresh.count < wanted {
            let piece = try source.next(wanted - fresh.count)
            if piece.isEmpty {
                isFinal = true
                break
            }
            fresh = fresh.isEmpty ? piece : fresh + piece
        }
        buffer = isEmpty ? fresh : Array(buffer[start...]) + fresh
        start = 0
        return !fresh.isEmpty
    }

    /// Feeds a skimmer to the end of its record, keeping bytes up to a limit; false when the file ends first.
    mutating func pass(_ skimmer: inout RecordSkimmer, keeping kept: inout [UInt8], limit: Int) throws -> Bool {
        while true {
            while start < buffer.count {
                let byte = buffer[start]
                start += 1
                if kept.count < limit { kept.append(byte) }
                if skimmer.feed(byte) { return true }
            }
            guard try fill() else { return false }
        }
    }

    /// Passes over whole lines, whatever ends them, and gives the file's bytes of them.
    mutating func passLines(_ lines: Int, place: inout Place) throws -> [UInt8] {
        let encoding = place.encoding
        var passed: [UInt8] = []
        var left = lines
        while left > 0 {
            guard try start < buffer.count || fill() else { break }
            let byte = buffer[start]
            if byte == Ascii.carriageReturn && start + 1 == buffer.count && !isFinal {
                try fill()
                continue
            }
            let isBeforeLineFeed = start + 1 < buffer.count && buffer[start + 1] == Ascii.lineFeed
            if byte == Ascii.lineFeed || byte == Ascii.carriageReturn && !isBeforeLineFeed { left -= 1 }
            passed.append(byte)
            place.advance(over: byte)
            start += 1
        }
        return encoding.fileBytes(passed[...])
    }

    /// The readings of the header row that begins here.
    mutating func headerCandidates(at position: Position, encoding: Encoding, limit: Int) throws
        -> [Header.Candidate]
    {
        while true {
            let isWhole = isFinal
            if !isEmpty || isWhole {
                guard !isEmpty else {
                    throw Refusal([
                        Fault(.noHeader, at: position, detail: "the file has no header row; its first line names them")
                    ])
                }
                let found = Header.candidates(
                    buffer[start...], at: position, encoding: encoding, isFinal: isWhole, limit: limit)
                if let found {
                    guard found.isEmpty else { return found }
                    throw Refusal([
                        Fault(.recordTooLong, at: position, detail: "the header row is longer than \(limit) bytes")
                    ])
                }
            }
            try fill()
        }
    }
}
