import Clinic
import ClinicTesting
import Testing

@Suite("Case: postponed, cancelled, and what follows")
struct CaseEndingTests {
    private func story() -> Story {
        let story = Story()
        story.aScheduledCase()
        return story
    }

    private func bookings(_ story: Story) -> [Bool] {
        story.state.fetch(Booking.self, where: .surgicalCase(CaseID("CASE-1"))).map(\.isActive)
    }

    @Test("a postponed case gives back its time and keeps its stock; it can be booked again")
    func postpone() throws {
        let story = story()
        #expect(try story.tell(.surgicalCase, "POSTPONE", [.surgicalCase: "CASE-1", .reason: "fever"]).codes == [])
        #expect(story.surgicalCase()?.state == .postponed)
        #expect(bookings(story).allSatisfy { !$0 })
        #expect(story.state.all(Reservation.self).map(\.state) == [.active])
        let again: [Field: Value] = [.surgicalCase: "CASE-1", .startsAt: .at("2026-11-25T09:00:00Z")]
        #expect(try story.tell(.surgicalCase, "RESCHEDULE", again).codes == [])
        #expect(story.surgicalCase()?.state == .scheduled)
        #expect(bookings(story).allSatisfy { $0 })
        #expect(story.state.all(Reservation.self).map(\.neededOn) == [.on("2026-11-25")])
    }

    @Test("a cancelled case gives back its time and its stock")
    func cancel() throws {
        let story = story()
        let ruling = try story.tell(.surgicalCase, "CANCEL", [.surgicalCase: "CASE-1", .reason: "moved away"])
        #expect(ruling.events.map(\.kind) == ["case.cancelled", "inventory.released"])
        #expect(story.surgicalCase()?.state == .cancelled)
        #expect(story.surgicalCase()?.reason == "moved away")
        #expect(bookings(story).allSatisfy { !$0 })
        #expect(story.state.all(Reservation.self).map(\.state) == [.released])
        #expect(story.state.all(InventoryLot.self).map(\.reserved) == [0])
    }

    @Test("a withdrawn consent cancels the case before its start")
    func withdrawn() throws {
        let story = story()
        let ruling = try story.tell(.consent, "WITHDRAW", [.consent: "K-1", .reason: "afraid"])
        #expect(ruling.events.map(\.kind) == ["consent.withdrawn", "case.cancelled", "inventory.released"])
        #expect(story.surgicalCase()?.state == .cancelled)
        #expect(story.state.all(InventoryLot.self).map(\.reserved) == [0])
    }

    @Test("after the start a withdrawal is only recorded")
    func withdrawnTooLate() throws {
        let story = Story()
        story.aCaseInProgress()
        let ruling = try story.tell(.consent, "WITHDRAW", [.consent: "K-1", .reason: "afraid"])
        #expect(ruling.events.map(\.kind) == ["consent.withdrawn"])
        #expect(story.surgicalCase()?.state == .inProgress)
    }

    @Test("the withdrawal of another kind of consent leaves the case alone")
    func otherKind() throws {
        let story = story()
        var photography = try #require(story.consent())
        photography.consent = ConsentID("K-2")
        photography.purpose = .photography
        story.state.put(photography)
        let ruling = try story.tell(.consent, "WITHDRAW", [.consent: "K-2", .reason: "private"])
        #expect(ruling.events.map(\.kind) == ["consent.withdrawn"])
        #expect(story.surgicalCase()?.state == .scheduled)
    }

    @Test("what was kept and not used is free again once the case is billed, and not before")
    func leftovers() throws {
        let story = Story()
        var running = story.aCaseInProgress()
        running.timeOutAt = running.startedAt
        running.signOutAt = running.startedAt
        story.state.put(running)
        #expect(try story.tell(.surgicalCase, "COMPLETE", [.surgicalCase: "CASE-1"]).codes == [])
        #expect(story.state.all(InventoryLot.self).map(\.reserved) == [2])
        let due = try story.pathway.due(at: story.now, drainEnds: true, in: story.state)
        let billed = try story.pathway.carryOut(due, now: story.now, in: story.state)
        #expect(billed.events.map(\.kind).contains("bill.issued"))
        #expect(story.state.all(InventoryLot.self).map(\.reserved) == [0])
        #expect(story.state.all(Reservation.self).map(\.state) == [.released])
    }

    @Test("policy can make a warning a refusal")
    func refusedWarning() throws {
        var catalog = Catalog.sample
        catalog.policy.refusedWarnings = ["case.implants-incomplete"]
        let story = Story(catalog: catalog)
        var running = story.aCaseInProgress()
        running.timeOutAt = running.startedAt
        running.signOutAt = running.startedAt
        story.state.put(running)
        #expect(
            try story.tell(.surgicalCase, "COMPLETE", [.surgicalCase: "CASE-1"]).codes == ["case.implants-incomplete"])
        #expect(story.surgicalCase()?.state == .inProgress)
    }
}
