/// Lines of plain text, none wider than 80 columns, that print and read the same everywhere.
struct TextSheet {
    static let width = 80

    private(set) var lines: [String] = []

    /// UTF-8 with a line feed after each line.
    var bytes: [UInt8] { Array(lines.map { $0 + "\n" }.joined().utf8) }

    mutating func blank() { lines.append("") }

    /// A line across the sheet.
    mutating func rule(_ mark: Character = "-") { lines.append(String(repeating: mark, count: Self.width)) }

    /// One line, wrapped where it is too wide.
    mutating func line(_ text: String) { paragraph(text) }

    /// Wrapped text, indented.
    mutating func paragraph(_ text: String, indent: Int = 0, hanging: Int? = nil) {
        lines += Wrapping.lines(of: text, width: Self.width, first: indent, rest: hanging ?? indent)
    }

    /// A heading with a rule beneath.
    mutating func heading(_ text: String) {
        blank()
        paragraph(text)
        rule()
    }

    /// A label, and beside it a value that wraps within its own column.
    mutating func fact(_ label: String, _ value: String, indent: Int = 0, labelWidth: Int = 16) {
        let start = indent + labelWidth
        let wrapped = Wrapping.lines(of: value, width: Self.width - start, first: 0, rest: 0)
        let head = String(repeating: " ", count: indent) + Wrapping.padded(label, labelWidth)
        for (index, line) in (wrapped.isEmpty ? [""] : wrapped).enumerated() {
            let margin = index == 0 ? head : String(repeating: " ", count: start)
            lines.append(Wrapping.withoutTrailingBlanks(margin + line))
        }
    }

    /// A label at the left and an amount that ends at the right edge of a column.
    mutating func amount(_ label: String, _ amount: String, edge: Int = TextSheet.width) {
        let room = edge - amount.unicodeScalars.count - 1
        let wrapped = Wrapping.lines(of: label, width: room, first: 0, rest: 2)
        lines += wrapped.dropLast()
        lines.append(Wrapping.padded(wrapped.last ?? "", room + 1) + amount)
    }

    /// Two texts on one line, one at each edge; on two lines where they do not fit.
    mutating func edges(_ left: String, _ right: String) {
        let (one, other) = (Wrapping.printable(left), Wrapping.printable(right))
        let gap = Self.width - one.unicodeScalars.count - other.unicodeScalars.count
        if gap >= 1 {
            lines.append(Wrapping.withoutTrailingBlanks(one + String(repeating: " ", count: gap) + other))
        } else {
            paragraph(left)
            paragraph(right)
        }
    }

    /// Rows under their titles; cells wrap within their columns.
    mutating func table(_ columns: [Column], _ rows: [[String]]) {
        row(columns.map(\.title), in: columns)
        lines.append(columns.map { String(repeating: "-", count: $0.width) }.joined(separator: " "))
        for cells in rows { row(cells, in: columns) }
    }

    private mutating func row(_ cells: [String], in columns: [Column]) {
        let wrapped = zip(columns, cells).map { column, cell in
            Wrapping.lines(of: cell, width: column.width, first: 0, rest: 0)
        }
        for number in 0..<Swift.max(1, wrapped.map(\.count).max() ?? 1) {
            let parts = zip(columns, wrapped).map { column, lines in
                let text = number < lines.count ? lines[number] : ""
                return column.isNumber ? Wrapping.rightAligned(text, column.width) : Wrapping.padded(text, column.width)
            }
            lines.append(Wrapping.withoutTrailingBlanks(parts.joined(separator: " ")))
        }
    }

    /// A column of a table; numbers stand at its right edge.
    struct Column {
        let title: String
        let width: Int
        var isNumber = false

        static func text(_ title: String, _ width: Int) -> Column { Column(title: title, width: width) }
        static func number(_ title: String, _ width: Int) -> Column {
            Column(title: title, width: width, isNumber: true)
        }
    }
}
