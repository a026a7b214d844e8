import Digests
import Testing

@Suite("Bcrypt")
struct BcryptTests {
    /// The salt whose digits are twenty-one times "C" and a "."; a published vector is under it.
    private let publishedSalt: [UInt8] = Array(repeatElement([0x10, 0x41, 0x04], count: 5).joined()) + [0x10]

    @Test(
        "published hashes belong to their passwords",
        arguments: [
            ("U*U", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"),
            ("U*U*", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK"),
            ("U*U*U", "$2a$05$XXXXXXXXXXXXXXXXXXXXXOAcXxm9kjPGEMsLznoKqmqw7tc8WCx4a"),
        ])
    func publishedHashes(password: String, hash: String) throws {
        #expect(try Bcrypt.verify(Array(password.utf8), hash: hash))
        #expect(try !Bcrypt.verify(Array((password + "!").utf8), hash: hash))
    }

    @Test("a hash under a given salt is the published one")
    func givenSalt() throws {
        #expect(
            try Bcrypt.hash(Array("U*U".utf8), cost: 5, salt: publishedSalt)
                == "$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW")
    }

    @Test("a hash belongs to its own password only")
    func ownPassword() throws {
        let password = Array("Zürich 8001".utf8)
        let hash = try Bcrypt.hash(password, cost: 4, salt: SystemRandom.bytes(16))
        #expect(hash.hasPrefix("$2b$04$"))
        #expect(try Bcrypt.verify(password, hash: hash))
        #expect(try !Bcrypt.verify(Array("Zurich 8001".utf8), hash: hash))
    }

    @Test("seventy-two bytes are hashed, seventy-three and NUL are refused")
    func refusedPasswords() throws {
        let longest = [UInt8](repeating: UInt8(ascii: "x"), count: 72)
        let hash = try Bcrypt.hash(longest, cost: 4, salt: publishedSalt)
        #expect(try Bcrypt.verify(longest, hash: hash))
        #expect(throws: PasswordFault.tooLong) {
            try Bcrypt.hash(longest + longest, cost: 4, salt: publishedSalt)
        }
        #expect(throws: PasswordFault.tooLong) { try Bcrypt.verify(longest + [1], hash: hash) }
        #expect(throws: PasswordFault.hasNUL) { try Bcrypt.hash([1, 0, 2], cost: 4, salt: publishedSalt) }
    }

    @Test("a cost or a salt out of bounds is refused")
    func refusedSettings() {
        #expect(throws: PasswordFault.costOutOfRange(3)) { try Bcrypt.hash([1], cost: 3, salt: publishedSalt) }
        #expect(throws: PasswordFault.costOutOfRange(31)) { try Bcrypt.hash([1], cost: 31, salt: publishedSalt) }
        #expect(throws: PasswordFault.saltLength(15)) { try Bcrypt.hash([1], cost: 4, salt: publishedSalt.dropLast()) }
    }

    @Test(
        "what is no bcrypt hash is refused, not answered with no",
        arguments: [
            "", "*0", "$6$salt$hash",
            "$2b$31$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
            "$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOe!",
            "$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOe",
        ])
    func malformedHashes(hash: String) {
        #expect(throws: PasswordFault.malformedHash) { try Bcrypt.verify([1], hash: hash) }
    }
}
