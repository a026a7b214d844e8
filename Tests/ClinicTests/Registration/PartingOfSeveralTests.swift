import Clinic
import ClinicTesting
import Testing

@Suite("A merge undone while others stay")
struct PartingOfSeveralTests {
    let story = Story()

    /// What an entry may say of a patient, except for the history.
    private static let told: [(Field, Value)] = [
        (.givenName, "Anna"), (.familyName, "Ashe"), (.middleName, "Mai"), (.preferredName, "Nan"),
        (.birthDate, .on("1990-05-18")), (.sex, "M"), (.email, "new@e.test"), (.phone, "+44 20 7946 0199"),
        (.address, "1 Mill Lane"), (.city, "Leeds"), (.region, "Kent"), (.postalCode, "LS1 1AA"), (.country, "FR"),
        (.nationalID, "943 476 5919"), (.language, "fr"), (.occupation, "baker"), (.referralSource, "friend"),
        (.smoker, true), (.heightCentimeters, 171), (.weightKilograms, 66), (.emergencyContact, "Otto"),
        (.emergencyPhone, "+44 20 7946 0198"), (.guardianName, "Olga Ash"), (.guardianRelation, "aunt"),
        (.insurer, "MERIDIAN"), (.contactConsent, true), (.enteredBy, "STAFF"), (.identifiers, ["HIS/7"]),
    ]

    /// Two records that were merged into a third.
    private func three() throws -> (first: MRN, second: MRN, staying: MRN) {
        let staying = try story.registeredPatient()
        let first = try story.registeredPatient([.givenName: "Bea", .email: "b@e.test", .birthDate: .on("1970-01-01")])
        let second = try story.registeredPatient([.givenName: "Cyd", .email: "c@e.test", .birthDate: .on("1955-01-01")])
        try story.must(.patient, "MERGE", pair(first, staying))
        try story.must(.patient, "MERGE", pair(second, staying))
        return (first, second, staying)
    }

    private func pair(_ record: MRN, _ other: MRN) -> [Field: Value] {
        [.mrn: .text(record.rawValue), .intoMRN: .text(other.rawValue)]
    }

    private func update(_ mrn: MRN, _ values: [Field: Value]) throws {
        try story.must(.patient, "UPDATE", values.with([.mrn: .text(mrn.rawValue)]))
    }

    /// A record without what it remembers of merges.
    private func facts(of mrn: MRN) throws -> Patient {
        var patient = try #require(story.patient(mrn))
        patient.asToldItself = []
        return patient
    }

    @Test("what only the parted record was told is taken back, whatever it is", arguments: Self.told)
    func takenBack(_ field: Field, _ value: Value) throws {
        let numbers = try three()
        let before = try facts(of: numbers.staying)
        try update(numbers.first, [field: value])
        #expect(try facts(of: numbers.staying) != before)
        let ruling = try story.must(.patient, "UNMERGE", pair(numbers.first, numbers.staying))
        #expect(ruling.warnings.isEmpty)
        #expect(try facts(of: numbers.staying) == before)
        #expect(story.patient(numbers.first)?.state == .active)
    }

    @Test("what another that stays was told as well is kept", arguments: Self.told)
    func kept(_ field: Field, _ value: Value) throws {
        let numbers = try three()
        let before = try facts(of: numbers.staying)
        try update(numbers.first, [field: value])
        try update(numbers.second, [field: value])
        let told = try facts(of: numbers.staying)
        try story.must(.patient, "UNMERGE", pair(numbers.first, numbers.staying))
        #expect(try facts(of: numbers.staying) == told)
        try story.must(.patient, "UNMERGE", pair(numbers.second, numbers.staying))
        #expect(try facts(of: numbers.staying) == before)
    }

    @Test("what another was told later is kept")
    func later() throws {
        let numbers = try three()
        try update(numbers.first, [.city: "Leeds"])
        try update(numbers.second, [.city: "York"])
        try story.must(.patient, "UNMERGE", pair(numbers.first, numbers.staying))
        #expect(story.patient(numbers.staying)?.city == "York")
        #expect(story.patient(numbers.first)?.city == "Leeds")
    }

    @Test(
        "a death told under one number is not the others'; told under two of them it stays", arguments: [true, false])
    func death(isTwice: Bool) throws {
        let numbers = try three()
        for mrn in [numbers.first] + (isTwice ? [numbers.second] : []) {
            try story.must(.patient, "DECEASE", [.mrn: .text(mrn.rawValue)])
        }
        try story.must(.patient, "UNMERGE", pair(numbers.first, numbers.staying))
        #expect(story.patient(numbers.first)?.state == .deceased)
        #expect(story.patient(numbers.staying)?.state == (isTwice ? .deceased : .active))
        #expect(story.patient(numbers.second)?.state == .merged)
    }

    @Test("out of a chain of merges, each above gets back its own and keeps what those below it were told")
    func chain() throws {
        let staying = try story.registeredPatient()
        let middle = try story.registeredPatient([.givenName: "Bea", .email: "b@e.test", .birthDate: .on("1970-01-01")])
        let lowest = try story.registeredPatient([.givenName: "Cyd", .email: "c@e.test", .birthDate: .on("1955-01-01")])
        try story.must(.patient, "MERGE", pair(lowest, middle))
        try story.must(.patient, "MERGE", pair(middle, staying))
        try update(lowest, [.city: "Leeds", .occupation: "baker"])
        try update(middle, [.occupation: "smith"])
        #expect(story.patient(staying)?.city == "Leeds")
        try story.must(.patient, "UNMERGE", pair(lowest, middle))
        #expect([staying, middle, lowest].map { story.patient($0)?.city } == [nil, nil, "Leeds"])
        #expect([staying, middle, lowest].map { story.patient($0)?.occupation } == ["smith", "smith", "baker"])
        #expect([staying, middle, lowest].map { story.patient($0)?.state } == [.active, .merged, .active])
        #expect(story.patient(middle)?.mergedInto == staying)
    }
}
