import Clinic
import GRDB

/// The statements of one entity's table; its columns are those that the schema gave it.
final class EntityTable {
    let name: String
    let type: any StoredEntity.Type
    /// Where its rows are written among those of an event: after what they refer to.
    let rank: Int
    let columns: [String]
    let insert: String
    /// Changes a row; its values are those of the columns, and after them the id again.
    let update: String
    let selectByID: String
    let selectWhere: String

    init(kind: String, database: Database) throws {
        (rank, type) = try Registry.type(of: kind)
        name = type.table
        columns = try database.columns(in: name).map(\.name)
        let quoted = columns.map { "\"\($0)\"" }
        let list = quoted.joined(separator: ", ")
        let marks = columns.map { _ in "?" }.joined(separator: ", ")
        insert = "INSERT INTO \(name) (\(list)) VALUES (\(marks))"
        update = "UPDATE \(name) SET \(quoted.map { "\($0) = ?" }.joined(separator: ", ")) WHERE id = ?"
        selectByID = "SELECT \(list) FROM \(name) WHERE id = ?"
        selectWhere = "SELECT \(list) FROM \(name) WHERE "
    }

    /// The values of a row in the order of the columns.
    func values(id: String, image: [String: JSON]) throws -> [SQLValue] {
        var found = 0
        let values = columns.map { column -> SQLValue in
            if column == "id" { return .text(id) }
            guard let json = image[column] else { return .null }
            found += 1
            return EntityTable.value(of: json)
        }
        if found != image.count {
            let unknown = image.keys.sorted().first { !columns.contains($0) }
            throw RecordsFault.unknownColumn(table: name, column: unknown ?? "?")
        }
        return values
    }

    private static func value(of json: JSON) -> SQLValue {
        switch json {
        case .null: .null
        case .flag(let flag): .of(flag)
        case .integer(let number): .integer(number)
        case .string(let text): .text(text)
        case .array, .object: .text(String(decoding: CanonicalJSON.bytes(of: json), as: UTF8.self))
        }
    }

    /// An entity of a row that `selectByID` or `selectWhere` gave.
    func entity<Entity: Decodable>(_ type: Entity.Type, row: Row) throws -> Entity {
        var members: [String: JSON] = [:]
        members.reserveCapacity(columns.count)
        for (position, column) in columns.enumerated() {
            let value: DatabaseValue = row[position]
            switch value.storage {
            case .int64(let number): members[column] = .integer(number)
            case .string(let text): members[column] = .string(text)
            case .null, .double, .blob: break
            }
        }
        do {
            return try Entity(from: TreeDecoder(json: .object(members)))
        } catch {
            throw RecordsFault.unreadable(table: name, id: row["id"], reason: "\(error)")
        }
    }
}
