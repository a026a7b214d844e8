import HL7

/// A message on its way in: what is kept of it in memory until it goes to the disk, and what speaks against it.
struct Reception {
    /// More of a message than this goes to the disk before the rest is read: a thousand connections hold 64 MiB.
    static let pieceSize = 64 << 10

    private let limit: Int
    private var head: [UInt8] = []
    private var starts = MessageStarts()
    private var size = 0
    /// Bytes that are not on the disk yet.
    private var bytes: [UInt8] = []
    private(set) var refusal: Refusal?

    init(limit: Int, refusal: Refusal?) {
        self.limit = limit
        self.refusal = refusal
    }

    /// Takes a piece; of a message that is refused nothing more is kept.
    mutating func append(_ piece: ArraySlice<UInt8>) {
        size += piece.count
        if head.count < Heading.longest { head += piece.prefix(Heading.longest - head.count) }
        starts.read(piece)
        if size > limit { refuse(.tooLarge(limit: limit)) }
        if refusal == nil, head.count >= Heading.longest { check() }
        if refusal == nil { bytes += piece }
    }

    mutating func refuse(_ refusal: Refusal) {
        if self.refusal == nil { self.refusal = refusal }
        bytes = []
    }

    /// Bytes that have to go to the disk before more are read.
    mutating func takeFullPiece() -> [UInt8]? {
        bytes.count >= Self.pieceSize ? takeBytes() : nil
    }

    mutating func takeBytes() -> [UInt8] {
        defer { bytes = [] }
        return bytes
    }

    /// The end of the block has come: what it holds, or why it is not taken.
    mutating func finish() -> Result<Heading, Refusal> {
        if refusal == nil { check() }
        if let refusal { return .failure(refusal) }
        do throws(Refusal) {
            let heading = try Heading(head)
            if heading.kind != .batch, starts.count > 1 { throw .severalMessages }
            return .success(heading)
        } catch {
            return .failure(error)
        }
    }

    /// What an answer to it is made from, however little can be read.
    var answerable: (subject: AcknowledgedHeader, wishes: AnswerWishes) {
        do throws(Refusal) {
            let heading = try Heading(head)
            return (heading.subject, heading.wishes)
        } catch {
            return (AcknowledgedHeader(unreadable: Heading.firstLine(of: head)), .original)
        }
    }

    private mutating func check() {
        do throws(Refusal) {
            _ = try Heading(head)
        } catch {
            refuse(error)
        }
    }
}
