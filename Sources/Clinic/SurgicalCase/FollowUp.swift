/// The consultation after surgery, booked by itself.
extension Pathway {
    private static let followUpMinutes = 30
    /// Working days looked at for a time at which the surgeon is free.
    private static let searchDays = 14

    /// A completed case, or care that names a time, makes the follow-up `<case>-F1`; later care moves it.
    func followUp(after event: Event, in state: any ClinicState) throws -> [Event] {
        guard let done = event.written(SurgicalCase.self), let endedAt = done.endedAt else { return [] }
        let id = ConsultationID("\(done.surgicalCase)-F1")
        if var existing = try state.fetch(Consultation.self, id: id.rawValue) {
            guard let at = done.followUpAt, existing.state == .scheduled, existing.startsAt != at else { return [] }
            existing.startsAt = at
            return [booked("consultation.rescheduled", existing, event)]
        }
        let defaultDays = done.procedures.compactMap { catalog.procedures[$0.code]?.followUpDays }.min()
        let usual =
            try event.kind == "case.completed"
            ? defaultDays.flatMap { days in
                try freeTime(for: done.surgeon, from: zone.date(of: endedAt).adding(days: days), in: state)
            } : nil
        guard let startsAt = done.followUpAt ?? usual else { return [] }
        let consultation = Consultation(
            consultation: id, mrn: done.mrn, surgeon: done.surgeon, state: .scheduled, startsAt: startsAt,
            minutes: Pathway.followUpMinutes, visit: "FOLLOW_UP")
        return [booked("consultation.scheduled", consultation, event)]
    }

    private func booked(_ kind: String, _ consultation: Consultation, _ event: Event) -> Event {
        Event(
            kind, .consultation(consultation.consultation), patient: consultation.mrn, at: event.occurredAt,
            writes: [consultation])
    }

    /// The first half hour of the consultation hours, from a day on, that finds the surgeon free.
    private func freeTime(for surgeon: StaffID, from first: CalendarDate, in state: any ClinicState) throws -> Instant?
    {
        for day in (0..<Pathway.searchDays).map({ first.adding(days: $0) })
        where policy.consultationWeekdays.contains(day.weekday) {
            let last = policy.consultationClosesAt - Pathway.followUpMinutes
            for minute in stride(from: policy.consultationOpensAt, through: last, by: Pathway.followUpMinutes) {
                let slot = Interval(start: zone.instant(of: day, minuteOfDay: minute), minutes: Pathway.followUpMinutes)
                let consulting = try state.fetch(Consultation.self, where: .surgeon(surgeon, on: slot))
                let operating = try state.fetch(
                    Booking.self, where: .active(.staff, surgeon.rawValue, overlapping: slot))
                if consulting.isEmpty, operating.isEmpty { return slot.start }
            }
        }
        return nil
    }
}
