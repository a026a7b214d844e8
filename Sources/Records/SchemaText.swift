/// Pieces of DDL that the tables of all areas share; the areas add theirs in files of their names.
enum SchemaText {
    /// Refuses to delete a row.
    static func undeletable(_ tables: String...) -> String {
        tables.map { table in
            """
            CREATE TRIGGER \(table)_is_never_deleted BEFORE DELETE ON \(table)
                BEGIN SELECT RAISE (ABORT, '\(table): nothing is ever deleted'); END;

            """
        }.joined()
    }

    /// Refuses a change of state that is not among the transitions, and a first state that is not among the initial.
    static func transitions(of table: String, from initial: [String], _ transitions: [(String, [String])]) -> String {
        let pairs = transitions.flatMap { from, to in to.map { "('\(from)', '\($0)')" } }.joined(separator: ", ")
        return """
            CREATE TRIGGER \(table)_begins AFTER INSERT ON \(table) WHEN NEW.state NOT IN (\(list(initial)))
                BEGIN SELECT RAISE (ABORT, '\(table): nothing begins in that state'); END;
            CREATE TRIGGER \(table)_transition BEFORE UPDATE ON \(table)
                WHEN NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN (VALUES \(pairs))
                BEGIN SELECT RAISE (ABORT, '\(table): that state does not follow its own'); END;

            """
    }

    /// Refuses a change of columns, always or while a condition holds.
    static func frozen(_ table: String, _ name: String, _ columns: [String], while condition: String = "TRUE") -> String
    {
        let changed = columns.map { "OLD.\($0) IS NOT NEW.\($0)" }.joined(separator: " OR ")
        return """
            CREATE TRIGGER \(table)_\(name) BEFORE UPDATE ON \(table) WHEN (\(condition)) AND (\(changed))
                BEGIN SELECT RAISE (ABORT, '\(table): \(name.split(separator: "_").joined(separator: " "))'); END;

            """
    }

    /// Refuses every change of a row.
    static func immutable(_ table: String) -> String {
        """
        CREATE TRIGGER \(table)_is_never_changed BEFORE UPDATE ON \(table)
            BEGIN SELECT RAISE (ABORT, '\(table): a row is never changed'); END;

        """
    }

    private static func list(_ values: [String]) -> String { values.map { "'\($0)'" }.joined(separator: ", ") }
}
