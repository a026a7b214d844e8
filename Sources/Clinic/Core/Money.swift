/// An amount in whole minor units of a currency (cents, pence); never a fraction.
package struct Money: Hashable, Sendable, Comparable, Codable {
    package let minorUnits: Int64

    package init(minorUnits: Int64) {
        self.minorUnits = minorUnits
    }

    package static let zero = Money(minorUnits: 0)

    package static func < (left: Money, right: Money) -> Bool { left.minorUnits < right.minorUnits }
    package static func + (left: Money, right: Money) -> Money { Money(minorUnits: left.minorUnits + right.minorUnits) }
    package static func - (left: Money, right: Money) -> Money { Money(minorUnits: left.minorUnits - right.minorUnits) }
    package static prefix func - (amount: Money) -> Money { Money(minorUnits: -amount.minorUnits) }
    package static func * (amount: Money, count: Int) -> Money { Money(minorUnits: amount.minorUnits * Int64(count)) }
    package static func += (left: inout Money, right: Money) { left = left + right }
    package static func -= (left: inout Money, right: Money) { left = left - right }

    /// A share of the amount in hundredths of a percent, rounded half away from zero to the minor unit.
    package func share(basisPoints: Int) -> Money {
        let product = minorUnits * Int64(basisPoints)
        let half: Int64 = product < 0 ? -5000 : 5000
        return Money(minorUnits: (product + half) / 10_000)
    }

    package init(from decoder: any Decoder) throws {
        self.init(minorUnits: try decoder.singleValueContainer().decode(Int64.self))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(minorUnits)
    }
}

extension Sequence<Money> {
    /// The sum of all amounts.
    package var total: Money { reduce(.zero, +) }
}

/// A currency by its ISO 4217 code and the number of its minor digits.
package struct Currency: Hashable, Sendable, Codable {
    package let code: String
    package let minorDigits: Int

    package init(code: String, minorDigits: Int = 2) {
        self.code = code
        self.minorDigits = minorDigits
    }

    /// None (ISO 4217 XXX): amounts are read where the clinic's own currency could not be.
    package static let unstated = Currency(code: "XXX")

    /// The amount as a plain decimal with a point: `-1234.50`.
    package func decimal(_ amount: Money) -> String {
        let digits = Digits.padded(amount.minorUnits.magnitude, minorDigits + 1)
        let sign = amount.minorUnits < 0 ? "-" : ""
        guard minorDigits > 0 else { return sign + digits }
        return "\(sign)\(digits.dropLast(minorDigits)).\(digits.suffix(minorDigits))"
    }

    /// Reads a plain decimal with at most the currency's minor digits; nil for anything else.
    package func amount(_ text: some StringProtocol) -> Money? {
        var bytes = Array(text.utf8)[...]
        let negative = bytes.first == UInt8(ascii: "-")
        if negative { bytes = bytes.dropFirst() }
        let whole = bytes.prefix { $0 != UInt8(ascii: ".") }
        var fraction = bytes.dropFirst(whole.count)
        guard let units = Digits.value(of: whole), whole.count <= 13 else { return nil }
        var minor = 0
        if !fraction.isEmpty {
            fraction = fraction.dropFirst()
            guard fraction.count <= minorDigits, let value = Digits.value(of: fraction) else { return nil }
            minor = (0..<(minorDigits - fraction.count)).reduce(value) { padded, _ in padded * 10 }
        }
        let scale = (0..<minorDigits).reduce(1) { power, _ in power * 10 }
        let total = Int64(units * scale + minor)
        return Money(minorUnits: negative ? -total : total)
    }
}
