/// The text of a consent: a template with every placeholder filled, under a header of plain facts.
///
/// The header is part of the text, so that the hash covers whom, what and by whom.
struct ConsentText {
    let plan: ProcedurePlan
    let patient: Patient
    let template: ConsentTemplate
    let issuedAt: Instant
    let catalog: Catalog

    /// Canonical Markdown.
    var text: String {
        let facts = [
            "Clinic: \(catalog.clinic.name)", "Patient: \(patient.fullName)", "MRN: \(patient.mrn)",
            "Born: \(patient.birthDate)", "Procedure: \(plan.wording(in: catalog))",
            "Surgeon: \(catalog.name(of: plan.surgeon))", "Anesthesia: \(plan.anesthesia.wording)",
            "Plan: \(plan.plan) version \(plan.version)", "Template: \(template.name) version \(template.version)",
            "Issued at: \(catalog.zone.iso(issuedAt))",
        ]
        let header = (["# \(template.title)", ""] + facts.map { "- \($0)" }).joined(separator: "\n")
        return header + "\n\n" + filled(template.body) + "\n"
    }

    private func value(of placeholder: String) -> String? {
        switch placeholder {
        case "patient": patient.fullName
        case "mrn": patient.mrn.rawValue
        case "birth_date": patient.birthDate.description
        case "procedure": names.joined(separator: "; ")
        case "side": plan.procedures.map(\.side.wording).joined(separator: "; ")
        case "surgeon": catalog.name(of: plan.surgeon)
        case "anesthesia": plan.anesthesia.wording
        case "plan": plan.plan.rawValue
        case "plan_version": String(plan.version)
        case "clinic": catalog.clinic.name
        case "date": catalog.zone.date(of: issuedAt).description
        default: nil
        }
    }

    private var names: [String] {
        plan.procedures.map { catalog.procedures[$0.code]?.name ?? $0.code.rawValue }
    }

    /// Fills in one pass over the bytes, so that a value that looks like a placeholder stays as it is.
    private func filled(_ body: String) -> String {
        var rest = Array(body.utf8)[...]
        var output: [UInt8] = []
        let brace = UInt8(ascii: "{")
        let closing = UInt8(ascii: "}")
        while let byte = rest.first {
            let name = rest.dropFirst(2).prefix { $0 != closing && $0 != brace }
            let end = name.endIndex
            if byte == brace, rest.dropFirst().first == brace, end + 1 < rest.endIndex, rest[end] == closing,
                rest[end + 1] == closing, let value = value(of: String(decoding: name, as: UTF8.self))
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
