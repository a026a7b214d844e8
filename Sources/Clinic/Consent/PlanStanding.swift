/// What consents, clearances and cases ask of the plan and the patient they belong to.
extension Pathway {
    /// The version of a plan that counts now, with a finding unless it is approved: held while it still can be.
    func approvedPlan(_ id: PlanID, else rule: Rule, in state: any ClinicState, into ruling: inout Ruling) throws
        -> ProcedurePlan?
    {
        guard let plan = try state.currentPlan(id) else {
            ruling.refuse(
                rule, [.plan], "the plan is not known", mend: "drop the plan and its approval, or correct its number",
                aside: "the entry says \(id)", waitingFor: [.plan(id)])
            return nil
        }
        switch plan.state {
        case .approved:
            break
        case .draft:
            ruling.refuse(
                rule, [.plan], "the plan is a draft that its surgeon has not approved",
                mend: "the operating surgeon approves the plan", aside: "\(plan.plan) version \(plan.version)",
                waitingFor: [.plan(id)])
        case .fulfilled, .cancelled, .superseded:
            ruling.refuse(
                rule, [.plan], "the plan is over", mend: "draft and approve a new plan",
                aside: "\(plan.plan) version \(plan.version) is \(plan.state.rawValue)")
        }
        return plan
    }

    /// The patient of a record, compared with what the entry says of them.
    func checkOwner(
        _ mrn: MRN, named field: Field, of command: Command, mustBeActive: Bool = true, in state: any ClinicState,
        into ruling: inout Ruling
    ) throws -> Patient? {
        guard let patient = try survivor(of: mrn, in: state) else { return nil }
        try checkPatient(command, is: patient, in: state, into: &ruling)
        if mustBeActive { _ = isUsable(patient, named: field, into: &ruling) }
        return patient
    }
}

extension ProcedurePlan {
    /// The procedures with their sides, as people say them.
    package func wording(in catalog: Catalog) -> String {
        procedures.map { planned in
            let name = catalog.procedures[planned.code]?.name ?? planned.code.rawValue
            return planned.side == .notApplicable ? name : "\(name), \(planned.side.wording)"
        }.joined(separator: "; ")
    }
}

extension Side {
    /// The side in words for documents.
    package var wording: String { self == .notApplicable ? "not applicable" : rawValue.lowercased() }
}
