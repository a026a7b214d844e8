/// What happens to things outside of cases: received, counted, moved, thrown away, sent back.
extension Pathway {
    func receiveStock(_ command: Command, in state: any ClinicState, into ruling: inout Ruling) throws {
        guard let request = try stockRequest(command, needs: .quantity, in: state, into: &ruling) else { return }
        if let unit = request.unit, unit.state != .gone {
            ruling.refuse(
                .InventoryRules.serialAlreadyUsed, [.serial], "the serial number came in before",
                mend: "check the serial number on the device's label",
                aside: "serial \(unit.id) is \(unit.state.rawValue)")
        }
        let location = request.namedLocation ?? StockRequest.mainLocation
        var lot = try lotToFill(request, at: location, command: command, in: state)
        checkExpiry(command, of: lot, into: &ruling)
        guard ruling.isClear else { return }
        if lot.state == .recalled {
            ruling.warn(
                .InventoryRules.lotRecalled, [.lot], "the lot is recalled: what came in of it is not to be used",
                mend: "return it to the supplier, or dispose of it", aside: "lot \(lot.id)")
        }
        lot.onHand += request.quantity
        lot.receivedAt = min(lot.receivedAt, command.effectiveAt)
        lot.unitCost = command.money(.unitCost) ?? lot.unitCost
        let receipt = try movement(
            .receive, of: lot, change: request.quantity, serial: request.serial, in: nil, as: command, state: state)
        var writes: [any ClinicEntity] = [receipt, lot]
        if let serial = request.serial {
            writes.append(SerialUnit(sku: lot.sku, serial: serial, lot: lot.lot, location: lot.location))
        }
        writes += try learningExpiry(of: lot, in: state)
        ruling.record(stockEvent("inventory.received", lot.sku, writes: writes, as: command))
    }

    /// Disposal and return to the supplier: possible in every state of a lot.
    func removeStock(
        _ command: Command, as kind: StockMovement.Kind, _ event: String, in state: any ClinicState,
        into ruling: inout Ruling
    ) throws {
        guard let request = try stockRequest(command, needs: .quantity, in: state, into: &ruling) else { return }
        let lot = try knownLot(request, at: request.location, in: state, into: &ruling)
        checkUnit(request, into: &ruling)
        if let lot {
            checkStock(request.quantity, in: lot, into: &ruling)
            try checkDevices(request, in: lot, state: state, into: &ruling)
            // Promises keep what is fit; what is unfit goes, and the promises with it.
            if lot.state == .available, !lot.isExpired(on: zone.date(of: command.effectiveAt)) {
                try checkReservations(request.quantity, in: lot, for: nil, in: state, into: &ruling)
            }
        }
        guard ruling.isClear, let lot else { return }
        let removal = try movement(
            kind, of: lot, change: -request.quantity, serial: request.serial, in: nil, as: command, state: state)
        var writes: [any ClinicEntity] = [removal]
        writes += try taking(request.quantity, from: lot, for: nil, in: state)
        if let serial = request.serial {
            var unit =
                request.unit ?? SerialUnit(sku: lot.sku, serial: serial, lot: lot.lot, location: lot.location)
            unit.state = .gone
            writes.append(unit)
        }
        ruling.record(stockEvent(event, lot.sku, writes: writes, as: command))
    }

    /// A count sets what is on hand; the movement holds the difference.
    func countStock(_ command: Command, in state: any ClinicState, into ruling: inout Ruling) throws {
        guard let request = try stockRequest(command, needs: [.quantity, .orZero], in: state, into: &ruling) else {
            return
        }
        if request.serial != nil {
            ruling.refuse(
                .InventoryRules.badQuantity, [.serial, .quantity], "a count is of a lot, not of one device",
                mend: "count the lot, without a serial number")
        }
        let location = request.namedLocation ?? StockRequest.mainLocation
        var lot = try lotToFill(request, at: location, command: command, in: state)
        checkExpiry(command, of: lot, into: &ruling)
        guard ruling.isClear, command.integer(.quantity) != nil else { return }
        let difference = request.quantity - lot.onHand
        // What is counted has come, whoever forgot to say so.
        if request.quantity > 0 { lot.receivedAt = min(lot.receivedAt, command.effectiveAt) }
        let count = try movement(
            .count, of: lot, change: difference, serial: nil, in: nil, as: command, state: state)
        var writes: [any ClinicEntity] = [count]
        writes += try taking(-difference, from: lot, for: nil, in: state)
        writes += try learningExpiry(of: lot, in: state)
        ruling.record(stockEvent("inventory.counted", lot.sku, writes: writes, as: command))
    }

