import Clinic
import Drops
import HL7

/// ADT: patients register, change, are merged, die.
enum PatientMessages {
    /// What every message says of its patient.
    static let identity: [FieldRow] = [
        FieldRow(
            .mrn, "PID-3", as: .computed,
            "the repetition with the clinic as its authority, or that has a well-formed MRN"),
        FieldRow(.identifiers, "PID-3", "PID-2", as: .computed, "every other repetition, as authority/number"),
        FieldRow(.familyName, "PID-5.1", as: .name),
        FieldRow(.birthDate, "PID-7", as: .date),
    ]

    /// What a registration and a change say besides.
    static let person: [FieldRow] = [
        FieldRow(.givenName, "PID-5.2", as: .name),
        FieldRow(.middleName, "PID-5.3", as: .name),
        FieldRow(.sex, "PID-8", as: .text, "table 0001"),
        FieldRow(.address, "PID-11.1", as: .name),
        FieldRow(.city, "PID-11.3", as: .name),
        FieldRow(.region, "PID-11.4", as: .name),
        FieldRow(.postalCode, "PID-11.5", as: .name),
        FieldRow(.country, "PID-11.6", as: .name),
        FieldRow(.phone, "PID-13", "PID-40", as: .computed, "the first that is no e-mail: XTN.1, else 5 to 7, else 12"),
        FieldRow(.email, "PID-13.4", "PID-40.4", as: .computed, "XTN.4, or XTN.1 with use NET"),
        FieldRow(.language, "PID-15.1", as: .text),
        FieldRow(.nationalID, "PID-19", as: .text, "else PID-3 of type NI or SS"),
        FieldRow(.allergies, "AL1-3", "IAM-3", as: .computed, "the text, else the code, of each; none known is NONE"),
        FieldRow(.emergencyContact, "NK1-2", as: .computed, "contact role C or relationship EMC, else the first"),
        FieldRow(.emergencyPhone, "NK1-5", as: .computed),
        FieldRow(.guardianName, "NK1-2", as: .computed, "relationship GRD"),
        FieldRow(.guardianRelation, "NK1-3", as: .computed),
        FieldRow(.insurer, "IN1-3.1", "IN1-4.1", as: .computed, "the one that the payer list knows"),
        FieldRow(.policyNumber, "IN1-36", as: .text),
        FieldRow(.coverageFrom, "IN1-12", as: .date),
        FieldRow(.coverageTo, "IN1-13", as: .date),
        .observed(.enteredBy), .observed(.preferredName), .observed(.occupation), .observed(.referralSource),
        .observed(.medications, isList: true), .observed(.conditions, isList: true),
        .observed(.previousSurgeries, isList: true), .observed(.smoker), .observed(.heightCentimeters),
        .observed(.weightKilograms), .observed(.contactConsent),
    ]

    static let merge: [FieldRow] = [
        FieldRow(.mrn, "MRG-1", as: .computed, "the number that ends"),
        FieldRow(.identifiers, "MRG-1", as: .computed, "the number that ends, where it is another system's"),
        FieldRow(.intoMRN, "PID-3", as: .computed, "the number that stays"),
        FieldRow(.intoIdentifiers, "PID-3", as: .computed, "the number that stays, where it is another system's"),
        FieldRow(.familyName, "MRG-7.1", as: .name),
    ]

    static let change: [FieldRow] = [
        FieldRow(.formerIdentifiers, "MRG-1", as: .computed, "the other system's number that ends")
    ]

    static let death: [FieldRow] = [FieldRow(.occurredAt, "PID-29", as: .instantOrDay)]

    static let maps = [
        FieldMap(form: .registration, messages: "ADT^A28, A01, A04, A05", rows: identity + person),
        FieldMap(form: .patient, messages: "ADT^A08, A31, A60", rows: identity + person),
        FieldMap(form: .patient, messages: "ADT^A46, A47", rows: identity + change),
        FieldMap(form: .patient, messages: "ADT^A40, A34, A36, A39, A18, A30", rows: merge),
        FieldMap(form: .patient, messages: "any ADT with PID-30 Y or PID-29", rows: death),
    ]
}

