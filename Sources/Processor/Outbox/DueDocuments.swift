import Clinic
import Documents
import Records

extension Engine {
    /// The lists of the theaters and days that changed, each with what changed since its last version.
    func queueTheaterLists(in unit: Unit) throws {
        for due in try unit.takeListsDue() {
            let key = "theater-list:\(due.theater):\(due.date)"
            let version = try unit.nextListVersion(theater: due.theater, date: due.date)
            let sequence = try unit.head().length
            let documents = try TheaterList.model(
                theater: due.theater, date: due.date, version: version, state: unit, catalog: pathway.catalog,
                now: now(), sequence: sequence, previous: unit.meta(key).map { Array($0.utf8) })
            for document in documents { try queue(document, sequence: sequence, in: unit) }
            if let model = documents.first?.model { try unit.setMeta(key, to: String(decoding: model, as: UTF8.self)) }
        }
    }

    /// Every bill since the last export, with control totals.
    func queueBillExport(in unit: Unit) throws {
        var last = try unit.meta("export:last-bill").flatMap { Int64($0) } ?? 0
        var bills: [Bill] = []
        while let bill = try unit.fetch(Bill.self, id: BillNumber(sequence: last + 1).rawValue) {
            bills.append(bill)
            last += 1
        }
        guard !bills.isEmpty else { return }
        let number = (try unit.meta("export:number").flatMap { Int64($0) } ?? 0) + 1
        let sequence = try unit.head().length
        let document = try BillExport.model(
            date: pathway.zone.date(of: now()), sequence: number, bills: bills, catalog: pathway.catalog, now: now(),
            ledgerSequence: sequence)
        try queue(document, sequence: sequence, in: unit)
        try unit.setMeta("export:last-bill", to: String(last))
        try unit.setMeta("export:number", to: String(number))
    }

    /// Queues a frozen model.
    func queue(_ document: DocumentModel, sequence: Int64, in unit: Unit) throws {
        _ = try unit.queue(OutboundDocument(document, ledgerSequence: sequence))
    }
}

extension OutboundDocument {
    init(_ document: DocumentModel, ledgerSequence: Int64) {
        self.init(
            folder: document.folder, name: document.name, kind: document.kind, version: document.version,
            model: document.model, replaces: document.replaces, isSecret: document.isSecret,
            ledgerSequence: ledgerSequence)
    }
}
