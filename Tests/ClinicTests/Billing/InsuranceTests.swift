import Clinic
import ClinicTesting
import Testing

@Suite("Insurance")
struct InsuranceTests {
    private let acme = Patient.Coverage(insurer: "ACME", from: .on("2026-04-01"), to: .on("2027-03-31"))
    private let eyelids: [ProcedurePlan.PlannedProcedure] = [
        .init(code: ProcedureCode("BLEPH-UPPER"), side: .bilateral, price: Money(minorUnits: 250_000))
    ]

    private func changePlan(of story: BillStory, _ change: (inout ProcedurePlan) -> Void) throws {
        var plan = try #require(story.state.fetch(ProcedurePlan.self, id: "\(story.plan)#1"))
        change(&plan)
        story.state.put(plan)
    }

    @Test("an authorization counts through its last day")
    func validity() throws {
        for (until, isCovered) in [("2026-11-22", false), ("2026-11-23", true)] {
            let story = BillStory(procedures: eyelids, purpose: .therapeutic, coverage: acme, authorization: "A-1")
            try changePlan(of: story) { $0.authorizedUntil = .on(until) }
            try story.end()
            #expect(try story.drain().warningCodes == (isCovered ? [] : ["insurance.not-covered"]))
            #expect((story.bills[0].insurer != nil) == isCovered)
            #expect(story.bills[0].remarks == (isCovered ? [] : ["insurance.not-covered"]))
        }
    }

    @Test("no more is the insurer's than it authorized, supplements included; the patient pays the rest and is warned")
    func authorizedAmount() throws {
        let story = BillStory(procedures: eyelids, purpose: .therapeutic, coverage: acme, authorization: "A-1")
        // The contract comes to 1820.00.
        try changePlan(of: story) { $0.authorizedAmount = Money(minorUnits: 182_500) }
        try story.end()
        #expect(try story.drain().warningCodes == [])
        #expect(story.bills[0].insurerShare == Money(minorUnits: 182_000))
        try story.use("SPLINT", 10, lot: "L1")
        #expect(try story.drain().warningCodes == ["insurance.not-covered"])
        #expect(story.bills[1].insurerShare == Money(minorUnits: 500))
        #expect(story.bills[1].addsUp)
    }

    @Test("surgery that the insurer authorized is covered though it is cosmetic")
    func authorizedCosmetic() throws {
        let story = BillStory(procedures: eyelids, purpose: .cosmetic, coverage: acme, authorization: "A-1")
        try story.end()
        #expect(try story.drain().warningCodes == [])
        #expect(story.bills[0].insurerShare > .zero)
    }

    @Test("of a mixed plan the therapeutic part is exempt and insured, the cosmetic part taxed and the patient's")
    func mixed() throws {
        let nose = ProcedurePlan.PlannedProcedure(
            code: ProcedureCode("RHINOPLASTY"), side: .notApplicable, price: Money(minorUnits: 500_000),
            purpose: .therapeutic)
        let story = BillStory(procedures: eyelids + [nose], purpose: .cosmetic, coverage: acme, authorization: "A-1")
        try story.use("SPLINT", 2, lot: "L1")
        try story.use("GAUZE", 1)
        try story.end()
        #expect(try story.drain().warningCodes == ["insurance.not-covered"])
        let bill = story.bills[0]
        #expect(bill.lines.map(\.code) == ["BLEPH-UPPER", "RHINOPLASTY", "GAUZE", "SPLINT"])
        // The splint is what a rhinoplasty needs; gauze is nobody's, so it goes with the plan.
        #expect(bill.lines.map(\.taxCategory) == ["S", "E", "S", "E"])
        #expect(bill.lines.map(\.taxBasisPoints) == [2_000, 0, 2_000, 0])
        #expect(bill.lines.map { $0.taxExemptionReason != nil } == [false, true, false, true])
        #expect(bill.lines.map { $0.insurerShare > .zero } == [false, true, false, true])
        #expect(bill.lines[0].writeOff == .zero)
        #expect(bill.lines[0].patientShare == Money(minorUnits: 300_000))
        #expect(bill.tax == Money(minorUnits: 250_120).share(basisPoints: 2_000))
        #expect(bill.addsUp)
    }

