package import Clinic
package import Drops
import DurableFiles
package import Records

/// The whole story of one thing: what happened to it, when, and from which file it came.
package struct Story: Encodable, Sendable {
    /// One row of the ledger.
    package struct Event: Encodable, Sendable {
        package var sequence: Int64
        /// When it happened.
        package var occurredAt: Instant
        /// When it was decided.
        package var decidedAt: Instant
        package var kind: String
        package var words: String
        /// What the event itself adds: a reason, a remark.
        package var note: String?
        /// The event that it follows from by itself, such as `plan.revised plan:P-1`.
        package var cause: String?
        package var subject: String
        package var patient: String?
        /// The entry that it came from; without one it fell due by time.
        package var drop: Int64?
        package var entry: Int?
        package var source: SourceName?
        package var file: String?
    }

    /// An entry of a drop and what became of it.
    package struct Entry: Encodable, Sendable {
        package var drop: Int64
        package var number: Int
        package var line: Int
        package var source: SourceName?
        package var file: String?
        package var arrivedAt: Instant?
        package var forms: [EntryForm]
        package var outcome: EntryOutcome
        /// What it was before, and until when.
        package var history: [PastOutcome]
        package var findings: [ReportedFinding]
        package var warnings: [ReportedFinding]
        package var answer: [String: String]
        /// What it waits for, while it is held.
        package var waitsFor: [Key]
        package var heldAt: Instant?
        package var expiresAt: Instant?
        package var events: [Event]
    }

    /// A dropped file.
    package struct Drop: Encodable, Sendable {
        package var number: Int64
        package var source: SourceName
        package var file: String
        package var format: DropFormat
        package var form: String?
        package var state: DropState
        package var size: Int64
        package var arrivedAt: Instant
        package var sha256: String?
        package var archivePath: String?
        package var applied: Int
        package var duplicate: Int
        package var held: Int
        package var rejected: Int
        package var findings: [ReportedFinding]
    }

    /// What X was understood as: `drop 12`, `patient 10000016`.
    package var about: String
    package var drop: Drop?
    /// How the record stands, when it is a patient's.
    package var person: Person?
    /// How a consultation stands, when it is one.
    package var consultation: Visit?
    /// How a case stands, when it is one.
    package var operation: Operation?
    /// How a plan stands, when it is one.
    package var plan: Proposal?
    /// How a consent stands, when it is one.
    package var consent: Agreement?
    /// How a bill stands, when it is one.
    package var bill: Invoice?
    /// What a patient was charged, paid and owes, over all their records.
    package var balance: BalanceSheet?
    package var entries: [Entry] = []
    package var events: [Event] = []
    /// Entries that wait for it.
    package var waiting: [Entry] = []

    init(about: String) { self.about = about }
}

/// Tells stories out of one look at the records.
struct StoryTelling {
    let unit: Unit
    let currency: Currency

    func drop(_ number: Int64) throws -> Story? {
        guard let record = try unit.drop(number) else { return nil }
        var story = Story(about: "drop \(number)")
        story.drop = try Story.Drop(record)
        story.entries = try unit.entries(of: number).map { try entry($0) }
        story.events = try events(try unit.ledger(.drop(number)).filter { $0.entry == nil })
        return story
    }

    func entry(drop: Int64, number: Int) throws -> Story? {
        guard let record = try unit.entry(drop: drop, number: number) else { return nil }
        var story = Story(about: "entry \(number) of drop \(drop)")
        story.entries = [try entry(record)]
        return story
    }

    /// Every entry that carried a reference, of any source or of one: `finance/PAY-1`.
    func reference(_ text: String) throws -> Story? {
        var found = try unit.entries(reference: text)
        if found.isEmpty, let slash = text.firstIndex(of: "/") {
            found = try unit.entries(
                reference: String(text[text.index(after: slash)...]), source: SourceName(String(text[..<slash])))
        }
        guard !found.isEmpty else { return nil }
        var story = Story(about: "reference \(text)")
        story.entries = try found.map { try entry($0) }
        return story
    }

