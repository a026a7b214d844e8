/// Why bytes are no HL7 message at all; every other oddity leaves the message readable.
public struct MalformedMessage: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kinds of malformed message.
    public enum Code: String, Hashable, Sendable {
        /// The bytes do not begin with a header segment.
        case noHeader = "hl7.no-header"
        /// The header ends before its delimiters are known.
        case headerTooShort = "hl7.header-too-short"
        /// MSH-2 is longer than its five characters.
        case encodingCharactersTooLong = "hl7.encoding-characters-too-long"
        /// A delimiter is a letter, a digit, a blank or not ASCII.
        case unusableDelimiter = "hl7.unusable-delimiter"
        /// One character has two roles.
        case repeatedDelimiter = "hl7.repeated-delimiter"
        /// The message is larger than offsets can count (4 GiB).
        case tooLarge = "hl7.message-too-large"
    }

    /// The kind of fault.
    public let code: Code
    /// The byte, counted from the start of the message, at which it shows.
    public let offset: Int
    /// The fault for people.
    public let reason: String

    init(_ code: Code, at offset: Int, _ reason: String) {
        self.code = code
        self.offset = offset
        self.reason = reason
    }

    /// Reason and offset in one line.
    public var description: String { "\(reason) (byte \(offset))" }
}

/// Bytes that are not text in the character set the message declares; they are never replaced or guessed.
public struct UndecodableText: Error, Hashable, Sendable, CustomStringConvertible {
    /// The character set that the bytes were read in.
    public let charset: Charset
    /// The byte, counted from the start of the message, that does not decode.
    public let offset: Int
    /// Where that byte is, once known.
    public let place: Place?

    init(charset: Charset, offset: Int, place: Place? = nil) {
        self.charset = charset
        self.offset = offset
        self.place = place
    }

    /// The fault for people.
    public var description: String {
        let at = place.map { "\($0), byte \(offset)" } ?? "byte \(offset)"
        if case .unsupported = charset { return "the character set \(charset) is not supported (\(at))" }
        return "bytes that are not \(charset) (\(at))"
    }
}
