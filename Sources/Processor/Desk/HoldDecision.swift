import Clinic
import Drops
import Records

extension Desk {
    /// An operator decides about a held entry: it is decided again now, or rejected.
    func decideHold(_ command: Command, carryingOut: Bool) throws -> Ruling {
        var ruling = Ruling()
        guard let name = command.text(.held) else { return ruling }
        let numbers = name.split(separator: "/").compactMap { Int64($0) }
        guard numbers.count == 2, let held = try unit.heldEntry(drop: numbers[0], entry: Int(numbers[1])) else {
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
            try release(
                held, content: content, verdict: .rejected(FindingsCoding.decode(held.findings)), isExpired: false)
        } else {
            try unit.wake(held.keys)
        }
        unit.context = own
        return ruling
    }
}
