import Clinic
import Drops
import XML

/// Reads an XML drop: each child of the root `forms` is an entry of the form that it is named after.
struct XMLDropReader: DropReading {
    private(set) var shape: CorrectionShape
    let warnings: [LocatedFinding] = []
    let isAtomic: Bool
    private let reader: EntryReader
    private let head: Head
    private let schema: Schema
    private var number = 0

    init(rules: ReadingRules, read: @escaping (Int) throws -> [UInt8]) throws {
        let head = Head(read: read)
        do {
            reader = try EntryReader { try head.pull($0) }
        } catch let fault as Fault {
            throw DropRefusal(fault)
        }
        self.head = head
        guard reader.root.name == Name("forms", namespace: FormSchema.namespace) else {
            throw DropRefusal(
                LocatedFinding(
                    Finding(
                        .Drop.unknownForm, [], "the root element is not forms of \(FormSchema.namespace)",
                        mend:
                            "use the root <forms xmlns=\"\(FormSchema.namespace)\">; `suture forms NAME --xml` shows one"
                    ),
                    at: Place(reader.root.position)))
        }
        isAtomic = reader.root.value(of: "atomic").map { $0 == Array("true".utf8) || $0 == [0x31] } ?? false
        shape = CorrectionShape(format: .xml)
        schema = try Schema(Array(FormSchema.xsd().utf8))
    }

    mutating func next() throws -> ReadEntry? {
        let entry: Entry?
        do {
            entry = try reader.next()
        } catch let fault as Fault {
            throw DropRefusal(fault)
        }
        guard let entry else { return nil }
        if number == 0 { shape = head.shape(upTo: entry.position.offset) }
        number += 1
        var result = ReadEntry(number: number, place: Place(entry.position), raw: entry.verbatim)
        let element = entry.element
        guard element.name.namespace == FormSchema.namespace,
            let definition = FormDefinition.named(FormName(element.name.local))
        else {
            result.findings.append(
                LocatedFinding(
                    Finding(
                        .Drop.unknownForm, [], "the element names no form",
                        mend:
                            "name the element after a form: \(FormDefinition.all.map(\.name.rawValue).joined(separator: ", "))"
                    ),
                    at: Place(element.position)))
            return result
        }
        result.secrets = secrets(in: entry, of: definition)
        result.findings = try schemaFindings(entry, definition: definition)
        result.forms = [form(element, of: definition)]
        return result
    }

    private func form(_ element: Element, of definition: FormDefinition) -> FormEntry {
        var form = FormEntry(form: definition.name, place: Place(element.position))
        for attribute in element.attributes {
            let located = LocatedText(
                String(decoding: attribute.value, as: UTF8.self),
                at: Place(attribute.position, name: attribute.name.local))
            switch attribute.name.local {
            case "reference": form.reference = located
            case "action": form.action = located
            default: break
            }
        }
        for child in element.children {
            let field = Field(child.name.local)
            guard definition.definition(of: field) != nil else { continue }
            let text = String(decoding: child.text, as: UTF8.self)
            let place = Place(child.position, name: child.name.local)
            var located = LocatedText(text, at: place)
            if let earlier = form.fields[field] {
                located.text = earlier.text + ";" + text
                located.place = earlier.place
                located.items = earlier.items
            }
            located.items += TypedValue.items(text).map { _ in place }
            form.fields[field] = located
        }
        return form
    }

    /// What the schema has against an entry, unless the typing of fields says the same in better words.
    private func schemaFindings(_ entry: Entry, definition: FormDefinition) throws -> [LocatedFinding] {
        let document = head.opening(upTo: nil) + entry.verbatim + head.closing
        let typed = Set(definition.allFields.map(\.field.rawValue))
        let repeated = Set(
            entry.element.children.map(\.name.local).filter { name in
                guard let type = definition.definition(of: Field(name))?.type, !type.isList else { return false }
                return entry.element.children(named: name, namespace: FormSchema.namespace).count > 1
            })
        var findings: [LocatedFinding] = entry.element.children.filter { repeated.contains($0.name.local) }
            .map {
                schemaFinding("\($0.name.local) is given more than once", at: Place($0.position, name: $0.name.local))
            }
        let violations: [SchemaFinding]
        do {
            violations = try schema.validate(bytes: document)
        } catch let fault as Fault {
            throw DropRefusal(fault)
        }
        let lines = head.opening(upTo: nil).count { $0 == 0x0A }
        for violation in violations {
            let name = violation.element?.local ?? definition.name.rawValue
            if typed.contains(name) || name == definition.name.rawValue { continue }
            let line = entry.position.line + violation.position.line - 1 - lines
            findings.append(
                schemaFinding("\(name) is no field of the form \(definition.name)", at: Place(line: line, name: name)))
        }
        return findings
    }

