/// Reads a delimited file record by record, strictly and in bounded memory.
///
/// The rules are RFC 4180's; the measure is that no value ever lands in a wrong column unseen. A faulted record is
/// given like any other, with its faults: the caller rejects it and goes on.
public struct Reader {
    /// The header row, under the dialect the caller chose.
    public let header: Header
    /// How the file is encoded.
    public let encoding: Encoding
    /// The byte order mark the file began with, or nothing; with the header row and the records it is the whole file.
    public let byteOrderMark: [UInt8]
    /// The lines before the header row that were passed over, exactly as they stand in the file.
    public let preamble: [UInt8]
    /// Whether the file ends with a line end; settled once the last record is read.
    public private(set) var endedWithTerminator: Bool

    private let recordLimit: Int
    private let scanner: RecordScanner
    private let columns: HeaderColumns
    private var bytes: PendingBytes
    private var position: Position
    private var number = 0
    private var isStarted = false
    private var ahead: Record?

    /// Opens a file: settles its encoding, and its dialect by letting the caller choose among the header's readings.
    ///
    /// The bytes come from a closure that is asked for about so many and answers with none at the end; what it throws
    /// is thrown on. Control characters are faults but for those allowed: a scanner's files carry GS (1D) in GS1
    /// barcodes. A file that is not text, or whose header row is at fault, throws a ``Refusal``. When the caller
    /// chooses none of the readings (no form has such columns) there is no reader.
    public init?(
        charset: Charset = .utf8, preambleLines: Int = 0, allowedControls: [UInt8] = [], recordLimit: Int = 1 << 20,
        chunkSize: Int = 1 << 18,
        read: @escaping (Int) throws -> [UInt8], choosing choose: ([Header.Candidate]) -> Int?
    ) throws {
        let source = try ByteSource(charset: charset, read: read)
        encoding = source.encoding
        byteOrderMark = source.byteOrderMark
        bytes = PendingBytes(source: source, chunkSize: chunkSize)
        self.recordLimit = recordLimit
        var place = Place(
            Position(line: 1, column: 1, byteOffset: source.byteOrderMark.count), encoding: source.encoding)
        preamble = try bytes.passLines(preambleLines, place: &place)
        position = place.position

        let candidates = try bytes.headerCandidates(at: position, encoding: encoding, limit: recordLimit)
        guard let index = choose(candidates), candidates.indices.contains(index) else { return nil }
        let chosen = candidates[index]
        guard chosen.faults.isEmpty else { throw Refusal(chosen.faults) }
        header = Header(chosen)
        columns = header.columns
        scanner = RecordScanner(dialect: chosen.dialect, allowedControls: allowedControls)
        endedWithTerminator = chosen.record.endedWithTerminator
        bytes.advance(chosen.record.storage.count)
        var end = Place(position, encoding: encoding)
        end.advance(over: chosen.record.storage)
        position = end.position
    }

    /// Reads the next record, or nil after the last one.
    ///
    /// Blank lines after the last record are passed over; between records a run of them is one faulted record.
    /// One record is read ahead: a fragment in the next line may be the rest of this record's last field.
    public mutating func next() throws -> Record? {
        if !isStarted {
            isStarted = true
            ahead = try scanNext()
        }
        guard let current = ahead.take() else { return nil }
        ahead = try scanNext()
        guard let ahead, !ahead.faults.isEmpty, current.isSound, isUncertain(current, before: ahead) else {
            return current
        }
        return current.with(faults: [current.uncertainEnd])
    }

    private func isUncertain(_ record: Record, before following: Record) -> Bool {
        following.isFragment(columns: columns.names.count)
            || following.isBroken && record.mayEndWithin(header.dialect.delimiter.rawValue)
    }

    private mutating func scanNext() throws -> Record? {
        var blankLines = 0
        while let scanned = try scan() {
            if scanned.map(\.isBlankLine) ?? false {
                blankLines += 1
                bytes.advance(scannedLength(scanned))
                endedWithTerminator = true
                continue
            }
            if blankLines > 0 { return blankRecord(blankLines) }
            number += 1
            guard let scanned, scanned.length <= recordLimit else { return try longRecord() }
            return scanned.swallowsRest ? try lastRecord(scanned) : record(scanned)
        }
        return nil
    }

    private func scannedLength(_ scanned: ScannedRecord?) -> Int {
        scanned?.length ?? 0
    }

