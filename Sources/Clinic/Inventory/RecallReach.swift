/// What a recall does to stock that is kept for plans: it is given back, and kept anew in other lots where there are any.
///
/// Those who are operated on first are served first.
package struct RecallReach {
    /// A plan for which a recalled lot was kept.
    package struct Touched: Sendable {
        package let plan: PlanID
        package let mrn: MRN?
        package let surgicalCase: SurgicalCase?
        package let day: CalendarDate
        /// How many of the recalled lot were kept for it.
        package let quantity: Int
        /// The lots in which they are kept instead, and how many in each.
        package let replacements: [(lot: InventoryLot, quantity: Int)]
        /// How many cannot be replaced; zero where the plan needs none any more.
        package let short: Int

        fileprivate let released: [Reservation]
        fileprivate let lots: [InventoryLot]
    }

    package private(set) var plans: [Touched] = []
    private let sku: SKU

    /// Asked right after the lots of an item were recalled, before anything followed from it.
    package init(of sku: SKU, lot: String, zone: ZoneRules, in state: any ClinicState) throws {
        self.sku = sku
        let active = try state.fetch(Reservation.self, where: .lot(sku, lot)).filter { $0.state == .active }
            .sorted { ($0.neededOn, $0.number) < ($1.neededOn, $1.number) }
        guard !active.isEmpty else { return }
        var stock = try state.fetch(InventoryLot.self, where: .item(sku))
        var done: Set<PlanID> = []
        for reservation in active where done.insert(reservation.plan).inserted {
            let own = active.filter { $0.plan == reservation.plan }
            plans.append(try RecallReach.replace(own, out: &stock, zone: zone, in: state))
        }
    }

    private static func replace(
        _ own: [Reservation], out stock: inout [InventoryLot], zone: ZoneRules, in state: any ClinicState
    ) throws -> Touched {
        let first = own[0]
        let plan = try state.currentPlan(first.plan)
        let cases = try state.fetch(SurgicalCase.self, where: .plan(first.plan))
        let surgicalCase = cases.first { $0.state.isOpen } ?? cases.last { $0.state.takesInventory }
        let day = surgicalCase?.startsAt.map { zone.date(of: $0) } ?? first.neededOn
        var touched: Set<RowID> = []
        for reservation in own {
            let id = InventoryLot.id(reservation.sku, reservation.lot, reservation.location)
            guard let index = stock.firstIndex(where: { RowID($0.id) == RowID(id) }) else { continue }
            stock[index].reserved = max(0, stock[index].reserved - reservation.quantity)
            touched.insert(RowID(id))
        }
        let quantity = own.map(\.quantity).reduce(0, +)
        let isWanted = plan?.state == .approved && surgicalCase?.state.isOpen != false
        var open = isWanted ? quantity : 0
        var replacements: [(lot: InventoryLot, quantity: Int)] = []
        let usable = stock.filter { $0.state == .available && !$0.isExpired(on: day) && $0.free > 0 }
        for lot in usable.sorted(by: FirstExpiredFirstOut.goesBefore) where open > 0 {
            guard let index = stock.firstIndex(where: { RowID($0.id) == RowID(lot.id) }) else { continue }
            let part = min(open, lot.free)
            open -= part
            stock[index].reserved += part
            touched.insert(RowID(lot.id))
            replacements.append((stock[index], part))
        }
        let released = own.map { $0.lowered(by: $0.quantity, to: .released) }
        return Touched(
            plan: first.plan, mrn: plan?.mrn, surgicalCase: surgicalCase, day: day, quantity: quantity,
            replacements: replacements, short: open, released: released,
            lots: stock.filter { touched.contains(RowID($0.id)) })
    }

    /// An event per plan, and one more for each whose clearance falls with its stock.
    func events(after event: Event, in state: any ClinicState) throws -> [Event] {
        var events: [Event] = []
        for touched in plans {
            var writes: [any ClinicEntity] = touched.lots
            writes += touched.released
            for part in touched.replacements {
                writes.append(
                    Reservation(
                        number: try state.next(.reservation), plan: touched.plan, sku: sku, lot: part.lot.lot,
                        location: part.lot.location, quantity: part.quantity, neededOn: touched.day))
            }
            events.append(
                Event(
                    touched.replacements.isEmpty ? "inventory.released" : "inventory.reserved", .plan(touched.plan),
                    patient: touched.mrn, at: event.occurredAt, writes: writes, note: RecallReach.reason))
            if let lapse = try lapse(of: touched, after: event, in: state) { events.append(lapse) }
        }
        return events
    }

    private static let reason = "a reserved lot was recalled"

    /// Somebody looks again before anyone is operated on with other stock than they were cleared with; during the
    /// operation it is too late for that.
    private func lapse(of touched: Touched, after event: Event, in state: any ClinicState) throws -> Event? {
        guard touched.surgicalCase?.state != .inProgress,
            var clearance = try state.fetch(Clearance.self, id: touched.plan.rawValue), clearance.state == .cleared
        else { return nil }
        clearance.state = .lapsed
        clearance.reason = RecallReach.reason
        return Event(
            "preop.lapsed", .plan(touched.plan), patient: touched.mrn, at: event.occurredAt, writes: [clearance],
            note: RecallReach.reason)
    }
}
