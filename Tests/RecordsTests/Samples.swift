import Clinic
import ClinicTesting
import Foundation
import GRDB
import Records
import Testing

/// One patient's way through the clinic as events, every property of every entity filled.
struct Samples {
    let time = Instant.at("2026-11-23T09:00:00Z")
    let mrn = MRN(sequence: 1)
    let otherMRN = MRN(sequence: 2)
    let plan = PlanID("P-1")
    let caseID = CaseID("C-1")
    let hash = String(repeating: "a", count: 64)

    var patient: Patient {
        var patient = Patient(
            mrn: mrn, givenName: "Zoë \"Zo\"", familyName: "O'Neil", birthDate: .on("1990-02-28"), sex: .female,
            registeredAt: time)
        patient.middleName = "M"
        patient.preferredName = "Zo"
        patient.email = "zoe@example.test"
        patient.phone = "+44 20"
        patient.address = "1 Street\nFlat 2"
        patient.city = "London"
        patient.region = "Greater London"
        patient.postalCode = "N1"
        patient.country = "GB"
        patient.nationalID = "NI-1"
        patient.language = "en"
        patient.occupation = "Baker"
        patient.referralSource = "Friend"
        patient.allergies = []
        patient.medications = ["Aspirin"]
        patient.conditions = ["Asthma"]
        patient.previousSurgeries = ["Appendix"]
        patient.smoker = false
        patient.heightCentimeters = 170
        patient.weightKilograms = 65
        patient.emergencyContact = "Max"
        patient.emergencyPhone = "+44 21"
        patient.guardianName = "Ann"
        patient.guardianRelation = "Mother"
        patient.coverage = .init(insurer: "ACME", policyNumber: "1", from: .on("2026-01-01"), to: .on("2026-12-31"))
        patient.contactConsent = true
        patient.enteredBy = "SELF"
        patient.identifiers = ["NHS/1", "LAB/é"]
        return patient
    }

    var mergedPatient: Patient {
        var patient = Patient(
            mrn: otherMRN, givenName: "Zoe", familyName: "ONeil", birthDate: .on("1990-02-28"), sex: .unknown,
            registeredAt: time)
        patient.state = .active
        patient.lastMerge = .init(at: time, images: [self.patient.image])
        patient.asToldItself = [patient.image]
        return patient
    }

    var registration: Registration {
        Registration(source: "kiosk", reference: "K-1", mrn: mrn, registeredAt: time)
    }

    var account: PatientAccount {
        var account = PatientAccount(mrn: mrn, email: "zoe@example.test", openedAt: time)
        account.verifiedAt = time
        return account
    }

    var credential: Credential {
        Credential(
            mrn: mrn, passwordHash: "$2b$12$abcdefghijklmnopqrstuv", tokenSHA256: hash, tokenExpiresAt: time)
    }

    var duplicate: PossibleDuplicate {
        PossibleDuplicate(
            mrn, otherMRN, comparisons: [.init("family name", .different, -300), .init("phone", .different, -20)])
    }

    var consultation: Consultation {
        var consultation = Consultation(
            consultation: ConsultationID("K-1"), mrn: mrn, surgeon: StaffID("S1"), state: .scheduled, startsAt: time,
            minutes: 30, visit: "FIRST")
        consultation.inPerson = true
        consultation.reason = "Advice"
        consultation.historyReviewed = true
        consultation.examined = false
        consultation.screening = "BDD negative"
        consultation.shareNotes = true
        return consultation
    }

    var completedConsultation: Consultation {
        var consultation = consultation
        var note = Consultation.Note(version: 1, notes: "Seen", writtenAt: time)
        note.goals = "Volume"
        note.findings = "None"
        note.advice = "Implants"
        note.actor = "S1"
        consultation.notes = [note]
        consultation.state = .completed
        consultation.completedAt = time
        return consultation
    }

    var draft: ProcedurePlan {
        var draft = ProcedurePlan(
            plan: plan, version: 1, state: .draft, mrn: mrn, consultation: consultation.consultation,
            surgeon: StaffID("S1"),
            procedures: [.init(code: ProcedureCode("BREAST-AUG"), side: .bilateral, price: Money(minorUnits: 480_000))],
            anesthesia: .general, purpose: .cosmetic, draftedAt: time)
        draft.authorization = "AUTH"
        draft.estimate = Money(minorUnits: 500_000)
        draft.currency = "GBP"
        draft.quoteValidUntil = .on("2026-12-31")
        draft.plannedFor = .on("2026-12-10")
        draft.volumeMilliliters = 300
        draft.items = [.init(sku: SKU("IMP-300"), quantity: 2)]
        draft.requirements = [RequirementCode("HB")]
        draft.details = "Round"
        return draft
    }

