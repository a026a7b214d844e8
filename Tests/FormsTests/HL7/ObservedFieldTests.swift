import Clinic
import Drops
import Forms
import Testing

@Suite("Fields that HL7 has no place for")
struct ObservedFieldTests {
    @Test("a note is told what was reviewed, and does not repeat it in its text")
    func note() throws {
        let text = HL7Reading.message(
            "MDM^T02", "PID|1||7^^^HIS", "PV1|1|O|||||||||||||||||K-1", "TXA|1|CN|TX|||||||||D1|||||AU",
            "OBX|1|TX|11488-4^^LN||Risks explained.", "OBX|2|ST|HISTORY-REVIEWED^^L||Y", "OBX|3|ST|examined^^L||N")
        let form = try #require(try HL7Reading.read(text).first?.forms.first)
        #expect(
            form.told == ["consultation=K-1", "examined=N", "history_reviewed=Y", "notes=Risks explained."])
        #expect(form.path("examined") == "OBX[3]-5")
    }

    @Test("a plan has its anesthesia by code, its items as a list and its validity as a date")
    func plan() throws {
        let text = HL7Reading.message(
            "OMG^O19", "PID|1||7^^^HIS", "PV1|1|O|||||||||||||||||K-1", "ORC|NW|P-1||||||||||SUR-LINDQVIST",
            "OBR|1|P-1||RHINOPLASTY", "NTE|1||Closed approach", "OBX|1|CWE|ANESTHESIA^^L||GENERAL^General anesthesia",
            "OBX|2|ST|ITEMS^^L||SPLINT-NASAL*2~IMP-R-300", "OBX|3|DT|QUOTE-VALID-UNTIL^^L||20261231",
            "OBX|4|MO|ESTIMATE^^L||6940.20^GBP", "OBX|5|NM|VOLUME-ML^^L||+0250.0")
        let form = try #require(try HL7Reading.read(text).first?.forms.first)
        #expect(
            form.told == [
                "anesthesia=GENERAL", "consultation=K-1", "details=Closed approach", "estimate=6940.20",
                "items=SPLINT-NASAL*2;IMP-R-300", "plan=P-1", "procedure=RHINOPLASTY", "quote_valid_until=2026-12-31",
                "surgeon=SUR-LINDQVIST", "volume_ml=250",
            ])
        #expect(try HL7Reading.type(form).findings.isEmpty)
    }

    @Test("a value that is none of the field's is refused at its observation")
    func badValue() throws {
        let text = HL7Reading.message(
            "SIU^S12", "SCH|SC-1|||||||||||||||||||||||||P-1", "PID|1||7^^^HIS", "OBX|1|ST|ASA^^L||VI",
            "AIS|1|A|RHINOPLASTY|20261123090000+0000", "AIL|1|A|TH-1")
        let form = try #require(try HL7Reading.read(text).first?.forms.first)
        let findings = try HL7Reading.type(form).findings
        #expect(findings.map(\.finding.rule.code) == ["entry.unknown-code"])
        #expect(findings.map(\.place.name) == ["OBX-5"])
    }

    @Test("the delete mark deletes such a field in a change")
    func deletion() throws {
        let segments = [
            "PID|1||7^^^HIS", "OBX|1|ST|OCCUPATION^^L||\"\"", "OBX|2|ST|MEDICATIONS^^L||Aspirin~Iron; daily",
        ]
        let text = HL7Reading.message("ADT^A08", segments[0], segments[1], segments[2])
        let form = try #require(try HL7Reading.read(text).first?.forms.first)
        #expect(form.told == ["medications=Aspirin;Iron, daily", "occupation=\"\""])
    }

    @Test("stock received has its cost, a deposit its plan, a result who observed it")
    func others() throws {
        let received = HL7Reading.message(
            "INU^U05", "EQU||20261005080000+0000", "INV|05012345003382|RECEIVED||MAIN|||10|||||20280630||||SN2601",
            "OBX|1|NM|UNIT-COST^^L||14.20", "INV|05012345002330|RECEIVED||MAIN|||24", control: "STK-1")
        let stock = try #require(try HL7Reading.read(received).first?.forms)
        #expect(stock.map { $0["unit_cost"] } == ["14.20", nil])
        let paid = HL7Reading.message(
            "DFT^P03", "PID|1||7^^^HIS", "FT1|1|PAY-1||20261110||PY|CARD||||1000&GBP", "ORC|RE|P-1",
            "FT1|2|PAY-2||20261110||PY|CASH||||10&GBP")
        #expect(try HL7Reading.read(paid).first?.forms.map { $0["plan"] } == ["P-1", nil])
        let line = "OBX|1|TX|HB||13||||||F|||20261112||"
        for (observer, actor) in [("SUR-LINDQVIST^Lindqvist", "SUR-LINDQVIST"), ("4711^Technician", nil)] {
            let result = HL7Reading.message("ORU^R01", "PID|1||7^^^HIS", "OBR|1|P-1||HB", line + observer)
            #expect(try HL7Reading.read(result).first?.forms.map { $0["actor"] } == [actor])
        }
    }

    @Test(
        "the printed name of a signature is whole: the patient's with all names, the clinician's with title and degree")
    func signers() throws {
        let person = "SUR-LINDQVIST^Lindqvist^Henrik^^^Mr^FRCS^^^^^^^^20261109173000+0000"
        let txa = "TXA|1|CON|TX|||||||||D1||P-1|||LA|||||\(person)"
        let con = "CON|1|SURG||C-1|||||||A||20261109170500+0000|||||||||||Dufour^Marianne^Odile|"
        let text = HL7Reading.message(
            "MDM^T04", "PID|1||7^^^HIS||Dufour^Marianne^Odile", txa, con + "1", "OBX|1|ST|METHOD^^L||DRAWN")
        let forms = try #require(try HL7Reading.read(text).first?.forms)
        #expect(forms.map { $0["signer"] } == ["Marianne Odile Dufour", "Mr Henrik Lindqvist FRCS"])
        #expect(forms.map { $0["method"] } == ["DRAWN", "DRAWN"])
        let guardian = HL7Reading.message("MDM^T04", "PID|1||7^^^HIS", "TXA|1|CON", con + "3")
        #expect(try HL7Reading.read(guardian).first?.forms.map { $0["signer"] } == ["Marianne Dufour"])
    }

    @Test("every such field is in the printed map with its code")
    func map() {
        let rows = HL7Mapping.rows(for: .consultation).filter { $0.field == "history_reviewed" }
        #expect(!rows.isEmpty)
        #expect(rows.allSatisfy { $0.path == "OBX-5" && $0.note.hasSuffix("OBX-3 HISTORY-REVIEWED") })
    }
}
