import Clinic
import Digests
import Documents
import Drops
import DurableFiles
import HL7
import Records

extension DropDocuments {
    /// Writes a document of a drop to a new file, page by page of its entries; answers the file's SHA-256.
    func write(_ document: OutboundDocument, to path: DurableFiles.Path) throws -> String {
        let sink = HashedFile(try GrowingFile(path))
        let model: Model = try JSONReading.value(from: document.model)
        guard let record = try engine.database.read({ try $0.drop(model.drop) }) else {
            throw WorkspaceFault(path: path, reason: "drop \(model.drop) of a queued document is not in the database")
        }
        let drop = try reported(record, model)
        switch Kind(rawValue: document.kind) {
        case .answers: try writeAnswers(drop, model, to: sink)
        case .rejections: try writeRejections(drop, model, to: sink)
        case .corrections: try writeCorrections(drop, model, to: sink)
        case .acknowledgments: try writeAcknowledgments(record, drop, model, to: sink)
        case nil: break
        }
        return try sink.finish()
    }

    /// The acknowledgments of a drop that is at its end, as their file has them.
    func acknowledgments(of record: DropRecord) throws -> [UInt8] {
        let sink = HashedFile(nil)
        let model = Model(drop: record.number, entries: nil, ledgerSequence: 0)
        try writeAcknowledgments(record, reported(record, model), model, to: sink)
        _ = try sink.finish()
        return sink.kept
    }

    private func reported(_ record: DropRecord, _ model: Model) throws -> ReportedDrop {
        ReportedDrop(
            number: record.number, source: record.source.rawValue, format: record.format, form: record.form,
            sha256: record.sha256 ?? "", arrivedAt: engine.pathway.zone.iso(record.arrivedAt),
            findings: try FindingsCoding.decode(record.findings), ledgerSequence: model.ledgerSequence)
    }

    /// Entries that a document tells of, page by page, so that a drop of any size needs the same memory.
    private func eachEntry(_ model: Model, _ body: (ReportedEntry) throws -> Void) throws {
        if let numbers = model.entries {
            for number in numbers {
                guard let entry = try engine.database.read({ try $0.entry(drop: model.drop, number: number) }) else {
                    continue
                }
                try body(ReportedEntry(entry))
            }
            return
        }
        var last = 0
        while true {
            let page = try engine.database.read { try $0.entries(of: model.drop, after: last, limit: 500) }
            guard let end = page.last?.number else { return }
            for entry in page { try body(ReportedEntry(entry)) }
            last = end
        }
    }

    private func writeAnswers(_ drop: ReportedDrop, _ model: Model, to sink: HashedFile) throws {
        try sink.write(AnswerFile.header())
        if model.entries == nil { try sink.write(AnswerFile.dropRows(drop)) }
        try eachEntry(model) { try sink.write(AnswerFile.rows($0, of: drop)) }
    }

    private func writeRejections(_ drop: ReportedDrop, _ model: Model, to sink: HashedFile) throws {
        try sink.write(RejectionReport.header())
        if model.entries == nil { try sink.write(RejectionReport.dropRows(drop)) }
        try eachEntry(model) { try sink.write(RejectionReport.rows($0, of: drop)) }
    }

    private func writeCorrections(_ drop: ReportedDrop, _ model: Model, to sink: HashedFile) throws {
        guard let text = try engine.database.read({ try $0.meta("shape:\(model.drop)") }) else { return }
        let shape: CorrectionShape = try JSONReading.value(fromText: text)
        try sink.write(CorrectionFile.opening(shape))
        try eachEntry(model) { entry in
            guard entry.outcome == .rejected else { return }
            try sink.write(CorrectionFile.entry(entry, of: drop, shape: shape))
        }
        try sink.write(CorrectionFile.closing(shape))
    }

    // MARK: - Acknowledgments

