import HL7
import Testing

@Suite("Conformance")
struct ConformanceTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let name: String
        let message: String
        let findings: [String]
        var testDescription: String { name }
    }

    private static func header(_ type: String, version: String = "2.5.1") -> String {
        "MSH|^~\\&|A|B|C|D|20261122||\(type)|1|P|\(version)\n"
    }

    private static let patient = "PID|1||7^^^X||Doe^Jane||19800131|F\n"

    static let cases: [Case] = [
        Case(
            name: "a sound admission",
            message: header("ADT^A01^ADT_A01") + "EVN||20261122\n" + patient + "PV1|1|O\nAL1|1||^Latex\nZAB|x",
            findings: []),
        Case(
            name: "a missing segment", message: header("ADT^A01^ADT_A01") + patient + "PV1|1|O",
            findings: ["EVN^1 100 E hl7.segment-missing"]),
        Case(
            name: "a missing first field of a group",
            message: header("ADT^A40^ADT_A39") + "EVN||20261122\n" + patient + "MRG|8\n" + patient,
            findings: ["MRG^2 100 E hl7.segment-missing"]),
        Case(
            name: "missing fields", message: header("ADT^A01") + "EVN||20261122\nPID|1||||^\nPV1|1|",
            findings: [
                "PID^1^3 101 E hl7.field-missing", "PID^1^5 101 E hl7.field-missing", "PV1^1^2 101 E hl7.field-missing",
            ]),
        Case(
            name: "the 45th of the 13th", message: header("ADT^A01") + "EVN||20261122\nPID|1||7||Doe||19801345\nPV1||O",
            findings: ["PID^1^7^1^1 102 E hl7.data-type"]),
        Case(
            name: "a leap day that is none", message: header("ADT^A01") + "EVN||20240230\n" + patient + "PV1||O",
            findings: ["EVN^1^2^1^1 102 E hl7.data-type"]),
        Case(
            name: "dates deep within types",
            message: header("ADT^A01") + "EVN||20261122\nPID|1||7^^^X^MR^^2026~8^^^X^MR^^20261322||Doe\nPV1||O",
            findings: ["PID^1^3^2^7 102 E hl7.data-type"]),
        Case(
            name: "numbers and sequence numbers",
            message: header("ORU^R01") + "OBR|one||F|G\nOBX|1|NM|G||5,4\nOBX|2|NM|G||-5.4~.5~1e3|||||||||",
            findings: [
                "OBR^1^1^1 102 E hl7.data-type", "OBX^1^5^1 102 E hl7.data-type", "OBX^1^11 101 E hl7.field-missing",
                "OBX^2^5^3 102 E hl7.data-type", "OBX^2^11 101 E hl7.field-missing",
            ]),
        Case(
            name: "tables", message: header("ORU^R01") + "PID|1||7||Doe|||Q\nOBR|1||F|G\nOBX|1|TXT|G||x||||||Q",
            findings: [
                "PID^1^8^1 103 W hl7.table-value", "OBX^1^2^1 103 E hl7.table-value",
                "OBX^1^11^1 103 E hl7.table-value",
            ]),
        Case(
            name: "a value whose type is not said", message: header("ORU^R01") + "OBR|1||F|G\nOBX|1||G||x||||||F",
            findings: ["OBX^1^2 101 E hl7.field-missing"]),
        Case(
            name: "a repetition too many", message: header("ORU^R01") + "OBR|1||F~G|G\nOBX|1|ST|G||x||||||F",
            findings: ["OBR^1^3^2 198 W hl7.field-repeated"]),
        Case(
            name: "a segment too many",
            message: header("ADT^A01") + "EVN||20261122\n" + patient + patient + "PV1||O",
            findings: ["PID^2 198 W hl7.segment-repeated"]),
        Case(
            name: "a segment out of sequence",
            message: header("ADT^A01") + "EVN||20261122\n" + patient + "PV1||O\nNK1|1",
            findings: ["NK1^1 100 W hl7.segment-out-of-sequence"]),
        Case(
            name: "a segment of another message",
            message: header("ORM^O01") + "EVN||20261122\n" + patient + "ORC|NW\nOBR|1||F|G",
            findings: ["EVN^1 100 W hl7.segment-unexpected"]),
        Case(
            name: "too long", message: header("ORU^R01") + "OBR|12345||F|G\nOBX|1|NM|G||12345678901234567||||||F",
            findings: ["OBR^1^1^1 104 W hl7.value-too-long", "OBX^1^5^1 104 W hl7.value-too-long"]),
        Case(
            name: "a type nobody knows", message: header("QQQ^X01"), findings: ["MSH^1^9^1^1 200 E hl7.message-type"]),
        Case(name: "an event nobody knows", message: header("ADT^Z99"), findings: ["MSH^1^9^1^2 201 E hl7.event"]),
        Case(
            name: "processing and version",
            message: "MSH|^~\\&|A|B|C|D|20261122||ACK|1|X|9.9\nMSA|AA|1",
            findings: ["MSH^1^11^1^1 202 E hl7.processing-id", "MSH^1^12^1^1 203 W hl7.version"]),
        Case(
            name: "an appointment without resources",
            message: header("SIU^S12") + "SCH|1|2||||CHECK|||||^^^202611220900|||||X||||Y",
            findings: ["RGS^1 100 E hl7.segment-missing"]),
        Case(
            name: "an old version knows fewer required fields",
            message: header("ORU^R01", version: "2.2") + "OBR|1||F|G\nOBX|1|ST|G||x||||||F", findings: []),
    ]

    @Test("each departure from the standard has its place and its code", arguments: cases)
    func findings(_ example: Case) throws {
        let findings = ConformanceCheck().findings(in: try Samples.message(example.message.segments))
        let shown = findings.map { finding in
            let place = finding.place.errorLocation.joined(separator: "^")
            return "\(place) \(finding.condition.code) \(finding.severity.rawValue) \(finding.code.rawValue)"
        }
        #expect(shown == example.findings)
    }

    @Test("a check of a part finds that part alone")
    func scope() throws {
        let message = try Samples.message((Self.header("ADT^A01") + "PID|1||||^||19801345\nPV1||O").segments)
        #expect(ConformanceCheck(.structure).findings(in: message).map(\.code) == [.segmentMissing])
        #expect(ConformanceCheck(.values).findings(in: message).map(\.code) == [.dataType])
        #expect(ConformanceCheck(.header).findings(in: message).isEmpty)
    }

    @Test("a finding goes into an answer as one ERR with a location of all six components")
    func answered() throws {
        let message = try Samples.message(
            (Self.header("ORU^R01")
                + "OBR|1||F|G\nOBX|1|CX|G||7^^^X&1.2&ISO^MR^^2026||||||F\nOBX|2|ED|G||^TEXT^plain^Hex^x||||||F")
                .segments)
        #expect(ConformanceCheck().findings(in: message).isEmpty)
        let time = try #require(DateTime(year: 2026, month: 11, day: 22, hour: 9, minute: 30))
        let place = Place(segment: "PID", occurrence: 1, field: 3, repetition: 2, component: 4, subcomponent: 3)
        let answer = Acknowledgment(
            .error, to: AcknowledgedHeader(message),
            findings: [.init(at: place, condition: .tableValueNotFound, rule: "r", diagnostic: "d", text: "t")],
            controlID: "A", at: time)
        #expect(
            String(decoding: answer.bytes, as: UTF8.self).split(separator: "\r").last
                == "ERR||PID^1^3^2^4^3|103^Table value not found^HL70357|E|r||d|t")
    }

    private func names(_ items: [StructureTree.Item]) -> String {
        items.map { item in
            switch item {
            case .segment(let segment): segment.name
            case .group(let name, let items): "\(name)(\(names(items)))"
            }
        }.joined(separator: " ")
    }

    private func tree(_ type: String, _ segments: String, version: String = "2.5.1") throws -> String {
        let text = Self.header(type, version: version) + segments.split(separator: " ").map { $0 + "|1\n" }.joined()
        let message = try Samples.message(text.segments)
        let structure = try #require(MessageStructure(of: message))
        return names(StructureTree(message, structure: structure).items)
    }

    @Test("segments find their groups, and none is lost")
    func trees() throws {
        #expect(
            try tree("ORU^R01", "PID PV1 OBR OBX NTE OBX OBR ORC OBR OBX PID OBR")
                == "MSH PATIENT_RESULT(PATIENT(PID VISIT(PV1)) ORDER_OBSERVATION(OBR OBSERVATION(OBX NTE) OBSERVATION(OBX)) "
                + "ORDER_OBSERVATION(OBR) ORDER_OBSERVATION(ORC OBR OBSERVATION(OBX))) "
                + "PATIENT_RESULT(PATIENT(PID) ORDER_OBSERVATION(OBR))")
        #expect(
            try tree("ORM^O01", "PID ORC OBR DG1 ORC RXO", version: "2.3")
                == "MSH PATIENT(PID) ORDER(ORC ORDER_DETAIL(OBR DG1)) ORDER(ORC ORDER_DETAIL(RXO))")
        #expect(
            try tree("SIU^S12", "SCH PID RGS AIS AIP AIL AIS RGS AIG")
                == "MSH SCH PATIENT(PID) RESOURCES(RGS SERVICE(AIS) PERSONNEL_RESOURCE(AIP) LOCATION_RESOURCE(AIL) "
                + "SERVICE(AIS)) RESOURCES(RGS GENERAL_RESOURCE(AIG))")
        #expect(
            try tree("DFT^P03", "EVN PID FT1 PR1 FT1 OBX ZZZ OBX", version: "2.8")
                == "MSH EVN PID FINANCIAL(FT1 FINANCIAL_PROCEDURE(PR1)) FINANCIAL(FT1 FINANCIAL_COMMON_ORDER("
                + "FINANCIAL_OBSERVATION(OBX ZZZ) FINANCIAL_OBSERVATION(OBX)))")
        #expect(
            try tree("MDM^T02", "EVN PID PV1 TXA CON OBX NTE OBX")
                == "MSH EVN PID PV1 TXA CON OBSERVATION(OBX NTE) OBSERVATION(OBX)")
    }

    @Test(
        "every structure that events lead to is there, for each version",
        arguments: ["2.1", "2.3", "2.5.1", "2.6", "2.9"])
    func structures(version: String) {
        for (type, events) in [
            (
                "ADT",
                [
                    "A01", "A04", "A05", "A08", "A18", "A28", "A30", "A31", "A34", "A36", "A39", "A40", "A46", "A47",
                    "A60",
                ]
            ),
            ("SIU", ["S12", "S13", "S14", "S15", "S16", "S17", "S26"]),
            ("MDM", ["T02", "T04", "T06", "T08", "T10", "T11"]),
            ("ORU", ["R01", ""]), ("ORM", ["O01"]), ("OMG", ["O19"]), ("OML", ["O21"]), ("INU", ["U05"]),
            ("DFT", ["P03", "P11"]), ("BAR", ["P01"]), ("ACK", ["A01", ""]),
        ] {
            for event in events {
                #expect(
                    MessageStructure(type: type, event: event, version: Version(version)) != nil, "\(type)^\(event)")
            }
        }
    }

    @Test("fields are defined by version")
    func dictionary() {
        #expect(SegmentDictionary.field(7, of: "PID", version: Version("2.1"))?.type == "DT")
        #expect(SegmentDictionary.field(7, of: "PID", version: Version("2.5.1"))?.type == "TS")
        #expect(SegmentDictionary.field(7, of: "PID", version: Version("2.9"))?.type == "DTM")
        #expect(SegmentDictionary.field(5, of: "PID", version: Version("2.5"))?.isRequired == true)
        #expect(SegmentDictionary.field(1, of: "EVN", version: Version("2.7")) == nil)
        #expect(SegmentDictionary.field(1, of: "ZZZ", version: Version("2.7")) == nil)
        #expect(SegmentDictionary.field(99, of: "PID", version: Version("2.7")) == nil)
        #expect(SegmentDictionary.component(1, of: "XPN", version: Version("2.5"))?.type == "FN")
        #expect(SegmentDictionary.contains("AL", table: "0155") == true)
        #expect(SegmentDictionary.contains("QQ", table: "0155") == false)
        #expect(SegmentDictionary.contains("QQ", table: "9999") == nil)
    }
}
