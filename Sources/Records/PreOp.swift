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
            CHECK (id = plan || '/' || code), CHECK (state <> 'WAIVED' OR waived_by IS NOT NULL)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX requirement_by_plan ON requirement (plan);
        CREATE INDEX requirement_by_patient ON requirement (mrn);
        CREATE TABLE clearance (
            id TEXT PRIMARY KEY, plan TEXT NOT NULL REFERENCES plan_number (plan) CHECK (plan = id),
            mrn TEXT NOT NULL REFERENCES patient (id),
            state TEXT NOT NULL CHECK (state IN ('PENDING', 'CLEARED', 'LAPSED', 'DEFERRED')),
            cleared_at TEXT, cleared_by TEXT, reason TEXT,
            CHECK (state <> 'CLEARED' OR cleared_at IS NOT NULL AND cleared_by IS NOT NULL)
        ) STRICT, WITHOUT ROWID;

        """
        + undeletable("requirement", "clearance")
        + transitions(
            of: "clearance", from: ["PENDING", "CLEARED", "DEFERRED"],
            [
                ("PENDING", ["CLEARED", "DEFERRED", "LAPSED"]), ("CLEARED", ["LAPSED", "DEFERRED"]),
                ("LAPSED", ["CLEARED", "DEFERRED", "PENDING"]), ("DEFERRED", ["CLEARED", "PENDING", "LAPSED"]),
            ])
}
