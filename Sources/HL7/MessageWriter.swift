/// Builds a message, or changes parts of one; what is not touched keeps its bytes.
public struct MessageWriter: Sendable {
    private struct Line: Sendable {
        var content: [UInt8]
        var terminator: [UInt8]
    }

    /// The delimiters that are written; never without escape and subcomponent characters for a new message.
    public let delimiters: Delimiters
    /// The character set that texts are written in.
    public let charset: Charset
    private var lines: [Line] = []

    private var encoder: FieldEncoder { FieldEncoder(delimiters: delimiters, charset: charset) }

    /// An empty message.
    public init(delimiters: Delimiters = .usual, charset: Charset = .utf8) {
        self.delimiters = delimiters.completed
        self.charset = charset
    }

    /// A message to be changed; without a change `bytes` are the message's own.
    public init(_ message: Message) {
        delimiters = message.delimiters
        charset = message.charset
        let table = message.table
        for (index, line) in table.lines.enumerated() {
            let end = Int(line.end)
            let next = index + 1 < table.lines.count ? Int(table.lines[index + 1].start) : table.bytes.count
            lines.append(
                Line(content: Array(table.bytes[Int(line.start)..<end]), terminator: Array(table.bytes[end..<next])))
        }
    }

    /// The message as it stands.
    public var bytes: [UInt8] { lines.flatMap { $0.content + $0.terminator } }

    /// Adds a segment; the fields begin with number 1, those of MSH, FHS and BHS with number 3.
    public mutating func append(_ name: String, _ fields: [FieldValue]) throws(UnencodableText) {
        var content = Array(name.utf8)
        if ER7.headers.contains(name) {
            content += [delimiters.field] + delimiters.encodingCharacters
        }
        let written = try encoder.join([.empty] + fields, delimiters.field)
        append(content + written)
    }

    /// Adds a segment as it stands in another message, in the other's delimiters and character set.
    public mutating func append(copying segment: Segment) {
        append(Array(segment.bytes))
    }

    private mutating func append(_ content: [UInt8]) {
        if let last = lines.indices.last, lines[last].terminator.isEmpty { lines[last].terminator = [0x0D] }
        lines.append(Line(content: content, terminator: [0x0D]))
    }

    /// Puts a value at a path and returns whether it did; it does not when the message has no such segment.
    ///
    /// Fields, repetitions and components before it are added as needed. MSH-1 and MSH-2 cannot be set.
    @discardableResult
    public mutating func set(_ path: Path, to value: FieldValue) throws(UnencodableText) -> Bool {
        let indices = indices(named: path.segment)
        guard let field = path.field, path.occurrence <= indices.count else { return false }
        let isHeader = ER7.headers.contains(path.segment)
        guard !isHeader || field > 2 else { return false }
        let index = indices[path.occurrence - 1]
        let encoded = try encoder.bytes(of: value)
        let levels = [
            (delimiters.field, isHeader ? field - 1 : field),
            (delimiters.repetition, path.repetition.map { $0 - 1 }),
            (delimiters.component, path.component.map { $0 - 1 }),
            (delimiters.subcomponent ?? UInt8(ascii: "&"), path.subcomponent.map { $0 - 1 }),
        ]
        lines[index].content = Self.replace(lines[index].content[...], levels[...], with: encoded)
        return true
    }

    /// Puts a value at a path as it is written, `PID-5[2].1`; answers `false` also for what is no path.
    @discardableResult
    public mutating func set(_ path: String, to value: FieldValue) throws(UnencodableText) -> Bool {
        guard let path = Path(path) else { return false }
        return try set(path, to: value)
    }

    /// Takes a segment out and returns whether there was one; a message keeps its MSH.
    @discardableResult
    public mutating func remove(_ name: String, occurrence: Int = 1) -> Bool {
        let indices = indices(named: name)
        guard occurrence >= 1, occurrence <= indices.count, indices[occurrence - 1] > 0 else { return false }
        lines.remove(at: indices[occurrence - 1])
        return true
    }

    private func indices(named name: String) -> [Int] {
        let name = Array(name.utf8)
        return lines.indices.filter { index in
            let content = lines[index].content
            return content.starts(with: name)
                && (content.count == name.count || content[name.count] == delimiters.field)
        }
    }

    /// Replaces one part of `bytes`: at each level the part of that number, from 0, is taken apart further.
    private static func replace(
        _ bytes: ArraySlice<UInt8>, _ levels: ArraySlice<(UInt8, Int?)>, with value: [UInt8]
    ) -> [UInt8] {
        guard let (delimiter, number) = levels.first, let number else { return value }
        var parts = bytes.split(separator: delimiter, omittingEmptySubsequences: false)
        while parts.count <= number { parts.append([]) }
        let inner = replace(parts[number], levels.dropFirst(), with: value)
        parts[number] = inner[...]
        return Array(parts.joined(separator: [delimiter]))
    }
}

extension Delimiters {
    /// With an escape and a subcomponent character, so that any text can be written.
    var completed: Delimiters {
        var delimiters = self
        func free(_ preferred: [Unicode.Scalar]) -> UInt8? {
            preferred.map { UInt8(ascii: $0) }.first { candidate in
                candidate != delimiters.field && !delimiters.encodingCharacters.contains(candidate)
            }
        }
        if delimiters.escape == nil { delimiters.escape = free(["\\", "!", "%", "*", "/", "?", "@"]) }
        if delimiters.subcomponent == nil { delimiters.subcomponent = free(["&", "$", "+", ":", ";", "=", "@", "?"]) }
        return delimiters
    }
}
