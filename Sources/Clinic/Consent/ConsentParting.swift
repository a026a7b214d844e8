/// What becomes of consents when a merge is undone: one in another patient's name is void, and nothing rests on it.
extension Pathway {
    func consequencesForConsents(ofParting event: Event, in state: any ClinicState) throws -> [Event] {
        guard let record = event.written(Patient.self) else { return [] }
        let parted = try state.records(of: record.mrn)
        let above = event.writes.compactMap { ($0 as? Patient)?.mrn }.filter { !parted.contains($0) }
        guard let root = above.last else { return [] }
        let sides = [parted, try state.records(of: root)]
        var foreign: [Consent] = []
        for (own, other) in [(sides[0], sides[1]), (sides[1], sides[0])] {
            for consent in try own.flatMap({ try state.fetch(Consent.self, where: .patient($0)) })
            where !consent.state.isOver {
                let isForeign = try isForeign(consent, to: own, but: other, since: record.lastMerge, in: state)
                if isForeign { foreign.append(consent) }
            }
        }
        return try foreign.map { voided($0, after: event) } + partedPlans(of: foreign, after: event, in: state)
    }

    private func voided(_ consent: Consent, after event: Event) -> Event {
        var consent = consent
        consent.state = .void
        consent.endedAt = event.occurredAt
        consent.reason = Pathway.inAnotherName
        return Event(
            "consent.voided", .consent(consent.consent), patient: consent.mrn, at: event.occurredAt, writes: [consent],
            note: Pathway.inAnotherName)
    }

    private static let inAnotherName = "a merge was undone, and the consent is in another patient's name"

    /// Its text is headed with a number of the other, or it was signed in a name that is none of this patient's.
    private func isForeign(
        _ consent: Consent, to own: [MRN], but other: [MRN], since merge: Patient.Merge?, in state: any ClinicState
    ) throws -> Bool {
        let text = try state.fetch(ConsentSnapshot.self, id: consent.id)?.text ?? ""
        let heading = ConsentText.number(in: text)
        if let heading, other.contains(heading) { return true }
        // Who has changed their name since signed all the same: names count as they are, were when the records were
        // merged, and stand in the patient's own text.
        let names =
            try own.compactMap { try state.fetch(Patient.self, id: $0.rawValue) }
            + (merge?.images.filter { own.contains($0.mrn) } ?? [])
        let written = heading.map(own.contains) ?? false ? ConsentText.name(in: text) : nil
        let others = try other.compactMap { try state.fetch(Patient.self, id: $0.rawValue) }
        return consent.signatures.contains { signature in
            let isOwn =
                names.contains { $0.mayHaveSigned(signature) }
                || signature.party == .patient && written.map { Spelling.isSame($0, signature.signer) } ?? false
            guard !isOwn else { return false }
            return others.contains { $0.mayHaveSigned(signature) } || merge.map { signature.signedAt >= $0.at } ?? false
        }
    }

    /// What rests on surgical consents that are void now: clearance, and a case that has not begun; one that has bears
    /// a remark.
    private func partedPlans(of foreign: [Consent], after event: Event, in state: any ClinicState) throws -> [Event] {
        var plans: [PlanID] = []
        for consent in foreign where consent.purpose == .surgical && !plans.contains(consent.plan) {
            plans.append(consent.plan)
        }
        return try plans.flatMap { plan -> [Event] in
            let isCovered = try state.fetch(Consent.self, where: .plan(plan)).contains { consent in
                consent.purpose == .surgical && consent.state == .signed
                    && !foreign.contains { $0.consent == consent.consent }
            }
            guard !isCovered else { return [] }
            let cases = try state.fetch(SurgicalCase.self, where: .plan(plan))
            let begun = cases.filter { $0.startedAt != nil }
            let ahead = cases.filter { [.created, .scheduled, .postponed].contains($0.state) }
            return try (begun.isEmpty ? lapse(plan, after: event, because: Pathway.inAnotherName, in: state) : [])
                + ahead.map { try cancelled($0, at: event.occurredAt, because: Pathway.inAnotherName, in: state) }
                + begun.map {
                    $0.remarked(
                        "case.consent-void-late", after: event,
                        "The consent was in another patient's name, which was found only afterwards.")
                }
        }
    }
}

extension Patient {
    /// Whether a signature is in the name of this patient, or of their guardian; others sign in their own.
    fileprivate func mayHaveSigned(_ signature: Consent.Signature) -> Bool {
        switch signature.party {
        case .patient: answers(to: signature.signer)
        case .guardian: guardianName.map { Spelling.isSame($0, signature.signer) } ?? false
        case .surgeon, .witness, .anesthetist, .interpreter: true
        }
    }
}
