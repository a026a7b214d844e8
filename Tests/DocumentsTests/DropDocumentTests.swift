import CSV
import Clinic
import ClinicTesting
import Documents
import Drops
import Foundation
import HL7
import Testing

private func finding(
    _ code: String = "consent.plan-not-approved", hl7: Int = 204, waitsFor: [String] = [], place: Drops.Place? = nil,
    detail: String = "the plan is a draft"
) -> ReportedFinding {
    ReportedFinding(
        code: code, hl7: hl7, statement: "A plan is approved first.", detail: detail, mend: "approve the plan",
        aside: "SECRET-ASIDE P-1", fields: ["plan"], places: [place ?? Drops.Place(line: 3, column: 7, name: "plan")],
        shape: "9 digits", waitsFor: waitsFor)
}

private func entry(
    _ outcome: EntryOutcome, findings: [ReportedFinding] = [], warnings: [ReportedFinding] = [], raw: String = "",
    answer: [String: String] = [:]
) -> ReportedEntry {
    ReportedEntry(
        number: 2, line: 3, byteOffset: 120, forms: [.init(form: "consent", action: "CREATE", reference: "SECRET-REF")],
        outcome: outcome, findings: findings, warnings: warnings, answer: answer, raw: Array(raw.utf8),
        ledgerSequence: 17)
}

private let drop = ReportedDrop(
    number: 5, source: "portal", format: .csv, form: "consent", sha256: "abc123",
    arrivedAt: "2026-11-23T17:00:00+00:00", findings: [], ledgerSequence: 20)

private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

@Suite("Rejections and answers")
struct RejectionTests {
    @Test("auditors get a row per finding, without values, asides or references")
    func row() {
        let rows = text(RejectionReport.rows(entry(.rejected, findings: [finding()]), of: drop))
        #expect(
            rows == "5,abc123,portal,2026-11-23T17:00:00+00:00,2,REJECTED,ERROR,3,7,,plan,plan,"
                + "consent.plan-not-approved,204,A plan is approved first.,the plan is a draft,9 digits,"
                + "approve the plan,17\r\n")
        #expect(!rows.contains("SECRET"))
        let columns = text(RejectionReport.header()).filter { $0 == "," }.count
        #expect(columns == rows.filter { $0 == "," }.count)
    }

    @Test("held entries and warnings are rows too; applied and duplicate entries are none")
    func kinds() {
        let held = entry(.held, findings: [finding(waitsFor: ["plan:P-1"])], warnings: [finding("entry.late")])
        let rows = text(RejectionReport.rows(held, of: drop)).components(separatedBy: "\r\n")
        #expect(rows.count == 3)
        #expect(rows[0].contains(",HELD,WAITS,"))
        #expect(rows[1].contains(",HELD,WARNING,"))
        #expect(RejectionReport.rows(entry(.applied), of: drop).isEmpty)
        #expect(RejectionReport.rows(entry(.duplicate), of: drop).isEmpty)
        var bad = drop
        bad.findings = [finding("drop.empty")]
        #expect(text(RejectionReport.dropRows(bad)).contains(",,,DROP,3,7,"))
    }

    @Test("an HL7 place is its error location, and an element named like a sentence is left out")
    func places() {
        let hl7 = finding(place: Drops.Place(line: 2, name: "PID-5", errorLocation: "PID^1^5^1^1"))
        #expect(text(RejectionReport.rows(entry(.rejected, findings: [hl7]), of: drop)).contains(",PID^1^5^1^1,"))
        let odd = finding(place: Drops.Place(line: 2, name: "Jane Doe"))
        #expect(!text(RejectionReport.rows(entry(.rejected, findings: [odd]), of: drop)).contains("Jane"))
    }

    @Test("a name that is no field of ours is left out of the words, too")
    func foreignNames() {
        var foreign = finding(
            "xml.schema", place: Drops.Place(line: 2, name: "Doe"), detail: "Doe is no field of the form consent")
        foreign.fields = []
        let rows = text(RejectionReport.rows(entry(.rejected, findings: [foreign]), of: drop))
        #expect(!rows.contains("Doe"))
        #expect(rows.contains(",a name is no field of the form consent,"))
    }

    @Test(
        "dates are left out of what auditors read, and examples stay",
        arguments: [
            ("sign on 2026-10-28 or later", "sign on (date) or later"),
            ("the next free slot is 2026-11-23 09:45", "the next free slot is (date)"),
            ("write a date like 2026-11-23", "write a date like 2026-11-23"),
            (
                "write a time like 2026-11-23T08:30 or 2026-11-23T08:30:00Z",
                "write a time like 2026-11-23T08:30 or 2026-11-23T08:30:00Z"
            ), ("of 6 to 20 digits", "of 6 to 20 digits"),
        ])
    func dates(said: String, read: String) {
        let rows = text(RejectionReport.rows(entry(.rejected, findings: [finding(detail: said)]), of: drop))
        #expect(rows.contains(",\(read),"))
    }

    @Test("the sender is told outcome, reasons and numbers")
    func answer() {
        let held = entry(.held, findings: [finding(waitsFor: ["plan:P-1"])])
        #expect(
            text(AnswerFile.rows(held, of: drop))
                == "5,2,3,consent,CREATE,SECRET-REF,HELD,consent.plan-not-approved,"
                + "the plan is a draft (SECRET-ASIDE P-1); waits for plan:P-1; approve the plan,,\r\n")
        let applied = entry(.applied, answer: ["receipt": "R-000001", "mrn": "10000018"])
        #expect(
            text(AnswerFile.rows(applied, of: drop))
                == "5,2,3,consent,CREATE,SECRET-REF,APPLIED,,,mrn=10000018;receipt=R-000001,17\r\n")
        let columns = text(AnswerFile.header()).filter { $0 == "," }.count
        #expect(columns == 10)
    }
}

