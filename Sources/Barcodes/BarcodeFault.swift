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
        case contradiction
        case checkDigit = "check-digit"
    }

    /// The kind of fault.
    public let kind: Kind
    /// The character at which it begins, from 1.
    public let position: Int
    /// The fault and its remedy, in words.
    public let detail: String

    /// Makes a fault.
    public init(_ kind: Kind, at position: Int, detail: String) {
        self.kind = kind
        self.position = position
        self.detail = detail
    }

    /// The rule's code: a wrong check digit is a misread, all else a barcode that is none.
    public var code: String {
        kind == .checkDigit ? "inventory.check-digit" : "inventory.bad-barcode"
    }
}
