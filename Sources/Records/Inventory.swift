import Clinic

extension InventoryLot: StoredEntity {
    static let table = "inventory_lot"

    static func condition(for lookup: Lookup) -> Condition {
        switch lookup {
        case .item(let sku): Condition("sku = ?", .of(sku))
        case .lot(let sku, let lot): Condition("sku = ? AND lot = ?", .of(sku), .text(lot))
        }
    }
}

extension SerialUnit: StoredEntity {
    static let table = "serial_unit"

    static func condition(for lookup: Lookup) -> Condition {
        switch lookup {
        case .lot(let sku, let lot): Condition("sku = ? AND lot = ?", .of(sku), .text(lot))
        case .surgicalCase(let surgicalCase): Condition("surgical_case = ?", .of(surgicalCase))
        }
    }
}

extension StockMovement: StoredEntity {
    static let table = "stock_movement"

    static func condition(for lookup: Lookup) -> Condition {
        switch lookup {
        case .lot(let sku, let lot): Condition("sku = ? AND lot = ?", .of(sku), .text(lot))
        case .surgicalCase(let surgicalCase): Condition("surgical_case = ?", .of(surgicalCase))
        case .reference(let reference): Condition("reference = ?", .text(reference))
        case .serial(let sku, let serial): Condition("sku = ? AND serial = ?", .of(sku), .text(serial))
        }
    }
}

extension Reservation: StoredEntity {
    static let table = "reservation"

    static func condition(for lookup: Lookup) -> Condition {
        switch lookup {
        case .plan(let plan): Condition("plan = ?", .of(plan))
        case .lot(let sku, let lot): Condition("sku = ? AND lot = ?", .of(sku), .text(lot))
        }
    }
}

extension Incident: StoredEntity {
    static let table = "incident"

    static func condition(for lookup: Lookup) -> Condition {
        switch lookup {
        case .surgicalCase(let surgicalCase): Condition("surgical_case = ?", .of(surgicalCase))
        case .lot(let sku, let lot): Condition("sku = ? AND lot = ?", .of(sku), .text(lot))
        }
    }
}

extension Recall: StoredEntity {
    static let table = "recall"

    static func condition(for lookup: Lookup) -> Condition {
        switch lookup {
        case .lot(let sku, let lot): Condition("sku = ? AND lot = ?", .of(sku), .text(lot))
        case .reference(let reference): Condition("reference = ?", .text(reference))
        }
    }
}

