import Clinic
import ClinicTesting
import Testing

@Suite("Pre-op: stock and clearance")
struct ClearingTests {
    private func story() -> Story {
        let story = Story()
        story.aPatientAfterConsultation()
        story.aPlan()
        return story
    }

    @discardableResult
    private func tell(_ story: Story, _ action: String, _ more: [Field: Value] = [:]) throws -> Ruling {
        var values: [Field: Value] = [.plan: "P-1", .actor: "A1", .reason: "x"]
        values.merge(more) { $1 }
        return try story.tell(.preOp, action, values, at: "2026-11-18T09:00:00Z")
    }

    private func reserved(_ story: Story) -> [String: Int] {
        Dictionary(uniqueKeysWithValues: story.state.all(InventoryLot.self).map { ($0.lot, $0.reserved) })
    }

    @Test("stock is taken from the lot that expires first, lots without expiry last")
    func firstExpiredFirstOut() throws {
        let story = story()
        story.aLot("IMP-300", "NEVER", onHand: 9, expires: nil)
        story.aLot("IMP-300", "LATE", onHand: 9, expires: "2028-06-30")
        story.aLot("IMP-300", "SOON", onHand: 1, expires: "2027-01-31")
        let ruling = try tell(story, "RESERVE")
        #expect(ruling.codes == [])
        #expect(ruling.events.map(\.kind) == ["inventory.reserved"])
        #expect(reserved(story) == ["SOON": 1, "LATE": 1, "NEVER": 0])
        let made = story.state.all(Reservation.self)
        #expect(made.map(\.lot) == ["SOON", "LATE"])
        #expect(made.allSatisfy { $0.neededOn == .on("2026-11-23") && $0.state == .active })
    }

    @Test(
        "of lots that expire together the one received first goes first, whatever its number", arguments: [true, false])
    func olderReceipt(isFirstOlder: Bool) throws {
        let story = story()
        for (lot, isOlder) in [("A", isFirstOlder), ("B", !isFirstOlder)] {
            var received = story.aLot("IMP-300", lot, onHand: 2)
            received.receivedAt = .at(isOlder ? "2026-09-01T09:00:00Z" : "2026-10-01T09:00:00Z")
            story.state.put(received)
        }
        try tell(story, "RESERVE")
        #expect(story.state.all(Reservation.self).map(\.lot) == [isFirstOlder ? "A" : "B"])
    }

    @Test("a plan that names requirements needs those, and not its procedures' others")
    func ownRequirements() throws {
        let story = story()
        var plan = try #require(story.state.all(ProcedurePlan.self).first)
        plan.requirements = [RequirementCode("HB")]
        story.state.put(plan)
        story.aLot()
        #expect(try tell(story, "CLEAR").findings.first?.aside == "HB was never ordered")
        story.aMetRequirement(["HB"])
        #expect(try tell(story, "CLEAR").codes == [])
    }

    @Test("lots that expire before the day, are quarantined, recalled or reserved are not taken")
    func unusable() throws {
        let story = story()
        story.aLot("IMP-300", "OLD", onHand: 9, expires: "2026-11-22")
        story.aLot("IMP-300", "Q", onHand: 9, expires: "2026-12-01", state: .quarantined)
        story.aLot("IMP-300", "R", onHand: 9, expires: "2026-12-01", state: .recalled)
        story.aLot("IMP-300", "TAKEN", onHand: 2, expires: "2026-12-01")
        story.aReservation("IMP-300", "TAKEN", 1, suffix: "9")
        let short = try tell(story, "RESERVE")
        #expect(short.codes == ["preop.stock-short"])
        #expect(short.findings.first?.aside == "IMP-300: needed 2, free 1")
        #expect(short.findings.first?.waitsFor == [.item(SKU("IMP-300"))])
        #expect(story.state.all(Reservation.self).count == 1)
        story.aLot("IMP-300", "TODAY", onHand: 1, expires: "2026-11-23")
        #expect(try tell(story, "RESERVE").codes == [])
        #expect(reserved(story) == ["OLD": 0, "Q": 0, "R": 0, "TAKEN": 2, "TODAY": 1])
    }

