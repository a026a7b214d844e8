package import Clinic

/// The desk of a history: decides entries, holds those that wait, wakes them by key, and knows repetitions.
///
/// A few lines that say what the processor's desk does over the database.
package final class HistoryDesk {
    package enum Outcome: Sendable { case applied, duplicate, held, rejected }

    private struct Waiting {
        let told: Told
        let number: Int
        var keys: Set<Key>
    }

    package let state = MemoryClinic()
    package let pathway: Pathway
    package let now: Instant
    /// What became of each entry, by its number.
    package private(set) var outcomes: [Outcome] = []
    /// Why an entry was not applied, by its number.
    package private(set) var reasons: [Int: [String]] = [:]
    /// The rules that spoke, and how often.
    package private(set) var codes: [String: Int] = [:]
    private var entries: [String] = []
    private var holds: [Waiting] = []
    private var applied: [String: Told] = [:]
    /// Called after each unit that changed something, with its events.
    package var watch: (([Event]) throws -> Void)?

    package init(catalog: Catalog = .sample, now: Instant) {
        self.pathway = Pathway(catalog: catalog, seals: .test)
        self.now = now
    }

    /// What was refused for good, and why.
    package var refusals: [String] {
        outcomes.indices.filter { outcomes[$0] == .rejected }.map { "\(entries[$0]): \(reasons[$0] ?? [])" }
    }

    package var heldEntries: [Told] { holds.map(\.told) }

    /// Tells one entry, and then whatever it woke.
    package func tell(_ told: Told) throws {
        outcomes.append(.rejected)
        entries.append("\(told.form) \(told.action) \(told.reference)")
        let number = outcomes.count - 1
        try decide(told, number: number)
    }

    /// What is due at the end of a drain.
    package func drain() throws {
        let due = try pathway.due(at: now, drainEnds: true, in: state)
        let ruling = try state.unit { try pathway.carryOut(due, now: now, in: state) }
        try settled(ruling)
    }

    private func decide(_ told: Told, number: Int) throws {
        let key = "\(told.sender)|\(told.form)|\(told.reference)"
        if let known = applied[key] {
            outcomes[number] = known.values == told.values && known.action == told.action ? .duplicate : .rejected
            return
        }
        for index in holds.indices.reversed() where holds[index].told.isSameEntry(as: told) {
            outcomes[holds[index].number] = .duplicate
            holds.remove(at: index)
        }
        guard try attempt(told, number: number) else { return }
        applied[key] = told
    }

    /// True when it was applied.
    private func attempt(_ told: Told, number: Int) throws -> Bool {
        let ruling = try state.unit { try pathway.settle(told.command(now: now), in: state) }
        for finding in ruling.findings + ruling.warnings { codes[finding.rule.code, default: 0] += 1 }
        reasons[number] = ruling.codes
        if ruling.isHeld {
            outcomes[number] = .held
            holds.append(Waiting(told: told, number: number, keys: Set(ruling.findings.flatMap(\.waitsFor))))
            return false
        }
        outcomes[number] = ruling.isClear ? .applied : .rejected
        guard ruling.isClear else {
            if told.form == .inventory {
                let command = told.command(now: now)
                if let event = try pathway.incident(for: command, findings: ruling.findings, in: state) {
                    state.apply(event)
                    try watch?([event])
                }
            }
            return false
        }
        try settled(ruling)
        return true
    }

    /// Checks what happened, and decides again what waited for it, by effective time, then arrival.
    private func settled(_ ruling: Ruling) throws {
        guard !ruling.events.isEmpty else { return }
        try watch?(ruling.events)
        let touched = Set(ruling.events.flatMap(\.keys))
        let woken = holds.filter { !$0.keys.isDisjoint(with: touched) }
        guard !woken.isEmpty else { return }
        let numbers = Set(woken.map(\.number))
        holds.removeAll { numbers.contains($0.number) }
        for waiting in woken.sorted(by: { ($0.told.time, $0.number) < ($1.told.time, $1.number) }) {
            try decide(waiting.told, number: waiting.number)
        }
    }
}

extension Told {
    fileprivate func isSameEntry(as other: Told) -> Bool {
        sender == other.sender && form == other.form && reference.utf8.elementsEqual(other.reference.utf8)
    }
}
