import CSV
import Testing

@Suite("CSV faults")
struct FaultTests {
    struct Example: Sendable, CustomTestStringConvertible {
        var name: String
        var text: String
        var faults: [String]
        var sound: [[String]]
        var testDescription: String { name }
    }

    static let examples = [
        Example(
            name: "too few fields", text: "a,b,c\n1,2\n4,5,6\n", faults: ["csv.field-count 2:4 @9"],
            sound: [["4", "5", "6"]]),
        Example(
            name: "too many fields", text: "a,b\n1,2,3\n4,5\n", faults: ["csv.field-count 2:5 @8"],
            sound: [["4", "5"]]),
        Example(
            name: "too many fields though the last is empty", text: "a,b\n1,2,\n4,5\n",
            faults: ["csv.field-count 2:5 @8"], sound: [["4", "5"]]),
        Example(
            name: "a quote inside an unquoted field", text: "a,b\n1,5\" pipe\n4,5\n",
            faults: ["csv.stray-quote 2:4 @7"], sound: [["4", "5"]]),
        Example(
            name: "text after a closing quote", text: "a,b\n1,\"x\"y\n4,5\n", faults: ["csv.text-after-quote 2:6 @9"],
            sound: [["4", "5"]]),
        Example(
            name: "a blank after a closing quote", text: "a,b\n\"1\" ,2\n4,5\n",
            faults: ["csv.text-after-quote 2:4 @7"], sound: [["4", "5"]]),
        Example(
            name: "a control character", text: "a,b\n1,x\u{1B}[2J\n4,5\n", faults: ["csv.control-character 2:4 @7"],
            sound: [["4", "5"]]),
        Example(
            name: "a tab in an unquoted field", text: "a,b\n1,x\ty\n4,5\n", faults: ["csv.control-character 2:4 @7"],
            sound: [["4", "5"]]),
        Example(
            name: "a C1 control character", text: "a,b\n1,x\u{85}y\n4,5\n", faults: ["csv.control-character 2:4 @7"],
            sound: [["4", "5"]]),
        Example(
            name: "a NUL", text: "a,b\n1,\0\n4,5\n", faults: ["text.nul 2:3 @6"], sound: [["4", "5"]]),
        Example(
            name: "CRLF where LF is the line end", text: "a,b\n1,2\r\n4,5\n", faults: ["csv.mixed-line-ends 2:4 @7"],
            sound: [["4", "5"]]),
        Example(
            name: "a bare CR where LF is the line end", text: "a,b\n1,2\r3\n4,5\n",
            faults: ["csv.mixed-line-ends 2:4 @7"], sound: [["4", "5"]]),
        Example(
            name: "LF where CRLF is the line end joins two rows and rejects both",
            text: "a,b\r\n1,2\n3,4\r\n4,5\r\n", faults: ["csv.mixed-line-ends 2:4 @8"], sound: [["4", "5"]]),
        Example(
            name: "CRLF where CR is the line end", text: "a,b\r1,2\r\n4,5\r", faults: ["csv.mixed-line-ends 2:4 @7"],
            sound: [["4", "5"]]),
        Example(
            name: "a blank after every delimiter", text: "a,b,c\n1, 2, 3\n4, 5,6\n7,, 8\n",
            faults: ["csv.blank-after-delimiter 2:3 @8"], sound: [["4", " 5", "6"], ["7", "", " 8"]]),
        Example(
            name: "a torn-off line with as many fields as the header makes the record before it uncertain",
            text: "a,b,c\n3,p,q\nr,t\",s\n4,5,6\n",
            faults: ["csv.uncertain-end 2:5 @10", "csv.stray-quote 3:4 @15"], sound: [["4", "5", "6"]]),
        Example(
            name: "a closing quote that may be an opening one, before a broken record, is uncertain",
            text: "a,b\n1,\"x\n2,\"\n\",\"\n5,6\n",
            faults: ["csv.uncertain-end 2:3 @6", "csv.field-count 4:4 @16"], sound: [["5", "6"]]),
        Example(
            name: "a blank line", text: "a,b\n1,2\n\n4,5\n", faults: ["csv.blank-line 3:1 @8"],
            sound: [["1", "2"], ["4", "5"]]),
        Example(
            name: "a run of blank lines is one fault", text: "a,b\n\n\n\n4,5\n", faults: ["csv.blank-line 2:1 @4"],
            sound: [["4", "5"]]),
        Example(
            name: "the header row again", text: "a,b\n1,2\nA,\"b\"\n4,5\n", faults: ["csv.repeated-header 3:1 @8"],
            sound: [["1", "2"], ["4", "5"]]),
        Example(
            name: "an unclosed quote takes the rest", text: "a,b\n1,2\n3,\"x\n4,5\n6,7\n",
            faults: ["csv.unclosed-quote 3:3 @10"], sound: [["1", "2"]]),
        Example(
            name: "a lost closing quote found at the next quoted field takes the rest",
            text: "a,b\n1,\"x\n2,\"y\"\n4,5\n",
            faults: ["csv.unclosed-quote 2:3 @6", "csv.text-after-quote 3:4 @12"], sound: []),
        Example(
            name: "a fragment with a stray quote makes the record before it uncertain",
            text: "a,b,c\n1,2,3\n3,z,\"p\"\nq\"\n4,5,6\n",
            faults: ["csv.uncertain-end 3:5 @16", "csv.stray-quote 4:2 @21"],
            sound: [["1", "2", "3"], ["4", "5", "6"]]),
        Example(
            name: "all faults of one record are told", text: "a,b\n1\u{1},\"x\"y\n4,5\n",
            faults: ["csv.control-character 2:2 @5", "csv.text-after-quote 2:7 @10"], sound: [["4", "5"]]),
    ]

