import Clinic
import Drops
import HL7

/// What a message comes to: form entries, or what speaks against it, or nothing on purpose.
struct MessageReading {
    let source: LocatedMessage
    private(set) var drafts: [FormDraft] = []
    private(set) var findings: [LocatedFinding] = []
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
                "take it out, or list its event under the source's `ignore:` in clinic.yml; `suture forms` tells what is taken",
            at: part)
    }

    /// Reads the message by its type and event.
    mutating func read() throws {
        switch source.type {
        case "ADT": try readPatientMessage()
        default:
            refuseUnsupported("messages of this type are not taken", at: source.message.header.field(9).component(1))
        }
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
