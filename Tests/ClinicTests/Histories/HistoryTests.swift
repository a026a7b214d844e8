import Clinic
import ClinicTesting
import Foundation
import Testing

@Suite("What must hold over any history")
struct HistoryTests {
    /// A number from the environment, for longer proofs: `SUTURE_HISTORIES=2000 swift test --filter HistoryTests`.
    private static func option(_ name: String, _ usual: UInt64) -> UInt64 {
        ProcessInfo.processInfo.environment[name].flatMap { UInt64($0) } ?? usual
    }

    static let first = option("SUTURE_SEED", 1)
    static let seeds = Array(first..<first + option("SUTURE_HISTORIES", 90))

    @Test("every statement holds after each entry of a history, right or wrong, in whatever order", arguments: seeds)
    func anyHistory(seed: UInt64) throws {
        let history = History(real: seed, patients: 8)
        let desk = HistoryDesk(now: .at("2026-11-23T18:00:00Z"))
        let statements = Statements(of: desk)
        desk.watch = { try statements.check(after: $0) }
        var counter = Counter(chance: Chance(seed: seed ^ 0xC0FFEE))
        for (number, told) in history.told.enumerated() {
            do {
                try desk.tell(told)
                if number % 6 == 5, let entry = counter.entry(in: desk) { try desk.tell(entry) }
                if number % 50 == 49 { try desk.drain() }
            } catch {
                Issue.record("seed \(seed), entry \(number), \(told.form) \(told.action) \(told.slip ?? ""): \(error)")
                return
            }
            guard statements.broken.isEmpty else {
                Issue.record(
                    "seed \(seed), entry \(number): \(told.form) \(told.action) \(told.values) \(told.slip ?? "")")
                break
            }
        }
        try desk.drain()
        try statements.checkAll()
        Tally.shared.add(desk)
        for broken in statements.broken { Issue.record("seed \(seed): \(broken)") }
        #expect(desk.outcomes.count >= history.told.count || !statements.broken.isEmpty)
    }
}
