/// Whether a lot may be used: quarantine and acceptance; recalls have a record of their own.
extension Pathway {
    func quarantineStock(_ command: Command, in state: any ClinicState, into ruling: inout Ruling) throws {
        let lots = try lotsNamed(command, in: state, into: &ruling)
        guard ruling.isClear, let first = lots.first else { return }
        let writes = try standing(of: lots, as: .quarantine, to: .quarantined, command, in: state)
        ruling.record(stockEvent("inventory.quarantined", first.sku, writes: writes, as: command))
    }

    func acceptStock(_ command: Command, in state: any ClinicState, into ruling: inout Ruling) throws {
        let lots = try lotsNamed(command, in: state, into: &ruling)
        guard ruling.isClear, let first = lots.first else { return }
        let writes = try standing(of: lots, as: .accept, to: .available, command, in: state)
        ruling.record(stockEvent("inventory.accepted", first.sku, writes: writes, as: command))
    }

    /// The lot at the location named, or at all of them; refused where it is recalled.
    private func lotsNamed(
        _ command: Command, in state: any ClinicState, into ruling: inout Ruling
    ) throws -> [InventoryLot] {
        guard let request = try stockRequest(command, needs: [], in: state, into: &ruling) else { return [] }
        let lots = try state.fetch(InventoryLot.self, where: .lot(request.item.sku, request.lot))
            .filter { lot in request.namedLocation.map { $0.utf8.elementsEqual(lot.location.utf8) } ?? true }
        if lots.isEmpty {
            ruling.refuse(
                .InventoryRules.lotUnknown, [.lot, .sku], "the lot has not been received",
                mend: "tell its receipt, or correct the lot",
                aside: "item \(request.item.sku), lot \(request.lot)", waitingFor: [.item(request.item.sku)])
        }
        if let recalled = lots.first(where: { $0.state == .recalled }) {
            ruling.refuse(
                .InventoryRules.lotRecalled, [.lot], "the lot is recalled",
                mend: "dispose of it or return it to the supplier", aside: "lot \(recalled.id)")
        }
        return lots
    }

    /// The lots in another state, each with a movement that knows the one before.
    func standing(
        of lots: [InventoryLot], as kind: StockMovement.Kind, to standing: InventoryLot.State, _ command: Command,
        in state: any ClinicState
    ) throws -> [any ClinicEntity] {
        try lots.flatMap { lot -> [any ClinicEntity] in
            var told = try movement(kind, of: lot, change: 0, serial: nil, in: nil, as: command, state: state)
            told.stateBefore = lot.state
            var changed = lot
            changed.state = standing
            return [told, changed]
        }
    }
}
