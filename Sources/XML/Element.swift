/// An element and all that is in it.
public struct Element: Equatable, Sendable {
    /// The name of the element.
    public let name: Name

    /// The attributes in the order of the document.
    public let attributes: [Attribute]

    /// The elements within, in the order of the document.
    public internal(set) var children: [Element] = []

    /// The text directly within, in UTF-8, the texts between children put together.
    public internal(set) var text: [UInt8] = []

    /// Where its "<" stands.
    public let position: Position

    /// The place after its end tag.
    public internal(set) var end: Position

    /// Where its first text begins; the place after its start tag if it has none.
    public internal(set) var textPosition: Position

    /// How many bytes of its parent's text stand before it: so mixed content can be read in order.
    public internal(set) var textBefore = 0

    init(_ start: StartElement) {
        name = start.name
        attributes = start.attributes
        position = start.position
        textPosition = start.position
        end = start.position
    }

    /// The children of this name, in no namespace or the one given.
    public func children(named local: String, namespace: String? = nil) -> [Element] {
        children.filter { $0.name == Name(local, namespace: namespace) }
    }

    /// The value of an attribute in no namespace; nil if it is not there.
    public func value(of attribute: String) -> [UInt8]? {
        attributes.first { $0.name == Name(attribute) }?.value
    }
}

/// One entry of a document: a child of its root, or an element at the depth that was asked for.
public struct Entry: Equatable, Sendable {
    /// The element.
    public let element: Element

    /// The bytes of the element as they stand in the document, in its encoding.
    public let verbatim: [UInt8]

    /// The start tags of the elements around it, from the root inwards.
    public let ancestors: [StartElement]

    /// Where it stands; the byte offset is the one of the first byte of `verbatim`.
    public var position: Position { element.position }
}
