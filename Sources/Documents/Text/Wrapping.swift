/// Words put into lines by counting Unicode scalars, so that columns do not depend on a library's idea of a character.
enum Wrapping {
    /// The lines of a text within a width; a line break in the text begins a new line, a word too long is cut.
    static func lines(of text: String, width: Int, first: Int, rest: Int) -> [String] {
        let breaks = text.unicodeScalars.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\u{85}" }
        var lines: [String] = []
        for part in breaks {
            let words = printable(String(String.UnicodeScalarView(part))).unicodeScalars
                .split { $0 == " " }.map { Array($0) }
            lines += wrap(words, width: width, first: lines.isEmpty ? first : rest, rest: rest)
        }
        while let last = lines.last, last.isEmpty { lines.removeLast() }
        return lines
    }

    private static func wrap(_ words: [[Unicode.Scalar]], width: Int, first: Int, rest: Int) -> [String] {
        var lines: [String] = []
        var line: [Unicode.Scalar] = []
        var room: Int { width - (lines.isEmpty ? first : rest) }
        func margin() -> String { String(repeating: " ", count: lines.isEmpty ? first : rest) }
        for word in words {
            var word = word[...]
            if !line.isEmpty, line.count + 1 + word.count > room {
                lines.append(margin() + text(line))
                line = []
            }
            while line.isEmpty, word.count > room {
                let piece = word.prefix(room)
                word = word.dropFirst(piece.count)
                lines.append(margin() + text(piece))
            }
            if word.isEmpty { continue }
            if !line.isEmpty { line.append(" ") }
            line += word
        }
        if !line.isEmpty || lines.isEmpty { lines.append(line.isEmpty ? "" : margin() + text(line)) }
        return lines
    }

    private static func text(_ scalars: some Sequence<Unicode.Scalar>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }

    /// The text with nothing in it that moves the print head: controls, line breaks and changes of direction are blanks.
    static func printable(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: moves) else { return text }
        return self.text(text.unicodeScalars.map { moves($0) ? " " : $0 })
    }

    private static func moves(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069, 0xFEFF: true
        default: false
        }
    }

    static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.unicodeScalars.count))
    }

    static func rightAligned(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.unicodeScalars.count)) + text
    }

    static func withoutTrailingBlanks(_ line: String) -> String {
        let blanks = line.utf8.reversed().prefix { $0 == UInt8(ascii: " ") }.count
        return String(decoding: Array(line.utf8).dropLast(blanks), as: UTF8.self)
    }
}
