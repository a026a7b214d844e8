/// Where something stands in a document.
public struct Position: Hashable, Sendable {
    /// The line, from 1; CR, LF and CRLF each end one.
    public var line: Int

    /// The character within the line (a Unicode scalar), from 1.
    public var column: Int

    /// The byte of the document, in its own encoding, from 0.
    public var offset: Int

    /// A place in a document.
    public init(line: Int, column: Int, offset: Int) {
        self.line = line
        self.column = column
        self.offset = offset
    }

    /// The first place of a document.
    public static let start = Position(line: 1, column: 1, offset: 0)
}

/// Why a document is refused, and where.
public struct Fault: Error, Equatable, Sendable, CustomStringConvertible {
    /// The kind of a fault.
    public enum Code: String, Sendable, CaseIterable {
        /// Not well-formed (XML 1.0).
        case malformed = "xml.malformed"
        /// Well-formed perhaps, but taken from nobody: a DOCTYPE, an entity, a processing instruction.
        case forbidden = "xml.forbidden"
        /// Elements nested too deeply.
        case tooDeep = "xml.too-deep"
        /// A name, a text, a list of attributes or an entry beyond its limit.
        case tooLarge = "xml.too-large"
        /// The document ends before its root element does.
        case incomplete = "xml.incomplete"
        /// A prefix that is bound to no namespace, or bound wrongly (Namespaces in XML 1.0).
        case namespace = "xml.namespace"
        /// Bytes that are not of the encoding, or an encoding that is not taken.
        case undecodable = "text.undecodable"
        /// Text between the entries, where nobody would read it.
        case strayText = "xml.stray-text"
    }

    /// The kind of the fault.
    public let code: Code

    /// Where the fault was found.
    public let position: Position

    /// What is wrong, for people; it repeats nothing that the document says.
    public let text: String

    /// A fault at a place.
    public init(_ code: Code, at position: Position, _ text: String) {
        self.code = code
        self.position = position
        self.text = text
    }

    /// The place, the code and the text.
    public var description: String {
        "line \(position.line), column \(position.column): \(text) (\(code.rawValue))"
    }
}
