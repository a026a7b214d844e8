import HL7
import Testing

/// What users of other HL7 libraries complain about, one test for each; the names are of their issue trackers.
@Suite("Complaints about others")
struct ComplaintTests {
    private func note(_ written: String) throws -> String? {
        try Samples.message("MSH|^~\\&|A\rZTX|1|\(written)|end\r").text("ZTX-2")
    }

    private let time: DateTime

    init() throws { time = try #require(DateTime(year: 2026, month: 11, day: 22, hour: 9, minute: 30)) }

    // MARK: Escapes

    @Test(
        "escapes are decoded once, lazily, and never fail the message",
        arguments: [
            ("Efferent HL7-V2 46", #"a\X0D0A\b"#, "a\r\nb"), ("HL7-dotnetcore 53", #"a\X000d\b"#, "a\rb"),
            ("HL7-V2 3", #"\X00E0\"#, "à"), ("HL7-dotnetcore 77", #"4\5 re."#, #"4\5 re."#),
            ("HL7-dotnetcore 62", #"\"#, #"\"#), ("HL7-dotnetcore 113", #"x\E\"#, #"x\"#),
            ("HL7-dotnetcore 117", #"\E\T\E\"#, #"\T\"#), ("ruby-hl7 80", #"\X0D\\X0A\"#, "\r\n"),
        ])
    func escapes(_ issue: String, _ written: String, _ text: String) throws {
        #expect(try note(written) == text, "\(issue)")
    }

    @Test("HL7-dotnetcore 99: a line break is written as it was read, not as <BR>")
    func lineBreak() throws {
        let message = try Samples.message("MSH|^~\\&|A\rNTE|1||a\\.br\\b\r")
        #expect(MessageWriter(message).bytes == message.bytes)
        let runs = try message.part("NTE-3").runs()
        #expect(runs == [.text("a"), .lineBreak, .text("b")])
        var writer = MessageWriter(message)
        try writer.set("NTE-3", to: .runs(runs))
        #expect(writer.bytes == message.bytes)
    }

    // MARK: Line ends

    @Test("artifacthealth 2, 8, 13; simple-hl7 5, 45, 87; ruby-hl7 3, 65; nHapi 263: a file with LF has segments")
    func lineFeeds() throws {
        #expect(try Samples.message("MSH|^~\\&|A\nPID|1\nPV1|1\n").segments.map(\.name) == ["MSH", "PID", "PV1"])
    }

    @Test("deoxxa/hl7 3, panates 27: a line feed within a text under CR is text")
    func lineFeedInText() throws {
        let message = try Samples.message("MSH|^~\\&|A\rNTE|1||one\ntwo\rOBX|1\r")
        #expect(message.segments.map(\.name) == ["MSH", "NTE", "OBX"])
        #expect(try message.text("NTE-3") == "one\ntwo")
    }

    // MARK: Null and empty

    @Test("HL7-dotnetcore 28, 92; rdrf 2152; ipf 194; arc-light 998: two quotes mean delete, not text, and not empty")
    func null() throws {
        let message = try Samples.message("MSH|^~\\&|A\rPID|1|\"\"||\"\"^x\r")
        #expect(try message.text("PID-2") == nil)
        #expect(message.part("PID-2").presence == .delete)
        #expect(message.part("PID-3").presence == .empty)
        #expect(message.part("PID-4.1").presence == .delete)
    }

    @Test("panates 14: two quotes in a date are no date to read, and no fault")
    func nullDate() throws {
        let message = try Samples.message(
            "MSH|^~\\&|A|B|C|D|2026||ADT^A08|1|P|2.5\rEVN||2026\rPID|1||7||D||\"\"\rPV1||O\r")
        #expect(ConformanceCheck(.values).findings(in: message).isEmpty)
    }

    @Test("HL7-dotnetcore 3: trailing empty fields stay, in segments that are changed too")
    func trailing() throws {
        var writer = MessageWriter(try Samples.message("MSH|^~\\&|A||||\rPID|1||x^^^|||~||\r"))
        try writer.set("PID-1", to: "2")
        #expect(String(decoding: writer.bytes, as: UTF8.self) == "MSH|^~\\&|A||||\rPID|2||x^^^|||~||\r")
    }

    // MARK: Character sets

    @Test("ruby-hl7 31, hl7apy 14: MSH-18 is obeyed")
    func charset() throws {
        let bytes = Array("MSH|^~\\&|A|||||||||||||||8859/2\rPID|1||||".utf8) + [0xA3, 0x0D]
        #expect(try Message(bytes).text("PID-5") == "Ł")
    }

    @Test("panates 28: Latin-1 with MSH-18 empty is read by the source's own default")
    func defaultCharset() throws {
        let bytes = Array("MSH|^~\\&|A\rPID|1||||".utf8) + [0xE9, 0x0D]
        #expect(try Message(bytes, charset: .declared(default: .latin1)).text("PID-5") == "é")
        #expect(throws: UndecodableText.self) { try Message(bytes).text("PID-5") }
    }

    @Test("panates 5: a short MSH does not borrow its MSH-18 from the next segment")
    func shortHeader() throws {
        let message = try Samples.message("MSH|^~\\&|A|B\rPID|1|2|3|4|5|6|7|8|9|10|11|12|13|14|15|16|8859/5|18\r")
        #expect(message.charset == .utf8)
        #expect(message.part("MSH-18").presence == .absent)
    }

    // MARK: Order and structure

    private func message(_ type: String, _ body: String, version: String = "2.5.1") throws -> Message {
        try Samples.message("MSH|^~\\&|A|B|C|D|2026||\(type)|1|P|\(version)\n".segments + body.segments)
    }

    private func names(_ items: [StructureTree.Item]) -> String {
        items.map { item in
            switch item {
            case .segment(let segment): segment.name
            case .group(let name, let items): "\(name)(\(names(items)))"
            }
        }.joined(separator: " ")
    }

    private func tree(_ message: Message) throws -> String {
        names(StructureTree(message, structure: try #require(MessageStructure(of: message))).items)
    }

    @Test("nHapi 101, 40: an EVN in an order hides neither patient nor visit")
    func strayEvent() throws {
        let order = try message("ORM^O01", "EVN||2026\nPID|1||7\nPV1|1|O\nORC|NW\nOBR|1||F|G")
        #expect(try order.text("PID-3") == "7")
        #expect(try tree(order) == "MSH EVN PATIENT(PID PATIENT_VISIT(PV1)) ORDER(ORC ORDER_DETAIL(OBR))")
    }

    @Test("nHapi 54: a GT1 before FT1 loses neither")
    func guarantorFirst() throws {
        let charge = try message("DFT^P03", "EVN||2026\nPID|1||7\nGT1|1||G\nFT1|1\nFT1|2")
        #expect(try charge.text("GT1-3") == "G")
        #expect(try tree(charge) == "MSH EVN PID GT1 FINANCIAL(FT1) FINANCIAL(FT1)")
    }

    @Test("nHapi 213: a DG1 before ORC loses neither")
    func diagnosisFirst() throws {
        let order = try message("ORM^O01", "PID|1||7\nDG1|1||D\nORC|NW\nOBR|1||F|G")
        #expect(order["DG1"] != nil)
        #expect(try tree(order).contains("ORDER(ORC ORDER_DETAIL(OBR))"))
    }

    @Test("nHapi 65, hapi 105: a second order is an order, not a prior result, and results stay with theirs")
    func secondOrder() throws {
        let order = try message("OML^O21", "PID|1||7\nORC|NW\nOBR|1||F|G\nORC|NW\nOBR|2||F|G\nOBX|1|ST|a")
        #expect(
            try tree(order) == "MSH PATIENT(PID) ORDER(ORC OBSERVATION_REQUEST(OBR)) "
                + "ORDER(ORC OBSERVATION_REQUEST(OBR OBSERVATION(OBX)))")
        let prior = try message("OML^O21", "ORC|NW\nOBR|1||F|G\nPID|1||7\nOBR|2||F|G\nOBX|1|ST|a")
        #expect(
            try tree(prior) == "MSH ORDER(ORC OBSERVATION_REQUEST(OBR PRIOR_RESULT(PATIENT_PRIOR(PID) "
                + "ORDER_PRIOR(OBR OBSERVATION_PRIOR(OBX)))))")
    }

    @Test("nHapi 264: a group whose first segment is missing does not drop those after it")
    func missingFirst() throws {
        let results = try message("ORU^R01", "PID|1||7\nOBX|1|ST|a||x\nOBR|2||F|G\nOBX|1|ST|b||y")
        #expect(
            try tree(results) == "MSH PATIENT_RESULT(PATIENT(PID) ORDER_OBSERVATION(OBSERVATION(OBX)) "
                + "ORDER_OBSERVATION(OBR OBSERVATION(OBX)))")
    }

    // MARK: Z segments

    @Test("hapi 25, nHapi 73, kardianos 6, ballerina 255, hl7apy 89: Z segments keep fields, nulls and position")
    func ownSegments() throws {
        let text = "MSH|^~\\&|A|B|C|D|2026||ADT^A08|1|P|2.5\rEVN||2026\rZA1||\"\"|x^y||\rPID|1||7\rZA1|2\r"
        let message = try Samples.message(text)
        #expect(message.segments.map(\.name) == ["MSH", "EVN", "ZA1", "PID", "ZA1"])
        #expect(message["ZA1"]?.fieldCount == 5)
        #expect(message.part("ZA1-2").presence == .delete)
        #expect(try message.text("ZA1(2)-1") == "2")
        #expect(MessageWriter(message).bytes == Array(text.utf8))
    }

    @Test("Mirth 1604: fields that are set are written by their number, not in the order of setting")
    func fieldOrder() throws {
        var writer = MessageWriter(try Samples.message("MSH|^~\\&|A\rZA1|\r"))
        for number in [10, 2, 3, 1] { try writer.set("ZA1-\(number)", to: FieldValue(number)) }
        #expect(String(decoding: writer.bytes, as: UTF8.self).hasSuffix("ZA1|1|2|3|||||||10\r"))
    }

    // MARK: Dates

    @Test("mps hl7-parser 31: a zone after a fraction is read")
    func fraction() throws {
        let read = try DateTime("20240102030405.403+0100")
        #expect(read.nanosecond == 403_000_000)
        #expect(read.zone == 60)
    }

    @Test("mps hl7-parser 23: the second component of a TS is its precision, and no fault")
    func precision() throws {
        let message = try Samples.message(
            "MSH|^~\\&|A|B|C|D|202601020304^M||ADT^A08|1|P|2.5\rEVN||2026\rPID|1||7||D\rPV1||O\r")
        #expect(try DateTime(message.part("MSH-7.1").bytes).precision == .minute)
        #expect(ConformanceCheck(.values).findings(in: message).isEmpty)
    }

    @Test(
        "openmrs-core 6561: days that do not exist are refused",
        arguments: ["20240230", "19801345", "20230229", "20261131"])
    func noSuchDay(_ text: String) {
        #expect(throws: DateTime.Fault.self) { try DateTime(text) }
    }

    @Test("HL7-dotnetcore 43: -0330 is three and a half hours west")
    func halfHour() throws {
        #expect(try DateTime("20240102030405-0330").zone == -210)
        #expect(try DateTime("20240102030405-0030").description == "20240102030405-0030")
    }

    @Test("panates 29: MSH-7's zone is the message's")
    func messageZone() throws {
        #expect(try Samples.message("MSH|^~\\&|A|B|C|D|20240102030405-0500||ADT^A08\r").zone == -300)
    }

    // MARK: Acknowledgments

    private func answer(
        _ header: String, _ code: Acknowledgment.Code = .accept, _ findings: [Acknowledgment.Finding] = []
    )
        throws -> Message
    {
        let subject = AcknowledgedHeader(try Samples.message(header + "\r"))
        return try Message(Acknowledgment(code, to: subject, findings: findings, controlID: "N-1", at: time).bytes)
    }

    @Test("Mirth 1253, NHapiTools 18: MSH-9 is ACK^event^ACK from 2.4, never the structure that came")
    func type() throws {
        #expect(try answer("MSH|^~\\&|A|B|C|D|2026||ADT^A08^ADT_A01|1|P|2.5").part("MSH-9").raw == "ACK^A08^ACK")
        #expect(try answer("MSH|^~\\&|A|B|C|D|2026||ADT^A08|1|P|2.3").part("MSH-9").raw == "ACK^A08")
    }

    @Test("HL7-dotnetcore 21, Mirth 262: sender and receiver change places, none off by one")
    func swapped() throws {
        let read = try answer("MSH|^~\\&|APP|FAC|RAPP|RFAC|2026||ADT^A08|1|P|2.5")
        #expect((3...6).map { read.part("MSH-\($0)").raw } == ["RAPP", "RFAC", "APP", "FAC"])
    }

    @Test("simple-hl7 74: MSH-12, MSH-18 and the event are the sender's own")
    func mirrored() throws {
        let read = try answer("MSH|^~\\&|A|B|C|D|2026||ADT^A08|1|P|2.8.1^DEU||||||8859/15")
        #expect(read.part("MSH-12").raw == "2.8.1^DEU")
        #expect(read.part("MSH-18").raw == "8859/15")
        #expect(read.part("MSH-9.2").raw == "A08")
        #expect(read.part("MSH-10").raw == "N-1")
        #expect(read.part("MSA-2").raw == "1")
    }

    @Test("arc-light 953, 3628: reasons stand in ERR, whole, one for each")
    func reasons() throws {
        let long = String(repeating: "why ", count: 100)
        let findings = (1...3).map { number in
            Acknowledgment.Finding(
                at: Place(segment: "MSH", field: 9, repetition: 1, component: 1), condition: .unsupportedMessageType,
                rule: "r\(number)", text: long)
        }
        let read = try answer("MSH|^~\\&|A|B|C|D|2026||QQQ^A08|1|P|2.5", .reject, findings)
        #expect(read.all("ERR").count == 3)
        #expect(read.part("ERR-2").raw == "MSH^1^9^1^1")
        #expect(read.part("ERR-3.1").raw == "200")
        #expect(try read.text("ERR(3)-8") == long)
        #expect(read.part("MSA-3").presence != .valued)
    }

    @Test(
        "Mirth 2986: an answer that is no proper one is no success",
        arguments: [
            ("MSA|AA|1\r", true), ("MSA|CA|1\r", true), ("MSA|AE|1\r", false), ("MSA|XX|1\r", nil), ("MSA|AA|2\r", nil),
            ("MSA||1\r", nil), ("", nil), ("ERR|x\r", nil), ("MSA|AA\r", nil),
        ] as [(String, Bool?)])
    func malformedAnswer(_ body: String, _ isTaken: Bool?) throws {
        let answer = try Samples.message("MSH|^~\\&|A|B|C|D|2026||ACK|9|P|2.5\r" + body)
        #expect(Acknowledgment.Code(answering: "1", in: answer).map { !$0.isRefusal } == isTaken)
    }

    @Test(
        "a sender in enhanced mode has the answers that it asked for, and no others",
        arguments: [
            ("", "", [true, true, false, false]), ("AL", "NE", [false, false, true, true]),
            ("NE", "AL", [true, true, false, false]), ("ER", "SU", [true, false, false, true]),
            ("AL", "", [false, false, true, true]),
        ])
    func enhanced(_ accept: String, _ application: String, _ wanted: [Bool]) throws {
        let header = AcknowledgedHeader(
            try Samples.message("MSH|^~\\&|A|B|C|D|2026||ADT^A08|1|P|2.5|||\(accept)|\(application)\r"))
        #expect([.accept, .error, .commitAccept, .commitReject].map { header.wants($0) } == wanted)
    }

    @Test(
        "an answer to a batch holds all messages or those with errors alone, and may be empty",
        arguments: [
            (AcknowledgmentBatch.Scope.all, "BHS AA AE BTS|2"), (.errorsOnly, "BHS AE BTS|1"),
        ])
    func batchScope(_ scope: AcknowledgmentBatch.Scope, _ outline: String) throws {
        var batch = AcknowledgmentBatch(at: time, scope: scope)
        let frame = try #require(Samples.frames(Array("BHS|^~\\&|A||||||||B-7\r".utf8)).frames.first)
        try batch.open(try #require(frame.framed.segment), controlID: "X")
        let subject = AcknowledgedHeader(try Samples.message("MSH|^~\\&|A|B|C|D|2026||ADT^A08|1|P|2.5\r"))
        batch.add(Acknowledgment(.accept, to: subject, controlID: "1", at: time))
        batch.add(Acknowledgment(.error, to: subject, controlID: "2", at: time))
        let text = String(decoding: batch.finish(), as: UTF8.self)
        let shown = text.split(separator: "\r").compactMap { line -> String? in
            if line.hasPrefix("BHS") { return line.hasSuffix("|X|B-7") ? "BHS" : "unlinked" }
            if line.hasPrefix("MSA") { return String(line.split(separator: "|")[1]) }
            return line.hasPrefix("BTS") ? String(line) : nil
        }
        #expect(shown.joined(separator: " ") == outline)
    }

    // MARK: Size

    @Test("Mirth 1665, nHapi 594, 3, hapi 96, Machete 79: one value of megabytes is read whole, in one go")
    func large() throws {
        let size = 8 << 20
        let text =
            "MSH|^~\\&|A\rOBX|1|ED|a||^a^b^Base64^" + String(repeating: "QUJD", count: size / 4)
            + "||||||F\rNTE|1||after\r"
        let frames = Samples.frames(Array(text.utf8), chunk: 1 << 16).frames
        #expect(frames.count == 1)
        let message = try Message(try #require(frames.first).framed.bytes)
        #expect(message.part("OBX-5.5").bytes.count == size)
        #expect(try message.text("NTE-3") == "after")
        #expect(MessageWriter(message).bytes == message.bytes)
    }

    // MARK: Batches

    @Test(
        "python-hl7 34, Machete 45, hapi 87, gofer 26, Mirth 93, reportstream 6972, 14868: every envelope is read",
        arguments: [
            ("FHS|^~\\&|\rMSH|^~\\&|A\rFTS|\r", 1, true), ("BHS|^~\\&|\rMSH|^~\\&|A\rMSH|^~\\&|B\rBTS|2\r", 2, true),
            ("FHS|^~\\&|\rBHS|^~\\&|\rMSH|^~\\&|A\rBTS|1\rFTS|1\r", 1, true), ("MSH|^~\\&|A\rMSH|^~\\&|B\r", 2, true),
            ("FHS|^~\\&|\rBHS|^~\\&|\rBTS|0\rFTS|1\r", 0, true),
            ("FHS|^~\\&|\rBHS|^~\\&|\rMSH|^~\\&|A\rBTS|1\r", 1, false),
            ("BHS|^~\\&|\rMSH|^~\\&|A\rMSH|^~\\&|B", 2, false), ("BHS|^~\\&|\rMSH|^~\\&|A\rBT", 1, false),
            ("BHS|^~\\&|\rBHS|^~\\&|\rMSH|^~\\&|A\rBTS|1\r", 1, false),
        ])
    func envelopes(_ text: String, _ messages: Int, _ isComplete: Bool) {
        let read = Samples.frames(Array(text.utf8))
        #expect(read.summary.messages == messages)
        #expect(read.summary.isComplete == isComplete)
    }

    @Test("a batch of which the beginning is missing shows in its count")
    func cutFront() {
        let read = Samples.frames(Array("MSH|^~\\&|A\rBTS|3\r".utf8))
        #expect(
            read.summary.findings == [
                .notOpened(trailer: "BTS", line: 2), .countDiffers(trailer: "BTS", declared: 3, seen: 1, line: 2),
            ])
    }

    // MARK: Identity

    @Test("reportstream 15982, 6318; metriport 4563: content tells messages apart that share a control id")
    func identity() throws {
        let first = try Samples.message("MSH|^~\\&|A|B|C|D|2026||ADT^A01|1|P|2.5\rPID|1||7\r")
        let again = try Samples.message("MSH|^~\\&|A|B|C|D|2027||ADT^A01|2|P|2.5\rPID|1||7\r")
        let other = try Samples.message("MSH|^~\\&|A|B|C|D|2026||ADT^A01|1|P|2.5\rPID|1||8\r")
        let visit = try Samples.message("MSH|^~\\&|A|B|C|D|2026||ADT^A03|1|P|2.5\rPID|1||7\r")
        #expect(first.content == again.content)
        #expect(first.content != other.content)
        #expect(first.content != visit.content)
    }

    @Test("arc-light 4589, 1086: each merge group has its own PID and MRG, to be compared")
    func merge() throws {
        let groups = try Samples.message(Samples.merge).segments.groups("PID")
        #expect(groups.map { "\($0.part("PID-3").raw)<\($0.part("MRG-1").raw)" } == ["100<90", "200<80~81"])
    }

    @Test("FHIR-Converter 47: each repetition of PID-3 comes with its own authority and type")
    func identifiers() throws {
        let field = try Samples.message(Samples.admission).part("PID-3")
        #expect(field.repetitions.map { "\($0.component(1).raw) \($0.component(5).raw)" } == ["4711 MR", "S-9 PI"])
    }
}
