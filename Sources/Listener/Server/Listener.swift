import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// Takes messages from the network into the inbox, and brings their answers back.
package final class Listener: Sendable {
    private let services: ConnectionServices
    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)
    private let doors = Mutex<[any Channel]>([])
    private let connections: Connections

    package init(
        _ settings: ListenerSettings, store: DropStore, answers: AnswerWriter, decisions: Decisions,
        log: @escaping @Sendable (String) -> Void
    ) {
        services = ConnectionServices(
            settings: settings, store: store, decisions: decisions, answers: answers, log: log)
        connections = Connections(most: settings.maximumConnections)
    }

    /// Listens on every port; answers the numbers in the order of the settings.
    package func start() throws -> [Int] {
        try OpenFiles.raise(to: services.settings.maximumConnections)
        let security = try services.settings.security.map(TLS.context)
        return try services.settings.ports.map { port in
            guard !port.isSecure || security != nil else { throw ListenerFault(reason: "no certificate is configured") }
            let door = try bootstrap(port, security).bind(host: port.host, port: port.number).wait()
            doors.withLock { $0.append(door) }
            return door.localAddress?.port ?? port.number
        }
    }

    /// Takes no new connections and no new messages, lets stored messages have their answers for so long, and ends.
    package func stop(within grace: Duration) throws {
        for door in doors.withLock({ $0 }) { try door.close().wait() }
        connections.stop()
        if !connections.waitUntilEmpty(for: grace) { connections.closeAll() }
        try group.syncShutdownGracefully()
    }

    private func bootstrap(_ port: ListenerSettings.Port, _ security: NIOSSLContext?) -> ServerBootstrap {
        let (services, connections) = (services, connections)
        return ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 1024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.socketOption(.so_keepalive), value: 1)
            .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
            .childChannelOption(.autoRead, value: false)
            .childChannelOption(.maxMessagesPerRead, value: 1)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    guard connections.enter(channel) else {
                        throw ListenerFault(reason: "there are as many connections as there may be")
                    }
                    if let security, port.isSecure {
                        try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: security))
                    }
                    try channel.pipeline.syncOperations.addHandler(ConnectionHandler(services, port: port))
                }
            }
    }
}

/// Why nothing can be listened to.
package struct ListenerFault: Error, CustomStringConvertible {
    package let reason: String
    package var description: String { reason }
}

/// The connections that are open.
final class Connections: Sendable {
    private struct State {
        var open: [ObjectIdentifier: any Channel] = [:]
        var isStopping = false
    }

    private let most: Int
    private let state = Mutex(State())
    private let whenEmpty = Semaphore()

    init(most: Int) { self.most = most }

    /// Lets a connection in; false when there is no room.
    func enter(_ channel: any Channel) -> Bool {
        let id = ObjectIdentifier(channel)
        let isIn = state.withLock { state in
            guard !state.isStopping, state.open.count < most else { return false }
            state.open[id] = channel
            return true
        }
        if isIn { channel.closeFuture.whenComplete { [self] _ in leave(id) } }
        return isIn
    }

    private func leave(_ id: ObjectIdentifier) {
        let isLast = state.withLock { state in
            state.open[id] = nil
            return state.isStopping && state.open.isEmpty
        }
        if isLast { whenEmpty.signal() }
    }

    /// Lets nobody in any more, and tells those inside.
    func stop() {
        let open = state.withLock { state in
            state.isStopping = true
            return Array(state.open.values)
        }
        if open.isEmpty { whenEmpty.signal() }
        for channel in open { channel.pipeline.fireUserInboundEventTriggered(StopEvent()) }
    }

    func waitUntilEmpty(for grace: Duration) -> Bool { whenEmpty.wait(for: grace) }

    func closeAll() {
        for channel in state.withLock({ Array($0.open.values) }) { channel.close(promise: nil) }
    }
}
