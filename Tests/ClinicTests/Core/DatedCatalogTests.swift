import Clinic
import ClinicTesting
import Testing

@Suite("Prices, terms, papers and texts by the day")
struct DatedCatalogTests {
    private let code = ProcedureCode("BREAST-AUG")

    @Test("a price, a payer's terms and an item answer for a day")
    func answers() throws {
        var catalog = Catalog.sample
        catalog.procedures[code]?.priceChanges = [
            Change(effectiveFrom: .on("2026-11-03"), Money(minorUnits: 500_000)),
            Change(effectiveFrom: .on("2027-01-01"), Money(minorUnits: 510_000)),
        ]
        catalog.items[SKU("SPLINT")]?.priceChanges = [Change(effectiveFrom: .on("2027-01-01"), nil)]
        var payer = try #require(catalog.payers[PayerID("ACME")])
        payer.basisPoints = 7_000
        catalog.payers[PayerID("ACME")]?.changes = [Change(effectiveFrom: .on("2027-01-01"), payer)]
        let prices = ["2026-11-02", "2026-11-03", "2026-12-31", "2027-01-01"].map {
            catalog.procedure(code, at: .on($0))?.price.minorUnits
        }
        #expect(prices == [480_000, 500_000, 500_000, 510_000])
        #expect(catalog.item(SKU("SPLINT"), at: .on("2026-12-31"))?.price == Money(minorUnits: 1_850))
        let free = try #require(catalog.item(SKU("SPLINT"), at: .on("2027-01-01")))
        #expect(free.price == nil)
        #expect(catalog.payer(PayerID("ACME"), at: .on("2026-12-31"))?.basisPoints == 8_000)
        #expect(catalog.payer(PayerID("ACME"), at: .on("2027-01-01"))?.basisPoints == 7_000)
    }

    @Test("an item is found by its own GTIN, a text by its own name")
    func named() throws {
        var catalog = Catalog.sample
        #expect(catalog.item(gtin: "05012345678917")?.sku == SKU("SPLINT"))
        #expect(catalog.item(gtin: "05012345678900")?.sku == SKU("IMP-300"))
        #expect(catalog.item(gtin: "05012345678999") == nil)
        let day: CalendarDate = .on("2026-11-23")
        var newer = try #require(catalog.templates.first { $0.name == "rhinoplasty" })
        newer.version = 7
        catalog.templates.append(newer)
        #expect(catalog.template("breast-augmentation", on: day)?.name == "breast-augmentation")
        #expect(catalog.template("rhinoplasty", on: day)?.version == 7)
        #expect(catalog.template("facelift", on: day) == nil)
    }

    @Test("a plan has the prices of the day on which it is approved")
    func approval() throws {
        for (day, price) in [("2026-11-03", Int64(480_000)), ("2026-11-04", 500_000)] {
            let story = Story.under(nil) { catalog in
                catalog.procedures[code]?.priceChanges = [
                    Change(effectiveFrom: .on("2026-11-04"), Money(minorUnits: 500_000))
                ]
            }
            story.aPatientAfterConsultation()
            story.aPlan(state: .draft)
            try story.must(.plan, "APPROVE", [.plan: "P-1", .surgeon: "S1"], at: "\(day)T09:00:00Z")
            #expect(try story.plan()?.procedures.first?.price == Money(minorUnits: price))
        }
    }

    @Test("an item on a bill has the price of the plan's approval, though another is in force by then")
    func billedItem() throws {
        for (day, price) in [("2026-11-03", Int64(150)), ("2026-11-04", 120)] {
            let story = Story.under(nil) { catalog in
                catalog.items[SKU("GAUZE")]?.priceChanges = [
                    Change(effectiveFrom: .on(day), Money(minorUnits: 150))
                ]
            }
            story.aCaseInProgress()
            let gauze: [Field: Value] = [.sku: "GAUZE", .quantity: 1]
            try story.must(.inventory, "RECEIVE", gauze)
            try story.must(.inventory, "USE", gauze.with([.surgicalCase: "CASE-1"]), at: "2026-11-23T10:00:00Z")
            var done = try #require(story.surgicalCase())
            done.state = .completed
            done.endedAt = .at("2026-11-23T11:00:00Z")
            var ended = Ruling()
            ended.record(
                Event(
                    "case.completed", .surgicalCase(done.surgicalCase), patient: done.mrn, at: story.now,
                    writes: [done]))
            _ = try story.pathway.carryOut(ended, now: story.now, in: story.state)
            let due = try story.pathway.due(at: story.now, drainEnds: true, in: story.state)
            _ = try story.pathway.carryOut(due, now: story.now, in: story.state)
            let lines = story.state.all(Bill.self).flatMap(\.lines).filter { $0.kind == .inventory }
            #expect(lines.map(\.unitPrice) == [Money(minorUnits: price)])
        }
    }

    @Test("a consent has the text in force when it is issued, though the plan was approved under an earlier one")
    func template() throws {
        for (day, version) in [("2026-11-09", 1), ("2026-11-10", 2)] {
            let story = Story.under(nil) { catalog in
                guard var next = catalog.template("breast-augmentation", version: 1) else { return }
                next.version = 2
                next.effectiveFrom = .on("2026-11-10")
                catalog.templates.append(next)
            }
            story.aPatientAfterConsultation()
            story.aPlan()
            try story.must(.consent, "CREATE", [.consent: "K-1", .plan: "P-1"], at: "\(day)T09:00:00Z")
            #expect(story.consent()?.templates.map(\.version) == [version])
        }
    }

    @Test("privileges, licence and indemnity are asked for the day of surgery, and the first lawful day is named")
    func papers() throws {
        let from = CalendarDate.on("2026-11-24")
        let changes: [(String, @Sendable (inout StaffMember) -> Void)] = [
            ("licence", { $0.licenceFrom = from }), ("indemnity", { $0.indemnityFrom = from }),
            (
                "privilege",
                {
                    $0.privileges = []
                    $0.datedPrivileges = [DatedPrivilege(procedure: ProcedureCode("BREAST-AUG"), from: from)]
                }
            ),
        ]
        for (name, change) in changes {
            let story = Story.under(nil) { catalog in
                if var member = catalog.staff[StaffID("S1")] {
                    change(&member)
                    catalog.staff[member.id] = member
                }
            }
            story.allReady()
            let ruling = try story.books()
            #expect(ruling.codes == ["plan.surgeon-not-privileged"], "\(name)")
            #expect(ruling.findings.first?.mend.hasPrefix("operate on 2026-11-24 or later") == true)
            #expect(try story.books([.startsAt: .at("2026-11-24T09:00:00Z")]).codes == [], "\(name)")
        }
    }

    @Test("a privilege that ends is none on the day after")
    func endedPrivilege() throws {
        for (until, codes) in [("2026-11-23", []), ("2026-11-22", ["plan.surgeon-not-privileged"])] {
            let story = Story.under(nil) { catalog in
                catalog.staff[StaffID("S1")]?.privileges = []
                catalog.staff[StaffID("S1")]?.datedPrivileges = [DatedPrivilege(procedure: code, until: .on(until))]
            }
            story.allReady()
            let ruling = try story.books()
            #expect(ruling.codes == codes)
            #expect(ruling.findings.allSatisfy { !$0.mend.contains("operate on") })
        }
    }
}
