import XML

/// The text of a section as a person reads it: CDA's narrative block without its markup.
///
/// Paragraphs, items and rows become lines, the cells of a row are set apart by bars, and white space that only lays out the
/// file is one blank. What an amendment struck out (`revised="delete"`) is left out.
struct Narrative {
    private var bytes: [UInt8] = []

    static func text(of element: Element) -> String {
        var narrative = Narrative()
        narrative.add(element)
        let end = narrative.bytes.lastIndex { $0 > 0x20 }.map { $0 + 1 } ?? 0
        return String(decoding: narrative.bytes[..<end], as: UTF8.self)
    }

    private static let blocks: Set<String> = ["paragraph", "list", "item", "table", "tr", "caption", "text"]

    private mutating func add(_ element: Element) {
        let name = element.name.local
        guard element.string(of: "revised") != "delete" else { return }
        if name == "br" { return endLine() }
        let isBlock = Narrative.blocks.contains(name)
        if isBlock { endLine() }
        if name == "item" { bytes += Array("- ".utf8) }
        if name == "td" || name == "th", let last = bytes.last, last != 0x0A { bytes += Array(" | ".utf8) }
        var index = 0
        for child in element.children {
            add(element.text[index..<child.textBefore])
            index = child.textBefore
            add(child)
        }
        add(element.text[index...])
        if isBlock { endLine() }
    }

    private mutating func add(_ text: ArraySlice<UInt8>) {
        for byte in text {
            if byte > 0x20 {
                bytes.append(byte)
            } else if let last = bytes.last, last > 0x20 {
                bytes.append(0x20)
            }
        }
    }

    private mutating func endLine() {
        while bytes.last == 0x20 { bytes.removeLast() }
        if let last = bytes.last, last != 0x0A { bytes.append(0x0A) }
    }
}
