/// What happens around a consent besides its signatures: clauses, questions, refusal and withdrawal.
extension Pathway {
    /// Refuses a change of a consent that is locked or over.
    func checkOpen(_ consent: Consent, into ruling: inout Ruling) {
        if consent.state == .signed {
            ruling.refuse(
                .ConsentRules.locked, [.consent], "all parties have signed; the consent is locked",
                mend: "withdraw it and create a new one, if something must change", aside: "\(consent.consent)")
        }
        checkNotOver(consent, into: &ruling)
    }

    /// Refuses anything about a consent that has been declined, withdrawn or voided, or has expired.
    func checkNotOver(_ consent: Consent, into ruling: inout Ruling) {
        let (rule, detail): (Rule, String)
        switch consent.state {
        case .issued, .partiallySigned, .signed: return
        case .declined: (rule, detail) = (.ConsentRules.declined, "the consent has been declined")
        case .withdrawn: (rule, detail) = (.ConsentRules.withdrawn, "the consent has been withdrawn")
        case .void: (rule, detail) = (.ConsentRules.void, "the consent is void")
        case .expired: (rule, detail) = (.ConsentRules.expired, "the consent has expired")
        }
        ruling.refuse(rule, [.consent], detail, mend: "create a new consent", aside: "\(consent.consent)")
    }

    func acknowledgeClauses(
        of consent: Consent, _ command: Command, in state: any ClinicState, into ruling: inout Ruling
    ) throws {
        _ = try checkOwner(consent.mrn, named: .consent, of: command, in: state, into: &ruling)
        checkOpen(consent, into: &ruling)
        guard let names = command.list(.clauses) else { return }
        var consent = consent
        for name in names {
            guard let index = consent.clauses.firstIndex(where: { $0.clause.utf8.elementsEqual(name.utf8) }) else {
                ruling.refuse(
                    .Entry.unknownCode, [.clauses], "the consent has no such clause",
                    mend: "use the clauses as the consent prints them", aside: "the entry says \(name)")
                continue
            }
            let known = consent.clauses[index].acknowledgedAt
            consent.clauses[index].acknowledgedAt = min(known ?? command.effectiveAt, command.effectiveAt)
        }
        ruling.record(
            Event(
                "consent.acknowledged", .consent(consent.consent), patient: consent.mrn, at: command.effectiveAt,
                writes: [consent], note: names.joined(separator: ";")))
    }

    /// A question of the patient, or the answer to the oldest that is open.
    func converse(
        about consent: Consent, _ command: Command, in state: any ClinicState, into ruling: inout Ruling
    ) throws {
        _ = try checkOwner(consent.mrn, named: .consent, of: command, in: state, into: &ruling)
        checkOpen(consent, into: &ruling)
        guard let text = command.text(.text) else { return }
        var consent = consent
        let asks = command.action == Action("ASK")
        if asks {
            // By the time at which they were asked, whatever the order in which they arrive.
            let later = consent.questions.firstIndex { $0.askedAt > command.effectiveAt }
            consent.questions.insert(
                .init(text: text, askedAt: command.effectiveAt), at: later ?? consent.questions.endIndex)
        } else if let index = consent.questions.firstIndex(where: {
            $0.answer == nil && $0.askedAt <= command.effectiveAt
        }) {
            consent.questions[index].answer = text
            consent.questions[index].answeredAt = command.effectiveAt
            consent.questions[index].answeredBy = command.text(.actor)
        } else {
            ruling.refuse(
                .ConsentRules.questionUnknown, [.consent], "no question about the consent is open",
                mend: "drop the question first", aside: "\(consent.consent)", waitingFor: [.consent(consent.consent)])
        }
        ruling.record(
            Event(
                asks ? "consent.asked" : "consent.answered", .consent(consent.consent), patient: consent.mrn,
                at: command.effectiveAt, writes: [consent]))
    }

    func decline(_ consent: Consent, _ command: Command, in state: any ClinicState, into ruling: inout Ruling) throws {
        _ = try checkOwner(
            consent.mrn, named: .consent, of: command, mustBeActive: false, in: state, into: &ruling)
        checkOpen(consent, into: &ruling)
        end(consent, as: .declined, "consent.declined", command, into: &ruling)
    }

    /// Possible at every stage; what becomes of the case follows from it.
    func withdraw(_ consent: Consent, _ command: Command, in state: any ClinicState, into ruling: inout Ruling) throws {
        _ = try checkOwner(
            consent.mrn, named: .consent, of: command, mustBeActive: false, in: state, into: &ruling)
        checkNotOver(consent, into: &ruling)
        end(consent, as: .withdrawn, "consent.withdrawn", command, into: &ruling)
    }

    private func end(
        _ consent: Consent, as ended: Consent.State, _ kind: String, _ command: Command, into ruling: inout Ruling
    ) {
        var consent = consent
        consent.state = ended
        consent.endedAt = command.effectiveAt
        consent.reason = command.text(.reason)
        ruling.record(
            Event(
                kind, .consent(consent.consent), patient: consent.mrn, at: command.effectiveAt, writes: [consent],
                note: command.text(.reason)))
    }
}
