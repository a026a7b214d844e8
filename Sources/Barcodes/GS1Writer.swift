/// Makes GS1 element strings, as a labeler prints them.
public struct GS1Writer: Sendable {
    private var elements: [(identifier: ApplicationIdentifier, value: String)] = []

    /// Makes a writer without elements.
    public init() {}

    /// Adds an element; content that does not fit its identifier throws what a reader would find.
    public mutating func append(_ digits: String, _ value: String) throws(BarcodeFault) {
        guard let identifier = ApplicationIdentifier.named(digits) else {
            throw GS1Parser.unknownIdentifier(Array(digits.utf8)[...])
        }
        let raw = RawElement(identifier: identifier, value: Array(value.utf8)[...])
        // Any year will do: whether a date exists depends on the year only for 29 February.
        try ElementCheck(element: raw, currentYear: 2000).check()
        elements.append((identifier, value))
    }

    /// The element string, with GS for FNC1 after each element that needs it.
    public var elementString: String {
        var text = ""
        for (index, element) in elements.enumerated() {
            text += element.identifier.digits + element.value
            if element.identifier.needsSeparator && index < elements.count - 1 { text += "\u{1D}" }
        }
        return text
    }

    /// The text with brackets, as printed below the symbol.
    public var bracketed: String {
        elements.map { "(\($0.identifier.digits))\($0.value)" }.joined()
    }
}
