package import Clinic
import HL7

/// One row of the mapping: the field of a form and the places of a message that it is read from.
struct FieldRow: Sendable {
    /// How a part of a message becomes the text of a field.
    enum Shape: Sendable {
        /// The text as it stands, without blanks at its ends.
        case text
        /// The first subcomponent: a surname without its prefix apart, a street without its number apart.
        case name
        /// Every repetition, each on a line of its own.
        case lines
        /// A component of every repetition, joined by `;`.
        case list
        /// The day of a date or time.
        case date
        /// A time; a day alone is not enough.
        case instant
        /// A time; a day alone is its beginning.
        case instantOrDay
        /// A number without its sign and zeros that say nothing.
        case number
        /// EI: `namespace/id`.
        case entity
        /// CX: `authority/id`.
        case extendedID
        /// Table 0340: LT, RT, 50.
        case side
        /// The code does more than copy: the row tells of it, and where the value should be.
        case computed
        /// OBX-5 of the observation whose code in OBX-3 is the field's own name.
        case observed
        /// The same, its repetitions joined by `;`.
        case observedList
    }

    let field: Field
    /// In the order in which they are tried, as they are written.
    let written: [String]
    let paths: [Path]
    let shape: Shape
    let note: String

    init(_ field: Field, _ paths: String..., as shape: Shape, _ note: String = "") {
        self.field = field
        written = paths
        self.paths = paths.compactMap { Path($0) }
        self.shape = shape
        self.note = note
    }

    /// A field for which HL7 has no place: it comes as an observation with a local code, `HISTORY-REVIEWED^^L`.
    static func observed(_ field: Field, isList: Bool = false) -> FieldRow {
        FieldRow(field, "OBX-5", as: isList ? .observedList : .observed, "OBX-3 \(label(of: field))")
    }

    /// The local code that names this row's field in OBX-3; nil where the field is read from elsewhere.
    var label: String? { shape == .observed || shape == .observedList ? Self.label(of: field) : nil }

    /// `history_reviewed` is HISTORY-REVIEWED.
    private static func label(of field: Field) -> String {
        let dash = UInt8(ascii: "-")
        let bytes = field.rawValue.uppercased().utf8.map { $0 == UInt8(ascii: "_") ? dash : $0 }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// The rows of one kind of message and the form that they fill.
struct FieldMap: Sendable {
    let form: FormName
    /// The messages concerned, as people name them: `SIU^S12`.
    let messages: String
    let rows: [FieldRow]
}

/// The mapping of HL7 v2 messages to forms, as `suture forms NAME --hl7` prints it.
package enum HL7Mapping {
    /// Every row for a form: its field, the path in the message and what is to be said about it.
    package static func rows(for form: FormName) -> [(field: String, path: String, note: String)] {
        maps.filter { $0.form == form }.flatMap { map in
            map.rows.map { row in
                let note = row.note.isEmpty ? map.messages : "\(map.messages): \(row.note)"
                return (row.field.rawValue, row.written.joined(separator: ", else "), note)
            }
        }
    }

    static let maps: [FieldMap] =
        PatientMessages.maps + ScheduleMessages.maps + DocumentMessages.maps + ConsentDocuments.maps
        + OrderMessages.maps + ResultMessages.maps + StockMessages.maps + FinancialMessages.maps
}
