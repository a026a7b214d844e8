import Clinic
import ClinicTesting
import Testing

@Suite("Bills")
struct BillTests {
    private let acme = Patient.Coverage(insurer: "ACME", from: .on("2026-01-01"), to: .on("2026-12-31"))
    private let eyelids: [ProcedurePlan.PlannedProcedure] = [
        .init(code: ProcedureCode("BLEPH-UPPER"), side: .bilateral, price: Money(minorUnits: 250_000))
    ]

    @Test("cosmetic surgery: approval price, goods used, started quarters of anesthesia, standard tax")
    func cosmetic() throws {
        let story = BillStory(anesthesiaMinutes: 100)
        try story.use("SPLINT", 2, lot: "L1")
        try story.use("GLOVES", 4, lot: "G1")
        let bill = try story.bill()
        // 5000.00 + 300.00 + 7 × 60.00 + 2 × 18.50; gloves have no price.
        #expect(bill.lines.map(\.net.minorUnits) == [500_000, 30_000, 42_000, 3_700])
        #expect(bill.lines.map(\.number) == [1, 2, 3, 4])
        #expect(bill.lines.last?.lot == "L1")
        #expect(bill.net == Money(minorUnits: 575_700))
        #expect(bill.tax == Money(minorUnits: 115_140))
        #expect(bill.gross == Money(minorUnits: 690_840))
        #expect(bill.patientShare == bill.gross)
        #expect(bill.lines.allSatisfy { $0.taxCategory == "S" && $0.taxBasisPoints == 2_000 })
        #expect(bill.number == BillNumber("B-000001"))
        #expect(bill.dueOn == .on("2026-12-07"))
        #expect(bill.state == .issued)
        #expect(bill.addsUp)
    }

    @Test("therapeutic surgery: exempt, with write-off, deductible and percentage")
    func insured() throws {
        let story = BillStory(procedures: eyelids, purpose: .therapeutic, coverage: acme, authorization: "A-77")
        let bill = try story.bill()
        // 2500.00 − 5 % = 2375.00; (2375.00 − 100.00) × 80 % = 1820.00; the patient pays 555.00.
        #expect(bill.writeOff == Money(minorUnits: 12_500))
        #expect(bill.insurerShare == Money(minorUnits: 182_000))
        #expect(bill.patientShare == Money(minorUnits: 55_500))
        #expect(bill.tax == .zero)
        #expect(bill.lines.allSatisfy { $0.taxCategory == "E" && $0.taxExemptionReason != nil })
        #expect(bill.insurer == PayerID("ACME"))
        #expect(bill.addsUp)
    }

    @Test("an insurer's part ends at its cap, over several lines")
    func capped() throws {
        let story = BillStory(purpose: .therapeutic, coverage: acme, authorization: "A-77", anesthesiaMinutes: 91)
        try story.use("SPLINT", 1, lot: "L1")
        let bill = try story.bill()
        // 5000.00 + 300.00 + 7 × 60.00 + 18.50 = 5738.50; 5 % of it is 286.925; 80 % of the rest is over the cap.
        #expect(bill.gross == Money(minorUnits: 573_850))
        #expect(bill.writeOff == Money(minorUnits: 28_693))
        #expect(bill.insurerShare == Money(minorUnits: 300_000))
        #expect(bill.patientShare == Money(minorUnits: 573_850 - 28_693 - 300_000))
        #expect(bill.addsUp)
    }

    @Test("a supplement goes on where deductible and cap were left")
    func supplementTerms() throws {
        let story = BillStory(procedures: eyelids, purpose: .therapeutic, coverage: acme, authorization: "A-77")
        try story.bill()
        try story.use("SPLINT", 10, lot: "L1")
        try story.drain()
        let supplement = try #require(story.bills.last)
        #expect(supplement.type == .supplement)
        #expect(supplement.ofBill == BillNumber("B-000001"))
        // 185.00 − 9.25 = 175.75, × 80 % = 140.60: the deductible was used up by the invoice.
        #expect(supplement.writeOff == Money(minorUnits: 925))
        #expect(supplement.insurerShare == Money(minorUnits: 14_060))
        #expect(supplement.patientShare == Money(minorUnits: 3_515))
        #expect(supplement.addsUp)
        #expect(try story.drain().events.isEmpty)
    }

