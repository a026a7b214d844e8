import CSV
package import Drops

/// What was wrong, for auditors: de-identified, so never a value, a name, an MRN, an aside or a file's own name.
///
/// A drop's file is written row by row, so that none is held whole: ``header()``, ``dropRows(_:)``, then
/// ``rows(_:of:)`` for each entry.
package enum RejectionReport {
    private static let columns = [
        "drop", "sha256", "source", "arrived_at", "entry", "outcome", "weight", "line", "column", "byte_offset",
        "place", "fields", "code", "hl7_0357", "statement", "detail", "shape", "mend", "ledger_sequence",
    ]

    package static func header() -> [UInt8] {
        var writer = Writer()
        writer.append(columns.map { .text($0) })
        return writer.bytes
    }

    /// Findings against the drop as a whole.
    package static func dropRows(_ drop: ReportedDrop) -> [UInt8] {
        var writer = Writer()
        for finding in drop.findings { append(finding, weight: "DROP", entry: nil, of: drop, to: &writer) }
        return writer.bytes
    }

    /// Findings of an entry that was rejected or is held, and warnings of any.
    package static func rows(_ entry: ReportedEntry, of drop: ReportedDrop) -> [UInt8] {
        var writer = Writer()
        if entry.outcome == .rejected || entry.outcome == .held {
            for finding in entry.findings {
                let weight = finding.waitsFor.isEmpty ? "ERROR" : "WAITS"
                append(finding, weight: weight, entry: entry, of: drop, to: &writer)
            }
        }
        for warning in entry.warnings {
            let weight = warning.overriddenBy == nil ? "WARNING" : "OVERRIDDEN"
            append(warning, weight: weight, entry: entry, of: drop, to: &writer)
        }
        return writer.bytes
    }

    private static func append(
        _ finding: ReportedFinding, weight: String, entry: ReportedEntry?, of drop: ReportedDrop,
        to writer: inout Writer
    ) {
        let place = finding.place
        // A name that is no field of ours was made up by the sender, perhaps of a patient's name.
        let foreign = finding.fields.isEmpty ? place.name : nil
        let located = place.errorLocation ?? (foreign == nil ? place.name : nil) ?? ""
        func number(_ value: (some BinaryInteger)?) -> Writer.Cell { .number(value.map { String($0) } ?? "") }
        writer.append([
            .number(String(drop.number)), .text(drop.sha256), .text(drop.source), .text(drop.arrivedAt),
            number(entry?.number), .text(entry?.outcome.rawValue ?? ""), .text(weight), number(place.line),
            number(place.column), number(place.byteOffset), .text(safe(located)),
            .text(finding.fields.map { safe($0) }.joined(separator: ";")), .text(finding.code),
            .number(String(finding.hl7)), .text(finding.statement),
            .text(PublicText.withoutDates(PublicText.without(foreign, in: finding.detail))),
            .text(finding.shape ?? ""), .text(PublicText.withoutDates(finding.mend)),
            number(entry?.ledgerSequence ?? drop.ledgerSequence),
        ])
    }

    /// The name of a place, but only where it is written like one: a sender's element may be named after a person.
    private static func safe(_ name: String) -> String {
        let isName =
            name.utf8.count <= 80
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "a")...UInt8(ascii: "z"):
                    true
                default: Array("_-.:^[]/".utf8).contains(byte)
                }
            }
        return isName ? name : ""
    }
}

/// What became of each entry, for its sender: good news too, the numbers given, and what stands behind a finding.
package enum AnswerFile {
    private static let columns = [
        "drop", "entry", "line", "form", "action", "reference", "outcome", "codes", "reason", "numbers",
        "ledger_sequence",
    ]

    package static func header() -> [UInt8] {
        var writer = Writer()
        writer.append(columns.map { .text($0) })
        return writer.bytes
    }

    /// Findings against the drop as a whole.
    package static func dropRows(_ drop: ReportedDrop) -> [UInt8] {
        var writer = Writer()
        for finding in drop.findings {
            writer.append([
                .number(String(drop.number)), .empty, .number(String(finding.place.line)), .text(drop.form ?? ""),
                .empty, .empty, .empty, .text(finding.code), .text(reason(finding)), .empty,
                .number(String(drop.ledgerSequence)),
            ])
        }
        return writer.bytes
    }

    /// One row for each form of the entry; one for an entry in which no form could be told.
    package static func rows(_ entry: ReportedEntry, of drop: ReportedDrop) -> [UInt8] {
        var writer = Writer()
        let findings = entry.findings + entry.warnings
        let codes = findings.map(\.code).joined(separator: ";")
        let reasons = ([replacement(of: entry)].compactMap(\.self) + findings.map { reason($0) })
            .joined(separator: " | ")
        // What waits has done nothing yet: no row of the ledger is its own.
        let sequence = entry.outcome == .held ? nil : entry.ledgerSequence ?? drop.ledgerSequence
        let numbers = entry.answer.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
            .map { "\($0.key)=\($0.value)" }.joined(separator: ";")
        let forms = entry.forms.isEmpty ? [.init(form: "", action: "", reference: "")] : entry.forms
        for form in forms {
            writer.append([
                .number(String(drop.number)), .number(String(entry.number)), .number(String(entry.line)),
                .text(form.form), .text(form.action), .text(form.reference), .text(entry.outcome.rawValue),
                .text(codes), .text(reasons), .text(numbers),
                .number(sequence.map { String($0) } ?? ""),
            ])
        }
        return writer.bytes
    }

    private static func replacement(of entry: ReportedEntry) -> String? {
        entry.answer["replaced_by"].map { "replaced by \($0), a later entry of the same reference" }
    }

    private static func reason(_ finding: ReportedFinding) -> String {
        let aside = finding.aside.map { " (\($0))" } ?? ""
        let wait = finding.waitsFor.isEmpty ? "" : "; waits for \(finding.waitsFor.joined(separator: ", "))"
        return "\(finding.detail)\(aside)\(wait); \(finding.mend)"
    }
}
