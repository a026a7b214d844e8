import Clinic
import ClinicTesting
import Testing

@Suite("The review list")
struct ReviewListTests {
    let story = Story()

    private var pairs: [PossibleDuplicate] { story.state.all(PossibleDuplicate.self) }

    private func alike(_ count: Int = 2) throws -> [MRN] {
        try (0..<count).map { try story.registeredPatient([.email: .text("\($0)@example.test")]) }
    }

    private func both(_ one: MRN, _ other: MRN) -> [Field: Value] {
        [.mrn: .text(one.rawValue), .intoMRN: .text(other.rawValue)]
    }

    @Test("a pair keeps what was compared and what it weighs, and the sum is the weight")
    func comparisons() throws {
        try story.registeredPatient([.address: "1 Elm Road"])
        try story.registeredPatient([
            .familyName: "Asch", .birthDate: .on("1990-05-17"), .address: "1 Elm road", .email: "other@example.test",
        ])
        let pair = try #require(pairs.first)
        #expect(
            pair.comparisons == [
                .init("family name", .close, 450), .init("given name", .equal, 700), .init("birth date", .equal, 1_300),
                .init("phone", .equal, 300), .init("e-mail", .different, 0), .init("address", .equal, 200),
            ])
        #expect(pair.weight == 2_950)
        #expect(pair.weight >= Resemblance.threshold)
    }

    @Test("phone, e-mail and address of a household count no more than 500 together")
    func household() throws {
        try story.registeredPatient([.address: "1 Elm Road"])
        try story.registeredPatient([.address: "1 Elm Road"])
        let pair = try #require(pairs.first)
        #expect(pair.comparisons.suffix(3).map(\.weight) == [300, 200, 0])
        #expect(pair.weight == 900 + 700 + 1_300 + 500)
    }

    @Test(
        "a namesake is found by a birth date nearly the same only when something else agrees",
        arguments: [
            ("1990-05-18", true), ("1990-05-18", false), ("1991-05-17", true), ("1961-09-09", true),
        ])
    func namesake(_ born: String, hasAddress: Bool) throws {
        let address: [Field: Value] = hasAddress ? [.address: "1 Elm Road"] : [:]
        try story.registeredPatient(address)
        try story.registeredPatient(
            [.birthDate: .on(born), .email: "o@e.test", .phone: "+44 1"].merging(address) { $1 })
        #expect(pairs.isEmpty == (!hasAddress || born == "1961-09-09"))
    }

    @Test("given and family name in each other's place are found")
    func exchanged() throws {
        try story.registeredPatient()
        try story.registeredPatient([.givenName: "Ash", .familyName: "Ann", .email: "o@e.test", .phone: "+44 1"])
        #expect(pairs.map(\.weight) == [700 + 500 + 1_300])
    }

    @Test("a change of contact is looked at as well, and an open pair is weighed again")
    func contact() throws {
        let one = try story.registeredPatient([.email: "a@e.test"])
        try story.registeredPatient([.birthDate: .on("1990-05-18"), .email: "b@e.test", .phone: "+44 1"])
        #expect(pairs.isEmpty)
        let ruling = try story.must(.patient, "UPDATE", [.mrn: .text(one.rawValue), .email: "b@e.test"])
        #expect(ruling.warningCodes.contains("patient.possible-duplicate"))
        #expect(pairs.map(\.weight) == [2_400])
        let again = try story.must(.patient, "UPDATE", [.mrn: .text(one.rawValue), .phone: "+44 1"])
        #expect(!again.warningCodes.contains("patient.possible-duplicate"))
        #expect(pairs.map(\.weight) == [2_600])
    }

    @Test("a merge takes its pair off the list, and an un-merge puts it back as it was", arguments: [true, false])
    func merge(wasDistinct: Bool) throws {
        let numbers = try alike()
        let pair = both(numbers[0], numbers[1])
        if wasDistinct { try story.must(.patient, "DISTINCT", pair) }
        let before = pairs
        try story.must(.patient, "MERGE", pair)
        #expect(pairs.map(\.state) == [.merged])
        try story.must(.patient, "UNMERGE", pair)
        #expect(pairs == before)
    }

    @Test("a merge settles the pairs between all records of the two, and leaves those with others open")
    func mergeOfMany() throws {
        let numbers = try alike(4)
        #expect(pairs.count == 6)
        try story.must(.patient, "MERGE", both(numbers[0], numbers[1]))
        try story.must(.patient, "MERGE", both(numbers[1], numbers[2]))
        #expect(pairs.filter { $0.state == .merged }.count == 3)
        #expect(pairs.filter { $0.state == .open }.allSatisfy { $0.second == numbers[3] })
        try story.must(.patient, "UNMERGE", both(numbers[1], numbers[2]))
        #expect(pairs.filter { $0.state == .merged }.map(\.id) == [PossibleDuplicate.id(numbers[0], numbers[1])])
    }

    @Test("people told apart are off the list with all their records, and nobody is told apart from themselves")
    func distinct() throws {
        let numbers = try alike(3)
        try story.must(.patient, "MERGE", both(numbers[0], numbers[1]))
        try story.must(.patient, "DISTINCT", both(numbers[1], numbers[2]))
        #expect(pairs.filter { $0.state == .open }.isEmpty)
        #expect(
            try story.tell(.patient, "DISTINCT", both(numbers[0], numbers[1])).codes == ["patient.same-record"])
    }
}
