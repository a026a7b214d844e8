/// The check digit of GS1 keys (General Specifications 7.9.1): weights 3 and 1 from the right, modulo 10.
public enum CheckDigit {
    /// The check digit for a key without one; nil when the characters are not all digits.
    public static func digit(for body: String) -> Character? {
        guard let value = value(for: Array(body.utf8)) else { return nil }
        return Character(Unicode.Scalar(value))
    }

    /// Whether a key ends with its check digit.
    public static func isValid(_ key: String) -> Bool {
        isValid(Array(key.utf8))
    }

    static func isValid(_ key: [UInt8]) -> Bool {
        guard let last = key.last, key.count > 1 else { return false }
        return value(for: Array(key.dropLast())) == last
    }

    static func value(for body: [UInt8]) -> UInt8? {
        guard !body.isEmpty, body.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        var sum = 0
        for (index, byte) in body.reversed().enumerated() {
            sum += Int(byte - 0x30) * (index.isMultiple(of: 2) ? 3 : 1)
        }
        return 0x30 + UInt8((10 - sum % 10) % 10)
    }
}

/// A Global Trade Item Number of 8, 12, 13 or 14 digits.
public enum GTIN {
    /// The number as 14 digits, zeros in front; nil when its length, a character or the check digit is wrong.
    public static func normalized(_ number: String) -> String? {
        let digits = Array(number.utf8)
        guard isLength(digits.count), CheckDigit.isValid(digits) else { return nil }
        return padded(digits)
    }

    /// Whether the number is a GTIN with its right check digit.
    public static func isValid(_ number: String) -> Bool {
        normalized(number) != nil
    }

    static func isLength(_ count: Int) -> Bool {
        [8, 12, 13, 14].contains(count)
    }

    static func padded(_ digits: [UInt8]) -> String {
        String(repeating: "0", count: max(0, 14 - digits.count)) + String(decoding: digits, as: UTF8.self)
    }
}
