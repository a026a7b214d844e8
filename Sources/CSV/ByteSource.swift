/// The bytes of a file as text: byte order mark taken off, UTF-16 made UTF-8.
struct ByteSource {
    /// How the file is encoded.
    private(set) var encoding: Encoding
    /// The byte order mark the file began with, or nothing.
    private(set) var byteOrderMark: [UInt8] = []

    private let read: (Int) throws -> [UInt8]
    private var pending: [UInt8] = []
    private var transcoder: UTF16Transcoder?
    private var isAtEnd = false

    /// How many bytes are looked at to tell the encoding.
    private static let sniffLength = 64

    /// Looks at the beginning of the file; a file that names itself unreadable is refused.
    init(charset: Charset, read: @escaping (Int) throws -> [UInt8]) throws {
        self.read = read
        encoding = charset == .utf8 ? .utf8 : .singleByte(charset)
        while pending.count < Self.sniffLength && !isAtEnd {
            let piece = try read(Self.sniffLength - pending.count)
            isAtEnd = piece.isEmpty
            pending += piece
        }
        try recognize()
    }

    private mutating func recognize() throws(Refusal) {
        if pending.starts(with: [0xFF, 0xFE, 0x00, 0x00]) || pending.starts(with: [0x00, 0x00, 0xFE, 0xFF]) {
            throw Self.refusal(.utf32, "the file is UTF-32; save it as UTF-8")
        }
        for candidate in [Encoding.utf8, .utf16LittleEndian, .utf16BigEndian]
        where pending.starts(with: candidate.byteOrderMark) {
            // The mark is unmistakable, so it stands above a declared charset.
            encoding = candidate
            byteOrderMark = candidate.byteOrderMark
            pending.removeFirst(byteOrderMark.count)
            if candidate.isUTF16 {
                transcoder = UTF16Transcoder(isLittleEndian: candidate == .utf16LittleEndian)
            }
            return
        }
        let zeros = pending.prefix(4).map { $0 == 0 }
        if zeros == [false, true, false, true] || zeros == [true, false, true, false] {
            throw Self.refusal(.utf16, "the file looks like UTF-16 without a byte order mark; save it as UTF-8")
        }
    }

    private static func refusal(_ code: Fault.Code, _ detail: String) -> Refusal {
        Refusal([Fault(code, at: Position(line: 1, column: 1, byteOffset: 0), detail: detail)])
    }

    /// The next bytes of text, about so many; empty at the end of the file.
    mutating func next(_ count: Int) throws -> [UInt8] {
        while true {
            var bytes = pending
            pending = []
            if bytes.isEmpty && !isAtEnd {
                bytes = try read(max(count, 1))
                isAtEnd = bytes.isEmpty
            }
            guard transcoder != nil else { return bytes }
            if bytes.isEmpty { return transcoder?.finish() ?? [] }
            let text = transcoder?.transcode(bytes) ?? []
            if !text.isEmpty { return text }
        }
    }
}
