/// How a consent comes to be: created by a sender, or issued by itself when its plan is approved.
extension Pathway {
    func createConsent(
        _ id: ConsentID, _ command: Command, in state: any ClinicState, into ruling: inout Ruling
    ) throws {
        let existing = try findConsent(id, in: state)
        if let existing {
            ruling.refuse(
                .ConsentRules.exists, [.consent], "a consent with this number exists already",
                mend: "give the new consent a number of its own", aside: "\(existing.consent) of plan \(existing.plan)")
        }
        let kind = command.text(.kind).map { Consent.Kind(rawValue: $0) } ?? .surgical
        guard let planID: PlanID = command.id(.plan) else { return }
        let plan = try approvedPlan(planID, else: .ConsentRules.planNotApproved, in: state, into: &ruling)
        let consultation = try checkConsultation(command, of: plan, in: state, into: &ruling)
        guard let plan, let kind else { return }
        let patient = try checkOwner(plan.mrn, named: .plan, of: command, in: state, into: &ruling)
        let template = template(for: plan, kind: kind, at: command.effectiveAt)
        if template == nil {
            ruling.refuse(
                .ConsentRules.noTemplate, [.plan, .kind],
                "the clinic has no consent template of this kind for the plan",
                mend: "add a template to clinic/consents, or correct the kind",
                aside: "\(kind.rawValue) for \(plan.procedures.map(\.code.rawValue).joined(separator: ", "))")
        }
        if let living = try livingConsent(of: plan, kind: kind, at: command.effectiveAt, in: state) {
            if existing == nil, living.consent == autoIssuedID(of: plan) {
                return adopt(living, as: id, command, into: &ruling)
            }
            if living.consent != existing?.consent {
                ruling.refuse(
                    .ConsentRules.exists, [.plan, .kind], "the plan has a living consent of this kind",
                    mend: "sign that one, or withdraw it first", aside: "\(living.consent)")
            }
        }
        guard ruling.isClear, let patient, let template, let consultation else { return }
        let draft = draftConsent(
            id, for: plan, consultation: consultation.consultation, patient: patient, template: template,
            at: command.effectiveAt)
        ruling.record(draft.issued)
    }

    /// The consultation that the entry names must be the plan's, and completed.
    private func checkConsultation(
        _ command: Command, of plan: ProcedurePlan?, in state: any ClinicState, into ruling: inout Ruling
    ) throws -> Consultation? {
        guard let id: ConsultationID = command.id(.consultation) ?? plan?.consultation else { return nil }
        if let plan, plan.consultation != id {
            ruling.refuse(
                .ConsentRules.consultationNotOfPlan, [.consultation, .plan],
                "the plan came from another consultation", mend: "name the consultation of the plan",
                aside: "the plan's is \(plan.consultation)")
        }
        guard let consultation = try state.fetch(Consultation.self, id: id.rawValue) else {
            ruling.refuse(
                .ConsentRules.consultationNotCompleted, [.consultation], "the consultation is not known",
                mend: "drop the consultation and its note", aside: "the entry says \(id)",
                waitingFor: [.consultation(id)])
            return nil
        }
        if consultation.state != .completed {
            let isAhead = consultation.state == .scheduled
            ruling.refuse(
                .ConsentRules.consultationNotCompleted, [.consultation],
                isAhead ? "the consultation has not been completed" : "the consultation never took place",
                mend: "complete the consultation with its note", aside: "\(id) is \(consultation.state.rawValue)",
                waitingFor: isAhead ? [.consultation(id)] : [])
        }
        return consultation
    }

    /// The template that approval selected, in its version of the day; else the newest in force for the procedure.
    private func template(for plan: ProcedurePlan, kind: Consent.Kind, at instant: Instant) -> ConsentTemplate? {
        let day = zone.date(of: instant)
        if kind == .surgical, let name = plan.template, let selected = catalog.template(name, on: day) {
            return selected
        }
        guard let procedure = plan.procedures.first else { return nil }
        return catalog.template(for: procedure.code, kind: kind, on: day)
    }

    /// A consent of the kind that can still be signed, or stands.
    private func livingConsent(
        of plan: ProcedurePlan, kind: Consent.Kind, at instant: Instant, in state: any ClinicState
    ) throws -> Consent? {
        let day = zone.date(of: instant)
        return try state.fetch(Consent.self, where: .plan(plan.plan)).first { consent in
            guard consent.purpose == kind, !consent.state.isOver else { return false }
            return consent.state != .signed || isValid(consent, on: max(day, plan.plannedFor ?? day))
        }
    }

    private func autoIssuedID(of plan: ProcedurePlan) -> ConsentID { ConsentID("\(plan.plan)-v\(plan.version)-C1") }

    /// The sender's number for a consent that was issued by itself.
    private func adopt(_ consent: Consent, as id: ConsentID, _ command: Command, into ruling: inout Ruling) {
        var consent = consent
        consent.aliases.append(id)
        ruling.record(
            Event(
                "consent.alias-added", .consent(consent.consent), patient: consent.mrn, at: command.effectiveAt,
                writes: [consent]))
    }

    /// The consent and its text, ready to be read.
    private func draftConsent(
        _ id: ConsentID, for plan: ProcedurePlan, consultation: ConsultationID, patient: Patient,
        template: ConsentTemplate, at instant: Instant
    ) -> (consent: Consent, issued: Event) {
        let text = ConsentText(plan: plan, patient: patient, template: template, issuedAt: instant, catalog: catalog)
            .text
        var parties = template.parties
        let age = patient.birthDate.wholeYears(until: zone.date(of: instant))
        if age < policy.ageOfMajority, !parties.contains(.guardian) {
            let patientIndex = parties.firstIndex(of: .patient)
            parties.insert(.guardian, at: patientIndex.map { $0 + 1 } ?? 0)
        }
        let consent = Consent(
            consent: id, purpose: template.kind, plan: plan.plan, planVersion: plan.version, consultation: consultation,
            mrn: plan.mrn, template: template.name, templateVersion: template.version,
            sha256: seals.sha256(Array(text.utf8)), parties: parties, clauses: template.clauses, issuedAt: instant)
        let snapshot = ConsentSnapshot(consent: id, title: template.title, text: text)
        return (
            consent,
            Event("consent.issued", .consent(id), patient: plan.mrn, at: instant, writes: [consent, snapshot])
        )
    }

    /// Issues the surgical consent of a plan that has just been approved, unless it has one or there is no template.
    func issueConsents(after event: Event, in state: any ClinicState) throws -> [Event] {
        var issued: [Event] = []
        for case let plan as ProcedurePlan in event.writes where plan.state == .approved {
            let id = autoIssuedID(of: plan)
            guard let patient = try survivor(of: plan.mrn, in: state),
                let template = template(for: plan, kind: .surgical, at: event.occurredAt),
                try findConsent(id, in: state) == nil,
                try !coversPlan(
                    livingConsent(of: plan, kind: .surgical, at: event.occurredAt, in: state), plan, in: state)
            else { continue }
            issued.append(
                draftConsent(
                    id, for: plan, consultation: plan.consultation, patient: patient, template: template,
                    at: event.occurredAt
                ).issued)
        }
        return issued
    }
}