@Suite("Corrections")
struct CorrectionTests {
    private func csv(_ header: String, delimiter: String = ",", lineEnd: String = "\r\n") -> CorrectionShape {
        CorrectionShape(
            format: .csv, form: "consent", opening: Array(header.utf8), lineEnd: Array(lineEnd.utf8),
            delimiter: Array(delimiter.utf8)[0])
    }

    private func file(_ shape: CorrectionShape, _ rows: [String], detail: String = "the plan is a draft") -> [UInt8] {
        CorrectionFile.opening(shape)
            + rows.flatMap {
                CorrectionFile.entry(
                    entry(.rejected, findings: [finding(detail: detail)], raw: $0), of: drop, shape: shape)
            } + CorrectionFile.closing(shape)
    }

    /// The records of a file as our own reader reads them.
    private func read(_ bytes: [UInt8], delimiter: String = ",") throws -> (names: [String], rows: [[String]]) {
        var rest = bytes[...]
        var reader = try #require(
            try Reader(
                read: { most in
                    defer { rest = rest.dropFirst(most) }
                    return Array(rest.prefix(most))
                }, choosing: { $0.firstIndex { $0.dialect.delimiter.rawValue == Array(delimiter.utf8)[0] } }))
        var rows: [[String]] = []
        while let record = try reader.next() {
            #expect(record.isSound)
            rows.append(try (0..<record.count).map { try record.text($0) })
        }
        return (reader.header.names, rows)
    }

    @Test("a row keeps its bytes and gets four columns in its own dialect")
    func row() {
        let bytes = file(csv("reference;\"plan\"", delimiter: ";", lineEnd: "\n"), ["R-1;\"a;b\"\n"])
        #expect(
            text(bytes) == "reference;\"plan\";suture_drop;suture_entry;suture_code;suture_reason\n"
                + "R-1;\"a;b\";5;2;consent.plan-not-approved;the plan is a draft: approve the plan\n")
    }

    @Test("our reader reads a correction back", arguments: [",", ";", "\t", "|"])
    func readBack(delimiter: String) throws {
        let header = ["reference", "action", "plan"].joined(separator: delimiter)
        let rows = [["R-1", "CREATE", "P-1"], ["R-2", "\"x\(delimiter)\"\"y\"", "P-2"]]
            .map { $0.joined(separator: delimiter) + "\r\n" }
        let bytes = file(csv(header, delimiter: delimiter), rows, detail: "a, b; c|d\te \"f\"\r\ng “h”")
        let (names, records) = try read(bytes, delimiter: delimiter)
        // The reader's names are normalized.
        #expect(names.suffix(4) == ["suturedrop", "sutureentry", "suturecode", "suturereason"])
        try #require(records.map(\.count) == [7, 7])
        #expect(records[1][1] == "x\(delimiter)\"y")
        #expect(records[0][6] == "a, b; c|d e \"f\"  g \"h\": approve the plan")
    }

    @Test("a correction that is refused again gets new columns in place of the old")
    func again() throws {
        let once = text(file(csv("reference,plan"), ["R-1,P-1\r\n"])).components(separatedBy: "\r\n")
        let twice = file(csv(once[0]), [once[1] + "\r\n"], detail: "still a draft")
        let (names, records) = try read(twice)
        #expect(names.count == 6)
        #expect(records == [["R-1", "P-1", "5", "2", "consent.plan-not-approved", "still a draft: approve the plan"]])
    }

    @Test(
        "a row whose columns cannot be told stays whole, with its notes after it",
        arguments: ["R-1,P-1,extra", "R-1", "R-1,\"open"])
    func faulty(row: String) {
        let bytes = file(csv("reference,plan"), [row + "\r\n"])
        #expect(
            text(bytes).hasSuffix("\r\n\(row),5,2,consent.plan-not-approved,the plan is a draft: approve the plan\r\n"))
        let again = file(csv("reference,suture_drop,suture_entry,suture_code,suture_reason"), [row])
        #expect(text(again).contains("\r\n\(row),5,2,"))
    }

    private func miscounted(_ header: String, _ row: String) -> String {
        let found = finding("csv.field-count", detail: "2 fields, but the header row names 3")
        let bytes = CorrectionFile.entry(
            entry(.rejected, findings: [found], raw: row + "\r\n"), of: drop, shape: csv(header))
        return text(bytes)
    }

    @Test(
        "a row with too few fields is filled up, so that its notes stand under their names",
        arguments: [
            ("reference,action,plan", "R-1,CREATE", "R-1,CREATE,"), ("reference,action,plan", "R-1", "R-1,,"),
            ("reference,action,plan", "\"R,1\",CREATE", "\"R,1\",CREATE,"),
            (
                "reference,action,plan,suture_drop,suture_entry,suture_code,suture_reason", "R-1,CREATE", "R-1,CREATE,"
            ),
        ])
    func tooFew(header: String, row: String, filled: String) {
        #expect(
            miscounted(header, row) == "\(filled),5,2,csv.field-count,"
                + "\"2 fields, but the header row names 3: approve the plan\"\r\n")
    }

    @Test(
        "a row with too many fields keeps them, and its note says by how many it is too long",
        arguments: [("R-1,CREATE,P-1,x", "1 field"), ("R-1,CREATE,P-1,x,y", "2 fields")])
    func tooMany(row: String, surplus: String) {
        #expect(
            miscounted("reference,action,plan", row) == "\(row),5,2,csv.field-count,"
                + "\"the row has \(surplus) too many, so these columns do not stand under their names; "
                + "2 fields, but the header row names 3: approve the plan\"\r\n")
    }

    @Test("a file in UTF-16 gets its notes in UTF-16")
    func utf16() {
        func wide(_ text: String) -> [UInt8] { text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] } }
        var shape = csv("")
        shape.opening = [0xFF, 0xFE] + wide("reference,name")
        var rejected = entry(.rejected, findings: [finding()])
        rejected.raw = wide("R-1,Zoë\r\n")
        let bytes =
            CorrectionFile.opening(shape) + CorrectionFile.entry(rejected, of: drop, shape: shape)
        #expect(
            bytes == [0xFF, 0xFE]
                + wide("reference,name,suture_drop,suture_entry,suture_code,suture_reason\r\n")
                + wide("R-1,Zoë,5,2,consent.plan-not-approved,the plan is a draft: approve the plan\r\n"))
    }

    private func xml(_ opening: String, _ closing: String) -> CorrectionShape {
        CorrectionShape(format: .xml, opening: Array(opening.utf8), lineEnd: [0x0A], closing: Array(closing.utf8))
    }

    @Test("an XML entry gets its notes before its end tag, in its own prefix")
    func element() {
        let shape = xml("<s:forms xmlns:s=\"urn:suture:forms:1\">\n", "</s:forms>")
        let bytes = file(
            shape, ["<s:consent reference=\"R-1\"><s:plan>P-1</s:plan></s:consent>"], detail: "a < b & c > d")
        #expect(
            text(bytes) == "<s:forms xmlns:s=\"urn:suture:forms:1\">\n<s:consent reference=\"R-1\"><s:plan>P-1</s:plan>"
                + "<s:suture_drop>5</s:suture_drop><s:suture_entry>2</s:suture_entry>"
                + "<s:suture_code>consent.plan-not-approved</s:suture_code>"
                + "<s:suture_reason>a &lt; b &amp; c &gt; d: approve the plan</s:suture_reason></s:consent>\n</s:forms>\n"
        )
    }

    @Test("an empty XML element is opened for its notes, and an earlier correction's notes are replaced")
    func emptyElement() {
        let shape = xml("<forms>", "</forms>")
        let once = text(file(shape, ["<plan reference=\"1/2\"/>"]))
        #expect(once.hasPrefix("<forms><plan reference=\"1/2\"><suture_drop>5</suture_drop>"))
        #expect(once.hasSuffix("</suture_reason></plan>\n</forms>\n"))
        let element = String(once.dropFirst(7).dropLast(10))
        let twice = text(file(shape, [element]))
        #expect(twice == once)
    }

    @Test(
        "an HL7 message gets a segment of ours, in its own delimiters and line ends", arguments: ["\r", "\n", "\r\n"])
    func message(end: String) {
        let shape = CorrectionShape(format: .hl7)
        let raw = "MSH|^~\\&|A|B\(end)PID|1||7\(end)"
        let once = text(file(shape, [raw], detail: "a|b^c&d\\e"))
        #expect(
            once == "MSH|^~\\&|A|B\(end)PID|1||7\(end)"
                + "ZSU|5|2|consent.plan-not-approved|a\\F\\b\\S\\c\\T\\d\\E\\e: approve the plan\(end)")
        #expect(text(file(shape, [once], detail: "a|b^c&d\\e")) == once)
        #expect(text(file(shape, ["MSH|^~\\&|A"])).hasPrefix("MSH|^~\\&|A\rZSU|5|2|"))
    }
}

