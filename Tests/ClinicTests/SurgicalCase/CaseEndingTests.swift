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

    @Test("a postponed case is scheduled anew as well as rescheduled; its old time is nobody's")
    func rebooked() throws {
        let story = story()
        #expect(try story.tell(.surgicalCase, "POSTPONE", [.surgicalCase: "CASE-1", .reason: "fever"]).codes == [])
        #expect(story.surgicalCase()?.reason == "fever")
        let again: [Field: Value] = [
            .surgicalCase: "CASE-1", .theater: "T2", .startsAt: .at("2026-11-25T09:00:00Z"), .staff: ["SCRUB:N2"],
        ]
        #expect(try story.tell(.surgicalCase, "SCHEDULE", again).codes == [])
        #expect(story.surgicalCase()?.state == .scheduled)
        #expect(story.surgicalCase()?.reason == nil)
        let active = story.state.fetch(Booking.self, where: .surgicalCase(CaseID("CASE-1"))).filter(\.isActive)
        #expect(active.map(\.resourceID) == [Story.mrn.rawValue, "A1", "N2", "S1", "T2"])
        #expect(active.allSatisfy { $0.startsAt == .at("2026-11-25T09:00:00Z") })
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

    @Test(
        "a case goes on after a withdrawal only with another signed consent to the surgery",
        arguments: [
            (Consent.Kind.surgical, Consent.State.signed, true), (.photography, .signed, false),
            (.surgical, .issued, false),
        ])
    func anotherConsent(purpose: Consent.Kind, consentState: Consent.State, holds: Bool) throws {
        let story = story()
        var second = try #require(story.consent())
        second.consent = ConsentID("K-2")
        second.purpose = purpose
        second.state = consentState
        story.state.put(second)
        try story.must(.consent, "WITHDRAW", [.consent: "K-1", .reason: "afraid"])
        #expect(story.surgicalCase()?.state == (holds ? .scheduled : .cancelled))
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

    /// Ends a running case at a time of the 23rd; it is booked from 9:00 to 11:00, its theater to 11:15.
    private func end(_ action: String, at time: String) throws -> Story {
        let story = Story()
        var running = story.aCaseInProgress()
        running.signInAt = .at("2026-11-23T07:00:00Z")
        running.startedAt = .at("2026-11-23T07:05:00Z")
        running.timeOutAt = running.startedAt
        running.signOutAt = running.startedAt
        story.state.put(running)
        let ruling = try story.tell(
            .surgicalCase, action, [.surgicalCase: "CASE-1", .reason: "done"], at: "2026-11-23T\(time):00Z")
        #expect(ruling.codes == [])
        return story
    }

    private func interval(_ story: Story, _ resource: Booking.Resource) throws -> Interval? {
        let all = story.state.fetch(Booking.self, where: .surgicalCase(CaseID("CASE-1")))
        let booking = try #require(all.first { $0.resource == resource })
        return booking.isActive ? booking.interval : nil
    }

    @Test(
        "an early end frees theater, team and patient, and keeps what was planned", arguments: ["COMPLETE", "ABANDON"])
    func earlyEnd(action: String) throws {
        let story = try end(action, at: "10:00")
        let start = Instant.at("2026-11-23T09:00:00Z")
        #expect(try interval(story, .staff) == Interval(start: start, minutes: 60))
        #expect(try interval(story, .patient) == Interval(start: start, minutes: 60))
        // The theater is cleaned first.
        #expect(try interval(story, .theater) == Interval(start: start, minutes: 75))
        let done = try #require(story.surgicalCase())
        #expect(done.planned == Interval(start: start, minutes: 120))
        #expect(done.endedAt == .at("2026-11-23T10:00:00Z"))
    }

    @Test("an end after the planned one lengthens nothing; one before the planned start leaves nothing taken")
    func otherEnds() throws {
        let late = try end("COMPLETE", at: "12:00")
        #expect(try interval(late, .theater)?.end == .at("2026-11-23T11:15:00Z"))
        #expect(try interval(late, .staff)?.end == .at("2026-11-23T11:00:00Z"))
        let before = try end("COMPLETE", at: "08:55")
        #expect(try interval(before, .staff) == nil)
        #expect(try interval(before, .theater) == Interval(start: .at("2026-11-23T09:00:00Z"), minutes: 10))
        let longBefore = try end("COMPLETE", at: "08:00")
        #expect(try interval(longBefore, .theater) == nil)
    }

    @Test("what an early end frees can be booked")
    func freedIsBooked() throws {
        let story = try end("COMPLETE", at: "10:00")
        let mrn = MRN(sequence: 2)
        story.aPatientAfterConsultation(mrn: mrn, givenName: "Bea", familyName: "Lund", suffix: "2")
        story.aPlan("BLEPH-UPPER", items: [], requirements: [], mrn: mrn, suffix: "2")
        story.aSignedConsent(mrn: mrn, suffix: "2")
        story.aClearance(mrn: mrn, suffix: "2", codes: [])
        let book = { (time: String) in
            try story.tell(
                .surgicalCase, "SCHEDULE",
                [
                    .surgicalCase: "CASE-2", .plan: "P-2", .theater: "T1", .anesthetist: "A1",
                    .startsAt: .at("2026-11-23T\(time):00Z"),
                ], at: "2026-11-23T10:05:00Z")
        }
        #expect(try book("10:10").codes == ["case.theater-double-booked"])
        #expect(try book("10:15").codes == [])
    }

    @Test("an abandoned case uses and bills, leaves its plan approved, and the plan may have another case")
    func abandoned() throws {
        let story = try end("ABANDON", at: "10:00")
        #expect(story.surgicalCase()?.state == .abandoned)
        #expect(try story.state.currentPlan(PlanID("P-1"))?.state == .approved)
        #expect(story.state.all(BillDue.self).map(\.state) == [.open])
        #expect(try story.tell(.surgicalCase, "CREATE", [.surgicalCase: "CASE-9", .plan: "P-1"]).codes == [])
        #expect(
            try story.tell(.surgicalCase, "CANCEL", [.surgicalCase: "CASE-1", .reason: "x"]).codes == [
                "case.wrong-state"
            ])
        let completed = try end("COMPLETE", at: "10:00")
        #expect(try completed.state.currentPlan(PlanID("P-1"))?.state == .fulfilled)
        #expect(
            try completed.tell(.surgicalCase, "CREATE", [.surgicalCase: "CASE-9", .plan: "P-1"]).codes == [
                "case.plan-not-approved"
            ])
    }
}
