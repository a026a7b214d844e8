/// A field, a repetition, a component or a subcomponent: bytes with a place.
///
/// Asking for a part that is not there gives an absent part, which still knows its place. All numbers count from 1.
public struct Part: Sendable {
    /// How much of something a message says (HL7 v2.9 §2.4.3.1).
    public enum Presence: Hashable, Sendable {
        /// The segment ends before it, or there is no such segment.
        case absent
        /// It is written, with nothing in it: leave as it is.
        case empty
        /// Two double quotes alone: delete what is there.
        case delete
        /// It has a value.
        case valued
    }

    /// What kind of part it is.
    public enum Level: Int, Comparable, Hashable, Sendable {
        /// A whole segment.
        case segment
        /// A field with all its repetitions.
        case field
        /// One repetition.
        case repetition
        /// A component of a repetition.
        case component
        /// A subcomponent of a component.
        case subcomponent

        /// A field is before a repetition, a component before a subcomponent.
        public static func < (left: Level, right: Level) -> Bool { left.rawValue < right.rawValue }
    }

    private enum Origin: Sendable {
        case segment(Int)
        case missing(name: String, occurrence: Int)
    }

    private let table: MessageTable
    private let origin: Origin
    private var fieldNumber = 0
    private var repetitionNumber = 0
    private var componentNumber = 0
    private var subcomponentNumber = 0
    /// MSH-1 and MSH-2 are written with the delimiters themselves: no part of them is one.
    private var isLiteral = false
    private var exists: Bool
    /// The bytes within the message; for an absent part the empty range where it would be.
    private(set) var range: Range<Int>
    /// What kind of part it is.
    public private(set) var level: Level

    init(field number: Int, of segment: Segment) {
        table = segment.table
        origin = .segment(segment.index)
        fieldNumber = number
        level = .field
        let end = Int(table.lines[segment.index].end)
        let found = table.field(number, of: segment.index)
        exists = found != nil
        range = found ?? end..<end
        isLiteral = number <= 2 && table.isHeader(segment.index)
    }

    init(whole segment: Segment) {
        table = segment.table
        origin = .segment(segment.index)
        level = .segment
        exists = true
        range = segment.bytes.startIndex..<segment.bytes.endIndex
        isLiteral = true
    }

    init(missing path: Path?, table: MessageTable) {
        self.table = table
        origin = .missing(name: path?.segment ?? "", occurrence: path?.occurrence ?? 1)
        fieldNumber = path?.field ?? 0
        repetitionNumber = path?.repetition ?? 0
        componentNumber = path?.component ?? 0
        subcomponentNumber = path?.subcomponent ?? 0
        exists = false
        range = 0..<0
        level = .segment
        if fieldNumber > 0 { level = .field }
        if repetitionNumber > 0 { level = .repetition }
        if componentNumber > 0 { level = .component }
        if subcomponentNumber > 0 { level = .subcomponent }
    }

    // MARK: Parts

    /// The repetition of that number, from 1.
    public func repetition(_ number: Int) -> Part {
        guard level == .field else { return level < .field ? absent : (number == 1 ? self : absent) }
        var part = self.piece(number, between: table.delimiters.repetition)
        part.level = .repetition
        part.repetitionNumber = number
        return part
    }

    /// The component of that number, from 1; of a field it is that of the first repetition.
    public func component(_ number: Int) -> Part {
        guard level <= .repetition else { return number == 1 ? self : absent }
        guard level == .repetition else { return level < .field ? absent : repetition(1).component(number) }
        var part = self.piece(number, between: table.delimiters.component)
        part.level = .component
        part.componentNumber = number
        return part
    }

    /// The subcomponent of that number, from 1; of a field or repetition it is that of the first component.
    public func subcomponent(_ number: Int) -> Part {
        guard level <= .component else { return number == 1 ? self : absent }
        guard level == .component else { return level < .field ? absent : component(1).subcomponent(number) }
        var part = self.piece(number, between: table.delimiters.subcomponent)
        part.level = .subcomponent
        part.subcomponentNumber = number
        return part
    }

    /// All repetitions of a field; none when it is absent or empty.
    public var repetitions: [Part] { pieces(between: table.delimiters.repetition) { $0.repetition($1) } }
    /// All components of a field's first repetition, or of a repetition; none when it is absent or empty.
    public var components: [Part] {
        let whole = level == .field ? repetition(1) : self
        return whole.pieces(between: table.delimiters.component) { $0.component($1) }
    }
    /// All subcomponents of a component, or of the first component; none when it is absent or empty.
    public var subcomponents: [Part] {
        let whole = level < .component ? component(1) : self
        return whole.pieces(between: table.delimiters.subcomponent) { $0.subcomponent($1) }
    }

