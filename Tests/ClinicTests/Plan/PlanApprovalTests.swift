import Clinic
import ClinicTesting
import Testing

@Suite("Plan: approval and what follows")
struct PlanApprovalTests {
    let story = Story()
    private let approval: [Field: Value] = [.plan: "P-1", .surgeon: "S1"]

    private func stories(_ change: (inout Catalog) -> Void) -> Story {
        var catalog = Catalog.sample
        change(&catalog)
        return Story(catalog: catalog)
    }

    @Test("approval fixes prices, selects the consent's text and orders the requirements")
    func approve() throws {
        try story.draftedPlan()
        let ruling = try story.tell(.plan, "APPROVE", approval)
        #expect(ruling.codes.isEmpty)
        #expect(ruling.events.map(\.kind).prefix(2) == ["plan.approved", "preop.ordered"])
        let plan = try #require(try story.plan())
        #expect(plan.state == .approved)
        #expect(plan.approvedBy == StaffID("S1"))
        #expect(plan.procedures[0].price == Money(minorUnits: 480_000))
        #expect(plan.templates == [.init(name: "breast-augmentation", version: 1)])
        #expect(story.state.fetch(Requirement.self, where: .plan(plan.plan)).map(\.state) == [.ordered, .ordered])
        #expect(story.state.fetch(Clearance.self, id: "P-1")?.state == .pending)
    }

    @Test("a plan is approved once")
    func approvedAlready() throws {
        try story.approvedPlan()
        let ruling = try story.tell(.plan, "APPROVE", approval, at: "2026-09-08T09:00:00Z")
        #expect(ruling.codes == ["plan.wrong-state"])
        #expect(!ruling.isHeld)
    }

    @Test("an approval later than the approved version's waits for a revision, and takes up one that it can be of")
    func approvedAhead() throws {
        for (revision, isOfIt) in [("2026-09-10T09:00:00Z", true), ("2026-09-10T11:00:01Z", false)] {
            let story = Story()
            try story.approvedPlan()
            let early = try story.tell(.plan, "APPROVE", approval, at: "2026-09-10T11:00:00Z")
            #expect(early.codes == ["plan.wrong-state"])
            #expect(early.findings.first?.waitsFor == [.plan(PlanID("P-1"))])
            try story.must(.plan, "REVISE", [.plan: "P-1", .details: "Dual plane."], at: revision)
            let again = try story.tell(.plan, "APPROVE", approval, at: "2026-09-10T11:00:00Z")
            #expect(again.codes == (isOfIt ? [] : ["plan.wrong-state"]))
            #expect(!again.isHeld)
        }
    }

    @Test(
        "an approval is not of a draft that was written after it",
        arguments: [("2026-09-06T11:00:00Z", false), ("2026-09-07T10:59:59Z", false), ("2026-09-07T11:00:00Z", true)])
    func approvedBeforeDraft(_ time: String, isOfIt: Bool) throws {
        try story.draftedPlan()
        let ruling = try story.tell(.plan, "APPROVE", approval, at: time)
        #expect(ruling.codes == (isOfIt ? [] : ["plan.wrong-state"]))
        #expect(!ruling.isHeld)
        #expect(ruling.findings.first?.fields ?? [.occurredAt, .plan] == [.occurredAt, .plan])
        #expect(try story.plan()?.state == (isOfIt ? .approved : .draft))
    }

    @Test("an approval is not of what a draft was changed to after it")
    func approvedBeforeChange() throws {
        try story.draftedPlan([.procedure: ["BLEPH-UPPER:RIGHT"]])
        try story.must(
            .plan, "REVISE", [.plan: "P-1", .procedure: ["BLEPH-UPPER:LEFT"]], at: "2026-09-08T10:00:00Z")
        let ruling = try story.tell(.plan, "APPROVE", approval, at: "2026-09-08T08:30:00Z")
        #expect(ruling.codes == ["plan.wrong-state"])
        #expect(!ruling.isHeld)
        #expect(try story.tell(.plan, "APPROVE", approval, at: "2026-09-08T10:30:00Z").isClear)
        #expect(try story.plan()?.procedures.map(\.side) == [.left])
    }

    @Test("a change that is told late waits for an approval of its own")
    func changeToldLate() throws {
        try story.approvedPlan()
        try story.must(.plan, "REVISE", [.plan: "P-1", .details: "Dual plane."], at: "2026-09-07T12:00:00Z")
        for time in ["2026-09-07T13:00:00Z", "2026-09-08T09:00:00Z"] {
            let ruling = try story.tell(.plan, "APPROVE", approval, at: time)
            #expect(ruling.codes == ["plan.wrong-state"])
            #expect(!ruling.isHeld)
        }
        #expect(try story.tell(.plan, "APPROVE", approval, at: "2026-09-08T09:00:01Z").isClear)
    }

