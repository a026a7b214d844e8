import Clinic
import Forms

/// Where in HL7 v2 messages the fields of a form are read from.
package struct FormMapping: Reply {
    package struct Row: Encodable, Sendable {
        package var field: String
        /// The paths in the message, such as `PID-5.1`.
        package var path: String
        package var note: String
    }

    package let form: String
    package let rows: [Row]

    package init(_ sheet: FormSheet) {
        form = sheet.definition.name.rawValue
        rows = HL7Mapping.rows(for: sheet.definition.name).map { Row(field: $0.field, path: $0.path, note: $0.note) }
    }

    package var text: String {
        guard !rows.isEmpty else { return "No HL7 v2 message is read as the form \(form); drop it as CSV or XML." }
        var table = TextTable(["field", "read from", "note"])
        for row in rows { table.add([row.field, row.path, row.note]) }
        return table.lines(indent: 0).joined(separator: "\n")
    }
}
