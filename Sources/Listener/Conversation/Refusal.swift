import HL7

/// Why a message is not taken from the network: its sender is told, and keeps the message.
package enum Refusal: Error, Hashable, Sendable {
    /// It does not begin with MSH, FHS or BHS and delimiters.
    case notHL7(String)
    /// A block with several messages and no envelope around them.
    case severalMessages
    /// A byte that ends blocks stands within the message.
    case controlByte
    /// It has more bytes than its source may send.
    case tooLarge(limit: Int)
    /// Nothing says whose messages these are.
    case noSource
    /// The disk did not take it.
    case notStored(String)

    /// ERR-5.
    var code: String {
        switch self {
        case .notHL7: "mllp.not-hl7"
        case .severalMessages: "mllp.several-messages"
        case .controlByte: "mllp.control-byte"
        case .tooLarge: "mllp.too-large"
        case .noSource: "mllp.no-source"
        case .notStored: "mllp.not-stored"
        }
    }

    /// What is wrong and what would mend it, for the people at the other end.
    var text: String {
        switch self {
        case .notHL7(let why): "this is no HL7 message: \(why)"
        case .severalMessages:
            "the block holds several messages: send each in a block of its own, or all in a batch (BHS, BTS)"
        case .controlByte: "the byte 0x1C stands within the message, where MLLP forbids it"
        case .tooLarge(let limit): "the message is larger than the \(limit) bytes that may be sent here"
        case .noSource: "this sender is not known here: its certificate is not listed, and its port names no source"
        case .notStored(let why): "the message could not be stored (\(why)); send it again later"
        }
    }

    private var condition: ErrorCondition {
        switch self {
        case .notHL7, .severalMessages: .segmentSequenceError
        case .controlByte: .dataTypeError
        case .tooLarge, .noSource, .notStored: .applicationInternalError
        }
    }

    /// Refused for its kind or for the moment, the answer is a rejection (CR, AR): HL7's table 0008 knows a commit
    /// error (CE) too, but a sender does the same on both, and the texts say what it is to do.
    var finding: Acknowledgment.Finding {
        Acknowledgment.Finding(at: nil, condition: condition, rule: code, text: text)
    }
}
