import Clinic
import ClinicTesting
import Testing

@Suite("Stock: what each condition is for")
struct StockConditionTests {
    @Test("what a case consumed is listed by item, lot and serial number")
    func portions() throws {
        let story = StockStory()
        let uses = [
            ("SPLINT", "L2", nil), ("IMP-300", "L2", "B"), ("IMP-300", "L1", "D"), ("SPLINT", "L1", nil),
            ("IMP-300", "L2", "A"), ("IMP-300", "L1", "C"),
        ]
        for (sku, lot, serial) in uses {
            try story.tell("RECEIVE", sku, lot: lot, serial: serial, quantity: 1)
            #expect(try story.tell("USE", sku, lot: lot, serial: serial).codes == [])
        }
        let portions = try Consumption(of: story.caseID, in: story.state).portions.map(\.portion)
        #expect(
            portions.map { "\($0.sku) \($0.lot) \($0.serial ?? "")" } == [
                "IMP-300 L1 C", "IMP-300 L1 D", "IMP-300 L2 A", "IMP-300 L2 B", "SPLINT L1 ", "SPLINT L2 ",
            ])
    }

    @Test("bars and backslashes are marked in the id of a lot, even where there is nothing else")
    func ids() {
        let cases = [
            ("A|B", "C\\", "X|A\\|B|C\\\\"), ("|", "\\", "X|\\||\\\\"), ("\\", "|", "X|\\\\|\\|"), ("A", "B", "X|A|B"),
        ]
        for (lot, location, id) in cases { #expect(InventoryLot.id(SKU("X"), lot, location) == id) }
    }

    @Test("a voided recall's movement takes back that recall's own, whoever used the same reference")
    func ownRecall() throws {
        let story = StockStory()
        try story.tell("RECEIVE", "SPLINT", lot: "L1", quantity: 1)
        let told: [(String, SourceName)] = [("RC-1", "ward"), ("RC-2", "store"), ("RC-1", "store")]
        for (reference, source) in told {
            try story.tell("RECALL", "SPLINT", lot: "L1", reference: reference, source: source)
        }
        for (original, index) in [("store/RC-1", 2), ("ward/RC-1", 0), ("RC-2", 1)] {
            #expect(try story.tell("VOID", nil, more: [.original: .text(original), .actor: "F2"]).isClear)
            let movements = story.state.all(StockMovement.self)
            let recalls = movements.filter { $0.movement == .recall }
            #expect(movements.last?.original == recalls[index].number)
        }
    }

    @Test("after a cancelled case a plan's stock is kept anew, for the day of the case that is open")
    func casesOfPlan() throws {
        for isBooked in [false, true] {
            let story = StockStory(caseState: .cancelled)
            if isBooked {
                var next = try #require(story.state.fetch(SurgicalCase.self, id: "C-1"))
                next.surgicalCase = CaseID("C-2")
                next.state = .scheduled
                next.startsAt = .at("2026-12-01T09:00:00Z")
                story.state.put(next)
            }
            try story.tell("RECEIVE", "SPLINT", lot: "L1", quantity: 1)
            try story.tell("RECEIVE", "SPLINT", lot: "L2", quantity: 1)
            story.reserve("SPLINT", "L1", 1, for: "P-1", number: 101)
            try story.tell("RECALL", "SPLINT", lot: "L1")
            let active = story.state.all(Reservation.self).filter { $0.state == .active }
            #expect(active.map(\.lot) == ["L2"])
            #expect(active.map(\.neededOn) == [.on(isBooked ? "2026-12-01" : "2026-11-23")])
        }
    }

    @Test("what is kept for a plan is thrown away only when it is unfit", arguments: [0, 1, 2])
    func removal(kind: Int) throws {
        let story = StockStory()
        let expires: [Field: Value] = [.expiresOn: .on(kind == 1 ? "2026-11-22" : "2026-11-23")]
        try story.tell("RECEIVE", "SPLINT", lot: "L1", quantity: 1, more: expires)
        if kind == 2 { try story.tell("QUARANTINE", "SPLINT", lot: "L1") }
        story.reserve("SPLINT", "L1", 1, for: "P-2", number: 1)
        let codes = try story.tell("DISPOSE", "SPLINT", lot: "L1").codes
        #expect(codes == (kind == 0 ? ["inventory.reserved-for-another-case"] : []))
    }

    @Test(
        "a transfer that brought a quarantine along takes it away again when it is voided; one that did not decides nothing"
    )
    func transferOfStanding() throws {
        let story = StockStory()
        for place in ["MAIN", "THEATER"] {
            try story.tell("RECEIVE", "SPLINT", lot: "L1", quantity: 2, more: [.location: .text(place)])
        }
        try story.tell("QUARANTINE", "SPLINT", lot: "L1", reference: "Q-1", more: [.location: "MAIN"])
        let there: [Field: Value] = [.toLocation: "THEATER"]
        try story.tell("TRANSFER", "SPLINT", lot: "L1", quantity: 1, reference: "T-1", more: there)
        #expect(story.lot("SPLINT", "L1", at: "THEATER")?.state == .quarantined)
        #expect(try story.tell("VOID", nil, more: [.original: "T-1"]).isClear)
        #expect(story.lot("SPLINT", "L1", at: "THEATER")?.state == .available)
        try story.tell("QUARANTINE", "SPLINT", lot: "L1", reference: "Q-2", more: [.location: "THEATER"])
        try story.tell("TRANSFER", "SPLINT", lot: "L1", quantity: 1, reference: "T-2", more: there)
        #expect(try story.tell("VOID", nil, more: [.original: "Q-2"]).isClear)
    }

    @Test("of a case for two procedures an item goes by the side of the procedure that lists it")
    func sideOfProcedure() throws {
        let story = StockStory(side: .left)
        var both = try #require(story.state.fetch(SurgicalCase.self, id: "C-1"))
        both.procedures.append(.init(code: ProcedureCode("BLEPH-UPPER"), side: .right))
        story.state.put(both)
        try story.tell("RECEIVE", "IMP-300", lot: "L1", quantity: 1)
        let right = try story.tell("USE", "IMP-300", lot: "L1", serial: "A", more: [.side: "RIGHT"])
        #expect(right.codes == ["inventory.side-differs"])
        #expect(try story.tell("USE", "IMP-300", lot: "L1", serial: "A").isClear)
        #expect(story.unit("A")?.side == .left)
    }

    @Test("what no procedure lists and is no implant may be used on any side")
    func sideOfOther() throws {
        let story = StockStory(side: .left)
        try story.tell("RECEIVE", "SPLINT", lot: "L1", quantity: 1)
        #expect(try story.tell("USE", "SPLINT", lot: "L1", more: [.side: "RIGHT"]).codes == [])
    }

    @Test("a receipt of what is kept for a plan is not voided")
    func receiptKept() throws {
        let story = StockStory()
        try story.tell("RECEIVE", "SPLINT", lot: "L1", quantity: 1, reference: "R-1")
        story.reserve("SPLINT", "L1", 1, for: "P-2", number: 1)
        let void = try story.tell("VOID", nil, more: [.original: "R-1"])
        #expect(void.codes == ["inventory.reserved-for-another-case"])
    }

    @Test("an acceptance that was voided is no later word about a lot")
    func voidedAcceptance() throws {
        let story = StockStory()
        try story.tell("RECEIVE", "SPLINT", lot: "L1", quantity: 1)
        try story.tell("QUARANTINE", "SPLINT", lot: "L1", reference: "Q-1")
        try story.tell("ACCEPT", "SPLINT", lot: "L1", reference: "A-1")
        for original in ["A-1", "Q-1"] {
            #expect(try story.tell("VOID", nil, more: [.original: .text(original)]).codes == [])
        }
        #expect(story.lot("SPLINT", "L1")?.state == .available)
    }

    private static let dated: [Field: Value] = [.expiresOn: .on("2027-01-31")]

    @Test("a lot keeps its expiry date while something that came in of it stands, and only then")
    func expiryStands() throws {
        let stays: [([String], Bool)] = [
            ([], false), (["QUARANTINE"], false), (["USE", "VOID U"], false), (["RECEIVE", "VOID R"], false),
            (["RECEIVE"], true), (["COUNT"], true),
        ]
        for (steps, keeps) in stays {
            let story = StockStory()
            try story.tell("RECEIVE", "SPLINT", lot: "L1", quantity: 2, reference: "R-1", more: Self.dated)
            for step in steps {
                let reference = String(step.prefix(1))
                let ruling =
                    step.hasPrefix("VOID")
                    ? try story.tell("VOID", nil, more: [.original: .text(String(step.suffix(1)))])
                    : try story.tell(
                        step, "SPLINT", lot: "L1", quantity: step == "COUNT" ? 3 : 1, reference: reference)
                #expect(ruling.codes == [], "\(step)")
            }
            #expect(try story.tell("VOID", nil, more: [.original: "R-1"]).codes == [], "\(steps)")
            #expect((story.lot("SPLINT", "L1")?.expiresOn != nil) == keeps, "\(steps)")
        }
    }

    @Test("with the last receipt the lot forgets its expiry date at every place")
    func expiryElsewhere() throws {
        let story = StockStory()
        try story.tell("RECEIVE", "SPLINT", lot: "L1", quantity: 1, reference: "R-1", more: Self.dated)
        try story.tell("TRANSFER", "SPLINT", lot: "L1", reference: "T-1", more: [.toLocation: "THEATER"])
        for original in ["T-1", "R-1"] {
            #expect(try story.tell("VOID", nil, more: [.original: .text(original)]).codes == [])
        }
        #expect(story.lot("SPLINT", "L1")?.onHand == 0)
        for place in ["MAIN", "THEATER"] { #expect(story.lot("SPLINT", "L1", at: place)?.expiresOn == nil) }
    }

    @Test("what a voided use gives back goes to the reservation that still stands")
    func keptAgain() throws {
        let story = StockStory()
        try story.tell("RECEIVE", "SPLINT", lot: "L1", quantity: 4)
        story.reserve("SPLINT", "L1", 1, for: "P-1", number: 101)
        try story.tell("USE", "SPLINT", lot: "L1", quantity: 1)
        story.reserve("SPLINT", "L1", 2, for: "P-1", number: 102)
        try story.tell("USE", "SPLINT", lot: "L1", quantity: 1, reference: "U-2")
        #expect(try story.tell("VOID", nil, more: [.original: "U-2"]).isClear)
        #expect(story.reservation(101)?.state == .consumed)
        #expect(story.reservation(102)?.quantity == 2)
    }
}
