import Clinic

extension SurgicalCase: StoredEntity {
    static let table = "surgical_case"

    static func condition(for lookup: Lookup) -> Condition {
        switch lookup {
        case .plan(let plan): Condition("plan = ?", .of(plan))
        case .patient(let mrn): Condition("mrn = ?", .of(mrn))
        case .inState(let state): Condition("state = ?", .text(state.rawValue))
        case .theater(let theater, let interval):
            Condition(
                """
                theater = ? AND starts_at < ? \
                AND strftime('%Y-%m-%dT%H:%M:%SZ', starts_at, '+' || minutes || ' minutes') > ?
                """, .of(theater), .of(interval.end), .of(interval.start))
        }
    }
}

extension Booking: StoredEntity {
    static let table = "booking"

    static func condition(for lookup: Lookup) -> Condition {
        switch lookup {
        case .surgicalCase(let surgicalCase): Condition("surgical_case = ?", .of(surgicalCase))
        case .active(let resource, let resourceID, let interval):
            Condition(
                "is_active = 1 AND resource = ? AND resource_id = ? AND starts_at < ? AND ends_at > ?",
                .text(resource.rawValue), .text(resourceID), .of(interval.end), .of(interval.start))
        }
    }
}

extension SchemaText {
    /// Cases, and what they book.
    static let surgicalCase =
        """
        CREATE TABLE surgical_case (
            id TEXT PRIMARY KEY, surgical_case TEXT NOT NULL CHECK (surgical_case = id), plan TEXT NOT NULL,
            plan_version INTEGER NOT NULL, mrn TEXT NOT NULL REFERENCES patient (id),
            state TEXT NOT NULL CHECK (state IN
                ('CREATED', 'SCHEDULED', 'POSTPONED', 'IN_PROGRESS', 'COMPLETED', 'CANCELLED', 'ABANDONED')),
            procedures TEXT NOT NULL CHECK (json_array_length(procedures) > 0), surgeon TEXT NOT NULL,
            anesthesia TEXT NOT NULL CHECK (anesthesia IN ('LOCAL', 'SEDATION', 'GENERAL', 'REGIONAL', 'NONE')),
            anesthetist TEXT, team TEXT NOT NULL CHECK (json_valid(team)),
            equipment TEXT NOT NULL CHECK (json_valid(equipment)), theater TEXT, starts_at TEXT,
            minutes INTEGER NOT NULL CHECK (minutes > 0), asa_class TEXT, sign_in_at TEXT, started_at TEXT,
            time_out_at TEXT, sign_out_at TEXT, ended_at TEXT, anesthesia_minutes INTEGER, remarks TEXT NOT NULL,
            instructions TEXT, medications TEXT, follow_up_at TEXT, reason TEXT, created_at TEXT NOT NULL,
            FOREIGN KEY (plan, plan_version) REFERENCES procedure_plan (plan, version),
            CHECK (state <> 'SCHEDULED' OR theater IS NOT NULL AND starts_at IS NOT NULL),
            CHECK (state NOT IN ('IN_PROGRESS', 'COMPLETED', 'ABANDONED') OR started_at IS NOT NULL),
            CHECK (state NOT IN ('COMPLETED', 'ABANDONED') OR ended_at IS NOT NULL AND ended_at >= started_at)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX surgical_case_by_plan ON surgical_case (plan, plan_version);
        CREATE UNIQUE INDEX surgical_case_one_open ON surgical_case (plan)
            WHERE state IN ('CREATED', 'SCHEDULED', 'POSTPONED', 'IN_PROGRESS');
        CREATE INDEX surgical_case_by_patient ON surgical_case (mrn);
        CREATE INDEX surgical_case_by_state ON surgical_case (state, id);
        CREATE INDEX surgical_case_by_theater ON surgical_case (theater, starts_at) WHERE theater IS NOT NULL;
        CREATE INDEX surgical_case_by_start ON surgical_case (starts_at) WHERE starts_at IS NOT NULL;

        """
        + gates + bookings + undeletable("surgical_case", "booking") + replacement
        + transitions(
            of: "surgical_case", from: ["CREATED", "SCHEDULED"],
            [
                ("CREATED", ["SCHEDULED", "CANCELLED"]), ("SCHEDULED", ["POSTPONED", "IN_PROGRESS", "CANCELLED"]),
                ("POSTPONED", ["SCHEDULED", "CANCELLED"]), ("IN_PROGRESS", ["COMPLETED", "ABANDONED"]),
            ])
        + frozen("surgical_case", "keeps_its_plan_and_patient", ["plan", "mrn"])
        + frozen(
            "surgical_case", "a_case_under_way_keeps_its_operation", ["procedures", "plan_version", "started_at"],
            while: "OLD.state IN ('IN_PROGRESS', 'COMPLETED', 'ABANDONED')")

