import Clinic
import Drops
import Foundation
import Testing

@testable import Forms

@Suite("Clinical documents")
struct ClinicalDocumentTests {
    private func document(_ edit: (String) -> String = { $0 }) throws -> ReadEntry {
        let text = edit(String(decoding: try BankTests.fixture("cda-consultation"), as: UTF8.self))
        return try #require(try HL7Reading.read(Array(text.utf8)).entries.first)
    }

    @Test("a consultation note completes the consultation that its encounter names")
    func note() throws {
        let entry = try document()
        let form = try #require(entry.forms.first)
        #expect(entry.findings.isEmpty)
        #expect(form.summary == "consultation COMPLETE HIS/NOTE-7001")
        #expect(form["consultation"] == "HIS/K-7001")
        #expect(form["identifiers"] == "HIS/88214")
        #expect(form["family_name"] == "Holt")
        #expect(form["birth_date"] == "1988-02-14")
        #expect(form["surgeon"] == "SUR-ADEYEMI")
        #expect(form["occurred_at"] == "2026-11-12T10:05:00+00:00")
        #expect(form["in_person"] == "Y")
        #expect(form["history_reviewed"] == "Y")
        #expect(form["examined"] == "Y")
        #expect(
            form["notes"] == """
                History of present illness
                Asks about a rhinoplasty since an injury in 2019.
                No surgery.
                History of past illness
                - Seasonal rhinitis
                - No bleeding disorder
                """)
        #expect(form["findings"] == "Finding | Side\nSeptal deviation | left")
        #expect(form["goals"] == "A straighter nose\nand to breathe on both sides")
        #expect(form["advice"] == "Rhinoplasty; photographs; second consultation.")
        #expect(form.fields[.notes]?.place.line == 38)
        #expect(entry.raw.starts(with: "<ClinicalDocument".utf8))
    }

    @Test("a document that replaces another, or adds to it, amends the note", arguments: ["RPLC", "APND"])
    func amendment(type: String) throws {
        let entry = try document {
            $0.replacing(
                "<componentOf>",
                with: "<relatedDocument typeCode=\"\(type)\"><parentDocument><id root=\"1.2\"/></parentDocument>"
                    + "</relatedDocument><componentOf>")
        }
        #expect(entry.forms.first?.action?.text == "AMEND")
    }

    @Test("an operative note is the note of a case")
    func operation() throws {
        let entry = try document {
            $0.replacing("11488-4", with: "11504-8").replacing(
                "<templateId root=\"2.16.840.1.113883.10.20.22.1.4\"/>", with: "")
        }
        let form = try #require(entry.forms.first)
        #expect(form.summary == "case NOTE HIS/NOTE-7001")
        #expect(form["case"] == "HIS/K-7001")
        #expect(form["notes"]?.hasSuffix("second consultation.") == true)
        #expect(form["goals"] == nil)
    }

    @Test("other documents are refused, with the line of their code")
    func otherKinds() throws {
        let entry = try document {
            $0.replacing("11488-4", with: "18842-5").replacing(
                "<templateId root=\"2.16.840.1.113883.10.20.22.1.4\"/>", with: "")
        }
        #expect(entry.forms.isEmpty)
        #expect(entry.findings.map(\.finding.rule.code) == ["drop.unknown-form"])
        #expect(entry.findings.first?.place.line == 6)
    }

    @Test("without the time of the encounter the note's own counts, and a bare day does not")
    func times() throws {
        let encounter =
            "<effectiveTime><low value=\"202611120930+0000\"/><high value=\"202611121005+0000\"/></effectiveTime>"
        #expect(
            try document { $0.replacing(encounter, with: "") }.forms.first?["occurred_at"]
                == "2026-11-12T10:15:00+00:00")
        #expect(
            try document { $0.replacing("202611121005+0000", with: "20261112") }.forms.first?["occurred_at"]
                == "2026-11-12T10:15:00+00:00")
    }

    @Test("a number that is ours is the patient's MRN")
    func ourNumber() throws {
        let form = try document { $0.replacing("\"88214\" assigningAuthorityName=\"HIS\"", with: "\"10000016\"") }.forms
            .first
        #expect(form?["mrn"] == "10000016")
        #expect(form?["identifiers"] == nil)
    }

    @Test("a plain text body is the note, and a file within the document is refused")
    func plainBody() throws {
        func with(_ body: String) throws -> ReadEntry {
            try document { text in
                guard let start = text.range(of: "<structuredBody>"), let end = text.range(of: "</structuredBody>")
                else {
                    return text
                }
                return text.replacingCharacters(in: start.lowerBound..<end.upperBound, with: body)
            }
        }
        let plain = try with("<nonXMLBody><text mediaType=\"text/plain\">Seen.\nWell.</text></nonXMLBody>")
        #expect(plain.forms.first?["notes"] == "Seen.\nWell.")
        let file = try with(
            "<nonXMLBody><text mediaType=\"application/pdf\" representation=\"B64\">JVBE</text></nonXMLBody>")
        #expect(file.forms.isEmpty)
        #expect(file.findings.map(\.finding.fields) == [[.notes]])
    }

    @Test("a document without notes lacks them")
    func empty() throws {
        let entry = try document { text in
            text.replacing("10164-2", with: "18776-5").replacing("11348-0", with: "18776-5")
        }
        let typed = try HL7Reading.type(try #require(entry.forms.first))
        #expect(typed.findings.map(\.finding.fields) == [[.notes]])
    }
}