    var approved: ProcedurePlan {
        var approved = draft
        approved.state = .approved
        approved.approvedAt = time
        approved.approvedBy = StaffID("S1")
        approved.templates = [.init(name: "breast-augmentation", version: 1), .init(name: "liposuction", version: 2)]
        approved.reason = "As agreed"
        return approved
    }

    var consent: Consent {
        var consent = Consent(
            consent: ConsentID("CO-1"), purpose: .surgical, plan: plan, planVersion: 1,
            consultation: consultation.consultation, mrn: mrn, template: "breast-augmentation", templateVersion: 1,
            sha256: hash, parties: [.patient, .surgeon], clauses: [.init(clause: "C1", isRequired: true)],
            issuedAt: time)
        consent.aliases = [ConsentID("THEIRS-1")]
        return consent
    }

    var signedConsent: Consent {
        var consent = consent
        consent.state = .signed
        consent.clauses = [.init(clause: "C1", isRequired: true, acknowledgedAt: time)]
        consent.signatures = consent.parties.map { party in
            var signature = Consent.Signature(
                party: party, signer: "Somebody", signedAt: time, sha256: hash, meaning: "I consent")
            signature.signerID = "S1"
            signature.method = "DRAWN"
            return signature
        }
        var question = Consent.Question(text: "How long?", askedAt: time)
        question.answer = "Two hours"
        question.answeredAt = time
        question.answeredBy = "S1"
        consent.questions = [question]
        consent.signedAt = time
        return consent
    }

    var snapshot: ConsentSnapshot {
        ConsentSnapshot(consent: consent.consent, title: "Consent", text: "## Risks\n- [C1!] é\n")
    }

    var requirement: Requirement {
        var requirement = Requirement(
            plan: plan, code: RequirementCode("HB"), mrn: mrn, category: .laboratory, orderedAt: time)
        requirement.state = .met
        requirement.value = "140"
        requirement.unit = "g/L"
        requirement.range = "120-160"
        requirement.isAbnormal = false
        requirement.metAt = time
        requirement.validUntil = .on("2026-12-20")
        requirement.waivedBy = StaffID("S1")
        requirement.reason = "Recent"
        return requirement
    }

    var orderedRequirement: Requirement {
        Requirement(plan: plan, code: RequirementCode("HB"), mrn: mrn, category: .laboratory, orderedAt: time)
    }

    var clearance: Clearance {
        var clearance = Clearance(plan: plan, mrn: mrn, state: .cleared)
        clearance.clearedAt = time
        clearance.clearedBy = StaffID("A1")
        clearance.deferredAt = time
        clearance.reason = "Fit"
        return clearance
    }

    func surgicalCase(_ state: SurgicalCase.State) -> SurgicalCase {
        var it = SurgicalCase(
            surgicalCase: caseID, plan: plan, planVersion: 1, mrn: mrn, state: state, procedures: draft.procedures,
            surgeon: StaffID("S1"), anesthesia: .general, minutes: 120, createdAt: time)
        it.anesthetist = StaffID("A1")
        it.team = [.init(role: "SCRUB", id: StaffID("N1"))]
        it.equipment = ["MICROSCOPE"]
        it.theater = TheaterID("T1")
        it.startsAt = time
        it.asaClass = "I"
        it.reason = "Planned"
        if state == .inProgress || state == .completed {
            it.signInAt = time
            it.startedAt = time
            it.timeOutAt = time
        }
        if state == .completed {
            it.signOutAt = time.adding(minutes: 100)
            it.endedAt = time.adding(minutes: 110)
            it.anesthesiaMinutes = 115
            it.remarks = [.init(text: "Uneventful", at: time, actor: "S1")]
            it.instructions = "Rest"
            it.medications = ["Paracetamol"]
            it.followUpAt = time.adding(minutes: 10_000)
        }
        return it
    }

    func booking(_ resource: Booking.Resource, _ id: String) -> Booking {
        Booking(
            surgicalCase: caseID, resource: resource, resourceID: id, startsAt: time, endsAt: time.adding(minutes: 150))
    }

    func lot(onHand: Int, reserved: Int = 0) -> InventoryLot {
        var lot = InventoryLot(
            sku: SKU("IMP-300"), lot: "L1", location: "MAIN", expiresOn: .on("2027-06-30"), receivedAt: time)
        lot.onHand = onHand
        lot.reserved = reserved
        lot.unitCost = Money(minorUnits: 40_000)
        return lot
    }

