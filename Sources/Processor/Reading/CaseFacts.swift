package import Clinic

extension Story {
    /// How a case stands: who is operated, what is done, where, when and by whom.
    package struct Operation: Encodable, Sendable {
        package var state: SurgicalCase.State
        package var mrn: MRN
        package var plan: PlanID
        /// Codes, with their sides.
        package var procedures: [String]
        package var surgeon: StaffID
        package var theater: TheaterID?
        package var startsAt: Instant?
        package var minutes: Int

        init(_ surgicalCase: SurgicalCase) {
            state = surgicalCase.state
            mrn = surgicalCase.mrn
            plan = surgicalCase.plan
            procedures = surgicalCase.procedures.map { planned in
                planned.side == .notApplicable ? "\(planned.code)" : "\(planned.code) \(planned.side.wording)"
            }
            surgeon = surgicalCase.surgeon
            theater = surgicalCase.theater
            startsAt = surgicalCase.startsAt
            minutes = surgicalCase.minutes
        }

        func lines(_ zone: ZoneRules) -> [String] {
            let place = theater.map { "in \($0)" } ?? "without a theater"
            let time = startsAt.map { "from \(zone.stamp($0))" } ?? "not booked"
            return [
                "  \(state.rawValue.lowercased().replacing("_", with: " ")), patient \(mrn), plan \(plan)",
                "  \(procedures.joined(separator: "; ")) by \(surgeon), \(place), \(time), "
                    + Terminal.count(minutes, "minute"),
            ].map { Terminal.safe($0) }
        }
    }
}
