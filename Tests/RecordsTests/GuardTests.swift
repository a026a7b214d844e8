import Clinic
import GRDB
import Records
import Testing

/// A story up to an event, a statement of bare SQL, and what the schema says to it.
struct Guard: CustomTestStringConvertible, Sendable {
    let upTo: String
    let sql: String
    let refusal: String

    init(after upTo: String, _ sql: String, _ refusal: String) {
        self.upTo = upTo
        self.sql = sql
        self.refusal = refusal
    }

    var testDescription: String { "\(refusal): \(sql.prefix(60))" }
}

@Suite("Guards of the schema against bare SQL")
struct GuardTests {
    static let chain: [Guard] = [
        Guard(
            after: "consultation.scheduled",
            """
            INSERT INTO procedure_plan (id, plan, version, state, mrn, consultation, surgeon, procedures, anesthesia, \
            purpose, items, requirements, templates, drafted_at) VALUES ('P-9#1', 'P-9', 1, 'DRAFT', '10000016', 'K-1', 'S1', \
            '[{}]', 'LOCAL', 'COSMETIC', '[]', '[]', '[]', '2026-11-23T09:00:00Z')
            """, "needs a COMPLETED consultation"),
        Guard(
            after: "plan.drafted",
            """
            INSERT INTO consent (id, consent, aliases, purpose, plan, plan_version, consultation, mrn, templates, \
            state, sha256, parties, clauses, signatures, questions, issued_at) VALUES ('CO-9', \
            'CO-9', '[]', 'SURGICAL', 'P-1', 1, 'K-1', '10000016', '[{}]', 'ISSUED', hex(zeroblob(32)), '[]', '[]', \
            '[]', '[]', '2026-11-23T09:00:00Z')
            """, "needs an APPROVED plan"),
        Guard(
            after: "plan.approved",
            """
            INSERT INTO consent (id, consent, aliases, purpose, plan, plan_version, consultation, mrn, templates, \
            state, sha256, parties, clauses, signatures, questions, issued_at) VALUES ('CO-9', \
            'CO-9', '[]', 'SURGICAL', 'P-1', 1, 'K-1', '10000016', '[{}]', 'SIGNED', hex(zeroblob(32)), '[]', '[]', \
            '[]', '[]', '2026-11-23T09:00:00Z')
            """, "nothing begins in that state"),
        Guard(
            after: "plan.approved",
            """
            INSERT INTO consent (id, consent, aliases, purpose, plan, plan_version, consultation, mrn, templates, \
            state, sha256, parties, clauses, signatures, questions, issued_at) VALUES ('CO-9', \
            'CO-9', '[]', 'SURGICAL', 'P-1', 1, 'K-9', '10000016', '[{}]', 'ISSUED', hex(zeroblob(32)), '[]', '[]', \
            '[]', '[]', '2026-11-23T09:00:00Z')
            """, "needs a COMPLETED consultation"),
        Guard(
            after: "consent.issued", "UPDATE consent SET state = 'SIGNED', signed_at = issued_at",
            "has the signatures of all its parties"),
        Guard(
            after: "consent.issued",
            """
            INSERT INTO surgical_case (id, surgical_case, plan, plan_version, mrn, state, procedures, surgeon, \
            anesthesia, team, equipment, theater, starts_at, minutes, remarks, created_at) VALUES ('C-9', 'C-9', \
            'P-1', 1, '10000016', 'SCHEDULED', '[{}]', 'S1', 'LOCAL', '[]', '[]', 'T1', '2026-11-23T09:00:00Z', 60, \
            '[]', '2026-11-23T09:00:00Z')
            """, "needs a SIGNED consent"),
        Guard(
            after: "plan.drafted",
            """
            INSERT INTO surgical_case (id, surgical_case, plan, plan_version, mrn, state, procedures, surgeon, \
            anesthesia, team, equipment, theater, starts_at, minutes, remarks, created_at) VALUES ('C-9', 'C-9', \
            'P-1', 1, '10000016', 'SCHEDULED', '[{}]', 'S1', 'LOCAL', '[]', '[]', 'T1', '2026-11-23T09:00:00Z', 60, \
            '[]', '2026-11-23T09:00:00Z')
            """, "a case beyond CREATED needs"),
        Guard(
            after: "case.created",
            "UPDATE consent SET state = 'WITHDRAWN', ended_at = issued_at; UPDATE surgical_case SET state = 'SCHEDULED'",
            "needs a SIGNED consent"),
        Guard(
            after: "case.scheduled",
            """
            UPDATE procedure_plan SET state = 'CANCELLED'; \
            UPDATE surgical_case SET state = 'IN_PROGRESS', started_at = starts_at
            """, "needs an APPROVED plan"),
        Guard(
            after: "case.scheduled",
            """
            INSERT INTO stock_movement (id, number, movement, sku, lot, location, change, surgical_case, occurred_at, \
            source, reference) VALUES ('9', 9, 'USE', 'IMP-300', 'L1', 'MAIN', -1, 'C-1', '2026-11-23T09:00:00Z', \
            's', 'r')
            """, "needs a case IN_PROGRESS"),
        Guard(
            after: "case.scheduled",
            """
            INSERT INTO stock_movement (id, number, movement, sku, lot, location, change, occurred_at, \
            source, reference) VALUES ('9', 9, 'USE', 'IMP-300', 'L1', 'MAIN', -1, '2026-11-23T09:00:00Z', 's', 'r')
            """, "CHECK constraint failed"),
        Guard(
            after: "case.started",
            """
            INSERT INTO bill (id, number, type, surgical_case, plan, mrn, state, currency, lines, net, tax, gross, \
            insurer_share, write_off, patient_share, patient_paid, insurer_paid, issued_at, due_on) VALUES ('B-000001', 'B-000001', \
            'INVOICE', 'C-1', 'P-1', '10000016', 'ISSUED', 'GBP', '[]', 0, 0, 0, 0, 0, 0, 0, 0, 'now', 'then')
            """, "needs a case COMPLETED or ABANDONED"),
        Guard(
            after: "case.completed",
            """
            INSERT INTO bill (id, number, type, surgical_case, plan, mrn, state, currency, lines, net, tax, gross, \
            insurer_share, write_off, patient_share, patient_paid, insurer_paid, issued_at, due_on) VALUES ('B-000001', 'B-000001', \
            'INVOICE', 'C-1', 'P-1', '10000016', 'ISSUED', 'GBP', '[]', 5, 0, 5, 0, 0, 5, 0, 0, 'now', 'then')
            """, "is the sum of its lines"),
        Guard(
            after: "plan.drafted",
            """
            INSERT INTO requirement (id, plan, code, mrn, category, state, ordered_at) \
            VALUES ('P-9/HB', 'P-9', 'HB', '10000016', 'LAB', 'ORDERED', 'now')
            """, "needs an APPROVED plan"),
    ]

