/// Who may sign a consent, when, and what.
extension Pathway {
    func sign(_ consent: Consent, _ command: Command, in state: any ClinicState, into ruling: inout Ruling) throws {
        let patient = try checkOwner(consent.mrn, named: .consent, of: command, in: state, into: &ruling)
        checkOpen(consent, into: &ruling)
        if let sha256 = command.text(.documentSHA256), !Spelling.isSame(sha256, consent.sha256) {
            ruling.refuse(
                .ConsentRules.documentChanged, [.documentSHA256], "the document signed is not the one that was issued",
                mend: "sign the consent as it lies in consents/", aside: "issued was \(consent.sha256)")
        }
        guard let party = command.text(.party).flatMap(Consent.Party.init(rawValue:)),
            let signer = command.text(.signer)
        else { return }
        let signedAt = command.instant(.signedAt) ?? command.effectiveAt
        checkParty(party, of: consent, speaksAnother: patient.map { speaksAnother($0, than: consent) }, into: &ruling)
        let plan = try state.versions(of: consent.plan).first { $0.version == consent.planVersion }
        if let plan, plan.state == .cancelled {
            ruling.refuse(
                .ConsentRules.planNotApproved, [.consent], "the plan of the consent was cancelled",
                mend: "draft and approve a new plan", aside: "\(plan.plan)")
        }
        let signature = Consent.Signature(
            party: party, signer: signer, signedAt: signedAt, sha256: consent.sha256,
            meaning: Pathway.meaning(of: party, on: consent))
        if let patient, let plan {
            checkSigner(signature, id: command.text(.signerID), of: consent, plan, patient, into: &ruling)
        }
        checkOrder(signature, of: consent, into: &ruling)
        if party == .patient || party == .guardian {
            checkClauses(of: consent, signedAt, into: &ruling)
            checkQuestions(of: consent, signedAt, into: &ruling)
            if let patient { checkInterpreter(of: consent, patient, into: &ruling) }
            if let plan {
                try checkConsultations(before: signedAt, consent, plan, in: state, into: &ruling)
                try checkTimeForThought(signedAt, consent, plan, in: state, into: &ruling)
            }
        }
        try checkExpiry(signature, of: consent, in: state, into: &ruling)
        record(signature, on: consent, command, into: &ruling)
    }

    /// What a signature says.
    private static func meaning(of party: Consent.Party, on consent: Consent) -> String {
        let isSurgical = consent.purpose == .surgical
        return switch party {
        case .patient where consent.parties.contains(.guardian):
            "This was explained to me so that I understand it, and I assent to it."
        case .patient where isSurgical: "I have read and understood this consent and agree to the surgery described."
        case .patient: "I have read and understood this consent and agree to what it describes."
        case .guardian: "I agree on behalf of the patient, for whom I am responsible."
        case .surgeon where isSurgical:
            "I have explained the surgery, its risks and its alternatives to the patient."
        case .surgeon: "I have explained what this consent describes to the patient."
        case .anesthetist: "I have explained the anesthesia and its risks to the patient."
        case .witness: "I have seen the patient sign."
        case .interpreter: "I have interpreted this consent to the patient truly."
        }
    }

    private func checkParty(
        _ party: Consent.Party, of consent: Consent, speaksAnother: Bool?, into ruling: inout Ruling
    ) {
        // Whoever needs an interpreter may have one, whatever the template says.
        if !consent.parties.contains(party), party != .interpreter || speaksAnother != true {
            ruling.refuse(
                .ConsentRules.partyNotRequired, [.party], "the consent does not ask for this party",
                mend: "let the parties named in the consent sign",
                aside: consent.parties.map(\.rawValue).joined(separator: ", "))
        }
        if consent.signature(of: party) != nil {
            ruling.refuse(
                .ConsentRules.partyAlreadySigned, [.party], "this party has signed already",
                mend: "nothing, if this is the same signature", aside: "\(consent.consent)")
        }
    }

