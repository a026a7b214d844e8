import Clinic
import Drops
import Records

/// Everything that a number, name or reference stands for, each with its whole story.
package struct Explanation: Reply {
    package let subject: String
    package let stories: [Story]
    private let zone: ZoneRules

    private enum CodingKeys: String, CodingKey {
        case subject, stories
    }

    /// What may be meant is tried in turn; one number can stand for several things.
    package init(_ inquiry: Inquiry, of subject: String) throws {
        self.subject = subject
        zone = inquiry.zone
        stories = try inquiry.database.read {
            try Explanation.stories(of: subject, StoryTelling(unit: $0, currency: inquiry.catalog.currency))
        }
        guard !stories.isEmpty else { throw NothingKnown(subject: subject) }
    }

    private static func stories(of subject: String, _ telling: StoryTelling) throws -> [Story] {
        var stories: [Story?] = []
        let bytes = Array(subject.utf8)
        if bytes.count <= 18, let number = Digits.value(of: bytes) { stories.append(try telling.drop(Int64(number))) }
        let parts = subject.split(separator: "/", omittingEmptySubsequences: false)
        if parts.count == 2, let drop = Digits.value(of: Array(parts[0].utf8)),
            let entry = Digits.value(of: Array(parts[1].utf8))
        {
            stories.append(try telling.entry(drop: Int64(drop), number: entry))
        }
        stories.append(try telling.patient(MRN(subject)))
        for thing in things {
            stories.append(try telling.thing(thing.kind, subject, member: thing.member, word: thing.word))
        }
        // As `suture status` names what entries wait for: `plan:P-1`.
        if let colon = subject.firstIndex(of: ":"), let thing = things.first(where: { $0.kind == subject[..<colon] }) {
            let id = String(subject[subject.index(after: colon)...])
            stories.append(try telling.thing(thing.kind, id, member: thing.member, word: thing.word))
        }
        stories.append(try telling.receipt(ReceiptNumber(subject)))
        stories += try telling.stock(subject)
        stories.append(try telling.reference(subject))
        return stories.compactMap { $0 }
    }

    /// What has a key of its own, and the member under which others name it.
    private static let things = [
        (kind: "consultation", member: "consultation", word: "consultation"),
        (kind: "plan", member: "plan", word: "plan"),
        (kind: "consent", member: "consent", word: "consent"), (kind: "case", member: "surgical_case", word: "case"),
        (kind: "bill", member: "bill", word: "bill"),
        (kind: "registration", member: "registration", word: "registration"),
    ]

    package var text: String {
        stories.map { $0.lines(zone).joined(separator: "\n") }.joined(separator: "\n\n")
    }
}

/// Nothing in the records goes by a name.
package struct NothingKnown: Error, CustomStringConvertible {
    package let subject: String

    package var description: String {
        "nothing is known of \(Terminal.safe(subject)): it is no drop, entry (drop/entry), MRN, consultation, plan, "
            + "consent, case, registration, bill, receipt, lot, serial number or reference of an entry"
    }
}

extension Story {
    /// The story as lines of text, with the clinic's times.
    func lines(_ zone: ZoneRules) -> [String] {
        var lines = [Terminal.safe(about.prefix(1).uppercased() + about.dropFirst())]
        if let drop { lines += drop.lines(zone) }
        if let person { lines += person.lines }
        if let operation { lines += operation.lines(zone) }
        if let plan { lines += plan.lines(zone) }
        if let consent { lines += consent.lines(zone) }
        if let bill { lines += bill.lines(zone) }
        if let consultation { lines += consultation.lines(zone) }
        if let balance { lines += ["", "  Balance (\(balance.currency)):"] + balance.lines(indent: "    ") }
        let told = drop == nil ? entries : entries.filter { $0.outcome != .applied || !$0.warnings.isEmpty }
        for entry in told { lines += entry.lines(zone) }
        if drop != nil { lines += applied(zone) }
        if !events.isEmpty { lines += ["", "  What happened:"] + events.flatMap { $0.lines(zone) } }
        if !waiting.isEmpty { lines += ["", "  What waits for it:"] + waiting.flatMap { $0.lines(zone) } }
        return lines
    }

