/// The tables of the work itself: drops, entries, references, holds, ledger, outbound queue.
enum OperationsSchema {
    static let ddl = drops + holds + ledger + outbound

    private static let drops = """
        CREATE TABLE series (name TEXT PRIMARY KEY, value INTEGER NOT NULL CHECK (value > 0)) STRICT;
        CREATE TRIGGER series_is_never_deleted BEFORE DELETE ON series
            BEGIN SELECT RAISE (ABORT, 'a series is never deleted'); END;
        CREATE TRIGGER series_counts_by_one BEFORE UPDATE ON series WHEN NEW.value <> OLD.value + 1
            BEGIN SELECT RAISE (ABORT, 'a series has no gaps and gives no number twice'); END;
        CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
        CREATE TABLE drops (
            number INTEGER PRIMARY KEY, source TEXT NOT NULL, name BLOB NOT NULL, device INTEGER NOT NULL,
            inode INTEGER NOT NULL, size INTEGER NOT NULL CHECK (size >= 0), modified_at INTEGER NOT NULL,
            arrived_at TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN
                ('SETTLED', 'CLAIMED', 'READ', 'APPLIED', 'ANSWERED', 'ARCHIVED', 'QUARANTINED')),
            format TEXT NOT NULL CHECK (format IN ('CSV', 'XML', 'HL7', 'UNKNOWN')), form TEXT, sha256 TEXT,
            entries_counted INTEGER, byte_offset INTEGER NOT NULL DEFAULT 0, attempts INTEGER NOT NULL DEFAULT 0,
            is_atomic INTEGER NOT NULL DEFAULT 0 CHECK (is_atomic IN (0, 1)), configuration TEXT, archive_path TEXT,
            findings BLOB, finished_at TEXT,
            entries_decided INTEGER NOT NULL DEFAULT 0, applied INTEGER NOT NULL DEFAULT 0,
            duplicate INTEGER NOT NULL DEFAULT 0, held INTEGER NOT NULL DEFAULT 0,
            rejected INTEGER NOT NULL DEFAULT 0, warned INTEGER NOT NULL DEFAULT 0,
            CHECK (applied >= 0 AND duplicate >= 0 AND held >= 0 AND rejected >= 0),
            CHECK (entries_decided = applied + duplicate + held + rejected)
        ) STRICT;
        CREATE INDEX drops_by_state ON drops (state, number);
        -- The listener asks for the drops of its connections by their names.
        CREATE INDEX drops_by_name ON drops (name);
        CREATE TABLE entry (
            drop_number INTEGER NOT NULL REFERENCES drops (number), number INTEGER NOT NULL CHECK (number > 0),
            line INTEGER NOT NULL, byte_offset INTEGER, forms TEXT NOT NULL,
            outcome TEXT NOT NULL CHECK (outcome IN ('APPLIED', 'DUPLICATE', 'HELD', 'REJECTED')),
            effective_at TEXT, findings BLOB, warnings BLOB, raw BLOB, answer BLOB, message_control_id TEXT,
            ledger_sequence INTEGER, history TEXT NOT NULL DEFAULT '[]',
            PRIMARY KEY (drop_number, number)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE reference (
            source TEXT NOT NULL, form TEXT NOT NULL, reference TEXT NOT NULL, fingerprint TEXT NOT NULL,
            drop_number INTEGER NOT NULL, entry INTEGER NOT NULL, answer BLOB,
            PRIMARY KEY (source, form, reference),
            FOREIGN KEY (drop_number) REFERENCES drops (number)
        ) STRICT, WITHOUT ROWID;
        CREATE TRIGGER entry_is_never_deleted BEFORE DELETE ON entry
            BEGIN SELECT RAISE (ABORT, 'an entry is never deleted'); END;
        CREATE TRIGGER drop_is_never_deleted BEFORE DELETE ON drops
            BEGIN SELECT RAISE (ABORT, 'a drop is never deleted'); END;
        CREATE TRIGGER reference_is_never_deleted BEFORE DELETE ON reference
            BEGIN SELECT RAISE (ABORT, 'an applied reference is never deleted'); END;
        CREATE TRIGGER entry_outcome_is_final BEFORE UPDATE ON entry
            WHEN NEW.outcome <> OLD.outcome AND OLD.outcome <> 'HELD'
            BEGIN SELECT RAISE (ABORT, 'an entry changes its outcome only when it was held'); END;
        CREATE TRIGGER entry_begins_among_others BEFORE INSERT ON entry
            WHEN (SELECT state FROM drops WHERE number = NEW.drop_number)
                IN ('APPLIED', 'ANSWERED', 'ARCHIVED', 'QUARANTINED')
            BEGIN SELECT RAISE (ABORT, 'a drop whose entries are all decided gets no other'); END;
        CREATE TRIGGER reference_is_never_changed BEFORE UPDATE ON reference
            BEGIN SELECT RAISE (ABORT, 'an applied reference is never changed'); END;
        CREATE TRIGGER drop_stays_what_it_was BEFORE UPDATE ON drops
            WHEN OLD.source IS NOT NEW.source OR OLD.name IS NOT NEW.name OR OLD.arrived_at IS NOT NEW.arrived_at
                OR OLD.size IS NOT NEW.size OR OLD.sha256 IS NOT NULL AND OLD.sha256 IS NOT NEW.sha256
            BEGIN SELECT RAISE (ABORT, 'a drop stays the file that it was'); END;
        CREATE TRIGGER drop_conserves_entries BEFORE UPDATE OF state ON drops
            WHEN NEW.state IN ('APPLIED', 'ANSWERED', 'ARCHIVED') AND NEW.state <> OLD.state AND (
                NEW.entries_counted IS NOT NULL AND NEW.entries_counted <> NEW.entries_decided
                OR NEW.state = 'APPLIED' AND EXISTS (
                    SELECT 1 FROM (
                        SELECT count(*) AS decided, coalesce(sum(outcome = 'APPLIED'), 0) AS applied,
                            coalesce(sum(outcome = 'DUPLICATE'), 0) AS duplicate,
                            coalesce(sum(outcome = 'HELD'), 0) AS held,
                            coalesce(sum(outcome = 'REJECTED'), 0) AS rejected
                        FROM entry WHERE drop_number = NEW.number) AS rows
                    WHERE rows.decided <> NEW.entries_decided OR rows.applied <> NEW.applied
                        OR rows.duplicate <> NEW.duplicate OR rows.held <> NEW.held
                        OR rows.rejected <> NEW.rejected))
            BEGIN SELECT RAISE (ABORT, 'entries are not conserved: each must have exactly one outcome'); END;
        CREATE TRIGGER drop_counts_follow_what_was_held BEFORE UPDATE ON drops
            WHEN OLD.state IN ('APPLIED', 'ANSWERED', 'ARCHIVED') AND (
                NEW.held > OLD.held OR NEW.applied < OLD.applied OR NEW.duplicate < OLD.duplicate
                OR NEW.rejected < OLD.rejected OR NEW.entries_decided <> OLD.entries_decided
                OR NEW.entries_counted IS NOT OLD.entries_counted)
            BEGIN SELECT RAISE (ABORT, 'of a decided drop only held entries still get another outcome'); END;
        CREATE TRIGGER drop_moves_forward BEFORE UPDATE OF state ON drops
            WHEN NEW.state <> OLD.state AND NOT (
                NEW.state = 'QUARANTINED' AND OLD.state IN ('SETTLED', 'CLAIMED', 'READ', 'APPLIED', 'ANSWERED')
                OR (OLD.state, NEW.state) IN (VALUES ('SETTLED', 'CLAIMED'), ('CLAIMED', 'READ'),
                    ('CLAIMED', 'APPLIED'), ('READ', 'APPLIED'), ('APPLIED', 'ANSWERED'), ('APPLIED', 'ARCHIVED'),
                    ('ANSWERED', 'ARCHIVED'), ('QUARANTINED', 'ARCHIVED')))
            BEGIN SELECT RAISE (ABORT, 'a drop cannot go to that state from its own'); END;

        """

