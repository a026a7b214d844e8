/// The rules about surgical cases and their bookings.
extension Rule {
    package enum CaseRules {
        package static let all: [Rule] = []
    }
}

extension Pathway {
    func decideCase(_ command: Command, in state: any ClinicState, into ruling: inout Ruling) throws {
    }

    func consequencesForCase(of event: Event, now: Instant, in state: any ClinicState) throws -> [Event] {
        []
    }
}
