import HL7
import Testing

@Suite("Acknowledgment")
struct AcknowledgmentTests {
    let time: DateTime

    init() throws {
        time = try #require(DateTime(year: 2026, month: 11, day: 22, hour: 9, minute: 30))
    }

    private func incoming(version: String, charset: String = "") throws -> Message {
        try Samples.message(
            "MSH|^~\\&|LAB|SITE^1.2^ISO|SUT\\T\\URE|OR|20261121||ADT^A28^ADT_A05|C\\F\\1|T|\(version)||||||\(charset)\rPID|1\r"
        )
    }

    @Test("the answer turns the header around and names the findings")
    func newStyle() throws {
        let message = try incoming(version: "2.5.1")
        let answer = Acknowledgment(
            .error, to: AcknowledgedHeader(message),
            findings: [
                .init(
                    at: message.part("PID-5.1").place, condition: .requiredFieldMissing, rule: "registration.name",
                    diagnostic: "d", text: "family | name"),
                .init(at: nil, condition: .accepted, severity: .information, rule: "held", text: "held for a decision"),
            ], controlID: "A-1", at: time)
        #expect(
            String(decoding: answer.bytes, as: UTF8.self)
                == """
                MSH|^~\\&|SUT\\T\\URE|OR|LAB|SITE^1.2^ISO|20261122093000||ACK^A28^ACK|A-1|T|2.5.1
                MSA|AE|C\\F\\1
                ERR||PID^1^5^1^1|101^Required field missing^HL70357|E|registration.name||d|family \\F\\ name
                ERR|||0^Message accepted^HL70357|I|held|||held for a decision
                """.segments)
    }

    @Test("before 2.5 the findings are in MSA-3 and ERR-1")
    func oldStyle() throws {
        let message = try incoming(version: "2.4")
        let answer = Acknowledgment(
            .error, to: AcknowledgedHeader(message),
            findings: [
                .init(at: message.part("PID-5.1").place, condition: .requiredFieldMissing, rule: "r", text: "no name"),
                .init(at: nil, condition: .applicationInternalError, rule: "s", text: "more"),
            ], controlID: "A-1", at: time)
        let lines = String(decoding: answer.bytes, as: UTF8.self).split(separator: "\r")
        #expect(lines[1] == "MSA|AE|C\\F\\1|r: no name; s: more")
        #expect(
            lines[2] == "ERR|PID^1^5^101&Required field missing&HL70357~^^^207&Application internal error&HL70357")
        #expect(lines.count == 3)
    }

    @Test(
        "MSH-9 is what the version knows",
        arguments: [
            ("2.1", "ACK"), ("2.2", "ACK"), ("2.3", "ACK^A28"), ("2.3.1", "ACK^A28"), ("2.4", "ACK^A28^ACK"),
            ("2.5.1", "ACK^A28^ACK"), ("2.9", "ACK^A28^ACK"), ("", "ACK^A28^ACK"), ("2.5.1^DEU", "ACK^A28^ACK"),
        ])
    func type(_ version: String, _ type: String) throws {
        let answer = Acknowledgment(
            .accept, to: AcknowledgedHeader(try incoming(version: version)), controlID: "A", at: time)
        let read = try Message(answer.bytes)
        #expect(read.part("MSH-9").raw == type)
        #expect(read.part("MSH-12").raw == (version.isEmpty ? "2.5.1" : version))
        #expect(read.part("MSA-1").raw == "AA")
    }

    @Test(
        "the character set is the sender's as long as it can say the text",
        arguments: [
            ("8859/1", "déjà", "8859/1"), ("8859/1", "5 €", "UNICODE UTF-8"), ("ASCII", "déjà", "UNICODE UTF-8"),
            ("ASCII", "plain", "ASCII"), ("", "déjà", ""), ("8859/15", "5 €", "8859/15"),
            ("BIG-5", "déjà", "UNICODE UTF-8"),
        ])
    func charset(_ declared: String, _ text: String, _ expected: String) throws {
        let answer = Acknowledgment(
            .error, to: AcknowledgedHeader(try incoming(version: "2.5", charset: declared)),
            findings: [.init(at: nil, condition: .dataTypeError, rule: "r", text: text)], controlID: "A", at: time)
        let read = try Message(answer.bytes)
        #expect(read.part("MSH-18").raw == expected)
        try read.checkText()
        #expect(try read.text("ERR-8") == text)
    }

    @Test("a control id in the sender's character set goes over into UTF-8")
    func transcoded() throws {
        let bytes = Array("MSH|^~\\&|A|||||||".utf8) + [0xE9] + Array("|P|2.5||||||8859/1\r".utf8)
        let answer = Acknowledgment(
            .error, to: AcknowledgedHeader(try Message(bytes)),
            findings: [.init(at: nil, condition: .dataTypeError, rule: "r", text: "€")], controlID: "A", at: time)
        #expect(try Message(answer.bytes).text("MSA-2") == "é")
    }

    @Test(
        "what cannot be read is answered with what could be read of it",
        arguments: [
            ("MSH|^~\\\\&|LAB|SITE|X|Y|2026||ADT^A01|C-9|P|2.3\rPID", "C-9"), ("MSH|||A", ""), ("MSH", ""),
            ("rubbish", ""), ("MSH^~~\\&^LAB^S^X^Y^2026^^ADT^C|9^P^2.5\r", "C\\F\\9"),
        ])
    func unreadable(_ text: String, _ controlID: String) throws {
        let answer = Acknowledgment(
            .reject, to: AcknowledgedHeader(unreadable: Array(text.utf8)),
            findings: [.init(at: nil, condition: .segmentSequenceError, rule: "hl7.no-header", text: "no")],
            controlID: "A", at: time)
        let read = try Message(answer.bytes)
        #expect(read.part("MSA-1").raw == "AR")
        #expect(read.part("MSA-2").raw == controlID)
    }

    @Test("other delimiters are answered in kind, even those without an escape character")
    func delimiters() throws {
        for header in ["MSH#*~!@#LAB#S#X#Y#2026##ADT*A01#C-1#P#2.5\r", "MSH|^~|LAB|S|X|Y|2026||ADT^A01|C-1|P|2.5\r"] {
            let message = try Samples.message(header)
            let answer = Acknowledgment(
                .error, to: AcknowledgedHeader(message),
                findings: [.init(at: nil, condition: .dataTypeError, rule: "r", text: "a#b*c|d^e\\f!g&h@i")],
                controlID: "A", at: time)
            let read = try Message(answer.bytes)
            #expect(read.delimiters.field == message.delimiters.field)
            #expect(try read.text("ERR-8") == "a#b*c|d^e\\f!g&h@i")
            #expect(read.part("MSA-2").raw == "C-1")
        }
    }

    @Test("a batch is answered in the same envelopes, with counts and a reference")
    func batch() throws {
        let input =
            "FHS|^~\\&|LAB|S|OUR|C|||f|c|F-1\rBHS|^~\\&|LAB||OUR||||||B-1\rMSH|^~\\&|LAB|||||||C-1|P|2.5\rBTS|1\rFTS|1\r"
        var batch = AcknowledgmentBatch(at: time)
        for frame in Samples.frames(Array(input.utf8)).frames {
            switch frame {
            case .fileHeader(let framed), .batchHeader(let framed):
                try batch.open(try #require(framed.segment), controlID: "X-\(framed.line)")
            case .message(let framed):
                let header = AcknowledgedHeader(try Message(framed.bytes))
                batch.add(Acknowledgment(.accept, to: header, controlID: "A-1", at: time))
            case .batchTrailer, .fileTrailer: batch.close()
            case .stray, .oversized: Issue.record("the file has only segments")
            }
        }
        let bytes = batch.finish()
        #expect(
            String(decoding: bytes, as: UTF8.self)
                == """
                FHS|^~\\&|OUR|C|LAB|S|20261122093000||||X-1|F-1
                BHS|^~\\&|OUR||LAB||20261122093000||||X-2|B-1
                MSH|^~\\&|||LAB||20261122093000||ACK|A-1|P|2.5
                MSA|AA|C-1
                BTS|1
                FTS|1
                """.segments)
        let read = Samples.frames(bytes)
        #expect(read.summary.findings.isEmpty)
    }
}
