import Clinic
import HL7

/// What an appointment books: services, places, people and things.
struct Booking {
    let segments: Segments
    private let source: LocatedMessage

    init(_ segments: Segments, in source: LocatedMessage) {
        self.segments = segments
        self.source = source
    }

    /// The segments of a name but those that the message takes back (table 0206, D).
    private func all(_ name: String) -> [Segment] { segments.all(name).filter { $0.field(2).raw != "D" } }

    /// It books one of our theaters or a procedure of ours; without any resource, it names the plan it is for.
    var isCase: Bool {
        get throws {
            if try theater() != nil { return true }
            if try !procedures().isEmpty { return true }
            let hasResources = !all("AIL").isEmpty || !all("AIS").isEmpty
            let plan = [segments.part("SCH-26"), segments.part("ORC-2")]
            return !hasResources && plan.contains { $0.presence == .valued }
        }
    }

    /// Sets what is not plainly copied.
    func fill(_ draft: inout FormDraft) throws {
        let isCase = draft.form == .surgicalCase
        try setMinutes(&draft)
        try setPeople(&draft, isCase: isCase)
        guard isCase else {
            try setKind(&draft)
            return
        }
        if let theater = try theater() { draft.set(.theater, theater.text, at: theater.part) }
        let procedures = try procedures()
        if let first = procedures.first {
            draft.set(.procedure, procedures.map(\.text).joined(separator: ";"), at: first.part)
        }
        let things = try things()
        if let first = things.first {
            draft.set(.equipment, things.map(\.text).joined(separator: ";"), at: first.part)
        }
    }

    private typealias Found = (text: String, part: Part)

    private func theater() throws -> Found? {
        let theaters = source.rules.catalog.theaters
        for repetition in all("AIL").flatMap({ $0.field(3).repetitions }) {
            for part in [1, 2, 3].map({ repetition.component($0) }) {
                guard let text = try part.subcomponent(1).text()?.trimmed else { continue }
                if theaters[TheaterID(text)] != nil { return (text, part) }
            }
        }
        return nil
    }

    private func procedures() throws -> [Found] {
        try all("AIS").compactMap { segment in
            let part = segment.field(3).component(1)
            guard let text = try part.text()?.trimmed else { return nil }
            return source.rules.catalog.procedures[ProcedureCode(text)] == nil ? nil : (text, part)
        }
    }

    /// AIG: some senders list people there.
    private func things() throws -> [Found] {
        try all("AIG").filter { try !isPerson($0) }.compactMap { segment in
            let part = segment.field(3).component(1)
            return try part.text()?.asListItem.unlessEmpty.map { ($0, part) }
        }
    }

    private func isPerson(_ segment: Segment) throws -> Bool {
        let id = try segment.field(3).component(1).text()?.trimmed ?? ""
        let type = segment.field(4).component(1).raw
        return source.rules.catalog.staff[StaffID(id)] != nil || type == "D" || type == "P"
    }

    private func setMinutes(_ draft: inout FormDraft) throws {
        let candidates = [("AIS-7", "AIS-8"), ("SCH-9", "SCH-10"), ("AIL-9", "AIL-10"), ("AIP-9", "AIP-10")]
        for (duration, unit) in candidates {
            let part = segments.part(duration).component(1)
            guard let text = try part.text().map(NumberText.plain) else { continue }
            return draft.set(.minutes, Self.minutes(text, unit: segments.part(unit).component(1).raw), at: part)
        }
    }

    /// A duration in minutes; one that is none of whole minutes is left as it stands, and so reported.
    private static func minutes(_ text: String, unit: String) -> String {
        guard let number = Digits.value(of: text.utf8), number < 1_000_000 else { return text }
        switch unit.uppercased() {
        case "H", "HR", "HRS", "HOUR", "HOURS": return String(number * 60)
        case "S", "SEC", "SECOND", "SECONDS": return number % 60 == 0 ? String(number / 60) : "\(text) s"
        default: return text
        }
    }

    private func setKind(_ draft: inout FormDraft) throws {
        let type = segments.part("SCH-8")
        let words = try [1, 2].compactMap { try type.component($0).text()?.uppercased() }.joined(separator: " ")
        let known = [
            ("FOLLOW", "FOLLOW_UP"), ("SECOND", "SECOND"), ("FIRST", "FIRST"), ("INITIAL", "FIRST"), ("NEW", "FIRST"),
        ]
        if let kind = known.first(where: { words.contains($0.0) }) { draft.set(.kind, kind.1, at: type) }
    }

    // MARK: People

    private struct Person {
        let id: String
        let role: String
        let part: Part
    }

    private func setPeople(_ draft: inout FormDraft, isCase: Bool) throws {
        var people = try all("AIP").flatMap { segment in
            try segment.field(3).repetitions.compactMap { try person($0, role: segment.field(4)) }
        }
        people += try all("AIG").filter { try isPerson($0) }.compactMap { try person($0.field(3), role: $0.field(5)) }
        var others: [Person] = []
        for person in people {
            if person.role == "SURGEON", !draft.has(.surgeon) {
                draft.set(.surgeon, person.id, at: person.part)
            } else if isCase, person.role == "ANESTHETIST", !draft.has(.anesthetist) {
                draft.set(.anesthetist, person.id, at: person.part)
            } else {
                others.append(person)
            }
        }
        // A consultation has one who holds it, whatever a system calls the role.
        if !isCase, let holder = others.first { draft.set(.surgeon, holder.id, at: holder.part) }
        guard isCase, let first = others.first else { return }
        draft.set(.staff, others.map { "\($0.role):\($0.id)".asListItem }.joined(separator: ";"), at: first.part)
        draft.placeItems(of: .staff, at: others.map(\.part))
    }

    private func person(_ name: Part, role: Part) throws -> Person? {
        let part = name.component(1)
        guard let id = try part.text()?.trimmed, !id.isEmpty else { return nil }
        let said = try role.component(1).text()?.trimmed.uppercased() ?? ""
        return Person(id: id, role: Self.role(said) ?? listed(id) ?? (said.isEmpty ? "STAFF" : said), part: part)
    }

    private static func role(_ code: String) -> String? {
        if code.contains("ASSIST") { return "ASSISTANT" }
        if code.contains("ANES") || code.contains("ANAES") { return "ANESTHETIST" }
        if code.contains("NURS") || code.contains("SCRUB") || code.contains("CIRC") { return code }
        return code.contains("SURG") ? "SURGEON" : nil
    }

    private func listed(_ id: String) -> String? { source.rules.catalog.staff[StaffID(id)]?.role.rawValue }
}
