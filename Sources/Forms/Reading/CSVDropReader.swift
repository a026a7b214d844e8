import CSV
import Clinic
import Drops

/// Reads a delimited drop: each row is an entry of the one form that its header names.
struct CSVDropReader: DropReading {
    let shape: CorrectionShape
    private(set) var warnings: [LocatedFinding]
    private var reader: CSV.Reader
    private let definition: FormDefinition
    /// The field of each column, nil for columns that the form does not know.
    private let columns: [Field?]
    private var number = 0

    /// `head` are the file's first bytes, whose rows settle between forms that the header fits alike.
    init(head: [UInt8], rules: ReadingRules, read: @escaping (Int) throws -> [UInt8]) throws {
        var charset = Charset.utf8
        if let name = rules.charset {
            guard let known = Charset(named: name) else {
                throw DropRefusal(CSVDropReader.wholeFile(.Drop.undecodable, "the character set \(name) is not known"))
            }
            charset = known
        }
        var nearest: HeaderMatch.Nearest?
        var chosen: FormDefinition?
        do {
            let opened = try CSV.Reader(charset: charset, allowedControls: [0x1D], read: read) { candidates in
                let match = HeaderMatch.best(of: candidates, preferring: rules.forms, head: head)
                chosen = match.definition
                nearest = match.nearest
                return match.index
            }
            guard let opened, let definition = chosen else {
                throw DropRefusal(CSVDropReader.unknownForm(nearest: nearest))
            }
            self.reader = opened
            self.definition = definition
        } catch let refusal as CSV.Refusal {
            let fault = refusal.faults.first
            throw DropRefusal(
                LocatedFinding(
                    Finding(
                        CSVRules.rule(fault?.code), [], fault?.detail ?? "the header cannot be read",
                        mend: "write the file as CSV with a header row, in UTF-8"),
                    at: Place(line: fault?.line ?? 1, column: fault?.column, byteOffset: fault?.byteOffset)))
        }
        let known = Dictionary(
            definition.allFields.map { (Header.normalized($0.field.rawValue), $0.field) },
            uniquingKeysWith: { first, _ in first })
        columns = reader.header.names.map { known[Header.normalized($0)] }
        let header = reader.header.record.verbatim
        let dialect = reader.header.dialect
        shape = CorrectionShape(
            format: .csv, form: definition.name.rawValue,
            opening: reader.byteOrderMark
                + header.dropLast(header.reversed().prefix { $0 == 0x0A || $0 == 0x0D }.count),
            lineEnd: dialect.lineEnd.bytes, delimiter: dialect.delimiter.rawValue)
        warnings = CSVDropReader.unknownColumns(of: reader.header, columns: columns, form: definition.name)
    }

    /// Columns that the form does not know are passed over, and told; `suture_…` columns are ours.
    private static func unknownColumns(of header: Header, columns: [Field?], form: FormName) -> [LocatedFinding] {
        header.names.indices.filter { columns[$0] == nil }
            .filter { !Header.normalized(header.names[$0]).hasPrefix("suture") }
            .map { index in
                let position = header.record.position(index)
                return LocatedFinding(
                    Finding(
                        .Entry.unknownColumn, [], "column \(index + 1) is not one of the form \(form)",
                        mend: "rename the column, or leave it out; its values are not used"),
                    at: Place(line: position.line, column: position.column, byteOffset: position.byteOffset))
            }
    }

    mutating func next() throws -> ReadEntry? {
        guard let record = try reader.next() else { return nil }
        number += 1
        let place = Place(line: record.line, column: 1, byteOffset: record.byteOffset)
        var entry = ReadEntry(number: number, place: place, raw: record.verbatim)
        for fault in record.faults {
            entry.findings.append(locate(fault))
        }
        guard record.isSound else {
            entry.secrets = secrets(of: record, in: entry)
            return entry
        }
        var form = FormEntry(form: definition.name, place: place)
        form.isTableRow = true
        for (index, field) in columns.enumerated() {
            guard let field, index < record.count else { continue }
            let position = record.position(index)
            let fieldPlace = Place(
                line: position.line, column: position.column, byteOffset: position.byteOffset, name: field.rawValue)
            do {
                let located = LocatedText(try record.text(index), at: fieldPlace)
                switch field {
                case .reference: form.reference = located
                case .action: form.action = located
                default: form.fields[field] = located
                }
            } catch {
                entry.findings.append(locate(error))
            }
        }
        entry.secrets = secrets(of: record, in: entry)
        if entry.findings.isEmpty { entry.forms = [form] }
        return entry
    }

