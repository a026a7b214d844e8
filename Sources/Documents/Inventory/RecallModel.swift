import Clinic

/// All that the report of a recall says: who received the lot, what is left of it where, and whose plans it touches.
struct RecallModel: FrozenModel {
    /// What one case took of the lot and did not give back.
    struct Recipient: Codable, Sendable {
        let patient: Contact
        let surgicalCase: String
        let usedAt: String
        let serial: String?
        let side: String?
        let quantity: Int
        let procedure: String
        let surgeon: String
    }

    /// A use that was refused, of something that may be in the patient all the same.
    struct Refused: Codable, Sendable {
        let patient: Contact?
        let surgicalCase: String
        let occurredAt: String
        let serial: String?
        let surgeon: String?
        let code: String
        let statement: String
    }

    /// What the movements say became of the lot at one place.
    struct Place: Codable, Sendable {
        let location: String
        let onHand: Int
        let state: String
    }

    /// What was kept of it for a plan, and what becomes of that.
    struct Promise: Codable, Sendable {
        struct Replacement: Codable, Sendable {
            let lot: String
            let location: String
            let quantity: Int
        }

        let patient: Contact?
        let plan: String
        let surgicalCase: String?
        let caseState: String?
        let day: String
        let surgeon: String?
        let quantity: Int
        let replacements: [Replacement]
        let short: Int

        var isUnderWay: Bool { caseState == SurgicalCase.State.inProgress.rawValue }
    }

    /// A patient as far as somebody must be able to reach them.
    struct Contact: Codable, Sendable {
        let mrn: String
        let name: String
        let phone: String?
        let email: String?
    }

    let letterhead: Letterhead
    let origin: Origin
    let sku: String
    let item: String
    let manufacturer: String?
    let gtin: String?
    let lot: String
    /// The device that the notice named.
    let serial: String?
    let recalledAt: String
    let toldBy: String
    let reason: String?
    let recipients: [Recipient]
    let refused: [Refused]
    let places: [Place]
    let received: Int
    let wasted: Int
    let removed: Int
    let promises: [Promise]
    /// When the recall was withdrawn; nil while it stands.
    let withdrawnAt: String?
    /// Why and by whom.
    let withdrawal: String?
}

extension WritingDesk {
    /// The report of a recall, for people and as a table, and its next version when the recall is withdrawn.
    func recalls() throws -> [DocumentModel] {
        guard let recall = event.written(Recall.self) else { return [] }
        let name = recall.state == .open ? "\(serial)-recall" : "\(serial)-recall-v02"
        let model = try report(of: recall, named: name)
        return [
            try model.document(.recallText, in: "recalls", named: "\(name).txt"),
            try model.document(.recallTable, in: "recalls", named: "\(name).csv"),
        ]
    }

    private func report(of recall: Recall, named name: String) throws -> RecallModel {
        let item = catalog.items[recall.sku]
        let all = try state.fetch(StockMovement.self, where: .lot(recall.sku, recall.lot))
        let voided = Set(all.filter { $0.movement == .void }.compactMap(\.original))
        let standing = all.filter { $0.movement != .void && !voided.contains($0.number) }
        func total(_ kinds: StockMovement.Kind...) -> Int {
            abs(standing.filter { kinds.contains($0.movement) }.map(\.change).reduce(0, +))
        }
        let incidents = try state.fetch(Incident.self, where: .lot(recall.sku, recall.lot))
        let isWithdrawn = recall.state == .voided
        let reach = try RecallReach(of: recall.sku, lot: recall.lot, zone: zone, in: state)
        return RecallModel(
            letterhead: letterhead, origin: origin(name), sku: recall.sku.rawValue,
            item: item?.name ?? recall.sku.rawValue, manufacturer: item?.manufacturer, gtin: item?.gtin,
            lot: recall.lot, serial: recall.serial, recalledAt: stamp(recall.recalledAt),
            toldBy: "\(recall.source)/\(recall.reference)" + (recall.actor.map { ", \($0)" } ?? ""),
            reason: recall.reason, recipients: try recipients(of: standing),
            refused: try incidents.map { try refused($0) },
            places: try state.fetch(InventoryLot.self, where: .lot(recall.sku, recall.lot)).map {
                RecallModel.Place(location: $0.location, onHand: $0.onHand, state: $0.state.rawValue)
            },
            received: total(.receive), wasted: total(.waste), removed: total(.dispose, .returnToSupplier),
            promises: isWithdrawn ? [] : try reach.plans.map { try promise($0) },
            withdrawnAt: isWithdrawn ? stamp(event.occurredAt) : nil, withdrawal: isWithdrawn ? event.note : nil)
    }

