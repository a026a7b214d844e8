package import Clinic
import Drops
package import Records

/// The entries that wait: each with what it waits for in a clerk's words, since when and until when.
package struct HoldListing: Reply {
    /// Why an entry cannot be applied yet.
    package struct Reason: Encodable, Sendable {
        package var code: String
        /// What is not as it should be, and what would mend it.
        package var detail: String
        package var mend: String
        package var waitsFor: [Key]
    }

    /// An entry that waits.
    package struct Hold: Encodable, Sendable {
        /// `drop/entry`, as the form `decision` names it.
        package var entry: String
        package var source: SourceName
        package var forms: [EntryForm]
        package var effectiveAt: Instant
        package var heldAt: Instant
        /// When it is rejected, if nothing comes.
        package var expiresAt: Instant
        package var reasons: [Reason]
    }

    package var now: Instant
    /// How many wait, listed or not.
    package var count: Int
    /// By arrival, so many at most.
    package var holds: [Hold]
    /// The clinic's clock, for the text.
    private let zone: ZoneRules

    private enum CodingKeys: String, CodingKey { case now, count, holds }

    /// All, or those that wait for a key such as `plan:P-1`; the first so many.
    package init(_ inquiry: Inquiry, waitingFor key: Key? = nil, limit: Int = 200) throws {
        now = inquiry.now
        zone = inquiry.zone
        (count, holds) = try inquiry.database.read { unit in
            guard let key else { return (try unit.holdCount(), try unit.holds(limit: limit).map(Hold.init)) }
            let waiting = try unit.holds(waitingFor: key)
            return (waiting.count, try waiting.prefix(limit).map(Hold.init))
        }
    }
}

extension HoldListing.Hold {
    init(_ held: HeldEntry) throws {
        self.init(
            entry: "\(held.drop)/\(held.entry)", source: held.source, forms: held.references,
            effectiveAt: held.effectiveAt, heldAt: held.heldAt, expiresAt: held.expiresAt,
            reasons: try FindingsCoding.decode(held.findings).map { finding in
                HoldListing.Reason(
                    code: finding.code, detail: finding.detail, mend: finding.mend,
                    waitsFor: finding.waitsFor.map { Key($0) })
            })
    }
}

extension HoldListing {
    package var text: String {
        guard count > 0 else { return "No entry is held." }
        var table = TextTable(["entry", "source", "wants", "since", "until", "because", "waits for"])
        for hold in holds {
            var cells = [
                hold.entry, hold.source.rawValue,
                hold.forms.map { "\($0.form) \($0.action) \($0.reference)" }.joined(separator: " + "),
                "\(zone.stamp(hold.heldAt)) (\(Terminal.age(seconds: hold.heldAt.seconds(until: now))))",
                zone.stamp(hold.expiresAt),
            ]
            for reason in hold.reasons {
                table.add(cells + [reason.detail, reason.waitsFor.map(HoldListing.words).joined(separator: ", ")])
                cells = cells.map { _ in "" }
            }
        }
        let rest = count - holds.count
        return
            (["\(Terminal.count(count, "entry is", "entries are")) held, \(zone.stamp(now)) \(zone.name)"]
            + table.lines() + (rest > 0 ? ["  and \(Terminal.count(rest, "more entry", "more entries"))"] : [])
            + [
                "",
                "Each is decided again as soon as something that it waits for comes, and rejected when its time is up.",
                "To decide one now: a drop of the form decision, RELEASE or REJECT, with `held` as in the first column.",
            ]).joined(separator: "\n")
    }

    /// A key as the listing prints it, `plan P-1`, or as answers give it, `plan:P-1`.
    package static func key(_ text: String) -> Key {
        guard !text.contains(":"), let space = text.lastIndex(of: " ") else { return Key(text) }
        return Key("\(text[..<space].replacing(" ", with: "-")):\(text[text.index(after: space)...])")
    }

    /// `plan:P-1` as `plan P-1`.
    static func words(_ key: Key) -> String {
        let parts = key.rawValue.split(separator: ":", maxSplits: 1)
        guard parts.count == 2 else { return key.rawValue }
        return "\(parts[0].replacing("-", with: " ")) \(parts[1])"
    }
}
