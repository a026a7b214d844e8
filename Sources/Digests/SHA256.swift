internal import COpenSSL

/// The SHA-256 digest (FIPS 180-4), computed by libcrypto.
///
/// A value: a copy goes on hashing from where the original stood. A libcrypto that refuses SHA-256 or memory stops
/// the process: without digests no ledger can be written.
public struct SHA256: Sendable {
    /// The length of a digest in bytes.
    public static let byteCount = 32

    private var state = DigestState()

    /// Starts a digest over no bytes.
    public init() {}

    /// Adds bytes to what is digested.
    public mutating func update(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { update(buffer: $0) }
    }

    /// Adds a slice of bytes to what is digested.
    public mutating func update(_ bytes: ArraySlice<UInt8>) {
        bytes.withUnsafeBytes { update(buffer: $0) }
    }

    /// Adds the bytes of a buffer to what is digested.
    public mutating func update(buffer: UnsafeRawBufferPointer) {
        if !isKnownUniquelyReferenced(&state) {
            state = DigestState(copying: state)
        }
        state.update(buffer)
    }

    /// The digest over the bytes so far; more may be added afterwards.
    public func digest() -> [UInt8] {
        DigestState(copying: state).finish()
    }

    /// The digest over these bytes.
    public static func digest(of bytes: [UInt8]) -> [UInt8] {
        bytes.withUnsafeBytes { digest(ofBuffer: $0) }
    }

    /// The digest over this slice of bytes.
    public static func digest(of bytes: ArraySlice<UInt8>) -> [UInt8] {
        bytes.withUnsafeBytes { digest(ofBuffer: $0) }
    }

    private static func digest(ofBuffer buffer: UnsafeRawBufferPointer) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: byteCount) { output, count in
            let answer = EVP_Digest(
                buffer.baseAddress, buffer.count, output.baseAddress, nil, Algorithm.sha256, nil)
            precondition(answer == 1, "libcrypto refused SHA-256")
            count = byteCount
        }
    }
}

/// The algorithms of libcrypto, looked up once: the look-up costs more than a short digest.
enum Algorithm {
    /// SHA-256; never freed, and read only by libcrypto.
    nonisolated(unsafe) static let sha256 = EVP_MD_fetch(nil, "SHA256", nil)
}

/// A digest context of libcrypto; `SHA256` changes it only while it is the one owner.
private final class DigestState: @unchecked Sendable {
    private let context: OpaquePointer

    init() {
        context = DigestState.newContext()
        precondition(EVP_DigestInit_ex(context, Algorithm.sha256, nil) == 1, "libcrypto refused SHA-256")
    }

    init(copying other: DigestState) {
        context = DigestState.newContext()
        precondition(EVP_MD_CTX_copy_ex(context, other.context) == 1, "libcrypto refused to copy a digest")
    }

    deinit {
        EVP_MD_CTX_free(context)
    }

    func update(_ buffer: UnsafeRawBufferPointer) {
        precondition(EVP_DigestUpdate(context, buffer.baseAddress, buffer.count) == 1, "libcrypto refused bytes")
    }

    func finish() -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: SHA256.byteCount) { output, count in
            precondition(EVP_DigestFinal_ex(context, output.baseAddress, nil) == 1, "libcrypto refused a digest")
            count = SHA256.byteCount
        }
    }

    private static func newContext() -> OpaquePointer {
        guard let context = EVP_MD_CTX_new() else { preconditionFailure("no memory for a digest") }
        return context
    }
}
