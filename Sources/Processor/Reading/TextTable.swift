import DurableFiles

/// Rows of text in aligned columns.
struct TextTable {
    private var rows: [[String]]

    init(_ header: [String]) { rows = [header] }

    var isEmpty: Bool { rows.count == 1 }

    mutating func add(_ row: [String]) { rows.append(row.map(Terminal.safe)) }

    /// The rows under their header, each indented by so many blanks.
    func lines(indent: Int = 2) -> [String] {
        let count = rows.map(\.count).max() ?? 0
        let widths = (0..<count).map { column in rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0 }
        return rows.map { row in
            let cells = row.enumerated().map { column, cell in
                column == row.count - 1 ? cell : cell + Terminal.blanks(widths[column] - cell.count + 2)
            }
            return Terminal.trimmed(Terminal.blanks(indent) + cells.joined())
        }
    }
}

/// Text on its way to a terminal.
enum Terminal {
    static func blanks(_ count: Int) -> String { String(repeating: " ", count: max(0, count)) }

    /// The text without blanks at its end.
    static func trimmed(_ text: String) -> String { String(text.reversed().drop { $0 == " " }.reversed()) }

    /// A text broken at its blanks into lines of so many characters; all but the first are indented by two more.
    static func wrapped(_ text: String, width: Int, indent: Int) -> [String] {
        var lines: [String] = []
        var line = blanks(indent)
        var isEmpty = true
        for word in safe(text).split(separator: " ") {
            if !isEmpty, line.count + 1 + word.count > width {
                lines.append(line)
                (line, isEmpty) = (blanks(indent + 2), true)
            }
            line += (isEmpty ? "" : " ") + word
            isEmpty = false
        }
        return isEmpty ? lines : lines + [line]
    }

    /// Control characters written out: what a sender wrote must not steer the reader's terminal.
    static func safe(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isControl) else { return text }
        return text.unicodeScalars.map { isControl($0) ? "\\u{\(String($0.value, radix: 16))}" : String($0) }.joined()
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: true
        // Marks that turn the direction of writing could make one text look like another.
        case .format: true
        default: false
        }
    }

    /// A file's name as it can be printed.
    static func name(_ bytes: [UInt8]) -> String { safe(Path.escape(bytes)) }

    /// A count with its noun: `1 entry`, `2 entries`.
    static func count(_ number: Int, _ one: String, _ many: String? = nil) -> String {
        "\(number) \(number == 1 ? one : many ?? one + "s")"
    }

    /// A stretch of time in the largest unit that fits.
    static func age(seconds: Int) -> String {
        switch seconds {
        case ..<120: "\(max(0, seconds)) s"
        case ..<7200: "\(seconds / 60) min"
        case ..<172_800: "\(seconds / 3600) h"
        default: "\(seconds / 86_400) days"
        }
    }
}
