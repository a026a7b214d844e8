import Clinic
import Drops
import HL7

/// A form entry while it is filled from a message.
struct FormDraft {
    private(set) var entry: FormEntry
    let source: LocatedMessage
    /// The number that the sender knows it by.
    private(set) var business: LocatedText?
    /// The business number names a thing that this entry changes, so the number alone is no number of the entry.
    let isChange: Bool
    /// `""` means something: the form changes what is there.
    let deletes: Bool

    init(
        _ form: FormName, _ action: String, at part: Part, from source: LocatedMessage, isChange: Bool = false,
        deletes: Bool = false
    ) {
        self.source = source
        self.isChange = isChange
        self.deletes = deletes
        entry = FormEntry(form: form, place: source.place)
        entry.action = LocatedText(action, at: source.place(part))
        entry.sentAt = source.sentAt
    }

    /// Marks it as wanted only where the clinic does not know it yet.
    mutating func updateIfKnown() { entry.updatesIfKnown = true }

    /// Leaves it to the domain to find a field out where the message has none.
    mutating func infer(_ field: Field) { entry.inferable.insert(field) }

    var form: FormName { entry.form }

    func has(_ field: Field) -> Bool { entry.fields[field] != nil }

    func text(_ field: Field) -> String? { entry.fields[field]?.text }

    /// Sets a field that is not set yet, unless the text is empty.
    mutating func set(_ field: Field, _ text: String?, at part: Part) {
        guard !has(field), let text, !text.isEmpty else { return }
        entry.set(field, text, at: source.place(part))
    }

    /// Notes where each item of a list stands.
    mutating func placeItems(of field: Field, at parts: [Part]) {
        entry.fields[field]?.items = parts.map { source.place($0) }
    }

    /// Sets a field from the first of these parts that has a value.
    mutating func set(_ field: Field, from parts: [Part], as shape: FieldRow.Shape) throws {
        for part in parts {
            if let text = try source.text(part, as: shape), !text.isEmpty { return set(field, text, at: part) }
        }
    }

    /// Takes the first identifier there is as the sender's number of the entry.
    mutating func refer(to parts: [Part], as shape: FieldRow.Shape = .entity) throws {
        for part in parts where business == nil {
            if let text = try source.text(part, as: shape), !text.isEmpty {
                business = LocatedText(text, at: source.place(part))
            }
        }
    }

    /// Sets the fields that rows plainly copy, and notes for all rows where the value should be.
    mutating func copy(_ rows: [FieldRow], from segments: Segments) throws {
        for row in rows where !has(row.field) {
            if let label = row.label {
                try observe(row, label, in: segments)
            } else if row.shape != .computed {
                try copy(row, from: segments)
            }
            if !has(row.field), entry.expected[row.field] == nil, let path = row.paths.first {
                entry.expected[row.field] = source.place(segments.part(path))
            }
        }
    }

    /// Sets a field from the observations that bear its name.
    private mutating func observe(_ row: FieldRow, _ label: String, in segments: Segments) throws {
        let named = segments.all("OBX").filter { $0.field(3).component(1).raw.uppercased() == label }
        guard let first = named.first?.field(5) else { return }
        if deletes, first.presence == .delete { return set(row.field, "\"\"", at: first) }
        let texts = try named.flatMap { segment in
            try segment.field(5).repetitions.compactMap {
                try source.observation($0, type: segment.field(2).raw)?.unlessEmpty
            }
        }
        let isList = row.shape == .observedList
        set(row.field, (isList ? texts.map(\.asListItem) : texts).joined(separator: isList ? ";" : "\n"), at: first)
    }

    private mutating func copy(_ row: FieldRow, from segments: Segments) throws {
        for path in row.paths {
            let part = segments.part(path)
            if deletes, part.presence == .delete || isDeleted(path, in: segments) {
                return set(row.field, "\"\"", at: part)
            }
            let text = row.shape == .list ? try list(path, in: segments) : try source.text(part, as: row.shape)
            if let text, !text.isEmpty { return set(row.field, text, at: part) }
        }
    }

    /// The whole field is `""`, and with it each component.
    private func isDeleted(_ path: Path, in segments: Segments) -> Bool {
        guard path.component != nil, let field = path.field, let segment = segments[path.segment] else { return false }
        return path.occurrence == 1 && segment.field(field).presence == .delete
    }

    /// The component of every repetition in every segment of the name.
    private func list(_ path: Path, in segments: Segments) throws -> String? {
        guard let field = path.field else { return nil }
        return try segments.all(path.segment).flatMap { $0.field(field).repetitions }
            .compactMap { try $0.component(path.component ?? 1).text()?.asListItem.unlessEmpty }
            .joined(separator: ";").unlessEmpty
    }

    /// The finished entry, its number made from the message's where the sender gave none.
    func finished(controlID: String) -> FormEntry {
        var finished = entry
        let control = source.message.header.field(10)
        if let business {
            let text = isChange && !controlID.isEmpty ? "\(business.text)/\(controlID)" : business.text
            // A number that would be too long says more by the message's own.
            let fits = text.utf8.count <= 76 || controlID.isEmpty
            finished.reference = LocatedText(fits ? text : controlID, at: business.place)
        } else {
            finished.reference = LocatedText(controlID, at: source.place(control))
        }
        return finished
    }
}
