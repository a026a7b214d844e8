import Foundation
import GRDB

/// What is SQLite's alone: how its connections are set.
enum Engine {
    static func configuration(readOnly: Bool) -> Configuration {
        var configuration = Configuration()
        configuration.readonly = readOnly
        configuration.foreignKeysEnabled = true
        configuration.busyMode = .timeout(10)
        configuration.maximumReaderCount = 4
        configuration.prepareDatabase { database in
            if !readOnly {
                try database.execute(sql: "PRAGMA secure_delete = ON;")
            }
            try database.execute(
                sql: "PRAGMA temp_store = MEMORY; PRAGMA cache_size = -8192;")
        }
        return configuration
    }

    /// A commit is on the disk when it returns: what is sent out after it must not be forgotten by a power cut.
    ///
    /// GRDB sets a pool's writer to NORMAL after it was prepared, which would sync at checkpoints alone.
    static func syncEveryCommit(of pool: DatabasePool) throws {
        try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
    }

    static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }
}
