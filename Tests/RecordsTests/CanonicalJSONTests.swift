import Clinic
import ClinicTesting
import Records
import Testing

@Suite("Canonical JSON")
struct CanonicalJSONTests {
    struct Sample: Codable, Equatable {
        var zulu = 1
        var nationalID: String? = "é\u{301}\n\"\\\u{01}/"
        var tokenSHA256: String?
        var sha256 = "x"
        var isAbnormal = true
        var list = [1, -2]
        var nested = Inner()
        var at = Instant.at("2026-11-23T09:00:00Z")
        var choices: [Value] = [.text("a"), .deletion, .list(["b"]), .money(Money(minorUnits: 5))]
        var big = Int64.min

        struct Inner: Codable, Equatable {
            var b: Int?
            var a = "a"
        }
    }

    @Test("keys are sorted and in snake case, what is nil is left out, escapes are few")
    func spelling() throws {
        #expect(
            try CanonicalJSON.text(of: Sample())
                == #"{"at":"2026-11-23T09:00:00Z","big":-9223372036854775808,"choices":[{"text":{"_0":"a"}},"#
                + #"{"deletion":{}},{"list":{"_0":["b"]}},{"money":{"_0":5}}],"is_abnormal":true,"list":[1,-2],"#
                + #""national_id":"é"# + "\u{301}" + #"\n\"\\\u0001/","nested":{"a":"a"},"sha256":"x","zulu":1}"#)
    }

    @Test("what is written is read back")
    func roundTrip() throws {
        let sample = Sample(tokenSHA256: "t", nested: .init(b: 3, a: ""))
        #expect(try JSONReading.value(Sample.self, from: CanonicalJSON.bytes(of: sample)) == sample)
        #expect(
            try CanonicalJSON.bytes(of: JSONReading.tree(of: CanonicalJSON.bytes(of: sample)))
                == CanonicalJSON.bytes(of: sample))
    }

    @Test(
        "a time is spelled as its description",
        arguments: [0, -1, -86_400, 951_782_399, 951_782_400, 1_709_164_800, 1_795_000_000, 253_402_300_799])
    func times(seconds: Int64) throws {
        let instant = Instant(secondsSinceEpoch: seconds)
        #expect(try CanonicalJSON.text(of: [instant]) == "[\"\(instant.description)\"]")
    }

    @Test("a floating point number is refused")
    func floats() {
        #expect(throws: EncodingError.self) { try CanonicalJSON.bytes(of: [1.5]) }
        #expect(throws: EncodingError.self) { try CanonicalJSON.bytes(of: ["a": Float(1)]) }
    }

    @Test(
        "what is not JSON of ours is refused",
        arguments: ["", "{", "[1,]", "{\"a\":1,\"a\":2}", "1.5", "nul", "\"a", "[1] ", "\"\\u12\"", "{1:2}", "-"])
    func malformed(text: String) {
        #expect(throws: (any Error).self) { try JSONReading.tree(of: Array(text.utf8)) }
    }
}
