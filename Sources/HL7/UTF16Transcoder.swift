/// UTF-16 to UTF-8, piece by piece.
///
/// A lone surrogate or a byte too few comes out as bytes that are no UTF-8, so that the text is refused at its
/// place like any other undecodable text.
struct UTF16Transcoder: Sendable {
    enum Endianness: Sendable {
        case big
        case little

        /// Tells by the byte order mark; `nil` when there is none.
        init?(byteOrderMark bytes: [UInt8]) {
            if bytes.starts(with: [0xFE, 0xFF]) {
                self = .big
            } else if bytes.starts(with: [0xFF, 0xFE]) {
                self = .little
            } else {
                return nil
            }
        }

        /// Tells by a header segment's first two letters; no other text begins so.
        init?(header bytes: [UInt8]) {
            let starts: [[UInt8]] = [[0x4D, 0x53], [0x46, 0x48], [0x42, 0x48]]
            if starts.contains(where: { bytes.starts(with: [0, $0[0], 0, $0[1]]) }) {
                self = .big
            } else if starts.contains(where: { bytes.starts(with: [$0[0], 0, $0[1], 0]) }) {
                self = .little
            } else {
                return nil
            }
        }
    }

    private let endianness: Endianness
    private var half: UInt8?
    private var highSurrogate: UInt32?

    init(_ endianness: Endianness) {
        self.endianness = endianness
    }

    mutating func append(_ bytes: ArraySlice<UInt8>, to output: inout [UInt8]) {
        for byte in bytes {
            guard let first = half else {
                half = byte
                continue
            }
            half = nil
            let unit = endianness == .big ? UInt32(first) << 8 | UInt32(byte) : UInt32(byte) << 8 | UInt32(first)
            append(unit, to: &output)
        }
    }

    /// Whatever is left over when the input ends.
    mutating func finish(into output: inout [UInt8]) {
        if let high = highSurrogate { encode(high, to: &output) }
        if half != nil { output.append(0xFF) }
        (highSurrogate, half) = (nil, nil)
    }

    private mutating func append(_ unit: UInt32, to output: inout [UInt8]) {
        if let high = highSurrogate {
            highSurrogate = nil
            if (0xDC00...0xDFFF).contains(unit) {
                encode(0x10000 + (high - 0xD800) << 10 + (unit - 0xDC00), to: &output)
                return
            }
            encode(high, to: &output)
        }
        if (0xD800...0xDBFF).contains(unit) {
            highSurrogate = unit
        } else {
            encode(unit, to: &output)
        }
    }

    private func encode(_ value: UInt32, to output: inout [UInt8]) {
        func low(_ bits: UInt32) -> UInt8 { UInt8(truncatingIfNeeded: 0x80 | bits & 0x3F) }
        switch value {
        case ..<0x80:
            output.append(UInt8(truncatingIfNeeded: value))
        case ..<0x800:
            output.append(UInt8(truncatingIfNeeded: 0xC0 | value >> 6))
            output.append(low(value))
        case ..<0x10000:
            output.append(UInt8(truncatingIfNeeded: 0xE0 | value >> 12))
            output.append(low(value >> 6))
            output.append(low(value))
        default:
            output.append(UInt8(truncatingIfNeeded: 0xF0 | value >> 18))
            output.append(low(value >> 12))
            output.append(low(value >> 6))
            output.append(low(value))
        }
    }
}
