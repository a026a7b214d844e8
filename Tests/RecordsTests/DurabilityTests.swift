import GRDB
import Testing

@testable import Records

@Suite("What a power cut leaves")
struct DurabilityTests {
    @Test("a commit of the writer is synced before it returns, and the log is written ahead")
    func synchronous() throws {
        let bench = try Workbench()
        let settings = try bench.clinic.write { unit in
            try ["synchronous", "journal_mode", "foreign_keys", "secure_delete"].map {
                try String.fetchOne(unit.database, sql: "PRAGMA \($0)")
            }
        }
        // FULL is 2.
        #expect(settings == ["2", "wal", "1", "1"])
    }
}
