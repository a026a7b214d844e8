/// Looks at the text before libxml2 does, for what would cost libxml2 too much.
///
/// It compares each attribute of a tag with each other one, so that a tag of a million attributes holds it for minutes;
/// and it reads a DOCTYPE to its end before it tells us of it. Everything else is left for the parser to judge.
struct TagGuard {
    /// What was found, and after how many of the bytes.
    struct Refusal {
        let index: Int
        let code: Fault.Code
        let text: String
    }

    private enum State {
        case start
        case text
        case reference
        case opened
        case tag
        case value(quote: UInt8)
        case declaration(matched: Int)
        case comment(dashes: Int)
        case section(brackets: Int)
        case instruction(mark: Bool)
    }

    private let limits: Limits
    private var state = State.start
    private var attributes = 0
    /// Bytes of the text, the value, the comment or the name at hand: what is beyond its limit is not waited for.
    private var length = 0

    /// The index, in the bytes looked at last, up to which texts and markup are whole; nil if none ends in them.
    ///
    /// libxml2 2.9 takes the first ">" for the end of a tag, even within an attribute value, and goes wrong where its
    /// input breaks off there; and it does not see a "]]>" that comes in two pieces. So it gets nothing that is not whole.
    private(set) var wholeUpTo: Int?

    /// Whether a tag, a comment, a section, an instruction or a reference has begun and not ended.
    var isWithinMarkup: Bool {
        switch state {
        case .start, .text: false
        default: true
        }
    }

    init(limits: Limits) {
        self.limits = limits
    }

    /// Looks at more bytes; what is before the index of a refusal may go to the parser.
    mutating func refusal(in bytes: [UInt8]) -> Refusal? {
        wholeUpTo = nil
        for (index, byte) in bytes.enumerated() {
            guard byte != 0 else {
                return Refusal(index: index, code: .malformed, text: "a NUL character; remove it")
            }
            let wasInText = isInText
            if let refusal = step(byte, at: index) {
                return refusal
            }
            if wasInText != isInText {
                wholeUpTo = wasInText ? index : index + 1
                length = 0
            }
            if let refusal = measure(byte, at: index) {
                return refusal
            }
        }
        return nil
    }

    /// Counts on, so that a text, a comment or a name that never ends is refused before it is held.
    private mutating func measure(_ byte: UInt8, at index: Int) -> Refusal? {
        length += 1
        switch state {
        case .tag, .opened:
            let endsName =
                byte <= 0x20 || byte == UInt8(ascii: "=") || byte == UInt8(ascii: "/") || byte == UInt8(ascii: "\"")
                || byte == UInt8(ascii: "'")
            if endsName { length = 0 }
            guard length > limits.name + 1 else { return nil }
            return Refusal(index: index, code: .tooLarge, text: "a name has more than \(limits.name) bytes")
        case .value, .text, .section, .comment, .instruction:
            // The section's own marks, and the quote, are no text.
            guard length > limits.text + 16 else { return nil }
            return Refusal(index: index, code: .tooLarge, text: "a text has more than \(limits.text) bytes")
        case .start, .reference, .declaration: return nil
        }
    }

    private var isInText: Bool {
        switch state {
        case .start, .text, .reference: true
        default: false
        }
    }

    private mutating func step(_ byte: UInt8, at index: Int) -> Refusal? {
        switch state {
        case .start:
            // Here libxml2 would guess at an encoding of its own.
            switch byte {
            case UInt8(ascii: "<"): state = .opened
            case 0x20, 0x09, 0x0A, 0x0D: state = .text
            default:
                return Refusal(
                    index: index, code: .malformed,
                    text: "the document does not begin with \"<\"; remove what stands before it")
            }
        case .text:
            switch byte {
            case UInt8(ascii: "<"): state = .opened
            case UInt8(ascii: "&"): state = .reference
            default: break
            }
        case .reference:
            switch byte {
            case UInt8(ascii: "<"): state = .opened
            case UInt8(ascii: ";"), 0x20, 0x09, 0x0A, 0x0D: state = .text
            default: break
            }
        case .opened:
            attributes = 0
            switch byte {
            case UInt8(ascii: "!"): state = .declaration(matched: 0)
            case UInt8(ascii: "?"): state = .instruction(mark: false)
            case UInt8(ascii: ">"): state = .text
            default: state = .tag
            }
        case .tag:
            return stepInTag(byte, at: index)
        case .value(let quote):
            if byte == quote { state = .tag }
        case .declaration(let matched):
            return stepInDeclaration(byte, matched: matched, at: index)
        case .comment(let dashes):
            if byte == UInt8(ascii: ">"), dashes >= 2 {
                state = .text
            } else {
                state = .comment(dashes: byte == UInt8(ascii: "-") ? dashes + 1 : 0)
            }
        case .section(let brackets):
            if byte == UInt8(ascii: ">"), brackets >= 2 {
                state = .text
            } else {
                state = .section(brackets: byte == UInt8(ascii: "]") ? brackets + 1 : 0)
            }
        case .instruction(let mark):
            state = byte == UInt8(ascii: ">") && mark ? .text : .instruction(mark: byte == UInt8(ascii: "?"))
        }
        return nil
    }

    private mutating func stepInTag(_ byte: UInt8, at index: Int) -> Refusal? {
        switch byte {
        case UInt8(ascii: ">"): state = .text
        case UInt8(ascii: "\""), UInt8(ascii: "'"): state = .value(quote: byte)
        case UInt8(ascii: "="):
            attributes += 1
            guard attributes <= limits.attributes else {
                return Refusal(
                    index: index, code: .tooLarge, text: "an element has more than \(limits.attributes) attributes")
            }
        default: break
        }
        return nil
    }

    /// After "<!": a comment, a CDATA section, or what no document may bring.
    private mutating func stepInDeclaration(_ byte: UInt8, matched: Int, at index: Int) -> Refusal? {
        let section = Array("[CDATA[".utf8)
        switch (matched, byte) {
        case (0, UInt8(ascii: "-")): state = .declaration(matched: -1)
        case (-1, UInt8(ascii: "-")): state = .comment(dashes: 0)
        case (0, UInt8(ascii: "D")):
            return Refusal(
                index: index, code: .forbidden,
                text: "a document type declaration (DOCTYPE), which is never read; remove it")
        case (0..<section.count, _) where byte == section[max(matched, 0)]:
            state = matched == section.count - 1 ? .section(brackets: 0) : .declaration(matched: matched + 1)
        default:
            return Refusal(index: index, code: .malformed, text: "markup that is neither a comment nor CDATA")
        }
        return nil
    }
}
