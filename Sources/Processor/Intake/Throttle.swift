import Clinic

/// Lets each source's drops in at its rate; those over it wait their turn in the inbox, and none is lost.
struct Throttle {
    /// When the drops of the last minute were let in, by source, the oldest first.
    private var admitted: [SourceName: [ContinuousClock.Instant]] = [:]

    private static let window = Duration.seconds(60)

    /// Those that may come in now, in their order, and in how many milliseconds the next of the others may.
    mutating func admit<Item>(
        _ items: [Item], at now: ContinuousClock.Instant, source: (Item) -> SourceSettings
    ) -> (items: [Item], pause: Int?) {
        var pause: Int?
        let welcome = items.filter { item in
            let source = source(item)
            guard let rate = source.dropsPerMinute else { return true }
            let recent = (admitted[source.name] ?? []).filter { $0.duration(to: now) < Throttle.window }
            admitted[source.name] = recent
            guard recent.count >= rate, let oldest = recent.first else {
                admitted[source.name] = recent + [now]
                return true
            }
            let milliseconds = Int((Throttle.window - oldest.duration(to: now)) / .milliseconds(1)) + 1
            pause = min(pause ?? .max, milliseconds)
            return false
        }
        return (welcome, pause)
    }

    /// For a run that ends with what lies there: nobody waits for the clock, but a source over its rate takes turns with
    /// the others, a minute's worth of it at a time.
    static func turns<Item>(_ items: [Item], source: (Item) -> SourceSettings) -> [Item] {
        var taken: [SourceName: Int] = [:]
        let placed = items.enumerated().map { index, item in
            let source = source(item)
            let before = taken[source.name, default: 0]
            taken[source.name] = before + 1
            return (turn: source.dropsPerMinute.map { before / $0 } ?? 0, index: index, item: item)
        }
        return placed.sorted { ($0.turn, $0.index) < ($1.turn, $1.index) }.map(\.item)
    }
}
