import Clinic

extension Bill: StoredEntity {
    static let table = "bill"

    static func condition(for lookup: Lookup) -> Condition {
        switch lookup {
        case .surgicalCase(let surgicalCase): Condition("surgical_case = ?", .of(surgicalCase))
        case .patient(let mrn): Condition("mrn = ?", .of(mrn))
        case .plan(let plan): Condition("plan = ?", .of(plan))
        }
    }
}

extension BillDue: StoredEntity {
    static let table = "bill_due"

    static func condition(for lookup: Lookup) -> Condition {
        switch lookup {
        case .open: Condition("state <> 'DONE'")
        }
    }
}

extension Discount: StoredEntity {
    static let table = "discount"

    static func condition(for lookup: Lookup) -> Condition {
        switch lookup {
        case .surgicalCase(let surgicalCase): Condition("surgical_case = ?", .of(surgicalCase))
        }
    }
}

extension Payment: StoredEntity {
    static let table = "payment"

    static func condition(for lookup: Lookup) -> Condition {
        switch lookup {
        case .patient(let mrn): Condition("mrn = ?", .of(mrn))
        case .reference(let reference): Condition("reference = ?", .text(reference))
        case .transaction(let processor, let id):
            Condition("processor = ? COLLATE NOCASE AND transaction_id = ?", .text(processor), .text(id))
        case .plan(let plan): Condition("plan = ?", .of(plan))
        case .original(let original): Condition("original = ?", .text(original))
        }
    }
}

extension RecordsRequest: StoredEntity {
    static let table = "records_request"

    static func condition(for lookup: Lookup) -> Condition {
        switch lookup {
        case .patient(let mrn): Condition("mrn = ?", .of(mrn))
        }
    }
}

