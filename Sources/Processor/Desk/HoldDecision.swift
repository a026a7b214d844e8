import Clinic
import Drops
import Forms
import Records

extension Desk {
    /// An operator decides about a held entry: it is decided again now, or rejected.
    func decideHold(_ command: Command, carryingOut: Bool) throws -> Ruling {
        var ruling = Ruling()
        pathway.takeOverrides(of: command, into: &ruling)
        if let actor: StaffID = command.id(.actor), pathway.catalog.staff[actor] == nil {
            ruling.refuse(
                .Entry.unknownCode, [.actor], "nobody of the staff has this id",
                mend: "name who decides by the id of staff.yml", aside: "the entry says \(actor)")
        }
        guard let name = command.text(.held) else { return ruling }
        let numbers = name.split(separator: "/", omittingEmptySubsequences: false).map {
            Digits.value(of: Array($0.utf8))
        }
        guard numbers.count == 2, let drop = numbers[0], let entry = numbers[1],
            let held = try unit.heldEntry(drop: Int64(drop), entry: entry)
        else {
            ruling.refuse(
                .Drop.nothingHeld, [.held], "no entry of that name is held",
                mend: "name it as drop/entry, as `suture holds` lists what is held; it may have left its hold already")
            return ruling
        }
        let content: EntryContent = try JSONReading.value(from: held.commands)
        try checkPatient(of: command, against: content, into: &ruling)
        // What the decision's own faults will take back is not begun.
        guard carryingOut, ruling.findings.isEmpty else { return ruling }
        let own = unit.context
        defer { unit.context = own }
        _ = try unit.appendNote(
            kind: "decision.\(command.action.rawValue.lowercased())", subject: Key("entry:\(held.drop)/\(held.entry)"),
            at: command.effectiveAt,
            payload: CanonicalJSON.bytes(
                of: ["actor": command.text(.actor) ?? "", "reason": command.text(.reason) ?? ""]))
        if command.action == Action("REJECT") {
            try release(held, content: content, verdict: .rejected(rejection(of: held, by: command)), isExpired: false)
        } else {
            // Decided here and not among the woken, so that the operator is answered what became of it.
            let earlier = looks
            let verdict = try reconsider(held)
            looks = earlier + ["\(held.drop)/\(held.entry) \(verdict.words)"]
        }
        return ruling
    }

    /// A decision that says whom it is about must be about the held entry's patient.
    private func checkPatient(of decision: Command, against content: EntryContent, into ruling: inout Ruling) throws {
        let state = RecordingState(unit: unit, pathway: pathway, now: now)
        for held in content.commands.map(\.command) {
            if let patient = try pathway.patient(concernedBy: held, in: state) {
                return try pathway.checkPatient(decision, is: patient, in: state, into: &ruling)
            }
        }
        // Of a patient who is not known yet, the entry's own words are compared.
        let wrong = [Field.mrn, .familyName, .birthDate, .registration].filter { field in
            guard let said = decision.values[field] else { return false }
            return content.commands.contains { held in
                guard let known = held.command.values[field] else { return false }
                if case .text(let one) = said, case .text(let other) = known { return !Spelling.isSame(one, other) }
                return known != said
            }
        }
        guard !wrong.isEmpty else { return }
        ruling.refuse(
            .Entry.wrongPatient, wrong, "the decision names another patient than the held entry does",
            mend: "check which entry was meant, and correct its number or the patient's")
    }

    /// The operator's word first, then what the entry waited for in vain.
    private func rejection(of held: HeldEntry, by command: Command) throws -> [ReportedFinding] {
        let earlier = try FindingsCoding.decode(held.findings)
        let finding = Finding(
            .Drop.operatorRejected, [], "rejected by an operator",
            mend: "ask the operator why; if it is still wanted, mend what else is said of it and drop it again",
            aside: "by \(command.text(.actor) ?? ""): \(command.text(.reason) ?? "")")
        return [finding.reported(at: earlier.first?.place ?? Place(line: 1))] + earlier.map(\.noLongerWaiting)
    }
}

extension ReportedFinding {
    /// The finding against an entry whose waiting is over.
    var noLongerWaiting: ReportedFinding {
        var finding = self
        finding.waitsFor = []
        return finding
    }

    /// What is said of an entry whose hold expired: first that it waited, for what and until when.
    ///
    /// That it waited behind another says nothing where more is wrong, and is no longer true where nothing is.
    static func inVain(_ findings: [ReportedFinding], until end: String) -> [ReportedFinding] {
        let behind = Rule.Entry.waitsBehindHeld.code
        let waitsFor = Set(findings.flatMap(\.waitsFor)).sorted().joined(separator: ", ")
        let own = findings.filter { $0.code != behind }
        var told = (own.isEmpty ? findings : own).map { finding in
            var finding = finding.noLongerWaiting
            if finding.code == behind {
                finding.detail = "the earlier entry about the same thing did not get through in time"
                finding.mend = "mend the earlier entry, then drop this one again"
            }
            return finding
        }
        guard let first = told.first else { return [] }
        told[0].detail = "it waited in vain until its hold expired: \(first.detail)"
        let words = "it waited for \(waitsFor) until \(end)"
        told[0].aside = first.aside.map { "\(words); \($0)" } ?? words
        return told
    }
}

extension Desk.Verdict {
    /// The outcome with the codes of what speaks against it.
    fileprivate var words: String {
        let (outcome, codes): (EntryOutcome, [String]) =
            switch self {
            case .applied, .withoutEffect: (.applied, [])
            case .duplicate: (.duplicate, [])
            case .held(let findings): (.held, findings.map(\.finding.rule.code))
            case .rejected(let findings): (.rejected, findings.map(\.code))
            }
        var seen: Set<String> = []
        let told = codes.filter { seen.insert($0).inserted }
        return ([outcome.rawValue] + told).joined(separator: " ")
    }
}