    /// The stretches of a row's bytes that hold passwords; the whole row when its columns cannot be told.
    private func secrets(of record: Record, in entry: ReadEntry) -> [Range<Int>] {
        let secretColumns = columns.indices.filter { index in
            columns[index].flatMap { definition.definition(of: $0)?.type } == .secret
        }
        guard !secretColumns.isEmpty else { return [] }
        guard record.isSound else { return entry.raw.isEmpty ? [] : [0..<entry.raw.count] }
        let unit = reader.encoding == .utf8 ? 1 : reader.byteOrderMark.count == 2 ? 2 : 1
        let ended =
            entry.raw.count - entry.raw.reversed().prefix { $0 == 0x0A || $0 == 0x0D || (unit == 2 && $0 == 0) }.count
        return secretColumns.compactMap { index in
            let start = record.position(index).byteOffset - record.byteOffset
            let end =
                index + 1 < record.count ? record.position(index + 1).byteOffset - record.byteOffset - unit : ended
            return start < end ? start..<end : nil
        }
    }

    private func locate(_ fault: Fault) -> LocatedFinding {
        // The reader counts fields from 1.
        let index = fault.field.map { $0 - 1 }
        let field = index.flatMap { columns.indices.contains($0) ? columns[$0] : nil }
        let place = Place(
            line: fault.line, column: fault.column, byteOffset: fault.byteOffset, name: field?.rawValue)
        let words = ReaderWords(detail(of: fault, naming: index, field), mend: CSVRules.mend(fault.code))
        return LocatedFinding(
            Finding(CSVRules.rule(fault.code), field.map { [$0] } ?? [], words.detail, mend: words.mend), at: place)
    }

    /// The reader names columns as headers are compared; people know them as the form names them.
    private func detail(of fault: Fault, naming index: Int?, _ field: Field?) -> String {
        guard let index, let field, reader.header.names.indices.contains(index) else { return fault.detail }
        return fault.detail.replacing("`\(reader.header.names[index])`", with: "`\(field)`")
    }

    private static func wholeFile(_ rule: Rule, _ detail: String) -> LocatedFinding {
        LocatedFinding(
            Finding(rule, [], detail, mend: "ask the clinic's IT to look at the source's settings"), at: Place(line: 1))
    }

    private static func unknownForm(nearest: HeaderMatch.Nearest?) -> LocatedFinding {
        let place = Place(line: 1, column: 1, byteOffset: 0)
        if let nearest, nearest.isClear {
            let columns = nearest.missing.map { "`\($0)`" }.joined(separator: ", ")
            let lack =
                nearest.missing.count == 1 ? "the column \(columns) is missing" : "the columns \(columns) are missing"
            return LocatedFinding(
                Finding(
                    CSVRules.rule(.missingColumn), nearest.missing.map { Field(rawValue: $0) },
                    "the header names the form \(nearest.definition.name), but \(lack)",
                    mend:
                        "add \(columns) to every row; `suture forms \(nearest.definition.name) --csv` shows a template"),
                at: place)
        }
        let detail =
            nearest.map {
                "the header names no form; the nearest is \($0.definition.name), without \($0.missing.joined(separator: ", "))"
            }
            ?? "the header names no form"
        let mend =
            nearest.map { nearest in
                "if it is a \(nearest.definition.name), add what is missing (`suture forms \(nearest.definition.name) --csv` "
                    + "prints the header); if it is nothing for Suture, keep it out of the inbox"
            }
            ?? "write the header of the form that it is: `suture forms` lists the forms, `suture forms NAME --csv` prints "
            + "a header; if it is nothing for Suture, keep it out of the inbox"
        return LocatedFinding(Finding(.Drop.unknownForm, [], detail, mend: mend), at: place)
    }
}

/// Chooses the form and the delimiter under which a header names it.
private enum HeaderMatch {
    /// The form that a header is nearest to, where it has all that any form requires.
    struct Nearest {
        var definition: FormDefinition
        var missing: [String]
        /// It can be meant for no other: all its columns are the form's, more than those of another form that it lacks
        /// columns of, and one that the form requires is among them.
        var isClear: Bool
    }

