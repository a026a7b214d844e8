/// What an entry says of stock, with the clinic's defaults filled in.
struct StockRequest {
    let item: Item
    /// Empty for an item that is not followed by lot.
    let lot: String
    let namedLocation: String?
    let quantity: Int
    let serial: String?
    /// The device as it is known so far.
    let unit: SerialUnit?

    /// Where things lie that nobody says the place of.
    static let mainLocation = "MAIN"
    /// More than this of one thing is a slip of the keyboard, not a delivery.
    static let mostOfOneThing = 1_000_000

    var location: String { namedLocation ?? unit?.location ?? StockRequest.mainLocation }
}

/// What an action needs to be told of the thing it is about.
struct StockNeeds: OptionSet {
    let rawValue: Int
    static let serial = StockNeeds(rawValue: 1)
    static let quantity = StockNeeds(rawValue: 2)
    static let orZero = StockNeeds(rawValue: 4)
}

extension Pathway {
    /// Reads item, lot, serial number and quantity; nil when the thing itself cannot be told.
    func stockRequest(
        _ command: Command, needs: StockNeeds, in state: any ClinicState, into ruling: inout Ruling
    ) throws -> StockRequest? {
        let quantity = stockQuantity(command, needs: needs, into: &ruling)
        guard let sku: SKU = command.id(.sku) else {
            // The forms resolve a barcode to an item; one that is there and came to nothing is of no item of ours.
            if command.text(.barcode) != nil { refuseUnknownItem(.barcode, aside: nil, into: &ruling) }
            return nil
        }
        guard let item = catalog.items[sku] else {
            refuseUnknownItem(.sku, aside: "item \(sku)", into: &ruling)
            return nil
        }
        let serial = item.tracking == .serial ? command.text(.serial) : nil
        if item.tracking == .serial {
            if serial == nil, needs.contains(.serial) {
                ruling.refuse(
                    .InventoryRules.serialRequired, [.serial, .barcode], "the serial number is missing",
                    mend: "scan the whole barcode of the device, or give its serial number", aside: "item \(sku)")
            }
            if serial != nil, quantity != 1, needs.contains(.quantity) {
                ruling.refuse(
                    .InventoryRules.badQuantity, [.quantity, .serial], "a serial number stands for exactly one device",
                    mend: "give one entry per device, or leave the serial number out where lots are counted")
            }
        }
        let unit = try serial.flatMap { try state.fetch(SerialUnit.self, id: "\(sku)|\($0)") }
        guard let lot = command.text(.lot) ?? unit?.lot ?? (item.tracking == .quantity ? "" : nil) else {
            if let serial, command.action.rawValue != "RECEIVE" {
                ruling.refuse(
                    .InventoryRules.lotUnknown, [.serial, .lot], "the serial number has not been received",
                    mend: "tell its receipt, or give the lot", aside: "serial \(sku)|\(serial)",
                    waitingFor: [.item(sku)])
                return nil
            }
            ruling.refuse(
                .InventoryRules.lotRequired, [.lot, .barcode], "the lot is missing",
                mend: "scan the whole barcode, or give the lot", aside: "item \(sku)")
            return nil
        }
        if let unit, !unit.lot.utf8.elementsEqual(lot.utf8) {
            ruling.refuse(
                .InventoryRules.lotUnknown, [.lot, .serial], "the serial number belongs to another lot",
                mend: "check lot and serial number on the device's label", aside: "serial \(unit.id), lot \(unit.lot)")
        }
        return StockRequest(
            item: item, lot: lot, namedLocation: command.text(.location), quantity: quantity, serial: serial,
            unit: unit)
    }

    private func refuseUnknownItem(_ field: Field, aside: String?, into ruling: inout Ruling) {
        ruling.refuse(
            .InventoryRules.itemUnknown, [field], "the item is not in the clinic's list",
            mend: "add the item to the clinic's list, or correct its number", aside: aside)
    }

    /// The quantity, or one where it is wrong and has been refused, so that the rest can be judged too.
    private func stockQuantity(_ command: Command, needs: StockNeeds, into ruling: inout Ruling) -> Int {
        guard needs.contains(.quantity), let quantity = command.integer(.quantity) else { return 1 }
        let least = needs.contains(.orZero) ? 0 : 1
        guard quantity < least || quantity > StockRequest.mostOfOneThing else { return quantity }
        ruling.refuse(
            .InventoryRules.badQuantity, [.quantity], "the quantity is not one that can be moved",
            mend: "give a whole number above zero", aside: "quantity \(quantity)")
        return 1
    }

    /// The case that an entry takes things for; refused where there is none or it has not begun.
    func caseForStock(
        _ command: Command, in state: any ClinicState, into ruling: inout Ruling
    ) throws -> SurgicalCase? {
        guard let id: CaseID = command.id(.surgicalCase) else {
            ruling.refuse(
                .InventoryRules.caseRequired, [.surgicalCase], "the case is missing",
                mend: "name the case in which it happened")
            return nil
        }
        guard let surgicalCase = try state.fetch(SurgicalCase.self, id: id.rawValue) else {
            ruling.refuse(
                .CaseRules.unknown, [.surgicalCase], "no such case yet",
                mend: "create the case, or correct its number", aside: "case \(id)", waitingFor: [.surgicalCase(id)])
            return nil
        }
        _ = try owner(surgicalCase.mrn, comparedWith: command, in: state, into: &ruling)
        if !surgicalCase.state.takesInventory {
            let isAhead = surgicalCase.state.isOpen
            ruling.refuse(
                .InventoryRules.caseNotOpen, [.surgicalCase],
                isAhead ? "the case has not started" : "the case was cancelled",
                mend: isAhead ? "tell the start of the case" : "name the case in which it happened",
                aside: "case \(id) is \(surgicalCase.state.rawValue)",
                waitingFor: isAhead ? [.surgicalCase(id)] : [])
        }
        return surgicalCase
    }

    /// A finding that warns unless the clinic's policy makes it a refusal.
    func caution(_ finding: Finding, into ruling: inout Ruling) {
        ruling.warn(finding)
    }
}
