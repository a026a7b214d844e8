/// What a case consumed: its uses without what came back and without what was voided.
package struct Consumption: Sendable {
    /// One thing consumed, as it is billed: per item, lot and serial number.
    package struct Portion: Hashable, Sendable, Comparable {
        package let sku: SKU
        package let lot: String
        package let serial: String?

        package static func < (left: Portion, right: Portion) -> Bool {
            if left.sku != right.sku { return left.sku < right.sku }
            if left.lot != right.lot { return left.lot.utf8.lexicographicallyPrecedes(right.lot.utf8) }
            return (left.serial ?? "").utf8.lexicographicallyPrecedes((right.serial ?? "").utf8)
        }
    }

    /// The case's movements that still stand, in the order of their numbers.
    private let standing: [StockMovement]

    /// Of the whole case, or of what was used up to a time and whatever came back of it.
    package init(of surgicalCase: CaseID, in state: any ClinicState, by instant: Instant? = nil) throws {
        let all = try state.fetch(StockMovement.self, where: .surgicalCase(surgicalCase)).filter { movement in
            movement.movement != .use || instant.map { movement.occurredAt <= $0 } ?? true
        }
        let voided = Set(all.filter { $0.movement == .void }.compactMap(\.original))
        standing = all.filter { ($0.movement == .use || $0.movement == .giveBack) && !voided.contains($0.number) }
            .sorted { $0.number < $1.number }
    }

    /// What was consumed and did not come back, in a fixed order.
    package var portions: [(portion: Portion, quantity: Int)] {
        var quantities: [Portion: Int] = [:]
        for movement in standing {
            let portion = Portion(sku: movement.sku, lot: movement.lot, serial: movement.serial)
            quantities[portion, default: 0] -= movement.change
        }
        return quantities.filter { $0.value > 0 }.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    func net(_ sku: SKU, lot: String, serial: String?) -> Int {
        -standing.filter { isOf($0, sku, lot, serial) }.map(\.change).reduce(0, +)
    }

    func lastUse(_ sku: SKU, lot: String, serial: String?) -> StockMovement? {
        standing.last { $0.movement == .use && isOf($0, sku, lot, serial) }
    }

    private func isOf(_ movement: StockMovement, _ sku: SKU, _ lot: String, _ serial: String?) -> Bool {
        movement.sku == sku && movement.lot.utf8.elementsEqual(lot.utf8)
            && (movement.serial ?? "").utf8.elementsEqual((serial ?? "").utf8)
    }
}
