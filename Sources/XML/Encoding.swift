/// The encodings that a document may be in.
enum Encoding: Equatable {
    case utf8
    case utf16(bigEndian: Bool)
    case singleByte(SingleByteTable)

    /// The encoding of a name from an XML declaration, in any case; nil if it is not taken.
    init?(declared name: [UInt8], bigEndian: Bool?) {
        switch String(decoding: name, as: UTF8.self).lowercased() {
        case "utf-8", "utf8":
            self = .utf8
        case "utf-16", "utf16":
            guard let bigEndian else { return nil }
            self = .utf16(bigEndian: bigEndian)
        case "utf-16le" where bigEndian == false, "utf-16be" where bigEndian == true:
            self = .utf16(bigEndian: bigEndian == true)
        case let name:
            guard let table = SingleByteTable.named(name) else { return nil }
            self = .singleByte(table)
        }
    }

    /// The bytes of the document that this piece of UTF-8 was decoded from.
    func encode(_ text: ArraySlice<UInt8>) -> [UInt8] {
        switch self {
        case .utf8:
            return Array(text)
        case .utf16(let bigEndian):
            var bytes: [UInt8] = []
            bytes.reserveCapacity(text.count * 2)
            for unit in String(decoding: text, as: UTF8.self).utf16 {
                let high = UInt8(unit >> 8)
                let low = UInt8(unit & 0xFF)
                bytes += bigEndian ? [high, low] : [low, high]
            }
            return bytes
        case .singleByte(let table):
            return String(decoding: text, as: UTF8.self).unicodeScalars.map { table.byte(for: $0) }
        }
    }

    /// How many bytes of the document a character has, by the first byte of its UTF-8 form; a byte of UTF-8 at a time
    /// in UTF-8 itself.
    func width(ofCharacterLedBy lead: UInt8) -> Int {
        switch self {
        case .utf8: lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
        case .utf16: lead < 0xF0 ? 2 : 4
        case .singleByte: 1
        }
    }
}

/// An encoding with one byte for each character, the first 128 of them ASCII.
struct SingleByteTable: Equatable {
    /// The characters of the bytes from 0x80; zero where there is none.
    let high: [UInt16]
    private let bytes: [UInt16: UInt8]

    init(_ high: [UInt16]) {
        self.high = high
        let pairs = high.enumerated().filter { $0.element != 0 }.map { ($0.element, UInt8(0x80 + $0.offset)) }
        bytes = Dictionary(pairs) { first, _ in first }
    }

    /// The byte of a character that was decoded by this table.
    func byte(for scalar: Unicode.Scalar) -> UInt8 {
        scalar.isASCII ? UInt8(scalar.value) : bytes[UInt16(truncatingIfNeeded: scalar.value)] ?? UInt8(ascii: "?")
    }
}
