import Clinic
import ClinicTesting
import Testing

@Suite("Stock received, counted, moved, undone")
struct StockKeepingTests {
    @Test("bars and backslashes in lots and locations never make two lots one")
    func barsInNames() throws {
        let story = StockStory()
        let names = [("A|B", "C"), ("A", "B|C"), ("A\\", "|B|C"), ("A\\|B", "C"), ("A\\", "B|C")]
        for (quantity, name) in zip(1..., names) {
            let ruling = try story.tell(
                "RECEIVE", "GLOVES", lot: name.0, quantity: quantity, more: [.location: .text(name.1)])
            #expect(ruling.isClear)
        }
        for (quantity, name) in zip(1..., names) {
            #expect(story.lot("GLOVES", name.0, at: name.1)?.onHand == quantity)
        }
    }

    @Test("a count sets what is on hand, by a movement of the difference")
    func count() throws {
        let story = StockStory()
        try story.tell("RECEIVE", "SPLINT", lot: "L1", quantity: 5)
        #expect(try story.tell("COUNT", "SPLINT", lot: "L1", quantity: 3).isClear)
        #expect(story.lot("SPLINT", "L1")?.onHand == 3)
        #expect(story.state.all(StockMovement.self).map(\.change) == [5, -2])
        #expect(try story.tell("COUNT", "SPLINT", lot: "L1", quantity: 0).isClear)
        #expect(story.lot("SPLINT", "L1")?.onHand == 0)
    }

    @Test("a count below what is promised makes the latest promises give way")
    func countBelowReserved() throws {
        let story = StockStory()
        try story.tell("RECEIVE", "SPLINT", lot: "L1", quantity: 3)
        story.reserve("SPLINT", "L1", 2, for: "P-1", number: 1)
        story.reserve("SPLINT", "L1", 1, for: "P-2", number: 2)
        try story.tell("COUNT", "SPLINT", lot: "L1", quantity: 1)
        #expect(story.reservation(2)?.state == .released)
        #expect(story.reservation(1)?.quantity == 1)
        #expect(story.lot("SPLINT", "L1")?.reserved == 1)
    }

    @Test("a transfer moves stock, device, expiry and standing")
    func transfer() throws {
        let story = StockStory()
        try story.tell("RECEIVE", "IMP-300", lot: "L1", serial: "A", more: [.expiresOn: .on("2027-01-31")])
        let to: [Field: Value] = [.toLocation: "THEATER"]
        #expect(try story.tell("TRANSFER", "IMP-300", lot: "L1", serial: "A", more: to).isClear)
        #expect(story.lot("IMP-300", "L1")?.onHand == 0)
        #expect(story.lot("IMP-300", "L1", at: "THEATER")?.onHand == 1)
        #expect(story.lot("IMP-300", "L1", at: "THEATER")?.expiresOn == .on("2027-01-31"))
        #expect(story.unit("A")?.location == "THEATER")
        let same = try story.tell(
            "TRANSFER", "IMP-300", lot: "L1", serial: "A", more: [.location: "THEATER", .toLocation: "THEATER"])
        #expect(same.codes == ["entry.bad-value"])
    }

    @Test(
        "an expired or recalled lot may still be disposed of and returned",
        arguments: ["DISPOSE", "RETURN_TO_SUPPLIER"])
    func removal(action: String) throws {
        let story = StockStory()
        try story.tell("RECEIVE", "SPLINT", lot: "L1", quantity: 2, more: [.expiresOn: .on("2026-01-31")])
        try story.tell("RECALL", "SPLINT", lot: "L1")
        story.reserve("SPLINT", "L1", 2, for: "P-2", number: 1)
        #expect(try story.tell(action, "SPLINT", lot: "L1").isClear)
        #expect(story.lot("SPLINT", "L1")?.onHand == 1)
        let short = try story.tell(action, "SPLINT", lot: "L1", quantity: 2)
        #expect(short.codes == ["inventory.stock-short"])
        #expect(short.isHeld)
    }