    private func pieces(between delimiter: UInt8?, _ part: (Part, Int) -> Part) -> [Part] {
        guard exists, !range.isEmpty, level > .segment else { return [] }
        guard let delimiter, !isLiteral else { return [part(self, 1)] }
        // Each part is cut from what is left, so that a field of a million repetitions stays linear.
        var parts: [Part] = []
        var start = range.lowerBound
        for position in range where table.bytes[position] == delimiter {
            parts.append(cut(start..<position, parts.count + 1, part))
            start = position + 1
        }
        parts.append(cut(start..<range.upperBound, parts.count + 1, part))
        return parts
    }

    private func cut(_ piece: Range<Int>, _ number: Int, _ part: (Part, Int) -> Part) -> Part {
        var whole = self
        whole.range = piece
        var found = part(whole, 1)
        switch found.level {
        case .repetition: found.repetitionNumber = number
        case .component: found.componentNumber = number
        case .subcomponent: found.subcomponentNumber = number
        case .segment, .field: break
        }
        return found
    }

    private func piece(_ number: Int, between delimiter: UInt8?) -> Part {
        guard exists, number >= 1 else { return absent }
        guard let delimiter, !isLiteral else { return number == 1 ? self : absent }
        var found = self
        var (start, current) = (range.lowerBound, 1)
        for position in range where table.bytes[position] == delimiter {
            if current == number {
                found.range = start..<position
                return found
            }
            current += 1
            start = position + 1
        }
        guard current == number else { return absent }
        found.range = start..<range.upperBound
        return found
    }

    private var absent: Part {
        var found = self
        found.exists = false
        found.range = range.upperBound..<range.upperBound
        return found
    }

    // MARK: Values

    /// How much the message says here; a value of nothing but delimiters counts as empty.
    public var presence: Presence {
        guard exists else { return .absent }
        let bytes = self.bytes
        if isLiteral { return bytes.isEmpty ? .empty : .valued }
        if bytes.count == 2, bytes.allSatisfy({ $0 == UInt8(ascii: "\"") }) { return .delete }
        let delimiters = table.delimiters
        let isEmpty = bytes.allSatisfy {
            $0 == delimiters.component || $0 == delimiters.repetition || $0 == delimiters.subcomponent
        }
        return isEmpty ? .empty : .valued
    }

    /// The bytes as they came, with their escapes.
    public var bytes: ArraySlice<UInt8> { table.bytes[range] }

    /// The bytes as they came, with their escapes, for codes and identifiers.
    ///
    /// Bytes that are no UTF-8 show as Latin-1, so that two that differ never look the same.
    public var raw: String {
        String(validating: bytes, as: UTF8.self) ?? String(bytes.map { Character(Unicode.Scalar($0)) })
    }

    /// The text with its escapes resolved, delimiters of lower levels as they stand; `nil` unless there is a value.
    public func text() throws(UndecodableText) -> String? {
        guard presence == .valued else { return nil }
        let reader = TextReader(delimiters: table.delimiters, charset: table.charset, isLiteral: isLiteral)
        do {
            return try reader.text(of: bytes)
        } catch {
            throw UndecodableText(charset: error.charset, offset: error.offset, place: place)
        }
    }

    /// The text with its escape sequences apart; empty unless there is a value.
    public func runs() throws(UndecodableText) -> [TextRun] {
        guard presence == .valued else { return [] }
        let reader = TextReader(delimiters: table.delimiters, charset: table.charset, isLiteral: isLiteral)
        do {
            return try reader.runs(of: bytes)
        } catch {
            throw UndecodableText(charset: error.charset, offset: error.offset, place: place)
        }
    }

    /// Whether the value was cut short: it ends in the truncation character of MSH-2 (HL7 v2.9 §2.5.5.2).
    ///
    /// The character stays in the text, since many a sender lists it in MSH-2 and does not escape it in values.
    public var isTruncated: Bool {
        guard let truncation = table.delimiters.truncation, !isLiteral, exists else { return false }
        return bytes.last == truncation
    }

    /// Where it is, or would be.
    public var place: Place {
        let (name, occurrence, line, offset): (String, Int, Int?, Int?)
        switch origin {
        case .segment(let index):
            let segment = Segment(table: table, index: index)
            (name, occurrence, line, offset) = (segment.name, segment.occurrence, segment.line, range.lowerBound)
        case .missing(let missing, let number):
            (name, occurrence, line, offset) = (missing, number, nil, nil)
        }
        func number(_ value: Int) -> Int? { value > 0 ? value : nil }
        return Place(
            segment: name, occurrence: occurrence, field: number(fieldNumber), repetition: number(repetitionNumber),
            component: number(componentNumber), subcomponent: number(subcomponentNumber), line: line, offset: offset)
    }
}
