/// How requirements are ordered, met, found wanting, and waived.
extension Pathway {
    func order(for plan: ProcedurePlan, _ command: Command, in state: any ClinicState, into ruling: inout Ruling) throws
    {
        guard let code: RequirementCode = command.id(.requirement) else { return }
        guard let definition = catalog.requirements[code] else {
            return refuseUnknown(code, into: &ruling)
        }
        // Ordered again, an unmet one waits for a new result; what is met or waived stays so.
        let fresh = Requirement(
            plan: plan.plan, code: code, mrn: plan.mrn, category: definition.kind, orderedAt: command.effectiveAt)
        var ordered = try state.fetch(Requirement.self, id: fresh.id) ?? fresh
        if ordered.state == .unmet, ordered.metAt.map({ $0 <= command.effectiveAt }) ?? true { ordered = fresh }
        record("preop.ordered", ordered, command, into: &ruling)
    }

    func takeResult(
        for plan: ProcedurePlan, _ command: Command, in state: any ClinicState, into ruling: inout Ruling
    ) throws {
        guard
            var changed = try ordered(
                for: plan, command, kinds: [.laboratory, .examination], in: state, into: &ruling)
        else { return }
        if let status = command.text(.status), ["D", "W", "X"].contains(status) {
            return undoResult(changed, command, into: &ruling)
        }
        if changed.category == .laboratory, command.text(.value) == nil, command.values[.abnormal] == nil {
            ruling.refuse(
                .Entry.missingField, [.value], "a laboratory result says neither its value nor whether it is abnormal",
                mend: "give the value with its unit and range")
        }
        changed.value = command.text(.value)
        changed.unit = command.text(.unit)
        changed.range = command.text(.range)
        changed.isAbnormal = isAbnormal(command)
        changed.validUntil = command.date(.validUntil)
        changed.waivedBy = nil
        changed.reason = nil
        checkNewest(changed, command, into: &ruling)
        changed.metAt = command.effectiveAt
        changed.state = changed.isAbnormal == true ? .unmet : .met
        // An abnormal result is news however long it counts.
        if changed.state == .met, let day = try surgeryDay(of: plan, in: state), isOutdated(changed, on: day) {
            ruling.refuse(
                .PreOpRules.resultOutOfDate, [.occurredAt, .validUntil],
                "the result no longer counts on the day of surgery", mend: "order and take it again nearer to the day",
                aside: "taken \(zone.stamp(command.effectiveAt)), surgery on \(day)")
        }
        if changed.state == .unmet {
            caution(
                Finding(
                    .PreOpRules.abnormalResult, [.abnormal, .value], "the result is abnormal, or outside its range",
                    mend: "let the surgeon or anesthetist judge it: a new result, or a waiver with a reason",
                    aside: "\(changed.code) of \(plan.plan)"),
                into: &ruling)
        }
        record("preop.result-received", changed, command, into: &ruling)
    }

    /// A medication given, or an instruction that the patient has acknowledged.
    func meet(for plan: ProcedurePlan, _ command: Command, in state: any ClinicState, into ruling: inout Ruling) throws
    {
        let gives = command.action == Action("GIVE")
        guard
            var changed = try ordered(
                for: plan, command, kinds: gives ? [.medication] : [.instruction], in: state, into: &ruling)
        else { return }
        checkNewest(changed, command, into: &ruling)
        changed.state = .met
        changed.metAt = command.effectiveAt
        changed.waivedBy = nil
        changed.reason = nil
        changed.value = command.text(.value) ?? changed.value
        changed.validUntil = command.date(.validUntil)
        if let day = try surgeryDay(of: plan, in: state), isOutdated(changed, on: day) {
            ruling.refuse(
                .PreOpRules.resultOutOfDate, [.occurredAt], "it no longer counts on the day of surgery",
                mend: "give or explain it again nearer to the day", aside: "surgery on \(day)")
        }
        record(gives ? "preop.given" : "preop.acknowledged", changed, command, into: &ruling)
    }

    func waive(for plan: ProcedurePlan, _ command: Command, in state: any ClinicState, into ruling: inout Ruling) throws
    {
        let waiver = checkActor(command, may: "WAIVE", else: .PreOpRules.waiverNotAuthorized, into: &ruling)
        let all: [Requirement.Kind] = [.laboratory, .medication, .instruction, .examination]
        guard var changed = try ordered(for: plan, command, kinds: all, in: state, into: &ruling) else { return }
        changed.state = .waived
        changed.waivedBy = waiver
        changed.reason = command.text(.reason)
        record("preop.waived", changed, command, into: &ruling)
    }

