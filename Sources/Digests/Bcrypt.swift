internal import CCrypt

/// Why a password could not be hashed or compared.
public enum PasswordFault: Error, Equatable, Sendable {
    /// The password has more than the 72 bytes that bcrypt looks at.
    case tooLong
    /// The password has a NUL, where bcrypt would stop reading.
    case hasNUL
    /// The cost is outside of `Bcrypt.costs`.
    case costOutOfRange(Int)
    /// The salt does not have 16 bytes.
    case saltLength(Int)
    /// The stored hash is no bcrypt hash.
    case malformedHash
    /// The crypt library refused, with its error number.
    case library(Int32)
}

/// Password hashes by bcrypt ("$2b$"), computed by libxcrypt.
///
/// Blocks its thread on purpose, for a quarter of a second at cost 12: call it on a thread of its own, never on the
/// cooperative pool. Safe to call from several threads at once.
public enum Bcrypt {
    /// The costs that are taken, each the logarithm of the number of rounds.
    ///
    /// A higher one would hold a thread for minutes.
    public static let costs = 4...16

    /// The length of a salt in bytes.
    public static let saltLength = 16

    /// The length in bytes beyond which a password is refused, because bcrypt would ignore the rest.
    public static let longestPassword = 72

    /// The hash of a password under a fresh salt, which the caller draws at random.
    public static func hash(_ password: [UInt8], cost: Int, salt: [UInt8]) throws(PasswordFault) -> String {
        guard costs.contains(cost) else { throw .costOutOfRange(cost) }
        guard salt.count == saltLength else { throw .saltLength(salt.count) }
        var setting = [CChar](repeating: 0, count: Int(CRYPT_GENSALT_OUTPUT_SIZE))
        let made = salt.withUnsafeBytes { bytes in
            crypt_gensalt_rn(
                "$2b$", UInt(cost), bytes.bindMemory(to: CChar.self).baseAddress, Int32(bytes.count), &setting,
                Int32(setting.count))
        }
        guard made != nil else { throw .library(0) }
        return String(decoding: try crypt(password, setting: setting), as: UTF8.self)
    }

    /// Tells whether a password belongs to a stored hash.
    public static func verify(_ password: [UInt8], hash: String) throws(PasswordFault) -> Bool {
        let stored = Array(hash.utf8)
        guard isWellFormed(stored) else { throw .malformedHash }
        let computed = try crypt(password, setting: stored.map { CChar(bitPattern: $0) } + [0])
        return constantTimeEqual(computed, stored)
    }

    /// Whether this is "$2a$", "$2b$" or "$2y$", a cost that we take, "$", and 53 digits of bcrypt's own base 64.
    private static func isWellFormed(_ hash: [UInt8]) -> Bool {
        guard hash.count == 60, hash.starts(with: Array("$2".utf8)), Array("aby".utf8).contains(hash[2]) else {
            return false
        }
        guard hash[3] == UInt8(ascii: "$"), hash[6] == UInt8(ascii: "$") else { return false }
        guard let cost = Int(String(decoding: hash[4..<6], as: UTF8.self)), costs.contains(cost) else { return false }
        return hash[7...].allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: ".")...UInt8(ascii: "9"):
                true
            default: false
            }
        }
    }

    private static func crypt(_ password: [UInt8], setting: [CChar]) throws(PasswordFault) -> [UInt8] {
        guard password.count <= longestPassword else { throw .tooLong }
        guard !password.contains(0) else { throw .hasNUL }
        var phrase = password.map { CChar(bitPattern: $0) } + [0]
        var output = [CChar](repeating: 0, count: Int(CRYPT_OUTPUT_SIZE))
        let answer = suture_crypt(phrase, setting, &output, output.count)
        suture_wipe(&phrase, phrase.count)
        guard answer == 0 else { throw .library(answer) }
        return output.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    }
}
