import Clinic

/// The consent in full, page by page.
extension ConsentModel {
    var text: [UInt8] {
        let pages = Pages(
            left: letterhead.name, right: status, below: "Consent \(consent), \(patient.name), MRN \(patient.mrn)",
            footer: origin.footer)
        return pages.bytes(of: facts + ConsentBody(text: body, clauses: clauses).blocks + conversation + signing)
    }

    private func block(keepsWithNext: Bool = false, _ write: (inout TextSheet) -> Void) -> Pages.Block {
        var sheet = TextSheet()
        write(&sheet)
        return Pages.Block(lines: sheet.lines, keepsWithNext: keepsWithNext)
    }

    private var facts: [Pages.Block] {
        [
            block { sheet in
                letterhead.write(to: &sheet)
                sheet.blank()
                sheet.fact("Status", status)
                sheet.fact("Consent", ([consent] + aliases).joined(separator: ", also "))
                patient.write(to: &sheet)
                sheet.fact("Plan", "\(plan), version \(planVersion)")
                sheet.fact("Issued", "\(issuedAt) (\(zone))")
                if let endedAt { sheet.fact("Ended", "\(endedAt) (\(zone))") }
                if let reason { sheet.fact("Reason", reason) }
                sheet.fact("SHA-256", Self.grouped(sha256))
            }
        ]
    }

    private var conversation: [Pages.Block] {
        guard !questions.isEmpty else { return [] }
        let heading = block(keepsWithNext: true) { $0.heading("QUESTIONS AND ANSWERS") }
        return [heading]
            + questions.map { question in
                block { sheet in
                    sheet.fact("Asked", question.askedAt)
                    sheet.paragraph(question.text, indent: 4)
                    sheet.fact("Answered", question.answered ?? "not yet")
                    if let answer = question.answer { sheet.paragraph(answer, indent: 4) }
                }
            }
    }

    private var signing: [Pages.Block] {
        let heading = block(keepsWithNext: true) { $0.heading("SIGNATURES") }
        return [heading] + signatures.map { signature in block { Self.write(signature, zone: zone, to: &$0) } }
    }

    private static func write(_ signature: Signature, zone: String, to sheet: inout TextSheet) {
        sheet.blank()
        sheet.line(signature.party)
        guard let signer = signature.signer else {
            sheet.fact("not signed", "", indent: 4)
            return
        }
        sheet.fact("Name", signer, indent: 4, labelWidth: 12)
        sheet.fact("Meaning", signature.meaning ?? "", indent: 4, labelWidth: 12)
        sheet.fact("Time", signature.signedAt.map { "\($0) (\(zone))" } ?? "", indent: 4, labelWidth: 12)
        sheet.fact("Method", signature.method ?? "not recorded", indent: 4, labelWidth: 12)
        sheet.fact("SHA-256", grouped(signature.sha256 ?? ""), indent: 4, labelWidth: 12)
    }

    /// A digest in groups of eight, four to a line, as people can compare it.
    static func grouped(_ digest: String) -> String {
        let bytes = Array(digest.utf8)
        return stride(from: 0, to: bytes.count, by: 8)
            .map { start in
                let group = String(decoding: bytes[start..<min(start + 8, bytes.count)], as: UTF8.self)
                return start == 0 ? group : (start % 32 == 0 ? "\n" : " ") + group
            }
            .joined()
    }
}

/// The Markdown of a consent as blocks of lines: headings, paragraphs, lists and clauses.
struct ConsentBody {
    let text: String
    let clauses: [ConsentModel.Clause]

    /// A paragraph of the Markdown: its first line and those that continue it, as one text.
    private struct Paragraph {
        var text: String
        /// An item that follows another without a blank line.
        let isTight: Bool
    }

