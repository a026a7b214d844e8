/// Why elements are no message of HL7's XML encoding.
public struct MalformedXMLMessage: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kinds of fault.
    public enum Code: String, Hashable, Sendable {
        /// The root holds no MSH, or does not begin with it.
        case noHeader = "hl7.xml.no-header"
        /// An element whose name does not fit where it is.
        case misplacedElement = "hl7.xml.misplaced-element"
        /// Text where only elements may be.
        case misplacedText = "hl7.xml.misplaced-text"
        /// More levels than a message has.
        case tooDeep = "hl7.xml.too-deep"
        /// Elements are not closed, or closed twice.
        case unbalanced = "hl7.xml.unbalanced"
        /// The message that they make is none.
        case malformed = "hl7.xml.malformed"
    }

    /// The kind of fault.
    public let code: Code
    /// The line in the document, as the caller numbered it.
    public let line: Int
    /// The fault for people.
    public let reason: String
    /// Reason and line in one.
    public var description: String { "\(reason) (line \(line))" }
}

/// A message that was read from XML.
public struct XMLMessage: Sendable {
    /// The message, in ER7 and UTF-8: read and mapped like any other.
    public let message: Message
    /// The name of the root element, such as `ADT_A01`.
    public let structure: String
    /// The line in the document of each segment, in the order of `message.segments`.
    public let segmentLines: [Int]
}

/// Builds a message from the events of an XML parser: elements in the namespace `urn:hl7-org:v2xml`.
///
/// Give it each element's local name with `start` and `end`, and the text between. It needs no schema: an element's place
/// and the number at the end of its name say what it is, so messages of any version, and segments of one's own, are read.
public struct XMLMessageBuilder: Sendable {
    /// The namespace of HL7's XML encoding.
    public static let namespace = "urn:hl7-org:v2xml"

    private enum Level: Int {
        case group
        case segment
        case field
        case component
        case subcomponent
        /// Below a subcomponent, where some data types nest a level more than ER7 has.
        case nested
        case escape
    }

    private struct Element {
        let name: String
        let level: Level
        let number: Int
        var hasElements = false
        var hasEscapes = false
        /// Encoded text, escapes included.
        var text: [UInt8] = []
        /// The encoded parts one level below, by number.
        var parts: [Int: [[UInt8]]] = [:]
    }

    /// No real segment has more fields, and no field more parts.
    private static let largestNumber = 999

    private var open: [Element] = []
    private var line = 1
    private var structure = ""
    private var delimiters = Delimiters.usual
    private var bytes: [UInt8] = []
    private var lines: [Int] = []
    private var isClosed = false

    /// An empty message.
    public init() {}

    /// Whether a root element of this local name may hold a message: `ADT_A01`, `ACK`.
    public static func isRoot(_ name: String) -> Bool {
        let type = name.utf8.prefix(3)
        guard ER7.name(of: type) != nil else { return false }
        return name.utf8.count == 3 || name.utf8.dropFirst(3).first == UInt8(ascii: "_")
    }

    /// Begins an element; of its attributes only `V` is read, which says what an `escape` stands for.
    public mutating func start(
        _ name: String, escape: String? = nil, line: Int = 1
    ) throws(MalformedXMLMessage) {
        self.line = line
        guard let parent = open.last else {
            guard !isClosed else { throw fault(.unbalanced, "a second root element") }
            structure = name
            open.append(Element(name: name, level: .group, number: 0))
            return
        }
        open[open.count - 1].hasElements = open[open.count - 1].hasElements || name != "escape"
        if parent.level.rawValue >= Level.field.rawValue, name == "escape" {
            guard let escape, !escape.isEmpty else { throw fault(.misplacedElement, "an escape without its V") }
            open[open.count - 1].text += encoder.escaped(Array(escape.utf8))
            open[open.count - 1].hasEscapes = true
            open.append(Element(name: name, level: .escape, number: 0))
            return
        }
        let level = try level(of: name, in: parent)
        if level == .segment { lines.append(line) }
        open.append(
            Element(name: name, level: level, number: level.rawValue > Level.segment.rawValue ? try number(name) : 0))
    }

    private func level(of name: String, in parent: Element) throws(MalformedXMLMessage) -> Level {
        switch parent.level {
        case .group:
            if name.utf8.count == 3, ER7.name(of: name.utf8) != nil { return .segment }
            guard open.count < 32 else { throw fault(.tooDeep, "groups within groups beyond any structure") }
            return .group
        case .segment:
            guard name.hasPrefix(parent.name + ".") else {
                throw fault(.misplacedElement, "\(name) is no field of \(parent.name)")
            }
            return .field
        case .field: return .component
        case .component: return .subcomponent
        case .subcomponent, .nested:
            guard open.count < 48 else { throw fault(.tooDeep, "parts within parts beyond any data type") }
            return .nested
        case .escape: throw fault(.misplacedElement, "\(name) within an escape")
        }
    }

    /// `5` of `PID.5`.
    private func number(_ name: String) throws(MalformedXMLMessage) -> Int {
        let digits = name.utf8.reversed().prefix { (0x30...0x39).contains($0) }
        let start = name.utf8.count - digits.count
        guard start > 1, name.utf8.dropFirst(start - 1).first == UInt8(ascii: "."), (1...4).contains(digits.count)
        else { throw fault(.misplacedElement, "\(name) does not end in a number") }
        let number = digits.reversed().reduce(0) { $0 * 10 + Int($1 - 0x30) }
        guard (1...Self.largestNumber).contains(number) else {
            throw fault(.misplacedElement, "\(name) has a number that no part has")
        }
        return number
    }

