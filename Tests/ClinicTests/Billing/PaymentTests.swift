import Clinic
import ClinicTesting
import Testing

@Suite("Payments")
struct PaymentTests {
    @Test("a payment settles the bill it names, with a receipt; the state follows what is paid")
    func named() throws {
        let story = BillStory()
        try story.bill()
        let part = try story.pay(200_000, bill: "B-000001", reference: "X")
        #expect(part.events.map(\.kind) == ["payment.received", "payment.allocated"])
        #expect(story.payment("X")?.receipt == ReceiptNumber("R-000001"))
        #expect(story.payment("X")?.state == .allocated)
        #expect(story.bills[0].state == .partiallyPaid)
        let rest = try story.pay(400_000, bill: "B-000001", reference: "Y")
        #expect(rest.warningCodes == [])
        #expect(story.payment("Y")?.receipt == ReceiptNumber("R-000002"))
        #expect(story.bills[0].state == .paid)
        #expect(story.bills[0].patientOpen == .zero)
    }

    @Test("what is paid beyond what is owed warns and becomes credit for the next bill")
    func overpaid() throws {
        let story = BillStory()
        try story.bill()
        #expect(try story.pay(600_100, bill: "B-000001", reference: "X").warningCodes == ["payment.overpaid"])
        #expect(story.payment("X")?.state == .partlyAllocated)
        #expect(try story.balance().credit == Money(minorUnits: 100))
        try story.use("GAUZE", 1)
        try story.drain()
        #expect(story.bills[1].patientPaid == Money(minorUnits: 100))
        #expect(story.bills[1].patientOpen == Money(minorUnits: 44))
        #expect(story.payment("X")?.state == .allocated)
    }

    @Test("without a bill named the oldest due is paid first")
    func oldestFirst() throws {
        let story = BillStory()
        try story.bill()
        story.story.now = .at("2026-11-25T18:00:00Z")
        try story.use("GAUZE", 10)
        try story.drain()
        #expect(story.bills.count == 2)
        try story.pay(600_001)
        #expect(story.bills.map(\.patientPaid.minorUnits) == [600_000, 1])
    }

    @Test("a deposit is kept for its plan until that is billed, and is no overpayment")
    func deposit() throws {
        let story = BillStory()
        let early = try story.pay(50_000, plan: "P-1", reference: "D")
        #expect(early.codes == [])
        #expect(early.warningCodes == [])
        #expect(story.payment("D")?.state == .unallocated)
        try story.bill()
        #expect(story.payment("D")?.state == .allocated)
        #expect(story.bills[0].patientPaid == Money(minorUnits: 50_000))
        #expect(story.bills[0].state == .partiallyPaid)
    }

    @Test("a deposit for another plan is left alone")
    func otherDeposit() throws {
        let story = BillStory()
        var other = try #require(story.state.all(ProcedurePlan.self).first)
        other.plan = PlanID("P-2")
        story.state.put(other)
        try story.pay(50_000, plan: "P-2", reference: "D")
        try story.bill()
        #expect(story.payment("D")?.unapplied == Money(minorUnits: 50_000))
        #expect(story.bills[0].patientPaid == .zero)
    }

    @Test("several bills of one drain share a patient's credit and spend it once")
    func sharedCredit() throws {
        let story = BillStory()
        try story.pay(700_000, reference: "X")
        var second = try #require(story.state.all(SurgicalCase.self).first)
        second.surgicalCase = CaseID("C-2")
        story.state.put(second)
        for id in ["C-1", "C-2"] {
            story.state.put(BillDue(surgicalCase: CaseID(id), mrn: story.mrn, endedAt: story.story.now))
        }
        try story.drain()
        #expect(story.bills.map(\.patientPaid.minorUnits) == [600_000, 100_000])
        #expect(story.payment("X")?.unapplied == .zero)
    }

