import HL7

@testable import Listener

/// A conversation whose disk and processor are the test itself.
struct Exchange {
    var conversation: Conversation
    let names = DropNames(session: 7)
    /// What was sent, in order.
    var told: [Told] = []
    /// What is in the inbox.
    var stored: [(name: DropName, bytes: [UInt8])] = []
    var awaited: [DropName] = []
    var notes: [String] = []
    /// Nil while the connection is open; its reason, or "" when there is none.
    var closed: String?
    /// What the disk says to the next messages, one after the other.
    var refusals: [Refusal] = []
    /// Whether what is to be written waits for `disk()`.
    var isDiskSlow = false
    private var written: [UInt8] = []
    private var waiting: [Conversation.Action] = []

    init(source: String? = "his", limit: Int = 1 << 20) throws {
        conversation = Conversation(source: source, limit: limit, answers: try .still(names))
    }

    mutating func receive(_ bytes: [UInt8]) { perform(conversation.receive(bytes)) }

    mutating func decide(_ index: Int, _ code: Acknowledgment.Code = .accept) {
        let (name, bytes) = stored[index]
        perform(conversation.decided(name, Sample.answer(code, to: bytes)))
    }

    /// Lets the disk do what waits.
    mutating func disk() {
        let actions = waiting
        waiting = []
        for action in actions { performOnDisk(action) }
    }

    mutating func perform(_ actions: [Conversation.Action]) {
        for action in actions {
            switch action {
            case .send(let block): told.append(Told(block: block) ?? Told("?", "\(block)"))
            case .write, .store:
                if isDiskSlow { waiting.append(action) } else { performOnDisk(action) }
            case .discard: written = []
            case .await(let drop), .awaitInTime(let drop): awaited.append(drop)
            case .close(let reason): closed = reason ?? ""
            case .note(let text): notes.append(text)
            }
        }
    }

    private mutating func performOnDisk(_ action: Conversation.Action) {
        let refusal = refusals.isEmpty ? nil : refusals.removeFirst()
        switch action {
        case .write(let bytes):
            if refusal == nil { written += bytes }
            perform(conversation.written(refusal))
        case .store(let bytes):
            let message = written + bytes
            written = []
            guard let refusal else {
                let name = names.next()
                stored.append((name, message))
                return perform(conversation.stored(.success(name)))
            }
            perform(conversation.stored(.failure(refusal)))
        default: break
        }
    }
}