    @Test("only the plan's surgeon approves, who also led the consultation")
    func approver() throws {
        try story.draftedPlan([.procedure: ["BLEPH-UPPER:LEFT"]])
        #expect(
            try story.tell(.plan, "APPROVE", [.plan: "P-1", .surgeon: "S2"]).codes == ["plan.approver-not-surgeon"])
        try story.must(.plan, "REVISE", [.plan: "P-1", .surgeon: "S2"])
        #expect(
            try story.tell(.plan, "APPROVE", [.plan: "P-1", .surgeon: "S2"]).codes == ["plan.approver-not-surgeon"])
        try story.must(.plan, "REVISE", [.plan: "P-1", .surgeon: "S1"])
        #expect(try story.tell(.plan, "APPROVE", approval).isClear)
    }

    @Test(
        "privilege, licence and indemnity hold through the planned day",
        arguments: [("2026-11-22", false), ("2026-11-23", true)])
    func licence(_ end: String, isEnough: Bool) throws {
        for isLicence in [true, false] {
            let story = stories {
                if isLicence {
                    $0.staff[StaffID("S1")]?.licenceUntil = .on(end)
                } else {
                    $0.staff[StaffID("S1")]?.indemnityUntil = .on(end)
                }
            }
            try story.draftedPlan()
            let codes = try story.tell(.plan, "APPROVE", approval).codes
            #expect(codes == (isEnough ? [] : ["plan.surgeon-not-privileged"]))
        }
    }

    @Test("a surgeon without the privilege does not operate")
    func privilege() throws {
        let story = stories { $0.staff[StaffID("S1")]?.privileges = [ProcedureCode("RHINOPLASTY")] }
        try story.draftedPlan()
        #expect(try story.tell(.plan, "APPROVE", approval).codes == ["plan.surgeon-not-privileged"])
        try story.must(.plan, "REVISE", [.plan: "P-1", .procedure: ["RHINOPLASTY"]])
        #expect(try story.tell(.plan, "APPROVE", approval).isClear)
    }

    @Test("a quote is good through its last day")
    func quote() throws {
        try story.draftedPlan([.quoteValidUntil: .on("2026-09-10")])
        let late = try story.tell(.plan, "APPROVE", approval, at: "2026-09-11T00:00:00Z")
        #expect(late.codes == ["plan.quote-expired"])
        #expect(try story.tell(.plan, "APPROVE", approval, at: "2026-09-10T23:59:00Z").isClear)
    }

    @Test("where the clinic asks for a screening, it is recorded before the approval")
    func screening() throws {
        let story = stories { $0.policy.screeningRequired = true }
        try story.draftedPlan()
        #expect(try story.tell(.plan, "APPROVE", approval).codes == ["plan.screening-missing"])
        try story.must(.consultation, "AMEND", [.consultation: "C-1", .notes: "Seen.", .screening: "BDDQ negative"])
        #expect(try story.tell(.plan, "APPROVE", approval).isClear)
    }

    @Test("a plan does not change while its surgery is under way", arguments: ["REVISE", "CANCEL"])
    func underWay(_ action: String) throws {
        let mrn = try story.approvedPlan()
        var surgicalCase = openCase(for: mrn)
        surgicalCase.state = .inProgress
        story.state.put(surgicalCase)
        let values: [Field: Value] = [.plan: "P-1", .reason: "r"]
        #expect(try story.tell(.plan, action, values).codes == ["plan.case-under-way"])
        surgicalCase.state = .scheduled
        story.state.put(surgicalCase)
        #expect(try story.tell(.plan, action, values).isClear)
    }

    private func openCase(for mrn: MRN) -> SurgicalCase {
        SurgicalCase(
            surgicalCase: CaseID("K-1"), plan: PlanID("P-1"), planVersion: 1, mrn: mrn, state: .scheduled,
            procedures: [], surgeon: StaffID("S1"), anesthesia: .general, minutes: 120, createdAt: story.now)
    }

    /// A consent, a clearance, a reservation and a booked case on the plan.
    private func everythingBuilt(for mrn: MRN) {
        var consent = Consent(
            consent: ConsentID("F-1"), purpose: .surgical, plan: PlanID("P-1"), planVersion: 1,
            consultation: ConsultationID("C-1"), mrn: mrn, template: "breast-augmentation", templateVersion: 1,
            sha256: "", parties: [.patient], clauses: [], issuedAt: story.now)
        consent.state = .signed
        story.state.put(consent)
        var clearance = Clearance(plan: PlanID("P-1"), mrn: mrn)
        clearance.state = .cleared
        story.state.put(clearance)
        var lot = InventoryLot(
            sku: SKU("IMP-300"), lot: "L1", location: "MAIN", expiresOn: nil, receivedAt: story.now)
        lot.onHand = 5
        lot.reserved = 3
        story.state.put(lot)
        for (number, quantity) in [(Int64(1), 1), (2, 1)] {
            story.state.put(
                Reservation(
                    number: number, plan: PlanID("P-1"), sku: SKU("IMP-300"), lot: "L1", location: "MAIN",
                    quantity: quantity, neededOn: .on("2026-11-23")))
        }
        story.state.put(openCase(for: mrn))
        story.state.put(
            Booking(
                surgicalCase: CaseID("K-1"), resource: .theater, resourceID: "T1",
                startsAt: .at("2026-11-23T09:00:00Z"), endsAt: .at("2026-11-23T11:00:00Z")))
    }

    private func expectBuilt(_ stands: Bool) {
        let consent = story.state.fetch(Consent.self, id: "F-1")
        #expect(consent?.state == (stands ? .signed : .void))
        #expect(story.state.fetch(Clearance.self, id: "P-1")?.state == (stands ? .cleared : .lapsed))
        #expect(story.state.all(Reservation.self).allSatisfy { $0.state == (stands ? .active : .released) })
        #expect(story.state.all(InventoryLot.self).map(\.reserved) == [stands ? 3 : 1])
        #expect(story.state.fetch(SurgicalCase.self, id: "K-1")?.state == (stands ? .scheduled : .cancelled))
        #expect(story.state.all(Booking.self).map(\.isActive) == [stands])
    }

    @Test(
        "a material change takes down what was built on the plan, another change does not",
        arguments: [
            ([.procedure: ["BREAST-AUG:LEFT"]], true), ([.anesthesia: "SEDATION"], true),
            ([.items: ["IMP-300*3"]], true), ([.items: ["IMP-300*2", "GAUZE*4"]], false),
            ([.details: "Inframammary."], false),
        ] as [([Field: Value], Bool)])
    func material(_ change: [Field: Value], isMaterial: Bool) throws {
        let mrn = try story.approvedPlan()
        everythingBuilt(for: mrn)
        try story.must(.plan, "REVISE", change.with([.plan: "P-1"]))
        expectBuilt(true)
        try story.must(.plan, "APPROVE", approval)
        #expect(try story.plan(version: 1)?.state == .superseded)
        #expect(try story.plan()?.state == .approved)
        expectBuilt(!isMaterial)
    }

    @Test("a cancelled plan takes down what was built on it")
    func cancel() throws {
        let mrn = try story.approvedPlan()
        everythingBuilt(for: mrn)
        let ruling = try story.must(.plan, "CANCEL", [.plan: "P-1", .reason: "changed her mind"])
        #expect(try story.plan()?.state == .cancelled)
        #expect(ruling.events.first?.note == "changed her mind")
        expectBuilt(false)
    }

    @Test("a completed case fulfils its plan, which then stays as it is")
    func fulfil() throws {
        let mrn = try story.approvedPlan()
        var surgicalCase = openCase(for: mrn)
        surgicalCase.state = .completed
        let event = Event(
            "case.completed", .surgicalCase(CaseID("K-1")), patient: mrn, at: story.now, writes: [surgicalCase])
        let events = try story.pathway.react(to: event, now: story.now, in: story.state)
        let fulfilled = try #require(events.first { $0.kind == "plan.fulfilled" })
        #expect(fulfilled.written(ProcedurePlan.self)?.state == .fulfilled)
        story.state.apply(fulfilled)
        let ruling = try story.tell(.plan, "REVISE", [.plan: "P-1", .details: "more"])
        #expect(ruling.codes == ["plan.wrong-state"])
        #expect(!ruling.isHeld)
    }

    @Test("what an earlier version has ordered is not ordered again")
    func ordersOnce() throws {
        try story.approvedPlan()
        try story.must(.plan, "REVISE", [.plan: "P-1", .requirements: ["HB"], .details: "d"])
        let ruling = try story.must(.plan, "APPROVE", approval)
        #expect(!ruling.events.map(\.kind).contains("preop.ordered"))
    }
}
