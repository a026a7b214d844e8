import CSV
import Testing

@Suite("CSV reader")
struct ReaderTests {
    @Test("fields come with their places, quotes taken off and doubled quotes made single")
    func fields() throws {
        let reading = try read("mrn,name,note\r\nM1,\"O'Brien, Pat\",\"said \"\"hi\"\"\nthere\"\r\nM2,Ng,\r\n")
        #expect(reading.header.names == ["mrn", "name", "note"])
        #expect(try reading.sound == [["M1", "O'Brien, Pat", "said \"hi\"\nthere"], ["M2", "Ng", ""]])
        let record = reading.records[0]
        #expect(record.number == 1)
        #expect(record.position == Position(line: 2, column: 1, byteOffset: 15))
        #expect(record.position(1) == Position(line: 2, column: 4, byteOffset: 18))
        #expect(record.position(2) == Position(line: 2, column: 19, byteOffset: 33))
        #expect(record.isQuoted(1) && !record.isQuoted(0))
        #expect(reading.records[1].line == 4)
        #expect(reading.records[1].isEmpty(2))
        #expect(reading.endedWithTerminator)
    }

    @Test("each delimiter and line end is read off the header row", arguments: Dialect.Delimiter.allCases)
    func dialects(delimiter: Dialect.Delimiter) throws {
        for lineEnd in Dialect.LineEnd.allCases {
            let dialect = Dialect(delimiter: delimiter, lineEnd: lineEnd)
            var writer = Writer(dialect: dialect)
            writer.append([.text("a"), .text("b")])
            writer.append([.text("x\ty;z,w|v"), .text("2")])
            let reading = try read(writer.bytes)
            #expect(reading.header.dialect == dialect)
            #expect(try reading.sound == [["x\ty;z,w|v", "2"]])
        }
    }

    @Test("a caller that knows no form with these columns gets no reader")
    func noForm() throws {
        let source = Pieces(Array("a,b\n1,2\n".utf8), size: .max)
        var seen: [[String]] = []
        let reader = try Reader(read: source.read) { candidates in
            seen = candidates.map(\.names)
            return nil
        }
        #expect(reader == nil)
        #expect(seen == [["a", "b"], ["a,b"], ["a,b"], ["a,b"]])
    }

    @Test("header names are compared without case, spaces, hyphens and underscores")
    func names() throws {
        let header = try read("Given Name,family-name,BIRTH_DATE\nA,B,C\n").header
        #expect(header.names == ["givenname", "familyname", "birthdate"])
        #expect(header.column("given_name") == 0)
        #expect(header.column("Birth Date") == 2)
        #expect(header.missing(["given_name", "sex"]).map(\.code) == [.missingColumn])
        #expect(header.missing(["sex"]).first?.detail.contains("`sex`") == true)
    }

    @Test("the end of the last line is reported")
    func lastLine() throws {
        #expect(try read("a,b\n1,2").endedWithTerminator == false)
        #expect(try read("a,b\n1,2\n").endedWithTerminator)
        #expect(try read("a,b\n1,\"2\"").endedWithTerminator == false)
        #expect(try read("a,b").endedWithTerminator == false)
        #expect(try read("a,b\n1,2").sound == [["1", "2"]])
    }

    @Test("blank lines after the last record are passed over")
    func trailingBlankLines() throws {
        let reading = try read("a,b\r\n1,2\r\n\r\n\r\n")
        #expect(try reading.sound == [["1", "2"]])
        #expect(reading.records.count == 1)
        #expect(reading.endedWithTerminator)
    }

    @Test("a preamble is passed over only when so many lines are named")
    func preamble() throws {
        let reading = try read(Array("Report\r\nfor May\na,b\n1,2\n".utf8), preambleLines: 2)
        #expect(reading.header.names == ["a", "b"])
        #expect(reading.records[0].position == Position(line: 4, column: 1, byteOffset: 20))
    }

    @Test("columns count characters, offsets count bytes")
    func columns() throws {
        let reading = try read("a,b\nJosé é,\"x\ny\",3\n")
        let fault = try #require(reading.records.first?.faults.first)
        #expect(fault.code == .fieldCount)
        #expect(fault.position == Position(line: 3, column: 4, byteOffset: 19))
        #expect(reading.records[0].position(1).column == 8)
    }

    @Test("what the source throws is thrown on")
    func sourceFails() {
        struct DiskFault: Error {}
        #expect(throws: DiskFault.self) {
            _ = try Reader(read: { _ in throw DiskFault() }, choosing: widest)
        }
    }

    @Test("no byte is lost: header row and records together are the file")
    func verbatim() throws {
        let text = "\u{FEFF}a;b\n1;2\n\n\"x;1\n4;5;6\n\"7\"8;9\n"
        let reading = try read(text)
        #expect(reading.verbatim == Array(text.utf8))
    }

    @Test("a large file is read with a bounded request and all its records")
    func large() throws {
        var text = "mrn,name,note\n"
        for number in 0..<20_000 { text += "M\(number),Name,\"note, \(number)\"\n" }
        let source = Pieces(Array(text.utf8), size: .max)
        var reader = try #require(try Reader(chunkSize: 4096, read: source.read, choosing: widest))
        var count = 0
        while let record = try reader.next() {
            #expect(record.isSound)
            count += 1
        }
        #expect(count == 20_000)
        #expect(source.largestRequest <= 4096)
    }
}
