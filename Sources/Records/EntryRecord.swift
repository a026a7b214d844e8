package import Clinic
package import Drops

/// One form that an entry carried: most entries are one, an HL7 message can be several.
package struct EntryForm: Hashable, Sendable, Codable {
    package var form: FormName
    package var action: Action
    package var reference: String

    package init(form: FormName, action: Action, reference: String) {
        self.form = form
        self.action = action
        self.reference = reference
    }
}

/// An outcome that an entry had before its present one.
package struct PastOutcome: Hashable, Sendable, Codable {
    package var outcome: EntryOutcome
    /// When the next one took its place.
    package var until: Instant

    package init(outcome: EntryOutcome, until: Instant) {
        self.outcome = outcome
        self.until = until
    }
}

/// What became of one entry of a drop.
package struct EntryRecord: Hashable, Sendable {
    package let drop: Int64
    /// From 1, in the order of the file.
    package let number: Int
    package var line: Int
    package var byteOffset: Int?
    package var forms: [EntryForm]
    package var outcome: EntryOutcome
    package var effectiveAt: Instant?
    /// Findings as the processor wrote them.
    package var findings: [UInt8]?
    package var warnings: [UInt8]?
    /// The bytes of an entry that was not applied, secrets blanked.
    package var raw: [UInt8]?
    /// The numbers given, as the processor wrote them.
    package var answer: [UInt8]?
    /// MSH-10 of an HL7 message.
    package var messageControlID: String?
    /// The ledger row of its first event or its rejection.
    package var ledgerSequence: Int64?
    /// Kept by `update`.
    package internal(set) var history: [PastOutcome] = []

    package init(
        drop: Int64, number: Int, line: Int, byteOffset: Int? = nil, forms: [EntryForm], outcome: EntryOutcome,
        effectiveAt: Instant? = nil, findings: [UInt8]? = nil, warnings: [UInt8]? = nil, raw: [UInt8]? = nil,
        answer: [UInt8]? = nil, messageControlID: String? = nil, ledgerSequence: Int64? = nil
    ) {
        self.drop = drop
        self.number = number
        self.line = line
        self.byteOffset = byteOffset
        self.forms = forms
        self.outcome = outcome
        self.effectiveAt = effectiveAt
        self.findings = findings
        self.warnings = warnings
        self.raw = raw
        self.answer = answer
        self.messageControlID = messageControlID
        self.ledgerSequence = ledgerSequence
    }
}

/// A reference that was applied once, and what it was answered with.
package struct AppliedReference: Hashable, Sendable {
    /// Of the entry's content, in hex.
    package var fingerprint: String
    package var drop: Int64
    package var entry: Int
    package var answer: [UInt8]?
}