    func transferStock(_ command: Command, in state: any ClinicState, into ruling: inout Ruling) throws {
        guard let request = try stockRequest(command, needs: .quantity, in: state, into: &ruling),
            let target = command.text(.toLocation)
        else { return }
        if target.utf8.elementsEqual(request.location.utf8) {
            ruling.refuse(
                .Entry.badValue, [.toLocation, .location], "a transfer goes to another location",
                mend: "correct one of the two locations")
        }
        let lot = try knownLot(request, at: request.location, in: state, into: &ruling)
        checkUnit(request, into: &ruling)
        if let lot {
            checkStock(request.quantity, in: lot, into: &ruling)
            try checkDevices(request, in: lot, state: state, into: &ruling)
            try checkReservations(request.quantity, in: lot, for: nil, in: state, into: &ruling)
        }
        guard ruling.isClear, let lot else { return }
        var there = try lotToFill(request, at: target, command: command, in: state)
        let standing = there.state
        there.onHand += request.quantity
        there.state = worse(lot.state, there.state)
        there.expiresOn = there.expiresOn ?? lot.expiresOn
        there.unitCost = there.unitCost ?? lot.unitCost
        let out = try movement(
            .transferOut, of: lot, change: -request.quantity, serial: request.serial, in: nil, as: command,
            state: state)
        var into = try movement(
            .transferIn, of: there, change: request.quantity, serial: request.serial, in: nil, as: command,
            state: state)
        if there.state != standing { into.stateBefore = standing }
        var writes: [any ClinicEntity] = [out, into]
        writes += try taking(request.quantity, from: lot, for: nil, in: state)
        writes.append(there)
        if let serial = request.serial {
            var unit = request.unit ?? SerialUnit(sku: lot.sku, serial: serial, lot: lot.lot, location: target)
            unit.location = target
            writes.append(unit)
        }
        ruling.record(stockEvent("inventory.transferred", lot.sku, writes: writes, as: command))
    }

    /// The lot at a location, or a new one there; it shares expiry and recall with the lot elsewhere.
    func lotToFill(
        _ request: StockRequest, at location: String, command: Command, in state: any ClinicState
    ) throws -> InventoryLot {
        let sku = request.item.sku
        // Things that are not followed by lot come with many dates; the package's own counts when one is used.
        let told = request.lot.isEmpty ? nil : command.date(.expiresOn)
        if var lot = try state.fetch(InventoryLot.self, id: InventoryLot.id(sku, request.lot, location)) {
            lot.expiresOn = lot.expiresOn ?? told
            return lot
        }
        let elsewhere = try state.fetch(InventoryLot.self, where: .lot(sku, request.lot))
        var lot = InventoryLot(
            sku: sku, lot: request.lot, location: location,
            expiresOn: elsewhere.compactMap(\.expiresOn).min() ?? told, receivedAt: command.effectiveAt)
        if try isRecalled(sku, request.lot, in: state) {
            lot.state = .recalled
        } else if !request.lot.isEmpty, !elsewhere.isEmpty, elsewhere.allSatisfy({ $0.state == .quarantined }) {
            // What the whole lot is kept apart for holds for what comes back or comes in at another place.
            lot.state = .quarantined
        }
        return lot
    }

    /// The same lot elsewhere whose expiry nobody had told yet: one lot has one expiry date.
    private func learningExpiry(of lot: InventoryLot, in state: any ClinicState) throws -> [InventoryLot] {
        guard let expiresOn = lot.expiresOn else { return [] }
        return try state.fetch(InventoryLot.self, where: .lot(lot.sku, lot.lot))
            .filter { $0.expiresOn == nil && !$0.location.utf8.elementsEqual(lot.location.utf8) }
            .map { elsewhere in
                var elsewhere = elsewhere
                elsewhere.expiresOn = expiresOn
                return elsewhere
            }
    }

    private func worse(_ one: InventoryLot.State, _ other: InventoryLot.State) -> InventoryLot.State {
        if one == .recalled || other == .recalled { return .recalled }
        return one == .quarantined ? one : other
    }

    /// One lot has one expiry date.
    private func checkExpiry(_ command: Command, of lot: InventoryLot, into ruling: inout Ruling) {
        guard !lot.lot.isEmpty, let given = command.date(.expiresOn), let known = lot.expiresOn, given != known else {
            return
        }
        ruling.refuse(
            .Entry.badValue, [.expiresOn, .lot], "the lot is known with another expiry date",
            mend: "check lot and expiry date on the package", aside: "lot \(lot.id): \(known), now \(given)")
    }
}