extension MessageReading {
    mutating func readPatientMessage() throws {
        let event = source.message.header.field(9).component(2)
        let segments = source.message.segments
        switch source.event {
        case "A28":
            add(try person(.registration, "REGISTER", at: event))
        case "A01", "A04", "A05":
            var draft = try person(.registration, "REGISTER", at: event)
            draft.updateIfKnown()
            add(draft)
        case "A08", "A31":
            add(try person(.patient, "UPDATE", at: event))
        case "A46", "A47":
            add(try changedIdentifier(at: event))
        case "A60":
            var draft = FormDraft(.patient, "UPDATE", at: event, from: source, deletes: true)
            try draft.setAllergies(from: segments)
            try draft.identify(by: segments)
            add(draft)
        case "A18", "A30", "A34", "A36", "A39", "A40":
            try readMerges(at: event)
            return
        default:
            refuseUnsupported("messages of this event are not taken", at: event)
            return
        }
        try readDeath(at: event)
    }

    private func person(_ form: FormName, _ action: String, at part: Part) throws -> FormDraft {
        let segments = source.message.segments
        var draft = FormDraft(form, action, at: part, from: source, deletes: form == .patient)
        try draft.setTelecommunication(from: segments)
        try draft.setNationalID(from: segments)
        try draft.setAllergies(from: segments)
        try draft.setContacts(from: segments)
        try draft.setInsurer(from: segments)
        try draft.copy(PatientMessages.person, from: segments)
        try draft.identify(by: segments)
        return draft
    }

    /// The old number finds the patient, and the new one takes its place.
    private mutating func changedIdentifier(at part: Part) throws -> FormDraft {
        let segments = source.message.segments
        var draft = FormDraft(.patient, "UPDATE", at: part, from: source)
        let prior = try PatientNumbers(segments.part("MRG-1"), in: source)
        let present = try PatientNumbers(segments.part("PID-3"), in: source)
        if let mrn = prior.mrn ?? present.mrn { draft.set(.mrn, mrn.text, at: mrn.part) }
        if let old = prior.mrn, let new = present.mrn, MRN(old.text) != MRN(new.text) {
            refuse(
                .Entry.badValue, [.mrn], "the clinic's own number of a patient never changes",
                mend: "send a merge (A40), if the two numbers are of one person", at: segments.part("MRG-1"))
        }
        try draft.copy(PatientMessages.identity, from: segments)
        let kept = present.others.map { Array($0.text.utf8) }
        let former = prior.others.filter { !kept.contains(Array($0.text.utf8)) }
        for (field, numbers) in [(Field.formerIdentifiers, former), (.identifiers, present.others)] {
            guard let first = numbers.first else { continue }
            draft.set(field, numbers.map(\.text).joined(separator: ";"), at: first.part)
        }
        return draft
    }

    /// One merge for each PID with its MRG.
    private mutating func readMerges(at part: Part) throws {
        for group in source.message.segments.groups("PID") {
            var draft = FormDraft(.patient, "MERGE", at: part, from: source)
            let prior = try PatientNumbers(group.part("MRG-1"), in: source)
            let surviving = try PatientNumbers(group.part("PID-3"), in: source)
            if let mrn = prior.mrn { draft.set(.mrn, mrn.text, at: mrn.part) }
            if let mrn = surviving.mrn { draft.set(.intoMRN, mrn.text, at: mrn.part) }
            let others = prior.others.map(\.text)
            draft.set(.identifiers, others.joined(separator: ";"), at: prior.others.first?.part ?? group.part("MRG-1"))
            if let first = surviving.others.first {
                draft.set(
                    .intoIdentifiers, surviving.others.map(\.text).joined(separator: ";"), at: first.part)
            }
            try draft.copy(PatientMessages.merge, from: group)
            if prior.isSame(as: surviving) {
                refuse(
                    .Entry.badValue, [.mrn, .intoMRN], "MRG-1 and PID-3 are the same number",
                    mend: "give the number that ends in MRG-1 and the one that stays in PID-3", at: group.part("MRG-1"))
            }
            add(draft)
        }
        if drafts.isEmpty {
            refuse(
                .Entry.missingField, [.intoMRN], "the message names no patient",
                mend: "give PID and MRG for each merge",
                at: source.message.part("PID-3"))
        }
    }

    private mutating func readDeath(at part: Part) throws {
        let segments = source.message.segments
        let indicator = segments.part("PID-30")
        let time = segments.part("PID-29")
        guard indicator.raw == "Y" || (time.presence == .valued && indicator.raw != "N") else { return }
        var draft = FormDraft(.patient, "DECEASE", at: indicator.presence == .valued ? indicator : time, from: source)
        try draft.copy(PatientMessages.death, from: segments)
        try draft.identify(by: segments)
        add(draft)
    }
}
