import Clinic
import Drops
import HL7

/// One message, where it is in the file, and what is needed to turn its parts into the texts of forms.
struct LocatedMessage {
    let message: Message
    /// The line and the offset of its first byte in the file.
    let line: Int
    let offset: Int
    let rules: ReadingRules
    let type: String
    let event: String
    /// When it happened or was sent, as ISO 8601.
    let sentAt: String?
    /// Where each segment begins in a file of another encoding, whose lines are not those of the message.
    private let segmentLines: [Int]?

    init(_ message: Message, line: Int, offset: Int, rules: ReadingRules, segmentLines: [Int]? = nil) {
        self.message = message
        self.line = line
        self.offset = offset
        self.rules = rules
        self.segmentLines = segmentLines
        type = message.type
        event = LocatedMessage.event(of: message)
        sentAt =
            ["EVN-6.1", "MSH-7.1"].lazy
            .compactMap { TimeText.instant(message.part($0), zone: message.zone, dayIsEnough: true) }.first
    }

    /// MSH-9.2; before 2.3 some senders have it in EVN-1 alone, and some types have but one event.
    private static func event(of message: Message) -> String {
        let usual = ["ORM": "O01", "ORU": "R01", "DFT": "P03"]
        for candidate in [message.event, message.part("EVN-1").raw] where !candidate.isEmpty { return candidate }
        return usual[message.type] ?? ""
    }

    var place: Drops.Place { place(message.header.place) }

    func place(_ part: Part) -> Drops.Place { place(part.place) }

    func place(_ place: HL7.Place) -> Drops.Place {
        if let segmentLines {
            let index = (place.line ?? 1) - 1
            return Drops.Place(
                line: segmentLines.indices.contains(index) ? segmentLines[index] : line, name: place.description,
                errorLocation: place.errorLocation.joined(separator: "^"))
        }
        return Drops.Place(
            line: line + (place.line ?? 1) - 1, byteOffset: offset + (place.offset ?? 0), name: place.description,
            errorLocation: place.errorLocation.joined(separator: "^"))
    }

    /// A part as the text of a field; nil when there is nothing in it.
    func text(_ part: Part, as shape: FieldRow.Shape) throws -> String? {
        switch shape {
        case .text: return try part.text()?.trimmed
        case .name: return try part.subcomponent(1).text()?.trimmed
        case .lines: return try part.repetitions.compactMap { try $0.text() }.joined(separator: "\n")
        case .list: return try part.text()?.asListItem
        case .date: return TimeText.date(part.component(1))
        case .instant: return TimeText.instant(part.component(1), zone: message.zone, dayIsEnough: false)
        case .instantOrDay: return TimeText.instant(part.component(1), zone: message.zone, dayIsEnough: true)
        case .number: return try part.component(1).text().map(NumberText.plain)
        case .entity: return try qualified(part.component(1), by: part.component(2))
        case .extendedID: return try qualified(part.component(1), by: part.component(4).subcomponent(1))
        case .side: return try side(part)
        case .computed, .observed, .observedList: return nil
        }
    }

    /// One value of an observation that is a field of a form, by its type in OBX-2; of a coded one the code.
    func observation(_ part: Part, type: String) throws -> String? {
        switch type {
        case "DT": return TimeText.date(part)
        case "TS", "DTM": return TimeText.instant(part.component(1), zone: message.zone, dayIsEnough: false)
        case "NM": return try text(part, as: .number)
        case "CE", "CWE", "CNE", "CF", "MO": return try part.component(1).text()?.trimmed
        default: return try part.text()?.trimmed
        }
    }

    /// An identifier with what it is unique within, where that is said.
    func qualified(_ id: Part, by authority: Part) throws -> String? {
        guard let id = try id.text()?.trimmed, !id.isEmpty else { return nil }
        guard let authority = try authority.text()?.trimmed, !authority.isEmpty else { return id }
        return "\(authority)/\(id)"
    }

    /// A side by table 0340; both sides named apart are both sides.
    private func side(_ part: Part) throws -> String? {
        let codes = try part.repetitions.compactMap { try $0.component(1).text()?.trimmed.uppercased() }
        let known = ["LT": "LEFT", "RT": "RIGHT", "50": "BILATERAL"]
        let sides = codes.compactMap { known[$0] }
        if sides.contains("LEFT"), sides.contains("RIGHT") { return "BILATERAL" }
        return sides.first
    }
}

extension String {
    /// Without blanks at its ends: fields of older systems are padded.
    var trimmed: String {
        let blank = UInt8(ascii: " ")
        guard utf8.first == blank || utf8.last == blank else { return self }
        let rest = utf8.drop { $0 == blank }.reversed().drop { $0 == blank }.reversed()
        return String(decoding: rest, as: UTF8.self)
    }

    /// As one item of a list, in which `;` separates.
    var asListItem: String {
        let separator = UInt8(ascii: ";")
        return String(decoding: trimmed.utf8.map { $0 == separator ? UInt8(ascii: ",") : $0 }, as: UTF8.self)
    }

    /// Nil when it is empty.
    var unlessEmpty: String? { isEmpty ? nil : self }
}
