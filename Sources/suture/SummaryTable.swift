import Processor

/// The summary of a run as an aligned table.
enum SummaryTable {
    static func text(_ summary: RunSummary) -> String {
        let drops = [
            ("seen", summary.drops.seen), ("archived", summary.drops.archived), ("duplicate", summary.drops.duplicate),
            ("quarantined", summary.drops.quarantined), ("waiting", summary.drops.waiting),
        ]
        let entries = [
            ("read", summary.entries.read), ("applied", summary.entries.applied),
            ("duplicate", summary.entries.duplicate), ("held", summary.entries.held),
            ("rejected", summary.entries.rejected),
        ]
        let released = [
            ("applied", summary.released.applied), ("rejected", summary.released.rejected),
            ("expired", summary.released.expired),
        ]
        var lines = columns([
            ("Drops", drops), ("Entries", entries), ("Released", released), ("Documents", summary.documents.rows),
        ])
        lines.append("")
        let settled = summary.released.withinRun
        if settled > 0 {
            lines.append(
                "\(plural(settled, "entry", "entries")) of these drops waited and left the hold within the run")
        }
        lines.append(
            "Warnings \(summary.warnings)   Ledger \(summary.ledger.length) rows, head \(summary.ledger.head.prefix(16))…"
        )
        lines.append("Time     \(seconds(summary.elapsedSeconds)) s")
        return lines.joined(separator: "\n")
    }

    /// A drain of a watching processor in one line, after the clinic's time.
    static func line(_ summary: RunSummary) -> String {
        let (drops, entries, released) = (summary.drops, summary.entries, summary.released)
        let told = [
            (drops.archived, "\(plural(drops.archived, "drop")) archived"),
            (drops.duplicate, "\(plural(drops.duplicate, "drop")) with nothing new"),
            (drops.quarantined, "\(plural(drops.quarantined, "drop")) quarantined"),
            (entries.applied, "\(plural(entries.applied, "entry", "entries")) applied"),
            (entries.duplicate, "\(entries.duplicate) duplicate"), (entries.held, "\(entries.held) held"),
            (entries.rejected, "\(entries.rejected) rejected"),
            (released.applied, "\(released.applied) released and applied"),
            (released.rejected, "\(released.rejected) released and rejected"),
            (released.expired, "\(released.expired) expired"),
            (released.withinRun, "\(released.withinRun) held and released"),
        ].filter { $0.0 > 0 }.map(\.1)
        let documents = summary.documents.count > 0 ? [plural(summary.documents.count, "document")] : []
        let parts = (told.isEmpty ? [] : [told.joined(separator: ", ")]) + documents
        let clock = summary.at.map { "\($0.dropFirst(11).prefix(8))  " } ?? ""
        return clock + parts.joined(separator: "; ")
    }

    private static func plural(_ count: Int, _ one: String, _ many: String? = nil) -> String {
        "\(count) \(count == 1 ? one : many ?? one + "s")"
    }

    /// Lists side by side, each under its title.
    private static func columns(_ lists: [(String, [(String, Int)])]) -> [String] {
        let height = lists.map(\.1.count).max() ?? 0
        var lines = [""]
        lines[0] = lists.map { padded($0.0, 24) }.joined().trimmedEnd
        for row in 0..<height {
            let cells = lists.map { list -> String in
                guard row < list.1.count else { return padded("", 24) }
                let (name, count) = list.1[row]
                return padded("  " + padded(name, 13) + leading(String(count), 7), 24)
            }
            lines.append(cells.joined().trimmedEnd)
        }
        return lines
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    private static func leading(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }

    private static func seconds(_ value: Double) -> String { String(Int(value)) + "." + String(Int(value * 10) % 10) }
}

extension String {
    /// The text without blanks at its end.
    var trimmedEnd: String { String(reversed().drop { $0 == " " }.reversed()) }
}
