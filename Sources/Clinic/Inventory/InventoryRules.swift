/// The rules about stock.
extension Rule {
    package enum InventoryRules {
        package static let all: [Rule] = []
    }
}

extension Pathway {
    func decideInventory(_ command: Command, in state: any ClinicState, into ruling: inout Ruling) throws {
    }

    func consequencesForInventory(of event: Event, now: Instant, in state: any ClinicState) throws -> [Event] {
        []
    }
}
