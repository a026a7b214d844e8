package import Clinic
package import Drops

/// A form entry as a command, with all that is wrong with its fields; the command holds what could be read.
package struct ReadCommand: Sendable {
    package var command: Command
    package var findings: [LocatedFinding]
    package var warnings: [LocatedFinding]
    /// Where each field stands, so that a finding of the domain gets its place back.
    package var places: [Field: LocatedText]
    package var place: Place
    /// It is wanted only where what it makes is not there yet.
    package var isOnlyIfUnknown = false

    /// A finding of the domain, with the places of its fields and the shape of the first value.
    package func locate(_ finding: Finding) -> LocatedFinding {
        let known = finding.fields.filter { !Field.secrets.contains($0) }.compactMap { places[$0] }
        let names = finding.fields.map { field in
            places[field]?.place ?? Place(line: place.line, byteOffset: place.byteOffset, name: field.rawValue)
        }
        return LocatedFinding(
            finding, at: names.first ?? place, places: names, shape: known.first.map { ValueShape.describe($0.text) })
    }
}

extension FormEntry {
    /// Types the entry's fields by its form's definition; everything that is wrong with them is reported.
    package func read(by rules: ReadingRules, arrivedAt: Instant, now: Instant) -> ReadCommand {
        guard let definition = FormDefinition.named(form) else {
            preconditionFailure("a reader made an entry of a form that is not defined: \(form)")
        }
        var reading = FieldReading(
            definition: definition, entry: self, rules: rules, year: rules.zone.date(of: arrivedAt).parts.year)
        reading.readAll()
        let own = definition.timeField.flatMap { reading.instant($0) }
        // A message's clock may run ahead of ours; that it was sent is no claim about the future.
        let sent = sentAt.flatMap { Instant($0, zone: rules.zone) }.flatMap { $0 <= now && $0.isPlausible ? $0 : nil }
        let command = Command(
            form: form, action: reading.action, reference: reference?.text ?? "", source: rules.source,
            values: reading.values, effectiveAt: own ?? reading.instant(.occurredAt) ?? sent ?? arrivedAt, now: now)
        return ReadCommand(
            command: command, findings: reading.findings, warnings: [], places: fields.merging(blanks) { $1 },
            place: place,
            isOnlyIfUnknown: updatesIfKnown && form == .consent)
    }

    /// Where what the domain must find out by itself would stand: what it finds wrong with it is told there.
    private var blanks: [Field: LocatedText] {
        expected.filter { inferable.contains($0.key) && fields[$0.key] == nil }.mapValues { LocatedText("", at: $0) }
    }
}

/// The work of typing one entry.
private struct FieldReading {
    let definition: FormDefinition
    let entry: FormEntry
    let rules: ReadingRules
    /// The year of arrival, which settles the century of barcodes' dates.
    let year: Int
    var action: Action
    var values: [Field: Value] = [:]
    var findings: [LocatedFinding] = []
    private var unreadable: Set<Field> = []

    init(definition: FormDefinition, entry: FormEntry, rules: ReadingRules, year: Int) {
        self.definition = definition
        self.entry = entry
        self.rules = rules
        self.year = year
        self.action = definition.actions.first ?? Action("")
    }

    func instant(_ field: Field) -> Instant? {
        if case .instant(let instant)? = values[field] { instant } else { nil }
    }

    mutating func readAll() {
        readAction()
        readReference()
        let reader = TypedValue(zone: rules.zone, currency: rules.currency, isTableRow: entry.isTableRow)
        for field in definition.allFields where field.field != .reference && field.field != .action {
            guard let located = entry.fields[field.field], !located.text.isEmpty else { continue }
            if located.text == "\"\"" {
                values[field.field] = .deletion
            } else if let value = reader.read(located.text, as: field.type) {
                values[field.field] = value
            } else {
                refuseValue(located, of: field)
            }
        }
        readBarcode()
        reportMissing()
    }

    private mutating func readAction() {
        // A visit registers whoever is not known yet, and updates the others; only messages ask for it.
        if entry.updatesIfKnown, entry.form == .registration { action = Action("VISIT") }
        guard let given = entry.action, !given.text.isEmpty else { return }
        let wanted = given.text.uppercased()
        if let known = definition.actions.first(where: { $0.rawValue == wanted }) {
            action = known
        } else {
            add(
                Finding(
                    .Entry.unknownCode, [.action], "the form has no such action",
                    mend: "use one of \(definition.actions.map(\.rawValue).joined(separator: ", "))",
                    aside: "the entry says \(given.text.prefix(40))"),
                at: given)
        }
    }

    private mutating func readReference() {
        guard let reference = entry.reference, !reference.text.isEmpty else { return }
        let reader = TypedValue(zone: rules.zone, currency: rules.currency, isTableRow: entry.isTableRow)
        if reader.read(reference.text, as: .identifier) == nil {
            add(
                Finding(
                    .Entry.badValue, [.reference], "the reference is not an identifier",
                    mend: "write \(FieldType.identifier.expectation)"), at: reference)
        }
    }

