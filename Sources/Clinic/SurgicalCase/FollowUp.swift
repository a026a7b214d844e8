/// The consultation after surgery, booked by itself.
extension Pathway {
    private static let followUpMinutes = 30

    /// A completed case, or care that names a time, makes the follow-up `<case>-F1`; later care moves it, or makes
    /// the next one when it is over.
    func followUp(after event: Event, in state: any ClinicState) throws -> [Event] {
        guard let done = event.written(SurgicalCase.self), let endedAt = done.endedAt,
            let patient = try survivor(of: done.mrn, in: state), patient.state == .active
        else { return [] }
        let known = try followUps(of: done, in: state)
        if let last = known.last, last.startsAt == done.followUpAt || done.followUpAt == nil { return [] }
        let open = known.last.flatMap { $0.state == .scheduled ? $0 : nil }
        let calendar = try calendar(for: done, besides: open?.consultation, in: state)
        guard let wanted = wantedFollowUp(of: done, after: event, endedAt),
            let startsAt = try time(asked: wanted, calendar)
        else { return [] }
        if var moved = open {
            guard moved.startsAt != startsAt else { return [] }
            moved.startsAt = startsAt
            return [booked("consultation.rescheduled", moved, event)]
        }
        let consultation = Consultation(
            consultation: try followUpNumber(of: done, in: state), mrn: done.mrn, surgeon: done.surgeon,
            state: .scheduled, startsAt: startsAt, minutes: Pathway.followUpMinutes, visit: "FOLLOW_UP")
        return [booked("consultation.scheduled", consultation, event)]
    }

    /// The time that care names must suit surgeon and patient.
    func checkFollowUp(
        for done: SurgicalCase, _ command: Command, in state: any ClinicState, into ruling: inout Ruling
    ) throws {
        guard let wanted = command.instant(.followUpAt), wanted != done.followUpAt else { return }
        let open = try followUps(of: done, in: state).last { $0.state == .scheduled }
        try checkAppointment(
            Interval(start: wanted, minutes: Pathway.followUpMinutes), minutes: Pathway.followUpMinutes,
            try calendar(for: done, besides: open?.consultation, in: state), fields: [.followUpAt], into: &ruling)
    }

    /// What has been booked after a case, in order.
    private func followUps(of done: SurgicalCase, in state: any ClinicState) throws -> [Consultation] {
        var found: [Consultation] = []
        while let next = try state.fetch(Consultation.self, id: "\(done.surgicalCase)-F\(found.count + 1)"),
            next.mrn == done.mrn, next.visit == "FOLLOW_UP"
        {
            found.append(next)
        }
        return found
    }

    /// A number that no sender has given to a consultation of their own.
    private func followUpNumber(of done: SurgicalCase, in state: any ClinicState) throws -> ConsultationID {
        var number = try followUps(of: done, in: state).count + 1
        while try state.fetch(Consultation.self, id: "\(done.surgicalCase)-F\(number)") != nil { number += 1 }
        return ConsultationID("\(done.surgicalCase)-F\(number)")
    }

    private func calendar(for done: SurgicalCase, besides own: ConsultationID?, in state: any ClinicState) throws
        -> ConsultationCalendar
    {
        ConsultationCalendar(
            catalog: catalog, state: state, surgeon: done.surgeon, patient: try state.records(of: done.mrn), own: own)
    }

    /// What care names, else the day that the procedure asks for.
    private func wantedFollowUp(of done: SurgicalCase, after event: Event, _ endedAt: Instant) -> Instant? {
        if let named = done.followUpAt { return named }
        guard event.kind == "case.completed",
            let days = done.procedures.compactMap({ catalog.procedures[$0.code]?.followUpDays }).min()
        else { return nil }
        return zone.start(of: zone.date(of: endedAt).adding(days: days))
    }

    /// The time itself when it suits, else the next that does.
    private func time(asked: Instant, _ calendar: ConsultationCalendar) throws -> Instant? {
        let interval = Interval(start: asked, minutes: Pathway.followUpMinutes)
        let suits =
            try calendar.isWithinHours(interval) && calendar.engagementsOfSurgeon(during: interval).isEmpty
            && calendar.engagementsOfPatient(during: interval).isEmpty
        return suits ? asked : try calendar.nextFree(from: asked, minutes: Pathway.followUpMinutes)
    }

    private func booked(_ kind: String, _ consultation: Consultation, _ event: Event) -> Event {
        Event(
            kind, .consultation(consultation.consultation), patient: consultation.mrn, at: event.occurredAt,
            writes: [consultation], note: "after case \(event.subject.rawValue.split(separator: ":").last ?? "")")
    }
}
