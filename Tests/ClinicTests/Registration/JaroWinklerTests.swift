import Testing

@testable import Clinic

@Suite("The similarity of names")
struct JaroWinklerTests {
    /// The examples that Winkler's papers use, rounded down.
    @Test(
        "is Winkler's, whichever name comes first",
        arguments: [
            ("MARTHA", "MARHTA", 961), ("DWAYNE", "DUANE", 840), ("DIXON", "DICKSONX", 813),
            ("SHACKLEFORD", "SHACKELFORD", 981), ("ABC", "ABC", 1_000), ("ABC", "XYZ", 0), ("", "ABC", 0),
            ("", "", 1_000), ("ANN", "BNN", 777),
        ])
    func examples(one: String, other: String, perMille: Int) {
        #expect(abs(JaroWinkler.perMille(one, other) - perMille) <= 1)
        #expect(JaroWinkler.perMille(one, other) == JaroWinkler.perMille(other, one))
    }

    @Test("a common beginning raises it, by no more than four letters")
    func beginning() {
        #expect(JaroWinkler.perMille("SOLHEIM", "SOLHEIX") > JaroWinkler.perMille("SOLHEIM", "XOLHEIM"))
        // Jaro's value is 933 with nine of ten letters alike.
        #expect(JaroWinkler.perMille("ABCDEFGHIJ", "ABCDXFGHIJ") == 933 + 4 * 67 / 10)
        #expect(JaroWinkler.perMille("ABCDEFGHIJ", "ABCDEFGHIX") == 933 + 4 * 67 / 10)
    }
}
