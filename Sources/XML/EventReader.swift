/// Reads a document from start to end, event by event, in bounded memory.
///
/// Nothing that it tells is final before `next` has answered nil: only then is the document known to be whole.
public final class EventReader {
    private let pull: (Int) throws -> [UInt8]
    private let parser: PushParser
    private var decoder = Decoder()
    private var guardian: TagGuard
    private let limits: Limits
    private var input: [UInt8] = []
    /// Text or markup that has begun and is not whole: the parser gets it when it is.
    private var partial: [UInt8] = []
    private var inputIndex = 0
    private var isAtEnd = false
    /// A fault behind all that the parser has been given.
    private var waitingFault: Fault?

    /// How much is parsed at a time.
    private static let step = 64 * 1024

    /// Reads what a closure hands out: at most as many bytes as it is asked for, and none only at the end.
    public convenience init(limits: Limits = Limits(), pull: @escaping (Int) throws -> [UInt8]) {
        self.init(limits: limits, entryDepth: nil, validation: nil, pull: pull)
    }

    /// Reads a document that is in memory.
    public convenience init(limits: Limits = Limits(), bytes: [UInt8]) {
        self.init(limits: limits, pull: EventReader.once(bytes))
    }

    init(limits: Limits, entryDepth: Int?, validation: Validation?, pull: @escaping (Int) throws -> [UInt8]) {
        self.pull = pull
        self.limits = limits
        guardian = TagGuard(limits: limits)
        parser = PushParser(limits: limits, entryDepth: entryDepth, validation: validation)
    }

    /// The next event, or nil at the end of a document that is whole; throws a `Fault`, or what the closure throws.
    public func next() throws -> Event? {
        while true {
            if let event = parser.takeEvent() {
                return event
            }
            if let fault = parser.fault ?? waitingFault {
                throw fault
            }
            guard !isAtEnd else { return nil }
            try advance()
        }
    }

    private func advance() throws {
        if inputIndex >= input.count {
            input = try pull(EventReader.step)
            inputIndex = 0
        }
        isAtEnd = input.isEmpty
        let piece = input[inputIndex..<min(inputIndex + EventReader.step, input.count)]
        inputIndex = piece.endIndex
        var text: [UInt8] = []
        var refusal: Decoder.Refusal?
        do throws(Decoder.Refusal) {
            try decoder.decode(piece, isLast: isAtEnd, into: &text)
        } catch {
            refusal = error
        }
        if parser.text.end == 0, partial.isEmpty {
            parser.text.encoding = decoder.encoding
            parser.text.skipByteOrderMark(decoder.markLength)
        }
        let found = guardian.refusal(in: text)
        if let whole = guardian.wholeUpTo {
            parser.feed(partial + text[..<whole])
            partial = Array(text[whole..<(found?.index ?? text.count)])
        } else {
            partial += text[..<(found?.index ?? text.count)]
        }
        if let found {
            wait(with: found.code, found.text)
        } else if let refusal {
            wait(with: .undecodable, refusal.text)
        } else if isAtEnd {
            parser.feed(partial)
            parser.finish(withinMarkup: guardian.isWithinMarkup)
        } else if partial.count > limits.entry {
            partial = []
            wait(with: .tooLarge, "more than \(limits.entry) bytes belong together")
        }
    }

    /// Keeps a fault until all that comes before it has been told; it stands after what has been looked at.
    private func wait(with code: Fault.Code, _ reason: String) {
        guard parser.fault == nil else { return }
        parser.text.append(partial)
        waitingFault = Fault(code, at: parser.text.position(at: parser.text.end), reason)
    }

    /// A closure that hands out these bytes, piece by piece.
    static func once(_ bytes: [UInt8]) -> (Int) throws -> [UInt8] {
        var rest = bytes[...]
        return { most in
            defer { rest = rest.dropFirst(most) }
            return Array(rest.prefix(most))
        }
    }
}
