/// The text of a consent: templates with every placeholder filled, under a header of plain facts.
///
/// The header is part of the text, so that the hash covers whom, what and by whom.
struct ConsentText {
    let plan: ProcedurePlan
    let patient: Patient
    /// One, or one for each procedure that has a text of its own.
    let templates: [ConsentTemplate]
    let issuedAt: Instant
    let catalog: Catalog

    var title: String { templates.map(\.title).joined(separator: "; ") }

    /// The clauses as the text prints them.
    var clauses: [Consent.Clause] {
        templates.enumerated().flatMap { index, template in
            template.clauses.map { clause in
                var clause = clause
                clause.clause = relabeled(clause.clause, of: index)
                return clause
            }
        }
    }

    /// Canonical Markdown.
    var text: String {
        let sources = templates.map { "\($0.name) version \($0.version)" }.joined(separator: "; ")
        let facts = [
            "Clinic: \(catalog.clinic.name)", "Patient: \(patient.fullName)", "MRN: \(patient.mrn)",
            "Born: \(patient.birthDate)", "Procedure: \(plan.wording(in: catalog))",
            "Surgeon: \(catalog.name(of: plan.surgeon))", "Anesthesia: \(plan.anesthesia.wording)",
            "Plan: \(plan.plan) version \(plan.version)", "Template: \(sources)",
            "Issued at: \(catalog.zone.iso(issuedAt))",
        ]
        let header = (["# \(title)", ""] + facts.map { "- \($0)" }).joined(separator: "\n")
        let parts = templates.enumerated().map { index, template in
            let body = filled(body(of: template, at: index), for: template)
            return templates.count == 1 ? body : "# \(template.title)\n\n" + body
        }
        return header + "\n\n" + parts.joined(separator: "\n\n") + "\n"
    }

    /// The patient's number in the header of a text.
    static func number(in text: String) -> MRN? { fact("MRN", in: text).map { MRN($0) } }

    /// The patient's name in the header of a text.
    static func name(in text: String) -> String? { fact("Patient", in: text) }

    private static func fact(_ name: String, in text: String) -> String? {
        let start = Array("- \(name): ".utf8)
        let line = text.utf8.split(separator: UInt8(ascii: "\n")).first { $0.starts(with: start) }
        return line.map { String(decoding: Array($0.dropFirst(start.count)), as: UTF8.self) }
    }

    /// Clauses of the first template keep their numbers, `C7`; those of the second are `C2.7`.
    private func relabeled(_ clause: String, of index: Int) -> String {
        index == 0 ? clause : "C\(index + 1)." + clause.dropFirst()
    }

    private func body(of template: ConsentTemplate, at index: Int) -> String {
        guard index > 0 else { return template.body }
        let start = Array("- [C".utf8)
        let lines = template.body.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        let relabeled = lines.map { line in
            line.starts(with: start) ? Array("- [C\(index + 1).".utf8) + line.dropFirst(start.count) : Array(line)
        }
        return String(decoding: Array(relabeled.joined(separator: [UInt8(ascii: "\n")])), as: UTF8.self)
    }

    /// The procedures that a template speaks of; all of them in one that is about none in particular.
    private func procedures(of template: ConsentTemplate) -> [ProcedurePlan.PlannedProcedure] {
        let own = plan.procedures.filter { template.procedures.contains($0.code) }
        return template.kind == .surgical && !own.isEmpty ? own : plan.procedures
    }

    private func value(of placeholder: String, in template: ConsentTemplate) -> String? {
        switch placeholder {
        case "patient": patient.fullName
        case "mrn": patient.mrn.rawValue
        case "birth_date": patient.birthDate.description
        case "procedure":
            procedures(of: template).map { catalog.procedures[$0.code]?.name ?? $0.code.rawValue }
                .joined(separator: "; ")
        case "side": procedures(of: template).map(\.side.wording).joined(separator: "; ")
        case "surgeon": catalog.name(of: plan.surgeon)
        case "anesthesia": plan.anesthesia.wording
        case "plan": plan.plan.rawValue
        case "plan_version": String(plan.version)
        case "clinic": catalog.clinic.name
        case "estimate": plan.estimate.map { "\(catalog.currency.decimal($0)) \(catalog.currency.code)" } ?? "not given"
        case "quote_valid_until": plan.quoteValidUntil?.description ?? "not limited"
        case "date": catalog.zone.date(of: issuedAt).description
        default: nil
        }
    }

    /// Fills in one pass over the bytes, so that a value that looks like a placeholder stays as it is.
    private func filled(_ body: String, for template: ConsentTemplate) -> String {
        var rest = Array(body.utf8)[...]
        var output: [UInt8] = []
        let brace = UInt8(ascii: "{")
        let closing = UInt8(ascii: "}")
        while let byte = rest.first {
            let name = rest.dropFirst(2).prefix { $0 != closing && $0 != brace }
            let end = name.endIndex
            if byte == brace, rest.dropFirst().first == brace, end + 1 < rest.endIndex, rest[end] == closing,
                rest[end + 1] == closing, let value = value(of: String(decoding: name, as: UTF8.self), in: template)
            {
                output.append(contentsOf: value.utf8)
                rest = rest[(end + 2)...]
            } else {
                output.append(byte)
                rest = rest.dropFirst()
            }
        }
        return String(decoding: output, as: UTF8.self)
    }
}

extension ProcedurePlan.Anesthesia {
    /// The kind in words for documents.
    package var wording: String { rawValue.lowercased() }
}
