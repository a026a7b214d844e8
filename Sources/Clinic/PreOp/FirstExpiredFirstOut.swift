/// Keeps stock for a plan and its day: what is kept already stays, the rest is taken from the lots that expire first.
package struct FirstExpiredFirstOut {
    /// An item of which less is free than the plan needs.
    package struct Shortage: Hashable, Sendable {
        package let sku: SKU
        package let needed: Int
        /// Kept for the plan already, or free.
        package let free: Int
    }

    private struct Part {
        let lot: RowID
        let quantity: Int
    }

    package private(set) var shortages: [Shortage] = []
    private let plan: PlanID
    private let day: CalendarDate
    private var lots: [RowID: InventoryLot] = [:]
    /// The ids of the lots in the order in which they were looked at: a dictionary has none.
    private var order: [RowID] = []
    private var kept: [Reservation] = []
    private var parts: [Part] = []
    private var touched: Set<RowID> = []

    /// Works out what to keep; nothing is written and no number drawn before `writes` is asked for.
    package init(
        for plan: PlanID, needs: [ProcedurePlan.PlannedItem], on day: CalendarDate, in state: any ClinicState
    ) throws {
        self.plan = plan
        self.day = day
        let active = try state.fetch(Reservation.self, where: .plan(plan)).filter { $0.state == .active }
        var missing = Dictionary(needs.map { ($0.sku, $0.quantity) }) { $0 + $1 }
        for reservation in active { try keep(reservation, missing: &missing, in: state) }
        var done: Set<SKU> = []
        for need in needs where done.insert(need.sku).inserted {
            let all = needs.filter { $0.sku == need.sku }.reduce(0) { $0 + $1.quantity }
            try take(missing[need.sku] ?? 0, of: need.sku, outOf: all, in: state)
        }
    }

    /// Gives back all that is kept for a plan.
    package init(releasing plan: PlanID, in state: any ClinicState) throws {
        try self.init(for: plan, needs: [], on: CalendarDate(daysSinceEpoch: 0), in: state)
    }

    /// True when the plan has what it needs already, on that day.
    package var changesNothing: Bool { kept.isEmpty && parts.isEmpty }

    /// The after-images: lots, reservations that change, and new reservations with their numbers.
    package func writes(in state: any ClinicState) throws -> [any ClinicEntity] {
        var writes: [any ClinicEntity] = order.filter { touched.contains($0) }.compactMap { lots[$0] }
        writes += kept
        for part in parts {
            guard let lot = lots[part.lot] else { continue }
            writes.append(
                Reservation(
                    number: try state.next(.reservation), plan: plan, sku: lot.sku, lot: lot.lot,
                    location: lot.location,
                    quantity: part.quantity, neededOn: day))
        }
        return writes
    }

    /// Keeps as much of a reservation as is still needed and can be used on the day, and gives the rest back.
    private mutating func keep(
        _ reservation: Reservation, missing: inout [SKU: Int], in state: any ClinicState
    ) throws {
        let id = RowID(InventoryLot.id(reservation.sku, reservation.lot, reservation.location))
        if lots[id] == nil, let lot = try state.fetch(InventoryLot.self, id: id.rawValue) { note(lot) }
        let isUsable = lots[id].map { canBeUsed($0) } ?? false
        let wanted = isUsable ? min(reservation.quantity, missing[reservation.sku] ?? 0) : 0
        missing[reservation.sku, default: 0] -= wanted
        var changed = reservation
        if wanted == 0 {
            changed.state = .released
        } else {
            changed.quantity = wanted
            changed.neededOn = day
        }
        if changed != reservation { kept.append(changed) }
        if wanted < reservation.quantity, let lot = lots[id] {
            // A loss of stock may have taken the promise away already.
            lots[id]?.reserved = max(0, lot.reserved - (reservation.quantity - wanted))
            touched.insert(id)
        }
    }

    private mutating func take(_ missing: Int, of sku: SKU, outOf needed: Int, in state: any ClinicState) throws {
        guard missing > 0 else { return }
        for lot in try state.fetch(InventoryLot.self, where: .item(sku)) where lots[RowID(lot.id)] == nil { note(lot) }
        let usable = order.compactMap { lots[$0] }.filter { $0.sku == sku && canBeUsed($0) && $0.free > 0 }
        var open = missing
        for lot in usable.sorted(by: FirstExpiredFirstOut.goesBefore) where open > 0 {
            let quantity = min(open, lot.free)
            open -= quantity
            lots[RowID(lot.id)]?.reserved += quantity
            touched.insert(RowID(lot.id))
            parts.append(Part(lot: RowID(lot.id), quantity: quantity))
        }
        if open > 0 { shortages.append(Shortage(sku: sku, needed: needed, free: needed - open)) }
    }

    private mutating func note(_ lot: InventoryLot) {
        lots[RowID(lot.id)] = lot
        order.append(RowID(lot.id))
    }

    private func canBeUsed(_ lot: InventoryLot) -> Bool { lot.state == .available && !lot.isExpired(on: day) }

    /// By expiry, those without one last; among equals the older receipt, then the id.
    static func goesBefore(_ one: InventoryLot, _ other: InventoryLot) -> Bool {
        let never = CalendarDate(daysSinceEpoch: Int.max)
        let (left, right) = (one.expiresOn ?? never, other.expiresOn ?? never)
        if left != right { return left < right }
        if one.receivedAt != other.receivedAt { return one.receivedAt < other.receivedAt }
        return one.id.utf8.lexicographicallyPrecedes(other.id.utf8)
    }
}

extension ProcedurePlan {
    /// Its items, or where it names none those of its procedures, per side.
    func neededItems(in catalog: Catalog) -> [PlannedItem] {
        guard items.isEmpty else { return items }
        return procedures.flatMap { planned in
            (catalog.procedures[planned.code]?.items ?? []).map { item in
                let sides = item.perSide && planned.side == .bilateral ? 2 : 1
                return PlannedItem(sku: item.sku, quantity: item.quantity * sides)
            }
        }
    }
}

extension Pathway {
    /// What a plan needs from stock: its items, or where it names none those of its procedures, per side.
    func neededItems(of plan: ProcedurePlan) -> [ProcedurePlan.PlannedItem] { plan.neededItems(in: catalog) }

    /// Works out a plan's reservation for a day, with a finding that names each item that is short.
    func reserve(
        _ plan: ProcedurePlan, on day: CalendarDate, else rule: Rule, in state: any ClinicState,
        isFinal: Bool = false, into ruling: inout Ruling
    ) throws -> FirstExpiredFirstOut {
        let stock = try FirstExpiredFirstOut(for: plan.plan, needs: neededItems(of: plan), on: day, in: state)
        if !stock.shortages.isEmpty {
            let short = stock.shortages.map { "\($0.sku): needed \($0.needed), free \($0.free)" }
            ruling.refuse(
                rule, [.plan], "stock that can be used on the day is short for the plan",
                mend: "receive the items, or free what is reserved", aside: short.joined(separator: "; "),
                waitingFor: isFinal ? [] : stock.shortages.map { .item($0.sku) })
        }
        return stock
    }

    /// The event of a reservation; nil when nothing changes.
    func reserved(
        _ stock: FirstExpiredFirstOut, for plan: ProcedurePlan, at instant: Instant, in state: any ClinicState
    ) throws -> Event? {
        guard !stock.changesNothing else { return nil }
        return Event(
            "inventory.reserved", .plan(plan.plan), patient: plan.mrn, at: instant, writes: try stock.writes(in: state))
    }
}