    private func schemaFinding(_ detail: String, at place: Place) -> LocatedFinding {
        LocatedFinding(
            Finding(.Drop.xmlSchema, [], detail, mend: "follow the schema that `suture forms --xsd` prints"), at: place)
    }

    /// The content of password elements within the entry's bytes.
    private func secrets(in entry: Entry, of definition: FormDefinition) -> [Range<Int>] {
        let names = Set(definition.allFields.filter { $0.type == .secret }.map(\.field.rawValue))
        let bytes = entry.verbatim
        let starts = entry.element.children.map { $0.position.offset - entry.position.offset } + [bytes.count]
        return entry.element.children.indices.filter { names.contains(entry.element.children[$0].name.local) }
            .compactMap { index in
                let (start, end) = (starts[index], starts[index + 1])
                // A place that is none: nothing of the entry is kept rather than a part of a password.
                guard start >= 0, start < end, end <= bytes.count, bytes[start] == UInt8(ascii: "<") else {
                    return 0..<bytes.count
                }
                let name = bytes[start..<end].dropFirst().prefix { $0 > 0x20 && $0 != 0x3E && $0 != 0x2F }
                guard let open = bytes[start..<end].firstIndex(of: UInt8(ascii: ">")) else { return start..<end }
                if bytes[open - 1] == UInt8(ascii: "/") { return nil }
                // The last end tag of its name: whatever looks like one before is within the password.
                guard let close = bytes[open..<end].lastRange(of: Array("</".utf8) + name) else { return start..<end }
                return open + 1..<close.lowerBound
            }
    }
}

extension Place {
    init(_ position: XML.Position, name: String? = nil) {
        self.init(line: position.line, column: position.column, byteOffset: position.offset, name: name)
    }
}

extension FieldType {
    /// Elements of it may be repeated.
    var isList: Bool {
        switch self {
        case .list, .codes: true
        default: false
        }
    }
}

/// The beginning of an XML file as it was written, so that corrections begin the same.
private final class Head {
    private let read: (Int) throws -> [UInt8]
    private var bytes: [UInt8] = []
    private var end: Int?

    init(read: @escaping (Int) throws -> [UInt8]) { self.read = read }

    func pull(_ most: Int) throws -> [UInt8] {
        let chunk = try read(most)
        if bytes.count < 65_536 { bytes += chunk.prefix(65_536 - bytes.count) }
        return chunk
    }

    /// All that stands before the first entry.
    func opening(upTo offset: Int?) -> [UInt8] {
        if let offset { end = offset }
        return Array(bytes.prefix(end ?? 0))
    }

    /// The root's end tag, with its prefix as the start tag has it.
    var closing: [UInt8] {
        let opening = Array(bytes.prefix(end ?? 0))
        let name =
            Recognition.plain(opening).lastRange(of: Array("forms".utf8), after: UInt8(ascii: "<"))
            ?? Array("forms".utf8)
        let tag = Array("</".utf8) + name + [UInt8(ascii: ">")]
        // In UTF-16 every byte of it has a zero half.
        if opening.starts(with: [0xFF, 0xFE]) { return tag.flatMap { [$0, 0] } }
        if opening.starts(with: [0xFE, 0xFF]) { return tag.flatMap { [0, $0] } }
        return tag
    }

    func shape(upTo offset: Int) -> CorrectionShape {
        let opening = opening(upTo: offset)
        return CorrectionShape(format: .xml, opening: opening, lineEnd: [0x0A], closing: closing)
    }
}

extension [UInt8] {
    /// The first place of a run of bytes.
    fileprivate func range(of run: [UInt8], from start: Int = 0) -> Range<Int>? {
        guard !run.isEmpty, count >= run.count else { return nil }
        var index = start
        while index + run.count <= count {
            if self[index] == run[0], self[index..<index + run.count].elementsEqual(run) {
                return index..<index + run.count
            }
            index += 1
        }
        return nil
    }

    /// The qualified name of the tag that ends with a local name: `s:forms` for `<s:forms …`.
    fileprivate func lastRange(of local: [UInt8], after mark: UInt8) -> [UInt8]? {
        var index = 0
        var found: [UInt8]?
        while let range = range(of: local, from: index) {
            index = range.upperBound
            guard let open = self[..<range.lowerBound].lastIndex(of: mark) else { continue }
            let name = Array(self[(open + 1)..<range.upperBound])
            let isName = !name.contains { $0 <= 0x20 || $0 == UInt8(ascii: "!") || $0 == UInt8(ascii: "?") }
            if isName { found = name }
        }
        return found
    }
}

extension ArraySlice<UInt8> {
    fileprivate func lastRange(of run: [UInt8]) -> Range<Int>? {
        var index = endIndex - run.count
        while index >= startIndex {
            if self[index..<index + run.count].elementsEqual(run) { return index..<index + run.count }
            index -= 1
        }
        return nil
    }
}
