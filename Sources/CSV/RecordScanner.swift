/// A fault as the scanner sees it: a kind and an offset in the record, not yet a place in the file.
struct ScannedFault: Hashable {
    var code: Fault.Code
    /// The offset from the record's first byte.
    var offset: Int
    /// The number of the field, from 1.
    var field: Int
}

/// What the scanner made of the bytes of one record.
struct ScannedRecord {
    var fields: [FieldSlot] = []
    var faults: [ScannedFault] = []
    /// The length of the record with its line end.
    var length = 0
    /// The length without the line end.
    var contentLength = 0
    /// Whether a line end was there.
    var isEnded = false
    /// How many line breaks stand inside the record, within quotes or at fault.
    var innerLineBreaks = 0
    /// Whether any byte is beyond ASCII, so that the text has to be checked.
    var hasHighBytes = false
    /// Whether the record cannot be told from what follows it, so that the rest of the file belongs to it.
    var swallowsRest = false
}

/// Finds the fields of one record in bytes, by RFC 4180 taken strictly.
///
/// It is given all bytes from the record's first one on; if they do not reach to the record's end it answers nil
/// and is asked again with more. A fault does not stop it: it goes on to the line end, so that the records after a
/// faulted one stand.
struct RecordScanner {
    let delimiter: UInt8
    let lineEnd: Dialect.LineEnd

    /// More faults of one record than this help nobody, and would make memory grow with the sender's bytes.
    static let faultLimit = 64

    /// The control characters that are data in this file, a bit for each.
    private let allowedControls: UInt64
    fileprivate let unquotedScan: ByteScan
    fileprivate let quotedScan: ByteScan

    init(dialect: Dialect, allowedControls: [UInt8] = []) {
        self.allowedControls = allowedControls.reduce(0) { $0 | Self.bit($1) }
        delimiter = dialect.delimiter.rawValue
        lineEnd = dialect.lineEnd
        unquotedScan = ByteScan(stoppingAt: delimiter)
        quotedScan = ByteScan(stoppingAt: Ascii.quote)
    }

    /// Whether a control character is data.
    func allows(_ byte: UInt8) -> Bool {
        allowedControls & Self.bit(byte) != 0
    }

    /// The bit of a control character; DEL has the last one.
    private static func bit(_ byte: UInt8) -> UInt64 {
        byte < 0x20 ? 1 << UInt64(byte) : byte == 0x7F ? 1 << 63 : 0
    }

    /// Scans one record; nil when it needs more bytes and the file has some.
    func scan(_ bytes: Span<UInt8>, from start: Int, isFinal: Bool, expecting count: Int) -> ScannedRecord? {
        var scan = Scan(scanner: self, start: start, isFinal: isFinal, expecting: count)
        return scan.record(bytes) ? scan.result : nil
    }
}

/// What stands at a CR or LF outside quotes.
private enum LineBreak {
    /// The record ends; its line end has this length, and may not be the file's own.
    case end(length: Int, isForeign: Bool)
    /// A line break that is no line end in this file.
    case foreign
    case needsMore
}

/// One pass over one record.
private struct Scan {
    let scanner: RecordScanner
    let start: Int
    let isFinal: Bool
    var result = ScannedRecord()
    var index: Int

    init(scanner: RecordScanner, start: Int, isFinal: Bool, expecting count: Int) {
        self.scanner = scanner
        self.start = start
        self.isFinal = isFinal
        index = start
        result.fields.reserveCapacity(count)
    }

    /// What follows a field.
    enum Next {
        case field
        case recordEnd
        case needsMore
    }

    /// record = field *(delimiter field) line-end; false when more bytes are needed.
    mutating func record(_ bytes: Span<UInt8>) -> Bool {
        while true {
            let isQuoted = index < bytes.count && bytes[index] == Ascii.quote
            switch isQuoted ? quotedField(bytes) : unquotedField(bytes, from: index, reportsQuotes: true) {
            case .field: continue
            case .recordEnd: return true
            case .needsMore: return false
            }
        }
    }

    /// unquoted field = *text; begins anywhere in the field, so that it also finishes one with text after its quote.
    mutating func unquotedField(_ bytes: Span<UInt8>, from fieldStart: Int, reportsQuotes: Bool) -> Next {
        var reportsQuotes = reportsQuotes
        let delimiter = scanner.delimiter
        let end = bytes.count
        while true {
            index = scanner.unquotedScan.next(bytes, from: index, passedHighBytes: &result.hasHighBytes)
            guard index < end else { break }
            let byte = bytes[index]
            if byte == delimiter {
                append(fieldStart, index, isQuoted: false, hasDoubledQuotes: false)
                index += 1
                return .field
            }
            switch byte {
            case Ascii.quote:
                if reportsQuotes { fault(.strayQuote) }
                reportsQuotes = false
                index += 1
            case Ascii.lineFeed, Ascii.carriageReturn:
                switch lineBreak(bytes) {
                case .needsMore: return .needsMore
                case .foreign:
                    fault(.mixedLineEnds)
                    result.innerLineBreaks += 1
                    index += 1
                case .end(let length, let isForeign):
                    if isForeign { fault(.mixedLineEnds) }
                    append(fieldStart, index, isQuoted: false, hasDoubledQuotes: false)
                    endRecord(lineEndLength: length)
                    return .recordEnd
                }
            default:
                if !scanner.allows(byte) { fault(byte == Ascii.nul ? .nul : .controlCharacter) }
                index += 1
            }
        }
        guard isFinal else { return .needsMore }
        append(fieldStart, index, isQuoted: false, hasDoubledQuotes: false)
        endRecord(lineEndLength: 0)
        return .recordEnd
    }

