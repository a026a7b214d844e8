import Clinic
import ClinicTesting
import Testing

@Suite("Pre-op: the life of a clearance")
struct ClearanceLifeTests {
    /// A patient cleared on 18 November for the 23rd, with two implants kept and nothing booked.
    private func cleared() -> Story {
        let story = Story()
        story.allReady()
        return story
    }

    @discardableResult
    private func tell(
        _ story: Story, _ action: String, _ values: [Field: Value] = [:], at time: String = "2026-11-19T09:00:00Z"
    ) throws -> Ruling {
        try story.tell(
            .preOp, action, [.plan: "P-1", .actor: "A1", .reason: "x", .value: "13.1"].merging(values) { $1 }, at: time)
    }

    private func book(_ story: Story, on day: String = "2026-11-23") throws -> Ruling {
        try story.tell(
            .surgicalCase, "SCHEDULE",
            [
                .surgicalCase: "CASE-1", .plan: "P-1", .theater: "T1", .startsAt: .at("\(day)T09:00:00Z"),
                .anesthetist: "A1",
            ], at: "2026-11-20T09:00:00Z")
    }

    @Test("a clearance that stands lets the case be booked")
    func stands() throws {
        #expect(try book(cleared()).codes == [])
    }

    @Test("an abnormal result makes it lapse, as a consequence with its cause; a normal one does not")
    func abnormal() throws {
        let story = cleared()
        #expect(try tell(story, "RESULT", [.requirement: "HB", .abnormal: false]).codes == [])
        #expect(story.clearance()?.state == .cleared)
        let ruling = try tell(
            story, "RESULT", [.requirement: "HB", .abnormal: true], at: "2026-11-19T10:00:00Z")
        #expect(ruling.events.map(\.kind) == ["preop.result-received", "preop.lapsed"])
        #expect(ruling.events.last?.cause == "preop.result-received plan:P-1")
        #expect(story.clearance()?.state == .lapsed)
        #expect(story.clearance()?.reason == "a result is abnormal")
        #expect(try book(story).codes == ["case.not-cleared"])
    }

    @Test("an abnormal result is taken however short it counts, an outdated normal one is refused")
    func abnormalAndOutdated() throws {
        let story = cleared()
        let short: [Field: Value] = [.requirement: "HB", .validUntil: .on("2026-11-20")]
        #expect(try tell(story, "RESULT", short).codes == ["preop.result-out-of-date"])
        #expect(story.clearance()?.state == .cleared)
        #expect(try tell(story, "RESULT", short.with([.abnormal: true])).codes == [])
        #expect(story.clearance()?.state == .lapsed)
    }

    @Test("after a new result it is given again")
    func givenAgain() throws {
        let story = cleared()
        try tell(story, "RESULT", [.requirement: "HB", .abnormal: true])
        #expect(try tell(story, "CLEAR", at: "2026-11-19T10:00:00Z").codes == ["preop.not-all-met"])
        try tell(story, "RESULT", [.requirement: "HB", .abnormal: false], at: "2026-11-19T11:00:00Z")
        #expect(story.clearance()?.state == .lapsed)
        #expect(try tell(story, "CLEAR", at: "2026-11-19T12:00:00Z").codes == [])
        #expect(story.clearance()?.state == .cleared)
        #expect(try book(story).codes == [])
    }

    @Test("a recall of a reserved lot makes it lapse, a recall of another one does not")
    func recalled() throws {
        let story = cleared()
        story.aLot("IMP-300", "L-2")
        func recall(_ lot: String) throws -> Ruling {
            try story.tell(
                .inventory, "RECALL", [.sku: "IMP-300", .lot: .text(lot), .scannedAt: .at("2026-11-19T09:00:00Z")])
        }
        #expect(try recall("L-2").codes == [])
        #expect(story.clearance()?.state == .cleared)
        let ruling = try recall("L-1")
        #expect(ruling.codes == [])
        #expect(ruling.events.contains { $0.kind == "preop.lapsed" && $0.note == "a reserved lot was recalled" })
        #expect(story.clearance()?.state == .lapsed)
        #expect(try book(story).codes.contains("case.not-cleared"))
        story.aLot("IMP-300", "L-3")
        #expect(try tell(story, "CLEAR", at: "2026-11-20T08:00:00Z").codes == [])
        #expect(try book(story).codes == [])
        let kept = story.state.all(Reservation.self).filter { $0.state == .active }
        #expect(kept.map(\.lot) == ["L-3"])
    }