    /// Text within the innermost element; it may come in pieces.
    public mutating func text(_ text: String) throws(MalformedXMLMessage) {
        guard let element = open.last else { return }
        guard element.level.rawValue >= Level.field.rawValue, element.level != .escape else {
            if text.utf8.allSatisfy({ $0 <= 0x20 }) { return }
            throw fault(.misplacedText, "text within \(element.name), where only elements may be")
        }
        let isSeparator = element.level == .field && element.number <= 2 && isHeader
        // Pieces of a text are joined before two quotes alone can mean anything.
        guard !isSeparator, !text.utf8.allSatisfy({ $0 == UInt8(ascii: "\"") }) else {
            open[open.count - 1].text += Array(text.utf8)
            return
        }
        do throws(UnencodableText) {
            open[open.count - 1].text += try encoder.bytes(of: FieldValue.text(text))
        } catch {
            throw fault(.malformed, error.description)
        }
    }

    /// The innermost element ends.
    public mutating func end(line: Int? = nil) throws(MalformedXMLMessage) {
        if let line { self.line = line }
        guard let element = open.popLast() else { throw fault(.unbalanced, "an element ends that did not begin") }
        guard let parent = open.indices.last else {
            isClosed = true
            return
        }
        switch element.level {
        case .group, .escape: return
        case .segment: close(segment: element)
        case .field, .component, .subcomponent:
            let encoded = try content(of: element)
            open[parent].parts[element.number, default: []].append(encoded)
            if element.level == .field, element.number == 2, isHeader { readDelimiters() }
        case .nested:
            let encoded = try content(of: element)
            // The first part of a part stands for the whole; ER7 has no delimiter for the others.
            guard element.number == 1 || encoded.isEmpty else {
                throw fault(.tooDeep, "\(element.name) is a level deeper than ER7 can say")
            }
            open[parent].text += encoded
        }
    }

    private func content(of element: Element) throws(MalformedXMLMessage) -> [UInt8] {
        guard element.hasElements else {
            // A line break alone is how the document is laid out.
            let escape = delimiters.escape ?? UInt8(ascii: "\\")
            return !element.hasEscapes && element.text.contains(escape) && isBlank(element.text) ? [] : element.text
        }
        guard
            element.level == .subcomponent || element.level == .nested || element.text.allSatisfy({ $0 == 0x20 })
                || isBlank(element.text)
        else { throw fault(.misplacedText, "text beside elements within \(element.name)") }
        switch element.level {
        case .field: return joined(element.parts, delimiters.component)
        case .component: return joined(element.parts, delimiters.subcomponent ?? UInt8(ascii: "&"))
        default: return element.text.filter { $0 != 0x20 }.isEmpty ? [] : element.text
        }
    }

    /// Line breaks between elements have become escapes by then.
    private func isBlank(_ text: [UInt8]) -> Bool {
        let escape = delimiters.escape ?? UInt8(ascii: "\\")
        return text.split(separator: escape).allSatisfy { piece in
            piece.allSatisfy { $0 == 0x20 } || ["X0A", "X0D", "X09"].contains(String(decoding: piece, as: UTF8.self))
        }
    }

    private func joined(_ parts: [Int: [[UInt8]]], _ delimiter: UInt8) -> [UInt8] {
        var joined: [UInt8] = []
        for number in 1..<((parts.keys.max() ?? 0) + 1) {
            if number > 1 { joined.append(delimiter) }
            // A part that is there twice cannot repeat below the field: the first one stands.
            joined += parts[number]?.first ?? []
        }
        return joined
    }

    private var isHeader: Bool {
        open.last { $0.level == .segment }.map { ER7.headers.contains($0.name) } ?? false
    }

    private var encoder: FieldEncoder { FieldEncoder(delimiters: delimiters.completed, charset: .utf8) }

    /// MSH.1 and MSH.2 name the delimiters to write with; what cannot be used gives way to the usual ones.
    private mutating func readDelimiters() {
        guard lines.count == 1, let segment = open.last, let field = segment.parts[1]?.first,
            let characters = segment.parts[2]?.first
        else { return }
        do {
            delimiters = try Delimiters(header: Array(segment.name.utf8) + field + characters + field)
        } catch {
            delimiters = .usual
        }
    }

    private mutating func close(segment: Element) {
        bytes += Array(segment.name.utf8)
        let isHeader = ER7.headers.contains(segment.name)
        if isHeader { bytes += [delimiters.field] + delimiters.encodingCharacters }
        for number in (isHeader ? 3 : 1)..<max((segment.parts.keys.max() ?? 0) + 1, isHeader ? 3 : 1) {
            bytes.append(delimiters.field)
            let repetitions = segment.parts[number] ?? []
            for (index, repetition) in repetitions.enumerated() {
                if index > 0 { bytes.append(delimiters.repetition) }
                bytes += repetition
            }
        }
        bytes.append(0x0D)
    }

    /// The message, once its root has ended.
    public func finish() throws(MalformedXMLMessage) -> XMLMessage {
        guard isClosed, open.isEmpty else { throw fault(.unbalanced, "the root element is not closed") }
        guard bytes.starts(with: [0x4D, 0x53, 0x48]) else {
            throw fault(.noHeader, "\(structure) does not begin with MSH")
        }
        do {
            // The characters are known, whatever MSH.18 says of the bytes that they once were.
            let message = try Message(bytes, charset: .fixed(.utf8))
            return XMLMessage(message: message, structure: structure, segmentLines: lines)
        } catch {
            throw fault(.malformed, error.reason)
        }
    }

    private func fault(_ code: MalformedXMLMessage.Code, _ reason: String) -> MalformedXMLMessage {
        MalformedXMLMessage(code: code, line: line, reason: reason)
    }
}
