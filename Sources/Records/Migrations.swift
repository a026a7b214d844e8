import GRDB

/// The schema's versions in their order; a name once released is never changed.
enum Migrations {
    static var all: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("0001 operations") { database in
            try database.execute(sql: OperationsSchema.ddl)
        }
        migrator.registerMigration("0002 clinic") { database in
            for ddl in Registry.schema { try database.execute(sql: ddl) }
            try ReplacementGuards.make(in: database)
        }
        return migrator
    }
}
