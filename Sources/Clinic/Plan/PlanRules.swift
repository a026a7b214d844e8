/// The rules about procedure plans.
extension Rule {
    package enum PlanRules {
        package static let all: [Rule] = []
    }
}

extension Pathway {
    func decidePlan(_ command: Command, in state: any ClinicState, into ruling: inout Ruling) throws {
    }

    func consequencesForPlan(of event: Event, now: Instant, in state: any ClinicState) throws -> [Event] {
        []
    }
}
