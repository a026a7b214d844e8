import Clinic
import ClinicTesting
import Drops
import GRDB
import Records
import Testing

@Suite("Holds and wakes")
struct HoldTests {
    let now = Instant.at("2026-11-23T09:00:00Z")

    private func held(
        _ drop: Int64, _ entry: Int, at minutes: Int, for keys: [Key], about subjects: [Key] = [],
        source: SourceName = "kiosk"
    ) -> HeldEntry {
        HeldEntry(
            drop: drop, entry: entry, source: source, commands: [1],
            references: [
                EntryForm(form: .plan, action: Action("APPROVE"), reference: "R-\(entry)")
            ], keys: keys, subjects: subjects, effectiveAt: now.adding(minutes: minutes), heldAt: now,
            expiresAt: now.adding(minutes: 60 + entry), findings: [2])
    }

    /// A drop with so many held entries.
    private func drop(_ unit: Records.Unit, entries: Int) throws -> Int64 {
        let drop = try unit.register(
            [NewDrop(source: "kiosk", name: [65], device: 1, inode: 1, size: 1, modifiedAt: 1)], arrivedAt: now)[0]
            .number
        for number in 1...entries {
            try unit.insert(EntryRecord(drop: drop, number: number, line: 1, forms: [], outcome: .held))
        }
        return drop
    }

    private let plan = Key.plan(PlanID("P-1"))
    private let consultation = Key.consultation(ConsultationID("K-1"))

    @Test("an event wakes what waits for its keys, by effective time, then arrival, each once")
    func order() throws {
        let bench = try Workbench()
        try bench.tell(upTo: "patient.registered")
        try bench.write { unit throws in
            let drop = try drop(unit, entries: 4)
            try unit.hold(held(drop, 1, at: 20, for: [consultation]))
            try unit.hold(held(drop, 2, at: 10, for: [consultation, plan]))
            try unit.hold(held(drop, 3, at: 5, for: [plan]))
            try unit.hold(held(drop, 4, at: 10, for: [plan, consultation, .patient(bench.samples.mrn)]))
            #expect(try unit.nextWoken() == nil)
            try unit.apply(bench.samples.event("consultation.scheduled", bench.samples.consultation))
            try unit.apply(bench.samples.event("consultation.completed", bench.samples.completedConsultation))
            #expect(try unit.nextWoken()?.entry == 2)
            #expect(try unit.nextWoken()?.entry == 4)
            let last = try #require(try unit.nextWoken())
            #expect(last.entry == 1)
            #expect(try unit.nextWoken() == nil)
            try unit.updateHold(last.id, keys: [plan], findings: [7])
            try unit.wake([consultation])
            try unit.removeHold(2)
            #expect(try unit.nextWoken()?.entry == 4)
            #expect(try unit.nextWoken() == nil)
            try unit.wake([plan])
            #expect(try unit.nextWoken()?.entry == 3)
            #expect(try unit.nextWoken()?.entry == 4)
            let again = try #require(try unit.nextWoken())
            #expect(again.id == last.id && again.keys == [plan] && again.findings == [7])
            #expect(try unit.holds().map(\.entry) == [1, 3, 4])
            #expect(try unit.holdCount() == 3)
            #expect(try unit.holdCountsByKey(limit: 1).map { "\($0.key) \($0.count)" } == ["plan:P-1 3"])
        }
    }

    @Test("a hold comes back as it was made")
    func roundTrip() throws {
        let bench = try Workbench()
        try bench.write { unit throws in
            let drop = try drop(unit, entries: 1)
            let it = held(drop, 1, at: 3, for: [plan, consultation], about: [plan])
            let id = try unit.hold(it)
            let read = try #require(try unit.heldEntry(id))
            #expect(read.id == id)
            #expect(read.commands == it.commands && read.references == it.references && read.keys == it.keys)
            #expect(read.subjects == it.subjects && read.effectiveAt == it.effectiveAt && read.findings == it.findings)
            #expect(read.heldAt == it.heldAt && read.expiresAt == it.expiresAt && read.source == it.source)
            #expect(try unit.heldEntry(source: "kiosk", form: .plan, reference: "R-1") == read)
            #expect(try unit.heldEntry(source: "desk", form: .plan, reference: "R-1") == nil)
            #expect(try unit.heldEntry(drop: drop, entry: 1) == read)
            try unit.removeHold(id)
            #expect(try unit.heldEntry(source: "kiosk", form: .plan, reference: "R-1") == nil)
            #expect(try unit.holdCountsByKey(limit: 9).isEmpty)
        }
    }

    @Test("holds expire by the clock, in the order of their expiry")
    func expiry() throws {
        let bench = try Workbench()
        try bench.write { unit throws in
            let drop = try drop(unit, entries: 3)
            for entry in [3, 1, 2] { try unit.hold(held(drop, entry, at: 0, for: [plan])) }
            #expect(try unit.expiredHolds(at: now.adding(minutes: 60)).isEmpty)
            #expect(try unit.expiredHolds(at: now.adding(minutes: 62)).map(\.entry) == [1, 2])
        }
    }

