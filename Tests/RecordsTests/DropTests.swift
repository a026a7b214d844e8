import Clinic
import ClinicTesting
import Drops
import GRDB
import Records
import Testing

@Suite("Drops and their entries")
struct DropTests {
    let now = Instant.at("2026-11-23T09:00:00Z")

    private func newDrop(_ source: SourceName, _ name: [UInt8]) -> NewDrop {
        NewDrop(
            source: source, name: name, device: .max, inode: .max - 1, size: 10, modifiedAt: 1_795_000_000_123_456_789)
    }

    private func entry(_ drop: Int64, _ number: Int, _ outcome: EntryOutcome) -> EntryRecord {
        EntryRecord(
            drop: drop, number: number, line: number + 1, byteOffset: number * 100,
            forms: [EntryForm(form: .plan, action: Action("APPROVE"), reference: "R-\(number)")], outcome: outcome,
            effectiveAt: now, findings: outcome == .rejected ? [1] : nil, warnings: outcome == .applied ? [2] : nil,
            raw: outcome == .applied ? nil : [3], answer: [4], messageControlID: "MSG\(number)", ledgerSequence: 5)
    }

    @Test("the drops of one scan are numbered by source and by the bytes of their names")
    func numbering() throws {
        let bench = try Workbench()
        let found = [
            newDrop("scanner", Array("b".utf8)), newDrop("kiosk", [0xFF, 0xFE]), newDrop("kiosk", Array("Z".utf8)),
            newDrop("kiosk", Array("a".utf8)),
        ]
        let drops = try bench.write { try $0.register(found, arrivedAt: now) }
        #expect(drops.map(\.number) == [1, 2, 3, 4])
        #expect(drops.map(\.name) == [Array("Z".utf8), Array("a".utf8), [0xFF, 0xFE], Array("b".utf8)])
        #expect(drops[0].device == .max && drops[0].inode == .max - 1)
        #expect(drops[0].modifiedAt == 1_795_000_000_123_456_789)
        #expect(drops[0].state == .settled && drops[0].format == .unknown && drops[0].arrivedAt == now)
        let more = try bench.write { try $0.register([newDrop("kiosk", [1])], arrivedAt: now) }
        #expect(more.map(\.number) == [5])
    }

    @Test("a drop goes through its states, and what is known of it is kept")
    func states() throws {
        let bench = try Workbench()
        try bench.write { unit throws in
            var drop = try unit.register([newDrop("kiosk", [65])], arrivedAt: now)[0]
            drop.state = .claimed
            drop.attempts = 1
            try unit.update(drop)
            drop.state = .read
            drop.format = .csv
            drop.form = "plan"
            drop.sha256 = "ab"
            drop.entriesCounted = 0
            drop.byteOffset = 77
            drop.isAtomic = true
            drop.configuration = "c1"
            drop.findings = [9]
            #expect(try unit.update(drop) == drop)
            #expect(try unit.drops(in: [.read, .claimed]) == [drop])
            #expect(try unit.drops(named: [65]) == [drop])
            for state in [DropState.applied, .answered, .archived] {
                drop.state = state
                try unit.update(drop)
            }
            drop.archivePath = "2026/11/23/1"
            drop.finishedAt = now
            #expect(try unit.update(drop) == drop)
            #expect(try unit.latestDrops(3) == [drop])
            #expect(try unit.dropCounts().map { "\($0.state.rawValue) \($0.count)" } == ["ARCHIVED 1"])
            drop.state = .read
            #expect(throws: DatabaseError.self) { try unit.update(drop) }
        }
        #expect(throws: DatabaseError.self) { try bench.sql("DELETE FROM drops") }
    }