    private static let holds = """
        CREATE TABLE hold (
            id INTEGER PRIMARY KEY AUTOINCREMENT, drop_number INTEGER NOT NULL, entry INTEGER NOT NULL,
            source TEXT NOT NULL, commands BLOB NOT NULL, reference_list TEXT NOT NULL, key_list TEXT NOT NULL,
            subject_list TEXT NOT NULL, effective_at TEXT NOT NULL, held_at TEXT NOT NULL, expires_at TEXT NOT NULL,
            findings BLOB NOT NULL,
            FOREIGN KEY (drop_number, entry) REFERENCES entry (drop_number, number) DEFERRABLE INITIALLY DEFERRED
        ) STRICT;
        CREATE INDEX hold_by_entry ON hold (drop_number, entry);
        CREATE INDEX hold_by_expiry ON hold (expires_at, id);
        CREATE TABLE hold_key (
            key TEXT NOT NULL, hold INTEGER NOT NULL REFERENCES hold (id) ON DELETE CASCADE, PRIMARY KEY (key, hold)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX hold_key_by_hold ON hold_key (hold);
        CREATE TABLE hold_subject (
            source TEXT NOT NULL, subject TEXT NOT NULL, effective_at TEXT NOT NULL,
            hold INTEGER NOT NULL REFERENCES hold (id) ON DELETE CASCADE,
            PRIMARY KEY (source, subject, effective_at, hold)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX hold_subject_by_hold ON hold_subject (hold);
        CREATE TABLE hold_reference (
            source TEXT NOT NULL, form TEXT NOT NULL, reference TEXT NOT NULL,
            hold INTEGER NOT NULL REFERENCES hold (id) ON DELETE CASCADE,
            PRIMARY KEY (source, form, reference, hold)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX hold_reference_by_hold ON hold_reference (hold);
        CREATE TABLE wake (
            effective_at TEXT NOT NULL, hold INTEGER NOT NULL REFERENCES hold (id) ON DELETE CASCADE,
            PRIMARY KEY (effective_at, hold)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX wake_by_hold ON wake (hold);

        """

