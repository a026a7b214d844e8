/// What a number looks like that is not written the one way it is read.
struct NumberShape {
    private let content: [UInt8]
    /// The content without sign, brackets, currency and percent.
    private let core: [UInt8]
    let hasCurrency: Bool
    let hasPlus: Bool
    let isPercent: Bool
    let isAccountingNegative: Bool

    init(_ content: [UInt8]) {
        self.content = content
        var core = content
        var hasCurrency = false
        for sign in Self.currencies {
            if core.starts(with: sign) {
                core = Self.trimmed(Array(core.dropFirst(sign.count)))
                hasCurrency = true
            } else if core.reversed().starts(with: sign.reversed()) {
                core = Self.trimmed(Array(core.dropLast(sign.count)))
                hasCurrency = true
            }
        }
        if core.last == UInt8(ascii: "%") {
            isPercent = true
            core = Self.trimmed(Array(core.dropLast()))
        } else {
            isPercent = false
        }
        hasPlus = core.first == UInt8(ascii: "+")
        if core.first == UInt8(ascii: "("), core.last == UInt8(ascii: ")") {
            core = Array(core.dropFirst().dropLast())
            isAccountingNegative = core.first.map(Self.isDigit) ?? false
        } else if core.count > 1, core.last == UInt8(ascii: "-") {
            core.removeLast()
            isAccountingNegative = core.first.map(Self.isDigit) ?? false
        } else {
            isAccountingNegative = false
        }
        if core.first == UInt8(ascii: "-") || core.first == UInt8(ascii: "+") { core.removeFirst() }
        self.core = core
        self.hasCurrency = hasCurrency && core.contains(where: Self.isDigit)
    }

    var isDigits: Bool { !content.isEmpty && content.allSatisfy(Self.isDigit) }

    /// Digits, a point or comma and digits or not, E, a sign or not, digits.
    var isScientific: Bool {
        guard let mark = core.firstIndex(where: { $0 | 0x20 == UInt8(ascii: "e") }) else { return false }
        let exponent = core[(mark + 1)...]
        let digits =
            exponent.first == UInt8(ascii: "+") || exponent.first == UInt8(ascii: "-")
            ? exponent.dropFirst() : exponent
        let mantissa = core[..<mark].split(omittingEmptySubsequences: false) {
            $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: ",")
        }
        return (1...3).contains(digits.count) && digits.allSatisfy(Self.isDigit) && mantissa.count <= 2
            && mantissa.allSatisfy { !$0.isEmpty && $0.allSatisfy(Self.isDigit) }
    }

    /// Digits and a fraction of zeros.
    var isDecimalInteger: Bool {
        let parts = core.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return parts.count == 2 && !parts[0].isEmpty && parts[0].allSatisfy(Self.isDigit) && !parts[1].isEmpty
            && parts[1].allSatisfy { $0 == UInt8(ascii: "0") }
    }

    /// One to three digits, then groups of three behind one separator, then a fraction behind another or none.
    var isGrouped: Bool {
        let text = Self.plain(core)
        for separator in [UInt8(ascii: ","), UInt8(ascii: "."), UInt8(ascii: "'"), UInt8(ascii: " ")] {
            guard text.contains(separator) else { continue }
            let groups = text.split(separator: separator, omittingEmptySubsequences: false)
            guard let first = groups.first, (1...3).contains(first.count), first.allSatisfy(Self.isDigit),
                let last = groups.last
            else { continue }
            let middle = groups.dropFirst().dropLast()
            let tail = last.split(omittingEmptySubsequences: false) {
                $0 != separator && ($0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "."))
            }
            guard tail.count <= 2, tail.allSatisfy({ $0.allSatisfy(Self.isDigit) }), tail[0].count == 3,
                middle.allSatisfy({ $0.count == 3 && $0.allSatisfy(Self.isDigit) })
            else { continue }
            return true
        }
        return false
    }

    /// Digits, one comma, digits.
    var isDecimalComma: Bool {
        let parts = core.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
        return parts.count == 2 && parts.allSatisfy { !$0.isEmpty && $0.allSatisfy(Self.isDigit) }
    }

    /// The content without blanks, no-break blanks and zero-width marks at its ends.
    static func trimmed(_ content: [UInt8]) -> [UInt8] {
        var rest = content[...]
        var isShorter = true
        while isShorter {
            isShorter = false
            for blank in blanks where !rest.isEmpty {
                if rest.starts(with: blank) {
                    rest = rest.dropFirst(blank.count)
                    isShorter = true
                } else if rest.reversed().starts(with: blank.reversed()) {
                    rest = rest.dropLast(blank.count)
                    isShorter = true
                }
            }
        }
        return Array(rest)
    }

    /// The content with its no-break and thin blanks as blanks.
    private static func plain(_ content: [UInt8]) -> [UInt8] {
        var text: [UInt8] = []
        var rest = content[...]
        while let byte = rest.first {
            if let blank = blanks.first(where: { rest.starts(with: $0) }) {
                text.append(0x20)
                rest = rest.dropFirst(blank.count)
            } else {
                text.append(byte)
                rest = rest.dropFirst()
            }
        }
        return text
    }

    static func isDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte)
    }

    private static let currencies = ["€", "$", "£", "¥", "CHF", "EUR", "USD", "GBP", "zł", "Kč", "kr", "₹", "₽"].map {
        Array($0.utf8)
    }
    /// Blank, tab, U+00A0, U+202F, U+2009, U+200B, U+FEFF.
    private static let blanks: [[UInt8]] = [
        [0x20], [0x09], [0xC2, 0xA0], [0xE2, 0x80, 0xAF], [0xE2, 0x80, 0x89], [0xE2, 0x80, 0x8B], [0xEF, 0xBB, 0xBF],
    ]
}