    @Test("an insurer pays the insurer's part and nothing of the patient's")
    func insurerPays() throws {
        let story = BillStory(
            purpose: .therapeutic, coverage: Patient.Coverage(insurer: "ACME"), authorization: "A-1")
        let bill = try story.bill()
        let ruling = try story.pay(
            bill.insurerShare.minorUnits + 10, bill: "B-000001", more: [.method: "INSURER"])
        #expect(ruling.warningCodes == ["payment.overpaid"])
        #expect(story.bills[0].insurerOpen == .zero)
        #expect(story.bills[0].patientPaid == .zero)
        #expect(story.bills[0].state == .partiallyPaid)
        try story.pay(bill.patientShare.minorUnits, bill: "B-000001", more: [.payer: "PATIENT"])
        #expect(story.bills[0].state == .paid)
    }

    @Test("a payment for a bill or plan not yet there is held until it is")
    func held() throws {
        let story = BillStory()
        let bill = try story.pay(1_000, bill: "B-000001")
        #expect(bill.codes == ["payment.bill-unknown"])
        #expect(bill.isHeld)
        #expect(bill.findings[0].waitsFor == [.bill(BillNumber("B-000001"))])
        let plan = try story.pay(1_000, plan: "P-9")
        #expect(plan.codes == ["plan.unknown"])
        #expect(plan.isHeld)
        try story.bill()
        #expect(try story.pay(1_000, bill: "B-000001").isClear)
    }

    @Test("a payment in another currency, of no amount or not settled is refused, all at once")
    func refused() throws {
        let story = BillStory()
        try story.bill()
        #expect(try story.pay(1_000, bill: "B-000001", more: [.currency: "EUR"]).codes == ["payment.currency-differs"])
        for amount in [0, -100] as [Int64] {
            #expect(try story.pay(amount, bill: "B-000001").codes == ["payment.bad-amount"])
        }
        for status in ["PENDING", "declined"] {
            let ruling = try story.pay(1_000, bill: "B-000001", more: [.status: .text(status)])
            #expect(ruling.codes == ["payment.not-settled"])
        }
        #expect(try story.pay(1_000, bill: "B-000001", more: [.status: "settled"]).isClear)
        let all = try story.pay(0, bill: "B-000001", more: [.currency: "EUR", .status: "FAILED"])
        #expect(all.codes == ["payment.bad-amount", "payment.currency-differs", "payment.not-settled"])
        #expect(!all.isHeld)
        #expect(story.state.all(Payment.self).count == 1)
    }

    @Test("a processor's transaction is taken once, whoever sends it")
    func transactionKnown() throws {
        let story = BillStory()
        let transaction: [Field: Value] = [.processor: "STRIPE", .transactionID: "ch_1"]
        #expect(try story.pay(1_000, more: transaction).isClear)
        let again = try story.pay(1_000, source: "portal", more: transaction)
        #expect(again.codes == ["payment.transaction-known"])
        for processor in ["stripe", "Stripe"] {
            let other = try story.pay(1_000, more: [.processor: .text(processor), .transactionID: "ch_1"])
            #expect(other.codes == ["payment.transaction-known"])
        }
        #expect(try story.pay(1_000, more: [.processor: "stripe", .transactionID: "CH_1"]).isClear)
        #expect(try story.pay(1_000, more: [.processor: "ADYEN", .transactionID: "ch_1"]).isClear)
        #expect(try story.pay(1_000, more: [.processor: "STRIPE", .transactionID: "ch_2"]).isClear)
    }

    @Test("a payment that names another patient than its bill's is refused")
    func wrongPatient() throws {
        let story = BillStory()
        try story.bill()
        let ruling = try story.pay(1_000, bill: "B-000001", more: [.familyName: "Other"])
        #expect(ruling.codes == ["entry.wrong-patient"])
    }

