/// What the first bytes of a drop say it is; its name says nothing.
package enum Recognition: Hashable, Sendable {
    case hl7
    case xml
    case delimited
    /// A container that is refused by name: an archive, an office file, a PDF, an image.
    case container(String)
    case empty

    /// Looks at the first bytes of a file; a few hundred are enough.
    package init(head: [UInt8]) {
        for (magic, name) in Recognition.containers where head.starts(with: magic) {
            self = .container(name)
            return
        }
        let text = Recognition.plain(head)
        let start = text.drop { $0 == 0x0B || $0 == 0x20 || $0 == 0x09 || $0 == 0x0D || $0 == 0x0A }
        guard let first = start.first else {
            self = .empty
            return
        }
        if first == UInt8(ascii: "<") {
            self = .xml
        } else if Recognition.isHL7(start) {
            self = .hl7
        } else {
            self = .delimited
        }
    }

    /// `MSH`, `FHS` or `BHS` and then a byte that is neither letter nor digit.
    private static func isHL7(_ bytes: ArraySlice<UInt8>) -> Bool {
        let name = String(decoding: bytes.prefix(3), as: UTF8.self)
        guard ["MSH", "FHS", "BHS"].contains(name), let delimiter = bytes.dropFirst(3).first else { return false }
        let isLetter = (0x41...0x5A).contains(delimiter & 0xDF)
        return !isLetter && !(0x30...0x39).contains(delimiter) && delimiter < 0x80
    }

    /// The bytes without a byte order mark and, for UTF-16, without its zero halves.
    static func plain(_ bytes: [UInt8]) -> [UInt8] {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { return Array(bytes.dropFirst(3)) }
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
            return bytes.dropFirst(2).filter { $0 != 0 }
        }
        return bytes
    }

    private static let containers: [([UInt8], String)] = [
        ([0x50, 0x4B, 0x03, 0x04], "a ZIP archive or office file"), ([0x50, 0x4B, 0x05, 0x06], "an empty ZIP archive"),
        ([0x1F, 0x8B], "a gzip archive"), ([0x42, 0x5A, 0x68], "a bzip2 archive"),
        ([0xFD, 0x37, 0x7A, 0x58, 0x5A], "an xz archive"), ([0x28, 0xB5, 0x2F, 0xFD], "a Zstandard archive"),
        ([0x37, 0x7A, 0xBC, 0xAF], "a 7-Zip archive"), ([0x52, 0x61, 0x72, 0x21], "a RAR archive"),
        ([0xD0, 0xCF, 0x11, 0xE0], "an old office file"), ([0x25, 0x50, 0x44, 0x46], "a PDF"),
        ([0x89, 0x50, 0x4E, 0x47], "a PNG image"), ([0xFF, 0xD8, 0xFF], "a JPEG image"),
        ([0x47, 0x49, 0x46, 0x38], "a GIF image"), ([0x7F, 0x45, 0x4C, 0x46], "a program"),
    ]
}

/// Whether a file's end is there, told from its first and last bytes alone: cheap, and asked before it is claimed.
package enum Completeness {
    /// True when the format's end has been written; a file without an end of its own is taken as it lies.
    package static func isComplete(head: [UInt8], tail: [UInt8]) -> Bool {
        let wide = head.starts(with: [0xFF, 0xFE]) || head.starts(with: [0xFE, 0xFF])
        let end = wide ? tail.filter { $0 != 0 } : tail
        switch Recognition(head: head) {
        case .empty: return false
        case .container: return true
        case .delimited: return end.last == 0x0A || end.last == 0x0D
        case .xml: return closesRoot(head: Recognition.plain(head), tail: end)
        case .hl7: return closesEnvelope(head: Recognition.plain(head), tail: end)
        }
    }

    /// A file that opens with FHS ends with an FTS segment, one that opens with BHS with a BTS.
    private static func closesEnvelope(head: [UInt8], tail: [UInt8]) -> Bool {
        let start = head.drop { $0 == 0x0B || $0 == 0x20 || $0 == 0x0D || $0 == 0x0A }
        let name = String(decoding: start.prefix(3), as: UTF8.self)
        guard name != "MSH" else { return true }
        let lines = tail.split { $0 == 0x0D || $0 == 0x0A || $0 == 0x1C || $0 == 0x0B }
        guard let last = lines.last(where: { !$0.isEmpty }) else { return false }
        let trailer = String(decoding: last.prefix(3), as: UTF8.self)
        return name == "FHS" ? trailer == "FTS" : trailer == "BTS" || trailer == "FTS"
    }

    /// The last mark-up of the file closes its root: `</root>`, or the root closes itself.
    private static func closesRoot(head: [UInt8], tail: [UInt8]) -> Bool {
        let visible = Array(tail.reversed().drop { $0 <= 0x20 }.reversed())
        guard visible.last == UInt8(ascii: ">") else { return false }
        guard let open = visible.lastIndex(of: UInt8(ascii: "<")) else { return false }
        let mark = visible[open...]
        if mark.starts(with: "<!--".utf8) || mark.starts(with: "<?".utf8) { return true }
        guard mark.starts(with: "</".utf8) else {
            return mark.dropLast().last == UInt8(ascii: "/") && rootName(head) == name(mark.dropFirst())
        }
        return rootName(head) == name(mark.dropFirst(2))
    }

    /// The first element's name, past the declaration and comments.
    private static func rootName(_ head: [UInt8]) -> [UInt8]? {
        var rest = head[...]
        while let open = rest.firstIndex(of: UInt8(ascii: "<")) {
            rest = rest[open...]
            if rest.starts(with: "<?".utf8) || rest.starts(with: "<!".utf8) {
                guard let close = rest.firstIndex(of: UInt8(ascii: ">")) else { return nil }
                rest = rest[(close + 1)...]
            } else {
                return name(rest.dropFirst())
            }
        }
        return nil
    }

    private static func name(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        Array(bytes.prefix { $0 > 0x20 && $0 != UInt8(ascii: ">") && $0 != UInt8(ascii: "/") })
    }
}
