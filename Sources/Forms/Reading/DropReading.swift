package import Clinic
package import Drops

/// What is needed to write rejected entries back in the format they came in.
package struct CorrectionShape: Hashable, Sendable, Codable {
    package var format: DropFormat
    package var form: FormName?
    /// CSV: the header row without its line end. XML: the root's start tag as written. HL7: nothing.
    package var opening: [UInt8]
    /// CSV: what ends a row.
    package var lineEnd: [UInt8]
    /// CSV: the delimiter.
    package var delimiter: UInt8
    /// XML: the root's end tag.
    package var closing: [UInt8]

    package init(
        format: DropFormat, form: FormName? = nil, opening: [UInt8] = [], lineEnd: [UInt8] = [], delimiter: UInt8 = 0,
        closing: [UInt8] = []
    ) {
        self.format = format
        self.form = form
        self.opening = opening
        self.lineEnd = lineEnd
        self.delimiter = delimiter
        self.closing = closing
    }
}

/// Why a drop cannot be read as entries at all.
package struct DropRefusal: Error, Sendable {
    package let finding: LocatedFinding

    package init(_ finding: LocatedFinding) { self.finding = finding }
}

/// A drop being read, entry by entry, in bounded memory.
package protocol DropReading {
    var shape: CorrectionShape { get }
    /// What the file as a whole gives cause to warn of; complete once all entries were read.
    var warnings: [LocatedFinding] { get }
    /// The next entry; nil at the end. Throws a `DropRefusal` where nothing after can be trusted.
    mutating func next() throws -> ReadEntry?
}

/// Opens the reader that a drop's content asks for.
package enum DropReader {
    /// The bytes come from a closure that gives at most so many, and none at the end.
    package static func open(
        head: [UInt8], rules: ReadingRules, read: @escaping (Int) throws -> [UInt8]
    ) throws -> any DropReading {
        switch Recognition(head: head) {
        case .empty:
            throw DropRefusal(
                LocatedFinding(
                    Finding(.Drop.empty, [], "the file is empty", mend: "drop it again with its content"),
                    at: Place(line: 1)))
        case .container(let name):
            throw DropRefusal(
                LocatedFinding(
                    Finding(
                        .Drop.containerFile, [], "the file is \(name)",
                        mend: "take the data out and drop it as CSV, HL7 v2 or XML"), at: Place(line: 1)))
        case .delimited: return try CSVDropReader(rules: rules, read: read)
        case .xml: return try XMLDropReader(rules: rules, read: read)
        case .hl7: return try HL7DropReader(rules: rules, read: read)
        }
    }
}