    /// Per case and device, in the order in which they were used; what came back is nobody's.
    private func recipients(of standing: [StockMovement]) throws -> [RecallModel.Recipient] {
        let moved = standing.filter { $0.movement == .use || $0.movement == .giveBack }
        let uses = moved.filter { $0.movement == .use }.sorted {
            ($0.occurredAt, $0.number) < ($1.occurredAt, $1.number)
        }
        var recipients: [RecallModel.Recipient] = []
        for (index, use) in uses.enumerated() {
            func isAlike(_ other: StockMovement) -> Bool {
                other.surgicalCase == use.surgicalCase && other.side == use.side
                    && (other.serial ?? "").utf8.elementsEqual((use.serial ?? "").utf8)
            }
            guard !uses[..<index].contains(where: isAlike), let id = use.surgicalCase else { continue }
            let quantity = -moved.filter(isAlike).map(\.change).reduce(0, +)
            guard quantity > 0, let surgicalCase = try state.fetch(SurgicalCase.self, id: id.rawValue) else { continue }
            recipients.append(
                RecallModel.Recipient(
                    patient: try contact(surgicalCase.mrn), surgicalCase: id.rawValue, usedAt: stamp(use.occurredAt),
                    serial: use.serial, side: use.side?.writtenOut, quantity: quantity,
                    procedure: catalog.writtenOut(surgicalCase.procedures),
                    surgeon: catalog.name(of: surgicalCase.surgeon)))
        }
        return recipients
    }

    private func refused(_ incident: Incident) throws -> RecallModel.Refused {
        let surgicalCase = try state.fetch(SurgicalCase.self, id: incident.surgicalCase.rawValue)
        return RecallModel.Refused(
            patient: try surgicalCase.map { try contact($0.mrn) }, surgicalCase: incident.surgicalCase.rawValue,
            occurredAt: stamp(incident.occurredAt), serial: incident.serial,
            surgeon: surgicalCase.map { catalog.name(of: $0.surgeon) }, code: incident.code,
            statement: Rule.named(incident.code)?.statement ?? "")
    }

    private func promise(_ touched: RecallReach.Touched) throws -> RecallModel.Promise {
        let booked = touched.surgicalCase
        return RecallModel.Promise(
            patient: try touched.mrn.map { try contact($0) }, plan: touched.plan.rawValue,
            surgicalCase: booked?.surgicalCase.rawValue, caseState: booked?.state.rawValue,
            day: booked?.startsAt.map { stamp($0) } ?? touched.day.description,
            surgeon: booked.map { catalog.name(of: $0.surgeon) }, quantity: touched.quantity,
            replacements: touched.replacements.map { part in
                .init(lot: part.lot.lot, location: part.lot.location, quantity: part.quantity)
            },
            short: touched.short)
    }

    private func contact(_ mrn: MRN) throws -> RecallModel.Contact {
        let record = try patient(mrn)
        return RecallModel.Contact(
            mrn: record?.mrn.rawValue ?? mrn.rawValue, name: record?.fullName ?? "", phone: record?.phone,
            email: record?.email)
    }
}
