import Clinic
import Records
import Testing

@testable import Processor

@Suite("suture holds")
struct HoldListingTests {
    @Test("nothing that waits is told in a sentence")
    func empty() throws {
        let listing = try HoldListing(CommandBench().inquiry())
        #expect(listing.text == "No entry is held.")
        #expect(listing.count == 0)
    }

    @Test("each entry that waits is told with what for, since when and until when")
    func listed() throws {
        let bench = try CommandBench()
        try bench.drop(Sheets.consultation, as: "c.csv")
        try bench.drop(Sheets.approval, as: "p.csv")
        try bench.run()
        let later = CommandBench.now.adding(minutes: 30)
        let listing = try HoldListing(bench.inquiry(now: later))
        #expect(listing.count == 2)
        let hold = try #require(listing.holds.first { $0.entry == "2/1" })
        #expect(hold.forms.map(\.reference) == ["PLN-2"])
        #expect(hold.heldAt == CommandBench.now && hold.expiresAt == CommandBench.now.adding(seconds: 86_400))
        #expect(hold.reasons.map(\.code) == ["plan.unknown"])
        #expect(hold.reasons[0].waitsFor == [Key("plan:P-1")])
        #expect(listing.text.contains("2 entries are held"))
        #expect(listing.text.contains("plan APPROVE PLN-2"))
        #expect(listing.text.contains("(30 min)"))
        #expect(listing.text.contains("plan P-1"))
        #expect(try listing.json().contains(#""entry":"2/1""#))
        let some = try HoldListing(bench.inquiry(now: later), waitingFor: Key("plan:P-1"))
        #expect(some.holds.map(\.entry) == ["2/1"])
        let first = try HoldListing(bench.inquiry(now: later), limit: 1)
        #expect(first.count == 2 && first.holds.count == 1 && first.text.contains("and 1 more entry"))
    }
}
