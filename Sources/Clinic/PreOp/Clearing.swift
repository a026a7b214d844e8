/// Stock kept for a plan, and the word that its patient may be operated.
extension Pathway {
    func reserveStock(
        for plan: ProcedurePlan, _ command: Command, in state: any ClinicState, into ruling: inout Ruling
    ) throws {
        let day = try command.date(.plannedFor) ?? dayOrNow(of: plan, command, in: state)
        let stock = try reserve(plan, on: day, else: .PreOpRules.stockShort, in: state, into: &ruling)
        guard ruling.isClear else { return }
        ruling.record(
            Event(
                "inventory.reserved", .plan(plan.plan), patient: plan.mrn, at: command.effectiveAt,
                writes: try stock.writes(in: state)))
    }

    func releaseStock(
        of plan: ProcedurePlan, _ command: Command, in state: any ClinicState, into ruling: inout Ruling
    ) throws {
        let stock = try FirstExpiredFirstOut(releasing: plan.plan, in: state)
        ruling.record(
            Event(
                "inventory.released", .plan(plan.plan), patient: plan.mrn, at: command.effectiveAt,
                writes: try stock.writes(in: state), note: command.text(.reason)))
    }

    /// Everything met or waived on the day, and the stock kept: then the patient is cleared.
    func clear(_ plan: ProcedurePlan, _ command: Command, in state: any ClinicState, into ruling: inout Ruling) throws {
        let clearer = checkActor(command, may: "CLEAR", else: .PreOpRules.clearerNotAuthorized, into: &ruling)
        let day = try dayOrNow(of: plan, command, in: state)
        let open = try openRequirements(of: plan, on: day, in: state)
        if !open.isEmpty {
            ruling.refuse(
                .PreOpRules.notAllMet, [.plan], "requirements of the plan are open",
                mend: "drop the results, or waive what is not needed", aside: open.joined(separator: "; "),
                waitingFor: [.plan(plan.plan)])
        }
        let stock = try reserve(plan, on: day, else: .PreOpRules.stockShort, in: state, into: &ruling)
        guard ruling.isClear else { return }
        if let event = try reserved(stock, for: plan, at: command.effectiveAt, in: state) { ruling.record(event) }
        var clearance =
            try state.fetch(Clearance.self, id: plan.plan.rawValue) ?? Clearance(plan: plan.plan, mrn: plan.mrn)
        // Of a clearance and a deferral the later one counts, in whatever order they arrive.
        if clearance.deferredAt.map({ $0 <= command.effectiveAt }) ?? true {
            clearance.state = .cleared
            clearance.reason = command.text(.reason)
        }
        clearance.clearedAt = max(clearance.clearedAt ?? command.effectiveAt, command.effectiveAt)
        if clearance.clearedAt == command.effectiveAt { clearance.clearedBy = clearer }
        record("preop.cleared", clearance, command, into: &ruling)
    }

    func deferSurgery(
        of plan: ProcedurePlan, _ command: Command, in state: any ClinicState, into ruling: inout Ruling
    ) throws {
        _ = checkActor(command, may: "CLEAR", else: .PreOpRules.clearerNotAuthorized, into: &ruling)
        var clearance =
            try state.fetch(Clearance.self, id: plan.plan.rawValue) ?? Clearance(plan: plan.plan, mrn: plan.mrn)
        if clearance.clearedAt.map({ $0 <= command.effectiveAt }) ?? true {
            clearance.state = .deferred
            clearance.reason = command.text(.reason)
        }
        clearance.deferredAt = max(clearance.deferredAt ?? command.effectiveAt, command.effectiveAt)
        record("preop.deferred", clearance, command, into: &ruling)
    }

    private func dayOrNow(of plan: ProcedurePlan, _ command: Command, in state: any ClinicState) throws -> CalendarDate
    {
        try surgeryDay(of: plan, in: state) ?? zone.date(of: command.effectiveAt)
    }

    private func record(_ kind: String, _ clearance: Clearance, _ command: Command, into ruling: inout Ruling) {
        ruling.record(
            Event(
                kind, .plan(clearance.plan), patient: clearance.mrn, at: command.effectiveAt, writes: [clearance],
                note: command.text(.reason)))
    }
}
