/// The hours of consultation: what stands in the way of an appointment, and where else it fits.
struct ConsultationCalendar {
    let catalog: Catalog
    let state: any ClinicState
    let surgeon: StaffID
    /// The patient's numbers: the standing record's and those of records merged into it.
    let patient: [MRN]
    /// The appointment itself, which does not stand in its own way.
    let own: ConsultationID?

    /// Something else that surgeon or patient has at a time.
    struct Engagement {
        let interval: Interval
        /// A case, not a consultation.
        let isCase: Bool
        /// For those who may see the database.
        let words: String
    }

    /// Days over which a free time is looked for, and the step of the search.
    private static let searchDays = 60
    private static let stepMinutes = 15

    private var zone: ZoneRules { catalog.zone }
    private var policy: Policy { catalog.policy }

    func isOpen(on day: CalendarDate) -> Bool { policy.consultationWeekdays.contains(day.weekday) }

    /// Opening and closing on a day.
    func hours(on day: CalendarDate) -> Interval {
        Interval(
            start: zone.instant(of: day, minuteOfDay: policy.consultationOpensAt),
            end: zone.instant(of: day, minuteOfDay: policy.consultationClosesAt))
    }

    func isWithinHours(_ interval: Interval) -> Bool {
        let day = zone.date(of: interval.start)
        let open = hours(on: day)
        return isOpen(on: day) && interval.start >= open.start && interval.end <= open.end
    }

    /// Half open: one may begin when the other ends.
    func engagementsOfSurgeon(during interval: Interval) throws -> [Engagement] {
        try consultations(state.fetch(Consultation.self, where: .surgeon(surgeon, on: interval)), during: interval)
            + cases(state.fetch(Booking.self, where: .active(.staff, surgeon.rawValue, overlapping: interval)))
    }

    func engagementsOfPatient(during interval: Interval) throws -> [Engagement] {
        try patient.flatMap { number in
            try consultations(state.fetch(Consultation.self, where: .patient(number)), during: interval)
                + cases(state.fetch(Booking.self, where: .active(.patient, number.rawValue, overlapping: interval)))
        }
    }

    private func consultations(_ found: [Consultation], during interval: Interval) -> [Engagement] {
        found.filter { $0.consultation != own && $0.state == .scheduled && $0.interval.overlaps(interval) }.map {
            Engagement(
                interval: $0.interval, isCase: false,
                words: "consultation \($0.consultation) at \(zone.stamp($0.startsAt))")
        }
    }

    private func cases(_ bookings: [Booking]) -> [Engagement] {
        bookings.map {
            Engagement(
                interval: $0.interval, isCase: true, words: "case \($0.surgicalCase) at \(zone.stamp($0.startsAt))")
        }
    }

    /// The first time from an instant on, within the hours of consultation, at which surgeon and patient are free.
    func nextFree(from start: Instant, minutes: Int) throws -> Instant? {
        let first = zone.date(of: start)
        let window = Interval(start: start, end: zone.start(of: first.adding(days: Self.searchDays + 1)))
        let taken = try engagementsOfSurgeon(during: window) + engagementsOfPatient(during: window)
        let days = (0...Self.searchDays).map { first.adding(days: $0) }
        for day in days where isOpen(on: day) {
            let last = policy.consultationClosesAt - minutes
            for minute in stride(from: policy.consultationOpensAt, through: last, by: Self.stepMinutes) {
                let slot = Interval(start: zone.instant(of: day, minuteOfDay: minute), minutes: minutes)
                guard slot.start >= start, !taken.contains(where: { $0.interval.overlaps(slot) }) else { continue }
                return slot.start
            }
        }
        return nil
    }

    /// The next free time in words.
    func advice(from start: Instant, minutes: Int) throws -> String {
        guard let free = try nextFree(from: start, minutes: minutes) else {
            return "no time is free within \(Self.searchDays) days; choose another surgeon"
        }
        return "the next free time is \(zone.stamp(free))"
    }
}

extension Pathway {
    /// All that stands in the way of an appointment, with the next time that suits everybody.
    func checkAppointment(
        _ interval: Interval, minutes: Int, _ calendar: ConsultationCalendar, fields: [Field], into ruling: inout Ruling
    ) throws {
        let isWithinHours = calendar.isWithinHours(interval)
        let ofSurgeon = try calendar.engagementsOfSurgeon(during: interval)
        let ofPatient = try calendar.engagementsOfPatient(during: interval)
        guard !isWithinHours || !ofSurgeon.isEmpty || !ofPatient.isEmpty else { return }
        let advice = try calendar.advice(from: interval.start, minutes: minutes)
        if !isWithinHours {
            let day = zone.date(of: interval.start)
            let open = calendar.hours(on: day)
            ruling.refuse(
                .ConsultationRules.outsideHours, fields,
                calendar.isOpen(on: day)
                    ? "the time is outside the hours of consultation" : "no consultations are held on that day",
                mend: "choose a time between \(zone.clock(open.start)) and \(zone.clock(open.end)) on a day of "
                    + "consultation; \(advice)",
                aside: "\(zone.stamp(interval.start)) to \(zone.clock(interval.end))")
        }
        if !ofSurgeon.isEmpty {
            ruling.refuse(
                .ConsultationRules.surgeonBusy, fields,
                ofSurgeon.contains(where: \.isCase)
                    ? "the surgeon is booked for a case then" : "the surgeon has another consultation then",
                mend: "choose another time or another surgeon; \(advice)",
                aside: ofSurgeon.map(\.words).joined(separator: ", "))
        }
        if !ofPatient.isEmpty {
            ruling.refuse(
                .ConsultationRules.patientBusy, fields,
                ofPatient.contains(where: \.isCase)
                    ? "the patient has a surgery then" : "the patient has another consultation then",
                mend: "choose another time; \(advice)", aside: ofPatient.map(\.words).joined(separator: ", "))
        }
    }
}
