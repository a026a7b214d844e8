import Clinic

/// Finds the numbers of bills in what a payer wrote: `B-000041`, `b 000041`, `B000041`, `RF93B000041`.
///
/// Six digits at least, as bills print them, and neither letter nor digit beside them: a number that could be
/// anything else is none. The same number found twice is one.
enum BillReference {
    static func bills(in text: String) -> [BillNumber] {
        var found: [BillNumber] = []
        let body = creditorReference(text) ?? text
        for number in numbers(in: Array(body.utf8), after: Array("B".utf8)) where number.count <= 12 {
            guard let sequence = Digits.value(of: number), sequence > 0 else { continue }
            let bill = BillNumber(sequence: Int64(sequence))
            if !found.contains(bill) { found.append(bill) }
        }
        return found
    }

    /// The patient's number, where the payer wrote that it is one: `MRN 10000016`.
    static func patient(in text: String) -> MRN? {
        numbers(in: Array(text.utf8), after: Array("MRN".utf8)).map { MRN(String(decoding: $0, as: UTF8.self)) }
            .first { $0.isWellFormed }
    }

    /// What an ISO 11649 creditor reference carries behind its check digits; nil if it is none or they are wrong.
    static func creditorReference(_ text: String) -> String? {
        let bytes = text.utf8.filter { $0 > 0x20 }.map { upper($0) }
        guard (5...25).contains(bytes.count), bytes.starts(with: Array("RF".utf8)) else { return nil }
        var remainder = 0
        for byte in bytes.dropFirst(4) + bytes.prefix(4) {
            switch byte {
            case 0x30...0x39: remainder = (remainder * 10 + Int(byte - 0x30)) % 97
            case 0x41...0x5A: remainder = (remainder * 100 + Int(byte - 0x41) + 10) % 97
            default: return nil
            }
        }
        return remainder == 1 ? String(decoding: bytes.dropFirst(4), as: UTF8.self) : nil
    }

    /// Runs of six digits or more that stand alone after a word and at most a few marks.
    private static func numbers(in bytes: [UInt8], after word: [UInt8]) -> [[UInt8]] {
        var found: [[UInt8]] = []
        for start in bytes.indices where start + word.count < bytes.count {
            let end = start + word.count
            guard bytes[start..<end].map({ upper($0) }) == word, start == 0 || !isWordByte(bytes[start - 1]) else {
                continue
            }
            let marks = bytes[end...].prefix(3).prefix { " -.:/#".utf8.contains($0) }
            let digits = bytes[(end + marks.count)...].prefix { (0x30...0x39).contains($0) }
            let after = digits.endIndex
            guard digits.count >= 6, after == bytes.count || !isWordByte(bytes[after]) else { continue }
            found.append(Array(digits))
        }
        return found
    }

    private static func upper(_ byte: UInt8) -> UInt8 { (0x61...0x7A).contains(byte) ? byte - 32 : byte }

    /// Letters and digits, of any script.
    private static func isWordByte(_ byte: UInt8) -> Bool {
        byte >= 0x80 || (0x30...0x39).contains(byte) || (0x41...0x5A).contains(upper(byte))
    }
}
