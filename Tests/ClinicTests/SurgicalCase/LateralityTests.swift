import Clinic
import ClinicTesting
import Testing

@Suite("Case: one side from plan through consent and booking to the start")
struct LateralityTests {
    /// A plan of an operation on one side, consented and cleared, with one implant.
    private func story(_ side: Side) -> Story {
        let story = Story()
        story.aPatientAfterConsultation()
        story.aPlan(side: side, items: [.init(sku: SKU("IMP-300"), quantity: 1)])
        story.aSignedConsent()
        story.aLot()
        story.aClearance()
        return story
    }

    private func tell(_ story: Story, _ action: String, _ more: [Field: Value] = [:], at time: String) throws -> Ruling
    {
        var values: [Field: Value] = [.surgicalCase: "CASE-1"]
        values.merge(more) { $1 }
        return try story.tell(.surgicalCase, action, values, at: time)
    }

    private static let booking: [Field: Value] = [
        .plan: "P-1", .theater: "T1", .startsAt: .at("2026-11-23T09:00:00Z"), .anesthetist: "A1",
    ]

    @Test(
        "the case has the side of its plan, and no entry gives it another", arguments: [Side.left, .right, .bilateral])
    func booked(side: Side) throws {
        for other in [Side.left, .right, .bilateral, .notApplicable] where other != side {
            for wrong: [Field: Value] in [
                [.side: .text(other.rawValue)], [.procedure: ["BREAST-AUG:\(other.rawValue)"]],
                [.procedure: ["BREAST-AUG"], .side: .text(other.rawValue)],
            ] {
                for action in ["CREATE", "SCHEDULE"] {
                    let ruling = try tell(
                        story(side), action, Self.booking.merging(wrong) { $1 }, at: "2026-11-18T12:00:00Z")
                    #expect(ruling.codes == ["case.differs-from-plan"], "\(action) \(wrong)")
                    #expect(ruling.findings.first?.detail == "the side is not that of the approved plan")
                }
            }
        }
        let right = story(side)
        let named: [Field: Value] = [.procedure: ["BREAST-AUG"], .side: .text(side.rawValue)]
        #expect(try tell(right, "SCHEDULE", Self.booking.merging(named) { $1 }, at: "2026-11-18T12:00:00Z").codes == [])
        #expect(right.surgicalCase()?.procedures.map(\.side) == [side])
    }

    @Test("a side beside a procedure is that procedure's, not that of another in the plan")
    func eachItsOwn() throws {
        let story = story(.left)
        var plan = story.aPlan(side: .left, items: [.init(sku: SKU("IMP-300"), quantity: 1)])
        plan.procedures.append(.init(code: ProcedureCode("BLEPH-UPPER"), side: .right))
        story.state.put(plan)
        let ask = { (procedure: String, side: Value?) in
            var values = Self.booking
            values[.procedure] = [procedure]
            values[.side] = side
            return try story.pathway.decide(
                Command(
                    form: .surgicalCase, action: Action("CREATE"), reference: "R", source: "desk",
                    values: values.merging([.surgicalCase: "CASE-1"]) { $1 }, effectiveAt: .at("2026-11-18T12:00:00Z"),
                    now: .at("2026-11-18T12:00:00Z")), in: story.state
            ).codes
        }
        #expect(try ask("BREAST-AUG", "RIGHT") == ["case.differs-from-plan"])
        #expect(try ask("BLEPH-UPPER", "LEFT") == ["case.differs-from-plan"])
        #expect(try ask("BREAST-AUG:RIGHT", nil) == ["case.differs-from-plan"])
        #expect(try ask("BREAST-AUG:LEFTT", nil) == ["case.differs-from-plan"])
        #expect(try ask("BREAST-AUG:", nil) == ["case.differs-from-plan"])
        #expect(try ask("BREAST-AUG", "LEFT") == [])
        #expect(try ask("BLEPH-UPPER:RIGHT", nil) == [])
    }

    @Test("a consent for the other side books nothing and starts nothing")
    func consent() throws {
        let story = story(.left)
        #expect(try tell(story, "SCHEDULE", Self.booking, at: "2026-11-18T12:00:00Z").codes == [])
        #expect(try tell(story, "SIGN_IN", at: "2026-11-23T08:50:00Z").codes == [])
        // A plan revised to the right without its consequences, as no entry could make it.
        var old = try #require(try story.plan(version: 1))
        old.state = .superseded
        story.state.put(old)
        story.aPlan(side: .right, items: [.init(sku: SKU("IMP-300"), quantity: 1)], version: 2)
        let start = try tell(story, "START", at: "2026-11-23T09:00:00Z")
        #expect(start.codes == ["case.differs-from-plan", "case.consent-not-valid-then"])
        #expect(!start.isHeld)
        let again = try tell(
            story, "RESCHEDULE", [.startsAt: .at("2026-11-23T10:00:00Z")], at: "2026-11-18T12:00:00Z")
        #expect(again.codes == ["case.consent-not-valid-then"])
    }

    @Test("the start compares the side once more")
    func start() throws {
        let story = story(.left)
        #expect(try tell(story, "SCHEDULE", Self.booking, at: "2026-11-18T12:00:00Z").codes == [])
        #expect(try tell(story, "SIGN_IN", at: "2026-11-23T08:50:00Z").codes == [])
        #expect(
            try tell(story, "START", [.side: "RIGHT"], at: "2026-11-23T09:00:00Z").codes == ["case.differs-from-plan"])
        #expect(try tell(story, "START", [.side: "LEFT"], at: "2026-11-23T09:00:00Z").codes == [])
        #expect(story.surgicalCase()?.procedures.map(\.side) == [.left])
    }

    @Test("an equal version approved meanwhile is the one that is started, in whatever order it lists its procedures")
    func equalVersion() throws {
        let story = story(.left)
        let second = ProcedurePlan.PlannedProcedure(code: ProcedureCode("BLEPH-UPPER"), side: .right)
        var plan = try #require(try story.plan())
        plan.procedures.append(second)
        story.state.put(plan)
        #expect(try tell(story, "SCHEDULE", Self.booking, at: "2026-11-18T12:00:00Z").codes == [])
        plan.state = .superseded
        story.state.put(plan)
        plan.state = .approved
        plan.version = 2
        plan.procedures.reverse()
        story.state.put(plan)
        #expect(try tell(story, "SIGN_IN", at: "2026-11-23T08:50:00Z").codes == [])
        #expect(try tell(story, "START", at: "2026-11-23T09:00:00Z").codes == [])
        #expect(story.surgicalCase()?.planVersion == 2)
    }
}
