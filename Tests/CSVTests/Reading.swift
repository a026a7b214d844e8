import CSV

/// Reads a whole file as the tests need it.
struct Reading {
    var header: Header
    var records: [Record]
    var endedWithTerminator: Bool
    var byteOrderMark: [UInt8]

    /// All bytes of the file, put together again from what the reader gave.
    var verbatim: [UInt8] { byteOrderMark + header.record.verbatim + records.flatMap(\.verbatim) }

    /// The fields of every sound record.
    var sound: [[String]] {
        get throws {
            try records.filter(\.isSound).map { record in try (0..<record.count).map { try record.text($0) } }
        }
    }

    /// The codes of all faults, in order.
    var codes: [Fault.Code] { records.flatMap { $0.faults.map(\.code) } }

    /// Everything about the records that callers can see, for comparing two readings.
    var summary: [String] {
        records.map { record in
            let fields = (0..<record.count).map { "\(record.position($0))\(record.bytes($0))\(record.isQuoted($0))" }
            return "\(record.number) \(record.position) \(record.byteCount) \(record.verbatim) \(fields) "
                + "\(record.faults) \(record.isTruncated) \(record.endedWithTerminator)"
        }
    }
}

/// Gives a file out in pieces of one size.
final class Pieces {
    private let bytes: [UInt8]
    private let size: Int
    private var start = 0
    private(set) var largestRequest = 0

    init(_ bytes: [UInt8], size: Int) {
        self.bytes = bytes
        self.size = size
    }

    func read(_ count: Int) -> [UInt8] {
        largestRequest = max(largestRequest, count)
        let piece = bytes[start..<min(start + min(count, size), bytes.count)]
        start += piece.count
        return Array(piece)
    }
}

struct NoReader: Error {}

/// The reading with the most columns, as a caller with one form would choose.
func widest(_ candidates: [Header.Candidate]) -> Int? {
    candidates.indices.max { candidates[$0].names.count < candidates[$1].names.count }
}

func read(
    _ bytes: [UInt8], charset: Charset = .utf8, preambleLines: Int = 0, recordLimit: Int = 1 << 20,
    pieces: Int = .max, chunkSize: Int = 1 << 18
) throws -> Reading {
    let source = Pieces(bytes, size: pieces)
    let reader = try Reader(
        charset: charset, preambleLines: preambleLines, recordLimit: recordLimit, chunkSize: chunkSize,
        read: source.read, choosing: widest)
    guard var reader else { throw NoReader() }
    var records: [Record] = []
    while let record = try reader.next() { records.append(record) }
    return Reading(
        header: reader.header, records: records, endedWithTerminator: reader.endedWithTerminator,
        byteOrderMark: reader.byteOrderMark)
}

func read(_ text: String, recordLimit: Int = 1 << 20) throws -> Reading {
    try read(Array(text.utf8), recordLimit: recordLimit)
}

/// The refusal a file meets, or nil when it is read.
func refusal(_ bytes: [UInt8], charset: Charset = .utf8) throws -> Refusal? {
    do {
        _ = try read(bytes, charset: charset)
        return nil
    } catch let refusal as Refusal {
        return refusal
    }
}

/// SplitMix64: the same numbers from the same seed, everywhere.
struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}
