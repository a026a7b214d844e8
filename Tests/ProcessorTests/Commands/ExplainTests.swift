import Clinic
import Drops
import Foundation
import Testing

@testable import Processor

@Suite("suture explain")
struct ExplainTests {
    /// The pathway of one patient, run to its end once for all tests of this suite.
    private static let told = Result { () throws -> CommandBench in
        let bench = try CommandBench()
        try bench.dropPathway(upTo: 11)
        try bench.run(now: CommandBench.evening)
        return bench
    }

    private func explain(_ subject: String) throws -> Explanation {
        try Explanation(Self.told.get().inquiry(now: CommandBench.evening), of: subject)
    }

    @Test("a drop is told with its file, its entries and their events")
    func drop() throws {
        let story = try #require(try explain("1").stories.first)
        #expect(story.about == "drop 1")
        #expect(story.drop?.file == "01-registration.csv")
        #expect(story.drop?.state == .archived)
        #expect(story.entries.map(\.outcome) == [.applied])
        #expect(story.entries.first?.events.first?.kind == "patient.registered")
        #expect(try explain("1").text.contains("front-desk/01-registration.csv"))
    }

    @Test("an MRN's story has every event of the patient, in words, with its times and its file")
    func patient() throws {
        let story = try #require(try explain("10000016").stories.first)
        let kinds = story.events.map(\.kind)
        for kind in ["patient.registered", "plan.approved", "case.completed", "bill.issued", "payment.received"] {
            #expect(kinds.contains(kind), "\(kind) is missing")
        }
        #expect(kinds.filter { !EventWords.knows($0) } == [])
        let times = story.events.map(\.occurredAt)
        #expect(times == times.sorted())
        let approval = try #require(story.events.first { $0.kind == "plan.approved" })
        #expect(approval.file == "03-plan.csv")
        #expect(approval.source == SourceName("front-desk"))
        #expect(approval.decidedAt == CommandBench.evening)
        #expect(approval.occurredAt < approval.decidedAt)
    }

    @Test(
        "a plan, a consent, a consultation, a case, a bill and a receipt each have their story",
        arguments: [
            ("K-1", "consultation K-1", "consultation.completed"), ("P-1", "plan P-1", "plan.approved"),
            ("C-1", "consent C-1", "consent.signed"), ("SC-1", "case SC-1", "case.completed"),
            ("B-000001", "bill B-000001", "bill.issued"), ("R-000001", "receipt R-000001", "payment.received"),
        ])
    func things(subject: String, about: String, kind: String) throws {
        let story = try #require(try explain(subject).stories.first { $0.about.hasPrefix(about) })
        #expect(story.events.contains { $0.kind == kind })
    }

