import Clinic

/// A complete message of RFC 5322, ready for the site's own `sendmail`.
struct MailModel: FrozenModel {
    struct Mailbox: Codable, Sendable {
        let name: String
        let address: String
    }

    let from: Mailbox
    let to: Mailbox
    let subject: String
    /// RFC 5322 §3.3, in the clinic's zone.
    let date: String
    let messageID: String
    /// Paragraphs, wrapped when written.
    let paragraphs: [String]
    let origin: Origin

    /// Lines end in CR LF; the body is ASCII as it stands, or quoted-printable.
    var bytes: [UInt8] {
        let isASCII = body.allSatisfy { $0.utf8.allSatisfy { $0 < 0x80 } }
        let headers = [
            Self.header("Date", [date]),
            Self.header("From", Self.words(of: from)),
            Self.header("To", Self.words(of: to)),
            Self.header("Subject", EncodedWord.words(of: subject)),
            Self.header("Message-ID", [messageID]),
            "MIME-Version: 1.0",
            "Content-Type: text/plain; charset=\(isASCII ? "us-ascii" : "utf-8")",
            "Content-Transfer-Encoding: \(isASCII ? "7bit" : "quoted-printable")",
            "Auto-Submitted: auto-generated",
        ]
        let lines = isASCII ? body : body.flatMap { QuotedPrintable.lines(of: $0) }
        return Array((headers + [""] + lines).map { $0 + "\r\n" }.joined().utf8)
    }

    private var body: [String] {
        var lines: [String] = []
        for paragraph in paragraphs {
            if !lines.isEmpty { lines.append("") }
            lines += Wrapping.lines(of: paragraph, width: 72, first: 0, rest: 0)
        }
        return lines + ["", "-- "] + Wrapping.lines(of: origin.footer, width: 72, first: 0, rest: 0)
    }

    private static func words(of mailbox: Mailbox) -> [String] {
        guard !mailbox.name.isEmpty else { return ["<\(mailbox.address)>"] }
        return EncodedWord.words(of: mailbox.name, isPhrase: true) + ["<\(mailbox.address)>"]
    }

    /// A header folded before words that would pass 78 columns (RFC 5322 §2.1.1).
    private static func header(_ name: String, _ words: [String]) -> String {
        var lines = ["\(name):"]
        for word in words {
            let line = lines[lines.count - 1]
            if line.utf8.count + 1 + word.utf8.count > 78, line.utf8.count > name.utf8.count + 1 {
                lines.append(" " + word)
            } else {
                lines[lines.count - 1] = line + " " + word
            }
        }
        return lines.joined(separator: "\r\n")
    }
}

/// Words of a header that are not plain ASCII, as RFC 2047 writes them.
enum EncodedWord {
    /// The words of a text, split at blanks; encoded ones where the text needs it.
    static func words(of text: String, isPhrase: Bool = false) -> [String] {
        let clean = Wrapping.printable(text)
        let isPlain = clean.utf8.allSatisfy { $0 < 0x7F } && !clean.utf8.starts(with: "=?".utf8)
        guard isPlain, clean.utf8.count <= 900 else { return encoded(clean) }
        let words = clean.utf8.split(separator: UInt8(ascii: " ")).map { String(decoding: $0, as: UTF8.self) }
        guard isPhrase, !words.allSatisfy({ $0.utf8.allSatisfy(isAtom) }) else { return words }
        return quoted(words.joined(separator: " "))
    }

    /// A phrase with a dot or comma in it is a quoted string (RFC 5322 §3.2.4); folded only at its blanks.
    private static func quoted(_ phrase: String) -> [String] {
        let escaped = phrase.utf8.flatMap { byte -> [UInt8] in
            byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") ? [UInt8(ascii: "\\"), byte] : [byte]
        }
        return "\"\(String(decoding: escaped, as: UTF8.self))\"".utf8.split(separator: UInt8(ascii: " "))
            .map { String(decoding: $0, as: UTF8.self) }
    }

    private static func isAtom(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"):
            true
        default: Array("!#$%&'*+-/=?^_`{|}~".utf8).contains(byte)
        }
    }

    /// Base64 of at most 45 bytes each, so that a word has at most 75 columns and no character is cut.
    private static func encoded(_ text: String) -> [String] {
        var words: [String] = []
        var bytes: [UInt8] = []
        for scalar in text.unicodeScalars {
            let next = Array(String(scalar).utf8)
            if bytes.count + next.count > 45 {
                words.append("=?UTF-8?B?\(Base64.text(of: bytes))?=")
                bytes = []
            }
            bytes += next
        }
        if !bytes.isEmpty { words.append("=?UTF-8?B?\(Base64.text(of: bytes))?=") }
        return words
    }
}

/// Base64 of RFC 4648.
enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    static func text(of bytes: [UInt8]) -> String {
        var output: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let value = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
            for place in 0..<4 {
                output.append(place <= group.count ? alphabet[value >> (18 - 6 * place) & 63] : UInt8(ascii: "="))
            }
        }
        return String(decoding: output, as: UTF8.self)
    }
}

/// The transfer encoding of RFC 2045 §6.7 for lines that are not ASCII.
enum QuotedPrintable {
    private static let hex = Array("0123456789ABCDEF".utf8)

    /// A line as one or more of at most 76 columns.
    static func lines(of line: String) -> [String] {
        let bytes = Array(line.utf8)
        var lines: [[UInt8]] = [[]]
        for (index, byte) in bytes.enumerated() {
            let isBlankAtEnd = byte == 0x20 && index == bytes.count - 1
            let isPlain = (0x20..<0x7F).contains(byte) && byte != UInt8(ascii: "=") && !isBlankAtEnd
            let piece = isPlain ? [byte] : [UInt8(ascii: "="), hex[Int(byte >> 4)], hex[Int(byte & 15)]]
            if lines[lines.count - 1].count + piece.count > 75 {
                lines[lines.count - 1].append(UInt8(ascii: "="))
                lines.append([])
            }
            lines[lines.count - 1] += piece
        }
        return lines.map { String(decoding: $0, as: UTF8.self) }
    }
}
