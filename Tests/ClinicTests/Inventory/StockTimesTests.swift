import Clinic
import ClinicTesting
import Testing

@Suite("Stock judged by the time of what happened, not by the order of the entries")
struct StockTimesTests {
    private func tell(
        _ story: StockStory, _ action: String, _ time: String, reference: String? = nil
    ) throws -> [String] {
        try story.tell(
            action, "IMP-300", lot: "L1", serial: "A", at: "2026-11-23T\(time):00Z", reference: reference
        ).codes
    }

    private func used() throws -> StockStory {
        let story = StockStory()
        try story.tell("RECEIVE", "IMP-300", lot: "L1", serial: "A", at: "2026-11-20T08:00:00Z")
        #expect(try tell(story, "USE", "10:00", reference: "U-1") == [])
        #expect(try tell(story, "RETURN", "12:00", reference: "B-1") == [])
        return story
    }

    @Test(
        "a device in use at the time told is refused although it came back since, and before a use it is refused too",
        arguments: ["09:30", "10:00", "11:59"])
    func between(time: String) throws {
        for action in ["USE", "WASTE"] {
            #expect(try tell(used(), action, time) == ["inventory.serial-already-used"])
        }
    }

    @Test("after its return it is used again", arguments: ["12:00", "12:30"])
    func afterwards(time: String) throws {
        for action in ["USE", "WASTE"] { #expect(try tell(used(), action, time) == []) }
    }

    @Test("a use that was voided took nothing")
    func voided() throws {
        let story = try used()
        #expect(try story.tell("VOID", nil, more: [.original: "B-1"]).codes == [])
        #expect(try story.tell("VOID", nil, more: [.original: "U-1"]).codes == [])
        #expect(try tell(story, "USE", "11:00") == [])
    }

    @Test("another device of the lot has times of its own")
    func otherDevice() throws {
        let story = try used()
        try story.tell("RECEIVE", "IMP-300", lot: "L1", serial: "B", at: "2026-11-20T08:00:00Z")
        let other = try story.tell("USE", "IMP-300", lot: "L1", serial: "B", at: "2026-11-23T11:00:00Z")
        #expect(other.codes == [])
    }

    @Test("moved about within the house, it is used at the time of a move as well")
    func transferred() throws {
        let story = StockStory()
        try story.tell("RECEIVE", "IMP-300", lot: "L1", serial: "A", at: "2026-11-20T08:00:00Z")
        try story.tell(
            "TRANSFER", "IMP-300", serial: "A", at: "2026-11-23T12:00:00Z", more: [.toLocation: "THEATER"])
        #expect(try tell(story, "USE", "11:00") == [])
    }

    @Test("a lot is not used on a day before it came; it waits for an earlier receipt, told late")
    func beforeReceipt() throws {
        let story = StockStory()
        try story.tell("RECEIVE", "SPLINT", lot: "L1", quantity: 2, at: "2026-11-24T07:00:00Z")
        for action in ["USE", "WASTE"] {
            let early = try story.tell(action, "SPLINT", lot: "L1", at: "2026-11-23T10:00:00Z")
            #expect(early.codes == ["inventory.lot-unknown"])
            #expect(early.findings.first?.waitsFor == [.item(SKU("SPLINT"))])
        }
        try story.tell("RECEIVE", "SPLINT", lot: "L1", quantity: 1, at: "2026-11-23T17:00:00Z")
        // On the day itself it is used first and booked in afterwards.
        #expect(try story.tell("USE", "SPLINT", lot: "L1", at: "2026-11-23T10:00:00Z").codes == [])
    }

    @Test("what lies at another place since before has come, though the transfer is told late")
    func elsewhere() throws {
        let story = StockStory()
        try story.tell("RECEIVE", "SPLINT", lot: "L1", quantity: 2, at: "2026-11-01T07:00:00Z")
        try story.tell("TRANSFER", "SPLINT", lot: "L1", at: "2026-11-24T07:00:00Z", more: [.toLocation: "THEATER"])
        let use = try story.tell(
            "USE", "SPLINT", lot: "L1", at: "2026-11-23T10:00:00Z", more: [.location: "THEATER"])
        #expect(use.codes == [])
    }

    @Test("what was counted has come; nothing counted has not", arguments: [1, 0])
    func counted(quantity: Int) throws {
        let story = StockStory()
        try story.tell("RECEIVE", "SPLINT", lot: "L1", quantity: 2, at: "2026-11-24T07:00:00Z")
        try story.tell("COUNT", "SPLINT", lot: "L1", quantity: quantity, at: "2026-11-22T17:00:00Z")
        let use = try story.tell("USE", "SPLINT", lot: "L1", at: "2026-11-23T10:00:00Z")
        #expect(use.codes == (quantity == 1 ? [] : ["inventory.lot-unknown", "inventory.stock-short"]))
    }

    @Test("a receipt that was voided says nothing of when the lot came")
    func voidedReceipt() throws {
        let story = StockStory()
        try story.tell("RECEIVE", "SPLINT", lot: "L1", quantity: 2, at: "2026-11-01T07:00:00Z", reference: "R-1")
        try story.tell("RECEIVE", "SPLINT", lot: "L1", quantity: 2, at: "2026-11-24T07:00:00Z")
        #expect(try story.tell("VOID", nil, more: [.original: "R-1"]).codes == [])
        let use = try story.tell("USE", "SPLINT", lot: "L1", at: "2026-11-23T10:00:00Z")
        #expect(use.codes == ["inventory.lot-unknown"])
    }

    @Test("a device is not used on a day before it came itself; on the day it is")
    func deviceBeforeReceipt() throws {
        for (day, codes) in [("24", ["inventory.lot-unknown"]), ("23", [])] {
            let story = StockStory()
            try story.tell("RECEIVE", "IMP-300", lot: "L1", serial: "B", at: "2026-11-01T08:00:00Z")
            try story.tell("RECEIVE", "IMP-300", lot: "L1", serial: "A", at: "2026-11-\(day)T17:00:00Z")
            #expect(try tell(story, "USE", "10:00") == codes)
        }
    }
}
