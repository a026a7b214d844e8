/// Undoing a movement told in error, by another movement that takes it back.
extension Pathway {
    func voidStock(_ command: Command, in state: any ClinicState, into ruling: inout Ruling) throws {
        guard let original = command.text(.original) else { return }
        let told = try told(as: original, by: command, in: state, into: &ruling)
        if let recall = told.recalls.first { return try voidRecall(recall, as: command, in: state, into: &ruling) }
        let movements = told.movements
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

    /// What one entry told of stock; a transfer told two movements, a quarantine one for each place.
    private struct Told {
        var movements: [StockMovement] = []
        var recalls: [Recall] = []

        init(as reference: String, in state: any ClinicState) throws {
            movements = try state.fetch(StockMovement.self, where: .reference(reference))
                .sorted { $0.number < $1.number }
            recalls = try state.fetch(Recall.self, where: .reference(reference))
        }

        var sources: Set<SourceName> { Set(movements.map(\.source) + recalls.map(\.source)) }

        mutating func keep(_ source: SourceName) {
            movements.removeAll { $0.source != source }
            recalls.removeAll { $0.source != source }
        }
    }

    /// What was told under a reference, or under `source/reference`; the sender's own goes before others'.
    private func told(
        as original: String, by command: Command, in state: any ClinicState, into ruling: inout Ruling
    ) throws -> Told {
        var told = try Told(as: original, in: state)
        var keys: [Key] = [.reference(.inventory, original)]
        if told.sources.isEmpty, let slash = original.utf8.firstIndex(of: UInt8(ascii: "/")) {
            let reference = String(original[original.utf8.index(after: slash)...])
            told = try Told(as: reference, in: state)
            told.keep(SourceName(String(original[..<slash])))
            keys.append(.reference(.inventory, reference))
        } else if told.sources.contains(command.source) {
            told.keep(command.source)
        }
        if told.sources.isEmpty {
            ruling.refuse(
                .InventoryRules.originalUnknown, [.original], "nothing was told under this reference yet",
                mend: "drop the entry that is to be voided, or correct the reference", aside: "reference \(original)",
                waitingFor: keys)
        } else if told.sources.count > 1 {
            ruling.refuse(
                .InventoryRules.originalUnknown, [.original], "more than one source used this reference",
                mend: "give it as source/reference", aside: "reference \(original)")
            told.movements = []
            told.recalls = []
        }
        return told
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

    /// The movement that takes one back, with lot, device and reservation as they were before it.
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
        }
        if let unit { checkStays(unit, as: movement, into: &ruling) }
        if movement.movement.isOfStanding { try checkStanding(movement, of: lot, in: state, into: &ruling) }
        guard ruling.isClear else { return [] }
        var void = try self.movement(
            .void, of: lot, change: -movement.change, serial: movement.serial, in: surgicalCase, as: command,
            state: state)
        void.original = movement.number
        void.side = movement.side
        var writes: [any ClinicEntity] = [void]
        if let before = movement.stateBefore, lot.state != .recalled, try isLastWord(movement, of: lot, in: state) {
            lot.state = before
        }
        if movement.movement == .receive {
            writes += try forgettingReceipt(movement, of: &lot, at: command.effectiveAt, in: state)
        }
        if movement.change > 0 {
            writes += try taking(movement.change, from: lot, for: nil, in: state)
        } else {
            lot.onHand -= movement.change
            writes += try keepingAgain(of: &lot, movement, for: surgicalCase, in: state)
            writes.append(lot)
        }
        if let unit = unit?.before(movement) { writes.append(unit) }
        return writes
    }

    /// A device that went on from where the movement left it has a later movement to be undone first.
    private func checkStays(_ unit: SerialUnit, as movement: StockMovement, into ruling: inout Ruling) {
        let isInStock = unit.state == .inStock
        let isThere = unit.location.utf8.elementsEqual(movement.location.utf8)
        let stays =
            switch movement.movement {
            case .receive, .transferIn, .giveBack: isInStock && isThere
            case .transferOut: isInStock
            case .use: unit.state == .used && unit.surgicalCase == movement.surgicalCase
            case .waste: unit.state == .wasted && unit.surgicalCase == movement.surgicalCase
            case .dispose, .returnToSupplier: unit.state == .gone
            case .count, .quarantine, .accept, .recall, .void: true
            }
        guard !stays else { return }
        ruling.refuse(
            .InventoryRules.serialAlreadyUsed, [.original], "the device was used or moved meanwhile",
            mend: "void what happened to it since first",
            aside: "serial \(unit.id) is \(unit.state.rawValue), last at \(unit.location)")
    }

