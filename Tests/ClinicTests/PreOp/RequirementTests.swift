import Clinic
import ClinicTesting
import Testing

@Suite("Pre-op: requirements")
struct RequirementTests {
    private func story(ordered: [String] = ["HB", "FASTING"]) throws -> Story {
        let story = Story()
        story.aPatientAfterConsultation()
        story.aPlan()
        for code in ordered { #expect(try tell(story, "ORDER", code, at: "2026-11-03T10:00:00Z").codes == []) }
        return story
    }

    @discardableResult
    private func tell(
        _ story: Story, _ action: String, _ requirement: String, _ more: [Field: Value] = [:],
        at time: String = "2026-11-16T08:00:00Z"
    ) throws -> Ruling {
        var values: [Field: Value] = [.plan: "P-1", .requirement: .text(requirement)]
        if action == "RESULT" { values[.value] = "13.1" }
        values.merge(more) { $1 }
        return try story.tell(.preOp, action, values, at: time)
    }

    private func requirement(_ story: Story, _ code: String = "HB") -> Requirement? {
        story.state.fetch(Requirement.self, id: "P-1/\(code)")
    }

    @Test("a result meets a laboratory requirement and is kept with unit and range")
    func result() throws {
        let story = try story()
        #expect(requirement(story)?.state == .ordered)
        let values: [Field: Value] = [.value: "13.2", .unit: "g/dL", .range: "12-16", .abnormal: false]
        let ruling = try tell(story, "RESULT", "HB", values)
        #expect(ruling.codes == [])
        #expect(ruling.warningCodes == [])
        #expect(requirement(story)?.state == .met)
        #expect(requirement(story)?.value == "13.2")
        #expect(requirement(story)?.metAt == .at("2026-11-16T08:00:00Z"))
    }

    @Test("an abnormal result is a warning, leaves the requirement unmet and lapses the clearance")
    func abnormal() throws {
        let story = try story()
        story.aClearance()
        let ruling = try tell(story, "RESULT", "HB", [.value: "8.1", .abnormal: "L"], at: "2026-11-19T08:00:00Z")
        #expect(ruling.codes == [])
        #expect(ruling.warningCodes == ["preop.abnormal-result"])
        #expect(requirement(story)?.state == .unmet)
        #expect(story.clearance()?.state == .lapsed)
        #expect(try tell(story, "RESULT", "HB", [.abnormal: "N"], at: "2026-11-20T08:00:00Z").warningCodes == [])
        #expect(requirement(story)?.state == .met)
    }

    @Test("a result that will not count on the day is refused, whether by its days or by its own date")
    func outOfDate() throws {
        let story = try story()
        #expect(try tell(story, "RESULT", "HB", at: "2026-10-23T08:00:00Z").codes == ["preop.result-out-of-date"])
        #expect(
            try tell(story, "RESULT", "HB", [.validUntil: .on("2026-11-22")]).codes == ["preop.result-out-of-date"])
        #expect(try tell(story, "RESULT", "HB", at: "2026-10-24T08:00:00Z").codes == [])
        #expect(
            try tell(story, "ACKNOWLEDGE", "FASTING", at: "2026-10-01T08:00:00Z").codes == ["preop.result-out-of-date"])
        #expect(try tell(story, "ACKNOWLEDGE", "FASTING", at: "2026-11-20T08:00:00Z").codes == [])
    }

    @Test("the day that counts is the booked one, where there is one")
    func bookedDay() throws {
        let story = Story()
        var booked = story.aScheduledCase()
        booked.startsAt = .at("2026-12-21T09:00:00Z")
        story.state.put(booked)
        #expect(try tell(story, "RESULT", "HB", at: "2026-11-20T08:00:00Z").codes == ["preop.result-out-of-date"])
        #expect(try tell(story, "RESULT", "HB", at: "2026-11-21T08:00:00Z").codes == [])
    }

    @Test("the day of a case that is under way counts, that of one cancelled does not", arguments: [true, false])
    func dayOfCaseUnderWay(isUnderWay: Bool) throws {
        let story = Story()
        var booked = story.aScheduledCase()
        booked.startsAt = .at("2026-12-21T09:00:00Z")
        booked.state = isUnderWay ? .inProgress : .cancelled
        story.state.put(booked)
        let codes = try tell(story, "RESULT", "HB", at: "2026-11-20T08:00:00Z").codes
        #expect(codes == (isUnderWay ? ["preop.result-out-of-date"] : []))
    }

    @Test("an older result does not take the place of a newer one")
    func olderResult() throws {
        let story = try story()
        try tell(story, "RESULT", "HB", [.value: "13"])
        #expect(
            try tell(story, "RESULT", "HB", [.value: "12"], at: "2026-11-15T08:00:00Z").codes
                == ["preop.result-out-of-date"])
        #expect(try tell(story, "RESULT", "HB", [.value: "14"], at: "2026-11-17T08:00:00Z").codes == [])
        #expect(requirement(story)?.value == "14")
    }

    @Test("an older acknowledgment does not take the place of a newer one, nor an older order open a newer result")
    func olderEntries() throws {
        let story = try story()
        try tell(story, "ACKNOWLEDGE", "FASTING")
        #expect(
            try tell(story, "ACKNOWLEDGE", "FASTING", at: "2026-11-15T08:00:00Z").codes
                == ["preop.result-out-of-date"])
        #expect(try tell(story, "ACKNOWLEDGE", "FASTING", at: "2026-11-16T08:00:00Z").codes == [])
        try tell(story, "RESULT", "HB", [.abnormal: true])
        try tell(story, "ORDER", "HB", at: "2026-11-16T07:59:59Z")
        #expect(requirement(story)?.state == .unmet)
        try tell(story, "ORDER", "HB", at: "2026-11-16T08:00:00Z")
        #expect(requirement(story)?.state == .ordered)
    }

    @Test("a result that the laboratory takes back opens the requirement again")
    func undone() throws {
        let story = try story()
        story.aClearance()
        #expect(try tell(story, "RESULT", "HB", [.status: "W"]).codes == [])
        #expect(requirement(story)?.state == .ordered)
        #expect(story.clearance()?.state == .lapsed)
    }

    @Test("a result waits until the requirement is ordered; one the clinic does not have is refused")
    func notOrdered() throws {
        let story = try story(ordered: [])
        let early = try tell(story, "RESULT", "HB")
        #expect(early.codes == ["preop.not-ordered"])
        #expect(early.findings.first?.waitsFor == [.plan(PlanID("P-1"))])
        #expect(try tell(story, "RESULT", "NONSENSE").codes == ["preop.requirement-unknown"])
        #expect(try tell(story, "ORDER", "NONSENSE").codes == ["preop.requirement-unknown"])
        #expect(try tell(story, "ORDER", "HB").codes == [])
        #expect(try tell(story, "RESULT", "HB").codes == [])
    }

    @Test("an instruction is acknowledged, a laboratory requirement is not")
    func kinds() throws {
        let story = try story()
        #expect(try tell(story, "ACKNOWLEDGE", "HB").codes == ["preop.requirement-unknown"])
        #expect(try tell(story, "GIVE", "FASTING").codes == ["preop.requirement-unknown"])
        #expect(try tell(story, "RESULT", "FASTING").codes == ["preop.requirement-unknown"])
        #expect(try tell(story, "ACKNOWLEDGE", "FASTING").codes == [])
        #expect(requirement(story, "FASTING")?.state == .met)
    }

    @Test("a medication that was given meets its requirement")
    func medication() throws {
        var catalog = Catalog.sample
        catalog.requirements[RequirementCode("ABX")] = RequirementDefinition(
            code: RequirementCode("ABX"), name: "Antibiotic", kind: .medication, validDays: 30)
        let story = Story(catalog: catalog)
        story.aPatientAfterConsultation()
        story.aPlan()
        try tell(story, "ORDER", "ABX")
        #expect(try tell(story, "GIVE", "ABX").codes == [])
        #expect(requirement(story, "ABX")?.state == .met)
    }

    @Test("a surgeon, an anesthetist or who is permitted waives; a nurse and a stranger do not")
    func waive() throws {
        let story = try story()
        for actor in ["N1", "X9"] {
            #expect(
                try tell(story, "WAIVE", "HB", [.actor: .text(actor), .reason: "x"]).codes
                    == ["preop.waiver-not-authorized"])
        }
        #expect(try tell(story, "WAIVE", "HB", [.actor: "A1", .reason: "donated blood"]).codes == [])
        #expect(requirement(story)?.state == .waived)
        #expect(requirement(story)?.waivedBy == StaffID("A1"))
        var catalog = Catalog.sample
        catalog.staff[StaffID("N1")]?.permissions = ["WAIVE"]
        story.pathway = Pathway(catalog: catalog, seals: .test)
        #expect(try tell(story, "WAIVE", "FASTING", [.actor: "N1", .reason: "x"]).codes == [])
    }

    @Test("ordered again, an unmet requirement is open and a met one stays met")
    func orderedAgain() throws {
        let story = try story()
        try tell(story, "RESULT", "HB", [.abnormal: true])
        #expect(try tell(story, "ORDER", "HB", at: "2026-11-17T08:00:00Z").codes == [])
        #expect(requirement(story)?.state == .ordered)
        try tell(story, "RESULT", "HB", at: "2026-11-18T08:00:00Z")
        try tell(story, "ORDER", "HB", at: "2026-11-19T08:00:00Z")
        #expect(requirement(story)?.state == .met)
    }

    @Test("an entry without a plan belongs to the patient's one open plan")
    func planOfPatient() throws {
        let story = try story()
        let values: [Field: Value] = [.mrn: .text(Story.mrn.rawValue), .requirement: "HB", .value: "13.1"]
        #expect(try story.tell(.preOp, "RESULT", values, at: "2026-11-16T08:00:00Z").codes == [])
        #expect(requirement(story)?.state == .met)
        story.aPlan("BLEPH-UPPER", suffix: "2")
        #expect(try story.tell(.preOp, "RESULT", values).codes == ["preop.ambiguous"])
        story.aPlan(state: .cancelled)
        story.aPlan("BLEPH-UPPER", suffix: "2", state: .cancelled)
        let none = try story.tell(.preOp, "RESULT", values)
        #expect(none.codes == ["preop.plan-not-approved"])
        #expect(none.isHeld)
    }

    @Test("everything of pre-op waits for the plan's approval", arguments: ["ORDER", "RESULT", "RESERVE", "CLEAR"])
    func planNotApproved(action: String) throws {
        let story = Story()
        story.aPatientAfterConsultation()
        story.aPlan(state: .draft)
        let ruling = try tell(story, action, "HB", [.actor: "A1"])
        #expect(ruling.codes.first == "preop.plan-not-approved")
        #expect(ruling.isHeld)
        story.aPlan(state: .cancelled)
        #expect(try !tell(story, action, "HB", [.actor: "A1"]).isHeld)
    }

    @Test("an entry that names another patient than the plan's is refused")
    func wrongPatient() throws {
        let story = try story()
        #expect(try tell(story, "RESULT", "HB", [.familyName: "Young"]).codes == ["entry.wrong-patient"])
        #expect(try tell(story, "RESULT", "HB", [.familyName: "Reyes"]).codes == [])
    }
}
