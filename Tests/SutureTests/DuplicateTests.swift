import Foundation
import Testing

/// What comes again has no second effect, and its sender gets the first answer again.
@Suite("Again")
struct DuplicateTests {
    @Test("the same file again is a duplicate in every entry, with the original answer, and has no effect")
    func sameFile() throws {
        let bench = try Bench()
        try bench.drop(Sample.registration("REG-1"), as: "registration.csv")
        let first = try bench.drain()
        #expect(first.entries["applied"] == 1)
        let answers = try bench.files("outbox/answers")
        let archived = try bench.files("var/archive")

        for round in 2...3 {
            try bench.drop(Sample.registration("REG-1"), as: "registration.csv")
            let again = try bench.drain()
            #expect(again.drops["duplicate"] == 1)
            #expect(again.drops["archived"] == 0)
            #expect(again.entries["duplicate"] == 1)
            #expect(again.ledger == first.ledger, "no second effect")
            #expect(try bench.sql("SELECT count(DISTINCT answer), count(answer) FROM entry") == "1|\(round)")
        }
        #expect(try bench.sql("SELECT count(*) FROM patient") == "1")
        // The number that was given stands in every answer; what is told of a file as a whole has no entry.
        let rows = try bench.files("outbox/answers").values.flatMap { try Table($0).rows }
        let mrns = rows.filter { $0["entry"] != "" }.compactMap { $0["numbers"] }
        #expect(mrns.count == 3)
        #expect(Set(mrns).count == 1)
        #expect(mrns.first?.hasPrefix("mrn=") ?? false)
        // Earlier files are as they were: nothing is overwritten.
        for (name, bytes) in answers { #expect(try bench.files("outbox/answers")[name] == bytes) }
        for (name, bytes) in archived { #expect(try bench.files("var/archive")[name] == bytes) }
        #expect(try bench.files("var/archive").count == 3)
    }

    @Test("an entry twice in one file is applied once")
    func twiceInOneFile() throws {
        let bench = try Bench()
        try bench.drop(Sample.stock("S-1", "S-1", "S-2"), as: "stock.csv")
        let summary = try bench.drain()
        #expect(summary.entries["applied"] == 2)
        #expect(summary.entries["duplicate"] == 1)
        #expect(summary.drops["archived"] == 1, "a drop with something new in it is none that came twice")
    }

    @Test("held entries of one file that are sent again one by one are replaced, each with an answer of its own")
    func replacedOneByOne() throws {
        let bench = try Bench()
        let header = "reference,action,consultation,notes,occurred_at\n"
        func row(_ number: Int) -> String { "R-\(number),COMPLETE,K-\(number),Seen.,2026-11-20T10:00:00Z\n" }
        try bench.drop(header + row(1) + row(2) + row(3), as: "surgeons/1.csv")
        for number in 1...3 { try bench.drop(header + row(number), as: "surgeons/2-\(number).csv") }
        let summary = try bench.drain()
        #expect(summary.entries == ["read": 6, "applied": 0, "duplicate": 3, "held": 3, "rejected": 0])
        // Nothing stands in the ledger between them, and yet no answer takes another one's name.
        let answers = try bench.files("outbox/answers/surgeons").keys.filter { $0.hasPrefix("00000001-f") }
        #expect(answers.count == 3)
    }

    @Test("the same reference with other content is refused, and what was applied stays")
    func reused() throws {
        let bench = try Bench()
        try bench.drop(Sample.stock("S-1"), as: "stock.csv")
        try bench.drain()
        try bench.drop(
            "\(Sample.stockHeader)\n\(Sample.stockRow("S-1", quantity: "99"))\n\(Sample.stockRow("S-2"))\n",
            as: "stock.csv")
        let summary = try bench.drain()
        #expect(summary.entries["rejected"] == 1)
        #expect(summary.entries["applied"] == 1)
        let finding = try #require(try bench.findings().first)
        #expect(finding.code == "entry.reference-reused")
        #expect(finding.line == 2)
        #expect(finding.place == "reference")
    }

    @Test("a rejected reference is free: it is decided anew")
    func rejectedAgain() throws {
        let bench = try Bench()
        try bench.drop("\(Sample.stockHeader)\n\(Sample.stockRow("S-1", quantity: "x"))\n", as: "stock.csv")
        #expect(try bench.drain().entries["rejected"] == 1)
        try bench.drop(Sample.stock("S-1"), as: "stock.csv")
        #expect(try bench.drain().entries["applied"] == 1)
    }

    @Test("a held reference sent again replaces the held one, and only the newer is applied in the end")
    func heldAgain() throws {
        func consultation(_ minutes: Int) -> String {
            "reference,action,consultation,registration,surgeon,starts_at,minutes,kind,in_person,occurred_at\n"
                + "CON-1,SCHEDULE,K-1,REG-1,SUR-LINDQVIST,2026-10-19T10:00:00Z,\(minutes),FIRST,Y,2026-10-12T11:00:00Z\n"
        }
        let bench = try Bench()
        try bench.drop(consultation(45), as: "a.csv")
        #expect(try bench.drain().entries["held"] == 1)
        try bench.drop(consultation(30), as: "a.csv")
        #expect(try bench.drain().entries["held"] == 1)
        #expect(try bench.sql("SELECT outcome FROM entry ORDER BY drop_number") == "DUPLICATE\nHELD")
        #expect(try bench.sql("SELECT count(*) FROM hold") == "1")

        try bench.drop(Sample.registration("REG-1"), as: "r.csv")
        let summary = try bench.drain()
        #expect(summary.entries["applied"] == 1)
        #expect(summary.released["applied"] == 1)
        #expect(try bench.sql("SELECT outcome FROM entry ORDER BY drop_number") == "DUPLICATE\nAPPLIED\nAPPLIED")
        #expect(try bench.sql("SELECT count(*) FROM hold") == "0")
    }
}
