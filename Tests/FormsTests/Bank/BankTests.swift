import Clinic
import Drops
import Foundation
import Testing

@testable import Forms

@Suite("Payments from banks")
struct BankTests {
    /// The examples that are XML and no forms of ours.
    static let examples = ["camt053", "camt054", "cda-consultation", "hl7-adt-a28"]

    static func fixture(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: HL7Reading.folder.appending(path: "\(name).xml")))
    }

    /// A statement of these entries, by default of the version with the longest use.
    static func statement(_ entries: String, version: String = "053.001.02") -> [UInt8] {
        let (message, record) =
            version.hasPrefix("053") ? ("BkToCstmrStmt", "Stmt") : ("BkToCstmrDbtCdtNtfctn", "Ntfctn")
        return Array(
            """
            <Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.\(version)"><\(message)>
            <GrpHdr><MsgId>M</MsgId></GrpHdr>
            <\(record)><Id>S1</Id><Acct><Id><IBAN>GB33BUKB20201555555555</IBAN></Id></Acct>
            \(entries)
            </\(record)></\(message)></Document>
            """.utf8)
    }

    static func entry(
        _ amount: String = "100.00", _ indicator: String = "CRDT", status: String = "BOOK", rest: String = "",
        details: String = "<RmtInf><Ustrd>B-000001</Ustrd></RmtInf>"
    ) -> String {
        """
        <Ntry><Amt Ccy="GBP">\(amount)</Amt><CdtDbtInd>\(indicator)</CdtDbtInd>\(rest)<Sts>\(status)</Sts>
        <BookgDt><Dt>2026-11-23</Dt></BookgDt><AcctSvcrRef>A1</AcctSvcrRef>
        <NtryDtls><TxDtls>\(details)</TxDtls></NtryDtls></Ntry>
        """
    }

    private func read(_ entries: String, version: String = "053.001.02") throws -> [ReadEntry] {
        try HL7Reading.read(Self.statement(entries, version: version)).entries
    }

    private func told(_ entry: ReadEntry) -> [String] { entry.forms.map { "\($0.summary) \($0.told)" } }

    @Test("a statement comes to payments, one reversal, and entries without effect")
    func statement() throws {
        let (entries, warnings) = try HL7Reading.read(Self.fixture("camt053"))
        #expect(warnings.isEmpty)
        #expect(entries.allSatisfy { $0.findings.isEmpty })
        let account = "processor=GB33BUKB20201555555555"
        #expect(
            entries.map { told($0) } == [
                [
                    "payment PAY FP-20261123-1 [\"amount=7341.6\", \"bill=B-000001\", \"currency=GBP\", "
                        + "\"method=TRANSFER\", \"paid_at=2026-11-23T00:00\", \"\(account)\", "
                        + "\"transaction_id=FP-20261123-1\"]"
                ], [], [],
                [
                    "payment PAY BUK-2026-000773/1 [\"amount=250\", \"bill=B-000002\", \"currency=GBP\", "
                        + "\"method=TRANSFER\", \"paid_at=2026-11-23T00:00\"]"
                ],
                [
                    "payment PAY BUK-2026-000773/2 [\"amount=400\", \"bill=B-000003\", \"currency=GBP\", "
                        + "\"method=TRANSFER\", \"paid_at=2026-11-23T00:00\"]"
                ],
                [
                    "payment PAY BUK-2026-000774/B-000004 [\"amount=100\", \"bill=B-000004\", \"currency=GBP\", "
                        + "\"method=TRANSFER\", \"paid_at=2026-11-23T14:02:11+00:00\"]",
                    "payment PAY BUK-2026-000774/B-000005 [\"amount=200\", \"bill=B-000005\", \"currency=GBP\", "
                        + "\"method=TRANSFER\", \"paid_at=2026-11-23T14:02:11+00:00\"]",
                ],
                [
                    "payment REVERSE FP-20261123-1/RVSL [\"amount=7341.6\", \"currency=GBP\", \"method=TRANSFER\", "
                        + "\"original=FP-20261123-1\", \"paid_at=2026-11-23T00:00\", \"\(account)\", \"reason=AC04\"]"
                ],
            ])
        #expect(entries.map(\.isIgnored) == [false, true, true, false, false, false, false])
    }

    @Test("a notification comes to the insurer's payment, and to one for a patient by number")
    func notification() throws {
        let entries = try HL7Reading.read(Self.fixture("camt054")).entries
        #expect(entries.map { $0.forms.first?["bill"] } == ["B-000006", nil])
        #expect(entries.map { $0.forms.first?["payer"] } == ["INSURER", nil])
        #expect(entries.map { $0.forms.first?["mrn"] } == [nil, "10000016"])
        #expect(entries.map { $0.forms.first?.reference?.text } == ["BUK-2026-000801", "NTFCTN-4411/2"])
    }

    @Test("every example is well formed and lacks nothing", arguments: BankTests.examples)
    func isSound(name: String) throws {
        for entry in try HL7Reading.read(Self.fixture(name)).entries {
            #expect(entry.findings.isEmpty)
            for form in entry.forms {
                let typed = try HL7Reading.type(form)
                #expect(typed.findings.map { "\($0.place.name ?? ""): \($0.finding.detail)" } == [])
            }
        }
    }

    @Test("an example is read the same in pieces", arguments: BankTests.examples)
    func pieces(name: String) throws {
        let bytes = try Self.fixture(name)
        let whole = try HL7Reading.read(bytes).entries
        let pieces = try HL7Reading.read(bytes, piece: 5).entries
        #expect(pieces.map { told($0) } == whole.map { told($0) })
        #expect(pieces.map(\.raw) == whole.map(\.raw))
        #expect(pieces.map(\.place) == whole.map(\.place))
    }

    @Test(
        "only booked credits and their reversals have an effect",
        arguments: [
            ("CRDT", "BOOK", "", "PAY"), ("CRDT", "PDNG", "", nil), ("CRDT", "INFO", "", nil),
            ("DBIT", "BOOK", "", nil),
            ("DBIT", "PDNG", "<RvslInd>true</RvslInd>", nil), ("DBIT", "BOOK", "<RvslInd>true</RvslInd>", "REVERSE"),
            ("DBIT", "BOOK", "<RvslInd>1</RvslInd>", "REVERSE"), ("CRDT", "BOOK", "<RvslInd>false</RvslInd>", "PAY"),
            ("CRDT", "BOOK", "<RvslInd>true</RvslInd>", nil), ("DBIT", "BOOK", "<RvslInd>false</RvslInd>", nil),
        ] as [(String, String, String, String?)])
    func effect(indicator: String, status: String, rest: String, action: String?) throws {
        let entries = try read(Self.entry("100.00", indicator, status: status, rest: rest))
        #expect(entries.map { $0.forms.first?.action?.text } == [action])
        #expect(entries[0].isIgnored == (action == nil))
        #expect(entries[0].findings.isEmpty)
    }

    @Test("an entry that does not say what it is is refused with its line", arguments: ["CdtDbtInd", "Sts", "Amt"])
    func lacking(name: String) throws {
        let entry = Self.entry().replacing("<\(name)>", with: "<X>").replacing("</\(name)>", with: "</X>")
            .replacing("<\(name) Ccy=\"GBP\">", with: "<X>")
        let entries = try read(entry)
        #expect(entries[0].findings.map(\.finding.rule.code) == ["xml.schema"])
        #expect(entries[0].findings.first?.place.line == 4)
        #expect(entries[0].findings.first?.finding.detail.contains(name) == true)
    }

    @Test(
        "the bill is the one that the payer names, wherever",
        arguments: [
            ("<Refs><EndToEndId>B-000041</EndToEndId></Refs>", "B-000041"),
            ("<RmtInf><Ustrd>Rechnung b.000041 danke</Ustrd></RmtInf>", "B-000041"),
            ("<RmtInf><Ustrd>B000041/Holt</Ustrd></RmtInf>", "B-000041"),
            ("<RmtInf><Strd><CdtrRefInf><Ref>RF93B000041</Ref></CdtrRefInf></Strd></RmtInf>", "B-000041"),
            ("<RmtInf><Strd><RfrdDocInf><Nb>B-000041</Nb></RfrdDocInf></Strd></RmtInf>", "B-000041"),
            ("<RmtInf><Ustrd>B-000041</Ustrd><Ustrd>b 000041</Ustrd></RmtInf>", "B-000041"),
            ("<RmtInf><Ustrd>AB-000041</Ustrd></RmtInf>", nil), ("<RmtInf><Ustrd>B-00004</Ustrd></RmtInf>", nil),
            ("<RmtInf><Ustrd>B-000041X</Ustrd></RmtInf>", nil), ("<RmtInf><Ustrd>éB-000041</Ustrd></RmtInf>", nil),
            ("<RmtInf><Ustrd>000041</Ustrd></RmtInf>", nil), ("", nil),
        ] as [(String, String?)])
    func bill(details: String, bill: String?) throws {
        let form = try #require(try read(Self.entry(details: details)).first?.forms.first)
        #expect(form["bill"] == bill)
    }

    @Test("check digits of a creditor reference are checked")
    func creditorReferences() {
        #expect(BillReference.creditorReference("RF18539007547034") == "539007547034")
        #expect(BillReference.creditorReference("RF18 5390 0754 7034") == "539007547034")
        #expect(BillReference.creditorReference("RF19539007547034") == nil)
        #expect(BillReference.creditorReference("RF1") == nil)
        #expect(BillReference.creditorReference("RF18-539007547034") == nil)
    }

    @Test("several bills without amounts of their own are refused")
    func severalBills() throws {
        let details = "<RmtInf><Ustrd>B-000001 and B-000002</Ustrd></RmtInf>"
        let entry = try #require(try read(Self.entry(details: details)).first)
        #expect(entry.forms.isEmpty)
        #expect(entry.findings.map(\.finding.fields) == [[.bill]])
    }

    @Test("without a bill the form says what is missing, at the remittance")
    func noBill() throws {
        let form = try #require(try read(Self.entry(details: "<RmtInf><Ustrd>x</Ustrd></RmtInf>")).first?.forms.first)
        let typed = try HL7Reading.type(form)
        #expect(typed.findings.map(\.finding.rule.code) == ["entry.missing-field"])
        #expect(typed.findings.first?.place.name == "RmtInf")
        #expect(typed.findings.first?.place.line == 6)
    }

    @Test("a batch without its details is refused, unless the bank says where they are")
    func batch() throws {
        let batch = "<Btch><NbOfTxs>12</NbOfTxs></Btch>"
        let bare = Self.entry().replacing("<TxDtls><RmtInf><Ustrd>B-000001</Ustrd></RmtInf></TxDtls>", with: batch)
        #expect(try read(bare).map { $0.findings.map(\.finding.fields) } == [[[.bill]]])
        let pointing = bare.replacing(
            "<NtryDtls>", with: "<AddtlInfInd><MsgNmId>camt.054.001.02</MsgNmId></AddtlInfInd><NtryDtls>")
        #expect(try read(pointing).map(\.isIgnored) == [true])
        #expect(try read(pointing).map(\.findings.count) == [0])
    }

    @Test("transactions that come to more than their entry are refused")
    func sums() throws {
        let part = "</TxDtls><TxDtls><Amt Ccy=\"GBP\">60.00</Amt><RmtInf><Ustrd>B-000002</Ustrd></RmtInf>"
        let first = "<Amt Ccy=\"GBP\">60.00</Amt><RmtInf><Ustrd>B-000001</Ustrd></RmtInf>"
        let wrong = try read(Self.entry("100.00", details: first + part))
        #expect(wrong.first?.findings.map(\.finding.fields) == [[.amount]])
        let right = try read(Self.entry("120.00", details: first + part))
        #expect(right.map { $0.forms.first?["amount"] } == ["60", "60"])
        #expect(right.map { $0.forms.first?.reference?.text } == ["A1/1", "A1/2"])
    }

    @Test("the bytes of one transaction of several can be dropped again by themselves")
    func correction() throws {
        let bytes = try Self.fixture("camt053")
        let rules = ReadingRules(source: SourceName("bank"), forms: [.payment], catalog: .small)
        var rest = bytes[...]
        var reader = try DropReader.open(head: Array(bytes.prefix(4096)), rules: rules) { most in
            defer { rest = rest.dropFirst(most) }
            return Array(rest.prefix(most))
        }
        var entries: [ReadEntry] = []
        while let entry = try reader.next() { entries.append(entry) }
        let shape = reader.shape
        let again = try HL7Reading.read(shape.opening + entries[4].raw + shape.closing).entries
        #expect(again.count == 1)
        #expect(again.first?.forms.first?["bill"] == "B-000003")
        #expect(again.first?.forms.first?["amount"] == "400")
    }

    @Test(
        "decimals and days of XML are written as the forms write them",
        arguments: [
            ("6.30000", "6.3"), ("0.50", "0.5"), (".5", "0.5"), ("+5", "5"), ("007.10", "7.1"), ("5.", "5"), ("0", "0"),
            ("-5", "-5"), ("1e3", "1e3"), ("", ""), ("1.2.3", "1.2.3"),
        ])
    func decimals(text: String, plain: String) {
        #expect(BankPayment.decimal(text) == plain)
    }

    @Test("a day with a zone is its day, and a time stays one")
    func times() {
        #expect(BankPayment.time("2026-11-23") == "2026-11-23T00:00")
        #expect(BankPayment.time("2026-11-23+01:00") == "2026-11-23T00:00")
        #expect(BankPayment.time("2026-11-23T10:00:00Z") == "2026-11-23T10:00:00Z")
    }

    @Test("a statement that is cut anywhere is refused whole")
    func cut() throws {
        let bytes = try Self.fixture("camt054")
        for length in stride(from: 200, to: bytes.count - 2, by: 97) {
            #expect(throws: DropRefusal.self) { _ = try HL7Reading.read(Array(bytes.prefix(length))) }
        }
    }

    @Test("other messages of the bank are refused whole")
    func unknown() throws {
        let report = String(decoding: Self.statement(Self.entry()), as: UTF8.self)
            .replacing("camt.053", with: "camt.052")
        #expect(throws: DropRefusal.self) { _ = try HL7Reading.read(Array(report.utf8)) }
    }

    @Test("a long statement is read in the memory of one entry")
    func long() throws {
        let entry = Array((Self.entry() + "\n").utf8)
        let parts = String(decoding: Self.statement("|"), as: UTF8.self).split(separator: "|").map { Array($0.utf8) }
        var pending = parts[0][...]
        var left = 20_000
        let rules = ReadingRules(source: SourceName("bank"), forms: [.payment], catalog: .small)
        var reader = try DropReader.open(head: Array(parts[0].prefix(4096)), rules: rules) { most in
            if pending.isEmpty, left > 0 {
                left -= 1
                pending = left == 0 ? parts[1][...] : entry[...]
            }
            defer { pending = pending.dropFirst(most) }
            return Array(pending.prefix(most))
        }
        var count = 0
        while try reader.next() != nil { count += 1 }
        #expect(count == 19_999)
    }
}
