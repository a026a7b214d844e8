/// Where the attributes of a start tag stand, namespace declarations passed over; the tag is known to be well-formed.
struct TagPlaces {
    private let tag: ArraySlice<UInt8>
    private let offset: Int
    private var index: Int

    /// The places in a tag that begins with its "<" at this offset and ends before its ">".
    init(tag: ArraySlice<UInt8>, offset: Int) {
        self.tag = tag
        self.offset = offset
        index = tag.startIndex
        skip { !TagPlaces.isSpace($0) && $0 != UInt8(ascii: "/") }
    }

    /// The offset of the next attribute.
    mutating func next() -> Int? {
        while true {
            skip(while: TagPlaces.isSpace)
            let start = index
            skip { $0 != UInt8(ascii: "=") }
            guard index < tag.endIndex else { return nil }
            let name = tag[start..<index].prefix { !TagPlaces.isSpace($0) }
            skip { $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "'") }
            guard index < tag.endIndex else { return nil }
            let quote = tag[index]
            index += 1
            skip { $0 != quote }
            index = min(index + 1, tag.endIndex)
            let xmlns = Array("xmlns".utf8)
            guard name.elementsEqual(xmlns) || name.starts(with: xmlns + [UInt8(ascii: ":")]) else {
                return offset + start - tag.startIndex
            }
        }
    }

    private mutating func skip(while condition: (UInt8) -> Bool) {
        while index < tag.endIndex, condition(tag[index]) {
            index += 1
        }
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
    }
}