    @Test(
        "a plan, a consent and a bill say first who, what and in which state",
        arguments: [
            (
                "P-1",
                ["fulfilled, version 1, patient 10000016 (Marianne Dufour), consultation K-1", "by SUR-LINDQVIST"]
            ),
            (
                "C-1",
                [
                    "signed, surgical consent to plan P-1, version 1, patient 10000016 (Marianne Dufour)",
                    "signed by the patient, Marianne Odile Dufour, 2026-11-09 17:05", "SHA-256 ",
                ]
            ),
            (
                "B-000001",
                [
                    "partially paid, invoice for case SC-1, patient 10000016 (Marianne Dufour)", "total ",
                    "= paid 1500.00 + open 5440.20",
                ]
            ),
        ])
    func headers(subject: String, words: [String]) throws {
        let text = try explain(subject).text
        let header = text.prefix(upTo: try #require(text.range(of: "What happened:")).lowerBound)
        for word in words { #expect(header.contains(word), "\(word) in\n\(header)") }
    }

    @Test("payments and bills in a patient's story name their amounts, and what followed by itself its cause")
    func amounts() throws {
        let story = try #require(try explain("10000016").stories.first)
        let bill = try #require(try explain("B-000001").stories.first?.bill)
        let words = story.events.map(\.words)
        #expect(words.contains("the bill was issued: B-000001, \(bill.total) \(bill.currency)"))
        #expect(words.contains { $0.hasPrefix("a payment was received: ") && $0.contains(" GBP, ") })
        #expect(words.contains { $0.contains(" against B-000001, 5440.20 GBP left to pay") })
        #expect(story.events.first { $0.kind == "preop.ordered" }?.cause == "plan.approved plan:P-1")
        #expect(try explain("10000016").text.contains("because the surgeon approved the plan [plan:P-1]"))
    }

    @Test("an incident is told with what was to be used and the rule that it broke")
    func incident() throws {
        let bench = try CommandBench()
        try bench.dropPathway(upTo: 9)
        try bench.drop(
            """
            reference,action,sku,lot,expires_on,quantity,case,scanned_at
            X-1,RECEIVE,SUT-PROLENE-6-0,PR5520,2026-11-15,8,,2026-10-05T08:00:00Z
            X-2,USE,SUT-PROLENE-6-0,PR5520,,1,SC-1,2026-11-23T10:50:00Z

            """, as: "x.csv")
        try bench.run(now: CommandBench.evening)
        let story = try #require(try Explanation(bench.inquiry(now: CommandBench.evening), of: "SC-1").stories.first)
        let event = try #require(story.events.first { $0.kind == "inventory.incident" })
        let statement = try #require(Rule.named("inventory.lot-expired")).statement
        #expect(
            event.words == "a refused use was kept as an incident: SUT-PROLENE-6-0 (lot PR5520), "
                + "against the rule “\(statement)”")
        #expect(event.note == nil)
    }

    @Test("a question about a consent is told with its answer, or that it has none")
    func questions() throws {
        let bench = try CommandBench()
        try bench.dropPathway(upTo: 3)
        try bench.drop(
            """
            reference,action,consent,plan,consultation,kind,text,actor,occurred_at
            Q-1,CREATE,C-1,P-1,K-1,SURGICAL,,,2026-10-20T09:00:00Z
            Q-2,ASK,C-1,,,,Will it hurt?,,2026-10-21T09:00:00Z

            """, as: "q.csv")
        try bench.run()
        let open = try Explanation(bench.inquiry(), of: "C-1").text
        #expect(open.contains("asked 2026-10-21 09:00: Will it hurt?") || open.contains("10:00: Will it hurt?"))
        #expect(open.contains("not answered yet"))
        #expect(open.contains("still to sign: "))
        try bench.drop(
            "reference,action,consent,text,actor,occurred_at\nQ-3,ANSWER,C-1,A little.,SUR-LINDQVIST,2026-10-22T09:00:00Z\n",
            as: "r.csv")
        try bench.run()
        #expect(try Explanation(bench.inquiry(), of: "C-1").text.contains("by SUR-LINDQVIST: A little."))
    }

    @Test("a case's story has what was used in it and its bill, and not the patient's registration")
    func related() throws {
        let kinds = Set(try #require(try explain("SC-1").stories.first).events.map(\.kind))
        #expect(kinds.isSuperset(of: ["case.started", "inventory.used", "bill.issued"]))
        #expect(!kinds.contains("patient.registered"))
    }

    @Test("a reference finds its entries, with or without the source, and an entry is found by drop and number")
    func references() throws {
        #expect(try explain("REG-1").stories.contains { $0.about == "reference REG-1" })
        #expect(try explain("front-desk/REG-1").stories.first?.entries.map(\.drop) == [1])
        #expect(try explain("3/2").stories.first?.entries.map(\.number) == [2])
    }

    @Test("what was told late is put where it happened, and what happened at one time stays as decided")
    func order() throws {
        let bench = try CommandBench()
        try bench.drop(Sheets.consultation, as: "a.csv")
        try bench.run()
        try bench.drop(Sheets.registration, as: "b.csv")
        try bench.run()
        let events = try #require(try Explanation(bench.inquiry(), of: "10000016").stories.first).events
        let order = events.map { ($0.occurredAt, $0.sequence) }
        #expect(zip(order, order.dropFirst()).allSatisfy { $0 < $1 })
        #expect(events.count > 1)
    }

    @Test("an entry in which no form could be told has no gap in its line")
    func withoutForm() throws {
        let bench = try CommandBench()
        try bench.drop(Sheets.registration + "REG-2,short\n", as: "r.csv")
        try bench.run()
        let text = try Explanation(bench.inquiry(), of: "1/2").text
        #expect(text.contains("  1/2, line 3: rejected\n"))
    }

    @Test("a rejected entry is told with its findings and what is private about them")
    func rejected() throws {
        let bench = try CommandBench()
        try bench.drop(Sheets.badValues, as: "bad.csv")
        try bench.run()
        let explanation = try Explanation(bench.inquiry(), of: "REG-7")
        let entry = try #require(explanation.stories.first?.entries.first)
        #expect(entry.outcome == .rejected)
        #expect(entry.findings.map(\.code) == ["entry.bad-value"])
        #expect(entry.events.map(\.kind) == ["entry.rejected"])
        #expect(explanation.text.contains("entry.bad-value: birth_date is not a date"))
    }

    @Test("a held entry is told with what it waits for, also under the name of what it waits for")
    func held() throws {
        let bench = try CommandBench()
        try bench.drop(Sheets.approval, as: "p.csv")
        try bench.run()
        for subject in ["PLN-2", "1/1"] {
            let entry = try #require(try Explanation(bench.inquiry(), of: subject).stories.first?.entries.first)
            #expect(entry.waitsFor == [Key("plan:P-1")])
            #expect(entry.expiresAt == CommandBench.now.adding(seconds: 86_400))
        }
        for subject in ["P-1", "plan:P-1"] {
            let story = try #require(try Explanation(bench.inquiry(), of: subject).stories.first)
            #expect(story.events.isEmpty)
            #expect(story.waiting.map(\.drop) == [1])
        }
    }

    @Test(
        "what nobody knows is said with everything that was searched",
        arguments: ["nothing", "", "999", "1/99", "\u{1B}[2J"])
    func unknown(subject: String) throws {
        let bench = try CommandBench()
        let error = #expect(throws: NothingKnown.self) { try Explanation(bench.inquiry(), of: subject) }
        #expect(error?.description.contains("MRN") == true)
        #expect(error?.description.contains("\u{1B}") == false)
    }
}
