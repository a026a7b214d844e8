/// What takes the ground away from a clearance that was given.
///
/// Age and results that grow old take it away too; that is derived for the day in question, not written.
extension Pathway {
    func consequencesForPreOp(of event: Event, now: Instant, in state: any ClinicState) throws -> [Event] {
        switch event.kind {
        case "preop.result-received":
            guard let requirement = event.written(Requirement.self), requirement.state == .unmet else { return [] }
            return try lapse(requirement.plan, after: event, because: "a result is abnormal", in: state)
        case "preop.result-undone":
            guard let requirement = event.written(Requirement.self), requirement.state == .ordered else { return [] }
            return try lapse(requirement.plan, after: event, because: "a result was taken back", in: state)
        default: return []
        }
    }

    /// The clearance of a plan lapses, if it was given.
    func lapse(_ plan: PlanID, after event: Event, because reason: String, in state: any ClinicState) throws -> [Event]
    {
        guard var clearance = try state.fetch(Clearance.self, id: plan.rawValue), clearance.state == .cleared else {
            return []
        }
        clearance.state = .lapsed
        clearance.reason = reason
        return [
            Event(
                "preop.lapsed", .plan(plan), patient: clearance.mrn, at: event.occurredAt, writes: [clearance],
                note: reason)
        ]
    }
}
