/// Lots, what is taken from them, and the movements that say so.
extension Pathway {
    /// The lot at its location; refused when nobody has received it there.
    func knownLot(
        _ request: StockRequest, at location: String, in state: any ClinicState, into ruling: inout Ruling
    ) throws -> InventoryLot? {
        let id = InventoryLot.id(request.item.sku, request.lot, location)
        if let lot = try state.fetch(InventoryLot.self, id: id) { return lot }
        let elsewhere = try state.fetch(InventoryLot.self, where: .lot(request.item.sku, request.lot))
        if elsewhere.isEmpty {
            ruling.refuse(
                .InventoryRules.lotUnknown, [.lot, .sku], "the lot has not been received",
                mend: "tell its receipt, or correct the lot", aside: "lot \(id)", waitingFor: [.item(request.item.sku)])
        } else {
            ruling.refuse(
                .InventoryRules.stockShort, [.quantity, .location], "there is none of the lot at this location",
                mend: "tell the transfer to this location, or name the location it was taken from",
                aside: "lot \(id); it lies at \(elsewhere.map(\.location).joined(separator: ", "))",
                waitingFor: [.item(request.item.sku)])
        }
        return nil
    }

    /// Refuses to take more than is there.
    func checkStock(_ quantity: Int, in lot: InventoryLot, into ruling: inout Ruling) {
        guard lot.onHand < quantity else { return }
        ruling.refuse(
            .InventoryRules.stockShort, [.quantity, .lot], "there is less on hand than was to be taken",
            mend: "tell the receipt that is missing, or correct the quantity",
            aside: "lot \(lot.id): \(lot.onHand) on hand, \(quantity) wanted", waitingFor: [.item(lot.sku)])
    }

    /// Refuses to take what is kept for plans other than the one given.
    func checkReservations(
        _ quantity: Int, in lot: InventoryLot, for plan: PlanID?, in state: any ClinicState, into ruling: inout Ruling
    ) throws {
        guard lot.onHand >= quantity else { return }
        let own = try activeReservations(of: lot, in: state).filter { $0.plan == plan }.map(\.quantity).reduce(0, +)
        let others = max(0, lot.reserved - own)
        guard lot.onHand - others < quantity else { return }
        ruling.refuse(
            .InventoryRules.reservedForAnotherCase, [.lot, .quantity], "what is left of the lot is kept for others",
            mend: "take another lot, or release the reservation first",
            aside: "lot \(lot.id): \(lot.onHand) on hand, \(others) of them kept for other plans")
    }

    /// Refuses a device that is not in stock any more, or lies elsewhere than it is said to be taken from.
    func checkUnit(_ request: StockRequest, into ruling: inout Ruling) {
        guard let unit = request.unit else { return }
        if unit.state != .inStock {
            ruling.refuse(
                .InventoryRules.serialAlreadyUsed, [.serial],
                "this serial number is on record as used, or has left the stock",
                mend: "read the serial number from the label of the device that was put in, and scan that one; "
                    + "if this one is in the patient, tell the surgeon",
                aside: "serial \(unit.id) is \(unit.state.rawValue)"
                    + (unit.surgicalCase.map { " in case \($0)" } ?? ""))
        } else if let location = request.namedLocation, !location.utf8.elementsEqual(unit.location.utf8) {
            ruling.refuse(
                .InventoryRules.stockShort, [.location, .serial], "the device lies at another location",
                mend: "tell the transfer to this location, or name the location it was taken from",
                aside: "serial \(unit.id) lies at \(unit.location)", waitingFor: [.item(request.item.sku)])
        }
    }

