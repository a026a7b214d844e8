import Clinic
import Digests
import Dispatch
import Documents
import Drops
import Forms
import Records
import Synchronization

/// A command with the places of its fields, ready to be decided, now or after a hold.
struct PreparedCommand: Codable, Sendable {
    var command: Command
    /// SHA-256 over form, action and values, without secrets.
    var fingerprint: String
    /// Findings of the reading; a command with any is decided only to report the rest.
    var findings: [LocatedFinding] = []
    var places: [Field: Place]
    /// Where the items of a list stand, where each has a place of its own.
    var itemPlaces: [Field: [Place]]
    var shapes: [Field: String]
    var place: Place
    /// It is wanted only where what it makes is not there yet.
    var isOnlyIfUnknown: Bool

    private enum CodingKeys: String, CodingKey {
        case command, fingerprint, places, itemPlaces, shapes, place, isOnlyIfUnknown
    }

    init(_ read: ReadCommand) throws {
        command = read.command
        fingerprint = ""
        findings = read.findings
        places = read.places.mapValues(\.place)
        itemPlaces = read.places.compactMapValues { $0.items.isEmpty ? nil : $0.items }
        // Not even the length of a password is told.
        shapes = read.places.filter { $0.key != .password }.mapValues { ValueShape.describe($0.text) }
        place = read.place
        isOnlyIfUnknown = read.isOnlyIfUnknown
        fingerprint = try PreparedCommand.fingerprint(of: command)
    }

    /// A finding of the domain, with its places; `blanks` are the places of fields that were found to be missing.
    func locate(_ finding: Finding, blanks: [Field: Place] = [:]) -> LocatedFinding {
        var named = finding.fields.map { field in
            places[field] ?? blanks[field]
                ?? Place(line: place.line, byteOffset: place.byteOffset, name: field.rawValue)
        }
        // The list that it is about may be that of an earlier entry.
        if let item = finding.item, let field = finding.fields.first, itemShape(item, of: field) != nil {
            named[0] = itemPlaces[field].flatMap { $0.indices.contains(item) ? $0[item] : nil } ?? named[0].item(item)
        }
        return LocatedFinding(
            finding, at: named.first ?? place, places: named,
            shape: finding.item.flatMap { item in finding.fields.first.flatMap { itemShape(item, of: $0) } }
                ?? finding.fields.lazy.compactMap { shapes[$0] }.first)
    }

    /// What one item of a list looks like.
    private func itemShape(_ item: Int, of field: Field) -> String? {
        guard let items = command.list(field), items.indices.contains(item) else { return nil }
        return ValueShape.describe(items[item])
    }

    private struct Content: Encodable {
        let form: FormName
        let action: Action
        let values: [Field: Value]
    }

    private static func fingerprint(of command: Command) throws -> String {
        var values = command.values
        values[.password] = nil
        let content = Content(form: command.form, action: command.action, values: values)
        return Hexadecimal.encode(SHA256.digest(of: try CanonicalJSON.bytes(of: content)))
    }
}

/// What an entry wants, as it waits in a hold.
struct EntryContent: Codable, Sendable {
    var commands: [PreparedCommand]

    /// A later decision is taken at its own time.
    mutating func retime(now: Instant) {
        for index in commands.indices { commands[index].command.now = now }
    }
}

/// An entry of a drop with its commands typed, its password hashed.
struct PreparedEntry: Sendable {
    let read: ReadEntry
    var content: EntryContent
    /// What tells the same message sent again: sender, control id and content.
    let messageKey: String?

    var commands: [PreparedCommand] { content.commands }

    var forms: [EntryForm] {
        content.commands.enumerated().map { index, prepared in
            let command = prepared.command
            return EntryForm(
                form: command.form, action: unknownAction(of: index) ?? command.action, reference: command.reference)
        }
    }

