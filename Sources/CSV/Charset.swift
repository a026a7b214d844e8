/// A charset a source may declare for its files.
///
/// Only UTF-8 is assumed; the single-byte ones hold only where someone said so, since any bytes decode in them
/// to something.
public enum Charset: String, CaseIterable, Hashable, Sendable {
    case utf8 = "UTF-8"
    case windows1252 = "windows-1252"
    case iso8859Part1 = "ISO-8859-1"
    case iso8859Part2 = "ISO-8859-2"
    case iso8859Part3 = "ISO-8859-3"
    case iso8859Part4 = "ISO-8859-4"
    case iso8859Part5 = "ISO-8859-5"
    case iso8859Part6 = "ISO-8859-6"
    case iso8859Part7 = "ISO-8859-7"
    case iso8859Part8 = "ISO-8859-8"
    case iso8859Part9 = "ISO-8859-9"
    case iso8859Part10 = "ISO-8859-10"
    case iso8859Part11 = "ISO-8859-11"
    case iso8859Part13 = "ISO-8859-13"
    case iso8859Part14 = "ISO-8859-14"
    case iso8859Part15 = "ISO-8859-15"

    /// Finds a charset by its name, without regard to case, spaces, hyphens and underscores.
    public init?(named name: String) {
        let wanted = Header.normalized(Array(name.utf8))
        for charset in Self.allCases where Header.normalized(Array(charset.rawValue.utf8)) == wanted {
            self = charset
            return
        }
        return nil
    }

    /// The character of a byte, or nil where the charset has none for it.
    func scalar(_ byte: UInt8) -> Unicode.Scalar? {
        if byte < 0x80 { return Unicode.Scalar(byte) }
        if self == .windows1252 && byte < 0xA0 {
            return Self.assigned(CharsetTable.windows1252[Int(byte) - 0x80])
        }
        guard byte >= 0xA0, let table = upperHalf else { return Unicode.Scalar(byte) }
        return Self.assigned(table[Int(byte) - 0xA0])
    }

    private static func assigned(_ value: UInt16) -> Unicode.Scalar? {
        value == 0 ? nil : Unicode.Scalar(value)
    }

    /// The table for bytes A0 to FF, or nil where they are Unicode's own numbers.
    private var upperHalf: [UInt16]? {
        switch self {
        case .utf8, .windows1252, .iso8859Part1: nil
        case .iso8859Part2: CharsetTable.iso8859Part2
        case .iso8859Part3: CharsetTable.iso8859Part3
        case .iso8859Part4: CharsetTable.iso8859Part4
        case .iso8859Part5: CharsetTable.iso8859Part5
        case .iso8859Part6: CharsetTable.iso8859Part6
        case .iso8859Part7: CharsetTable.iso8859Part7
        case .iso8859Part8: CharsetTable.iso8859Part8
        case .iso8859Part9: CharsetTable.iso8859Part9
        case .iso8859Part10: CharsetTable.iso8859Part10
        case .iso8859Part11: CharsetTable.iso8859Part11
        case .iso8859Part13: CharsetTable.iso8859Part13
        case .iso8859Part14: CharsetTable.iso8859Part14
        case .iso8859Part15: CharsetTable.iso8859Part15
        }
    }
}
