import Clinic
import ClinicTesting
import Testing

@Suite("Changes of a bill")
struct BillChangeTests {
    @Test("a bill that was never issued is waited for")
    func unknown() throws {
        let story = BillStory()
        let early = try story.change("DISCOUNT", [.percent: 10])
        #expect(early.codes == ["bill.unknown"])
        #expect(early.isHeld)
        try story.end()
        let issued = try story.drain()
        #expect(issued.events.flatMap(\.keys).contains(try #require(early.findings.first?.waitsFor.first)))
        #expect(try story.change("DISCOUNT", [.percent: 10]).isClear)
    }

    @Test("a discount is a credit note with its tax; the bill stays as it went out")
    func discount() throws {
        let story = BillStory()
        let bill = try story.bill()
        #expect(
            try story.change("DISCOUNT", [.percent: "12.5"]).events.map(\.kind) == ["bill.issued", "bill.adjusted"])
        let note = story.bills[1]
        #expect(note.net == Money(minorUnits: -62_500))
        #expect(note.tax == Money(minorUnits: -12_500))
        #expect(note.ofBill == bill.number)
        #expect(note.state == .paid)
        #expect(story.bills[0].lines == bill.lines)
        #expect(story.bills[0].patientOpen == Money(minorUnits: 525_000))
        #expect(story.bills[0].state == .partiallyPaid)
        #expect(try story.balance().brief == [525_000, 0, 0, 525_000])
    }

    @Test("no more is taken off than is left of the line, over all changes together")
    func exceeds() throws {
        let story = BillStory(anesthesiaMinutes: 15)
        try story.bill()
        #expect(try story.change("DISCOUNT", [.line: 2, .amount: .minor(20_000)]).isClear)
        let more = try story.change("DISCOUNT", [.line: 2, .amount: .minor(10_001)])
        #expect(more.codes == ["bill.exceeds-line"])
        #expect(!more.isHeld)
        #expect(try story.change("CREDIT", [.line: 2, .amount: .minor(10_000)]).isClear)
        #expect(try story.change("CREDIT", [.line: 2]).codes == ["bill.exceeds-line"])
        #expect(try story.change("CREDIT", [.line: 9]).codes == ["bill.exceeds-line"])
        #expect(try story.change("ADJUST", [.amount: .minor(-600_000)]).codes == ["bill.exceeds-line"])
    }

    @Test("two people: whoever approves is of the staff and not the one who enters it")
    func approval() throws {
        let story = BillStory()
        try story.bill()
        for approver in ["F1", "NOBODY"] {
            let ruling = try story.change("WAIVE", [.approvedBy: .text(approver)])
            #expect(ruling.codes == ["bill.not-approved"])
        }
        let own = try story.change("WAIVE", [.actor: "F1", .requestedBy: "F2"])
        #expect(own.codes == ["bill.not-approved"])
        #expect(try story.change("WAIVE", [.actor: "F2", .approvedBy: "S1"]).codes == ["bill.not-approved"])
        #expect(try story.change("WAIVE").isClear)
    }

    @Test("an adjustment beyond any surgery is a slip of the keyboard")
    func largestAdjustment() throws {
        let story = BillStory()
        try story.bill()
        let ruling = try story.change("ADJUST", [.amount: .minor(10_000_000_001)])
        #expect(ruling.codes == ["payment.bad-amount"])
        #expect(try story.change("ADJUST", [.amount: .minor(10_000_000_000)]).isClear)
    }

    @Test("what is waived is what was still open, and the bill is settled")
    func waive() throws {
        let story = BillStory()
        try story.bill()
        try story.pay(450_001, bill: "B-000001")
        #expect(try story.change("WAIVE", [.amount: .minor(150_000)]).codes == ["bill.exceeds-line"])
        #expect(try story.change("WAIVE").isClear)
        #expect(story.bills[0].state == .paid)
        #expect(story.bills[1].patientShare == Money(minorUnits: -149_999))
        #expect(try story.balance().credit == .zero)
        #expect(story.bills.allSatisfy { $0.addsUp })
    }

    @Test("a bill credited whole is replaced: its payments are credit again, and it is changed and paid no more")
    func creditWhole() throws {
        let cover = Patient.Coverage(insurer: "ACME")
        let story = BillStory(purpose: .therapeutic, coverage: cover, authorization: "A-1")
        let bill = try story.bill()
        try story.pay(100_000, bill: "B-000001")
        #expect(try story.change("CREDIT").isClear)
        #expect(story.bills[0].state == .adjusted)
        #expect(story.bills[1].gross == -bill.gross)
        #expect(story.bills[1].insurerShare == -bill.insurerShare)
        #expect(story.bills[1].writeOff == -bill.writeOff)
        #expect(try story.balance().brief == [0, 0, 100_000, 0])
        #expect(try story.change("DISCOUNT", [.percent: 5]).codes.contains("bill.wrong-state"))
        #expect(try story.pay(1, bill: "B-000001").codes == ["payment.bill-cancelled"])
        #expect(try story.change("DISCOUNT", [.bill: "B-000002", .percent: 5]).codes.contains("bill.wrong-state"))
    }

    @Test("an amount added makes a supplement for the patient, and takes from their credit")
    func supplement() throws {
        let story = BillStory()
        try story.bill()
        try story.pay(600_500, bill: "B-000001")
        #expect(try story.change("ADJUST", [.amount: .minor(1_000)]).isClear)
        let supplement = story.bills[1]
        #expect(supplement.type == .supplement)
        #expect(supplement.gross == Money(minorUnits: 1_200))
        #expect(supplement.patientPaid == Money(minorUnits: 500))
        #expect(supplement.state == .partiallyPaid)
        #expect(try story.balance().credit == .zero)
        #expect(try story.drain().events.isEmpty)
    }

    @Test("a cancelled bill is owed no more, its payments are credit, and nothing is done with it again")
    func cancel() throws {
        let story = BillStory()
        try story.bill()
        try story.pay(1_000, bill: "B-000001")
        #expect(try story.change("CANCEL").isClear)
        #expect(story.bills[0].state == .cancelled)
        #expect(try story.balance().brief == [0, 0, 1_000, 0])
        #expect(try story.change("CANCEL").codes == ["bill.wrong-state"])
        #expect(try story.pay(1, bill: "B-000001").codes == ["payment.bill-cancelled"])
    }

    @Test("what a cancelled bill charged is charged again, once, by the one that takes its place")
    func billedAgain() throws {
        let story = BillStory()
        try story.use("SPLINT", 2, lot: "L1")
        let first = try story.bill()
        try story.pay(1_000, plan: "P-1", reference: "D")
        #expect(try story.change("CANCEL", [.reason: "to the wrong payer"]).isClear)
        #expect(story.bills[0].reason == "to the wrong payer")
        #expect(story.bills[0].approvedBy == StaffID("F2"))
        #expect(story.bills[0].requestedBy == StaffID("F1"))
        try story.drain()
        let second = try #require(story.bills.last)
        #expect(story.bills.count == 2)
        #expect(second.type == .invoice)
        #expect(second.replaces == first.number)
        #expect(second.lines == first.lines)
        #expect(second.patientPaid == Money(minorUnits: 1_000))
        #expect(try story.drain().events.isEmpty)
        try story.change("CANCEL", [.bill: "B-000002"])
        try story.drain()
        #expect(story.bills.last?.replaces == second.number)
        #expect(try story.balance().addsUp)
    }

    @Test("a cancelled supplement of things used is made again; one of an amount added is gone")
    func supplementsCancelled() throws {
        let story = BillStory()
        try story.bill()
        try story.change("ADJUST", [.amount: .minor(1_000)])
        #expect(try story.change("CANCEL", [.bill: "B-000002"]).isClear)
        #expect(try story.drain().events.isEmpty)
        try story.use("GAUZE", 3)
        try story.drain()
        #expect(try story.change("CANCEL", [.bill: "B-000003"]).isClear)
        try story.drain()
        #expect(story.bills.map(\.state) == [.issued, .cancelled, .cancelled, .issued])
        #expect(story.bills.last?.type == .supplement)
        #expect(story.bills.last?.replaces == BillNumber("B-000003"))
        #expect(story.bills.last?.net == Money(minorUnits: 360))
    }

    @Test("every change keeps what it was, who asked for it and who approved it")
    func twoPeopleKept() throws {
        for (action, change) in [
            ("DISCOUNT", .discount), ("WAIVE", .waiver), ("CREDIT", .credit), ("ADJUST", .adjustment),
        ] as [(String, Bill.Change)] {
            let story = BillStory()
            try story.bill()
            #expect(try story.change(action, [.amount: .minor(100)]).isClear)
            let linked = try #require(story.bills.last)
            #expect(linked.change == change)
            #expect(linked.reason == "goodwill")
            #expect(linked.requestedBy == StaffID("F1"))
            #expect(linked.approvedBy == StaffID("F2"))
            #expect(linked.ofBill == BillNumber("B-000001"))
        }
    }

    @Test("one person alone, or one that nobody knows, changes nothing")
    func oneAlone() throws {
        let story = BillStory()
        try story.bill()
        for action in ["WAIVE", "CANCEL"] {
            let alone: [Field: Value] = [.bill: "B-000001", .reason: "so", .approvedBy: "F2"]
            #expect(try story.story.tell(.bill, action, alone).codes == ["bill.not-approved"])
            #expect(try story.change(action, [.actor: "NOBODY"]).codes == ["bill.not-approved"])
            #expect(try story.change(action, [.approvedBy: "F1"]).codes == ["bill.not-approved"])
        }
        #expect(story.bills.count == 1)
        #expect(try story.change("CANCEL").isClear)
    }

    @Test("a discount agreed before the bill is given when it goes out, before deposits are set against it")
    func agreedBefore() throws {
        for (given, net) in [([.percent: 10], 50_000), ([.amount: .minor(12_345)], 12_345)]
            as [([Field: Value], Int64)]
        {
            let story = BillStory()
            try story.pay(600_000, plan: "P-1", reference: "D")
            var values: [Field: Value] = [
                .surgicalCase: "C-1", .reason: "staff price", .requestedBy: "F1", .approvedBy: "F2",
            ]
            values.merge(given) { _, new in new }
            let agreed = try story.story.tell(.bill, "DISCOUNT", values)
            #expect(agreed.events.map(\.kind) == ["bill.discount-agreed"])
            #expect(story.bills.isEmpty)
            try story.end()
            try story.drain()
            #expect(story.bills.map(\.type) == [.invoice, .creditNote])
            #expect(story.bills[0].net == Money(minorUnits: 500_000))
            #expect(story.bills[1].net == Money(minorUnits: -net))
            #expect(story.bills[1].change == .discount)
            #expect(story.bills[1].reason == "staff price")
            #expect(story.bills[1].approvedBy == StaffID("F2"))
            #expect(story.bills[0].state == .paid)
            #expect(story.payment("D")?.allocations.count == 1)
            #expect(story.state.all(Discount.self).map(\.note) == [BillNumber("B-000002")])
            #expect(try story.balance().addsUp)
            #expect(try story.drain().events.isEmpty)
            // Once the bill is out, a discount of the case is one of the bill.
            #expect(
                try story.story.tell(.bill, "DISCOUNT", values).events.map(\.kind) == ["bill.issued", "bill.adjusted"])
        }
    }

    @Test("an agreed discount is of a known case, by two people, by an amount, and of no line")
    func agreedWrong() throws {
        let story = BillStory()
        let right: [Field: Value] = [
            .surgicalCase: "C-1", .percent: 10, .reason: "so", .requestedBy: "F1", .approvedBy: "F2",
        ]
        for (wrong, codes) in [
            ([.surgicalCase: "C-9"], ["case.unknown"]), ([.approvedBy: "F1"], ["bill.not-approved"]),
            ([.percent: 101], ["payment.bad-amount"]), ([.line: 1], ["bill.exceeds-line"]),
            (
                [.percent: 0, .line: 1, .approvedBy: "N1"],
                ["bill.not-approved", "payment.bad-amount", "bill.exceeds-line"]
            ),
        ] as [([Field: Value], [String])] {
            let ruling = try story.story.tell(.bill, "DISCOUNT", right.merging(wrong) { _, new in new })
            #expect(ruling.codes == codes)
            #expect(ruling.isHeld == (codes == ["case.unknown"]))
        }
        #expect(try story.story.tell(.bill, "DISCOUNT", right).isClear)
    }

    @Test("a bill that others are linked to is not cancelled")
    func cancelLinked() throws {
        let story = BillStory()
        try story.bill()
        try story.change("DISCOUNT", [.percent: 10])
        #expect(try story.change("CANCEL").codes == ["bill.wrong-state"])
    }

    @Test("a change needs an amount above zero or a percentage up to a hundred")
    func badAmounts() throws {
        let story = BillStory()
        try story.bill()
        for wrong in [[:], [.amount: .minor(0)], [.amount: .minor(-5)], [.percent: 0], [.percent: 101]]
            as [[Field: Value]]
        {
            #expect(try story.change("DISCOUNT", wrong).codes == ["payment.bad-amount"], "\(wrong)")
        }
        #expect(try story.change("ADJUST", [.amount: .minor(0)]).codes == ["payment.bad-amount"])
    }
}
