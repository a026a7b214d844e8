import Clinic
package import Drops

/// Just the rejected entries, in the format they came in, each with a link to what was wrong; ready to mend and drop.
///
/// Written entry by entry: ``opening(_:)``, ``entry(_:of:shape:)`` for each, ``closing(_:)``.
package enum CorrectionFile {
    static let names = ["suture_drop", "suture_entry", "suture_code", "suture_reason"]

    /// What stands before the first entry.
    package static func opening(_ shape: CorrectionShape) -> [UInt8] {
        switch shape.format {
        case .csv: CSVCorrection(shape).opening
        case .xml: shape.opening
        case .hl7, .unknown: []
        }
    }

    /// One rejected entry: its bytes as they came, and what was wrong with it.
    package static func entry(_ entry: ReportedEntry, of drop: ReportedDrop, shape: CorrectionShape) -> [UInt8] {
        let codes = entry.findings.map(\.code)
        let note = [
            String(drop.number), String(entry.number), codes.joined(separator: " "),
            entry.findings.map { "\($0.detail): \($0.mend)" }.joined(separator: "; "),
        ]
        return switch shape.format {
        case .csv:
            CSVCorrection(shape).entry(entry.raw, note, isMiscounted: Set(codes) == [Rule.Drop.fieldCount.code])
        case .xml: XMLCorrection(shape).entry(entry.raw, note)
        case .hl7: HL7Correction().entry(entry.raw, note.map { Example.inHL7($0) })
        case .unknown: entry.raw
        }
    }

    /// What stands after the last entry.
    package static func closing(_ shape: CorrectionShape) -> [UInt8] {
        guard shape.format == .xml else { return [] }
        let units = CodeUnits(of: shape.opening)
        let ascii = shape.closing.map { UInt16($0) }
        // The end tag is written in ASCII where it could not be copied from a file in UTF-16.
        return units.write(shape.closing.contains(0) ? units.read(shape.closing) : ascii) + units.write([0x0A])
    }
}

/// A correction in the dialect of a delimited file.
struct CSVCorrection {
    private let units: CodeUnits
    private let header: [UInt16]
    private let lineEnd: [UInt16]
    private let delimiter: UInt16
    private let columns: Int
    /// The file is itself a correction: its last columns are ours and are written anew.
    private let isCorrection: Bool

    init(_ shape: CorrectionShape) {
        units = CodeUnits(of: shape.opening)
        header = Array(units.read(shape.opening).withoutLineEnd)
        lineEnd = shape.lineEnd.isEmpty ? [0x0D, 0x0A] : shape.lineEnd.filter { $0 != 0 }.map { UInt16($0) }
        delimiter = UInt16(shape.delimiter == 0 ? UInt8(ascii: ",") : shape.delimiter)
        let ends = Self.delimiters(in: header, delimiter: delimiter).places
        columns = ends.count + 1
        isCorrection = Self.hasOurColumns(header, ends)
    }

    private static func hasOurColumns(_ header: [UInt16], _ ends: [Int]) -> Bool {
        let count = CorrectionFile.names.count
        guard ends.count >= count else { return false }
        let starts = ends.suffix(count).map { $0 + 1 }
        let stops = ends.suffix(count - 1) + [header.count]
        return zip(zip(starts, stops), CorrectionFile.names).allSatisfy { range, name in
            header[range.0..<range.1].filter { $0 != 0x22 }.elementsEqual(CodeUnits.ascii(name))
        }
    }

    /// Where fields end, outside quotes, and whether the quotes close.
    private static func delimiters(in row: [UInt16], delimiter: UInt16) -> (places: [Int], isSound: Bool) {
        var places: [Int] = []
        var isQuoted = false
        for (index, unit) in row.enumerated() {
            if unit == 0x22 { isQuoted.toggle() }
            if unit == delimiter, !isQuoted { places.append(index) }
        }
        return (places, !isQuoted)
    }

    var opening: [UInt8] {
        guard !isCorrection else { return units.write(header + lineEnd) }
        return units.write(header + cells(CorrectionFile.names) + lineEnd)
    }

    /// The row with its note; `isMiscounted` where nothing else is wrong with it, so that its fields can be told.
    func entry(_ raw: [UInt8], _ note: [String], isMiscounted: Bool) -> [UInt8] {
        var row = Array(units.read(raw).withoutLineEnd)
        var note = note
        let ends = Self.delimiters(in: row, delimiter: delimiter)
        let fields = ends.places.count + 1
        let own = isCorrection ? columns - CorrectionFile.names.count : columns
        // Only where the columns can be told; otherwise the row stays whole and takes the new ones after the old.
        if isCorrection, ends.isSound, fields == columns {
            row = Array(row.prefix(ends.places[ends.places.count - CorrectionFile.names.count]))
        } else if isMiscounted, ends.isSound, fields < own {
            row += [UInt16](repeating: delimiter, count: own - fields)
        } else if isMiscounted, ends.isSound, fields > columns {
            let extra = fields - columns
            let surplus = extra == 1 ? "1 field too many" : "\(extra) fields too many"
            note[3] = "the row has \(surplus), so these columns do not stand under their names; \(note[3])"
        }
        return units.write(row + cells(note) + lineEnd)
    }

    private func cells(_ texts: [String]) -> [UInt16] { texts.flatMap { [delimiter] + quoted(CodeUnits.ascii($0)) } }

