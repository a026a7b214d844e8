/// Plans are drafted after the consultation and revised; an approved version is never touched.
extension Pathway {
    func decidePlan(_ command: Command, in state: any ClinicState, into ruling: inout Ruling) throws {
        switch command.action.rawValue {
        case "DRAFT": try draft(command, in: state, into: &ruling)
        case "REVISE": try revise(command, in: state, into: &ruling)
        case "APPROVE": try approvePlan(command, in: state, into: &ruling)
        case "CANCEL": try cancelPlan(command, in: state, into: &ruling)
        default: refuseUnknownAction(of: command, into: &ruling)
        }
    }

    private func draft(_ command: Command, in state: any ClinicState, into ruling: inout Ruling) throws {
        let before = ruling.findings.count
        let id: PlanID? = command.id(.plan)
        if let id, try !state.versions(of: id).isEmpty {
            ruling.refuse(
                .PlanRules.exists, [.plan], "a plan with this number is there already",
                mend: "REVISE it, or give the new one a number of its own", aside: "\(id)")
        }
        let surgeon = namedSurgeon(of: command, into: &ruling)
        let consultation = try completedConsultation(command, in: state, into: &ruling)
        let patient = try consultation.flatMap {
            try owner($0.mrn, comparedWith: command, in: state, into: &ruling)
        }
        if let patient { _ = isUsable(patient, named: .consultation, into: &ruling) }
        var plan = ProcedurePlan(
            plan: id ?? PlanID(""), version: 1, state: .draft, mrn: patient?.mrn ?? MRN(""),
            consultation: consultation?.consultation ?? ConsultationID(""), surgeon: surgeon ?? StaffID(""),
            procedures: [], anesthesia: .withoutAnesthesia, purpose: .cosmetic, draftedAt: command.effectiveAt)
        takePlan(command, into: &plan, into: &ruling)
        guard let patient else { return }
        try warnOfRisks(of: plan, for: patient, on: plannedDay(of: plan, command), in: state, into: &ruling)
        guard ruling.findings.count == before, id != nil, surgeon != nil, !plan.procedures.isEmpty else { return }
        ruling.record(planEvent("plan.drafted", [plan], command))
    }

    /// The consultation that a plan follows from.
    private func completedConsultation(_ command: Command, in state: any ClinicState, into ruling: inout Ruling) throws
        -> Consultation?
    {
        guard let id: ConsultationID = command.id(.consultation) else { return nil }
        guard let consultation = try state.fetch(Consultation.self, id: id.rawValue) else {
            refuseUnknownConsultation(id, into: &ruling)
            return nil
        }
        switch consultation.state {
        case .completed:
            break
        case .scheduled:
            ruling.refuse(
                .PlanRules.consultationNotCompleted, [.consultation], "the consultation has not been completed",
                mend: "COMPLETE the consultation", aside: "\(id)", waitingFor: [.consultation(id)])
        case .cancelled, .noShow:
            ruling.refuse(
                .PlanRules.consultationClosed, [.consultation],
                "the consultation is \(consultation.state.rawValue), and stays so",
                mend: "schedule a new consultation, and name that one", aside: "\(id)")
        }
        return consultation
    }

    private func revise(_ command: Command, in state: any ClinicState, into ruling: inout Ruling) throws {
        let before = ruling.findings.count
        guard let versions = try versionsToChange(command, in: state, into: &ruling), var plan = versions.last else {
            return
        }
        let patient = try owner(plan.mrn, comparedWith: command, in: state, into: &ruling)
        if command.values[.surgeon] != nil, let surgeon = namedSurgeon(of: command, into: &ruling) {
            plan.surgeon = surgeon
        }
        if command.values[.consultation] != nil,
            let consultation = try completedConsultation(command, in: state, into: &ruling)
        {
            plan.consultation = consultation.consultation
            if let patient, try survivor(of: consultation.mrn, in: state)?.mrn != patient.mrn {
                ruling.refuse(
                    .Entry.wrongPatient, [.consultation], "the consultation was with another patient than the plan's",
                    mend: "name a consultation of the same patient",
                    aside: "plan of \(patient.mrn), consultation of \(consultation.mrn)")
            }
        }
        takePlan(command, into: &plan, into: &ruling)
        if let patient {
            try warnOfRisks(of: plan, for: patient, on: plannedDay(of: plan, command), in: state, into: &ruling)
        }
        guard ruling.findings.count == before else { return }
        // Told late, a change is none the earlier: no approval that is older than the text it changes is of it.
        plan.draftedAt = max(plan.draftedAt, command.effectiveAt)
        if plan.state != .draft {
            plan.version += 1
            plan.state = .draft
            plan.approvedAt = nil
            plan.approvedBy = nil
            plan.templates = []
            plan.reason = nil
            for index in plan.procedures.indices { plan.procedures[index].price = nil }
        }
        ruling.record(planEvent("plan.revised", [plan], command))
    }

    func cancelPlan(_ command: Command, in state: any ClinicState, into ruling: inout Ruling) throws {
        let before = ruling.findings.count
        guard let versions = try versionsToChange(command, in: state, into: &ruling), let newest = versions.last else {
            return
        }
        _ = try owner(newest.mrn, comparedWith: command, in: state, into: &ruling)
        guard ruling.findings.count == before else { return }
        let cancelled = versions.filter { $0.state == .draft || $0.state == .approved }.map { version in
            var version = version
            version.state = .cancelled
            version.reason = command.text(.reason)
            return version
        }
        ruling.record(planEvent("plan.cancelled", cancelled, command))
    }

    /// All versions of the plan that an entry names, with a finding where something forbids to change it.
    func versionsToChange(_ command: Command, in state: any ClinicState, into ruling: inout Ruling) throws
        -> [ProcedurePlan]?
    {
        guard let id: PlanID = command.id(.plan) else { return nil }
        let versions = try state.versions(of: id)
        guard let newest = versions.last else {
            ruling.refuse(
                .PlanRules.unknown, [.plan], "no plan has this number",
                mend: "DRAFT the plan, or correct the number", aside: "the entry says \(id)", waitingFor: [.plan(id)])
            return nil
        }
        let over = versions.first { $0.state == .fulfilled } ?? (newest.state == .cancelled ? newest : nil)
        if let over {
            ruling.refuse(
                .PlanRules.wrongState, [.plan], "the plan is \(over.state.rawValue), and stays so",
                mend: "draft a new plan", aside: "\(over.id)")
        }
        let underWay = try state.fetch(SurgicalCase.self, where: .plan(id)).first { $0.state == .inProgress }
        if let underWay {
            ruling.refuse(
                .PlanRules.caseUnderWay, [.plan], "the surgery of the plan is under way",
                mend: "wait for its end; then draft a new plan for what is left to do",
                aside: "case \(underWay.surgicalCase)")
        }
        return versions
    }

    /// The planned day, else the day that the entry tells of.
    func plannedDay(of plan: ProcedurePlan, _ command: Command) -> CalendarDate {
        plan.plannedFor ?? zone.date(of: command.effectiveAt)
    }

    func planEvent(_ kind: String, _ versions: [ProcedurePlan], _ command: Command) -> Event {
        Event(
            kind, .plan(versions[0].plan), patient: versions[0].mrn, at: command.effectiveAt, writes: versions,
            note: command.text(.reason))
    }
}
