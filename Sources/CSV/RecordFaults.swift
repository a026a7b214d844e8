extension Record {
    /// Makes a record from what the scanner found, and names everything that is wrong with it.
    init(
        _ scanned: ScannedRecord, storage: ArraySlice<UInt8>, number: Int, position: Position, encoding: Encoding,
        byteCount: Int? = nil, columns: HeaderColumns? = nil
    ) {
        let bare = Record(
            number: number, position: position, faults: [], byteCount: byteCount ?? scanned.length,
            endedWithTerminator: scanned.isEnded, storage: storage, fields: scanned.fields, encoding: encoding)
        var found = scanned.faults.map { FoundFault($0.code, $0.offset, $0.field) }
        if scanned.hasHighBytes { found += bare.textFaults() }
        if let columns, found.isEmpty || !scanned.faults.contains(where: { FoundFault.breaksFields.contains($0.code) })
        {
            if let fault = bare.fieldCountFault(columns, contentLength: scanned.contentLength) { found.append(fault) }
            if let offset = bare.firstBlankAfterDelimiters { found.append(FoundFault(.blankAfterDelimiter, offset, 2)) }
            if columns.areRepeated(by: bare) { found.append(FoundFault(.repeatedHeader, 0, nil)) }
        }
        self = found.isEmpty ? bare : bare.with(faults: bare.located(found, columns: columns))
    }

    /// The same record with faults.
    func with(faults: [Fault]) -> Record {
        Record(
            number: number, position: position, faults: faults, byteCount: byteCount,
            endedWithTerminator: endedWithTerminator, storage: storage, fields: fields, encoding: encoding)
    }

    /// Whether this looks like the end of a field in quotes, torn off by a quote lost or added in a line before.
    ///
    /// Then a quote closes one of its unquoted fields; with too few fields any stray quote is sign enough.
    func isFragment(columns: Int) -> Bool {
        guard faults.contains(where: { $0.code == .strayQuote }) else { return false }
        return count < columns
            || fields.contains { slot in
                !slot.isQuoted && slot.end > slot.start && storage[absolute(slot.end) - 1] == Ascii.quote
            }
    }

    /// Whether a closing quote of this record may as well open the next one's field: then a quote was lost above.
    func mayEndWithin(_ delimiter: UInt8) -> Bool {
        fields.contains { slot in
            guard slot.isQuoted, slot.end > slot.start else { return false }
            let content = storage[absolute(slot.start)..<absolute(slot.end)]
            guard content.contains(where: { $0 == Ascii.lineFeed || $0 == Ascii.carriageReturn }) else { return false }
            return content.last == delimiter || content.last == Ascii.lineFeed || content.last == Ascii.carriageReturn
        }
    }

    /// Whether its fields cannot be told for sure.
    var isBroken: Bool {
        faults.contains { $0.code == .fieldCount || FoundFault.breaksFields.contains($0.code) }
    }

    /// The fault of a record that may go on in the next line.
    var uncertainEnd: Fault {
        Fault(
            .uncertainEnd, at: count > 0 ? position(count - 1) : position, field: count,
            detail: "the next line looks like the rest of a field in quotes, so this record may go on there; "
                + "check the quotes of both")
    }

    /// The offset of the second field's blank, where every field after the first begins with one or is empty.
    ///
    /// One field may begin with a blank of its own; two or more and nothing else is how some people write commas.
    private var firstBlankAfterDelimiters: Int? {
        guard fields.count > 2 else { return nil }
        var blanks = 0
        for index in 1..<fields.count where fields[index].end > fields[index].start {
            guard !fields[index].isQuoted, storage[absolute(fields[index].start)] == 0x20 else { return nil }
            blanks += 1
        }
        return blanks > 1 ? Int(fields[1].start) : nil
    }

    private func textFaults() -> [FoundFault] {
        TextCheck(encoding: encoding).findings(in: storage, limit: RecordScanner.faultLimit).map { finding in
            let offset = finding.offset - storage.startIndex
            let field = fields.firstIndex { Int($0.end) > offset }.map { $0 + 1 }
            return FoundFault(finding.kind == .undecodable ? .undecodable : .controlCharacter, offset, field)
        }
    }

    private func fieldCountFault(_ columns: HeaderColumns, contentLength: Int) -> FoundFault? {
        if count < columns.names.count { return FoundFault(.fieldCount, contentLength, count + 1) }
        if count == columns.names.count { return nil }
        let extra = fields[columns.names.count]
        return FoundFault(.fieldCount, Int(extra.start) - (extra.isQuoted ? 1 : 0), columns.names.count + 1)
    }

    private func located(_ found: [FoundFault], columns: HeaderColumns?) -> [Fault] {
        // Sorted by place; of two at one place the one found first stands first.
        let ordered = found.enumerated().sorted { ($0.element.offset, $0.offset) < ($1.element.offset, $1.offset) }
        var place = Place(position, encoding: encoding)
        var offset = 0
        return ordered.map { _, fault in
            let bytes = storage.dropFirst(offset).prefix(fault.offset - offset)
            place.advance(over: bytes)
            offset += bytes.count
            return Fault(
                fault.code, at: place.position, field: fault.field, detail: detail(of: fault, columns: columns))
        }
    }

    private func detail(of fault: FoundFault, columns: HeaderColumns?) -> String {
        switch fault.code {
        case .fieldCount: fieldCountDetail(columns)
        case .unclosedQuote:
            "the quoted field that begins here never closes, so the rest of the file cannot be told apart; "
                + "close it with \" and double each \" within it"
        case .strayQuote:
            "a quote stands inside a field that does not begin with one; put the field into quotes and double the quote"
        case .textAfterQuote:
            "only a delimiter or a line end may follow a closing quote; double each quote within the field"
        case .mixedLineEnds:
            "a line ends otherwise than the header row; use one line end throughout, line breaks of a field in quotes"
        case .blankAfterDelimiter: "a blank follows every delimiter; write the delimiters without blanks"
        case .repeatedHeader: "the header row is repeated; remove the line"
        case .nul: "a NUL byte stands in the text; remove it"
        case .undecodable: Fault.undecodableDetail(encoding)
        case .controlCharacter: "a control character stands in a field; remove it"
        default: fault.code.rawValue
        }
    }

    private func fieldCountDetail(_ columns: HeaderColumns?) -> String {
        let names = columns?.names ?? []
        let counts = "\(count) fields, but the header row names \(names.count)"
        if count < names.count {
            return
                "\(counts): none for `\(names[count])`; look for a missing delimiter, or a line break that is not in quotes"
        }
        return "\(counts); put a field with the delimiter in it into quotes, or remove what is too much"
    }
}

extension Fault {
    static func undecodable(at position: Position, field: Int, encoding: Encoding) -> Fault {
        Fault(.undecodable, at: position, field: field, detail: undecodableDetail(encoding))
    }

    static func undecodableDetail(_ encoding: Encoding) -> String {
        switch encoding {
        case .utf8: "the bytes here are not UTF-8; save the file as UTF-8, or declare its charset for the source"
        case .utf16LittleEndian, .utf16BigEndian: "the bytes here are not UTF-16; save the file as UTF-8"
        case .singleByte(let charset): "\(charset.rawValue) has no character for the byte here; save the file as UTF-8"
        }
    }
}

/// A fault with its offset in the record, before its line and column are counted.
private struct FoundFault {
    var code: Fault.Code
    var offset: Int
    var field: Int?

    /// After these the fields are not what the sender meant, so that their number says nothing.
    static let breaksFields: [Fault.Code] = [.unclosedQuote, .strayQuote, .textAfterQuote, .mixedLineEnds]

    init(_ code: Fault.Code, _ offset: Int, _ field: Int?) {
        self.code = code
        self.offset = offset
        self.field = field
    }
}
