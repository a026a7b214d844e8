import HL7

/// What is said over one connection, decided without a socket, a disk or a clock.
///
/// It is told what happens and answers what is to be done. One message at a time goes to the disk, in the order in
/// which they came; while one is there, or waits for its answer in original mode, nothing more is read. So an answer
/// can only be meant for the message that it names, and the memory for a connection is bounded.
struct Conversation {
    /// What is to be done, in this order.
    enum Action: Equatable {
        /// Send these bytes.
        case send([UInt8])
        /// Write a piece of a message to the disk, then tell `written`.
        case write([UInt8])
        /// Write the last piece and bring the whole to the disk and into the inbox, then tell `stored`.
        case store([UInt8])
        /// Forget what was written of a message.
        case discard
        /// Tell `decided` what becomes of this drop.
        case await(drop: DropName)
        /// As the last one, but not for longer than a sender waits: then tell `isOverdue`.
        case awaitInTime(drop: DropName)
        /// Close the connection; a reason is for the log.
        case close(String?)
        /// Note for the log.
        case note(String)
    }

    private enum Phase: Equatable {
        /// Between the parts of a message or between messages.
        case reading
        /// A piece is being written.
        case writing
        /// A message is being stored.
        case storing
        /// A message in original mode waits for its answer.
        case deciding(DropName)
        case closed
    }

    /// A message that is stored and whose answer by the application is still to come.
    private struct Pending {
        let controlID: [UInt8]
        let wish: AnswerWishes.Wish
        let isBatch: Bool
    }

    /// So many answers may be outstanding in enhanced mode before the next message is read.
    static let mostPending = 1000
    /// So many bytes outside of blocks are passed over; more of them are no MLLP.
    static let mostOutside = 64 << 10

    private let limit: Int
    private let source: String?
    private let answers: AnswerWriter
    private var reader = BlockReader()
    private var rest: ArraySlice<UInt8> = []
    private var phase = Phase.reading
    private var reception: Reception?
    /// The message that is being stored.
    private var heading: Heading?
    private var pending: [DropName: Pending] = [:]
    private var outside = 0
    private var isStopping = false
    private var hasPeerFinished = false

    /// A connection of a source; without one every message is refused.
    init(source: String?, limit: Int, answers: AnswerWriter) {
        self.source = source
        self.limit = limit
        self.answers = answers
    }

    /// Whether bytes may be read from the network.
    var wantsMore: Bool { phase == .reading && rest.isEmpty && pending.count < Self.mostPending && !hasPeerFinished }

    /// Whether the peer owes the rest of what it began: only then does its silence count.
    var isOwedBytes: Bool { phase == .reading && (reader.isInside || outside > 0) }

    /// Drops whose decision is waited for; in no order that means anything.
    var awaited: [DropName] { Array(pending.keys) }

    // MARK: - What happens

    /// Bytes came.
    mutating func receive(_ bytes: [UInt8]) -> [Action] {
        rest = rest.isEmpty ? bytes[...] : (Array(rest) + bytes)[...]
        return advance()
    }

    /// A piece is on the disk, or is not.
    mutating func written(_ refusal: Refusal?) -> [Action] {
        guard phase == .writing else { return [] }
        phase = .reading
        if let refusal { reception?.refuse(refusal) }
        return advance()
    }

    /// The message is in the inbox, or is not.
    mutating func stored(_ result: Result<DropName, Refusal>) -> [Action] {
        guard phase == .storing, let heading else { return [] }
        self.heading = nil
        phase = .reading
        switch result {
        case .failure(let refusal):
            return refuse(refusal, heading.subject, heading.wishes) + advance()
        case .success(let drop):
            return commit(drop, heading) + advance()
        }
    }

    /// The application's answer to a drop: the bytes of its acknowledgment.
    mutating func decided(_ drop: DropName, _ answer: [UInt8]) -> [Action] {
        guard let waiting = pending.removeValue(forKey: drop), phase != .closed else { return [] }
        if phase == .deciding(drop) { phase = .reading }
        let told = AnswerReading(answer)
        // A drop's name is unique, so this cannot be; but an answer to another message would be the worst of all.
        guard waiting.isBatch || told?.names(waiting.controlID) ?? false else {
            phase = .closed
            return [.close("the answer to \(drop) names another message; it was not sent")]
        }
        let isWanted = waiting.isBatch || waiting.wish.wants(success: told?.isSuccess ?? false)
        return (isWanted ? [.send(Block.framing(answer))] : []) + advance()
    }