    /// The entries of a drop that were applied and need no more than a line.
    private func applied(_ zone: ZoneRules) -> [String] {
        let applied = entries.filter { $0.outcome == .applied && $0.warnings.isEmpty }
        guard !applied.isEmpty else { return [] }
        let shown = applied.prefix(Story.shown).flatMap { entry in
            ["  \(entry.title)"] + entry.events.flatMap { $0.lines(zone, isBrief: true) }
        }
        let rest = applied.count - Story.shown
        return ["", "  Applied:"] + shown + (rest > 0 ? ["  and \(rest) more; --format json lists all"] : [])
    }

    /// So many applied entries of a drop are printed.
    private static let shown = 50
}

extension Story.Drop {
    func lines(_ zone: ZoneRules) -> [String] {
        var lines = [
            "  \(source)/\(file), \(Terminal.count(Int(size), "byte")), \(format.rawValue)\(form.map { " of \($0)" } ?? "")",
            "  arrived \(zone.stamp(arrivedAt)), now \(state.rawValue.lowercased())\(archivePath.map { " at \($0)" } ?? "")",
            "  \(applied) applied, \(duplicate) duplicate, \(held) held, \(rejected) rejected",
        ]
        if let sha256 { lines.append("  SHA-256 \(sha256)") }
        return lines + findings.flatMap(\.lines)
    }
}

extension Story.Entry {
    /// The entry in one line.
    var title: String {
        let forms = forms.map { "\($0.form) \($0.action) \($0.reference)" }.joined(separator: " + ")
        let numbers = answer.keys.sorted().map { "\($0) \(answer[$0] ?? "")" }
        let given = numbers.isEmpty ? "" : " (\(numbers.joined(separator: ", ")))"
        let content = forms.isEmpty ? "" : "\(forms) "
        return Terminal.safe("\(drop)/\(number), line \(line): \(content)\(outcome.rawValue.lowercased())\(given)")
    }

    func lines(_ zone: ZoneRules) -> [String] {
        var lines = ["", "  \(title)"]
        if let file, let source {
            lines.append("    from \(source)/\(file)\(arrivedAt.map { ", arrived \(zone.stamp($0))" } ?? "")")
        }
        for past in history {
            lines.append("    was \(past.outcome.rawValue.lowercased()) until \(zone.stamp(past.until))")
        }
        lines += findings.flatMap(\.lines) + warnings.flatMap(\.lines)
        if let heldAt, let expiresAt {
            let keys = waitsFor.map { Terminal.safe($0.rawValue) }.joined(separator: ", ")
            lines.append("    waits since \(zone.stamp(heldAt)) for \(keys), until \(zone.stamp(expiresAt))")
        }
        return lines + events.flatMap { $0.lines(zone, isBrief: true) }
    }
}

extension Story.Event {
    /// When it happened, in words, and where it came from; `isBrief` where the entry is named above.
    func lines(_ zone: ZoneRules, isBrief: Bool = false) -> [String] {
        let reason = note.map { ": \(Terminal.safe($0))" } ?? ""
        var lines = ["    \(zone.stamp(occurredAt))  \(words)\(reason) [\(kind), \(Terminal.safe(subject))]"]
        if let cause { lines.append("                      because \(Terminal.safe(EventWords.ofCause(cause)))") }
        var origin = "decided \(zone.stamp(decidedAt)), ledger \(sequence)"
        if !isBrief {
            if let drop {
                origin += ", drop \(drop)\(entry.map { "/\($0)" } ?? "")"
                if let source, let file { origin += " from \(source)/\(file)" }
            } else {
                origin += ", due by time"
            }
        }
        lines.append("                      \(origin)")
        return lines
    }
}

extension ReportedFinding {
    /// The finding for those who may see everything.
    fileprivate var lines: [String] {
        let place = place.column.map { "line \(self.place.line), column \($0)" } ?? "line \(place.line)"
        var lines = ["    \(code): \(Terminal.safe(detail)) (\(place))"]
        if let aside { lines.append("      \(Terminal.safe(aside))") }
        if !mend.isEmpty { lines.append("      to mend it: \(Terminal.safe(mend))") }
        return lines
    }
}