    /// The action as it was written, where the form has no such one; nil where it does not look like an action.
    private func unknownAction(of index: Int) -> Action? {
        let isUnknown = commands[index].findings.contains {
            $0.finding.rule == Rule.Entry.unknownCode && $0.finding.fields == [.action]
        }
        guard isUnknown, read.forms.indices.contains(index), let text = read.forms[index].action?.text,
            text.utf8.count <= 20, text.allSatisfy({ $0.isASCII && ($0.isLetter || $0 == "_" || $0 == "-") })
        else { return nil }
        return Action(text)
    }
}

/// Turns entries as read into entries that can be decided.
struct EntryPreparation: Sendable {
    let rules: ReadingRules
    let policy: Policy
    let arrivedAt: Instant
    let now: Instant
    /// Makes bcrypt's salt for an entry, the same again after a crash.
    let salt: @Sendable (_ entry: Int, _ form: Int) -> [UInt8]

    /// Prepares a chunk; passwords are hashed on two threads, for bcrypt takes longer than all else.
    func prepare(_ entries: [ReadEntry]) throws -> [PreparedEntry] {
        guard entries.contains(where: { !$0.secrets.isEmpty }), entries.count > 1 else {
            return try entries.map { try prepare($0) }
        }
        let results = Mutex([Int: Result<PreparedEntry, any Error>]())
        DispatchQueue.concurrentPerform(iterations: entries.count) { index in
            let result = Result { try prepare(entries[index]) }
            results.withLock { $0[index] = result }
        }
        let prepared = results.withLock { $0 }
        return try entries.indices.compactMap { try prepared[$0]?.get() }
    }

    func prepare(_ entry: ReadEntry) throws -> PreparedEntry {
        var commands: [PreparedCommand] = []
        for (index, form) in entry.forms.enumerated() {
            var read = form.read(by: rules, arrivedAt: arrivedAt, now: now)
            checkSource(form, &read)
            if let password = read.command.text(.password) {
                read.command.values[.password] = nil
                try hash(password, of: &read, entry: entry.number, form: index)
            }
            commands.append(try PreparedCommand(read))
        }
        return PreparedEntry(read: entry, content: EntryContent(commands: commands), messageKey: try key(of: entry))
    }

    private func checkSource(_ form: FormEntry, _ read: inout ReadCommand) {
        guard !rules.forms.contains(form.form) else { return }
        read.findings.append(
            read.locate(
                Finding(
                    .Entry.formNotAllowed, [], "this source may not drop the form \(form.form)",
                    mend: "drop it into the folder of a source that may, or let clinic.yml allow it")))
    }

    private func hash(_ password: String, of read: inout ReadCommand, entry: Int, form: Int) throws {
        let bytes = Array(password.utf8)
        if password.unicodeScalars.count < policy.minimumPasswordLength {
            read.findings.append(
                read.locate(
                    Finding(
                        .PatientRules.weakPassword, [.password],
                        "the password has fewer than \(policy.minimumPasswordLength) characters",
                        mend:
                            "let the patient choose a longer one, or leave it out: the account is then invited by mail")
                ))
            return
        }
        guard read.findings.isEmpty else { return }
        read.command.passwordHash = try Bcrypt.hash(bytes, cost: policy.bcryptCost, salt: salt(entry, form))
    }

    private func key(of entry: ReadEntry) throws -> String? {
        guard let message = entry.message, !message.controlID.isEmpty else { return nil }
        let values = entry.forms.map { form in
            form.fields.map { "\($0.key)=\($0.value.text)" }.sorted().joined(separator: "\u{1F}")
        }
        let digest = Hexadecimal.encode(SHA256.digest(of: Array(values.joined(separator: "\u{1E}").utf8)))
        return [message.sendingApplication, message.sendingFacility, message.controlID, message.type, digest]
            .joined(separator: "|")
    }
}

extension FormName {
    /// The dedupe key of whole HL7 messages stands beside those of the forms.
    static let message = FormName("hl7")
}

