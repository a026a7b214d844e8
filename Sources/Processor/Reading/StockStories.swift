import Clinic
import Records

/// The stories of lots and devices: where they lie, whether they may be used, and whom they are in.
extension StoryTelling {
    func stock(_ number: String) throws -> [Story] {
        try unit.stock(named: number).map { name in
            var story = Story(about: try name.serial == nil ? lot(name) : device(name))
            story.events = try events(unit.ledger(of: name))
            return story
        }
    }

    private func lot(_ name: StockName) throws -> String {
        let lots = try unit.fetch(InventoryLot.self, where: .lot(name.sku, name.lot)).map { lot in
            "\(lot.onHand) at \(lot.location), \(lot.reserved) of them kept, \(lot.state.rawValue.lowercased())"
                + (lot.expiresOn.map { ", to be used by \($0)" } ?? "")
        }
        let places = lots.isEmpty ? "never received" : lots.joined(separator: "; ")
        return "lot \(name.lot) of \(name.sku): \(places)\(try standing(name))"
    }

    private func device(_ name: StockName) throws -> String {
        let serial = name.serial ?? ""
        let title = "serial number \(serial) of \(name.sku)" + (name.lot.isEmpty ? "" : ", lot \(name.lot)")
        guard let unit = try unit.fetch(SerialUnit.self, id: "\(name.sku)|\(serial)") else {
            return "\(title): never received\(try standing(name))"
        }
        let side = unit.side.map { " \($0.rawValue)" } ?? ""
        let place = unit.surgicalCase.map { "in case \($0)\(side)" } ?? "last at \(unit.location)"
        return "\(title): \(unit.state.rawValue.lowercased()), \(place)\(try standing(name))"
    }

    /// Recalls that stand, and uses that were refused.
    private func standing(_ name: StockName) throws -> String {
        let recalls = try unit.fetch(Recall.self, where: .lot(name.sku, name.lot)).filter { $0.state == .open }.count
        let incidents = try unit.fetch(Incident.self, where: .lot(name.sku, name.lot))
            .filter { name.serial == nil || $0.serial == name.serial }.count
        return (recalls > 0 ? ", recalled" : "")
            + (incidents > 0 ? ", \(Terminal.count(incidents, "incident"))" : "")
    }
}
