import Clinic

/// All that a consent prints: its text as issued, and who has read and signed it so far.
struct ConsentModel: FrozenModel {
    struct Clause: Codable, Sendable {
        let clause: String
        let isRequired: Bool
        let acknowledgedAt: String?
    }

    struct Signature: Codable, Sendable {
        let party: String
        /// Nil while the party has not signed.
        let signer: String?
        let meaning: String?
        let signedAt: String?
        let method: String?
        let sha256: String?
    }

    struct Question: Codable, Sendable {
        let text: String
        let askedAt: String
        let answer: String?
        let answered: String?
    }

    let letterhead: Letterhead
    let origin: Origin
    let zone: String
    let status: String
    let consent: String
    let aliases: [String]
    let plan: String
    let planVersion: Int
    let patient: Person
    let title: String
    /// Canonical Markdown, as hashed.
    let body: String
    let sha256: String
    let issuedAt: String
    let endedAt: String?
    let reason: String?
    let clauses: [Clause]
    let signatures: [Signature]
    let questions: [Question]
}

extension WritingDesk {
    /// What happens around a consent without a new copy of it.
    private static let silentVerbs: Set<String> = [
        "consent.acknowledged", "consent.asked", "consent.answered", "consent.alias-added",
    ]

    /// A copy of each consent that an event issued, that was signed, or that ended.
    func consents() throws -> [DocumentModel] {
        guard !Self.silentVerbs.contains(event.kind) else { return [] }
        let touched = event.writes.compactMap { $0 as? Consent }
        let own = touched.filter { event.kind.hasPrefix("consent.") || $0.state.isOver }
        return try own.enumerated().compactMap { index, consent in
            guard let snapshot = try state.fetch(ConsentSnapshot.self, id: consent.consent.rawValue) else { return nil }
            let name = index == 0 ? "\(serial)-consent" : "\(serial)-consent-\(index + 1)"
            return try model(of: consent, snapshot, named: name)
                .document(.consentText, in: "consents", named: "\(name).txt")
        }
    }

    private func model(of consent: Consent, _ snapshot: ConsentSnapshot, named name: String) throws -> ConsentModel {
        ConsentModel(
            letterhead: letterhead, origin: origin(name), zone: zone.name, status: consent.state.heading,
            consent: consent.consent.rawValue, aliases: consent.aliases.map(\.rawValue), plan: consent.plan.rawValue,
            planVersion: consent.planVersion, patient: try person(consent.mrn), title: snapshot.title,
            body: snapshot.text, sha256: consent.sha256, issuedAt: stamp(consent.issuedAt),
            endedAt: consent.endedAt.map { stamp($0) }, reason: consent.reason,
            clauses: consent.clauses.map { clause in
                .init(
                    clause: clause.clause, isRequired: clause.isRequired,
                    acknowledgedAt: clause.acknowledgedAt.map { stamp($0) })
            }, signatures: parties(of: consent).map { signature(of: $0, on: consent) },
            questions: consent.questions.map { question in
                .init(
                    text: question.text, askedAt: stamp(question.askedAt), answer: question.answer,
                    answered: question.answeredAt.map { at in
                        question.answeredBy.map { "\(stamp(at)), \(catalog.name(of: StaffID($0)))" } ?? stamp(at)
                    })
            })
    }

    /// Those who must sign, and an interpreter who did without being asked for.
    private func parties(of consent: Consent) -> [Consent.Party] {
        consent.parties + consent.signatures.map(\.party).filter { !consent.parties.contains($0) }
    }

    private func signature(of party: Consent.Party, on consent: Consent) -> ConsentModel.Signature {
        let made = consent.signature(of: party)
        return .init(
            party: party.rawValue, signer: made?.signer, meaning: made?.meaning,
            signedAt: made.map { stamp($0.signedAt) }, method: made?.method, sha256: made?.sha256)
    }
}

extension Consent.State {
    /// The status as it stands on every page.
    fileprivate var heading: String {
        switch self {
        case .issued: "FOR REVIEW"
        case .partiallySigned: "PARTLY SIGNED"
        case .signed: "SIGNED COPY"
        case .withdrawn: "WITHDRAWN"
        case .void: "VOID"
        case .expired: "EXPIRED"
        case .declined: "DECLINED"
        }
    }
}
