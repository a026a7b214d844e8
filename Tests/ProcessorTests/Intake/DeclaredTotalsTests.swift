import Clinic
import Drops
import Forms
import Testing

@testable import Processor

@Suite("Totals declared in name.ok")
struct DeclaredTotalsTests {
    static let pounds = Currency(code: "GBP")

    private func tally(_ amounts: String...) -> EntryTally {
        var tally = EntryTally()
        for (index, amount) in amounts.enumerated() {
            let place = Place(line: index + 2)
            var form = FormEntry(form: .payment, place: place)
            form.set(.amount, amount, at: place)
            tally.add(ReadEntry(number: index + 1, place: place, raw: [], forms: [form]), in: Self.pounds)
        }
        return tally
    }

    private func finding(_ declaration: String, _ tally: EntryTally) -> Finding? {
        DeclaredTotals.finding(Array(declaration.utf8), against: tally, currency: Self.pounds)?.finding
    }

    @Test(
        "a declaration that is right, or says only that the file is whole, speaks against nothing",
        arguments: [
            "", "\n", "OK", "done\r\n", "rows=2", "rows=2\namount=12.50\n", "AMOUNT=12.5 ROWS=02", "\u{FEFF}rows=2",
            "\tamount=12.50\r\n",
        ])
    func right(declaration: String) {
        #expect(finding(declaration, tally("10.00", "2.50")) == nil)
    }

    @Test(
        "a declaration that is another is told, without the amounts",
        arguments: [
            ("rows=3", 1, nil), ("amount=12.51", 1, "declared 12.51, found 12.50"), ("rows=1 amount=12.50", 1, nil),
            ("rows=1 amount=0", 2, "declared 0.00, found 12.50"),
        ])
    func wrong(declaration: String, differences: Int, aside: String?) throws {
        let found = try #require(finding(declaration, tally("10.00", "2.50")))
        #expect(found.rule.code == "drop.totals-differ")
        #expect(found.detail.split(separator: ";").count == differences)
        #expect(!found.detail.contains("12.5"))
        #expect(found.aside == aside)
    }

    @Test("an amount that is none cannot be added up, so a declared total is not met")
    func unreadableAmount() throws {
        let found = try #require(finding("amount=10.00", tally("10.00", "zwölf")))
        #expect(found.rule.code == "drop.totals-differ")
        #expect(finding("rows=2", tally("10.00", "zwölf")) == nil)
    }

    @Test(
        "a declaration that cannot be read is named, and never passed over",
        arguments: [
            "rows=", "rows=two", "rows=-1", "rows = 2", "row=2", "amount=12,50", "amount=12.505", "rows=2 rows=2",
            "md5=1", "finished", "OK OK", String(repeating: " ", count: 4097), "rows=\u{0}2",
        ])
    func unreadable(declaration: String) throws {
        let found = try #require(finding(declaration, tally("10.00", "2.50")))
        #expect(found.rule.code == "drop.totals-unreadable")
    }
}
