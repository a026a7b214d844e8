internal import CLibXML2

/// The push parser of libxml2 in its strictest form, and the events that it told.
///
/// It sees UTF-8 only: decoding is ours, so that offsets are exact and no converter of the system is asked. It knows no
/// network, no entity but the five, no DOCTYPE and no instruction, and stops at the first fault.
final class PushParser {
    /// The text that went in.
    var text = DecodedText()

    /// The fault that stopped it.
    private(set) var fault: Fault?

    /// What else hears of the elements: a validator, told where the one at hand begins.
    private(set) var current: (name: Name, position: Position)?

    /// Whether the fault is that the parser met the end of the text.
    private var endsTooSoon = false
    private let limits: Limits
    /// How many elements stand around an entry; nil where nobody asks for the bytes of entries.
    private let entryDepth: Int?
    private let validation: Validation?
    private var context: xmlParserCtxtPtr?
    /// The parser copies it, but a validator keeps the place.
    private let handler = UnsafeMutablePointer<xmlSAXHandler>.allocate(capacity: 1)
    private var events: [Event] = []
    private var taken = 0
    private var open: [(name: Name, position: Position)] = []
    private var characters: [UInt8] = []
    private var charactersPosition = Position.start
    /// After the last tag, or the comments that follow it: there a text begins.
    private var afterTag = 0
    private var entryStart: Int?
    private var hadRoot = false
    private var names: [UnsafePointer<xmlChar>: String] = [:]

    /// The namespaces of XInclude: whoever writes one wants another file read.
    private static let inclusions: Set<String> = [
        "http://www.w3.org/2001/XInclude", "http://www.w3.org/2003/XInclude",
    ]

    init(limits: Limits, entryDepth: Int?, validation: Validation? = nil) {
        self.limits = limits
        self.entryDepth = entryDepth
        self.validation = validation
        Library.prepare()
        handler.initialize(to: Handler.make())
        var target: (UnsafeMutablePointer<xmlSAXHandler>?, UnsafeMutableRawPointer?)
        target = (handler, Unmanaged.passUnretained(self).toOpaque())
        target = validation?.plug(handler: target.0, user: target.1) ?? target
        context = xmlCreatePushParserCtxt(target.0, target.1, nil, 0, nil)
        // Declared encodings are ours to judge, and what arrives here is UTF-8 whatever is declared.
        let options = XML_PARSE_NONET.rawValue | XML_PARSE_IGNORE_ENC.rawValue | XML_PARSE_BIG_LINES.rawValue
        guard let context else {
            fault = Fault(.tooLarge, at: .start, "no memory for a parser")
            return
        }
        xmlCtxtUseOptions(context, Int32(options))
        // A validator puts its own data before ours, and has no handler of errors: ours finds us through the context.
        context.pointee._private = Unmanaged.passUnretained(self).toOpaque()
        context.pointee.sax.pointee.serror = Handler.onError
        validation?.follow(self)
    }

    deinit {
        validation?.unplug()
        if let context {
            xmlFreeParserCtxt(context)
        }
        handler.deallocate()
    }

    /// The next event, in the order of the document.
    func takeEvent() -> Event? {
        guard taken < events.count else {
            events.removeAll(keepingCapacity: true)
            taken = 0
            return nil
        }
        taken += 1
        return events[taken - 1]
    }

    /// Reads on; the events and the fault tell what came of it.
    func feed(_ bytes: [UInt8]) {
        guard fault == nil, let context, !bytes.isEmpty else { return }
        text.append(bytes)
        _ = bytes.withUnsafeBytes { buffer in
            xmlParseChunk(context, buffer.bindMemory(to: CChar.self).baseAddress, Int32(buffer.count), 0)
        }
        guard fault == nil else { return }
        // What the parser holds until it is whole must fit as well.
        let held = entryStart ?? (characters.isEmpty ? min(offset, afterTag) : offset)
        guard text.end - held <= limits.entry else {
            return stop(.tooLarge, at: held, "more than \(limits.entry) bytes belong together")
        }
        text.discard(before: held)
    }

    /// Tells the parser that nothing comes after, and whether the text ends within markup or a reference.
    func finish(withinMarkup: Bool) {
        guard fault == nil, let context else { return }
        _ = xmlParseChunk(context, nil, 0, 1)
        let isClosed = hadRoot && open.isEmpty
        // The parser calls what is missing malformed, by whatever it would have liked to read next.
        let isMissing = withinMarkup || (!isClosed && (fault == nil || endsTooSoon))
        if isMissing, fault == nil || fault?.code == .malformed {
            fault = Fault(.incomplete, at: text.position(at: text.end), "the document ends before it is whole")
        } else if fault == nil {
            let state = context.pointee
            guard state.wellFormed == 1, state.nsWellFormed == 1, state.errNo == 0 else {
                return stop(.malformed, at: text.end, "the document is not well-formed")
            }
        }
    }

    /// Stops at the first fault.
    func stop(_ code: Fault.Code, at offset: Int, _ reason: String) {
        guard fault == nil else { return }
        fault = Fault(code, at: text.position(at: offset), reason)
        if let context {
            xmlStopParser(context)
        }
    }

    /// How far the parser has read, in bytes of the text.
    private var offset: Int {
        guard let input = context?.pointee.input else { return text.end }
        return Int(input.pointee.consumed) + (input.pointee.cur - input.pointee.base)
    }
}