/// What an entry is about: a later one of its source about the same waits behind it.
enum Subjects {
    static func of(_ command: Command) -> [Key] {
        switch command.form {
        case .consultation: command.id(.consultation, as: ConsultationID.self).map { [.consultation($0)] } ?? []
        case .plan: command.id(.plan, as: PlanID.self).map { [.plan($0)] } ?? []
        // Parties sign in an order of their own, which the rules know.
        case .consent where command.action != Action("SIGN"):
            command.id(.consent, as: ConsentID.self).map { [.consent($0)] } ?? []
        case .surgicalCase: command.id(.surgicalCase, as: CaseID.self).map { [.surgicalCase($0)] } ?? []
        default: []
        }
    }
}

/// The numbers that an entry was given, by name.
enum Answer {
    static func numbers(in events: [Event]) -> [String: String] {
        var answer: [String: String] = [:]
        for event in events {
            if event.kind == "patient.registered", let mrn = event.patient { answer["mrn"] = mrn.rawValue }
            if let payment = event.written(Payment.self), let receipt = payment.receipt,
                event.kind == "payment.received"
            {
                answer["receipt"] = receipt.rawValue
            }
            if event.kind == "bill.issued", let bill = event.written(Bill.self) {
                answer["bill"] = bill.number.rawValue
            }
            if event.kind == "consent.issued", let consent = event.written(Consent.self) {
                answer["document_sha256"] = consent.sha256
            }
        }
        return answer
    }
}

/// The clinic's state as the desk writes it: events go to the database, and what they call for is queued.
final class RecordingState: ClinicState {
    private let unit: Unit
    private let pathway: Pathway
    private let now: Instant
    private(set) var events: [Event] = []

    init(unit: Unit, pathway: Pathway, now: Instant) {
        self.unit = unit
        self.pathway = pathway
        self.now = now
    }

    func fetch<Entity: ClinicEntity>(_ type: Entity.Type, id: String) throws -> Entity? {
        try unit.fetch(type, id: id)
    }

    func fetch<Entity: ClinicEntity>(_ type: Entity.Type, where lookup: Entity.Lookup) throws -> [Entity] {
        try unit.fetch(type, where: lookup)
    }

    func next(_ series: Series) throws -> Int64 { try unit.next(series) }

    func apply(_ event: Event) throws {
        try unit.apply(event)
        events.append(event)
        let sequence = try unit.head().length
        for document in try DocumentsQueue.documents(
            for: event, sequence: sequence, now: now, catalog: pathway.catalog, state: self)
        {
            _ = try unit.queue(OutboundDocument(document, ledgerSequence: sequence))
        }
        try markLists(for: event)
    }

    /// The lists of the days and theaters that an event changed are made when its drop is done.
    private func markLists(for event: Event) throws {
        for case let booking as Booking in event.writes where booking.resource == .theater {
            try unit.markListDue(
                theater: TheaterID(booking.resourceID), date: pathway.zone.date(of: booking.startsAt))
        }
        if let surgicalCase = event.written(SurgicalCase.self), let theater = surgicalCase.theater,
            let startsAt = surgicalCase.startsAt
        {
            try unit.markListDue(theater: theater, date: pathway.zone.date(of: startsAt))
        }
        try markListsOfPatients(in: event)
    }

    /// A list names allergies, consent, clearance and lots: what changes one of them makes it out of date too.
    private func markListsOfPatients(in event: Event) throws {
        let told = event.writes.contains { $0 is Patient || $0 is Consent || $0 is Clearance || $0 is Reservation }
        guard told else { return }
        let written = event.writes.compactMap { ($0 as? Patient)?.mrn }
        // A case may be booked under the number of a record that was merged.
        for mrn in Set(try (written + [event.patient].compactMap(\.self)).flatMap { try records(of: $0) }) {
            for surgicalCase in try fetch(SurgicalCase.self, where: .patient(mrn)) where surgicalCase.state.isOpen {
                guard let theater = surgicalCase.theater, let startsAt = surgicalCase.startsAt else { continue }
                try unit.markListDue(theater: theater, date: pathway.zone.date(of: startsAt))
            }
        }
    }
}
