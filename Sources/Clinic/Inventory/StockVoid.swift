/// Undoing a movement told in error, by another movement that takes it back.
extension Pathway {
    func voidStock(_ command: Command, in state: any ClinicState, into ruling: inout Ruling) throws {
        guard let original = command.text(.original) else { return }
        let movements = try movementsNamed(original, by: command, in: state, into: &ruling)
        guard let first = movements.first else { return }
        let undone = try state.fetch(StockMovement.self, where: .lot(first.sku, first.lot))
            .filter { $0.movement == .void }.compactMap(\.original)
        if first.movement == .void || movements.contains(where: { undone.contains($0.number) }) {
            ruling.refuse(
                .InventoryRules.originalUnknown, [.original], "the movement does not stand any more",
                mend: "nothing, if it was voided before; else correct the reference", aside: "movement \(first.number)")
            return
        }
        var surgicalCase: SurgicalCase?
        if let id = first.surgicalCase { surgicalCase = try state.fetch(SurgicalCase.self, id: id.rawValue) }
        if let surgicalCase {
            _ = try owner(surgicalCase.mrn, comparedWith: command, in: state, into: &ruling)
            try cautionAboutBill(of: surgicalCase, in: state, into: &ruling)
            if first.movement == .use { try checkUseStands(first, in: surgicalCase, state: state, into: &ruling) }
        }
        var writes: [any ClinicEntity] = []
        for movement in movements {
            writes += try undoing(movement, of: surgicalCase, as: command, in: state, into: &ruling)
        }
        guard ruling.isClear else { return }
        ruling.record(stockEvent("inventory.voided", first.sku, of: surgicalCase, writes: writes, as: command))
    }

    /// The movements told under a reference, or under `source/reference`; a transfer told two of them.
    private func movementsNamed(
        _ original: String, by command: Command, in state: any ClinicState, into ruling: inout Ruling
    ) throws -> [StockMovement] {
        var found = try state.fetch(StockMovement.self, where: .reference(original))
        var keys: [Key] = [.reference(.inventory, original)]
        if found.isEmpty, let slash = original.utf8.firstIndex(of: UInt8(ascii: "/")) {
            let source = SourceName(String(original[..<slash]))
            let reference = String(original[original.utf8.index(after: slash)...])
            found = try state.fetch(StockMovement.self, where: .reference(reference)).filter { $0.source == source }
            keys.append(.reference(.inventory, reference))
        }
        let own = found.filter { $0.source == command.source }
        let movements = own.isEmpty ? found : own
        if movements.isEmpty {
            ruling.refuse(
                .InventoryRules.originalUnknown, [.original], "nothing was told under this reference yet",
                mend: "drop the entry that is to be voided, or correct the reference", aside: "reference \(original)",
                waitingFor: keys)
        } else if Set(movements.map(\.source)).count > 1 {
            ruling.refuse(
                .InventoryRules.originalUnknown, [.original], "more than one source used this reference",
                mend: "give it as source/reference", aside: "reference \(original)")
            return []
        }
        return movements.sorted { $0.number < $1.number }
    }

    /// A use that came back meanwhile has nothing left to be undone.
    private func checkUseStands(
        _ use: StockMovement, in surgicalCase: SurgicalCase, state: any ClinicState, into ruling: inout Ruling
    ) throws {
        let consumption = try Consumption(of: surgicalCase.surgicalCase, in: state)
        guard consumption.net(use.sku, lot: use.lot, serial: use.serial) < -use.change else { return }
        ruling.refuse(
            .InventoryRules.returnExceedsUse, [.original], "what was used has been given back meanwhile",
            mend: "void the return first", aside: "movement \(use.number)")
    }

    /// The movement that takes one back, with lot and device as they were before it.
    private func undoing(
        _ movement: StockMovement, of surgicalCase: SurgicalCase?, as command: Command, in state: any ClinicState,
        into ruling: inout Ruling
    ) throws -> [any ClinicEntity] {
        let id = InventoryLot.id(movement.sku, movement.lot, movement.location)
        guard var lot = try state.fetch(InventoryLot.self, id: id) else { return [] }
        let unit = try movement.serial.flatMap { try state.fetch(SerialUnit.self, id: "\(movement.sku)|\($0)") }
        checkStock(movement.change, in: lot, into: &ruling)
        if movement.change > 0 {
            try checkReservations(movement.change, in: lot, for: nil, in: state, into: &ruling)
            if let unit, unit.state != .inStock {
                ruling.refuse(
                    .InventoryRules.serialAlreadyUsed, [.original], "the device was used meanwhile",
                    mend: "void its use first", aside: "serial \(unit.id) is \(unit.state.rawValue)")
            }
        }
        guard ruling.isClear else { return [] }
        var void = try self.movement(
            .void, of: lot, change: -movement.change, serial: movement.serial, in: surgicalCase, as: command,
            state: state)
        void.original = movement.number
        void.side = movement.side
        var writes: [any ClinicEntity] = [void]
        if movement.change > 0 {
            writes += try taking(movement.change, from: lot, for: nil, in: state)
        } else {
            lot.onHand -= movement.change
            writes.append(lot)
        }
        if let unit = unit?.before(movement) { writes.append(unit) }
        return writes
    }
}

extension SerialUnit {
    /// The device as it was before a movement; nil where the movement's other half tells it.
    func before(_ movement: StockMovement) -> SerialUnit? {
        var unit = self
        switch movement.movement {
        case .receive, .transferIn, .count, .void:
            guard movement.movement == .receive else { return nil }
            unit.state = .gone
        case .use, .waste, .dispose, .returnToSupplier, .transferOut:
            unit.state = .inStock
            unit.location = movement.location
            unit.surgicalCase = nil
            unit.side = nil
        case .giveBack:
            unit.state = .used
            unit.surgicalCase = movement.surgicalCase
            unit.side = movement.side
        }
        return unit
    }
}
