/// A finding as it is kept with its entry and told in reports: the rule, the places, what would mend it.
package struct ReportedFinding: Hashable, Sendable, Codable {
    /// The rule's code, `area.reason`.
    package var code: String
    /// HL7 table 0357.
    package var hl7: Int
    /// The rule in a clerk's words.
    package var statement: String
    /// What is wrong, without names, numbers of patients or values.
    package var detail: String
    package var mend: String
    /// For those who may see the database.
    package var aside: String?
    /// The names of all fields that the rule looked at.
    package var fields: [String]
    /// The place to look at first, then those of the other fields.
    package var places: [Place]
    /// What the value looks like: `9 digits`.
    package var shape: String?
    /// What the entry waits for; empty when it cannot come untrue.
    package var waitsFor: [String]
    /// Who answers for it, where it was overridden.
    package var overriddenBy: String?

    package init(
        code: String, hl7: Int, statement: String, detail: String, mend: String, aside: String?, fields: [String],
        places: [Place], shape: String?, waitsFor: [String]
    ) {
        self.code = code
        self.hl7 = hl7
        self.statement = statement
        self.detail = detail
        self.mend = mend
        self.aside = aside
        self.fields = fields
        self.places = places
        self.shape = shape
        self.waitsFor = waitsFor
    }

    /// The place to look at first.
    package var place: Place { places.first ?? Place(line: 1) }
}

/// One entry of a drop as the documents for senders and auditors tell it.
package struct ReportedEntry: Hashable, Sendable, Codable {
    package var number: Int
    package var line: Int
    package var byteOffset: Int?
    /// `form`, `action` and `reference` of each form entry.
    package var forms: [Form]
    package var outcome: EntryOutcome
    package var findings: [ReportedFinding]
    package var warnings: [ReportedFinding]
    /// Numbers given, by their names, such as `mrn`.
    package var answer: [String: String]
    /// Verbatim bytes, secrets blanked; empty for entries that were applied.
    package var raw: [UInt8]
    package var ledgerSequence: Int64?

    package struct Form: Hashable, Sendable, Codable {
        package var form: String
        package var action: String
        package var reference: String

        package init(form: String, action: String, reference: String) {
            self.form = form
            self.action = action
            self.reference = reference
        }
    }

    package init(
        number: Int, line: Int, byteOffset: Int?, forms: [Form], outcome: EntryOutcome, findings: [ReportedFinding],
        warnings: [ReportedFinding], answer: [String: String], raw: [UInt8], ledgerSequence: Int64?
    ) {
        self.number = number
        self.line = line
        self.byteOffset = byteOffset
        self.forms = forms
        self.outcome = outcome
        self.findings = findings
        self.warnings = warnings
        self.answer = answer
        self.raw = raw
        self.ledgerSequence = ledgerSequence
    }
}

/// A drop as the documents tell it.
package struct ReportedDrop: Hashable, Sendable, Codable {
    package var number: Int64
    package var source: String
    package var format: DropFormat
    package var form: String?
    package var sha256: String
    /// Our time, ISO 8601 with the clinic's offset.
    package var arrivedAt: String
    /// Findings against the drop as a whole.
    package var findings: [ReportedFinding]
    /// The ledger's length when the drop was answered.
    package var ledgerSequence: Int64

    package init(
        number: Int64, source: String, format: DropFormat, form: String?, sha256: String, arrivedAt: String,
        findings: [ReportedFinding], ledgerSequence: Int64
    ) {
        self.number = number
        self.source = source
        self.format = format
        self.form = form
        self.sha256 = sha256
        self.arrivedAt = arrivedAt
        self.findings = findings
        self.ledgerSequence = ledgerSequence
    }
}
