import HL7
import Testing

@Suite("XML encoding")
struct XMLMessageTests {
    @Test("a message is written in the groups and types of its structure")
    func writing() throws {
        let message = try Samples.message(
            """
            MSH|^~\\&|A|B^1.2^ISO|C|D|20261122||ORU^R01^ORU_R01|1|P|2.5.1
            PID|1||7^^^X&1.2&ISO~8||O'Hara&van^Ann|""
            OBR|1||F1|GLU^Glucose
            OBX|1|CE|A^a||x^<y> \\T\\ z\\.br\\end~v
            ZXX|a^b
            """.segments)
        let text = String(decoding: try XMLMessageWriter().bytes(of: message), as: UTF8.self)
        for part in [
            "<ORU_R01 xmlns=\"urn:hl7-org:v2xml\"><MSH><MSH.1>|</MSH.1><MSH.2>^~\\&amp;</MSH.2><MSH.3><HD.1>A</HD.1></MSH.3>",
            "<MSH.9><MSG.1>ORU</MSG.1><MSG.2>R01</MSG.2><MSG.3>ORU_R01</MSG.3></MSH.9>",
            "<MSH.7><TS.1>20261122</TS.1></MSH.7>",
            "<ORU_R01.PATIENT_RESULT><ORU_R01.PATIENT><PID>",
            "<PID.3><CX.1>7</CX.1><CX.4><HD.1>X</HD.1><HD.2>1.2</HD.2><HD.3>ISO</HD.3></CX.4></PID.3><PID.3><CX.1>8</CX.1></PID.3>",
            "<PID.5><XPN.1><FN.1>O'Hara</FN.1><FN.2>van</FN.2></XPN.1><XPN.2>Ann</XPN.2></PID.5><PID.6>&quot;&quot;</PID.6>",
            "</ORU_R01.PATIENT><ORU_R01.ORDER_OBSERVATION><OBR>", "<ORU_R01.OBSERVATION><OBX>",
            "<OBX.5><CE.1>x</CE.1><CE.2>&lt;y&gt; &amp; z<escape V=\".br\"/>end</CE.2></OBX.5><OBX.5><CE.1>v</CE.1></OBX.5>",
            "<ZXX><ZXX.1><UNKNOWN.1>a</UNKNOWN.1><UNKNOWN.2>b</UNKNOWN.2></ZXX.1></ZXX>",
        ] {
            #expect(text.contains(part), "\(part) in \(text)")
        }
    }

    @Test("what is written reads back with the same values", arguments: [true, false])
    func roundTrip(indents: Bool) throws {
        for sample in [Samples.admission, Samples.merge, Samples.charges] {
            let message = try Samples.message(sample)
            let document = try XMLMessageWriter(indents: indents).bytes(of: message)
            let read = try XMLEvents.read(String(decoding: document, as: UTF8.self)).message
            #expect(try RoundTrip.values(of: read) == RoundTrip.values(of: message))
        }
    }

    @Test("a document becomes the message that it stands for, with its lines")
    func reading() throws {
        let read = try XMLEvents.read(
            """
            <?xml version="1.0"?>
            <ADT_A01 xmlns="urn:hl7-org:v2xml">
              <MSH><MSH.1>|</MSH.1><MSH.2>^~\\&amp;</MSH.2><MSH.9><MSG.1>ADT</MSG.1><MSG.2>A01</MSG.2></MSH.9>
                <MSH.18>8859/1</MSH.18></MSH>
              <PID>
                <PID.5><XPN.1><FN.1>M&amp;M |x</FN.1></XPN.1><XPN.2>Ötzi</XPN.2></PID.5>
                <PID.3><CX.4><HD.2>1.2</HD.2></CX.4></PID.3>
                <PID.6>""</PID.6>
                <PID.7>
                </PID.7>
              </PID>
              <ADT_A01.PROCEDURE><PR1><PR1.4>a<escape V=".br"/>b</PR1.4><PR1.4/></PR1></ADT_A01.PROCEDURE>
            </ADT_A01>
            """)
        #expect(
            String(decoding: read.message.bytes, as: UTF8.self)
                == """
                MSH|^~\\&|||||||ADT^A01|||||||||8859/1
                PID|||^^^&1.2||M\\T\\M \\F\\x^Ötzi|""|
                PR1||||a\\.br\\b~
                """.segments)
        #expect(read.structure == "ADT_A01")
        #expect(read.segmentLines == [3, 5, 12])
        #expect(try read.message.text("PID-5.2") == "Ötzi")
        #expect(read.message.part("PID-6").presence == .delete)
        #expect(try read.message.text("PR1-4[1]") == "a\nb")
    }

    @Test("MSH.1 and MSH.2 are the delimiters of the message")
    func delimiters() throws {
        let read = try XMLEvents.read(
            "<ACK><MSH><MSH.1>#</MSH.1><MSH.2>*~!@</MSH.2><MSH.3><HD.1>a#b</HD.1></MSH.3></MSH></ACK>")
        #expect(String(decoding: read.message.bytes, as: UTF8.self) == "MSH#*~!@#a!F!b\r")
    }

    @Test(
        "what is no message is refused by name",
        arguments: [
            ("<ADT_A01></ADT_A01>", MalformedXMLMessage.Code.noHeader),
            ("<ADT_A01><PID><PID.1>1</PID.1></PID></ADT_A01>", .noHeader), ("<ADT_A01><MSH>", .unbalanced),
            ("<A><MSH><PID.3>x</PID.3></MSH></A>", .misplacedElement), ("<A><MSH>text</MSH></A>", .misplacedText),
            ("<A><MSH><MSH.3000>x</MSH.3000></MSH></A>", .misplacedElement),
            ("<A><MSH><MSH.3><HD>x</HD></MSH.3></MSH></A>", .misplacedElement),
            ("<A><MSH><MSH.3>x<escape/></MSH.3></MSH></A>", .misplacedElement),
            ("<A><MSH><MSH.3>x<HD.1>y</HD.1></MSH.3></MSH></A>", .misplacedText),
            ("<A/><B/>", .unbalanced),
            (String(repeating: "<G.G>", count: 60), .tooDeep),
            ("<A><MSH><MSH.3><B.1><C.1>" + String(repeating: "<C.1>", count: 60), .tooDeep),
        ])
    func refused(_ document: String, _ code: MalformedXMLMessage.Code) {
        let fault = #expect(throws: MalformedXMLMessage.self) { try XMLEvents.read(document) }
        #expect(fault?.code == code)
    }

    @Test("a part that ER7 has no delimiter for is refused, not merged with its neighbor")
    func tooDeep() {
        let fault = #expect(throws: MalformedXMLMessage.self) {
            try XMLEvents.read("<A><MSH><MSH.3><B.1><C.1><D.1>x</D.1><D.2>y</D.2></C.1></B.1></MSH.3></MSH></A>")
        }
        #expect(fault?.code == .tooDeep)
    }
}
