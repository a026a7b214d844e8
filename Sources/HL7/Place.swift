/// Where in a message something is, or would be: segment, field, repetition, component, subcomponent.
///
/// All numbers count from 1. What is `nil` was not narrowed down to.
public struct Place: Hashable, Sendable, CustomStringConvertible {
    /// The segment's name.
    public let segment: String
    /// Which of the segments of that name, from 1.
    public let occurrence: Int
    /// The field.
    public let field: Int?
    /// The repetition of the field.
    public let repetition: Int?
    /// The component of the repetition.
    public let component: Int?
    /// The subcomponent of the component.
    public let subcomponent: Int?
    /// The line within the message, which is the segment counted from 1; `nil` when the segment is missing.
    public let line: Int?
    /// The byte offset within the message; `nil` when the segment is missing.
    public let offset: Int?

    /// A place as given.
    public init(
        segment: String, occurrence: Int = 1, field: Int? = nil, repetition: Int? = nil, component: Int? = nil,
        subcomponent: Int? = nil, line: Int? = nil, offset: Int? = nil
    ) {
        self.segment = segment
        self.occurrence = occurrence
        self.field = field
        self.repetition = repetition
        self.component = component
        self.subcomponent = subcomponent
        self.line = line
        self.offset = offset
    }

    /// The place as people write it: `PID-5[2].1`, `OBX[3]-5`; a first occurrence or repetition goes without number.
    public var description: String {
        var text = segment
        if occurrence > 1 { text += "[\(occurrence)]" }
        guard let field else { return text }
        text += "-\(field)"
        if let repetition, repetition > 1 { text += "[\(repetition)]" }
        guard let component else { return text }
        text += ".\(component)"
        if let subcomponent { text += ".\(subcomponent)" }
        return text
    }

    /// The components of ERR-2 (data type ERL, HL7 v2.9 §2A.3.28): `PID^1^5^2^1`.
    public var errorLocation: [String] {
        var components = [segment, String(occurrence)]
        guard let field else { return components }
        components.append(String(field))
        if repetition != nil || component != nil { components.append(String(repetition ?? 1)) }
        if let component { components.append(String(component)) }
        if let subcomponent { components.append(String(subcomponent)) }
        return components
    }
}

/// An address in a message before it is looked up: `PID-5[2].1.1`, `OBX(3)-5` or `OBX[3]-5`, `MSH-9.2`.
public struct Path: Hashable, Sendable, CustomStringConvertible {
    /// The segment's name.
    public let segment: String
    /// Which of the segments of that name, from 1.
    public let occurrence: Int
    /// The field; `nil` stands for the whole segment.
    public let field: Int?
    /// The repetition, where one is named.
    public let repetition: Int?
    /// The component, where one is named.
    public let component: Int?
    /// The subcomponent, where one is named.
    public let subcomponent: Int?

    /// Reads a path; `nil` if it is not written as one.
    public init?(_ text: some StringProtocol) {
        var scanner = PathScanner(rest: Array(text.utf8)[...])
        guard let segment = scanner.name() else { return nil }
        var (occurrence, repetition): (Int?, Int?)
        var (field, component, subcomponent): (Int?, Int?, Int?)
        if let close = scanner.opening() {
            occurrence = scanner.number()
            guard occurrence != nil, scanner.take(close) else { return nil }
        }
        if scanner.take("-") {
            field = scanner.number()
            guard field != nil else { return nil }
            if let close = scanner.opening() {
                repetition = scanner.number()
                guard repetition != nil, scanner.take(close) else { return nil }
            }
            if scanner.take(".") {
                component = scanner.number()
                guard component != nil else { return nil }
                if scanner.take(".") {
                    subcomponent = scanner.number()
                    guard subcomponent != nil else { return nil }
                }
            }
        }
        guard scanner.rest.isEmpty else { return nil }
        self.segment = segment
        self.occurrence = occurrence ?? 1
        self.field = field
        // A component is always one of some repetition: the first, unless another is named.
        self.repetition = repetition ?? (component == nil ? nil : 1)
        self.component = component
        self.subcomponent = subcomponent
    }

    /// The path as a place, without line and offset.
    public var place: Place {
        Place(
            segment: segment, occurrence: occurrence, field: field, repetition: repetition, component: component,
            subcomponent: subcomponent)
    }

    /// The path as it is written.
    public var description: String { place.description }
}

private struct PathScanner {
    var rest: ArraySlice<UInt8>

    /// Takes an opening bracket of either kind, and answers the one that closes it.
    mutating func opening() -> Unicode.Scalar? {
        if take("[") { return "]" }
        return take("(") ? ")" : nil
    }

    mutating func name() -> String? {
        guard let name = ER7.name(of: rest) else { return nil }
        rest = rest.dropFirst(3)
        return name
    }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard rest.first == UInt8(ascii: character) else { return false }
        rest = rest.dropFirst()
        return true
    }

    /// A number from 1 to 9999: more is no field of any message, and cannot overflow.
    mutating func number() -> Int? {
        let digits = rest.prefix { (0x30...0x39).contains($0) }
        guard (1...4).contains(digits.count) else { return nil }
        let value = digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
        rest = rest.dropFirst(digits.count)
        return value > 0 ? value : nil
    }
}
