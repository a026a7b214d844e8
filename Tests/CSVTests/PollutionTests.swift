import CSV
import Testing

/// The kinds of pollution of the Pollock benchmark (PVLDB 2023), made anew over a file of our own: 84 rows of nine
/// columns.
///
/// The measure is turned round: what counts is not what is loaded but that nothing wrong is.
@Suite("CSV pollution")
struct PollutionTests {
    private static let names = [
        "date", "time", "product", "price", "quantity", "kind", "description", "is new", "supplier",
    ]

    /// The clean rows; every third has a comma in a field, every seventh a quote.
    private static let rows: [[String]] = (0..<84).map { row in
        [
            "\(10 + row % 18)/01/2026", "0\(row % 10):15", "MG-\(8000 + row)", "\(row).69", "\(row % 5)",
            row % 3 == 0 ? "Boots, tall" : "Socks", row % 7 == 0 ? "Round, 48\" wide" : "Rugged no. \(row)",
            "\(row % 2)", "ACME \(row)",
        ]
    }

    private static func cell(_ value: String, quotesAll: Bool) -> String {
        guard quotesAll || value.utf8.contains(where: { $0 == 0x2C || $0 == 0x22 }) else { return value }
        return "\"\(value.replacing("\"", with: "\"\""))\""
    }

    private static func table(quotesAll: Bool) -> [[String]] {
        ([names] + rows).map { $0.map { cell($0, quotesAll: quotesAll) } }
    }

    private static func file(_ lines: [String], lineEnd: String = "\r\n") -> [UInt8] {
        Array((lines.joined(separator: lineEnd) + lineEnd).utf8)
    }

    /// Reads the file with the contract that the header has these nine columns; nil when it is refused whole.
    private func sound(_ bytes: [UInt8]) throws -> (rows: [[String]], hasFault: Bool)? {
        let source = Pieces(bytes, size: .max)
        do {
            let reader = try Reader(read: source.read) { candidates in
                candidates.firstIndex { $0.names == Self.names.map { Header.normalized($0) } }
            }
            guard var reader else { return nil }
            var rows: [[String]] = []
            var hasFault = false
            while let record = try reader.next() {
                guard record.isSound else {
                    hasFault = true
                    continue
                }
                rows.append(try (0..<record.count).map { try record.text($0) })
            }
            return (rows, hasFault)
        } catch is Refusal {
            return nil
        }
    }

    /// Nothing wrong is loaded, and what is not loaded is told.
    private func expectNoMisload(_ lines: [String], _ name: String, lineEnd: String = "\r\n") throws {
        guard let (rows, hasFault) = try sound(Self.file(lines, lineEnd: lineEnd)) else { return }
        var clean = Self.rows[...]
        for row in rows {
            guard let place = clean.firstIndex(of: row) else {
                Issue.record("\(name): \(row) is none of the sender's rows, or stands twice or out of order")
                return
            }
            clean = clean[(place + 1)...]
        }
        #expect(hasFault || rows.count == Self.rows.count, "\(name): rows are missing in silence")
    }

    @Test("a delimiter too many at any place of any row misloads nothing", arguments: [true, false])
    func addedDelimiters(quotesAll: Bool) throws {
        try pollute(quotesAll) { $0.insert("", at: $1) }
    }

    @Test("a delimiter lost at any place of any row misloads nothing", arguments: [true, false])
    func lostDelimiters(quotesAll: Bool) throws {
        try pollute(quotesAll) { cells, column in
            guard column > 0 else { return }
            cells[column - 1] += cells.remove(at: column)
        }
    }

    @Test("a stray quote in any cell misloads nothing", arguments: [true, false])
    func addedQuotes(quotesAll: Bool) throws {
        try pollute(quotesAll) { $0[$1] = "\"" + $0[$1] }
        try pollute(quotesAll) { $0[$1] += "\"" }
    }

    private func pollute(_ quotesAll: Bool, _ change: (inout [String], Int) -> Void) throws {
        let table = Self.table(quotesAll: quotesAll)
        let lines = table.map { $0.joined(separator: ",") }
        for row in stride(from: 0, through: 84, by: 1) {
            for column in 0..<9 where quotesAll == (row % 2 == 0) {
                var cells = table[row]
                change(&cells, column)
                var changed = lines
                changed[row] = cells.joined(separator: ",")
                try expectNoMisload(changed, "row \(row) column \(column)")
            }
        }
    }

    @Test("a row with other delimiters, quotes or escapes misloads nothing", arguments: [true, false])
    func rowDialects(quotesAll: Bool) throws {
        let table = Self.table(quotesAll: quotesAll)
        let lines = table.map { $0.joined(separator: ",") }
        for row in 0...84 {
            for delimiter in [";", "\t", "|", " ", ", "] {
                var changed = lines
                changed[row] = table[row].joined(separator: delimiter)
                try expectNoMisload(changed, "row \(row) delimiter \(delimiter)")
            }
            for (from, to) in [("\"", "'"), ("\"\"", "\\\""), (",", "")] where lines[row].contains(from) {
                var changed = lines
                changed[row] = lines[row].replacing(from, with: to)
                // Apostrophes about a whole cell are data where no delimiter stands within.
                if to != "'" || row % 3 == 1 { try expectNoMisload(changed, "row \(row) \(from) as \(to)") }
            }
        }
    }

    @Test("preambles, footnotes, second tables and other line ends misload nothing", arguments: [true, false])
    func wholeFiles(quotesAll: Bool) throws {
        let lines = Self.table(quotesAll: quotesAll).map { $0.joined(separator: ",") }
        let empty = ",,,,,,,,"
        for extra in ["PREAMBLE", "PREAMBLE,,,,,,,,", "", empty, lines[0]] {
            try expectNoMisload([extra] + lines, "preamble \(extra)")
        }
        for extra in ["FOOTNOTE", "", lines[0]] {
            try expectNoMisload(lines + [extra], "footnote \(extra)")
            try expectNoMisload(lines + [extra, "a,b,c", "1,2,3"], "table after \(extra)")
            for row in 1...84 {
                var changed = lines
                changed.insert(extra, at: row)
                try expectNoMisload(changed, "row \(row) \(extra)")
            }
        }
        for lineEnd in ["\n", "\r", "\r\n"] {
            let read = try #require(try sound(Self.file(lines, lineEnd: lineEnd)))
            #expect(read.rows == Self.rows && !read.hasFault)
        }
        for row in 0...84 {
            for end in ["\n", "\r", ""] {
                var bytes = Self.file(Array(lines[...row])).dropLast(2) + Array(end.utf8)
                bytes += Self.file(Array(lines.dropFirst(row + 1)))
                guard row < 84, let read = try sound(Array(bytes)) else { continue }
                #expect(read.hasFault && read.rows.allSatisfy(Self.rows.contains), "row \(row) ends with \(end.count)")
            }
        }
    }

    @Test("another delimiter throughout is read as such, one we do not know is refused")
    func delimiters() throws {
        for (delimiter, isKnown) in [(";", true), ("|", true), ("\t", true), (" ", false), (":", false), (", ", false)]
        {
            let lines = Self.table(quotesAll: true).map { $0.joined(separator: delimiter) }
            let read = try sound(Self.file(lines))
            #expect((read?.rows == Self.rows) == isKnown, "\(delimiter)")
            if !isKnown { #expect(read == nil) }
        }
    }
}
