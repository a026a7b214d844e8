import Foundation
import GRDB

/// Guards against rows that take the place of others.
///
/// `REPLACE` and `OR REPLACE` delete what is in their way, and SQLite asks no DELETE trigger then unless the connection
/// wishes it. So wherever a row is never deleted, no other may come with its key, and none may take another key.
enum ReplacementGuards {
    static func make(in database: Database) throws {
        let tables = try String.fetchAll(
            database,
            sql:
                "SELECT tbl_name FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%_is_never_deleted' ORDER BY 1"
        )
        // Its trigger may come with a number that is there already, and there is nothing else in its rows.
        for table in tables where table != "plan_number" { try guardRows(of: table, in: database) }
    }

    private static func guardRows(of table: String, in database: Database) throws {
        let primary = try String.fetchAll(
            database, sql: "SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk", arguments: [table])
        var made = 0
        var keys = [primary.map { KeyColumn(name: $0, collation: "BINARY") }]
        let indexes = try String.fetchAll(
            database, sql: "SELECT name FROM pragma_index_list(?) WHERE \"unique\" AND origin <> 'pk' ORDER BY name",
            arguments: [table])
        for index in indexes {
            let columns = try Row.fetchAll(
                database, sql: "SELECT name, coll FROM pragma_index_xinfo(?) WHERE key ORDER BY seqno",
                arguments: [index])
            keys.append(columns.map { KeyColumn(name: $0["name"], collation: $0["coll"]) })
        }
        let columns = try String.fetchAll(
            database, sql: "SELECT name FROM pragma_table_info(?) ORDER BY cid", arguments: [table])
        let coming = columns.map { "NEW.\($0) AS \($0)" }.joined(separator: ", ")
        let conditions = try [nil] + indexes.map { try condition(of: $0, in: database) }
        for (key, condition) in zip(keys, conditions) {
            // A partial index is about the rows that are as it says: the one that comes, and the one that is there.
            let isConcerned = condition.map { " AND EXISTS (SELECT 1 FROM (SELECT \(coming)) WHERE \($0))" } ?? ""
            let exists = "EXISTS (SELECT 1 FROM \(table) WHERE \(same(key))\(condition.map { " AND (\($0))" } ?? ""))"
            // A change of its state may bring a row under a partial index, in the way of one that is there.
            let other = primary.map { "\(table).\($0) IS NEW.\($0)" }.joined(separator: " AND ")
            let changed =
                condition == nil ? key.map { "OLD.\($0.name) IS NOT NEW.\($0.name)" }.joined(separator: " OR ") : "TRUE"
            let another = exists.dropLast() + " AND NOT (\(other)))"
            try database.execute(
                sql: refusal(
                    table, made, insert: exists + isConcerned, update: "(\(changed)) AND \(another)\(isConcerned)"))
            made += 1
        }
        let moved = primary.map { "OLD.\($0) IS NOT NEW.\($0)" }.joined(separator: " OR ")
        try database.execute(
            sql: """
                CREATE TRIGGER \(table)_keeps_its_key BEFORE UPDATE ON \(table) WHEN \(moved)
                    BEGIN SELECT RAISE (ABORT, '\(table): a row keeps its key'); END;
                """)
    }

    /// What rows a unique index is about; nil where it is about all.
    private static func condition(of index: String, in database: Database) throws -> String? {
        let sql = try String.fetchOne(
            database, sql: "SELECT sql FROM sqlite_master WHERE type = 'index' AND name = ?", arguments: [index])
        guard let sql, let place = sql.range(of: " WHERE ") ?? sql.range(of: "\n    WHERE ") else { return nil }
        return String(sql[place.upperBound...])
    }

    /// A column of a key, compared as its index compares it.
    private struct KeyColumn {
        let name: String
        let collation: String
    }

    private static func same(_ key: [KeyColumn]) -> String {
        key.map { "\($0.name) = NEW.\($0.name) COLLATE \($0.collation)" }.joined(separator: " AND ")
    }

    private static func refusal(_ table: String, _ number: Int, insert: String, update: String) -> String {
        let refusal = "BEGIN SELECT RAISE (ABORT, '\(table): a row never takes the place of another'); END;"
        return """
            CREATE TRIGGER \(table)_replaces_none_\(number)_on_insert BEFORE INSERT ON \(table) WHEN \(insert)
                \(refusal)
            CREATE TRIGGER \(table)_replaces_none_\(number)_on_update BEFORE UPDATE ON \(table) WHEN \(update)
                \(refusal)
            """
    }
}
