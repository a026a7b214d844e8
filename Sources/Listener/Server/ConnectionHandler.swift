import Digests
import Glibc
import NIOCore
import NIOSSL
import NIOTLS

/// What all connections work with.
struct ConnectionServices: Sendable {
    let settings: ListenerSettings
    let store: DropStore
    let decisions: Decisions
    let answers: AnswerWriter
    let log: @Sendable (String) -> Void
}

/// Told to every connection when the program stops.
struct StopEvent: Sendable {}

/// Does for one connection what its `Conversation` decides; all on the connection's event loop.
final class ConnectionHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let services: ConnectionServices
    private let port: ListenerSettings.Port
    private var peer = "?"
    private var conversation: Conversation?
    private var inbox: Inbox?
    private var upload: DropStore.Upload?
    private var isReading = false
    private var lastSent: EventLoopFuture<Void>?
    private var lastHeard = NIODeadline.now()
    private var silence: Scheduled<Void>?
    private var overdue: Scheduled<Void>?
    private var goodbye: Scheduled<Void>?

    /// A peer that does not read what it is sent is not waited for longer than this.
    private static let farewell = TimeAmount.seconds(5)

    init(_ services: ConnectionServices, port: ListenerSettings.Port) {
        self.services = services
        self.port = port
    }

    // MARK: - What the channel tells

    func channelActive(context: ChannelHandlerContext) {
        peer = context.remoteAddress.map { "\($0.ipAddress ?? "?"):\($0.port ?? 0)" } ?? "?"
        if !port.isSecure { begin(source: port.source, context) }
        watchSilence(context)
        readMore(context)
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        lastHeard = context.eventLoop.now
        let buffer = unwrapInboundIn(data)
        perform(context) { $0.receive(Array(buffer.readableBytesView)) }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        isReading = false
        readMore(context)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) { readMore(context) }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case TLSUserEvent.handshakeCompleted: begin(source: certifiedSource(context), context)
        case ChannelEvent.inputClosed:
            perform(context) { $0.peerFinished() }
            // Its answers are still sent, if they come in time.
            goodbye?.cancel()
            goodbye = closeLater(context, TimeAmount(services.settings.answerWithin))
        case is StopEvent:
            if conversation == nil { close(context) } else { perform(context) { $0.stop() } }
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if !Self.isDeparture(error) { log("\(error)") }
        context.close(promise: nil)
    }

    /// Peers that go without a word are usual; what they leave unfinished is told by the conversation.
    private static func isDeparture(_ error: any Error) -> Bool {
        switch error {
        case NIOSSLError.uncleanShutdown: true
        case let error as IOError: [ECONNRESET, EPIPE].contains(error.errnoCode)
        default: false
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        silence?.cancel()
        overdue?.cancel()
        goodbye?.cancel()
        // Cut in the middle: what was written of it goes, and a note is made of it.
        perform(context) { $0.peerFinished() }
        for drop in conversation?.awaited ?? [] { services.decisions.forget(drop.file) }
        conversation = nil
        if let upload { services.store.discard(upload) }
        context.fireChannelInactive()
    }

    // MARK: - Whose connection it is

    private func begin(source: String?, _ context: ChannelHandlerContext) {
        inbox = source.flatMap { services.settings.inboxes[$0] }
        conversation = Conversation(
            source: inbox?.source, limit: inbox?.maximumBytes ?? Reception.pieceSize, answers: services.answers)
        readMore(context)
    }

    /// The source of the certificate that the peer has shown, else the port's.
    private func certifiedSource(_ context: ChannelHandlerContext) -> String? {
        do {
            let handler = try context.pipeline.syncOperations.handler(type: NIOSSLHandler.self)
            guard let certificate = handler.peerCertificate else { return port.source }
            let fingerprint = Hexadecimal.encode(SHA256.digest(of: try certificate.toDERBytes()))
            if let source = services.settings.security?.clients[fingerprint] { return source }
            if port.source == nil { log("its certificate is not listed (SHA-256 \(fingerprint))") }
        } catch {
            log("its certificate cannot be read: \(error)")
        }
        return port.source
    }

    // MARK: - What the conversation decides

    private func perform(_ context: ChannelHandlerContext, _ step: (inout Conversation) -> [Conversation.Action]) {
        guard var conversation else { return }
        let actions = step(&conversation)
        self.conversation = conversation
        for action in actions { perform(action, context) }
        watchSilence(context)
        readMore(context)
    }

    private func perform(_ action: Conversation.Action, _ context: ChannelHandlerContext) {
        switch action {
        case .send(let bytes):
            lastSent = context.writeAndFlush(wrapOutboundOut(context.channel.allocator.buffer(bytes: bytes)))
        case .write(let bytes):
            guard let upload = currentUpload else { return }
            let told = later(context) { (refusal: Refusal?) in { $0.written(refusal) } }
            services.store.write(bytes, of: upload, then: told)
        case .store(let bytes):
            guard let upload = currentUpload else { return }
            self.upload = nil
            let told = later(context) { (result: Result<DropName, Refusal>) in { $0.stored(result) } }
            services.store.store(bytes, of: upload, then: told)
        case .discard:
            if let upload { services.store.discard(upload) }
            upload = nil
        case .await(let drop):
            let told = later(context) { (answer: [UInt8]) in { $0.decided(drop, answer) } }
            services.decisions.ask(drop.file, told)
        case .awaitInTime(let drop):
            overdue?.cancel()
            overdue = schedule(context, services.settings.answerWithin) { $0.isOverdue(drop) }
            let told = later(context) { (answer: [UInt8]) in { $0.decided(drop, answer) } }
            services.decisions.ask(drop.file, told)
        case .close(let reason):
            if let reason { log(reason) }
            close(context)
        case .note(let text): log(text)
        }
    }

    private var currentUpload: DropStore.Upload? {
        if upload == nil, let inbox { upload = DropStore.Upload(inbox) }
        return upload
    }

    /// A function for another thread to tell something to the conversation.
    private func later<Value: Sendable>(
        _ context: ChannelHandlerContext,
        _ step: @escaping @Sendable (Value) -> (inout Conversation) -> [Conversation.Action]
    ) -> @Sendable (Value) -> Void {
        let loop = context.eventLoop
        let bound = NIOLoopBound((self, context), eventLoop: loop)
        return { value in
            loop.execute {
                let (handler, context) = bound.value
                handler.perform(context, step(value))
            }
        }
    }

    private func schedule(
        _ context: ChannelHandlerContext, _ time: Duration,
        _ step: @escaping @Sendable (inout Conversation) -> [Conversation.Action]
    ) -> Scheduled<Void> {
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        return context.eventLoop.scheduleTask(in: TimeAmount(time)) {
            let (handler, context) = bound.value
            handler.perform(context, step)
        }
    }

    // MARK: - Reading, silence, closing

    /// One read at a time, and none while the last message is at work or the peer does not take its answers.
    private func readMore(_ context: ChannelHandlerContext) {
        guard !isReading, context.channel.isActive else { return }
        // Until the handshake is done there is no conversation.
        guard conversation?.wantsMore ?? port.isSecure, context.channel.isWritable else { return }
        isReading = true
        context.read()
    }

    /// A peer that owes something has so long to send its next byte, however slow it is with the whole.
    private func watchSilence(_ context: ChannelHandlerContext) {
        guard conversation?.isOwedBytes ?? port.isSecure, context.channel.isActive else {
            silence?.cancel()
            silence = nil
            return
        }
        guard silence == nil else { return }
        scheduleSilence(context, in: TimeAmount(services.settings.silence))
    }

    private func scheduleSilence(_ context: ChannelHandlerContext, in time: TimeAmount) {
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        silence = context.eventLoop.scheduleTask(in: time) {
            let (handler, context) = bound.value
            handler.askForSilence(context)
        }
    }

    private func askForSilence(_ context: ChannelHandlerContext) {
        silence = nil
        let rest = lastHeard + TimeAmount(services.settings.silence) - context.eventLoop.now
        if rest > .zero {
            scheduleSilence(context, in: rest)
        } else if conversation == nil {
            log("silent in the middle of the TLS handshake")
            close(context)
        } else {
            perform(context) { $0.fellSilent() }
        }
    }

    /// Closes when what was sent has gone out.
    private func close(_ context: ChannelHandlerContext) {
        let channel = context.channel
        guard let lastSent else { return channel.close(promise: nil) }
        lastSent.whenComplete { _ in channel.close(promise: nil) }
        goodbye?.cancel()
        goodbye = closeLater(context, Self.farewell)
    }

    private func closeLater(_ context: ChannelHandlerContext, _ time: TimeAmount) -> Scheduled<Void> {
        let channel = context.channel
        return channel.eventLoop.scheduleTask(in: time) { channel.close(promise: nil) }
    }

    private func log(_ text: String) { services.log("\(peer): \(text)") }
}

extension TimeAmount {
    init(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        self = .nanoseconds(seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
    }
}
