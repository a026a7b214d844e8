import Clinic
import Drops
import Foundation
import HL7
import Testing

@testable import Forms

@Suite("Messages in HL7's XML encoding")
struct XMLMessageTests {
    /// The one message of a fixture, written as XML.
    private func document(_ name: String) throws -> [UInt8] {
        let bytes = try HL7Reading.fixture(name).map { $0 == 0x0A ? 0x0D : $0 }
        return try XMLMessageWriter(indents: true).bytes(of: try Message(bytes, charset: .fixed(.utf8)))
    }

    @Test(
        "every example comes to the same forms as in ER7",
        arguments: try HL7Reading.fixtures().filter { $0 != "batch" })
    func isTheSame(name: String) throws {
        let expected = try HL7Reading.message(name)
        let entries = try HL7Reading.read(try document(name)).entries
        try #require(entries.count == 1)
        #expect(entries[0].findings.isEmpty)
        #expect(entries[0].forms.map(\.summary) == expected.forms.map(\.summary))
        #expect(entries[0].forms.map(\.told) == expected.forms.map(\.told))
        #expect(entries[0].message == expected.message)
        #expect(entries[0].transactionAmounts == expected.transactionAmounts)
        for (form, other) in zip(entries[0].forms, expected.forms) {
            #expect(form.fields.mapValues(\.place.name) == other.fields.mapValues(\.place.name))
        }
    }

    @Test("places are the lines of the document")
    func places() throws {
        let entry = try #require(try HL7Reading.read(BankTests.fixture("hl7-adt-a28")).entries.first)
        let form = try #require(entry.forms.first)
        #expect(form.summary == "registration REGISTER MSG0001")
        let text = String(decoding: try BankTests.fixture("hl7-adt-a28"), as: UTF8.self)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let line = try #require(form.fields[.familyName]?.place.line)
        #expect(lines[line - 1].contains("<PID>"))
        #expect(form.path("family_name") == "PID-5.1.1" || form.path("family_name") == "PID-5.1")
        #expect(entry.raw.starts(with: "<ADT_A05".utf8))
    }

    @Test("what is no message is refused with its line")
    func malformed() throws {
        let entries = try HL7Reading.read(Array("<ADT_A05 xmlns='urn:hl7-org:v2xml'>\n<PID/></ADT_A05>".utf8)).entries
        #expect(entries.map { $0.findings.map(\.finding.rule.code) } == [["hl7.malformed"]])
        let cut = try document("adt-a28").dropLast(12)
        #expect(throws: DropRefusal.self) { _ = try HL7Reading.read(Array(cut)) }
    }

    @Test("the note of a clerk's correction is no part of the message")
    func correction() throws {
        let text = String(decoding: try document("adt-a28"), as: UTF8.self)
        let noted = text.replacing("</ADT_A05>", with: "<suture_drop>7</suture_drop></ADT_A05>")
        #expect(noted != text)
        #expect(try HL7Reading.read(Array(noted.utf8)).entries.first?.findings.isEmpty == true)
    }
}