    @Test("a refund takes unapplied credit first, then opens the bill again")
    func refund() throws {
        let story = BillStory()
        try story.bill()
        try story.pay(600_100, bill: "B-000001", reference: "X")
        let ruling = try story.refund(300, of: "X")
        #expect(ruling.events.map(\.kind) == ["payment.refunded"])
        let refund = try #require(story.state.all(Payment.self).first { $0.type == .refund })
        #expect(refund.receipt == ReceiptNumber("R-000002"))
        #expect(refund.original == "front-desk/X")
        #expect(refund.unapplied == .zero)
        #expect(story.bills[0].patientOpen == Money(minorUnits: 200))
        #expect(story.bills[0].state == .partiallyPaid)
        #expect(story.payment("X")?.unapplied == .zero)
        #expect(story.payment("X")?.allocated == Money(minorUnits: 599_800))
        try story.refund(599_800, of: "front-desk/X")
        #expect(story.payment("X")?.state == .refunded)
        #expect(story.bills[0].state == .issued)
    }

    @Test("no more is given back than was paid, over all refunds together")
    func refundExceeds() throws {
        let story = BillStory()
        try story.pay(1_000, reference: "X")
        #expect(try story.refund(1_001, of: "X").codes == ["payment.refund-exceeds-paid"])
        #expect(try story.refund(600, of: "X").isClear)
        #expect(try story.refund(401, of: "X").codes == ["payment.refund-exceeds-paid"])
        #expect(try story.refund(400, of: "X").isClear)
        #expect(try story.refund(1, of: "X").codes == ["payment.already-reversed"])
    }

    @Test("a refund is asked for and approved by two members of staff")
    func refundApproval() throws {
        let story = BillStory()
        try story.pay(1_000, reference: "X")
        for (asker, approver) in [("F1", "F1"), ("F1", "NOBODY"), ("NOBODY", "F2"), ("F2", "F1"), ("S1", "F2")] {
            let ruling = try story.refund(
                10, of: "X", more: [.requestedBy: .text(asker), .approvedBy: .text(approver)])
            #expect(ruling.codes == ["payment.refund-not-approved"])
        }
        #expect(try story.refund(10, of: "X").isClear)
    }

    @Test("who approves a refund asks for none by that, and does not enter it")
    func refundEntered() throws {
        var catalog = Catalog.sample
        catalog.staff[StaffID("F3")] = StaffMember(
            id: StaffID("F3"), name: "Hal Moor", role: .finance, permissions: ["REQUEST_REFUND", "APPROVE_REFUND"])
        let story = BillStory(catalog: catalog)
        try story.pay(1_000, reference: "X")
        let refused = ["payment.refund-not-approved"]
        // F2 may approve and not ask; F3 may both, and not alone.
        let pairs: [(asker: Value, approver: Value, actor: Value?, codes: [String])] = [
            ("F2", "F3", nil, refused), ("F3", "F3", nil, refused), ("F1", "F2", "F2", refused),
            ("F3", "F2", "F2", refused), ("F1", "F2", "F1", []), ("F1", "F3", "F2", []), ("F3", "F2", nil, []),
        ]
        for (asker, approver, actor, codes) in pairs {
            var people: [Field: Value] = [.requestedBy: asker, .approvedBy: approver]
            people[.actor] = actor
            #expect(try story.refund(10, of: "X", more: people).codes == codes)
        }
    }

