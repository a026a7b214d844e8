/// A JSON value as we write it: whole numbers alone.
package enum JSON: Hashable, Sendable {
    case null
    case flag(Bool)
    case integer(Int64)
    case string(String)
    case array([JSON])
    case object([String: JSON])
}

/// Names of properties as they stand in columns and in JSON.
enum SnakeCase {
    /// `nationalID` becomes `national_id`, `tokenSHA256` becomes `token_sha256`.
    static func name(of property: String) -> String {
        guard property.utf8.contains(where: isUpper) else { return property }
        let bytes = Array(property.utf8)
        var name: [UInt8] = []
        name.reserveCapacity(bytes.count + 4)
        for (position, byte) in bytes.enumerated() {
            guard isUpper(byte) else {
                name.append(byte)
                continue
            }
            let startsWord = position > 0 && !isUpper(bytes[position - 1])
            let endsRun = position > 0 && position + 1 < bytes.count && isLower(bytes[position + 1])
            if startsWord || endsRun { name.append(UInt8(ascii: "_")) }
            name.append(byte + 32)
        }
        return String(decoding: name, as: UTF8.self)
    }

    private static func isUpper(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") }
    private static func isLower(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z") }
}
