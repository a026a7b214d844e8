import Clinic
import ClinicTesting
import Testing

@Suite("Credit that becomes free")
struct FreeCreditTests {
    @Test(
        "what a change frees settles the patient's oldest open bill at once, and says why", arguments: Change.allCases)
    func freed(_ change: Change) throws {
        let story = BillStory()
        try story.bill()
        try story.pay(600_000, bill: "B-000001", reference: "X")
        try story.another(2, at: "2026-11-24T18:00:00Z")
        try story.another(3, at: "2026-11-25T18:00:00Z")
        #expect(story.bills.map(\.patientOpen.minorUnits) == [0, 600_000, 600_000])
        let ruling = try story.change(change.action, change.values)
        #expect(ruling.isClear)
        let settled = try #require(ruling.events.last)
        #expect(settled.kind == "payment.allocated")
        #expect(settled.subject == .bill(BillNumber("B-000002")))
        #expect(settled.cause == "\(change.cause) bill:B-000001")
        #expect(story.bills[1].patientPaid == Money(minorUnits: change.freed))
        #expect(story.bills[2].patientPaid == .zero)
        #expect(story.payment("X")?.unapplied == .zero)
        #expect(try story.balance().addsUp)
    }

    enum Change: CaseIterable {
        case discount, credit, adjustment, cancellation

        var action: String {
            switch self {
            case .discount: "DISCOUNT"
            case .credit: "CREDIT"
            case .adjustment: "ADJUST"
            case .cancellation: "CANCEL"
            }
        }

        var values: [Field: Value] {
            switch self {
            case .discount: [.percent: 10]
            case .credit: [.amount: .minor(100_000)]
            case .adjustment: [.amount: .minor(-5_000)]
            case .cancellation: [:]
            }
        }

        var freed: Int64 {
            switch self {
            case .discount: 60_000
            case .credit: 120_000
            case .adjustment: 6_000
            case .cancellation: 600_000
            }
        }

        var cause: String { self == .cancellation ? "bill.cancelled" : "bill.adjusted" }
    }

    @Test("where no other bill is open, what is freed stays the patient's credit")
    func stays() throws {
        let story = BillStory()
        try story.bill()
        try story.pay(600_000, bill: "B-000001", reference: "X")
        let ruling = try story.change("DISCOUNT", [.percent: 10])
        #expect(ruling.events.map(\.kind) == ["bill.issued", "bill.adjusted"])
        #expect(try story.balance().credit == Money(minorUnits: 60_000))
    }

    @Test("a change that frees nothing moves no money")
    func nothingFreed() throws {
        let story = BillStory()
        try story.bill()
        // Named for a bill that is paid already: kept as credit.
        try story.pay(600_100, bill: "B-000001", reference: "X")
        try story.another(2, at: "2026-11-24T18:00:00Z")
        let ruling = try story.change("DISCOUNT", [.bill: "B-000002", .percent: 10])
        #expect(ruling.events.map(\.kind) == ["bill.issued", "bill.adjusted"])
        // The discount itself counts as paid.
        #expect(story.bills[1].patientPaid == Money(minorUnits: 60_100))
    }

    @Test("things that come back, or whose use is voided, free what was paid for them", arguments: ["RETURN", "VOID"])
    func comeBack(action: String) throws {
        let story = BillStory()
        try story.use("SPLINT", 2, lot: "L1", reference: "U-1")
        try story.bill()
        try story.pay(story.bills[0].patientShare.minorUnits, bill: "B-000001", reference: "X")
        try story.another(2, at: "2026-11-24T18:00:00Z")
        let values: [Field: Value] =
            action == "VOID"
            ? [.original: "U-1", .reason: "slip"]
            : [.sku: "SPLINT", .lot: "L1", .quantity: 2, .surgicalCase: "C-1"]
        #expect(try story.story.tell(.inventory, action, values).isClear)
        try story.drain()
        #expect(story.bills[1].patientPaid == Money(minorUnits: 4_440))
        #expect(try story.balance().credit == .zero)
        #expect(try story.balance().addsUp)
    }

