/// The structure of a message: which segments it has, in which order and which groups (HL7 v2.9 §2.5.2, chapters 3 to 13).
public struct MessageStructure: Sendable {
    /// One part of a structure.
    struct Node: Sendable {
        /// A segment, one of several, or a group.
        indirect enum Content: Sendable {
            case segment([String])
            case group(String, [Node])
        }

        let content: Content
        let isRequired: Bool
        let repeats: Bool
        /// Whether only what comes before the first required part leads into the group.
        var opensByOptional = false

        /// The segments without which it cannot be, by their first name.
        var requiredSegments: [String] {
            switch content {
            case .segment(let names): names.first.map { [$0] } ?? []
            case .group(_, let nodes): nodes.filter(\.isRequired).flatMap(\.requiredSegments)
            }
        }
    }

    /// The name, such as `ADT_A01`: MSH-9.3, and the root of the message in HL7's XML.
    public let name: String
    let nodes: [Node]

    /// The structure of a message, by MSH-9; `nil` for one that this library does not know.
    ///
    /// Type and event decide, MSH-9.3 only where they do not, since many senders copy a wrong one.
    public init?(of message: Message) {
        self.init(type: message.type, event: message.event, named: message.structureName, version: message.version)
    }

    /// The structure of a type and event (HL7 table 0354).
    public init?(type: String, event: String, named: String = "", version: Version) {
        guard let name = Self.name(type: type, event: event) ?? (named.isEmpty ? nil : named) else { return nil }
        self.init(named: name, version: version)
    }

    /// The structure of that name.
    public init?(named name: String, version: Version) {
        let newer = version.rank >= 20_600 ? Self.since26[name] : nil
        guard let nodes = newer ?? Self.base[name] else { return nil }
        self.name = name
        self.nodes = nodes
    }

    /// Whether messages of this type are known, with any event.
    public static func knows(type: String) -> Bool { events[type] != nil || type == "ACK" }

    private static func name(type: String, event: String) -> String? {
        if type == "ACK" { return "ACK" }
        guard let events = events[type] else { return nil }
        // These types have but one event, and senders before 2.3 leave it out.
        if event.isEmpty, events.count == 1 { return events.first?.structure }
        return events.first { $0.events.contains(event) }?.structure
    }

    private static let events: [String: [(structure: String, events: [String])]] = [
        "ADT": [
            ("ADT_A01", ["A01", "A04", "A08", "A13"]), ("ADT_A05", ["A05", "A14", "A28", "A31"]),
            ("ADT_A18", ["A18"]), ("ADT_A30", ["A30", "A34", "A35", "A36", "A46", "A47", "A48", "A49"]),
            ("ADT_A39", ["A39", "A40", "A41", "A42"]), ("ADT_A60", ["A60"]),
        ],
        "SIU": [
            (
                "SIU_S12",
                ["S12", "S13", "S14", "S15", "S16", "S17", "S18", "S19", "S20", "S21", "S22", "S23", "S24", "S26"]
            )
        ],
        "MDM": [
            ("MDM_T01", ["T01", "T03", "T05", "T07", "T09", "T11"]),
            ("MDM_T02", ["T02", "T04", "T06", "T08", "T10"]),
        ],
        "ORU": [("ORU_R01", ["R01"])], "ORM": [("ORM_O01", ["O01"])], "OMG": [("OMG_O19", ["O19"])],
        "OML": [("OML_O21", ["O21"])], "INU": [("INU_U05", ["U05"])],
        "DFT": [("DFT_P03", ["P03"]), ("DFT_P11", ["P11"])], "BAR": [("BAR_P01", ["P01"])],
    ]

    // MARK: Reading the grammars

    private static let base = parse(StructureGrammars.base)
    private static let since26 = parse(StructureGrammars.since26)

    private static func parse(_ text: String) -> [String: [Node]] {
        var structures: [String: [Node]] = [:]
        var name = ""
        var grammar = ""
        func close() {
            var scanner = GrammarScanner(rest: Array(grammar.utf8)[...])
            if !name.isEmpty { structures[name] = scanner.nodes() }
        }
        for line in text.split(separator: "\n") {
            if line.hasPrefix(" ") {
                grammar += line
                continue
            }
            close()
            name = String(line.prefix { $0 != " " })
            grammar = String(line.dropFirst(name.utf8.count))
        }
        close()
        return structures
    }
}

private struct GrammarScanner {
    var rest: ArraySlice<UInt8>

    mutating func nodes() -> [MessageStructure.Node] {
        var nodes: [MessageStructure.Node] = []
        while let node = node(isRequired: true, repeats: false) { nodes.append(node) }
        return nodes
    }

    private mutating func node(isRequired: Bool, repeats: Bool) -> MessageStructure.Node? {
        rest = rest.drop { $0 == 0x20 }
        switch rest.first {
        case UInt8(ascii: "["):
            rest = rest.dropFirst()
            defer { rest = rest.dropFirst() }
            return node(isRequired: false, repeats: repeats)
        case UInt8(ascii: "{"):
            rest = rest.dropFirst()
            defer { rest = rest.dropFirst() }
            return node(isRequired: isRequired, repeats: true)
        case UInt8(ascii: "<"):
            rest = rest.dropFirst()
            let names = rest.prefix { $0 != UInt8(ascii: ">") }
            rest = rest.dropFirst(names.count + 1)
            let choice = names.split(separator: UInt8(ascii: "|")).map { String(decoding: $0, as: UTF8.self) }
            return .init(content: .segment(choice), isRequired: isRequired, repeats: repeats)
        default:
            let name = rest.prefix { ER7.isLetterOrDigit($0) || $0 == UInt8(ascii: "_") }
            guard !name.isEmpty else { return nil }
            rest = rest.dropFirst(name.count)
            let opensByOptional = rest.first == UInt8(ascii: "?")
            if opensByOptional { rest = rest.dropFirst() }
            let text = String(decoding: name, as: UTF8.self)
            guard rest.first == UInt8(ascii: "(") else {
                return .init(content: .segment([text]), isRequired: isRequired, repeats: repeats)
            }
            rest = rest.dropFirst()
            defer { rest = rest.dropFirst() }
            return .init(
                content: .group(text, nodes()), isRequired: isRequired, repeats: repeats,
                opensByOptional: opensByOptional)
        }
    }
}

extension Message {
    /// MSH-9.3, such as `ADT_A01`; empty before 2.3.1.
    public var structureName: String { header.field(9).component(3).raw }
}
