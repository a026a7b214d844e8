import Clinic
import ClinicTesting
import Testing

@Suite("Recalls, and what follows from them")
struct RecallTests {
    @Test("everything of a lot is recalled at every location, whatever it was before")
    func everywhere() throws {
        let story = StockStory()
        for location in ["MAIN", "THEATER", "WARD"] {
            try story.tell("RECEIVE", "SPLINT", lot: "L1", quantity: 1, more: [.location: .text(location)])
        }
        try story.tell("QUARANTINE", "SPLINT", lot: "L1", more: [.location: "WARD"])
        #expect(story.lot("SPLINT", "L1", at: "WARD")?.state == .quarantined)
        try story.tell("RECEIVE", "SPLINT", lot: "L2", quantity: 1)
        #expect(try story.tell("RECALL", "SPLINT", lot: "L1").isClear)
        for location in ["MAIN", "THEATER", "WARD"] {
            #expect(story.lot("SPLINT", "L1", at: location)?.state == .recalled)
        }
        #expect(story.lot("SPLINT", "L2")?.state == .available)
    }

    @Test("a recall by serial number takes the device's whole lot; of a device never received it waits")
    func bySerial() throws {
        let story = StockStory()
        let early = try story.tell("RECALL", "IMP-300", serial: "A")
        #expect(early.codes == ["inventory.lot-unknown"])
        #expect(early.isHeld)
        try story.tell("RECEIVE", "IMP-300", lot: "L1", serial: "A")
        try story.tell("RECEIVE", "IMP-300", lot: "L1", serial: "B")
        #expect(try story.tell("RECALL", "IMP-300", serial: "A").isClear)
        #expect(story.state.all(Recall.self).map(\.serial) == ["A"])
        #expect(try story.tell("USE", "IMP-300", serial: "B").codes == ["inventory.lot-recalled"])
    }

    @Test("a lot that nobody received yet is recalled when it comes, and whoever receives it is told")
    func beforeReceipt() throws {
        let story = StockStory()
        let ruling = try story.tell("RECALL", "SPLINT", lot: "L1")
        #expect(ruling.isClear)
        #expect(ruling.warningCodes == ["inventory.lot-unknown"])
        let receipt = try story.tell("RECEIVE", "SPLINT", lot: "L1", quantity: 1)
        #expect(receipt.warningCodes == ["inventory.lot-recalled"])
        #expect(story.lot("SPLINT", "L1")?.state == .recalled)
        #expect(try story.tell("RECEIVE", "SPLINT", lot: "L2", quantity: 1).warningCodes == [])
        #expect(story.lot("SPLINT", "L2")?.state == .available)
    }

