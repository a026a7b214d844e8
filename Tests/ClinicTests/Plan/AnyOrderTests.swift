import Clinic
import ClinicTesting
import Testing

@Suite("Any order")
struct AnyOrderTests {
    private struct Told {
        let form: FormName
        let action: String
        let values: [Field: Value]
        let time: String
    }

    private let way = [
        Told(form: .registration, action: "REGISTER", values: .sampleRegistration, time: "2026-09-01T09:00:00Z"),
        Told(
            form: .consultation, action: "SCHEDULE",
            values: [
                .consultation: "C-1", .registration: "SLIP-1", .surgeon: "S1", .startsAt: .at("2026-09-07T10:00:00Z"),
            ], time: "2026-09-02T09:00:00Z"),
        Told(
            form: .consultation, action: "COMPLETE",
            values: [.consultation: "C-1", .notes: "Seen.", .historyReviewed: true], time: "2026-09-07T10:30:00Z"),
        Told(form: .plan, action: "DRAFT", values: .samplePlan, time: "2026-09-07T11:00:00Z"),
        Told(
            form: .plan, action: "APPROVE", values: [.plan: "P-1", .surgeon: "S1"], time: "2026-09-08T09:00:00Z"),
    ]

    /// Tells entries in an order; what is held is told again only when an event touches a key that it waits for.
    private func settle(_ order: [Int]) throws -> Story {
        let story = Story()
        var held: [(index: Int, keys: Set<Key>)] = []
        for index in order {
            var due = [index]
            while !due.isEmpty {
                let next = due.removeFirst()
                let told = way[next]
                let ruling = try story.tell(
                    told.form, told.action, told.values, at: told.time, reference: "SLIP-\(next + 1)")
                #expect(ruling.isClear || ruling.isHeld, "\(told.action) in \(order): \(ruling.codes)")
                guard ruling.isClear else {
                    held.append((next, Set(ruling.findings.flatMap(\.waitsFor))))
                    continue
                }
                let touched = Set(ruling.events.flatMap(\.keys))
                due += held.filter { !$0.keys.isDisjoint(with: touched) }.map(\.index)
                held.removeAll { !$0.keys.isDisjoint(with: touched) }
            }
        }
        #expect(held.isEmpty, "\(order)")
        return story
    }

    private func permutations(of items: [Int]) -> [[Int]] {
        guard let first = items.first else { return [[]] }
        return permutations(of: Array(items.dropFirst())).flatMap { rest in
            (0...rest.count).map { position in
                var order = rest
                order.insert(first, at: position)
                return order
            }
        }
    }

    @Test("the way from registration to approval settles in one state, whatever the order of its entries")
    func anyOrder() throws {
        let reference = try settle(Array(way.indices))
        for order in permutations(of: Array(way.indices)) {
            let story = try settle(order)
            #expect(story.state.all(Patient.self) == reference.state.all(Patient.self))
            #expect(story.state.all(Consultation.self) == reference.state.all(Consultation.self))
            #expect(story.state.all(ProcedurePlan.self) == reference.state.all(ProcedurePlan.self))
            #expect(story.state.all(Requirement.self) == reference.state.all(Requirement.self))
            #expect(story.state.events.count == reference.state.events.count)
        }
    }
}
