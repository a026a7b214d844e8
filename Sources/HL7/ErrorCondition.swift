/// What is wrong, in the words of HL7 table 0357 (message error condition codes).
public struct ErrorCondition: Hashable, Sendable {
    /// The code.
    public let code: String
    /// The text of the table.
    public let text: String

    /// A condition of the table, or of a local one.
    public init(code: String, text: String) {
        self.code = code
        self.text = text
    }

    /// 0.
    public static let accepted = ErrorCondition(code: "0", text: "Message accepted")
    /// 100.
    public static let segmentSequenceError = ErrorCondition(code: "100", text: "Segment sequence error")
    /// 101.
    public static let requiredFieldMissing = ErrorCondition(code: "101", text: "Required field missing")
    /// 102.
    public static let dataTypeError = ErrorCondition(code: "102", text: "Data type error")
    /// 103.
    public static let tableValueNotFound = ErrorCondition(code: "103", text: "Table value not found")
    /// 104.
    public static let valueTooLong = ErrorCondition(code: "104", text: "Value too long")
    /// 198.
    public static let nonConformantCardinality = ErrorCondition(code: "198", text: "Non-Conformant Cardinality")
    /// 199.
    public static let otherConformanceError = ErrorCondition(code: "199", text: "Other HL7 Error")
    /// 200.
    public static let unsupportedMessageType = ErrorCondition(code: "200", text: "Unsupported message type")
    /// 201.
    public static let unsupportedEventCode = ErrorCondition(code: "201", text: "Unsupported event code")
    /// 202.
    public static let unsupportedProcessingID = ErrorCondition(code: "202", text: "Unsupported processing id")
    /// 203.
    public static let unsupportedVersionID = ErrorCondition(code: "203", text: "Unsupported version id")
    /// 204.
    public static let unknownKeyIdentifier = ErrorCondition(code: "204", text: "Unknown key identifier")
    /// 205.
    public static let duplicateKeyIdentifier = ErrorCondition(code: "205", text: "Duplicate key identifier")
    /// 206.
    public static let applicationRecordLocked = ErrorCondition(code: "206", text: "Application record locked")
    /// 207.
    public static let applicationInternalError = ErrorCondition(code: "207", text: "Application internal error")
}
