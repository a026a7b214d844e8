/// The part of the decoded document that may still be asked for, and where in the document it stands.
///
/// Offsets here count bytes of UTF-8 from the start of the text; positions count lines, characters and bytes of the
/// document in its own encoding.
struct DecodedText {
    var encoding = Encoding.utf8

    private var bytes: [UInt8] = []
    private var first = 0
    private var mark = Mark(offset: 0, position: .start, followsReturn: false)

    /// A place up to which lines and characters are counted.
    private struct Mark {
        var offset: Int
        var position: Position
        var followsReturn: Bool
    }

    /// The offset after the last byte.
    var end: Int { first + bytes.count }

    /// Counts the byte order mark, which is no part of the text.
    mutating func skipByteOrderMark(_ length: Int) {
        mark.position.offset = length
    }

    mutating func append(_ more: [UInt8]) {
        bytes += more
    }

    /// Forgets what is before an offset.
    mutating func discard(before offset: Int) {
        guard offset - first > 64 * 1024 else { return }
        _ = position(at: offset)
        bytes.removeFirst(offset - first)
        first = offset
    }

    subscript(range: Range<Int>) -> ArraySlice<UInt8> {
        bytes[(range.lowerBound - first)..<(range.upperBound - first)]
    }

    subscript(offset: Int) -> UInt8? {
        offset >= first && offset < end ? bytes[offset - first] : nil
    }

    /// The last place of a byte before an offset, no further back than to where was counted last.
    func last(_ byte: UInt8, before offset: Int) -> Int? {
        var index = min(offset, end) - first
        while index > 0 {
            index -= 1
            if bytes[index] == byte {
                return index + first
            }
        }
        return nil
    }

    /// The position of an offset; what was asked for before lies before it.
    mutating func position(at offset: Int) -> Position {
        let target = min(max(offset, mark.offset), end)
        var (line, column, place) = (mark.position.line, mark.position.column, mark.position.offset)
        var followsReturn = mark.followsReturn
        for byte in self[mark.offset..<target] {
            switch byte {
            case 0x0A:
                place += encoding.width(ofCharacterLedBy: byte)
                if !followsReturn {
                    line += 1
                }
                column = 1
            case 0x0D:
                place += encoding.width(ofCharacterLedBy: byte)
                line += 1
                column = 1
            case 0x80..<0xC0:
                continue
            default:
                place += encoding.width(ofCharacterLedBy: byte)
                column += 1
            }
            followsReturn = byte == 0x0D
        }
        let position = Position(line: line, column: column, offset: place)
        mark = Mark(offset: target, position: position, followsReturn: followsReturn)
        return position
    }
}
