import Clinic

extension Consent: StoredEntity {
    static let table = "consent"

    static func condition(for lookup: Lookup) -> Condition {
        switch lookup {
        case .plan(let plan): Condition("plan = ?", .of(plan))
        case .patient(let mrn): Condition("mrn = ?", .of(mrn))
        case .alias(let alias): Condition("id IN (SELECT consent FROM consent_alias WHERE alias = ?)", .of(alias))
        }
    }
}

extension ConsentSnapshot: StoredEntity {
    static let table = "consent_snapshot"
    static func condition(for lookup: Lookup) -> Condition {}
}

extension SchemaText {
    /// Consents, who signed them, and the text as it was issued.
    static let consent =
        """
        CREATE TABLE consent (
            id TEXT PRIMARY KEY, consent TEXT NOT NULL CHECK (consent = id), aliases TEXT NOT NULL,
            purpose TEXT NOT NULL
                CHECK (purpose IN ('SURGICAL', 'PHOTOGRAPHY', 'REGISTRY', 'FINANCIAL', 'MARKETING')),
            plan TEXT NOT NULL, plan_version INTEGER NOT NULL, consultation TEXT NOT NULL REFERENCES consultation (id),
            mrn TEXT NOT NULL REFERENCES patient (id), templates TEXT NOT NULL CHECK (json_array_length(templates) > 0),
            state TEXT NOT NULL CHECK (state IN
                ('ISSUED', 'PARTIALLY_SIGNED', 'SIGNED', 'WITHDRAWN', 'VOIDED', 'EXPIRED', 'DECLINED')),
            sha256 TEXT NOT NULL CHECK (length(sha256) = 64 AND sha256 NOT GLOB '*[^0-9a-f]*'), parties TEXT NOT NULL CHECK (json_valid(parties)),
            clauses TEXT NOT NULL CHECK (json_valid(clauses)), signatures TEXT NOT NULL CHECK (json_valid(signatures)),
            questions TEXT NOT NULL, issued_at TEXT NOT NULL, signed_at TEXT, ended_at TEXT, reason TEXT,
            CHECK (state <> 'PARTIALLY_SIGNED' OR signatures <> '[]'),
            CHECK (state NOT IN ('WITHDRAWN', 'VOIDED', 'EXPIRED', 'DECLINED') OR ended_at IS NOT NULL),
            FOREIGN KEY (plan, plan_version) REFERENCES procedure_plan (plan, version)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX consent_by_plan ON consent (plan, plan_version);
        CREATE INDEX consent_by_patient ON consent (mrn);
        CREATE TABLE consent_alias (
            alias TEXT NOT NULL, consent TEXT NOT NULL REFERENCES consent (id), PRIMARY KEY (alias, consent)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX consent_alias_by_consent ON consent_alias (consent);
        CREATE TRIGGER consent_aliases_begin AFTER INSERT ON consent WHEN NEW.aliases <> '[]' BEGIN
            INSERT OR IGNORE INTO consent_alias (alias, consent) SELECT value, NEW.id FROM json_each(NEW.aliases);
        END;
        CREATE TRIGGER consent_aliases_change AFTER UPDATE ON consent WHEN NEW.aliases <> OLD.aliases BEGIN
            DELETE FROM consent_alias WHERE consent = NEW.id;
            INSERT OR IGNORE INTO consent_alias (alias, consent) SELECT value, NEW.id FROM json_each(NEW.aliases);
        END;
        CREATE TRIGGER consent_needs_plan AFTER INSERT ON consent
            WHEN coalesce((SELECT state FROM procedure_plan WHERE plan = NEW.plan AND version = NEW.plan_version), '')
                <> 'APPROVED'
            BEGIN SELECT RAISE (ABORT, 'consent: a consent needs an APPROVED plan'); END;
        CREATE TRIGGER consent_needs_consultation AFTER INSERT ON consent
            WHEN coalesce((SELECT state FROM consultation WHERE id = NEW.consultation), '') <> 'COMPLETED'
            BEGIN SELECT RAISE (ABORT, 'consent: a consent needs a COMPLETED consultation'); END;
        CREATE TRIGGER consent_signed_by_all BEFORE UPDATE ON consent
            WHEN NEW.state = 'SIGNED' AND OLD.state <> 'SIGNED' AND (NEW.signed_at IS NULL OR EXISTS (
                SELECT 1 FROM json_each(NEW.parties) AS party WHERE NOT EXISTS (
                    SELECT 1 FROM json_each(NEW.signatures) AS signature
                    WHERE signature.value ->> '$.party' = party.value
                        AND signature.value ->> '$.sha256' = NEW.sha256)))
            BEGIN SELECT RAISE (ABORT, 'consent: a SIGNED consent has the signatures of all its parties'); END;
        CREATE TRIGGER consent_signatures_stay BEFORE UPDATE ON consent
            WHEN NEW.signatures <> OLD.signatures AND EXISTS (
                SELECT value FROM json_each(OLD.signatures) EXCEPT SELECT value FROM json_each(NEW.signatures))
            BEGIN SELECT RAISE (ABORT, 'consent: a signature is never changed or taken back'); END;
        CREATE TRIGGER consent_signatures_repeat_the_hash BEFORE UPDATE ON consent
            WHEN NEW.signatures <> OLD.signatures AND EXISTS (
                SELECT 1 FROM json_each(NEW.signatures) AS signature
                WHERE signature.value ->> '$.sha256' IS NOT NEW.sha256
                    OR coalesce(signature.value ->> '$.signer', '') = ''
                    OR coalesce(signature.value ->> '$.meaning', '') = ''
                    OR signature.value ->> '$.signed_at' IS NULL)
            BEGIN SELECT RAISE (ABORT,
                'consent: a signature repeats the hash, with printed name, time and meaning'); END;
        CREATE TABLE consent_snapshot (
            id TEXT PRIMARY KEY, consent TEXT NOT NULL REFERENCES consent (id) CHECK (consent = id),
            title TEXT NOT NULL, text TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;

        """
        + undeletable("consent", "consent_snapshot") + immutable("consent_snapshot")
        + transitions(
            of: "consent", from: ["ISSUED"],
            [
                ("ISSUED", ["PARTIALLY_SIGNED", "SIGNED", "WITHDRAWN", "VOIDED", "EXPIRED", "DECLINED"]),
                ("PARTIALLY_SIGNED", ["SIGNED", "WITHDRAWN", "VOIDED", "EXPIRED", "DECLINED"]),
                ("SIGNED", ["WITHDRAWN", "VOIDED", "EXPIRED"]),
            ])
        + frozen(
            "consent", "what_was_issued_never_changes",
            [
                "purpose", "plan", "plan_version", "consultation", "mrn", "templates", "sha256",
                "parties", "issued_at",
            ])
        + frozen(
            "consent", "a_signed_consent_is_locked", ["clauses", "signatures", "questions", "signed_at"],
            while: "OLD.state IN ('SIGNED', 'WITHDRAWN', 'VOIDED', 'EXPIRED', 'DECLINED')")
}
