import Clinic
import ClinicTesting
import Testing

@Suite("Devices one by one, their sides and dates")
struct DeviceTests {
    @Test("a serial number that nobody received waits where all that lie there are known")
    func notReceived() throws {
        let story = StockStory()
        try story.tell("RECEIVE", "IMP-300", lot: "L1", serial: "A")
        let ruling = try story.tell("USE", "IMP-300", lot: "L1", serial: "B")
        #expect(ruling.codes == ["inventory.lot-unknown"])
        #expect(ruling.isHeld)
        let bare = try story.tell("USE", "IMP-300", serial: "B")
        #expect(bare.codes == ["inventory.lot-unknown"])
        #expect(bare.isHeld)
        try story.tell("RECEIVE", "IMP-300", lot: "L1", serial: "B")
        #expect(try story.tell("USE", "IMP-300", lot: "L1", serial: "B").isClear)
    }

    @Test("a lot counted in without serial numbers gives them as it is used")
    func bulk() throws {
        let story = StockStory()
        try story.tell("RECEIVE", "IMP-300", lot: "L1", quantity: 1)
        #expect(try story.tell("USE", "IMP-300", lot: "L1", serial: "A").isClear)
        #expect(story.unit("A")?.state == .used)
    }

    @Test(
        "a device that is known is moved and removed by its serial number",
        arguments: ["TRANSFER", "DISPOSE", "RETURN_TO_SUPPLIER"])
    func named(action: String) throws {
        let story = StockStory()
        try story.tell("RECEIVE", "IMP-300", lot: "L1", serial: "A")
        let ruling = try story.tell(action, "IMP-300", lot: "L1", quantity: 1, more: [.toLocation: "WARD"])
        #expect(ruling.codes == ["inventory.serial-required"])
        let named = try story.tell(action, "IMP-300", serial: "A", quantity: 1, more: [.toLocation: "WARD"])
        #expect(named.isClear)
    }

    @Test("a serial number used once is refused for any other patient and case")
    func otherPatient() throws {
        let story = StockStory()
        let other = MRN(sequence: 2)
        var case2 = SurgicalCase(
            surgicalCase: CaseID("C-2"), plan: PlanID("P-2"), planVersion: 1, mrn: other, state: .inProgress,
            procedures: [.init(code: ProcedureCode("BREAST-AUG"), side: .left)], surgeon: StaffID("S1"),
            anesthesia: .general, minutes: 120, createdAt: .at("2026-11-01T09:00:00Z"))
        case2.startedAt = .at("2026-11-23T13:00:00Z")
        story.state.put(
            Patient(
                mrn: other, givenName: "Una", familyName: "Berg", birthDate: .on("1985-05-05"), sex: .female,
                registeredAt: .at("2026-10-01T09:00:00Z")))
        story.state.put(case2)
        try story.tell("RECEIVE", "IMP-300", lot: "L1", quantity: 2)
        try story.tell("USE", "IMP-300", lot: "L1", serial: "A")
        let again = try story.tell("USE", "IMP-300", lot: "L1", serial: "A", more: [.surgicalCase: "C-2"])
        #expect(again.codes == ["inventory.serial-already-used"])
        #expect(try story.tell("USE", "IMP-300", lot: "L1", serial: "B", more: [.surgicalCase: "C-2"]).isClear)
        #expect(story.unit("B")?.surgicalCase == CaseID("C-2"))
    }

    @Test("an implant of a bilateral case names its side, and one device lies on one side")
    func sides() throws {
        let story = StockStory(side: .bilateral)
        try story.tell("RECEIVE", "IMP-300", lot: "L1", quantity: 2)
        let silent = try story.tell("USE", "IMP-300", lot: "L1", serial: "A")
        #expect(silent.codes == ["entry.missing-field"])
        #expect(silent.findings.first?.fields == [.side])
        let both = try story.tell("USE", "IMP-300", lot: "L1", serial: "A", more: [.side: "BILATERAL"])
        #expect(both.codes == ["inventory.side-differs"])
        #expect(try story.tell("USE", "IMP-300", lot: "L1", serial: "A", more: [.side: "LEFT"]).isClear)
        #expect(try story.tell("USE", "IMP-300", lot: "L1", serial: "B", more: [.side: "RIGHT"]).isClear)
        #expect([story.unit("A")?.side, story.unit("B")?.side] == [.left, .right])
    }

    @Test("the side of a one-sided case goes without saying")
    func onlySide() throws {
        let story = StockStory(side: .right)
        try story.tell("RECEIVE", "IMP-300", lot: "L1", quantity: 1)
        #expect(try story.tell("USE", "IMP-300", lot: "L1", serial: "A").isClear)
        #expect(story.unit("A")?.side == .right)
    }

    @Test("the date on the package counts where the record knows none or a later one")
    func packageDate() throws {
        let story = StockStory()
        try story.tell("RECEIVE", "SPLINT", lot: "L1", quantity: 2)
        try story.tell("RECEIVE", "GAUZE", quantity: 2, more: [.expiresOn: .on("2027-01-31")])
        #expect(try story.tell("RECEIVE", "GAUZE", quantity: 2, more: [.expiresOn: .on("2028-01-31")]).isClear)
        for sku in ["SPLINT", "GAUZE"] {
            let lot = sku == "SPLINT" ? "L1" : nil
            let over = try story.tell("USE", sku, lot: lot, more: [.expiresOn: .on("2026-11-22")])
            #expect(over.codes == ["inventory.lot-expired"])
            #expect(try story.tell("USE", sku, lot: lot, more: [.expiresOn: .on("2026-11-23")]).isClear)
        }
    }

    @Test("a lot whose expiry is told at one place has it at every place")
    func learnedDate() throws {
        let story = StockStory()
        try story.tell("RECEIVE", "SPLINT", lot: "L1", quantity: 2)
        try story.tell(
            "RECEIVE", "SPLINT", lot: "L1", quantity: 2,
            more: [.location: "THEATER", .expiresOn: .on("2026-11-22")])
        #expect(story.lot("SPLINT", "L1")?.expiresOn == .on("2026-11-22"))
        #expect(try story.tell("USE", "SPLINT", lot: "L1").codes == ["inventory.lot-expired"])
        #expect(try story.tell("DISPOSE", "SPLINT", lot: "L1", quantity: 2).isClear)
    }
}