    func movement(_ number: Int64, _ kind: StockMovement.Kind, _ change: Int) -> StockMovement {
        var movement = StockMovement(
            number: number, movement: kind, sku: SKU("IMP-300"), lot: "L1", location: "MAIN", change: change,
            occurredAt: time, source: "scanner", reference: "M-\(number)")
        if kind == .use {
            movement.serial = "SN1"
            movement.surgicalCase = caseID
            movement.mrn = mrn
            movement.side = .left
            movement.reason = "Planned"
            movement.original = 1
            movement.actor = "N1"
            movement.fromReservation = 1
        }
        if kind == .recall { movement.stateBefore = .available }
        return movement
    }

    var serial: SerialUnit {
        var serial = SerialUnit(sku: SKU("IMP-300"), serial: "SN1", lot: "L1", location: "MAIN", state: .used)
        serial.surgicalCase = caseID
        serial.side = .left
        return serial
    }

    var reservation: Reservation {
        Reservation(
            number: 1, plan: plan, sku: SKU("IMP-300"), lot: "L1", location: "MAIN", quantity: 2,
            neededOn: .on("2026-11-23"))
    }

    var recall: Recall {
        var recall = Recall(
            number: 1, sku: SKU("IMP-300"), lot: "L1", serial: "SN1", recalledAt: time, source: "store",
            reference: "RC-1")
        recall.reason = "Shell ruptures"
        recall.actor = "N1"
        return recall
    }

    var recalledLot: InventoryLot {
        var lot = lot(onHand: 2, reserved: 1)
        lot.state = .recalled
        return lot
    }

    var incident: Incident {
        Incident(
            number: 1, surgicalCase: caseID, sku: SKU("IMP-300"), lot: "L9", serial: "SN9",
            code: "inventory.lot-recalled", occurredAt: time)
    }

    var bill: Bill {
        var line = Bill.Line(
            number: 1, kind: .procedure, code: "BREAST-AUG", description: "Breast augmentation", quantity: 1,
            unitPrice: Money(minorUnits: 480_000), net: Money(minorUnits: 480_000), taxBasisPoints: 2_000,
            taxCategory: "S", tax: Money(minorUnits: 96_000), insurerShare: Money(minorUnits: 100_000),
            writeOff: Money(minorUnits: 6_000), patientShare: Money(minorUnits: 470_000))
        line.taxExemptionReason = "None"
        line.lot = "L1"
        line.serial = "SN1"
        var bill = Bill(
            number: BillNumber(sequence: 1), type: .invoice, surgicalCase: caseID, plan: plan, mrn: mrn,
            currency: "GBP", lines: [line], insurer: PayerID("ACME"), issuedAt: time, dueOn: .on("2026-12-23"))
        bill.performedOn = .on("2026-11-23")
        bill.deductible = Money(minorUnits: 10_000)
        bill.remarks = ["insurance.not-covered"]
        return bill
    }

    var supplement: Bill {
        var bill = Bill(
            number: BillNumber(sequence: 2), type: .supplement, surgicalCase: caseID, plan: plan, mrn: mrn,
            currency: "GBP", lines: [], insurer: nil, issuedAt: time, dueOn: .on("2026-12-23"))
        bill.ofBill = BillNumber(sequence: 1)
        bill.change = .adjustment
        bill.reason = "Used later"
        bill.requestedBy = StaffID("F1")
        bill.approvedBy = StaffID("F2")
        return bill
    }

    var discount: Discount {
        var discount = Discount(
            source: "finance", reference: "D-1", surgicalCase: caseID, mrn: mrn, amount: Money(minorUnits: 5),
            basisPoints: 1_250, reason: "goodwill", requestedBy: StaffID("F1"), approvedBy: StaffID("F2"),
            agreedAt: time)
        discount.note = nil
        return discount
    }

    func payment(_ reference: String, _ type: Payment.Kind, of original: String?) -> Payment {
        var payment = Payment(
            source: "finance", reference: reference, type: type, mrn: mrn, amount: Money(minorUnits: 470_000),
            currency: "GBP", method: "CARD", payer: .patient, paidAt: time)
        payment.processor = "Stripe"
        payment.transactionID = "tx-\(reference)"
        payment.bill = BillNumber(sequence: 1)
        payment.plan = plan
        payment.original = original
        payment.requestedBy = "F1"
        payment.approvedBy = "F2"
        payment.reason = "Paid"
        payment.receipt = ReceiptNumber("R-00000\(reference)")
        payment.allocations = [
            .init(bill: BillNumber(sequence: 1), amount: Money(minorUnits: 400_000), allocatedAt: time)
        ]
        payment.returned = type == .payment ? Money(minorUnits: 1) : payment.amount
        payment.state = .allocated
        return payment
    }

