import Clinic
import Drops
import Foundation
import Testing

@testable import Forms

/// Every form and action has its example in `fixtures/forms/`, in each format that it can come in.
@Suite("Examples of fixtures/forms")
struct ExampleTests {
    @Test(
        "every action of a form has an example in CSV and in XML, which says nothing else", arguments: ["csv", "xml"])
    func everyAction(format: String) throws {
        for form in FormDefinition.all {
            let file = HL7Reading.folder.appending(path: "\(form.name).\(format)")
            let (entries, warnings) = try HL7Reading.read(Array(Data(contentsOf: file)))
            #expect(warnings.isEmpty, "\(file.lastPathComponent)")
            for entry in entries {
                #expect(entry.findings.isEmpty, "\(file.lastPathComponent), entry \(entry.number): \(entry.findings)")
                #expect(entry.forms.map(\.form) == [form.name])
            }
            let shown = entries.flatMap(\.forms).map { $0.action?.text ?? form.actions.first?.rawValue ?? "" }
            let missing = Set(form.actions.map(\.rawValue)).subtracting(shown)
            #expect(missing.sorted() == [], "\(file.lastPathComponent) has no example")
        }
    }

    @Test("every message that is taken has an example")
    func everyMessage() throws {
        let shown = try Set(HL7Reading.fixtures().flatMap { try Self.types(of: HL7Reading.fixture($0)) })
        let taken = try Self.events.filter(Self.isTaken)
        #expect(taken.count > 30)
        #expect(Set(taken).subtracting(shown).sorted() == [], "messages without an example")
        #expect(shown.subtracting(taken).sorted() == [], "examples of messages that are not taken")
    }

    @Test("what the mapping says of forms and actions is shown by an example")
    func everyMapping() throws {
        let shown = try Set(
            HL7Reading.fixtures().flatMap { try HL7Reading.read(HL7Reading.fixture($0)).entries }
                .flatMap(\.forms).map { "\($0.form) \($0.action?.text ?? "")" })
        #expect(
            Set(HL7Mapping.maps.map(\.form.rawValue)).subtracting(shown.map { String($0.prefix { $0 != " " }) }) == [])
        let promised = [
            "registration REGISTER", "patient UPDATE", "patient MERGE", "patient DECEASE", "consultation SCHEDULE",
            "consultation RESCHEDULE", "consultation COMPLETE", "consultation AMEND", "consultation CANCEL",
            "consultation NO_SHOW", "plan DRAFT", "plan REVISE", "plan APPROVE", "plan CANCEL", "consent CREATE",
            "consent ACKNOWLEDGE", "consent SIGN", "consent DECLINE", "consent WITHDRAW", "preop ORDER",
            "preop RESULT", "case SCHEDULE", "case RESCHEDULE", "case CANCEL", "case START", "case COMPLETE",
            "case NOTE", "inventory USE", "inventory RETURN", "inventory COUNT", "inventory RECEIVE", "payment PAY",
            "payment REFUND", "bill ADJUST",
        ]
        #expect(Set(promised).subtracting(shown).sorted() == [])
    }

    /// Every event that a message of these types could be of.
    private static let events: [String] =
        (1...62).map { "ADT^A\(two($0))" } + (12...27).map { "SIU^S\($0)" } + (1...11).map { "MDM^T\(two($0))" }
        + [
            "OMG^O19", "ORM^O01", "OML^O21", "ORU^R01", "INU^U05", "DFT^P03", "ORU^R30", "OML^O33", "OMG^O20",
            "DFT^P11", "INU^U06", "BAR^P01", "MFN^M02", "QBP^Q22", "ORM^O02", "RDE^O11", "VXU^V04",
        ]

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    /// Asks the reader itself, by a message that has only what tells its kind.
    private static func isTaken(_ event: String) throws -> Bool {
        let text = HL7Reading.message(
            event, "PID|1||88214^^^HIS^PI", "SCH|K-1^HIS", "TXA|1|CN|TX", "ORC|NW|P-1^HIS", "OBR|1|P-1^HIS||RHINOPLASTY"
        )
        return try HL7Reading.read(text).allSatisfy { entry in
            !entry.findings.contains { $0.finding.rule.code == "hl7.unsupported-message" }
        }
    }

    /// MSH-9 of the messages of a file, without the structure.
    private static func types(of bytes: [UInt8]) -> [String] {
        String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline).filter { $0.hasPrefix("MSH") }
            .map { $0.split(separator: "|", omittingEmptySubsequences: false)[8] }
            .map { $0.split(separator: "^").prefix(2).joined(separator: "^") }
    }
}
