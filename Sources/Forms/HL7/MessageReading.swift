import Clinic
import Drops
import HL7

/// What a message comes to: form entries, or what speaks against it, or nothing on purpose.
struct MessageReading {
    let source: LocatedMessage
    private(set) var drafts: [FormDraft] = []
    private(set) var findings: [LocatedFinding] = []
    /// What its transactions amount to, as a batch's total counts them.
    var amounts: [String] = []
    /// It is understood and has no effect.
    var hasNoEffect = false

    init(_ source: LocatedMessage) { self.source = source }

    mutating func add(_ draft: FormDraft) { drafts.append(draft) }

    mutating func refuse(_ rule: Rule, _ fields: [Field], _ detail: String, mend: String, at part: Part) {
        let place = source.place(part)
        findings.append(LocatedFinding(Finding(rule, fields, detail, mend: mend), at: place, places: [place]))
    }

    /// The type, the event or what else decides about a message is none that the clinic takes.
    mutating func refuseUnsupported(_ detail: String, at part: Part) {
        refuse(
            .Drop.hl7Unsupported, [], detail,
            mend:
                "take it out, or list its event under the source's `ignore:` in clinic.yml",
            at: part)
    }

    /// Reads the message by its type and event.
    mutating func read() throws {
        let code = source.message.header.field(9)
        switch (source.type, source.event) {
        case ("ADT", _): try readPatientMessage()
        case ("SIU", _): try readSchedule()
        case ("MDM", _): try readDocument()
        case ("OMG", "O19"), ("ORM", "O01"), ("OML", "O21"): try readOrders()
        case ("ORU", "R01"): try readResults()
        case ("INU", "U05"): try readStock()
        case ("DFT", "P03"): try readFinancial()
        case ("OMG", _), ("ORM", _), ("OML", _), ("ORU", _), ("INU", _), ("DFT", _):
            refuseUnsupported("messages of this event are not taken", at: code.component(2))
        default: refuseUnsupported("messages of this type are not taken", at: code.component(1))
        }
        if drafts.isEmpty, findings.isEmpty, !hasNoEffect { refuseEmpty() }
    }

    /// The segments that such a message is made of are not there: it must not pass for one without effect.
    private mutating func refuseEmpty() {
        let needed = ["OMG": "OBR", "ORM": "OBR", "OML": "OBR", "ORU": "OBR", "INU": "INV", "DFT": "FT1"]
        let segment = needed[source.type] ?? "PID"
        refuse(
            .Entry.missingField, [], "the message has no \(segment) segment", mend: "send it with what it is to tell",
            at: source.message.part(segment))
    }

    /// The form entries, each with a number of its own within the message.
    var forms: [FormEntry] {
        var used: [FormName: [String: Int]] = [:]
        return drafts.map { draft in
            var entry = draft.finished(controlID: source.message.controlID)
            guard let reference = entry.reference, !reference.text.isEmpty else { return entry }
            let count = used[entry.form, default: [:]][reference.text, default: 0] + 1
            used[entry.form, default: [:]][reference.text] = count
            if count > 1 { entry.reference?.text = "\(reference.text)-\(count)" }
            return entry
        }
    }
}
