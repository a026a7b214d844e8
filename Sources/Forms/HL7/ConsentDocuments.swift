import Clinic
import Drops
import HL7

/// CON in a document: a consent is issued, signed, declined or withdrawn.
enum ConsentDocuments {
    private static let consent = FieldRow(.consent, "CON-4", "TXA-12", as: .entity)

    static let creation: [FieldRow] = [
        consent,
        FieldRow(.plan, "TXA-14", "ORC-2", "OBR-2", as: .entity),
        FieldRow(.consultation, "PV1-19", as: .extendedID),
        FieldRow(
            .kind, "CON-2", as: .computed, "SURGICAL, PHOTOGRAPHY, REGISTRY, FINANCIAL or MARKETING where it says so"),
        FieldRow(.occurredAt, "CON-12", as: .instant, "when it was discussed"),
    ]
    static let acknowledgment: [FieldRow] = [
        consent,
        FieldRow(.clauses, "OBX-5", as: .computed, "OBX-3 CLAUSES: the ids of clauses that the patient acknowledged"),
        FieldRow(.occurredAt, "CON-12", "CON-13", as: .instant),
    ]
    static let signature: [FieldRow] = [
        consent,
        FieldRow(.party, "CON-25", as: .computed, "table 0548: 1 is the patient, any other a guardian"),
        FieldRow(.signer, "CON-24", as: .computed, "of a patient all names; else those of PID-5"),
        FieldRow(.signedAt, "CON-13", as: .instant),
        .observed(.method),
    ]
    static let clinician: [FieldRow] = [
        consent,
        FieldRow(.party, "TXA-22", as: .computed, "SURGEON, or ANESTHETIST by the staff list"),
        FieldRow(.signer, "TXA-22.2", as: .computed, "prefix, given name, surname, suffix and degree"),
        FieldRow(.signerID, "TXA-22.1", as: .text),
        FieldRow(.signedAt, "TXA-22.15", as: .instant),
        .observed(.method),
    ]
    static let refusal: [FieldRow] = [
        consent,
        FieldRow(.signedAt, "CON-13", as: .instant),
        FieldRow(.reason, "CON-9", "NTE-3", "CON-11.2", as: .text),
    ]

    static let maps = [
        FieldMap(form: .consent, messages: "MDM^T02 with CON-11 P or A (CREATE)", rows: creation),
        FieldMap(form: .consent, messages: "MDM^T02, T04, T10 with OBX-3 CLAUSES (ACKNOWLEDGE)", rows: acknowledgment),
        FieldMap(form: .consent, messages: "MDM^T02, T04, T10 with CON-11 A (SIGN)", rows: signature),
        FieldMap(form: .consent, messages: "the same with TXA-17 AU or LA (SIGN of the clinician)", rows: clinician),
        FieldMap(form: .consent, messages: "MDM^T02, T04, T10 with CON-11 R or X (DECLINE, WITHDRAW)", rows: refusal),
    ]
}

extension MessageReading {
    mutating func readConsents(at event: Part) throws {
        for group in source.message.segments.groups("CON") {
            let status = group.part("CON-11").component(1)
            switch status.raw {
            case "P": try create(group, at: status, isCertain: source.event == "T02")
            case "A":
                if source.event == "T02" { try create(group, at: status, isCertain: false) }
                try acknowledge(group)
                try sign(group, at: status)
                try signByClinician(group)
            case "R": try consent("DECLINE", ConsentDocuments.refusal, group, at: status, isChange: true)
            case "X": try consent("WITHDRAW", ConsentDocuments.refusal, group, at: status, isChange: true)
            default:
                refuse(
                    .Entry.unknownCode, [.action], "CON-11 is none of P, A, R, X",
                    mend: "give the consent's status in CON-11",
                    at: status)
            }
        }
    }