    @Test("entries are counted with their outcome, and a released hold changes class in its own drop")
    func counting() throws {
        let bench = try Workbench()
        try bench.write { unit throws in
            let drop = try unit.register([newDrop("kiosk", [65])], arrivedAt: now)[0].number
            for (position, outcome) in [EntryOutcome.applied, .held, .rejected, .duplicate, .applied].enumerated() {
                try unit.insert(entry(drop, position + 1, outcome))
            }
            var record = try #require(try unit.drop(drop))
            #expect(EntryOutcome.allCases.map { record.count(of: $0) } == [2, 1, 1, 1])
            #expect(record.entriesDecided == 5 && record.warned == 2)
            #expect(try unit.entries(of: drop).map(\.outcome) == [.applied, .held, .rejected, .duplicate, .applied])
            #expect(try unit.entry(drop: drop, number: 3) == entry(drop, 3, .rejected))
            #expect(try unit.entries(of: drop, after: 2, limit: 2).map(\.number) == [3, 4])
            #expect(try unit.entries(of: drop, outcome: .applied, after: 1, limit: 9).map(\.number) == [5])
            var released = entry(drop, 2, .applied)
            released.answer = [8]
            try unit.update(released)
            record = try #require(try unit.drop(drop))
            #expect(EntryOutcome.allCases.map { record.count(of: $0) } == [3, 1, 0, 1])
            #expect(record.entriesDecided == 5 && record.warned == 3)
            let read = try #require(try unit.entry(drop: drop, number: 2))
            #expect(read.history == [PastOutcome(outcome: .held, until: bench.samples.time)])
            #expect(read.answer == [8])
        }
    }

    @Test("a drop is applied only when every entry has exactly one outcome")
    func conservation() throws {
        let bench = try Workbench()
        try bench.write { unit throws in
            var drop = try unit.register([newDrop("kiosk", [65])], arrivedAt: now)[0]
            drop.state = .claimed
            try unit.update(drop)
            drop.state = .read
            drop.entriesCounted = 2
            try unit.update(drop)
            try unit.insert(entry(drop.number, 1, .applied))
            drop.state = .applied
            #expect(throws: DatabaseError.self) { try unit.update(drop) }
            try unit.insert(entry(drop.number, 2, .rejected))
            #expect(throws: DatabaseError.self) { try unit.insert(entry(drop.number, 2, .applied)) }
            try unit.update(drop)
        }
        #expect(throws: DatabaseError.self) { try bench.sql("UPDATE drops SET applied = applied + 1") }
        #expect(throws: DatabaseError.self) { try bench.sql("DELETE FROM entry") }
    }

    @Test("counts that differ from the entries' rows keep a drop from being applied")
    func miscounted() throws {
        let bench = try Workbench()
        try bench.write { unit throws in
            var drop = try unit.register([newDrop("kiosk", [65])], arrivedAt: now)[0]
            drop.state = .claimed
            try unit.update(drop)
            try unit.insert(entry(drop.number, 1, .applied))
        }
        try bench.sql("UPDATE drops SET applied = 0, rejected = 1")
        let error = #expect(throws: DatabaseError.self) { try bench.sql("UPDATE drops SET state = 'APPLIED'") }
        #expect(error?.message == "entries are not conserved: each must have exactly one outcome")
    }

    @Test("an applied reference is remembered once per source and form")
    func references() throws {
        let bench = try Workbench()
        try bench.write { unit throws in
            let drop = try unit.register([newDrop("kiosk", [65])], arrivedAt: now)[0].number
            #expect(try unit.appliedReference(source: "kiosk", form: .plan, reference: "R") == nil)
            try unit.remember(
                source: "kiosk", form: .plan, reference: "R", fingerprint: "f", drop: drop, entry: 3, answer: [1])
            let found = try #require(try unit.appliedReference(source: "kiosk", form: .plan, reference: "R"))
            #expect(found.fingerprint == "f" && found.drop == drop && found.entry == 3 && found.answer == [1])
            #expect(try unit.appliedReference(source: "desk", form: .plan, reference: "R") == nil)
            #expect(try unit.appliedReference(source: "kiosk", form: .consent, reference: "R") == nil)
            #expect(throws: DatabaseError.self) {
                try unit.remember(
                    source: "kiosk", form: .plan, reference: "R", fingerprint: "g", drop: drop, entry: 4)
            }
            try unit.remember(
                source: "kiosk", form: FormName("hl7"), reference: "R", fingerprint: "g", drop: drop, entry: 4)
        }
    }
}
