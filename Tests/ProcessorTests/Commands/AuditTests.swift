import DurableFiles
import GRDB
import Testing

@testable import Processor

@Suite("suture audit verify")
struct AuditTests {
    @Test("the ledger of a run is sound, with its length and head, also while a processor holds it")
    func sound() throws {
        let bench = try CommandBench()
        try bench.drop(Sheets.registration, as: "r.csv")
        let summary = try bench.run()
        let audit = try LedgerAudit(bench.inquiry())
        #expect(audit.isSound)
        #expect(audit.length == summary.ledger.length)
        #expect(audit.head == summary.ledger.head)
        #expect(audit.text.hasPrefix("The ledger is sound: \(audit.length) rows, head \(audit.head)."))
    }

    @Test("an empty ledger is sound")
    func empty() throws {
        let audit = try LedgerAudit(CommandBench().inquiry())
        #expect(audit.isSound)
        #expect(audit.length == 0)
    }

    @Test(
        "tampering is found, and at which sequence",
        arguments: [
            ("UPDATE ledger SET kind = 'x.y' WHERE sequence = 2", Int64(2), "its hash is not that of its content"),
            ("UPDATE patient SET given_name = 'Eve'", Int64(2), "the row is not what its last event wrote"),
        ])
    func tampered(sql: String, sequence: Int64, reason: String) throws {
        let bench = try CommandBench()
        try bench.drop(Sheets.registration, as: "r.csv")
        try bench.run()
        let queue = try DatabaseQueue(path: bench.workspace.database.description)
        try queue.write { database in
            for trigger in try String.fetchAll(database, sql: "SELECT name FROM sqlite_master WHERE type = 'trigger'") {
                try database.execute(sql: "DROP TRIGGER \(trigger)")
            }
            try database.execute(sql: sql)
        }
        try queue.close()
        let audit = try LedgerAudit(bench.inquiry())
        #expect(!audit.isSound)
        #expect(audit.sequence == sequence)
        #expect(audit.reason == reason)
        #expect(audit.text.contains("sequence \(sequence)"))
        #expect(try audit.json().contains(#""sound":false"#))
    }
}
