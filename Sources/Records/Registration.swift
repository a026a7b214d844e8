import Clinic

extension Patient: StoredEntity {
    static let table = "patient"

    static func condition(for lookup: Lookup) -> Condition {
        switch lookup {
        case .nationalID(let number): Condition("national_id = ?", .text(number))
        case .identifier(let identifier):
            Condition("id IN (SELECT patient FROM patient_identifier WHERE identifier = ?)", .text(identifier))
        case .bornOn(let date): Condition("birth_date = ?", .text(date.description))
        case .familyName(let name): Condition("family_name = ?", .text(name))
        case .phone(let number): Condition("phone = ?", .text(number))
        case .email(let address): Condition("email = ?", .text(address))
        case .mergedInto(let survivor): Condition("merged_into = ?", .of(survivor))
        case .namesake(let given, let family, let date):
            Condition(
                "family_name = ? AND given_name = ? AND (substr(birth_date, 1, 4) = ? OR substr(birth_date, 6) = ?)",
                .text(family), .text(given), .text(String(date.description.prefix(4))),
                .text(String(date.description.suffix(5))))
        }
    }
}

extension Registration: StoredEntity {
    static let table = "registration"

    static func condition(for lookup: Lookup) -> Condition {
        switch lookup {
        case .reference(let reference): Condition("reference = ?", .text(reference))
        case .patient(let mrn): Condition("mrn = ?", .of(mrn))
        }
    }
}

extension PatientAccount: StoredEntity {
    static let table = "account"

    static func condition(for lookup: Lookup) -> Condition {
        switch lookup {
        case .email(let email): Condition("email = ?", .text(email))
        }
    }
}

extension Credential: StoredEntity {
    static let table = "credential"
    static func condition(for lookup: Lookup) -> Condition {}
}

extension PossibleDuplicate: StoredEntity {
    static let table = "possible_duplicate"

    static func condition(for lookup: Lookup) -> Condition {
        switch lookup {
        case .patient(let mrn): Condition("(first = ? OR second = ?)", .of(mrn), .of(mrn))
        case .inState(let state): Condition("state = ?", .text(state.rawValue))
        }
    }
}