    struct Result {
        var index: Int?
        var definition: FormDefinition?
        var nearest: Nearest?
    }

    /// The form with the most columns of a header; of several, the one whose actions the first rows name, then the
    /// one that comes first in the source's list.
    static func best(
        of candidates: [Header.Candidate], preferring preferred: [FormName], head: [UInt8]
    ) -> Result {
        var result = Result()
        var best = (matching: -1, named: -1, rank: Int.min)
        var nearestScore = 0
        var others = 0
        for (index, candidate) in candidates.enumerated() {
            let actions = firstActions(of: candidate, in: head)
            let names = Set(candidate.names.map { Header.normalized($0) })
            for definition in FormDefinition.all {
                let fields = definition.allFields.map { Header.normalized($0.field.rawValue) }
                let matching = fields.count { names.contains($0) }
                let missing = definition.requiredColumns.filter { !names.contains(Header.normalized($0.rawValue)) }
                let rank = -(preferred.firstIndex(of: definition.name) ?? preferred.count)
                let named = actions.count { definition.actions.contains(Action($0)) }
                if missing.isEmpty, isNamed(definition, by: candidate) {
                    guard (matching, named, rank) > best else { continue }
                    best = (matching, named, rank)
                    result.index = index
                    result.definition = definition
                } else if !missing.isEmpty, matching > nearestScore {
                    (others, nearestScore) = (nearestScore, matching)
                    // The reference is every form's.
                    let present = definition.requiredColumns.count - missing.count
                    let isNamed = matching == candidate.names.count && present > 1
                    result.nearest = Nearest(
                        definition: definition, missing: missing.map(\.rawValue), isClear: isNamed)
                } else if !missing.isEmpty {
                    others = max(others, matching)
                }
            }
        }
        if others == nearestScore { result.nearest?.isClear = false }
        return result
    }

    /// The actions that the first rows name; rows with quotes are passed over, for this only settles a draw.
    private static func firstActions(of candidate: Header.Candidate, in head: [UInt8]) -> [String] {
        guard let column = candidate.names.firstIndex(of: "action") else { return [] }
        let rows = Recognition.plain(head).split { $0 == 0x0A || $0 == 0x0D }.dropFirst().prefix(20)
        return rows.filter { !$0.contains(UInt8(ascii: "\"")) }.compactMap { row in
            let cells = row.split(separator: candidate.dialect.delimiter.rawValue, omittingEmptySubsequences: false)
            guard column < cells.count else { return nil }
            return String(decoding: cells[column], as: UTF8.self).uppercased()
        }
    }

    /// Whether a header that has all that a form requires names it.
    ///
    /// A form that requires nothing but the reference fits every header that has one: there must be a field of the
    /// form's own besides, it must know half of the columns, and where every action needs the patient, a column must
    /// tell who that is.
    private static func isNamed(_ definition: FormDefinition, by candidate: Header.Candidate) -> Bool {
        guard definition.requiredColumns == [.reference] else { return true }
        let names = candidate.names.filter { !$0.hasPrefix("suture") }
        let all = Set(definition.allFields.map { Header.normalized($0.field.rawValue) })
        let own = Set(definition.fields.map { Header.normalized($0.field.rawValue) })
        let patient = [Field.mrn, .registration, .identifiers].map { Header.normalized($0.rawValue) }
        guard definition.actions != definition.patientRequiredBy || names.contains(where: patient.contains) else {
            return false
        }
        return names.contains { own.contains($0) } && names.count { all.contains($0) } * 2 >= names.count
    }
}

/// The CSV reader's codes as rules of ours.
enum CSVRules {
    static func rule(_ code: Fault.Code?) -> Rule {
        guard let code else { return .Drop.unknownForm }
        return Rule.named(code.rawValue)
            ?? Rule(
                code.rawValue, "The row is not delimited text as RFC 4180 has it.", phase: .drop, hl7: .segmentSequence)
    }

    /// What mends a fault whose own words say nothing of it.
    static func mend(_ code: Fault.Code) -> String {
        switch code {
        case .undecodable, .utf16, .utf32, .nul: "save the file as UTF-8"
        default: "correct the row and drop it again"
        }
    }
}
