/// The answer to a message: MSH, MSA and the findings as ERR (HL7 v2.9 §2.8).
///
/// It is written in the message's own delimiters, version and character set, so that the sender can read it. Where a
/// text cannot be said in that character set, the answer is in UTF-8 and says so in MSH-18.
public struct Acknowledgment: Sendable {
    /// MSA-1 (table 0008).
    public enum Code: String, Hashable, Sendable {
        /// Application accept.
        case accept = "AA"
        /// Application error: the content is at fault.
        case error = "AE"
        /// Application reject: not for this receiver, or not now.
        case reject = "AR"
        /// Commit accept: received and stored, to be decided (enhanced mode).
        case commitAccept = "CA"
        /// Commit error: it cannot be stored.
        case commitError = "CE"
        /// Commit reject: its type, processing id or version is not for this receiver.
        case commitReject = "CR"

        /// What an answer says of the message with this control id (MSA-1, MSA-2).
        ///
        /// `nil` when it is no proper answer to that message, which is never the same as a success.
        public init?(answering controlID: String, in answer: Message) {
            guard let segment = answer["MSA"], segment.field(2).raw == controlID else { return nil }
            self.init(rawValue: segment.field(1).raw)
        }

        /// Whether the message was not taken.
        public var isRefusal: Bool { self != .accept && self != .commitAccept }
        /// Whether it tells of the receipt alone, not of what was done with the message.
        public var isCommit: Bool { self == .commitAccept || self == .commitError || self == .commitReject }
    }

    /// ERR-4 (table 0516).
    public enum Severity: String, Hashable, Sendable {
        /// Nothing is wrong, but there is something to know.
        case information = "I"
        /// Accepted with a doubt.
        case warning = "W"
        /// Refused for this.
        case error = "E"
    }

    /// One ERR.
    public struct Finding: Hashable, Sendable {
        /// ERR-2, where it is.
        public let place: Place?
        /// ERR-3, what kind of fault.
        public let condition: ErrorCondition
        /// ERR-4.
        public let severity: Severity
        /// ERR-5, the receiver's own code of the rule.
        public let rule: String
        /// ERR-7, for those who look into it.
        public let diagnostic: String?
        /// ERR-8, for people.
        public let text: String

        /// A finding as given.
        public init(
            at place: Place?, condition: ErrorCondition, severity: Severity = .error, rule: String,
            diagnostic: String? = nil, text: String
        ) {
            self.place = place
            self.condition = condition
            self.severity = severity
            self.rule = rule
            self.diagnostic = diagnostic
            self.text = text
        }
    }

    /// What is answered to.
    public let subject: AcknowledgedHeader
    /// MSA-1.
    public let code: Code
    /// The ERR segments.
    public let findings: [Finding]
    /// MSH-10 of the answer.
    public let controlID: String
    /// MSH-7 of the answer.
    public let time: DateTime

    /// The answer to a message.
    public init(
        _ code: Code, to subject: AcknowledgedHeader, findings: [Finding] = [], controlID: String, at time: DateTime
    ) {
        self.subject = subject
        self.code = code
        self.findings = findings
        self.controlID = controlID
        self.time = time
    }

    /// The message, its segments ended by CR.
    public var bytes: [UInt8] {
        do {
            return try bytes(in: subject.charset, isDeclared: nil)
        } catch {
            // In UTF-8 every text can be written; what remains is a set that is unknown to begin with.
            do {
                return try bytes(in: .utf8, isDeclared: Charset.utf8.description)
            } catch {
                return []
            }
        }
    }

    private func bytes(in charset: Charset, isDeclared name: String?) throws(UnencodableText) -> [UInt8] {
        var writer = MessageWriter(delimiters: subject.delimiters, charset: charset)
        func copy(_ number: Int) -> FieldValue {
            .raw(name == nil ? subject.fields[number] ?? [] : subject.field(number, in: charset))
        }
        func orElse(_ value: FieldValue, _ fallback: String) -> FieldValue {
            value == .raw([]) ? .text(fallback) : value
        }
        var header = [
            copy(5), copy(6), copy(3), copy(4), FieldValue(time), .empty, type, FieldValue(controlID),
            orElse(copy(11), "P"), orElse(copy(12), "2.5.1"), .empty, .empty, .empty, .empty, .empty,
        ]
        header.append(name.map { .text($0) } ?? copy(18))
        try writer.append("MSH", header)
        let hasOldErrors = subject.version < Version("2.5")
        let summary = findings.map { "\($0.rule): \($0.text)" }.joined(separator: "; ")
        try writer.append("MSA", [.text(code.rawValue), copy(10), hasOldErrors ? FieldValue(summary) : .empty])
        if hasOldErrors {
            if !findings.isEmpty { try writer.append("ERR", [.repetitions(findings.map(Self.oldLocation))]) }
        } else {
            for finding in findings { try writer.append("ERR", Self.fields(of: finding)) }
        }
        return writer.bytes
    }

    /// MSH-9: with event and structure from 2.4, with the event from 2.3, alone before.
    private var type: FieldValue {
        let event = subject.event
        guard !event.isEmpty, subject.version >= Version("2.3") else { return .text("ACK") }
        guard subject.version >= Version("2.4") else { return .components(["ACK", .raw(event)]) }
        return .components(["ACK", .raw(event), "ACK"])
    }

    private static func fields(of finding: Finding) -> [FieldValue] {
        [
            .empty, .components((finding.place?.errorLocation ?? []).map { FieldValue($0) }),
            .components([FieldValue(finding.condition.code), FieldValue(finding.condition.text), "HL70357"]),
            FieldValue(finding.severity.rawValue), FieldValue(finding.rule), .empty, FieldValue(finding.diagnostic),
            FieldValue(finding.text),
        ]
    }

    /// ERR-1 up to 2.4 (data type ELD), which repeats within the one ERR: segment, occurrence, field, what.
    private static func oldLocation(of finding: Finding) -> FieldValue {
        let location = Array((finding.place?.errorLocation ?? []).prefix(3))
        let padded = location + Array(repeating: "", count: 3 - location.count)
        let condition: [FieldValue] = [
            FieldValue(finding.condition.code), FieldValue(finding.condition.text), "HL70357",
        ]
        return .components(padded.map { FieldValue($0) } + [.subcomponents(condition)])
    }
}
