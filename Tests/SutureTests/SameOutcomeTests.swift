import Foundation
import Testing

/// Copies of one workspace make the same outbox and the same ledger of the same drops, wherever and however they run.
@Suite("The same in, the same out")
struct SameOutcomeTests {
    static let worlds: [[String: String]] = [
        ["TZ": "Pacific/Kiritimati", "LANG": "tr_TR.UTF-8", "LC_ALL": "tr_TR.UTF-8"],
        ["TZ": "America/St_Johns", "LANG": "C", "LC_ALL": "C"],
        ["TZ": ":no/where", "LANG": "ar_EG.UTF-8", "LC_ALL": "", "LC_NUMERIC": "de_DE.UTF-8"],
    ]

    @Test("in other time zones and locales, with the files copied in another order", arguments: worlds)
    func otherWorld(_ environment: [String: String]) throws {
        let (one, other) = try pair()
        try drop(into: one, Self.files)
        try drop(into: other, Self.files.reversed())
        try one.drain()
        try other.drain(environment: environment)
        try expectSame(one, other)
    }

    @Test("when one of them crashed in between")
    func crashed() throws {
        let (one, other) = try pair()
        try drop(into: one, Self.files)
        try drop(into: other, Self.files.reversed())
        try one.drain()
        for point in [3, 5, 9] {
            _ = try Bench.run(
                "/usr/bin/strace",
                [
                    "-f", "-o", "/dev/null", "-e", "trace=renameat2", "-e",
                    "inject=renameat2:signal=KILL:when=\(point)",
                    Bench.program.path, "run", "--once", "--workspace", other.folder.path, "--now", Bench.now,
                ])
        }
        try other.drain(environment: Self.worlds[0])
        try expectSame(one, other)
    }

    /// Files of several sources, good and bad, whose names and sources do not sort alike.
    static let files: [(name: String, text: String)] = [
        ("zz-registration.csv", Sample.registration("REG-1", password: "Harbor-Lantern-11")),
        ("kiosk/a.csv", Sample.registration("REG-2", family: "Öztürk", password: "Harbor-Lantern-12")),
        ("scanner/stock.csv", Sample.stock("S-1", "S-2", "S-2")),
        ("aa-stock.csv", Sample.stock("S-1")),
        ("theater/bad.csv", "\(Sample.stockHeader)\n\(Sample.stockRow("S-1", quantity: "zwölf"))\n"),
        ("foreign.csv", "Nummer;Betrag\n1;2,50\n"),
        (
            "consultation.csv",
            "reference,action,consultation,registration,surgeon,starts_at,minutes,kind,in_person,occurred_at\n"
                + "CON-1,SCHEDULE,K-1,REG-1,SUR-LINDQVIST,2026-10-19T10:00,45,FIRST,Y,2026-10-12T11:00\n"
        ),
    ]

    private func pair() throws -> (Bench, Bench) {
        let one = try Bench()
        return (one, try Bench(copying: one))
    }

    private func drop(into bench: Bench, _ files: [(name: String, text: String)]) throws {
        for file in files { try bench.drop(file.text, as: file.name) }
    }

    private func expectSame(_ one: Bench, _ other: Bench) throws {
        let (expected, outcome) = (try Outcome(one), try Outcome(other))
        #expect(expected.outbox.count > 8)
        for name in Set(expected.outbox.keys).union(outcome.outbox.keys).sorted() {
            #expect(outcome.outbox[name] == expected.outbox[name], "\(name)")
        }
        #expect(outcome == expected)
    }
}
