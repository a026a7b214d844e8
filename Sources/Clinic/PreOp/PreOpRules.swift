/// The rules about pre-operative requirements and clearance.
extension Rule {
    package enum PreOpRules {
        package static let all: [Rule] = []
    }
}

extension Pathway {
    func decidePreOp(_ command: Command, in state: any ClinicState, into ruling: inout Ruling) throws {
    }

    func consequencesForPreOp(of event: Event, now: Instant, in state: any ClinicState) throws -> [Event] {
        []
    }
}
