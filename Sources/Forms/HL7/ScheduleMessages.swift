import Clinic
import Drops
import HL7

/// SIU: appointments, which are cases where a theater or a procedure of ours is booked, else consultations.
enum ScheduleMessages {
    private static let time: [FieldRow] = [
        FieldRow(.startsAt, "SCH-11.4", "TQ1-7", "AIS-4", "AIL-6", "AIP-6", as: .instant),
        FieldRow(.minutes, "AIS-7", "SCH-9", as: .computed, "in the units of AIS-8 or SCH-10; minutes without"),
        FieldRow(.surgeon, "AIP-3.1", as: .computed, "the one whose role (AIP-4) or place in the staff list says so"),
    ]

    static let consultation: [FieldRow] =
        [FieldRow(.consultation, "SCH-1", "SCH-2", as: .entity)] + time + [
            FieldRow(.reason, "SCH-7.2", "SCH-7.1", "SCH-6.2", "SCH-6.1", as: .text),
            FieldRow(.kind, "SCH-8", as: .computed, "FOLLOW_UP, FIRST or SECOND where the code or its text says so"),
            .observed(.inPerson),
        ]

    static let surgicalCase: [FieldRow] =
        [
            FieldRow(.surgicalCase, "SCH-1", "SCH-2", as: .entity),
            FieldRow(.plan, "SCH-26", "ORC-2", as: .entity),
            FieldRow(.theater, "AIL-3", as: .computed, "the point of care, room or bed that is one of our theaters"),
        ] + time + [
            FieldRow(.anesthetist, "AIP-3.1", as: .computed, "by role"),
            FieldRow(.staff, "AIP-3.1", as: .computed, "everybody else, as ROLE:ID"),
            FieldRow(.equipment, "AIG-3.1", as: .computed, "what is no person"),
            FieldRow(.procedure, "AIS-3.1", as: .computed, "codes of the catalog"),
            FieldRow(.side, "AIS-11", "AIS-12", "OBR-45", as: .side, "table 0340: LT, RT, 50"),
            .observed(.asaClass),
        ]

    static let ending: [FieldRow] = [
        FieldRow(.reason, "SCH-6.2", "SCH-6.1", "SCH-7.2", "SCH-7.1", as: .text)
    ]

    private static let caseID = [FieldRow(.surgicalCase, "SCH-1", "SCH-2", as: .entity)]
    private static let consultationID = [FieldRow(.consultation, "SCH-1", "SCH-2", as: .entity)]

    static let course: [FieldRow] = [.observed(.asaClass), .observed(.anesthesiaMinutes)]

    static func ending(of form: FormName) -> [FieldRow] { (form == .surgicalCase ? caseID : consultationID) + ending }

    static let maps = [
        FieldMap(form: .consultation, messages: "SIU^S12, S13, S14", rows: consultation + PatientMessages.identity),
        FieldMap(
            form: .consultation, messages: "SIU^S15, S16, S17, S26",
            rows: consultationID + ending + PatientMessages.identity),
        FieldMap(form: .surgicalCase, messages: "SIU^S12, S13, S14", rows: surgicalCase + PatientMessages.identity),
        FieldMap(
            form: .surgicalCase, messages: "SIU^S15, S16, S17, S26",
            rows: caseID + ending + PatientMessages.identity),
        FieldMap(
            form: .surgicalCase, messages: "SIU with SCH-25 Started or Complete",
            rows: caseID + [FieldRow(.occurredAt, "MSH-7", as: .instant)] + course),
    ]
}

extension MessageReading {
    mutating func readSchedule() throws {
        let segments = source.message.segments
        let event = source.message.header.field(9).component(2)
        let status = segments.part("SCH-25").component(1)
        let booking = Booking(segments, in: source)
        let form: FormName = try booking.isCase ? .surgicalCase : .consultation
        switch (source.event, status.raw.uppercased()) {
        case ("S15", _), ("S16", _), ("S17", _): try endSchedule(form, "CANCEL", at: event)
        case ("S26", _): try endSchedule(form, form == .surgicalCase ? "CANCEL" : "NO_SHOW", at: event)
        case ("S12", let status), ("S13", let status), ("S14", let status):
            try readBooked(status, booking, as: form, at: event)
        default: refuseUnsupported("messages of this event are not taken", at: event)
        }
    }

    /// A new or changed appointment, whose filler status (table 0278) may say more than its event.
    private mutating func readBooked(_ status: String, _ booking: Booking, as form: FormName, at event: Part) throws {
        let statusPart = source.message.part("SCH-25")
        switch status {
        case "STARTED", "COMPLETE":
            guard form == .surgicalCase else {
                // What a consultation came to is said by its note.
                hasNoEffect = true
                return
            }
            var draft = FormDraft(
                form, status == "STARTED" ? "START" : "COMPLETE", at: statusPart, from: source, isChange: true)
            try draft.refer(to: [source.message.part("SCH-1"), source.message.part("SCH-2")])
            draft.set(.occurredAt, source.sentAt, at: source.message.part("MSH-7"))
            let rows = Array(ScheduleMessages.ending(of: form).prefix(1)) + ScheduleMessages.course
            try draft.copy(rows, from: source.message.segments)
            try draft.identify(by: source.message.segments)
            add(draft)
        case "PENDING", "WAITLIST": hasNoEffect = true
        case "CANCELLED", "CANCELED", "DC", "DELETED": try endSchedule(form, "CANCEL", at: statusPart)
        case "NOSHOW": try endSchedule(form, form == .surgicalCase ? "CANCEL" : "NO_SHOW", at: statusPart)
        default: try schedule(booking, as: form, at: event)
        }
    }

    private mutating func schedule(_ booking: Booking, as form: FormName, at event: Part) throws {
        let isNew = source.event == "S12"
        let segments = booking.segments
        var draft = FormDraft(form, isNew ? "SCHEDULE" : "RESCHEDULE", at: event, from: source, isChange: !isNew)
        try draft.refer(to: [segments.part("SCH-1"), segments.part("SCH-2")])
        try booking.fill(&draft)
        let rows = form == .surgicalCase ? ScheduleMessages.surgicalCase : ScheduleMessages.consultation
        try draft.copy(rows, from: segments)
        try draft.identify(by: segments)
        add(draft)
    }

    private mutating func endSchedule(_ form: FormName, _ action: String, at part: Part) throws {
        let segments = source.message.segments
        var draft = FormDraft(form, action, at: part, from: source, isChange: true)
        try draft.refer(to: [segments.part("SCH-1"), segments.part("SCH-2")])
        try draft.copy(ScheduleMessages.ending(of: form), from: segments)
        if source.event == "S26" { draft.set(.reason, "did not come", at: part) }
        try draft.identify(by: segments)
        add(draft)
    }
}