    /// Refuses to take a device that nobody received, or does not name, where all that lie there are known one by one.
    ///
    /// That the number is missing was said already where the action always asks for it.
    func checkDevices(
        _ request: StockRequest, in lot: InventoryLot, state: any ClinicState, into ruling: inout Ruling
    ) throws {
        guard request.item.tracking == .serial, request.unit == nil, lot.onHand >= request.quantity else { return }
        let known = try state.fetch(SerialUnit.self, where: .lot(lot.sku, lot.lot)).filter {
            $0.state == .inStock && $0.location.utf8.elementsEqual(lot.location.utf8)
        }
        guard !known.isEmpty, known.count > lot.onHand - request.quantity else { return }
        if let serial = request.serial {
            ruling.refuse(
                .InventoryRules.lotUnknown, [.serial, .lot], "the serial number has not been received",
                mend: "tell its receipt, or check the serial number on the device's label",
                aside: "serial \(serial) of lot \(lot.id)", waitingFor: [.item(lot.sku)])
        } else if !ruling.findings.contains(where: { $0.rule == .InventoryRules.serialRequired }) {
            ruling.refuse(
                .InventoryRules.serialRequired, [.serial, .barcode], "the serial number is missing",
                mend: "scan the whole barcode of the device, or give its serial number",
                aside: "lot \(lot.id) has \(known.map(\.serial).joined(separator: ", "))")
        }
    }

    func activeReservations(of lot: InventoryLot, in state: any ClinicState) throws -> [Reservation] {
        try state.fetch(Reservation.self, where: .lot(lot.sku, lot.lot))
            .filter { $0.state == .active && $0.location.utf8.elementsEqual(lot.location.utf8) }
    }

    /// The lot and the reservations after so many were taken.
    ///
    /// What is kept for the plan goes first. Where things are gone whatever was promised, the latest promises give way.
    func taking(
        _ quantity: Int, from before: InventoryLot, for plan: PlanID?, in state: any ClinicState
    ) throws -> [any ClinicEntity] {
        var lot = before
        lot.onHand -= quantity
        var changed: [Reservation] = []
        var left = quantity
        var standing: [Reservation] = []
        for reservation in try activeReservations(of: lot, in: state) {
            guard reservation.plan == plan, left > 0 else {
                standing.append(reservation)
                continue
            }
            let taken = min(left, reservation.quantity)
            left -= taken
            lot.reserved = max(0, lot.reserved - taken)
            changed.append(reservation.lowered(by: taken, to: .consumed))
        }
        for reservation in standing.sorted(by: { ($0.neededOn, $0.number) > ($1.neededOn, $1.number) })
        where lot.reserved > lot.onHand {
            let given = min(lot.reserved - lot.onHand, reservation.quantity)
            lot.reserved -= given
            changed.append(reservation.lowered(by: given, to: .released))
        }
        // Promises that no reservation stands for any more bind nobody.
        lot.reserved = min(lot.reserved, lot.onHand)
        return [lot] + changed
    }

    /// A movement of a lot as an entry tells it, under the next number.
    func movement(
        _ kind: StockMovement.Kind, of lot: InventoryLot, change: Int, serial: String?, in surgicalCase: SurgicalCase?,
        as command: Command, state: any ClinicState
    ) throws -> StockMovement {
        var movement = StockMovement(
            number: try state.next(.movement), movement: kind, sku: lot.sku, lot: lot.lot, location: lot.location,
            change: change, occurredAt: command.effectiveAt, source: command.source, reference: command.reference)
        movement.serial = serial
        movement.surgicalCase = surgicalCase?.surgicalCase
        movement.mrn = surgicalCase?.mrn
        movement.side = command.text(.side).flatMap { Side(rawValue: $0) }
        movement.reason = command.text(.reason)
        movement.actor = command.text(.actor)
        return movement
    }

    /// The event of an entry about stock.
    func stockEvent(
        _ kind: String, _ sku: SKU, of surgicalCase: SurgicalCase? = nil, writes: [any ClinicEntity],
        as command: Command
    ) -> Event {
        Event(
            kind, surgicalCase.map { .surgicalCase($0.surgicalCase) } ?? .item(sku), patient: surgicalCase?.mrn,
            at: command.effectiveAt, writes: writes, note: command.text(.reason))
    }
}

extension Reservation {
    /// The reservation after a part of it is gone; all of it gone leaves the quantity that it was for.
    func lowered(by part: Int, to end: State) -> Reservation {
        var lowered = self
        if part >= quantity { lowered.state = end } else { lowered.quantity -= part }
        return lowered
    }
}
