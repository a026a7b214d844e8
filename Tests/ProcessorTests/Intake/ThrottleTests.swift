import Clinic
import Testing

@testable import Processor

@Suite("Rates of sources")
struct ThrottleTests {
    struct Item: Equatable {
        let source: String
        let number: Int
    }

    static func settings(_ item: Item) -> SourceSettings {
        var settings = SourceSettings(name: SourceName(item.source), forms: [.payment])
        settings.dropsPerMinute = ["finance": 2, "kiosk": 3][item.source]
        return settings
    }

    private func items(_ source: String, _ numbers: ClosedRange<Int>) -> [Item] {
        numbers.map { Item(source: source, number: $0) }
    }

    @Test("a source over its rate waits its turn, others do not wait for it, and none is lost")
    func window() {
        var throttle = Throttle()
        let start = ContinuousClock.now
        var waiting = items("finance", 1...5) + items("theater", 1...4)
        var order: [Int] = []
        var second = 0
        for _ in 0..<20 where !waiting.isEmpty {
            let (taken, pause) = throttle.admit(waiting, at: start + .seconds(second), source: Self.settings)
            if second == 0 { #expect(taken.filter { $0.source == "theater" }.count == 4) }
            order += taken.filter { $0.source == "finance" }.map(\.number)
            waiting.removeAll { taken.contains($0) }
            #expect((pause == nil) == waiting.isEmpty)
            if second == 0 { #expect(pause == 60_001) }
            second += 20
        }
        #expect(order == [1, 2, 3, 4, 5])
        #expect(second == 140, "two at once, two after a minute, one after another")
    }

    @Test("in a run that ends, each source gets a minute's worth in turn, in the order of the inbox")
    func turns() {
        let all = items("finance", 1...5) + items("kiosk", 1...4) + items("theater", 1...2)
        let turns = Throttle.turns(all, source: Self.settings).map { "\($0.source) \($0.number)" }
        #expect(
            turns == [
                "finance 1", "finance 2", "kiosk 1", "kiosk 2", "kiosk 3", "theater 1", "theater 2", "finance 3",
                "finance 4", "kiosk 4", "finance 5",
            ])
        let unlimited = items("theater", 1...3)
        #expect(Throttle.turns(unlimited, source: Self.settings) == unlimited)
    }
}
