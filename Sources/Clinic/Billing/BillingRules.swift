/// The rules about bills and payments.
extension Rule {
    package enum BillingRules {
        package static let all: [Rule] = []
    }
}

extension Pathway {
    func decideBill(_ command: Command, in state: any ClinicState, into ruling: inout Ruling) throws {
    }

    func decidePayment(_ command: Command, in state: any ClinicState, into ruling: inout Ruling) throws {
    }

    func consequencesForBilling(of event: Event, now: Instant, in state: any ClinicState) throws -> [Event] {
        []
    }

    func billsDue(at now: Instant, drainEnds: Bool, in state: any ClinicState) throws -> Ruling {
        Ruling()
    }
}
