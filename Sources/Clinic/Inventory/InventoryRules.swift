/// The rules about stock.
extension Rule {
    package enum InventoryRules {
        package static let badBarcode = Rule(
            "inventory.bad-barcode", "The barcode cannot be read.", phase: .inventory, hl7: .dataType)
        package static let checkDigit = Rule(
            "inventory.check-digit", "A check digit of the barcode is wrong: it was misread or mistyped.",
            phase: .inventory, hl7: .dataType)
        package static let itemUnknown = Rule(
            "inventory.item-unknown", "The item is not in the clinic's list.", phase: .inventory, hl7: .unknownKey)

        package static let all: [Rule] = [badBarcode, checkDigit, itemUnknown]
    }
}

extension Pathway {
    func decideInventory(_ command: Command, in state: any ClinicState, into ruling: inout Ruling) throws {
    }

    func consequencesForInventory(of event: Event, now: Instant, in state: any ClinicState) throws -> [Event] {
        []
    }
}
