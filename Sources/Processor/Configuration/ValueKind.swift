import CSV
import Clinic

/// How one kind of value is written in the clinic's files; no value is ever guessed from another shape.
struct ValueKind<Value>: Sendable {
    /// In words, for the fault: `a whole number from 1 to 24`.
    let expected: String
    let read: @Sendable (String) -> Value?
}

extension ValueKind where Value == String {
    static let text = ValueKind(expected: "a text") { $0.allSatisfy(\.isWhitespace) ? nil : $0 }

    /// A text with the blank lines around it taken away.
    static let paragraph = ValueKind(expected: "a text") { text in
        let kept = text.drop(while: \.isWhitespace)
        guard let last = kept.lastIndex(where: { !$0.isWhitespace }) else { return nil }
        return String(kept[...last])
    }

    /// What entries name in their fields: no blanks, no separators of lists, nothing but ASCII.
    static let code = ValueKind(expected: "a code of capital letters, digits, `-`, `_` and `.`") { text in
        !text.isEmpty && text.utf8.count <= 40 && text.utf8.allSatisfy(isCodeByte) ? text : nil
    }

    /// The name of a folder.
    static let folder = ValueKind(expected: "a folder's name of small letters, digits and `-`") { text in
        let isPlain = text.utf8.allSatisfy { byte in
            (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || byte == UInt8(ascii: "-")
        }
        return !text.isEmpty && isPlain && text.utf8.first != UInt8(ascii: "-") ? text : nil
    }

    static let charset = ValueKind(
        expected: "one of \(Charset.allCases.map(\.rawValue).joined(separator: ", "))"
    ) { Charset(named: $0)?.rawValue }

    /// HL7 table 0003.
    static let event = ValueKind(expected: "an HL7 event such as A02") { text in
        let bytes = Array(text.utf8)
        guard bytes.count == 3, (0x41...0x5A).contains(bytes[0]), Digits.value(of: bytes[1...]) != nil else {
            return nil
        }
        return text
    }

    static let country = ValueKind(expected: "a country's two letters (ISO 3166), such as GB") { text in
        text.utf8.count == 2 && text.utf8.allSatisfy { (0x41...0x5A).contains($0) } ? text : nil
    }

    private static func isCodeByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."): true
        default: false
        }
    }
}

extension ValueKind where Value == Int {
    static func number(_ range: ClosedRange<Int>) -> ValueKind {
        ValueKind(expected: "a whole number from \(range.lowerBound) to \(range.upperBound)") { text in
            // A leading zero would be octal to some readers of YAML.
            Digits.value(of: text.utf8).flatMap { range.contains($0) && text == String($0) ? $0 : nil }
        }
    }

    /// Minutes of the day.
    static let clock = ValueKind(expected: "a time of day as HH:MM") { text in
        let bytes = Array(text.utf8)
        guard bytes.count == 5, bytes[2] == UInt8(ascii: ":"), let hour = Digits.value(of: bytes[0..<2]),
            let minute = Digits.value(of: bytes[3...]), hour < 24 && minute < 60 || hour == 24 && minute == 0
        else { return nil }
        return hour * 60 + minute
    }

    /// Minutes of the day, counted on after midnight.
    static let closing = ValueKind(expected: "a time of day as HH:MM (26:00 is two at night)") { text in
        let bytes = Array(text.utf8)
        guard bytes.count == 5, bytes[2] == UInt8(ascii: ":"), let hour = Digits.value(of: bytes[0..<2]),
            let minute = Digits.value(of: bytes[3...]), hour < 36 && minute < 60
        else { return nil }
        return hour * 60 + minute
    }

    /// 1 is Monday (ISO 8601).
    static let weekday = ValueKind(expected: "one of \(weekdays.joined(separator: ", "))") { text in
        weekdays.firstIndex(of: text).map { $0 + 1 }
    }

    private static var weekdays: [String] { ["MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"] }
}

extension ValueKind where Value == Bool {
    static let flag = ValueKind(expected: "true or false") { ["true": true, "false": false][$0] }
}

extension ValueKind where Value == CalendarDate {
    static let date = ValueKind(expected: "a day of the calendar as YYYY-MM-DD") { CalendarDate($0) }
}

extension ValueKind where Value == Money {
    static func money(_ currency: Currency) -> ValueKind {
        ValueKind(expected: "an amount such as \(currency.decimal(Money(minorUnits: 125_000)))") { text in
            currency.amount(text).flatMap { $0 < .zero ? nil : $0 }
        }
    }
}

extension ValueKind where Value == ZoneRules {
    static let zone = ValueKind(expected: "a time zone's IANA name, such as Europe/London") { ZoneRules(named: $0) }
}

extension ValueKind where Value == Currency {
    static let currency = ValueKind(expected: "a currency's three letters (ISO 4217), such as GBP") { text in
        guard text.utf8.count == 3, text.utf8.allSatisfy({ (0x41...0x5A).contains($0) }) else { return nil }
        return Currency(code: text, minorDigits: Self.minorDigits(of: text))
    }

    /// ISO 4217 list one: those that have not two minor digits.
    private static func minorDigits(of code: String) -> Int {
        switch code {
        case "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF",
            "XPF":
            0
        case "BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND": 3
        default: 2
        }
    }
}

extension ValueKind where Value: RawRepresentable<String> & Sendable {
    static func choice(_ values: [Value]) -> ValueKind {
        ValueKind(expected: "one of \(values.map(\.rawValue).joined(separator: ", "))") { text in
            values.first { $0.rawValue == text }
        }
    }
}
