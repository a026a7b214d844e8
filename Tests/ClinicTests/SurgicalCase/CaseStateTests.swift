import Clinic
import ClinicTesting
import Testing

@Suite("Case: each action in each state")
struct CaseStateTests {
    private static let states: [SurgicalCase.State] = [
        .created, .scheduled, .postponed, .inProgress, .completed, .cancelled, .abandoned,
    ]

    /// Where each action is taken, and where it waits for its turn; everywhere else it is refused for good.
    private static let table: [(action: String, taken: Set<SurgicalCase.State>, held: Set<SurgicalCase.State>)] = [
        ("SCHEDULE", [.created, .postponed], []),
        ("RESCHEDULE", [.scheduled, .postponed], [.created]),
        ("POSTPONE", [.scheduled], [.created]),
        ("CANCEL", [.created, .scheduled, .postponed], []),
        ("SIGN_IN", [.scheduled], [.created, .postponed]),
        ("START", [.scheduled], [.created, .postponed]),
        ("TIME_OUT", [.inProgress], [.created, .scheduled, .postponed]),
        ("SIGN_OUT", [.inProgress], [.created, .scheduled, .postponed]),
        ("COMPLETE", [.inProgress], [.created, .scheduled, .postponed]),
        ("ABANDON", [.inProgress], [.created, .scheduled, .postponed]),
        ("NOTE", [.inProgress, .completed, .abandoned], [.created, .scheduled, .postponed]),
        ("POSTOP", [.completed, .abandoned], [.created, .scheduled, .postponed, .inProgress]),
    ]

    @Test("it is taken, waits for its turn, or is past it", arguments: table.map(\.action))
    func each(action: String) throws {
        let row = try #require(Self.table.first { $0.action == action })
        for state in Self.states {
            let story = Story()
            var found = story.aCaseInProgress()
            found.timeOutAt = found.startedAt
            found.signOutAt = action == "TIME_OUT" ? nil : found.startedAt
            found.state = state
            if ![.inProgress, .completed, .abandoned].contains(state) { found.startedAt = nil }
            if [.completed, .abandoned].contains(state) { found.endedAt = .at("2026-11-23T11:00:00Z") }
            story.state.put(found)
            for booking in story.state.all(Booking.self) where ![.scheduled, .inProgress].contains(state) {
                var booking = booking
                booking.isActive = false
                story.state.put(booking)
            }
            let ruling = try story.tell(
                .surgicalCase, action,
                [
                    .surgicalCase: "CASE-1", .theater: "T1", .startsAt: .at("2026-11-23T09:00:00Z"), .reason: "x",
                    .notes: "n",
                ], at: "2026-11-23T12:00:00Z")
            if row.taken.contains(state) {
                #expect(ruling.codes == [], "\(action) of a case \(state.rawValue)")
            } else {
                #expect(ruling.codes == ["case.wrong-state"], "\(action) of a case \(state.rawValue)")
                #expect(ruling.findings[0].detail.hasPrefix("the case is \(state.rawValue), and the action needs one "))
                #expect(ruling.isHeld == row.held.contains(state), "\(action) of a case \(state.rawValue)")
            }
        }
    }

    @Test("nothing is changed by an action out of its turn")
    func nothing() throws {
        let story = Story()
        story.aScheduledCase()
        let before = story.surgicalCase()
        #expect(try story.tell(.surgicalCase, "COMPLETE", [.surgicalCase: "CASE-1"]).events.isEmpty)
        #expect(story.surgicalCase() == before)
    }
}
