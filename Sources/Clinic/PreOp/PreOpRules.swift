/// The rules about pre-operative requirements and clearance.
extension Rule {
    package enum PreOpRules {
        package static let planNotApproved = Rule(
            "preop.plan-not-approved", "Requirements, stock and clearance belong to an approved plan.", phase: .preOp,
            weight: .holds)
        package static let ambiguous = Rule(
            "preop.ambiguous", "An entry without a plan belongs to the one open plan of its patient.", phase: .preOp,
            hl7: .unknownKey)
        package static let requirementUnknown = Rule(
            "preop.requirement-unknown", "The requirement is one of the clinic's, of the kind that the action meets.",
            phase: .preOp, hl7: .tableValue)
        package static let notOrdered = Rule(
            "preop.not-ordered", "A requirement is ordered for the plan before it is met or waived.", phase: .preOp,
            weight: .holds)
        package static let resultOutOfDate = Rule(
            "preop.result-out-of-date", "A result still counts on the day of surgery, and is the newest known.",
            phase: .preOp)
        package static let abnormalResult = Rule(
            "preop.abnormal-result", "A result outside its range leaves the requirement unmet.", phase: .preOp,
            weight: .warns)
        package static let notAllMet = Rule(
            "preop.not-all-met", "A patient is cleared when every requirement of the plan is met or waived.",
            phase: .preOp, weight: .holds)
        package static let stockShort = Rule(
            "preop.stock-short", "The items of the plan can be kept for its day.", phase: .preOp, weight: .holds)
        package static let clearerNotAuthorized = Rule(
            "preop.clearer-not-authorized",
            "Only a surgeon, an anesthetist or somebody with the permission clears or defers.",
            phase: .preOp)
        package static let waiverNotAuthorized = Rule(
            "preop.waiver-not-authorized",
            "Only a surgeon, an anesthetist or somebody with the permission waives a requirement.",
            phase: .preOp)

        package static let all = [
            planNotApproved, ambiguous, requirementUnknown, notOrdered, resultOutOfDate, abnormalResult, notAllMet,
            stockShort, clearerNotAuthorized, waiverNotAuthorized,
        ]
    }
}

extension Pathway {
    func decidePreOp(_ command: Command, in state: any ClinicState, into ruling: inout Ruling) throws {
        guard let planID = try planMeant(by: command, in: state, into: &ruling) else { return }
        let approved = try approvedPlan(planID, else: .PreOpRules.planNotApproved, in: state, into: &ruling)
        guard let plan = approved else { return }
        let gives = command.action == Action("RELEASE")
        _ = try checkOwner(plan.mrn, named: .plan, of: command, mustBeActive: !gives, in: state, into: &ruling)
        switch command.action.rawValue {
        case "ORDER": try order(for: plan, command, in: state, into: &ruling)
        case "RESULT": try takeResult(for: plan, command, in: state, into: &ruling)
        case "GIVE", "ACKNOWLEDGE": try meet(for: plan, command, in: state, into: &ruling)
        case "WAIVE": try waive(for: plan, command, in: state, into: &ruling)
        case "RESERVE": try reserveStock(for: plan, command, in: state, into: &ruling)
        case "RELEASE": try releaseStock(of: plan, command, in: state, into: &ruling)
        case "CLEAR": try clear(plan, command, in: state, into: &ruling)
        case "DEFER": try deferSurgery(of: plan, command, in: state, into: &ruling)
        default: refuseAction(into: &ruling)
        }
    }

    /// The plan that the entry names, else the one open plan of the patient that it names.
    private func planMeant(by command: Command, in state: any ClinicState, into ruling: inout Ruling) throws -> PlanID?
    {
        if let plan: PlanID = command.id(.plan) { return plan }
        guard let patient = try identifyPatient(command, in: state, into: &ruling) else { return nil }
        let numbers = try state.records(of: patient.mrn)
        let plans = try numbers.flatMap { try state.fetch(ProcedurePlan.self, where: .patient($0)) }
        let open = Set(plans.filter { $0.state == .approved || $0.state == .draft }.map(\.plan)).sorted()
        if open.isEmpty {
            ruling.refuse(
                .PreOpRules.planNotApproved, [.plan, .mrn], "the patient has no open plan",
                mend: "drop the plan and its approval", aside: "\(patient.mrn)",
                waitingFor: numbers.map { .patient($0) })
        } else if open.count > 1 {
            ruling.refuse(
                .PreOpRules.ambiguous, [.plan], "the patient has several open plans", mend: "name the plan",
                aside: open.map(\.rawValue).joined(separator: ", "))
        }
        return open.count == 1 ? open[0] : nil
    }
}
