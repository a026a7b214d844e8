import ClinicTesting
import Testing

@testable import Clinic

@Suite("A merge undone")
struct PartingTests {
    let story = Story()

    private func two(_ first: [Field: Value] = [:], _ second: [Field: Value] = [:]) throws -> (MRN, MRN) {
        let other: [Field: Value] = [.givenName: "Bea", .email: "bea@e.test", .birthDate: .on("1970-01-01")]
        return (try story.registeredPatient(first), try story.registeredPatient(other.with(second)))
    }

    private func pair(_ numbers: (MRN, MRN)) -> [Field: Value] {
        [.mrn: .text(numbers.0.rawValue), .intoMRN: .text(numbers.1.rawValue)]
    }

    @Test("what came under the merged number goes with it, and is taken back from the record that stays")
    func ownNumber() throws {
        let numbers = try two()
        try story.must(.patient, "MERGE", pair(numbers))
        try story.must(.patient, "UPDATE", [.mrn: .text(numbers.0.rawValue), .city: "Leeds"])
        #expect(story.patient(numbers.1)?.city == "Leeds")
        let ruling = try story.must(.patient, "UNMERGE", pair(numbers))
        #expect(ruling.warnings.isEmpty)
        #expect(story.patient(numbers.0)?.city == "Leeds")
        #expect(story.patient(numbers.1)?.city == nil)
    }

    @Test("no allergy of either is lost, and somebody is told to look", arguments: [true, false])
    func allergies(underMerged: Bool) throws {
        let numbers = try two([.allergies: ["peanut"]], [.allergies: ["latex"]])
        try story.must(.patient, "MERGE", pair(numbers))
        let named = underMerged ? numbers.0 : numbers.1
        try story.must(.patient, "UPDATE", [.mrn: .text(named.rawValue), .allergies: ["penicillin"]])
        let ruling = try story.must(.patient, "UNMERGE", pair(numbers))
        #expect(ruling.warnings.map(\.rule.code) == ["patient.told-while-merged"])
        let all: Set = ["latex", "peanut", "penicillin"]
        #expect(Set(story.patient(numbers.0)?.allergies ?? []) == all)
        #expect(Set(story.patient(numbers.1)?.allergies ?? []) == all)
    }

    @Test("allergies of which nothing was told meanwhile stay each with its own record, without a warning")
    func untouched() throws {
        let numbers = try two([.allergies: ["peanut"]], [.allergies: ["latex"]])
        try story.must(.patient, "MERGE", pair(numbers))
        #expect(try story.must(.patient, "UNMERGE", pair(numbers)).warnings.isEmpty)
        #expect(story.patient(numbers.0)?.allergies == ["peanut"])
        #expect(story.patient(numbers.1)?.allergies == ["latex"])
    }

    @Test("a death told under the merged number is not the other patient's")
    func death() throws {
        let numbers = try two()
        try story.must(.patient, "MERGE", pair(numbers))
        try story.must(.patient, "DECEASE", [.mrn: .text(numbers.0.rawValue)])
        #expect(story.patient(numbers.1)?.state == .deceased)
        try story.must(.patient, "UNMERGE", pair(numbers))
        #expect(story.patient(numbers.0)?.state == .deceased)
        #expect(story.patient(numbers.1)?.state == .active)
    }

    @Test(
        "a consent signed in the other patient's name becomes void, and its case is cancelled",
        arguments: [true, false])
    func consent(isForeign: Bool) throws {
        story.aScheduledCase()
        var other = try #require(story.patient(Story.mrn))
        other.mrn = MRN(sequence: 77)
        other.givenName = "Zoe"
        other.email = nil
        story.state.put(other)
        let numbers = (Story.mrn, other.mrn)
        try story.must(.patient, "MERGE", pair(numbers))
        if isForeign {
            var consent = try #require(story.consent())
            for index in consent.signatures.indices where consent.signatures[index].party == .patient {
                consent.signatures[index].signer = other.fullName
            }
            story.state.put(consent)
        }
        try story.must(.patient, "UNMERGE", pair(numbers))
        #expect(story.consent()?.state == (isForeign ? .void : .signed))
        #expect(story.surgicalCase()?.state == (isForeign ? .cancelled : .scheduled))
    }

    @Test("a death before the start, told afterwards, stands on the case as a remark; one after it does not")
    func deceasedLate() throws {
        story.aCaseInProgress()
        let start = try #require(story.surgicalCase()?.startedAt)
        #expect(try #require(story.surgicalCase()).began(after: start.adding(minutes: -1)))
        #expect(try !#require(story.surgicalCase()).began(after: start))
    }
}
