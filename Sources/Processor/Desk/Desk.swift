import Clinic
import Digests
import Documents
import Drops
import Forms
import Records

/// Decides entries one by one inside the open transaction, and writes what became of each.
final class Desk {
    let unit: Unit
    let pathway: Pathway
    let now: Instant
    let configuration: String
    /// Entries of other drops whose class changed while this unit was open.
    private(set) var released: [ReleasedEntry] = []
    /// What became of the entries that the entry at hand had decided again, for its answer.
    var looks: [String] = []
    /// How many more held entries may be decided again in this unit.
    private(set) var wakesLeft = Desk.wakesOfUnit

    /// So many held entries are decided again in one transaction; what else was woken waits for the next.
    static let wakesOfUnit = 250

    init(unit: Unit, pathway: Pathway, now: Instant, configuration: String) {
        self.unit = unit
        self.pathway = pathway
        self.now = now
        self.configuration = configuration
    }

    /// Decides an entry as a whole; whatever it woke is decided before the next one, by `decideWoken`.
    @discardableResult
    func decide(_ entry: PreparedEntry, of drop: DropRecord) throws -> Verdict {
        unit.context = DecisionContext(
            now: now, configuration: configuration, drop: drop.number, entry: entry.read.number)
        var record = EntryRecord(
            drop: drop.number, number: entry.read.number, line: entry.read.place.line,
            byteOffset: entry.read.place.byteOffset, forms: entry.forms, outcome: .applied,
            effectiveAt: entry.commands.first?.command.effectiveAt, messageControlID: entry.read.message?.controlID)
        let verdict = try judge(entry, drop: drop)
        try settle(verdict, of: entry.content, into: &record, raw: entry.read.blanked)
        try unit.insert(record)
        switch verdict {
        case .held(let findings): try hold(entry, findings: findings, of: drop)
        case .applied: try replaceEarlier(entry.content, by: drop.number, entry.read.number)
        default: break
        }
        return verdict
    }

    /// What an entry came to.
    enum Verdict {
        case applied(answer: [String: String], warnings: [ReportedFinding])
        case withoutEffect
        case duplicate(answer: [UInt8]?)
        case held([LocatedFinding])
        case rejected([ReportedFinding])

        /// What is answered again when the same message is sent again; nil when it was not taken.
        var answer: [String: String]? {
            switch self {
            case .applied(let answer, _): answer
            case .withoutEffect: [:]
            default: nil
            }
        }
    }

    private func judge(_ entry: PreparedEntry, drop: DropRecord) throws -> Verdict {
        if let key = entry.messageKey,
            let known = try unit.appliedReference(source: drop.source, form: .message, reference: key)
        {
            return .duplicate(answer: known.answer)
        }
        var verdict = Verdict.withoutEffect
        if !entry.read.isIgnored {
            guard entry.read.findings.isEmpty || !entry.commands.isEmpty else {
                return .rejected(entry.read.findings.map(\.reported))
            }
            verdict = try judge(entry.content, readFindings: entry.read.findings)
        }
        if case .applied(let answer, let warnings) = verdict {
            verdict = .applied(answer: answer, warnings: entry.read.warnings.map(\.reported) + warnings)
        }
        if let key = entry.messageKey, let answer = verdict.answer {
            try unit.remember(
                source: drop.source, form: .message, reference: key, fingerprint: key, drop: drop.number,
                entry: entry.read.number, answer: CanonicalJSON.bytes(of: answer))
        }
        return verdict
    }

