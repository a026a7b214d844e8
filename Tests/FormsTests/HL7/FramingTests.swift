import Clinic
import Drops
import Forms
import Testing

@Suite("HL7 drops")
struct FramingTests {
    private let patient = "PID|1||7^^^HIS||Stone^Ann||19840719|F"

    private func batch(count: String) -> String {
        "FHS|^~\\&|A\rBHS|^~\\&|A\r" + HL7Reading.message("ADT^A31", patient, control: "1")
            + HL7Reading.message("ADT^A31", patient, control: "2") + "BTS|\(count)\rFTS|1\r"
    }

    @Test("each message of a batch is an entry with its bytes as they stand")
    func batches() throws {
        let text = batch(count: "0002")
        let (entries, warnings) = try HL7Reading.read(Array(text.utf8))
        #expect(entries.map(\.number) == [1, 2])
        #expect(entries.map(\.place.line) == [3, 5])
        #expect(warnings.isEmpty)
        for entry in entries {
            let offset = try #require(entry.place.byteOffset)
            #expect(Array(text.utf8)[offset...].starts(with: entry.raw))
        }
        #expect(entries.map { $0.message?.controlID } == ["1", "2"])
        #expect(entries.first?.message?.type == "ADT^A31")
    }

    @Test("a wrong count is a warning, and the messages stand", arguments: ["3", "x"])
    func counts(count: String) throws {
        let (entries, warnings) = try HL7Reading.read(Array(batch(count: count).utf8))
        #expect(entries.count == 2)
        #expect(warnings.map(\.finding.rule.code) == ["hl7.batch-count"])
        #expect(warnings.first?.place.line == 7)
    }

    @Test("an envelope that is not closed rejects the drop", arguments: ["BTS|2\rFTS|1\r", "FTS|1\r"])
    func unclosed(ending: String) throws {
        let text = batch(count: "2").replacing(ending, with: "")
        #expect {
            try HL7Reading.read(text)
        } throws: { error in
            (error as? DropRefusal)?.finding.finding.rule.code == "drop.incomplete"
        }
    }

    @Test("an empty envelope holds no entries")
    func empty() throws {
        #expect(try HL7Reading.read("FHS|^~\\&|A\rBHS|^~\\&|A\rBTS|0\rFTS|1\r").isEmpty)
    }

    @Test("bytes between messages are an entry of their own")
    func stray() throws {
        let message = HL7Reading.message("ADT^A31", patient)
        let entries = try HL7Reading.read("BHS|^~\\&|A\rsomething else\r" + message + "BTS|1\r\n  \r\n")
        #expect(entries.map { $0.findings.map(\.finding.rule.code) } == [["hl7.malformed"], []])
        #expect(entries.map(\.place.line) == [2, 3])
    }

    @Test("a message with senseless delimiters is malformed and its neighbors stand")
    func malformed() throws {
        let entries = try HL7Reading.read("MSH|^^&&|A\rPID|1\r" + HL7Reading.message("ADT^A31", patient))
        #expect(entries.map { $0.findings.map(\.finding.rule.code) } == [["hl7.malformed"], []])
        #expect(entries.first?.raw == Array("MSH|^^&&|A\rPID|1\r".utf8))
    }

    @Test("bytes that are no text are refused at their offset")
    func undecodable() throws {
        var bytes = Array(HL7Reading.message("ADT^A31", "PID|1||7^^^HIS||St?ne^Ann").utf8)
        let offset = try #require(bytes.firstIndex(of: UInt8(ascii: "?")))
        bytes[offset] = 0xF6
        let entry = try #require(try HL7Reading.read(bytes).entries.first)
        #expect(entry.findings.map(\.finding.rule.code) == ["text.undecodable"])
        #expect(entry.findings.first?.place.byteOffset == offset)
        #expect(entry.findings.first?.place.name?.hasPrefix("PID-5") == true)
        let latin = try #require(try HL7Reading.read(bytes, charset: "8859/1").entries.first)
        #expect(latin.forms.first?["family_name"] == "Stöne")
    }

    @Test("messages for training or debugging are refused at MSH-11", arguments: ["T", "D", "T^A"])
    func training(id: String) throws {
        let text = HL7Reading.message("ADT^A31", patient).replacing("|P|", with: "|\(id)|")
        let entry = try #require(try HL7Reading.read(text).first)
        #expect(entry.findings.map(\.finding.rule.code) == ["hl7.processing-id"])
        #expect(entry.findings.first?.place.errorLocation == "MSH^1^11^1^1")
        #expect(entry.forms.isEmpty)
    }

    @Test(
        "what is not taken is refused at its type or event",
        arguments: [
            ("MFN^M02", "MSH-9.1"), ("ADT^A24", "MSH-9.2"), ("ORU^R30", "MSH-9.2"), ("SIU^S18", "MSH-9.2"),
            ("MDM^T01", "MSH-9.2"),
        ])
    func unsupported(type: String, path: String) throws {
        let entry = try #require(try HL7Reading.read(HL7Reading.message(type, patient)).first)
        #expect(entry.findings.map(\.finding.rule.code) == ["hl7.unsupported-message"])
        #expect(entry.findings.first?.place.name == path)
        #expect(entry.forms.isEmpty)
    }

    @Test("the source's list of events is acknowledged without effect", arguments: ["A02", "ADT^A02"])
    func ignored(event: String) throws {
        let entry = try #require(try HL7Reading.read(HL7Reading.message("ADT^A02", patient), ignoring: [event]).first)
        #expect(entry.isIgnored)
        #expect(entry.findings.isEmpty)
    }

    @Test(
        "a message without the segments it is for does not pass for one without effect",
        arguments: ["DFT^P03", "INU^U05", "ORM^O01", "ORU^R01", "ADT^A40"])
    func nothing(type: String) throws {
        let entry = try #require(try HL7Reading.read(HL7Reading.message(type, "EVN|P03")).first)
        #expect(entry.findings.map(\.finding.rule.code) == ["entry.missing-field"])
        #expect(!entry.isIgnored)
    }

    @Test("any delimiters, and segments that are unknown, change nothing")
    func delimiters() throws {
        let text =
            "MSH#*+!@#HIS#N###2026##ADT*A31#9#P#2.3\rZZ1#x\rPID#1##7***HIS##van der Berg@van der*Ann##19840719#F\r"
        let form = try #require(try HL7Reading.read(text).first?.forms.first)
        #expect(form["family_name"] == "van der Berg")
        #expect(form["identifiers"] == "HIS/7")
    }

    @Test("every path of the mapping is one, and every field is one of its form")
    func table() {
        for definition in FormDefinition.all {
            for row in HL7Mapping.rows(for: definition.name) {
                #expect(definition.definition(of: Field(row.field)) != nil)
                #expect(!row.path.isEmpty && !row.note.isEmpty)
            }
        }
        #expect(HL7Mapping.rows(for: .patient).contains { $0.field == "family_name" && $0.path == "PID-5.1" })
        #expect(HL7Mapping.rows(for: .records).isEmpty)
    }
}