    private static let ledger = """
        CREATE TABLE ledger (
            stream TEXT NOT NULL CHECK (stream <> ''), sequence INTEGER NOT NULL CHECK (sequence > 0),
            occurred_at TEXT NOT NULL, decided_at TEXT NOT NULL, drop_number INTEGER, entry INTEGER,
            kind TEXT NOT NULL, subject TEXT NOT NULL, patient TEXT, configuration TEXT NOT NULL,
            payload_hash BLOB NOT NULL CHECK (length(payload_hash) = 32),
            previous_hash BLOB NOT NULL CHECK (length(previous_hash) = 32),
            hash BLOB NOT NULL CHECK (length(hash) = 32),
            PRIMARY KEY (stream, sequence)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX ledger_by_subject ON ledger (subject, sequence);
        CREATE INDEX ledger_by_patient ON ledger (patient, sequence) WHERE patient IS NOT NULL;
        CREATE INDEX ledger_by_entry ON ledger (drop_number, entry, sequence) WHERE drop_number IS NOT NULL;
        CREATE TABLE ledger_payload (
            stream TEXT NOT NULL, sequence INTEGER NOT NULL, payload BLOB, erased_by INTEGER,
            PRIMARY KEY (stream, sequence),
            FOREIGN KEY (stream, sequence) REFERENCES ledger (stream, sequence),
            FOREIGN KEY (stream, erased_by) REFERENCES ledger (stream, sequence),
            CHECK ((payload IS NULL) = (erased_by IS NOT NULL))
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE ledger_erased_write (
            stream TEXT NOT NULL, sequence INTEGER NOT NULL, entity TEXT NOT NULL, id TEXT NOT NULL,
            PRIMARY KEY (stream, sequence, entity, id),
            FOREIGN KEY (stream, sequence) REFERENCES ledger_payload (stream, sequence)
        ) STRICT, WITHOUT ROWID;
        CREATE TRIGGER ledger_is_never_changed BEFORE UPDATE ON ledger
            BEGIN SELECT RAISE (ABORT, 'the ledger is append only'); END;
        CREATE TRIGGER ledger_is_never_deleted BEFORE DELETE ON ledger
            BEGIN SELECT RAISE (ABORT, 'the ledger is append only'); END;
        CREATE TRIGGER ledger_payload_is_never_deleted BEFORE DELETE ON ledger_payload
            BEGIN SELECT RAISE (ABORT, 'the ledger is append only'); END;
        CREATE TRIGGER ledger_payload_is_only_erased BEFORE UPDATE ON ledger_payload
            WHEN NEW.payload IS NOT NULL OR OLD.payload IS NULL OR NEW.erased_by IS NULL
                OR NEW.stream <> OLD.stream OR NEW.sequence <> OLD.sequence
            BEGIN SELECT RAISE (ABORT, 'the ledger is append only; a payload can only be erased, once'); END;
        CREATE TRIGGER ledger_has_no_gaps BEFORE INSERT ON ledger
            WHEN NEW.sequence <> coalesce((SELECT max(sequence) FROM ledger WHERE stream = NEW.stream), 0) + 1
            BEGIN SELECT RAISE (ABORT, 'the ledger has no gaps'); END;

        """

