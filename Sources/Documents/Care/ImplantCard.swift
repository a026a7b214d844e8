import Clinic

/// The card that a patient keeps for a device in their body (Regulation (EU) 2017/745, Article 18).
struct ImplantCardModel: FrozenModel {
    let letterhead: Letterhead
    let origin: Origin
    let patient: Person
    let device: String
    let manufacturer: String?
    let gtin: String?
    let lot: String
    let serial: String
    let expiresOn: String?
    let side: String
    let procedure: String
    let surgeon: String
    let surgicalCase: String
    let implantedOn: String

    var text: [UInt8] {
        var sheet = TextSheet()
        sheet.rule("=")
        sheet.edges("IMPLANT CARD", implantedOn)
        sheet.rule("=")
        patient.write(to: &sheet)
        sheet.fact("Implanted on", implantedOn)
        sheet.fact("Side", side)
        sheet.fact("Device", device)
        sheet.fact("Manufacturer", manufacturer ?? "not recorded")
        sheet.fact("UDI-DI (GTIN)", gtin ?? "not recorded")
        sheet.fact("Lot", lot.isEmpty ? "not recorded" : lot)
        sheet.fact("Serial number", serial)
        if let expiresOn { sheet.fact("Use by", expiresOn) }
        sheet.fact("Procedure", procedure)
        sheet.fact("Surgeon", surgeon)
        sheet.fact("Case", surgicalCase)
        sheet.rule()
        letterhead.write(to: &sheet)
        sheet.paragraph("Keep this card, and show it before scans and further surgery.")
        sheet.rule()
        sheet.line(origin.footer)
        return sheet.bytes
    }
}

extension WritingDesk {
    /// A card for each serial of an implant that an event says was used.
    func implantCards() throws -> [DocumentModel] {
        guard event.kind == "inventory.used" else { return [] }
        let units = event.writes.compactMap { $0 as? SerialUnit }.filter {
            $0.state == .used && catalog.items[$0.sku]?.isImplant == true
        }
        return try units.enumerated().compactMap { index, unit in
            guard let id = unit.surgicalCase, let item = catalog.items[unit.sku],
                let surgicalCase = try state.fetch(SurgicalCase.self, id: id.rawValue)
            else { return nil }
            let name = index == 0 ? "\(serial)-implant-card" : "\(serial)-implant-card-\(index + 1)"
            let sides = surgicalCase.procedures.compactMap { $0.side.writtenOut }
            let lots = try state.fetch(InventoryLot.self, where: .lot(unit.sku, unit.lot))
            let model = ImplantCardModel(
                letterhead: letterhead, origin: origin(name), patient: try person(surgicalCase.mrn),
                device: item.name, manufacturer: item.manufacturer, gtin: item.gtin, lot: unit.lot,
                serial: unit.serial, expiresOn: lots.compactMap(\.expiresOn).first?.description,
                side: unit.side?.writtenOut ?? (sides.count == 1 ? sides[0] : "not recorded"),
                procedure: catalog.writtenOut(surgicalCase.procedures), surgeon: catalog.name(of: surgicalCase.surgeon),
                surgicalCase: id.rawValue, implantedOn: zone.date(of: event.occurredAt).description)
            return try model.document(.implantCard, in: "care", named: "\(name).txt")
        }
    }
}
