import HL7

/// Enough of an XML parser to read what `XMLMessageWriter` writes, and small documents of our own.
enum XMLEvents {
    static func read(_ document: String) throws -> XMLMessage {
        var builder = XMLMessageBuilder()
        var rest = Array(document.utf8)[...]
        var line = 1
        while let byte = rest.first {
            if byte == UInt8(ascii: "<") {
                let tag = rest.dropFirst().prefix { $0 != UInt8(ascii: ">") }
                rest = rest[tag.endIndex...].dropFirst()
                try element(String(decoding: tag, as: UTF8.self), line, &builder)
            } else {
                let text = rest.prefix { $0 != UInt8(ascii: "<") }
                rest = rest[text.endIndex...]
                try builder.text(resolved(text))
                line += text.count { $0 == 0x0A }
            }
        }
        return try builder.finish()
    }

    private static func element(_ tag: String, _ line: Int, _ builder: inout XMLMessageBuilder) throws {
        if tag.hasPrefix("?") { return }
        if tag.hasPrefix("/") { return try builder.end(line: line) }
        let isEmpty = tag.hasSuffix("/")
        let name = String(tag.prefix { $0 != " " && $0 != "/" })
        let parts = tag.split(separator: "\"", omittingEmptySubsequences: false)
        let escape = parts.first?.hasSuffix(" V=") ?? false ? resolved(Array(parts[1].utf8)[...]) : nil
        try builder.start(name, escape: escape, line: line)
        if isEmpty { try builder.end(line: line) }
    }

    private static func resolved(_ text: ArraySlice<UInt8>) -> String {
        let names: [(String, UInt8)] = [
            ("lt;", 0x3C), ("gt;", 0x3E), ("amp;", 0x26), ("quot;", 0x22), ("#9;", 9), ("#10;", 10), ("#13;", 13),
        ]
        var resolved: [UInt8] = []
        var rest = text
        while let byte = rest.first {
            rest = rest.dropFirst()
            if byte == UInt8(ascii: "&"), let found = names.first(where: { rest.starts(with: $0.0.utf8) }) {
                resolved.append(found.1)
                rest = rest.dropFirst(found.0.utf8.count)
            } else {
                resolved.append(byte)
            }
        }
        return String(decoding: resolved, as: UTF8.self)
    }
}
