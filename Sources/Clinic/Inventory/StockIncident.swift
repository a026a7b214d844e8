/// Uses that were refused although they name a case: what is refused here may be in the patient already.
extension Pathway {
    /// The incident to keep after a use was rejected; nil where nothing speaks for one.
    ///
    /// The processor asks for it when the refusal is final, and applies it: a refused entry writes nothing itself.
    package func incident(
        for command: Command, findings: [Finding], in state: any ClinicState
    ) throws -> Event? {
        // What carries a barcode that is of no item of ours is kept under it.
        guard command.form == .inventory, command.action.rawValue == "USE",
            let sku = (command.text(.sku) ?? command.text(.barcode)).map({ SKU($0) }),
            let id: CaseID = command.id(.surgicalCase),
            let surgicalCase = try state.fetch(SurgicalCase.self, id: id.rawValue)
        else { return nil }
        let serial = command.text(.serial)
        let unit = try serial.flatMap { try state.fetch(SerialUnit.self, id: "\(sku)|\($0)") }
        let known = try state.fetch(Incident.self, where: .surgicalCase(id))
        var incidents: [Incident] = []
        for rule in findings.map(\.rule) where Pathway.incidentRules.contains(rule) {
            var incident = Incident(
                number: 0, surgicalCase: id, sku: sku, lot: command.text(.lot) ?? unit?.lot, serial: serial,
                code: rule.code, occurredAt: command.effectiveAt)
            guard !(known + incidents).contains(where: { $0.isSame(as: incident) }) else { continue }
            incident.number = try state.next(.incident)
            incidents.append(incident)
        }
        guard !incidents.isEmpty else { return nil }
        return Event(
            "inventory.incident", .surgicalCase(id), patient: surgicalCase.mrn, at: command.effectiveAt,
            writes: incidents, note: incidents.map(\.code).joined(separator: ", "))
    }

    /// What may be true of a thing in a patient; slips of the entry itself are dropped again, corrected.
    private static let incidentRules: [Rule] = [
        .InventoryRules.lotExpired, .InventoryRules.lotRecalled, .InventoryRules.lotQuarantined,
        .InventoryRules.serialAlreadyUsed, .InventoryRules.sideDiffers, .InventoryRules.lotUnknown,
        .InventoryRules.stockShort, .InventoryRules.reservedForAnotherCase, .InventoryRules.itemUnknown,
        .InventoryRules.caseNotOpen, .InventoryRules.allergy, .InventoryRules.notInPlan,
    ]
}

extension Incident {
    /// Whether both tell of the same thing; an entry that is sent again makes no second incident.
    func isSame(as other: Incident) -> Bool {
        surgicalCase == other.surgicalCase && sku == other.sku && lot == other.lot && serial == other.serial
            && code == other.code && occurredAt == other.occurredAt
    }
}
