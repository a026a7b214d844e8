/// Whether a thing can have been where it was taken from at the time that an entry tells, in whatever order entries come.
extension Pathway {
    /// Refuses what happened on a day before the lot came.
    ///
    /// By days, not by minutes: what comes with its supplier is often used first and booked in afterwards.
    func checkArrival(
        of lot: InventoryLot, as command: Command, in state: any ClinicState, into ruling: inout Ruling
    ) throws {
        let day = zone.date(of: command.effectiveAt)
        guard day < zone.date(of: lot.receivedAt) else { return }
        // A transfer may be told late: what counts is when the lot came into the house.
        let lots = try state.fetch(InventoryLot.self, where: .lot(lot.sku, lot.lot))
        guard lots.allSatisfy({ day < zone.date(of: $0.receivedAt) }) else { return }
        ruling.refuse(
            .InventoryRules.lotUnknown, [.scannedAt, .lot], "the lot was received on a later day than it was taken",
            mend: "correct the time of the scan, or tell the receipt of the day on which the lot came",
            aside: "lot \(lot.id) received \(zone.stamp(lot.receivedAt))", waitingFor: [.item(lot.sku)])
    }

    /// Refuses a device at a time at which it was in use or gone, although it is in stock now; and before such a time.
    func checkTimes(
        of request: StockRequest, as command: Command, in state: any ClinicState, into ruling: inout Ruling
    ) throws {
        guard let unit = request.unit, unit.state == .inStock else { return }
        let all = try state.fetch(StockMovement.self, where: .serial(unit.sku, unit.serial))
        let voided = Set(all.filter { $0.movement == .void }.compactMap(\.original))
        let own = all.filter { $0.movement.bringsOrTakes && !voided.contains($0.number) }
            .sorted { ($0.occurredAt, $0.number) < ($1.occurredAt, $1.number) }
        let before = own.last { $0.occurredAt <= command.effectiveAt }
        let after = own.first { $0.occurredAt > command.effectiveAt }
        if let taken = [before, after].compactMap(\.self).first(where: { $0.change < 0 }) {
            ruling.refuse(
                .InventoryRules.serialAlreadyUsed, [.serial, .scannedAt],
                "at the time told this serial number was in use or had left the stock, or it was taken again later "
                    + "without having come back",
                mend: "correct the time of the scan, or scan the device that was put in; if this one is in the "
                    + "patient, tell the surgeon",
                aside: "serial \(unit.id): \(taken.movement.rawValue) \(zone.stamp(taken.occurredAt))")
        } else if before == nil, let after,
            zone.date(of: command.effectiveAt) < zone.date(of: after.occurredAt)
        {
            ruling.refuse(
                .InventoryRules.lotUnknown, [.serial, .scannedAt],
                "the device was received on a later day than it was taken",
                mend: "correct the time of the scan, or tell the receipt of the day on which the device came",
                aside: "serial \(unit.id): \(zone.stamp(after.occurredAt))", waitingFor: [.item(unit.sku)])
        }
    }
}

extension StockMovement.Kind {
    /// A device comes into the house or a patient's case gives it back, or it goes.
    fileprivate var bringsOrTakes: Bool {
        switch self {
        case .receive, .giveBack, .use, .waste, .dispose, .returnToSupplier: true
        case .count, .transferOut, .transferIn, .quarantine, .accept, .recall, .void: false
        }
    }
}
