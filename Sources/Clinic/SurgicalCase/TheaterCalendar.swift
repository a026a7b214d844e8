/// The clinic's theaters, people and equipment by time: what a case takes, what stands in its way, where else it fits.
struct TheaterCalendar {
    let catalog: Catalog
    /// The patient under whose surviving number the case is booked.
    let patient: MRN

    /// One thing that a case takes for its time.
    private struct Claim {
        let resource: Booking.Resource
        let id: String
        /// Minutes that it stays taken after the case.
        let after: Int
        let rule: Rule
        let field: Field

        func interval(from start: Instant, minutes: Int) -> Interval {
            Interval(start: start, minutes: minutes + after)
        }
    }

    /// Days over which a free slot is looked for, and the step of the search.
    private static let searchDays = 14
    private static let stepMinutes = 15

    private var zone: ZoneRules { catalog.zone }

    /// All that stands in the way of a case at its time and place.
    func check(_ proposed: SurgicalCase, in state: any ClinicState, into ruling: inout Ruling) throws {
        checkStaff(of: proposed, into: &ruling)
        guard let id = proposed.theater, let start = proposed.startsAt else { return }
        guard let theater = catalog.theaters[id] else {
            ruling.refuse(
                .CaseRules.theaterUnknown, [.theater], "the clinic has no such theater",
                mend: "use a theater of clinic/theaters", aside: "the entry says \(id)")
            return
        }
        checkHours(of: theater, start, proposed.minutes, into: &ruling)
        checkEquipment(of: proposed, theater, into: &ruling)
        var freeSlot: String?
        for claim in claims(of: proposed) {
            let taken = try active(claim, claim.interval(from: start, minutes: proposed.minutes), proposed, in: state)
            guard let other = taken.first else { continue }
            let slot = try freeSlot ?? nextFreeSlot(for: proposed, theater, from: start, in: state)
            freeSlot = slot
            ruling.refuse(
                claim.rule, [claim.field, .startsAt], "another case takes it at that time", mend: slot,
                aside: "\(claim.resource.rawValue) \(claim.id) is in case \(other.surgicalCase) from "
                    + "\(zone.stamp(other.startsAt)) to \(zone.clock(other.endsAt))")
        }
    }

    /// The bookings of a case at its time, and its old ones that no longer stand.
    func bookings(of booked: SurgicalCase, in state: any ClinicState) throws -> [Booking] {
        guard let start = booked.startsAt else { return [] }
        let new = claims(of: booked).map { claim in
            let interval = claim.interval(from: start, minutes: booked.minutes)
            return Booking(
                surgicalCase: booked.surgicalCase, resource: claim.resource, resourceID: claim.id,
                startsAt: interval.start, endsAt: interval.end)
        }
        let ids = Set(new.map(\.id))
        let old = try state.fetch(Booking.self, where: .surgicalCase(booked.surgicalCase)).filter {
            $0.isActive && !ids.contains($0.id)
        }
        return old.map(\.ended) + new
    }

    private func checkStaff(of proposed: SurgicalCase, into ruling: inout Ruling) {
        var unknown: [(Field, StaffID)] = []
        if catalog.staff[proposed.surgeon] == nil { unknown.append((.surgeon, proposed.surgeon)) }
        if let anesthetist = proposed.anesthetist, catalog.staff[anesthetist]?.role != .anesthetist {
            unknown.append((.anesthetist, anesthetist))
        }
        unknown += proposed.team.filter { catalog.staff[$0.id] == nil }.map { (.staff, $0.id) }
        guard !unknown.isEmpty else { return }
        ruling.refuse(
            .CaseRules.staffUnknown, unknown.map(\.0), "somebody of the team is not on the clinic's staff in that role",
            mend: "use the numbers of the staff list", aside: unknown.map(\.1.rawValue).joined(separator: ", "))
    }

    private func checkHours(of theater: Theater, _ start: Instant, _ minutes: Int, into ruling: inout Ruling) {
        let day = zone.date(of: start)
        let minute = zone.minuteOfDay(start)
        let isOpen = theater.weekdays.contains(day.weekday) && minute >= theater.opensAt && minute < theater.closesAt
        let hours =
            "\(theater.name) opens at \(Self.clock(theater.opensAt)) and closes at \(Self.clock(theater.closesAt))"
        if !isOpen {
            ruling.refuse(
                .CaseRules.theaterClosed, [.startsAt, .theater], "the theater is closed at that time",
                mend: "choose a time within the theater's hours", aside: hours)
        } else if start.adding(minutes: minutes) > zone.instant(of: day, minuteOfDay: theater.closesAt) {
            ruling.refuse(
                .CaseRules.sessionOverrun, [.startsAt, .minutes], "the case would run on after the theater closes",
                mend: "begin earlier, or choose another day", aside: hours)
        }
    }

