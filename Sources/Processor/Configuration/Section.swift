import Clinic
import Yams

/// A YAML file, or the YAML part of one, while it is read.
struct SettingsFile {
    let name: String
    /// Lines of the file that stand before the YAML.
    var lineOffset = 0
    let inspection: Inspection

    /// The root of the YAML; faults of its grammar are reported in their line.
    func compose(_ text: String) -> Node? {
        do {
            if let node = try Yams.compose(yaml: text) { return node }
            inspection.report("the file is empty", at: place(line: 1))
        } catch let error as YamlError {
            report(error)
        } catch {
            inspection.report("\(error)", at: place(line: 1))
        }
        return nil
    }

    private func report(_ error: YamlError) {
        switch error {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            let words = [context?.text, problem].compactMap { $0 }.joined(separator: ", ")
            inspection.report("this is not YAML: \(words)", at: place(mark))
        case .duplicatedKeysInMapping(let duplicates, let context):
            let keys = duplicates.sorted().map { "`\($0)`" }.joined(separator: ", ")
            inspection.report("the same key stands twice: \(keys)", at: place(context.mark))
        default:
            inspection.report("this is not YAML: \(error)", at: place(line: 1))
        }
    }

    func place(line: Int, column: Int? = nil) -> FilePlace {
        FilePlace(file: name, line: line + lineOffset, column: column)
    }

    func place(_ mark: Mark?) -> FilePlace {
        place(line: mark?.line ?? 1, column: mark?.column)
    }
}

/// A value and where it stands.
struct Located<Value> {
    let value: Value
    let place: FilePlace
}

/// A mapping of a YAML file, with its known keys.
///
/// Every value is read as the text that stands there, never as what YAML takes it for (`NO` is Norway, not false).
struct Section {
    /// What it is called in faults: `theater T1`.
    var title: String
    let place: FilePlace
    let inspection: Inspection

    private let file: SettingsFile
    private let values: [String: Node]

    /// Nil, and reported, when the node is no mapping; keys that are not known are reported.
    init?(_ node: Node, title: String, keys: [String], in file: SettingsFile) {
        place = file.place(node.mark)
        guard let mapping = node.mapping else {
            file.inspection.report("\(title) must be written as keys and values (`key: value`)", at: place)
            return nil
        }
        self.title = title
        self.file = file
        inspection = file.inspection
        var values: [String: Node] = [:]
        for (key, value) in mapping {
            guard let name = key.string, keys.contains(name) else {
                let name = key.string ?? "?"
                file.inspection.report(
                    "\(title) has no key `\(name)`\(Suggestion.text(for: name, among: keys))",
                    at: file.place(key.mark))
                continue
            }
            values[name] = value
        }
        self.values = values
    }

    func has(_ key: String) -> Bool { values[key] != nil }

    /// Where a key's value stands, else where the section does.
    func place(of key: String) -> FilePlace { values[key].map { file.place($0.mark) } ?? place }

    func report(_ message: String, at key: String) {
        inspection.report(message, at: place(of: key))
    }

    /// A value that must be there.
    func required<Value>(_ key: String, _ kind: ValueKind<Value>) -> Value? {
        guard has(key) else {
            reportMissing(key, kind.expected)
            return nil
        }
        return optional(key, kind)
    }

    /// A value that may be left out, but not be of another kind.
    func optional<Value>(_ key: String, _ kind: ValueKind<Value>) -> Value? {
        values[key].flatMap { read($0, key, kind) }
    }

    func set<Value>(_ target: inout Value, _ key: String, _ kind: ValueKind<Value>) {
        if let value = optional(key, kind) { target = value }
    }

    func set<Value>(_ target: inout Value?, _ key: String, _ kind: ValueKind<Value>) {
        if let value = optional(key, kind) { target = value }
    }

    /// The values of a list, each in its place; nothing when it is left out.
    func list<Value>(_ key: String, _ kind: ValueKind<Value>) -> [Located<Value>] {
        list(key).compactMap { node in
            read(node, key, kind).map { Located(value: $0, place: file.place(node.mark)) }
        }
    }

