import Clinic
import Drops
import XML

/// Reads a drop that is a clinical document (HL7 CDA Release 2): it is one entry.
struct ClinicalDocumentReader: DropReading {
    private(set) var shape = CorrectionShape(format: .xml)
    let warnings: [LocatedFinding] = []
    private let reader: EntryReader
    private let head: DocumentHead
    private let rules: ReadingRules

    static func takes(_ root: Name) -> Bool {
        root == Name("ClinicalDocument", namespace: ClinicalDocument.namespace)
    }

    init(rules: ReadingRules, head: DocumentHead) throws {
        self.rules = rules
        self.head = head
        var limits = Limits()
        limits.elements = 100_000
        do {
            reader = try EntryReader(limits: limits, depth: 0) { try head.pull($0) }
        } catch let fault as Fault {
            throw DropRefusal(fault)
        }
    }

    mutating func next() throws -> ReadEntry? {
        let entry: Entry?
        do {
            entry = try reader.next()
            // Only a document that is whole is one.
            if entry != nil { while try reader.next() != nil {} }
        } catch let fault as Fault {
            throw DropRefusal(fault)
        }
        guard let entry else { return nil }
        shape = head.shape(before: entry)
        let document = ClinicalDocument(entry.element, rules: rules)
        var read = ReadEntry(number: 1, place: Place(entry.position), raw: entry.verbatim)
        read.forms = document.findings.isEmpty ? [document.form].compactMap { $0 } : []
        read.findings = document.findings
        return read
    }
}
