/// Writes a message in HL7's XML encoding: root and groups by its structure, parts by their data types.
///
/// Escape sequences that are more than a delimiter become `<escape V="…"/>`. Empty fields are left out, as the encoding
/// has it; two quotes stay two quotes. A message without a known structure has its segments in the root as they came.
public struct XMLMessageWriter: Sendable {
    private let indents: Bool

    /// A writer, with each element on a line of its own or all in one line.
    public init(indents: Bool = false) {
        self.indents = indents
    }

    /// The document in UTF-8.
    public func bytes(of message: Message) throws(UndecodableText) -> [UInt8] {
        var output = XMLOutput(indents: indents)
        let structure = MessageStructure(of: message)
        let root = structure?.name ?? Self.rootName(of: message)
        output.open(root, attributes: " xmlns=\"\(XMLMessageBuilder.namespace)\"")
        if let structure {
            for item in StructureTree(message, structure: structure).items {
                try write(item, root, message.version, &output)
            }
        } else {
            for segment in message.segments { try write(segment, message.version, &output) }
        }
        output.close(root)
        return Array("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".utf8) + output.bytes
    }

    /// MSH-9.3, else type and event; only what can be an element's name.
    private static func rootName(of message: Message) -> String {
        let named = message.structureName
        let made = named.isEmpty ? (message.event.isEmpty ? message.type : "\(message.type)_\(message.event)") : named
        return XMLMessageBuilder.isRoot(made) && made.utf8.allSatisfy { ER7.isLetterOrDigit($0) || $0 == 0x5F }
            && !(made.utf8.first.map { (0x30...0x39).contains($0) } ?? true) ? made : "GENERIC"
    }

    private func write(
        _ item: StructureTree.Item, _ root: String, _ version: Version, _ output: inout XMLOutput
    ) throws(UndecodableText) {
        switch item {
        case .segment(let segment): try write(segment, version, &output)
        case .group(let name, let items):
            output.open("\(root).\(name)")
            for item in items { try write(item, root, version, &output) }
            output.close("\(root).\(name)")
        }
    }

    private func write(
        _ segment: Segment, _ version: Version, _ output: inout XMLOutput
    ) throws(UndecodableText) {
        let name = segment.name
        // A line that is no segment has no name that XML could bear.
        guard ER7.name(of: name.utf8) == name, !(name.utf8.first.map { (0x30...0x39).contains($0) } ?? true) else {
            return
        }
        output.open(name)
        for number in 1..<max(1, segment.fieldCount + 1) {
            let field = segment.field(number)
            guard field.presence != .absent, field.presence != .empty else { continue }
            let definition = SegmentDictionary.field(number, of: name, version: version)
            var type = definition?.type ?? "UNKNOWN"
            if type == "varies" { type = ConformanceCheck.valueType(of: segment) ?? "UNKNOWN" }
            // In MSH-1 and MSH-2 the delimiters themselves are the text.
            let isLiteral = segment.table.isHeader(segment.index) && number <= 2
            for repetition in isLiteral ? [field] : field.repetitions {
                try write(repetition, "\(name).\(number)", type, isLiteral, version, &output)
            }
        }
        output.close(name)
    }

    private func write(
        _ part: Part, _ element: String, _ type: String, _ isLiteral: Bool, _ version: Version,
        _ output: inout XMLOutput
    ) throws(UndecodableText) {
        let isComposite = SegmentDictionary.isComposite(type)
        let parts: [Part]
        switch part.level {
        case _ where isLiteral: parts = []
        case .segment, .field, .repetition: parts = part.components
        case .component: parts = part.subcomponents
        case .subcomponent: parts = []
        }
        guard part.presence != .delete, isComposite && !parts.isEmpty || parts.count > 1 else {
            output.openText(element)
            if part.presence == .delete { output.text("\"\"") }
            let runs = try part.runs()
            // Line breaks alone would be taken for the layout of the document.
            if case .text(let text) = runs.first, runs.count == 1, text.utf8.allSatisfy({ $0 <= 0x20 }) {
                output.blanks(text)
            } else {
                for run in runs { output.run(run) }
            }
            output.closeText(element)
            return
        }
        output.open(element)
        for (index, inner) in parts.enumerated() where inner.presence != .empty {
            let definition = SegmentDictionary.component(index + 1, of: type, version: version)
            try write(inner, "\(type).\(index + 1)", definition?.type ?? "UNKNOWN", false, version, &output)
        }
        output.close(element)
    }
}

/// The characters of a document, escaped as XML needs it.
private struct XMLOutput {
    let indents: Bool
    private(set) var bytes: [UInt8] = []
    private var depth = 0

    init(indents: Bool) { self.indents = indents }

    private mutating func indent() {
        if indents { bytes += Array(repeating: 0x20, count: depth * 2) }
    }

    private mutating func newLine() {
        if indents { bytes.append(0x0A) }
    }

    mutating func open(_ name: String, attributes: String = "") {
        indent()
        bytes += Array("<\(name)\(attributes)>".utf8)
        newLine()
        depth += 1
    }

    mutating func close(_ name: String) {
        depth -= 1
        indent()
        bytes += Array("</\(name)>".utf8)
        newLine()
    }

    mutating func openText(_ name: String) {
        indent()
        bytes += Array("<\(name)>".utf8)
    }

    mutating func closeText(_ name: String) {
        bytes += Array("</\(name)>".utf8)
        newLine()
    }

    mutating func text(_ text: String) {
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "<"): bytes += Array("&lt;".utf8)
            case UInt8(ascii: ">"): bytes += Array("&gt;".utf8)
            case UInt8(ascii: "&"): bytes += Array("&amp;".utf8)
            case UInt8(ascii: "\""): bytes += Array("&quot;".utf8)
            // A parser would turn these into blanks or line feeds.
            case 0x09, 0x0A, 0x0D: bytes += Array("&#\(byte);".utf8)
            // XML has no way to write other control characters, HL7 has.
            case 0..<0x20: escape("X" + String(decoding: Hexadecimal.digits([byte]), as: UTF8.self))
            default: bytes.append(byte)
            }
        }
    }

    /// White space that is the whole value, its control characters as escapes.
    mutating func blanks(_ text: String) {
        for byte in text.utf8 {
            if byte == 0x20 {
                bytes.append(byte)
            } else {
                escape("X" + String(decoding: Hexadecimal.digits([byte]), as: UTF8.self))
            }
        }
    }

    mutating func run(_ run: TextRun) {
        switch run {
        case .text(let text): self.text(text)
        case .unknown(let text): self.text(text)
        default:
            let encoder = FieldEncoder(delimiters: .usual, charset: .utf8)
            do {
                let written = try encoder.bytes(of: run)
                escape(String(decoding: written.dropFirst().dropLast(), as: UTF8.self))
            } catch {
                preconditionFailure("UTF-8 can say everything: \(error)")
            }
        }
    }

    private mutating func escape(_ value: String) {
        bytes += Array("<escape V=\"".utf8)
        text(value)
        bytes += Array("\"/>".utf8)
    }
}
