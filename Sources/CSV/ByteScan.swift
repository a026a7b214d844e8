/// Looks through text eight bytes at a time for the few that mean something.
///
/// Each test sets the high bit of a byte that matches. A borrow may set it in a byte after a match too, never before
/// one, so the first bit found is always right.
struct ByteScan {
    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let highBits: UInt64 = 0x8080_8080_8080_8080
    private static let blanks: UInt64 = 0x2020_2020_2020_2020
    private static let quotes = ones &* UInt64(Ascii.quote)
    private static let deletes = ones &* 0x7F

    /// The delimiter in each of the eight bytes; a quote where delimiters are text.
    let delimiters: UInt64

    /// Stops at quotes, control characters and a delimiter.
    init(stoppingAt delimiter: UInt8) {
        delimiters = Self.ones &* UInt64(delimiter)
    }

    /// Goes on from an index to the next byte that means something, or to the end; tells whether it passed over bytes
    /// beyond ASCII.
    @inline(__always)
    func next(_ bytes: Span<UInt8>, from start: Int, passedHighBytes: inout Bool) -> Int {
        var index = start
        let end = bytes.count
        var high: UInt64 = 0
        while index &+ 8 <= end {
            // The load is checked against the span's bounds, and any eight bytes are a number.
            let word = unsafe bytes.bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self).littleEndian
            let found = matches(word)
            if found != 0 {
                let length = found.trailingZeroBitCount &>> 3
                high |= word & ((1 as UInt64) &<< UInt64(length &* 8) &- 1)
                if high & Self.highBits != 0 { passedHighBytes = true }
                return index &+ length
            }
            high |= word
            index &+= 8
        }
        if high & Self.highBits != 0 { passedHighBytes = true }
        let delimiter = UInt8(truncatingIfNeeded: delimiters)
        while index < end {
            let byte = bytes[index]
            if byte < 0x20 || byte == Ascii.quote || byte == delimiter || byte == 0x7F { return index }
            if byte >= 0x80 { passedHighBytes = true }
            index &+= 1
        }
        return index
    }

    /// The high bit of each byte that is a control character, a quote or the delimiter.
    @inline(__always)
    private func matches(_ word: UInt64) -> UInt64 {
        let controls = (word &- Self.blanks) & ~word
        return (controls | zeros(word ^ Self.quotes) | zeros(word ^ delimiters) | zeros(word ^ Self.deletes))
            & Self.highBits
    }

    @inline(__always)
    private func zeros(_ word: UInt64) -> UInt64 {
        (word &- Self.ones) & ~word
    }
}