    @Test("the pathway cannot be broken", arguments: chain)
    func pathway(it: Guard) throws { try refuses(it) }

    /// A bill like the first, with another number, and what a statement says instead.
    private static func another(_ number: String, _ instead: String) -> String {
        """
        CREATE TEMP TABLE copy AS SELECT * FROM bill WHERE id = 'B-000001'; \
        UPDATE copy SET id = '\(number)', number = '\(number)', \(instead); INSERT INTO bill SELECT * FROM copy
        """
    }

    /// A payment like the first, with another reference, and what a statement says instead.
    private static func payment(_ reference: String, _ instead: String) -> String {
        """
        CREATE TEMP TABLE copy AS SELECT * FROM payment WHERE id = 'finance/1'; \
        UPDATE copy SET id = 'finance/\(reference)', reference = '\(reference)', allocations = '[]', returned = 0, \
        transaction_id = '\(reference)', receipt = 'R-000003', \(instead); INSERT INTO payment SELECT * FROM copy
        """
    }

    private static let credit =
        "type = 'CREDIT_NOTE', of_bill = 'B-000001', lines = '[]', net = 0, tax = 0, gross = 0, "
        + "insurer_share = 0, write_off = 0, patient_share = 0"

    static let money: [Guard] = [
        Guard(after: "payment.refunded", another("B-000009", "reason = NULL"), "the numbers of bills have no gaps"),
        Guard(
            after: "payment.refunded", another("B-000003", "patient_share = 0, write_off = 476000"), "sum of its lines"),
        Guard(after: "payment.refunded", another("B-000003", "rounding = 1, patient_share = 470001"), "CHECK"),
        Guard(after: "payment.refunded", another("B-000003", "patient_paid = 470001"), "CHECK"),
        Guard(after: "payment.refunded", another("B-000003", credit), "CHECK"),
        Guard(after: "payment.refunded", another("B-000003", "\(credit), change = 'CREDIT', reason = 'r'"), "CHECK"),
        Guard(
            after: "payment.refunded",
            another("B-000003", "\(credit), change = 'CREDIT', reason = 'r', requested_by = 'F1', approved_by = 'F1'"),
            "CHECK"),
        Guard(
            after: "bill.issued", "UPDATE bill SET state = 'CANCELLED' WHERE id = 'B-000001'", "CHECK"),
        Guard(
            after: "payment.refunded", "UPDATE bill SET approved_by = 'F9' WHERE id = 'B-000002'",
            "who changed a bill and why never changes"),
        Guard(after: "payment.refunded", "UPDATE bill SET deductible = 0 WHERE id = 'B-000001'", "never changes"),
        Guard(after: "payment.refunded", "UPDATE bill SET state = 'PAID' WHERE id = 'B-000001'", "CHECK"),
        Guard(
            after: "payment.refunded",
            "UPDATE bill SET state = 'ADJUSTED'; UPDATE bill SET state = 'ISSUED'", "does not follow its own"),
        Guard(after: "payment.refunded", payment("3", "receipt = 'R-000009'"), "the numbers of receipts have no gaps"),
        Guard(after: "payment.refunded", payment("3", "receipt = 'R-000002'"), "takes the place of another"),
        Guard(after: "payment.refunded", payment("3", "receipt = NULL"), "CHECK"),
        Guard(
            after: "payment.refunded", payment("3", "processor = 'STRIPE', transaction_id = 'tx-1'"),
            "takes the place of another"),
        Guard(after: "payment.refunded", payment("3", "amount = -1"), "CHECK"),
        Guard(
            after: "payment.refunded", payment("3", "type = 'REFUND', original = 'finance/1', returned = amount"),
            "no more goes back than came"),
        Guard(
            after: "payment.received",
            payment("3", "type = 'REFUND', original = 'finance/1', returned = amount, approved_by = requested_by"),
            "CHECK"),
        Guard(
            after: "payment.refunded", "UPDATE payment SET returned = 100000 WHERE id = 'finance/1'",
            "no more is spent than came"),
        Guard(
            after: "payment.refunded", "UPDATE payment SET returned = 0 WHERE id = 'finance/1'",
            "what went back never comes again"),
        Guard(
            after: "payment.refunded", "UPDATE payment SET allocations = '[]' WHERE id = 'finance/1'",
            "allocations are added, never changed"),
        Guard(after: "payment.refunded", "UPDATE payment SET reason = 'x'", "a posted payment never changes"),
    ]

