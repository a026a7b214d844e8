/// A consent to one version of one plan: a snapshot of its text, and who signed it.
package struct Consent: ClinicEntity {
    package enum State: String, Codable, Sendable {
        case issued = "ISSUED"
        case partiallySigned = "PARTIALLY_SIGNED"
        /// All parties have signed; locked.
        case signed = "SIGNED"
        case withdrawn = "WITHDRAWN"
        case void = "VOIDED"
        case expired = "EXPIRED"
        case declined = "DECLINED"

        /// No signature can be added any more.
        package var isOver: Bool { [.withdrawn, .void, .expired, .declined].contains(self) }
    }

    package enum Kind: String, Codable, Sendable {
        case surgical = "SURGICAL"
        case photography = "PHOTOGRAPHY"
        case registry = "REGISTRY"
        case financial = "FINANCIAL"
        case marketing = "MARKETING"
    }

    package enum Party: String, Codable, Sendable, CaseIterable {
        case patient = "PATIENT"
        case surgeon = "SURGEON"
        case witness = "WITNESS"
        case guardian = "GUARDIAN"
        case anesthetist = "ANESTHETIST"
        case interpreter = "INTERPRETER"
    }

    /// One signature: it repeats the hash of what was signed, the printed name, the time and its meaning.
    package struct Signature: Codable, Hashable, Sendable {
        package var party: Party
        package var signer: String
        package var signerID: String?
        /// DRAWN, TYPED, CLICK or WET_INK.
        package var method: String?
        package var signedAt: Instant
        package var sha256: String
        package var meaning: String

        package init(party: Party, signer: String, signedAt: Instant, sha256: String, meaning: String) {
            self.party = party
            self.signer = signer
            self.signedAt = signedAt
            self.sha256 = sha256
            self.meaning = meaning
        }
    }

    package struct Clause: Codable, Hashable, Sendable {
        package var clause: String
        package var isRequired: Bool
        package var acknowledgedAt: Instant?

        package init(clause: String, isRequired: Bool, acknowledgedAt: Instant? = nil) {
            self.clause = clause
            self.isRequired = isRequired
            self.acknowledgedAt = acknowledgedAt
        }
    }

    package struct Question: Codable, Hashable, Sendable {
        package var text: String
        package var askedAt: Instant
        package var answer: String?
        package var answeredAt: Instant?
        package var answeredBy: String?

        package init(text: String, askedAt: Instant) {
            self.text = text
            self.askedAt = askedAt
        }
    }

    package enum Lookup: Hashable, Sendable {
        case plan(PlanID)
        case patient(MRN)
        /// Another sender's id of the same consent.
        case alias(ConsentID)
    }

    package static let kind = "consent"

    package var consent: ConsentID
    /// Other senders' ids of it.
    package var aliases: [ConsentID] = []
    package var purpose: Kind
    package var plan: PlanID
    package var planVersion: Int
    package var consultation: ConsultationID
    package var mrn: MRN
    /// The templates that its text was made of, in their order.
    package var templates: [ProcedurePlan.SelectedTemplate]
    package var state: State
    /// SHA-256 of the snapshot's bytes, hex.
    package var sha256: String
    package var parties: [Party]
    package var clauses: [Clause]
    package var signatures: [Signature] = []
    package var questions: [Question] = []
    package var issuedAt: Instant
    package var signedAt: Instant?
    package var endedAt: Instant?
    package var reason: String?

    package init(
        consent: ConsentID, purpose: Kind, plan: PlanID, planVersion: Int, consultation: ConsultationID, mrn: MRN,
        template: String, templateVersion: Int, sha256: String, parties: [Party], clauses: [Clause], issuedAt: Instant
    ) {
        self.consent = consent
        self.purpose = purpose
        self.plan = plan
        self.planVersion = planVersion
        self.consultation = consultation
        self.mrn = mrn
        self.templates = [.init(name: template, version: templateVersion)]
        self.state = .issued
        self.sha256 = sha256
        self.parties = parties
        self.clauses = clauses
        self.issuedAt = issuedAt
    }

    package var id: String { consent.rawValue }
    package var keys: [Key] { [.consent(consent), .plan(plan)] + aliases.map { .consent($0) } }

    package func matches(_ lookup: Lookup) -> Bool {
        switch lookup {
        case .plan(let plan): self.plan == plan
        case .patient(let mrn): self.mrn == mrn
        case .alias(let alias): aliases.contains(alias)
        }
    }

    package func signature(of party: Party) -> Signature? { signatures.first { $0.party == party } }
}

/// The text of a consent exactly as it was issued; never changed.
package struct ConsentSnapshot: ClinicEntity {
    package enum Lookup: Hashable, Sendable {}

    package static let kind = "consent-snapshot"

    package var consent: ConsentID
    package var title: String
    /// Canonical Markdown with all placeholders filled; the hash is over its UTF-8 bytes.
    package var text: String

    package init(consent: ConsentID, title: String, text: String) {
        self.consent = consent
        self.title = title
        self.text = text
    }

    package var id: String { consent.rawValue }
    package func matches(_ lookup: Lookup) -> Bool {}
}
