/// Limits that the law or the clinic sets to a plan; unlike a procedure's own they refuse.
extension Pathway {
    /// The most that may be taken by liposuction where the clinic is; nil without a limit, or without liposuction.
    private func volumeLimit(of plan: ProcedurePlan) -> Int? {
        let isLiposuction = plan.procedures.contains { catalog.procedures[$0.code]?.maximumVolumeMilliliters != nil }
        return isLiposuction ? policy.maximumVolume(isCombined: plan.procedures.count > 1) : nil
    }

    func checkVolume(of plan: ProcedurePlan, into ruling: inout Ruling) {
        guard let limit = volumeLimit(of: plan), let volume = plan.volumeMilliliters, volume > limit else { return }
        ruling.refuse(
            .PlanRules.volumeLimit, [.volumeMilliliters],
            "more than the \(limit) ml that may be taken at once in a setting like the clinic's",
            mend: "plan \(limit) ml or less, in stages if need be, or refer the patient to a hospital",
            aside: "\(plan.id)")
    }

    /// Where there is a limit, the plan to be approved says how much.
    func checkVolumeIsStated(in plan: ProcedurePlan, into ruling: inout Ruling) {
        guard let limit = volumeLimit(of: plan), plan.volumeMilliliters == nil else { return }
        ruling.refuse(
            .PlanRules.volumeLimit, [.volumeMilliliters], "the plan does not say how much is to be taken",
            mend: "REVISE the plan with volume_ml, \(limit) or less", aside: "\(plan.id)")
    }

    /// What the clinic wants to know before the surgeon approves: who referred the patient, and a screening.
    func checkAssessment(
        of plan: ProcedurePlan, _ consultation: Consultation?, _ patient: Patient?, on day: CalendarDate,
        into ruling: inout Ruling
    ) {
        let isMinor = patient.map { $0.birthDate.wholeYears(until: day) < policy.ageOfMajority } ?? false
        if policy.screeningRequired || isMinor && policy.minorScreeningRequired, consultation?.screening == nil {
            ruling.refuse(
                .PlanRules.screeningMissing, [.plan],
                isMinor
                    ? "no psychological screening of the minor is recorded at the consultation"
                    : "no screening is recorded at the consultation",
                mend: "AMEND the consultation with the screening, then approve again", aside: "\(plan.consultation)")
        }
        if policy.referralRequired, let patient, patient.referralSource == nil {
            ruling.refuse(
                .PlanRules.referralMissing, [.plan], "the patient's record does not say who referred the patient",
                mend: "UPDATE the patient with referral_source", aside: "\(patient.mrn)",
                waitingFor: [.patient(patient.mrn)])
        }
    }

    /// Privileges, licence and indemnity on the day of surgery, by the staff list.
    func checkPapers(
        of surgeon: StaffID, for procedures: [ProcedureCode], on day: CalendarDate, into ruling: inout Ruling
    ) {
        guard let member = catalog.staff[surgeon] else { return }
        let gaps = member.gaps(for: procedures, on: day)
        guard !gaps.isEmpty else { return }
        let mend = "plan it with another surgeon, or bring the staff list up to date"
        ruling.refuse(
            .PlanRules.surgeonNotPrivileged, [.surgeon],
            "the surgeon lacks a privilege, licence or indemnity on the day of the surgery",
            mend: member.firstDay(for: procedures, after: day).map { "operate on \($0) or later; or \(mend)" } ?? mend,
            aside: "\(member.name) on \(day): " + gaps.joined(separator: ", "))
    }
}
