import Clinic
import ClinicTesting
import Testing

@Suite("Things used in a case")
struct StockUseTests {
    @Test("an implant that was received is used: stock falls, the device is in the case, the side is the case's")
    func useOfAnImplant() throws {
        let story = StockStory()
        try story.tell("RECEIVE", "IMP-300", lot: "L1", serial: "A")
        let ruling = try story.tell("USE", "IMP-300", lot: "L1", serial: "A")
        #expect(ruling.codes == [])
        #expect(ruling.warningCodes == [])
        #expect(ruling.events.map(\.kind) == ["inventory.used"])
        #expect(story.lot("IMP-300", "L1")?.onHand == 0)
        #expect(story.unit("A")?.state == .used)
        #expect(story.unit("A")?.surgicalCase == story.caseID)
        #expect(story.unit("A")?.side == .left)
    }

    @Test("a device never received one by one is used where its lot is known")
    func unknownSerialOfKnownLot() throws {
        let story = StockStory()
        try story.tell("RECEIVE", "IMP-300", lot: "L1", quantity: 2)
        #expect(try story.tell("USE", "IMP-300", lot: "L1", serial: "X").isClear)
        #expect(story.unit("X")?.state == .used)
        #expect(story.lot("IMP-300", "L1")?.onHand == 1)
    }

    @Test("a serial number alone finds its lot and its location")
    func serialFindsLot() throws {
        let story = StockStory()
        try story.tell("RECEIVE", "IMP-300", lot: "L1", serial: "A", more: [.location: "THEATER"])
        #expect(try story.tell("USE", "IMP-300", serial: "A").isClear)
        #expect(story.lot("IMP-300", "L1", at: "THEATER")?.onHand == 0)
    }

    @Test("an expired lot does not become fit by a scan dated before the case began")
    func scanBeforeTheCase() throws {
        let story = StockStory()
        try story.tell(
            "RECEIVE", "GLOVES", lot: "OLD", quantity: 9, at: "2026-10-05T08:00:00Z",
            more: [.expiresOn: .date(.on("2026-11-10"))])
        let early = try story.tell("USE", "GLOVES", lot: "OLD", quantity: 1, at: "2026-11-10T09:00:00Z")
        #expect(early.codes == ["inventory.lot-expired", "inventory.case-not-open"])
    }

