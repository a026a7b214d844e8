/// What must have been spoken of, and with whom, before a patient signs.
extension Pathway {
    /// As many consultations as the clinic's policy asks for, one of them in person with the operating surgeon.
    func checkConsultations(
        before signedAt: Instant, _ consent: Consent, _ plan: ProcedurePlan, in state: any ClinicState,
        into ruling: inout Ruling
    ) throws {
        guard consent.purpose == .surgical else { return }
        // The plan's own may stand under a number that was merged since.
        let own = try state.fetch(Consultation.self, id: plan.consultation.rawValue)
        let others = try state.fetch(Consultation.self, where: .patient(plan.mrn)).filter { $0.id != own?.id }
        let held = ([own].compactMap(\.self) + others).filter { consultation in
            consultation.state == .completed && consultation.visit != "FOLLOW_UP"
                && consultation.completedAt.map { $0 <= signedAt } ?? false
        }
        if held.count < policy.consultationsRequired {
            ruling.refuse(
                .ConsentRules.consultationsMissing, [.signedAt],
                "fewer than \(policy.consultationsRequired) completed consultations lie before the signature"
                    + " (follow-ups do not count)",
                mend: "hold the further consultation, and let the patient sign after it",
                aside: "completed: \(held.map(\.consultation.rawValue).joined(separator: ", "))",
                waitingFor: [.patient(plan.mrn)])
        }
        if policy.inPersonConsultation, !held.contains(where: { $0.surgeon == plan.surgeon && $0.inPerson == true }) {
            ruling.refuse(
                .ConsentRules.notSeenInPerson, [.signedAt],
                "no consultation in person with the operating surgeon is recorded before the signature",
                mend: "see the patient in person, or AMEND the consultation with in_person",
                aside: "the surgeon of the plan is \(catalog.name(of: plan.surgeon))", waitingFor: [.patient(plan.mrn)])
        }
    }
}
