import Foundation
import Testing

/// The round that a clerk goes: a drop is refused in part, its correction is mended and dropped again.
@Suite("Corrections")
struct CorrectionTests {
    /// A registration with one value spoiled, and what mends it.
    struct Round: CustomTestStringConvertible, Sendable {
        let source: String
        let fixture: String
        let right: String
        let wrong: String
        let reference: String
        let familyName: String

        var testDescription: String { (fixture as NSString).pathExtension }
    }

    static let rounds = [
        Round(
            source: "kiosk", fixture: "kiosk-1_20261009T0910.csv", right: ",07700 900123,", wrong: ",7700900123,",
            reference: "K1-000420", familyName: "O'Brien"),
        Round(
            source: "kiosk", fixture: "kiosk-2_20261008T1120.xml", right: ">1979-02-08<", wrong: ">08.02.1979<",
            reference: "K2-000093", familyName: "Sørensen"),
        Round(
            source: "his", fixture: "HIS_20261006T0815_ADT.hl7", right: "|19940930|", wrong: "|19943009|",
            reference: "HIS0000101", familyName: "Ibáñez Muñoz"),
    ]

    @Test("a correction of each format is mended by script, dropped again, and applied", arguments: rounds)
    func mended(round: Round) throws {
        let bench = try Bench()
        let sound = String(
            decoding: try Data(
                contentsOf: Bench.repository.appendingPathComponent("fixtures/day/\(round.source)/\(round.fixture)")),
            as: UTF8.self)
        let spoiled = sound.replacingOccurrences(of: round.right, with: round.wrong)
        #expect(spoiled != sound)
        try bench.drop(spoiled, as: "\(round.source)/\(round.fixture)")
        #expect(try bench.drain().entries["rejected"] == 1)
        #expect(try bench.sql("SELECT count(*) FROM patient") == "0")

        let (name, bytes) = try #require(try bench.files("outbox/corrections/\(round.source)").first)
        let correction = String(decoding: bytes, as: UTF8.self)
        // What links it to its drop and entry.
        #expect(correction.contains("entry.bad-value"))
        let mended = correction.replacingOccurrences(of: round.wrong, with: round.right)
        #expect(mended != correction)
        try bench.drop(mended, as: "\(round.source)/mended-\(name)")
        let summary = try bench.drain()
        #expect(summary.entries["applied"] == 1)
        #expect(summary.entries["rejected"] == 0)
        #expect(summary.warnings == 0)
        #expect(try bench.sql("SELECT family_name FROM patient") == round.familyName)

        let story = try Bench.suture(["explain", round.reference, "--workspace", bench.folder.path]).expectSuccess()
        #expect(story.output.contains("10000016"))
    }

    @Test("a correction that is wrong again comes back with the notes of its own drop alone", arguments: rounds)
    func wrongAgain(round: Round) throws {
        let bench = try Bench()
        let sound = String(
            decoding: try Data(
                contentsOf: Bench.repository.appendingPathComponent("fixtures/day/\(round.source)/\(round.fixture)")),
            as: UTF8.self)
        let spoiled = sound.replacingOccurrences(of: round.right, with: round.wrong)
        try bench.drop(spoiled, as: "\(round.source)/\(round.fixture)")
        try bench.drain()
        let (name, first) = try #require(try bench.files("outbox/corrections/\(round.source)").first)
        let worse = String(decoding: first, as: UTF8.self)
            .replacingOccurrences(of: round.wrong, with: round.wrong.replacingOccurrences(of: "9", with: "x"))
        try bench.drop(worse, as: "\(round.source)/again-\(name)")
        #expect(try bench.drain().entries["rejected"] == 1)
        let all = try bench.files("outbox/corrections/\(round.source)").sorted { $0.key < $1.key }
        #expect(all.count == 2)
        let second = String(decoding: try #require(all.last).value, as: UTF8.self)
        #expect(second.components(separatedBy: "entry.bad-value").count == 2)
    }
}