    @Test("a bill that a chargeback opens again takes what other payments have free")
    func reopened() throws {
        let story = BillStory()
        try story.bill()
        try story.pay(600_000, bill: "B-000001", reference: "X")
        try story.pay(100, reference: "Y")
        let ruling = try story.reverse(600_000, of: "X")
        #expect(ruling.events.map(\.kind) == ["payment.reversed", "payment.allocated"])
        #expect(ruling.events.last?.cause?.hasPrefix("payment.reversed") == true)
        #expect(story.bills[0].patientPaid == Money(minorUnits: 100))
        #expect(story.payment("Y")?.state == .allocated)
    }

    @Test("a refund of what is free opens no bill, and moves nothing else")
    func refundOfCredit() throws {
        let story = BillStory()
        try story.bill()
        try story.pay(600_100, bill: "B-000001", reference: "X")
        #expect(try story.refund(100, of: "X").events.map(\.kind) == ["payment.refunded"])
        #expect(story.bills[0].state == .paid)
    }

    @Test("what a deposit has beyond its plan's bill settles older bills; a deposit for a plan not billed is kept")
    func deposits() throws {
        let story = BillStory()
        try story.another(2, at: "2026-11-24T18:00:00Z")
        var third = try #require(story.state.all(ProcedurePlan.self).first)
        third.plan = PlanID("P-3")
        story.state.put(third)
        try story.pay(50_000, plan: "P-3", reference: "KEPT")
        try story.pay(700_000, plan: "P-1", reference: "D")
        #expect(story.bills.map(\.patientPaid) == [.zero])
        try story.end()
        try story.drain()
        #expect(story.bills.map(\.patientPaid.minorUnits) == [100_000, 600_000])
        #expect(story.payment("D")?.unapplied == .zero)
        #expect(story.payment("KEPT")?.unapplied == Money(minorUnits: 50_000))
        #expect(try story.balance().deposits == Money(minorUnits: 50_000))
        #expect(try story.balance().credit == .zero)
    }

    @Test("a plan whose bill is credited whole was billed; one whose bill is cancelled will be billed again")
    func billedPlans() throws {
        for (action, credit, deposits) in [("CREDIT", 600_000, 0), ("CANCEL", 0, 600_000)] as [(String, Int64, Int64)] {
            let story = BillStory()
            try story.pay(600_000, plan: "P-1", reference: "D")
            #expect(try story.balance().deposits == Money(minorUnits: 600_000))
            #expect(try story.balance().credit == .zero)
            try story.bill()
            try story.another(2, at: "2026-11-24T18:00:00Z")
            try story.change("WAIVE", [.bill: "B-000002"])
            #expect(try story.change(action).isClear)
            #expect(try story.balance().credit == Money(minorUnits: credit))
            #expect(try story.balance().deposits == Money(minorUnits: deposits))
            #expect(try story.balance().addsUp)
            let more = try story.pay(100, plan: "P-1")
            #expect(more.warningCodes == (action == "CREDIT" ? ["payment.overpaid"] : []))
        }
    }

    @Test("an insurer's money is not set against what another insurer owes")
    func insurers() throws {
        for (other, paid) in [("ACME", true), ("BETA", false)] {
            let story = BillStory(
                purpose: .therapeutic, coverage: Patient.Coverage(insurer: "ACME"), authorization: "A-1")
            let first = try story.bill()
            try story.pay(first.insurerShare.minorUnits, bill: "B-000001", reference: "I", more: [.method: "INSURER"])
            try story.another(2, at: "2026-11-24T18:00:00Z")
            var second = story.bills[1]
            second.insurer = PayerID(other)
            story.state.put(second)
            #expect(try story.change("CREDIT").isClear)
            #expect((story.bills[1].insurerPaid > .zero) == paid)
            #expect((story.payment("I")?.unapplied == .zero) == paid)
            #expect(try story.balance().addsUp)
        }
    }
}