    @Test("nothing is used on a day before the case began; what is laid out before its start on the day is")
    func scanOnAnotherDay() throws {
        let story = StockStory()
        try story.tell("RECEIVE", "GAUZE", quantity: 9, at: "2026-10-05T08:00:00Z")
        #expect(
            try story.tell("USE", "GAUZE", quantity: 1, at: "2026-11-22T12:00:00Z").codes == ["inventory.case-not-open"]
        )
        #expect(try story.tell("USE", "GAUZE", quantity: 1, at: "2026-11-23T08:40:00Z").codes == [])
    }

    @Test("nothing comes back before it was used")
    func backBeforeUse() throws {
        let story = StockStory()
        try story.tell("RECEIVE", "GAUZE", quantity: 9, at: "2026-10-05T08:00:00Z")
        try story.tell("USE", "GAUZE", quantity: 3, at: "2026-11-23T10:00:00Z")
        #expect(
            try story.tell("RETURN", "GAUZE", quantity: 1, at: "2026-11-23T09:50:00Z").codes
                == ["inventory.return-exceeds-use"])
        #expect(try story.tell("RETURN", "GAUZE", quantity: 1, at: "2026-11-23T10:10:00Z").codes == [])
    }

    @Test("a lot may be used through the whole of its expiry day and not after, by the time of the use")
    func expiry() throws {
        let story = StockStory()
        try story.tell(
            "RECEIVE", "SPLINT", lot: "L1", quantity: 5, at: "2026-11-01T08:00:00Z",
            more: [.expiresOn: .on("2026-11-22")])
        var began = try #require(story.state.fetch(SurgicalCase.self, id: story.caseID.rawValue))
        began.startedAt = .at("2026-11-22T22:00:00Z")
        story.state.put(began)
        #expect(try story.tell("USE", "SPLINT", lot: "L1", at: "2026-11-22T23:59:00Z").isClear)
        let late = try story.tell("USE", "SPLINT", lot: "L1", at: "2026-11-23T00:00:00Z")
        #expect(late.codes == ["inventory.lot-expired"])
        #expect(!late.isHeld)
    }

    @Test("a recalled lot is refused in every location, a sound one is not")
    func recalled() throws {
        let story = StockStory()
        try story.tell("RECEIVE", "SPLINT", lot: "L1", quantity: 5)
        try story.tell("RECEIVE", "SPLINT", lot: "L1", quantity: 5, more: [.location: "THEATER"])
        try story.tell("RECEIVE", "SPLINT", lot: "L2", quantity: 5)
        #expect(try story.tell("RECALL", "SPLINT", lot: "L1").isClear)
        for location in ["MAIN", "THEATER"] {
            let ruling = try story.tell("USE", "SPLINT", lot: "L1", more: [.location: .text(location)])
            #expect(ruling.codes == ["inventory.lot-recalled"])
            #expect(!ruling.isHeld)
        }
        #expect(try story.tell("USE", "SPLINT", lot: "L2").isClear)
    }

    @Test("a lot that comes in after its recall is recalled as well")
    func receivedAfterRecall() throws {
        let story = StockStory()
        try story.tell("RECEIVE", "SPLINT", lot: "L1", quantity: 5)
        try story.tell("RECALL", "SPLINT", lot: "L1")
        try story.tell("RECEIVE", "SPLINT", lot: "L1", quantity: 1, more: [.location: "THEATER"])
        #expect(story.lot("SPLINT", "L1", at: "THEATER")?.state == .recalled)
    }

    @Test("a device whose serial number is missing is told of once, also where its lot is known one by one")
    func serialMissing() throws {
        let story = StockStory()
        try story.tell("RECEIVE", "IMP-300", lot: "L1", serial: "A")
        #expect(try story.tell("USE", "IMP-300", lot: "L1").codes == ["inventory.serial-required"])
        #expect(try story.tell("USE", "IMP-300", lot: "L1", serial: "A").isClear)
    }

    @Test("a lot in quarantine is refused until it is accepted")
    func quarantined() throws {
        let story = StockStory()
        try story.tell("RECEIVE", "SPLINT", lot: "L1", quantity: 5)
        #expect(try story.tell("QUARANTINE", "SPLINT", lot: "L1").isClear)
        #expect(try story.tell("USE", "SPLINT", lot: "L1").codes == ["inventory.lot-quarantined"])
        #expect(try story.tell("ACCEPT", "SPLINT", lot: "L1").isClear)
        #expect(try story.tell("USE", "SPLINT", lot: "L1").isClear)
    }

    @Test("a serial number is used once; given back it may be used again")
    func serialOnce() throws {
        let story = StockStory()
        try story.tell("RECEIVE", "IMP-300", lot: "L1", quantity: 3)
        try story.tell("USE", "IMP-300", lot: "L1", serial: "A")
        #expect(try story.tell("USE", "IMP-300", lot: "L1", serial: "A").codes == ["inventory.serial-already-used"])
        #expect(
            try story.tell("RECEIVE", "IMP-300", lot: "L1", serial: "A").codes == ["inventory.serial-already-used"])
        #expect(try story.tell("RETURN", "IMP-300", lot: "L1", serial: "A").isClear)
        #expect(try story.tell("USE", "IMP-300", lot: "L1", serial: "A").isClear)
    }

    @Test("a use is held for a lot not yet received, for stock not yet there, and for a case not yet known or begun")
    func held() throws {
        let story = StockStory(caseState: .scheduled)
        let early = try story.tell("USE", "SPLINT", lot: "L1")
        #expect(early.codes == ["inventory.case-not-open", "inventory.lot-unknown"])
        #expect(early.isHeld)
        try story.tell("RECEIVE", "SPLINT", lot: "L1", quantity: 1)
        let short = try story.tell("USE", "SPLINT", lot: "L1", quantity: 2, more: [.surgicalCase: "C-9"])
        #expect(short.codes == ["case.unknown", "inventory.stock-short"])
        #expect(short.isHeld)
        let woken = Set(short.findings.flatMap(\.waitsFor))
        #expect(woken == [.surgicalCase(CaseID("C-9")), .item(SKU("SPLINT"))])
    }

    @Test("a cancelled case takes nothing any more, and nothing waits for it")
    func cancelledCase() throws {
        let story = StockStory(caseState: .cancelled)
        try story.tell("RECEIVE", "SPLINT", lot: "L1", quantity: 1)
        let ruling = try story.tell("USE", "SPLINT", lot: "L1")
        #expect(ruling.codes == ["inventory.case-not-open"])
        #expect(!ruling.isHeld)
    }

    @Test("completed and abandoned cases still take what was used in them", arguments: ["COMPLETED", "ABANDONED"])
    func overCases(state: String) throws {
        let story = StockStory(caseState: try #require(SurgicalCase.State(rawValue: state)))
        try story.tell("RECEIVE", "GAUZE", quantity: 10)
        #expect(try story.tell("USE", "GAUZE", quantity: 4).isClear)
        #expect(story.lot("GAUZE", "")?.onHand == 6)
    }

    @Test("an entry lacks what its item needs: item, lot, serial number, case, quantity")
    func lacking() throws {
        let story = StockStory()
        #expect(try story.tell("USE", "NOTHING").codes == ["inventory.item-unknown"])
        #expect(try story.tell("USE", nil, more: [.barcode: "0109999999999999"]).codes == ["inventory.item-unknown"])
        #expect(try story.tell("USE", "SPLINT").codes == ["inventory.lot-required"])
        try story.tell("RECEIVE", "IMP-300", lot: "L1", quantity: 1)
        #expect(try story.tell("USE", "IMP-300", lot: "L1").codes == ["inventory.serial-required"])
        let bare = try story.story.tell(.inventory, "USE", [.sku: "SPLINT"])
        #expect(bare.codes == ["inventory.case-required", "inventory.lot-required"])
        for (quantity, serial) in [(0, nil), (-1, nil), (2_000_000, nil), (2, "A")] as [(Int, String?)] {
            let sku = serial == nil ? "GAUZE" : "IMP-300"
            try story.tell("COUNT", "GAUZE", quantity: 5)
            let ruling = try story.tell("USE", sku, lot: serial == nil ? nil : "L1", serial: serial, quantity: quantity)
            #expect(ruling.codes.contains("inventory.bad-quantity"), "\(quantity)")
        }
    }

    @Test("a device is refused on a side that the case is not for", arguments: ["RIGHT", "BILATERAL"])
    func otherSide(side: String) throws {
        let story = StockStory(side: .left)
        try story.tell("RECEIVE", "IMP-300", lot: "L1", quantity: 2)
        let wrong = try story.tell("USE", "IMP-300", lot: "L1", serial: "A", more: [.side: .text(side)])
        #expect(wrong.codes == ["inventory.side-differs"])
        #expect(!wrong.isHeld)
        #expect(try story.tell("USE", "IMP-300", lot: "L1", serial: "A", more: [.side: "LEFT"]).isClear)
    }

    @Test("a bilateral case takes a device on either side")
    func bothSides() throws {
        let story = StockStory(side: .bilateral)
        try story.tell("RECEIVE", "IMP-300", lot: "L1", quantity: 2)
        #expect(try story.tell("USE", "IMP-300", lot: "L1", serial: "A", more: [.side: "LEFT"]).isClear)
        #expect(try story.tell("USE", "IMP-300", lot: "L1", serial: "B", more: [.side: "RIGHT"]).isClear)
    }

    @Test("a plan's own reservation is used up; what is kept for others is not taken")
    func reservations() throws {
        let story = StockStory()
        try story.tell("RECEIVE", "SPLINT", lot: "L1", quantity: 3)
        story.reserve("SPLINT", "L1", 2, for: "P-1", number: 1)
        story.reserve("SPLINT", "L1", 1, for: "P-2", number: 2)
        #expect(try story.tell("USE", "SPLINT", lot: "L1").isClear)
        #expect(story.reservation(1)?.quantity == 1)
        #expect(story.lot("SPLINT", "L1")?.reserved == 2)
        #expect(try story.tell("USE", "SPLINT", lot: "L1").isClear)
        #expect(story.reservation(1)?.state == .consumed)
        let other = try story.tell("USE", "SPLINT", lot: "L1")
        #expect(other.codes == ["inventory.reserved-for-another-case"])
        #expect(story.reservation(2)?.state == .active)
        #expect(story.lot("SPLINT", "L1")?.free == 0)
    }

    @Test("a material that the patient does not tolerate warns, or refuses where the clinic wants it")
    func allergies() throws {
        let story = StockStory(allergies: ["Silicone, contact"])
        try story.tell("RECEIVE", "IMP-300", lot: "L1", quantity: 2)
        #expect(try story.tell("USE", "IMP-300", lot: "L1", serial: "A").warningCodes == ["inventory.allergy"])
        var catalog = Catalog.sample
        catalog.policy.refusedWarnings = ["inventory.allergy"]
        story.story.pathway = Pathway(catalog: catalog, seals: .test)
        #expect(try story.tell("USE", "IMP-300", lot: "L1", serial: "B").codes == ["inventory.allergy"])
    }

    @Test("latex warns until its tolerance is documented")
    func latex() throws {
        let undocumented = StockStory(allergies: nil)
        try undocumented.tell("RECEIVE", "GLOVES", lot: "L1", quantity: 2)
        #expect(try undocumented.tell("USE", "GLOVES", lot: "L1").warningCodes == ["inventory.allergy"])
        let documented = StockStory(allergies: [])
        try documented.tell("RECEIVE", "GLOVES", lot: "L1", quantity: 2)
        #expect(try documented.tell("USE", "GLOVES", lot: "L1").warningCodes == [])
    }

    @Test("an item that nobody planned warns, a planned one does not")
    func notInPlan() throws {
        let story = StockStory()
        try story.tell("RECEIVE", "SPLINT", lot: "L1", quantity: 1)
        try story.tell("RECEIVE", "GLOVES", lot: "L1", quantity: 1)
        #expect(try story.tell("USE", "SPLINT", lot: "L1").warningCodes == ["inventory.not-in-plan"])
        #expect(try story.tell("USE", "GLOVES", lot: "L1").warningCodes == [])
    }

    @Test("a use in a case that is billed warns of the supplement to come")
    func billed() throws {
        let story = StockStory(caseState: .completed)
        try story.tell("RECEIVE", "GLOVES", lot: "L1", quantity: 2)
        #expect(try story.tell("USE", "GLOVES", lot: "L1").warningCodes == [])
        story.state.put(
            Bill(
                number: BillNumber(sequence: 1), type: .invoice, surgicalCase: story.caseID, plan: story.plan,
                mrn: story.mrn, currency: "GBP", lines: [], insurer: nil, issuedAt: story.story.now,
                dueOn: .on("2026-12-07")))
        #expect(try story.tell("USE", "GLOVES", lot: "L1").warningCodes == ["inventory.bill-settled"])
    }

    @Test("an entry that names another patient than the case's is refused")
    func wrongPatient() throws {
        let story = StockStory()
        try story.tell("RECEIVE", "GLOVES", lot: "L1", quantity: 1)
        let ruling = try story.tell("USE", "GLOVES", lot: "L1", more: [.familyName: "Other"])
        #expect(ruling.codes == ["entry.wrong-patient"])
    }

    @Test("no more comes back than was used, and it waits for the use; waste is not used up for the plan")
    func returns() throws {
        let story = StockStory()
        try story.tell("RECEIVE", "SPLINT", lot: "L1", quantity: 5)
        let early = try story.tell("RETURN", "SPLINT", lot: "L1")
        #expect(early.codes == ["inventory.return-exceeds-use"])
        #expect(early.isHeld)
        try story.tell("USE", "SPLINT", lot: "L1", quantity: 2)
        #expect(try story.tell("RETURN", "SPLINT", lot: "L1", quantity: 2).isClear)
        #expect(try story.tell("RETURN", "SPLINT", lot: "L1").codes == ["inventory.return-exceeds-use"])
        #expect(story.lot("SPLINT", "L1")?.onHand == 5)
        story.reserve("SPLINT", "L1", 1, for: "P-1", number: 1)
        #expect(try story.tell("WASTE", "SPLINT", lot: "L1").isClear)
        #expect(story.reservation(1)?.state == .active)
        #expect(try Consumption(of: story.caseID, in: story.state).portions.isEmpty)
    }
}
