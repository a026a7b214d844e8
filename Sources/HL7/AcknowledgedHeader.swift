/// What an answer takes from the message it answers; also from one that cannot be read.
public struct AcknowledgedHeader: Sendable {
    let delimiters: Delimiters
    let charset: Charset
    /// Fields of MSH by number, as they came.
    let fields: [Int: [UInt8]]
    let event: [UInt8]
    let version: Version

    private static let copied = [3, 4, 5, 6, 10, 11, 12, 15, 16, 18]

    /// Of a message.
    public init(_ message: Message) {
        let header = message.header
        delimiters = message.delimiters
        charset = message.charset
        version = message.version
        event = Array(header.field(9).component(2).bytes)
        var fields = Dictionary(
            uniqueKeysWithValues: Self.copied.map { ($0, Array(header.field($0).bytes)) })
        // The frames of a UTF-16 file hold UTF-8, and so does the answer to one.
        if Charset.isUTF16(name: header.field(18).component(1).raw) {
            fields[18] = Array(Charset.utf8.description.utf8)
        }
        self.fields = fields
    }

    /// Of bytes that are no message: as much of their first line as can be told apart.
    public init(unreadable bytes: [UInt8]) {
        let line = bytes.prefix(1 << 16).prefix { !ER7.isLineEnd($0) }
        charset = .utf8
        event = []
        guard ER7.name(of: line) == "MSH", line.count > 3, ER7.canDelimit(line[3]) else {
            (delimiters, version, fields) = (.usual, Version(""), [:])
            return
        }
        let parts = line.split(separator: line[3], omittingEmptySubsequences: false)
        let isUsual = line[3] == Delimiters.usual.field
        delimiters = .usual
        let encoder = FieldEncoder(delimiters: .usual, charset: .utf8)
        var fields: [Int: [UInt8]] = [:]
        for number in Self.copied where number != 18 && number <= parts.count {
            let part = Array(parts[number - 1])
            if isUsual, UTF8Check.firstInvalid(part[...]) == nil {
                fields[number] = part
            } else {
                // In other delimiters the bytes are one text; what does not decode is left out.
                do {
                    fields[number] = try encoder.bytes(of: FieldValue(String(validating: part, as: UTF8.self)))
                } catch {
                    fields[number] = []
                }
            }
        }
        self.fields = fields
        let written = String(decoding: (fields[12] ?? []).prefix { $0 != Delimiters.usual.component }, as: UTF8.self)
        version = Version(written)
    }

    /// When the sender wants an answer (MSH-15, MSH-16; table 0155).
    public enum Condition: String, Hashable, Sendable {
        /// Always.
        case always = "AL"
        /// Never.
        case never = "NE"
        /// Only if it is refused.
        case error = "ER"
        /// Only if it is taken.
        case success = "SU"
    }

    /// MSH-15; `nil` when it is empty, and for the field's delete mark and unknown codes.
    public var acceptCondition: Condition? { condition(15) }
    /// MSH-16.
    public var applicationCondition: Condition? { condition(16) }
    /// Whether the sender uses enhanced acknowledgment: MSH-15 or MSH-16 has a value (HL7 v2.9 §2.8.1).
    public var isEnhanced: Bool { !(fields[15] ?? []).isEmpty || !(fields[16] ?? []).isEmpty }

    /// Whether the sender wants to have an answer of this code.
    ///
    /// In original mode it wants each application acknowledgment and no commit acknowledgment.
    public func wants(_ code: Acknowledgment.Code) -> Bool {
        guard isEnhanced else { return !code.isCommit }
        // An accept field that is empty in enhanced mode means never, as table 0155 has no other word for silence.
        switch code.isCommit ? acceptCondition : applicationCondition {
        case .always: return true
        case .error: return code.isRefusal
        case .success: return !code.isRefusal
        case .never, nil: return false
        }
    }

    private func condition(_ number: Int) -> Condition? {
        Condition(rawValue: String(decoding: fields[number] ?? [], as: UTF8.self))
    }

    /// MSH-10 as it came.
    public var controlID: [UInt8] { fields[10] ?? [] }

    /// A field in another character set; as it is where it cannot be decoded.
    func field(_ number: Int, in other: Charset) -> [UInt8] {
        let bytes = fields[number] ?? []
        var decoded: [UInt8] = []
        do {
            try charset.decode(bytes[...], into: &decoded)
        } catch {
            return bytes
        }
        return other.encode(String(decoding: decoded, as: UTF8.self)) ?? bytes
    }
}
