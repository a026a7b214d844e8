/// The characters that a message declares in MSH-1 and MSH-2 (HL7 v2.9 §2.4.4).
///
/// Escape, subcomponent and truncation may be missing: old senders leave them out, and then no byte has that role.
public struct Delimiters: Hashable, Sendable {
    /// MSH-1, between fields.
    public var field: UInt8
    /// First of MSH-2, between components.
    public var component: UInt8
    /// Second of MSH-2, between repetitions.
    public var repetition: UInt8
    /// Third of MSH-2, around an escape sequence.
    public var escape: UInt8?
    /// Fourth of MSH-2, between subcomponents.
    public var subcomponent: UInt8?
    /// Fifth of MSH-2 since 2.7, after a value that was cut short.
    public var truncation: UInt8?

    /// The delimiters nearly everybody uses: `|^~\&`.
    public static let usual = Delimiters()

    /// Delimiters as given; without arguments the usual ones.
    public init(
        field: UInt8 = UInt8(ascii: "|"), component: UInt8 = UInt8(ascii: "^"),
        repetition: UInt8 = UInt8(ascii: "~"), escape: UInt8? = UInt8(ascii: "\\"),
        subcomponent: UInt8? = UInt8(ascii: "&"), truncation: UInt8? = nil
    ) {
        self.field = field
        self.component = component
        self.repetition = repetition
        self.escape = escape
        self.subcomponent = subcomponent
        self.truncation = truncation
    }

    /// MSH-2 as it is written, without those that are missing.
    public var encodingCharacters: [UInt8] {
        [component, repetition] + [escape, subcomponent, truncation].compactMap { $0 }
    }

    /// Reads MSH-1 and MSH-2 from the start of a header segment: `MSH`, `FHS` or `BHS`.
    ///
    /// The offset in a fault counts from the first byte given.
    public init(header bytes: some Collection<UInt8>) throws(MalformedMessage) {
        let name = ER7.name(of: bytes)
        guard let name, ER7.headers.contains(name) else {
            throw MalformedMessage(.noHeader, at: 0, "the message does not begin with MSH")
        }
        let head = Array(bytes.prefix(16))
        guard head.count > 3, !ER7.isLineEnd(head[3]) else {
            throw MalformedMessage(.headerTooShort, at: 3, "\(name) ends before the field separator (\(name)-1)")
        }
        let field = head[3]
        let characters = Array(head[4...].prefix { $0 != field && !ER7.isLineEnd($0) })
        guard characters.count >= 2 else {
            throw MalformedMessage(
                .headerTooShort, at: 4, "\(name)-2 has \(characters.count) characters; it takes at least two")
        }
        guard characters.count <= 5 else {
            throw MalformedMessage(.encodingCharactersTooLong, at: 9, "\(name)-2 has more than five characters")
        }
        for (position, character) in ([field] + characters).enumerated() {
            guard ER7.canDelimit(character) else {
                throw MalformedMessage(
                    .unusableDelimiter, at: 3 + position,
                    "a delimiter is a letter, a digit, or no visible ASCII character (byte \(character))")
            }
            guard !([field] + characters).prefix(position).contains(character) else {
                let shown = String(decoding: [character], as: UTF8.self)
                throw MalformedMessage(
                    .repeatedDelimiter, at: 3 + position, "the delimiter \(shown) has two roles in \(name)-1 and -2")
            }
        }
        self.init(field: field, component: characters[0], repetition: characters[1], escape: nil, subcomponent: nil)
        // `^~&`: three characters of which the last is an ampersand come from senders that know no escapes.
        if characters.count == 3, characters[2] == UInt8(ascii: "&") {
            subcomponent = characters[2]
            return
        }
        if characters.count > 2 { escape = characters[2] }
        if characters.count > 3 { subcomponent = characters[3] }
        if characters.count > 4 { truncation = characters[4] }
    }
}

/// The few facts about lines and names that reader, parser and writer share.
public enum ER7 {
    static let headers: Set<String> = ["MSH", "FHS", "BHS"]

    static func isLineEnd(_ byte: UInt8) -> Bool { byte == 0x0D || byte == 0x0A }

    static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }

    /// Control characters other than line ends do serve as delimiters here and there; blanks and letters never can.
    static func canDelimit(_ byte: UInt8) -> Bool {
        byte < 0x7F && byte != 0x20 && byte != 0 && !isLetterOrDigit(byte) && !isLineEnd(byte)
    }

    /// The first three bytes as a segment name, if they are capitals and digits.
    static func name(of bytes: some Collection<UInt8>) -> String? {
        let name = Array(bytes.prefix(3))
        guard name.count == 3, name.allSatisfy({ (0x41...0x5A).contains($0) || (0x30...0x39).contains($0) }) else {
            return nil
        }
        return String(decoding: name, as: UTF8.self)
    }

    /// Whether a file that begins with these bytes is HL7 v2 in ER7, by content alone.
    ///
    /// That is `MSH`, `FHS` or `BHS` and a byte that is neither letter nor digit, after an optional byte order mark,
    /// MLLP start byte and white space. UTF-16 counts when it has its byte order mark.
    public static func recognizes(_ prefix: some Collection<UInt8>) -> Bool {
        var bytes = Array(prefix.prefix(4096))
        if let endianness = UTF16Transcoder.Endianness(byteOrderMark: bytes) {
            var transcoder = UTF16Transcoder(endianness)
            var decoded: [UInt8] = []
            transcoder.append(bytes[2...], to: &decoded)
            bytes = decoded
        }
        if let endianness = UTF16Transcoder.Endianness(header: bytes) {
            var transcoder = UTF16Transcoder(endianness)
            var decoded: [UInt8] = []
            transcoder.append(bytes[...], to: &decoded)
            bytes = decoded
        }
        var rest = bytes[...]
        if rest.starts(with: [0xEF, 0xBB, 0xBF]) { rest = rest.dropFirst(3) }
        rest = rest.drop { $0 == 0x20 || $0 == 0x09 || $0 == 0x0B || isLineEnd($0) }
        guard let name = name(of: rest), headers.contains(name), rest.count > 3 else { return false }
        return !isLetterOrDigit(rest[rest.startIndex + 3])
    }
}