    @Test(
        "a recalled lot is neither accepted nor quarantined, and one nobody received is waited for",
        arguments: ["QUARANTINE", "ACCEPT"])
    func standing(action: String) throws {
        let story = StockStory()
        let early = try story.tell(action, "SPLINT", lot: "L1")
        #expect(early.codes == ["inventory.lot-unknown"])
        #expect(early.isHeld)
        try story.tell("RECEIVE", "SPLINT", lot: "L1", quantity: 2)
        try story.tell("RECALL", "SPLINT", lot: "L1")
        #expect(try story.tell(action, "SPLINT", lot: "L1").codes == ["inventory.lot-recalled"])
        try story.tell("RECEIVE", "SPLINT", lot: "L2", quantity: 2)
        #expect(try story.tell(action, "SPLINT", lot: "L2").isClear)
    }

    @Test("one lot has one expiry date")
    func oneExpiry() throws {
        let story = StockStory()
        try story.tell("RECEIVE", "SPLINT", lot: "L1", quantity: 2, more: [.expiresOn: .on("2027-01-31")])
        let other = try story.tell("RECEIVE", "SPLINT", lot: "L1", quantity: 2, more: [.expiresOn: .on("2028-01-31")])
        #expect(other.codes == ["entry.bad-value"])
        #expect(story.lot("SPLINT", "L1")?.onHand == 2)
    }

    @Test("a void takes a movement back, waits for one not yet told, and works once")
    func void() throws {
        let story = StockStory()
        let early = try story.tell("VOID", nil, more: [.original: "U-1"])
        #expect(early.codes == ["inventory.original-unknown"])
        #expect(early.isHeld)
        try story.tell("RECEIVE", "IMP-300", lot: "L1", serial: "A", reference: "R-1")
        let use = try story.tell("USE", "IMP-300", lot: "L1", serial: "A", reference: "U-1")
        #expect(use.events.flatMap(\.keys).contains(try #require(early.findings.first?.waitsFor.first)))
        #expect(try story.tell("VOID", nil, more: [.original: "store/U-1"]).isClear)
        #expect(story.lot("IMP-300", "L1")?.onHand == 1)
        #expect(story.unit("A")?.state == .inStock)
        #expect(try Consumption(of: story.caseID, in: story.state).portions.isEmpty)
        let again = try story.tell("VOID", nil, more: [.original: "U-1"])
        #expect(again.codes == ["inventory.original-unknown"])
        #expect(!again.isHeld)
        #expect(try story.tell("VOID", nil, more: [.original: "R-1"]).isClear)
        #expect(story.lot("IMP-300", "L1")?.onHand == 0)
        #expect(story.unit("A")?.state == .gone)
    }

    @Test("a receipt is not voided once its stock is gone, nor a use once it came back")
    func voidTooLate() throws {
        let story = StockStory()
        try story.tell("RECEIVE", "SPLINT", lot: "L1", quantity: 1, reference: "R-1")
        try story.tell("USE", "SPLINT", lot: "L1", reference: "U-1")
        #expect(try story.tell("VOID", nil, more: [.original: "R-1"]).codes == ["inventory.stock-short"])
        try story.tell("RETURN", "SPLINT", lot: "L1")
        #expect(try story.tell("VOID", nil, more: [.original: "U-1"]).codes == ["inventory.return-exceeds-use"])
    }

    @Test("a voided transfer lies where it lay")
    func voidTransfer() throws {
        let story = StockStory()
        try story.tell("RECEIVE", "IMP-300", lot: "L1", serial: "A")
        try story.tell("TRANSFER", "IMP-300", lot: "L1", serial: "A", reference: "T-1", more: [.toLocation: "THEATER"])
        #expect(try story.tell("VOID", nil, more: [.original: "T-1"]).isClear)
        #expect(story.lot("IMP-300", "L1")?.onHand == 1)
        #expect(story.lot("IMP-300", "L1", at: "THEATER")?.onHand == 0)
        #expect(story.unit("A")?.location == "MAIN")
    }

    @Test("a reference that two sources used must say which")
    func ambiguousOriginal() throws {
        let story = StockStory()
        for source in ["ward", "theater"] as [SourceName] {
            try story.tell("RECEIVE", "SPLINT", lot: "L1", quantity: 1, reference: "X", source: source)
        }
        let ruling = try story.tell("VOID", nil, more: [.original: "X"])
        #expect(ruling.codes == ["inventory.original-unknown"])
        #expect(!ruling.isHeld)
        #expect(try story.tell("VOID", nil, more: [.original: "ward/X"]).isClear)
    }

