import Clinic
import ClinicTesting
import Testing

@Suite("Movements of stock undone")
struct StockVoidTests {
    @Test("a voided use gives back what was kept for the plan, until the case is billed")
    func reservation() throws {
        let story = StockStory()
        try story.tell("RECEIVE", "SPLINT", lot: "L1", quantity: 3)
        story.reserve("SPLINT", "L1", 2, for: "P-1", number: 101)
        try story.tell("USE", "SPLINT", lot: "L1", quantity: 3, reference: "U-1")
        #expect(story.reservation(101)?.state == .consumed)
        #expect(try story.tell("VOID", nil, more: [.original: "U-1"]).isClear)
        #expect(story.reservation(101)?.state == .active)
        #expect(story.reservation(101)?.quantity == 2)
        #expect(story.lot("SPLINT", "L1")?.reserved == 2)
        try story.tell("USE", "SPLINT", lot: "L1", quantity: 2, reference: "U-2")
        story.state.put(
            Bill(
                number: BillNumber(sequence: 1), type: .invoice, surgicalCase: story.caseID, plan: story.plan,
                mrn: story.mrn, currency: "GBP", lines: [], insurer: nil, issuedAt: story.story.now,
                dueOn: .on("2026-12-07")))
        let billed = try story.tell("VOID", nil, more: [.original: "U-2"])
        #expect(billed.warningCodes == ["inventory.bill-settled"])
        #expect(story.reservation(101)?.state == .consumed)
        #expect(story.lot("SPLINT", "L1")?.reserved == 0)
    }

    @Test("a device that went on is not put back by an earlier movement")
    func deviceWentOn() throws {
        let story = StockStory()
        try story.tell("RECEIVE", "IMP-300", lot: "L1", serial: "A", reference: "R-1")
        try story.tell("TRANSFER", "IMP-300", serial: "A", reference: "T-1", more: [.toLocation: "WARD"])
        try story.tell("RECEIVE", "IMP-300", lot: "L1", serial: "B")
        #expect(try story.tell("VOID", nil, more: [.original: "R-1"]).codes == ["inventory.serial-already-used"])
        try story.tell("DISPOSE", "IMP-300", serial: "A", reference: "D-1")
        try story.tell("RECEIVE", "IMP-300", lot: "L1", serial: "A", reference: "R-2")
        #expect(try story.tell("VOID", nil, more: [.original: "D-1"]).codes == ["inventory.serial-already-used"])
        #expect(try story.tell("VOID", nil, more: [.original: "R-2"]).isClear)
        #expect(try story.tell("VOID", nil, more: [.original: "D-1"]).isClear)
        #expect(story.unit("A")?.location == "WARD")
        #expect(try story.tell("VOID", nil, more: [.original: "T-1"]).isClear)
        #expect(try story.tell("VOID", nil, more: [.original: "R-1"]).isClear)
        #expect(story.unit("A")?.state == .gone)
    }

    @Test("a quarantine is voided while it is the last word, an acceptance as well")
    func standing() throws {
        let story = StockStory()
        try story.tell("RECEIVE", "SPLINT", lot: "L1", quantity: 1)
        try story.tell("QUARANTINE", "SPLINT", lot: "L1", reference: "Q-1")
        #expect(try story.tell("VOID", nil, more: [.original: "Q-1"]).isClear)
        #expect(story.lot("SPLINT", "L1")?.state == .available)
        try story.tell("QUARANTINE", "SPLINT", lot: "L1", reference: "Q-2")
        try story.tell("ACCEPT", "SPLINT", lot: "L1", reference: "A-1")
        #expect(try story.tell("VOID", nil, more: [.original: "Q-2"]).codes == ["inventory.original-unknown"])
        #expect(try story.tell("VOID", nil, more: [.original: "A-1"]).isClear)
        #expect(story.lot("SPLINT", "L1")?.state == .quarantined)
        try story.tell("RECALL", "SPLINT", lot: "L1")
        #expect(try story.tell("VOID", nil, more: [.original: "Q-2"]).codes == ["inventory.lot-recalled"])
    }

    @Test("a lot received with a wrong expiry date is voided and received with the right one")
    func expiry() throws {
        let story = StockStory()
        let wrong: [Field: Value] = [.expiresOn: .on("2027-01-31")]
        let right: [Field: Value] = [.expiresOn: .on("2028-01-31")]
        try story.tell("RECEIVE", "SPLINT", lot: "L1", quantity: 1, reference: "R-1", more: wrong)
        #expect(try story.tell("RECEIVE", "SPLINT", lot: "L1", quantity: 1, more: right).codes == ["entry.bad-value"])
        try story.tell("VOID", nil, more: [.original: "R-1"])
        #expect(try story.tell("RECEIVE", "SPLINT", lot: "L1", quantity: 1, more: right).isClear)
        #expect(story.lot("SPLINT", "L1")?.expiresOn == .on("2028-01-31"))
    }