    private func checkEquipment(of proposed: SurgicalCase, _ theater: Theater, into ruling: inout Ruling) {
        let missing = needed(by: proposed).filter { !theater.equipment.contains($0) && catalog.equipment[$0] == nil }
        guard !missing.isEmpty else { return }
        ruling.refuse(
            .CaseRules.theaterNotEquipped, [.theater, .equipment], "the theater lacks equipment that the case needs",
            mend: "choose a theater that has it", aside: missing.joined(separator: ", "))
    }

    /// The equipment of the procedures and what the entry asks for, each once.
    private func needed(by surgicalCase: SurgicalCase) -> [String] {
        let ofProcedures = surgicalCase.procedures.flatMap { catalog.procedures[$0.code]?.equipment ?? [] }
        return (ofProcedures + surgicalCase.equipment).reduce(into: []) { list, id in
            if !list.contains(id) { list.append(id) }
        }
    }

    /// All that a case takes, each once: who is surgeon and assistant at a time is booked as surgeon.
    private func claims(of surgicalCase: SurgicalCase) -> [Claim] {
        var claims: [Claim] = []
        func claim(_ resource: Booking.Resource, _ id: String, _ rule: Rule, _ field: Field, after: Int = 0) {
            guard !claims.contains(where: { $0.resource == resource && $0.id == id }) else { return }
            claims.append(Claim(resource: resource, id: id, after: after, rule: rule, field: field))
        }
        if let theater = surgicalCase.theater {
            claim(
                .theater, theater.rawValue, .CaseRules.theaterDoubleBooked, .theater,
                after: catalog.policy.turnoverMinutes)
            let builtIn = catalog.theaters[theater]?.equipment ?? []
            for id in needed(by: surgicalCase) where !builtIn.contains(id) {
                claim(.equipment, id, .CaseRules.equipmentDoubleBooked, .equipment)
            }
        }
        claim(.staff, surgicalCase.surgeon.rawValue, .CaseRules.surgeonDoubleBooked, .surgeon)
        if let anesthetist = surgicalCase.anesthetist {
            claim(.staff, anesthetist.rawValue, .CaseRules.staffDoubleBooked, .anesthetist)
        }
        for member in surgicalCase.team { claim(.staff, member.id.rawValue, .CaseRules.staffDoubleBooked, .staff) }
        claim(.patient, patient.rawValue, .CaseRules.patientDoubleBooked, .surgicalCase)
        return claims
    }

    private func active(
        _ claim: Claim, _ interval: Interval, _ own: SurgicalCase, in state: any ClinicState
    ) throws -> [Booking] {
        try state.fetch(Booking.self, where: .active(claim.resource, claim.id, overlapping: interval))
            .filter { $0.surgicalCase != own.surgicalCase }
    }

    /// The first time from the one asked for at which everything that the case takes is free, in words.
    private func nextFreeSlot(
        for proposed: SurgicalCase, _ theater: Theater, from start: Instant, in state: any ClinicState
    ) throws -> String {
        let first = zone.date(of: start)
        let window = Interval(start: start, end: zone.start(of: first.adding(days: Self.searchDays + 1)))
        let claims = claims(of: proposed)
        let taken = try claims.map { try active($0, window, proposed, in: state).map(\.interval) }
        for day in (0...Self.searchDays).map({ first.adding(days: $0) }) where theater.weekdays.contains(day.weekday) {
            let last = theater.closesAt - proposed.minutes
            for minute in stride(from: theater.opensAt, through: last, by: Self.stepMinutes) {
                let candidate = zone.instant(of: day, minuteOfDay: minute)
                guard candidate >= start else { continue }
                let isFree = zip(claims, taken).allSatisfy { claim, intervals in
                    let wanted = claim.interval(from: candidate, minutes: proposed.minutes)
                    return !intervals.contains { $0.overlaps(wanted) }
                }
                if isFree { return "the next free slot is \(zone.stamp(candidate))" }
            }
        }
        return "no slot is free within \(Self.searchDays) days; choose another theater or team"
    }

    private static func clock(_ minute: Int) -> String {
        "\(Digits.padded(minute / 60, 2)):\(Digits.padded(minute % 60, 2))"
    }
}

extension Booking {
    /// The booking when its case no longer needs it.
    var ended: Booking {
        var ended = self
        ended.isActive = false
        return ended
    }
}
