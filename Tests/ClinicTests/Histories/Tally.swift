import ClinicTesting
import Foundation
import Synchronization

/// How many entries the histories told and what became of them; printed for whoever asks by `SUTURE_TALLY=1`.
final class Tally: Sendable {
    static let shared = Tally()

    private struct Sums {
        var outcomes: [HistoryDesk.Outcome: Int] = [:]
        var codes: [String: Int] = [:]
    }

    private let sums = Mutex(Sums())

    func add(_ desk: HistoryDesk) {
        let text = sums.withLock { sums in
            for outcome in desk.outcomes { sums.outcomes[outcome, default: 0] += 1 }
            sums.codes.merge(desk.codes, uniquingKeysWith: +)
            let codes = sums.codes.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
            return "\(sums.outcomes.values.reduce(0, +)) entries: \(sums.outcomes); \(codes)"
        }
        if ProcessInfo.processInfo.environment["SUTURE_TALLY"] != nil { print(text) }
    }
}
