import Clinic
import Drops
import XML

/// A clinical document (HL7 CDA Release 2) as a form: a consultation's note, or an operation's.
///
/// | CDA | form |
/// |---|---|
/// | code 11488-4, or the template of a consultation note | consultation COMPLETE; AMEND where relatedDocument is RPLC or APND |
/// | code 11504-8 | case NOTE |
/// | id | reference, as `authority/extension`, else its root |
/// | encompassingEncounter/id | consultation or case, in the same way |
/// | effectiveTime/high of the encounter, else effectiveTime | occurred_at |
/// | author/assignedAuthor/id, legalAuthenticator | surgeon: the first that is on the staff list, else the author |
/// | recordTarget/patientRole | mrn where the number is ours, else identifiers; family_name, birth_date |
/// | code AMB or VR of the encounter | in_person |
/// | sections by LOINC code | goals, findings, advice; all others notes, under their titles |
struct ClinicalDocument {
    static let namespace = "urn:hl7-org:v3"

    private let root: Element
    private let rules: ReadingRules
    private(set) var form: FormEntry?
    private(set) var findings: [LocatedFinding] = []

    init(_ root: Element, rules: ReadingRules) {
        self.root = root
        self.rules = rules
        read()
    }

    private mutating func read() {
        let code = root.at("code")
        let isConsultation =
            code?.string(of: "code") == "11488-4"
            || root.all("templateId").contains { $0.string(of: "root") == "2.16.840.1.113883.10.20.22.1.4" }
        let isOperation = code?.string(of: "code") == "11504-8"
        guard isConsultation || isOperation else {
            return refuse(
                .Drop.unknownForm, [], "the document is neither a consultation note nor an operative note",
                mend: "give its kind in code: LOINC 11488-4 or 11504-8", at: code ?? root)
        }
        let replaces = root.all("relatedDocument").contains { ["RPLC", "APND"].contains($0.string(of: "typeCode")) }
        let action = isOperation ? "NOTE" : replaces ? "AMEND" : "COMPLETE"
        var form = FormEntry(form: isOperation ? .surgicalCase : .consultation, place: Place(root.position))
        form.action = LocatedText(action, at: place(code ?? root))
        if let id = root.at("id"), let text = Self.identifier(id) { form.reference = LocatedText(text, at: place(id)) }
        identify(&form)
        let encounter = root.at("componentOf", "encompassingEncounter")
        let subject: Field = isOperation ? .surgicalCase : .consultation
        if let id = encounter?.at("id") { form.set(subject, Self.identifier(id), at: place(id)) }
        form.expected[subject] = place(encounter ?? root, "encompassingEncounter/id")
        setTime(&form, encounter: encounter)
        if isConsultation {
            setAuthor(&form)
            setPresence(&form, encounter: encounter)
        }
        setText(&form, sorted: isConsultation)
        self.form = form
    }

    /// `authority/extension`, as HL7 v2 identifiers are written; a root alone is a number that is unique in the world.
    static func identifier(_ id: Element) -> String? {
        guard let value = id.string(of: "extension")?.trimmed.unlessEmpty else {
            return id.string(of: "root")?.unlessEmpty
        }
        return id.string(of: "assigningAuthorityName")?.unlessEmpty.map { "\($0)/\(value)" } ?? value
    }

    private mutating func identify(_ form: inout FormEntry) {
        guard let role = root.at("recordTarget", "patientRole") else { return }
        var others: [(text: String, place: Place)] = []
        for id in role.all("id") {
            guard let number = id.string(of: "extension")?.trimmed.unlessEmpty else { continue }
            let authority = id.string(of: "assigningAuthorityName")?.unlessEmpty
            let isOurs = authority == rules.catalog.clinic.name || MRN(number).isWellFormed
            if isOurs, form.fields[.mrn] == nil {
                form.set(.mrn, number, at: place(id))
            } else if let within = authority ?? id.string(of: "root") {
                others.append(("\(within)/\(number)".asListItem, place(id)))
            }
        }
        if let first = others.first {
            form.set(.identifiers, others.map(\.text).joined(separator: ";"), at: first.place)
        }
        if let family = role.at("patient", "name", "family") { form.set(.familyName, family.string, at: place(family)) }
        if let birth = role.at("patient", "birthTime"), let value = birth.string(of: "value") {
            form.set(.birthDate, TimeText.date(value), at: place(birth))
        }
    }