@Suite("Acknowledgments")
struct AckTests {
    private let header = Array(
        "MSH|^~\\&|LAB|HOSP|SUTURE|CLINIC|20261123120000||ORU^R01^ORU_R01|MSG-1|P|2.5.1".utf8)

    private func acknowledgment(_ entry: ReportedEntry, header: [UInt8]? = nil) throws -> String {
        text(
            try AckFile.acknowledgment(
                for: entry, header: header ?? self.header, controlID: "5-2", at: .at("2026-11-23T18:00:00Z"),
                zone: .utc
            ).bytes)
    }

    @Test(
        "the code says what became of the message",
        arguments: [
            (EntryOutcome.applied, "consent.plan-not-approved", "AA"), (.duplicate, "x.y", "AA"),
            (.held, "consent.plan-not-approved", "AA"), (.rejected, "consent.plan-not-approved", "AE"),
            (.rejected, "hl7.unsupported-message", "AR"), (.rejected, "hl7.malformed", "AR"),
        ])
    func codes(outcome: EntryOutcome, code: String, expected: String) throws {
        let findings = outcome == .held || outcome == .rejected ? [finding(code)] : []
        let ack = try acknowledgment(entry(outcome, findings: findings))
        #expect(ack.contains("\rMSA|\(expected)|MSG-1"))
        #expect(ack.hasPrefix("MSH|^~\\&|SUTURE|CLINIC|LAB|HOSP|20261123180000+0000||ACK^R01^ACK|5-2|P|2.5.1"))
    }

