import CSV
import Testing

/// A right file of random content, kept as rows of cells as they stand between the delimiters.
struct RandomFile {
    let dialect: Dialect
    let columns: Int
    var header: [UInt8]
    /// What the sender means.
    var values: [[String]] = []
    /// How it is written.
    var cells: [[[UInt8]]] = []

    private static let words = [
        "knee", "José", "M-10", "0041", "left", "12.50", "O'Brien", "日本", "x y", "😀k", "2026-11-22", "Ng",
    ]

    init(random: inout Seeded) {
        dialect = Dialect(
            delimiter: Dialect.Delimiter.allCases.randomElement(using: &random) ?? .comma,
            lineEnd: Dialect.LineEnd.allCases.randomElement(using: &random) ?? .lf)
        columns = Int.random(in: 2...7, using: &random)
        header = []
        for column in 0..<columns {
            if column > 0 { header.append(dialect.delimiter.rawValue) }
            header += Array("column \(column)".utf8)
        }
        let delimiter = String(decoding: [dialect.delimiter.rawValue], as: UTF8.self)
        for row in 0..<Int.random(in: 3...8, using: &random) {
            var values: [String] = ["R\(row)k"]
            var cells: [[UInt8]] = [Array("R\(row)k".utf8)]
            for _ in 1..<columns {
                let word = Self.words.randomElement(using: &random) ?? "x"
                let value =
                    switch Int.random(in: 0..<8, using: &random) {
                    case 0: "\(word)\(delimiter) \(word)"
                    case 1: "say \"\(word)\" now"
                    case 2: "\(word)\r\n\(word)"
                    case 3: ""
                    default: word
                    }
                let isPlain = !value.utf8.contains { $0 == 0x22 || $0 < 0x20 || $0 == dialect.delimiter.rawValue }
                let isQuoted = !isPlain || Int.random(in: 0..<4, using: &random) == 0
                values.append(value)
                cells.append(Array((isQuoted ? "\"\(value.replacing("\"", with: "\"\""))\"" : value).utf8))
            }
            self.values.append(values)
            self.cells.append(cells)
        }
    }

    func line(_ cells: [[UInt8]]) -> [UInt8] {
        Array(cells.joined(separator: [dialect.delimiter.rawValue]))
    }

    /// The file up to a row, or all of it.
    func bytes(before row: Int? = nil) -> [UInt8] {
        var bytes = header + dialect.lineEnd.bytes
        for line in cells.prefix(row ?? cells.count) { bytes += self.line(line) + dialect.lineEnd.bytes }
        return bytes
    }
}

/// The place after some bytes, counted anew: lines end with CRLF, LF or CR, columns are Unicode scalars.
func place(after bytes: [UInt8]) -> Position {
    var line = 1
    var column = 1
    var last: Unicode.Scalar = " "
    for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
        if scalar == "\n" {
            if last != "\r" { line += 1 }
            column = 1
        } else if scalar == "\r" {
            line += 1
            column = 1
        } else {
            column += 1
        }
        last = scalar
    }
    return Position(line: line, column: column, byteOffset: bytes.count)
}

@Suite("CSV single faults")
struct SingleFaultTests {
    /// A file with one fault, and what must be found.
    struct Spoiled {
        var bytes: [UInt8]
        var code: Fault.Code
        var position: Position
        /// The row that is spoilt, or the one that the fault stands before.
        var row: Int
        var isRowLost = true
    }

    enum Kind: CaseIterable {
        case strayQuote, textAfterQuote, control, nul, undecodable, foreignLineEnd, extraDelimiter, lostDelimiter
        case blankLine, repeatedHeader, unclosedQuote, delete
    }

