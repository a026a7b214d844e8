extension Header {
    /// The readings of a file's first bytes as a header row, one for each delimiter.
    ///
    /// The bytes begin after a byte order mark and hold at least the whole first record.
    public static func candidates(_ firstRecordBytes: [UInt8], encoding: Encoding = .utf8) -> [Candidate] {
        let start = Position(line: 1, column: 1, byteOffset: 0)
        return candidates(firstRecordBytes[...], at: start, encoding: encoding, isFinal: true) ?? []
    }

    /// The readings of the bytes as a header row; nil when one of them needs more bytes.
    static func candidates(
        _ bytes: ArraySlice<UInt8>, at position: Position, encoding: Encoding, isFinal: Bool, limit: Int = .max
    ) -> [Candidate]? {
        var candidates: [Candidate] = []
        for delimiter in Dialect.Delimiter.allCases {
            let reading = candidate(bytes, delimiter: delimiter, at: position, encoding: encoding, isFinal: isFinal)
            if let reading {
                if reading.record.byteCount <= limit { candidates.append(reading) }
            } else if bytes.count <= limit {
                return nil
            }
        }
        return candidates
    }

    private static func candidate(
        _ bytes: ArraySlice<UInt8>, delimiter: Dialect.Delimiter, at position: Position, encoding: Encoding,
        isFinal: Bool
    ) -> Candidate? {
        guard let lineEnd = firstLineEnd(bytes, delimiter: delimiter.rawValue, isFinal: isFinal) else { return nil }
        let dialect = Dialect(delimiter: delimiter, lineEnd: lineEnd)
        let scanned = RecordScanner(dialect: dialect)
            .scan(bytes.span, from: 0, isFinal: isFinal, expecting: 16)
        guard let scanned else { return nil }
        let record = Record(
            scanned, storage: bytes.prefix(scanned.length), number: 0, position: position, encoding: encoding)
        var names: [String] = []
        var faults = record.faults
        var columns: [[UInt8]: Int] = [:]
        for index in 0..<record.count {
            let name: [UInt8]
            do {
                name = normalized(Array(try record.text(index).utf8))
            } catch {
                // The record's own faults have it already.
                name = []
            }
            names.append(String(decoding: name, as: UTF8.self))
            let twin = name.isEmpty ? nil : columns.updateValue(index, forKey: name)
            // A row of a million delimiters is refused for its first few faults.
            if name.isEmpty || twin != nil, faults.count < RecordScanner.faultLimit {
                faults.append(nameFault(at: index, in: record, twin: twin))
            }
        }
        return Candidate(dialect: dialect, names: names, faults: faults, record: record)
    }

    private static func nameFault(at index: Int, in record: Record, twin: Int?) -> Fault {
        let position = record.position(index)
        guard let twin else {
            return Fault(
                .emptyColumnName, at: position, field: index + 1,
                detail: "column \(index + 1) of the header row has no name; name it or remove the column")
        }
        return Fault(
            .duplicateColumn, at: position, field: index + 1,
            detail: "columns \(twin + 1) and \(index + 1) of the header row have the same name; remove one")
    }

    /// The line end of the first record: the first CR, LF or CRLF outside quotes; nil when more bytes are needed.
    private static func firstLineEnd(
        _ bytes: ArraySlice<UInt8>, delimiter: UInt8, isFinal: Bool
    ) -> Dialect.LineEnd? {
        var isInQuotes = false
        var isFieldStart = true
        for index in bytes.indices {
            let byte = bytes[index]
            if byte == Ascii.quote && (isInQuotes || isFieldStart) {
                isInQuotes.toggle()
                // A doubled quote opens again what it closed.
                isFieldStart = !isInQuotes
                continue
            }
            if isInQuotes { continue }
            if byte == Ascii.lineFeed { return .lf }
            if byte == Ascii.carriageReturn {
                guard index + 1 < bytes.endIndex else { return isFinal ? .cr : nil }
                return bytes[index + 1] == Ascii.lineFeed ? .crlf : .cr
            }
            isFieldStart = byte == delimiter
        }
        return isFinal ? .crlf : nil
    }
}
