/// The search for the next time that suits all of a case: theater and session, team, equipment, patient, and the law.
struct FreeSlotSearch {
    /// Days that are looked at.
    static let days = 60
    /// Proposed times are whole steps of the clock, or the beginning of a session.
    private static let stepSeconds: Int64 = 5 * 60

    /// No time before it is proposed.
    let start: Instant
    /// Whether the patient may be operated then: consent, clearance, privileges, stock.
    let isLawful: (Instant) throws -> Bool

    /// The next free slot in words, or that there is none.
    func words(for proposed: SurgicalCase, in theater: Theater, of calendar: TheaterCalendar, state: any ClinicState)
        throws -> String
    {
        guard let slot = try next(for: proposed, in: theater, of: calendar, state: state) else {
            return "no time within \(Self.days) days suits theater, team, equipment and patient together; "
                + "choose another theater or team"
        }
        return "the next free slot is \(calendar.zone.stamp(slot))"
    }

    /// The first time from the start on at which nothing stands in the way.
    func next(for proposed: SurgicalCase, in theater: Theater, of calendar: TheaterCalendar, state: any ClinicState)
        throws -> Instant?
    {
        let zone = calendar.zone
        let first = zone.date(of: start)
        let limit = zone.start(of: first.adding(days: Self.days + 1))
        let surgeon = calendar.catalog.staff[proposed.surgeon]
        let window = Interval(start: start, end: limit.adding(minutes: 2 * proposed.minutes))
        let claims = try calendar.claims(of: proposed).map { claim in
            let taken = try calendar.taken(claim, during: window, besides: proposed.surgicalCase, in: state)
            return (claim: claim, taken: taken.map(\.interval))
        }
        for day in -1...Self.days {
            for hours in theater.hours(on: first.adding(days: day), for: surgeon, in: zone) where hours.kind != .others
            {
                var candidate = max(start, hours.interval.start)
                while candidate < limit, candidate.adding(minutes: proposed.minutes) <= hours.interval.end {
                    if let busyUntil = busy(claims, at: candidate, minutes: proposed.minutes) {
                        candidate = Self.rounded(busyUntil)
                    } else if try isLawful(candidate) {
                        return candidate
                    } else {
                        candidate = zone.start(of: zone.date(of: candidate).adding(days: 1))
                    }
                }
            }
        }
        return nil
    }

    /// When the last of what stands in the way at a time ends; nil when nothing does.
    private func busy(
        _ claims: [(claim: TheaterCalendar.Claim, taken: [Interval])], at start: Instant, minutes: Int
    ) -> Instant? {
        claims.flatMap { claim, taken in
            let wanted = claim.interval(from: start, minutes: minutes)
            return taken.filter { $0.overlaps(wanted) }.map(\.end)
        }.max()
    }

    private static func rounded(_ instant: Instant) -> Instant {
        let rest = instant.secondsSinceEpoch % stepSeconds
        return rest == 0 ? instant : instant.adding(seconds: Int(stepSeconds - rest))
    }
}
