import Digests
import Testing

@Suite("SHA-256 and its keyed form")
struct SHA256Tests {
    @Test(
        "the digests are those of FIPS 180-4",
        arguments: [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
            ),
        ])
    func publishedDigests(message: String, expected: String) {
        #expect(Hexadecimal.encode(SHA256.digest(of: Array(message.utf8))) == expected)
    }

    @Test("a million letters in pieces give the published digest")
    func inPieces() {
        var hash = SHA256()
        let piece = [UInt8](repeating: UInt8(ascii: "a"), count: 997)
        var left = 1_000_000
        while left > 0 {
            hash.update(piece.prefix(left))
            left -= min(left, piece.count)
        }
        #expect(
            Hexadecimal.encode(hash.digest()) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
    }

    @Test("a copy goes on from where the original stood, and neither disturbs the other")
    func copies() {
        var first = SHA256()
        first.update(Array("ab".utf8))
        var second = first
        second.update(Array("c".utf8))
        #expect(second.digest() == SHA256.digest(of: Array("abc".utf8)))
        #expect(first.digest() == SHA256.digest(of: Array("ab".utf8)))
        first.update(Array("c".utf8))
        #expect(first.digest() == second.digest())
    }

    @Test(
        "the keyed codes are those of RFC 4231",
        arguments: [
            (
                [UInt8](repeating: 0x0b, count: 20), Array("Hi There".utf8),
                "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
            ),
            (
                Array("Jefe".utf8), Array("what do ya want for nothing?".utf8),
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
            ),
            (
                [UInt8](repeating: 0xaa, count: 131),
                Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
                "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
            ),
        ])
    func keyedCodes(key: [UInt8], message: [UInt8], expected: String) {
        let authenticator = HMACSHA256(key: key)
        #expect(Hexadecimal.encode(authenticator.code(for: message)) == expected)
        #expect(authenticator.isValid(authenticator.code(for: message), for: message))
        #expect(!authenticator.isValid(authenticator.code(for: message + [0]), for: message))
        #expect(!authenticator.isValid([], for: message))
    }

    @Test("an empty key and an empty message have a code")
    func emptyKey() {
        #expect(
            Hexadecimal.encode(HMACSHA256(key: []).code(for: []))
                == "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad")
    }

    @Test("hexadecimal digits are read in either case and refused otherwise")
    func hexadecimal() {
        #expect(Hexadecimal.decode("00fFa5") == [0x00, 0xff, 0xa5])
        #expect(Hexadecimal.decode("") == [])
        #expect(Hexadecimal.decode("0") == nil)
        #expect(Hexadecimal.decode("0g") == nil)
        #expect(Hexadecimal.encode([0x00, 0xff, 0xa5]) == "00ffa5")
    }

    @Test("random bytes have the length asked for, and differ")
    func random() {
        #expect(SystemRandom.bytes(32).count == 32)
        #expect(SystemRandom.bytes(0).isEmpty)
        #expect(SystemRandom.bytes(32) != SystemRandom.bytes(32))
    }
}