    @Test("reserving twice keeps what is kept; a lot recalled since is replaced")
    func twice() throws {
        let story = story()
        story.aLot()
        try tell(story, "RESERVE")
        try tell(story, "RESERVE")
        #expect(reserved(story) == ["L-1": 2])
        #expect(story.state.all(Reservation.self).count == 1)
        var recalled = try #require(story.state.all(InventoryLot.self).first)
        recalled.state = .recalled
        story.state.put(recalled)
        story.aLot("IMP-300", "L-2", onHand: 2)
        #expect(try tell(story, "RESERVE").codes == [])
        #expect(reserved(story) == ["L-1": 0, "L-2": 2])
        #expect(story.state.all(Reservation.self).map(\.state) == [.released, .active])
    }

    @Test("a plan that needs less gives the rest back")
    func needsLess() throws {
        let story = story()
        story.aLot()
        try tell(story, "RESERVE")
        story.aPlan(items: [.init(sku: SKU("IMP-300"), quantity: 1)])
        #expect(try tell(story, "RESERVE").codes == [])
        #expect(reserved(story) == ["L-1": 1])
        #expect(story.state.all(Reservation.self).map(\.quantity) == [1])
    }

    @Test("a plan that names no items takes those of its procedures, per side")
    func itemsOfProcedures() throws {
        let story = story()
        story.aPlan(items: [])
        story.aLot()
        try tell(story, "RESERVE")
        #expect(reserved(story) == ["L-1": 2])
        try tell(story, "RELEASE")
        story.aPlan(side: .left, items: [])
        try tell(story, "RESERVE")
        #expect(reserved(story) == ["L-1": 1])
    }

    @Test("a release gives everything back")
    func release() throws {
        let story = story()
        story.aLot()
        try tell(story, "RESERVE")
        let ruling = try tell(story, "RELEASE")
        #expect(ruling.events.map(\.kind) == ["inventory.released"])
        #expect(reserved(story) == ["L-1": 0])
        #expect(story.state.all(Reservation.self).map(\.state) == [.released])
    }

    @Test("with all requirements met and stock to keep, the patient is cleared and the stock kept")
    func clear() throws {
        let story = story()
        story.aMetRequirement(["HB", "FASTING"])
        story.aLot()
        let ruling = try tell(story, "CLEAR")
        #expect(ruling.codes == [])
        #expect(ruling.events.map(\.kind) == ["inventory.reserved", "preop.cleared"])
        #expect(story.clearance()?.state == .cleared)
        #expect(story.clearance()?.clearedBy == StaffID("A1"))
        #expect(reserved(story) == ["L-1": 2])
    }

    @Test("what is missing is listed, all together, and waited for")
    func notAllMet() throws {
        let story = story()
        story.aMetRequirement(["HB"])
        let ruling = try tell(story, "CLEAR")
        #expect(ruling.codes == ["preop.not-all-met", "preop.stock-short"])
        #expect(ruling.isHeld)
        #expect(ruling.findings.first?.aside == "FASTING was never ordered")
        var hemoglobin = try #require(story.state.fetch(Requirement.self, id: "P-1/HB"))
        hemoglobin.state = .unmet
        story.state.put(hemoglobin)
        #expect(try tell(story, "CLEAR").findings.first?.aside == "HB is UNMET; FASTING was never ordered")
    }

    @Test("a waived requirement counts, an outdated result does not")
    func waivedAndOutdated() throws {
        let story = story()
        story.aMetRequirement(["HB", "FASTING"])
        story.aLot()
        var hemoglobin = try #require(story.state.fetch(Requirement.self, id: "P-1/HB"))
        hemoglobin.metAt = .at("2026-10-20T08:00:00Z")
        story.state.put(hemoglobin)
        #expect(try tell(story, "CLEAR").codes == ["preop.not-all-met"])
        hemoglobin.state = .waived
        story.state.put(hemoglobin)
        #expect(try tell(story, "CLEAR").codes == [])
    }

    @Test("who may not clear may not defer either")
    func authorized() throws {
        let story = story()
        story.aClearance()
        story.aLot()
        for action in ["CLEAR", "DEFER"] {
            #expect(try tell(story, action, [.actor: "N1"]).codes == ["preop.clearer-not-authorized"])
            #expect(try tell(story, action, [.actor: "S1"]).codes == [])
        }
        #expect(story.clearance()?.state == .deferred)
        #expect(story.clearance()?.reason == "x")
    }
}
