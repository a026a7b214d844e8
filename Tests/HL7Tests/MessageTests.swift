import HL7
import Testing

@Suite("Message")
struct MessageTests {
    @Test(
        "a path leads to its text",
        arguments: [
            ("MSH-1", "|"), ("MSH-2", "^~\\&"), ("MSH-3", "KIOSK"), ("MSH-9", "ADT^A28^ADT_A05"), ("MSH-9.2", "A28"),
            ("MSH-10", "K-1001"), ("MSH-18", "UNICODE UTF-8"), ("PID-3", "4711^^^CLINIC^MR~S-9^^^KIOSK&1.2.3&ISO^PI"),
            ("PID-3.1", "4711"), ("PID-3[2].1", "S-9"), ("PID-3[2].4.2", "1.2.3"), ("PID-3[2].4", "KIOSK&1.2.3&ISO"),
            ("PID-5.1", "Özdemir"), ("PID-5.1.1", "Özdemir"), ("PID-5[2].2", "A"), ("PID-7", "19800131"),
            ("PID-7.1.1", "19800131"), ("PID-11.6", "DE"), ("AL1[1]-3.2", "PENICILLIN"), ("AL1[2]-1", "2"),
            ("ZCL-1", "1"),
        ])
    func paths(_ path: String, _ text: String) throws {
        #expect(try Samples.message(Samples.admission).text(path) == text)
    }

    @Test(
        "absent, empty and delete are told apart",
        arguments: [
            ("PID-2", Part.Presence.empty), ("PID-11.2", .empty), ("PID-12", .absent), ("PID-3[3]", .absent),
            ("PID-5.4", .absent), ("PID-7.2", .absent), ("PID-7.1.2", .absent), ("AL1[2]-3", .delete),
            ("AL1[2]-3.1", .delete), ("AL1[3]-1", .absent), ("ZCL-2", .empty), ("ZCL-3", .empty), ("ZCL-4", .absent),
            ("PV1-3", .absent), ("MSH-2", .valued), ("PID-5.1", .valued), ("AL1-3", .valued), ("PID-2.1", .empty),
        ])
    func presence(_ path: String, _ presence: Part.Presence) throws {
        let part = try Samples.message(Samples.admission).part(path)
        #expect(part.presence == presence)
        #expect(try (part.text() == nil) == (presence != .valued))
        #expect(part.place.description == (Path(path)?.description ?? ""))
    }

    @Test("a field of nothing but delimiters counts as empty")
    func onlyDelimiters() throws {
        let message = try Samples.message("MSH|^~\\&|A\rPID|^^|~|&^&\r")
        #expect((1...3).map { message.part("PID-\($0)").presence } == [.empty, .empty, .empty])
        #expect(message.part("PID-1").components.count == 3)
    }

    @Test("each part knows its place")
    func places() throws {
        let message = try Samples.message(Samples.admission)
        let part = message.part("PID-3[2].4.2")
        #expect(part.place.line == 3)
        #expect(part.place.errorLocation == ["PID", "1", "3", "2", "4", "2"])
        let offset = try #require(part.place.offset)
        #expect(Array(message.bytes[offset..<offset + 5]) == Array("1.2.3".utf8))
        #expect(message.part("AL1[2]-3").place.description == "AL1[2]-3")
        #expect(message.part("AL1[2]-3").place.errorLocation == ["AL1", "2", "3"])
        #expect(message.part("PID-5.1").place.errorLocation == ["PID", "1", "5", "1", "1"])
        #expect(message.part("PV1-3.2").place.line == nil)
        #expect(message.part("PV1-3.2").place.description == "PV1-3.2")
        #expect(message.place(at: offset)?.description == "PID-3[2]")
    }

