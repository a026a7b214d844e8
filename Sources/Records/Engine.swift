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
                try database.execute(sql: "PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;")
            }
            try database.execute(
                sql: "PRAGMA temp_store = MEMORY; PRAGMA cache_size = -8192;")
        }
        return configuration
    }

    static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }
}
