import Clinic
package import Drops

/// Why a drop cannot be read as entries at all.
package struct DropRefusal: Error, Sendable {
    package let finding: LocatedFinding

    package init(_ finding: LocatedFinding) { self.finding = finding }
}

/// A drop being read, entry by entry, in bounded memory.
package protocol DropReading {
    var shape: CorrectionShape { get }
    /// The sender asks that all of its entries be applied or none; known from the start.
    var isAtomic: Bool { get }
    /// What the file as a whole gives cause to warn of; complete once all entries were read.
    var warnings: [LocatedFinding] { get }
    /// The next entry; nil at the end. Throws a `DropRefusal` where nothing after can be trusted.
    mutating func next() throws -> ReadEntry?
}

extension DropReading {
    package var isAtomic: Bool { false }
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
        case .delimited: return try CSVDropReader(head: head, rules: rules, read: read)
        case .xml: return try XMLDocuments.open(rules: rules, read: read)
        case .hl7: return try HL7DropReader(rules: rules, read: read)
        }
    }
}
