import Clinic
import Drops
import HL7

/// MDM: notes of consultations and operations, and consents.
enum DocumentMessages {
    static let note: [FieldRow] = [
        FieldRow(.consultation, "PV1-19", as: .extendedID, "else TXA-14"),
        FieldRow(.notes, "OBX-5", as: .computed, "what no other code claims; repetitions on lines of their own"),
        FieldRow(.goals, "OBX-5", as: .computed, "OBX-3 61146-7 or GOALS"),
        FieldRow(.findings, "OBX-5", as: .computed, "OBX-3 29545-1 or FINDINGS"),
        FieldRow(.advice, "OBX-5", as: .computed, "OBX-3 18776-5, 69730-0 or ADVICE"),
        FieldRow(.screening, "OBX-5", as: .computed, "OBX-3 SCREENING"),
        .observed(.historyReviewed), .observed(.examined), .observed(.inPerson), .observed(.shareNotes),
    ]
    /// What the day of surgery leaves besides its note.
    static let care: [FieldRow] = [
        .observed(.anesthesiaMinutes), .observed(.asaClass), .observed(.instructions),
        .observed(.medications, isList: true), .observed(.followUpAt),
    ]
    private static let author: [FieldRow] = [
        FieldRow(.surgeon, "TXA-5.1", "TXA-9.1", as: .text),
        FieldRow(.occurredAt, "TXA-4", "TXA-6", as: .instant),
    ]
    static let consultation = note + author
    static let surgicalCase: [FieldRow] =
        [
            FieldRow(.surgicalCase, "PV1-19", as: .extendedID, "else TXA-14"),
            FieldRow(.notes, "OBX-5", as: .computed, "what no other code claims; repetitions on lines of their own"),
            FieldRow(.occurredAt, "TXA-4", "TXA-6", as: .instant),
        ] + care

    static let maps = [
        FieldMap(
            form: .consultation, messages: "MDM^T02, T04, T06, T08, T10 with TXA-2 CN",
            rows: consultation + PatientMessages.identity),
        FieldMap(
            form: .surgicalCase, messages: "MDM^T02, T04, T06, T08, T10 with TXA-2 OP",
            rows: surgicalCase + PatientMessages.identity),
    ]
}

extension MessageReading {
    mutating func readDocument() throws {
        let segments = source.message.segments
        let event = source.message.header.field(9).component(2)
        let isNew = source.event == "T02"
        guard ["T02", "T04", "T06", "T08", "T10", "T11"].contains(source.event) else {
            return refuseUnsupported("messages of this event are not taken", at: event)
        }
        if segments["CON"] != nil {
            guard ["T02", "T04", "T10"].contains(source.event) else {
                return refuseUnsupported("this event does not tell of a consent", at: event)
            }
            return try readConsents(at: event)
        }
        if ["DI", "IN", "DO"].contains(segments.part("TXA-17").raw) {
            // Dictated, incomplete or documented only: not yet a note.
            hasNoEffect = true
            return
        }
        let type = segments.part("TXA-2").component(1)
        switch (type.raw.uppercased(), source.event) {
        case ("CN", "T11"):
            var draft = FormDraft(.consultation, "CANCEL", at: event, from: source, isChange: true)
            try draft.refer(to: [segments.part("TXA-12")])
            try finish(&draft, Array(DocumentMessages.consultation.prefix(1)))
        case ("CN", _), ("11488-4", _):
            var draft = FormDraft(
                .consultation, isNew ? "COMPLETE" : "AMEND", at: event, from: source, isChange: !isNew)
            try draft.refer(to: [segments.part("TXA-12")])
            try NoteText(segments, sorted: true, besides: DocumentMessages.consultation).fill(&draft)
            try finish(&draft, DocumentMessages.consultation)
        case ("OP", let event) where event != "T11", ("11504-8", let event) where event != "T11":
            var draft = FormDraft(.surgicalCase, "NOTE", at: type, from: source, isChange: !isNew)
            try draft.refer(to: [segments.part("TXA-12")])
            try NoteText(segments, sorted: false, besides: DocumentMessages.surgicalCase).fill(&draft)
            try finish(&draft, DocumentMessages.surgicalCase)
        default: refuseUnsupported("documents of this type are not taken", at: type)
        }
    }

    private mutating func finish(_ draft: inout FormDraft, _ rows: [FieldRow]) throws {
        let segments = source.message.segments
        try draft.copy(rows, from: segments)
        // TXA-14 is an EI where PV1-19 is a CX: their authorities stand in different components.
        if let field = rows.first?.field, !draft.has(field) {
            try draft.set(field, from: segments.part("TXA-14").repetitions, as: .entity)
        }
        try draft.identify(by: segments)
        add(draft)
    }
}
