import Clinic
import Drops
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
                mend: "name it as drop/entry, as `suture status` lists it; it may have left its hold already")
            return ruling
        }
        guard carryingOut else { return ruling }
        let own = unit.context
        _ = try unit.appendNote(
            kind: "decision.\(command.action.rawValue.lowercased())", subject: Key("entry:\(held.drop)/\(held.entry)"),
            at: command.effectiveAt,
            payload: CanonicalJSON.bytes(
                of: ["actor": command.text(.actor) ?? "", "reason": command.text(.reason) ?? ""]))
        if command.action == Action("REJECT") {
            let content: EntryContent = try JSONReading.value(from: held.commands)
            try release(held, content: content, verdict: .rejected(rejection(of: held, by: command)), isExpired: false)
        } else {
            try unit.wake(held)
        }
        unit.context = own
        return ruling
    }

    /// The operator's word first, then what the entry waited for in vain.
    private func rejection(of held: HeldEntry, by command: Command) throws -> [ReportedFinding] {
        let earlier = try FindingsCoding.decode(held.findings)
        let finding = Finding(
            .Drop.operatorRejected, [], "rejected by an operator",
            mend: "ask the operator; where it is still wanted, mend what else is told of it and drop it again",
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
}
