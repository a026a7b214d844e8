import Foundation
import Testing

/// What a hostile or broken sender tries, through the program itself.
@Suite("Attacks")
struct AttackTests {
    @Test(
        "a time that an offset or a length carries out of the four-digit years is refused, and the ledger stays readable",
        arguments: ["9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59Z"])
    func timesAtTheEdge(time: String) throws {
        let bench = try Bench()
        try bench.drop(
            """
            reference,action,consultation,mrn,surgeon,starts_at,minutes,kind
            X-1,SCHEDULE,K-1,10000016,SUR-LINDQVIST,\(time),45,FIRST

            """, as: "edge.csv")
        try bench.drop(Sample.stock("S-1"), as: "good.csv")
        let summary = try bench.drain()
        #expect(summary.entries["applied"] == 1)
        #expect(try bench.findings().map(\.code).contains("entry.bad-value"))
        #expect(try Bench.suture(["audit", "verify", "--workspace", bench.folder.path]).status == 0)
    }

    @Test("two spellings that Unicode calls equal are two references, and the audit tells them apart")
    func normalForms() throws {
        let bench = try Bench()
        try bench.drop(
            """
            reference,action,sku,lot,expires_on,quantity,scanned_at
            S-1,RECEIVE,SUT-PDS-3-0,Caf\u{E9},2029-01-01,1,2026-11-01T08:00:00Z
            S-2,RECEIVE,SUT-PDS-3-0,Cafe\u{301},2029-01-01,2,2026-11-01T08:00:00Z

            """, as: "forms.csv")
        #expect(try bench.drain().entries["applied"] == 2)
        #expect(try bench.sql("SELECT count(*) FROM inventory_lot") == "2")
        #expect(try Bench.suture(["audit", "verify", "--workspace", bench.folder.path]).status == 0)
    }
}
