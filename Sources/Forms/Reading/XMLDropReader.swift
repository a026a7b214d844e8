import Clinic
import Drops

/// Reads an XML drop.
struct XMLDropReader: DropReading {
    let shape = CorrectionShape(format: .xml)
    let warnings: [LocatedFinding] = []
    init(rules: ReadingRules, read: @escaping (Int) throws -> [UInt8]) throws {}
    mutating func next() throws -> ReadEntry? { nil }
}