/// What a date looks like that is not `YYYY-MM-DD`.
struct DateShape {
    private let content: [UInt8]

    init(_ content: [UInt8]) {
        self.content = content
    }

    /// Five digits, and a fraction for the time of day or none.
    var isSerial: Bool {
        let parts = content.split(omittingEmptySubsequences: false) {
            $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: ",")
        }
        return parts.count <= 2 && parts[0].count == 5
            && parts.allSatisfy { !$0.isEmpty && $0.allSatisfy(NumberShape.isDigit) }
    }

    /// A word of three letters or more that begins as a month does in English, German, French, Spanish or Italian.
    var hasMonthName: Bool {
        let words = content.split { !(0x41...0x5A).contains($0 & 0xDF) && $0 < 0x80 }
        return content.contains(where: NumberShape.isDigit)
            && words.contains { word in
                let start = word.prefix(3).map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
                return word.count >= 3 && Self.months.contains(start)
            }
    }

    /// Three numbers (or two) between `/`, `.` or `-` that are not year, month, day with four and two digits.
    var isRegional: Bool {
        let date = content.prefix { $0 != 0x20 && $0 != UInt8(ascii: "T") }
        for separator in [UInt8(ascii: "/"), UInt8(ascii: "."), UInt8(ascii: "-")] {
            let parts = date.split(separator: separator, omittingEmptySubsequences: false)
            guard (2...3).contains(parts.count), parts.allSatisfy({ $0.allSatisfy(NumberShape.isDigit) }) else {
                continue
            }
            let lengths = parts.map(\.count)
            let isISO = separator == UInt8(ascii: "-") && lengths == [4, 2, 2]
            return !isISO && lengths.allSatisfy { (1...2).contains($0) || $0 == 4 }
        }
        return false
    }

    /// `YYYY-MM-DD`, then a blank or `T`, and more.
    var isDateTime: Bool {
        content.count > 11 && (content[10] == 0x20 || content[10] == UInt8(ascii: "T"))
            && ValueText.day(Array(content[..<10]).span) != nil
    }

    private static let months = Set(
        [
            "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec", "mai", "okt", "dez",
            "jui", "avr", "aoû", "fév", "déc", "ene", "abr", "ago", "dic", "gen", "mag", "giu", "lug", "set", "ott",
            "mär",
        ].map { Array(Array($0.utf8).prefix(3)) })
}