    var request: RecordsRequest {
        var request = RecordsRequest(
            source: "portal", reference: "RQ-1", mrn: mrn, state: .requested, requestedAt: time)
        request.scope = "ALL"
        request.format = "PDF"
        request.releasedBy = StaffID("F2")
        request.releasedAt = time
        return request
    }

    func event(_ kind: String, _ writes: any ClinicEntity...) -> Event {
        Event(kind, .patient(mrn), patient: mrn, at: time, writes: writes, note: "as told")
    }

    /// The whole way, one event after the other.
    var events: [Event] {
        [
            // Written in the wrong order on purpose: rows go after those that they refer to.
            event("patient.registered", credential, account, registration, patient, mergedPatient),
            event("patient.doubted", duplicate),
            event("consultation.scheduled", consultation),
            event("consultation.completed", completedConsultation),
            event("plan.drafted", draft),
            event("plan.approved", orderedRequirement, Clearance(plan: plan, mrn: mrn), approved),
            event("consent.issued", snapshot, consent),
            event("consent.signed", signedConsent),
            event("inventory.received", movement(1, .receive, 3), lot(onHand: 3)),
            event("preop.result-received", requirement),
            event("preop.cleared", clearance, reservation, lot(onHand: 3, reserved: 2)),
            event("case.created", surgicalCase(.created)),
            event(
                "case.scheduled", booking(.theater, "T1"), booking(.staff, "S1"), booking(.patient, mrn.rawValue),
                surgicalCase(.scheduled)),
            event("case.started", surgicalCase(.inProgress)),
            event("inventory.used", movement(2, .use, -1), serial, lot(onHand: 2, reserved: 1), incident),
            event("case.completed", surgicalCase(.completed)),
            event("bill.due", BillDue(surgicalCase: caseID, mrn: mrn, endedAt: time), discount),
            event("bill.issued", bill),
            event("bill.supplemented", supplement),
            event("payment.received", payment("1", .payment, of: nil)),
            event("payment.refunded", payment("2", .refund, of: "finance/1")),
            event("inventory.recalled", movement(3, .recall, 0), recalledLot, recall),
            event("records.requested", request),
        ]
    }
}

/// A database in a folder of its own, and bare SQL beside it.
final class Workbench {
    let path: String
    let clinic: ClinicDatabase
    let samples = Samples()
    static let key: [UInt8] = Array("workspace key".utf8)

    init() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("records-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        path = folder.appendingPathComponent("suture.db").path
        clinic = try ClinicDatabase(path: path, key: Workbench.key)
    }

    deinit {
        do {
            try clinic.close()
            try FileManager.default.removeItem(atPath: (path as NSString).deletingLastPathComponent)
        } catch {
            Issue.record(error)
        }
    }

    var context: DecisionContext {
        DecisionContext(now: samples.time, configuration: "c0", drop: nil, entry: nil)
    }

    @discardableResult
    func write<T>(_ body: (Records.Unit) throws -> T) throws -> T {
        try clinic.write { unit in
            unit.context = context
            return try body(unit)
        }
    }

    /// Applies the samples' events up to and with one of a kind; all of them without.
    func tell(upTo kind: String? = nil) throws {
        try write { unit in
            for event in samples.events {
                try unit.apply(event)
                if event.kind == kind { break }
            }
        }
    }

    /// What a tool does that knows nothing of Suture; foreign keys on, as SQLite's tools can have them.
    func sql(_ sql: String) throws {
        let queue = try DatabaseQueue(path: path)
        try queue.write { try $0.execute(sql: sql) }
        try queue.close()
    }

    /// How SQLite would answer a question.
    func plan(of query: String) throws -> [String] {
        let queue = try DatabaseQueue(path: path)
        let plan = try queue.read { database in
            try Row.fetchAll(
                database, sql: "EXPLAIN QUERY PLAN " + query,
                arguments: StatementArguments(Array(repeating: 1, count: query.count { $0 == "?" }))
            ).map { $0["detail"] as String }
        }
        try queue.close()
        return plan
    }

    /// Takes all guards away, as somebody would who wants to tamper.
    func dropTriggers() throws {
        let queue = try DatabaseQueue(path: path)
        try queue.write { database in
            for name in try String.fetchAll(database, sql: "SELECT name FROM sqlite_master WHERE type = 'trigger'") {
                try database.execute(sql: "DROP TRIGGER \(name)")
            }
        }
        try queue.close()
    }
}