    @Test("a reserved lot in quarantine, or one that expires before the day, takes the ground away")
    func lots() throws {
        for (state, expires, stands) in [
            (InventoryLot.State.available, "2026-11-23", true), (.available, "2026-11-22", false),
            (.quarantined, "2028-01-31", false),
        ] {
            let story = cleared()
            var lot = try #require(story.state.all(InventoryLot.self).first)
            lot.state = state
            lot.expiresOn = .on(expires)
            story.state.put(lot)
            story.aLot("IMP-300", "L-2")
            #expect(try book(story).codes == (stands ? [] : ["case.not-cleared"]), "\(state) \(expires)")
        }
    }

    @Test("it lapses by its own age and by that of a result, counted to the day of surgery")
    func age() throws {
        let story = cleared()
        for code in ["HB", "FASTING"] {
            var requirement = try #require(story.state.fetch(Requirement.self, id: "P-1/\(code)"))
            requirement.validUntil = .on("2027-01-31")
            story.state.put(requirement)
        }
        // Cleared on 18 November, good for 30 days: Friday 18 December is the last.
        #expect(try book(story, on: "2026-12-21").codes == ["case.not-cleared"])
        #expect(try book(story, on: "2026-12-18").codes == [])
        let other = cleared()
        // Results of 16 November count for 30 days.
        #expect(try book(other, on: "2026-12-17").codes == ["case.not-cleared"])
        #expect(try book(other, on: "2026-12-16").codes == [])
    }

    @Test("deferred is not cleared, until it is given again")
    func deferred() throws {
        let story = cleared()
        #expect(try tell(story, "DEFER", [.reason: "a cold"]).codes == [])
        #expect(story.clearance()?.state == .deferred)
        #expect(try book(story).codes == ["case.not-cleared"])
        #expect(try tell(story, "CLEAR", at: "2026-11-19T10:00:00Z").codes == [])
        #expect(story.clearance()?.state == .cleared)
        #expect(try book(story).codes == [])
    }

    @Test("of a clearance and a deferral the later one counts, whichever arrives first", arguments: [true, false])
    func laterCounts(isDeferralLater: Bool) throws {
        let times = ["2026-11-19T10:00:00Z", "2026-11-19T11:00:00Z"]
        let told = [("CLEAR", times[isDeferralLater ? 0 : 1]), ("DEFER", times[isDeferralLater ? 1 : 0])]
        let ends = try [told, told.reversed()].map { told in
            let story = cleared()
            for (action, time) in told {
                #expect(try tell(story, action, [.reason: .text(action)], at: time).codes == [])
            }
            return try #require(story.clearance())
        }
        #expect(ends[0] == ends[1])
        #expect(ends[0].state == (isDeferralLater ? .deferred : .cleared))
        #expect(ends[0].reason == (isDeferralLater ? "DEFER" : "CLEAR"))
    }

    @Test("what is ordered after the clearance is open again")
    func orderedLater() throws {
        var catalog = Catalog.sample
        catalog.requirements[RequirementCode("ECG")] = RequirementDefinition(
            code: RequirementCode("ECG"), name: "ECG", kind: .examination, validDays: 90)
        let story = Story(catalog: catalog)
        story.allReady()
        #expect(try tell(story, "ORDER", [.requirement: "ECG"]).codes == [])
        #expect(try book(story).codes == ["case.not-cleared"])
        #expect(try tell(story, "RESULT", [.requirement: "ECG"], at: "2026-11-19T11:00:00Z").codes == [])
        #expect(try book(story).codes == [])
    }

    @Test("a waiver stands when the laboratory takes back its result, and ends with a new result")
    func waivedAndReported() throws {
        let story = cleared()
        #expect(try tell(story, "WAIVE", [.requirement: "HB", .reason: "donated blood"]).codes == [])
        #expect(try tell(story, "RESULT", [.requirement: "HB", .status: "W"]).codes == [])
        #expect(story.state.fetch(Requirement.self, id: "P-1/HB")?.state == .waived)
        #expect(story.clearance()?.state == .cleared)
        try tell(story, "RESULT", [.requirement: "HB", .abnormal: true], at: "2026-11-19T12:00:00Z")
        let reported = try #require(story.state.fetch(Requirement.self, id: "P-1/HB"))
        #expect(reported.state == .unmet)
        #expect(reported.waivedBy == nil)
        #expect(story.clearance()?.state == .lapsed)
    }

    @Test("reservations belong to the plan and its date: booking another day re-dates them")
    func reservedDay() throws {
        let story = cleared()
        #expect(story.state.all(Reservation.self).map(\.neededOn) == [.on("2026-11-23")])
        #expect(try book(story, on: "2026-11-25").codes == [])
        #expect(story.state.all(Reservation.self).map(\.neededOn) == [.on("2026-11-25")])
        #expect(story.state.all(Reservation.self).map(\.plan) == [PlanID("P-1")])
    }
}
