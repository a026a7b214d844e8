import Clinic

/// One file of `consents/`: a front matter between two lines `---`, then the text, which is kept to the byte.
struct ConsentFile {
    private(set) var template: ConsentTemplate?
    private var effectivePlace: FilePlace?

    private static let keys = [
        "template", "version", "title", "kind", "procedures", "parties", "effective_from", "language",
    ]

    init(reading text: String, named name: String, _ inspection: Inspection) {
        let file = SettingsFile(name: name, lineOffset: 1, inspection: inspection)
        guard let (frontMatter, body, bodyLine) = Self.split(text) else {
            inspection.report(
                "the file must begin with a line `---`, its keys and values, and a second line `---`",
                at: FilePlace(file: name, line: 1))
            return
        }
        guard let node = file.compose(frontMatter),
            let section = Section(node, title: "the template", keys: Self.keys, in: file)
        else { return }
        template = Self.template(section, body)
        effectivePlace = section.place(of: "effective_from")
        Self.checkClauses(body, at: FilePlace(file: name, line: bodyLine), inspection)
    }

    /// The front matter, the body, and the line on which the body begins.
    private static func split(_ text: String) -> (frontMatter: String, body: String, bodyLine: Int)? {
        // By bytes: CRLF would be one Character.
        let bytes = text.utf8
        var lines: [Substring.UTF8View] = []
        var rest = bytes[...]
        repeat {
            guard let end = rest.firstIndex(of: 0x0A) else { return nil }
            lines.append(rest[..<end])
            rest = rest[bytes.index(after: end)...]
        } while lines.count == 1 || !isRule(lines[lines.count - 1])
        guard isRule(lines[0]) else { return nil }
        let frontMatter = lines[1..<(lines.count - 1)].map { String(Substring($0)) }.joined(separator: "\n")
        return (frontMatter, String(Substring(rest)), lines.count + 1)
    }

    private static func isRule(_ line: Substring.UTF8View) -> Bool {
        line.elementsEqual("---".utf8) || line.elementsEqual("---\r".utf8)
    }

    private static func template(_ section: Section, _ body: String) -> ConsentTemplate? {
        let name = section.required("template", .folder)
        let version = section.required("version", .number(1...9999))
        let title = section.required("title", .text)
        let kind: Consent.Kind? = section.required(
            "kind", .choice([.surgical, .photography, .registry, .financial, .marketing]))
        let procedures = section.references("procedures", to: .procedure)
        let parties = section.requiredList("parties", .choice(Consent.Party.allCases))
        let effectiveFrom = section.required("effective_from", .date)
        let language = section.required("language", .text)
        if let name, let version {
            section.inspection.declare(.template, "\(name) version \(version)", at: section.place(of: "template"))
        }
        if kind == .surgical && procedures.isEmpty {
            section.report("a SURGICAL template must name its `procedures`", at: "procedures")
        }
        guard let name, let version, let title, let kind, let effectiveFrom, let language else { return nil }
        return ConsentTemplate(
            name: name, version: version, title: title, kind: kind, procedures: procedures.map { ProcedureCode($0) },
            parties: parties, effectiveFrom: effectiveFrom, language: language, body: body)
    }

    /// A later version of a template takes the place of the earlier one, so it cannot have been in force before it.
    static func checkVersions(of files: [ConsentFile], _ inspection: Inspection) {
        for file in files {
            guard let template = file.template, let place = file.effectivePlace else { continue }
            let earlier = files.compactMap(\.template).filter {
                $0.name == template.name && $0.version < template.version
            }
            guard let before = earlier.max(by: { $0.effectiveFrom < $1.effectiveFrom }),
                template.effectiveFrom < before.effectiveFrom
            else { continue }
            inspection.report(
                "version \(template.version) of template \(template.name) is in force before version "
                    + "\(before.version), which is so from \(before.effectiveFrom)", at: place)
        }
    }

    /// Each clause is acknowledged by its id, so no two may share one, and there must be one.
    private static func checkClauses(_ body: String, at start: FilePlace, _ inspection: Inspection) {
        var lines: [String: Int] = [:]
        for (index, line) in body.utf8.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
            guard line.starts(with: "- [C".utf8) else { continue }
            var place = start
            place.line += index
            guard let end = line.firstIndex(of: UInt8(ascii: "]")) else {
                inspection.report("the clause's id has no closing `]`", at: place)
                continue
            }
            let label = String(Substring(line[..<end])).dropFirst(3)
            let id = String(label.hasSuffix("!") ? label.dropLast() : label)
            if let first = lines[id] {
                inspection.report("clause `\(id)` is already in line \(first)", at: place)
            }
            lines[id] = lines[id] ?? place.line
        }
        if lines.isEmpty { inspection.report("the text has no clause (`- [C1] …`)", at: start) }
    }
}