    @Test("without authorization, or for cosmetic surgery, the patient pays all of it and a warning says so")
    func notCovered() throws {
        for (purpose, authorization) in [(.therapeutic, nil), (.cosmetic, nil)]
            as [(ProcedurePlan.Purpose, String?)]
        {
            let story = BillStory(purpose: purpose, coverage: acme, authorization: authorization)
            try story.end()
            #expect(try story.drain().warningCodes == ["insurance.not-covered"])
            #expect(story.bills[0].insurerShare == .zero)
            #expect(story.bills[0].patientShare == story.bills[0].gross)
        }
        let covered = BillStory(purpose: .therapeutic, coverage: acme, authorization: "A-77")
        try covered.end()
        #expect(try covered.drain().warningCodes == [])
    }

    @Test("an insurance that was over on the day pays nothing and a warning says so")
    func inactive() throws {
        let over = Patient.Coverage(insurer: "ACME", from: .on("2025-01-01"), to: .on("2026-11-22"))
        let story = BillStory(purpose: .therapeutic, coverage: over, authorization: "A-77")
        try story.end()
        #expect(try story.drain().warningCodes == ["insurance.inactive"])
        #expect(story.bills[0].insurer == nil)
        let today = Patient.Coverage(insurer: "ACME", from: .on("2025-01-01"), to: .on("2026-11-23"))
        let other = BillStory(purpose: .therapeutic, coverage: today, authorization: "A-77")
        try other.end()
        #expect(try other.drain().warningCodes == [])
    }

    @Test("bills wait for the end of the drain, or for the clinic's minutes, and are issued once")
    func whenDue() throws {
        let story = BillStory()
        try story.end()
        #expect(try story.drain(ends: false).events.isEmpty)
        #expect(try story.drain().events.map(\.kind) == ["bill.issued"])
        #expect(try story.drain().events.isEmpty)
        var catalog = Catalog.sample
        catalog.policy.billAfterMinutes = 60
        let later = BillStory(catalog: catalog)
        later.story.now = .at("2026-11-23T12:00:00Z")
        try later.end()
        #expect(try later.drain().events.isEmpty)
        later.story.now = .at("2026-11-23T12:10:00Z")
        #expect(try later.drain(ends: false).events.map(\.kind) == ["bill.issued"])
    }

