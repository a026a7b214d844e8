/// Compares a message with the standard: structure, required fields, cardinality, data types, tables.
///
/// The version in MSH-12 decides which definitions hold. Nothing is refused: the findings say what is wrong, where, and
/// how grave, and the receiver decides. A receiver that needs less than the standard can leave out what it does not read.
public struct ConformanceCheck: Sendable {
    /// What is looked at.
    public struct Scope: OptionSet, Hashable, Sendable {
        /// The bits.
        public let rawValue: Int

        /// A scope of these bits.
        public init(rawValue: Int) { self.rawValue = rawValue }

        /// MSH-9, MSH-11 and MSH-12.
        public static let header = Scope(rawValue: 1)
        /// Which segments there are, and in which order.
        public static let structure = Scope(rawValue: 2)
        /// Required fields and repetitions.
        public static let cardinality = Scope(rawValue: 4)
        /// Data types, their lengths and tables.
        public static let values = Scope(rawValue: 8)
        /// All of them.
        public static let all: Scope = [.header, .structure, .cardinality, .values]
    }

    /// What is looked at.
    public let scope: Scope

    /// A check of all, or of a part.
    public init(_ scope: Scope = .all) {
        self.scope = scope
    }

    /// What is found, the header first, then the structure, then segment by segment.
    public func findings(in message: Message) -> [ConformanceFinding] {
        var findings: [ConformanceFinding] = []
        if scope.contains(.header) { header(of: message, &findings) }
        if scope.contains(.structure), let structure = MessageStructure(of: message) {
            findings += StructureTree(message, structure: structure).findings
        }
        guard scope.contains(.cardinality) || scope.contains(.values) else { return findings }
        let version = message.version
        for segment in message.segments {
            findings += self.findings(in: segment, version: version)
        }
        return findings
    }

    /// What is found in one segment; nothing in one that the dictionary does not know.
    public func findings(in segment: Segment, version: Version) -> [ConformanceFinding] {
        var findings: [ConformanceFinding] = []
        let name = segment.name
        // The separators of a header are what reads it.
        let first = segment.table.isHeader(segment.index) ? 3 : 1
        for number in first..<max(first, SegmentDictionary.fieldCount(of: name) + 1) {
            guard let definition = SegmentDictionary.field(number, of: name, version: version) else { continue }
            check(segment.field(number), as: definition, in: segment, version, &findings)
        }
        return findings
    }

    private func check(
        _ field: Part, as definition: FieldDefinition, in segment: Segment, _ version: Version,
        _ findings: inout [ConformanceFinding]
    ) {
        let presence = field.presence
        let hasValue = presence == .valued || presence == .delete
        let checksCardinality = scope.contains(.cardinality)
        if checksCardinality, definition.isRequired, !hasValue {
            findings.append(
                .init(code: .fieldMissing, place: field.place, severity: .error, reason: "a required field is missing"))
        }
        guard presence == .valued else { return }
        let repetitions = field.repetitions
        if checksCardinality, !definition.repeats, repetitions.count > 1 {
            findings.append(
                .init(
                    code: .fieldRepeated, place: repetitions[1].place, severity: .warning,
                    reason: "the field may not repeat"))
        }
        guard scope.contains(.values) else { return }
        let type = definition.type == "varies" ? Self.valueType(of: segment) : definition.type
        guard let type else {
            // OBX-5 has a value, so OBX-2 must say of what type.
            if checksCardinality, segment.name == "OBX" {
                findings.append(
                    .init(
                        code: .fieldMissing, place: segment.field(2).place, severity: .error,
                        reason: "a value is there whose type is not said"))
            }
            return
        }
        let check = ValueCheck(version: version)
        for repetition in repetitions {
            check.check(repetition, type: type, table: definition.table, isField: true, &findings)
        }
    }

    /// The type of a field that varies: OBX-2 names that of OBX-5.
    static func valueType(of segment: Segment) -> String? {
        guard segment.name == "OBX" else { return "ST" }
        let type = segment.field(2).component(1)
        return type.presence == .valued ? type.raw : nil
    }

    // MARK: The header

    private func header(of message: Message, _ findings: inout [ConformanceFinding]) {
        let header = message.header
        let type = header.field(9).repetition(1)
        if !MessageStructure.knows(type: message.type) {
            findings.append(
                .init(
                    code: .messageType, place: type.component(1).place, severity: .error,
                    reason: "messages of this type are not known"))
        } else if MessageStructure(type: message.type, event: message.event, version: message.version) == nil {
            findings.append(
                .init(
                    code: .event, place: type.component(2).place, severity: .error,
                    reason: "the type has no such event that is known"))
        }
        let processing = header.field(11).repetition(1).component(1)
        if processing.presence == .valued, !["P", "T", "D"].contains(processing.raw) {
            findings.append(
                .init(
                    code: .processingID, place: processing.place, severity: .error,
                    reason: "a processing id is P, T or D"))
        }
        let version = header.field(12).repetition(1).component(1)
        let versions = [
            "2.0", "2.0D", "2.1", "2.2", "2.3", "2.3.1", "2.3.2", "2.4", "2.5", "2.5.1", "2.5.2", "2.6", "2.7", "2.7.1",
            "2.8", "2.8.1", "2.8.2", "2.9", "2.9.1",
        ]
        if version.presence == .valued, !versions.contains(version.raw) {
            findings.append(
                .init(
                    code: .version, place: version.place, severity: .warning, reason: "this is no version of HL7 v2"))
        }
    }
}
