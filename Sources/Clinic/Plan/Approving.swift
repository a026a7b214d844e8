/// Approval by the operating surgeon: it fixes the prices and selects the text of the consent.
extension Pathway {
    func approvePlan(_ command: Command, in state: any ClinicState, into ruling: inout Ruling) throws {
        let before = ruling.findings.count
        guard let versions = try versionsToChange(command, in: state, into: &ruling), var plan = versions.last else {
            return
        }
        checkWhatWasApproved(by: command, of: plan, among: versions, into: &ruling)
        plan.plannedFor = command.date(.plannedFor) ?? plan.plannedFor
        let today = zone.date(of: command.effectiveAt)
        let patient = try owner(plan.mrn, comparedWith: command, in: state, into: &ruling)
        if let patient { _ = isUsable(patient, named: .plan, into: &ruling) }
        let consultation = try state.fetch(Consultation.self, id: plan.consultation.rawValue)
        try checkApprover(of: plan, consultation, command, into: &ruling)
        checkPapers(
            of: plan.surgeon, for: plan.procedures.map(\.code), on: plan.plannedFor ?? today, into: &ruling)
        if let end = plan.quoteValidUntil, end < today {
            ruling.refuse(
                .PlanRules.quoteExpired, [.quoteValidUntil], "the quote was no longer valid on the day of approval",
                mend: "REVISE the plan with a new quote", aside: "valid until \(end)")
        }
        checkAssessment(of: plan, consultation, patient, on: plan.plannedFor ?? today, into: &ruling)
        checkVolumeIsStated(in: plan, into: &ruling)
        if let patient {
            try warnOfRisks(of: plan, for: patient, on: plan.plannedFor ?? today, in: state, into: &ruling)
        }
        if let patient { cautionAboutInsurance(of: patient, for: plan, on: plan.plannedFor ?? today, into: &ruling) }
        guard ruling.findings.count == before, let approver: StaffID = command.id(.surgeon) else { return }
        fixPrices(of: &plan, on: today)
        plan.state = .approved
        plan.approvedAt = command.effectiveAt
        plan.approvedBy = approver
        plan.templates = surgicalTemplates(for: plan, on: today).found.map {
            .init(name: $0.name, version: $0.version)
        }
        let superseded = versions.filter { $0.state == .approved }.map { version in
            var version = version
            version.state = .superseded
            return version
        }
        // The old version goes first: a plan has one approved version at any moment.
        ruling.record(planEvent("plan.approved", superseded + [plan], command))
    }

    /// The texts that a surgical consent to a plan consists of, each once, and the procedures that have none.
    func surgicalTemplates(for plan: ProcedurePlan, on day: CalendarDate) -> (
        found: [ConsentTemplate], missing: [ProcedureCode]
    ) {
        var found: [ConsentTemplate] = []
        var missing: [ProcedureCode] = []
        for planned in plan.procedures {
            if let template = catalog.template(for: planned.code, kind: .surgical, on: day) {
                if !found.contains(template) { found.append(template) }
            } else if !missing.contains(planned.code) {
                missing.append(planned.code)
            }
        }
        return (found, missing)
    }

    /// An approval is of what the surgeon could read then: not of what was written later, nor of an approved version.
    ///
    /// What approves an approved plan anew may be of a revision that is still on its way.
    private func checkWhatWasApproved(
        by command: Command, of plan: ProcedurePlan, among versions: [ProcedurePlan], into ruling: inout Ruling
    ) {
        let approvedBefore = versions.compactMap(\.approvedAt).max()
        let isTakenUp = approvedBefore.map { command.effectiveAt <= $0 } ?? false
        if plan.state == .approved {
            ruling.refuse(
                .PlanRules.wrongState, [.plan], "the newest version of the plan is \(plan.state.rawValue) already",
                mend: "REVISE the plan first, if it is to change", aside: "\(plan.id)",
                waitingFor: isTakenUp ? [] : [.plan(plan.plan)])
        } else if plan.state == .draft, isTakenUp || command.effectiveAt < plan.draftedAt {
            ruling.refuse(
                .PlanRules.wrongState, [.occurredAt, .plan], "the plan was drafted or changed after this approval",
                mend: "let the surgeon read the plan as it is now, and approve it again",
                aside: "\(plan.id) of \(plan.draftedAt), approval of \(command.effectiveAt)")
        }
    }

    private func checkApprover(
        of plan: ProcedurePlan, _ consultation: Consultation?, _ command: Command, into ruling: inout Ruling
    ) throws {
        guard let approver: StaffID = command.id(.surgeon) else { return }
        let isPlans = approver == plan.surgeon
        guard !isPlans || consultation?.surgeon != approver else { return }
        ruling.refuse(
            .PlanRules.approverNotSurgeon, [.surgeon],
            isPlans
                ? "the surgeon of the plan did not lead its consultation"
                : "the plan was approved by somebody other than its surgeon",
            mend: isPlans
                ? "REVISE the plan to a consultation that its surgeon led" : "let the plan's surgeon approve it",
            aside: "approved by \(approver); plan of \(plan.surgeon), "
                + "consultation of \(consultation?.surgeon.rawValue ?? "nobody")")
    }

    private func fixPrices(of plan: inout ProcedurePlan, on day: CalendarDate) {
        for index in plan.procedures.indices {
            plan.procedures[index].price = catalog.procedure(plan.procedures[index].code, at: day)?.price
        }
        plan.currency = catalog.currency.code
    }
}
