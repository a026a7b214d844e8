/// The path of a file as the bytes that the kernel takes: names need not be UTF-8, and compare by bytes.
public struct Path: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The bytes of the path, as given.
    public let bytes: [UInt8]

    /// A path of these bytes.
    public init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// A path of the UTF-8 bytes of a text.
    public init(_ text: String) {
        bytes = Array(text.utf8)
    }

    /// The path of an entry of this directory.
    public static func / (directory: Path, name: [UInt8]) -> Path {
        guard let last = directory.bytes.last else { return Path(name) }
        return Path(last == slash ? directory.bytes + name : directory.bytes + [slash] + name)
    }

    /// The path of an entry of this directory.
    public static func / (directory: Path, name: String) -> Path {
        directory / Array(name.utf8)
    }

    /// The bytes after the last slash, trailing slashes aside; empty for the root.
    public var name: [UInt8] {
        let trimmed = withoutTrailingSlashes
        guard let cut = trimmed.lastIndex(of: Path.slash) else { return Array(trimmed) }
        return Array(trimmed[(cut + 1)...])
    }

    /// The directory that holds the entry: "." for a bare name, "/" for the root and for what lies in it.
    public var parent: Path {
        let trimmed = withoutTrailingSlashes
        guard let cut = trimmed.lastIndex(of: Path.slash) else {
            return Path(bytes.first == Path.slash ? "/" : ".")
        }
        let directory = Path(Array(trimmed[..<cut])).withoutTrailingSlashes
        return directory.isEmpty ? Path("/") : Path(Array(directory))
    }

    /// The path for people: bytes outside of `[A-Za-z0-9._/-]` and the space as `\xHH`, so that no name can forge a log.
    public var description: String {
        Path.escape(bytes)
    }

    /// The bytes of a name or path for people, escaped as in `description`.
    public static func escape(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"),
                UInt8(ascii: " "), slash:
                text.append(byte)
            default:
                text += Array("\\x".utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Orders paths by their bytes.
    public static func < (left: Path, right: Path) -> Bool {
        left.bytes.lexicographicallyPrecedes(right.bytes)
    }

    private static let slash = UInt8(ascii: "/")

    private var withoutTrailingSlashes: ArraySlice<UInt8> {
        var slice = bytes[...]
        while slice.last == Path.slash {
            slice = slice.dropLast()
        }
        return slice
    }

    /// Lends the path to a system call; a path with a NUL would name another file than it says.
    func withCString<Result>(
        _ act: FileFault.Act, _ body: (UnsafePointer<CChar>) -> Result
    ) throws(FileFault) -> Result {
        guard !bytes.contains(0) else { throw FileFault(act, self, .hasNUL) }
        let terminated = bytes.map { CChar(bitPattern: $0) } + [0]
        return terminated.withUnsafeBufferPointer { buffer in
            // The buffer has at least its terminator.
            guard let base = buffer.baseAddress else { preconditionFailure("a path without a terminator") }
            return body(base)
        }
    }
}
