import GRDB

/// The disk took no more, or failed: the process stops, and its next start reads again what was not committed.
package struct DiskFailure: Error, CustomStringConvertible {
    package let reason: String

    package var description: String { "the database cannot be written: \(reason)" }
}

/// The clinic's database: one file, one writer at a time, readers beside it.
package final class ClinicDatabase: Sendable {
    private let writer: any DatabaseWriter
    /// The workspace's key, under which the ledger is salted.
    private let key: [UInt8]

    /// Opens the database at a path, makes it when it is not there, and brings its schema up to date.
    package init(path: String, key: [UInt8]) throws {
        let pool = try DatabasePool(path: path, configuration: Engine.configuration(readOnly: false))
        try Engine.syncEveryCommit(of: pool)
        self.writer = pool
        self.key = key
        try Migrations.all.migrate(writer)
        try writer.read { database in
            guard try !Migrations.all.hasBeenSuperseded(database) else { throw RecordsFault.newerSchema(path: path) }
        }
    }

    private init(writer: any DatabaseWriter, key: [UInt8]) {
        self.writer = writer
        self.key = key
    }

    /// Opens the database to look only; several may do so beside the one that writes.
    package static func readOnly(path: String, key: [UInt8]) throws -> ClinicDatabase {
        guard Engine.exists(path) else { throw RecordsFault.noDatabase(path: path) }
        let writer = try DatabasePool(path: path, configuration: Engine.configuration(readOnly: true))
        try writer.read { database in
            guard try !Migrations.all.hasBeenSuperseded(database) else { throw RecordsFault.newerSchema(path: path) }
        }
        return ClinicDatabase(writer: writer, key: key)
    }

    /// A copy that lives in memory: what is done to it is done to nothing.
    package func copyInMemory() throws -> ClinicDatabase {
        let copy = try DatabaseQueue(configuration: Engine.configuration(readOnly: false))
        try writer.backup(to: copy)
        try Migrations.all.migrate(copy)
        return ClinicDatabase(writer: copy, key: key)
    }

    /// An empty one in memory, for tests.
    package static func inMemory(key: [UInt8]) throws -> ClinicDatabase {
        let queue = try DatabaseQueue(configuration: Engine.configuration(readOnly: false))
        try Migrations.all.migrate(queue)
        return ClinicDatabase(writer: queue, key: key)
    }

    /// One transaction: all of it or nothing; a failed commit throws and must stop the process.
    package func write<T>(_ body: (Unit) throws -> T) throws -> T {
        do {
            return try writer.write { database in try body(Unit(database: database, key: key)) }
        } catch let fault as DatabaseError where [.SQLITE_FULL, .SQLITE_IOERR].contains(fault.resultCode) {
            throw DiskFailure(reason: fault.message ?? "the disk failed")
        } catch let fault as DatabaseError where fault.resultCode == .SQLITE_CONSTRAINT {
            throw SchemaRefusal(message: fault.message ?? fault.description)
        }
    }

    /// A consistent look at what is committed.
    package func read<T>(_ body: (Unit) throws -> T) throws -> T {
        try writer.read { database in try body(Unit(database: database, key: key)) }
    }

    package func close() throws { try writer.close() }
}
