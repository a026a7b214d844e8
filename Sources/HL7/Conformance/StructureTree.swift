/// The segments of a message in the groups of its structure.
///
/// Nothing is left out: what is out of place, repeated or unknown stays where it came, and is told. A segment goes to
/// the nearest place ahead; only where there is none, back to one before. Groups follow each other as they came, so that
/// a segment out of place never hides what comes after it.
public struct StructureTree: Sendable {
    /// A segment, or a group with what is in it.
    public indirect enum Item: Sendable {
        /// A segment.
        case segment(Segment)
        /// A group by its name within the structure, such as `PATIENT_RESULT`.
        case group(String, [Item])
    }

    /// The structure.
    public let structure: MessageStructure
    /// Everything in order.
    public let items: [Item]
    /// Where the message departs from the structure, in order.
    public let findings: [ConformanceFinding]

    /// Puts the segments of a message into a structure.
    public init(_ message: Message, structure: MessageStructure) {
        var builder = TreeBuilder(structure: structure)
        for segment in message.segments { builder.add(segment) }
        items = builder.finish()
        self.structure = structure
        findings = builder.findings
    }
}

private struct TreeBuilder {
    typealias Node = MessageStructure.Node

    /// A group that is open, or the message itself.
    struct Frame {
        let name: String
        let nodes: [Node]
        /// The node that matched last; -1 before the first.
        var position = -1
        var counts: [Int]
        var items: [StructureTree.Item] = []

        init(name: String, nodes: [Node]) {
            self.name = name
            self.nodes = nodes
            counts = Array(repeating: 0, count: nodes.count)
        }

        /// Whether all is there that must come after the last match, so that the group may end.
        var mayEnd: Bool {
            nodes.indices.allSatisfy { $0 <= position || !nodes[$0].isRequired || counts[$0] > 0 }
        }
    }

    /// How to read on: first as the structure wants it, then over what is missing, then back.
    enum Pass: CaseIterable {
        case exact
        case overMissing
        case back
    }

    private let structureName: String
    private var frames: [Frame]
    private var seen: [String: Int] = [:]
    private(set) var findings: [ConformanceFinding] = []

    init(structure: MessageStructure) {
        structureName = structure.name
        frames = [Frame(name: "", nodes: structure.nodes)]
    }

    mutating func add(_ segment: Segment) {
        let name = segment.name
        seen[name, default: 0] += 1
        for pass in Pass.allCases where place(segment, named: name, pass) { return }
        frames[frames.count - 1].items.append(.segment(segment))
        // Segments of one's own begin with Z; ADD goes on with whatever comes before it.
        guard !name.hasPrefix("Z"), name != "ADD", name != "DSC" else { return }
        tell(.segmentUnexpected, segment.place, .warning, "\(structureName) has no segment \(shown(name))")
    }

    /// A line that is no segment may hold anything: only names are told.
    private func shown(_ name: String) -> String { ER7.name(of: name.utf8) == name ? name : "of this name" }

    private mutating func place(_ segment: Segment, named name: String, _ pass: Pass) -> Bool {
        for depth in frames.indices.reversed() {
            let frame = frames[depth]
            let first = pass == .back ? 0 : max(frame.position, 0)
            for index in frame.nodes.indices.dropFirst(first) {
                let node = frame.nodes[index]
                let isAgain = pass != .back && index == frame.position
                if !isAgain || node.repeats, let path = entry(node, name, isExact: pass == .exact || isAgain) {
                    enter(depth, index, path, segment, name, pass)
                    return true
                }
                if pass == .exact, index > frame.position, node.isRequired, frame.counts[index] == 0 { return false }
            }
            if pass == .exact, !frame.mayEnd { return false }
        }
        return false
    }

    /// The way from a node down to a segment of this name, by positions within its groups.
    private func entry(_ node: Node, _ name: String, isExact: Bool) -> [Int]? {
        guard case .group(_, let nodes) = node.content else {
            guard case .segment(let names) = node.content else { return nil }
            return names.contains(name) ? [] : nil
        }
        for (index, child) in nodes.enumerated() {
            if node.opensByOptional, child.isRequired { return nil }
            if let path = entry(child, name, isExact: isExact) { return [index] + path }
            if isExact, child.isRequired { return nil }
        }
        return nil
    }

    private mutating func enter(
        _ depth: Int, _ index: Int, _ path: [Int], _ segment: Segment, _ name: String, _ pass: Pass
    ) {
        while frames.count > depth + 1 { closeLast() }
        if pass == .back {
            if frames[depth].counts[index] > 0, !frames[depth].nodes[index].repeats {
                tell(.segmentRepeated, segment.place, .warning, "\(name) may not repeat here")
            } else {
                tell(.segmentOutOfSequence, segment.place, .warning, "\(name) comes too late in \(structureName)")
            }
        }
        var index = index
        var path = path[...]
        while true {
            let last = frames.count - 1
            frames[last].position = index
            frames[last].counts[index] += 1
            guard case .group(let group, let nodes) = frames[last].nodes[index].content, let next = path.popFirst()
            else { break }
            frames.append(Frame(name: group, nodes: nodes))
            index = next
        }
        frames[frames.count - 1].items.append(.segment(segment))
    }

    /// Ends the innermost group.
    private mutating func closeLast() {
        let frame = frames.removeLast()
        tellMissing(frame)
        frames[frames.count - 1].items.append(.group(frame.name, frame.items))
    }

    private mutating func tellMissing(_ frame: Frame) {
        for (index, node) in frame.nodes.enumerated() where node.isRequired && frame.counts[index] == 0 {
            for name in node.requiredSegments.prefix(1) {
                let group = frame.name.isEmpty ? structureName : "\(structureName).\(frame.name)"
                tell(
                    .segmentMissing, Place(segment: name, occurrence: (seen[name] ?? 0) + 1), .error,
                    "\(group) needs a segment \(name)")
            }
        }
    }

    mutating func finish() -> [StructureTree.Item] {
        while frames.count > 1 { closeLast() }
        tellMissing(frames[0])
        return frames[0].items
    }

    private mutating func tell(
        _ code: ConformanceFinding.Code, _ place: Place, _ severity: Acknowledgment.Severity, _ reason: String
    ) {
        findings.append(ConformanceFinding(code: code, place: place, severity: severity, reason: reason))
    }
}
