/// A place in a file, as a person finds it in an editor and as a program finds it in the bytes.
public struct Position: Hashable, Sendable {
    /// The physical line, from 1.
    public var line: Int
    /// The character (Unicode scalar) in that line, from 1.
    public var column: Int
    /// The byte in the file as it was dropped, from 0, a byte order mark counted.
    public var byteOffset: Int

    /// Makes a place.
    public init(line: Int, column: Int, byteOffset: Int) {
        self.line = line
        self.column = column
        self.byteOffset = byteOffset
    }
}

/// What is wrong with a record or a header, where, and what would mend it.
///
/// The detail is made from the code, counts and column names only. It never quotes a value: faults end up in
/// reports and logs, and the values are patients' data.
public struct Fault: Error, Hashable, Sendable {
    /// The kind of fault.
    public struct Code: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
        /// The code as reports print it.
        public let rawValue: String

        /// Makes a code.
        public init(rawValue: String) {
            self.rawValue = rawValue
        }

        /// The code as reports print it.
        public var description: String { rawValue }
    }

    /// The kind of fault.
    public let code: Code
    /// Where it begins.
    public let position: Position
    /// The number of the field it is in, from 1, where it is in one.
    public let field: Int?
    /// The fault and its remedy, in words.
    public let detail: String

    /// Makes a fault.
    public init(_ code: Code, at position: Position, field: Int? = nil, detail: String) {
        self.code = code
        self.position = position
        self.field = field
        self.detail = detail
    }

    /// The physical line, from 1.
    public var line: Int { position.line }
    /// The character in that line, from 1.
    public var column: Int { position.column }
    /// The byte in the file, from 0.
    public var byteOffset: Int { position.byteOffset }
}

extension Fault.Code {
    /// A record has fewer or more fields than the header names.
    public static let fieldCount = Self(rawValue: "csv.field-count")
    /// A quoted field never closes, so the rest of the file is one record.
    public static let unclosedQuote = Self(rawValue: "csv.unclosed-quote")
    /// A quote stands inside a field that does not begin with one.
    public static let strayQuote = Self(rawValue: "csv.stray-quote")
    /// Something other than a delimiter or a line end follows a closing quote.
    public static let textAfterQuote = Self(rawValue: "csv.text-after-quote")
    /// A control character stands in a field.
    public static let controlCharacter = Self(rawValue: "csv.control-character")
    /// A line ends otherwise than the header row.
    public static let mixedLineEnds = Self(rawValue: "csv.mixed-line-ends")
    /// The next line may be the rest of this record's last field.
    public static let uncertainEnd = Self(rawValue: "csv.uncertain-end")
    /// A blank follows every delimiter of a record, and nobody can tell whether it belongs to the values.
    public static let blankAfterDelimiter = Self(rawValue: "csv.blank-after-delimiter")
    /// A line between records is empty.
    public static let blankLine = Self(rawValue: "csv.blank-line")
    /// A record repeats the header row.
    public static let repeatedHeader = Self(rawValue: "csv.repeated-header")
    /// A record is longer than the reader's limit.
    public static let recordTooLong = Self(rawValue: "csv.record-too-long")
    /// Two columns of the header have the same name.
    public static let duplicateColumn = Self(rawValue: "csv.duplicate-column")
    /// A column that is required is not in the header.
    public static let missingColumn = Self(rawValue: "csv.missing-column")
    /// A column of the header has no name.
    public static let emptyColumnName = Self(rawValue: "csv.empty-column-name")
    /// The file has no header row.
    public static let noHeader = Self(rawValue: "csv.no-header")
    /// Bytes are not text in the file's charset.
    public static let undecodable = Self(rawValue: "text.undecodable")
    /// The file looks like UTF-16 but has no byte order mark.
    public static let utf16 = Self(rawValue: "text.utf-16")
    /// The file is UTF-32.
    public static let utf32 = Self(rawValue: "text.utf-32")
    /// A NUL byte stands in the text.
    public static let nul = Self(rawValue: "text.nul")

    /// A field that must say something is empty.
    public static let emptyValue = Self(rawValue: "csv.empty-value")
    /// A field is no whole number.
    public static let notAnInteger = Self(rawValue: "csv.not-an-integer")
    /// A field is no decimal number.
    public static let notADecimal = Self(rawValue: "csv.not-a-decimal")
    /// A field is no date.
    public static let notADate = Self(rawValue: "csv.not-a-date")
    /// A field is no time.
    public static let notATime = Self(rawValue: "csv.not-a-time")
    /// A field is neither yes nor no.
    public static let notAFlag = Self(rawValue: "csv.not-a-flag")

    /// Every code this module gives, in the order of the documentation.
    public static let all: [Self] =
        [
            .fieldCount, .unclosedQuote, .strayQuote, .textAfterQuote, .controlCharacter, .mixedLineEnds,
            .uncertainEnd, .blankAfterDelimiter, .blankLine,
            .repeatedHeader, .recordTooLong, .duplicateColumn, .missingColumn, .emptyColumnName, .noHeader,
            .undecodable, .utf16, .utf32, .nul,
            .emptyValue, .notAnInteger, .notADecimal, .notADate, .notATime, .notAFlag,
        ] + SpreadsheetHabit.allCases.map(\.code)
}

/// Why a whole file cannot be read: its header row, or its text, is at fault.
public struct Refusal: Error, Hashable, Sendable {
    /// What is wrong, in the order of the file; never empty.
    public let faults: [Fault]

    /// Makes a refusal.
    public init(_ faults: [Fault]) {
        self.faults = faults
    }
}
