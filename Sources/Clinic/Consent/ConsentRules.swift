/// The rules about consents.
extension Rule {
    package enum ConsentRules {
        package static let all: [Rule] = []
    }
}

extension Pathway {
    func decideConsent(_ command: Command, in state: any ClinicState, into ruling: inout Ruling) throws {
    }

    func consequencesForConsent(of event: Event, now: Instant, in state: any ClinicState) throws -> [Event] {
        []
    }
}