    @Test("where the standard rate is nothing, cosmetic surgery is zero-rated")
    func zeroRated() throws {
        var catalog = Catalog.sample
        catalog.policy.standardTaxBasisPoints = 0
        let story = BillStory(catalog: catalog)
        #expect(try story.bill().lines.map(\.taxCategory) == ["Z"])
        #expect(story.bills[0].tax == .zero)
    }

    @Test("the deductible is borne once in a policy's year, over several surgeries, and again in the next")
    func deductible() throws {
        let clinic = Story()
        let first = BillStory(
            in: clinic, procedures: eyelids, purpose: .therapeutic, coverage: acme, authorization: "A-1")
        #expect(try first.bill().deductible == Money(minorUnits: 10_000))
        func again(_ id: String, on day: String) throws -> Bill {
            var next = try #require(clinic.state.fetch(SurgicalCase.self, id: "C-1"))
            next.surgicalCase = CaseID(id)
            next.startedAt = .at("\(day)T09:00:00Z")
            next.endedAt = .at("\(day)T10:00:00Z")
            clinic.state.put(next)
            clinic.state.put(BillDue(surgicalCase: next.surgicalCase, mrn: next.mrn, endedAt: clinic.now))
            try first.drain()
            return try #require(clinic.state.all(Bill.self).last)
        }
        let second = try again("C-2", on: "2027-03-31")
        #expect(second.deductible == .zero)
        // 2375.00 × 80 %
        #expect(second.insurerShare == Money(minorUnits: 190_000))
        var patient = try #require(clinic.state.fetch(Patient.self, id: first.mrn.rawValue))
        patient.coverage = Patient.Coverage(insurer: "ACME", from: .on("2026-04-01"))
        clinic.state.put(patient)
        #expect(try again("C-3", on: "2027-04-01").deductible == Money(minorUnits: 10_000))
        #expect(try again("C-4", on: "2026-04-01").deductible == .zero)
    }

    @Test("two surgeries billed in one drain share the deductible")
    func deductibleInOneDrain() throws {
        let story = BillStory(procedures: eyelids, purpose: .therapeutic, coverage: acme, authorization: "A-1")
        try story.end()
        var second = try #require(story.state.fetch(SurgicalCase.self, id: "C-1"))
        second.surgicalCase = CaseID("C-2")
        story.state.put(second)
        story.state.put(BillDue(surgicalCase: second.surgicalCase, mrn: story.mrn, endedAt: story.story.now))
        try story.drain()
        #expect(story.bills.map(\.deductible.minorUnits) == [10_000, 0])
    }

    @Test("a bill that was credited whole gives its deductible back; a waiver does not")
    func deductibleBack() throws {
        for (action, deductible) in [("CREDIT", 10_000), ("WAIVE", 0)] as [(String, Int64)] {
            let story = BillStory(procedures: eyelids, purpose: .therapeutic, coverage: acme, authorization: "A-1")
            try story.bill()
            try story.change(action)
            try story.use("SPLINT", 10, lot: "L1")
            try story.drain()
            #expect(story.bills.last?.type == .supplement)
            #expect(story.bills.last?.deductible == Money(minorUnits: deductible))
        }
    }

    @Test("where the clinic refuses the warning, the bill is kept back until the coverage is mended")
    func withheld() throws {
        for code in ["insurance.inactive", "insurance.not-covered"] {
            var catalog = Catalog.sample
            catalog.policy.refusedWarnings = [code]
            let over = Patient.Coverage(insurer: "ACME", from: .on("2025-01-01"), to: .on("2025-12-31"))
            let story = BillStory(
                procedures: eyelids, purpose: .therapeutic, coverage: code == "insurance.inactive" ? over : acme,
                catalog: catalog)
            try story.end()
            let due = try story.drain()
            #expect(due.events.map(\.kind) == ["bill.withheld"])
            #expect(due.warningCodes == [code])
            #expect(story.bills.isEmpty)
            #expect(try story.drain().events.isEmpty)
            #expect(story.state.all(BillDue.self).map(\.state) == [.withheld])
            let mended = try story.story.tell(
                .patient, "UPDATE", [.mrn: .text(story.mrn.rawValue), .insurer: .deletion])
            #expect(mended.codes == [])
            try story.drain()
            #expect(story.bills.map(\.number) == [BillNumber("B-000001")])
            #expect(story.bills[0].patientShare == story.bills[0].gross)
        }
    }

