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