    @Test("the entry that completes a case makes it due, and its anesthesia is on the bill")
    func completed() throws {
        let story = BillStory(caseState: .inProgress)
        var surgicalCase = try #require(story.state.all(SurgicalCase.self).first)
        surgicalCase.signInAt = .at("2026-11-23T08:50:00Z")
        surgicalCase.timeOutAt = .at("2026-11-23T09:05:00Z")
        surgicalCase.signOutAt = .at("2026-11-23T11:00:00Z")
        surgicalCase.endedAt = nil
        story.state.put(surgicalCase)
        try story.use("SPLINT", 1, lot: "L1")
        let values: [Field: Value] = [
            .surgicalCase: "C-1", .occurredAt: .at("2026-11-23T11:10:00Z"), .anesthesiaMinutes: 31,
        ]
        let ruling = try story.story.tell(.surgicalCase, "COMPLETE", values, at: "2026-11-23T11:10:00Z")
        #expect(ruling.codes == [])
        #expect(ruling.events.contains { $0.kind == "bill.due" })
        try story.drain()
        #expect(
            story.bills.first?.lines.map(\.code) == ["RHINOPLASTY", "ANESTHESIA-BASE", "ANESTHESIA-TIME", "SPLINT"])
        #expect(story.bills.first?.lines.map(\.quantity) == [1, 1, 3, 1])
    }

    @Test("an abandoned case pays for anesthesia, theater and goods, and no procedure")
    func abandonedServices() throws {
        var catalog = Catalog.sample
        catalog.policy.facilityPerHour = Money(minorUnits: 40_000)
        let story = BillStory(anesthesiaMinutes: 20, catalog: catalog, caseState: .abandoned)
        try story.use("SPLINT", 1, lot: "L1")
        let bill = try story.bill()
        #expect(bill.lines.map(\.code) == ["ANESTHESIA-BASE", "ANESTHESIA-TIME", "FACILITY", "SPLINT"])
        #expect(bill.lines.map(\.quantity) == [1, 2, 3, 1])
    }

    @Test("a procedure without a price is on the bill; anesthesia that costs nothing is not")
    func freeOfCharge() throws {
        var catalog = Catalog.sample
        catalog.policy.anesthesiaBase = .zero
        let story = BillStory(
            procedures: [.init(code: ProcedureCode("RHINOPLASTY"), side: .notApplicable, price: .zero)],
            anesthesiaMinutes: 15, catalog: catalog)
        #expect(try story.bill().lines.map(\.code) == ["RHINOPLASTY", "ANESTHESIA-TIME"])
    }

    @Test("what comes back after a discount gives back no more than was charged")
    func backAfterDiscount() throws {
        let story = BillStory()
        try story.use("SPLINT", 2, lot: "L1")
        try story.bill()
        try story.change("DISCOUNT", [.line: 2, .percent: 100])
        let back: [Field: Value] = [.sku: "SPLINT", .lot: "L1", .quantity: 2, .surgicalCase: "C-1"]
        try story.story.tell(.inventory, "RETURN", back)
        try story.drain()
        #expect(try story.balance().patient == Money(minorUnits: 600_000))
        #expect(try story.drain().events.isEmpty)
        // Used again after all, it is charged again.
        try story.use("SPLINT", 1, lot: "L1")
        try story.drain()
        #expect(try story.balance().patient == Money(minorUnits: 602_220))
    }

    @Test("a voided use is credited, and its return voided is charged again")
    func voided() throws {
        let story = BillStory()
        try story.use("SPLINT", 3, lot: "L1", reference: "U-1")
        try story.bill()
        try story.story.tell(.inventory, "VOID", [.original: "U-1", .reason: "slip"])
        try story.drain()
        #expect(try story.balance().patient == Money(minorUnits: 600_000))
        try story.use("SPLINT", 1, lot: "L2")
        let back: [Field: Value] = [.sku: "SPLINT", .lot: "L2", .quantity: 1, .surgicalCase: "C-1"]
        try story.story.tell(.inventory, "RETURN", back, reference: "R-1")
        try story.drain()
        #expect(try story.balance().patient == Money(minorUnits: 600_000))
        try story.story.tell(.inventory, "VOID", [.original: "R-1", .reason: "slip"])
        try story.drain()
        #expect(try story.balance().patient == Money(minorUnits: 602_220))
    }

    @Test("an abandoned case is billed for what was used, and not at all when nothing was")
    func abandoned() throws {
        let story = BillStory(caseState: .abandoned)
        try story.use("SPLINT", 1, lot: "L1")
        #expect(try story.bill().lines.map(\.code) == ["SPLINT"])
        let empty = BillStory(caseState: .abandoned)
        try empty.end()
        #expect(try empty.drain().events.map(\.kind) == ["bill.not-due"])
        #expect(empty.bills.isEmpty)
        #expect(try empty.drain().events.isEmpty)
    }

    @Test("what comes back after the bill is credited, and what was paid for it becomes credit again")
    func cameBack() throws {
        let story = BillStory()
        try story.use("SPLINT", 3, lot: "L1", reference: "U-1")
        let bill = try story.bill()
        try story.pay(bill.gross.minorUnits, bill: "B-000001")
        let back: [Field: Value] = [.sku: "SPLINT", .lot: "L1", .quantity: 2, .surgicalCase: "C-1"]
        #expect(try story.story.tell(.inventory, "RETURN", back).warningCodes == ["inventory.bill-settled"])
        try story.drain()
        let note = try #require(story.bills.last)
        #expect(note.type == .creditNote)
        #expect(note.lines.map(\.quantity) == [-2])
        #expect(note.net == Money(minorUnits: -3_700))
        #expect(note.tax == Money(minorUnits: -740))
        #expect(note.addsUp)
        #expect(story.bills[0].state == .paid)
        #expect(try story.balance().credit == Money(minorUnits: 4_440))
        #expect(try story.balance().open == .zero)
        #expect(try story.drain().events.isEmpty)
        try story.use("SPLINT", 1, lot: "L2")
        try story.drain()
        #expect(story.bills.last?.type == .supplement)
        #expect(story.bills.last?.state == .paid)
        #expect(try story.balance().credit == Money(minorUnits: 2_220))
    }

    @Test("tax is rounded on every line, and the sum is the tax of the sum")
    func taxOfTheSum() throws {
        var catalog = Catalog.sample
        catalog.policy.standardTaxBasisPoints = 1_900
        catalog.items[SKU("GAUZE")]?.price = Money(minorUnits: 13)
        catalog.items[SKU("SPLINT")]?.price = Money(minorUnits: 13)
        let story = BillStory(catalog: catalog)
        try story.use("SPLINT", 1, lot: "L1")
        try story.use("SPLINT", 1, lot: "L2")
        try story.use("GAUZE", 1)
        let bill = try story.bill()
        #expect(bill.tax == bill.net.share(basisPoints: 1_900))
        #expect(bill.addsUp)
    }

    @Test("random bills add up, line by line and in sum", arguments: [11, 12, 13, 14, 15, 16])
    func random(seed: UInt64) throws {
        var random = SplitMix(seed: seed)
        for _ in 0..<40 {
            var catalog = Catalog.sample
            catalog.policy.standardTaxBasisPoints = [0, 700, 1_900, 2_000, 2_100, 2_550][random.below(6)]
            catalog.policy.facilityPerHour = Money(minorUnits: Int64(random.below(100_000)))
            for sku in ["SPLINT", "GAUZE", "GLOVES"] {
                catalog.items[SKU(sku)]?.price = Money(minorUnits: Int64(random.below(5_000)))
            }
            catalog.payers[PayerID("ACME")] = Payer(
                id: PayerID("ACME"), name: "Acme", basisPoints: random.below(10_001),
                deductible: Money(minorUnits: Int64(random.below(200_000))),
                cap: random.below(2) == 0 ? nil : Money(minorUnits: Int64(random.below(400_000))),
                writeOffBasisPoints: random.below(10_001), needsAuthorization: false)
            let price = Money(minorUnits: Int64(random.below(900_000)))
            let isTherapeutic = random.below(2) == 0
            let story = BillStory(
                procedures: [.init(code: ProcedureCode("RHINOPLASTY"), side: .notApplicable, price: price)],
                purpose: isTherapeutic ? .therapeutic : .cosmetic, coverage: acme,
                anesthesiaMinutes: random.below(400), catalog: catalog)
            for sku in ["SPLINT", "GAUZE", "GLOVES"] where random.below(3) > 0 {
                try story.use(sku, random.below(7) + 1, lot: "L\(random.below(3))")
            }
            let bill = try story.bill()
            #expect(bill.addsUp)
            let parts = bill.lines.flatMap { [$0.insurerShare, $0.writeOff, $0.patientShare, $0.tax] }
            #expect(parts.allSatisfy { $0 >= .zero })
            #expect(bill.lines.allSatisfy { $0.unitPrice * $0.quantity == $0.net })
            let rate = isTherapeutic ? 0 : catalog.policy.standardTaxBasisPoints
            #expect(bill.tax == bill.net.share(basisPoints: rate))
            if let cap = catalog.payers[PayerID("ACME")]?.cap { #expect(bill.insurerShare <= cap) }
            try check(changesOf: story, with: &random)
        }
    }

    /// Pays, changes and refunds at random; what is charged is always what is paid and what is open.
    private func check(changesOf story: BillStory, with random: inout SplitMix) throws {
        var received = Money.zero
        for step in 0..<12 {
            let amount = Int64(random.below(300_000)) + 1
            switch random.below(6) {
            case 0, 1:
                if try story.pay(amount, reference: "PAY-\(step)").isClear { received += Money(minorUnits: amount) }
            case 2:
                if try story.refund(amount / 3 + 1, of: "PAY-\(random.below(12))").isClear {
                    received -= Money(minorUnits: amount / 3 + 1)
                }
            case 3: try story.change("DISCOUNT", [.amount: .minor(amount / 20 + 1)])
            case 4: try story.change("CREDIT", [.amount: .minor(amount / 10 + 1)])
            default: try story.change("WAIVE", [.amount: .minor(amount / 20 + 1)])
            }
            #expect(story.bills.allSatisfy { $0.addsUp })
            let balance = try story.balance()
            #expect(balance.addsUp)
            #expect(balance.open >= .zero && balance.credit >= .zero)
            #expect(balance.paid + balance.credit == received)
        }
    }
}
