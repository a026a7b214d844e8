/// What is wrong with a barcode, where in it, and what would mend it.
public struct BarcodeFault: Error, Hashable, Sendable {
    /// The kind of fault.
    public enum Kind: String, CaseIterable, Hashable, Sendable {
        case empty
        case unrecognized
        case badCharacter = "bad-character"
        case unknownIdentifier = "unknown-identifier"
        case tooShort = "too-short"
        case tooLong = "too-long"
        case missingSeparator = "missing-separator"
        case badDate = "bad-date"
        case badBrackets = "bad-brackets"
        case badLink = "bad-link"
        case badContent = "bad-content"
        case contradiction
        case checkDigit = "check-digit"
    }

    /// The kind of fault.
    public let kind: Kind
    /// The character at which it begins, from 1.
    public let position: Int
    /// The byte of the barcode's UTF-8 text at which it begins, from 0.
    public let byteOffset: Int
    /// The fault and its remedy, in words.
    public let detail: String

    /// Makes a fault; without a byte offset every character before it counts as one byte.
    public init(_ kind: Kind, at position: Int, byteOffset: Int? = nil, detail: String) {
        self.kind = kind
        self.position = position
        self.byteOffset = byteOffset ?? position - 1
        self.detail = detail
    }

    /// The same fault with its byte offset in the text that was read.
    func located(in text: String) -> Self {
        let scalars = text.unicodeScalars.prefix(position - 1)
        let offset = scalars.reduce(0) { $0 + UTF8.width($1) }
        return Self(kind, at: position, byteOffset: offset, detail: detail)
    }

    /// The rule's code: a wrong check digit is a misread, all else a barcode that is none.
    public var code: String {
        kind == .checkDigit ? "inventory.check-digit" : "inventory.bad-barcode"
    }
}