    /// Nothing since a movement has said whether the lot may be used there.
    private func isLastWord(_ movement: StockMovement, of lot: InventoryLot, in state: any ClinicState) throws -> Bool {
        let all = try state.fetch(StockMovement.self, where: .lot(lot.sku, lot.lot))
            .filter { $0.location.utf8.elementsEqual(lot.location.utf8) }
        let voided = Set(all.filter { $0.movement == .void }.compactMap(\.original))
        return !all.contains {
            ($0.movement.isOfStanding || $0.stateBefore != nil) && $0.number > movement.number
                && !voided.contains($0.number)
        }
    }

    /// Only the last word about whether a lot may be used can be taken back.
    private func checkStanding(
        _ movement: StockMovement, of lot: InventoryLot, in state: any ClinicState, into ruling: inout Ruling
    ) throws {
        let isLast = try isLastWord(movement, of: lot, in: state)
        if lot.state == .recalled {
            ruling.refuse(
                .InventoryRules.lotRecalled, [.original], "the lot was recalled meanwhile",
                mend: "dispose of it or return it to the supplier", aside: "lot \(lot.id)")
        } else if !isLast {
            ruling.refuse(
                .InventoryRules.originalUnknown, [.original], "it was decided anew whether the lot may be used",
                mend: "quarantine or accept the lot as it is now to stand", aside: "movement \(movement.number)")
        }
    }

    /// A lot of which no receipt stands any more may come in anew with another expiry date and price.
    private func forgettingReceipt(
        _ receipt: StockMovement, of lot: inout InventoryLot, at instant: Instant, in state: any ClinicState
    ) throws -> [InventoryLot] {
        let all = try state.fetch(StockMovement.self, where: .lot(lot.sku, lot.lot))
        let voided = Set(all.filter { $0.movement == .void }.compactMap(\.original))
        let standing = all.filter {
            $0.change > 0 && $0.movement != .void && $0.number != receipt.number && !voided.contains($0.number)
        }
        lot.receivedAt = max(lot.receivedAt, standing.map(\.occurredAt).min() ?? instant)
        guard standing.isEmpty else { return [] }
        lot.expiresOn = nil
        lot.unitCost = nil
        let location = lot.location
        return try state.fetch(InventoryLot.self, where: .lot(lot.sku, lot.lot))
            .filter { !$0.location.utf8.elementsEqual(location.utf8) }
            .map { elsewhere in
                var elsewhere = elsewhere
                elsewhere.expiresOn = nil
                elsewhere.unitCost = nil
                return elsewhere
            }
    }

    /// What a use took of the plan's own is kept for the plan again, until the case is billed and nothing is kept any more.
    private func keepingAgain(
        of lot: inout InventoryLot, _ use: StockMovement, for surgicalCase: SurgicalCase?, in state: any ClinicState
    ) throws -> [Reservation] {
        guard let taken = use.fromReservation, let surgicalCase, lot.state == .available,
            try state.fetch(Bill.self, where: .surgicalCase(surgicalCase.surgicalCase)).isEmpty
        else { return [] }
        let location = lot.location
        let own = try state.fetch(Reservation.self, where: .lot(lot.sku, lot.lot)).filter {
            $0.plan == surgicalCase.plan && $0.location.utf8.elementsEqual(location.utf8) && $0.state != .released
        }
        guard var kept = own.first(where: { $0.state == .active }) ?? own.last else { return [] }
        kept.quantity = kept.state == .active ? kept.quantity + taken : taken
        kept.state = .active
        lot.reserved += taken
        return [kept]
    }
}

extension SerialUnit {
    /// The device as it was before a movement; nil where the movement's other half tells it.
    func before(_ movement: StockMovement) -> SerialUnit? {
        var unit = self
        switch movement.movement {
        case .transferIn, .count, .quarantine, .accept, .recall, .void: return nil
        case .receive: unit.state = .gone
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