    func patient(_ mrn: MRN) throws -> Story? {
        guard let patient = try unit.fetch(Patient.self, id: mrn.rawValue) else { return nil }
        var story = Story(about: "patient \(mrn), \(patient.fullName), born \(patient.birthDate)")
        story.balance = BalanceSheet(try unit.balance(of: mrn), in: currency)
        story.person = try Story.Person(patient, in: unit)
        // What came under the number of a merged record is the patient's too.
        let numbers = try unit.recordsMerged(into: mrn)
        var rows = try numbers.flatMap {
            try unit.ledger(.patient($0)) + unit.ledger(.subject(.patient($0)))
        }
        // A merge that was undone is told of both records.
        for merge in rows where merge.kind == "patient.merged" {
            rows += try unit.ledger(.subject(Key(merge.subject))).filter { $0.kind == "patient.unmerged" }
        }
        rows.sort { $0.sequence < $1.sequence }
        var known: Set<Int64> = []
        story.events = try events(rows.filter { known.insert($0.sequence).inserted })
        story.waiting = try numbers.flatMap { try waiting(for: .patient($0)) }
        return story
    }

    /// Something of a patient's that has a key of its own; `member` is the name under which others name it.
    func thing(_ kind: String, _ id: String, member: String, word: String) throws -> Story? {
        let key = Key("\(kind):\(id)")
        let own = try unit.ledger(.subject(key))
        var rows = own
        if let patient = own.lazy.compactMap(\.patient).first {
            rows = try unit.ledger(.patient(MRN(patient))).filter { row in
                try row.subject == key.rawValue || row.concerns(kind: kind, id: id, member: member)
            }
            // What concerns the thing and no patient, or another one since a merge.
            let known = Set(rows.map(\.sequence))
            rows = (rows + own.filter { !known.contains($0.sequence) }).sorted { $0.sequence < $1.sequence }
        }
        let waiting = try waiting(for: key)
        guard !rows.isEmpty || !waiting.isEmpty else { return nil }
        var story = Story(about: "\(word) \(id)")
        try addFacts(to: &story, kind: kind, id)
        story.events = try events(rows)
        story.waiting = waiting
        return story
    }

    func receipt(_ number: ReceiptNumber) throws -> Story? {
        guard let payment = try unit.payment(receipt: number) else { return nil }
        var story = Story(about: "receipt \(number), payment \(payment.id)")
        story.events = try events(
            try unit.ledger(.patient(payment.mrn)).filter {
                try $0.concerns(kind: Payment.kind, id: payment.id, member: "original")
            })
        return story
    }

    private func waiting(for key: Key) throws -> [Story.Entry] {
        try unit.holds(waitingFor: key).compactMap { held in
            try unit.entry(drop: held.drop, number: held.entry).map { try entry($0) }
        }
    }

    private func entry(_ record: EntryRecord) throws -> Story.Entry {
        let drop = try unit.drop(record.drop)
        let held = record.outcome == .held ? try unit.heldEntry(drop: record.drop, entry: record.number) : nil
        return Story.Entry(
            drop: record.drop, number: record.number, line: record.line, source: drop?.source,
            file: drop.map { Path.escape($0.name) }, arrivedAt: drop?.arrivedAt, forms: record.forms,
            outcome: record.outcome, history: record.history,
            findings: try FindingsCoding.decode(held?.findings ?? record.findings),
            warnings: try FindingsCoding.decode(record.warnings),
            answer: try record.answer.map { try JSONReading.value(from: $0) } ?? [:], waitsFor: held?.keys ?? [],
            heldAt: held?.heldAt, expiresAt: held?.expiresAt,
            events: try events(ledger(of: record), byDecision: true))
    }

