/// Reads a document entry by entry: the root first, then each of its children as a small tree, in the memory of one.
///
/// An entry is good only in a document that is whole: apply none before `next` has once answered nil (`checkWhole`).
public final class EntryReader {
    /// The start tag of the root.
    public let root: StartElement

    private let events: EventReader
    private let limits: Limits
    private var failure: (any Error)?

    /// Reads up to the start tag of the root from what a closure hands out.
    ///
    /// The closure answers at most as many bytes as it is asked for, and none only at the end. Throws a `Fault`, or
    /// what the closure throws.
    public convenience init(limits: Limits = Limits(), pull: @escaping (Int) throws -> [UInt8]) throws {
        try self.init(limits: limits, validation: nil, pull: pull)
    }

    /// Reads up to the start tag of the root of a document that is in memory.
    public convenience init(limits: Limits = Limits(), bytes: [UInt8]) throws {
        try self.init(limits: limits, pull: EventReader.once(bytes))
    }

    init(limits: Limits, validation: Validation?, pull: @escaping (Int) throws -> [UInt8]) throws {
        self.limits = limits
        events = EventReader(limits: limits, keepsEntries: true, validation: validation, pull: pull)
        guard case .startElement(let start) = try events.next() else {
            // A document that is whole has a root, and nothing before it is told.
            throw Fault(.incomplete, at: .start, "the document has no root")
        }
        root = start
    }

    /// The next child of the root, or nil at the end of a document that is whole.
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
        while let event = try events.next() {
            switch event {
            case .startElement(let start): return try readEntry(start)
            case .text(let text): try refuseStray(text)
            case .endElement: continue
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
                open.append(Element(start))
                isTextEmpty.append(true)
            case .text(let text):
                let last = open.count - 1
                if isTextEmpty[last] {
                    open[last].textPosition = text.position
                    isTextEmpty[last] = false
                }
                open[last].text += text.value
            case .endElement(let end):
                let element = open.removeLast()
                isTextEmpty.removeLast()
                if open.isEmpty {
                    return Entry(element: element, verbatim: end.verbatim ?? [])
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