    /// The message that the sender waits for was not decided in the time that senders wait.
    ///
    /// There is no true answer. "Accepted" may turn out false; on an error a sender sets the message aside, although
    /// it lies in the inbox and will be applied. An answer that comes later could be taken for that of the sender's
    /// next message. So the connection ends without one: the sender knows that it does not know, and sends the
    /// message again, which is a duplicate then and gets the original answer.
    mutating func isOverdue(_ drop: DropName) -> [Action] {
        guard phase == .deciding(drop) else { return [] }
        phase = .closed
        return [.close("\(drop) was not decided in time; is `suture run` at work?")]
    }

    /// Nothing came for a while although the peer owes something.
    mutating func fellSilent() -> [Action] {
        guard isOwedBytes else { return [] }
        return drop(
            reader.isInside
                ? "silent in the middle of a message; it was not taken"
                : "sent \(outside) bytes but no MLLP start byte (0x0B)")
    }

    /// The peer sends nothing more; it may still read its answers.
    mutating func peerFinished() -> [Action] {
        hasPeerFinished = true
        return advance()
    }

    /// The program is told to stop: what is stored gets its commit acknowledgment, nothing new is begun.
    mutating func stop() -> [Action] {
        isStopping = true
        return advance()
    }

    // MARK: - What is done

    private mutating func advance() -> [Action] {
        var actions: [Action] = []
        while phase == .reading, pending.count < Self.mostPending {
            if isStopping, !reader.isInside {
                phase = .closed
                return actions + [.close(nil)]
            }
            guard let part = reader.next(&rest) else { break }
            actions += take(part)
        }
        guard phase == .reading else { return actions }
        if isStopping {
            actions += drop("stopped in the middle of a message; it was not taken")
        } else if hasPeerFinished, pending.isEmpty || reader.isInside {
            actions += drop(reader.isInside ? "ended in the middle of a message; it was not taken" : nil)
        }
        return actions
    }

    private mutating func take(_ part: BlockReader.Part) -> [Action] {
        switch part {
        case .outside(let count):
            let before = outside
            outside += count
            if outside > Self.mostOutside { return drop("sent \(outside) bytes but no MLLP start byte (0x0B)") }
            return before == 0 ? [.note("bytes outside of MLLP blocks are passed over")] : []
        case .begin:
            outside = 0
            reception = Reception(limit: limit, refusal: source == nil ? .noSource : nil)
            return []
        case .piece(let bytes):
            reception?.append(bytes)
            guard let piece = reception?.takeFullPiece() else { return [] }
            phase = .writing
            return [.write(piece)]
        case .loneSeparator:
            reception?.refuse(.controlByte)
            return []
        case .cut:
            reception = nil
            return [.discard, .note("a message was cut off by the next one; it was not taken")]
        case .end:
            return finish()
        }
    }

    private mutating func finish() -> [Action] {
        guard var reception else { return [] }
        self.reception = nil
        switch reception.finish() {
        case .failure(let refusal):
            let (subject, wishes) = reception.answerable
            return [.discard] + refuse(refusal, subject, wishes)
        case .success(let heading) where heading.kind == .acknowledgment:
            return [.discard]
        case .success(let heading):
            self.heading = heading
            phase = .storing
            return [.store(reception.takeBytes())]
        }
    }

    /// Safe on the disk: the sender may forget it.
    private mutating func commit(_ drop: DropName, _ heading: Heading) -> [Action] {
        var actions: [Action] = []
        if let commit = heading.wishes.commit, commit.wants(success: true) {
            actions.append(.send(answers.answer(.commitAccept, to: heading.subject, named: drop)))
        }
        guard heading.wishes.application != .never else { return actions }
        pending[drop] = Pending(
            controlID: heading.subject.controlID, wish: heading.wishes.application, isBatch: heading.kind == .batch)
        guard heading.wishes.isOriginal else { return actions + [.await(drop: drop)] }
        phase = .deciding(drop)
        return actions + [.awaitInTime(drop: drop)]
    }

    /// A sender that wants no commit acknowledgment, but one of the application, hears of the refusal by that.
    private func refuse(_ refusal: Refusal, _ subject: AcknowledgedHeader, _ wishes: AnswerWishes) -> [Action] {
        let note = Action.note("refused a message: \(refusal.text)")
        if let commit = wishes.commit, commit.wants(success: false) {
            return [note, .send(answers.refusal(.commitReject, to: subject, because: refusal))]
        }
        guard wishes.application.wants(success: false) else { return [note] }
        return [note, .send(answers.refusal(.reject, to: subject, because: refusal))]
    }

    private mutating func drop(_ reason: String?) -> [Action] {
        phase = .closed
        let hasBegun = reception != nil
        reception = nil
        return (hasBegun ? [.discard] : []) + [.close(reason)]
    }
}