    /// A case is scheduled and started only with an approved plan and a signed consent.
    private static let gates = [
        ("insert", "AFTER INSERT", "NEW.state <> 'CREATED'"),
        ("update", "BEFORE UPDATE", "NEW.state <> OLD.state AND NEW.state IN ('SCHEDULED', 'IN_PROGRESS')"),
    ].map { name, moment, condition in
        """
        CREATE TRIGGER surgical_case_needs_plan_on_\(name) \(moment) ON surgical_case
            WHEN \(condition) AND NOT EXISTS (
                SELECT 1 FROM procedure_plan WHERE plan = NEW.plan AND state = 'APPROVED')
            BEGIN SELECT RAISE (ABORT, 'surgical_case: a case beyond CREATED needs an APPROVED plan'); END;
        CREATE TRIGGER surgical_case_needs_consent_on_\(name) \(moment) ON surgical_case
            WHEN \(condition) AND NOT EXISTS (
                SELECT 1 FROM consent WHERE plan = NEW.plan AND purpose = 'SURGICAL' AND state = 'SIGNED')
            BEGIN SELECT RAISE (ABORT, 'surgical_case: a case beyond CREATED needs a SIGNED consent'); END;

        """
    }.joined()

    /// `INSERT OR REPLACE` deletes a row without asking its triggers, and would so begin a case anew.
    private static let replacement =
        """
        CREATE TRIGGER surgical_case_is_never_replaced AFTER INSERT ON surgical_case
            WHEN EXISTS (SELECT 1 FROM booking WHERE surgical_case = NEW.id)
                OR EXISTS (SELECT 1 FROM ledger WHERE subject = 'case:' || NEW.id)
            BEGIN SELECT RAISE (ABORT, 'surgical_case: a case is never replaced'); END;

        """

    private static let bookings =
        """
        CREATE TABLE booking (
            id TEXT PRIMARY KEY, surgical_case TEXT NOT NULL REFERENCES surgical_case (id),
            resource TEXT NOT NULL CHECK (resource IN ('THEATER', 'STAFF', 'EQUIPMENT', 'PATIENT')),
            resource_id TEXT NOT NULL, starts_at TEXT NOT NULL, ends_at TEXT NOT NULL,
            is_active INTEGER NOT NULL CHECK (is_active IN (0, 1)), CHECK (starts_at < ends_at),
            -- Times are compared as text, so no other way of writing one may stand here.
            CHECK (starts_at IS strftime('%Y-%m-%dT%H:%M:%SZ', starts_at)
                AND ends_at IS strftime('%Y-%m-%dT%H:%M:%SZ', ends_at))
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX booking_by_case ON booking (surgical_case);
        CREATE INDEX booking_by_resource ON booking (resource, resource_id, starts_at) WHERE is_active = 1;

        """
        + ["INSERT", "UPDATE"].map { act in
            """
            CREATE TRIGGER booking_overlaps_none_on_\(act.lowercased()) AFTER \(act) ON booking
                WHEN NEW.is_active = 1 AND EXISTS (
                    SELECT 1 FROM booking AS other WHERE other.is_active = 1 AND other.resource = NEW.resource
                        AND other.resource_id = NEW.resource_id AND other.id <> NEW.id
                        AND other.starts_at < NEW.ends_at AND NEW.starts_at < other.ends_at)
                BEGIN SELECT RAISE (ABORT, 'booking: two active bookings of one resource overlap'); END;
            CREATE TRIGGER booking_needs_a_booked_case_on_\(act.lowercased()) AFTER \(act) ON booking
                WHEN NEW.is_active = 1 AND NOT EXISTS (
                    SELECT 1 FROM surgical_case WHERE id = NEW.surgical_case
                        AND state IN ('SCHEDULED', 'IN_PROGRESS', 'COMPLETED', 'ABANDONED'))
                BEGIN SELECT RAISE (ABORT, 'booking: an active booking needs a booked case'); END;

            """
        }.joined()
}