    @Test("the surgeon who approves is warned of what the insurer will not pay, or refused where the clinic says so")
    func approval() throws {
        for (coverage, authorization, until, code) in [
            (acme, nil, nil, "insurance.not-covered"), (acme, "A-1", "2026-11-22", "insurance.not-covered"),
            (acme, "A-1", "2026-11-23", nil),
            (
                Patient.Coverage(insurer: "ACME", to: .on("2026-11-22")), "A-1", nil,
                "insurance.inactive"
            ), (nil, nil, nil, nil),
        ] as [(Patient.Coverage?, String?, String?, String?)] {
            for refused in [false, true] {
                var catalog = Catalog.sample
                if refused { catalog.policy.refusedWarnings = ["insurance.not-covered", "insurance.inactive"] }
                let story = Story(catalog: catalog)
                var patient = story.aPatientAfterConsultation()
                patient.coverage = coverage
                patient.allergies = []
                story.state.put(patient)
                var plan = story.aPlan("BLEPH-UPPER", items: [], state: .draft)
                plan.purpose = .therapeutic
                plan.authorization = authorization
                plan.authorizedUntil = until.map { .on($0) }
                story.state.put(plan)
                let ruling = try story.tell(.plan, "APPROVE", [.plan: "P-1", .surgeon: "S1"])
                let codes = code.map { [$0] } ?? []
                #expect(ruling.codes == (refused ? codes : []))
                #expect(ruling.warningCodes.filter { $0.hasPrefix("insurance.") } == (refused ? [] : codes))
            }
        }
    }

    @Test("a case booked on a day on which the insurance is over warns, once more than its plan did")
    func booking() throws {
        for (until, codes) in [("2026-11-22", ["insurance.not-covered"]), ("2026-11-23", [])] {
            let story = Story()
            story.allReady()
            var patient = try #require(story.state.fetch(Patient.self, id: Story.mrn.rawValue))
            patient.coverage = Patient.Coverage(insurer: "ACME")
            story.state.put(patient)
            var plan = try #require(story.state.fetch(ProcedurePlan.self, id: "P-1#1"))
            plan.authorization = "A-1"
            plan.plannedFor = .on("2026-11-20")
            plan.authorizedUntil = .on(until)
            story.state.put(plan)
            story.now = .at("2026-11-18T12:00:00Z")
            let ruling = try story.tell(
                .surgicalCase, "SCHEDULE",
                [
                    .surgicalCase: "CASE-1", .plan: "P-1", .theater: "T1", .startsAt: .at("2026-11-23T09:00:00Z"),
                    .anesthetist: "A1",
                ])
            #expect(ruling.codes == [])
            #expect(ruling.warningCodes.filter { $0.hasPrefix("insurance.") } == codes)
        }
    }

    @Test("a plan says for each procedure what it is for, and what the insurer authorized")
    func planned() throws {
        let story = Story()
        story.aPatientAfterConsultation()
        let values: [Field: Value] = [
            .plan: "P-7", .consultation: "C-1", .surgeon: "S1", .authorization: "A-1",
            .authorizedAmount: .minor(100_000), .authorizedUntil: .on("2026-12-31"),
            .procedure: ["BLEPH-UPPER:BILATERAL", "RHINOPLASTY:NONE:THERAPEUTIC"],
        ]
        #expect(try story.tell(.plan, "DRAFT", values).codes == [])
        let plan = try #require(story.state.fetch(ProcedurePlan.self, id: "P-7#1"))
        #expect(plan.procedures.map { plan.purpose(of: $0) } == [.cosmetic, .therapeutic])
        #expect(plan.authorizedAmount == Money(minorUnits: 100_000))
        #expect(plan.authorizedUntil == .on("2026-12-31"))
        let wrong = try story.tell(.plan, "REVISE", [.plan: "P-7", .procedure: ["RHINOPLASTY:NONE:BEAUTY"]])
        #expect(wrong.codes == ["entry.unknown-code"])
    }
}