    @Test("a number that sources share is a payment of the source that refunds; of any other it is nobody's")
    func sharedNumber() throws {
        let story = BillStory()
        try story.pay(1_000, reference: "X", source: "portal")
        let values: [Field: Value] = [
            .amount: .minor(10), .currency: "GBP", .method: "CARD", .original: "X", .requestedBy: "F1",
            .approvedBy: "F2", .reason: "asked for",
        ]
        // One alone has the number: it is meant, whoever says so.
        #expect(try story.story.tell(.payment, "REFUND", values, source: "finance").isClear)
        try story.pay(1_000, reference: "X")
        #expect(
            try story.story.tell(.payment, "REFUND", values, source: "finance").codes == ["payment.original-unknown"])
        for source in ["front-desk", "portal"] as [SourceName] {
            #expect(try story.story.tell(.payment, "REFUND", values, reference: "Z", source: source).isClear)
            #expect(story.state.fetch(Payment.self, id: "\(source)/Z")?.original == "\(source)/X")
        }
    }

    @Test("a payment for a plan that is billed goes to that plan's bill, whatever else is open and older")
    func ofPlan() throws {
        let story = BillStory()
        try story.bill()
        try story.another(2, at: "2026-11-24T18:00:00Z")
        try story.pay(1_000, plan: "P-2")
        #expect(story.bills.map(\.patientPaid.minorUnits) == [0, 1_000])
    }

    @Test("of bills due on one day the one given first is paid first, also when numbers grow longer")
    func inOrderOfNumbers() throws {
        let story = BillStory()
        var bill = try story.bill()
        try story.change("CANCEL")
        for number in ["B-999998", "B-999999", "B-1000000"] {
            bill.number = BillNumber(number)
            story.state.put(bill)
        }
        try story.pay(1_200_001)
        let paid = ["B-999998", "B-999999", "B-1000000"].map {
            story.state.fetch(Bill.self, id: $0)?.patientPaid.minorUnits
        }
        #expect(paid == [600_000, 600_000, 1])
    }

    @Test("a registration named beside a bill is that of its patient, or of nobody yet")
    func registrationNamed() throws {
        let story = BillStory()
        try story.bill()
        let other = BillStory(number: 2, in: story.story)
        for (reference, mrn) in [("OWN", story.mrn), ("OTHER", other.mrn)] {
            story.state.put(
                Registration(
                    source: "front-desk", reference: reference, mrn: mrn, registeredAt: .at("2026-10-01T09:00:00Z")))
        }
        for (reference, codes) in [("OWN", []), ("NOBODY", []), ("OTHER", ["entry.wrong-patient"])]
            as [(String, [String])]
        {
            let ruling = try story.pay(100, bill: "B-000001", more: [.registration: .text(reference)])
            #expect(ruling.codes == codes)
        }
    }

    @Test("a refund of a payment not yet told is held; one of a refund is refused")
    func originalUnknown() throws {
        let story = BillStory()
        for name in ["X", "front-desk/X"] {
            let early = try story.refund(10, of: name)
            #expect(early.codes == ["payment.original-unknown"])
            #expect(early.isHeld)
        }
        let early = try story.reverse(10, of: "front-desk/X")
        let paid = try story.pay(1_000, reference: "X")
        let woken = Set(paid.events.flatMap(\.keys))
        #expect(!woken.isDisjoint(with: early.findings.flatMap(\.waitsFor)))
        try story.refund(10, of: "X")
        let refund = try #require(story.state.all(Payment.self).first { $0.type == .refund })
        let ruling = try story.refund(5, of: refund.reference)
        #expect(ruling.codes == ["payment.original-unknown"])
        #expect(!ruling.isHeld)
    }

    @Test("a reversal takes all allocations back, once")
    func reversal() throws {
        let story = BillStory()
        try story.bill()
        try story.pay(600_100, bill: "B-000001", reference: "X")
        #expect(try story.reverse(600_000, of: "X").codes == ["payment.bad-amount"])
        #expect(try story.reverse(600_100, of: "X").events.map(\.kind) == ["payment.reversed"])
        #expect(story.payment("X")?.state == .reversed)
        #expect(story.bills[0].state == .issued)
        #expect(try story.balance().brief == [600_000, 0, 0, 600_000])
        #expect(try story.reverse(600_100, of: "X").codes == ["payment.already-reversed"])
        #expect(try story.refund(1, of: "X").codes == ["payment.already-reversed"])
    }

    @Test("a bank takes back by its number of the transaction, or by the bill and the amount")
    func bankReversal() throws {
        let story = BillStory()
        try story.bill()
        let bank: [Field: Value] = [.processor: "GB33", .transactionID: "T1"]
        try story.pay(250_000, bill: "B-000001", reference: "X", more: bank)
        #expect(try story.reverse(250_000, of: "T2", more: [.processor: "GB34"]).codes == ["payment.original-unknown"])
        #expect(try story.reverse(250_000, of: "T1", more: [.processor: "gb33"]).isClear)
        #expect(story.payment("X")?.state == .reversed)
        try story.pay(250_000, bill: "B-000001", reference: "Y", more: [.processor: "GB33", .transactionID: "T3"])
        let returned: [Field: Value] = [.processor: "GB33", .bill: "B-000001"]
        #expect(try story.reverse(249_999, of: "R9", more: returned).codes == ["payment.original-unknown"])
        #expect(try story.reverse(250_000, of: "R9", more: returned).isClear)
        #expect(story.payment("Y")?.state == .reversed)
        #expect(try story.reverse(250_000, of: "R9", more: returned).codes == ["payment.original-unknown"])
    }

    @Test("a credit note is not paid")
    func creditNotePaid() throws {
        let story = BillStory()
        try story.bill()
        try story.change("DISCOUNT", [.percent: 10])
        #expect(try story.pay(1_000, bill: "B-000002").codes == ["payment.bill-cancelled"])
        #expect(try story.pay(1_000, bill: "B-000001").isClear)
    }

    @Test("a chargeback opens a bill that was paid again")
    func chargeback() throws {
        let story = BillStory()
        try story.bill()
        try story.pay(600_000, bill: "B-000001", reference: "X")
        #expect(story.bills[0].state == .paid)
        #expect(try story.reverse(600_000, of: "X").isClear)
        #expect(story.bills[0].state == .issued)
        #expect(try story.balance().brief == [600_000, 0, 0, 600_000])
        #expect(try story.balance().reversed == Money(minorUnits: 600_000))
        #expect(try story.pay(600_000, bill: "B-000001", reference: "Y").isClear)
        #expect(story.bills[0].state == .paid)
    }

    @Test("a refund that was declined is none")
    func refundNotSettled() throws {
        let story = BillStory()
        try story.pay(1_000, reference: "X")
        #expect(try story.refund(10, of: "X", more: [.status: "PENDING"]).codes == ["payment.not-settled"])
        #expect(try story.reverse(1_000, of: "X", more: [.status: "DECLINED"]).codes == ["payment.not-settled"])
        #expect(try story.refund(10, of: "X", more: [.status: "SETTLED"]).isClear)
    }

    @Test("a merged patient's bills are paid by the one who stands, and the balance is of both")
    func merged() throws {
        let story = BillStory()
        try story.bill()
        let survivor = MRN(sequence: 2)
        story.state.put(
            Patient(
                mrn: survivor, givenName: "Nora", familyName: "Lind", birthDate: .on("1990-04-01"), sex: .female,
                registeredAt: .at("2026-10-01T09:00:00Z")))
        var merged = try #require(story.state.fetch(Patient.self, id: story.mrn.rawValue))
        merged.state = .merged
        merged.mergedInto = survivor
        story.state.put(merged)
        #expect(try story.pay(1_000, reference: "X", more: [.mrn: .text(survivor.rawValue)]).isClear)
        #expect(story.bills[0].patientPaid == Money(minorUnits: 1_000))
        #expect(story.payment("X")?.mrn == survivor)
        #expect(try story.pathway(balanceOf: survivor).open == Money(minorUnits: 599_000))
    }

    @Test("every rule about money is named once and begins with its area")
    func rules() {
        let codes = Rule.BillingRules.all.map(\.code)
        #expect(Set(codes).count == codes.count)
        #expect(codes.allSatisfy { $0.hasPrefix("bill.") || $0.hasPrefix("payment.") || $0.hasPrefix("insurance.") })
    }
}

extension BillStory {
    func pathway(balanceOf mrn: MRN) throws -> Balance { try state.balance(of: mrn) }
}