    private func checkSigner(
        _ signature: Consent.Signature, id: String?, of consent: Consent, _ plan: ProcedurePlan, _ patient: Patient,
        into ruling: inout Ruling
    ) {
        let name = signature.signer
        let (isRight, detail): (Bool, String)
        switch signature.party {
        case .patient:
            (isRight, detail) = (patient.answers(to: name), "the patient's signature is under another name")
        case .guardian:
            let isGuardian = patient.guardianName.map { Spelling.isSame($0, name) } ?? false
            (isRight, detail) = (isGuardian, "the signer is not the guardian on the patient's record")
        case .surgeon:
            isRight = isStaff(plan.surgeon, id: id, name: name)
            detail = "the signer is not the surgeon of the plan"
        case .anesthetist:
            isRight = anesthetists.contains { isStaff($0.id, id: id, name: name) }
            detail = "the signer is no anesthetist of the clinic"
        case .witness, .interpreter:
            let isParty =
                patient.answers(to: name) || isStaff(plan.surgeon, id: id, name: name)
                || patient.guardianName.map { Spelling.isSame($0, name) } ?? false
            (isRight, detail) = (!isParty, "the witness or interpreter is a party to the consent")
        }
        // Father and daughter may bear one name; a witness may not be anybody else.
        let isTwice = consent.signatures.contains {
            $0.party != signature.party && ($0.party.standsAside || signature.party.standsAside)
                && Spelling.isSame($0.signer, name)
        }
        guard !isRight || isTwice else { return }
        ruling.refuse(
            .ConsentRules.signerNotTheParty, [.signer, .signerID, .party],
            isRight ? "the same person has signed as another party" : detail,
            mend: "let the right person sign, or correct the printed name",
            aside: "\(name) as \(signature.party.rawValue); the patient is \(patient.fullName), the surgeon "
                + catalog.name(of: plan.surgeon))
    }

    /// By the staff number where one is given, else by the printed name.
    private func isStaff(_ staff: StaffID, id: String?, name: String) -> Bool {
        guard let id else { return Spelling.isSame(name, catalog.name(of: staff)) }
        return StaffID(id) == staff && sharesWord(name, catalog.name(of: staff))
    }

    /// A number beside somebody else's printed name proves nothing; initials and titles may differ.
    private func sharesWord(_ name: String, _ other: String) -> Bool {
        func words(_ text: String) -> Set<String> {
            let titles: Set<String> = ["mr", "mrs", "ms", "miss", "dr", "prof", "frcs", "frca"]
            let parts = text.lowercased().split { !$0.isLetter }.map(String.init)
            return Set(parts.filter { $0.unicodeScalars.count > 1 && !titles.contains($0) })
        }
        return !words(name).isDisjoint(with: words(other))
    }

    private var anesthetists: [StaffMember] {
        catalog.staff.values.filter { $0.role == .anesthetist }.sorted { $0.id < $1.id }
    }

    private func checkOrder(_ signature: Consent.Signature, of consent: Consent, into ruling: inout Ruling) {
        if signature.signedAt < consent.issuedAt {
            ruling.refuse(
                .ConsentRules.signatureOrder, [.signedAt], "it was signed before it was issued",
                mend: "correct the time of the signature",
                aside: "issued \(zone.stamp(consent.issuedAt)), signed \(zone.stamp(signature.signedAt))")
        }
        guard [.surgeon, .witness].contains(signature.party), consent.parties.contains(signature.party) else { return }
        let who = signature.party == .surgeon ? "surgeon" : "witness"
        let first = consent.parties.filter { $0 == .patient || $0 == .guardian }
        if first.contains(where: { consent.signature(of: $0) == nil }) {
            ruling.refuse(
                .ConsentRules.signatureOrder, [.party], "the \(who) signs after the patient, who has not signed yet",
                mend: "drop the patient's signature", aside: "\(consent.consent)",
                waitingFor: [.consent(consent.consent)])
        }
        if let late = first.compactMap({ consent.signature(of: $0)?.signedAt }).max(), late > signature.signedAt {
            ruling.refuse(
                .ConsentRules.signatureOrder, [.signedAt], "the \(who) signed before the patient",
                mend: "let the \(who) sign again", aside: "the patient signed \(zone.stamp(late))")
        }
    }

    /// An unanswered question means that the patient is not informed yet.
    private func checkQuestions(of consent: Consent, _ signedAt: Instant, into ruling: inout Ruling) {
        let asked = consent.questions.filter { $0.askedAt <= signedAt }
        let isOpen = asked.contains { $0.answer == nil }
        let isLate = asked.contains { $0.answeredAt.map { $0 > signedAt } ?? false }
        guard isOpen || isLate else { return }
        ruling.refuse(
            .ConsentRules.questionOpen, [.consent, .signedAt],
            isLate
                ? "a question of the patient was answered only after the signature"
                : "a question of the patient has no answer yet",
            mend: isLate ? "let the patient sign again, with the answer known" : "ANSWER the question, then sign",
            aside: "\(consent.consent)", waitingFor: isLate ? [] : [.consent(consent.consent)])
    }

