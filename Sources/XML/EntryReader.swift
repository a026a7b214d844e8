/// Reads a document entry by entry: the root first, then each of its children as a small tree, in the memory of one.
///
/// Where a document wraps its entries in more than a root, `depth` says in how many elements: each element at that
/// depth is an entry then, and those around it are told with it.
///
/// An entry is good only in a document that is whole: apply none before `next` has once answered nil (`checkWhole`).
public final class EntryReader {
    /// The start tag of the root.
    public let root: StartElement

    private let events: EventReader
    private let limits: Limits
    private let depth: Int
    /// The elements around the entry that comes next.
    private var around: [StartElement] = []
    /// Whether the root was told, where it is itself the entry.
    private var isRootRead = false
    private var failure: (any Error)?

    /// Reads up to the start tag of the root from what a closure hands out.
    ///
    /// The closure answers at most as many bytes as it is asked for, and none only at the end. Throws a `Fault`, or
    /// what the closure throws.
    /// With a depth of 0 the document as a whole is one entry.
    public convenience init(
        limits: Limits = Limits(), depth: Int = 1, pull: @escaping (Int) throws -> [UInt8]
    ) throws {
        try self.init(limits: limits, depth: depth, validation: nil, pull: pull)
    }

    /// Reads up to the start tag of the root of a document that is in memory.
    public convenience init(limits: Limits = Limits(), depth: Int = 1, bytes: [UInt8]) throws {
        try self.init(limits: limits, depth: depth, pull: EventReader.once(bytes))
    }

    init(limits: Limits, depth: Int, validation: Validation?, pull: @escaping (Int) throws -> [UInt8]) throws {
        self.limits = limits
        self.depth = depth
        events = EventReader(limits: limits, entryDepth: depth, validation: validation, pull: pull)
        guard case .startElement(let start) = try events.next() else {
            // A document that is whole has a root, and nothing before it is told.
            throw Fault(.incomplete, at: .start, "the document has no root")
        }
        root = start
        if depth > 0 { around = [start] }
    }

    /// The next entry, or nil at the end of a document that is whole.
    ///
    /// Throws a `Fault`, or what the closure throws; after that the rest cannot be read, and it is thrown again.
    public func next() throws -> Entry? {
        if let failure {
            throw failure
        }
        do {
            return try readEntry()
        } catch {
            failure = error
            throw error
        }
    }

    /// Reads a whole document and says only whether it is one: a first pass, before anything is applied.
    public static func checkWhole(limits: Limits = Limits(), pull: @escaping (Int) throws -> [UInt8]) throws {
        let reader = try EntryReader(limits: limits, pull: pull)
        while try reader.next() != nil {}
    }

    private func readEntry() throws -> Entry? {
        if depth == 0, !isRootRead {
            isRootRead = true
            return try readEntry(root)
        }
        while let event = try events.next() {
            switch event {
            case .startElement(let start):
                if around.count == depth { return try readEntry(start) }
                around.append(start)
            case .text(let text): try refuseStray(text)
            case .endElement: _ = around.popLast()
            }
        }
        return nil
    }

    private func readEntry(_ start: StartElement) throws -> Entry {
        var open = [Element(start)]
        var isTextEmpty = [true]
        var count = 1
        while let event = try events.next() {
            switch event {
            case .startElement(let start):
                count += 1
                guard count <= limits.elements else {
                    throw Fault(
                        .tooLarge, at: start.position, "an entry has more than \(limits.elements) elements")
                }
                var element = Element(start)
                element.textBefore = open[open.count - 1].text.count
                open.append(element)
                isTextEmpty.append(true)
            case .text(let text):
                let last = open.count - 1
                if isTextEmpty[last] {
                    open[last].textPosition = text.position
                    isTextEmpty[last] = false
                }
                open[last].text += text.value
            case .endElement(let end):
                var element = open.removeLast()
                element.end = end.position
                isTextEmpty.removeLast()
                if open.isEmpty {
                    return Entry(element: element, verbatim: end.verbatim ?? [], ancestors: around)
                }
                open[open.count - 1].children.append(element)
            }
        }
        // The events end with the root only, and the entry lies within it.
        throw Fault(.incomplete, at: start.position, "the document ends within an entry")
    }

    /// White space sets entries apart; any other text there would be read by nobody.
    private func refuseStray(_ text: Text) throws {
        guard text.value.contains(where: { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }) else { return }
        throw Fault(.strayText, at: text.position, "text stands between the entries")
    }
}
