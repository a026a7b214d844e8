/// Where one field lies within its record's bytes, quotes left out.
struct FieldSlot: Hashable, Sendable {
    /// The first byte of the content.
    var start: UInt32
    /// The byte after the content.
    var end: UInt32
    /// Whether the field stood in quotes.
    var isQuoted: Bool
    /// Whether the content has doubled quotes in it.
    var hasDoubledQuotes: Bool
}

/// One record of a delimited file: its bytes as they stood, and where its fields are in them.
///
/// Nothing is decoded until it is asked for. A record with faults has its fields as far as they could be told;
/// they are for showing, not for using.
public struct Record: Sendable {
    /// The number of the record after the header row, from 1; the header row itself is 0.
    public let number: Int
    /// Where the record begins.
    public let position: Position
    /// What is wrong with it, in the order of its bytes; empty for a sound record.
    public let faults: [Fault]
    /// How many bytes of the file the record takes, its line end included.
    public let byteCount: Int
    /// Whether the record ended with a line end, and not with the file.
    public let endedWithTerminator: Bool

    let storage: ArraySlice<UInt8>
    let fields: [FieldSlot]
    let encoding: Encoding

    /// The physical line on which the record begins, from 1.
    public var line: Int { position.line }
    /// The byte of the file at which the record begins, from 0.
    public var byteOffset: Int { position.byteOffset }
    /// How many fields the record has.
    public var count: Int { fields.count }
    /// Whether the record can be used.
    public var isSound: Bool { faults.isEmpty }

    /// The record's bytes exactly as they stand in the file, its line end included.
    ///
    /// They are cut off at the reader's record limit: then ``isTruncated`` is true.
    public var verbatim: [UInt8] { encoding.fileBytes(storage) }

    /// Whether the record was longer than the reader keeps, so that ``verbatim`` is only its beginning.
    public var isTruncated: Bool {
        fileLength(of: storage) < byteCount
    }

    /// Whether a field stood in quotes.
    public func isQuoted(_ index: Int) -> Bool {
        fields[index].isQuoted
    }

    /// Whether a field has no content, quoted or not.
    public func isEmpty(_ index: Int) -> Bool {
        fields[index].start == fields[index].end
    }

    /// The content of a field in the parsed charset, without its quotes, doubled quotes made single.
    ///
    /// UTF-16 files are parsed as UTF-8; files of a declared single-byte charset give their own bytes.
    public func bytes(_ index: Int) -> [UInt8] {
        let slot = fields[index]
        let raw = storage[absolute(slot.start)..<absolute(slot.end)]
        guard slot.hasDoubledQuotes else { return Array(raw) }
        var content: [UInt8] = []
        content.reserveCapacity(raw.count)
        var skipsQuote = false
        for byte in raw {
            if byte == Ascii.quote && skipsQuote {
                skipsQuote = false
                continue
            }
            skipsQuote = byte == Ascii.quote
            content.append(byte)
        }
        return content
    }

    /// The content of a field as text, or the place of the first byte that is none.
    public func text(_ index: Int) throws(Fault) -> String {
        let slot = fields[index]
        if case .singleByte(let charset) = encoding { return try text(index, in: charset) }
        if slot.hasDoubledQuotes {
            guard let text = String(validating: bytes(index), as: UTF8.self) else { throw undecodable(index) }
            return text
        }
        let content = storage.span.extracting(Int(slot.start)..<Int(slot.end))
        do throws(UTF8.ValidationError) {
            return String(copying: try UTF8Span(validating: content))
        } catch {
            throw undecodable(index)
        }
    }

    private func text(_ index: Int, in charset: Charset) throws(Fault) -> String {
        var scalars = String.UnicodeScalarView()
        for byte in bytes(index) {
            guard let scalar = charset.scalar(byte) else { throw undecodable(index) }
            scalars.append(scalar)
        }
        return String(scalars)
    }

    /// Where a field begins: its opening quote, where it has one.
    public func position(_ index: Int) -> Position {
        position(at: Int(fields[index].start) - (fields[index].isQuoted ? 1 : 0))
    }

    private func undecodable(_ index: Int) -> Fault {
        let slot = fields[index]
        let raw = storage[absolute(slot.start)..<absolute(slot.end)]
        let offset = TextCheck(encoding: encoding).firstFault(in: raw)?.offset ?? raw.startIndex
        return .undecodable(
            at: position(at: offset - storage.startIndex), field: index + 1, encoding: encoding)
    }

    func absolute(_ offset: UInt32) -> Int {
        storage.startIndex + Int(offset)
    }

    private func fileLength(of bytes: ArraySlice<UInt8>) -> Int {
        guard encoding.isUTF16 else { return bytes.count }
        return bytes.reduce(0) { $0 + encoding.fileLength(ofParsed: $1) }
    }

    private func position(at offset: Int) -> Position {
        var place = Place(position, encoding: encoding)
        place.advance(over: storage.prefix(offset))
        return place.position
    }
}

/// A position that moves over parsed bytes; CRLF, LF and CR each end one physical line.
struct Place {
    private(set) var position: Position
    let encoding: Encoding
    private var lastWasCarriageReturn = false

    init(_ position: Position, encoding: Encoding) {
        self.position = position
        self.encoding = encoding
    }

    mutating func advance(over bytes: ArraySlice<UInt8>) {
        for byte in bytes { advance(over: byte) }
    }

    mutating func advance(over byte: UInt8) {
        position.byteOffset += encoding.fileLength(ofParsed: byte)
        if byte == Ascii.lineFeed {
            if !lastWasCarriageReturn { position.line += 1 }
            position.column = 1
        } else if byte == Ascii.carriageReturn {
            position.line += 1
            position.column = 1
        } else if encoding.beginsCharacter(byte) {
            position.column += 1
        }
        lastWasCarriageReturn = byte == Ascii.carriageReturn
    }
}
