package import Clinic
import Forms

/// The forms, or one of them, as `suture forms` prints them.
package struct FormListing: Reply {
    package struct Field: Encodable, Sendable {
        package var name: String
        /// What is expected, for a person.
        package var expects: String
        /// The actions that require it; all of them where it is always required.
        package var requiredBy: [String]
        package var example: String
        package var note: String
        /// Taken by every form.
        package var isCommon: Bool

        private enum CodingKeys: String, CodingKey {
            case isCommon = "common"
            case name, expects, requiredBy, example, note
        }
    }

    package struct Form: Encodable, Sendable {
        package var name: String
        package var summary: String
        /// The first is the default.
        package var actions: [String]
        package var fields: [Field]
        /// Actions that must name the patient by `mrn`, `registration` or `identifiers`.
        package var patientRequiredBy: [String]
        /// Of each, at least one field must be there.
        package var oneOf: [Alternative]
    }

    package struct Alternative: Encodable, Sendable {
        package var fields: [String]
        package var actions: [String]
    }

    package let forms: [Form]
    private let isSingle: Bool

    /// Every form.
    package init() {
        forms = FormDefinition.all.map(Form.init)
        isSingle = false
    }

    /// One form.
    package init(_ sheet: FormSheet) {
        forms = [Form(sheet.definition)]
        isSingle = true
    }

    /// A list of forms, or the one that was asked for.
    package func encode(to encoder: any Encoder) throws {
        if isSingle, let form = forms.first { return try form.encode(to: encoder) }
        var container = encoder.unkeyedContainer()
        for form in forms { try container.encode(form) }
    }

    package var text: String { isSingle ? forms.map(\.text).joined() : overview }

    private var overview: String {
        var table = TextTable(["form", "what it is for", "actions"])
        for form in forms { table.add([form.name, form.summary, form.actions.joined(separator: " ")]) }
        return (table.lines(indent: 0) + ["", "`suture forms NAME` prints one with its fields."]).joined(
            separator: "\n")
    }
}

extension FormListing.Form {
    init(_ definition: FormDefinition) {
        let own = Set(definition.fields.map(\.field))
        self.init(
            name: definition.name.rawValue, summary: definition.summary, actions: definition.actions.map(\.rawValue),
            fields: definition.allFields.map { field in
                FormListing.Field(
                    name: field.field.rawValue, expects: field.type.expectation,
                    requiredBy: definition.actions.filter { field.isRequired(by: $0) }.map(\.rawValue),
                    example: field.type.example, note: field.note, isCommon: !own.contains(field.field))
            },
            patientRequiredBy: definition.patientRequiredBy.map(\.rawValue),
            oneOf: definition.alternatives.map {
                FormListing.Alternative(fields: $0.fields.map(\.rawValue), actions: $0.actions.map(\.rawValue))
            })
    }

    fileprivate var text: String {
        var lines = [
            "\(name): \(summary)", "Actions: \(actions.joined(separator: ", ")) (the first where none is named)",
        ]
        if !patientRequiredBy.isEmpty {
            lines.append(
                "The patient, by mrn, registration or identifiers: \(patientRequiredBy.joined(separator: ", "))")
        }
        for one in oneOf {
            lines.append("One of \(one.fields.joined(separator: ", ")): \(one.actions.joined(separator: ", "))")
        }
        var table = TextTable(["field", "required by", "expects", "note"])
        for field in fields {
            let isAlways = field.requiredBy.count == actions.count
            table.add([
                field.name, isAlways ? "always" : field.requiredBy.joined(separator: " "), field.expects, field.note,
            ])
        }
        return (lines + [""] + table.lines()).joined(separator: "\n")
    }
}

/// One form as an empty sheet in each format that it may come in.
package struct FormSheet: Sendable {
    let definition: FormDefinition

    /// Nil when there is no such form.
    package init?(_ name: FormName) {
        guard let definition = FormDefinition.named(name) else { return nil }
        self.definition = definition
    }

    /// The names of all forms.
    package static var names: [FormName] { FormDefinition.all.map(\.name) }

    /// The header row of a CSV file with all columns.
    package var csv: String { definition.allFields.map(\.field.rawValue).joined(separator: ",") + "\n" }

    /// A document with one empty entry; what an action needs stands in comments.
    package var xml: String {
        let action = definition.actions.first ?? Action("")
        var lines = [
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>", "<forms xmlns=\"\(FormSchema.namespace)\">",
            "  <!-- actions: \(definition.actions.map(\.rawValue).joined(separator: ", ")) -->",
            "  <\(definition.name) reference=\"\" action=\"\(action)\">",
        ]
        for field in definition.allFields where field.field != .reference && field.field != .action {
            let needing = definition.actions.filter { field.isRequired(by: $0) }.map(\.rawValue)
            let required =
                needing.isEmpty
                ? ""
                : needing.count == definition.actions.count
                    ? "required; " : "required by \(needing.joined(separator: ", ")); "
            lines.append("    <\(field.field)></\(field.field)> <!-- \(required)\(field.type.expectation) -->")
        }
        lines += ["  </\(definition.name)>", "</forms>"]
        return lines.joined(separator: "\n") + "\n"
    }

    /// The XML schema of this form alone.
    package var xsd: String { FormSchema.xsd([definition]) }

    /// The XML schema of all forms.
    package static var xsd: String { FormSchema.xsd() }
}
