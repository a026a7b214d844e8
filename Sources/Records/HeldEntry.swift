package import Clinic

/// An entry that waits, and for what.
package struct HeldEntry: Hashable, Sendable {
    /// Given by `hold`; 0 before.
    package internal(set) var id: Int64 = 0
    package var drop: Int64
    package var entry: Int
    package var source: SourceName
    /// What it wants, as the processor wrote it.
    package var commands: [UInt8]
    package var references: [EntryForm]
    /// What it waits for; an event that touches one of them wakes it.
    package var keys: [Key]
    /// What it is about; later entries of its source about the same wait behind it.
    package var subjects: [Key]
    package var effectiveAt: Instant
    package var heldAt: Instant
    package var expiresAt: Instant
    /// Why it waits, as the processor wrote it.
    package var findings: [UInt8]

    package init(
        drop: Int64, entry: Int, source: SourceName, commands: [UInt8], references: [EntryForm], keys: [Key],
        subjects: [Key], effectiveAt: Instant, heldAt: Instant, expiresAt: Instant, findings: [UInt8]
    ) {
        self.drop = drop
        self.entry = entry
        self.source = source
        self.commands = commands
        self.references = references
        self.keys = keys
        self.subjects = subjects
        self.effectiveAt = effectiveAt
        self.heldAt = heldAt
        self.expiresAt = expiresAt
        self.findings = findings
    }
}
