import Foundation
import Testing

/// What operators decide about held entries, and what everybody is told of entries that leave their hold.
@Suite("Decisions about holds")
struct HoldDecisionTests {
    private static let header = "reference,action,held,actor,reason,occurred_at"

    private static func decision(_ reference: String, _ action: String, _ held: String, by actor: String) -> String {
        "\(header)\n\(reference),\(action),\(held),\(actor),as was told,2026-11-23T17:56:00Z\n"
    }

    /// A workspace in which a payment waits for its bill, as entry 1 of drop 1.
    private func benchWithHeldPayment() throws -> Bench {
        let bench = try Bench()
        let payment = Bench.repository.appendingPathComponent("fixtures/one-patient/hl7/10-payment.hl7")
        try bench.drop(Array(Data(contentsOf: payment)), as: "his/1.hl7")
        #expect(try bench.drain().entries["held"] == 1)
        return bench
    }

    private func answers(_ bench: Bench, _ path: String) throws -> [[String: String]] {
        try Table(Data(bench.text("outbox/answers/\(path)").utf8)).rows
    }

    @Test("a decision that is refused leaves the entry held and sends nobody anything about it")
    func refused() throws {
        let bench = try benchWithHeldPayment()
        try bench.drop(Self.decision("D-5", "REJECT", "1/1", by: "NOBODY"), as: "operators/2.csv")
        let summary = try bench.drain()
        #expect(summary.entries["rejected"] == 1)
        #expect(summary.released["rejected"] == 0 && summary.released["within_run"] == 0)
        #expect(try bench.sql("SELECT outcome FROM entry ORDER BY drop_number") == "HELD\nREJECTED")
        let followUps = try bench.files("outbox").keys.filter { $0.contains("-f0") }
        #expect(followUps.isEmpty, "\(followUps)")
        #expect(try bench.sql("SELECT count(*) FROM ledger WHERE kind LIKE 'decision.%'") == "0")
    }

    @Test("a decision that names another patient than the held entry's is refused", arguments: ["REJECT", "RELEASE"])
    func otherPatient(action: String) throws {
        let bench = try Bench()
        try bench.drop(Sample.registration("REG-1"), as: "1.csv")
        try bench.drop(
            "reference,action,bill,mrn,amount,currency,method,paid_at\n"
                + "P-9,PAY,B-000077,10000016,10.00,GBP,CASH,2026-11-22T10:00:00Z\n", as: "2.csv")
        #expect(try bench.drain().entries["held"] == 1)
        let header = Self.header + ",mrn,birth_date\n"
        let row = "\(action),2/1,ADM-STERLING,as was told,2026-11-23T17:56:00Z"
        try bench.drop(header + "D-1,\(row),10000024,\n", as: "3.csv")
        try bench.drop(header + "D-2,\(row),,1970-01-01\n", as: "4.csv")
        #expect(try bench.drain().entries["rejected"] == 2)
        let codes = try bench.findings().filter { $0.drop > 2 && $0.weight == "ERROR" }.map(\.code)
        #expect(codes == ["entry.wrong-patient", "entry.wrong-patient"])
        #expect(try bench.sql("SELECT count(*) FROM hold") == "1")
        try bench.drop(header + "D-3,\(row),10000016,1984-07-19\n", as: "5.csv")
        #expect(try bench.drain().entries["applied"] == 1)
    }

    @Test("the answer to a release says what became of the entry")
    func released() throws {
        let bench = try benchWithHeldPayment()
        try bench.drop(Self.decision("D-1", "RELEASE", "1/1", by: "ADM-STERLING"), as: "operators/2.csv")
        #expect(try bench.drain().entries["applied"] == 1)
        let row = try #require(try answers(bench, "operators/00000002.csv").first)
        #expect(row["outcome"] == "APPLIED")
        #expect(row["numbers"]?.hasPrefix("released=1/1 HELD plan.unknown") == true, "\(row)")
    }

