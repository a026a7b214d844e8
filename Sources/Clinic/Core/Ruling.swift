/// What deciding one command came to: an accumulator, so that all that is wrong is reported together.
package struct Ruling: Sendable {
    package private(set) var findings: [Finding] = []
    package private(set) var warnings: [Finding] = []
    package private(set) var events: [Event] = []
    /// Warnings that are refusals in this clinic, by code.
    private let refusedWarnings: [String]
    /// What somebody who may answers for, known before anything is asked, so that the rest is decided as if it held.
    private var overrides: [Override] = []

    package init(refusing warnings: [String] = []) { refusedWarnings = warnings }

    /// True while nothing speaks against the command.
    package var isClear: Bool { findings.isEmpty }

    package mutating func refuse(
        _ rule: Rule, _ fields: [Field], _ detail: String, mend: String, aside: String? = nil, waitingFor: [Key] = [],
        item: Int? = nil
    ) {
        refuse(Finding(rule, fields, detail, mend: mend, aside: aside, waitsFor: waitingFor, item: item))
    }

    /// What is overridden stays on the report, and refuses no longer.
    package mutating func refuse(_ finding: Finding) {
        if let override = overrides.first(where: { $0.rule == finding.rule }) {
            warnings.append(finding.overridden(by: override))
        } else {
            findings.append(finding)
        }
    }

    package mutating func warn(_ rule: Rule, _ fields: [Field], _ detail: String, mend: String, aside: String? = nil) {
        warn(Finding(rule, fields, detail, mend: mend, aside: aside))
    }

    package mutating func warn(_ finding: Finding) {
        if refusedWarnings.contains(finding.rule.code) { refuse(finding) } else { warnings.append(finding) }
    }

    package mutating func record(_ event: Event) { events.append(event) }

    mutating func grant(_ override: Override) { overrides.append(override) }

    /// Drops the events when anything speaks against the command: all or nothing.
    ///
    /// What is applied although a rule spoke against it tells so in the ledger.
    package mutating func close() {
        guard findings.isEmpty else {
            events = []
            return
        }
        let used = overrides.filter { override in warnings.contains { $0.override == override } }
        guard !used.isEmpty else { return }
        events = events.map { $0.noting(used.map(\.words).joined(separator: "; ")) }
    }
}

/// Somebody's word that a rule shall not refuse an entry.
package struct Override: Hashable, Sendable {
    package let rule: Rule
    package let by: StaffID
    package let reason: String

    /// As the ledger tells it.
    var words: String { "overridden \(rule.code) by \(by): \(reason)" }
}

extension Finding {
    /// The finding as a warning that names who answers for it; the reason, free text, is private.
    fileprivate func overridden(by override: Override) -> Finding {
        let reason = "overridden because: \(override.reason)"
        return Finding(
            rule, fields, "\(detail); overridden by \(override.by)", mend: "nothing: the override is in the ledger",
            aside: aside.map { "\($0); \(reason)" } ?? reason, item: item, override: override)
    }
}
