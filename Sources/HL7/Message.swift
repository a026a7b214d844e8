/// One HL7 v2 message, read once into offsets over its bytes; nothing becomes a `String` until it is asked for.
///
/// Any version, any delimiters, any segments: a segment that is unknown or out of place is there like the others.
public struct Message: Sendable {
    let table: MessageTable

    /// Reads a message that begins with `MSH`, as `FrameReader` hands it out.
    public init(_ bytes: [UInt8], charset: CharsetChoice = .declared(default: .utf8)) throws(MalformedMessage) {
        guard bytes.starts(with: [0x4D, 0x53, 0x48]) else {
            throw MalformedMessage(.noHeader, at: 0, "the message does not begin with MSH")
        }
        table = try MessageTable(bytes, charset: charset)
    }

    /// The bytes as they came.
    public var bytes: [UInt8] { table.bytes }
    /// The delimiters of MSH-1 and MSH-2.
    public var delimiters: Delimiters { table.delimiters }
    /// The character set that texts are decoded in.
    public var charset: Charset { table.charset }

    /// All segments in order.
    public var segments: Segments { Segments(table: table, range: 0..<table.lines.count) }
    /// The MSH segment.
    public var header: Segment { Segment(table: table, index: 0) }

    /// The first segment of that name.
    public subscript(name: String) -> Segment? { segments[name] }
    /// All segments of that name, in order.
    public func all(_ name: String) -> [Segment] { segments.all(name) }
    /// The part at a path; absent when the message has no such.
    public func part(_ path: Path) -> Part { segments.part(path) }
    /// The part at a path as it is written, `PID-5[2].1`; absent when the message has no such.
    public func part(_ path: String) -> Part { segments.part(path) }
    /// The decoded text of a path; `nil` when it is absent, empty or the delete mark.
    public func text(_ path: String) throws(UndecodableText) -> String? { try part(path).text() }

    /// MSH-9.1, such as `ADT`, as raw ASCII.
    public var type: String { header.field(9).component(1).raw }
    /// MSH-9.2, such as `A01`.
    public var event: String { header.field(9).component(2).raw }
    /// MSH-10.
    public var controlID: String { header.field(10).raw }
    /// MSH-12.1.
    public var version: Version { Version(header.field(12).component(1).raw) }

    /// The bytes without MSH-7 and MSH-10, each segment ended by CR: the same for a message that is sent again.
    ///
    /// Control ids are used twice for different messages, so an id alone tells no duplicate.
    public var content: [UInt8] {
        var content: [UInt8] = []
        content.reserveCapacity(bytes.count)
        for segment in segments {
            if segment.index == 0 {
                for number in 1..<max(segment.fieldCount + 1, 2) where number != 7 && number != 10 {
                    content += segment.field(number).bytes
                    content.append(delimiters.field)
                }
            } else {
                content += segment.bytes
            }
            content.append(0x0D)
        }
        return content
    }

    /// The zone of MSH-7 in minutes east of UTC, which holds for every time of the message that has none of its own.
    public var zone: Int? {
        do {
            return try DateTime(header.field(7).component(1).bytes).zone
        } catch {
            return nil
        }
    }

    /// Where a line feed comes before what looks like a segment, `\nPV1|`: the first such value of each segment.
    ///
    /// Where CR ends segments a line feed is data, so that segment is not read as one. No value holds an unescaped
    /// field separator, so it rather is a sender that mixes its terminators: worth telling, not worth guessing.
    public var lineFeedsBeforeSegments: [Place] {
        segments.compactMap { segment in
            let bytes = segment.bytes
            let feed = bytes.indices.first { position in
                guard table.bytes[position] == 0x0A, position + 4 < bytes.endIndex,
                    table.bytes[position + 4] == delimiters.field
                else { return false }
                return ER7.name(of: bytes[(position + 1)...]) != nil
            }
            return feed.flatMap { place(at: $0) }
        }
    }

    /// Checks that every byte of the message is text in its character set, and throws for the first that is not.
    ///
    /// To be asked once per message: in a multi-byte set that is not supported even the delimiters are uncertain.
    public func checkText() throws(UndecodableText) {
        do {
            try charset.check(bytes[...])
        } catch {
            guard !switchesCharset else { return try checkParts() }
            throw UndecodableText(charset: charset, offset: error.offset, place: place(at: error.offset))
        }
    }

    /// Whether an escape sequence somewhere calls up another character set, `\Cxxyy\`.
    private var switchesCharset: Bool {
        guard let escape = delimiters.escape else { return false }
        let bytes = table.bytes
        return zip(bytes, bytes.dropFirst()).contains { $0 == escape && $1 == UInt8(ascii: "C") }
    }

    /// Checks each value by itself, where other character sets are called up within some of them.
    private func checkParts() throws(UndecodableText) {
        for segment in segments {
            for number in 1..<max(segment.fieldCount + 1, 2) {
                for repetition in segment.field(number).repetitions {
                    for component in repetition.components { _ = try component.text() }
                }
            }
        }
    }

    /// The place that a byte offset of the message falls into.
    public func place(at offset: Int) -> Place? {
        var (low, high) = (0, table.lines.count)
        while low < high {
            let middle = (low + high) / 2
            if Int(table.lines[middle].start) <= offset { low = middle + 1 } else { high = middle }
        }
        guard low > 0 else { return nil }
        let segment = Segment(table: table, index: low - 1)
        for number in stride(from: segment.fieldCount, to: 0, by: -1) {
            guard let range = table.field(number, of: segment.index), range.lowerBound <= offset else { continue }
            return segment.field(number).repetitions.last { $0.range.lowerBound <= offset }?.place
        }
        return segment.place
    }
}

/// An HL7 version such as 2.5.1, to be compared; an empty or odd one compares as the newest.
public struct Version: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The version as it was written.
    public let text: String
    private let numbers: [Int]

    /// Reads MSH-12.1.
    public init(_ text: String) {
        self.text = text
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { UInt16($0).map(Int.init) }
        self.numbers = numbers.isEmpty || numbers.count != parts.count ? [Int.max] : numbers
    }

    /// Whether the text reads as a version.
    public var isKnown: Bool { numbers != [Int.max] }
    /// The version as it was written.
    public var description: String { text }
    /// Orders by number, part by part: 2.3 before 2.3.1 before 2.10.
    public static func < (left: Version, right: Version) -> Bool {
        left.numbers.lexicographicallyPrecedes(right.numbers)
    }
}
