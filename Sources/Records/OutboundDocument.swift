/// A document that is to be put into the outbox: its frozen model, rendered at any later time.
package struct OutboundDocument: Hashable, Sendable {
    package enum State: String, Sendable {
        case queued = "QUEUED"
        /// Its file lies in `var/outgoing/`, whole and synced.
        case staged = "STAGED"
        case delivered = "DELIVERED"
    }

    /// Given by `queue`; 0 before.
    package internal(set) var id: Int64 = 0
    /// The folder of the outbox, such as `bills`.
    package var folder: String
    /// The file's name in it.
    package var name: String
    /// What renders it.
    package var kind: String
    /// The version of what renders it.
    package var version: Int
    /// Canonical JSON; empty once a secret one is delivered.
    package var model: [UInt8]
    /// A later file of the same name takes its place.
    package var replaces: Bool
    /// Its model holds what nothing may keep after delivery.
    package var isSecret: Bool
    /// The ledger row of the event that it tells of.
    package var ledgerSequence: Int64?
    package internal(set) var state: State = .queued
    /// Of the staged file, in hex.
    package internal(set) var sha256: String?

    package init(
        folder: String, name: String, kind: String, version: Int, model: [UInt8], replaces: Bool = false,
        isSecret: Bool = false, ledgerSequence: Int64? = nil
    ) {
        self.folder = folder
        self.name = name
        self.kind = kind
        self.version = version
        self.model = model
        self.replaces = replaces
        self.isSecret = isSecret
        self.ledgerSequence = ledgerSequence
    }
}