    private static let outbound = """
        CREATE TABLE outbound (
            id INTEGER PRIMARY KEY AUTOINCREMENT, folder TEXT NOT NULL, name TEXT NOT NULL, kind TEXT NOT NULL,
            version INTEGER NOT NULL, model BLOB NOT NULL,
            replaces INTEGER NOT NULL CHECK (replaces IN (0, 1)), is_secret INTEGER NOT NULL CHECK (is_secret IN (0, 1)),
            ledger_sequence INTEGER, state TEXT NOT NULL CHECK (state IN ('QUEUED', 'STAGED', 'DELIVERED')),
            sha256 TEXT,
            CHECK (state = 'QUEUED' OR sha256 IS NOT NULL)
        ) STRICT;
        CREATE INDEX outbound_pending ON outbound (id) WHERE state <> 'DELIVERED';
        CREATE INDEX outbound_by_folder ON outbound (folder, state);
        CREATE UNIQUE INDEX outbound_name ON outbound (folder, name) WHERE replaces = 0;
        CREATE TRIGGER outbound_is_never_deleted BEFORE DELETE ON outbound
            BEGIN SELECT RAISE (ABORT, 'an outbound document is never deleted'); END;
        CREATE TRIGGER outbound_moves_forward BEFORE UPDATE ON outbound
            WHEN OLD.folder IS NOT NEW.folder OR OLD.name IS NOT NEW.name OR OLD.kind IS NOT NEW.kind
                OR OLD.version IS NOT NEW.version OR OLD.replaces IS NOT NEW.replaces
                OR OLD.state = 'DELIVERED' AND (NEW.state <> 'DELIVERED' OR OLD.sha256 IS NOT NEW.sha256)
            BEGIN SELECT RAISE (ABORT, 'an outbound document stays what it was'); END;
        CREATE TABLE list_due (theater TEXT NOT NULL, date TEXT NOT NULL, PRIMARY KEY (theater, date)) STRICT,
            WITHOUT ROWID;
        CREATE TABLE list_version (
            theater TEXT NOT NULL, date TEXT NOT NULL, version INTEGER NOT NULL, PRIMARY KEY (theater, date)
        ) STRICT, WITHOUT ROWID;

        """
}
