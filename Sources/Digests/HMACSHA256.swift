internal import COpenSSL

/// The keyed digest HMAC-SHA-256 (RFC 2104), computed by libcrypto.
public struct HMACSHA256: Sendable {
    private let key: [UInt8]

    /// A code under this key.
    public init(key: [UInt8]) {
        self.key = key
    }

    /// The 32 bytes of the code over a message.
    public func code(for message: [UInt8]) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: SHA256.byteCount) { output, count in
            let answer = HMAC(
                Algorithm.sha256, key, Int32(key.count), message, message.count, output.baseAddress, nil)
            precondition(answer != nil, "libcrypto refused HMAC-SHA-256")
            count = SHA256.byteCount
        }
    }

    /// Tells whether a code is the one for a message, in a time that does not depend on where they differ.
    public func isValid(_ code: [UInt8], for message: [UInt8]) -> Bool {
        constantTimeEqual(code, self.code(for: message))
    }
}

/// Compares secrets in a time that depends on their length alone.
public func constantTimeEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    left.count == right.count && CRYPTO_memcmp(left, right, left.count) == 0
}