    /// quoted field = quote *(text / delimiter / CR / LF / 2quote) quote.
    mutating func quotedField(_ bytes: Span<UInt8>) -> Next {
        let opening = index
        let linesBefore = result.innerLineBreaks
        var hasDoubledQuotes = false
        let end = bytes.count
        index += 1
        while true {
            index = scanner.quotedScan.next(bytes, from: index, passedHighBytes: &result.hasHighBytes)
            guard index < end else { break }
            let byte = bytes[index]
            switch byte {
            case Ascii.quote:
                guard index + 1 < end || isFinal else { return .needsMore }
                if index + 1 < end && bytes[index + 1] == Ascii.quote {
                    hasDoubledQuotes = true
                    index += 2
                    continue
                }
                return afterQuote(
                    bytes, opening: opening, spansLines: result.innerLineBreaks > linesBefore,
                    hasDoubledQuotes: hasDoubledQuotes)
            case Ascii.lineFeed:
                result.innerLineBreaks += 1
                index += 1
            case Ascii.carriageReturn:
                guard index + 1 < end || isFinal else { return .needsMore }
                // The LF of a CRLF counts the line.
                if index + 1 == end || bytes[index + 1] != Ascii.lineFeed { result.innerLineBreaks += 1 }
                index += 1
            case Ascii.tab:
                index += 1
            default:
                if !scanner.allows(byte) { fault(byte == Ascii.nul ? .nul : .controlCharacter) }
                index += 1
            }
        }
        guard isFinal else { return .needsMore }
        fault(.unclosedQuote, at: opening)
        append(opening + 1, index, isQuoted: true, hasDoubledQuotes: hasDoubledQuotes)
        result.swallowsRest = true
        endRecord(lineEndLength: 0)
        return .recordEnd
    }

    /// What may follow a closing quote: a delimiter, a line end, the end of the file.
    private mutating func afterQuote(
        _ bytes: Span<UInt8>, opening: Int, spansLines: Bool, hasDoubledQuotes: Bool
    ) -> Next {
        let closing = index
        index += 1
        func slot(_ scan: inout Scan) {
            scan.append(opening + 1, closing, isQuoted: true, hasDoubledQuotes: hasDoubledQuotes)
        }
        guard index < bytes.count else {
            slot(&self)
            endRecord(lineEndLength: 0)
            return .recordEnd
        }
        switch bytes[index] {
        case scanner.delimiter:
            slot(&self)
            index += 1
            return .field
        case Ascii.lineFeed, Ascii.carriageReturn:
            switch lineBreak(bytes) {
            case .needsMore: return .needsMore
            case .end(let length, let isForeign):
                if isForeign { fault(.mixedLineEnds) }
                slot(&self)
                endRecord(lineEndLength: length)
                return .recordEnd
            case .foreign:
                return unquotedField(bytes, from: opening, reportsQuotes: false)
            }
        default:
            fault(.textAfterQuote)
            if spansLines {
                // This "closing" quote may as well open the next quoted field of a later record: then the real
                // closing quote is missing somewhere above, and no record from here on can be told for sure.
                fault(.unclosedQuote, at: opening)
                result.swallowsRest = true
            }
            return unquotedField(bytes, from: opening, reportsQuotes: false)
        }
    }

    private func lineBreak(_ bytes: Span<UInt8>) -> LineBreak {
        let lineEnd = scanner.lineEnd
        if bytes[index] == Ascii.lineFeed {
            return lineEnd == .lf ? .end(length: 1, isForeign: false) : .foreign
        }
        guard index + 1 < bytes.count || isFinal else { return .needsMore }
        if index + 1 < bytes.count && bytes[index + 1] == Ascii.lineFeed {
            return .end(length: 2, isForeign: lineEnd != .crlf)
        }
        return lineEnd == .cr ? .end(length: 1, isForeign: false) : .foreign
    }

    private mutating func append(_ from: Int, _ to: Int, isQuoted: Bool, hasDoubledQuotes: Bool) {
        result.fields.append(
            FieldSlot(
                start: UInt32(from - start), end: UInt32(to - start), isQuoted: isQuoted,
                hasDoubledQuotes: hasDoubledQuotes))
    }

    private mutating func endRecord(lineEndLength: Int) {
        result.contentLength = index - start
        result.isEnded = lineEndLength > 0
        index += lineEndLength
        result.length = index - start
    }

    private mutating func fault(_ code: Fault.Code, at place: Int? = nil) {
        guard result.faults.count < RecordScanner.faultLimit else { return }
        result.faults.append(
            ScannedFault(code: code, offset: (place ?? index) - start, field: result.fields.count + 1))
    }
}
