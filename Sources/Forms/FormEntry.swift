package import Clinic
package import Drops

/// A field's value as its sender wrote it, in the text form of the forms (`2026-11-23`, `1234.50`, `A;B`), and its place.
package struct LocatedText: Hashable, Sendable {
    package var text: String
    package var place: Place
    /// The places of a list's items, where each has one of its own: repeated elements, segments.
    package var items: [Place] = []

    package init(_ text: String, at place: Place) {
        self.text = text
        self.place = place
    }
}

/// One form entry before its values are typed: the same for a CSV row, an XML element and a part of an HL7 message.
package struct FormEntry: Sendable {
    package var form: FormName
    /// Nil where the sender named none: the form's first action.
    package var action: LocatedText?
    package var reference: LocatedText?
    /// A value that is there and empty means leave it; a text of exactly `""` means delete it.
    package var fields: [Field: LocatedText]
    package var place: Place
    /// The sender's time of the message, where a format has one (EVN-6, else MSH-7), as ISO 8601.
    package var sentAt: String?
    /// Where fields that are not there should be, for formats that can tell: a finding then says `PID-5.1`.
    package var expected: [Field: Place] = [:]
    /// Fields that the domain finds out by itself where the entry names its patient: their blanks are no fault.
    package var inferable: Set<Field> = []
    /// It is wanted only as far as the clinic does not know it yet.
    ///
    /// A registration REGISTER is a patient UPDATE when the patient is known; a consent CREATE has no effect when the
    /// consent is.
    package var updatesIfKnown = false
    /// It was a row of a table, which a spreadsheet may have spoilt in its own ways.
    package var isTableRow = false

    package init(form: FormName, place: Place, fields: [Field: LocatedText] = [:]) {
        self.form = form
        self.place = place
        self.fields = fields
    }

    /// Sets a field unless the text is empty.
    package mutating func set(_ field: Field, _ text: String?, at place: Place) {
        guard let text, !text.isEmpty else { return }
        fields[field] = LocatedText(text, at: place)
    }
}

/// A finding with the places of its fields in the dropped file.
package struct LocatedFinding: Sendable {
    package var finding: Finding
    /// The place to look at first.
    package var place: Place
    /// The places of all fields involved, in the finding's order of fields.
    package var places: [Place]
    /// What the value looks like without telling it: `9 digits`.
    package var shape: String?

    package init(_ finding: Finding, at place: Place, places: [Place] = [], shape: String? = nil) {
        self.finding = finding
        self.place = place
        self.places = places
        self.shape = shape
    }
}

/// What identifies an HL7 message and is mirrored in its acknowledgment.
package struct MessageIdentity: Sendable, Hashable, Codable {
    package var sendingApplication: String
    package var sendingFacility: String
    package var controlID: String
    /// `ADT^A28`.
    package var type: String
    package var version: String

    package init(
        sendingApplication: String, sendingFacility: String, controlID: String, type: String, version: String
    ) {
        self.sendingApplication = sendingApplication
        self.sendingFacility = sendingFacility
        self.controlID = controlID
        self.type = type
        self.version = version
    }
}

/// One entry of a drop as it was read: a CSV row, an XML element, an HL7 message, or a stretch that is none of these.
package struct ReadEntry: Sendable {
    /// 1-based within the drop.
    package var number: Int
    package var place: Place
    /// The entry's bytes exactly as they stand in the file.
    package var raw: [UInt8]
    /// The form entries that it came to, in order; empty when it could not be read or has no effect.
    package var forms: [FormEntry]
    /// What is wrong with it as text, before any form is looked at.
    package var findings: [LocatedFinding]
    package var warnings: [LocatedFinding]
    /// The source's list says to acknowledge messages of this type without effect.
    package var isIgnored: Bool
    package var message: MessageIdentity?
    /// The amounts of a message's transactions (FT1-11), whatever forms they came to; nil for what is no message.
    package var transactionAmounts: [String]?
    /// Stretches of `raw` that hold secrets and are blanked wherever the bytes are kept.
    package var secrets: [Range<Int>] = []

    package init(
        number: Int, place: Place, raw: [UInt8], forms: [FormEntry] = [], findings: [LocatedFinding] = [],
        warnings: [LocatedFinding] = [], isIgnored: Bool = false, message: MessageIdentity? = nil
    ) {
        self.number = number
        self.place = place
        self.raw = raw
        self.forms = forms
        self.findings = findings
        self.warnings = warnings
        self.isIgnored = isIgnored
        self.message = message
    }
}

extension ReadEntry {
    /// The entry's bytes without what is secret in them.
    package var blanked: [UInt8] {
        var kept: [UInt8] = []
        var start = 0
        for secret in secrets {
            kept += raw[start..<secret.lowerBound]
            start = secret.upperBound
        }
        return kept + raw[start...]
    }
}

/// How a source's files are to be read: its part of `clinic.yml`.
package struct ReadingRules: Sendable {
    package var source: SourceName
    /// Forms that the source may drop, in its order of preference.
    package var forms: [FormName]
    /// The character set for files that name none; nil is UTF-8.
    package var charset: String?
    /// The zone of times without an offset.
    package var zone: ZoneRules
    package var currency: Currency
    /// HL7 events that are acknowledged without effect, such as `A02`.
    package var ignoredEvents: [String]
    /// What the HL7 mapping needs to know of the clinic: theaters, procedures, requirements by code.
    package var catalog: Catalog
    /// E-mail and phone are required of registrations of this source (patients register themselves there).
    package var isSelfRegistering: Bool

    package init(
        source: SourceName, forms: [FormName], charset: String? = nil, catalog: Catalog, ignoredEvents: [String] = [],
        isSelfRegistering: Bool = false
    ) {
        self.source = source
        self.forms = forms
        self.charset = charset
        self.zone = catalog.zone
        self.currency = catalog.currency
        self.ignoredEvents = ignoredEvents
        self.catalog = catalog
        self.isSelfRegistering = isSelfRegistering
    }
}