    /// Scans one record: nil at the end of the file, nil within when it is beyond the limit.
    private mutating func scan() throws -> ScannedRecord?? {
        while true {
            if bytes.isEmpty {
                if try bytes.fill() { continue }
                return .none
            }
            let scanned = scanner.scan(
                bytes.buffer.span, from: bytes.start, isFinal: bytes.isFinal, expecting: columns.names.count)
            if scanned != nil || bytes.count > recordLimit { return .some(scanned) }
            try bytes.fill()
        }
    }

    private mutating func record(_ scanned: ScannedRecord) -> Record {
        let storage = bytes.prefix(scanned.length)
        let length =
            encoding.isUTF16
            ? storage.reduce(0) { $0 + encoding.fileLength(ofParsed: $1) }
            : scanned.length
        let record = Record(
            scanned, storage: storage, number: number, position: position, encoding: encoding, byteCount: length,
            columns: columns)
        bytes.advance(scanned.length)
        position.byteOffset += length
        position.line += scanned.innerLineBreaks + (scanned.isEnded ? 1 : 0)
        endedWithTerminator = scanned.isEnded
        return record
    }

    /// A run of blank lines between records.
    private mutating func blankRecord(_ lines: Int) -> Record {
        number += 1
        let lineEnd = header.dialect.lineEnd.bytes
        let kept = min(lines, max(1, recordLimit / lineEnd.count))
        let storage = Array(repeatElement(lineEnd, count: kept).joined())
        let unit = lineEnd.reduce(0) { $0 + encoding.fileLength(ofParsed: $1) }
        let fault = Fault(
            .blankLine, at: position, detail: "\(lines == 1 ? "a blank line" : "\(lines) blank lines"); remove it")
        let record = Record(
            number: number, position: position, faults: [fault], byteCount: lines * unit, endedWithTerminator: true,
            storage: storage[...], fields: [], encoding: encoding)
        position.line += lines
        position.byteOffset += lines * unit
        return record
    }

    /// A record beyond the limit: kept up to there, passed over to its end.
    private mutating func longRecord() throws -> Record {
        let skimmer = RecordSkimmer(dialect: header.dialect, place: Place(position, encoding: encoding))
        return try skim(skimmer, kept: [], fields: [], faults: [])
    }

    /// A record that cannot be told from what follows it: all the rest of the file.
    private mutating func lastRecord(_ scanned: ScannedRecord) throws -> Record {
        let storage = bytes.prefix(scanned.length)
        let record = Record(
            scanned, storage: storage, number: number, position: position, encoding: encoding, columns: columns)
        var place = Place(position, encoding: encoding)
        place.advance(over: storage)
        bytes.advance(scanned.length)
        let skimmer = RecordSkimmer(dialect: header.dialect, place: place, swallowsRest: true)
        return try skim(skimmer, kept: Array(storage), fields: scanned.fields, faults: record.faults)
    }

    private mutating func skim(
        _ skimmer: RecordSkimmer, kept: [UInt8], fields: [FieldSlot], faults: [Fault]
    ) throws -> Record {
        var skimmer = skimmer
        var kept = kept
        let isEnded = try bytes.pass(&skimmer, keeping: &kept, limit: recordLimit)
        var faults = faults
        if !faults.contains(where: { $0.code == .unclosedQuote }) {
            if skimmer.swallowsRest || skimmer.isInQuotes {
                faults.append(
                    Fault(
                        .unclosedQuote, at: skimmer.openingQuote,
                        detail: "a quoted field that begins here never closes, so the rest of the file is one record; "
                            + "close it with \" and double each \" within it"))
            } else {
                faults.append(
                    Fault(
                        .recordTooLong, at: position,
                        detail: "the record is longer than \(recordLimit) bytes; shorten it, or look for a lost quote"))
            }
        }
        let end = skimmer.place.position
        let record = Record(
            number: number, position: position, faults: faults, byteCount: end.byteOffset - position.byteOffset,
            endedWithTerminator: isEnded, storage: kept[...], fields: fields, encoding: encoding)
        position = end
        endedWithTerminator = isEnded
        return record
    }
}

extension ScannedRecord {
    /// Whether there is nothing between two line ends.
    var isBlankLine: Bool {
        isEnded && contentLength == 0 && faults.isEmpty
    }
}
