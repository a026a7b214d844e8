import Foundation
import Testing

/// Delimited files as different programs write them, from the inbox to the ledger.
@Suite("Habits of CSV")
struct CSVHabitTests {
    struct Habit: Sendable, CustomTestStringConvertible {
        let name: String
        let bytes: [UInt8]

        var testDescription: String { name }
    }

    static let plain = Sample.stock("S-1", "S-2")

    static let habits = [
        Habit(name: "semicolons", bytes: Array(plain.replacing(",", with: ";").utf8)),
        Habit(name: "tabs", bytes: Array(plain.replacing(",", with: "\t").utf8)),
        Habit(name: "bars", bytes: Array(plain.replacing(",", with: "|").utf8)),
        Habit(name: "CRLF", bytes: Array(plain.replacing("\n", with: "\r\n").utf8)),
        Habit(name: "CR", bytes: Array(plain.replacing("\n", with: "\r").utf8)),
        Habit(name: "a byte order mark", bytes: [0xEF, 0xBB, 0xBF] + Array(plain.utf8)),
        Habit(
            name: "UTF-16, little end first",
            bytes: [0xFF, 0xFE] + plain.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }),
        Habit(
            name: "UTF-16, big end first",
            bytes: [0xFE, 0xFF] + plain.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }),
        Habit(
            name: "all quoted",
            bytes: Array(
                plain.split(separator: "\n").map { row in
                    row.split(separator: ",", omittingEmptySubsequences: false).map { "\"\($0)\"" }.joined(
                        separator: ",")
                        + "\n"
                }.joined().utf8)),
        Habit(name: "headers in other letters", bytes: Array(plain.replacing("unit_cost", with: "Unit Cost").utf8)),
    ]

    @Test("it is read as the same entries", arguments: habits)
    func habit(_ habit: Habit) throws {
        let bench = try Bench()
        try bench.drop(habit.bytes, as: "stock.csv")
        let summary = try bench.drain()
        #expect(summary.entries["applied"] == 2)
        #expect(summary.warnings == 0)
        let quantities = try bench.sql(
            "SELECT count(*) FROM entry WHERE forms LIKE '%\"S-1\"%' OR forms LIKE '%\"S-2\"%'")
        #expect(quantities == "2")
        // The same entries: in the plain form they are duplicates.
        try bench.drop(Self.plain, as: "stock.csv")
        #expect(try bench.drain().entries["duplicate"] == 2)
    }

    @Test("a row with too many fields, or too few, is rejected in its place, and its neighbors are applied")
    func fieldCount() throws {
        let bench = try Bench()
        let rows = [Sample.stockRow("S-1"), Sample.stockRow("S-2") + ",x", "S-3,RECEIVE", Sample.stockRow("S-4")]
        try bench.drop(([Sample.stockHeader] + rows).joined(separator: "\n") + "\n", as: "stock.csv")
        let summary = try bench.drain()
        #expect(summary.entries["applied"] == 2)
        #expect(summary.entries["rejected"] == 2)
        let findings = try bench.findings()
        #expect(findings.map(\.code) == ["csv.field-count", "csv.field-count"])
        #expect(findings.map(\.line) == [3, 4])
    }

    @Test("an unclosed quote makes the rest one rejected entry, and the rows before it stand")
    func unclosedQuote() throws {
        let bench = try Bench()
        try bench.drop(Sample.stock("S-1") + "S-2,\"RECEIVE\n" + Sample.stockRow("S-3") + "\n", as: "stock.csv")
        try bench.drop(Sample.stock("GOOD"), as: "z-good.csv")
        let summary = try bench.drain()
        #expect(summary.entries["applied"] == 2)
        #expect(summary.entries["rejected"] == 1)
        let finding = try #require(try bench.findings().first)
        #expect(finding.code == "csv.unclosed-quote")
        #expect(finding.line == 3)
    }

    @Test("bytes that are no text reject their row with the place, and nothing is guessed")
    func undecodable() throws {
        let bench = try Bench()
        let good = Array(Sample.stock("S-1").utf8)
        try bench.drop(
            good + Array("S-2,RECEIVE,".utf8) + [0xE9] + Array(",1,1.00,MAIN,2026-10-05T08:00:00Z\n".utf8),
            as: "stock.csv")
        let summary = try bench.drain()
        #expect(summary.entries["applied"] == 1)
        #expect(summary.entries["rejected"] == 1)
        let finding = try #require(try bench.findings().first)
        #expect(finding.code == "text.undecodable")
        #expect(finding.line == 3)
    }
}
