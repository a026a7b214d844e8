import Foundation
import Testing

/// A file that ends before its content does is waited for, and refused whole when the rest never comes.
@Suite("Incomplete files")
struct IncompleteTests {
    /// A file that stops too early, and the same whole.
    struct Cut: Sendable, CustomTestStringConvertible {
        let name: String
        let cut: String
        let whole: String?

        var testDescription: String { name }
    }

    static let cuts = [
        Cut(
            name: "a CSV file without its last line's end",
            cut: String(Sample.stock("S-1", "S-2").dropLast()), whole: Sample.stock("S-1", "S-2")),
        Cut(
            name: "a CSV file that stops within a row",
            cut: String(Sample.stock("S-1", "S-2").dropLast(30)), whole: Sample.stock("S-1", "S-2")),
        Cut(
            name: "an XML file whose root is not closed", cut: String(xml.dropLast(8)), whole: xml),
        Cut(
            name: "an XML file that stops within an element", cut: String(xml.dropLast(70)), whole: xml),
    ]

    static let xml = """
        <?xml version="1.0"?>
        <forms xmlns="urn:suture:forms:1">
          <inventory reference="S-1" action="RECEIVE">
            <barcode>(01)05012345003382(17)280630(10)SN2601</barcode><quantity>10</quantity>
            <location>MAIN</location><scanned_at>2026-10-05T08:00:00Z</scanned_at>
          </inventory>
        </forms>
        """

    static let message =
        "MSH|^~\\&|HIS|H|SUTURE|C|20261012091500||ADT^A28^ADT_A05|M1|P|2.5\rEVN|A28|20261012091500\r"
        + "PID|1||||Dufour^Marianne||19840719|F\r"

    @Test(
        "it is refused as drop.incomplete, none of it is applied, and the whole file dropped later is", arguments: cuts)
    func incomplete(_ cut: Cut) throws {
        let bench = try Bench()
        try bench.drop(cut.cut, as: "cut")
        try bench.drop(Sample.stock("GOOD"), as: "good.csv")
        let summary = try bench.drain(["--incomplete-after", "0"])
        #expect(summary.drops["quarantined"] == 1)
        #expect(summary.drops["archived"] == 1)
        #expect(summary.entries["applied"] == 1)
        let finding = try #require(try bench.findings().first)
        #expect(try bench.findings().count == 1)
        #expect(finding.code == "drop.incomplete")
        #expect(finding.line == 1)
        guard let whole = cut.whole else { return }
        try bench.drop(whole, as: "cut")
        let entries = try bench.drain(["--incomplete-after", "0"]).entries
        #expect(entries["applied"] == entries["read"])
    }

    static let cutBatches = [
        "FHS|^~\\&|HIS|H|SUTURE|C|20261012\rBHS|^~\\&|HIS|H|SUTURE|C|20261012\r\(message)BTS|1\r",
        "BHS|^~\\&|HIS|H|SUTURE|C|20261012\r\(message)",
    ]

    @Test("of an HL7 batch that was cut short no message is applied, and each is answered", arguments: cutBatches)
    func cutBatch(_ batch: String) throws {
        let bench = try Bench()
        try bench.drop(batch, as: "cut")
        try bench.drop(Sample.stock("GOOD"), as: "good.csv")
        let summary = try bench.drain(["--incomplete-after", "0"])
        #expect(summary.drops["archived"] == 2)
        #expect(summary.entries == ["read": 2, "applied": 1, "duplicate": 0, "held": 0, "rejected": 1])
        let finding = try #require(try bench.findings().first)
        #expect(finding.code == "drop.incomplete")
        #expect(finding.line == batch.split(separator: "\r").firstIndex { $0.hasPrefix("MSH") }.map { $0 + 1 })
        let answer = try bench.text("outbox/acks/00000001.hl7")
        #expect(answer.components(separatedBy: "MSA|AE|M1").count == 2, "\(answer)")
        #expect(try bench.sql("SELECT count(*) FROM patient") == "0")

        // Its correction holds the message, ready to be sent again in an envelope that closes, or in none.
        let correction = try bench.text("outbox/corrections/front-desk/00000001.hl7")
        try bench.drop(correction, as: "again.hl7")
        #expect(try bench.drain().entries["applied"] == 1)
    }

    @Test("it is waited for as long as was said, then refused, under --once too")
    func patience() throws {
        let bench = try Bench()
        try bench.drop(String(Sample.stock("S-1").dropLast()), as: "cut.csv")
        let summary = try bench.drain(["--incomplete-after", "2"])
        #expect(summary.drops["quarantined"] == 1)
        #expect(summary.elapsedSeconds >= 1.9, "waited \(summary.elapsedSeconds) s")
        #expect(try bench.findings().map(\.code) == ["drop.incomplete"])
    }

    @Test("a watching processor refuses it when its time is over")
    func watched() throws {
        let bench = try Bench()
        let running = try Running.watching(bench, ["--incomplete-after", "1"])
        try bench.drop(String(Sample.stock("S-1").dropLast()), as: "cut.csv")
        try eventually("it is refused") { try !bench.files("outbox/rejections").isEmpty }
        #expect(try running.stop() == 0)
        #expect(try bench.findings().map(\.code) == ["drop.incomplete"])
    }
}
