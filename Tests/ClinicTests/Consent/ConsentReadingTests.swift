import Clinic
import ClinicTesting
import Testing

@Suite("Consent: reading, refusing, withdrawing")
struct ConsentReadingTests {
    private func story() -> Story {
        let story = Story()
        story.aPatientAfterConsultation()
        story.aPlan()
        story.anIssuedConsent(acknowledged: false)
        return story
    }

    @Test("clauses are acknowledged by their numbers; one that the consent lacks is refused")
    func acknowledge() throws {
        let story = story()
        let wrong = try story.tell(.consent, "ACKNOWLEDGE", [.consent: "K-1", .clauses: ["C1", "C9"]])
        #expect(wrong.codes == ["entry.unknown-code"])
        #expect(story.consent()?.clauses.first?.acknowledgedAt == nil)
        #expect(try story.tell(.consent, "ACKNOWLEDGE", [.consent: "K-1", .clauses: ["C1", "C2"]]).codes == [])
        #expect(story.consent()?.clauses.allSatisfy { $0.acknowledgedAt != nil } == true)
    }

    @Test("an answer waits for a question, then belongs to the oldest open one")
    func questions() throws {
        let story = story()
        let early = try story.tell(.consent, "ANSWER", [.consent: "K-1", .text: "Ten years."])
        #expect(early.codes == ["consent.question-unknown"])
        #expect(early.isHeld)
        try story.tell(.consent, "ASK", [.consent: "K-1", .text: "How long do implants last?"])
        try story.tell(.consent, "ASK", [.consent: "K-1", .text: "May I fly?"])
        #expect(try story.tell(.consent, "ANSWER", [.consent: "K-1", .text: "Ten years."]).codes == [])
        #expect(story.consent()?.questions.map(\.answer) == ["Ten years.", nil])
    }

    @Test("a declined consent takes nothing any more")
    func declined() throws {
        let story = story()
        #expect(try story.tell(.consent, "DECLINE", [.consent: "K-1", .reason: "not now"]).codes == [])
        #expect(story.consent()?.state == .declined)
        for action in ["ACKNOWLEDGE", "ASK", "DECLINE", "WITHDRAW"] {
            let ruling = try story.tell(
                .consent, action, [.consent: "K-1", .text: "x", .clauses: ["C1"], .reason: "x"])
            #expect(ruling.codes == ["consent.declined"], "\(action)")
        }
    }

    @Test("a signed consent is not declined, but it can be withdrawn, once")
    func withdrawn() throws {
        let story = story()
        story.aSignedConsent()
        #expect(try story.tell(.consent, "DECLINE", [.consent: "K-1", .reason: "x"]).codes == ["consent.locked"])
        #expect(try story.tell(.consent, "WITHDRAW", [.consent: "K-1", .reason: "afraid"]).codes == [])
        #expect(story.consent()?.state == .withdrawn)
        #expect(story.consent()?.reason == "afraid")
        #expect(try story.tell(.consent, "WITHDRAW", [.consent: "K-1", .reason: "x"]).codes == ["consent.withdrawn"])
    }

    @Test("a void consent and an expired one take nothing", arguments: [Consent.State.void, .expired])
    func over(state: Consent.State) throws {
        let story = story()
        var consent = story.anIssuedConsent()
        consent.state = state
        story.state.put(consent)
        let ruling = try story.tell(.consent, "ASK", [.consent: "K-1", .text: "x"])
        #expect(ruling.codes == [state == .void ? "consent.void" : "consent.expired"])
    }
}