extension SchemaText {
    /// Lots, serial-numbered devices, movements of stock, what is kept for plans, recalls, incidents.
    ///
    /// `stock_balance` is the sum of the movements of a lot; only a movement changes it, and what its lot says is on
    /// hand must be the same when a transaction ends.
    static let inventory =
        """
        CREATE TABLE inventory_lot (
            id TEXT PRIMARY KEY, sku TEXT NOT NULL, lot TEXT NOT NULL, location TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('AVAILABLE', 'QUARANTINED', 'RECALLED')), expires_on TEXT,
            on_hand INTEGER NOT NULL CHECK (on_hand >= 0),
            reserved INTEGER NOT NULL CHECK (reserved >= 0 AND reserved <= on_hand), unit_cost INTEGER,
            received_at TEXT NOT NULL, UNIQUE (sku, lot, location), UNIQUE (sku, lot, location, on_hand)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE stock_balance (
            sku TEXT NOT NULL, lot TEXT NOT NULL, location TEXT NOT NULL,
            on_hand INTEGER NOT NULL CHECK (on_hand >= 0), last INTEGER NOT NULL, PRIMARY KEY (sku, lot, location),
            FOREIGN KEY (sku, lot, location, on_hand) REFERENCES inventory_lot (sku, lot, location, on_hand)
                DEFERRABLE INITIALLY DEFERRED
        ) STRICT, WITHOUT ROWID;
        CREATE TRIGGER inventory_lot_has_balance AFTER INSERT ON inventory_lot
            BEGIN
                INSERT INTO stock_balance SELECT NEW.sku, NEW.lot, NEW.location, 0, 0 WHERE NOT EXISTS (
                SELECT 1 FROM stock_balance WHERE sku = NEW.sku AND lot = NEW.lot AND location = NEW.location);
            END;
        CREATE TRIGGER stock_balance_begins BEFORE INSERT ON stock_balance WHEN NEW.on_hand <> 0 OR NEW.last <> 0
            BEGIN SELECT RAISE (ABORT, 'stock_balance: stock begins with nothing'); END;
        CREATE TRIGGER stock_balance_moves BEFORE UPDATE ON stock_balance
            WHEN NEW.last <= OLD.last OR OLD.sku IS NOT NEW.sku OR OLD.lot IS NOT NEW.lot
                OR OLD.location IS NOT NEW.location OR NOT EXISTS (SELECT 1 FROM stock_movement
                    WHERE number = NEW.last AND sku = NEW.sku AND lot = NEW.lot AND location = NEW.location
                        AND change = NEW.on_hand - OLD.on_hand)
            BEGIN SELECT RAISE (ABORT, 'stock_balance: stock changes by movements only'); END;
        CREATE TABLE recall (
            id TEXT PRIMARY KEY, number INTEGER NOT NULL UNIQUE, sku TEXT NOT NULL, lot TEXT NOT NULL, serial TEXT,
            state TEXT NOT NULL CHECK (state IN ('OPEN', 'VOIDED')), recalled_at TEXT NOT NULL, source TEXT NOT NULL,
            reference TEXT NOT NULL, reason TEXT, actor TEXT
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX recall_by_lot ON recall (sku, lot);
        CREATE INDEX recall_by_reference ON recall (reference);
        CREATE TRIGGER inventory_lot_stays_recalled BEFORE UPDATE ON inventory_lot
            WHEN OLD.state = 'RECALLED' AND NEW.state <> 'RECALLED'
                AND (NOT EXISTS (SELECT 1 FROM recall WHERE sku = OLD.sku AND lot = OLD.lot)
                    OR EXISTS (SELECT 1 FROM recall WHERE sku = OLD.sku AND lot = OLD.lot AND state = 'OPEN'))
            BEGIN SELECT RAISE (ABORT,
                'inventory_lot: that state does not follow its own while a recall stands'); END;
        CREATE TABLE serial_unit (
            id TEXT PRIMARY KEY, sku TEXT NOT NULL, serial TEXT NOT NULL, lot TEXT NOT NULL, location TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('IN_STOCK', 'USED', 'WASTED', 'GONE')),
            surgical_case TEXT REFERENCES surgical_case (id),
            side TEXT CHECK (side IN ('LEFT', 'RIGHT', 'BILATERAL', 'NONE')), UNIQUE (sku, serial),
            CHECK (state <> 'USED' OR surgical_case IS NOT NULL)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX serial_unit_by_lot ON serial_unit (sku, lot);
        CREATE INDEX serial_unit_by_case ON serial_unit (surgical_case) WHERE surgical_case IS NOT NULL;
        CREATE TABLE stock_movement (
            id TEXT PRIMARY KEY, number INTEGER NOT NULL UNIQUE,
            movement TEXT NOT NULL CHECK (movement IN ('RECEIVE', 'USE', 'RETURN', 'WASTE', 'DISPOSE',
                'RETURN_TO_SUPPLIER', 'COUNT', 'TRANSFER_OUT', 'TRANSFER_IN', 'QUARANTINE', 'ACCEPT', 'RECALL',
                'VOID')),
            sku TEXT NOT NULL, lot TEXT NOT NULL, location TEXT NOT NULL, serial TEXT, change INTEGER NOT NULL,
            surgical_case TEXT REFERENCES surgical_case (id), mrn TEXT REFERENCES patient (id),
            side TEXT CHECK (side IN ('LEFT', 'RIGHT', 'BILATERAL', 'NONE')), occurred_at TEXT NOT NULL,
            source TEXT NOT NULL, reference TEXT NOT NULL, reason TEXT,
            original INTEGER REFERENCES stock_movement (number), actor TEXT,
            state_before TEXT CHECK (state_before IN ('AVAILABLE', 'QUARANTINED', 'RECALLED')),
            from_reservation INTEGER CHECK (from_reservation > 0 AND from_reservation <= -change),
            FOREIGN KEY (sku, lot, location) REFERENCES inventory_lot (sku, lot, location),
            CHECK (movement NOT IN ('USE', 'RETURN', 'WASTE') OR surgical_case IS NOT NULL),
            CHECK (movement NOT IN ('USE', 'WASTE', 'DISPOSE', 'RETURN_TO_SUPPLIER', 'TRANSFER_OUT') OR change < 0),
            CHECK (movement NOT IN ('RECEIVE', 'RETURN', 'TRANSFER_IN') OR change > 0),
            CHECK (movement NOT IN ('QUARANTINE', 'ACCEPT', 'RECALL') OR change = 0),
            CHECK (movement <> 'VOID' OR original IS NOT NULL)
        ) STRICT;
        CREATE UNIQUE INDEX stock_movement_voided_once ON stock_movement (original) WHERE movement = 'VOID';
        CREATE TRIGGER stock_movement_void_is_inverse AFTER INSERT ON stock_movement
            WHEN NEW.movement = 'VOID' AND NOT EXISTS (SELECT 1 FROM stock_movement WHERE number = NEW.original
                AND movement <> 'VOID' AND sku = NEW.sku AND lot = NEW.lot AND location = NEW.location
                AND change = -NEW.change)
            BEGIN SELECT RAISE (ABORT, 'stock_movement: a VOID is the inverse of its original'); END;
        CREATE TRIGGER stock_movement_changes_balance AFTER INSERT ON stock_movement
            BEGIN
                INSERT INTO stock_balance SELECT NEW.sku, NEW.lot, NEW.location, 0, 0 WHERE NOT EXISTS (
                SELECT 1 FROM stock_balance WHERE sku = NEW.sku AND lot = NEW.lot AND location = NEW.location);
                UPDATE stock_balance SET on_hand = on_hand + NEW.change, last = NEW.number
                    WHERE sku = NEW.sku AND lot = NEW.lot AND location = NEW.location;
            END;
        CREATE TRIGGER stock_movement_of_its_patient AFTER INSERT ON stock_movement
            WHEN NEW.surgical_case IS NOT NULL AND NEW.mrn IS NOT NULL
                AND NEW.mrn IS NOT (SELECT mrn FROM surgical_case WHERE id = NEW.surgical_case)
            BEGIN SELECT RAISE (ABORT, 'stock_movement: the patient is that of the case'); END;
        CREATE INDEX stock_movement_by_lot ON stock_movement (sku, lot, location);
        CREATE INDEX stock_movement_by_case ON stock_movement (surgical_case) WHERE surgical_case IS NOT NULL;
        CREATE INDEX stock_movement_by_reference ON stock_movement (reference);
        CREATE INDEX stock_movement_by_serial ON stock_movement (sku, serial) WHERE serial IS NOT NULL;
        CREATE INDEX stock_movement_by_original ON stock_movement (original) WHERE original IS NOT NULL;
        CREATE TRIGGER stock_movement_use_needs_case AFTER INSERT ON stock_movement
            WHEN NEW.movement = 'USE' AND coalesce((SELECT state FROM surgical_case WHERE id = NEW.surgical_case), '')
                NOT IN ('IN_PROGRESS', 'COMPLETED', 'ABANDONED')
            BEGIN SELECT RAISE (ABORT,
                'stock_movement: a USE needs a case IN_PROGRESS, COMPLETED or ABANDONED'); END;
        CREATE TABLE reservation (
            id TEXT PRIMARY KEY, number INTEGER NOT NULL UNIQUE, plan TEXT NOT NULL REFERENCES plan_number (plan),
            sku TEXT NOT NULL, lot TEXT NOT NULL, location TEXT NOT NULL,
            quantity INTEGER NOT NULL CHECK (quantity >= 0), needed_on TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('ACTIVE', 'RELEASED', 'CONSUMED')),
            FOREIGN KEY (sku, lot, location) REFERENCES inventory_lot (sku, lot, location)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX reservation_by_plan ON reservation (plan);
        CREATE INDEX reservation_by_lot ON reservation (sku, lot, location);
        CREATE TABLE incident (
            id TEXT PRIMARY KEY, number INTEGER NOT NULL UNIQUE, surgical_case TEXT NOT NULL, sku TEXT NOT NULL,
            lot TEXT, serial TEXT, code TEXT NOT NULL, occurred_at TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX incident_by_case ON incident (surgical_case);
        CREATE INDEX incident_by_lot ON incident (sku, lot);

        """
        + undeletable(
            "inventory_lot", "serial_unit", "stock_movement", "stock_balance", "reservation", "recall", "incident")
        + immutable("stock_movement") + immutable("incident")
        + frozen(
            "recall", "a_recall_keeps_what_it_is_of",
            ["number", "sku", "lot", "serial", "recalled_at", "source", "reference", "reason", "actor"])
        + transitions(of: "recall", from: ["OPEN"], [("OPEN", ["VOIDED"])])
        + frozen(
            "serial_unit", "a_used_device_stays_in_its_case", ["surgical_case", "side"],
            while: "OLD.state = 'USED' AND NEW.state = 'USED'")
        + transitions(
            of: "inventory_lot", from: ["AVAILABLE", "QUARANTINED", "RECALLED"],
            [
                ("AVAILABLE", ["QUARANTINED", "RECALLED"]), ("QUARANTINED", ["AVAILABLE", "RECALLED"]),
                ("RECALLED", ["AVAILABLE", "QUARANTINED"]),
            ])
        + transitions(
            of: "serial_unit", from: ["IN_STOCK", "USED", "WASTED", "GONE"],
            [
                ("IN_STOCK", ["USED", "WASTED", "GONE"]), ("USED", ["IN_STOCK", "WASTED"]),
                ("WASTED", ["IN_STOCK", "GONE"]),
                ("GONE", ["IN_STOCK"]),
            ])
        + transitions(
            of: "reservation", from: ["ACTIVE"], [("ACTIVE", ["RELEASED", "CONSUMED"]), ("CONSUMED", ["ACTIVE"])])
}
