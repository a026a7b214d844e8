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
        let (templates, missing) = templates(for: plan, kind: kind, at: command.effectiveAt)
        if !missing.isEmpty {
            ruling.refuse(
                .ConsentRules.noTemplate, [.plan, .kind],
                kind == .surgical
                    ? "the clinic has no surgical consent template for a procedure of the plan"
                    : "the clinic has no consent template of this kind",
                mend: "add a template to clinic/consents, or correct the kind",
                aside: "\(kind.rawValue) for \(missing.map(\.rawValue).joined(separator: ", "))")
        }
        if let living = try livingConsent(of: plan, kind: kind, at: command.effectiveAt, in: state) {
            if existing == nil, living.consent == autoIssuedID(of: plan) {
                if let patient { warnOfLanguage(of: living, patient, into: &ruling) }
                return adopt(living, as: id, command, into: &ruling)
            }
            if living.consent != existing?.consent {
                ruling.refuse(
                    .ConsentRules.exists, [.plan, .kind], "the plan has a living consent of this kind",
                    mend: "sign that one, or withdraw it first, or correct the kind", aside: "\(living.consent)")
            }
        }
        guard ruling.isClear, let patient, let consultation else { return }
        let draft = draftConsent(
            id, for: plan, consultation: consultation.consultation, patient: patient, templates: templates,
            at: command.effectiveAt)
        ruling.record(draft)
        warnOfLanguage(of: draft.written(Consent.self), patient, into: &ruling)
        for event in try expiredConsents(of: plan, kind: kind, at: command.effectiveAt, in: state) {
            ruling.record(event)
        }
    }

    /// Signed ones too old for the day of surgery make way for a new one; that they had expired was derived so far.
    private func expiredConsents(
        of plan: ProcedurePlan, kind: Consent.Kind, at instant: Instant, in state: any ClinicState
    ) throws -> [Event] {
        try state.fetch(Consent.self, where: .plan(plan.plan)).filter { $0.purpose == kind && $0.state == .signed }
            .map { consent in
                var consent = consent
                consent.state = .expired
                consent.endedAt = instant
                return Event(
                    "consent.expired", .consent(consent.consent), patient: consent.mrn, at: instant, writes: [consent])
            }
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

    /// The templates that approval selected, in their versions of the day; for other kinds, or where one is not there any
    /// more, the newest in effect.
    private func templates(for plan: ProcedurePlan, kind: Consent.Kind, at instant: Instant) -> (
        found: [ConsentTemplate], missing: [ProcedureCode]
    ) {
        let day = zone.date(of: instant)
        guard kind == .surgical else {
            let template = plan.procedures.first.flatMap { catalog.template(for: $0.code, kind: kind, on: day) }
            return template.map { ([$0], []) } ?? ([], plan.procedures.map(\.code))
        }
        let selected = plan.templates.compactMap { catalog.template($0.name, on: day) }
        let isWhole = plan.procedures.allSatisfy { planned in
            selected.contains { $0.procedures.contains(planned.code) }
        }
        return isWhole ? (selected, []) : surgicalTemplates(for: plan, on: day)
    }

    /// A consent of the kind that can still be signed, or stands.
    private func livingConsent(
        of plan: ProcedurePlan, kind: Consent.Kind, at instant: Instant, in state: any ClinicState
    ) throws -> Consent? {
        let today = zone.date(of: instant)
        let day = max(today, try surgeryDay(of: plan, in: state) ?? today)
        return try state.fetch(Consent.self, where: .plan(plan.plan)).first { consent in
            guard consent.purpose == kind, !consent.state.isOver else { return false }
            return consent.state != .signed || isValid(consent, on: day)
        }
    }

    private func autoIssuedID(of plan: ProcedurePlan) -> ConsentID { issuedID(plan.plan, plan.version) }

    /// The number of a consent that is issued by itself: `P-1-v2-C1`.
    func issuedID(_ plan: PlanID, _ version: Int) -> ConsentID { ConsentID("\(plan)-v\(version)-C1") }

    /// The sender's number for a consent that was issued by itself.
    private func adopt(_ consent: Consent, as id: ConsentID, _ command: Command, into ruling: inout Ruling) {
        var consent = consent
        consent.aliases = (consent.aliases + [id]).sorted()
        ruling.record(
            Event(
                "consent.alias-added", .consent(consent.consent), patient: consent.mrn, at: command.effectiveAt,
                writes: [consent]))
    }

    /// The consent and its text, ready to be read.
    private func draftConsent(
        _ id: ConsentID, for plan: ProcedurePlan, consultation: ConsultationID, patient: Patient,
        templates: [ConsentTemplate], at instant: Instant
    ) -> Event {
        let document = ConsentText(
            plan: plan, patient: patient, templates: templates, issuedAt: instant, catalog: catalog)
        let text = document.text
        var parties: [Consent.Party] = []
        for party in templates.flatMap(\.parties) where !parties.contains(party) { parties.append(party) }
        // Nobody but the surgeon gives local anesthesia.
        if plan.anesthesia == .local || plan.anesthesia == .withoutAnesthesia {
            parties.removeAll { $0 == .anesthetist }
        }
        let age = patient.birthDate.wholeYears(until: zone.date(of: instant))
        if age < policy.ageOfMajority, !parties.contains(.guardian) {
            let patientIndex = parties.firstIndex(of: .patient)
            parties.insert(.guardian, at: patientIndex.map { $0 + 1 } ?? 0)
        }
        let first = templates[0]
        var consent = Consent(
            consent: id, purpose: first.kind, plan: plan.plan, planVersion: plan.version, consultation: consultation,
            mrn: plan.mrn, template: first.name, templateVersion: first.version,
            sha256: seals.sha256(Array(text.utf8)), parties: parties, clauses: document.clauses, issuedAt: instant)
        consent.templates = templates.map { .init(name: $0.name, version: $0.version) }
        let snapshot = ConsentSnapshot(consent: id, title: document.title, text: text)
        return Event("consent.issued", .consent(id), patient: plan.mrn, at: instant, writes: [consent, snapshot])
    }

    /// Issues the surgical consent of a plan that has just been approved, unless it has one or there is no template.
    func issueConsents(after event: Event, in state: any ClinicState) throws -> [Event] {
        var issued: [Event] = []
        for case let plan as ProcedurePlan in event.writes where plan.state == .approved {
            let id = autoIssuedID(of: plan)
            let (templates, missing) = templates(for: plan, kind: .surgical, at: event.occurredAt)
            guard let patient = try survivor(of: plan.mrn, in: state), missing.isEmpty,
                try findConsent(id, in: state) == nil,
                try !coversPlan(
                    livingConsent(of: plan, kind: .surgical, at: event.occurredAt, in: state), plan, in: state)
            else { continue }
            issued.append(
                draftConsent(
                    id, for: plan, consultation: plan.consultation, patient: patient, templates: templates,
                    at: event.occurredAt))
        }
        return issued
    }
}
