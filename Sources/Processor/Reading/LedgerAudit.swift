import Clinic
import Digests
import Records

/// Whether the ledger is whole and the tables are what it says.
package struct LedgerAudit: Reply {
    package var isSound: Bool
    package var length: Int64
    /// The last row's hash, in hex.
    package var head: String
    /// Rows whose content was erased as the law allows.
    package var erased = 0
    /// The row that is wrong, or that last wrote what is.
    package var sequence: Int64?
    /// The table and the row in it that are not what the ledger says.
    package var table: String?
    package var id: String?
    package var reason: String?

    private enum CodingKeys: String, CodingKey {
        case isSound = "sound"
        case length, head, erased, sequence, table, id, reason
    }

    package init(_ inquiry: Inquiry) throws {
        self = try inquiry.database.read { try LedgerAudit($0) }
    }

    private init(_ unit: Unit) throws {
        let head = try unit.head()
        let verdict = try unit.verify()
        isSound = verdict.isSound
        length = head.length
        self.head = Hexadecimal.encode(head.hash)
        switch verdict {
        case .sound(_, let erased): self.erased = erased
        case .brokenRow(let sequence, let reason):
            self.sequence = sequence
            self.reason = reason
        case .differs(let table, let id, let reason):
            sequence = try unit.lastWrite(table: table, id: id)
            self.table = table
            self.id = id
            self.reason = reason
        }
    }

    package var text: String {
        guard !isSound else {
            let erased = erased > 0 ? "\n\(Terminal.count(erased, "row")) had their content erased." : ""
            return "The ledger is sound: \(Terminal.count(Int(length), "row")), head \(head).\(erased)"
        }
        let reason = Terminal.safe(reason ?? "")
        guard let table, let id else { return "The ledger is broken at sequence \(sequence ?? 0): \(reason)." }
        let last = sequence.map { "; sequence \($0) wrote it last" } ?? ""
        return "The ledger is whole, but \(table) \(Terminal.safe(id)) differs from it: \(reason)\(last)."
    }
}
