/// The text of a consent before it is filled in, from `clinic/consents/*.md`.
package struct ConsentTemplate: Hashable, Sendable, Codable {
    package var name: String
    package var version: Int
    package var title: String
    package var kind: Consent.Kind
    package var procedures: [ProcedureCode]
    package var parties: [Consent.Party]
    package var effectiveFrom: CalendarDate
    package var language: String
    /// Markdown with clauses as `- [C1] …`, `- [C2!] …` (`!`: must be acknowledged), and `{{placeholders}}`.
    package var body: String

    package init(
        name: String, version: Int, title: String, kind: Consent.Kind, procedures: [ProcedureCode],
        parties: [Consent.Party], effectiveFrom: CalendarDate, language: String, body: String
    ) {
        self.name = name
        self.version = version
        self.title = title
        self.kind = kind
        self.procedures = procedures
        self.parties = parties
        self.effectiveFrom = effectiveFrom
        self.language = language
        self.body = body
    }

    /// The clauses by their ids, in order, and whether each must be acknowledged.
    package var clauses: [Consent.Clause] {
        // By bytes: CRLF would be one Character.
        body.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).compactMap { line in
            guard line.starts(with: "- [C".utf8), let end = line.firstIndex(of: UInt8(ascii: "]")) else { return nil }
            let label = String(decoding: line[..<end].dropFirst(3), as: UTF8.self)
            let isRequired = label.hasSuffix("!")
            return Consent.Clause(clause: String(isRequired ? label.dropLast() : label[...]), isRequired: isRequired)
        }
    }
}

extension Catalog {
    /// The template of a kind for a procedure on a day: the newest in force.
    package func template(for procedure: ProcedureCode, kind: Consent.Kind, on date: CalendarDate) -> ConsentTemplate? {
        templates.filter { $0.kind == kind && $0.effectiveFrom <= date }
            .filter { kind != .surgical || $0.procedures.contains(procedure) }
            .max { ($0.version, $1.name) < ($1.version, $0.name) }
    }

    /// The version of a template in force on a day.
    package func template(_ name: String, on date: CalendarDate) -> ConsentTemplate? {
        templates.filter { $0.name == name && $0.effectiveFrom <= date }.max { $0.version < $1.version }
    }

    package func template(_ name: String, version: Int) -> ConsentTemplate? {
        templates.first { $0.name == name && $0.version == version }
    }
}
