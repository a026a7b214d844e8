import Clinic

extension CheckReply {
    /// As a compiler prints: a line for each finding, and one for what would mend it.
    package var text: String {
        var lines: [String] = []
        for file in files {
            let name = Terminal.safe(file.file)
            if let fault = file.fault { lines.append("\(name): error: the file cannot be read: \(fault)") }
            for item in file.findings { lines += item.lines(in: name) }
        }
        if files.contains(where: { $0.fault == nil }) { lines.append(summary) }
        return lines.joined(separator: "\n")
    }

    /// What all would come to, in one line.
    private var summary: String {
        var parts = [
            (counts.applied, "applied"), (counts.duplicate, "duplicate"), (counts.held, "held"),
            (counts.rejected, "rejected"),
        ].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
        if parts.isEmpty { parts = ["nothing to apply"] }
        let read = files.count { $0.fault == nil }
        var text = "\(Terminal.count(read, "file")), \(Terminal.count(counts.read, "entry", "entries")): "
        text += parts.joined(separator: ", ")
        text += "; \(Terminal.count(errors, "error")), \(Terminal.count(warnings, "warning"))"
        if releases > 0 { text += "; \(Terminal.count(releases, "held entry", "held entries")) would be released" }
        return text + ". Nothing was changed."
    }
}

extension CheckReply.Item {
    func lines(in file: String) -> [String] {
        let place = "\(file):\(line):\(column ?? 1)"
        let named = name.flatMap { detail.contains($0) ? nil : " [\(Terminal.safe($0))]" } ?? ""
        var lines = ["\(place): \(severity.rawValue): \(code): \(Terminal.safe(detail))\(named)"]
        if let aside { lines.append("    \(Terminal.safe(aside))") }
        if severity == .note, !waitsFor.isEmpty {
            lines.append("    it would wait for \(waitsFor.map(Terminal.safe).joined(separator: ", "))")
        }
        if !mend.isEmpty { lines.append("    to mend it: \(Terminal.safe(mend))") }
        return lines
    }
}
