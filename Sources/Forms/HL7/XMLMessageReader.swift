import Clinic
import Drops
import HL7
import XML

/// Reads a drop that is one HL7 v2 message in HL7's XML encoding: the same mapping, with the lines of its elements.
struct XMLMessageReader: DropReading {
    private(set) var shape = CorrectionShape(format: .xml)
    let warnings: [LocatedFinding] = []
    private let reader: EntryReader
    private let head: DocumentHead
    private let rules: ReadingRules

    static func takes(_ root: Name) -> Bool { root.namespace == XMLMessageBuilder.namespace }

    init(rules: ReadingRules, head: DocumentHead) throws {
        self.rules = rules
        self.head = head
        var limits = Limits()
        // Documents and images within observations; the parser itself takes no text over 10 million bytes.
        limits.text = 9_000_000
        limits.entry = 64 << 20
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
        var read = ReadEntry(number: 1, place: Place(entry.position), raw: entry.verbatim)
        do throws(MalformedXMLMessage) {
            var builder = XMLMessageBuilder()
            try build(entry.element, into: &builder)
            let built = try builder.finish()
            let located = LocatedMessage(
                built.message, line: entry.position.line, offset: entry.position.offset, rules: rules,
                segmentLines: built.segmentLines)
            MessageEntry(located, rules: rules).fill(&read)
        } catch {
            read.findings = [
                LocatedFinding(
                    Finding(
                        .Drop.hl7Malformed, [], error.reason,
                        mend: "send the message anew, its elements named as HL7's XML encoding names them"),
                    at: Place(line: error.line))
            ]
        }
        return read
    }

    /// Tells the builder of an element and all that is in it, in the document's order.
    private func build(_ element: Element, into builder: inout XMLMessageBuilder) throws(MalformedXMLMessage) {
        let line = element.position.line
        try builder.start(element.name.local, escape: element.string(of: "V"), line: line)
        var index = 0
        for child in element.children {
            try tell(element.text[index..<child.textBefore], to: &builder)
            index = child.textBefore
            // What a clerk's correction file says beside a message is no part of it.
            guard !child.name.local.utf8.starts(with: "suture_".utf8) else { continue }
            try build(child, into: &builder)
        }
        try tell(element.text[index...], to: &builder)
        try builder.end(line: line)
    }

    private func tell(_ text: ArraySlice<UInt8>, to builder: inout XMLMessageBuilder) throws(MalformedXMLMessage) {
        guard !text.isEmpty else { return }
        try builder.text(String(decoding: text, as: UTF8.self))
    }
}
