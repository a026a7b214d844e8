/// Overrides: an entry names the rules that shall not refuse it, who answers for that, and why.
extension Pathway {
    /// Grants what is lawful before anything else is asked; whatever is not is a finding.
    package func takeOverrides(of command: Command, into ruling: inout Ruling) {
        guard let listed = command.text(.override) else { return }
        let codes = listed.split { $0 == ";" || $0 == "," }.map { Spelling.folded(String($0)) }.filter { !$0.isEmpty }
        let reason = command.text(.overrideReason).flatMap { Spelling.folded($0).isEmpty ? nil : $0 }
        if reason == nil {
            refuse([.overrideReason], "an override gives its reason", mend: "say why in override_reason", into: &ruling)
        }
        let member = memberAnswering(for: command, into: &ruling)
        for code in codes {
            guard let rule = overridable(code, into: &ruling), let member else { continue }
            guard member.mayOverride(rule.code) else {
                refuse(
                    [.overrideBy], "the person named may not override \(rule.code)",
                    mend: "let somebody with the permission OVERRIDE answer for it", aside: "\(member.id)",
                    into: &ruling)
                continue
            }
            if let reason { ruling.grant(Override(rule: rule, by: member.id, reason: reason)) }
        }
    }

    private func memberAnswering(for command: Command, into ruling: inout Ruling) -> StaffMember? {
        guard let id: StaffID = command.id(.overrideBy) else {
            refuse([.overrideBy], "an override names who answers for it", mend: "name the person", into: &ruling)
            return nil
        }
        guard let member = catalog.staff[id] else {
            refuse(
                [.overrideBy], "nobody on the staff list has the id of who overrides",
                mend: "correct the id, or add the person to the staff list", aside: "the entry says \(id)",
                into: &ruling)
            return nil
        }
        return member
    }

    private func overridable(_ code: String, into ruling: inout Ruling) -> Rule? {
        guard let rule = Rule.named(code) else {
            refuse(
                [.override], "no rule has the code that is to be overridden",
                mend: "use a code that `suture rules` lists", aside: "the entry says \(code)", into: &ruling)
            return nil
        }
        guard rule.isOverridable, !policy.notOverridable.contains(rule.code) else {
            refuse(
                [.override],
                rule.isOverridable
                    ? "\(rule.code) is not overridden in this clinic" : "\(rule.code) is never overridden",
                mend: "mend what the rule asks for, and drop the entry without the override", into: &ruling)
            return nil
        }
        return rule
    }

    private func refuse(
        _ fields: [Field], _ detail: String, mend: String, aside: String? = nil, into ruling: inout Ruling
    ) {
        ruling.refuse(.Entry.overrideNotAllowed, fields, detail, mend: mend, aside: aside)
    }
}
