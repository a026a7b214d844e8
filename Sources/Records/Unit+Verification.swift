import Clinic
import Digests
import GRDB

/// Checking the ledger against itself, and the tables against the ledger.
extension Unit {
    /// Recomputes every row of the ledger and compares what its events wrote last with what the tables hold.
    package func verify() throws -> LedgerVerdict {
        var chain = LedgerChain(key: ledgerKey)
        let rows = try Row.fetchCursor(
            database,
            sql: """
                SELECT ledger.*, payload, erased_by FROM ledger \
                LEFT JOIN ledger_payload USING (stream, sequence) ORDER BY stream, sequence
                """)
        while let row = try rows.next() {
            let entry = try LedgerRow(row: row)
            let isErased = row["erased_by"] as Int64? != nil
            let erasedWrites = isErased ? try erasedWrites(of: entry) : nil
            if let broken = try chain.follow(entry, erasedWrites: erasedWrites) { return broken }
        }
        if let difference = try compareTables(with: chain) { return difference }
        if let difference = try compareStock() { return difference }
        return .sound(chain.head, erased: chain.erased)
    }

    private func erasedWrites(of row: LedgerRow) throws -> [(kind: String, id: String)] {
        try database.rows(
            "SELECT entity, id FROM ledger_erased_write WHERE stream = ? AND sequence = ? ORDER BY entity, id",
            [.text(row.stream), .integer(row.sequence)]
        ).map { ($0["entity"], $0["id"]) }
    }

    /// The first row of a table that is not what the ledger's last event about it wrote.
    private func compareTables(with chain: LedgerChain) throws -> LedgerVerdict? {
        for type in Registry.all {
            if let difference = try compare(type, with: chain) { return difference }
        }
        return nil
    }

    private func compare<Entity: StoredEntity>(_ type: Entity.Type, with chain: LedgerChain) throws -> LedgerVerdict? {
        let table = try table(of: Entity.kind)
        let images = chain.images[Entity.kind] ?? [:]
        var seen = 0
        let rows = try Row.fetchCursor(database, sql: table.selectWhere + "TRUE ORDER BY id")
        while let row = try rows.next() {
            let id: String = row["id"]
            guard let expected = images[RowID(id)] else {
                return .differs(table: table.name, id: id, reason: "no event wrote this row")
            }
            seen += 1
            guard expected != LedgerChain.unknown else { continue }
            let entity: Entity
            do {
                entity = try table.entity(type, row: row)
            } catch {
                return .differs(table: table.name, id: id, reason: "the row cannot be read")
            }
            guard entity.id == id, try SHA256.digest(of: CanonicalJSON.bytes(of: entity)) == expected else {
                return .differs(table: table.name, id: id, reason: "the row is not what its last event wrote")
            }
        }
        guard seen < images.count else { return nil }
        for id in images.keys.sorted() where try database.row(table.selectByID, [.text(id.rawValue)]) == nil {
            return .differs(table: table.name, id: id.rawValue, reason: "the row that an event wrote is gone")
        }
        return nil
    }

    /// The first lot whose stock on hand is not the sum of its movements.
    private func compareStock() throws -> LedgerVerdict? {
        try database.row(
            """
            SELECT id FROM inventory_lot WHERE on_hand <> coalesce((
                SELECT sum(change) FROM stock_movement AS moved WHERE moved.sku = inventory_lot.sku
                AND moved.lot = inventory_lot.lot AND moved.location = inventory_lot.location), 0)
            ORDER BY id LIMIT 1
            """
        ).map { row in
            .differs(table: "inventory_lot", id: row["id"], reason: "the stock on hand is not the sum of the movements")
        }
    }
}

/// The ledger as it is read from its beginning: each row must follow from the one before.
private struct LedgerChain {
    let key: LedgerKey
    private(set) var head = LedgerHead(length: 0, hash: [UInt8](repeating: 0, count: 32))
    private(set) var erased = 0
    /// The digest of the last after-image of each entity, by kind and id; `unknown` if it is secret or erased.
    private(set) var images: [String: [RowID: [UInt8]]] = [:]

    /// Stands for an after-image that is not in the ledger.
    static let unknown: [UInt8] = []

    init(key: LedgerKey) { self.key = key }

    /// Adds a row; the answer is what is wrong with it, if anything is.
    mutating func follow(_ row: LedgerRow, erasedWrites: [(kind: String, id: String)]?) throws -> LedgerVerdict? {
        func broken(_ reason: String) -> LedgerVerdict { .brokenRow(sequence: row.sequence, reason: reason) }
        guard row.stream == LedgerKey.stream else { return broken("the row is of an unknown stream") }
        guard row.sequence == head.length + 1 else { return broken("rows before it are missing") }
        guard row.previousHash == head.hash else { return broken("it does not follow the row before") }
        guard LedgerHashing.hash(of: row) == row.hash else { return broken("its hash is not that of its content") }
        if let payload = row.payload {
            let expected = key.payloadHash(stream: row.stream, sequence: row.sequence, payload: payload)
            guard expected == row.payloadHash else { return broken("its payload is not the one that was hashed") }
            for (kind, id, image) in LedgerPayload.images(in: try JSONReading.tree(of: payload)) {
                let digest = image.map { SHA256.digest(of: CanonicalJSON.bytes(of: $0)) }
                images[kind, default: [:]][RowID(id)] = digest ?? LedgerChain.unknown
            }
        } else {
            guard let erasedWrites else { return broken("its payload is missing and was not erased") }
            for (kind, id) in erasedWrites { images[kind, default: [:]][RowID(id)] = LedgerChain.unknown }
            erased += 1
        }
        head = LedgerHead(length: row.sequence, hash: row.hash)
        return nil
    }
}
