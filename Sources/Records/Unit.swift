package import Clinic
import GRDB

/// What can be done inside one open transaction; not to be kept beyond it.
package final class Unit: ClinicState {
    let database: Database
    let ledgerKey: LedgerKey
    /// The ledger's end as this transaction sees it; read when first needed.
    var knownHead: LedgerHead?
    /// False when no entry was held at the first wake and none since: then nobody need be looked for.
    var mayHaveHolds: Bool?
    var wakes = WakeMemory()
    /// The statements of the tables used so far.
    var tables: [String: EntityTable] = [:]
    /// Under what circumstances the next events are decided.
    package var context = DecisionContext(now: Instant(secondsSinceEpoch: 0), configuration: "")

    init(database: Database, key: [UInt8]) {
        self.database = database
        self.ledgerKey = LedgerKey(key: key)
    }

    /// Runs a part that can be taken back: it stays only if it says so.
    ///
    /// What the schema refuses is taken back and thrown as a `SchemaRefusal`.
    package func attempt<T>(_ body: () throws -> (keep: Bool, value: T)) throws -> T {
        let before = (head: knownHead, wakes: wakes)
        try database.run("SAVEPOINT attempt")
        do {
            let (keep, value) = try body()
            if keep {
                try database.run("RELEASE attempt")
            } else {
                try takeBack(to: before)
            }
            return value
        } catch {
            if database.isInsideTransaction { try takeBack(to: before) }
            if let fault = error as? DatabaseError, fault.resultCode == .SQLITE_CONSTRAINT {
                throw SchemaRefusal(message: fault.message ?? fault.description)
            }
            throw error
        }
    }

    private func takeBack(to before: (head: LedgerHead?, wakes: WakeMemory)) throws {
        try database.run("ROLLBACK TO attempt")
        try database.run("RELEASE attempt")
        (knownHead, wakes) = before
    }

    package func next(_ series: Series) throws -> Int64 {
        let name: [SQLValue] = [.text(series.rawValue)]
        let next = "UPDATE series SET value = value + 1 WHERE name = ? RETURNING value"
        if let value = try database.number(next, name) { return value }
        try database.run("INSERT INTO series (name, value) VALUES (?, 1)", name)
        return 1
    }
}