    @Test("is found in its place, and the other records stand", arguments: examples)
    func example(example: Example) throws {
        let reading = try read(example.text)
        let faults = reading.records.flatMap(\.faults)
        #expect(faults.map { "\($0.code) \($0.line):\($0.column) @\($0.byteOffset)" } == example.faults)
        #expect(try reading.sound == example.sound)
        #expect(reading.verbatim == Array(example.text.utf8))
        #expect(faults.allSatisfy { !$0.detail.isEmpty })
    }

    @Test("bytes that are not UTF-8 reject their record with their offset")
    func undecodable() throws {
        let reading = try read(Array("a,b\n1,x".utf8) + [0xE9, 0x2C] + Array("y\n4,5\n".utf8))
        let fault = try #require(reading.records[0].faults.first)
        #expect(fault.code == .undecodable)
        #expect(fault.position == Position(line: 2, column: 4, byteOffset: 7))
        #expect(fault.field == 2)
        #expect(throws: Fault.self) { try reading.records[0].text(1) }
        #expect(try reading.sound == [["4", "5"]])
    }

    @Test(
        "ill-formed UTF-8 is never accepted",
        arguments: [
            [0xC0, 0x80], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xF8, 0x88], [0x80],
            [0xC3],
            [0xE2, 0x82], [0xFF],
        ] as [[UInt8]])
    func illFormed(bytes: [UInt8]) throws {
        let reading = try read(Array("a,b\n1,".utf8) + bytes + Array("\n".utf8))
        #expect(reading.codes == [.undecodable])
        #expect(reading.records[0].faults.first?.byteOffset == 6)
    }

    @Test("a record beyond the limit is kept up to there, and the next one stands")
    func tooLong() throws {
        let long = String(repeating: "x", count: 5000)
        let reading = try read("a,b\n1,\(long)\n4,5\n", recordLimit: 1000)
        #expect(reading.codes == [.recordTooLong])
        #expect(reading.records[0].isTruncated)
        #expect(reading.records[0].byteCount == 5003)
        #expect(reading.records[0].verbatim.count == 1000)
        #expect(try reading.sound == [["4", "5"]])
        #expect(reading.records[1].position == Position(line: 3, column: 1, byteOffset: 5007))
    }

    @Test("an unclosed quote before a long rest is one truncated record")
    func longUnclosed() throws {
        let rest = String(repeating: "row,of data\n", count: 5000)
        let reading = try read("a,b\n1,2\n3,\"\(rest)", recordLimit: 1000)
        #expect(reading.codes == [.unclosedQuote])
        #expect(reading.records[1].isTruncated)
        #expect(reading.records[1].faults[0].position == Position(line: 3, column: 3, byteOffset: 10))
        #expect(reading.records[1].byteCount == 60_003)
        #expect(try reading.sound == [["1", "2"]])
    }

    @Test("faults of one record are capped, so that a hostile file costs no memory")
    func cappedFaults() throws {
        let reading = try read("a,b\n1,\(String(repeating: "\u{1}", count: 10_000))\n")
        #expect(reading.records[0].faults.count == 64)
    }

    @Test("a hostile header row of delimiters is refused for its first few faults")
    func hostileHeader() throws {
        let refusal = try refusal(Array(String(repeating: ",", count: 200_000).utf8) + [0x0A])
        #expect(refusal?.faults.count == 64)
        #expect(refusal?.faults.first?.code == .emptyColumnName)
    }

    @Test("details never quote a value")
    func details() throws {
        for example in Self.examples {
            for fault in try read("reference,mrn\nSECRET\"1,SECRET\n" + example.text).records.flatMap(\.faults) {
                #expect(!fault.detail.contains("SECRET"))
            }
        }
    }

    @Test(
        "a header row at fault refuses the file",
        arguments: [
            ("a,,b\n1,2,3\n", "csv.empty-column-name 1:3"), ("a,b,A\n", "csv.duplicate-column 1:5"),
            ("given name,GIVEN_NAME\n", "csv.duplicate-column 1:12"), ("", "csv.no-header 1:1"),
            ("a,\"b\"x\n", "csv.text-after-quote 1:6"), ("a,b\u{1}\n", "csv.control-character 1:4"),
            ("a,\"b\n1,2\n", "csv.unclosed-quote 1:3"), ("\na,b\n", "csv.empty-column-name 1:1"),
            ("\u{FEFF}", "csv.no-header 1:1"),
        ])
    func header(text: String, expected: String) throws {
        let fault = try #require(try refusal(Array(text.utf8))?.faults.first)
        #expect("\(fault.code) \(fault.line):\(fault.column)" == expected)
    }

    @Test("every code is told apart")
    func codes() {
        #expect(Set(Fault.Code.all).count == Fault.Code.all.count)
        #expect(Fault.Code.all.count >= 15)
    }
}