    /// Decides the commands of one entry: all or nothing.
    private func judge(_ content: EntryContent, readFindings: [LocatedFinding]) throws -> Verdict {
        var findings = readFindings
        looks = []
        var fresh: [PreparedCommand] = []
        var answers: [[UInt8]] = []
        for command in content.commands {
            findings += command.findings
            switch try reference(of: command) {
            case .unknown: fresh.append(command)
            case .repeated(let answer): if let answer { answers.append(answer) }
            case .reused(let finding): findings.append(command.locate(finding))
            }
        }
        if fresh.isEmpty, findings.isEmpty { return .duplicate(answer: answers.first) }
        findings += try earlierHolds(for: fresh)

        let outcome = try attempt { () -> (keep: Bool, value: Verdict) in
            var warnings: [ReportedFinding] = []
            var answer: [String: String] = [:]
            let recording = RecordingState(unit: unit, pathway: pathway, now: now)
            for command in fresh where try !isNeedless(command, recording) {
                // Even an entry with faults is asked everything, so that all is reported together.
                let ruling = try ruling(on: command.command, isClear: findings.isEmpty, in: recording)
                command.join(ruling.findings, to: &findings)
                warnings += ruling.warnings.map { command.locate($0).reported }
            }
            guard findings.isEmpty else { return (false, .rejected([])) }
            answer.merge(Answer.numbers(in: recording.events)) { first, _ in first }
            if !looks.isEmpty { answer["released"] = looks.joined(separator: " ") }
            return (true, .applied(answer: answer, warnings: warnings))
        }
        if findings.isEmpty {
            if case .applied(let answer, _) = outcome { try remember(fresh, content, answer) }
            return outcome
        }
        let mayWait = findings.allSatisfy { !$0.finding.waitsFor.isEmpty }
        return mayWait ? .held(findings) : .rejected(unique(findings.map(\.reported)))
    }

    /// A consent that a message announces and that is there already needs no making.
    private func isNeedless(_ command: PreparedCommand, _ state: RecordingState) throws -> Bool {
        guard command.isOnlyIfUnknown, let consent = command.command.id(.consent, as: ConsentID.self) else {
            return false
        }
        return try state.fetch(Consent.self, id: consent.rawValue) != nil
            || !state.fetch(Consent.self, where: .alias(consent)).isEmpty
    }

    private func ruling(on command: Command, isClear: Bool, in state: RecordingState) throws -> Ruling {
        if command.form == .decision { return try decideHold(command, carryingOut: isClear) }
        return isClear ? try pathway.settle(command, in: state) : try pathway.decide(command, in: state)
    }

    /// A part that can be taken back; what the schema refuses although the rules let it pass rejects the entry.
    private func attempt(_ body: () throws -> (keep: Bool, value: Verdict)) throws -> Verdict {
        // A hold that ended within the part is held again when the part is taken back.
        let before = released
        do {
            return try unit.attempt {
                let result = try body()
                if !result.keep { released = before }
                return result
            }
        } catch let refusal as SchemaRefusal {
            released = before
            return .rejected([Desk.refusal(refusal.message).reported(at: Place(line: 1))])
        } catch let fault as PathwayFault {
            released = before
            return .rejected([Desk.refusal(fault.description).reported(at: Place(line: 1))])
        }
    }

    /// What an entry is told that the schema refused.
    static func refusal(_ message: String) -> Finding {
        Finding(
            .Entry.schemaRefused, [], "the database refused the entry although the rules let it pass",
            mend: "report it to the makers of Suture with the drop's number", aside: message)
    }

    private func unique(_ findings: [ReportedFinding]) -> [ReportedFinding] {
        var seen: Set<ReportedFinding> = []
        return findings.filter { seen.insert($0).inserted }
    }

    /// Puts a verdict into the entry's record, with the ledger's row for a rejection.
    func settle(
        _ verdict: Verdict, of content: EntryContent, into record: inout EntryRecord, raw: [UInt8]
    ) throws {
        switch verdict {
        case .applied(let answer, let warnings):
            record.outcome = .applied
            record.answer = answer.isEmpty ? nil : try CanonicalJSON.bytes(of: answer)
            record.warnings = try FindingsCoding.encode(warnings)
            record.ledgerSequence = try unit.head().length
            record.findings = nil
            record.raw = nil
        case .withoutEffect:
            record.outcome = .applied
        case .duplicate(let answer):
            record.outcome = .duplicate
            record.answer = answer
        case .held(let findings):
            record.outcome = .held
            record.findings = try FindingsCoding.encode(unique(findings.map(\.reported)))
            record.raw = raw
        case .rejected(let refused):
            // It may have been refused although some of what is wrong could have come untrue.
            let findings = refused.map(\.noLongerWaiting)
            record.outcome = .rejected
            record.findings = try FindingsCoding.encode(findings)
            record.raw = raw
            record.ledgerSequence = try rejectInLedger(findings, content: content, record: record)
            try recordIncidents(content, findings)
        }
    }

