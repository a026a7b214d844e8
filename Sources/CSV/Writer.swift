/// Writes rows as RFC 4180 has them, safe to open in a spreadsheet.
///
/// A text cell that a spreadsheet would take for a formula gets a `'` in front (CWE-1236); quoting alone does not
/// help. Numbers come from typed values and stay numbers. Correction files go back to a machine and use ``verbatim``
/// cells.
public struct Writer: Sendable {
    /// One cell of a row.
    public enum Cell: Hashable, Sendable {
        /// Words; guarded against being taken for a formula.
        case text(String)
        /// A number already written out; not guarded, so that -12.50 stays a number.
        case number(String)
        /// A sender's own words going back to the sender; quoted where needed, never guarded.
        case verbatim([UInt8])
        /// Nothing.
        case empty
    }

    /// The dialect it writes.
    public let dialect: Dialect
    /// What is written so far.
    public private(set) var bytes: [UInt8] = []

    /// Makes a writer; a byte order mark makes spreadsheets read UTF-8 as such.
    public init(dialect: Dialect = Dialect(), byteOrderMark: Bool = false) {
        self.dialect = dialect
        if byteOrderMark { bytes = Encoding.utf8.byteOrderMark }
    }

    /// Writes one row and its line end.
    public mutating func append(_ cells: [Cell]) {
        for (index, cell) in cells.enumerated() {
            if index > 0 { bytes.append(dialect.delimiter.rawValue) }
            switch cell {
            case .text(let text): appendField(Self.guarded(Array(text.utf8)), isAlone: cells.count == 1)
            case .number(let digits): appendField(Array(digits.utf8), isAlone: cells.count == 1)
            case .verbatim(let content): appendField(content, isAlone: cells.count == 1)
            case .empty: appendField([], isAlone: cells.count == 1)
            }
        }
        bytes += dialect.lineEnd.bytes
    }

    /// Takes what is written so far, so that a long file need not be held whole.
    public mutating func take() -> [UInt8] {
        defer { bytes = [] }
        return bytes
    }

    /// The text with a `'` in front where a spreadsheet would take it for a formula.
    ///
    /// A spreadsheet of another country takes other delimiters than the file's, and then sees a cell begin in the
    /// middle of a text: there too a `'` is put in front of a formula's sign.
    public static func guarded(_ text: [UInt8]) -> [UInt8] {
        guard text.contains(where: isSign) || isFormula(text[...]) else { return text }
        var guarded: [UInt8] = []
        guarded.reserveCapacity(text.count + 1)
        var isCellStart = true
        for index in text.indices {
            let byte = text[index]
            if isCellStart, isFormula(text[index...]) {
                // A line break in a text begins a cell only where a sign follows it.
                if index == 0 || !isBreak(byte) { guarded.append(UInt8(ascii: "'")) }
            }
            guarded.append(byte)
            // Quotes in front of a sign go with the cell's own.
            isCellStart = isBreak(byte) || isCellStart && index > 0 && byte == Ascii.quote
        }
        return guarded
    }

    /// Whether the text begins with = + - @ (half or full width), TAB, CR, LF or NUL.
    private static func isFormula(_ text: ArraySlice<UInt8>) -> Bool {
        switch text.first {
        case .some(let byte) where isSign(byte) && byte != 0xEF: true
        case Ascii.tab, Ascii.carriageReturn, Ascii.lineFeed, Ascii.nul: true
        // U+FF1D, U+FF0B, U+FF0D and U+FF20: full-width forms that spreadsheets fold.
        case 0xEF: fullWidthForms.contains(Array(text.prefix(3)))
        default: false
        }
    }

    /// Whether a byte is a formula's sign, or may begin one.
    private static func isSign(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "="), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "@"), 0xEF: true
        default: false
        }
    }

    /// Whether some spreadsheet begins a new cell after the byte.
    private static func isBreak(_ byte: UInt8) -> Bool {
        byte == Ascii.lineFeed || byte == Ascii.carriageReturn
            || Dialect.Delimiter.allCases.contains { $0.rawValue == byte }
    }

    private static let fullWidthForms: [[UInt8]] = [
        [0xEF, 0xBC, 0x9D], [0xEF, 0xBC, 0x8B], [0xEF, 0xBC, 0x8D], [0xEF, 0xBC, 0xA0],
    ]

    private mutating func appendField(_ content: [UInt8], isAlone: Bool) {
        // A single empty field would be a blank line without quotes, and blanks at a field's ends want to be seen.
        let isPadded = content.first == 0x20 || content.last == 0x20
        guard isPadded || content.contains(where: needsQuotes) || isAlone && content.isEmpty else {
            bytes += content
            return
        }
        bytes.append(Ascii.quote)
        for byte in content {
            if byte == Ascii.quote { bytes.append(Ascii.quote) }
            bytes.append(byte)
        }
        bytes.append(Ascii.quote)
    }

    private func needsQuotes(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == Ascii.quote || byte == dialect.delimiter.rawValue
    }
}