    /// What happened before that which is known does not take its place.
    private func checkNewest(_ known: Requirement, _ command: Command, into ruling: inout Ruling) {
        guard let metAt = known.metAt, metAt > command.effectiveAt else { return }
        ruling.refuse(
            .PreOpRules.resultOutOfDate, [.occurredAt], "a newer result is known",
            mend: "nothing, if this is an old result", aside: "known of \(zone.stamp(metAt))")
    }

    /// Who may clear or waive: surgeons, anesthetists, and whoever the staff list permits it.
    func checkActor(_ command: Command, may permission: String, else rule: Rule, into ruling: inout Ruling) -> StaffID?
    {
        guard let actor: StaffID = command.id(.actor) else { return nil }
        let member = catalog.staff[actor]
        let isPhysician = member?.role == .surgeon || member?.role == .anesthetist
        if !isPhysician, member?.permissions.contains(permission) != true {
            ruling.refuse(
                rule, [.actor],
                permission == "WAIVE"
                    ? "the person named may not waive a requirement"
                    : "the person named may not clear",
                mend: "let a surgeon or an anesthetist decide",
                aside: "\(actor) \(member.map { "is \($0.role.rawValue)" } ?? "is not on the staff")")
        }
        return actor
    }

    /// The requirement that an entry is about, ordered before and of a kind that the action can meet.
    private func ordered(
        for plan: ProcedurePlan, _ command: Command, kinds: [Requirement.Kind], in state: any ClinicState,
        into ruling: inout Ruling
    ) throws -> Requirement? {
        guard let code: RequirementCode = command.id(.requirement) else { return nil }
        guard let known = try state.fetch(Requirement.self, id: "\(plan.plan)/\(code)") else {
            guard catalog.requirements[code] != nil else {
                refuseUnknown(code, into: &ruling)
                return nil
            }
            ruling.refuse(
                .PreOpRules.notOrdered, [.requirement], "the requirement was not ordered for the plan",
                mend: "order it, or correct the plan", aside: "\(code) for \(plan.plan)", waitingFor: [.plan(plan.plan)]
            )
            return nil
        }
        guard kinds.contains(known.category) else {
            ruling.refuse(
                .PreOpRules.requirementUnknown, [.requirement, .action],
                "the requirement is of another kind than the action meets",
                mend: "use RESULT for laboratory and examination, GIVE for medication, ACKNOWLEDGE for instructions",
                aside: "\(code) is \(known.category.rawValue)")
            return nil
        }
        return known
    }

    private func refuseUnknown(_ code: RequirementCode, into ruling: inout Ruling) {
        ruling.refuse(
            .PreOpRules.requirementUnknown, [.requirement], "the clinic has no such requirement",
            mend: "use a code of the requirements in clinic/procedures.yml", aside: "the entry says \(code)")
    }

    /// Marked as abnormal, or outside the range that the laboratory gives, whatever the mark says.
    ///
    /// The mark is a flag, or a code of HL7 table 0078, in which only `N` is normal.
    private func isAbnormal(_ command: Command) -> Bool? {
        let mark = command.flag(.abnormal) ?? command.text(.abnormal).map { !["N", "NO", "FALSE"].contains($0) }
        guard mark != true, let value = command.text(.value),
            let range = command.text(.range).flatMap(ReferenceRange.init),
            let isWithin = range.contains(value)
        else { return mark }
        return !isWithin
    }

    /// The laboratory takes a result back: the requirement is open again.
    private func undoResult(
        _ known: Requirement, _ command: Command, into ruling: inout Ruling
    ) {
        var open = Requirement(
            plan: known.plan, code: known.code, mrn: known.mrn, category: known.category, orderedAt: known.orderedAt)
        if known.state == .waived {
            open.state = .waived
            open.waivedBy = known.waivedBy
            open.reason = known.reason
        }
        record("preop.result-undone", open, command, into: &ruling)
    }

    private func record(
        _ kind: String, _ changed: Requirement, _ command: Command, into ruling: inout Ruling
    ) {
        ruling.record(
            Event(
                kind, .plan(changed.plan), patient: changed.mrn, at: command.effectiveAt, writes: [changed],
                note: command.text(.reason)))
    }
}