    @Test("an unknown action is answered as it was written")
    func unknownAction() throws {
        let bench = try benchWithHeldPayment()
        try bench.drop(Self.decision("D-8", "HOLD", "1/1", by: "ADM-STERLING"), as: "operators/2.csv")
        #expect(try bench.drain().entries["rejected"] == 1)
        let row = try #require(try answers(bench, "operators/00000002.csv").first)
        #expect(row["action"] == "HOLD")
        #expect(row["reason"]?.contains("the form has no such action (the entry says HOLD); use one of") == true)
    }

    @Test("what expires is told first that it waited, for what and until when, and waits for nothing any more")
    func expired() throws {
        let bench = try Bench()
        try bench.drop(
            "reference,action,plan,surgeon,occurred_at\n"
                + "PL-1,APPROVE,P-1,SUR-LINDQVIST,2026-11-23T09:00:00Z\n"
                + "PL-2,APPROVE,P-1,SUR-LINDQVIST,2026-11-23T10:00:00Z\n", as: "1.csv")
        #expect(try bench.drain().entries["held"] == 2)
        let held = try answers(bench, "front-desk/00000001.csv")
        #expect(held.allSatisfy { $0["outcome"] == "HELD" && $0["ledger_sequence"] == "" })
        #expect(try bench.drain(now: "2026-11-24T18:00:01Z").released["expired"] == 2)
        let name = try #require(try bench.files("outbox/answers/front-desk").keys.first { $0.contains("-f") })
        let rows = try answers(bench, "front-desk/\(name)")
        #expect(rows.map { $0["codes"] } == ["plan.unknown", "plan.unknown"])
        for row in rows {
            let reason = try #require(row["reason"])
            #expect(reason.hasPrefix("it waited in vain until its hold expired: no plan"), "\(reason)")
            #expect(reason.contains("it waited for plan:P-1 until 2026-11-24T"), "\(reason)")
            #expect(!reason.contains("; waits for"))
        }
    }

    @Test("an entry that is refused for good or replaced is not said to wait")
    func waitsForNothing() throws {
        let bench = try Bench()
        let header = "reference,action,plan,surgeon,occurred_at\n"
        try bench.drop(
            header + "PL-1,APPROVE,P-1,SUR-LINDQVIST,2026-11-25T09:00:00Z\n"
                + "PL-2,APPROVE,P-1,SUR-LINDQVIST,2026-11-23T09:00:00Z\n", as: "1.csv")
        #expect(try bench.drain().entries == ["read": 2, "applied": 0, "duplicate": 0, "held": 1, "rejected": 1])
        let rejected = try #require(try answers(bench, "front-desk/00000001.csv").first)
        #expect(rejected["codes"]?.contains("plan.unknown") == true)
        #expect(rejected["reason"]?.contains("waits for") == false)
        try bench.drop(header + "PL-2,APPROVE,P-2,SUR-LINDQVIST,2026-11-23T09:00:00Z\n", as: "2.csv")
        #expect(try bench.drain().entries["held"] == 1)
        let name = try #require(try bench.files("outbox/answers/front-desk").keys.first { $0.contains("00000001-f") })
        let replaced = try #require(try answers(bench, "front-desk/\(name)").first)
        #expect(replaced["outcome"] == "DUPLICATE" && replaced["codes"] == "")
        #expect(replaced["reason"] == "replaced by 2/1, a later entry of the same reference")
    }

    @Test("a hold that ends within the run is told in its summary")
    func withinRun() throws {
        let bench = try Bench()
        try bench.drop(CascadeTests.changes(3), as: "1.csv")
        try bench.drop(Sample.registration("REG-1"), as: "2.csv")
        let summary = try bench.drain()
        #expect(summary.entries["applied"] == 4 && summary.entries["held"] == 0)
        #expect(summary.released == ["applied": 0, "rejected": 0, "expired": 0, "within_run": 3])
    }
}
