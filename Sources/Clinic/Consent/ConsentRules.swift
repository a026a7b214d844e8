/// The rules about consents.
extension Rule {
    package enum ConsentRules {
        package static let unknown = Rule(
            "consent.unknown", "The number on an entry is that of a consent.", phase: .consent, hl7: .unknownKey,
            weight: .holds)
        package static let exists = Rule(
            "consent.exists", "A number belongs to one consent, and a plan has one living consent of a kind.",
            phase: .consent, hl7: .duplicateKey)
        package static let planNotApproved = Rule(
            "consent.plan-not-approved", "A consent belongs to an approved plan.", phase: .consent, weight: .holds)
        package static let consultationNotCompleted = Rule(
            "consent.consultation-not-completed", "A consent rests on a completed consultation.", phase: .consent,
            weight: .holds)
        package static let consultationNotOfPlan = Rule(
            "consent.consultation-not-of-plan", "The consultation named is the one that the plan came from.",
            phase: .consent, hl7: .unknownKey)
        package static let noTemplate = Rule(
            "consent.no-template", "The clinic has a consent template of this kind for the procedure.",
            phase: .consent, hl7: .unknownKey)
        package static let clausesOpen = Rule(
            "consent.clauses-open", "Every clause that must be acknowledged is, before the patient signs.",
            phase: .consent, weight: .holds)
        package static let questionUnknown = Rule(
            "consent.question-unknown", "An answer belongs to a question that the patient has asked.",
            phase: .consent, hl7: .unknownKey, weight: .holds)
        package static let questionOpen = Rule(
            "consent.question-open", "What the patient asked before the signature was answered before it.",
            phase: .consent, weight: .holds)
        package static let languageDiffers = Rule(
            "consent.language-differs",
            "Where the consent is in another language than the patient's, an interpreter signs it first.",
            phase: .consent, weight: .warns)
        package static let partyNotRequired = Rule(
            "consent.party-not-required", "Only the parties that the consent names sign it.", phase: .consent,
            hl7: .tableValue)
        package static let partyAlreadySigned = Rule(
            "consent.party-already-signed", "Each party signs once.", phase: .consent, hl7: .duplicateKey)
        package static let locked = Rule(
            "consent.locked", "A consent that all parties have signed is never changed.", phase: .consent,
            hl7: .recordLocked)
        package static let documentChanged = Rule(
            "consent.document-changed", "What is signed is the text as it was issued, by its SHA-256.",
            phase: .consent)
        package static let signerNotTheParty = Rule(
            "consent.signer-not-the-party",
            "The patient signs in their own name, the plan's surgeon as surgeon; witness and interpreter are none of the others.",
            phase: .consent, hl7: .unknownKey)
        package static let signatureOrder = Rule(
            "consent.signature-order",
            "Nobody signs before the consent is issued; the surgeon signs after the patient, the witness not before.",
            phase: .consent, weight: .holds)
        package static let signedTooSoon = Rule(
            "consent.signed-too-soon", "Whole days for thought lie between the first consultation and the signature.",
            phase: .consent, policy: "information_days", isOverridable: true)
        package static let declined = Rule(
            "consent.declined", "A consent that the patient has declined is over.", phase: .consent, hl7: .recordLocked)
        package static let withdrawn = Rule(
            "consent.withdrawn", "A consent that was withdrawn is over.", phase: .consent, hl7: .recordLocked)
        package static let void = Rule(
            "consent.void", "A void consent is over: its plan has changed, or it is in another patient's name.",
            phase: .consent, hl7: .recordLocked)
        package static let expired = Rule(
            "consent.expired", "The patient's signature is not older than the clinic allows on the day of surgery.",
            phase: .consent, hl7: .recordLocked, policy: "consent_valid_days")
        package static let consultationsMissing = Rule(
            "consent.consultations-missing", "As many consultations as the clinic asks for lie before the signature.",
            phase: .consent, weight: .holds, policy: "consultations_required")
        package static let notSeenInPerson = Rule(
            "consent.not-seen-in-person", "The operating surgeon has seen the patient in person before the signature.",
            phase: .consent, weight: .holds, policy: "in_person_consultation")

        package static let all = [
            unknown, exists, planNotApproved, consultationNotCompleted, consultationNotOfPlan, noTemplate, clausesOpen,
            questionUnknown, questionOpen, languageDiffers, partyNotRequired, partyAlreadySigned, locked,
            documentChanged, signerNotTheParty, signatureOrder, signedTooSoon, declined, withdrawn, void, expired,
            consultationsMissing, notSeenInPerson,
        ]
    }
}

extension Pathway {
    func decideConsent(_ command: Command, in state: any ClinicState, into ruling: inout Ruling) throws {
        guard let id: ConsentID = command.id(.consent) else { return }
        if command.action == Action("CREATE") {
            return try createConsent(id, command, in: state, into: &ruling)
        }
        guard let consent = try findConsent(id, in: state) else {
            ruling.refuse(
                .ConsentRules.unknown, [.consent], "no consent has this number",
                mend: "drop the entry that creates the consent, or correct the number", aside: "the entry says \(id)",
                waitingFor: [.consent(id)])
            return
        }
        switch command.action.rawValue {
        case "ACKNOWLEDGE": try acknowledgeClauses(of: consent, command, in: state, into: &ruling)
        case "ASK", "ANSWER": try converse(about: consent, command, in: state, into: &ruling)
        case "SIGN": try sign(consent, command, in: state, into: &ruling)
        case "DECLINE": try decline(consent, command, in: state, into: &ruling)
        case "WITHDRAW": try withdraw(consent, command, in: state, into: &ruling)
        default: refuseAction(into: &ruling)
        }
    }

    func consequencesForConsent(of event: Event, now: Instant, in state: any ClinicState) throws -> [Event] {
        if event.kind == "patient.unmerged" { return try consequencesForConsents(ofParting: event, in: state) }
        guard event.kind == "plan.approved", policy.consentAutoIssue else { return [] }
        return try issueConsents(after: event, in: state)
    }

    /// The consent with a number, also by the number that another sender gave it.
    func findConsent(_ id: ConsentID, in state: any ClinicState) throws -> Consent? {
        try state.fetch(Consent.self, id: id.rawValue) ?? state.fetch(Consent.self, where: .alias(id)).first
    }

    /// Refuses an action that the form does not have.
    func refuseAction(into ruling: inout Ruling) {
        ruling.refuse(
            .Entry.unknownCode, [.action], "the form has no such action", mend: "use an action of the form's list")
    }
}