    /// The values of a list that must be there and not be empty.
    func requiredList<Value>(_ key: String, _ kind: ValueKind<Value>) -> [Value] {
        if !has(key) {
            reportMissing(key, "a list of \(kind.expected)")
        } else if values[key]?.sequence?.isEmpty ?? false {
            report("`\(key)` of \(title) is empty; list \(kind.expected)", at: key)
        }
        return list(key, kind).map(\.value)
    }

    /// A section within this one that must be there.
    func section(_ key: String, keys: [String]) -> Section? {
        guard let node = values[key] else {
            reportMissing(key, "keys and values")
            return nil
        }
        return Section(node, title: "`\(key)`", keys: keys, in: file)
    }

    /// The sections of a list that must be there, each of which declares a code.
    func sections(_ key: String, of kind: CodeKind, keys: [String]) -> [Section] {
        if !has(key) { reportMissing(key, "a list") }
        let sections = optionalSections(key, of: kind.rawValue, keys: keys)
        // What cannot be read may be what others name.
        if sections.isEmpty || sections.count < nodes(key).count { inspection.suspend(kind) }
        return sections
    }

    func optionalSections(_ key: String, of title: String, keys: [String]) -> [Section] {
        list(key).compactMap { Section($0, title: title, keys: keys, in: file) }
    }

    /// A list of changes, each with the day from which on it is in force and later than the one before.
    func changes<Value: Hashable & Codable & Sendable>(
        _ key: String, keys: [String], _ read: (_ change: Section, _ before: Value?) -> Value?
    ) -> [Change<Value>] {
        var changes: [Change<Value>] = []
        for change in optionalSections(key, of: "a change of \(title)", keys: ["effective_from"] + keys) {
            let day = change.required("effective_from", .date)
            let value = read(change, changes.last?.value)
            guard let day, let value else { continue }
            if let last = changes.last, day <= last.effectiveFrom {
                change.report("\(change.title) is not later than the one before it", at: "effective_from")
            }
            changes.append(Change(effectiveFrom: day, value))
        }
        return changes
    }

    /// Reads the code that names this section and declares it.
    mutating func declare(_ kind: CodeKind, by key: String, _ shape: ValueKind<String> = .code) -> String? {
        guard let code = required(key, shape) else {
            inspection.suspend(kind)
            return nil
        }
        title += " \(code)"
        inspection.declare(kind, code, at: place(of: key))
        return code
    }

    /// Codes that must be declared somewhere.
    func references(_ key: String, to kind: CodeKind) -> [String] {
        list(key, .code).map { code in
            inspection.refer(to: kind, code.value, from: title, at: code.place)
            return code.value
        }
    }

    private func nodes(_ key: String) -> [Node] { values[key]?.sequence.map { Array($0) } ?? [] }

    /// The nodes of a list; reported when it is none.
    private func list(_ key: String) -> [Node] {
        if has(key) && values[key]?.sequence == nil {
            report("`\(key)` of \(title) must be a list (`- …` on lines of their own, or `[…, …]`)", at: key)
        }
        return nodes(key)
    }

    private func read<Value>(_ node: Node, _ key: String, _ kind: ValueKind<Value>) -> Value? {
        guard let scalar = node.scalar else {
            inspection.report("`\(key)` of \(title) must be \(kind.expected), not a list", at: file.place(node.mark))
            return nil
        }
        if let value = kind.read(scalar.string) { return value }
        let given = scalar.string.isEmpty ? "it is empty" : "not `\(scalar.string.prefix(60))`"
        inspection.report("`\(key)` of \(title) must be \(kind.expected); \(given)", at: file.place(node.mark))
        return nil
    }

    private func reportMissing(_ key: String, _ expected: String) {
        inspection.report("\(title) lacks `\(key)`: \(expected)", at: place)
    }
}
