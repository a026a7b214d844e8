import Foundation
import Testing

/// One patient from registration to receipt, in each format: the clinic ends in the same state, with the same papers.
@Suite("One patient")
struct OnePatientTests {
    /// Folders of documents that tell of the clinic; answers, acknowledgments and reports tell of files instead.
    static let papers = ["bills", "consents", "theater", "receipts", "registrations", "mail", "care"]

    /// Tables whose rows are the state of the clinic.
    static let tables = [
        "patient", "registration", "account", "consultation", "procedure_plan", "consent", "consent_snapshot",
        "requirement",
        "clearance", "surgical_case", "booking", "inventory_lot", "stock_movement", "reservation", "bill", "bill_due",
        "payment",
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

    /// The papers are compared with those of the CSV in the same drops, for a theater's list has a version for each drop
    /// that changes it; and without the password, for which HL7 has no field: the mail then invites to choose one.
    @Test(
        "in another format, the clinic's state and its documents are the same as from CSV", arguments: ["xml", "hl7"])
    func inAnother(format: String) throws {
        let csv = try Bench()
        let other = try Bench(copying: csv)
        let inSameDrops = try Bench(copying: csv)
        try csv.drop(fixtures: "one-patient/csv")
        try other.drop(fixtures: "one-patient/\(format)")
        for (name, text) in try Self.csv(inDropsOf: format) { try inSameDrops.drop(text, as: name) }
        try csv.drain()
        try inSameDrops.drain()
        let summary = try other.drain()
        #expect(summary.entries["applied"] == summary.entries["read"])
        for table in Self.tables {
            let query = "SELECT * FROM \(table) ORDER BY id"
            #expect(try other.sql(query) == csv.sql(query), "\(table)")
        }
        for folder in Self.papers {
            #expect(try other.files("outbox/\(folder)") == inSameDrops.files("outbox/\(folder)"), "\(folder)")
        }
        #expect(try !csv.files("outbox/bills").isEmpty)
    }

    /// The files of the patient in CSV, divided as those in another format are where that needs CSV between its own.
    static func csv(inDropsOf format: String) throws -> [(name: String, text: String)] {
        let folder = Bench.repository.appendingPathComponent("fixtures/one-patient")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/\(format)").sorted()
        let between = try names.filter { $0.hasSuffix(".csv") }.flatMap {
            try rows(of: folder.path + "/\(format)/\($0)")
        }
        let apart = Set(between.map(reference))
        return try FileManager.default.contentsOfDirectory(atPath: folder.path + "/csv").sorted().flatMap { name in
            let rows = try rows(of: folder.path + "/csv/\(name)")
            var pieces: [[String]] = []
            for row in rows.dropFirst() {
                if let last = pieces.last?.last, apart.contains(reference(last)) == apart.contains(reference(row)) {
                    pieces[pieces.count - 1].append(row)
                } else {
                    pieces.append([row])
                }
            }
            return zip("abcdefgh", pieces).map { letter, piece in
                let text = ([rows[0]] + piece).map { "\($0)\n" }.joined()
                return (
                    "\(name.prefix(2))\(letter).csv", hasPassword(format) ? text : text.replacing(password, with: "")
                )
            }
        }
    }

    private static let password = "blue-harbour-42"

    private static func hasPassword(_ format: String) -> Bool { format != "hl7" }

    private static func rows(of path: String) throws -> [String] {
        try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map(String.init)
    }

    private static func reference(_ row: String) -> String { String(row.prefix { $0 != "," }) }

    @Test("in HL7, every message is acknowledged, and only a payment before its bill is held for a while")
    func acknowledged() throws {
        let bench = try Bench()
        try bench.drop(fixtures: "one-patient/hl7")
        try bench.drain()
        let folder = Bench.repository.appendingPathComponent("fixtures/one-patient/hl7").path
        let sent = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".hl7") }
            .flatMap { try Self.rows(of: "\(folder)/\($0)") }
            .filter { $0.hasPrefix("MSH|") }.map { $0.split(separator: "|", omittingEmptySubsequences: false)[9] }
        let answers = try bench.files("outbox/acks").values
            .flatMap { String(decoding: $0, as: UTF8.self).split(separator: "\r") }
        #expect(answers.filter { $0.hasPrefix("MSA|") }.sorted() == sent.map { "MSA|AA|\($0)" }.sorted())
        let errors = answers.filter { $0.hasPrefix("ERR|") }.map { $0.split(separator: "|") }
        #expect(errors.map { [$0[1], $0[3], $0[4]] } == [["FT1^1^23", "I", "payment.bill-unknown"]])
    }
}
