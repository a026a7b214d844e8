import Clinic
import ClinicTesting
import Testing

@Suite("Consequences")
struct ConsequencesTests {
    /// Two cases that ended, of two plans that keep implants of one lot; then what is due goes out.
    private func drained() throws -> (story: Story, events: [Event]) {
        let story = Story()
        let one = story.aCompletedCase()
        var other = one
        other.surgicalCase = CaseID("CASE-2")
        other.plan = PlanID("P-2")
        story.aPlan(suffix: "2", state: .fulfilled)
        story.aReservation("IMP-300", "L-1", 2, suffix: "2")
        for ended in [one, other] {
            var ruling = Ruling()
            ruling.record(
                Event(
                    "case.completed", .surgicalCase(ended.surgicalCase), patient: ended.mrn, at: story.now,
                    writes: [ended]))
            _ = try story.pathway.carryOut(ruling, now: story.now, in: story.state)
        }
        let due = try story.pathway.due(at: story.now, drainEnds: true, in: story.state)
        return (story, try story.pathway.carryOut(due, now: story.now, in: story.state).events)
    }

    @Test("two bills of one drain release what is left of two plans' reservations of one lot: none is lost")
    func bothReleased() throws {
        let (story, events) = try drained()
        #expect(events.filter { $0.kind == "inventory.released" }.count == 2)
        #expect(story.state.all(Reservation.self).allSatisfy { $0.state == .released })
        let lot = story.state.fetch(InventoryLot.self, id: InventoryLot.id(SKU("IMP-300"), "L-1", "STORE"))
        #expect(lot?.reserved == 0)
    }

    @Test("the consequences of an event come before the next event of its ruling")
    func atOnce() throws {
        let kinds = try drained().events.map(\.kind).filter { ["bill.issued", "inventory.released"].contains($0) }
        #expect(kinds == ["bill.issued", "inventory.released", "bill.issued", "inventory.released"])
    }
}