    private var paragraphs: [Paragraph] {
        var paragraphs: [Paragraph] = []
        var isOpen = false
        for line in text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            let bare = Self.trimmed(line)
            let isItem = bare.hasPrefix("- ")
            if bare.isEmpty {
                isOpen = false
            } else if isOpen, !isItem, !bare.hasPrefix("#"), let last = paragraphs.indices.last {
                paragraphs[last].text += " " + bare
            } else {
                let followsItem = isOpen && paragraphs.last?.text.hasPrefix("- ") == true
                paragraphs.append(Paragraph(text: bare, isTight: isItem && followsItem))
                isOpen = !bare.hasPrefix("#")
            }
        }
        return paragraphs
    }

    private static func trimmed(_ line: Substring.UTF8View) -> String {
        let blanks: Set<UInt8> = [0x20, 0x09, 0x0D]
        let start = line.drop { blanks.contains($0) }
        return String(decoding: start.dropLast(start.reversed().prefix { blanks.contains($0) }.count), as: UTF8.self)
    }

    var blocks: [Pages.Block] {
        let paragraphs = paragraphs
        // The items between the title and whatever comes next are the facts of the document.
        let opening = paragraphs.dropFirst(paragraphs.first?.text.hasPrefix("# ") == true ? 1 : 0)
            .prefix { $0.text.hasPrefix("- ") }
        return paragraphs.enumerated().map { index, paragraph in
            guard opening.indices.contains(index), let fact = Self.fact(paragraph.text) else {
                return block(of: paragraph)
            }
            var sheet = TextSheet()
            if index == opening.startIndex { sheet.blank() }
            sheet.fact(fact.label, fact.value)
            return Pages.Block(lines: sheet.lines)
        }
    }

    /// `- Label: value` in its two parts; nil where the label would not fit its column.
    private static func fact(_ item: String) -> (label: String, value: String)? {
        let words = Substring(item).utf8.dropFirst(2)
        guard let colon = words.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        let label = trimmed(words[..<colon])
        guard !label.isEmpty, label.unicodeScalars.count < 16 else { return nil }
        return (label, trimmed(words[colon...].dropFirst()))
    }

    private func block(of whole: Paragraph) -> Pages.Block {
        let paragraph = whole.text
        var sheet = TextSheet()
        var keepsWithNext = false
        if !whole.isTight { sheet.blank() }
        if paragraph.hasPrefix("#") {
            keepsWithNext = true
            let level = paragraph.utf8.prefix { $0 == UInt8(ascii: "#") }.count
            let title = Self.trimmed(Substring(paragraph).utf8.dropFirst(level))
            sheet.paragraph(level == 1 ? title.uppercased() : title)
            sheet.rule(level == 1 ? "=" : "-")
        } else if let clause = clauses.first(where: { paragraph.hasPrefix("- [\($0.clause)]") }) {
            write(clause, Self.rest(of: paragraph, after: "- [\(clause.clause)]"), to: &sheet)
        } else if let clause = clauses.first(where: { paragraph.hasPrefix("- [\($0.clause)!]") }) {
            write(clause, Self.rest(of: paragraph, after: "- [\(clause.clause)!]"), to: &sheet)
        } else if paragraph.hasPrefix("- ") {
            sheet.paragraph(paragraph, indent: 0, hanging: 2)
        } else {
            sheet.paragraph(paragraph)
        }
        return Pages.Block(lines: sheet.lines, keepsWithNext: keepsWithNext)
    }

    private static func rest(of paragraph: String, after label: String) -> String {
        trimmed(Substring(paragraph).utf8.dropFirst(label.utf8.count))
    }

    private func write(_ clause: ConsentModel.Clause, _ words: String, to sheet: inout TextSheet) {
        sheet.fact(clause.clause, words, labelWidth: 6)
        if let acknowledgedAt = clause.acknowledgedAt {
            sheet.paragraph("[X] acknowledged \(acknowledgedAt)", indent: 6)
        } else if clause.isRequired {
            sheet.paragraph("[ ] MUST BE ACKNOWLEDGED", indent: 6)
        }
    }
}