// What the handler tells.
extension PushParser {
    func startElement(
        local: UnsafePointer<xmlChar>, prefix: UnsafePointer<xmlChar>?, uri: UnsafePointer<xmlChar>?,
        namespaces: UnsafeBufferPointer<UnsafePointer<xmlChar>?>,
        attributes raw: UnsafeBufferPointer<UnsafePointer<xmlChar>?>
    ) {
        guard fault == nil else { return }
        let end = offset
        let start = text.last(UInt8(ascii: "<"), before: end) ?? end
        flush()
        let position = text.position(at: start)
        if let uri, PushParser.inclusions.contains(string(uri)) {
            return stop(
                .forbidden, at: start,
                "an inclusion (XInclude), which is never read; remove it")
        }
        guard open.count < limits.depth else {
            return stop(.tooDeep, at: start, "elements are nested more than \(limits.depth) deep")
        }
        guard let name = name(local, prefix: prefix, uri: uri) else {
            return stop(.tooLarge, at: start, "a name has more than \(limits.name) bytes")
        }
        var attributes: [Attribute] = []
        var places = TagPlaces(tag: text[start..<end], offset: start)
        for index in stride(from: 0, to: raw.count - 4, by: 5) {
            let place = places.next() ?? start
            guard let local = raw[index], let name = self.name(local, prefix: raw[index + 1], uri: raw[index + 2])
            else {
                return stop(.tooLarge, at: place, "a name has more than \(limits.name) bytes")
            }
            let value = UnsafeBufferPointer(
                start: raw[index + 3], count: (raw[index + 4] ?? local) - (raw[index + 3] ?? local))
            guard value.count <= limits.text else {
                return stop(.tooLarge, at: place, "an attribute has more than \(limits.text) bytes")
            }
            attributes.append(Attribute(name: name, value: Array(value), position: text.position(at: place)))
        }
        for declared in namespaces {
            if let declared {
                _ = string(declared)
            }
        }
        guard names.count <= limits.names else {
            return stop(.tooLarge, at: start, "the document has more than \(limits.names) different names")
        }
        if open.count == entryDepth {
            entryStart = start
        }
        open.append((name, position))
        current = (name, position)
        hadRoot = true
        // The parser stands before ">" or "/>".
        afterTag = end + (text[end] == UInt8(ascii: "/") ? 2 : 1)
        events.append(.startElement(StartElement(name: name, attributes: attributes, position: position)))
    }

    func endElement() {
        guard fault == nil, let (name, start) = open.popLast() else { return }
        flush()
        let end = offset
        var verbatim: [UInt8]?
        if open.count == entryDepth, let entryStart {
            guard end - entryStart <= limits.entry else {
                return stop(.tooLarge, at: end, "an entry has more than \(limits.entry) bytes")
            }
            verbatim = text.encoding.encode(text[entryStart..<end])
            self.entryStart = nil
        }
        afterTag = end
        current = (name, start)
        events.append(.endElement(EndElement(name: name, position: text.position(at: end), verbatim: verbatim)))
    }

    func characters(_ piece: UnsafeBufferPointer<xmlChar>) {
        guard fault == nil, !open.isEmpty else { return }
        guard characters.count + piece.count <= limits.text else {
            return stop(.tooLarge, at: offset, "a text has more than \(limits.text) bytes")
        }
        if characters.isEmpty {
            charactersPosition = text.position(at: afterTag)
        }
        characters += piece
    }

    func comment() {
        if characters.isEmpty {
            afterTag = offset
        }
    }

    func instruction(_ target: UnsafePointer<xmlChar>) {
        // A style sheet tells browsers how to show the document; it says nothing about what it holds.
        guard open.isEmpty, !hadRoot, String(cString: target) == "xml-stylesheet" else {
            return stop(.forbidden, at: offset, "a processing instruction")
        }
    }

    func forbid(_ what: String) {
        stop(.forbidden, at: offset, what)
    }

    func failed(domain: Int32, code: Int32) {
        guard fault == nil else { return }
        endsTooSoon = Reasons.isEnd(domain: domain, code: code)
        let (kind, reason) = Reasons.reason(domain: domain, code: code)
        stop(kind, at: offset, reason)
    }

    /// Tells the text that has come since the last tag.
    private func flush() {
        guard !characters.isEmpty else { return }
        events.append(.text(Text(value: characters, position: charactersPosition)))
        characters.removeAll(keepingCapacity: characters.count < 4096)
    }

    /// A name within its limit.
    private func name(
        _ local: UnsafePointer<xmlChar>, prefix: UnsafePointer<xmlChar>?, uri: UnsafePointer<xmlChar>?
    ) -> Name? {
        let localText = string(local)
        let prefixLength = prefix.map { string($0).utf8.count + 1 } ?? 0
        guard localText.utf8.count + prefixLength <= limits.name else { return nil }
        return Name(localText, namespace: uri.map { string($0) })
    }

    /// The text of a name; libxml2 keeps each name once, at one place, for as long as the parser lives.
    private func string(_ name: UnsafePointer<xmlChar>) -> String {
        if let known = names[name] {
            return known
        }
        let text = String(cString: name)
        names[name] = text
        return text
    }
}
