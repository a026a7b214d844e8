import Clinic

extension Requirement: StoredEntity {
    static let table = "requirement"

    static func condition(for lookup: Lookup) -> Condition {
        switch lookup {
        case .plan(let plan): Condition("plan = ?", .of(plan))
        case .patient(let mrn): Condition("mrn = ?", .of(mrn))
        }
    }
}

extension Clearance: StoredEntity {
    static let table = "clearance"
    static func condition(for lookup: Lookup) -> Condition {}
}

extension SchemaText {
    /// What must be known before surgery, and whether the patient is fit for it.
    static let preOp =
        """
        CREATE TABLE requirement (
            id TEXT PRIMARY KEY, plan TEXT NOT NULL REFERENCES plan_number (plan), code TEXT NOT NULL,
            mrn TEXT NOT NULL REFERENCES patient (id),
            category TEXT NOT NULL CHECK (category IN ('LAB', 'MEDICATION', 'INSTRUCTION', 'EXAMINATION')),
            state TEXT NOT NULL CHECK (state IN ('ORDERED', 'MET', 'UNMET', 'WAIVED')), ordered_at TEXT NOT NULL,
            value TEXT, unit TEXT, "range" TEXT, is_abnormal INTEGER CHECK (is_abnormal IN (0, 1)), met_at TEXT,
            valid_until TEXT, waived_by TEXT, reason TEXT,
            CHECK (id = plan || '/' || code), CHECK (state <> 'WAIVED' OR waived_by IS NOT NULL),
            CHECK (state NOT IN ('MET', 'UNMET') OR met_at IS NOT NULL)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX requirement_by_plan ON requirement (plan);
        CREATE INDEX requirement_by_patient ON requirement (mrn);
        CREATE TABLE clearance (
            id TEXT PRIMARY KEY, plan TEXT NOT NULL REFERENCES plan_number (plan) CHECK (plan = id),
            mrn TEXT NOT NULL REFERENCES patient (id),
            state TEXT NOT NULL CHECK (state IN ('PENDING', 'CLEARED', 'LAPSED', 'DEFERRED')),
            cleared_at TEXT, cleared_by TEXT, deferred_at TEXT, reason TEXT,
            CHECK (state <> 'DEFERRED' OR deferred_at IS NOT NULL),
            CHECK (state <> 'CLEARED' OR cleared_at IS NOT NULL AND cleared_by IS NOT NULL)
        ) STRICT, WITHOUT ROWID;
        CREATE TRIGGER requirement_needs_plan AFTER INSERT ON requirement
            WHEN NOT EXISTS (SELECT 1 FROM procedure_plan WHERE plan = NEW.plan AND state = 'APPROVED')
            BEGIN SELECT RAISE (ABORT, 'requirement: a requirement needs an APPROVED plan'); END;
        CREATE TRIGGER clearance_needs_plan BEFORE UPDATE ON clearance
            WHEN NEW.state = 'CLEARED' AND OLD.state <> 'CLEARED'
                AND NOT EXISTS (SELECT 1 FROM procedure_plan WHERE plan = NEW.plan AND state = 'APPROVED')
            BEGIN SELECT RAISE (ABORT, 'clearance: a clearance needs an APPROVED plan'); END;
        CREATE TRIGGER clearance_needs_requirements BEFORE UPDATE ON clearance
            WHEN NEW.state = 'CLEARED' AND OLD.state <> 'CLEARED' AND EXISTS (
                SELECT 1 FROM requirement WHERE plan = NEW.plan AND state IN ('ORDERED', 'UNMET'))
            BEGIN SELECT RAISE (ABORT, 'clearance: a requirement of the plan is open'); END;

        """
        + undeletable("requirement", "clearance")
        + frozen("requirement", "keeps_its_plan_and_patient", ["plan", "code", "mrn", "category"])
        + frozen("clearance", "keeps_its_plan_and_patient", ["plan", "mrn"])
        + transitions(
            of: "requirement", from: ["ORDERED"],
            [
                ("ORDERED", ["MET", "UNMET", "WAIVED"]), ("MET", ["ORDERED", "UNMET", "WAIVED"]),
                ("UNMET", ["ORDERED", "MET", "WAIVED"]), ("WAIVED", ["ORDERED", "MET", "UNMET"]),
            ])
        + transitions(
            of: "clearance", from: ["PENDING"],
            [
                ("PENDING", ["CLEARED", "DEFERRED"]), ("CLEARED", ["LAPSED", "DEFERRED"]),
                ("LAPSED", ["CLEARED", "DEFERRED"]), ("DEFERRED", ["CLEARED"]),
            ])
}
