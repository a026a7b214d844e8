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
        case .open: Condition("state = 'OPEN'")
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
            Condition("processor = ? AND transaction_id = ?", .text(processor), .text(id))
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
            due_on TEXT NOT NULL, of_bill TEXT REFERENCES bill (id), reason TEXT,
            CHECK (type = 'INVOICE' OR of_bill IS NOT NULL),
            CHECK (gross = insurer_share + write_off + patient_share)
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
            WHEN (SELECT coalesce(sum(value ->> '$.net'), 0) FROM json_each(NEW.lines)) <> NEW.net
                OR (SELECT coalesce(sum(value ->> '$.tax'), 0) FROM json_each(NEW.lines)) <> NEW.tax
            BEGIN SELECT RAISE (ABORT, 'bill: a bill is the sum of its lines'); END;
        CREATE TABLE bill_due (
            id TEXT PRIMARY KEY, surgical_case TEXT NOT NULL REFERENCES surgical_case (id) CHECK (surgical_case = id),
            mrn TEXT NOT NULL REFERENCES patient (id), ended_at TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('OPEN', 'DONE'))
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX bill_due_open ON bill_due (id) WHERE state = 'OPEN';
        CREATE TABLE payment (
            id TEXT PRIMARY KEY CHECK (id = source || '/' || reference), source TEXT NOT NULL, reference TEXT NOT NULL,
            type TEXT NOT NULL CHECK (type IN ('PAY', 'REFUND', 'REVERSE')), mrn TEXT NOT NULL REFERENCES patient (id),
            state TEXT NOT NULL CHECK (state IN
                ('RECEIVED', 'ALLOCATED', 'PARTLY_ALLOCATED', 'UNALLOCATED', 'REVERSED', 'REFUNDED')),
            amount INTEGER NOT NULL CHECK (amount <> 0), currency TEXT NOT NULL CHECK (currency GLOB '[A-Z][A-Z][A-Z]'),
            method TEXT NOT NULL, payer TEXT NOT NULL CHECK (payer IN ('PATIENT', 'INSURER')), processor TEXT,
            transaction_id TEXT, paid_at TEXT NOT NULL, bill TEXT REFERENCES bill (id),
            plan TEXT REFERENCES plan_number (plan), original TEXT REFERENCES payment (id), requested_by TEXT,
            approved_by TEXT, reason TEXT, receipt TEXT, allocations TEXT NOT NULL CHECK (json_valid(allocations)),
            returned INTEGER NOT NULL,
            CHECK (type = 'PAY' OR original IS NOT NULL)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX payment_by_patient ON payment (mrn);
        CREATE INDEX payment_by_reference ON payment (reference);
        CREATE INDEX payment_by_transaction ON payment (processor, transaction_id) WHERE transaction_id IS NOT NULL;
        CREATE INDEX payment_by_plan ON payment (plan) WHERE plan IS NOT NULL;
        CREATE INDEX payment_by_bill ON payment (bill) WHERE bill IS NOT NULL;
        CREATE INDEX payment_by_original ON payment (original) WHERE original IS NOT NULL;
        CREATE UNIQUE INDEX payment_receipt ON payment (receipt) WHERE receipt IS NOT NULL;
        CREATE TABLE records_request (
            id TEXT PRIMARY KEY CHECK (id = source || '/' || reference), source TEXT NOT NULL, reference TEXT NOT NULL,
            mrn TEXT NOT NULL REFERENCES patient (id), scope TEXT, format TEXT,
            state TEXT NOT NULL CHECK (state IN ('REQUESTED', 'RELEASED')), requested_at TEXT NOT NULL,
            released_by TEXT, released_at TEXT, released_to TEXT,
            CHECK (state <> 'RELEASED' OR (released_by IS NOT NULL AND released_at IS NOT NULL))
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX records_request_by_patient ON records_request (mrn);

        """
        + undeletable("bill", "bill_due", "payment", "records_request")
        + transitions(
            of: "bill", from: ["ISSUED", "PAID"],
            [
                ("ISSUED", ["PARTIALLY_PAID", "PAID", "ADJUSTED", "CANCELLED"]),
                ("PARTIALLY_PAID", ["ISSUED", "PAID", "ADJUSTED", "CANCELLED"]),
                ("PAID", ["ISSUED", "PARTIALLY_PAID", "ADJUSTED", "CANCELLED"]),
                ("ADJUSTED", ["ISSUED", "PARTIALLY_PAID", "PAID", "CANCELLED"]),
            ])
        + frozen(
            "bill", "an_issued_bill_never_changes",
            [
                "number", "type", "surgical_case", "plan", "mrn", "currency", "lines", "net", "tax", "gross", "insurer",
                "insurer_share", "write_off", "patient_share", "issued_at", "due_on", "of_bill",
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
                "bill", "plan", "original", "requested_by", "approved_by",
            ])
        + frozen("payment", "a_receipt_never_changes", ["receipt"], while: "OLD.receipt IS NOT NULL")
        + transitions(of: "records_request", from: ["REQUESTED"], [("REQUESTED", ["RELEASED"])])
}