    @Test("barcodes are judged where they are read; their rules are data here")
    func barcodeRules() {
        #expect(Rule.named("inventory.bad-barcode")?.phase == .inventory)
        #expect(Rule.named("inventory.check-digit")?.hl7 == .dataType)
        let codes = Rule.InventoryRules.all.map(\.code)
        #expect(Set(codes).count == codes.count)
        #expect(codes.allSatisfy { $0.hasPrefix("inventory.") })
    }

    @Test("a refused use of a known case is kept as an incident, once; a slip of the entry is not")
    func incidents() throws {
        let story = StockStory()
        try story.tell("RECEIVE", "SPLINT", lot: "L1", quantity: 5, more: [.expiresOn: .on("2026-01-31")])
        try story.tell("RECALL", "SPLINT", lot: "L1")
        func command(_ values: [Field: Value]) -> Command {
            Command(
                form: .inventory, action: Action("USE"), reference: "U", source: "store", values: values,
                effectiveAt: story.story.now, now: story.story.now)
        }
        let use = command([.sku: "SPLINT", .lot: "L1", .surgicalCase: "C-1"])
        let findings = try story.story.pathway.decide(use, in: story.state).findings
        let event = try #require(try story.story.pathway.incident(for: use, findings: findings, in: story.state))
        #expect(event.kind == "inventory.incident")
        #expect(event.patient == story.mrn)
        let codes = event.writes.compactMap { ($0 as? Incident)?.code }
        #expect(codes == ["inventory.lot-expired", "inventory.lot-recalled"])
        story.state.apply(event)
        #expect(try story.story.pathway.incident(for: use, findings: findings, in: story.state) == nil)
        let elsewhere = command([.sku: "SPLINT", .lot: "L1", .surgicalCase: "C-9"])
        #expect(try story.story.pathway.incident(for: elsewhere, findings: findings, in: story.state) == nil)
        let slip = try story.story.pathway.decide(command([.sku: "SPLINT", .surgicalCase: "C-1"]), in: story.state)
        #expect(try story.story.pathway.incident(for: use, findings: slip.findings, in: story.state) == nil)
    }

    @Test("over any history stock is the sum of its movements and never negative", arguments: [1, 2, 3, 4, 5, 6, 7, 8])
    func history(seed: UInt64) throws {
        var random = SplitMix(seed: seed)
        let story = StockStory(side: .bilateral)
        let actions = ["RECEIVE", "USE", "RETURN", "WASTE", "DISPOSE", "COUNT", "TRANSFER", "VOID", "RECALL"]
        var applied = 0
        for step in 1...150 {
            let action = actions[random.below(step < 140 ? 8 : 9)]
            var more: [Field: Value] = [
                .location: .text(["MAIN", "THEATER"][random.below(2)]), .toLocation: "THEATER",
            ]
            if action == "VOID" { more = [.original: .text("N-\(random.below(step) + 1)")] }
            let ruling = try story.tell(
                action, action == "VOID" ? nil : ["SPLINT", "GAUZE"][random.below(2)],
                lot: ["L1", "L2"][random.below(2)], quantity: random.below(6), reference: "N-\(step)", more: more)
            applied += ruling.isClear ? 1 : 0
            if step % 40 == 0, let lot = story.lot("SPLINT", "L1"), lot.free > 0 {
                story.reserve("SPLINT", "L1", 1, for: "P-\(step)", number: Int64(step))
            }
            let movements = story.state.all(StockMovement.self)
            for lot in story.state.all(InventoryLot.self) {
                let own = movements.filter { $0.sku == lot.sku && $0.lot == lot.lot && $0.location == lot.location }
                #expect(own.map(\.change).reduce(0, +) == lot.onHand)
                #expect(lot.onHand >= 0 && lot.reserved >= 0 && lot.reserved <= lot.onHand)
            }
        }
        #expect(applied > 40)
    }
}

/// Numbers that look random and are the same in every run.
struct SplitMix {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
}