    /// A consultation is over when its encounter is; where nobody says, the note was written then.
    private func setTime(_ form: inout FormEntry, encounter: Element?) {
        for element in [encounter?.at("effectiveTime", "high"), root.at("effectiveTime")] {
            guard let element, let value = element.string(of: "value"),
                let text = TimeText.instant(value, zone: nil, dayIsEnough: false)
            else { continue }
            return form.set(.occurredAt, text, at: place(element))
        }
        form.expected[.occurredAt] = place(root.at("effectiveTime") ?? root, "effectiveTime")
    }

    private func setAuthor(_ form: inout FormEntry) {
        let ids =
            root.all("author").flatMap { $0.at("assignedAuthor")?.all("id") ?? [] }
            + root.all("legalAuthenticator").flatMap { $0.at("assignedEntity")?.all("id") ?? [] }
        let named = ids.filter { $0.string(of: "extension")?.unlessEmpty != nil }
        let known = named.first { id in
            id.string(of: "extension").flatMap { rules.catalog.staff[StaffID($0)] }?.role == .surgeon
        }
        guard let id = known ?? named.first else { return }
        form.set(.surgeon, id.string(of: "extension"), at: place(id))
    }

    private func setPresence(_ form: inout FormEntry, encounter: Element?) {
        guard let code = encounter?.at("code"), let text = code.string(of: "code") else { return }
        if text == "AMB" { form.set(.inPerson, "Y", at: place(code)) }
        if text == "VR" { form.set(.inPerson, "N", at: place(code)) }
    }

    // MARK: - Text

    /// Histories that a surgeon takes: past illness, and history in general.
    private static let histories: Set<String> = ["11348-0", "11329-0"]

    private mutating func setText(_ form: inout FormEntry, sorted: Bool) {
        if let body = root.at("component", "nonXMLBody", "text") {
            guard body.string(of: "representation") != "B64",
                body.string(of: "mediaType") ?? "text/plain" == "text/plain"
            else {
                return refuse(
                    .Entry.badValue, [.notes], "the body of the document is a file of its own, and no text",
                    mend: "send the note as a structured body, or as plain text", at: body)
            }
            form.set(.notes, body.string, at: place(body))
            return
        }
        for section in root.all("component").compactMap({ $0.at("structuredBody") })
            .flatMap({ $0.all("component") }).compactMap({ $0.at("section") })
        {
            add(section, to: &form, sorted: sorted)
        }
        form.expected[.notes] = place(root, "structuredBody")
    }

    private func add(_ section: Element, to form: inout FormEntry, sorted: Bool) {
        let code = section.at("code")?.string(of: "code") ?? ""
        if let block = section.at("text") {
            let text = Narrative.text(of: block)
            let field = sorted ? NoteText.sections[code] ?? .notes : .notes
            let title = section.at("title")?.string.unlessEmpty
            let whole = field == .notes ? [title, text.unlessEmpty].compactMap { $0 }.joined(separator: "\n") : text
            if !text.isEmpty {
                let earlier = form.fields[field].map { $0.text + "\n" } ?? ""
                form.fields[field] = LocatedText(earlier + whole, at: form.fields[field]?.place ?? place(block))
                if sorted, code == "29545-1" { form.set(.examined, "Y", at: place(section)) }
                if sorted, Self.histories.contains(code) { form.set(.historyReviewed, "Y", at: place(section)) }
            }
        }
        for inner in section.all("component").compactMap({ $0.at("section") }) {
            add(inner, to: &form, sorted: sorted)
        }
    }

    private func place(_ element: Element, _ name: String? = nil) -> Place {
        Place(element.position, name: name ?? element.name.local)
    }

    private mutating func refuse(_ rule: Rule, _ fields: [Field], _ detail: String, mend: String, at element: Element) {
        let place = place(element)
        findings.append(LocatedFinding(Finding(rule, fields, detail, mend: mend), at: place, places: [place]))
    }
}
