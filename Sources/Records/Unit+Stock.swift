package import Clinic
import GRDB

/// A lot, or one device of it, that goes by a number.
package struct StockName: Hashable, Sendable {
    package let sku: SKU
    package let lot: String
    package let serial: String?
}

/// What people ask about lots and devices, and the rules never do.
extension Unit {
    /// The lots and devices that a number names, of whatever items.
    package func stock(named number: String) throws -> [StockName] {
        try database.rows(
            """
            SELECT sku, lot, NULL AS serial FROM inventory_lot WHERE lot = ?1 \
            UNION SELECT sku, lot, NULL FROM recall WHERE lot = ?1 \
            UNION SELECT sku, lot, NULL FROM incident WHERE lot = ?1 \
            UNION SELECT sku, lot, serial FROM serial_unit WHERE serial = ?1 \
            UNION SELECT sku, coalesce(lot, ''), serial FROM incident WHERE serial = ?1 \
                AND (sku, serial) NOT IN (SELECT sku, serial FROM serial_unit) ORDER BY sku, lot, serial
            """, [.text(number)]
        ).map { StockName(sku: SKU($0["sku"]), lot: $0["lot"], serial: $0["serial"]) }
    }

    /// The rows of the ledger that wrote something of a lot, or of one device of it, in their order.
    package func ledger(of name: StockName) throws -> [LedgerRow] {
        let movements = try fetch(StockMovement.self, where: .lot(name.sku, name.lot))
        let incidents = try all(Incident.self).filter { $0.sku == name.sku }
        let plans = try fetch(Reservation.self, where: .lot(name.sku, name.lot)).map(\.plan)
        let cases = movements.compactMap(\.surgicalCase) + incidents.map(\.surgicalCase)
        let subjects = Set([.item(name.sku)] + cases.map { Key.surgicalCase($0) } + plans.map { Key.plan($0) })
        return try subjects.flatMap { try ledger(.subject($0)) }.filter { try $0.concerns(name) }
            .sorted { $0.sequence < $1.sequence }
    }

    /// The latest incidents, so many at most.
    package func incidents(latest limit: Int) throws -> [Incident] {
        let table = try table(of: Incident.kind)
        return try database.rows(table.selectWhere + "TRUE ORDER BY number DESC LIMIT ?", [.of(limit)])
            .map { try table.entity(Incident.self, row: $0) }
    }
}

extension LedgerRow {
    /// Whether it wrote something of a lot; of a device, what names the device, and the recalls of its lot.
    fileprivate func concerns(_ name: StockName) throws -> Bool {
        guard let payload else { return false }
        return LedgerPayload.images(in: try JSONReading.tree(of: payload)).contains { written in
            guard case .object(let image)? = written.image, LedgerRow.is(image["sku"], name.sku.rawValue) else {
                return false
            }
            guard let serial = name.serial else { return LedgerRow.is(image["lot"], name.lot) }
            return LedgerRow.is(image["serial"], serial)
                || written.kind == Recall.kind && LedgerRow.is(image["lot"], name.lot)
        }
    }

    private static func `is`(_ json: JSON?, _ text: String) -> Bool {
        guard case .string(let found)? = json else { return false }
        return found.utf8.elementsEqual(text.utf8)
    }
}

extension LedgerRow {
    /// What an event moved or kept of the stock, such as `2 x DRAIN-10 (lot D-7)`.
    package func stockLines() throws -> [String] {
        guard let payload else { return [] }
        var lines: [String] = []
        for written in LedgerPayload.images(in: try JSONReading.tree(of: payload)) {
            guard case .object(let image)? = written.image, case .string(let sku)? = image["sku"] else { continue }
            let member = [StockMovement.kind: "change", Reservation.kind: "quantity"][written.kind]
            guard let member, case .integer(let quantity)? = image[member] else { continue }
            var marks: [String] = []
            for (name, word) in [("lot", "lot"), ("serial", "serial number"), ("side", "side")] {
                if case .string(let text)? = image[name], !text.isEmpty { marks.append("\(word) \(text)") }
            }
            let line =
                (quantity == 0 ? "" : "\(quantity.magnitude) x ") + sku
                + (marks.isEmpty ? "" : " (\(marks.joined(separator: ", ")))")
            if !lines.contains(line) { lines.append(line) }
        }
        return lines
    }
}