    /// The consent's own segments before those of the whole message.
    private func fill(_ draft: inout FormDraft, _ rows: [FieldRow], _ group: Segments) throws {
        let own = rows.filter { row in row.paths.first.map { group[$0.segment] != nil } ?? false }
        try draft.refer(to: [source.message.part("TXA-12"), group.part("CON-4")])
        try draft.copy(own, from: group)
        try draft.copy(rows, from: source.message.segments)
        try draft.identify(by: source.message.segments)
    }

    private mutating func consent(
        _ action: String, _ rows: [FieldRow], _ group: Segments, at part: Part, isChange: Bool
    ) throws {
        var draft = FormDraft(.consent, action, at: part, from: source, isChange: isChange)
        try fill(&draft, rows, group)
        add(draft)
    }

    /// A document that comes signed may have been announced before; then its creation has no effect.
    private mutating func create(_ group: Segments, at part: Part, isCertain: Bool) throws {
        var draft = FormDraft(.consent, "CREATE", at: part, from: source, isChange: source.event != "T02")
        if !isCertain { draft.updateIfKnown() }
        let type = group.part("CON-2")
        let words = try [1, 2].compactMap { try type.component($0).text()?.uppercased() }.joined(separator: " ")
        let kinds = [
            ("SURG", "SURGICAL"), ("OPERAT", "SURGICAL"), ("PHOTO", "PHOTOGRAPHY"), ("REGIST", "REGISTRY"),
            ("FINANC", "FINANCIAL"), ("MARKET", "MARKETING"),
        ]
        if let kind = kinds.first(where: { words.contains($0.0) }) { draft.set(.kind, kind.1, at: type) }
        try fill(&draft, ConsentDocuments.creation, group)
        add(draft)
    }

    /// Clauses are acknowledged one by one; a consent whose clauses are open cannot be signed.
    private mutating func acknowledge(_ group: Segments) throws {
        let observations = group.all("OBX").filter { $0.field(3).component(1).raw.uppercased() == "CLAUSES" }
        guard let first = observations.first else { return }
        let clauses = try observations.flatMap { $0.field(5).repetitions }
            .compactMap { try $0.component(1).text()?.asListItem.unlessEmpty }
        var draft = FormDraft(
            .consent, "ACKNOWLEDGE", at: first.field(3), from: source, isChange: source.event != "T02")
        draft.set(.clauses, clauses.joined(separator: ";"), at: first.field(5))
        try fill(&draft, ConsentDocuments.acknowledgment, group)
        add(draft)
    }

    private mutating func sign(_ group: Segments, at part: Part) throws {
        var draft = FormDraft(.consent, "SIGN", at: part, from: source, isChange: source.event != "T02")
        let relation = group.part("CON-25").component(1)
        let isSelf = ["", "1", "SEL"].contains(relation.raw)
        draft.set(.party, isSelf ? "PATIENT" : "GUARDIAN", at: relation)
        let signer = group.part("CON-24")
        // A guardian must bear the name that NK1 gave.
        draft.set(.signer, try FormDraft.name(signer, isWhole: isSelf), at: signer)
        if isSelf {
            let name = source.message.part("PID-5")
            draft.set(.signer, try FormDraft.name(name), at: name)
        }
        try fill(&draft, ConsentDocuments.signature, group)
        add(draft)
    }

    /// TXA-17 says the document is authenticated, TXA-22 by whom and when.
    private mutating func signByClinician(_ group: Segments) throws {
        let person = source.message.part("TXA-22[1]")
        let status = source.message.part("TXA-17")
        guard status.raw == "AU" || status.raw == "LA", let id = try person.component(1).text()?.trimmed else { return }
        var draft = FormDraft(.consent, "SIGN", at: status, from: source, isChange: source.event != "T02")
        let role = source.rules.catalog.staff[StaffID(id)]?.role
        draft.set(.party, role == .anesthetist ? "ANESTHETIST" : "SURGEON", at: person)
        let name = try [6, 3, 2, 5, 7].compactMap {
            try person.component($0).subcomponent(1).text()?.trimmed.unlessEmpty
        }
        draft.set(.signer, name.joined(separator: " "), at: person.component(2))
        try fill(&draft, ConsentDocuments.clinician, group)
        add(draft)
    }
}
