import CSV
import Testing

@Suite("CSV properties")
struct PropertyTests {
    private static let alphabet = Array("ab,;\"\r\n\t|é€1\u{1D}\u{FEFF}".utf8) + [0xFF, 0x00]

    @Test("the same bytes whole, in pieces and byte by byte give the same", arguments: 0..<40 as Range<UInt64>)
    func pieces(seed: UInt64) throws {
        var random = Seeded(state: seed)
        for _ in 0..<25 {
            let lineEnd = ["\n", "\r\n", "\r"].randomElement(using: &random) ?? "\n"
            var file = Array("a,b\(lineEnd)".utf8)
            for _ in 0..<Int.random(in: 0..<60, using: &random) {
                file.append(Self.alphabet.randomElement(using: &random) ?? 0)
            }
            let whole = try read(file, recordLimit: 24)
            #expect(whole.byteOrderMark.isEmpty)
            for (pieces, chunk) in [(1, 1), (3, 1), (1, 3), (7, 7), (64, 16)] {
                let cut = try read(file, recordLimit: 24, pieces: pieces, chunkSize: chunk)
                #expect(cut.summary == whole.summary)
                #expect(cut.endedWithTerminator == whole.endedWithTerminator)
            }
            let full = try read(file)
            // Only blank lines at the very end are passed over; all else is kept.
            #expect(file.starts(with: full.verbatim))
            #expect(file.dropFirst(full.verbatim.count).allSatisfy { $0 == 0x0A || $0 == 0x0D })
            for record in full.records { #expect(record.isSound == (record.faults.isEmpty && record.count == 2)) }
        }
    }

    @Test("what the writer writes verbatim the reader reads", arguments: 0..<40 as Range<UInt64>)
    func roundTrip(seed: UInt64) throws {
        var random = Seeded(state: seed)
        let pool = Array("ab,;\"\r\n|é€😀 '=+-@".unicodeScalars)
        let dialect = Dialect(
            delimiter: Dialect.Delimiter.allCases.randomElement(using: &random) ?? .comma,
            lineEnd: Dialect.LineEnd.allCases.randomElement(using: &random) ?? .lf)
        var writer = Writer(dialect: dialect, byteOrderMark: Bool.random(using: &random))
        writer.append([.text("first"), .text("second"), .text("third")])
        var rows: [[String]] = []
        for _ in 0..<50 {
            let row = (0..<3).map { _ in
                var scalars = String.UnicodeScalarView()
                for _ in 0..<Int.random(in: 0..<8, using: &random) {
                    scalars.append(pool.randomElement(using: &random) ?? "x")
                }
                return String(scalars)
            }
            rows.append(row)
            writer.append(row.map { .verbatim(Array($0.utf8)) })
        }
        let reading = try read(writer.bytes, chunkSize: 17)
        #expect(reading.header.dialect == dialect)
        #expect(reading.codes.isEmpty)
        let read = try reading.sound.map { $0.map { Array($0.utf8) } }
        #expect(read == rows.map { $0.map { Array($0.utf8) } })
    }

    /// One way to spoil one field of a clean file.
    private struct Mutation {
        var code: Fault.Code
        /// What is put in at an offset within the field, and where the fault is then.
        var inserted: [UInt8]
        var shift: Int
    }

    @Test("1,000 single faults are found at the right line, column and byte; the other rows stand")
    func mutations() throws {
        let mutations = [
            Mutation(code: .strayQuote, inserted: [0x22], shift: 0),
            Mutation(code: .controlCharacter, inserted: [0x07], shift: 0),
            Mutation(code: .nul, inserted: [0x00], shift: 0),
            Mutation(code: .undecodable, inserted: [0xC3, 0x28], shift: 0),
            Mutation(code: .mixedLineEnds, inserted: [0x0D], shift: 0),
        ]
        var random = Seeded(state: 42)
        for round in 0..<1000 {
            let rows = 6
            let spoiled = Int.random(in: 0..<rows, using: &random)
            let column = Int.random(in: 0..<4, using: &random)
            let mutation = mutations[round % mutations.count]
            var file = Array("mrn,name,note,amount\n".utf8)
            var expected = Position(line: 0, column: 0, byteOffset: 0)
            for row in 0..<rows {
                let cells = ["M\(row)x", "Zoë Ng", "\"a, b\nc\"", "12.50"]
                var line: [UInt8] = []
                for index in 0..<4 {
                    if index > 0 { line.append(0x2C) }
                    var cell = Array(cells[index].utf8)
                    if row == spoiled && index == column && index != 2 {
                        let at = 1
                        let characters = String(decoding: line + cell.prefix(at), as: UTF8.self)
                        let lastLine = characters.split(separator: "\n", omittingEmptySubsequences: false).last ?? ""
                        expected = Position(
                            line: 2 + row * 2 + (index > 2 ? 1 : 0), column: lastLine.unicodeScalars.count + 1,
                            byteOffset: file.count + line.count + at)
                        cell.insert(contentsOf: mutation.inserted, at: at)
                    }
                    line += cell
                }
                if row == spoiled && column == 2 {
                    // In the quoted column: one delimiter too many at the end of the row.
                    expected = Position(line: 3 + row * 2, column: 10, byteOffset: file.count + line.count + 1)
                    line.append(0x2C)
                }
                file += line + [0x0A]
            }
            let reading = try read(file, chunkSize: 50)
            let fault = try #require(reading.records[spoiled].faults.first)
            #expect(fault.code == (column == 2 ? .fieldCount : mutation.code))
            #expect(fault.position == expected)
            #expect(reading.records.count == rows)
            #expect(reading.records.filter(\.isSound).count == rows - 1)
        }
    }

    @Test("a lost or added quote never makes a sound row that is not one of the sender's")
    func noSilentMisload() throws {
        let clean = "a,b,c\n1,\"x, y\",2\n3,z,\"p\nq\"\n4,\"say \"\"hi\"\"\",5\n6,\"\",7\n8,9,\"0\"\n"
        let bytes = Array(clean.utf8)
        let rows = Set(try read(bytes).sound)
        for index in 6..<bytes.count {
            var changed = bytes
            changed.insert(0x22, at: index)
            let added = try read(changed)
            let misread = Set(try added.sound).subtracting(rows)
            #expect(misread.isEmpty, "added at \(index): \(misread) \(added.codes)")
            guard bytes[index] == 0x22 else { continue }
            changed = bytes
            changed.remove(at: index)
            #expect(try read(changed).codes.isEmpty == false, "removed at \(index)")
        }
    }

    @Test("a lost or added delimiter or line end rejects its rows and never makes a new one")
    func delimitersAndLineEnds() throws {
        let bytes = Array("a,b,c\r\n1,\"x, y\",2\r\n3,z,q\r\n4,,5\r\n6,7,8\r\n".utf8)
        let rows = Set(try read(bytes).sound)
        for index in 7..<bytes.count {
            let isQuoted = (10...14).contains(index)
            for added in [[0x2C], [0x0A], [0x0D]] as [[UInt8]] where !isQuoted {
                var changed = bytes
                changed.insert(contentsOf: added, at: index)
                let reading = try read(changed)
                #expect(Set(try reading.sound).isSubset(of: rows), "\(added) at \(index)")
                #expect(!reading.codes.isEmpty)
            }
            // The file's last line end may be missing whole; that is reported apart.
            guard !isQuoted, [0x2C, 0x0A, 0x0D].contains(bytes[index]), index < bytes.count - 2 else { continue }
            var changed = bytes
            changed.remove(at: index)
            let reading = try read(changed)
            #expect(Set(try reading.sound).isSubset(of: rows), "lost at \(index)")
            #expect(!reading.codes.isEmpty)
        }
    }
}
