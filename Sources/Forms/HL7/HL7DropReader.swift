import Clinic
import Drops

/// Reads an HL7 v2 drop.
struct HL7DropReader: DropReading {
    let shape = CorrectionShape(format: .hl7)
    let warnings: [LocatedFinding] = []
    init(rules: ReadingRules, read: @escaping (Int) throws -> [UInt8]) throws {}
    mutating func next() throws -> ReadEntry? { nil }
}
