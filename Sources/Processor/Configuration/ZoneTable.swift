package import Clinic
import Foundation

extension ZoneRules {
    /// The offsets of an IANA time zone from 1970 to 2100, from the system's zone database; nil for an unknown name.
    package init?(named name: String) {
        // Foundation also takes abbreviations and offsets, which have no summer time of a place; its list of known
        // names lacks the newer ones (Asia/Kolkata).
        guard name.contains("/") || name == "UTC", let zone = TimeZone(identifier: name) else { return nil }
        func offset(_ second: Int64) -> Int {
            zone.secondsFromGMT(for: Date(timeIntervalSince1970: TimeInterval(second)))
        }
        // Foundation's list of transitions leaves out those without summer time (London in 1971), so the offsets
        // themselves are compared; no zone changes its offset twice within a week.
        let week: Int64 = 7 * 86_400
        let end = Int64(CalendarDate.endOfZones.daysSinceEpoch) * 86_400
        var transitions: [Transition] = []
        var current = offset(0)
        let initial = current
        for start in stride(from: 0, to: end, by: Int64.Stride(week)) {
            let next = offset(start + week)
            guard next != current else { continue }
            var (before, after) = (start, start + week)
            while after - before > 1 {
                let middle = (before + after) / 2
                if offset(middle) == current { before = middle } else { after = middle }
            }
            transitions.append(Transition(at: Instant(secondsSinceEpoch: after), offsetSeconds: next))
            current = next
        }
        self.init(name: name, initialOffsetSeconds: initial, transitions: transitions)
    }
}

extension CalendarDate {
    /// 2100-01-01: how far the tables of zones go.
    fileprivate static let endOfZones = CalendarDate(daysSinceEpoch: 47_482)
}
