/// A place in a dropped file, as precise as its format allows.
package struct Place: Hashable, Sendable, Codable {
    /// 1-based line of the file; for HL7 that of the segment.
    package var line: Int
    /// 1-based column in characters, where the format has one.
    package var column: Int?
    /// 0-based offset of the byte in the file.
    package var byteOffset: Int?
    /// The column's name, the element's name or the path in a message (`PID-5[2].1`).
    package var name: String?
    /// HL7 error location (ERR-2): `PID^1^5^2^1`.
    package var errorLocation: String?

    package init(
        line: Int, column: Int? = nil, byteOffset: Int? = nil, name: String? = nil, errorLocation: String? = nil
    ) {
        self.line = line
        self.column = column
        self.byteOffset = byteOffset
        self.name = name
        self.errorLocation = errorLocation
    }
}

/// The format that a drop was recognized to have.
package enum DropFormat: String, Sendable, Codable {
    case csv = "CSV"
    case xml = "XML"
    case hl7 = "HL7"
    case unknown = "UNKNOWN"
}

/// What became of an entry; each entry of each drop ends as exactly one.
package enum EntryOutcome: String, Sendable, Codable, CaseIterable {
    case applied = "APPLIED"
    case duplicate = "DUPLICATE"
    case held = "HELD"
    case rejected = "REJECTED"
}

/// The states of a drop, one atomic act each.
package enum DropState: String, Sendable, Codable, CaseIterable {
    /// Found by a scan, complete and without a writer, numbered.
    case settled = "SETTLED"
    /// Moved out of the inbox: the file is ours alone.
    case claimed = "CLAIMED"
    /// Recognized and counted, before anything is applied.
    case read = "READ"
    /// Every entry has its outcome.
    case applied = "APPLIED"
    /// Answers, rejections and acknowledgments are queued.
    case answered = "ANSWERED"
    /// The original is in the archive.
    case archived = "ARCHIVED"
    /// Set aside: nothing of it can be read as entries, or it is not a file to be opened.
    case quarantined = "QUARANTINED"
}