extension SchemaText {
    /// Bills, payments, and requests for records.
    static let billing =
        """
        CREATE TABLE bill (
            id TEXT PRIMARY KEY, number TEXT NOT NULL CHECK (number = id),
            type TEXT NOT NULL CHECK (type IN ('INVOICE', 'SUPPLEMENT', 'CREDIT_NOTE')),
            surgical_case TEXT NOT NULL REFERENCES surgical_case (id), plan TEXT NOT NULL REFERENCES plan_number (plan),
            mrn TEXT NOT NULL REFERENCES patient (id),
            state TEXT NOT NULL CHECK (state IN ('ISSUED', 'PARTIALLY_PAID', 'PAID', 'ADJUSTED', 'CANCELLED')),
            currency TEXT NOT NULL CHECK (currency GLOB '[A-Z][A-Z][A-Z]'), lines TEXT NOT NULL, net INTEGER NOT NULL,
            tax INTEGER NOT NULL, gross INTEGER NOT NULL CHECK (gross = net + tax), insurer TEXT,
            insurer_share INTEGER NOT NULL, write_off INTEGER NOT NULL, patient_share INTEGER NOT NULL,
            patient_paid INTEGER NOT NULL, insurer_paid INTEGER NOT NULL, issued_at TEXT NOT NULL,
            due_on TEXT NOT NULL, of_bill TEXT REFERENCES bill (id), reason TEXT, rounding INTEGER NOT NULL DEFAULT 0,
            deductible INTEGER NOT NULL DEFAULT 0 CHECK (deductible >= 0), performed_on TEXT,
            replaces TEXT REFERENCES bill (id),
            change TEXT CHECK (change IN ('RETURN', 'DISCOUNT', 'ADJUST', 'CREDIT', 'WAIVE')), requested_by TEXT,
            approved_by TEXT, remarks TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(remarks)),
            CHECK (type = 'INVOICE' OR of_bill IS NOT NULL),
            CHECK (type <> 'CREDIT_NOTE' OR change IS NOT NULL),
            CHECK (rounding = 0 OR type = 'CREDIT_NOTE'),
            CHECK (gross + rounding = insurer_share + write_off + patient_share),
            CHECK (type = 'CREDIT_NOTE' OR patient_paid BETWEEN 0 AND patient_share
                AND insurer_paid BETWEEN 0 AND insurer_share),
            CHECK (type <> 'CREDIT_NOTE' OR patient_paid BETWEEN patient_share AND 0
                AND insurer_paid BETWEEN insurer_share AND 0),
            CHECK (state NOT IN ('ISSUED', 'CANCELLED') OR patient_paid = 0 AND insurer_paid = 0),
            CHECK (state <> 'PAID' OR type = 'CREDIT_NOTE'
                OR patient_paid = patient_share AND insurer_paid = insurer_share),
            CHECK ((state <> 'CANCELLED' AND (change IS NULL OR change = 'RETURN'))
                OR reason IS NOT NULL AND requested_by IS NOT NULL AND approved_by IS NOT NULL
                    AND requested_by <> approved_by)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX bill_by_case ON bill (surgical_case);
        CREATE INDEX bill_by_patient ON bill (mrn);
        CREATE INDEX bill_by_plan ON bill (plan);
        CREATE INDEX bill_by_original ON bill (of_bill) WHERE of_bill IS NOT NULL;
        CREATE INDEX bill_open ON bill (due_on, id) WHERE state IN ('ISSUED', 'PARTIALLY_PAID');
        CREATE TRIGGER bill_needs_ended_case AFTER INSERT ON bill
            WHEN coalesce((SELECT state FROM surgical_case WHERE id = NEW.surgical_case), '')
                NOT IN ('COMPLETED', 'ABANDONED')
            BEGIN SELECT RAISE (ABORT, 'bill: a bill needs a case COMPLETED or ABANDONED'); END;
        CREATE TRIGGER bill_is_the_sum_of_its_lines AFTER INSERT ON bill
            WHEN NOT EXISTS (SELECT 1 FROM (
                SELECT coalesce(sum(value ->> '$.net'), 0) AS net, coalesce(sum(value ->> '$.tax'), 0) AS tax,
                    coalesce(sum(value ->> '$.insurer_share'), 0) AS insurer,
                    coalesce(sum(value ->> '$.write_off'), 0) AS write_off,
                    coalesce(sum(value ->> '$.patient_share'), 0) AS patient FROM json_each(NEW.lines)
                ) AS line WHERE line.net = NEW.net AND line.tax = NEW.tax AND line.insurer = NEW.insurer_share
                    AND line.write_off = NEW.write_off AND line.patient = NEW.patient_share)
            BEGIN SELECT RAISE (ABORT, 'bill: a bill is the sum of its lines'); END;
        CREATE TRIGGER bill_numbers_have_no_gaps AFTER INSERT ON bill
            WHEN NEW.id <> 'B-000001' AND NOT EXISTS (
                SELECT 1 FROM bill WHERE id = printf('B-%06d', CAST(substr(NEW.id, 3) AS INTEGER) - 1))
            BEGIN SELECT RAISE (ABORT, 'bill: the numbers of bills have no gaps'); END;
        CREATE UNIQUE INDEX bill_replaced_once ON bill (replaces) WHERE replaces IS NOT NULL;
        CREATE TABLE bill_due (
            id TEXT PRIMARY KEY, surgical_case TEXT NOT NULL REFERENCES surgical_case (id) CHECK (surgical_case = id),
            mrn TEXT NOT NULL REFERENCES patient (id), ended_at TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('OPEN', 'WITHHELD', 'DONE'))
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX bill_due_open ON bill_due (id) WHERE state <> 'DONE';
        CREATE TABLE discount (
            id TEXT PRIMARY KEY CHECK (id = source || '/' || reference), source TEXT NOT NULL, reference TEXT NOT NULL,
            surgical_case TEXT NOT NULL REFERENCES surgical_case (id), mrn TEXT NOT NULL REFERENCES patient (id),
            state TEXT NOT NULL CHECK (state IN ('AGREED', 'GIVEN')), amount INTEGER CHECK (amount > 0),
            basis_points INTEGER CHECK (basis_points BETWEEN 1 AND 10000), reason TEXT NOT NULL,
            requested_by TEXT NOT NULL, approved_by TEXT NOT NULL CHECK (approved_by <> requested_by),
            agreed_at TEXT NOT NULL, note TEXT REFERENCES bill (id),
            CHECK (amount IS NOT NULL OR basis_points IS NOT NULL)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX discount_by_case ON discount (surgical_case);
        CREATE TABLE payment (
            id TEXT PRIMARY KEY CHECK (id = source || '/' || reference), source TEXT NOT NULL, reference TEXT NOT NULL,
            type TEXT NOT NULL CHECK (type IN ('PAY', 'REFUND', 'REVERSE')), mrn TEXT NOT NULL REFERENCES patient (id),
            state TEXT NOT NULL CHECK (state IN
                ('RECEIVED', 'ALLOCATED', 'PARTLY_ALLOCATED', 'UNALLOCATED', 'REVERSED', 'REFUNDED')),
            amount INTEGER NOT NULL CHECK (amount > 0), currency TEXT NOT NULL CHECK (currency GLOB '[A-Z][A-Z][A-Z]'),
            method TEXT NOT NULL, payer TEXT NOT NULL CHECK (payer IN ('PATIENT', 'INSURER')), processor TEXT,
            transaction_id TEXT, paid_at TEXT NOT NULL, bill TEXT REFERENCES bill (id),
            plan TEXT REFERENCES plan_number (plan), original TEXT REFERENCES payment (id), requested_by TEXT,
            approved_by TEXT, reason TEXT, receipt TEXT, allocations TEXT NOT NULL CHECK (json_valid(allocations)),
            returned INTEGER NOT NULL CHECK (returned BETWEEN 0 AND amount),
            CHECK (type = 'PAY' OR original IS NOT NULL),
            CHECK (type = 'PAY' OR returned = amount),
            CHECK (type = 'REVERSE' OR receipt IS NOT NULL),
            CHECK (type <> 'REFUND' OR requested_by IS NOT NULL AND approved_by IS NOT NULL
                AND requested_by <> approved_by)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX payment_by_patient ON payment (mrn);
        CREATE INDEX payment_by_reference ON payment (reference);
        CREATE UNIQUE INDEX payment_by_transaction ON payment (processor COLLATE NOCASE, transaction_id)
            WHERE processor IS NOT NULL AND transaction_id IS NOT NULL;
        CREATE INDEX payment_by_plan ON payment (plan) WHERE plan IS NOT NULL;
        CREATE INDEX payment_by_bill ON payment (bill) WHERE bill IS NOT NULL;
        CREATE INDEX payment_by_original ON payment (original) WHERE original IS NOT NULL;
        CREATE UNIQUE INDEX payment_receipt ON payment (receipt) WHERE receipt IS NOT NULL;
        CREATE TRIGGER payment_receipts_have_no_gaps AFTER INSERT ON payment
            WHEN NEW.receipt IS NOT NULL AND NEW.receipt <> 'R-000001' AND NOT EXISTS (
                SELECT 1 FROM payment WHERE receipt = printf('R-%06d', CAST(substr(NEW.receipt, 3) AS INTEGER) - 1))
            BEGIN SELECT RAISE (ABORT, 'payment: the numbers of receipts have no gaps'); END;
        CREATE TRIGGER payment_gives_back_what_came AFTER INSERT ON payment
            WHEN NEW.type <> 'PAY' AND (SELECT sum(amount) FROM payment WHERE original = NEW.original)
                > (SELECT coalesce(max(amount), 0) FROM payment WHERE id = NEW.original AND type = 'PAY')
            BEGIN SELECT RAISE (ABORT, 'payment: no more goes back than came'); END;
        \(["INSERT", "UPDATE"].map { allocation(after: $0) }.joined())
        CREATE TRIGGER payment_allocations_are_added BEFORE UPDATE ON payment
            WHEN NEW.allocations <> OLD.allocations AND OLD.allocations <> '[]'
                AND substr(NEW.allocations, 1, length(OLD.allocations)) <> rtrim(OLD.allocations, ']') || ','
            BEGIN SELECT RAISE (ABORT, 'payment: allocations are added, never changed'); END;
        CREATE TRIGGER payment_returned_never_falls BEFORE UPDATE ON payment WHEN NEW.returned < OLD.returned
            BEGIN SELECT RAISE (ABORT, 'payment: what went back never comes again'); END;
        CREATE TABLE records_request (
            id TEXT PRIMARY KEY CHECK (id = source || '/' || reference), source TEXT NOT NULL, reference TEXT NOT NULL,
            mrn TEXT NOT NULL REFERENCES patient (id), scope TEXT, format TEXT,
            state TEXT NOT NULL CHECK (state IN ('REQUESTED', 'RELEASED')), requested_at TEXT NOT NULL,
            released_by TEXT, released_at TEXT, released_to TEXT,
            CHECK (state <> 'RELEASED' OR (released_by IS NOT NULL AND released_at IS NOT NULL))
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX records_request_by_patient ON records_request (mrn);

        """
        + undeletable("bill", "bill_due", "discount", "payment", "records_request")
        + transitions(
            of: "bill", from: ["ISSUED", "PAID"],
            [
                ("ISSUED", ["PARTIALLY_PAID", "PAID", "ADJUSTED", "CANCELLED"]),
                ("PARTIALLY_PAID", ["ISSUED", "PAID", "ADJUSTED", "CANCELLED"]),
                ("PAID", ["ISSUED", "PARTIALLY_PAID", "ADJUSTED", "CANCELLED"]),
            ])
        + frozen(
            "bill", "an_issued_bill_never_changes",
            [
                "number", "type", "surgical_case", "plan", "mrn", "currency", "lines", "net", "tax", "gross", "insurer",
                "insurer_share", "write_off", "patient_share", "issued_at", "due_on", "of_bill", "rounding",
                "deductible", "performed_on", "replaces", "change", "remarks",
            ])
        + frozen(
            "bill", "who_changed_a_bill_and_why_never_changes", ["reason", "requested_by", "approved_by"],
            while: "NEW.state <> 'CANCELLED' OR OLD.state = 'CANCELLED'")
        // A case that changes after its bill becomes due again.
        + transitions(
            of: "bill_due", from: ["OPEN"],
            [("OPEN", ["WITHHELD", "DONE"]), ("WITHHELD", ["DONE"]), ("DONE", ["OPEN"])])
        + transitions(of: "discount", from: ["AGREED"], [("AGREED", ["GIVEN"])])
        + frozen(
            "discount", "an_agreed_discount_never_changes",
            [
                "source", "reference", "surgical_case", "mrn", "amount", "basis_points", "reason", "requested_by",
                "approved_by", "agreed_at",
            ])
        + transitions(
            of: "payment", from: ["RECEIVED", "ALLOCATED", "PARTLY_ALLOCATED", "UNALLOCATED", "REVERSED", "REFUNDED"],
            ["RECEIVED", "ALLOCATED", "PARTLY_ALLOCATED", "UNALLOCATED"].map { from in
                (from, ["ALLOCATED", "PARTLY_ALLOCATED", "UNALLOCATED", "REVERSED", "REFUNDED"].filter { $0 != from })
            })
        + frozen(
            "payment", "a_posted_payment_never_changes",
            [
                "type", "mrn", "amount", "currency", "method", "payer", "processor", "transaction_id", "paid_at",
                "bill", "plan", "original", "requested_by", "approved_by", "reason",
            ])
        + frozen("payment", "a_receipt_never_changes", ["receipt"], while: "OLD.receipt IS NOT NULL")
        + transitions(of: "records_request", from: ["REQUESTED", "RELEASED"], [("REQUESTED", ["RELEASED"])])

    /// What is set against bills and what went back are together no more than what came.
    private static func allocation(after operation: String) -> String {
        """
        CREATE TRIGGER payment_is_spent_once_\(operation.lowercased()) AFTER \(operation) ON payment
            WHEN NEW.type = 'PAY' AND NEW.returned
                + (SELECT coalesce(sum(value ->> '$.amount'), 0) FROM json_each(NEW.allocations)) > NEW.amount
            BEGIN SELECT RAISE (ABORT, 'payment: no more is spent than came'); END;

        """
    }
}
