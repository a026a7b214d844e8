/// How much of anything a document may have before it is refused.
public struct Limits: Equatable, Sendable {
    /// Elements within elements, the root counted.
    public var depth = 64

    /// Attributes of one element, namespace declarations counted.
    public var attributes = 64

    /// Bytes of a name, its prefix included, in UTF-8.
    public var name = 256

    /// Different names, prefixes and namespaces of a document: libxml2 keeps each, and grows slow over many.
    public var names = 2_000

    /// Bytes of one text, attribute value or comment in UTF-8; the parser itself takes no attribute value over 10 million.
    public var text = 1 << 20

    /// Bytes of one entry, or of anything that must be held until it is whole, in UTF-8.
    public var entry = 16 * 1024 * 1024

    /// Elements of one entry.
    public var elements = 20_000

    /// The limits that hold unless others are given.
    public init() {}
}
