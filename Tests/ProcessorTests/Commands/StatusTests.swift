import Clinic
import DurableFiles
import Testing

@testable import Processor

@Suite("suture status")
struct StatusTests {
    @Test(
        "a workspace may lie under any name that is text",
        arguments: [" a b", ",x", ";x", ":x", "?x=1", "#x", "%20x", "\\x", "Größe", "'x"])
    func names(suffix: String) throws {
        let bench = try CommandBench(suffix: suffix)
        try bench.drop(Sheets.registration, as: "r.csv")
        #expect(try bench.run().entries.applied == 1)
        #expect(try Status(bench.inquiry()).drops.archived == 1)
    }

    @Test("of a workspace in which nothing ever ran, everything is empty")
    func empty() throws {
        let bench = try CommandBench()
        let status = try Status(bench.inquiry())
        #expect(status.drops.waiting.isEmpty && status.held.isEmpty && status.cases.isEmpty && status.bills.isEmpty)
        #expect(status.text.contains("Inbox: 0 waiting, 0 settling\n"))
        #expect(try !Files.exists(bench.workspace.database))
    }

    @Test("a file without its end is settling, and one that is marked done or cannot be one waits or settles by age")
    func inbox() throws {
        let bench = try CommandBench()
        try bench.drop("reference,given_name", as: "half.csv")
        try bench.drop("reference", as: "kiosk/unfinished.part")
        let status = try Status(bench.inquiry())
        #expect(status.drops.settling.map(\.name) == ["half.csv"])
        #expect(status.drops.settling.map(\.source.rawValue) == ["front-desk"])
        #expect(status.drops.waiting.isEmpty)
    }

    @Test("held entries are told by what they wait for, and a quarantined drop by what speaks against it")
    func heldAndQuarantined() throws {
        let bench = try CommandBench()
        try bench.drop(Sheets.consultation, as: "c.csv")
        try bench.drop("a,b\n1,2\n", as: "x.csv")
        try bench.run()
        let status = try Status(bench.inquiry(now: CommandBench.now.adding(minutes: 30)))
        #expect(status.heldEntries == 1)
        let held = try #require(status.held.first { $0.key == Key("registration:REG-1") })
        #expect(held.count == 1)
        #expect(held.oldest == CommandBench.now)
        #expect(held.expires == CommandBench.now.adding(seconds: 86_400))
        #expect(status.drops.quarantined.map(\.codes) == [["drop.unknown-form"]])
        #expect(status.drops.quarantined.map(\.name) == ["x.csv"])
        #expect(status.drops.archived == 1)
        #expect(status.text.contains("registration:REG-1  1        30 min"))
        #expect(try status.json().contains(#""held_entries":1"#))
    }

    @Test("today's cases come by theater and time, those of other days do not, and an open bill shows its age")
    func caseAndBill() throws {
        let bench = try CommandBench()
        try bench.dropPathway(upTo: 9)
        try bench.run(now: CommandBench.evening)
        let status = try Status(bench.inquiry(now: CommandBench.evening))
        #expect(status.cases.map(\.surgicalCase.rawValue) == ["SC-1"])
        #expect(status.cases.map(\.state) == [.completed])
        #expect(status.cases.map { $0.theater?.rawValue } == ["TH-2"])
        #expect(status.bills.map(\.bill.rawValue) == ["B-000001"])
        let later = try Status(bench.inquiry(now: CommandBench.evening.adding(seconds: 20 * 86_400)))
        #expect(later.cases.isEmpty)
        #expect(later.bills.map(\.ageDays) == [20])
        #expect(later.bills.map(\.overdueDays) == [6])
        #expect(later.text.contains("(6 days late)"))
    }
}
