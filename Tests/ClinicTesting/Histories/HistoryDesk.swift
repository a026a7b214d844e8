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
        var isWoken = false
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
    /// What waits, in the order in which it began to.
    private var holds: [Waiting] = []
    private var applied: [String: Told] = [:]
    /// Called after each unit that changed something, with its events.
    package var watch: (([Event]) throws -> Void)?

    package init(catalog: Catalog = .sample, now: Instant, seals: Seals = .test) {
        self.pathway = Pathway(catalog: catalog, seals: seals)
        self.now = now
    }

    /// What was refused for good, and why.
    package var refusals: [String] {
        outcomes.indices.filter { outcomes[$0] == .rejected }.map { "\(entries[$0]): \(reasons[$0] ?? [])" }
    }

    package var heldEntries: [Told] { holds.map(\.told) }

    /// An entry by its number, with why it was not applied.
    package func account(of number: Int) -> String { "\(entries[number]): \(reasons[number] ?? [])" }

    /// Tells one entry, with what its reading found wrong, and then whatever it woke.
    package func tell(_ told: Told, misread: [Finding] = []) throws {
        outcomes.append(.rejected)
        entries.append("\(told.form) \(told.action) \(told.reference)")
        let number = outcomes.count - 1
        if let known = applied[told.key] {
            let isSame = known.values == told.values && known.action == told.action
            outcomes[number] = isSame && misread.isEmpty ? .duplicate : .rejected
            return
        }
        let verdict = try judge(told, number: number, misread: misread)
        if verdict.outcome != .rejected { replaceEarlier(told) }
        if verdict.outcome == .held { holds.append(Waiting(told: told, number: number, keys: verdict.keys)) }
        try decideWoken()
    }

    /// What is due at the end of a drain, until nothing more follows.
    package func drain() throws {
        while true {
            let before = state.events.count
            let due = try pathway.due(at: now, drainEnds: true, in: state)
            _ = try state.unit { try pathway.carryOut(due, now: now, in: state) }
            try settled(since: before)
            try decideWoken()
            if state.events.count == before { return }
        }
    }

    /// Decides an entry: what becomes of it, and the keys that it waits for.
    private func judge(_ told: Told, number: Int, misread: [Finding] = []) throws -> (outcome: Outcome, keys: Set<Key>)
    {
        let others = misread + earlierHold(of: told)
        let command = told.command(now: now)
        let before = state.events.count
        let ruling = try state.unit {
            var ruling =
                others.isEmpty ? try pathway.settle(command, in: state) : try pathway.decide(command, in: state)
            for finding in others { ruling.refuse(finding) }
            return ruling
        }
        let findings = ruling.findings
        for finding in findings + ruling.warnings { codes[finding.rule.code, default: 0] += 1 }
        reasons[number] = findings.map(\.rule.code)
        if findings.isEmpty {
            outcomes[number] = .applied
            applied[told.key] = told
        } else if findings.allSatisfy({ !$0.waitsFor.isEmpty }) {
            outcomes[number] = .held
            return (.held, Set(findings.flatMap(\.waitsFor)))
        } else {
            outcomes[number] = .rejected
            if told.form == .inventory, let event = try pathway.incident(for: command, findings: findings, in: state) {
                state.apply(event)
            }
        }
        try settled(since: before)
        return (outcomes[number], [])
    }

    /// Tells the watch what happened, and wakes what waited for it.
    private func settled(since count: Int) throws {
        let events = Array(state.events[count...])
        guard !events.isEmpty else { return }
        try watch?(events)
        wake(Set(events.flatMap(\.keys)))
    }

    private func wake(_ keys: Set<Key>) {
        for index in holds.indices where !holds[index].keys.isDisjoint(with: keys) { holds[index].isWoken = true }
    }

    /// Decides again what was woken, by effective time, then by how long it has waited, until nothing is awake.
    private func decideWoken() throws {
        while let next = holds.indices.filter({ holds[$0].isWoken })
            .min(by: { (holds[$0].told.time, $0) < (holds[$1].told.time, $1) })
        {
            holds[next].isWoken = false
            let (told, number) = (holds[next].told, holds[next].number)
            let verdict = try judge(told, number: number)
            guard let index = holds.firstIndex(where: { $0.number == number }) else { continue }
            if verdict.outcome == .held {
                holds[index].keys = verdict.keys
            } else {
                holds.remove(at: index)
                wake(told.subjects)
            }
        }
    }

    /// A held entry that is sent again is replaced.
    private func replaceEarlier(_ told: Told) {
        for index in holds.indices.reversed() where holds[index].told.key == told.key {
            outcomes[holds[index].number] = .duplicate
            holds.remove(at: index)
            wake(told.subjects)
        }
    }

    /// An entry waits behind one of its sender about the same thing that tells of an earlier time.
    private func earlierHold(of told: Told) -> [Finding] {
        for subject in told.subjects.sorted() {
            let ahead = holds.filter {
                $0.told.sender == told.sender && $0.told.subjects.contains(subject) && $0.told.time < told.time
                    && $0.told.key != told.key
            }
            guard !ahead.isEmpty else { continue }
            return [
                Finding(.Entry.waitsBehindHeld, [], "an earlier entry waits", mend: "nothing", waitsFor: [subject])
            ]
        }
        return []
    }
}

extension Told {
    /// Under which its sender knows it.
    fileprivate var key: String { "\(sender)|\(form)|\(reference)" }

    /// What it is about: a later one of its sender about the same waits behind it.
    fileprivate var subjects: Set<Key> {
        func id<ID: Identifier>(_ field: Field, _ key: (ID) -> Key) -> Set<Key> {
            if case .text(let text)? = values[field] { [key(ID(text))] } else { [] }
        }
        return switch form {
        case .consultation: id(.consultation) { .consultation($0) }
        case .plan: id(.plan) { .plan($0) }
        // Parties sign in an order of their own, which the rules know.
        case .consent where action != "SIGN": id(.consent) { .consent($0) }
        case .surgicalCase: id(.surgicalCase) { .surgicalCase($0) }
        default: []
        }
    }
}
