/// A stretch of a theater's day, every week, that is kept for one surgeon or for the surgeons of one specialty.
package struct TheaterSession: Hashable, Sendable, Codable {
    package enum Holder: Hashable, Sendable, Codable {
        case surgeon(StaffID)
        case specialty(String)
    }

    /// ISO weekdays.
    package var weekdays: [Int]
    /// Minutes of the clinic's day.
    package var startsAt: Int
    package var endsAt: Int
    package var holder: Holder

    package init(weekdays: [Int], startsAt: Int, endsAt: Int, holder: Holder) {
        self.weekdays = weekdays
        self.startsAt = startsAt
        self.endsAt = endsAt
        self.holder = holder
    }

    /// Whether a surgeon may be booked in it.
    func isKept(for surgeon: StaffMember?) -> Bool {
        switch holder {
        case .surgeon(let id): surgeon?.id == id
        case .specialty(let name): surgeon?.specialty.map { $0.utf8.elementsEqual(name.utf8) } ?? false
        }
    }
}

/// A stretch of one day of a theater, as one surgeon finds it: a case lies within one of them.
struct TheaterHours: Hashable {
    enum Kind: Hashable {
        /// Nobody's session: whoever comes first.
        case open
        /// A session that is kept for the surgeon.
        case own
        /// A session that is kept for somebody else.
        case others
    }

    var interval: Interval
    var kind: Kind
}

extension Theater {
    /// The hours of a day, cut where sessions begin and end; the surgeon's own ones that adjoin are one.
    func hours(on day: CalendarDate, for surgeon: StaffMember?, in zone: ZoneRules) -> [TheaterHours] {
        guard weekdays.contains(day.weekday) else { return [] }
        let kept = sessions.filter { $0.weekdays.contains(day.weekday) }.sorted {
            ($0.startsAt, $0.endsAt) < ($1.startsAt, $1.endsAt)
        }
        var hours: [TheaterHours] = []
        func add(_ kind: TheaterHours.Kind, _ from: Int, _ to: Int) {
            // By the clock on the wall: on a day that is an hour short, a session may be so too.
            let interval = Interval(
                start: zone.instant(of: day, minuteOfDay: from), end: zone.instant(of: day, minuteOfDay: to))
            guard from < to, interval.start < interval.end else { return }
            if kind == .own, let last = hours.last, last.kind == .own, last.interval.end == interval.start {
                hours[hours.count - 1].interval = Interval(start: last.interval.start, end: interval.end)
            } else {
                hours.append(TheaterHours(interval: interval, kind: kind))
            }
        }
        var reached = opensAt
        for session in kept {
            let from = max(session.startsAt, reached)
            let to = min(session.endsAt, closesAt)
            guard from < to else { continue }
            add(.open, reached, from)
            add(session.isKept(for: surgeon) ? .own : .others, from, to)
            reached = to
        }
        add(.open, reached, closesAt)
        return hours
    }

    /// The hours in which an instant lies; those of the evening before may last past midnight.
    func hours(at instant: Instant, for surgeon: StaffMember?, in zone: ZoneRules) -> TheaterHours? {
        let day = zone.date(of: instant)
        return [day.adding(days: -1), day].flatMap { hours(on: $0, for: surgeon, in: zone) }
            .first { $0.interval.contains(instant) }
    }
}