    @Test("what was kept of the lot is kept anew in the lot that expires first, the earliest surgery served first")
    func replaced() throws {
        let story = StockStory(caseState: .scheduled)
        story.clear("P-1")
        story.plan("P-2", day: "2026-11-20")
        story.clear("P-2")
        try story.tell("RECEIVE", "SPLINT", lot: "L1", quantity: 3, more: [.expiresOn: .on("2027-01-31")])
        try story.tell("RECEIVE", "SPLINT", lot: "L2", quantity: 2, more: [.expiresOn: .on("2027-06-30")])
        try story.tell("RECEIVE", "SPLINT", lot: "L3", quantity: 9, more: [.expiresOn: .on("2026-11-19")])
        try story.tell("RECEIVE", "SPLINT", lot: "L4", quantity: 9)
        try story.tell("QUARANTINE", "SPLINT", lot: "L4")
        story.reserve("SPLINT", "L1", 2, for: "P-1", number: 101)
        story.reserve("SPLINT", "L1", 1, for: "P-2", number: 102, day: "2026-11-20")
        let ruling = try story.tell("RECALL", "SPLINT", lot: "L1")
        #expect(
            ruling.events.map(\.kind) == [
                "inventory.recalled", "inventory.reserved", "preop.lapsed", "inventory.reserved", "preop.lapsed",
            ])
        let active = story.state.all(Reservation.self).filter { $0.state == .active }
        #expect(
            active.map { "\($0.plan) \($0.lot) \($0.quantity) \($0.neededOn)" } == [
                "P-2 L2 1 2026-11-20", "P-1 L2 1 2026-11-23",
            ])
        #expect(story.reservation(101)?.state == .released)
        #expect(story.lot("SPLINT", "L1")?.reserved == 0)
        #expect(story.lot("SPLINT", "L2")?.reserved == 2)
        #expect(story.state.fetch(Clearance.self, id: "P-2")?.state == .lapsed)
        #expect(story.state.fetch(Clearance.self, id: "P-1")?.state == .lapsed)
    }

    @Test("during the operation no clearance lapses, and a plan that is over gets nothing in its stead")
    func underWay() throws {
        let story = StockStory(caseState: .inProgress)
        story.clear("P-1")
        story.plan("P-2", day: "2026-11-24", state: .cancelled)
        try story.tell("RECEIVE", "SPLINT", lot: "L1", quantity: 3)
        story.reserve("SPLINT", "L1", 2, for: "P-1", number: 101)
        story.reserve("SPLINT", "L1", 1, for: "P-2", number: 102)
        try story.tell("RECEIVE", "SPLINT", lot: "L2", quantity: 1)
        let ruling = try story.tell("RECALL", "SPLINT", lot: "L1")
        #expect(ruling.events.map(\.kind) == ["inventory.recalled", "inventory.reserved", "inventory.released"])
        #expect(story.lot("SPLINT", "L2")?.reserved == 1)
        #expect(story.state.fetch(Clearance.self, id: "P-1")?.state == .cleared)
        #expect(story.lot("SPLINT", "L1")?.reserved == 0)
    }

    @Test("a recall told in error is voided once, and every lot stands as it stood")
    func voided() throws {
        let story = StockStory()
        try story.tell("RECEIVE", "SPLINT", lot: "L1", quantity: 1)
        try story.tell("RECEIVE", "SPLINT", lot: "L1", quantity: 1, more: [.location: "WARD"])
        try story.tell("QUARANTINE", "SPLINT", lot: "L1", more: [.location: "WARD"])
        try story.tell("RECALL", "SPLINT", lot: "L1", reference: "RC-1")
        try story.tell("RECEIVE", "SPLINT", lot: "L1", quantity: 1, more: [.location: "THEATER"])
        #expect(try story.tell("VOID", nil, more: [.original: "RC-1", .actor: "F2"]).isClear)
        #expect(story.lot("SPLINT", "L1")?.state == .available)
        #expect(story.lot("SPLINT", "L1", at: "WARD")?.state == .quarantined)
        #expect(story.lot("SPLINT", "L1", at: "THEATER")?.state == .available)
        #expect(try story.tell("VOID", nil, more: [.original: "RC-1"]).codes == ["inventory.original-unknown"])
        try story.tell("RECEIVE", "SPLINT", lot: "L1", quantity: 1)
        #expect(story.lot("SPLINT", "L1")?.state == .available)
    }

    @Test("what was moved while it was recalled is kept apart again when the whole lot was")
    func voidedAfterTransfer() throws {
        let story = StockStory()
        try story.tell("RECEIVE", "SPLINT", lot: "L1", quantity: 3)
        try story.tell("QUARANTINE", "SPLINT", lot: "L1")
        try story.tell("RECALL", "SPLINT", lot: "L1", reference: "RC-1")
        try story.tell("TRANSFER", "SPLINT", lot: "L1", quantity: 1, more: [.toLocation: "WARD"])
        #expect(try story.tell("VOID", nil, more: [.original: "RC-1", .actor: "F2"]).isClear)
        #expect(story.lot("SPLINT", "L1")?.state == .quarantined)
        #expect(story.lot("SPLINT", "L1", at: "WARD")?.state == .quarantined)
    }

    @Test("a transfer voided leaves a quarantine that was told since; what comes in elsewhere is kept apart too")
    func quarantineStays() throws {
        let story = StockStory()
        try story.tell("RECEIVE", "SPLINT", lot: "L1", quantity: 4)
        try story.tell("RECEIVE", "SPLINT", lot: "L1", quantity: 5, more: [.location: "WARD"])
        try story.tell("QUARANTINE", "SPLINT", lot: "L1", more: [.location: "MAIN"])
        try story.tell("TRANSFER", "SPLINT", lot: "L1", quantity: 4, reference: "T-1", more: [.toLocation: "WARD"])
        try story.tell("QUARANTINE", "SPLINT", lot: "L1", more: [.location: "WARD"])
        #expect(try story.tell("VOID", nil, more: [.original: "T-1"]).isClear)
        #expect(story.lot("SPLINT", "L1", at: "WARD")?.state == .quarantined)
        try story.tell("RECEIVE", "SPLINT", lot: "L1", quantity: 1, more: [.location: "THEATER"])
        #expect(story.lot("SPLINT", "L1", at: "THEATER")?.state == .quarantined)
    }

    @Test("a recall is withdrawn only by somebody named who is permitted to, and the ledger keeps the name")
    func withdrawer() throws {
        let story = StockStory()
        try story.tell("RECEIVE", "SPLINT", lot: "L1", quantity: 1)
        try story.tell("RECALL", "SPLINT", lot: "L1", reference: "RC-1")
        func void(_ actor: String?) throws -> Ruling {
            var more: [Field: Value] = [.original: "RC-1", .reason: "another lot was meant"]
            if let actor { more[.actor] = .text(actor) }
            return try story.tell("VOID", nil, more: more)
        }
        #expect(try void(nil).codes == ["entry.missing-field"])
        for stranger in ["S1", "X9"] {
            let refused = try void(stranger)
            #expect(refused.codes == ["inventory.lot-recalled"])
            #expect(refused.findings.first?.fields == [.actor])
            #expect(!refused.isHeld)
        }
        #expect(story.lot("SPLINT", "L1")?.state == .recalled)
        let withdrawn = try void("F2")
        #expect(withdrawn.codes == [])
        #expect(withdrawn.events.map(\.note) == ["another lot was meant; withdrawn by F2"])
        #expect(story.lot("SPLINT", "L1")?.state == .available)
    }

    @Test("a recall by a scanned barcode binds the lot that it names, its serial number and date decide nothing")
    func byBarcode() throws {
        let story = StockStory()
        try story.tell("RECEIVE", "IMP-300", lot: "L1", serial: "A")
        let scanned: [Field: Value] = [
            .barcode: "(01)05012345678900(17)280630(10)L1(21)B", .expiresOn: .on("2028-06-30"),
        ]
        let ruling = try story.tell("RECALL", "IMP-300", lot: "L1", serial: "B", more: scanned)
        #expect(ruling.codes == [])
        #expect(story.lot("IMP-300", "L1")?.state == .recalled)
        let nameless = try story.tell("RECALL", "IMP-300", more: scanned)
        #expect(nameless.codes == ["inventory.lot-required"])
        let unlisted = try story.tell("RECALL", nil, lot: "L1", more: [.barcode: "0109999999999999"])
        #expect(unlisted.codes == ["inventory.item-unknown"])
    }

    @Test("a lot that two recalls bind is free when both are voided")
    func twice() throws {
        let story = StockStory()
        try story.tell("RECEIVE", "SPLINT", lot: "L1", quantity: 1)
        try story.tell("RECALL", "SPLINT", lot: "L1", reference: "RC-1")
        try story.tell("RECALL", "SPLINT", lot: "L1", reference: "RC-2")
        #expect(try story.tell("VOID", nil, more: [.original: "store/RC-1", .actor: "F2"]).isClear)
        #expect(story.lot("SPLINT", "L1")?.state == .recalled)
        #expect(try story.tell("VOID", nil, more: [.original: "RC-2", .actor: "F2"]).isClear)
        #expect(story.lot("SPLINT", "L1")?.state == .available)
    }

    @Test("a refused use is an incident by the side and by a barcode that is of no item as well")
    func moreIncidents() throws {
        let story = StockStory(side: .left)
        try story.tell("RECEIVE", "IMP-300", lot: "L1", serial: "A")
        func incidents(_ values: [Field: Value]) throws -> [Incident] {
            let use = Command(
                form: .inventory, action: Action("USE"), reference: "U", source: "store",
                values: values.merging([.surgicalCase: "C-1"]) { one, _ in one }, effectiveAt: story.story.now,
                now: story.story.now)
            let findings = try story.story.pathway.decide(use, in: story.state).findings
            let event = try story.story.pathway.incident(for: use, findings: findings, in: story.state)
            return event?.writes.compactMap { $0 as? Incident } ?? []
        }
        let wrongSide = try incidents([.sku: "IMP-300", .serial: "A", .side: "RIGHT"])
        #expect(wrongSide.map(\.code) == ["inventory.side-differs"])
        #expect(wrongSide.map(\.lot) == ["L1"])
        #expect(wrongSide.map(\.serial) == ["A"])
        let unknown = try incidents([.barcode: "0109999999999999"])
        #expect(unknown.map(\.code) == ["inventory.item-unknown"])
        #expect(unknown.map(\.sku) == [SKU("0109999999999999")])
        #expect(try incidents([.sku: "IMP-300", .serial: "A", .side: "LEFT"]).isEmpty)
    }
}
