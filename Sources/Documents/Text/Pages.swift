/// Blocks of lines set on pages of 80 columns and 60 lines, with a form feed between pages.
struct Pages {
    static let height = 60

    /// Lines that belong together.
    struct Block {
        var lines: [String]
        /// A heading: it may not be the last on a page.
        var keepsWithNext = false
    }

    /// At the top of every page: whose it is and its status, then what it is and the page's number.
    let left: String
    let right: String
    let below: String
    let footer: String

    /// UTF-8: each page exactly as high as a page, its lines ended by line feeds.
    func bytes(of blocks: [Block]) -> [UInt8] {
        let pages = pages(of: blocks)
        let texts = pages.enumerated().map { index, lines in
            page(lines, number: index + 1, of: pages.count).map { $0 + "\n" }.joined()
        }
        return Array(texts.joined(separator: "\u{0C}").utf8)
    }

    private var footerLines: [String] {
        Wrapping.lines(of: footer, width: TextSheet.width, first: 0, rest: 0)
    }

    private func head(_ number: Int, of count: Int) -> [String] {
        var sheet = TextSheet()
        sheet.edges(left, right)
        sheet.edges(below, "page \(number) of \(count)")
        sheet.rule()
        return sheet.lines
    }

    /// Lines that a page has for its blocks; the number of a page does not change how high the head is.
    private var room: Int { Self.height - head(999, of: 999).count - footerLines.count - 1 }

    private func page(_ lines: [String], number: Int, of count: Int) -> [String] {
        let head = head(number, of: count)
        let rule = String(repeating: "-", count: TextSheet.width)
        let filler = Self.height - head.count - lines.count - 1 - footerLines.count
        return head + lines + Array(repeating: "", count: max(0, filler)) + [rule] + footerLines
    }

    private func pages(of blocks: [Block]) -> [[String]] {
        var pages: [[String]] = [[]]
        for group in groups(of: blocks) {
            var lines = group[...]
            let fits = pages[pages.count - 1].count + lines.count <= room
            if !fits, !pages[pages.count - 1].isEmpty, lines.count <= room { pages.append([]) }
            while !lines.isEmpty {
                if pages[pages.count - 1].count == room { pages.append([]) }
                if pages[pages.count - 1].isEmpty { lines = lines.drop { $0.isEmpty } }
                let piece = lines.prefix(room - pages[pages.count - 1].count)
                pages[pages.count - 1] += piece
                lines = lines.dropFirst(piece.count)
            }
        }
        return pages
    }

    /// Headings together with what follows them.
    private func groups(of blocks: [Block]) -> [[String]] {
        var groups: [[String]] = []
        var open: [String] = []
        for block in blocks {
            open += block.lines
            if block.keepsWithNext { continue }
            groups.append(open)
            open = []
        }
        return open.isEmpty ? groups : groups + [open]
    }
}
