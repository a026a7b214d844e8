package import Clinic
import GRDB

/// The clinic's entities: what the rules ask, and what events write.
extension Unit {
    package func fetch<Entity: ClinicEntity>(_ type: Entity.Type, id: String) throws -> Entity? {
        let table = try table(of: Entity.kind)
        return try database.row(table.selectByID, [.text(id)]).map { try table.entity(type, row: $0) }
    }

    package func fetch<Entity: ClinicEntity>(_ type: Entity.Type, where lookup: Entity.Lookup) throws -> [Entity] {
        let table = try table(of: Entity.kind)
        let condition = try condition(table.type, lookup)
        return try database.rows(table.selectWhere + condition.sql + " ORDER BY id", condition.values)
            .map { try table.entity(type, row: $0) }
            .filter { $0.matches(lookup) }
    }

    /// All of a kind, by id.
    package func all<Entity: ClinicEntity>(_ type: Entity.Type) throws -> [Entity] {
        let table = try table(of: Entity.kind)
        return try database.rows(table.selectWhere + "TRUE ORDER BY id").map { try table.entity(type, row: $0) }
    }

    package func count<Entity: ClinicEntity>(_ type: Entity.Type) throws -> Int {
        Int(try database.number("SELECT count(*) FROM \(table(of: Entity.kind).name)") ?? 0)
    }

    private func condition<Stored: StoredEntity>(_ type: Stored.Type, _ lookup: any Hashable) throws -> Condition {
        guard let lookup = lookup as? Stored.Lookup else { throw RecordsFault.unknownEntity(Stored.kind) }
        return Stored.condition(for: lookup)
    }

    func table(of kind: String) throws -> EntityTable {
        if let table = tables[kind] { return table }
        let table = try EntityTable(kind: kind, database: database)
        tables[kind] = table
        return table
    }

    /// Writes the after-images of an event, appends its ledger row, and wakes what waited for what it touched.
    package func apply(_ event: Event) throws {
        var writes: [(entity: any ClinicEntity, table: EntityTable, image: [String: JSON])] = []
        for entity in event.writes {
            guard case .object(let image) = try CanonicalJSON.tree(of: entity) else {
                throw RecordsFault.unknownEntity(type(of: entity).kind)
            }
            writes.append((entity, try table(of: type(of: entity).kind), image))
        }
        for write in writes.sorted(by: { Unit.goesBefore($0, $1) }) {
            let values = try write.table.values(id: write.entity.id, image: write.image)
            // An upsert would be refused: to the schema it begins like a row that takes another's place.
            try database.run(write.table.update, values + [.text(write.entity.id)])
            if database.changesCount == 0 { try database.run(write.table.insert, values) }
        }
        _ = try append(
            kind: event.kind, subject: event.subject, patient: event.patient, occurredAt: event.occurredAt,
            payload: Unit.payload(of: event, writes: writes.map { ($0.entity, $0.image) }))
        try wake(event.keys)
    }

    /// What is referred to goes first, and a booking that ends before one that begins; else the event's own order.
    private static func goesBefore(
        _ one: (entity: any ClinicEntity, table: EntityTable, image: [String: JSON]),
        _ other: (entity: any ClinicEntity, table: EntityTable, image: [String: JSON])
    ) -> Bool {
        guard one.table.rank == other.table.rank else { return one.table.rank < other.table.rank }
        guard let one = one.entity as? Booking, let other = other.entity as? Booking else { return false }
        return !one.isActive && other.isActive
    }

    /// What the ledger keeps of an event: everything that it wrote but secrets.
    private static func payload(of event: Event, writes: [(entity: any ClinicEntity, image: [String: JSON])]) -> [UInt8]
    {
        var payload: [String: JSON] = [
            "kind": .string(event.kind), "subject": .string(event.subject.rawValue),
            "writes": .array(
                writes.map { entity, image in
                    let kind = JSON.string(type(of: entity).kind)
                    return .object(
                        type(of: entity).isSecret
                            ? ["entity": kind, "id": .string(entity.id)]
                            : ["entity": kind, "id": .string(entity.id), "image": .object(image)])
                }),
        ]
        if let patient = event.patient { payload["patient"] = .string(patient.rawValue) }
        if let note = event.note { payload["note"] = .string(note) }
        if let cause = event.cause { payload["cause"] = .string(cause) }
        return CanonicalJSON.bytes(of: .object(payload))
    }

    /// Cases whose planned start lies in a stretch of time, by theater and start.
    package func cases(startingIn interval: Interval) throws -> [SurgicalCase] {
        let table = try table(of: SurgicalCase.kind)
        return try database.rows(
            table.selectWhere + "starts_at >= ? AND starts_at < ? ORDER BY theater, starts_at, id",
            [.of(interval.start), .of(interval.end)]
        ).map { try table.entity(SurgicalCase.self, row: $0) }
    }

    /// Bills of which something is still to be paid, by the day they fall due.
    package func openBills() throws -> [Bill] {
        let table = try table(of: Bill.kind)
        return try database.rows(table.selectWhere + "state IN ('ISSUED', 'PARTIALLY_PAID') ORDER BY due_on, id")
            .map { try table.entity(Bill.self, row: $0) }
    }
}
