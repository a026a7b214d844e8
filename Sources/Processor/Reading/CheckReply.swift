package import Clinic
package import Drops
import DurableFiles
import Records

/// What would become of some files.
package struct CheckReply: Reply {
    package enum Severity: String, Codable, Sendable {
        /// The entry or the file would be rejected.
        case error
        /// The entry would be applied all the same.
        case warning
        /// The entry would wait.
        case note
    }

    /// One finding at its place.
    package struct Item: Encodable, Sendable {
        package var severity: Severity
        package var line: Int
        package var column: Int?
        package var byteOffset: Int?
        /// The column's or element's name, or the path in a message.
        package var name: String?
        /// The entry it is against; nil for the file as a whole.
        package var entry: Int?
        package var code: String
        package var statement: String
        package var detail: String
        package var mend: String
        package var aside: String?
        package var fields: [String]
        package var waitsFor: [String]
    }

    /// What would become of one entry.
    package struct Entry: Encodable, Sendable {
        package var number: Int
        package var line: Int
        package var outcome: EntryOutcome
        package var references: [String]
        /// Numbers that it would be given, were it dropped now.
        package var answer: [String: String]
    }

    package struct Counts: Encodable, Equatable, Sendable {
        package var read = 0
        package var applied = 0
        package var duplicate = 0
        package var held = 0
        package var rejected = 0

        mutating func count(_ outcome: EntryOutcome) {
            read += 1
            switch outcome {
            case .applied: applied += 1
            case .duplicate: duplicate += 1
            case .held: held += 1
            case .rejected: rejected += 1
            }
        }

        static func += (left: inout Counts, right: Counts) {
            left.read += right.read
            left.applied += right.applied
            left.duplicate += right.duplicate
            left.held += right.held
            left.rejected += right.rejected
        }
    }

    package struct File: Encodable, Sendable {
        package var file: String
        package var source: SourceName
        package var format: DropFormat
        package var form: String?
        /// Why the file cannot be read at all.
        package var fault: String?
        package var counts = Counts()
        package var entries: [Entry] = []
        package var findings: [Item] = []
    }

    package let now: Instant
    package private(set) var files: [File] = []
    package private(set) var counts = Counts()
    package private(set) var errors = 0
    package private(set) var warnings = 0
    /// Held entries of earlier drops that would be applied by it.
    package private(set) var releases = 0

    init(now: Instant) { self.now = now }

    /// True when something would be rejected.
    package var hasErrors: Bool { errors > 0 }
    /// True when a file cannot be read.
    package var hasFaults: Bool { files.contains { $0.fault != nil } }

    /// The reply with what else would come of it.
    func releasing(_ count: Int) -> CheckReply {
        var reply = self
        reply.releases = count
        return reply
    }

    mutating func add(_ file: File) {
        files.append(file)
        counts += file.counts
        errors += file.findings.count { $0.severity == .error }
        warnings += file.findings.count { $0.severity == .warning }
    }
}

extension CheckedFile {
    /// The file as it stands when all of them are decided: what one lacked another may have brought.
    func told(in unit: Unit) throws -> CheckReply.File {
        var told = CheckReply.File(
            file: String(decoding: path.bytes, as: UTF8.self), source: source.name, format: format, form: form,
            fault: fault)
        if let refusal { told.findings.append(CheckReply.Item(.error, refusal, entry: nil)) }
        told.findings += warnings.map { CheckReply.Item(.warning, $0, entry: nil) }
        guard let drop else { return told }
        for record in try unit.entries(of: drop) {
            told.counts.count(record.outcome)
            let answer: [String: String] = try record.answer.map { try JSONReading.value(from: $0) } ?? [:]
            told.entries.append(
                CheckReply.Entry(
                    number: record.number, line: record.line, outcome: record.outcome,
                    references: record.forms.map(\.reference), answer: answer))
            let severity = record.outcome == .held ? CheckReply.Severity.note : .error
            told.findings += try FindingsCoding.decode(record.findings).map {
                CheckReply.Item(severity, $0, entry: record.number)
            }
            told.findings += try FindingsCoding.decode(record.warnings).map {
                CheckReply.Item(.warning, $0, entry: record.number)
            }
        }
        if told.counts.read > 0, told.counts.duplicate == told.counts.read {
            let finding = Finding(
                .Drop.duplicate, [], "every entry of the file was applied before",
                mend: "nothing; where something new was meant, give it a new reference")
            told.findings.append(CheckReply.Item(.warning, finding.reported(at: Place(line: 1)), entry: nil))
        }
        return told
    }
}

extension CheckReply.Item {
    init(_ severity: CheckReply.Severity, _ finding: ReportedFinding, entry: Int?) {
        self.init(
            severity: severity, line: finding.place.line, column: finding.place.column,
            byteOffset: finding.place.byteOffset, name: finding.place.name, entry: entry, code: finding.code,
            statement: finding.statement, detail: finding.detail, mend: finding.mend, aside: finding.aside,
            fields: finding.fields, waitsFor: finding.waitsFor)
    }
}