    @Test("an entry waits behind an earlier held one of its source about the same")
    func behind() throws {
        let bench = try Workbench()
        try bench.write { unit throws in
            let drop = try drop(unit, entries: 3)
            let first = try unit.hold(held(drop, 1, at: 10, for: [plan], about: [plan]))
            let second = try unit.hold(held(drop, 2, at: 10, for: [plan], about: [plan]))
            func earlier(_ minutes: Int, _ id: Int64? = nil, source: SourceName = "kiosk", about: Key? = nil) throws
                -> Int64?
            {
                try unit.earlierHold(
                    source: source, subject: about ?? plan, before: now.adding(minutes: minutes), id: id)?.id
            }
            #expect(try earlier(11) == first)
            #expect(try earlier(10) == first)
            #expect(try earlier(9) == nil)
            #expect(try earlier(10, second) == first)
            #expect(try earlier(10, first) == nil)
            #expect(try earlier(11, source: "desk") == nil)
            #expect(try earlier(11, about: consultation) == nil)
        }
    }

    @Test("an event that is told again wakes again what went back to waiting, and only that")
    func wokenAgain() throws {
        let bench = try Workbench()
        try bench.write { unit throws in
            let drop = try drop(unit, entries: 4)
            for entry in 1...3 { try unit.hold(held(drop, entry, at: entry, for: [plan])) }
            try unit.wake([plan])
            let first = try #require(try unit.nextWoken())
            // It applies and touches the key that it waited for: the others are awake already.
            try unit.wake([plan])
            try unit.removeHold(first.id)
            let second = try #require(try unit.nextWoken())
            #expect(second.entry == 2)
            try unit.updateHold(second.id, keys: [plan, consultation], findings: [3])
            let third = try #require(try unit.nextWoken())
            #expect(third.entry == 3)
            try unit.wake([plan])
            #expect(try unit.nextWoken()?.entry == 2)
            #expect(try unit.nextWoken()?.entry == 3)
            try unit.hold(held(drop, 4, at: 0, for: [plan]))
            try unit.wake([plan])
            #expect(try [unit.nextWoken(), unit.nextWoken(), unit.nextWoken()].map { $0?.entry } == [4, 2, 3])
            #expect(try unit.nextWoken() == nil)
        }
    }

    @Test("a wake that is taken back is made anew")
    func wakeTakenBack() throws {
        let bench = try Workbench()
        try bench.write { unit throws in
            let drop = try drop(unit, entries: 1)
            try unit.hold(held(drop, 1, at: 0, for: [plan]))
            try unit.attempt {
                try unit.wake([plan])
                return (false, ())
            }
            #expect(try !unit.hasWoken())
            try unit.wake([plan])
            #expect(try unit.nextWoken()?.entry == 1)
        }
    }

    @Test("an operator wakes one of those that wait for the same")
    func wakeOne() throws {
        let bench = try Workbench()
        try bench.write { unit throws in
            let drop = try drop(unit, entries: 2)
            for entry in 1...2 { try unit.hold(held(drop, entry, at: entry, for: [plan])) }
            try unit.wake(try #require(try unit.heldEntry(drop: drop, entry: 2)))
            #expect(try unit.nextWoken()?.entry == 2)
            #expect(try unit.nextWoken() == nil)
        }
    }

    @Test("no question about holds looks at more than it answers, however many wait", arguments: HoldQuery.ofEveryRun)
    func plans(query: String) throws {
        let bench = try Workbench()
        let plan = try bench.plan(of: query)
        #expect(!plan.isEmpty)
        #expect(!plan.contains { $0.contains("TEMP B-TREE") || $0.contains("AUTOMATIC") }, "\(plan)")
        // The first row of a table in the order of its key is no search.
        guard !HoldQuery.firstRows.contains(query) else { return }
        #expect(plan.allSatisfy { $0.hasPrefix("SEARCH") }, "\(plan)")
    }

    @Test("whatever refers to a hold finds it by an index, so that its end does not look through all")
    func indexedReferences() throws {
        let bench = try Workbench()
        for table in ["hold_key", "hold_subject", "hold_reference", "wake"] {
            let plan = try bench.plan(of: "DELETE FROM \(table) WHERE hold = ?")
            #expect(plan.count == 1 && plan[0].contains("INDEX \(table)_by_hold"), "\(plan)")
        }
    }

    @Test("a held entry must be an entry")
    func foreignKey() throws {
        let bench = try Workbench()
        #expect(throws: SchemaRefusal.self) { try bench.write { try $0.hold(held(9, 9, at: 0, for: [plan])) } }
    }
}
