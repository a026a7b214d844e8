/// What deciding one command came to: an accumulator, so that all that is wrong is reported together.
package struct Ruling: Sendable {
    package private(set) var findings: [Finding] = []
    package private(set) var warnings: [Finding] = []
    package private(set) var events: [Event] = []

    package init() {}

    /// True while nothing speaks against the command.
    package var isClear: Bool { findings.isEmpty }

    package mutating func refuse(
        _ rule: Rule, _ fields: [Field], _ detail: String, mend: String, aside: String? = nil, waitingFor: [Key] = []
    ) {
        findings.append(Finding(rule, fields, detail, mend: mend, aside: aside, waitsFor: waitingFor))
    }

    package mutating func refuse(_ finding: Finding) { findings.append(finding) }

    package mutating func warn(_ rule: Rule, _ fields: [Field], _ detail: String, mend: String, aside: String? = nil) {
        warnings.append(Finding(rule, fields, detail, mend: mend, aside: aside))
    }

    package mutating func warn(_ finding: Finding) { warnings.append(finding) }

    package mutating func record(_ event: Event) { events.append(event) }

    /// Drops the events when anything speaks against the command: all or nothing.
    package mutating func close() {
        if !findings.isEmpty { events = [] }
    }
}
