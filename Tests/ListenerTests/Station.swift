import DurableFiles
import HL7
import NIOCore
import NIOPosix
import NIOSSL
import Synchronization
import Testing

@testable import Listener

/// A listener with its inboxes, and a clerk who decides what the test says.
final class Station: Sendable {
    let scratch: DurableFiles.Path
    let inboxes: [Inbox]
    let clerk: Clerk
    let port: Int
    private let listener: Listener
    private let store: DropStore

    init(_ scratch: Scratch, disk: Disk = .live, change: (inout ListenerSettings) -> Void = { _ in }) throws {
        self.scratch = scratch.path
        inboxes = [try scratch.inbox("his", limit: 4 << 20), try scratch.inbox("laboratory")]
        let clerk = Clerk(inboxes)
        self.clerk = clerk
        // No deadline of the listener may pass only because the machine is busy with other tests.
        var settings = ListenerSettings(
            ports: [.init(host: "127.0.0.1", number: 0, source: "his")], inboxes: inboxes,
            answerWithin: .seconds(3600), silence: .seconds(3600))
        change(&settings)
        let names = DropNames(session: 9)
        let notes = Notes()
        self.notes = notes
        store = DropStore(names: names, disk: disk) { notes.add($0) }
        listener = Listener(
            settings, store: store, answers: try .still(names),
            decisions: Decisions(ask: { clerk.ask($0, $1) }, forget: { clerk.forget($0) })
        ) { notes.add($0) }
        port = try listener.start()[0]
    }

    let notes: Notes

    func stop(within grace: Duration = .seconds(3600)) throws {
        try listener.stop(within: grace)
        try store.close()
    }

    func messages(of source: String = "his") throws -> [[UInt8]] {
        let folder = scratch / source
        return try Files.list(folder).map { try Files.read(folder / $0.name, cap: 1 << 28) }
    }
}

/// Lines of a log.
final class Notes: Sendable {
    private let lines = Mutex<[String]>([])
    func add(_ line: String) { lines.withLock { $0.append(line) } }
    var all: [String] { lines.withLock { $0 } }
}

/// Stands for the processor: is asked for answers, and gives them when it is told to.
final class Clerk: Sendable {
    private struct State {
        var questions: [(file: String, tell: @Sendable ([UInt8]) -> Void)] = []
        var answersAtOnce = false
        var wanted = Int.max
        var whenAsked: CheckedContinuation<Void, Never>?
    }

    private let inboxes: [Inbox]
    private let state = Mutex(State())

    init(_ inboxes: [Inbox]) { self.inboxes = inboxes }

    func ask(_ file: String, _ tell: @escaping @Sendable ([UInt8]) -> Void) {
        let (isAtOnce, waiter) = state.withLock { state in
            if state.answersAtOnce { return (true, CheckedContinuation<Void, Never>?.none) }
            state.questions.append((file, tell))
            guard state.questions.count >= state.wanted else { return (false, nil) }
            defer { state.whenAsked = nil }
            return (false, state.whenAsked)
        }
        waiter?.resume()
        if isAtOnce { answer(file, tell) }
    }

    func forget(_ file: String) {
        state.withLock { state in state.questions.removeAll { $0.file == file } }
    }

    var open: Int { state.withLock { $0.questions.count } }

    func answerAtOnce() { state.withLock { $0.answersAtOnce = true } }

    /// Waits until so many questions are open.
    func isAsked(_ count: Int) async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                if state.questions.count >= count { return true }
                state.wanted = count
                state.whenAsked = continuation
                return false
            }
            if isThere { continuation.resume() }
        }
    }

    /// Answers every open question, the last one first.
    func answerBackwards() {
        let questions = state.withLock { state in
            defer { state.questions = [] }
            return state.questions
        }
        for question in questions.reversed() { answer(question.file, question.tell) }
    }

    private func answer(_ file: String, _ tell: @Sendable ([UInt8]) -> Void) {
        for inbox in inboxes {
            do {
                guard try Files.exists(inbox.folder / file) else { continue }
                let message = try Files.read(inbox.folder / file, cap: 1 << 28)
                return tell(Sample.answer(.accept, to: message))
            } catch {
                Issue.record("\(error)")
            }
        }
        Issue.record("asked for \(file), which lies in no inbox")
    }
}

/// A sender: a connection over which a test writes bytes and reads answers.
struct Sender {
    typealias Wire = NIOAsyncChannel<ByteBuffer, ByteBuffer>

    private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    private var inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    private var reader = BlockReader()
    private var rest: ArraySlice<UInt8> = []

    /// Connects, does what it is for, and closes.
    static func connected<Value: Sendable>(
        to station: Station, security: NIOSSLContext? = nil,
        _ body: @escaping @Sendable (inout Sender) async throws -> Value
    ) async throws -> Value {
        let wire = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .connect(host: "127.0.0.1", port: station.port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let security {
                        try channel.pipeline.syncOperations.addHandler(
                            NIOSSLClientHandler(context: security, serverHostname: "localhost"))
                    }
                    return try Wire(wrappingChannelSynchronously: channel)
                }
            }
        return try await wire.executeThenClose { inbound, outbound in
            var sender = Sender(outbound: outbound, inbound: inbound.makeAsyncIterator())
            return try await body(&sender)
        }
    }

    private init(
        outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>,
        inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    ) {
        self.outbound = outbound
        self.inbound = inbound
    }

    func send(_ bytes: some Sequence<UInt8>) async throws { try await outbound.write(ByteBuffer(bytes: bytes)) }

    /// The next answer; nil when the listener has closed the connection.
    mutating func answer() async throws -> Told? {
        var message: [UInt8] = []
        while true {
            while let part = reader.next(&rest) {
                switch part {
                case .piece(let bytes): message += bytes
                case .end: return Told(block: Sample.block(message)) ?? Told("?", "\(message)")
                default: break
                }
            }
            do {
                guard let buffer = try await inbound.next() else { return nil }
                rest = Array(buffer.readableBytesView)[...]
            } catch is IOError {
                // Reset by the listener.
                return nil
            }
        }
    }
}
