import Clinic

extension ProcedurePlan: StoredEntity {
    static let table = "procedure_plan"

    static func condition(for lookup: Lookup) -> Condition {
        switch lookup {
        case .plan(let plan): Condition("plan = ?", .of(plan))
        case .patient(let mrn): Condition("mrn = ?", .of(mrn))
        case .consultation(let consultation): Condition("consultation = ?", .of(consultation))
        }
    }
}

extension SchemaText {
    /// Plans of surgery, a row for each version, and a row for the plan itself that others refer to.
    static let plan =
        """
        CREATE TABLE plan_number (plan TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
        CREATE TABLE procedure_plan (
            id TEXT PRIMARY KEY CHECK (id = plan || '#' || version), plan TEXT NOT NULL,
            version INTEGER NOT NULL CHECK (version > 0),
            state TEXT NOT NULL CHECK (state IN ('DRAFT', 'APPROVED', 'FULFILLED', 'CANCELLED', 'SUPERSEDED')),
            mrn TEXT NOT NULL REFERENCES patient (id), consultation TEXT NOT NULL REFERENCES consultation (id),
            surgeon TEXT NOT NULL,
            procedures TEXT NOT NULL CHECK (json_array_length(procedures) > 0),
            anesthesia TEXT NOT NULL CHECK (anesthesia IN ('LOCAL', 'SEDATION', 'GENERAL', 'REGIONAL', 'NONE')),
            purpose TEXT NOT NULL CHECK (purpose IN ('COSMETIC', 'THERAPEUTIC')), "authorization" TEXT,
            authorized_amount INTEGER, authorized_until TEXT,
            estimate INTEGER, currency TEXT, quote_valid_until TEXT, planned_for TEXT, volume_milliliters INTEGER,
            items TEXT NOT NULL CHECK (json_valid(items)), requirements TEXT NOT NULL CHECK (json_valid(requirements)),
            details TEXT, drafted_at TEXT NOT NULL, approved_at TEXT, approved_by TEXT,
            templates TEXT NOT NULL CHECK (json_valid(templates)), reason TEXT,
            UNIQUE (plan, version),
            CHECK (state NOT IN ('APPROVED', 'FULFILLED') OR approved_at IS NOT NULL AND approved_by IS NOT NULL)
        ) STRICT, WITHOUT ROWID;
        CREATE UNIQUE INDEX procedure_plan_one_draft ON procedure_plan (plan) WHERE state = 'DRAFT';
        CREATE UNIQUE INDEX procedure_plan_one_approved ON procedure_plan (plan)
            WHERE state IN ('APPROVED', 'FULFILLED');
        CREATE INDEX procedure_plan_by_patient ON procedure_plan (mrn);
        CREATE INDEX procedure_plan_by_consultation ON procedure_plan (consultation);
        CREATE TRIGGER procedure_plan_has_a_number AFTER INSERT ON procedure_plan
            BEGIN INSERT OR IGNORE INTO plan_number (plan) VALUES (NEW.plan); END;
        CREATE TRIGGER procedure_plan_needs_consultation AFTER INSERT ON procedure_plan
            WHEN coalesce((SELECT state FROM consultation WHERE id = NEW.consultation), '') <> 'COMPLETED'
            BEGIN SELECT RAISE (ABORT, 'procedure_plan: a plan needs a COMPLETED consultation'); END;

        """
        + undeletable("procedure_plan", "plan_number") + immutable("plan_number")
        + transitions(
            of: "procedure_plan", from: ["DRAFT"],
            [
                ("DRAFT", ["APPROVED", "CANCELLED"]),
                ("APPROVED", ["FULFILLED", "CANCELLED", "SUPERSEDED"]),
            ])
        + frozen("procedure_plan", "keeps_its_patient_and_number", ["mrn", "plan", "version"])
        + frozen(
            "procedure_plan", "an_approved_plan_never_changes",
            [
                "consultation", "surgeon", "procedures", "anesthesia", "purpose", "\"authorization\"",
                "authorized_amount", "authorized_until", "estimate",
                "currency", "quote_valid_until", "planned_for", "volume_milliliters", "items", "requirements",
                "details",
                "drafted_at", "approved_at", "approved_by", "templates",
            ], while: "OLD.state <> 'DRAFT'")
}