    @Test("bills and payments keep what a bookkeeper relies on", arguments: money)
    func bookkeeping(it: Guard) throws { try refuses(it) }

    static let locked: [Guard] = [
        Guard(
            after: "consent.issued",
            """
            UPDATE consent SET state = 'PARTIALLY_SIGNED', signatures = '[{"party": "PATIENT", "signer": "A", \
            "signed_at": "2026-11-23T09:00:00Z", "meaning": "yes", "sha256": "00"}]'
            """, "repeats the hash"),
        Guard(
            after: "consent.issued",
            """
            UPDATE consent SET state = 'PARTIALLY_SIGNED', signatures = json_array(json_object('party', 'PATIENT', \
            'signer', '', 'signed_at', '2026-11-23T09:00:00Z', 'meaning', 'yes', 'sha256', sha256))
            """, "with printed name"),
        Guard(
            after: "consent.issued",
            """
            UPDATE consent SET state = 'PARTIALLY_SIGNED', signatures = json_array(json_object('party', 'PATIENT', \
            'signer', 'A', 'signed_at', '2026-11-23T09:00:00Z', 'meaning', 'yes', 'sha256', sha256)); \
            UPDATE consent SET signatures = json_array(json_object('party', 'PATIENT', \
            'signer', 'B', 'signed_at', '2026-11-23T09:00:00Z', 'meaning', 'yes', 'sha256', sha256))
            """, "a signature is never changed"),
        Guard(after: "consent.issued", "UPDATE consent SET state = 'PARTIALLY_SIGNED'", "CHECK constraint failed"),
        Guard(after: "consent.issued", "UPDATE consent SET state = 'WITHDRAWN'", "CHECK constraint failed"),
        Guard(
            after: "consent.issued",
            """
            UPDATE consent SET state = 'DECLINED', ended_at = 'now'; \
            UPDATE consent SET state = 'ISSUED', ended_at = NULL
            """, "does not follow its own"),
        Guard(after: "plan.approved", "UPDATE procedure_plan SET templates = '[]'", "an approved plan never changes"),
        Guard(after: "plan.approved", "UPDATE procedure_plan SET surgeon = 'S2'", "an approved plan never changes"),
        Guard(
            after: "plan.approved",
            """
            INSERT INTO procedure_plan (id, plan, version, state, mrn, consultation, surgeon, procedures, anesthesia, \
            purpose, items, requirements, templates, drafted_at) VALUES ('P-1#2', 'P-1', 2, 'DRAFT', '10000016', \
            'K-1', 'S1', '[{}]', 'LOCAL', 'COSMETIC', '[]', '[]', '[]', 'now'); \
            UPDATE procedure_plan SET state = 'APPROVED', approved_at = 'now', approved_by = 'S1' WHERE version = 2
            """, "takes the place of another"),
        Guard(
            after: "plan.drafted",
            """
            INSERT INTO requirement (id, plan, code, mrn, category, state, ordered_at) \
            VALUES ('P-1/HB', 'P-1', 'HB', '10000016', 'LAB', 'ORDERED', 'now')
            """, "needs an APPROVED plan"),
        Guard(
            after: "plan.approved", "UPDATE clearance SET state = 'CLEARED', cleared_at = 'now', cleared_by = 'A1'",
            "a requirement of the plan is open"),
        Guard(
            after: "preop.result-received",
            """
            UPDATE procedure_plan SET state = 'CANCELLED'; \
            UPDATE clearance SET state = 'CLEARED', cleared_at = 'now', cleared_by = 'A1'
            """, "a clearance needs an APPROVED plan"),
        Guard(after: "preop.result-received", "UPDATE clearance SET state = 'CLEARED'", "CHECK constraint failed"),
        Guard(after: "plan.approved", "UPDATE clearance SET state = 'DEFERRED'", "CHECK constraint failed"),
        Guard(after: "plan.approved", "UPDATE clearance SET state = 'LAPSED'", "does not follow its own"),
        Guard(after: "plan.approved", "UPDATE requirement SET state = 'WAIVED'", "CHECK constraint failed"),
        Guard(after: "plan.approved", "UPDATE requirement SET state = 'MET'", "CHECK constraint failed"),
        Guard(after: "plan.approved", "UPDATE requirement SET mrn = '10000024'", "keeps its plan and patient"),
        Guard(after: "consent.signed", "UPDATE consent SET signatures = '[]'", "a signed consent is locked"),
        Guard(after: "consent.signed", "UPDATE consent SET clauses = '[]'", "a signed consent is locked"),
        Guard(
            after: "consent.issued", "UPDATE consent SET sha256 = hex(zeroblob(32))", "what was issued never changes"),
        Guard(after: "consent.signed", "UPDATE consent SET state = 'ISSUED'", "does not follow its own"),
        Guard(after: "consent.issued", "UPDATE consent_snapshot SET text = 'x'", "a row is never changed"),
        Guard(
            after: "plan.approved", "UPDATE procedure_plan SET procedures = '[{}]'", "an approved plan never changes"),
        Guard(after: "plan.approved", "UPDATE procedure_plan SET state = 'DRAFT'", "does not follow its own"),
        Guard(after: "plan.drafted", "UPDATE procedure_plan SET state = 'FULFILLED', approved_at = 'x'", "follow"),
        Guard(after: "plan.drafted", "UPDATE procedure_plan SET state = 'APPROVED'", "CHECK constraint failed"),
        Guard(
            after: "consultation.completed", "UPDATE consultation SET state = 'CANCELLED', completed_at = NULL",
            "follow"),
        Guard(after: "consultation.completed", "UPDATE consultation SET notes = '[]'", "amended, never replaced"),
        Guard(after: "preop.cleared", "UPDATE clearance SET state = 'PENDING'", "does not follow its own"),
        Guard(
            after: "case.created", "UPDATE surgical_case SET state = 'COMPLETED', started_at = 'a', ended_at = 'b'",
            "follow"),
        Guard(after: "case.completed", "UPDATE surgical_case SET state = 'IN_PROGRESS'", "does not follow its own"),
        Guard(after: "case.completed", "UPDATE surgical_case SET state = 'CANCELLED'", "does not follow its own"),
        Guard(after: "case.started", "UPDATE surgical_case SET state = 'POSTPONED'", "does not follow its own"),
        Guard(
            after: "case.completed",
            """
            CREATE TEMP TABLE copy AS SELECT * FROM surgical_case; UPDATE copy SET state = 'CREATED'; \
            INSERT OR REPLACE INTO surgical_case SELECT * FROM copy
            """, "never takes the place of another"),
        Guard(
            after: "case.completed", "UPDATE OR IGNORE surgical_case SET state = 'SCHEDULED'",
            "does not follow its own"),
        Guard(
            after: "case.created",
            """
            INSERT INTO booking VALUES ('x', 'C-1', 'THEATER', 'T1', '2026-11-23T09:00:00Z', '2026-11-23T10:00:00Z', 1)
            """, "an active booking needs a booked case"),
        Guard(
            after: "case.scheduled", "UPDATE booking SET starts_at = '2026-11-23 08:00:00'", "CHECK constraint failed"),
        Guard(after: "case.scheduled", "UPDATE booking SET ends_at = starts_at", "CHECK constraint failed"),
        Guard(after: "case.completed", "UPDATE surgical_case SET mrn = '10000024'", "keeps its plan and patient"),
        Guard(after: "case.completed", "UPDATE surgical_case SET procedures = '[{}]'", "under way keeps its operation"),
        Guard(after: "payment.refunded", "UPDATE bill SET gross = gross + 1, net = net + 1", "never changes"),
        Guard(after: "payment.refunded", "UPDATE bill SET lines = '[]'", "an issued bill never changes"),
        Guard(after: "payment.refunded", "UPDATE bill SET due_on = '2030-01-01'", "an issued bill never changes"),
        Guard(after: "payment.refunded", "UPDATE payment SET amount = 1", "a posted payment never changes"),
        Guard(after: "payment.refunded", "UPDATE payment SET mrn = '10000024'", "a posted payment never changes"),
        Guard(after: "payment.refunded", "UPDATE payment SET currency = 'EUR'", "a posted payment never changes"),
        Guard(after: "payment.refunded", "UPDATE payment SET receipt = NULL", "a receipt never changes"),
        Guard(after: "payment.refunded", "UPDATE payment SET state = 'RECEIVED'", "does not follow its own"),
        Guard(after: "inventory.used", "UPDATE stock_movement SET change = -2 WHERE number = 2", "never changed"),
        Guard(after: "inventory.used", "UPDATE incident SET code = 'x'", "a row is never changed"),
        Guard(
            after: "inventory.used", "UPDATE inventory_lot SET on_hand = 1", "FOREIGN KEY constraint failed"),
        Guard(after: "inventory.used", "UPDATE stock_balance SET on_hand = 1", "by movements only"),
        Guard(after: "inventory.used", "UPDATE stock_balance SET on_hand = 1, last = 9", "by movements only"),
        Guard(after: "inventory.used", "DELETE FROM stock_balance", "nothing is ever deleted"),
        Guard(after: "inventory.used", "UPDATE serial_unit SET side = 'RIGHT'", "a used device stays"),
        Guard(after: "inventory.recalled", "UPDATE inventory_lot SET state = 'AVAILABLE'", "while a recall stands"),
        Guard(after: "inventory.recalled", "UPDATE recall SET lot = 'L2'", "a recall keeps"),
        Guard(
            after: "inventory.recalled",
            "UPDATE recall SET state = 'VOIDED'; UPDATE recall SET state = 'OPEN'", "follow"),
        Guard(
            after: "inventory.used",
            """
            INSERT INTO stock_movement (id, number, movement, sku, lot, location, change, occurred_at, source, \
            reference) VALUES ('9', 9, 'DISPOSE', 'IMP-300', 'L1', 'MAIN', -3, '2026-11-23T09:00:00Z', 's', 'r')
            """, "CHECK constraint failed: on_hand >= 0"),
        Guard(
            after: "inventory.used",
            """
            INSERT INTO stock_movement (id, number, movement, sku, lot, location, change, occurred_at, source, \
            reference) VALUES ('9', 9, 'RECEIVE', 'IMP-300', 'L1', 'MAIN', 3, '2026-11-23T09:00:00Z', 's', 'r')
            """, "FOREIGN KEY constraint failed"),
        Guard(
            after: "inventory.used",
            """
            INSERT INTO stock_movement (id, number, movement, sku, lot, location, change, occurred_at, source, \
            reference) VALUES ('9', 9, 'DISPOSE', 'IMP-300', 'L1', 'MAIN', 1, '2026-11-23T09:00:00Z', 's', 'r')
            """, "CHECK constraint failed"),
        Guard(
            after: "inventory.used",
            """
            INSERT INTO stock_movement (id, number, movement, sku, lot, location, change, original, occurred_at, \
            source, reference) VALUES ('9', 9, 'VOID', 'IMP-300', 'L1', 'MAIN', 2, 2, '2026-11-23T09:00:00Z', 's', 'r')
            """, "a VOID is the inverse of its original"),
        Guard(
            after: "inventory.used",
            """
            INSERT INTO stock_movement (id, number, movement, sku, lot, location, change, original, occurred_at, \
            source, reference) VALUES ('9', 9, 'VOID', 'IMP-300', 'L1', 'MAIN', 0, 2, '2026-11-23T09:00:00Z', 's', \
            'r'), ('8', 8, 'VOID', 'IMP-300', 'L1', 'MAIN', 0, 2, '2026-11-23T09:00:00Z', 's', 'r')
            """, "a VOID is the inverse of its original"),
        Guard(
            after: "inventory.used",
            """
            INSERT INTO stock_movement (id, number, movement, sku, lot, location, change, surgical_case, mrn, \
            occurred_at, source, reference) VALUES ('9', 9, 'USE', 'IMP-300', 'L1', 'MAIN', -1, 'C-1', '10000024', \
            '2026-11-23T09:00:00Z', 's', 'r')
            """, "the patient is that of the case"),
        Guard(
            after: "inventory.used",
            """
            INSERT INTO inventory_lot (id, sku, lot, location, state, on_hand, reserved, received_at) \
            VALUES ('x', 'IMP-300', 'L2', 'MAIN', 'AVAILABLE', 5, 0, '2026-11-23T09:00:00Z')
            """, "FOREIGN KEY constraint failed"),
        Guard(
            after: "inventory.used",
            """
            INSERT INTO inventory_lot (id, sku, lot, location, state, on_hand, reserved, received_at) \
            VALUES ('x', 'IMP-300', 'L2', 'MAIN', 'AVAILABLE', -5, 0, '2026-11-23T09:00:00Z')
            """, "CHECK constraint failed"),
        Guard(
            after: "inventory.used", "UPDATE inventory_lot SET on_hand = -1, reserved = 0", "CHECK constraint failed"),
        Guard(after: "inventory.used", "UPDATE inventory_lot SET reserved = on_hand + 1", "CHECK constraint failed"),
        Guard(after: "inventory.used", "UPDATE inventory_lot SET reserved = -1", "CHECK constraint failed"),
        Guard(
            after: "inventory.used",
            "UPDATE inventory_lot SET state = 'RECALLED'; UPDATE inventory_lot SET state = 'AVAILABLE'", "follow"),
        Guard(after: "inventory.used", "UPDATE serial_unit SET state = 'GONE'", "does not follow its own"),
        Guard(
            after: "preop.cleared",
            "UPDATE reservation SET state = 'RELEASED'; UPDATE reservation SET state = 'ACTIVE'", "follow"),
        Guard(after: "patient.registered", "UPDATE patient SET state = 'MERGED'", "CHECK constraint failed"),
        Guard(after: "patient.registered", "UPDATE registration SET mrn = '10000024'", "keeps its patient"),
        Guard(
            after: "patient.registered",
            "UPDATE account SET state = 'CLOSED'; UPDATE account SET state = 'ACTIVE'", "follow"),
        Guard(after: "patient.registered", "UPDATE credential SET password_hash = 'plain'", "CHECK constraint failed"),
        Guard(
            after: "patient.registered", "UPDATE patient SET mrn = '10000099', id = '10000099'", "a row keeps its key"),
        Guard(
            after: "patient.registered", "UPDATE patient SET state_before_merge = 'ACTIVE'", "CHECK constraint failed"),
        Guard(
            after: "patient.registered",
            """
            UPDATE patient SET state = 'MERGED', merged_into = '10000024' WHERE id = '10000016'; \
            UPDATE patient SET state = 'MERGED', merged_into = '10000016' WHERE id = '10000024'
            """, "not merged in a circle"),
        Guard(
            after: "patient.registered", "UPDATE account SET state = 'ACTIVE', verified_at = NULL",
            "CHECK constraint failed"),
        Guard(
            after: "patient.registered",
            """
            INSERT INTO account (id, mrn, email, role, state, opened_at, failed_attempts) VALUES ('10000024', \
            '10000024', 'zoe@example.test', 'PATIENT', 'PENDING_VERIFICATION', '2026-11-23T09:00:00Z', 0)
            """, "takes the place of another"),
        Guard(
            after: "patient.doubted", "UPDATE possible_duplicate SET state_before = 'OPEN'", "CHECK constraint failed"),
        Guard(
            after: "consultation.scheduled",
            """
            INSERT INTO consultation (id, consultation, mrn, surgeon, state, starts_at, minutes, visit, notes) VALUES \
            ('K-2', 'K-2', '10000024', 'S1', 'SCHEDULED', '2026-11-23T09:29:00Z', 30, 'FIRST', '[]')
            """, "surgeon is not free"),
        Guard(
            after: "consultation.scheduled",
            """
            INSERT INTO consultation (id, consultation, mrn, surgeon, state, starts_at, minutes, visit, notes) VALUES \
            ('K-2', 'K-2', '10000024', 'S1', 'SCHEDULED', '2026-11-23T09:30:00Z', 30, 'FIRST', '[]'); \
            UPDATE consultation SET starts_at = '2026-11-23T09:15:00Z' WHERE id = 'K-2'
            """, "surgeon is not free"),
        Guard(
            after: "case.scheduled",
            """
            INSERT INTO consultation (id, consultation, mrn, surgeon, state, starts_at, minutes, visit, notes) VALUES \
            ('K-2', 'K-2', '10000024', 'S1', 'SCHEDULED', '2026-11-23T11:29:00Z', 30, 'FIRST', '[]')
            """, "surgeon is not free"),
        Guard(after: "records.requested", "UPDATE records_request SET state = 'GIVEN'", "does not follow its own"),
        Guard(
            after: "records.requested", "UPDATE records_request SET state = 'RELEASED', released_by = NULL",
            "CHECK constraint failed"),
        Guard(after: "patient.registered", "UPDATE ledger SET kind = 'x'", "append only"),
        Guard(after: "patient.registered", "DELETE FROM ledger", "append only"),
        Guard(after: "patient.registered", "UPDATE ledger_payload SET payload = x'7B7D'", "append only"),
        Guard(after: "patient.registered", "DELETE FROM ledger_payload", "append only"),
        Guard(
            after: "patient.registered",
            """
            INSERT INTO ledger (stream, sequence, occurred_at, decided_at, kind, subject, configuration, payload_hash, \
            previous_hash, hash) VALUES ('main', 99, '', '', '', '', '', zeroblob(32), zeroblob(32), zeroblob(32))
            """, "no gaps"),
    ]

