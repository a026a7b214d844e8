/// The rules about stock.
extension Rule {
    package enum InventoryRules {
        /// Asked by the forms, which read the barcode.
        package static let badBarcode = Rule(
            "inventory.bad-barcode", "A barcode can be read as GS1 or HIBC.", phase: .inventory, hl7: .dataType)
        /// Asked by the forms, which read the barcode.
        package static let checkDigit = Rule(
            "inventory.check-digit", "The check digit or character of a barcode is that of its content.",
            phase: .inventory, hl7: .dataType)
        package static let itemUnknown = Rule(
            "inventory.item-unknown", "The item is in the clinic's list of items.", phase: .inventory,
            hl7: .unknownKey)
        package static let lotRequired = Rule(
            "inventory.lot-required", "An item that is followed by lot names its lot.", phase: .inventory,
            hl7: .requiredFieldMissing)
        package static let serialRequired = Rule(
            "inventory.serial-required", "A device that is followed one by one names its serial number.",
            phase: .inventory, hl7: .requiredFieldMissing)
        package static let lotUnknown = Rule(
            "inventory.lot-unknown", "The lot was received before anything else happens to it.", phase: .inventory,
            hl7: .unknownKey, weight: .holds)
        package static let lotExpired = Rule(
            "inventory.lot-expired", "An expired lot is not used; it may be disposed of or returned.",
            phase: .inventory)
        package static let lotRecalled = Rule(
            "inventory.lot-recalled", "A recalled lot is not used and not released again.", phase: .inventory)
        package static let lotQuarantined = Rule(
            "inventory.lot-quarantined", "A lot in quarantine is not used before it is accepted.", phase: .inventory)
        package static let stockShort = Rule(
            "inventory.stock-short", "No more is taken than is on hand: stock is never negative.", phase: .inventory,
            weight: .holds)
        package static let reservedForAnotherCase = Rule(
            "inventory.reserved-for-another-case", "What is kept for another plan is not taken.", phase: .inventory)
        package static let caseRequired = Rule(
            "inventory.case-required", "Every use, return and waste belongs to a case.", phase: .inventory,
            hl7: .requiredFieldMissing)
        package static let caseNotOpen = Rule(
            "inventory.case-not-open", "Things are used in a case that has started.", phase: .inventory,
            weight: .holds)
        package static let serialAlreadyUsed = Rule(
            "inventory.serial-already-used", "A serial number comes in once and is used once.", phase: .inventory,
            hl7: .duplicateKey)
        package static let sideDiffers = Rule(
            "inventory.side-differs", "A device is used on a side that its case is for.", phase: .inventory)
        package static let returnExceedsUse = Rule(
            "inventory.return-exceeds-use", "No more comes back from a case than was used in it.", phase: .inventory,
            weight: .holds)
        package static let allergy = Rule(
            "inventory.allergy", "The patient is known to tolerate what the item is made of.",
            phase: .inventory, weight: .warns, policy: "refused_warnings", isOverridable: true)
        package static let notInPlan = Rule(
            "inventory.not-in-plan", "An item that is used is in the plan or needed by its procedures.",
            phase: .inventory, weight: .warns, policy: "refused_warnings", isOverridable: true)
        package static let badQuantity = Rule(
            "inventory.bad-quantity", "A quantity is a whole number above zero, and one for a serial number.",
            phase: .inventory, hl7: .dataType)
        package static let originalUnknown = Rule(
            "inventory.original-unknown", "A void names one movement of stock that still stands.", phase: .inventory,
            hl7: .unknownKey, weight: .holds)
        package static let billSettled = Rule(
            "inventory.bill-settled",
            "What is used or returned is on record before the case is billed; later it makes a supplement or a credit note.",
            phase: .inventory, weight: .warns, policy: "refused_warnings", isOverridable: true)

        package static let all: [Rule] = [
            badBarcode, checkDigit, itemUnknown, lotRequired, serialRequired, lotUnknown, lotExpired, lotRecalled,
            lotQuarantined, stockShort, reservedForAnotherCase, caseRequired, caseNotOpen, serialAlreadyUsed,
            sideDiffers, returnExceedsUse, allergy, notInPlan, badQuantity, originalUnknown, billSettled,
        ]
    }
}

extension Pathway {
    func decideInventory(_ command: Command, in state: any ClinicState, into ruling: inout Ruling) throws {
        switch command.action.rawValue {
        case "RECEIVE": try receiveStock(command, in: state, into: &ruling)
        case "USE": try useStock(command, in: state, into: &ruling)
        case "RETURN": try returnStock(command, in: state, into: &ruling)
        case "WASTE": try wasteStock(command, in: state, into: &ruling)
        case "DISPOSE": try removeStock(command, as: .dispose, "inventory.disposed", in: state, into: &ruling)
        case "RETURN_TO_SUPPLIER":
            try removeStock(command, as: .returnToSupplier, "inventory.returned-to-supplier", in: state, into: &ruling)
        case "COUNT": try countStock(command, in: state, into: &ruling)
        case "TRANSFER": try transferStock(command, in: state, into: &ruling)
        case "QUARANTINE": try quarantineStock(command, in: state, into: &ruling)
        case "ACCEPT": try acceptStock(command, in: state, into: &ruling)
        case "RECALL": try recallStock(command, in: state, into: &ruling)
        case "VOID": try voidStock(command, in: state, into: &ruling)
        default:
            ruling.refuse(
                .Entry.unknownCode, [.action], "no such action of the form",
                mend: "use one of the actions of `suture forms inventory`")
        }
    }

    /// A recall takes away what is kept for plans; the rest of what follows, plans, cases and bills see to.
    func consequencesForInventory(of event: Event, now: Instant, in state: any ClinicState) throws -> [Event] {
        guard event.kind == "inventory.recalled", let recall = event.written(Recall.self) else { return [] }
        return try RecallReach(of: recall.sku, lot: recall.lot, zone: zone, in: state).events(after: event, in: state)
    }
}
