import Clinic
import HL7

/// The text of a note in OBX, sorted by what each says it is.
struct NoteText {
    private(set) var texts: [(field: Field, text: String, part: Part)] = []

    /// LOINC codes of the sections of a note, and the words that systems without LOINC send.
    static let sections: [String: Field] = [
        "61146-7": .goals, "GOALS": .goals, "29545-1": .findings, "FINDINGS": .findings, "18776-5": .advice,
        "69730-0": .advice, "ADVICE": .advice, "SCREENING": .screening,
    ]

    /// What other rows of the form claim by their codes is no text of the note.
    init(_ segments: Segments, sorted: Bool, besides rows: [FieldRow]) throws {
        let claimed = rows.compactMap(\.label)
        for segment in segments.all("OBX") where !["ED", "RP"].contains(segment.field(2).raw) {
            let code = segment.field(3).component(1).raw.uppercased()
            guard !claimed.contains(code) else { continue }
            let value = segment.field(5)
            guard let text = try Self.value(value, type: segment.field(2).raw), !text.isEmpty else { continue }
            let field = sorted ? Self.sections[code] ?? .notes : .notes
            if let index = texts.firstIndex(where: { $0.field == field }) {
                texts[index].text += "\n" + text
            } else {
                texts.append((field, text, value))
            }
        }
    }

    /// OBX-5 as a person reads it, by its type in OBX-2.
    static func value(_ part: Part, type: String) throws -> String? {
        let repetitions = try part.repetitions.compactMap { repetition -> String? in
            switch type {
            case "CE", "CWE", "CNE", "CF":
                return try (repetition.component(2).text() ?? repetition.component(1).text())?.trimmed
            case "SN":
                return try (1...4).compactMap { try repetition.component($0).text()?.trimmed }.joined()
            default: return try repetition.text()
            }
        }
        return repetitions.isEmpty ? nil : repetitions.joined(separator: "\n")
    }

    func fill(_ draft: inout FormDraft) {
        for (field, text, part) in texts { draft.set(field, text, at: part) }
    }
}