    private func checkClauses(of consent: Consent, _ signedAt: Instant, into ruling: inout Ruling) {
        let required = consent.clauses.filter { $0.isRequired }
        let missing = required.filter { $0.acknowledgedAt == nil }
        let late = required.filter { $0.acknowledgedAt.map { $0 > signedAt } ?? false }
        guard !missing.isEmpty || !late.isEmpty else { return }
        ruling.refuse(
            .ConsentRules.clausesOpen, [.clauses],
            late.isEmpty
                ? "clauses that must be acknowledged are open" : "clauses were acknowledged only after the signature",
            mend: "the patient acknowledges the clauses marked with an exclamation mark, then signs",
            aside: (missing + late).map(\.clause).joined(separator: ", "),
            waitingFor: late.isEmpty ? [.consent(consent.consent)] : [])
    }

    /// Counted in whole days on the clinic's calendar, from the first completed consultation about the plan.
    private func checkTimeForThought(
        _ signedAt: Instant, _ consent: Consent, _ plan: ProcedurePlan, in state: any ClinicState,
        into ruling: inout Ruling
    ) throws {
        guard consent.purpose == .surgical,
            let own = try state.fetch(Consultation.self, id: plan.consultation.rawValue),
            let informedAt = own.completedAt
        else { return }
        let consultations = try state.records(of: plan.mrn).flatMap {
            try state.fetch(Consultation.self, where: .patient($0))
        }
        let earlier = try consultations.filter {
            try $0.state == .completed && $0.surgeon == plan.surgeon && $0.visit != "FOLLOW_UP"
                && !isAboutSomethingElse($0, than: plan, in: state)
        }
        let first = min(informedAt, earlier.compactMap(\.completedAt).min() ?? informedAt)
        let days = max(policy.informationDays, policy.twoStageConsent ? 1 : 0)
        let lawful = zone.date(of: first).adding(days: days)
        guard zone.date(of: signedAt) < lawful else { return }
        ruling.refuse(
            .ConsentRules.signedTooSoon, [.signedAt],
            "fewer than \(days) whole days lie between the first consultation and the signature",
            mend: "sign on \(lawful) or later", aside: "first informed on \(zone.date(of: first))")
    }

    /// A consultation that led to another plan, and to none with a procedure of this one, informed about that.
    private func isAboutSomethingElse(
        _ consultation: Consultation, than plan: ProcedurePlan, in state: any ClinicState
    ) throws -> Bool {
        let plans = try state.fetch(ProcedurePlan.self, where: .consultation(consultation.consultation))
        let codes = Set(plan.procedures.map(\.code))
        return !plans.isEmpty
            && !plans.contains { other in
                other.plan == plan.plan || other.procedures.contains { codes.contains($0.code) }
            }
    }

    /// Asked of the day of surgery as booked or planned, else of the day of this signature.
    private func checkExpiry(
        _ signature: Consent.Signature, of consent: Consent, in state: any ClinicState, into ruling: inout Ruling
    ) throws {
        let signed = zone.date(of: min(consent.patientSignedAt ?? signature.signedAt, signature.signedAt))
        let today = zone.date(of: signature.signedAt)
        let planned = try state.currentPlan(consent.plan).flatMap { try surgeryDay(of: $0, in: state) }
        let day = max(planned ?? today, today)
        guard consent.purpose == .surgical, signed.days(until: day) > policy.consentValidDays else { return }
        ruling.refuse(
            .ConsentRules.expired, [.signedAt],
            "the patient's signature is more than \(policy.consentValidDays) days old on the day of surgery",
            mend: "create and sign a new consent nearer to the surgery", aside: "signed \(signed), surgery \(day)")
    }

    private func record(
        _ signature: Consent.Signature, on consent: Consent, _ command: Command, into ruling: inout Ruling
    ) {
        var signature = signature
        signature.signerID = command.text(.signerID)
        signature.method = command.text(.method)
        var consent = consent
        consent.signatures.append(signature)
        // By time, whatever the order in which they arrive.
        consent.signatures.sort { ($0.signedAt, $0.party.rawValue) < ($1.signedAt, $1.party.rawValue) }
        consent.state = consent.missingParties.isEmpty ? .signed : .partiallySigned
        if consent.state == .signed { consent.signedAt = consent.signatures.map(\.signedAt).max() }
        ruling.record(
            Event(
                "consent.signed", .consent(consent.consent), patient: consent.mrn, at: signature.signedAt,
                writes: [consent], note: signature.party.rawValue))
    }
}

extension Consent.Party {
    /// Attests what the others do, and therefore must be none of them.
    var standsAside: Bool { self == .witness || self == .interpreter }
}

extension Patient {
    /// Whether a printed name is one of the patient's: with or without the middle name, or the preferred one.
    func answers(to name: String) -> Bool {
        let givenNames = [givenName, middleName.map { "\(givenName) \($0)" }, preferredName].compactMap(\.self)
        let names = givenNames.map { "\($0) \(familyName)" } + [preferredName].compactMap(\.self)
        return names.contains { Spelling.isSame($0, name) }
    }
}