    private func rejectInLedger(_ findings: [ReportedFinding], content: EntryContent, record: EntryRecord) throws
        -> Int64
    {
        let payload = findings.map { RejectionPayload(code: $0.code, line: $0.place.line, fields: $0.fields) }
        return try unit.appendRejection(
            subject: Key("entry:\(record.drop)/\(record.number)"), at: record.effectiveAt ?? now,
            payload: CanonicalJSON.bytes(of: payload))
    }

    /// A refused use may already be in the patient; a refused token may have been guessed.
    private func recordIncidents(_ content: EntryContent, _ findings: [ReportedFinding]) throws {
        for command in content.commands where [.inventory, .patient].contains(command.command.form) {
            let rules = findings.compactMap { Rule.named($0.code) }.map { Finding($0, [], "", mend: "") }
            let state = RecordingState(unit: unit, pathway: pathway, now: now)
            let incident = try pathway.incident(for: command.command, findings: rules, in: state)
            let attempt = try pathway.failedAttempt(for: command.command, findings: rules, in: state)
            for event in [incident, attempt].compactMap(\.self) { try state.apply(event) }
        }
    }
}

/// What the ledger says of a rejection: codes and places, no values.
private struct RejectionPayload: Encodable {
    let code: String
    let line: Int
    let fields: [String]
}

/// An entry of an earlier drop that left its hold.
struct ReleasedEntry: Hashable {
    let drop: Int64
    let entry: Int
    let outcome: EntryOutcome
    let isExpired: Bool
}

// MARK: - Holds

extension Desk {
    private func hold(_ entry: PreparedEntry, findings: [LocatedFinding], of drop: DropRecord) throws {
        try replaceEarlier(entry.content, by: drop.number, entry.read.number)
        let effectiveAt = entry.commands.first?.command.effectiveAt ?? drop.arrivedAt
        _ = try unit.hold(
            HeldEntry(
                drop: drop.number, entry: entry.read.number, source: drop.source,
                commands: CanonicalJSON.bytes(of: entry.content), references: entry.forms, keys: keys(of: findings),
                subjects: entry.commands.flatMap { Subjects.of($0.command) }, effectiveAt: effectiveAt, heldAt: now,
                expiresAt: now.adding(seconds: pathway.policy.holdForSeconds),
                findings: FindingsCoding.encode(findings.map(\.reported)) ?? []))
    }

    private func keys(of findings: [LocatedFinding]) -> [Key] {
        Array(Set(findings.flatMap(\.finding.waitsFor))).sorted()
    }

    /// A held reference that comes again is replaced: the newer one waits in its stead.
    private func replaceEarlier(_ content: EntryContent, by drop: Int64, _ number: Int) throws {
        for command in content.commands {
            guard
                let earlier = try unit.heldEntry(
                    source: command.command.source, form: command.command.form, reference: command.command.reference)
            else { continue }
            try unit.removeHold(earlier.id)
            guard var record = try unit.entry(drop: earlier.drop, number: earlier.entry) else { continue }
            record.outcome = .duplicate
            record.findings = nil
            record.answer = try CanonicalJSON.bytes(of: ["replaced_by": "\(drop)/\(number)"])
            try unit.update(record)
            try unit.wake(earlier.subjects)
            released.append(
                ReleasedEntry(drop: earlier.drop, entry: earlier.entry, outcome: .duplicate, isExpired: false))
        }
    }

    /// Decides woken entries by effective time, then arrival, as many as the unit may; true when none is left.
    @discardableResult
    func decideWoken(atMost count: Int = .max) throws -> Bool {
        for _ in 0..<min(count, wakesLeft) {
            guard let held = try unit.nextWoken() else { return true }
            wakesLeft -= 1
            try reconsider(held)
        }
        return try !unit.hasWoken()
    }

    /// Decides a held entry again; it stays held while all that speaks against it may still come untrue.
    @discardableResult
    func reconsider(_ held: HeldEntry) throws -> Verdict {
        unit.context = DecisionContext(now: now, configuration: configuration, drop: held.drop, entry: held.entry)
        var content: EntryContent = try JSONReading.value(from: held.commands)
        content.retime(now: now)
        let verdict = try judge(content, readFindings: [])
        if case .held(let findings) = verdict {
            try unit.updateHold(
                held.id, keys: keys(of: findings), findings: FindingsCoding.encode(findings.map(\.reported)) ?? [])
            return verdict
        }
        try release(held, content: content, verdict: verdict, isExpired: false)
        return verdict
    }

