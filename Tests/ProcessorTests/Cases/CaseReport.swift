import Drops
import Records

/// What became of a case's file, as its golden file tells it.
enum CaseReport {
    static func text(_ played: CaseBench.Played) -> String {
        var lines = ["\(played.file) (\(played.drop.format.rawValue)): \(played.drop.state.rawValue.lowercased())"]
        for finding in played.findings { lines += told(finding, as: "against the file") }
        for entry in played.entries {
            let forms = entry.record.forms.map { "\($0.form) \($0.action) \($0.reference)" }.joined(separator: ", ")
            let what = forms.isEmpty ? "unread" : forms
            lines += ["", "entry \(entry.record.number), line \(entry.record.line), \(what): \(word(entry.record))"]
            for finding in entry.findings { lines += told(finding, as: nil) }
            for warning in entry.warnings { lines += told(warning, as: "warning") }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func word(_ record: EntryRecord) -> String { record.outcome.rawValue.lowercased() }

    private static func told(_ finding: ReportedFinding, as kind: String?) -> [String] {
        var lines = ["  \(finding.code)" + (kind.map { " (\($0))" } ?? "")]
        func tell(_ name: String, _ text: String?) {
            guard let text, !text.isEmpty else { return }
            lines.append("    \(name): \(text)")
        }
        for place in finding.places { tell("where", text(of: place)) }
        tell("fields", finding.fields.joined(separator: ", "))
        tell("shape", finding.shape)
        tell("what", finding.detail)
        tell("mend", finding.mend)
        tell("waits for", finding.waitsFor.joined(separator: ", "))
        return lines
    }

    private static func text(of place: Place) -> String {
        var words = ["line \(place.line)"]
        if let column = place.column { words.append("column \(column)") }
        if let name = place.name { words.append(name) }
        if let location = place.errorLocation { words.append("ERR-2 \(location)") }
        return words.joined(separator: ", ")
    }
}
