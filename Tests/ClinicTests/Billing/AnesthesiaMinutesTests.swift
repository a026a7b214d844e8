import Clinic
import ClinicTesting
import Testing

@Suite("Minutes of anesthesia")
struct AnesthesiaMinutesTests {
    @Test(
        "minutes that do not contain the operation, or go far beyond it, are warned of and taken",
        arguments: [(0, true), (129, true), (130, false), (220, false), (221, true)])
    func noted(minutes: Int, isStrange: Bool) throws {
        let story = BillStory()
        for action in ["NOTE", "POSTOP"] {
            let ruling = try tell(story, action, [.anesthesiaMinutes: .integer(minutes)])
            #expect(ruling.isClear)
            #expect(ruling.warningCodes == (isStrange ? ["bill.anesthesia-minutes"] : []))
            #expect(story.state.all(SurgicalCase.self).first?.anesthesiaMinutes == minutes)
        }
    }

    @Test("the time since the sign-in is the patient's time in theater; the margin is the clinic's")
    func presence() throws {
        var catalog = Catalog.sample
        catalog.policy.anesthesiaMarginMinutes = 10
        let story = BillStory(catalog: catalog)
        #expect(try tell(story, "NOTE", [.anesthesiaMinutes: 141]).warningCodes == ["bill.anesthesia-minutes"])
        try change(story) { $0.signInAt = .at("2026-11-23T08:40:00Z") }
        #expect(try tell(story, "NOTE", [.anesthesiaMinutes: 160]).warningCodes == [])
        #expect(try tell(story, "NOTE", [.anesthesiaMinutes: 161]).warningCodes == ["bill.anesthesia-minutes"])
    }

    @Test("an entry that tells no minutes, and an operation without anesthesia, are not asked about them")
    func notAsked() throws {
        let story = BillStory(anesthesiaMinutes: 5)
        for action in ["NOTE", "POSTOP"] { #expect(try tell(story, action, [.notes: "Dry."]).warningCodes == []) }
        try change(story) { $0.anesthesia = .withoutAnesthesia }
        #expect(try tell(story, "NOTE", [.anesthesiaMinutes: 5]).warningCodes == [])
    }

    @Test("minutes told before the end are held against it when it comes", arguments: ["COMPLETE", "ABANDON"])
    func atTheEnd(action: String) throws {
        for (minutes, warnings) in [(31, ["bill.anesthesia-minutes"]), (145, [])] as [(Int, [String])] {
            let story = BillStory(caseState: .inProgress)
            try change(story) {
                $0.signInAt = .at("2026-11-23T08:50:00Z")
                $0.timeOutAt = .at("2026-11-23T09:05:00Z")
                $0.signOutAt = .at("2026-11-23T11:00:00Z")
                $0.endedAt = nil
            }
            #expect(try tell(story, "NOTE", [.anesthesiaMinutes: .integer(minutes)]).warningCodes == [])
            let end = try tell(story, action, [.reason: "over"])
            #expect(end.isClear)
            #expect(end.warningCodes == warnings)
        }
    }

    @Test("where the clinic refuses it, the minutes are not taken")
    func refused() throws {
        var catalog = Catalog.sample
        catalog.policy.refusedWarnings = ["bill.anesthesia-minutes"]
        let story = BillStory(catalog: catalog)
        #expect(try tell(story, "NOTE", [.anesthesiaMinutes: 13]).codes == ["bill.anesthesia-minutes"])
        #expect(try tell(story, "NOTE", [.anesthesiaMinutes: 135]).isClear)
    }

    private func tell(_ story: BillStory, _ action: String, _ values: [Field: Value]) throws -> Ruling {
        let values = values.merging([.surgicalCase: .text(story.caseID.rawValue)]) { own, _ in own }
        return try story.story.tell(.surgicalCase, action, values, at: "2026-11-23T11:10:00Z")
    }

    private func change(_ story: BillStory, _ body: (inout SurgicalCase) -> Void) throws {
        var surgicalCase = try #require(story.state.all(SurgicalCase.self).first)
        body(&surgicalCase)
        story.state.put(surgicalCase)
    }
}
