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
        let conditions = try indexes.map { try condition(of: $0, in: database) }
        for (number, key) in keys.enumerated() {
            let condition = number == 0 ? "" : conditions[number - 1]
            try database.execute(sql: refusal(table, number, key, condition))
        }
        let moved = primary.map { "OLD.\($0) IS NOT NEW.\($0)" }.joined(separator: " OR ")
        try database.execute(
            sql: """
                CREATE TRIGGER \(table)_keeps_its_key BEFORE UPDATE ON \(table) WHEN \(moved)
                    BEGIN SELECT RAISE (ABORT, '\(table): a row keeps its key'); END;
                """)
    }

    /// What rows a unique index is about, if not about all.
    private static func condition(of index: String, in database: Database) throws -> String {
        let sql = try String.fetchOne(
            database, sql: "SELECT sql FROM sqlite_master WHERE type = 'index' AND name = ?", arguments: [index])
        guard let sql, let place = sql.range(of: " WHERE ") ?? sql.range(of: "\n    WHERE ") else { return "" }
        return " AND (\(sql[place.upperBound...]))"
    }

    /// A column of a key, compared as its index compares it.
    private struct KeyColumn {
        let name: String
        let collation: String
    }

    private static func refusal(_ table: String, _ number: Int, _ key: [KeyColumn], _ condition: String) -> String {
        let same = key.map { "\($0.name) = NEW.\($0.name) COLLATE \($0.collation)" }.joined(separator: " AND ")
        let changed = key.map { "OLD.\($0.name) IS NOT NEW.\($0.name)" }.joined(separator: " OR ")
        let exists = "EXISTS (SELECT 1 FROM \(table) WHERE \(same)\(condition))"
        let refusal = "BEGIN SELECT RAISE (ABORT, '\(table): a row never takes the place of another'); END;"
        return """
            CREATE TRIGGER \(table)_replaces_none_\(number)_on_insert BEFORE INSERT ON \(table) WHEN \(exists)
                \(refusal)
            CREATE TRIGGER \(table)_replaces_none_\(number)_on_update BEFORE UPDATE ON \(table)
                WHEN (\(changed)) AND \(exists)
                \(refusal)
            """
    }
}
