import Foundation
import Testing

/// One patient from registration to receipt, in each format: the clinic ends in the same state, with the same papers.
@Suite("One patient")
struct OnePatientTests {
    /// Folders of documents that tell of the clinic; answers, acknowledgments and reports tell of files instead.
    static let papers = ["bills", "consents", "theater", "receipts", "registrations", "mail", "care"]

    /// Tables whose rows are the state of the clinic.
    static let tables = [
        "patient", "registration", "account", "consultation", "procedure_plan", "consent", "consent_snapshot", "requirement",
        "clearance", "surgical_case", "booking", "inventory_lot", "stock_movement", "reservation", "bill", "bill_due", "payment",
    ]

    @Test("in CSV, every entry is applied and the bill is paid in part")
    func inCSV() throws {
        let bench = try Bench()
        try bench.drop(fixtures: "one-patient/csv")
        let summary = try bench.drain()
        #expect(summary.drops == ["seen": 11, "archived": 11, "duplicate": 0, "quarantined": 0, "waiting": 0])
        #expect(summary.entries == ["read": 32, "applied": 32, "duplicate": 0, "held": 0, "rejected": 0])
        #expect(try bench.sql("SELECT state, gross, patient_paid FROM bill") == "PARTIALLY_PAID|694020|150000")
        #expect(try bench.sql("SELECT state FROM surgical_case") == "COMPLETED")
        #expect(try bench.sql("SELECT state FROM procedure_plan") == "FULFILLED")
        #expect(try bench.sql("SELECT state FROM consent") == "SIGNED")
        let bill = try bench.text("outbox/bills/B-000001.txt")
        #expect(bill.contains("Total of this bill                                                       6940.20"))
        #expect(try Bench.suture(["audit", "verify", "--workspace", bench.folder.path]).expectSuccess().status == 0)
    }

    @Test("in another format, the clinic's state and its documents are the same as from CSV", arguments: ["xml", "hl7"])
    func inAnother(format: String) throws {
        let first = try Bench()
        let second = try Bench(copying: first)
        try first.drop(fixtures: "one-patient/csv")
        try second.drop(fixtures: "one-patient/\(format)")
        try first.drain()
        let summary = try second.drain()
        #expect(summary.entries["applied"] == summary.entries["read"])
        for table in Self.tables {
            let query = "SELECT * FROM \(table) ORDER BY id"
            #expect(try second.sql(query) == first.sql(query), "\(table)")
        }
        for folder in Self.papers {
            #expect(try second.files("outbox/\(folder)") == first.files("outbox/\(folder)"), "\(folder)")
        }
        #expect(try !first.files("outbox/bills").isEmpty)
    }
}
