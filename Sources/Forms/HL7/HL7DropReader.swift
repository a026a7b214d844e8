import Clinic
import Drops
import HL7

/// Reads an HL7 v2 drop: each message is an entry, and so is each stretch of bytes that is none.
struct HL7DropReader: DropReading {
    let shape = CorrectionShape(format: .hl7)
    private(set) var warnings: [LocatedFinding] = []
    private var reader: FrameReader<any Error>
    private let rules: ReadingRules
    private let charset: Charset
    private var number = 0
    private var totals: BatchTotals
    /// A message that is longer is no message of a clinic, and would not fit into memory many times over.
    private static let longestMessage = 64 << 20

    init(rules: ReadingRules, read: @escaping (Int) throws -> [UInt8]) throws {
        self.rules = rules
        totals = BatchTotals(currency: rules.currency)
        charset = rules.charset.flatMap { Charset(name: $0) } ?? .utf8
        reader = FrameReader(limit: Self.longestMessage) { buffer, maximum throws(any Error) in
            let piece = try read(maximum)
            buffer.append(contentsOf: piece)
            return piece.count
        }
    }

    mutating func next() throws -> ReadEntry? {
        while let frame = try reader.next() {
            switch frame {
            case .fileHeader, .fileTrailer: continue
            case .batchHeader: totals.header()
            case .batchTrailer(let framed): totals.trailer(framed)
            case .message(let framed):
                let entry = read(framed)
                totals.message(entry)
                return entry
            case .stray(let framed):
                if framed.bytes.allSatisfy({ Self.isBlank($0) }) { continue }
                return malformed(framed, "bytes that belong to no message")
            case .oversized(let framed):
                return malformed(framed, "the message is longer than \(Self.longestMessage >> 20) MiB")
            }
        }
        try close()
        return nil
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte <= 0x20 }

    private mutating func begin(_ framed: FramedBytes) -> ReadEntry {
        number += 1
        return ReadEntry(
            number: number, place: Drops.Place(line: framed.line, byteOffset: framed.offset), raw: framed.bytes)
    }

    private mutating func malformed(_ framed: FramedBytes, _ detail: String, at offset: Int = 0) -> ReadEntry {
        var entry = begin(framed)
        var place = entry.place
        place.byteOffset = framed.offset + offset
        entry.findings.append(
            LocatedFinding(
                Finding(
                    .Drop.hl7Malformed, [], detail,
                    mend:
                        "send the message anew; every message begins with MSH and its delimiters on a line of their own"
                ),
                at: place))
        return entry
    }

    private mutating func read(_ framed: FramedBytes) -> ReadEntry {
        // With a byte order mark the bytes are known, whatever MSH-18 says of them.
        let choice: CharsetChoice = reader.byteOrderMark == nil ? .declared(default: charset) : .fixed(.utf8)
        do {
            return map(try Message(framed.bytes, charset: choice), framed)
        } catch {
            return malformed(framed, error.reason, at: error.offset)
        }
    }

    private mutating func map(_ message: Message, _ framed: FramedBytes) -> ReadEntry {
        var entry = begin(framed)
        let located = LocatedMessage(message, line: framed.line, offset: framed.offset, rules: rules)
        MessageEntry(located, rules: rules).fill(&entry)
        return entry
    }

    /// At the end of the file its envelopes must be closed, and their counts should be right.
    private mutating func close() throws {
        var counts: [LocatedFinding] = []
        for finding in reader.summary.findings {
            let place = Drops.Place(line: finding.line)
            if finding.meansIncomplete {
                throw DropRefusal(
                    LocatedFinding(
                        Finding(
                            .Drop.incomplete, [], finding.description,
                            mend: "drop the whole file again, with BTS for each BHS and FTS for each FHS"), at: place))
            }
            if totals.lines.contains(finding.line) {
                totals.countDiffers(finding.description, line: finding.line)
                continue
            }
            counts.append(
                LocatedFinding(
                    Finding(
                        .Drop.hl7BatchCount, [], finding.description,
                        mend: "check that the file is whole; the messages that are there are taken"), at: place))
        }
        if let difference = totals.findings.first { throw DropRefusal(difference) }
        warnings = counts
    }
}

extension EnvelopeSummary.Finding {
    fileprivate var line: Int {
        switch self {
        case .notClosed(_, let line), .blockNotClosed(let line), .notOpened(_, let line),
            .countDiffers(_, _, _, let line), .countUnreadable(_, let line):
            line
        }
    }
}