    @Test("parts are walked as well as numbered, with the same places")
    func walking() throws {
        let field = try Samples.message(Samples.admission).part("PID-3")
        #expect(field.repetitions.map(\.place.description) == ["PID-3", "PID-3[2]"])
        #expect(field.repetitions[1].components.map(\.raw) == ["S-9", "", "", "KIOSK&1.2.3&ISO", "PI"])
        let authority = field.repetitions[1].components[3]
        #expect(authority.subcomponents.map(\.raw) == ["KIOSK", "1.2.3", "ISO"])
        #expect(authority.subcomponents.map(\.place) == (1...3).map { authority.subcomponent($0).place })
        #expect(field.components.map(\.place) == (1...5).map { field.repetition(1).component($0).place })
        #expect(field.repetition(0).presence == .absent)
        #expect(field.component(-1).presence == .absent)
    }

    @Test("merge groups hold each patient with its own MRG")
    func mergeGroups() throws {
        let groups = try Samples.message(Samples.merge).segments.groups("PID")
        #expect(try groups.map { try $0.text("PID-3") } == ["100", "200"])
        #expect(try groups.map { try $0.text("MRG-1") } == ["90", "80~81"])
    }

    @Test("each charge holds its observations, and what is out of place is not lost")
    func chargeGroups() throws {
        let segments = try Samples.message(Samples.charges).segments
        let groups = segments.groups("FT1")
        #expect(groups.map { $0.map(\.name) } == [["FT1", "OBX", "NTE"], ["FT1", "OBX"]])
        #expect(try groups.map { try $0.text("OBX-5") } == ["L-1", "L-2"])
        #expect(groups[1].part("OBX-5").place.description == "OBX[2]-5")
        #expect(segments.before("FT1").map(\.name) == ["MSH", "PID", "GT1"])
        #expect(segments["GT1"]?.occurrence == 1)
    }

    @Test(
        "orders stay together whether their ORC is there or not",
        arguments: [
            ("ORC OBR NTE ORC OBR", ["ORC OBR NTE", "ORC OBR"]), ("OBR OBX OBR", ["OBR OBX", "OBR"]),
            ("ORC OBR OBR", ["ORC OBR", "OBR"]), ("ORC ORC OBR", ["ORC", "ORC OBR"]), ("NTE OBX", []),
            ("OBR ORC OBR", ["OBR", "ORC OBR"]), ("NTE ORC DG1 OBR ZZZ", ["ORC DG1 OBR ZZZ"]),
        ])
    func orderGroups(_ names: String, _ expected: [String]) throws {
        let text = "MSH|^~\\&|A\r" + names.split(separator: " ").map { $0 + "|1\r" }.joined()
        let groups = try Samples.message(text).segments.groups("ORC", "OBR")
        #expect(groups.map { $0.map(\.name).joined(separator: " ") } == expected)
    }

    @Test(
        "a message that is none says why and where",
        arguments: [
            ("", MalformedMessage.Code.noHeader, 0), ("PID|1", .noHeader, 0), ("BHS|^~\\&|", .noHeader, 0),
            ("MSH", .headerTooShort, 3), ("MSH\rPID|1", .headerTooShort, 3), ("MSH|", .headerTooShort, 4),
            ("MSH||A", .headerTooShort, 4), ("MSH|^|A", .headerTooShort, 4),
            ("MSH|^~\\&#!|A", .encodingCharactersTooLong, 9), ("MSH|^~\\\\&|A", .repeatedDelimiter, 7),
            ("MSH|^&&^|A", .repeatedDelimiter, 6), ("MSH|0000|A", .unusableDelimiter, 4),
            ("MSH|^~A&|A", .unusableDelimiter, 6), ("MSH|^~ &|A", .unusableDelimiter, 6),
            ("MSHx^~\\&xA", .unusableDelimiter, 3), ("MSH£^~\\&£A", .unusableDelimiter, 3),
        ])
    func malformed(_ text: String, _ code: MalformedMessage.Code, _ offset: Int) {
        let fault = #expect(throws: MalformedMessage.self) { try Samples.message(text) }
        #expect(fault?.code == code)
        #expect(fault?.offset == offset)
    }

