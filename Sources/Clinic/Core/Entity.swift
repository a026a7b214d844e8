/// Something the clinic keeps: a whole piece of state that events change and rules ask for.
package protocol ClinicEntity: Codable, Hashable, Sendable {
    /// The ways in which others ask for it, besides by its id.
    associatedtype Lookup: Hashable, Sendable
    /// Its name in the ledger, such as `plan`.
    static var kind: String { get }
    /// True when its content must never be in the ledger (password hashes, token hashes).
    static var isSecret: Bool { get }
    /// Its key, unique within its kind.
    var id: String { get }
    /// Whether it is among those that a lookup asks for.
    func matches(_ lookup: Lookup) -> Bool
    /// What held entries may wait for that a change of it touches.
    var keys: [Key] { get }
}

extension ClinicEntity {
    package static var isSecret: Bool { false }
    package var keys: [Key] { [] }
}

/// A sequence of our own numbers, kept in the database and without gaps.
package struct Series: Identifier {
    package let rawValue: String
    package init(_ rawValue: String) { self.rawValue = rawValue }

    package static let mrn = Series("mrn")
    package static let bill = Series("bill")
    package static let receipt = Series("receipt")
    package static let movement = Series("movement")
    package static let reservation = Series("reservation")
    package static let token = Series("token")
    package static let incident = Series("incident")
    package static let followUp = Series("follow-up")
}

/// What the rules may ask, and the one way in which state changes.
///
/// Answers of many come in the byte order of their ids.
package protocol ClinicState: AnyObject {
    func fetch<Entity: ClinicEntity>(_ type: Entity.Type, id: String) throws -> Entity?
    func fetch<Entity: ClinicEntity>(_ type: Entity.Type, where lookup: Entity.Lookup) throws -> [Entity]
    /// The next number of a series; taken back when the entry is not applied.
    func next(_ series: Series) throws -> Int64
    /// Writes the after-images of an event.
    func apply(_ event: Event) throws
}

/// Something that happened, with the after-image of everything it changed: the ledger alone rebuilds every entity.
package struct Event: Sendable {
    /// What happened, `area.verb`, such as `plan.approved`.
    package let kind: String
    /// Whom or what it is about, such as `plan P-1`.
    package let subject: Key
    /// The patient it concerns, if one does.
    package let patient: MRN?
    package let occurredAt: Instant
    package let writes: [any ClinicEntity]
    /// Words for the ledger that no entity keeps: reasons, remarks.
    package private(set) var note: String?
    /// What a document needs and nothing may keep: a one-time token.
    package let secret: String?
    /// The event that it follows from by itself, such as `plan.approved plan:P-1`; nil for what somebody told.
    package private(set) var cause: String?

    package init(
        _ kind: String, _ subject: Key, patient: MRN?, at occurredAt: Instant, writes: [any ClinicEntity],
        note: String? = nil, secret: String? = nil
    ) {
        self.kind = kind
        self.subject = subject
        self.patient = patient
        self.occurredAt = occurredAt
        self.writes = writes
        self.note = note
        self.secret = secret
    }

    /// The same event as a consequence of another; a cause that is known stays.
    func caused(by other: Event) -> Event {
        var event = self
        event.cause = cause ?? "\(other.kind) \(other.subject)"
        return event
    }

    /// The same event with further words for the ledger.
    func noting(_ words: String) -> Event {
        var event = self
        event.note = note.map { "\($0); \(words)" } ?? words
        return event
    }

    /// All that the event touches, in a fixed order and each once.
    package var keys: [Key] {
        var seen: Set<Key> = []
        return ([subject] + writes.flatMap { $0.keys }).filter { seen.insert($0).inserted }
    }

    /// The first after-image of a type.
    package func written<Entity: ClinicEntity>(_ type: Entity.Type) -> Entity? {
        for case let entity as Entity in writes { return entity }
        return nil
    }
}
