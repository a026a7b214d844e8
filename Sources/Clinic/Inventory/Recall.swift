extension Series {
    package static let recall = Series("recall")
}

/// A recall of a lot: it binds the lot wherever it lies, and what comes in under its number later.
package struct Recall: ClinicEntity {
    package enum State: String, Codable, Sendable {
        case open = "OPEN"
        /// Told in error, and taken back.
        case voided = "VOIDED"
    }

    package enum Lookup: Hashable, Sendable {
        case lot(SKU, String)
        case reference(String)
    }

    package static let kind = "recall"

    /// Its number in the series of recalls.
    package var number: Int64
    package var sku: SKU
    /// Empty for an item that is not followed by lot: then all of it is recalled.
    package var lot: String
    /// The device that the notice named; its whole lot is recalled.
    package var serial: String?
    package var state: State
    package var recalledAt: Instant
    package var source: SourceName
    package var reference: String
    package var reason: String?
    package var actor: String?

    package init(
        number: Int64, sku: SKU, lot: String, serial: String?, recalledAt: Instant, source: SourceName,
        reference: String
    ) {
        self.number = number
        self.sku = sku
        self.lot = lot
        self.serial = serial
        self.state = .open
        self.recalledAt = recalledAt
        self.source = source
        self.reference = reference
    }

    package var id: String { Digits.padded(number, 10) }
    package var keys: [Key] { [.item(sku), .reference(.inventory, reference)] }

    package func matches(_ lookup: Lookup) -> Bool {
        switch lookup {
        case .lot(let sku, let lot): self.sku == sku && self.lot.utf8.elementsEqual(lot.utf8)
        case .reference(let reference): self.reference.utf8.elementsEqual(reference.utf8)
        }
    }
}

extension Pathway {
    /// A recall takes the lot wherever it lies; one that is not here yet is recalled when it comes.
    func recallStock(_ command: Command, in state: any ClinicState, into ruling: inout Ruling) throws {
        guard let request = try stockRequest(command, needs: [], in: state, into: &ruling) else { return }
        let sku = request.item.sku
        let lots = try state.fetch(InventoryLot.self, where: .lot(sku, request.lot))
        if lots.isEmpty {
            ruling.warn(
                .InventoryRules.lotUnknown, [.lot, .sku], "nothing of the lot has been received so far",
                mend: "check the lot on the notice; what comes in of it later is recalled as well",
                aside: "item \(sku), lot \(request.lot)")
        }
        guard ruling.isClear else { return }
        var recall = Recall(
            number: try state.next(.recall), sku: sku, lot: request.lot, serial: request.serial,
            recalledAt: command.effectiveAt, source: command.source, reference: command.reference)
        recall.reason = command.text(.reason)
        recall.actor = command.text(.actor)
        let writes: [any ClinicEntity] =
            try [recall] + standing(of: lots, as: .recall, to: .recalled, command, in: state)
        ruling.record(stockEvent("inventory.recalled", sku, writes: writes, as: command))
    }

    /// Whether a recall of a lot stands.
    func isRecalled(_ sku: SKU, _ lot: String, in state: any ClinicState) throws -> Bool {
        try state.fetch(Recall.self, where: .lot(sku, lot)).contains { $0.state == .open }
    }

    /// A recall told in error is taken back: its lots stand as they stood, unless another recall binds them.
    func voidRecall(_ recall: Recall, as command: Command, in state: any ClinicState, into ruling: inout Ruling) throws
    {
        guard recall.state == .open else {
            ruling.refuse(
                .InventoryRules.originalUnknown, [.original], "the recall does not stand any more",
                mend: "nothing, if it was voided before; else correct the reference", aside: "recall \(recall.number)")
            return
        }
        checkWithdrawer(command, into: &ruling)
        guard ruling.isClear else { return }
        var voided = recall
        voided.state = .voided
        var writes: [any ClinicEntity] = [voided]
        let others = try state.fetch(Recall.self, where: .lot(recall.sku, recall.lot))
            .contains { $0.state == .open && $0.number != recall.number }
        let movements = try state.fetch(StockMovement.self, where: .lot(recall.sku, recall.lot))
            .filter { $0.movement == .recall }
        let lots = try state.fetch(InventoryLot.self, where: .lot(recall.sku, recall.lot))
        func standing(of lot: InventoryLot) -> InventoryLot.State? {
            movements.filter { $0.location.utf8.elementsEqual(lot.location.utf8) }.compactMap(\.stateBefore)
                .last { $0 != .recalled }
        }
        // A place that was filled only since the recall stands as the lot stood, where all of it was kept apart.
        let known = lots.compactMap(standing)
        let elsewhere: InventoryLot.State =
            !known.isEmpty && known.allSatisfy { $0 == .quarantined } ? .quarantined : .available
        for lot in lots {
            let there = movements.filter { $0.location.utf8.elementsEqual(lot.location.utf8) }
            if let own = there.first(where: { $0.source == recall.source && $0.isTold(as: recall.reference) }) {
                var void = try movement(.void, of: lot, change: 0, serial: nil, in: nil, as: command, state: state)
                void.original = own.number
                writes.append(void)
            }
            guard !others, lot.state == .recalled else { continue }
            var restored = lot
            restored.state = standing(of: lot) ?? (there.isEmpty ? elsewhere : .available)
            writes.append(restored)
        }
        let event = stockEvent("inventory.voided", recall.sku, writes: writes, as: command)
        ruling.record(event.noting("withdrawn by \(command.text(.actor) ?? "nobody named")"))
    }

    /// Whoever frees a recalled lot answers for it with their name; a slip of the scanner must not do it.
    private func checkWithdrawer(_ command: Command, into ruling: inout Ruling) {
        guard let actor: StaffID = command.id(.actor) else {
            ruling.refuse(
                .Entry.missingField, [.actor], "the withdrawal of a recall names who answers for it",
                mend: "name in `actor` somebody with the permission WITHDRAW_RECALL in the staff list")
            return
        }
        guard catalog.staff[actor]?.permissions.contains("WITHDRAW_RECALL") != true else { return }
        ruling.refuse(
            .InventoryRules.lotRecalled, [.actor], "the person named may not withdraw a recall",
            mend: "let somebody withdraw it who has the permission WITHDRAW_RECALL in the staff list",
            aside: "the entry says \(actor)")
    }
}

extension StockMovement {
    func isTold(as reference: String) -> Bool { self.reference.utf8.elementsEqual(reference.utf8) }
}