    @Test("what is fixed stays, and states follow their order", arguments: locked)
    func fixed(it: Guard) throws { try refuses(it) }

    @Test(
        "nothing is ever deleted",
        arguments: [
            "patient", "registration", "account", "credential", "possible_duplicate", "consultation", "procedure_plan",
            "plan_number", "consent", "consent_snapshot", "requirement", "clearance", "surgical_case", "booking",
            "inventory_lot", "serial_unit", "stock_movement", "stock_balance", "reservation", "recall", "incident",
            "bill", "bill_due", "discount", "payment", "records_request",
        ])
    func deletion(table: String) throws {
        try refuses(Guard(after: "records.requested", "DELETE FROM \(table)", "nothing is ever deleted"))
    }

    @Test(
        "every state is checked",
        arguments: [
            "patient", "account", "possible_duplicate", "consultation", "procedure_plan", "consent", "requirement",
            "clearance", "surgical_case", "inventory_lot", "serial_unit", "reservation", "recall", "bill", "bill_due",
            "discount", "payment", "records_request",
        ])
    func states(table: String) throws {
        let bench = try Workbench()
        try bench.tell()
        try bench.dropTriggers()
        let error = #expect(throws: DatabaseError.self) { try bench.sql("UPDATE \(table) SET state = 'BROKEN'") }
        #expect(error?.message?.contains("CHECK constraint failed") == true)
    }

