import Clinic
import Drops
import Testing

@testable import Processor

@Suite("The review list, and what explain tells of a person")
struct ReviewTests {
    private static let twoAlike = """
        reference,given_name,family_name,birth_date,sex,email,phone,registered_at
        REG-1,Ada,Brook,1986-04-02,F,ada.brook@example.org,+442079460001,2026-10-01T09:00:00Z
        REG-2,Ada,Brooke,1986-04-02,F,ada.brooke@example.org,+442079460001,2026-10-02T09:00:00Z

        """

    @Test("two who are alike are counted in the status, listed with their weights, and taken off by a decision")
    func list() throws {
        let bench = try CommandBench()
        try bench.drop(Self.twoAlike, as: "r.csv")
        try bench.run()
        let status = try Status(bench.inquiry())
        #expect(status.reviews == 1)
        #expect(status.text.contains("Review list: 1 pair of records may be one person"))
        let reviews = try Reviews(bench.inquiry())
        let pair = try #require(reviews.pairs.first)
        #expect(pair.first.mrn == MRN("10000016") && pair.second.mrn == MRN("10000024"))
        #expect(pair.comparisons.map(\.weight).reduce(0, +) == pair.weight)
        #expect(reviews.text.contains("sum +32.00, reviewed from +22.00 on"))
        #expect(reviews.text.contains("family name  equal      +9.00"))
        #expect(reviews.text.contains("e-mail       different  +0.00"))
        #expect(try reviews.json().contains(#""agreement":"EQUAL""#))
        #expect(try Explanation(bench.inquiry(), of: "10000024").text.contains("Compared with others:"))

        try bench.drop("reference,action,mrn,into_mrn\nPT-1,DISTINCT,10000016,10000024\n", as: "d.csv")
        try bench.run()
        #expect(try Status(bench.inquiry()).reviews == 0)
        #expect(try Reviews(bench.inquiry()).text == "No records are to be reviewed.")
        let person = try #require(try Explanation(bench.inquiry(), of: "10000016").stories.first?.person)
        #expect(person.reviews.map(\.state) == [.distinct])
    }

    @Test("a survivor's story has what came under both numbers, the merge and its undoing")
    func merged() throws {
        let bench = try CommandBench()
        try bench.drop(Self.twoAlike, as: "r.csv")
        try bench.run()
        try bench.drop("reference,action,mrn,into_mrn\nPT-1,MERGE,10000016,10000024\n", as: "m.csv")
        try bench.run()
        let story = try #require(try Explanation(bench.inquiry(), of: "10000024").stories.first)
        #expect(story.person?.merged == [MRN("10000016")])
        #expect(story.events.filter { $0.kind == "patient.registered" }.count == 2)
        let old = try Explanation(bench.inquiry(), of: "10000016")
        #expect(old.stories.first?.person?.mergedInto == MRN("10000024"))
        #expect(old.text.contains("merged, merged into 10000024"))
        try bench.drop("reference,action,mrn,into_mrn\nPT-2,UNMERGE,10000016,10000024\n", as: "u.csv")
        try bench.run()
        let again = try #require(try Explanation(bench.inquiry(), of: "10000016").stories.first)
        #expect(again.events.map(\.kind).suffix(2) == ["patient.merged", "patient.unmerged"])
        #expect(again.person?.state == .active)
    }

    @Test("a consultation's story has every version of its note")
    func notes() throws {
        let bench = try CommandBench()
        try bench.drop(Sheets.registration, as: "r.csv")
        try bench.drop(Sheets.consultation, as: "c.csv")
        try bench.drop(
            """
            reference,action,consultation,notes,history_reviewed,occurred_at
            N-1,COMPLETE,K-1,Seen at ten.,Y,2026-10-05T10:00:00Z
            N-2,AMEND,K-1,Seen at half past nine.,Y,2026-10-05T12:00:00Z

            """, as: "n.csv")
        try bench.run()
        let explanation = try Explanation(bench.inquiry(), of: "K-1")
        let visit = try #require(explanation.stories.first?.consultation)
        #expect(visit.state == .completed)
        #expect(visit.notes.map(\.notes) == ["Seen at ten.", "Seen at half past nine."])
        #expect(explanation.text.contains("Note, version 1,") && explanation.text.contains("    Seen at ten."))
    }

    @Test("wrong tokens lock an account although each entry is refused")
    func lockedAccount() throws {
        let bench = try CommandBench()
        try bench.drop(Sheets.registration, as: "r.csv")
        try bench.run()
        let rows = (1...5).map { "V-\($0),VERIFY_EMAIL,10000016,guess-\($0)" }.joined(separator: "\n")
        try bench.drop("reference,action,mrn,token\n\(rows)\n", as: "v.csv")
        try bench.run()
        let story = try #require(try Explanation(bench.inquiry(), of: "10000016").stories.first)
        #expect(story.person?.accounts.map(\.state) == [.locked])
        #expect(story.events.filter { $0.kind == "account.token-refused" }.count == 4)
        #expect(story.events.last?.words == "the account was locked after too many wrong tokens")
    }
}