    @Test(
        "any delimiters are read",
        arguments: [
            ("MSH#*~!@#A\rPID#1##7*8@9~6\r", "8@9"), ("MSH|^~\\&#|A\rPID|1||7^8&9~6\r", "8&9"),
            ("MSH|^~&|A\rPID|1||7^8&9~6\r", "8&9"), ("MSH|^~\\|A\rPID|1||7^8&9~6\r", "8&9"),
            ("MSH|^~|A\rPID|1||7^8\\9~6\r", "8\\9"), ("MSH:-+?*:A\rPID:1::7-8*9+6\r", "8*9"),
        ])
    func delimiters(_ text: String, _ component: String) throws {
        let message = try Samples.message(text)
        #expect(try message.text("PID-3.2") == component)
        #expect(try message.text("PID-3[2]") == "6")
    }

    @Test("trailing delimiters and odd lines stay in the segments")
    func oddLines() throws {
        let message = try Samples.message("MSH|^~\\&|A\r  PID|1|||\rrubbish\r|x\rpid|2\rPID\r")
        #expect(message.segments.map(\.name) == ["MSH", "PID", "rubbish", "", "pid", "PID"])
        #expect(message["PID"]?.fieldCount == 4)
        #expect(message.all("PID").map(\.line) == [2, 6])
    }

    @Test("a line feed before what looks like a segment is told, where CR ends segments")
    func hiddenSegments() throws {
        let message = try Samples.message("MSH|^~\\&|A\rPID|1||x\nPV1|I\rNTE|1||a\nb\nEND\r")
        #expect(message.segments.map(\.name) == ["MSH", "PID", "NTE"])
        #expect(message.lineFeedsBeforeSegments.map(\.description) == ["PID-3"])
    }

    @Test(
        "the zone of MSH-7 is the message's", arguments: [("20261122093000+0100", 60), ("20261122", nil), ("x", nil)])
    func zone(_ time: String, _ minutes: Int?) throws {
        #expect(try Samples.message("MSH|^~\\&|A||||\(time)\r").zone == minutes)
    }

    @Test(
        "versions compare by number",
        arguments: [
            ("2.3", "2.3.1"), ("2.3.1", "2.4"), ("2.1", "2.2"), ("2.5.1", "2.8.2"), ("2.9", "2.10"), ("2.9", ""),
        ])
    func versions(_ older: String, _ newer: String) {
        #expect(Version(older) < Version(newer))
        #expect(!(Version(newer) < Version(older)))
    }

    @Test("a field of a hundred thousand repetitions is walked in linear time")
    func manyRepetitions() throws {
        let text = "MSH|^~\\&|A\rOBX|" + String(repeating: "a^b~", count: 100_000) + "\r"
        let repetitions = try Samples.message(text).part("OBX-1").repetitions
        #expect(repetitions.count == 100_001)
        #expect(repetitions[99_999].component(2).place.description == "OBX-1[100000].2")
    }
}

@Suite("Paths")
struct PathTests {
    @Test(
        "a path is read and written",
        arguments: ["PID", "PID-5", "PID-5[2]", "PID-5[2].1", "OBX[3]-5[2].1.4", "ZA1-1.1"])
    func roundTrip(_ text: String) {
        #expect(Path(text)?.description == text)
    }

    @Test("the first occurrence and repetition go without number")
    func first() {
        #expect(Path("OBX[1]-5[1].2")?.description == "OBX-5.2")
        #expect(Path("OBX-5.2") == Path("OBX[1]-5[1].2"))
    }

    @Test(
        "what is no path is refused",
        arguments: [
            "", "PI", "pid-5", "PID-", "PID-0", "PID-5[0]", "PID-5[", "PID-5.", "PID-5.1.1.1", "PID-5 ", "PID5",
            "PID-99999", "PID-+5",
        ])
    func refused(_ text: String) {
        #expect(Path(text) == nil)
    }
}