    /// Puts one fault of a kind into the file; nil where this file has no place for it.
    private func spoil(_ file: RandomFile, _ kind: Kind, random: inout Seeded) -> Spoiled? {
        let row = Int.random(in: 0..<file.cells.count, using: &random)
        let column = Int.random(in: 0..<file.columns, using: &random)
        let cells = file.cells[row]
        let cell = cells[column]
        let isQuoted = cell.first == 0x22
        let start =
            file.bytes(before: row) + file.line(Array(cells.prefix(column)))
            + (column > 0 ? [file.dialect.delimiter.rawValue] : [])
        let whole = file.bytes()

        func insert(_ bytes: [UInt8], at offset: Int, as code: Fault.Code) -> Spoiled {
            let prefix = start + cell.prefix(offset)
            return Spoiled(
                bytes: prefix + bytes + whole.dropFirst(prefix.count), code: code, position: place(after: prefix),
                row: row)
        }
        /// A place between two characters of an unquoted cell.
        func inner() -> Int? {
            guard !isQuoted, cell.count > 1 else { return nil }
            return (1..<cell.count).filter { cell[$0] & 0xC0 != 0x80 }.randomElement(using: &random)
        }

        switch kind {
        case .strayQuote: return inner().map { insert([0x22], at: $0, as: .strayQuote) }
        case .control: return inner().map { insert([0x07], at: $0, as: .controlCharacter) }
        case .delete: return inner().map { insert([0x7F], at: $0, as: .controlCharacter) }
        case .nul: return inner().map { insert([0x00], at: $0, as: .nul) }
        case .undecodable: return inner().map { insert([0xFF], at: $0, as: .undecodable) }
        case .foreignLineEnd:
            let foreign: UInt8 = file.dialect.lineEnd == .cr ? 0x0A : 0x0D
            return inner().map { insert([foreign], at: $0, as: .mixedLineEnds) }
        case .textAfterQuote:
            guard isQuoted, !cell.contains(0x0A) else { return nil }
            return insert(Array("z".utf8), at: cell.count, as: .textAfterQuote)
        case .extraDelimiter:
            let prefix = file.bytes(before: row) + file.line(cells) + [file.dialect.delimiter.rawValue]
            return Spoiled(
                bytes: prefix + whole.dropFirst(prefix.count - 1), code: .fieldCount, position: place(after: prefix),
                row: row)
        case .lostDelimiter:
            guard column > 0, !isQuoted, cells[column - 1].first != 0x22 else { return nil }
            var left = cells
            left[column - 1] += left.remove(at: column)
            let prefix = file.bytes(before: row) + file.line(left)
            return Spoiled(
                bytes: prefix + whole.dropFirst(prefix.count + 1), code: .fieldCount, position: place(after: prefix),
                row: row)
        case .blankLine, .repeatedHeader:
            let before = file.bytes(before: row)
            let line = (kind == .blankLine ? [] : file.header) + file.dialect.lineEnd.bytes
            return Spoiled(
                bytes: before + line + whole.dropFirst(before.count),
                code: kind == .blankLine ? .blankLine : .repeatedHeader, position: place(after: before), row: row,
                isRowLost: false)
        case .unclosedQuote:
            let rest = whole.dropFirst(start.count)
            guard !isQuoted, !rest.contains(0x22) else { return nil }
            return insert([0x22], at: 0, as: .unclosedQuote)
        }
    }

    @Test("are found at their line, column and byte in random files; the other rows stand", arguments: Kind.allCases)
    func singleFaults(kind: Kind) throws {
        var random = Seeded(state: UInt64(Kind.allCases.firstIndex(of: kind) ?? 0) &* 977 &+ 3)
        var files = 0
        while files < 100 {
            let file = RandomFile(random: &random)
            guard let spoiled = spoil(file, kind, random: &random) else { continue }
            files += 1
            let reading = try read(spoiled.bytes, chunkSize: Int.random(in: 1...200, using: &random))
            let text = String(decoding: spoiled.bytes, as: UTF8.self)
            let faults = reading.records.flatMap(\.faults).filter { $0.code != .uncertainEnd }
            let fault = try #require(faults.first, "\(kind) not found in \(text)")
            #expect(fault.code == spoiled.code, "\(text)")
            #expect(fault.position == spoiled.position, "\(text)")
            // The row before may be uncertain, for the fault may begin in it; the row of an unclosed quote and all
            // after it are one.
            var standing = file.values
            if kind == .unclosedQuote {
                standing = Array(standing.prefix(spoiled.row))
            } else if spoiled.isRowLost {
                standing.remove(at: spoiled.row)
            }
            if reading.codes.contains(.uncertainEnd) { standing.remove(at: spoiled.row - 1) }
            #expect(try reading.sound == standing, "\(text)")
        }
    }

    @Test("a right random file is read as it was meant", arguments: 0..<100 as Range<UInt64>)
    func right(seed: UInt64) throws {
        var random = Seeded(state: seed &+ 5000)
        let file = RandomFile(random: &random)
        let reading = try read(file.bytes(), chunkSize: 13)
        #expect(reading.codes.isEmpty)
        #expect(try reading.sound == file.values)
    }

    @Test(
        "a lost or added quote anywhere makes no row that is none of the sender's", arguments: 0..<60 as Range<UInt64>)
    func quotes(seed: UInt64) throws {
        var random = Seeded(state: seed &+ 9000)
        let file = RandomFile(random: &random)
        let bytes = file.bytes()
        let rows = Set(file.values)
        for index in (file.header.count + 2)..<bytes.count {
            var changed = bytes
            if bytes[index] == 0x22 {
                changed.remove(at: index)
            } else {
                changed.insert(0x22, at: index)
            }
            let reading = try read(changed)
            let misread = Set(try reading.sound).subtracting(rows)
            #expect(misread.isEmpty, "\(index): \(misread) in \(String(decoding: changed, as: UTF8.self))")
        }
    }
}
