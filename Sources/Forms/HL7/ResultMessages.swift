import Clinic
import Drops
import HL7

/// ORU: results of the laboratory, and notes that come as results.
enum ResultMessages {
    static let result: [FieldRow] = [
        FieldRow(.plan, "OBR-2", "ORC-2", "OBR-3", "ORC-3", as: .entity),
        FieldRow(.requirement, "OBX-3", as: .computed, "by its code or its LOINC, else by that of OBR-4"),
        FieldRow(.value, "OBX-5", as: .computed, "of coded values the text"),
        FieldRow(.unit, "OBX-6.1", as: .text),
        FieldRow(.range, "OBX-7", as: .text),
        FieldRow(.abnormal, "OBX-8", as: .computed, "N is no, every other flag is yes"),
        FieldRow(.status, "OBX-11", as: .computed, "D, W and X take a result back"),
        FieldRow(.occurredAt, "OBX-14", "OBR-7", as: .instantOrDay),
        FieldRow(.actor, "OBX-16.1", as: .computed, "who observed it, where the staff list has them"),
    ]
    private static let noteTime = FieldRow(.occurredAt, "OBR-7", "OBX-14", "OBR-22", as: .instant)
    static let consultation: [FieldRow] =
        [FieldRow(.consultation, "PV1-19", as: .extendedID)] + DocumentMessages.note.dropFirst() + [noteTime]
    static let surgicalCase: [FieldRow] =
        [
            FieldRow(.surgicalCase, "PV1-19", as: .extendedID),
            FieldRow(.notes, "OBX-5", as: .computed), noteTime,
        ] + DocumentMessages.care

    static let maps = [
        FieldMap(
            form: .preOp, messages: "ORU^R01 with OBX-11 F, C, D, W or X", rows: result + PatientMessages.identity),
        FieldMap(
            form: .consultation, messages: "ORU^R01 with LOINC 11488-4", rows: consultation + PatientMessages.identity),
        FieldMap(
            form: .surgicalCase, messages: "ORU^R01 with LOINC 11504-8", rows: surgicalCase + PatientMessages.identity),
    ]
}

/// The segments of one order with its results, and those of its patient.
private struct ResultGroup {
    let patient: Segments
    let order: Segments
}

extension MessageReading {
    mutating func readResults() throws {
        let segments = source.message.segments
        let patients = segments.all("PID").count > 1 ? segments.groups("PID") : [segments]
        for patient in patients {
            for order in patient.groups("ORC", "OBR") {
                let group = ResultGroup(patient: patient, order: order)
                let codes = [order.part("OBR-4")] + order.all("OBX").map { $0.field(3) }
                let kinds = codes.flatMap { [$0.component(1).raw, $0.component(4).raw] }
                if kinds.contains("11488-4") {
                    try readNote(group, .consultation)
                } else if kinds.contains("11504-8") {
                    try readNote(group, .surgicalCase)
                } else {
                    try readLaboratory(group)
                }
            }
        }
    }

    private mutating func readNote(_ group: ResultGroup, _ form: FormName) throws {
        let status = group.order.part("OBR-25")
        let isCorrection = status.raw == "C"
        let action = form == .surgicalCase ? "NOTE" : (isCorrection ? "AMEND" : "COMPLETE")
        var draft = FormDraft(form, action, at: group.order.part("OBR-4"), from: source, isChange: isCorrection)
        try draft.refer(to: ["OBR-3", "OBR-2", "ORC-3", "ORC-2"].map { group.order.part($0) })
        let rows = form == .surgicalCase ? ResultMessages.surgicalCase : ResultMessages.consultation
        try NoteText(group.order, sorted: form == .consultation, besides: rows).fill(&draft)
        try draft.copy(Array(rows.prefix(1)), from: group.patient)
        try draft.copy(rows, from: group.order)
        try draft.identify(by: group.patient)
        add(draft)
    }

    /// Of a panel only what the clinic asks for counts; a panel of which it knows nothing is told by its first value.
    private mutating func readLaboratory(_ group: ResultGroup) throws {
        let observations = group.order.all("OBX")
        let service = group.order.part("OBR-4")
        let known = try observations.filter { try requirement(in: $0.field(3)) != nil }
        let taken = known.isEmpty ? Array(observations.prefix(1)) : known
        // Final and corrected ones count; deleted, wrong and unobtainable ones take back what came before.
        let (counting, undoing) = (["F", "C"], ["D", "W", "X"])
        let final = taken.filter { (counting + undoing).contains($0.field(11).raw) }
        if final.isEmpty, !taken.isEmpty { hasNoEffect = true }
        for observation in final {
            let named = try requirement(in: observation.field(3))
            let ordered = try known.isEmpty ? requirement(in: service) : nil
            let own = group.order[observation.position..<(observation.position + 1)]
            var draft = FormDraft(.preOp, "RESULT", at: observation.field(11), from: source, isChange: true)
            draft.infer(.plan)
            try draft.refer(to: ["ORC-2", "OBR-2", "ORC-3", "OBR-3"].map { group.order.part($0) })
            let code = observation.field(3).component(1)
            let sent = try code.text()?.trimmed
            draft.set(.requirement, named ?? ordered ?? sent, at: named == nil && ordered != nil ? service : code)
            draft.set(
                .value, try NoteText.value(observation.field(5), type: observation.field(2).raw),
                at: observation.field(5))
            let flags = observation.field(8).repetitions.map { $0.component(1).raw }.filter { !$0.isEmpty }
            if !flags.isEmpty {
                draft.set(.abnormal, flags.allSatisfy { $0 == "N" } ? "N" : "Y", at: observation.field(8))
            }
            if undoing.contains(observation.field(11).raw) {
                draft.set(.status, observation.field(11).raw, at: observation.field(11))
            }
            let observer = observation.field(16).component(1)
            if let id = try observer.text()?.trimmed, source.rules.catalog.staff[StaffID(id)] != nil {
                draft.set(.actor, id, at: observer)
            }
            try draft.copy(ResultMessages.result, from: own)
            try draft.copy(ResultMessages.result, from: group.order.before("OBX"))
            try draft.identify(by: group.patient)
            add(draft)
        }
    }
}
