import Clinic
import ClinicTesting
import Foundation
import Testing

/// Random histories, right and wrong, dropped in files, repeated, over several runs, some of them killed.
@Suite("Random histories through the program", .serialized)
struct HistoryRunTests {
    private static func option(_ name: String, _ usual: UInt64) -> UInt64 {
        ProcessInfo.processInfo.environment[name].flatMap { UInt64($0) } ?? usual
    }

    static let first = option("SUTURE_SEED", 1)
    static let seeds = Array(first..<first + option("SUTURE_RUN_HISTORIES", 8))

    @Test("the folder that the histories' clinic is written into says what the sample catalog says")
    func clinic() throws {
        let read = try HistoryRun(seed: 0).catalog
        let sample = Catalog.sample
        #expect(read.clinic == sample.clinic)
        #expect(read.policy == sample.policy)
        #expect(read.procedures == sample.procedures)
        #expect(read.items == sample.items)
        #expect(read.requirements == sample.requirements)
        #expect(read.staff == sample.staff)
        #expect(read.theaters == sample.theaters)
        #expect(read.equipment == sample.equipment)
        #expect(read.payers == sample.payers)
        #expect(read.templates.sorted { $0.name < $1.name } == sample.templates.sorted { $0.name < $1.name })
    }

    @Test(
        "whatever is dropped, every statement holds in the database, which is what the rules alone make of it",
        arguments: seeds)
    func anyHistory(seed: UInt64) throws {
        let run = try HistoryRun(seed: seed)
        var chance = Chance(seed: seed ^ 0xBEEF)
        var counter = Counter(chance: Chance(seed: seed ^ 0xC0FFEE))
        let told = History(real: seed, patients: 4).told
        let rounds = chance.number(1...3)
        for round in 0..<rounds {
            var entries = Array(told[told.count * round / rounds..<told.count * (round + 1) / rounds])
            // What names the clinic's own numbers can be told once they were given.
            if round > 0 { entries += (0..<20).compactMap { _ in counter.entry(in: run.desk) } }
            try run.drain(entries)
        }
        try expectSound(run, "seed \(seed)")
        for difference in try run.differences().prefix(12) { Issue.record("seed \(seed): \(difference)") }
        if ProcessInfo.processInfo.environment["SUTURE_TALLY"] != nil {
            let outcomes = Dictionary(grouping: run.desk.outcomes) { $0 }.mapValues(\.count)
            print(
                "seed \(seed): \(outcomes), \(run.desk.state.events.count) events, \(rounds) runs, \(run.kills) kills")
        }
    }

    @Test(
        "the same drops in another order that keeps each sender's own settle in the same state, up to our numbers",
        arguments: [first, first + 1])
    func anyOrder(seed: UInt64) throws {
        let history = History(right: seed, patients: 3)
        let reference = try HistoryRun(seed: seed)
        try reference.drain(history.told, mayRepeat: false, mayBeKilled: false)
        let expected = try ClinicPicture(of: reference.bench)
        #expect(!expected.lines.isEmpty)
        var chance = Chance(seed: seed)
        var other = history
        other.arrange(.bySender, chance: &chance)
        let run = try HistoryRun(seed: seed)
        let parts = chance.number(2...6)
        for part in 0..<parts {
            let (start, end) = (other.told.count * part / parts, other.told.count * (part + 1) / parts)
            try run.drain(Array(other.told[start..<end]), mayRepeat: false, mayBeKilled: false)
        }
        try expectSound(run, "seed \(seed)")
        let picture = try ClinicPicture(of: run.bench)
        #expect(picture.lines.symmetricDifference(expected.lines).sorted() == [], "seed \(seed)")
        #expect(try run.differences() == [])
    }

    private func expectSound(_ run: HistoryRun, _ context: String) throws {
        try Bench.suture(["audit", "verify", "--workspace", run.bench.folder.path]).expectSuccess()
        for (statement, breaches) in SchemaStatements.all {
            #expect(try run.bench.sql(breaches) == "", "\(context): \(statement)")
        }
        #expect(try run.bench.files("var/work").isEmpty)
        #expect(try run.bench.files("var/outgoing").isEmpty)
    }
}

/// A clinic's database in lines, each patient by name, without the numbers that the clinic gives.
struct ClinicPicture {
    let lines: Set<String>

    init(of bench: Bench) throws {
        let name = "(SELECT given_name || family_name FROM patient WHERE patient.id = t.mrn)"
        let queries = [
            "SELECT 'plan', id, \(name), state, procedures, approved_at FROM procedure_plan t",
            "SELECT 'consultation', id, \(name), state, starts_at, completed_at FROM consultation t WHERE visit <> 'FOLLOW_UP'",
            "SELECT 'consent', id, \(name), state, plan, plan_version, signed_at FROM consent t",
            "SELECT 'requirement', id, \(name), state, met_at FROM requirement t",
            "SELECT 'clearance', id, \(name), state, cleared_at FROM clearance t",
            """
            SELECT 'case', id, \(name), state, procedures, theater, starts_at, started_at, ended_at, team
            FROM surgical_case t
            """,
            """
            SELECT 'booking', surgical_case, resource, CASE resource WHEN 'PATIENT' THEN '' ELSE resource_id END,
                starts_at, ends_at, is_active FROM booking
            """,
            "SELECT 'lot', id, state, on_hand, reserved FROM inventory_lot",
            "SELECT 'serial', id, state, surgical_case, side FROM serial_unit",
            "SELECT 'movement', reference, movement, sku, lot, serial, change, \(name), surgical_case FROM stock_movement t",
            // What is used after a case was billed goes on a supplement: only the sum is the same.
            """
            SELECT 'bills', surgical_case, \(name), sum(net), sum(tax), sum(gross), sum(patient_share) FROM bill t
            GROUP BY surgical_case
            """,
            "SELECT 'payment', id, type, \(name), amount FROM payment t",
            """
            SELECT 'balance', given_name || family_name,
                (SELECT coalesce(sum(gross - patient_paid - insurer_paid), 0) FROM bill WHERE mrn = patient.id),
                (SELECT coalesce(sum(amount - returned), 0) FROM payment WHERE type = 'PAY' AND mrn = patient.id)
            FROM patient
            """,
            "SELECT 'entry', outcome, count(*) FROM entry GROUP BY outcome",
        ]
        lines = Set(try queries.flatMap { try bench.sql($0).split(separator: "\n").map(String.init) })
    }
}
