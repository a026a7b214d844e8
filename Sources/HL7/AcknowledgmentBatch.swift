/// The answers to a file, in the same envelopes as the file had (HL7 v2.9 §2.9.3.3).
///
/// All messages are answered, or only those with errors, as the sender agreed; then a batch may stay empty.
///
/// Walk the frames of the file: `open` for each header, `add` for each message, `close` for each trailer. The bytes
/// can be taken out as they come, so that a long file needs no more memory than a short one.
public struct AcknowledgmentBatch: Sendable {
    /// Which messages are answered.
    public enum Scope: Hashable, Sendable {
        /// Every message.
        case all
        /// Those that were not taken; the others are taken by saying nothing of them.
        case errorsOnly
    }

    private struct Level: Sendable {
        let header: String
        let delimiters: Delimiters
        var count = 0
    }

    private let time: DateTime
    private let scope: Scope
    private var open: [Level] = []
    private var bytes: [UInt8] = []

    /// Answers written at a time.
    public init(at time: DateTime, scope: Scope = .all) {
        self.time = time
        self.scope = scope
    }

    /// Opens an envelope that answers a FHS or BHS: sender and receiver change places, field 12 names its field 11.
    public mutating func open(_ header: Segment, controlID: String) throws(UnencodableText) {
        let name = header.name == "FHS" ? "FHS" : "BHS"
        var writer = MessageWriter(delimiters: header.table.delimiters)
        func copy(_ number: Int) -> FieldValue { FieldValue(copying: header.field(number)) }
        try writer.append(
            name,
            [
                copy(5), copy(6), copy(3), copy(4), FieldValue(time), .empty, .empty, .empty, FieldValue(controlID),
                copy(11),
            ])
        if name == "BHS", let file = open.indices.last, open[file].header == "FHS" { open[file].count += 1 }
        open.append(Level(header: name, delimiters: writer.delimiters))
        bytes += writer.bytes
    }

    /// Adds the answer to one message; passed over when only errors are answered and it is none.
    public mutating func add(_ acknowledgment: Acknowledgment) {
        if scope == .errorsOnly, !acknowledgment.code.isRefusal { return }
        bytes += acknowledgment.bytes
        for level in open.indices where open[level].header == "BHS" { open[level].count += 1 }
    }

    /// Closes the innermost envelope with its count: BTS for a batch, FTS for a file; nothing when none is open.
    public mutating func close() {
        guard let level = open.popLast() else { return }
        let trailer = level.header == "FHS" ? "FTS" : "BTS"
        bytes += Array(trailer.utf8) + [level.delimiters.field] + Array(String(level.count).utf8) + [0x0D]
    }

    /// Takes out what has been written since the last time.
    public mutating func takeBytes() -> [UInt8] {
        defer { bytes = [] }
        return bytes
    }

    /// Closes every envelope that is still open, and takes out the rest.
    public mutating func finish() -> [UInt8] {
        while !open.isEmpty { close() }
        return takeBytes()
    }
}
