/// How a delimited file separates its fields and ends its lines.
///
/// Both are read off the header row and then required throughout: a file that changes either midway
/// would put values into wrong columns.
public struct Dialect: Hashable, Sendable {
    /// The bytes that may stand between two fields.
    public enum Delimiter: UInt8, CaseIterable, Hashable, Sendable {
        case comma = 0x2C
        case semicolon = 0x3B
        case tab = 0x09
        case pipe = 0x7C
    }

    /// The bytes that may end a record.
    public enum LineEnd: String, CaseIterable, Hashable, Sendable {
        case crlf = "CRLF"
        case lf = "LF"
        case cr = "CR"

        /// The bytes themselves.
        public var bytes: [UInt8] {
            switch self {
            case .crlf: [0x0D, 0x0A]
            case .lf: [0x0A]
            case .cr: [0x0D]
            }
        }
    }

    /// What stands between fields.
    public var delimiter: Delimiter
    /// What ends a record.
    public var lineEnd: LineEnd

    /// Makes a dialect; RFC 4180's own is comma and CRLF.
    public init(delimiter: Delimiter = .comma, lineEnd: LineEnd = .crlf) {
        self.delimiter = delimiter
        self.lineEnd = lineEnd
    }
}

/// The bytes the grammar of delimited text names.
enum Ascii {
    static let nul: UInt8 = 0x00
    static let tab: UInt8 = 0x09
    static let lineFeed: UInt8 = 0x0A
    static let carriageReturn: UInt8 = 0x0D
    static let quote: UInt8 = 0x22
}