    /// One acknowledgment for each message, in the envelopes that the file has.
    private func writeAcknowledgments(_ record: DropRecord, _ drop: ReportedDrop, _ model: Model, to sink: HashedFile)
        throws
    {
        let at = record.arrivedAt
        var batch = try AckFile.batch(at: at, zone: engine.pathway.zone)
        guard model.entries == nil, let file = try original(of: record) else {
            try eachEntry(model) { entry in
                guard entry.outcome == .rejected else { return }
                batch.add(try acknowledgment(entry, header: entry.raw, model))
            }
            return try sink.write(batch.finish())
        }
        var frames = FrameReader<any Error>(limit: 64 << 20) { buffer, most throws(any Error) in
            let piece = try file.read(most)
            buffer.append(contentsOf: piece)
            return piece.count
        }
        var envelopes = 0
        func pass(to offset: Int?) throws -> [UInt8]? {
            while let frame = try frames.next() {
                switch frame {
                case .fileHeader(let header), .batchHeader(let header):
                    envelopes += 1
                    guard let segment = header.segment else { continue }
                    try batch.open(segment, controlID: "\(Digits.padded(model.drop, 8))-H\(envelopes)")
                case .batchTrailer, .fileTrailer: batch.close()
                case .message(let framed), .stray(let framed), .oversized(let framed):
                    if offset == nil || framed.offset == offset { return framed.bytes }
                }
            }
            return nil
        }
        if record.entriesDecided == 0 {
            // Refused whole: each message in it is told so.
            var number = 0
            while let header = try pass(to: nil) {
                number += 1
                batch.add(try acknowledgment(refused(drop, number), header: header, model))
                try sink.write(batch.takeBytes())
            }
        } else {
            try eachEntry(model) { entry in
                let header = try pass(to: entry.byteOffset) ?? entry.raw
                batch.add(try acknowledgment(entry, header: header, model))
                try sink.write(batch.takeBytes())
            }
            _ = try pass(to: -1)
        }
        try sink.write(batch.finish())
    }

    private func acknowledgment(_ entry: ReportedEntry, header: [UInt8], _ model: Model) throws -> Acknowledgment {
        let segment = header.prefix { $0 != 0x0D && $0 != 0x0A }
        let controlID = "\(Digits.padded(model.drop, 8))-\(Digits.padded(entry.number, 6))"
        let isLater = model.entries != nil
        return try AckFile.acknowledgment(
            for: entry, header: Array(segment), controlID: isLater ? "\(controlID)-2" : controlID,
            at: engine.database.read { try $0.drop(model.drop)?.arrivedAt } ?? engine.now(),
            zone: engine.pathway.zone)
    }

    private func refused(_ drop: ReportedDrop, _ number: Int) -> ReportedEntry {
        ReportedEntry(
            number: number, line: 1, byteOffset: nil, forms: [], outcome: .rejected, findings: drop.findings,
            warnings: [], answer: [:], raw: [], ledgerSequence: drop.ledgerSequence)
    }

    /// The file as it was dropped, wherever it lies by now.
    private func original(of record: DropRecord) throws -> ByteFile? {
        let workspace = engine.workspace
        var paths: [DurableFiles.Path] = [
            engine.claiming.path(ofWork: record.number), engine.archiving.quarantined(record),
        ]
        if let archived = record.archivePath {
            paths.append(DurableFiles.Path(workspace.archive.bytes + Array("/\(archived)".utf8)))
        }
        for path in paths where try Files.exists(path) {
            return try Directory(path.parent).openBeneath(path.name)
        }
        return nil
    }
}

extension ReportedEntry {
    /// An entry's row as the documents tell it.
    init(_ record: EntryRecord) throws {
        self.init(
            number: record.number, line: record.line, byteOffset: record.byteOffset,
            forms: record.forms.map {
                Form(form: $0.form.rawValue, action: $0.action.rawValue, reference: $0.reference)
            },
            outcome: record.outcome, findings: try FindingsCoding.decode(record.findings),
            warnings: try FindingsCoding.decode(record.warnings),
            answer: try record.answer.map { try JSONReading.value(from: $0) } ?? [:], raw: record.raw ?? [],
            ledgerSequence: record.ledgerSequence)
    }
}

/// A file that is hashed as it is written; without a file its bytes are kept in memory.
private final class HashedFile {
    private let file: GrowingFile?
    private(set) var kept: [UInt8] = []
    private var hash = SHA256()
    private var pending: [UInt8] = []

    init(_ file: GrowingFile?) { self.file = file }

    func write(_ bytes: [UInt8]) throws {
        pending += bytes
        if pending.count >= 1 << 16 { try flush() }
    }

    func finish() throws -> String {
        try flush()
        // Synced with all that are staged together.
        try file?.finish(sync: false)
        return Hexadecimal.encode(hash.digest())
    }

    private func flush() throws {
        hash.update(pending)
        if let file { try file.write(pending) } else { kept += pending }
        pending = []
    }
}
