/// The consultation after surgery: booked by itself when a case is over, or by whoever names its time.
extension Pathway {
    private static let followUpMinutes = 30
    /// Days looked at for a time at which surgeon and patient are free.
    private static let followUpSearchDays = 14

    /// A case that is over makes its follow-up `<case>-F1`: at the time that was named for it, or after the usual days.
    func followUp(after event: Event, in state: any ClinicState) throws -> [Event] {
        guard let done = event.written(SurgicalCase.self), let endedAt = done.endedAt,
            try survivor(of: done.mrn, in: state)?.state == .active
        else { return [] }
        let usualDays = done.procedures.compactMap { catalog.procedures[$0.code]?.followUpDays }.min()
        let usual = done.state == .completed ? usualDays : nil
        let wanted =
            done.followUpAt ?? usual.map { zone.start(of: zone.date(of: endedAt).adding(days: $0)) }
        guard let wanted else { return [] }
        let startsAt = try freeTime(of: done, from: wanted, in: state) ?? done.followUpAt
        return try startsAt.map { [try followUp(of: done, at: $0, told: event.occurredAt, in: state)] } ?? []
    }

    /// A follow-up that is named once the case is over: it is booked, or moved.
    func recordFollowUp(
        of found: SurgicalCase, _ command: Command, in state: any ClinicState, into ruling: inout Ruling
    ) throws {
        guard let wanted = command.instant(.followUpAt), found.endedAt != nil,
            try survivor(of: found.mrn, in: state)?.state == .active
        else { return }
        let startsAt = try freeTime(of: found, from: wanted, in: state) ?? wanted
        ruling.record(try followUp(of: found, at: startsAt, told: command.effectiveAt, in: state))
    }

    /// The follow-up comes after the surgery, and at a time that is free.
    func checkFollowUp(
        of found: SurgicalCase, endedAt: Instant?, _ command: Command, in state: any ClinicState,
        into ruling: inout Ruling
    ) throws {
        guard let wanted = command.instant(.followUpAt) else { return }
        if wanted <= endedAt ?? found.startedAt ?? wanted.adding(seconds: -1) {
            ruling.refuse(
                .CaseRules.timesNotInOrder, [.followUpAt], "the follow-up would be before the end of the surgery",
                mend: "correct the time of the follow-up",
                aside: "the surgery ended \(endedAt.map { zone.stamp($0) } ?? "later")")
        } else if endedAt != nil {
            let free = try freeTime(of: found, from: wanted, in: state)
            guard free != wanted else { return }
            caution(
                Finding(
                    .CaseRules.followUpMoved, [.followUpAt],
                    free == nil
                        ? "surgeon and patient are never both free within \(Self.followUpSearchDays) days of that time"
                        : "surgeon and patient are not both free then; the follow-up is booked later",
                    mend: "look at the follow-up, and RESCHEDULE the consultation if it does not suit",
                    aside: "booked \(zone.stamp(free ?? wanted))"),
                into: &ruling)
        }
    }

    /// The event that books the follow-up, or moves the one that is still to come.
    private func followUp(of done: SurgicalCase, at startsAt: Instant, told: Instant, in state: any ClinicState) throws
        -> Event
    {
        var number = 1
        // A number that a sender has given to a consultation of their own is left alone.
        while let known = try followUp(number, of: done, in: state),
            known.state != .scheduled || known.visit != "FOLLOW_UP" || known.mrn != done.mrn
        {
            number += 1
        }
        var consultation =
            try followUp(number, of: done, in: state)
            ?? Consultation(
                consultation: ConsultationID("\(done.surgicalCase)-F\(number)"), mrn: done.mrn, surgeon: done.surgeon,
                state: .scheduled, startsAt: startsAt, minutes: Pathway.followUpMinutes, visit: "FOLLOW_UP")
        let isNew = try followUp(number, of: done, in: state) == nil
        consultation.startsAt = startsAt
        return Event(
            isNew ? "consultation.scheduled" : "consultation.rescheduled", .consultation(consultation.consultation),
            patient: consultation.mrn, at: told, writes: [consultation])
    }

    private func followUp(_ number: Int, of done: SurgicalCase, in state: any ClinicState) throws -> Consultation? {
        try state.fetch(Consultation.self, id: "\(done.surgicalCase)-F\(number)")
    }

    /// The time itself, or else the first half hour of the consultation hours after it, at which surgeon and patient
    /// are free.
    private func freeTime(of done: SurgicalCase, from wanted: Instant, in state: any ClinicState) throws -> Instant? {
        let patient = try state.records(of: done.mrn)
        let first = zone.date(of: wanted)
        for day in (0..<Self.followUpSearchDays).map({ first.adding(days: $0) })
        where policy.consultationWeekdays.contains(day.weekday) {
            let closing = zone.instant(of: day, minuteOfDay: policy.consultationClosesAt)
            let last = policy.consultationClosesAt - Pathway.followUpMinutes
            let grid = stride(from: policy.consultationOpensAt, through: last, by: Pathway.followUpMinutes).map {
                zone.instant(of: day, minuteOfDay: $0)
            }
            let opening = zone.instant(of: day, minuteOfDay: policy.consultationOpensAt)
            let asked = day == first && wanted >= opening ? [wanted] : []
            for start in asked + grid.filter({ $0 >= wanted }) {
                let slot = Interval(start: start, minutes: Pathway.followUpMinutes)
                if slot.end <= closing, try isFree(done, patient, during: slot, in: state) { return start }
            }
        }
        return nil
    }

    /// Whether neither surgeon nor patient is elsewhere; the follow-up itself may be moved.
    private func isFree(_ done: SurgicalCase, _ patient: [MRN], during slot: Interval, in state: any ClinicState) throws
        -> Bool
    {
        let own = "\(done.surgicalCase)-F"
        let consultations =
            try state.fetch(Consultation.self, where: .surgeon(done.surgeon, on: slot))
            + patient.flatMap { try state.fetch(Consultation.self, where: .attending($0, on: slot)) }
        guard consultations.allSatisfy({ $0.consultation.rawValue.hasPrefix(own) }) else { return false }
        let operating = try state.fetch(Booking.self, where: .active(.staff, done.surgeon.rawValue, overlapping: slot))
        let operated = try patient.flatMap {
            try state.fetch(Booking.self, where: .active(.patient, $0.rawValue, overlapping: slot))
        }
        return (operating + operated).allSatisfy { $0.surgicalCase == done.surgicalCase }
    }
}
