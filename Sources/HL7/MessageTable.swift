/// The offset table over one message's bytes: where each segment and each field begins.
///
/// Made once, never changed. Components are found when they are asked for: a mapping reads some thirty fields of three hundred.
final class MessageTable: Sendable {
    struct Line: Sendable {
        /// First byte of the segment's name.
        var start: UInt32
        /// One past the last byte, without the terminator.
        var end: UInt32
        /// Index of the first of the segment's field separators in `separators`.
        var firstSeparator: UInt32
        /// Number of its field separators.
        var separatorCount: UInt32
        /// The line of the message, from 1; blank lines count.
        var number: UInt32
        /// Which of the segments of this name it is, from 1.
        var occurrence: UInt32
        /// Up to eight bytes of the name, packed.
        var key: UInt64
    }

    let bytes: [UInt8]
    let delimiters: Delimiters
    let charset: Charset
    let lines: [Line]
    let separators: [UInt32]

    /// Reads bytes that begin with a header segment, in one pass.
    convenience init(_ bytes: [UInt8], charset: CharsetChoice) throws(MalformedMessage) {
        let delimiters = try Delimiters(header: bytes)
        try self.init(bytes, delimiters: delimiters, charset: charset)
    }

    /// Reads bytes with delimiters known from elsewhere, as for BTS and FTS.
    init(_ bytes: [UInt8], delimiters: Delimiters, charset choice: CharsetChoice) throws(MalformedMessage) {
        guard bytes.count < UInt32.max else {
            throw MalformedMessage(.tooLarge, at: Int(UInt32.max), "the message is larger than 4 GiB")
        }
        self.bytes = bytes
        self.delimiters = delimiters
        (lines, separators) = Self.index(bytes, field: delimiters.field)
        charset = choice.charset(declared: Self.declaredCharset(bytes, lines, separators, delimiters))
    }

    private static func index(_ bytes: [UInt8], field: UInt8) -> ([Line], [UInt32]) {
        var lines: [Line] = []
        var separators: [UInt32] = []
        separators.reserveCapacity(bytes.count / 8 + 8)
        let span = bytes.span
        let count = span.count
        var feeds = LineFeeds.undecided
        var (start, number, firstSeparator): (Int, UInt32, Int) = (0, 1, 0)
        var position = 0

        func close(at end: Int) {
            defer { firstSeparator = separators.count }
            var first = start
            while first < end, span[first] == 0x20 || span[first] == 0x09 { first += 1 }
            guard first < end else { return }
            lines.append(
                Line(
                    start: UInt32(first), end: UInt32(end), firstSeparator: UInt32(firstSeparator),
                    separatorCount: UInt32(separators.count - firstSeparator), number: number, occurrence: 1, key: 0))
        }

        while position < count {
            let byte = span[position]
            if byte == field {
                separators.append(UInt32(position))
            } else if byte == 0x0D || byte == 0x0A {
                let next = position + 1 < count ? span[position + 1] : nil
                if feeds.ends(byte, next: next) {
                    close(at: position)
                    if byte == 0x0D, next == 0x0A { position += 1 }
                    start = position + 1
                    number += 1
                }
            }
            position += 1
        }
        close(at: count)
        name(&lines, bytes: span, separators: separators)
        return (lines, separators)
    }

    /// Gives each segment its key and its place among those of the same name.
    private static func name(_ lines: inout [Line], bytes: Span<UInt8>, separators: [UInt32]) {
        var seen: [UInt64: UInt32] = [:]
        for index in lines.indices {
            let end = nameEnd(lines[index], separators)
            var key: UInt64 = 0
            for position in Int(lines[index].start)..<min(end, Int(lines[index].start) + 8) {
                key = key << 8 | UInt64(bytes[position])
            }
            lines[index].key = key
            guard index > 0 else { continue }
            let previous = lines[index - 1]
            if previous.key == key {
                lines[index].occurrence = previous.occurrence + 1
            } else {
                seen[previous.key] = previous.occurrence
                lines[index].occurrence = (seen[key] ?? 0) + 1
            }
        }
    }

    /// A name ends at the field separator; of a line without any, the first bytes stand for a name.
    private static func nameEnd(_ line: Line, _ separators: [UInt32]) -> Int {
        let end = line.separatorCount > 0 ? Int(separators[Int(line.firstSeparator)]) : Int(line.end)
        return min(max(end, Int(line.start)), Int(line.start) + 8)
    }

    private static func declaredCharset(
        _ bytes: [UInt8], _ lines: [Line], _ separators: [UInt32], _ delimiters: Delimiters
    ) -> [UInt8] {
        guard let header = lines.first, header.separatorCount >= 17, bytes.starts(with: [0x4D, 0x53, 0x48]) else {
            return []
        }
        let first = Int(header.firstSeparator)
        let end = header.separatorCount > 17 ? separators[first + 17] : header.end
        let field = bytes[Int(separators[first + 16]) + 1..<Int(end)]
        return Array(field.prefix { $0 != delimiters.repetition && $0 != delimiters.component })
    }

    static func key(_ name: some StringProtocol) -> UInt64 {
        name.utf8.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    func name(_ index: Int) -> String {
        let line = lines[index]
        return String(decoding: bytes[Int(line.start)..<Self.nameEnd(line, separators)], as: UTF8.self)
    }

    /// Whether the segment writes its own field separator as field 1: the one place that knows the header's offset.
    func isHeader(_ index: Int) -> Bool {
        switch lines[index].key {
        case Self.mshKey, Self.fhsKey, Self.bhsKey: lines[index].separatorCount > 0
        default: false
        }
    }

    private static let mshKey = key("MSH")
    private static let fhsKey = key("FHS")
    private static let bhsKey = key("BHS")

    /// The number of the segment's last field that is written, be it empty.
    func fieldCount(_ index: Int) -> Int { Int(lines[index].separatorCount) + (isHeader(index) ? 1 : 0) }

    /// The bytes of a field, counted from 1; `nil` when the segment ends before it.
    func field(_ number: Int, of index: Int) -> Range<Int>? {
        let line = lines[index]
        var part = number
        if isHeader(index) {
            if number == 1 {
                let separator = Int(separators[Int(line.firstSeparator)])
                return separator..<separator + 1
            }
            part -= 1
        }
        guard part >= 1, part <= Int(line.separatorCount) else { return nil }
        let separator = Int(line.firstSeparator) + part - 1
        let start = Int(separators[separator]) + 1
        return start..<(part < Int(line.separatorCount) ? Int(separators[separator + 1]) : Int(line.end))
    }
}

/// Whether a bare LF ends a segment in the message at hand.
///
/// The standard knows only CR. When the first segment ends in CR alone, the sender knows that too, and a bare LF is
/// part of a value; otherwise LF and CRLF end segments. CR always does.
enum LineFeeds: Sendable {
    case undecided
    case data
    case endSegments

    /// Whether `byte`, a CR or LF, ends a segment; the first one that does decides for the message.
    mutating func ends(_ byte: UInt8, next: UInt8?) -> Bool {
        if self == .undecided { self = byte == 0x0D && next != 0x0A ? .data : .endSegments }
        return byte == 0x0D || self == .endSegments
    }
}