    private mutating func refuseValue(_ located: LocatedText, of field: FieldDefinition) {
        unreadable.insert(field.field)
        let rule: Rule
        switch field.type {
        case .text(let limit) where located.text.unicodeScalars.count > limit: rule = .Entry.tooLong
        case .code, .codes: rule = .Entry.unknownCode
        default: rule = .Entry.badValue
        }
        if case .text(let limit) = field.type, rule == .Entry.tooLong {
            return add(
                Finding(
                    rule, [field.field], "\(field.field) has more than \(limit) characters",
                    mend: "shorten it to at most \(limit) characters",
                    aside: field.isPrivate ? nil : "it says \(located.text.prefix(80))"),
                at: located)
        }
        let habit = SpreadsheetHabit.named(in: located.text, as: field.type).map { " (\($0))" } ?? ""
        add(
            Finding(
                rule, [field.field], "\(field.field) is not \(field.type.expectation)\(habit)",
                mend: "write \(field.type.expectation)",
                aside: field.isPrivate ? nil : "it says \(located.text.prefix(80))"),
            at: located)
    }

    /// What a barcode says is added to what the fields say; where both speak they must agree.
    private mutating func readBarcode() {
        guard definition.name == .inventory, case .text(let barcode)? = values[.barcode],
            let located = entry.fields[.barcode]
        else { return }
        switch BarcodeFields.read(barcode, catalog: rules.catalog, year: year) {
        case .failure(let fault):
            // What cannot be read says nothing of an item: the domain must not judge it too.
            values[.barcode] = nil
            unreadable.formUnion([.barcode, .sku])
            add(fault.finding, at: located)
        case .success(let scanned):
            for (field, value) in scanned {
                if let given = values[field], given != value {
                    add(
                        Finding(
                            .Entry.badValue, [field, .barcode], "\(field) is not what the barcode says",
                            mend: "leave \(field) empty, or scan the right package"), at: entry.fields[field] ?? located
                    )
                } else {
                    values[field] = value
                }
            }
        }
    }

    private mutating func reportMissing() {
        if (entry.reference?.text ?? "").isEmpty { missing(.reference) }
        for field in definition.allFields where field.field != .reference && field.isRequired(by: action) {
            let isThere = values[field.field] != nil || unreadable.contains(field.field)
            if !isThere, !(entry.inferable.contains(field.field) && namesPatient) { missing(field.field) }
        }
        if definition.name == .registration, action == Action("REGISTER"), rules.isSelfRegistering {
            for field in [Field.email, .phone] where values[field] == nil && !unreadable.contains(field) {
                missing(field)
            }
        }
        if definition.patientRequiredBy.contains(action) {
            needOne(of: FieldReading.patient)
        }
        for alternative in definition.alternatives where alternative.actions.contains(action) {
            needOne(of: alternative.fields)
        }
    }

    /// The fields that name a patient.
    private static let patient: [Field] = [.mrn, .registration, .identifiers]

    private var namesPatient: Bool { FieldReading.patient.contains { values[$0] != nil } }

    private mutating func needOne(of fields: [Field]) {
        guard !fields.contains(where: { values[$0] != nil || unreadable.contains($0) }) else { return }
        let names = fields.map(\.rawValue).joined(separator: ", ")
        add(
            Finding(
                .Entry.missingField, fields, "none of \(names) is given", mend: "give one of \(names)"),
            at: LocatedText("", at: place(of: fields[0])))
    }

    private mutating func missing(_ field: Field) {
        add(
            Finding(
                .Entry.missingField, [field], "\(field) is missing",
                mend: "give \(field): \(definition.definition(of: field)?.type.expectation ?? "a value")"),
            at: LocatedText("", at: place(of: field)))
    }

    /// The place of a field: its own if it is there and empty, else that of the entry under the field's name.
    private func place(of field: Field) -> Place {
        if let located = entry.fields[field] { return located.place }
        if field == .reference, let reference = entry.reference { return reference.place }
        if let expected = entry.expected[field] { return expected }
        return Place(line: entry.place.line, byteOffset: entry.place.byteOffset, name: field.rawValue)
    }

    private mutating func add(_ finding: Finding, at located: LocatedText) {
        findings.append(
            LocatedFinding(
                finding, at: located.place, places: [located.place],
                shape: finding.fields.contains { Field.secrets.contains($0) } ? nil : ValueShape.describe(located.text))
        )
    }
}

extension Field {
    /// Of what opens an account, auditors are told not even how long it is.
    fileprivate static let secrets: Set<Field> = [.password, .token]
}

/// What spreadsheets do to values, by name, so that a clerk recognizes it.
enum SpreadsheetHabit {
    static func named(in text: String, as type: FieldType) -> String? {
        let isNumber = Digits.value(of: text.utf8) != nil
        switch type {
        case .date where isNumber && text.utf8.count == 5: return "a spreadsheet's day number"
        case .date where text.utf8.contains(UInt8(ascii: "/")) || text.utf8.contains(UInt8(ascii: ".")):
            return "a date in a country's own order"
        case .money where text.utf8.contains(UInt8(ascii: ",")): return "a comma in a number"
        case .phone where isNumber && text.utf8.first != UInt8(ascii: "0"):
            return "a telephone number that lost its leading 0 or +"
        case .identifier where text.utf8.first == 0x20 || text.utf8.last == 0x20: return "blanks at its ends"
        default: return nil
        }
    }
}
