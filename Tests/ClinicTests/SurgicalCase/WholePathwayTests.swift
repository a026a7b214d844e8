import Clinic
import ClinicTesting
import Testing

@Suite("The whole pathway")
struct WholePathwayTests {
    private struct Told {
        let sender: SourceName
        let form: FormName
        let action: String
        let values: [Field: Value]
        let time: Instant

        init(_ sender: SourceName, _ form: FormName, _ action: String, _ time: String, _ values: [Field: Value]) {
            (self.sender, self.form, self.action, self.values) = (sender, form, action, values)
            self.time = .at("2026-\(time):00Z")
        }
    }

    private let way: [Told] = [
        Told("desk", .registration, "REGISTER", "09-01T09:00", .sampleRegistration),
        Told(
            "desk", .consultation, "SCHEDULE", "09-02T09:00",
            [.consultation: "C-1", .registration: "R-0", .surgeon: "S1", .startsAt: .at("2026-09-07T10:00:00Z")]),
        Told(
            "doctor", .consultation, "COMPLETE", "09-07T10:30",
            [.consultation: "C-1", .notes: "Seen.", .historyReviewed: true]),
        Told("doctor", .plan, "DRAFT", "09-07T11:00", .samplePlan),
        Told("doctor", .plan, "APPROVE", "09-08T09:00", [.plan: "P-1", .surgeon: "S1"]),
        Told("desk", .consent, "CREATE", "09-08T10:00", [.consent: "K-1", .plan: "P-1", .consultation: "C-1"]),
        Told("portal", .consent, "ACKNOWLEDGE", "10-01T20:00", [.consent: "K-1", .clauses: ["C1", "C2"]]),
        Told(
            "portal", .consent, "SIGN", "10-20T20:00",
            [.consent: "K-1", .party: "PATIENT", .signer: "Ann Ash", .signedAt: .at("2026-10-20T20:00:00Z")]),
        Told(
            "doctor", .consent, "SIGN", "10-21T08:00",
            [
                .consent: "K-1", .party: "SURGEON", .signer: "Dr. Ada Stone", .signedAt: .at("2026-10-21T08:00:00Z"),
            ]),
        Told("laboratory", .preOp, "RESULT", "11-10T08:00", [.plan: "P-1", .requirement: "HB", .value: "13"]),
        Told("portal", .preOp, "ACKNOWLEDGE", "11-11T08:00", [.plan: "P-1", .requirement: "FASTING"]),
        Told("ward", .preOp, "CLEAR", "11-16T08:00", [.plan: "P-1", .actor: "A1"]),
        Told("theater", .surgicalCase, "CREATE", "11-17T08:00", [.surgicalCase: "CASE-1", .plan: "P-1"]),
        Told(
            "theater", .surgicalCase, "SCHEDULE", "11-17T09:00",
            [
                .surgicalCase: "CASE-1", .theater: "T1", .startsAt: .at("2026-11-23T09:00:00Z"), .anesthetist: "A1",
            ]),
        Told("theater", .surgicalCase, "SIGN_IN", "11-23T08:50", [.surgicalCase: "CASE-1"]),
        Told("theater", .surgicalCase, "START", "11-23T09:05", [.surgicalCase: "CASE-1"]),
        Told("theater", .surgicalCase, "TIME_OUT", "11-23T09:10", [.surgicalCase: "CASE-1"]),
        Told("theater", .surgicalCase, "SIGN_OUT", "11-23T10:50", [.surgicalCase: "CASE-1"]),
        Told("theater", .surgicalCase, "COMPLETE", "11-23T11:00", [.surgicalCase: "CASE-1"]),
        Told(
            "ward", .surgicalCase, "POSTOP", "11-23T12:00",
            [.surgicalCase: "CASE-1", .instructions: "Rest.", .followUpAt: .at("2026-11-30T10:00:00Z")]),
    ]

    /// Tells the entries in an order; held ones are decided again, earliest first, when a key they wait for is touched.
    private func settle(_ order: [Int]) throws -> Story {
        let story = Story()
        story.aLot()
        var held: [Int: Set<Key>] = [:]
        for index in order {
            var due = [index]
            while !due.isEmpty {
                due.sort { way[$0].time < way[$1].time }
                let next = due.removeFirst()
                let ruling = try tell(next, to: story)
                #expect(ruling.isClear || ruling.isHeld, "\(way[next].action) in \(order): \(ruling.codes)")
                guard ruling.isClear else {
                    held[next] = Set(ruling.findings.flatMap(\.waitsFor))
                    continue
                }
                let touched = Set(ruling.events.flatMap(\.keys))
                let woken = held.filter { !$0.value.isDisjoint(with: touched) }.keys
                due += woken
                for index in woken { held[index] = nil }
            }
        }
        #expect(held.isEmpty, "\(order): \(held.keys.map { way[$0].action })")
        return story
    }

    private func tell(_ index: Int, to story: Story) throws -> Ruling {
        let told = way[index]
        let command = Command(
            form: told.form, action: Action(told.action), reference: "R-\(index)", source: told.sender,
            values: told.values, effectiveAt: told.time, now: story.now)
        return try story.state.unit { try story.pathway.settle(command, in: story.state) }
    }

    /// Another order in which each sender keeps its own.
    private func interleaving(_ seed: UInt64) -> [Int] {
        var state = seed
        var queues = Dictionary(grouping: way.indices) { way[$0].sender }.values.sorted { $0[0] < $1[0] }
        var order: [Int] = []
        while !queues.isEmpty {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let queue = Int(state >> 33) % queues.count
            order.append(queues[queue].removeFirst())
            if queues[queue].isEmpty { queues.remove(at: queue) }
        }
        return order
    }

    @Test("told in order, nothing is held, and the case ends completed with its follow-up booked")
    func inOrder() throws {
        let story = Story()
        story.aLot()
        for index in way.indices { #expect(try tell(index, to: story).codes == [], "\(way[index].action)") }
        #expect(story.surgicalCase()?.state == .completed)
        #expect(try story.state.currentPlan(PlanID("P-1"))?.state == .fulfilled)
        #expect(story.consent()?.state == .signed)
        #expect(story.state.fetch(Consultation.self, id: "CASE-1-F1")?.state == .scheduled)
    }

    @Test("told in reverse it settles in the same state")
    func reversed() throws {
        try expectSame(settle(way.indices.reversed()))
    }

    @Test("told in any order that keeps each sender's own it settles in the same state", arguments: UInt64(1)...60)
    func anyOrder(seed: UInt64) throws {
        try expectSame(settle(interleaving(seed)))
    }

    private func expectSame(_ story: Story) throws {
        let reference = try settle(Array(way.indices))
        #expect(story.state.all(ProcedurePlan.self) == reference.state.all(ProcedurePlan.self))
        #expect(story.state.all(Consent.self) == reference.state.all(Consent.self))
        #expect(story.state.all(ConsentSnapshot.self) == reference.state.all(ConsentSnapshot.self))
        #expect(story.state.all(Requirement.self) == reference.state.all(Requirement.self))
        #expect(story.state.all(Clearance.self) == reference.state.all(Clearance.self))
        #expect(story.state.all(SurgicalCase.self) == reference.state.all(SurgicalCase.self))
        #expect(story.state.all(Booking.self) == reference.state.all(Booking.self))
        #expect(story.state.all(Reservation.self) == reference.state.all(Reservation.self))
        #expect(story.state.all(InventoryLot.self) == reference.state.all(InventoryLot.self))
        #expect(story.state.all(Consultation.self) == reference.state.all(Consultation.self))
    }
}
