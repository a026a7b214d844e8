import Foundation
import Testing

/// Rules that only the program as a whole asks: each refuses, and lets the neighboring right case pass.
@Suite("Rules of the desk", .serialized)
struct RuleTests {
    private static let header = "reference,given_name,family_name,birth_date,sex,email,phone,password,occurred_at\n"

    private func codes(_ bench: Bench) throws -> [String] { try bench.findings().map(\.code) }

    @Test("a password that is too short is refused, one that is long enough is not")
    func weakPassword() throws {
        let bench = try Bench()
        try bench.drop(
            Self.header + "R-1,Ada,North,1990-05-06,F,ada@mail.example,+44 20 7946 0100,short,\n"
                + "R-2,Ben,South,1991-05-06,M,ben@mail.example,+44 20 7946 0101,long enough,\n", as: "a.csv")
        let entries = try bench.drain().entries
        #expect(entries["applied"] == 1)
        #expect(try codes(bench) == ["account.weak-password"])
    }

    @Test("a value longer than its field takes is refused, one as long as it takes is not")
    func tooLong() throws {
        let bench = try Bench()
        let (longest, longer) = (String(repeating: "n", count: 80), String(repeating: "n", count: 81))
        try bench.drop(
            Self.header + "R-1,\(longer),North,1990-05-06,F,,+44 20 7946 0100,,\n"
                + "R-2,\(longest),South,1991-05-06,M,,+44 20 7946 0101,,\n", as: "a.csv")
        #expect(try bench.drain().entries["applied"] == 1)
        #expect(try codes(bench) == ["entry.too-long"])
    }

    @Test("an operator decides about what is held; of what is not, there is nothing to decide")
    func nothingHeld() throws {
        let bench = try Bench()
        try bench.drop("reference,action,plan,occurred_at\nP-1,RESERVE,NO-PLAN,2026-11-20T08:00:00Z\n", as: "a.csv")
        #expect(try bench.drain().entries["held"] == 1)
        try bench.drop(
            "reference,action,held,actor,reason\nD-1,REJECT,1/7,SUR-LINDQVIST,mistaken\n"
                + "D-2,REJECT,1/1,SUR-LINDQVIST,mistaken\n", as: "b.csv")
        let entries = try bench.drain().entries
        #expect(entries["applied"] == 1)
        #expect(entries["rejected"] == 1)
        #expect(try codes(bench).contains("decision.nothing-held"))
    }

    @Test("a sender's later entry about the same plan waits behind the held one, an earlier one does not")
    func waitsBehind() throws {
        let bench = try Bench()
        try bench.drop(
            """
            reference,action,plan,consultation,procedure,surgeon,occurred_at
            P-1,DRAFT,PL-1,K-1,RHINOPLASTY,SUR-LINDQVIST,2026-11-02T08:00:00Z
            P-2,APPROVE,PL-1,,,SUR-LINDQVIST,2026-11-03T08:00:00Z

            """, as: "surgeons/a.csv")
        #expect(try bench.drain().entries["held"] == 2)
        let behind = try bench.sql(
            "SELECT number FROM entry WHERE instr(CAST(findings AS TEXT), 'entry.waits-behind-held') > 0")
        #expect(behind == "2")
    }

    @Test("a file larger than its source may drop is refused whole; a smaller one is read")
    func tooLarge() throws {
        let bench = try Bench()
        let clinic = bench.folder.appendingPathComponent("clinic/clinic.yml")
        let text = try String(contentsOf: clinic, encoding: .utf8)
        try text.replacingOccurrences(of: "max_bytes: 10485760", with: "max_bytes: 300")
            .write(to: clinic, atomically: true, encoding: .utf8)
        let row = "R-1,Ada,North,1990-05-06,F,ada@mail.example,+44 20 7946 0100,,\n"
        try bench.drop(Self.header + row, as: "kiosk/a.csv")
        try bench.drop(Self.header + row + String(repeating: row, count: 9), as: "kiosk/b.csv")
        let summary = try bench.drain()
        #expect(summary.entries["applied"] == 1)
        #expect(summary.drops["quarantined"] == 1)
        #expect(try codes(bench) == ["drop.too-large"])
    }