    /// Ends a hold with a verdict; the entry changes its class in its own drop.
    func release(_ held: HeldEntry, content: EntryContent, verdict: Verdict, isExpired: Bool) throws {
        try unit.removeHold(held.id)
        guard var record = try unit.entry(drop: held.drop, number: held.entry) else { return }
        try settle(verdict, of: content, into: &record, raw: record.raw ?? [])
        try unit.update(record)
        // What waited behind it waits in vain, even where nothing happened that would have woken it.
        try unit.wake(held.subjects)
        released.append(
            ReleasedEntry(drop: held.drop, entry: held.entry, outcome: record.outcome, isExpired: isExpired))
    }

    /// Rejects what has waited long enough, as much as one unit may; true when none is left.
    func expireHolds() throws -> Bool {
        let expired = try unit.expiredHolds(at: now, limit: Desk.wakesOfUnit)
        for held in expired {
            unit.context = DecisionContext(now: now, configuration: configuration, drop: held.drop, entry: held.entry)
            let content: EntryContent = try JSONReading.value(from: held.commands)
            let findings = try FindingsCoding.decode(held.findings)
            let told = ReportedFinding.inVain(findings, until: pathway.zone.iso(held.expiresAt))
            try release(held, content: content, verdict: .rejected(told), isExpired: true)
        }
        return expired.count < Desk.wakesOfUnit
    }

    /// The schema refused a held entry that the rules had accepted: it is rejected, loudly.
    func releaseAsRefused(_ held: HeldEntry, by refusal: SchemaRefusal) throws {
        unit.context = DecisionContext(now: now, configuration: configuration, drop: held.drop, entry: held.entry)
        let finding = Desk.refusal(refusal.message).reported(at: Place(line: 1))
        try release(
            held, content: JSONReading.value(from: held.commands), verdict: .rejected([finding]), isExpired: false)
    }

    /// An entry waits behind an earlier one of its source about the same thing, so that a sender's order is kept.
    ///
    /// Only one of a strictly earlier time counts: of a pathway dropped in reverse without times, none blocks another.
    private func earlierHolds(for commands: [PreparedCommand]) throws -> [LocatedFinding] {
        try commands.compactMap { command in
            let wanted = command.command
            let replaced = try unit.heldEntry(source: wanted.source, form: wanted.form, reference: wanted.reference)
            for subject in Subjects.of(wanted) {
                guard
                    let earlier = try unit.earlierHold(
                        source: wanted.source, subject: subject, before: wanted.effectiveAt,
                        id: .min), earlier.id != replaced?.id
                else { continue }
                return command.locate(
                    Finding(
                        .Entry.waitsBehindHeld, [], "an earlier entry about the same thing is still held",
                        mend: "nothing, if the earlier entry is on its way; `suture holds` lists what it waits for",
                        aside: "held: drop \(earlier.drop), entry \(earlier.entry)", waitsFor: [subject]))
            }
            return nil
        }
    }
}

// MARK: - References

extension Desk {
    private enum ReferenceState {
        case unknown
        case repeated(answer: [UInt8]?)
        case reused(Finding)
    }

    private func reference(of command: PreparedCommand) throws -> ReferenceState {
        let wanted = command.command
        guard !wanted.reference.isEmpty,
            let known = try unit.appliedReference(
                source: wanted.source, form: wanted.form, reference: wanted.reference)
        else { return .unknown }
        if known.fingerprint == command.fingerprint { return .repeated(answer: known.answer) }
        return .reused(
            Finding(
                .Entry.referenceReused, [.reference], "the reference was applied before, with other content",
                mend: "give a new entry a new reference; to change what was applied, use the action that changes it",
                aside: "applied from drop \(known.drop), entry \(known.entry)"))
    }

    private func remember(_ commands: [PreparedCommand], _ content: EntryContent, _ answer: [String: String]) throws {
        let bytes = answer.isEmpty ? nil : try CanonicalJSON.bytes(of: answer)
        guard let drop = unit.context.drop, let entry = unit.context.entry else { return }
        for command in commands where !command.command.reference.isEmpty {
            try unit.remember(
                source: command.command.source, form: command.command.form, reference: command.command.reference,
                fingerprint: command.fingerprint, drop: drop, entry: entry, answer: bytes)
        }
    }
}
