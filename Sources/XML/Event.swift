/// The name of an element or attribute: its local part and the namespace that it belongs to.
public struct Name: Hashable, Sendable, CustomStringConvertible {
    /// The part after the prefix.
    public let local: String

    /// The namespace by its URI; nil for none.
    public let namespace: String?

    /// A name, by default in no namespace.
    public init(_ local: String, namespace: String? = nil) {
        self.local = local
        self.namespace = namespace
    }

    /// The name with its namespace in braces.
    public var description: String {
        namespace.map { "{\($0)}\(local)" } ?? local
    }
}

/// An attribute of an element, namespace declarations aside.
public struct Attribute: Equatable, Sendable {
    /// The name; without a prefix it is in no namespace.
    public let name: Name

    /// The value in UTF-8, its references resolved and its line breaks made spaces.
    public let value: [UInt8]

    /// Where its name begins.
    public let position: Position
}

/// The start tag of an element.
public struct StartElement: Equatable, Sendable {
    /// The name of the element.
    public let name: Name

    /// The attributes in the order of the document.
    public let attributes: [Attribute]

    /// Where its "<" stands.
    public let position: Position

    /// The value of an attribute in no namespace; nil if it is not there.
    public func value(of attribute: String) -> [UInt8]? {
        attributes.first { $0.name == Name(attribute) }?.value
    }
}

/// The text between two tags, CDATA sections included, comments passed over.
public struct Text: Equatable, Sendable {
    /// The text in UTF-8, its references resolved and each line break a single LF.
    public let value: [UInt8]

    /// Where it begins.
    public let position: Position
}

/// The end tag of an element, or the end of an empty one.
public struct EndElement: Equatable, Sendable {
    /// The name of the element.
    public let name: Name

    /// The place after its ">".
    public let position: Position

    /// The bytes of the element, where it is an entry and they were asked for.
    let verbatim: [UInt8]?
}

/// What a reader meets in a document, one after the other.
public enum Event: Equatable, Sendable {
    /// A start tag.
    case startElement(StartElement)
    /// The text between two tags.
    case text(Text)
    /// An end tag.
    case endElement(EndElement)
}
