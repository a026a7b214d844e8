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

extension SchemaText {
    /// Lots, serial-numbered devices, movements of stock, what is kept for plans, incidents.
    static let inventory =
        """
        CREATE TABLE inventory_lot (
            id TEXT PRIMARY KEY, sku TEXT NOT NULL, lot TEXT NOT NULL, location TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('AVAILABLE', 'QUARANTINED', 'RECALLED')), expires_on TEXT,
            on_hand INTEGER NOT NULL CHECK (on_hand >= 0),
            reserved INTEGER NOT NULL CHECK (reserved >= 0 AND reserved <= on_hand), unit_cost INTEGER,
            received_at TEXT NOT NULL, UNIQUE (sku, lot, location)
        ) STRICT, WITHOUT ROWID;
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
                'RETURN_TO_SUPPLIER', 'COUNT', 'TRANSFER_OUT', 'TRANSFER_IN', 'VOID')),
            sku TEXT NOT NULL, lot TEXT NOT NULL, location TEXT NOT NULL, serial TEXT, change INTEGER NOT NULL,
            surgical_case TEXT REFERENCES surgical_case (id), mrn TEXT REFERENCES patient (id),
            side TEXT CHECK (side IN ('LEFT', 'RIGHT', 'BILATERAL', 'NONE')), occurred_at TEXT NOT NULL,
            source TEXT NOT NULL, reference TEXT NOT NULL, reason TEXT,
            original INTEGER REFERENCES stock_movement (number), actor TEXT,
            FOREIGN KEY (sku, lot, location) REFERENCES inventory_lot (sku, lot, location),
            CHECK (movement <> 'USE' OR surgical_case IS NOT NULL AND change < 0),
            CHECK (movement <> 'RECEIVE' OR change > 0)
        ) STRICT;
        CREATE INDEX stock_movement_by_lot ON stock_movement (sku, lot, location);
        CREATE INDEX stock_movement_by_case ON stock_movement (surgical_case) WHERE surgical_case IS NOT NULL;
        CREATE INDEX stock_movement_by_reference ON stock_movement (reference);
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
        + undeletable("inventory_lot", "serial_unit", "stock_movement", "reservation", "incident")
        + immutable("stock_movement") + immutable("incident")
        + transitions(
            of: "inventory_lot", from: ["AVAILABLE", "QUARANTINED", "RECALLED"],
            [("AVAILABLE", ["QUARANTINED", "RECALLED"]), ("QUARANTINED", ["AVAILABLE", "RECALLED"])])
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