    private func quoted(_ content: [UInt16]) -> [UInt16] {
        guard content.contains(where: { $0 == delimiter || $0 == 0x22 || CodeUnits.isLineEnd($0) }) else {
            return content
        }
        return [0x22] + content.flatMap { $0 == 0x22 ? [0x22, 0x22] : [$0] } + [0x22]
    }
}

/// A correction in XML: the notes are child elements before the entry's end tag.
struct XMLCorrection {
    private let units: CodeUnits

    init(_ shape: CorrectionShape) { units = CodeUnits(of: shape.opening) }

    func entry(_ raw: [UInt8], _ note: [String]) -> [UInt8] {
        let entry = units.read(raw)
        let start = entry.firstIndex(of: UInt16(ascii("<"))) ?? 0
        let name = entry[start...].dropFirst().prefix { !(($0 <= 0x20) || $0 == ascii("/") || $0 == ascii(">")) }
        let colon = name.firstIndex(of: ascii(":"))
        let prefix = colon.map { Array(name[...$0]) } ?? []
        let note = elements(note, prefix: prefix)
        let end = entry.lastRange(of: [ascii("<"), ascii("/")] + name)
        let selfClosing = entry.lastRange(of: [ascii("/"), ascii(">")])
        if let end {
            let content = withoutNotes(Array(entry[..<end.lowerBound]), prefix: prefix)
            return units.write(content + note + entry[end.lowerBound...] + [0x0A])
        } else if let selfClosing {
            let closing = [ascii("<"), ascii("/")] + name + [ascii(">")]
            let rest = entry[selfClosing.upperBound...]
            return units.write(entry[..<selfClosing.lowerBound] + [ascii(">")] + note + closing + rest + [0x0A])
        }
        return units.write(entry + [0x0A])
    }

    private func ascii(_ character: Unicode.Scalar) -> UInt16 { UInt16(UInt8(ascii: character)) }

    private func tag(_ name: String, prefix: [UInt16], isEnd: Bool = false) -> [UInt16] {
        CodeUnits.ascii(isEnd ? "</" : "<") + prefix + CodeUnits.ascii(name) + [ascii(">")]
    }

    private func elements(_ note: [String], prefix: [UInt16]) -> [UInt16] {
        zip(CorrectionFile.names, note).flatMap { name, text in
            tag(name, prefix: prefix) + escaped(CodeUnits.ascii(text)) + tag(name, prefix: prefix, isEnd: true)
        }
    }

    private func escaped(_ content: [UInt16]) -> [UInt16] {
        content.flatMap { unit in
            switch unit {
            case ascii("&"): CodeUnits.ascii("&amp;")
            case ascii("<"): CodeUnits.ascii("&lt;")
            case ascii(">"): CodeUnits.ascii("&gt;")
            default: [unit]
            }
        }
    }

    /// The content without the notes of an earlier correction, where they stand as we write them.
    private func withoutNotes(_ content: [UInt16], prefix: [UInt16]) -> [UInt16] {
        let first = tag(CorrectionFile.names[0], prefix: prefix)
        let last = tag(CorrectionFile.names[3], prefix: prefix, isEnd: true)
        guard let begin = content.lastRange(of: first), let end = content.lastRange(of: last),
            end.lowerBound >= begin.upperBound, content[end.upperBound...].allSatisfy({ $0 <= 0x20 })
        else { return content }
        return Array(content[..<begin.lowerBound] + content[end.upperBound...])
    }
}

/// A correction in HL7: the message as it came, and a segment `ZSU` of ours at its end.
struct HL7Correction {
    func entry(_ raw: [UInt8], _ note: [String]) -> [UInt8] {
        let units = CodeUnits(of: raw)
        let all = units.read(raw)
        let message = withoutNote(Array(all.withoutLineEnd))
        let isMessage = message.starts(with: CodeUnits.ascii("MSH")) && message.count > 8
        let delimiters = isMessage ? Array(message[3..<8]) : CodeUnits.ascii("|^~\\&")
        let fields = note.flatMap { [delimiters[0]] + escaped(CodeUnits.ascii($0), delimiters) }
        let end = terminator(of: all)
        return units.write(message + end + CodeUnits.ascii("ZSU") + fields + end)
    }

    /// What ends the message's first segment.
    private func terminator(of message: [UInt16]) -> [UInt16] {
        guard let first = message.firstIndex(where: { CodeUnits.isLineEnd($0) }) else { return [0x0D] }
        let isPair = message[first] == 0x0D && message[(first + 1)...].first == 0x0A
        return isPair ? [0x0D, 0x0A] : [message[first]]
    }

    /// The message without the note of an earlier correction.
    private func withoutNote(_ message: [UInt16]) -> [UInt16] {
        guard let last = message.lastIndex(where: { CodeUnits.isLineEnd($0) }),
            message[(last + 1)...].starts(with: CodeUnits.ascii("ZSU"))
        else { return message }
        return Array(Array(message[...last]).withoutLineEnd)
    }

    /// Escape sequences for the message's own delimiters; a blank where it has no escape character.
    private func escaped(_ content: [UInt16], _ delimiters: [UInt16]) -> [UInt16] {
        let letters = ["F", "S", "R", "E", "T"]
        let escape = delimiters[3]
        return content.flatMap { unit -> [UInt16] in
            guard let index = delimiters.firstIndex(of: unit) else { return [unit] }
            guard escape != delimiters[0] else { return [0x20] }
            return [escape] + CodeUnits.ascii(letters[index]) + [escape]
        }
    }
}