@Suite("Money after an un-merge")
struct UnmergedMoneyTests {
    @Test("money of one record on the other's bills is taken off, and settles what its own record owes")
    func apart() throws {
        for payer in [1, 2] as [Int64] {
            let (one, two) = try merged()
            // Oldest due first over both records: the first record's bill, and then the second's.
            let mrn = MRN(sequence: payer).rawValue
            try one.pay(700_000, reference: "X", more: [.mrn: .text(mrn)])
            try one.pay(1_000, bill: "B-000002", reference: "NAMED", more: [.mrn: .text(MRN(sequence: 1).rawValue)])
            #expect(one.bills.map(\.patientPaid.minorUnits) == [600_000, 101_000, 0])
            let ruling = try one.unmerge(two)
            #expect(ruling.isClear)
            let taken = try #require(ruling.events.first { $0.kind == "payment.unallocated" })
            #expect(taken.cause == "patient.unmerged patient:\(two.mrn)")
            #expect(taken.subject == .bill(BillNumber(payer == 1 ? "B-000002" : "B-000001")))
            // Payment NAMED was for the second record's bill, and stays with it.
            #expect(one.payment("NAMED")?.mrn == two.mrn)
            #expect(
                one.bills.map(\.patientPaid.minorUnits) == (payer == 1 ? [600_000, 1_000, 100_000] : [0, 600_000, 0]))
            #expect(one.payment("X")?.unapplied == (payer == 1 ? .zero : Money(minorUnits: 101_000)))
            for patient in [one.mrn, two.mrn] {
                let balance = try one.state.balance(of: patient)
                #expect(balance.addsUp, "\(patient): \(balance)")
            }
        }
    }

    @Test("where each record's money is on its own bills, an un-merge moves none")
    func nothing() throws {
        let (one, two) = try merged()
        try one.pay(600_000, bill: "B-000001")
        try one.pay(1_000, bill: "B-000002")
        #expect(try one.unmerge(two).events.map(\.kind) == ["patient.unmerged"])
        #expect(one.bills.map(\.patientPaid.minorUnits) == [600_000, 1_000, 0])
    }

    @Test("a record merged into the one that goes keeps what was paid between the two")
    func chained() throws {
        let (one, two) = try merged()
        let third = BillStory(number: 5, in: one.story)
        try third.bill()
        #expect(try one.merge(third, into: two).isClear)
        try one.pay(600_000, bill: "B-000001")
        try one.pay(600_000, bill: "B-000002")
        try one.pay(600_000, bill: "B-000003")
        try one.pay(2_000, reference: "X", more: [.mrn: .text(two.mrn.rawValue)])
        #expect(one.bills[3].patientPaid == Money(minorUnits: 2_000))
        #expect(try one.unmerge(two).events.map(\.kind) == ["patient.unmerged"])
        #expect(one.bills[3].patientPaid == Money(minorUnits: 2_000))
        #expect(try one.unmerge(third, from: two).events.map(\.kind) == ["patient.unmerged", "payment.unallocated"])
        #expect(one.bills[3].patientPaid == .zero)
        #expect(one.payment("X")?.state == .unallocated)
    }

    /// Two records of one patient, the second merged into the first: a bill of each, and a younger one of the first.
    private func merged() throws -> (one: BillStory, two: BillStory) {
        let one = BillStory()
        try one.bill()
        let two = BillStory(number: 2, in: one.story)
        one.story.now = .at("2026-11-24T18:00:00Z")
        try two.bill()
        try one.another(3, at: "2026-11-25T18:00:00Z")
        #expect(try one.merge(two, into: one).isClear)
        return (one, two)
    }
}

extension BillStory {
    /// Another case of the patient that is over, with a plan of its own, is billed.
    func another(_ number: Int, at time: String) throws {
        story.now = .at(time)
        guard var other = state.all(ProcedurePlan.self).first(where: { $0.plan == plan }),
            var operation = state.fetch(SurgicalCase.self, id: caseID.rawValue)
        else { return }
        other.plan = PlanID("P-\(number)")
        state.put(other)
        operation.surgicalCase = CaseID("C-\(number)")
        operation.plan = other.plan
        state.put(operation)
        state.put(BillDue(surgicalCase: operation.surgicalCase, mrn: mrn, endedAt: story.now))
        try drain()
    }

    func merge(_ other: BillStory, into record: BillStory) throws -> Ruling {
        try story.tell(
            .patient, "MERGE", [.mrn: .text(other.mrn.rawValue), .intoMRN: .text(record.mrn.rawValue)])
    }

    func unmerge(_ other: BillStory, from record: BillStory? = nil) throws -> Ruling {
        let into = record?.mrn ?? mrn
        return try story.tell(.patient, "UNMERGE", [.mrn: .text(other.mrn.rawValue), .intoMRN: .text(into.rawValue)])
    }
}