extension SchemaText {
    /// Patients, the slips they registered with, their accounts.
    static let registration =
        """
        CREATE TABLE patient (
            id TEXT PRIMARY KEY, mrn TEXT NOT NULL CHECK (mrn = id),
            state TEXT NOT NULL CHECK (state IN ('ACTIVE', 'INACTIVE', 'MERGED', 'DECEASED')),
            given_name TEXT NOT NULL, family_name TEXT NOT NULL, middle_name TEXT, preferred_name TEXT,
            birth_date TEXT NOT NULL CHECK (birth_date GLOB '????-??-??'),
            sex TEXT NOT NULL CHECK (sex IN ('F', 'M', 'O', 'U', 'A', 'N')), email TEXT, phone TEXT, address TEXT,
            city TEXT, region TEXT, postal_code TEXT, country TEXT, national_id TEXT, language TEXT, occupation TEXT,
            referral_source TEXT, allergies TEXT, medications TEXT, conditions TEXT, previous_surgeries TEXT,
            smoker INTEGER CHECK (smoker IN (0, 1)), height_centimeters INTEGER, weight_kilograms INTEGER,
            emergency_contact TEXT, emergency_phone TEXT, guardian_name TEXT, guardian_relation TEXT, coverage TEXT,
            contact_consent INTEGER CHECK (contact_consent IN (0, 1)), entered_by TEXT, registered_at TEXT NOT NULL,
            identifiers TEXT NOT NULL CHECK (json_valid(identifiers)), merged_into TEXT REFERENCES patient (id),
            state_before_merge TEXT CHECK (state_before_merge IN ('ACTIVE', 'INACTIVE', 'DECEASED')),
            last_merge TEXT CHECK (last_merge IS NULL OR json_valid(last_merge)),
            as_told_itself TEXT NOT NULL CHECK (json_array_length(as_told_itself) <= 1),
            CHECK ((state = 'MERGED') = (merged_into IS NOT NULL) AND merged_into IS NOT id),
            CHECK (state_before_merge IS NULL OR state = 'MERGED')
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX patient_by_national_id ON patient (national_id) WHERE national_id IS NOT NULL;
        CREATE INDEX patient_by_birth_date ON patient (birth_date);
        CREATE INDEX patient_by_family_name ON patient (family_name, given_name);
        CREATE INDEX patient_by_phone ON patient (phone) WHERE phone IS NOT NULL;
        CREATE INDEX patient_by_email ON patient (email) WHERE email IS NOT NULL;
        CREATE INDEX patient_by_survivor ON patient (merged_into) WHERE merged_into IS NOT NULL;
        CREATE TABLE patient_identifier (
            identifier TEXT NOT NULL, patient TEXT NOT NULL REFERENCES patient (id), PRIMARY KEY (identifier, patient)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX patient_identifier_by_patient ON patient_identifier (patient);
        CREATE TRIGGER patient_identifiers_begin AFTER INSERT ON patient WHEN NEW.identifiers <> '[]' BEGIN
            INSERT OR IGNORE INTO patient_identifier (identifier, patient)
                SELECT value, NEW.id FROM json_each(NEW.identifiers);
        END;
        CREATE TRIGGER patient_identifiers_change AFTER UPDATE ON patient WHEN NEW.identifiers <> OLD.identifiers BEGIN
            DELETE FROM patient_identifier WHERE patient = NEW.id;
            INSERT OR IGNORE INTO patient_identifier (identifier, patient)
                SELECT value, NEW.id FROM json_each(NEW.identifiers);
        END;
        CREATE TABLE registration (
            id TEXT PRIMARY KEY CHECK (id = source || '/' || reference), source TEXT NOT NULL, reference TEXT NOT NULL,
            mrn TEXT REFERENCES patient (id), registered_at TEXT NOT NULL, email TEXT, phone TEXT
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX registration_by_reference ON registration (reference);
        CREATE INDEX registration_by_patient ON registration (mrn) WHERE mrn IS NOT NULL;
        CREATE TABLE account (
            id TEXT PRIMARY KEY, mrn TEXT NOT NULL REFERENCES patient (id) CHECK (mrn = id), email TEXT NOT NULL,
            role TEXT NOT NULL CHECK (role = 'PATIENT'),
            state TEXT NOT NULL CHECK (state IN ('PENDING_VERIFICATION', 'ACTIVE', 'LOCKED', 'CLOSED')),
            opened_at TEXT NOT NULL, verified_at TEXT, failed_attempts INTEGER NOT NULL CHECK (failed_attempts >= 0),
            CHECK (state <> 'ACTIVE' OR verified_at IS NOT NULL)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX account_by_email ON account (email);
        CREATE UNIQUE INDEX account_user_name ON account (email) WHERE state <> 'CLOSED';
        CREATE TABLE credential (
            id TEXT PRIMARY KEY, mrn TEXT NOT NULL REFERENCES account (id) CHECK (mrn = id),
            password_hash TEXT CHECK (password_hash GLOB '$2?$*'),
            token_sha256 TEXT CHECK (length(token_sha256) = 64), token_expires_at TEXT,
            spent_token_sha256 TEXT CHECK (length(spent_token_sha256) = 64)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE possible_duplicate (
            id TEXT PRIMARY KEY, first TEXT NOT NULL REFERENCES patient (id),
            second TEXT NOT NULL REFERENCES patient (id), weight INTEGER NOT NULL,
            comparisons TEXT NOT NULL CHECK (json_valid(comparisons)),
            state TEXT NOT NULL CHECK (state IN ('OPEN', 'MERGED', 'DISTINCT')),
            state_before TEXT CHECK (state_before IN ('OPEN', 'DISTINCT')), CHECK (first < second),
            CHECK (state_before IS NULL OR state = 'MERGED')
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX possible_duplicate_by_first ON possible_duplicate (first);
        CREATE INDEX possible_duplicate_by_second ON possible_duplicate (second);
        CREATE INDEX possible_duplicate_open ON possible_duplicate (id) WHERE state = 'OPEN';
        CREATE TRIGGER patient_is_merged_in_no_circle BEFORE UPDATE OF merged_into ON patient
            WHEN NEW.merged_into IS NOT NULL AND NEW.id IN (
                WITH RECURSIVE above (id) AS (
                    SELECT NEW.merged_into
                    UNION SELECT patient.merged_into FROM patient JOIN above ON patient.id = above.id
                        WHERE patient.merged_into IS NOT NULL)
                SELECT id FROM above)
            BEGIN SELECT RAISE (ABORT, 'patient: a record is not merged in a circle'); END;
        CREATE TRIGGER patient_stays_deceased BEFORE UPDATE ON patient
            WHEN OLD.state = 'DECEASED' AND NEW.state IN ('ACTIVE', 'INACTIVE') AND OLD.as_told_itself = '[]'
            BEGIN SELECT RAISE (ABORT, 'patient: only a death told under another number is taken back'); END;
        CREATE TRIGGER patient_keeps_its_number BEFORE UPDATE ON patient WHEN NEW.mrn IS NOT OLD.mrn
            BEGIN SELECT RAISE (ABORT, 'patient: an mrn never changes'); END;

        """
        + undeletable("patient", "registration", "account", "credential", "possible_duplicate")
        + transitions(
            of: "patient", from: ["ACTIVE", "INACTIVE"],
            [
                ("ACTIVE", ["INACTIVE", "MERGED", "DECEASED"]), ("INACTIVE", ["ACTIVE", "MERGED", "DECEASED"]),
                ("MERGED", ["ACTIVE", "INACTIVE", "DECEASED"]), ("DECEASED", ["MERGED", "ACTIVE", "INACTIVE"]),
            ])
        + transitions(
            of: "account", from: ["PENDING_VERIFICATION"],
            [
                ("PENDING_VERIFICATION", ["ACTIVE", "LOCKED", "CLOSED"]), ("ACTIVE", ["LOCKED", "CLOSED"]),
                // Only with a new token, by which the patient proves again that the e-mail is theirs.
                ("LOCKED", ["PENDING_VERIFICATION", "CLOSED"]), ("CLOSED", ["PENDING_VERIFICATION"]),
            ])
        // An UNMERGE puts a pair back where the merge found it.
        + transitions(
            of: "possible_duplicate", from: ["OPEN", "DISTINCT"],
            [("OPEN", ["MERGED", "DISTINCT"]), ("DISTINCT", ["MERGED"]), ("MERGED", ["OPEN", "DISTINCT"])])
        + frozen("possible_duplicate", "keeps_its_pair", ["first", "second"])
        + frozen("registration", "keeps_its_patient", ["mrn"], while: "OLD.mrn IS NOT NULL")
}
