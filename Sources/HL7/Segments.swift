/// Segments in their order: a message's, or one group of them.
///
/// Groups follow what is there, not what a message structure promises, so nothing can hide behind a segment that is
/// unknown, repeated or out of place.
public struct Segments: RandomAccessCollection, Sendable {
    let table: MessageTable
    let range: Range<Int>

    /// Position of the first segment within the message.
    public var startIndex: Int { range.lowerBound }
    /// Position after the last segment.
    public var endIndex: Int { range.upperBound }
    /// The segment at a position.
    public subscript(position: Int) -> Segment { Segment(table: table, index: position) }
    /// A part of the segments.
    public subscript(bounds: Range<Int>) -> Segments { Segments(table: table, range: bounds.clamped(to: range)) }

    /// The first segment of that name.
    public subscript(name: String) -> Segment? {
        let key = MessageTable.key(name)
        return range.first { table.lines[$0].key == key }.map { Segment(table: table, index: $0) }
    }

    /// All segments of that name, in order.
    public func all(_ name: String) -> [Segment] {
        let key = MessageTable.key(name)
        return range.filter { table.lines[$0].key == key }.map { Segment(table: table, index: $0) }
    }

    /// The part at a path; its occurrence counts among these segments only.
    public func part(_ path: Path) -> Part {
        let key = MessageTable.key(path.segment)
        var occurrence = 0
        for index in range where table.lines[index].key == key {
            occurrence += 1
            if occurrence == path.occurrence { return Segment(table: table, index: index).part(path) }
        }
        return Part(missing: path, table: table)
    }

    /// The part at a path as it is written, `OBX[2]-5.1`.
    public func part(_ path: String) -> Part {
        guard let parsed = Path(path) else {
            assertionFailure("\(path) is no path into an HL7 message")
            return Part(missing: nil, table: table)
        }
        return part(parsed)
    }

    /// The decoded text of a path; `nil` when it is absent, empty or the delete mark.
    public func text(_ path: String) throws(UndecodableText) -> String? { try part(path).text() }

    /// The groups that segments of these names open, each up to where the next begins.
    ///
    /// The first name always opens a group. A later one joins the open group unless that has one already, so
    /// `groups("ORC", "OBR")` holds each order together whether its ORC is there or not.
    public func groups(_ names: String...) -> [Segments] {
        let keys = names.map { MessageTable.key($0) }
        var starts: [Int] = []
        var present: Set<UInt64> = []
        for index in range {
            let key = table.lines[index].key
            guard keys.contains(key) else { continue }
            if starts.isEmpty || key == keys.first || present.contains(key) {
                starts.append(index)
                present = [key]
            } else {
                present.insert(key)
            }
        }
        return starts.indices.map { number in
            let end = number + 1 < starts.count ? starts[number + 1] : range.upperBound
            return Segments(table: table, range: starts[number]..<end)
        }
    }

    /// The segments before the first of any of these names; all of them when there is none.
    public func before(_ names: String...) -> Segments {
        let keys = names.map { MessageTable.key($0) }
        let end = range.first { keys.contains(table.lines[$0].key) } ?? range.upperBound
        return Segments(table: table, range: range.lowerBound..<end)
    }
}

/// One segment of a message.
public struct Segment: Sendable {
    let table: MessageTable
    let index: Int

    /// The name, such as `PID` or `ZA1`.
    public var name: String { table.name(index) }
    /// Position among the message's segments, from 0: an index into `Message.segments`.
    public var position: Int { index }
    /// Which of the message's segments of this name it is, from 1.
    public var occurrence: Int { Int(table.lines[index].occurrence) }
    /// The line within the message, from 1; blank lines count.
    public var line: Int { Int(table.lines[index].number) }
    /// The segment's bytes, without its terminator.
    public var bytes: ArraySlice<UInt8> { table.bytes[Int(table.lines[index].start)..<Int(table.lines[index].end)] }
    /// The number of the last field that is written, be it empty.
    public var fieldCount: Int { table.fieldCount(index) }

    /// The field of that number, counted from 1; in MSH, FHS and BHS field 1 is the separator itself.
    public func field(_ number: Int) -> Part { Part(field: number, of: self) }

    /// The part at a path; its segment name and occurrence are not looked at.
    public func part(_ path: Path) -> Part {
        guard let number = path.field else { return Part(whole: self) }
        var part = field(number)
        if let repetition = path.repetition { part = part.repetition(repetition) }
        if let component = path.component { part = part.component(component) }
        if let subcomponent = path.subcomponent { part = part.subcomponent(subcomponent) }
        return part
    }

    /// The decoded text of a field, or of a component of its first repetition.
    public func text(_ field: Int, _ component: Int? = nil) throws(UndecodableText) -> String? {
        let part = self.field(field)
        guard let component else { return try part.text() }
        return try part.component(component).text()
    }

    /// Where the segment is.
    public var place: Place {
        Place(segment: name, occurrence: occurrence, line: line, offset: Int(table.lines[index].start))
    }
}
