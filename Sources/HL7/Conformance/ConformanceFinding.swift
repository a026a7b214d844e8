/// Something in a message that the standard does not allow, with its place and its code of table 0357.
public struct ConformanceFinding: Hashable, Sendable {
    /// The kinds of finding.
    public enum Code: String, Hashable, Sendable, CaseIterable {
        /// A required segment is not there (100).
        case segmentMissing = "hl7.segment-missing"
        /// A segment comes after one that it should come before (100).
        case segmentOutOfSequence = "hl7.segment-out-of-sequence"
        /// The message's structure has no such segment (100).
        case segmentUnexpected = "hl7.segment-unexpected"
        /// A segment repeats that may not (198).
        case segmentRepeated = "hl7.segment-repeated"
        /// A required field has no value (101).
        case fieldMissing = "hl7.field-missing"
        /// A field repeats that may not (198).
        case fieldRepeated = "hl7.field-repeated"
        /// A value is not of its data type (102).
        case dataType = "hl7.data-type"
        /// A value is not in its table (103).
        case tableValue = "hl7.table-value"
        /// A value is longer than its data type (104).
        case valueTooLong = "hl7.value-too-long"
        /// MSH-9.1 is no type that is known (200).
        case messageType = "hl7.message-type"
        /// MSH-9.2 is no event of the type (201).
        case event = "hl7.event"
        /// MSH-11 is not P, T or D (202).
        case processingID = "hl7.processing-id"
        /// MSH-12 is no version of HL7 v2 (203).
        case version = "hl7.version"

        /// The code of table 0357 that says it.
        public var condition: ErrorCondition {
            switch self {
            case .segmentMissing, .segmentOutOfSequence, .segmentUnexpected: .segmentSequenceError
            case .segmentRepeated, .fieldRepeated: .nonConformantCardinality
            case .fieldMissing: .requiredFieldMissing
            case .dataType: .dataTypeError
            case .tableValue: .tableValueNotFound
            case .valueTooLong: .valueTooLong
            case .messageType: .unsupportedMessageType
            case .event: .unsupportedEventCode
            case .processingID: .unsupportedProcessingID
            case .version: .unsupportedVersionID
            }
        }
    }

    /// What it is.
    public let code: Code
    /// Where it is, or would be: ERR-2.
    public let place: Place
    /// An error where what is meant cannot be known; a warning where the standard bids the receiver to read on.
    public let severity: Acknowledgment.Severity
    /// The finding for people, without any value of the message.
    public let reason: String

    /// ERR-3.
    public var condition: ErrorCondition { code.condition }

    /// The finding as one ERR of an answer.
    public var acknowledged: Acknowledgment.Finding {
        .init(at: place, condition: condition, severity: severity, rule: code.rawValue, text: reason)
    }
}
