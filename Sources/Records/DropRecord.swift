package import Clinic
package import Drops

/// A file that a scan found settled and that has no number yet.
package struct NewDrop: Hashable, Sendable {
    package var source: SourceName
    /// The file's name as the directory has it.
    package var name: [UInt8]
    package var device: UInt64
    package var inode: UInt64
    package var size: Int64
    /// Nanoseconds since 1970.
    package var modifiedAt: Int64

    package init(
        source: SourceName, name: [UInt8], device: UInt64, inode: UInt64, size: Int64, modifiedAt: Int64
    ) {
        self.source = source
        self.name = name
        self.device = device
        self.inode = inode
        self.size = size
        self.modifiedAt = modifiedAt
    }
}

/// What is known of a dropped file, from its number to its place in the archive.
package struct DropRecord: Hashable, Sendable {
    package let number: Int64
    package let source: SourceName
    package let name: [UInt8]
    package let device: UInt64
    package let inode: UInt64
    package let size: Int64
    package let modifiedAt: Int64
    package let arrivedAt: Instant
    package var state: DropState
    package var format: DropFormat
    package var form: String?
    /// Of the original's bytes (an HMAC where it had a password), in hex.
    package var sha256: String?
    /// The entries that the first pass counted.
    package var entriesCounted: Int?
    /// Where the reader stands after the last decided entry.
    package var byteOffset: Int
    /// How often its reading was begun without the cursor moving.
    package var attempts: Int
    /// All entries are applied or none.
    package var isAtomic: Bool
    /// The hash of configuration and readers that it was begun with.
    package var configuration: String?
    package var archivePath: String?
    /// Findings against the drop as a whole, as the processor wrote them.
    package var findings: [UInt8]?
    /// When its state became final.
    package var finishedAt: Instant?

    // Kept by `insert(entry)` and `update(entry)` alone; `update(drop)` does not write them.

    /// The cursor: entries that have their outcome.
    package internal(set) var entriesDecided: Int
    package internal(set) var applied: Int
    package internal(set) var duplicate: Int
    package internal(set) var held: Int
    package internal(set) var rejected: Int
    /// Entries that were applied with warnings.
    package internal(set) var warned: Int
}

extension DropRecord {
    /// The entries with an outcome.
    package func count(of outcome: EntryOutcome) -> Int {
        switch outcome {
        case .applied: applied
        case .duplicate: duplicate
        case .held: held
        case .rejected: rejected
        }
    }
}
