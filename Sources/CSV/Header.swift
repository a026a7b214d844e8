/// The header row: which column has which name.
///
/// Names are compared without case, spaces, hyphens and underscores, so `Given Name` is `given_name`.
public struct Header: Sendable {
    /// A reading of the header row under one delimiter, to be judged by whoever knows the forms.
    public struct Candidate: Sendable {
        /// The dialect it is read under.
        public let dialect: Dialect
        /// The column names, normalized, in the order of the file.
        public let names: [String]
        /// What is wrong with the row under this dialect.
        public let faults: [Fault]

        let record: Record
    }

    /// The dialect the file keeps to.
    public let dialect: Dialect
    /// The column names, normalized, in the order of the file.
    public let names: [String]
    /// The header row itself, with its verbatim bytes and the places of its columns.
    public let record: Record

    let columns: HeaderColumns

    init(_ candidate: Candidate) {
        dialect = candidate.dialect
        names = candidate.names
        record = candidate.record
        columns = HeaderColumns(candidate.names)
    }

    /// The number of columns.
    public var count: Int { names.count }

    /// The index of the column with a name, from 0, or nil.
    public func column(_ name: String) -> Int? {
        let wanted = Self.normalized(name)
        return names.firstIndex { $0.utf8.elementsEqual(wanted.utf8) }
    }

    /// One fault for each required column that the header lacks.
    public func missing(_ required: [String]) -> [Fault] {
        required.filter { column($0) == nil }.map { name in
            Fault(.missingColumn, at: record.position, detail: "the header row has no column `\(name)`; add it")
        }
    }

    /// A name as headers are compared: ASCII letters in lower case, without spaces, hyphens and underscores.
    public static func normalized(_ name: String) -> String {
        String(decoding: normalized(Array(name.utf8)), as: UTF8.self)
    }

    static func normalized(_ name: [UInt8]) -> [UInt8] {
        name.compactMap(normalized)
    }

    /// A byte as names are compared, or nil where it is passed over.
    fileprivate static func normalized(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: " "), UInt8(ascii: "-"), UInt8(ascii: "_"): nil
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
        default: byte
        }
    }
}

/// The columns of a header as every record is compared with them, shared by reference so that a record costs no copy.
final class HeaderColumns: Sendable {
    let names: [String]
    private let normalized: [[UInt8]]

    init(_ names: [String]) {
        self.names = names
        normalized = names.map { Array($0.utf8) }
    }

    /// Whether a record says the same as the header row.
    func areRepeated(by record: borrowing Record) -> Bool {
        guard record.fields.count == names.count else { return false }
        let bytes = record.storage.span
        for index in normalized.indices {
            let slot = record.fields[index]
            // Almost every record differs in its first bytes, so nothing is copied to find that out.
            let wanted = normalized[index]
            var matched = 0
            var place = Int(slot.start)
            while place < Int(slot.end) {
                if let byte = Header.normalized(bytes[place]) {
                    guard matched < wanted.count, wanted[matched] == byte else { return false }
                    matched += 1
                }
                place += 1
            }
            if matched < wanted.count { return false }
        }
        return true
    }
}
