/// Goes on to the end of a record that is too long to keep, byte by byte and without memory.
///
/// It follows the same grammar as ``RecordScanner`` as far as the record's end depends on it.
struct RecordSkimmer {
    private enum State {
        case fieldStart
        case unquoted
        case quoted
        case afterQuote
    }

    let delimiter: UInt8
    let lineEnd: Dialect.LineEnd
    /// Where the next byte stands.
    private(set) var place: Place
    /// Where the last quoted field was opened.
    private(set) var openingQuote: Position
    /// Whether the rest of the file belongs to the record.
    private(set) var swallowsRest: Bool
    private var state = State.fieldStart
    private var lastWasCarriageReturn = false

    init(dialect: Dialect, place: Place, swallowsRest: Bool = false) {
        delimiter = dialect.delimiter.rawValue
        lineEnd = dialect.lineEnd
        self.place = place
        self.swallowsRest = swallowsRest
        openingQuote = place.position
    }

    /// Whether the file would end within quotes here.
    var isInQuotes: Bool { state == .quoted }

    /// Takes the next byte; true when it ends the record.
    mutating func feed(_ byte: UInt8) -> Bool {
        defer {
            lastWasCarriageReturn = byte == Ascii.carriageReturn
            place.advance(over: byte)
        }
        if swallowsRest { return false }
        switch (state, byte) {
        case (.fieldStart, Ascii.quote):
            openingQuote = place.position
            state = .quoted
            return false
        case (.quoted, Ascii.quote):
            state = .afterQuote
            return false
        case (.quoted, _):
            return false
        case (.afterQuote, Ascii.quote):
            state = .quoted
            return false
        case (_, delimiter):
            state = .fieldStart
            return false
        case (_, Ascii.lineFeed):
            if lineEnd == .lf || lineEnd == .crlf && lastWasCarriageReturn { return true }
            state = .unquoted
            return false
        case (_, Ascii.carriageReturn):
            if lineEnd == .cr { return true }
            state = .unquoted
            return false
        case (.afterQuote, _):
            if openingQuote.line < place.position.line { swallowsRest = true }
            state = .unquoted
            return false
        default:
            state = .unquoted
            return false
        }
    }
}
