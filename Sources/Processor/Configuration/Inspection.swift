/// What the clinic's files name by codes.
enum CodeKind: String, CaseIterable {
    case procedure
    case item
    case requirement
    case staff
    case equipment
    case theater
    case payer
    case source
    case template
    case trade = "GTIN"

    /// Where such a code is defined.
    var home: String {
        switch self {
        case .procedure, .requirement: "procedures.yml"
        case .item, .trade: "items.csv"
        case .staff: "staff.yml"
        case .payer: "payers.yml"
        case .equipment, .theater, .source: "clinic.yml"
        case .template: "consents/"
        }
    }
}

/// Collects the faults and the codes of all files while they are read, so that nothing stops at the first.
final class Inspection {
    private struct Reference {
        let kind: CodeKind
        let code: String
        let owner: String
        let place: FilePlace
    }

    private var found: [ConfigurationFault] = []
    private var declared: [CodeKind: [String: FilePlace]] = [:]
    private var references: [Reference] = []
    private var suspended: Set<CodeKind> = []

    /// By file, line and column.
    var faults: [ConfigurationFault] {
        found.enumerated().sorted { left, right in
            let (one, two) = (left.element.place, right.element.place)
            return (one.file, one.line, one.column ?? 0, left.offset)
                < (two.file, two.line, two.column ?? 0, right.offset)
        }.map(\.element)
    }

    func report(_ message: String, at place: FilePlace) {
        found.append(ConfigurationFault(message, at: place))
    }

    /// Notes that a code exists; a second one of its kind is a fault.
    func declare(_ kind: CodeKind, _ code: String, at place: FilePlace) {
        if let first = declared[kind]?[code] {
            let origin = first.file == place.file ? "line \(first.line)" : "\(first.file):\(first.line)"
            report("\(kind.rawValue) `\(code)` is already defined in \(origin)", at: place)
        } else {
            declared[kind, default: [:]][code] = place
        }
    }

    /// Notes that something names a code; asked when all files are read.
    func refer(to kind: CodeKind, _ code: String, from owner: String, at place: FilePlace) {
        references.append(Reference(kind: kind, code: code, owner: owner, place: place))
    }

    /// The file that declares this kind could not be read, so its codes are not missing but unknown.
    func suspend(_ kind: CodeKind) {
        suspended.insert(kind)
    }

    func checkReferences() {
        for reference in references where !suspended.contains(reference.kind) {
            let known = declared[reference.kind] ?? [:]
            guard known[reference.code] == nil else { continue }
            report(
                "\(reference.owner) names \(reference.kind.rawValue) `\(reference.code)`, "
                    + "which is not in \(reference.kind.home)"
                    + Suggestion.text(for: reference.code, among: known.keys.sorted()),
                at: reference.place)
        }
    }
}
