/// Whether a lot may be used: quarantine, acceptance, recall.
extension Pathway {
    func quarantineStock(_ command: Command, in state: any ClinicState, into ruling: inout Ruling) throws {
        let lots = try lotsNamed(command, in: state, into: &ruling)
        refuseRecalled(lots, into: &ruling)
        setStanding(of: lots, to: .quarantined, "inventory.quarantined", as: command, into: &ruling)
    }

    func acceptStock(_ command: Command, in state: any ClinicState, into ruling: inout Ruling) throws {
        let lots = try lotsNamed(command, in: state, into: &ruling)
        refuseRecalled(lots, into: &ruling)
        setStanding(of: lots, to: .available, "inventory.accepted", as: command, into: &ruling)
    }

    /// A recall takes the lot wherever it lies; reservations of it stand until their plans see to it.
    func recallStock(_ command: Command, in state: any ClinicState, into ruling: inout Ruling) throws {
        let lots = try lotsNamed(command, everywhere: true, in: state, into: &ruling)
        setStanding(of: lots, to: .recalled, "inventory.recalled", as: command, into: &ruling)
    }

    /// The lot at the location named, or at all of them.
    private func lotsNamed(
        _ command: Command, everywhere: Bool = false, in state: any ClinicState, into ruling: inout Ruling
    ) throws -> [InventoryLot] {
        guard let request = try stockRequest(command, needs: [], in: state, into: &ruling) else { return [] }
        let lots = try state.fetch(InventoryLot.self, where: .lot(request.item.sku, request.lot))
            .filter { lot in
                everywhere || request.namedLocation.map { $0.utf8.elementsEqual(lot.location.utf8) } ?? true
            }
        if lots.isEmpty {
            ruling.refuse(
                .InventoryRules.lotUnknown, [.lot, .sku], "the lot has not been received",
                mend: "tell its receipt, or correct the lot",
                aside: "item \(request.item.sku), lot \(request.lot)", waitingFor: [.item(request.item.sku)])
        }
        return lots
    }

    private func refuseRecalled(_ lots: [InventoryLot], into ruling: inout Ruling) {
        guard let recalled = lots.first(where: { $0.state == .recalled }) else { return }
        ruling.refuse(
            .InventoryRules.lotRecalled, [.lot], "the lot is recalled",
            mend: "dispose of it or return it to the supplier", aside: "lot \(recalled.id)")
    }

    private func setStanding(
        of lots: [InventoryLot], to standing: InventoryLot.State, _ kind: String, as command: Command,
        into ruling: inout Ruling
    ) {
        guard ruling.isClear, let first = lots.first else { return }
        let changed = lots.map { lot in
            var changed = lot
            changed.state = standing
            return changed
        }
        ruling.record(stockEvent(kind, first.sku, writes: changed, as: command))
    }
}
