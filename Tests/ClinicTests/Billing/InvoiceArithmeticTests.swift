import Clinic
import ClinicTesting
import Testing

@Suite("Arithmetic of EN 16931")
struct InvoiceArithmeticTests {
    /// The identities of the standard for one document, by its business terms; none has a tolerance.
    private func check(_ bill: Bill, _ paid: Money, among count: Int) {
        let lineNet = bill.lines.map(\.net).total
        // No document level allowances or charges: BT-107 and BT-108 are nothing.
        #expect(bill.lines.allSatisfy { $0.unitPrice * $0.quantity == $0.net }, "BT-131 of \(bill.number)")
        #expect(bill.net == lineNet, "BR-CO-10, BR-CO-13 of \(bill.number)")
        var bases: [String: Money] = [:]
        var rates: [String: Int] = [:]
        for line in bill.lines {
            let category = "\(line.taxCategory) \(line.taxBasisPoints)"
            bases[category, default: .zero] += line.net
            rates[category] = line.taxBasisPoints
            #expect((line.taxCategory == "E") == (line.taxExemptionReason != nil), "BR-E-10 of \(bill.number)")
            #expect((line.taxCategory == "S") == (line.taxBasisPoints > 0), "BR-S-05, BR-E-05, BR-Z-05")
        }
        for (category, base) in bases {
            let tax = bill.lines.filter { "\($0.taxCategory) \($0.taxBasisPoints)" == category }.map(\.tax).total
            #expect(tax == rounded(base, rates[category] ?? 0), "BR-CO-17 of \(bill.number), \(category)")
        }
        let taxes = bases.map { rounded($1, rates[$0] ?? 0) }.total
        #expect(bill.tax == taxes, "BR-CO-14 of \(bill.number)")
        #expect(bill.gross == bill.net + bill.tax, "BR-CO-15 of \(bill.number)")
        let due = bill.gross - paid + bill.rounding
        #expect(
            due == bill.insurerShare + bill.writeOff + bill.patientShare - paid, "BR-CO-16 of \(bill.number)")
        // The last credit note of a bill carries what its earlier ones left: a minor unit of each of their lines.
        let limit = Int64(bill.lines.count * count)
        #expect(bill.rounding.minorUnits.magnitude <= limit, "BT-114 of \(bill.number): \(bill.rounding)")
    }

    /// Worked out apart from the program: half away from zero.
    private func rounded(_ base: Money, _ basisPoints: Int) -> Money {
        let (quotient, rest) = (base.minorUnits.magnitude * UInt64(basisPoints)).quotientAndRemainder(
            dividingBy: 10_000)
        let units = Int64(quotient + (rest >= 5_000 ? 1 : 0))
        return Money(minorUnits: base.minorUnits < 0 ? -units : units)
    }

    @Test(
        "random bills, supplements and credit notes keep BR-CO-10 and BR-CO-13 to 17 exactly",
        arguments: [31, 32, 33, 34, 35, 36] as [UInt64])
    func random(seed: UInt64) throws {
        var random = SplitMix(seed: seed)
        for _ in 0..<25 {
            var catalog = Catalog.sample
            catalog.policy.standardTaxBasisPoints = [0, 250, 700, 1_900, 2_000, 2_100, 2_550][random.below(7)]
            catalog.policy.facilityPerHour = Money(minorUnits: Int64(random.below(100_000)))
            for sku in ["SPLINT", "GAUZE", "GLOVES"] {
                catalog.items[SKU(sku)]?.price = Money(minorUnits: Int64(random.below(500)))
            }
            let purposes: [ProcedurePlan.Purpose?] = [nil, .cosmetic, .therapeutic]
            let story = BillStory(
                procedures: ["RHINOPLASTY", "BLEPH-UPPER"].map {
                    .init(
                        code: ProcedureCode($0), side: $0 == "RHINOPLASTY" ? .notApplicable : .left,
                        price: Money(minorUnits: Int64(random.below(900_000))), purpose: purposes[random.below(3)])
                },
                purpose: random.below(2) == 0 ? .cosmetic : .therapeutic,
                coverage: random.below(2) == 0 ? nil : .init(insurer: "ACME"), authorization: "A-1",
                anesthesiaMinutes: random.below(400), catalog: catalog)
            for sku in ["SPLINT", "GAUZE", "GLOVES"] {
                try story.use(sku, random.below(7) + 1, lot: sku == "GAUZE" ? nil : "L\(random.below(3))")
            }
            try story.bill()
            for step in 0..<8 {
                var values: [Field: Value] = [:]
                if random.below(2) == 0 { values[.line] = .integer(random.below(6) + 1) }
                if random.below(2) == 0 {
                    values[.percent] = .text("\(random.below(100)).\(random.below(100))")
                } else {
                    values[.amount] = .minor(Int64(random.below(2_000)) + 1)
                }
                try story.change(["DISCOUNT", "CREDIT", "WAIVE", "ADJUST"][random.below(4)], values)
                if step == 4 { try story.use("GAUZE", random.below(9) + 1) }
                try story.drain()
            }
            try story.change("CREDIT")
            for bill in story.bills { check(bill, bill.patientPaid + bill.insurerPaid, among: story.bills.count) }
            #expect(story.bills.count > 3)
            #expect(try story.balance().addsUp)
        }
    }

    @Test("a bill credited piece by piece gives back all it charged, to the cent")
    func piecewise() throws {
        var catalog = Catalog.sample
        catalog.policy.standardTaxBasisPoints = 1_900
        let story = BillStory(
            procedures: [
                .init(code: ProcedureCode("RHINOPLASTY"), side: .notApplicable, price: Money(minorUnits: 26))
            ], catalog: catalog)
        #expect(try story.bill().tax == Money(minorUnits: 5))
        try story.change("CREDIT", [.amount: .minor(13)])
        #expect(try story.change("CREDIT").isClear)
        // 0.13 at 19 % is 0.02 on either note; the cent between is the rounding of the second.
        #expect(story.bills[1].tax == Money(minorUnits: -2))
        #expect(story.bills[2].tax == Money(minorUnits: -2))
        #expect(story.bills[2].rounding == Money(minorUnits: -1))
        #expect(story.bills[0].state == .adjusted)
        #expect(try story.balance().brief == [0, 0, 0, 0])
    }
}