    @Test("a file whose every entry was applied before is told so; one with something new is not")
    func duplicate() throws {
        let bench = try Bench()
        try bench.drop(Sample.stock("S-1"), as: "a.csv")
        try bench.drain()
        try bench.drop(Sample.stock("S-1"), as: "b.csv")
        try bench.drop(Sample.stock("S-1", "S-2"), as: "c.csv")
        #expect(try bench.drain().drops["duplicate"] == 1)
        #expect(try bench.text("outbox/rejections/00000002.csv").contains("drop.duplicate"))
        #expect(try bench.files("outbox/rejections").keys.sorted() == ["00000002.csv"])
    }
}

/// An override from the file to the ledger and the reports.
@Suite("Overrides end to end", .serialized)
struct OverrideDayTests {
    private static let header =
        "reference,action,consultation,mrn,surgeon,starts_at,minutes,occurred_at,override,override_by,override_reason\n"

    @Test("an appointment outside the hours is refused; with an override it is applied, and who and why is told")
    func outsideHours() throws {
        let bench = try Bench()
        try bench.drop(
            "reference,given_name,family_name,birth_date,sex,email,phone,password,occurred_at\n"
                + "R-1,Ada,North,1990-05-06,F,ada@mail.example,+44 20 7946 0100,,\n", as: "a.csv")
        try bench.drain()
        let row = ",SCHEDULE,K-1,10000016,SUR-LINDQVIST,2026-12-06T10:00:00Z,30,2026-11-20T08:00:00Z,"
        try bench.drop(
            Self.header + "A-1\(row),,\n" + "A-2\(row)consultation.outside-hours,NUR-ROWE,only free day\n"
                + "A-3\(row)consultation.outside-hours,ADM-STERLING,only free day\n", as: "b.csv")
        let entries = try bench.drain().entries
        #expect(entries["applied"] == 1)
        #expect(entries["rejected"] == 2)
        let report = try bench.text("outbox/rejections/00000002.csv")
        #expect(report.contains("entry.override-not-allowed"))
        #expect(report.contains("OVERRIDDEN") && report.contains("; overridden by ADM-STERLING"))
        #expect(!report.contains("only free day"))
        let note = try bench.sql(
            """
            SELECT count(*) FROM ledger JOIN ledger_payload USING (stream, sequence) WHERE kind = 'consultation.scheduled'
            AND instr(CAST(payload AS TEXT), 'overridden consultation.outside-hours by ADM-STERLING: only free day') > 0
            """)
        #expect(note == "1")
    }

    @Test("each configuration that is taken into use is a row of the ledger, once")
    func configuration() throws {
        let bench = try Bench()
        func rows() throws -> String {
            try bench.sql("SELECT count(*) FROM ledger WHERE kind = 'configuration.applied'")
        }
        try bench.drop(Sample.stock("S-1"), as: "a.csv")
        try bench.drain()
        try bench.drop(Sample.stock("S-2"), as: "b.csv")
        try bench.drain()
        #expect(try rows() == "1")
        let clinic = bench.folder.appendingPathComponent("clinic/clinic.yml")
        let text = try String(contentsOf: clinic, encoding: .utf8)
        try text.replacingOccurrences(of: "profile: england", with: "profile: california")
            .write(to: clinic, atomically: true, encoding: .utf8)
        try bench.drop(Sample.stock("S-3"), as: "c.csv")
        try bench.drain()
        #expect(try rows() == "2")
        let profile = try bench.sql(
            """
            SELECT count(*) FROM ledger JOIN ledger_payload USING (stream, sequence)
            WHERE kind = 'configuration.applied' AND instr(CAST(payload AS TEXT), '"profile":"california"') > 0
            """)
        #expect(profile == "1")
    }
}
