package import Clinic

/// The type of a field: how its text is read and what a person is told it should look like.
package enum FieldType: Hashable, Sendable {
    /// Free text up to a number of characters.
    case text(Int)
    /// A sender's identifier: printable, without blanks at its ends, compared by bytes.
    case identifier
    case date
    case instant
    case money
    /// A whole number within limits.
    case integer(ClosedRange<Int>)
    case flag
    /// One of a list of codes, compared without case.
    case code([String])
    /// Values separated by `;` (CSV) or repeated elements (XML).
    case list(Int)
    /// A list of codes of which each must be known.
    case codes([String])
    case email
    case phone
    /// As a scanner reads it: may hold FNC1 as the group separator.
    case barcode
    /// Hashed at once and never kept.
    case secret

    /// What is expected, for a person.
    package var expectation: String {
        switch self {
        case .text(let limit): "text of at most \(limit) characters"
        case .identifier: "an identifier of at most 80 characters, without control characters"
        case .date: "a date like 2026-11-23"
        case .instant: "a time like 2026-11-23T08:30 or 2026-11-23T08:30:00Z"
        case .money: "an amount like 1234.50, without separators for thousands"
        case .integer(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .flag: "Y or N"
        case .code(let codes): "one of \(codes.joined(separator: ", "))"
        case .list: "values separated by ;"
        case .codes(let codes): "values separated by ; of \(codes.joined(separator: ", "))"
        case .email: "an e-mail address"
        case .phone: "a telephone number of 6 to 20 digits, with its leading + or 0"
        case .barcode: "a barcode as scanned, of at most 400 characters"
        case .secret: "a password of at most 72 bytes"
        }
    }

    /// A value that a sender might write, for templates and the documentation.
    package var example: String {
        switch self {
        case .text: "text"
        case .identifier: "ID-1"
        case .date: "2026-11-23"
        case .instant: "2026-11-23T08:30:00Z"
        case .money: "1234.50"
        case .integer(let range): String(max(range.lowerBound, min(range.upperBound, 60)))
        case .flag: "Y"
        case .code(let codes), .codes(let codes): codes.first ?? ""
        case .list: "A;B"
        case .email: "name@example.org"
        case .phone: "+442079460000"
        case .barcode: "(01)05012345000015(17)280630(10)LOT-1"
        case .secret: "correct horse battery"
        }
    }
}

/// One field of a form.
package struct FieldDefinition: Sendable {
    package let field: Field
    package let type: FieldType
    /// Required by every action of the form.
    package let isRequired: Bool
    /// Actions that require it besides.
    package let requiredBy: [Action]
    /// Actions of a required field that do without its value.
    package let optionalFor: [Action]
    /// Its value may not be shown to auditors.
    package let isPrivate: Bool
    package let note: String

    package init(
        _ field: Field, _ type: FieldType, required: Bool = false, by actions: [String] = [],
        exceptFor spared: [String] = [],
        isPrivate: Bool = false, _ note: String = ""
    ) {
        self.field = field
        self.type = type
        self.isRequired = required
        self.requiredBy = actions.map { Action($0) }
        self.optionalFor = spared.map { Action($0) }
        self.isPrivate = isPrivate
        self.note = note
    }

    package func isRequired(by action: Action) -> Bool {
        isRequired && !optionalFor.contains(action) || requiredBy.contains(action)
    }
}

/// A form, defined once: readers, schema, templates and documentation come from this.
package struct FormDefinition: Sendable {
    package let name: FormName
    package let summary: String
    /// The first is the default.
    package let actions: [Action]
    /// Its own fields in the order of templates; `FormDefinition.common` comes besides.
    package let fields: [FieldDefinition]
    /// Actions that must name the patient by `mrn` or `registration`.
    package let patientRequiredBy: [Action]
    /// Fields of which at least one must be there, by actions.
    package let alternatives: [(fields: [Field], actions: [Action])]
    /// Its own time field, if it has one: the effective time.
    package let timeField: Field?

    package init(
        _ name: FormName, _ summary: String, actions: [String], patientRequiredBy: [String] = [],
        alternatives: [(fields: [Field], actions: [String])] = [], timeField: Field? = nil, fields: [FieldDefinition]
    ) {
        self.name = name
        self.summary = summary
        self.actions = actions.map { Action($0) }
        self.patientRequiredBy = patientRequiredBy.map { Action($0) }
        self.alternatives = alternatives.map { ($0.fields, $0.actions.map { Action($0) }) }
        self.timeField = timeField
        self.fields = fields
    }

    /// Fields that every form takes.
    package static let common: [FieldDefinition] = [
        FieldDefinition(
            .reference, .identifier, required: true,
            "your own number of this entry; the same number again is a repetition"),
        FieldDefinition(.action, .identifier, "what is wanted; empty is the form's first action"),
        FieldDefinition(
            .mrn, .identifier, isPrivate: true, "the patient's number; compared with the patient concerned"),
        FieldDefinition(
            .registration, .identifier, isPrivate: true, "the reference of the registration form of the patient"),
        FieldDefinition(.familyName, .text(80), isPrivate: true, "compared with the patient concerned"),
        FieldDefinition(.birthDate, .date, isPrivate: true, "compared with the patient concerned"),
        FieldDefinition(
            .identifiers, .list(200), isPrivate: true, "the patient's numbers in other systems, as authority/number"),
        FieldDefinition(.occurredAt, .instant, "when it happened; empty is when it was dropped"),
        FieldDefinition(.actor, .identifier, "who did it, by the staff list"),
        FieldDefinition(.override, .text(200), "the codes of the rules to override, separated by ;"),
        FieldDefinition(.overrideBy, .identifier, "who answers for it, by the staff list"),
        FieldDefinition(.overrideReason, .text(500), "why"),
    ]

    /// All fields: its own, then the common ones that it does not define itself.
    package var allFields: [FieldDefinition] {
        let own = Set(fields.map(\.field))
        return FormDefinition.common.prefix(2) + fields
            + FormDefinition.common.dropFirst(2).filter { !own.contains($0.field) }
    }

    package func definition(of field: Field) -> FieldDefinition? { allFields.first { $0.field == field } }

    /// Columns without which a file is not recognized as this form.
    package var requiredColumns: [Field] { allFields.filter(\.isRequired).map(\.field) }

    package static func named(_ name: FormName) -> FormDefinition? { all.first { $0.name == name } }

    /// Every form, in the order of the pathway.
    package static let all: [FormDefinition] = [
        registration, patient, consultation, plan, consent, preOp, surgicalCase, inventory, payment, bill, decision,
        records,
    ]
}
