/// The clinic's theaters, people and equipment by time: what a case takes, and what stands in its way.
///
/// All intervals are half open: back to back is allowed. The turnover belongs to the theater alone: its team may leave
/// while it is cleaned.
struct TheaterCalendar {
    /// One thing that a case takes for its time.
    struct Claim {
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

    /// A stretch of time in which something is taken, and by what.
    struct Taken {
        let interval: Interval
        let name: String
        let isConsultation: Bool
    }

    let catalog: Catalog
    /// The numbers of the patient, merged ones included; the case is booked under the first.
    let patient: [MRN]

    var zone: ZoneRules { catalog.zone }

    /// All that stands in the way of a case at its time and place; what time can mend comes with the next free slot.
    func check(
        _ proposed: SurgicalCase, search: @autoclosure () throws -> FreeSlotSearch, in state: any ClinicState,
        into ruling: inout Ruling
    ) throws {
        checkStaff(of: proposed, into: &ruling)
        let theater = checkTheater(of: proposed, into: &ruling)
        guard let start = proposed.startsAt else { return }
        var obstacles: [Finding] = []
        if let theater, let closed = closure(of: theater, to: proposed, at: start) { obstacles.append(closed) }
        for claim in claims(of: proposed) {
            let wanted = claim.interval(from: start, minutes: proposed.minutes)
            let others = try taken(claim, during: wanted, besides: proposed.surgicalCase, in: state)
            if !others.isEmpty { obstacles.append(conflict(claim, others)) }
        }
        guard !obstacles.isEmpty else { return }
        let slot = try theater.map { try search().words(for: proposed, in: $0, of: self, state: state) }
        for obstacle in obstacles {
            ruling.refuse(
                obstacle.rule, obstacle.fields, obstacle.detail,
                mend: slot ?? "choose another time", aside: obstacle.aside)
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

    /// All that a case takes, each once: who is surgeon and assistant at a time is booked as surgeon.
    func claims(of surgicalCase: SurgicalCase) -> [Claim] {
        var claims: [Claim] = []
        func claim(_ resource: Booking.Resource, _ id: String, _ rule: Rule, _ field: Field, after: Int = 0) {
            guard !claims.contains(where: { $0.resource == resource && $0.id.utf8.elementsEqual(id.utf8) }) else {
                return
            }
            claims.append(Claim(resource: resource, id: id, after: after, rule: rule, field: field))
        }
        if let theater = surgicalCase.theater {
            claim(
                .theater, theater.rawValue, .CaseRules.theaterDoubleBooked, .theater,
                after: catalog.policy.turnoverMinutes)
            // What is built in is booked with its theater.
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
        if let number = patient.first {
            claim(.patient, number.rawValue, .CaseRules.patientDoubleBooked, .surgicalCase)
        }
        return claims
    }

    /// The times within a stretch in which something is taken by another case, or by a consultation.
    func taken(_ claim: Claim, during interval: Interval, besides own: CaseID, in state: any ClinicState) throws
        -> [Taken]
    {
        let ids = claim.resource == .patient ? patient.map(\.rawValue) : [claim.id]
        let bookings = try ids.flatMap {
            try state.fetch(Booking.self, where: .active(claim.resource, $0, overlapping: interval))
        }
        let consultations: [Consultation]
        switch claim.resource {
        case .staff:
            consultations = try state.fetch(Consultation.self, where: .surgeon(StaffID(claim.id), on: interval))
        case .patient:
            consultations = try patient.flatMap {
                try state.fetch(Consultation.self, where: .attending($0, on: interval))
            }
        case .theater, .equipment: consultations = []
        }
        return bookings.filter { $0.surgicalCase != own }.map {
            Taken(interval: $0.interval, name: "case \($0.surgicalCase)", isConsultation: false)
        }
            + consultations.map {
                Taken(interval: $0.interval, name: "consultation \($0.consultation)", isConsultation: true)
            }
    }

    private func conflict(_ claim: Claim, _ others: [Taken]) -> Finding {
        let isConsultation = others.allSatisfy(\.isConsultation)
        let detail =
            switch claim.resource {
            case .theater: "another case is in the theater at that time, turnover included"
            case .equipment: "another case has the equipment at that time"
            case .staff:
                (claim.field == .surgeon ? "the surgeon" : "one of the team")
                    + (isConsultation ? " has a consultation then" : " is in another case then")
            case .patient:
                isConsultation ? "the patient has a consultation then" : "the patient is booked for another case then"
            }
        let listed = others.map { other in
            "\(other.name) from \(zone.stamp(other.interval.start)) to \(zone.clock(other.interval.end))"
        }
        return Finding(
            claim.rule, [claim.field, .startsAt], detail, mend: "",
            aside: "\(claim.resource.rawValue) \(claim.id) is in " + listed.joined(separator: ", "))
    }

    /// Why a theater cannot be had by a surgeon from a time on; nil when it can.
    private func closure(of theater: Theater, to proposed: SurgicalCase, at start: Instant) -> Finding? {
        let day = zone.date(of: start)
        let surgeon = catalog.staff[proposed.surgeon]
        let opens = zone.clock(zone.instant(of: day, minuteOfDay: theater.opensAt))
        let closes = zone.clock(zone.instant(of: day, minuteOfDay: theater.closesAt))
        guard let hours = theater.hours(at: start, for: surgeon, in: zone) else {
            return Finding(
                .CaseRules.theaterClosed, [.startsAt, .theater], "the theater is closed at that time", mend: "",
                aside: "\(theater.name) opens at \(opens) and closes at \(closes)")
        }
        let from = zone.clock(hours.interval.start)
        let end = zone.clock(hours.interval.end)
        if hours.kind == .others {
            return Finding(
                .CaseRules.sessionAllotted, [.startsAt, .theater, .surgeon],
                "the session is kept for another surgeon or specialty", mend: "",
                aside: "\(theater.name) is kept from \(from) to \(end)")
        }
        guard start.adding(minutes: proposed.minutes) > hours.interval.end else { return nil }
        return Finding(
            .CaseRules.sessionOverrun, [.startsAt, .minutes], "the case would run on after its session", mend: "",
            aside: "\(theater.name) is free for it from \(from) to \(end)")
    }

    private func checkStaff(of proposed: SurgicalCase, into ruling: inout Ruling) {
        func refuse(_ field: Field, _ id: StaffID, _ detail: String, item: Int? = nil) {
            ruling.refuse(
                .CaseRules.staffUnknown, [field], detail, mend: "use the numbers of the staff list",
                aside: "the entry says \(id)", item: item)
        }
        if catalog.staff[proposed.surgeon] == nil {
            refuse(.surgeon, proposed.surgeon, "the surgeon is not on the clinic's staff")
        }
        if let anesthetist = proposed.anesthetist, catalog.staff[anesthetist]?.role != .anesthetist {
            refuse(.anesthetist, anesthetist, "the person named is not an anesthetist of the clinic's staff")
        }
        for (index, member) in proposed.team.enumerated() where catalog.staff[member.id] == nil {
            refuse(.staff, member.id, "one of the team is not on the clinic's staff", item: index)
        }
    }

    /// The theater of a case, with a finding when there is no such theater, or it lacks what the case needs.
    private func checkTheater(of proposed: SurgicalCase, into ruling: inout Ruling) -> Theater? {
        guard let id = proposed.theater else { return nil }
        guard let theater = catalog.theaters[id] else {
            ruling.refuse(
                .CaseRules.theaterUnknown, [.theater], "the clinic has no such theater",
                mend: "use a theater of clinic.yml", aside: "the entry says \(id)")
            return nil
        }
        let missing = needed(by: proposed).filter { !theater.equipment.contains($0) && catalog.equipment[$0] == nil }
        if !missing.isEmpty {
            ruling.refuse(
                .CaseRules.theaterNotEquipped, [.theater, .equipment],
                "the theater lacks equipment that the case needs", mend: "choose a theater that has it",
                aside: missing.map { catalog.name(ofEquipment: $0) }.joined(separator: ", "))
        }
        return theater
    }

    /// The equipment of the procedures and what the entry asks for, each once.
    private func needed(by surgicalCase: SurgicalCase) -> [String] {
        let ofProcedures = surgicalCase.procedures.flatMap { catalog.procedures[$0.code]?.equipment ?? [] }
        return (ofProcedures + surgicalCase.equipment).reduce(into: []) { list, id in
            if !list.contains(id) { list.append(id) }
        }
    }
}

extension Booking {
    /// The booking when its case no longer needs it.
    var ended: Booking {
        var ended = self
        ended.isActive = false
        return ended
    }

    /// The booking when its case ends at a time; nil when that is not before its end.
    func shortened(to end: Instant) -> Booking? {
        guard end < endsAt else { return nil }
        guard startsAt < end else { return ended }
        var shortened = self
        shortened.endsAt = end
        return shortened
    }
}