    /// What an entry came to, and what operators decided about it by entries of their own.
    private func ledger(of record: EntryRecord) throws -> [LedgerRow] {
        let own = try unit.ledger(.entry(drop: record.drop, entry: record.number))
        let known = Set(own.map(\.sequence))
        let about = try unit.ledger(.subject(Key("entry:\(record.drop)/\(record.number)")))
        return (own + about.filter { !known.contains($0.sequence) }).sorted { $0.sequence < $1.sequence }
    }

    /// In the order in which they happened; what happened at one time, in the order in which it was decided.
    ///
    /// An entry's story is told as it was decided: what an operator let through comes after the operator's word.
    func events(_ rows: [LedgerRow], byDecision: Bool = false) throws -> [Story.Event] {
        var drops: [Int64: DropRecord] = [:]
        let rows = rows.sorted {
            byDecision ? $0.sequence < $1.sequence : ($0.occurredAt, $0.sequence) < ($1.occurredAt, $1.sequence)
        }
        return try rows.map { row in
            if let number = row.drop, drops[number] == nil { drops[number] = try unit.drop(number) }
            let drop = row.drop.flatMap { drops[$0] }
            let details = try EventDetails(currency: currency).of(row)
            return Story.Event(
                sequence: row.sequence, occurredAt: row.occurredAt, decidedAt: row.decidedAt, kind: row.kind,
                words: EventWords.of(row.kind) + (details.isEmpty ? "" : ": \(Terminal.safe(details))"),
                note: try note(of: row), cause: try row.cause(), subject: row.subject,
                patient: row.patient,
                drop: row.drop, entry: row.entry, source: drop?.source, file: drop.map { Path.escape($0.name) })
        }
    }
}

extension StoryTelling {
    /// The codes of an incident's rules say no more than their statements.
    private func note(of row: LedgerRow) throws -> String? {
        try row.kind == "inventory.incident" ? nil : row.note() ?? row.decisionNote()
    }

    /// What a plan, a consent or a bill says of itself, at the head of its story.
    private func addFacts(to story: inout Story, kind: String, _ id: String) throws {
        switch kind {
        case Consultation.kind:
            story.consultation = try unit.fetch(Consultation.self, id: id).map { Story.Visit($0) }
        case SurgicalCase.kind:
            story.operation = try unit.fetch(SurgicalCase.self, id: id).map { Story.Operation($0) }
        case ProcedurePlan.kind:
            let versions = try unit.fetch(ProcedurePlan.self, where: .plan(PlanID(id)))
            story.plan = try versions.max { $0.version < $1.version }.map {
                Story.Proposal($0, patient: try name(of: $0.mrn), in: currency)
            }
        case Consent.kind:
            let consent =
                try unit.fetch(Consent.self, id: id) ?? unit.fetch(Consent.self, where: .alias(ConsentID(id))).first
            story.consent = try consent.map { Story.Agreement($0, patient: try name(of: $0.mrn)) }
        case Bill.kind:
            story.bill = try unit.fetch(Bill.self, id: id).map {
                Story.Invoice($0, patient: try name(of: $0.mrn), in: currency)
            }
        default: break
        }
    }

    private func name(of mrn: MRN) throws -> String? { try unit.fetch(Patient.self, id: mrn.rawValue)?.fullName }
}

extension Story.Drop {
    init(_ drop: DropRecord) throws {
        self.init(
            number: drop.number, source: drop.source, file: Path.escape(drop.name), format: drop.format,
            form: drop.form, state: drop.state, size: drop.size, arrivedAt: drop.arrivedAt, sha256: drop.sha256,
            archivePath: drop.archivePath, applied: drop.applied, duplicate: drop.duplicate, held: drop.held,
            rejected: drop.rejected, findings: try FindingsCoding.decode(drop.findings))
    }
}

extension LedgerRow {
    /// Who decided about a held entry, and why.
    fileprivate func decisionNote() throws -> String? {
        guard kind.hasPrefix("decision."), let payload,
            case .object(let members) = try JSONReading.tree(of: payload),
            case .string(let actor)? = members["actor"], case .string(let reason)? = members["reason"]
        else { return nil }
        return "\(reason) (\(actor))"
    }
}