    @Test("a held message is accepted, with what it waits for as information")
    func held() throws {
        let place = Drops.Place(line: 2, name: "PID-3", errorLocation: "PID^1^3")
        let ack = try acknowledgment(entry(.held, findings: [finding(waitsFor: ["x"], place: place)]))
        #expect(
            ack.contains(
                "\rERR||PID^1^3|204^Unknown key identifier^HL70357|I|consent.plan-not-approved|||"
                    + "the plan is a draft; approve the plan\r"))
    }

    @Test("bytes that are no message are answered too")
    func unreadable() throws {
        let ack = try acknowledgment(
            entry(.rejected, findings: [finding("hl7.malformed", hl7: 100)]), header: Array("garbage".utf8))
        #expect(ack.hasPrefix("MSH|"))
        #expect(ack.contains("\rMSA|AR\rERR|"))
    }

    @Test("answers stand in the envelopes of the file")
    func batch() throws {
        let file = "BHS|^~\\&|LAB|HOSP|SUTURE|CLINIC|||||B-1\r"
        var frames = FrameReader(Array(file.utf8))
        let segment = try #require(frames.next()?.framed.segment)
        var batch = try AckFile.batch(at: .at("2026-11-23T18:00:00Z"), zone: .utc)
        try batch.open(segment, controlID: "5")
        let answered = try AckFile.acknowledgment(
            for: entry(.applied), header: header, controlID: "5-2", at: .at("2026-11-23T18:00:00Z"), zone: .utc)
        batch.add(answered)
        let answer = text(batch.finish())
        #expect(answer.hasPrefix("BHS|^~\\&|SUTURE|CLINIC|LAB|HOSP|20261123180000+0000|"))
        #expect(answer.hasSuffix("BTS|1\r"))
    }
}
