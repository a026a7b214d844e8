/// The code units of a file that came in: bytes, or pairs of them where it is in UTF-16.
struct CodeUnits {
    private enum Width { case one, bigEndian, littleEndian }
    private let width: Width

    /// Told from the first bytes of a file: a byte order mark, or a known first character beside a zero byte.
    init(of opening: [UInt8]) {
        switch (opening.first, opening.dropFirst().first) {
        case (0xFF, 0xFE): width = .littleEndian
        case (0xFE, 0xFF): width = .bigEndian
        case (.some(let first), 0) where first != 0: width = .littleEndian
        case (0, .some(let second)) where second != 0: width = .bigEndian
        default: width = .one
        }
    }

    func read(_ bytes: [UInt8]) -> [UInt16] {
        guard width != .one else { return bytes.map { UInt16($0) } }
        return stride(from: 0, to: bytes.count - bytes.count % 2, by: 2).map { index in
            let (first, second) = (UInt16(bytes[index]), UInt16(bytes[index + 1]))
            return width == .bigEndian ? first << 8 | second : second << 8 | first
        }
    }

    func write(_ units: some Sequence<UInt16>) -> [UInt8] {
        switch width {
        case .one: units.map { UInt8(truncatingIfNeeded: $0) }
        case .bigEndian: units.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
        case .littleEndian: units.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        }
    }

    /// Words of ours for a file whose character set is not known: plain ASCII, in one line.
    static func ascii(_ text: String) -> [UInt16] {
        text.unicodeScalars.map { scalar in
            switch scalar.value {
            case 0x20..<0x7F: UInt16(scalar.value)
            case 0..<0x20, 0x7F..<0xA0: 0x20
            case 0x2018, 0x2019: 0x27
            case 0x201C, 0x201D: 0x22
            case 0x2010...0x2015: 0x2D
            default: 0x3F
            }
        }
    }

    static func isLineEnd(_ unit: UInt16) -> Bool { unit == 0x0A || unit == 0x0D }
}

extension Array where Element == UInt16 {
    /// Without the line ends at its end.
    var withoutLineEnd: ArraySlice<UInt16> { dropLast(reversed().prefix { CodeUnits.isLineEnd($0) }.count) }

    /// The last place of a run of units.
    func lastRange(of run: [UInt16]) -> Range<Int>? {
        guard !run.isEmpty, count >= run.count else { return nil }
        return stride(from: count - run.count, through: 0, by: -1)
            .first { self[$0..<($0 + run.count)].elementsEqual(run) }
            .map { $0..<($0 + run.count) }
    }
}
