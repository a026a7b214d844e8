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

    @Test("what is told under a merged number adds to the history of the record that stays", arguments: [true, false])
    func history(isNone: Bool) throws {
        let numbers = try two(
            [.allergies: ["peanut"], .medications: ["warfarin"]], [.allergies: ["latex"]])
        try story.must(
            .patient, "MERGE", [.mrn: .text(numbers.1.rawValue), .intoMRN: .text(numbers.0.rawValue)])
        try story.must(
            .patient, "UPDATE",
            [
                .mrn: .text(numbers.1.rawValue), .allergies: isNone ? ["NONE"] : ["iodine", "Peanut"],
                .medications: ["aspirin"],
            ])
        #expect(story.patient(numbers.0)?.allergies == (isNone ? ["peanut"] : ["peanut", "iodine"]))
        #expect(story.patient(numbers.0)?.medications == ["warfarin", "aspirin"])
        #expect(story.patient(numbers.1)?.allergies == (isNone ? [] : ["iodine", "Peanut"]))
    }

    @Test("allergies of which nothing was told meanwhile stay each with its own record, without a warning")
    func untouched() throws {
        let numbers = try two([.allergies: ["peanut"]], [.allergies: ["latex"]])
        try story.must(.patient, "MERGE", pair(numbers))
        #expect(try story.must(.patient, "UNMERGE", pair(numbers)).warnings.isEmpty)
        #expect(story.patient(numbers.0)?.allergies == ["peanut"])
        #expect(story.patient(numbers.1)?.allergies == ["latex"])
    }

    @Test("what was told under the number that stays is kept there, and somebody is told to look")
    func kept() throws {
        let numbers = try two()
        try story.must(.patient, "MERGE", pair(numbers))
        try story.must(.patient, "UPDATE", [.mrn: .text(numbers.1.rawValue), .city: "York"])
        let ruling = try story.must(.patient, "UNMERGE", pair(numbers))
        #expect(ruling.warningCodes == ["patient.told-while-merged"])
        #expect(ruling.warnings.first?.detail.contains("keeps what its number was told of city") == true)
        #expect(story.patient(numbers.0)?.city == nil)
        #expect(story.patient(numbers.1)?.city == "York")
    }

    @Test("plans made meanwhile under the number that stays are named, older ones are not", arguments: [true, false])
    func made(isNew: Bool) throws {
        let numbers = try two()
        try story.completedConsultation(for: numbers.1)
        try story.must(.patient, "MERGE", pair(numbers), at: isNew ? "2026-09-07T11:00:00Z" : "2026-09-07T11:00:01Z")
        try story.must(.plan, "DRAFT", .samplePlan, at: "2026-09-07T11:00:00Z")
        let ruling = try story.must(.patient, "UNMERGE", pair(numbers))
        #expect(ruling.warningCodes == (isNew ? ["patient.told-while-merged"] : []))
        #expect(ruling.warnings.allSatisfy { $0.aside?.contains("plan P-1 version 1") == true })
    }

    @Test("an account at the other's e-mail is closed, and nothing opens it any more", arguments: [true, false])
    func account(isOther: Bool) throws {
        let numbers = try two([:], [.email: .deletion])
        try story.must(.patient, "MERGE", pair(numbers))
        let named = isOther ? numbers.0 : numbers.1
        try story.must(.patient, "UPDATE", [.mrn: .text(named.rawValue), .email: "new@e.test"])
        let opened = story.state.fetch(PatientAccount.self, id: numbers.1.rawValue)
        #expect(opened?.state == .pendingVerification)
        #expect(opened?.email == "new@e.test")
        let ruling = try story.must(.patient, "UNMERGE", pair(numbers))
        let account = story.state.fetch(PatientAccount.self, id: numbers.1.rawValue)
        let credential = story.state.fetch(Credential.self, id: numbers.1.rawValue)
        #expect(account?.state == (isOther ? .closed : .pendingVerification))
        #expect((credential?.tokenSHA256 == nil) == isOther)
        #expect(ruling.events.map(\.kind).contains("account.closed") == isOther)
        #expect(story.patient(numbers.1)?.email == (isOther ? nil : "new@e.test"))
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
}
