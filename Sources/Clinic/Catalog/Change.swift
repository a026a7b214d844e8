/// A value that takes the place of the one before from a day on.
package struct Change<Value: Hashable & Sendable & Codable>: Hashable, Sendable, Codable {
    package var effectiveFrom: CalendarDate
    package var value: Value

    package init(effectiveFrom: CalendarDate, _ value: Value) {
        self.effectiveFrom = effectiveFrom
        self.value = value
    }
}

extension Array {
    /// The newest value in force on a day; nil before the first.
    func value<Value>(on day: CalendarDate) -> Value? where Element == Change<Value> {
        filter { $0.effectiveFrom <= day }.max { $0.effectiveFrom < $1.effectiveFrom }?.value
    }
}

extension Procedure {
    package func price(on day: CalendarDate) -> Money { priceChanges.value(on: day) ?? price }
}

extension Item {
    package func price(on day: CalendarDate) -> Money? {
        // A change to no price is a change too.
        guard let change: Money? = priceChanges.value(on: day) else { return price }
        return change
    }
}

/// What the catalog says on a day: prices and terms are those in force then.
extension Catalog {
    package func procedure(_ code: ProcedureCode, at day: CalendarDate) -> Procedure? {
        procedures[code].map { procedure in
            var procedure = procedure
            procedure.price = procedure.price(on: day)
            return procedure
        }
    }

    package func item(_ sku: SKU, at day: CalendarDate) -> Item? {
        items[sku].map { item in
            var item = item
            item.price = item.price(on: day)
            return item
        }
    }

    package func payer(_ id: PayerID, at day: CalendarDate) -> Payer? {
        payers[id].map { $0.changes.value(on: day) ?? $0 }
    }
}
