/// The range in which a laboratory expects a value, as laboratories write it: `12.0-15.5`, `<5`, `>=1.2`.
struct ReferenceRange {
    /// Thousandths, so that nothing is rounded.
    private let lowest: Int?
    private let highest: Int?
    private let isOpen: Bool

    /// Nil for a range in words, which nobody but a person can judge by.
    init?(_ text: String) {
        let bytes = Array(text.utf8).filter { $0 != UInt8(ascii: " ") }
        if let first = bytes.first, first == UInt8(ascii: "<") || first == UInt8(ascii: ">") {
            let isStrict = bytes.dropFirst().first != UInt8(ascii: "=")
            guard let limit = ReferenceRange.thousandths(bytes.dropFirst(isStrict ? 1 : 2)) else { return nil }
            isOpen = isStrict
            lowest = first == UInt8(ascii: ">") ? limit : nil
            highest = first == UInt8(ascii: "<") ? limit : nil
            return
        }
        guard let dash = bytes.dropFirst().firstIndex(of: UInt8(ascii: "-")),
            let low = ReferenceRange.thousandths(bytes[..<dash]),
            let high = ReferenceRange.thousandths(bytes[(dash + 1)...]), low <= high
        else { return nil }
        (lowest, highest, isOpen) = (low, high, false)
    }

    /// Whether a value lies within; nil for one that is no number.
    func contains(_ text: String) -> Bool? {
        guard let value = ReferenceRange.thousandths(Array(text.utf8).filter { $0 != UInt8(ascii: " ") }[...]) else {
            return nil
        }
        if let lowest, isOpen ? value <= lowest : value < lowest { return false }
        if let highest, isOpen ? value >= highest : value > highest { return false }
        return true
    }

    private static func thousandths(_ bytes: some Collection<UInt8>) -> Int? {
        let parts = bytes.split(separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = parts.first, whole.count <= 9, let units = Digits.value(of: whole) else { return nil }
        guard parts.count > 1 else { return units * 1000 }
        guard (1...3).contains(parts[1].count), var fraction = Digits.value(of: parts[1]) else { return nil }
        for _ in parts[1].count..<3 { fraction *= 10 }
        return units * 1000 + fraction
    }
}
