/// What the standard says of a field or a component in one version.
public struct FieldDefinition: Hashable, Sendable {
    /// The data type, such as `XPN` or `NM`.
    public let type: String
    /// Whether it must have a value.
    public let isRequired: Bool
    /// Whether it may repeat.
    public let repeats: Bool
    /// The table that its value is in, such as `0001`; only for tables that this library holds.
    public let table: String?

    init(_ cell: Substring) {
        let type = cell.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
        let rest = cell.dropFirst(type.count)
        self.type = String(type)
        isRequired = rest.contains("!")
        repeats = rest.contains("*")
        table = rest.firstIndex(of: "@").map { String(rest[$0...].dropFirst()) }
    }

    /// Whether the version at hand has the field at all.
    var exists: Bool { !type.isEmpty && type != "WD" }
}

/// Segments, composite data types and tables of HL7 v2.1 to v2.9, as data.
public enum SegmentDictionary {
    /// The definition of a field from one version on.
    struct Run: Sendable {
        let since: Int
        let definition: FieldDefinition
    }

    static let segments = parse(AdministrationFields.text + "\n" + ClinicalFields.text)
    static let types = parse(DataTypeComponents.text)
    static let tables: [String: Set<String>] = rows(TableValues.text).reduce(into: [:]) { tables, row in
        if let name = row.first { tables[String(name)] = Set(row.dropFirst().map { String($0) }) }
    }

    /// Whether the dictionary knows the segment.
    public static func knows(segment: String) -> Bool { segments[segment] != nil }

    /// The definition of a field; `nil` when the version has no such field, or the segment is unknown.
    public static func field(_ number: Int, of segment: String, version: Version) -> FieldDefinition? {
        definition(number, in: segments[segment], version)
    }

    /// The number of fields that any version gives the segment.
    static func fieldCount(of segment: String) -> Int { segments[segment]?.count ?? 0 }

    /// The definition of a component of a composite data type.
    public static func component(_ number: Int, of type: String, version: Version) -> FieldDefinition? {
        definition(number, in: types[type], version)
    }

    /// Whether the data type has components.
    public static func isComposite(_ type: String) -> Bool { types[type] != nil }

    /// Whether a value is in a table; `nil` when this library does not hold the table.
    public static func contains(_ value: String, table: String) -> Bool? {
        tables[table].map { $0.contains(value) }
    }

    private static func definition(_ number: Int, in fields: [[Run]]?, _ version: Version) -> FieldDefinition? {
        guard let fields, number >= 1, number <= fields.count else { return nil }
        let runs = fields[number - 1]
        let rank = version.rank
        // A field that came later than the version may be there all the same, as many senders mix them.
        let run = runs.last { $0.since <= rank } ?? runs.first
        guard let definition = run?.definition, definition.exists else { return nil }
        guard let first = runs.first, first.since > rank else { return definition }
        return FieldDefinition(Substring(definition.type + (definition.repeats ? "*" : "")))
    }

    // MARK: Reading the tables

    /// A row begins at the margin; what is indented goes on with the row before.
    private static func rows(_ text: String) -> [[Substring]] {
        var rows: [[Substring]] = []
        for line in text.split(separator: "\n") {
            let cells = line.split(separator: " ")
            if line.hasPrefix(" "), !rows.isEmpty { rows[rows.count - 1] += cells } else { rows.append(cells) }
        }
        return rows
    }

    private static func parse(_ text: String) -> [String: [[Run]]] {
        rows(text).reduce(into: [:]) { all, row in
            guard let name = row.first else { return }
            all[String(name)] = row.dropFirst().map { runs($0) }
        }
    }

    /// `TS/2.4:TS!/2.6:DTM!`: the first holds from the beginning.
    private static func runs(_ cell: Substring) -> [Run] {
        cell.split(separator: "/").map { part in
            guard let colon = part.firstIndex(of: ":") else {
                return Run(since: 0, definition: FieldDefinition(part))
            }
            let since = Version(String(part[..<colon])).rank
            return Run(since: since, definition: FieldDefinition(part[part.index(after: colon)...]))
        }
    }
}

extension Version {
    /// A number that orders versions; one that does not read as a version counts as 2.5.1.
    var rank: Int {
        guard isKnown else { return 20_501 }
        let parts = text.split(separator: ".").map { Int($0) ?? 0 } + [0, 0, 0]
        return parts[0] * 10_000 + min(parts[1], 99) * 100 + min(parts[2], 99)
    }
}
