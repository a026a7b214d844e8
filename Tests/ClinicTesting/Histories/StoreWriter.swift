import Clinic

/// Writes what the store does in a history: stock comes in before the first operation, is counted, moved, recalled.
package struct StoreWriter {
    package var chance: Chance
    private let patients: Int
    private let isDisturbed: Bool
    private var told: [Told] = []

    package init(chance: Chance, patients: Int, isDisturbed: Bool = true) {
        self.isDisturbed = isDisturbed
        self.chance = chance
        self.patients = patients
    }

    private mutating func tell(_ action: String, _ time: Instant, _ values: [Field: Value]) {
        let reference = "STORE-\(told.count + 1)"
        told.append(
            Told(
                "store", .inventory, action, at: time, reference: reference,
                values.merging([.scannedAt: .instant(time)]) { $1 }))
    }

    package mutating func write() -> [Told] {
        let opening = Instant.at("2026-08-03T08:00:00Z")
        func received(_ sku: String, _ lot: String?, _ quantity: Int, _ serial: String? = nil) -> [Field: Value] {
            var values: [Field: Value] = [.sku: .text(sku), .quantity: .integer(quantity)]
            if let lot {
                values[.lot] = .text(lot)
                values[.expiresOn] = .date(
                    .on(isDisturbed ? chance.one(of: ["2028-01-31", "2027-06-30", "2026-11-12"]) : "2028-01-31"))
            }
            if let serial { values[.serial] = .text(serial) }
            return values
        }
        for patient in 0..<patients {
            for index in 0...1 {
                tell("RECEIVE", opening, received("IMP-300", "L-\(patient % 3)", 1, "SN-\(patient)-\(index)"))
            }
        }
        if !isDisturbed {
            // So many that no plan takes what another one needs.
            for spare in 0..<18 {
                tell("RECEIVE", opening, received("IMP-300", "L-\(spare % 3)", 1, "SPARE-\(spare)"))
            }
        }
        tell("RECEIVE", opening, received("SPLINT", "SP-1", 6))
        tell("RECEIVE", opening, received("GLOVES", "GL-1", 40))
        tell("RECEIVE", opening, received("GAUZE", nil, 60))
        if isDisturbed { disturb() }
        return told
    }

    /// What happens to stock between the operations.
    private mutating func disturb() {
        let lots = [("SPLINT", "SP-1"), ("GLOVES", "GL-1"), ("IMP-300", "L-0"), ("IMP-300", "L-1")]
        for _ in 0..<chance.number(2...8) {
            let (sku, lot) = chance.one(of: lots)
            let day = chance.number(1...110)
            let time = Instant.at("2026-08-04T12:00:00Z").adding(minutes: day * 1_440)
            let lotted: [Field: Value] = [.sku: .text(sku), .lot: .text(lot)]
            func some(_ quantity: Int, _ more: [Field: Value] = [:]) -> [Field: Value] {
                lotted.merging([.quantity: .integer(quantity)]) { $1 }.merging(more) { $1 }
            }
            switch chance.number(1...8) {
            case 1: tell("COUNT", time, some(chance.number(0...30)))
            case 2: tell("TRANSFER", time, some(1, [.toLocation: "THEATER-1"]))
            case 3: tell("QUARANTINE", time, some(1))
            case 4: tell("ACCEPT", time, some(1))
            case 5 where chance.happens(30): tell("RECALL", time, lotted)
            case 6: tell("DISPOSE", time, some(1, [.reason: "damaged"]))
            case 7: tell("RETURN_TO_SUPPLIER", time, some(1))
            default: tell("RECEIVE", time, some(2))
            }
        }
    }
}