    @Test("two active bookings of one theater, person, equipment or patient cannot overlap")
    func overlap() throws {
        let bench = try Workbench()
        try bench.tell(upTo: "case.scheduled")
        func book(_ id: String, _ resource: String, _ resourceID: String, _ from: String, _ to: String) throws {
            try bench.sql(
                """
                INSERT INTO booking (id, surgical_case, resource, resource_id, starts_at, ends_at, is_active) \
                VALUES ('\(id)', 'C-1', '\(resource)', '\(resourceID)', '2026-11-23T\(from)Z', '2026-11-23T\(to)Z', 1)
                """)
        }
        for (resource, id) in [("THEATER", "T1"), ("STAFF", "S1"), ("PATIENT", bench.samples.mrn.rawValue)] {
            let error = #expect(throws: DatabaseError.self) { try book("x", resource, id, "11:29:00", "12:00:00") }
            #expect(error?.message == "booking: two active bookings of one resource overlap")
        }
        try book("back to back", "THEATER", "T1", "11:30:00", "12:00:00")
        try book("microscope", "EQUIPMENT", "M", "09:00:00", "10:00:00")
        #expect(throws: DatabaseError.self) { try book("y", "EQUIPMENT", "M", "08:00:00", "09:00:01") }
        #expect(throws: DatabaseError.self) {
            try bench.sql("UPDATE booking SET starts_at = '2026-11-23T11:00:00Z' WHERE id = 'back to back'")
        }
        try bench.sql("UPDATE booking SET is_active = 0 WHERE resource = 'THEATER' AND id <> 'back to back'")
        try bench.sql("UPDATE booking SET starts_at = '2026-11-23T11:00:00Z' WHERE id = 'back to back'")
        #expect(throws: DatabaseError.self) { try bench.sql("UPDATE booking SET is_active = 1") }
    }

    @Test("a plan has one approved version: the old one is superseded before the new one is approved")
    func oneApprovedVersion() throws {
        let bench = try Workbench()
        try bench.tell(upTo: "plan.approved")
        let samples = bench.samples
        var draft = samples.draft
        draft.version = 2
        var superseded = samples.approved
        superseded.state = .superseded
        var approved = samples.approved
        approved.version = 2
        try bench.write { try $0.apply(samples.event("plan.revised", draft)) }
        #expect(throws: (any Error).self) {
            try bench.write { try $0.apply(samples.event("plan.approved", approved)) }
        }
        try bench.write { try $0.apply(samples.event("plan.approved", superseded, approved)) }
        #expect(try bench.write { try $0.all(ProcedurePlan.self) } == [superseded, approved])
    }

    @Test(
        "a booking that is moved, lengthened, handed on or woken up cannot come to overlap another",
        arguments: [
            "SET starts_at = '2026-11-23T11:29:59Z'", "SET starts_at = '2026-11-23T08:00:00Z'",
            "SET starts_at = '2026-11-23T10:00:00Z', ends_at = '2026-11-23T10:10:00Z'",
        ], ["UPDATE", "UPDATE OR IGNORE", "UPDATE OR REPLACE"])
    func moves(change: String, statement: String) throws {
        let bench = try Workbench()
        try bench.tell(upTo: "case.scheduled")
        // C-1 has T1 from 9:00 to 11:30.
        try bench.sql(
            """
            INSERT INTO booking VALUES ('x', 'C-1', 'THEATER', 'T1', '2026-11-23T11:30:00Z', '2026-11-23T12:00:00Z', 1)
            """)
        let moved = #expect(throws: DatabaseError.self) {
            try bench.sql("\(statement) booking \(change) WHERE id = 'x'")
        }
        #expect(moved?.message == "booking: two active bookings of one resource overlap")
        // The same place in another theater is free, until it is handed on to this one.
        try bench.sql("UPDATE booking SET resource_id = 'T2' WHERE id = 'x'")
        try bench.sql("UPDATE booking \(change) WHERE id = 'x'")
        #expect(throws: DatabaseError.self) { try bench.sql("\(statement) booking SET resource_id = 'T1'") }
        try bench.sql("UPDATE booking SET resource_id = 'T1', is_active = 0 WHERE id = 'x'")
        #expect(throws: DatabaseError.self) { try bench.sql("\(statement) booking SET is_active = 1") }
        #expect(throws: DatabaseError.self) {
            try bench.sql(
                "INSERT OR REPLACE INTO booking SELECT id, surgical_case, resource, resource_id, starts_at, ends_at, 1 FROM booking WHERE id = 'x'"
            )
        }
    }

    @Test("a case passes from state to state only as the pathway says")
    func caseTransitions() throws {
        let lawful: [String: Set<String>] = [
            "CREATED": ["SCHEDULED", "CANCELLED"], "SCHEDULED": ["POSTPONED", "IN_PROGRESS", "CANCELLED"],
            "POSTPONED": ["SCHEDULED", "CANCELLED"], "IN_PROGRESS": ["COMPLETED", "ABANDONED"], "COMPLETED": [],
            "CANCELLED": [], "ABANDONED": [],
        ]
        let ways: [String: (event: String, then: String?)] = [
            "CREATED": ("case.created", nil), "SCHEDULED": ("case.scheduled", nil),
            "POSTPONED": ("case.scheduled", "POSTPONED"), "IN_PROGRESS": ("case.started", nil),
            "COMPLETED": ("case.completed", nil), "CANCELLED": ("case.created", "CANCELLED"),
            "ABANDONED": ("case.started", "ABANDONED"),
        ]
        for (from, way) in ways {
            for to in lawful.keys where to != from {
                let bench = try Workbench()
                try bench.tell(upTo: way.event)
                func pass(_ state: String) throws {
                    try bench.sql(
                        """
                        UPDATE surgical_case SET state = '\(state)', started_at = coalesce(started_at, starts_at), \
                        ended_at = coalesce(ended_at, started_at, starts_at)
                        """)
                }
                if let then = way.then { try pass(then) }
                if lawful[from, default: []].contains(to) {
                    #expect(throws: Never.self, "\(from) to \(to)") { try pass(to) }
                } else {
                    let error = #expect(throws: DatabaseError.self, "\(from) to \(to)") { try pass(to) }
                    #expect(error?.message?.contains("does not follow its own") == true, "\(from) to \(to)")
                }
            }
        }
    }

    @Test("a booking is shortened when its case ends early, and the theater is free for another")
    func shortened() throws {
        let bench = try Workbench()
        try bench.tell(upTo: "case.completed")
        try bench.sql("UPDATE booking SET ends_at = '2026-11-23T10:00:00Z' WHERE resource = 'THEATER'")
        try bench.sql(
            """
            INSERT INTO booking VALUES ('x', 'C-1', 'THEATER', 'T1', '2026-11-23T10:00:00Z', '2026-11-23T12:00:00Z', 1)
            """)
    }

    @Test("a plan has one open case")
    func oneOpenCase() throws {
        let bench = try Workbench()
        try bench.tell(upTo: "case.created")
        var second = bench.samples.surgicalCase(.created)
        second.surgicalCase = CaseID("C-2")
        #expect(throws: SchemaRefusal.self) {
            try bench.write { try $0.apply(bench.samples.event("case.created", second)) }
        }
    }

    private func refuses(_ it: Guard) throws {
        let bench = try Workbench()
        try bench.tell(upTo: it.upTo)
        let error = #expect(throws: DatabaseError.self) { try bench.sql(it.sql) }
        #expect(error?.resultCode == .SQLITE_CONSTRAINT)
        #expect(error?.message?.contains(it.refusal) == true, "\(error?.message ?? "nothing")")
        #expect(try bench.clinic.read { try $0.verify() }.isSound)
    }
}
