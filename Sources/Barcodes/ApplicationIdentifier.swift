/// A GS1 application identifier: what its element holds.
public struct ApplicationIdentifier: Hashable, Sendable {
    /// One part of an element's content.
    struct Component: Hashable, Sendable {
        /// Which characters it may have.
        var charset: Charset
        var minimum: Int
        var maximum: Int
    }

    /// The character sets of GS1 element strings.
    enum Charset: UInt8, Sendable {
        case digits = 0x4E
        case charset82 = 0x58
        case charset39 = 0x59
        case charset64 = 0x5A

        func contains(_ byte: UInt8) -> Bool {
            switch self {
            case .digits: Symbol.isDigit(byte)
            case .charset82: Symbol.isInCharset82(byte)
            case .charset39: Symbol.isInCharset39(byte)
            case .charset64: Symbol.isInCharset64(byte)
            }
        }
    }

    /// The digits, such as `01` or `3102`.
    public let digits: String
    /// The format as the General Specifications print it, such as `N6` or `X..20`.
    public let format: String
    /// The data title.
    public let title: String
    let components: [Component]

    /// Whether FNC1 must end the element unless it is the last (General Specifications 7.8.5: the others have a
    /// length known from their first two digits).
    public var needsSeparator: Bool {
        !Self.predefinedLengths.contains(String(digits.prefix(2)))
    }

    /// The fewest characters of its content.
    public var minimumLength: Int { components.reduce(0) { $0 + $1.minimum } }
    /// The most characters of its content.
    public var maximumLength: Int { components.reduce(0) { $0 + $1.maximum } }

    private static let predefinedLengths: [String] = [
        "00", "01", "02", "03", "04", "11", "12", "13", "14", "15", "16", "17", "18", "19", "20", "31", "32", "33",
        "34", "35", "36", "41",
    ]

    /// Every application identifier, in the order of the table.
    public static let all: [Self] = ApplicationIdentifierTable.rows.flatMap(expanded)

    private static let byDigits = Dictionary(uniqueKeysWithValues: all.map { ($0.digits, $0) })

    /// The application identifier with these digits, or nil.
    public static func named(_ digits: String) -> Self? {
        byDigits[digits]
    }

    /// The application identifier at the front of an element string, or nil; none is the beginning of another.
    static func leading(_ symbols: ArraySlice<UInt8>) -> Self? {
        for length in 2...4 where symbols.count >= length {
            let digits = symbols.prefix(length)
            guard digits.allSatisfy(Symbol.isDigit) else { return nil }
            if let found = byDigits[Symbol.text(digits)] { return found }
        }
        return nil
    }

    /// A row of the table: `310n` stands for one identifier for each number of decimals, `91-99` for a range.
    private static func expanded(_ row: (digits: String, format: String, title: String)) -> [Self] {
        let components = row.format.split(separator: "+").map(component)
        var names = [row.digits]
        if row.digits.hasSuffix("n") {
            // Six-digit measures have at most five decimals, amounts may be all decimals.
            let decimals = row.digits.hasPrefix("39") ? 0...9 : 0...5
            names = decimals.map { row.digits.dropLast() + "\($0)" }
        } else if let dash = row.digits.firstIndex(of: "-"), let first = Int(row.digits[..<dash]),
            let last = Int(row.digits[row.digits.index(after: dash)...])
        {
            names = (first...last).map { "\($0)" }
        }
        return names.map { Self(digits: $0, format: row.format, title: row.title, components: components) }
    }

    /// `N6` is exact, `X..20` up to so many and at least one, `X0..1` with both ends.
    private static func component(_ text: Substring) -> Component {
        let charset = text.utf8.first.flatMap(Charset.init(rawValue:)) ?? .charset82
        let lengths = text.dropFirst()
        let parts = lengths.split(separator: ".")
        let last = parts.last.flatMap { Int($0) } ?? 0
        if parts.count == 2 {
            return Component(charset: charset, minimum: Int(parts[0]) ?? 0, maximum: last)
        }
        return Component(charset: charset, minimum: lengths.hasPrefix(".") ? 1 : last, maximum: last)
    }
}
