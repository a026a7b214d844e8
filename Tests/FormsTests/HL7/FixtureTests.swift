import Clinic
import Drops
import Forms
import Testing

@Suite("Example messages of fixtures/forms")
struct FixtureTests {
    @Test("every example comes to forms that lack nothing and are well formed", arguments: try HL7Reading.fixtures())
    func isSound(name: String) throws {
        let (entries, warnings) = try HL7Reading.read(try HL7Reading.fixture(name))
        #expect(!entries.isEmpty)
        #expect(warnings.isEmpty)
        for entry in entries {
            #expect(entry.findings.isEmpty)
            #expect(!entry.forms.isEmpty)
            for form in entry.forms {
                let typed = try HL7Reading.type(form)
                #expect(typed.findings.map { "\($0.place.name ?? ""): \($0.finding.detail)" } == [])
            }
        }
    }

    @Test("line ends and pieces of the stream change nothing", arguments: try HL7Reading.fixtures())
    func anyLineEnd(name: String) throws {
        let bytes = try HL7Reading.fixture(name)
        let expected = try HL7Reading.read(bytes).entries.map { $0.forms.map { "\($0.summary) \($0.told)" } }
        let text = String(decoding: bytes, as: UTF8.self)
        for end in ["\r", "\r\n"] {
            let other = Array(text.split(separator: "\n").map { $0 + end }.joined().utf8)
            #expect(try HL7Reading.read(other).entries.map { $0.forms.map { "\($0.summary) \($0.told)" } } == expected)
        }
        #expect(
            try HL7Reading.read(bytes, piece: 7).entries.map { $0.forms.map { "\($0.summary) \($0.told)" } } == expected
        )
    }

    @Test("every message comes to its forms, actions and references", arguments: expectations)
    func comesTo(_ name: String, _ forms: [String]) throws {
        #expect(try HL7Reading.message(name).forms.map(\.summary) == forms)
    }

    private static let expectations: [(String, [String])] = [
        ("adt-a28", ["registration REGISTER MSG0001"]), ("adt-a04", ["registration REGISTER MSG0002"]),
        ("adt-a08", ["patient UPDATE MSG0003"]), ("adt-a31", ["patient UPDATE MSG0004"]),
        ("adt-a08-death", ["patient UPDATE MSG0005", "patient DECEASE MSG0005-2"]),
        ("adt-a40", ["patient MERGE MSG0006", "patient MERGE MSG0006-2"]), ("adt-a47", ["patient UPDATE MSG0007"]),
        ("adt-a60", ["patient UPDATE MSG0008"]), ("siu-s12-consultation", ["consultation SCHEDULE HIS/K-1"]),
        ("siu-s13", ["consultation RESCHEDULE HIS/K-1/MSG0011"]), ("siu-s15", ["consultation CANCEL HIS/K-1/MSG0012"]),
        ("siu-s26", ["consultation NO_SHOW HIS/K-1/MSG0013"]), ("siu-s12-case", ["case SCHEDULE HIS/SC-1"]),
        ("siu-s14-case-started", ["case START HIS/SC-1/MSG0015"]),
        ("mdm-t02-note", ["consultation COMPLETE HIS/DOC-1"]),
        ("mdm-t08-note", ["consultation AMEND HIS/DOC-1/MSG0021"]), ("mdm-t02-operation", ["case NOTE HIS/DOC-2"]),
        (
            "mdm-t02-consent",
            [
                "consent CREATE HIS/DOC-3", "consent ACKNOWLEDGE HIS/DOC-3-2", "consent SIGN HIS/DOC-3-3",
                "consent SIGN HIS/DOC-3-4",
            ]
        ),
        ("mdm-t04-consent-withdrawn", ["consent WITHDRAW HIS/DOC-3/MSG0024"]), ("omg-o19-plan", ["plan DRAFT HIS/P-1"]),
        ("omg-o19-approval", ["plan APPROVE HIS/P-1/MSG0031"]), ("orm-o01-cancel", ["plan CANCEL HIS/P-1/MSG0032"]),
        ("oml-o21", ["preop ORDER HIS/P-1", "preop ORDER HIS/P-1-2"]),
        ("oru-r01", ["preop RESULT HIS/P-1/MSG0034", "preop RESULT HIS/P-1/MSG0034-2"]),
        ("oru-r01-note", ["consultation COMPLETE HIS/N-1"]),
        ("inu-u05", ["inventory COUNT MSG0040", "inventory RECEIVE MSG0040-2"]),
        (
            "dft-p03",
            [
                "inventory USE U-1", "inventory USE U-2", "inventory RETURN U-3", "payment PAY PAY-1",
                "payment REFUND PAY-2", "bill ADJUST ADJ-1",
            ]
        ),
        ("dft-p03-copay", ["payment PAY PAY-3"]), ("adt-a01", ["registration REGISTER MSG0050"]),
        ("adt-a05", ["registration REGISTER MSG0051"]), ("adt-a46", ["patient UPDATE MSG0052"]),
        ("adt-a18", ["patient MERGE MSG0053"]), ("adt-a30", ["patient MERGE MSG0054"]),
        ("adt-a34", ["patient MERGE MSG0055"]), ("adt-a36", ["patient MERGE MSG0056"]),
        ("adt-a39", ["patient MERGE MSG0057"]), ("siu-s14-case", ["case RESCHEDULE HIS/SC-1/MSG0060"]),
        ("siu-s14-case-completed", ["case COMPLETE HIS/SC-1/MSG0061"]),
        ("siu-s26-case", ["case CANCEL HIS/SC-1/MSG0062"]), ("siu-s16", ["consultation CANCEL HIS/K-1/MSG0063"]),
        ("siu-s17", ["consultation CANCEL HIS/K-1/MSG0064"]),
        ("mdm-t04-note", ["consultation AMEND HIS/DOC-1/MSG0070"]),
        ("mdm-t06-note", ["consultation AMEND HIS/DOC-1/MSG0071"]),
        ("mdm-t10-note", ["consultation AMEND HIS/DOC-1/MSG0072"]),
        ("mdm-t11-note", ["consultation CANCEL HIS/DOC-1/MSG0073"]),
        ("mdm-t10-consent-declined", ["consent DECLINE HIS/DOC-3/MSG0074"]),
        ("mdm-t08-operation", ["case NOTE HIS/DOC-2/MSG0075"]),
        ("omg-o19-revision", ["plan REVISE HIS/P-1/MSG0080"]), ("orm-o01-plan", ["plan DRAFT HIS/P-1"]),
        ("orm-o01-laboratory", ["preop ORDER HIS/P-1"]), ("oru-r01-withdrawn", ["preop RESULT HIS/P-1/MSG0083"]),
        ("oru-r01-operation", ["case NOTE HIS/N-2"]),
    ]

    @Test("every example is tested for what it comes to")
    func allAreExpected() throws {
        #expect(Set(Self.expectations.map(\.0)) == Set(try HL7Reading.fixtures()).subtracting(["batch"]))
    }
}
