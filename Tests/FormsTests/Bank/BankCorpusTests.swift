import Clinic
import Foundation
import Testing
import XML

@testable import Forms

private enum Samples {
    static let folder = URL(filePath: "/work/shared/corpora/camt")
    static let schemas = URL(filePath: "/work/shared/schemas/iso20022")
    static let areThere = FileManager.default.fileExists(atPath: folder.path)
}

/// The samples of another project, with what its own reader makes of them: ours must find the same.
@Suite("Samples of statements with their expected reading", .enabled(if: Samples.areThere))
struct BankCorpusTests {
    static let names = [
        "camt053.v2.all-balance-types", "camt053.v2.minimal", "camt053.v2.with-party-ids", "camt053.v4", "camt054.v2",
        "camt054.v2.with-account-name", "camt054.v4",
    ]

    private func entries(of name: String) throws -> [BankEntry] {
        let bytes = Array(try Data(contentsOf: Samples.folder.appending(path: "\(name).xml")))
        let reader = try EntryReader(depth: 3, bytes: bytes)
        var entries: [BankEntry] = []
        while let entry = try reader.next() {
            if entry.element.name.local == "Ntry" { entries.append(BankEntry(entry.element)) }
        }
        return entries
    }

    private typealias JSON = [String: Any]

    /// A list whose members may have been told before, where only a mark stands for them.
    private func list(_ json: JSON, _ name: String, first: String) throws -> [JSON] {
        let list = try #require(json[name] as? [Any])
        return try list.enumerated().map { index, item in
            if let item = item as? JSON { return item }
            #expect(index == 0)
            return try #require(json[first] as? JSON)
        }
    }

    private func minorUnits(_ element: Element?, isCredit: Bool?) -> String? {
        guard let element, let code = element.string(of: "Ccy"),
            let amount = Currency(code: code).amount(BankPayment.decimal(element.string))
        else { return nil }
        let sign = isCredit == false && amount.minorUnits > 0 ? "-" : ""
        return "\(sign)\(amount.minorUnits) \(code)"
    }

    private func money(_ json: Any?) -> String? {
        guard let money = json as? JSON, let amount = money["getAmount"] as? String,
            let code = (money["getCurrency"] as? JSON)?["getCode"] as? String
        else { return nil }
        return "\(amount) \(code)"
    }

    private func instant(_ json: Any?) -> Instant? {
        ((json as? JSON)?["0"] as? String).flatMap { Instant($0, zone: .utc) }
    }

    @Test("every entry and transaction is what the sample's own project reads", arguments: names)
    func isAsExpected(name: String) throws {
        let data = try Data(contentsOf: Samples.folder.appending(path: "\(name).json"))
        let expected = try #require(
            try (JSONSerialization.jsonObject(with: data) as? JSON)?["getEntries"] as? [JSON])
        let entries = try entries(of: name)
        try #require(entries.count == expected.count)
        for (entry, json) in zip(entries, expected) {
            #expect(minorUnits(entry.amount, isCredit: entry.isCredit) == money(json["getAmount"]))
            #expect(entry.isCredit == (json["getCreditDebitIndicator"] as? String == "CRDT"))
            #expect(entry.isReversal == (json["getReversalIndicator"] as? Bool))
            #expect(entry.status?.string == json["getStatus"] as? String)
            #expect(entry.servicerReference?.string == json["getAccountServicerReference"] as? String)
            #expect(entry.entryReference?.string == json["getReference"] as? String)
            for (ours, theirs) in [(entry.bookedAt, "getBookingDate"), (entry.valueAt, "getValueDate")] {
                let time = ours.flatMap { Instant(BankPayment.time($0.string), zone: .utc) }
                #expect(time == instant(json[theirs]))
            }
            let details = try list(json, "getTransactionDetails", first: "getTransactionDetail")
            try #require(entry.transactions.count == details.count)
            for (transaction, detail) in zip(entry.transactions, details) {
                try compare(transaction, detail, isCredit: entry.isCredit)
            }
        }
    }

    private func compare(_ transaction: BankEntry.Transaction, _ json: JSON, isCredit: Bool?) throws {
        #expect(minorUnits(transaction.amount, isCredit: isCredit) == money(json["getAmount"]))
        let references = json["getReference"] as? JSON
        #expect(transaction.endToEndID?.string == references?["getEndToEndId"] as? String)
        #expect(transaction.servicerReference?.string == references?["getAccountServicerReference"] as? String)
        #expect(transaction.transactionID?.string == references?["getTransactionId"] as? String)
        let remittance = json["getRemittanceInformation"] as? JSON
        let structured =
            try remittance.map {
                try list($0, "getStructuredBlocks", first: "getStructuredBlock")
            } ?? []
        let creditor = remittance?["getCreditorReferenceInformation"] as? JSON
        let numbers = structured.map { block in
            (block["getCreditorReferenceInformation"] as? JSON ?? creditor)?["getRef"] as? String
        }
        #expect(transaction.structured.map { $0.references.first?.string } == numbers)
        let texts = try remittance.map { try list($0, "getUnstructuredBlocks", first: "getUnstructuredBlock") } ?? []
        #expect(transaction.unstructured.map(\.string) == texts.map { $0["getMessage"] as? String })
        let parties = json["getRelatedParties"] as? [Any] ?? []
        let known = (parties + [json["getRelatedParty"] as Any]).compactMap {
            ($0 as? JSON)?["getRelatedPartyType"] as? JSON
        }
        let debtor = known.first { ($0["__CLASS__"] as? String)?.hasSuffix("Debtor") == true }
        #expect(transaction.debtorName?.string == debtor?["getName"] as? String)
    }

    @Test("every sample is read to its payments", arguments: names)
    func payments(name: String) throws {
        let bytes = Array(try Data(contentsOf: Samples.folder.appending(path: "\(name).xml")))
        let read = try HL7Reading.read(bytes).entries
        #expect(read.allSatisfy { $0.findings.isEmpty })
        let isCredit = name.hasPrefix("camt053")
        #expect(read.flatMap(\.forms).map { $0.action?.text } == (isCredit ? ["PAY"] : []))
        if isCredit {
            #expect(read.first?.forms.first?["amount"] == "8.85")
            #expect(read.first?.forms.first?["currency"] == "EUR")
            #expect(read.first?.forms.first?["paid_at"] == "2014-12-31T00:00")
        }
    }

    @Test(
        "our examples follow the schemas of ISO 20022",
        arguments: [("camt053", "camt.053.001.08"), ("camt054", "camt.054.001.02")])
    func schemas(example: String, schema: String) throws {
        let bytes = Array(try Data(contentsOf: Samples.schemas.appending(path: "\(schema).xsd")))
        let findings = try Schema(bytes).validate(bytes: try BankTests.fixture(example))
        #expect(findings.map { "\($0.position.line): \($0.element?.local ?? "") \($0.text)" } == [])
    }

    @Test("every schema compiles, and names the line of what breaks it")
    func compile() throws {
        for name in ["053.001.02", "053.001.04", "053.001.08", "054.001.02", "054.001.04", "054.001.08"] {
            let bytes = Array(try Data(contentsOf: Samples.schemas.appending(path: "camt.\(name).xsd")))
            let findings = try Schema(bytes).validate(bytes: BankTests.statement(BankTests.entry(), version: name))
            #expect(findings.first?.position.line == 2, "camt.\(name)")
        }
    }
}
