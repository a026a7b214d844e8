import Clinic

extension Consultation: StoredEntity {
    static let table = "consultation"

    static func condition(for lookup: Lookup) -> Condition {
        switch lookup {
        case .patient(let mrn): Condition("mrn = ?", .of(mrn))
        case .surgeon(let surgeon, let interval):
            Condition(
                """
                surgeon = ? AND state = 'SCHEDULED' AND starts_at < ? \
                AND strftime('%Y-%m-%dT%H:%M:%SZ', starts_at, '+' || minutes || ' minutes') > ?
                """, .of(surgeon), .of(interval.end), .of(interval.start))
        case .attending(let mrn, let interval):
            Condition(
                """
                mrn = ? AND state = 'SCHEDULED' AND starts_at < ? \
                AND strftime('%Y-%m-%dT%H:%M:%SZ', starts_at, '+' || minutes || ' minutes') > ?
                """, .of(mrn), .of(interval.end), .of(interval.start))
        }
    }
}

extension SchemaText {
    /// Consultations with all versions of their notes.
    static let consultation =
        """
        CREATE TABLE consultation (
            id TEXT PRIMARY KEY, consultation TEXT NOT NULL CHECK (consultation = id),
            mrn TEXT NOT NULL REFERENCES patient (id), surgeon TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('SCHEDULED', 'COMPLETED', 'CANCELLED', 'NO_SHOW')),
            starts_at TEXT NOT NULL, minutes INTEGER NOT NULL CHECK (minutes >= 0), visit TEXT NOT NULL,
            in_person INTEGER, reason TEXT, history_reviewed INTEGER, examined INTEGER, screening TEXT,
            share_notes INTEGER, notes TEXT NOT NULL CHECK (json_valid(notes)), completed_at TEXT,
            CHECK ((state = 'COMPLETED') = (completed_at IS NOT NULL))
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX consultation_by_patient ON consultation (mrn);
        CREATE INDEX consultation_by_surgeon ON consultation (surgeon, starts_at) WHERE state = 'SCHEDULED';
        CREATE TRIGGER consultation_notes_are_kept BEFORE UPDATE ON consultation
            WHEN OLD.notes <> NEW.notes AND (json_array_length(NEW.notes) < json_array_length(OLD.notes) OR EXISTS (
                SELECT 1 FROM json_each(OLD.notes) AS old JOIN json_each(NEW.notes) AS new ON old.key = new.key
                WHERE old.value IS NOT new.value))
            BEGIN SELECT RAISE (ABORT, 'consultation: notes are amended, never replaced'); END;
        \(busy("begins_free", "INSERT ON consultation", when: "NEW.state = 'SCHEDULED'"))
        \(busy("moves_free", "UPDATE OF starts_at, minutes, surgeon ON consultation", when: """
            NEW.state = 'SCHEDULED' AND (OLD.starts_at IS NOT NEW.starts_at OR OLD.minutes IS NOT NEW.minutes
                OR OLD.surgeon IS NOT NEW.surgeon)
            """))

        """
        + undeletable("consultation")
        + transitions(
            of: "consultation", from: ["SCHEDULED", "COMPLETED"],
            [("SCHEDULED", ["COMPLETED", "CANCELLED", "NO_SHOW"])])
        + frozen("consultation", "keeps_its_patient", ["mrn"])

    /// Refuses an appointment while its surgeon has another consultation or a case.
    private static func busy(_ name: String, _ change: String, when condition: String) -> String {
        """
        CREATE TRIGGER consultation_\(name) AFTER \(change)
            WHEN \(condition) AND (EXISTS (
                SELECT 1 FROM consultation WHERE surgeon = NEW.surgeon AND state = 'SCHEDULED' AND id <> NEW.id
                    AND starts_at < \(ending("NEW")) AND \(ending("consultation")) > NEW.starts_at)
            OR EXISTS (
                SELECT 1 FROM booking WHERE resource = 'STAFF' AND resource_id = NEW.surgeon AND is_active = 1
                    AND starts_at < \(ending("NEW")) AND ends_at > NEW.starts_at))
            BEGIN SELECT RAISE (ABORT, 'consultation: the surgeon is not free at that time'); END;
        """
    }

    private static func ending(_ row: String) -> String {
        "strftime('%Y-%m-%dT%H:%M:%SZ', \(row).starts_at, '+' || \(row).minutes || ' minutes')"
    }
}