    @Test("a return that is voided leaves the device in the patient, on its side")
    func returned() throws {
        let story = StockStory(side: .bilateral)
        try story.tell("RECEIVE", "IMP-300", lot: "L1", serial: "A")
        try story.tell("USE", "IMP-300", serial: "A", more: [.side: "RIGHT"])
        let used = story.unit("A")
        try story.tell("RETURN", "IMP-300", serial: "A", reference: "B-1")
        #expect(story.unit("A")?.state == .inStock)
        #expect(try story.tell("VOID", nil, more: [.original: "B-1"]).isClear)
        #expect(story.unit("A") == used)
        #expect(story.unit("A")?.side == .right)
    }

    @Test(
        "over any history: stock is the sum of its movements, devices are counted once, a void is an exact inverse",
        arguments: 1...12)
    func history(seed: UInt64) throws {
        var random = SplitMix(seed: seed)
        let story = StockStory(side: .bilateral)
        var inverses = 0
        for step in 1...160 {
            let lot = "L\(random.below(3))"
            if step % 30 == 0, let free = story.lot("SPLINT", lot), free.free > 0 {
                story.reserve("SPLINT", lot, 1, for: "P-1", number: Int64(1_000 + step))
            }
            let before = Picture(story.state)
            let reference = "N-\(step)"
            let ruling = try story.tellAnything(reference, &random)
            try check(story.state)
            // Promises that gave way to what was lost or recalled stay given up.
            let gaveWay = ruling.events.flatMap(\.writes).contains { ($0 as? Reservation)?.state == .released }
            guard ruling.isClear, step % 3 == 0, ruling.events.first?.kind != "inventory.voided", !gaveWay else {
                continue
            }
            let void = try story.tell(
                "VOID", nil, reference: "V-\(step)", more: [.original: .text(reference), .actor: "F2"])
            #expect(void.isClear, "\(reference): \(void.codes) after \(ruling.events.map(\.kind))")
            inverses += 1
            #expect(Picture(story.state) == before, "\(ruling.events.map(\.kind))")
            try check(story.state)
            let again = try story.tell("VOID", nil, more: [.original: .text(reference)])
            #expect(again.codes == ["inventory.original-unknown"])
        }
        #expect(inverses > 10)
    }

    private func check(_ state: MemoryClinic) throws {
        let movements = state.all(StockMovement.self)
        let units = state.all(SerialUnit.self)
        let reservations = state.all(Reservation.self).filter { $0.state == .active }
        for lot in state.all(InventoryLot.self) {
            let own = movements.filter { $0.sku == lot.sku && $0.lot == lot.lot && $0.location == lot.location }
            #expect(own.map(\.change).reduce(0, +) == lot.onHand)
            #expect(lot.onHand >= 0 && lot.reserved >= 0 && lot.reserved <= lot.onHand)
            let kept = reservations.filter { $0.sku == lot.sku && $0.lot == lot.lot && $0.location == lot.location }
            #expect(kept.map(\.quantity).reduce(0, +) == lot.reserved)
            let devices = units.filter { $0.lot == lot.lot && $0.location == lot.location && $0.state == .inStock }
            if lot.sku == SKU("IMP-300") { #expect(devices.count == lot.onHand) }
        }
        #expect(movements.filter { $0.movement == .use }.allSatisfy { $0.surgicalCase != nil })
    }
}

/// What lies where and may be used, what is kept, and where the devices are.
private struct Picture: Equatable {
    var lots: [String]
    var units: [String]

    init(_ state: MemoryClinic) {
        lots = state.all(InventoryLot.self).filter { $0.onHand > 0 }
            .map { "\($0.id) \($0.state) \($0.onHand) \($0.reserved)" }
        units = state.all(SerialUnit.self).filter { $0.state != .gone }
            .map { "\($0.id) \($0.state) \($0.location) \($0.side?.rawValue ?? "")" }
    }
}

extension StockStory {
    /// One entry about splints or devices, right or wrong.
    fileprivate func tellAnything(_ reference: String, _ random: inout SplitMix) throws -> Ruling {
        let actions = [
            "RECEIVE", "RECEIVE", "RECEIVE", "USE", "USE", "RETURN", "WASTE", "DISPOSE", "RETURN_TO_SUPPLIER",
            "TRANSFER", "QUARANTINE", "ACCEPT", "RECALL", "VOID",
        ]
        let action = actions[random.below(actions.count)]
        let isDevice = random.below(2) == 0
        let places = ["MAIN", "THEATER"]
        let lot = "L\(random.below(3))"
        var more: [Field: Value] = [
            .location: .text(places[random.below(2)]), .toLocation: .text(places[random.below(2)]),
            .side: random.below(2) == 0 ? "LEFT" : "RIGHT",
        ]
        if action == "VOID" { more = [.original: .text("N-\(random.below(160))")] }
        if action == "RECALL", random.below(4) > 0 {
            return try tell("ACCEPT", "SPLINT", lot: lot, reference: reference)
        }
        let serial = "S\(lot)\(random.below(4))"
        let isOfStanding = ["QUARANTINE", "ACCEPT", "RECALL"].contains(action)
        return try tell(
            action, action == "VOID" ? nil : isDevice ? "IMP-300" : "SPLINT", lot: action == "VOID" ? nil : lot,
            serial: isDevice && !isOfStanding ? serial : nil, quantity: isDevice ? 1 : random.below(5),
            reference: reference, more: more)
    }
}
