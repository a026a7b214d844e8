import DurableFiles
import Foundation
import Glibc
import NIOCore
import NIOSSL
import Testing

@testable import Listener

@Suite("The listener")
struct ListenerTests {
    /// `SUTURE_CONNECTIONS=1000 swift test --filter ListenerTests` for the full number.
    private static let connections = ProcessInfo.processInfo.environment["SUTURE_CONNECTIONS"].flatMap(Int.init) ?? 150

    @Test("many connections at once: every message is stored, and every answer goes to the one who asked")
    func interleaved() async throws {
        let scratch = try Scratch()
        let station = try Station(scratch)
        let count = Self.connections
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<count {
                group.addTask {
                    try await Sender.connected(to: station) { sender in
                        let id = "M\(number)"
                        // Cut at a place of its own.
                        let block = Sample.block(Sample.message(id))
                        let cut = number % block.count
                        try await sender.send(block[..<cut])
                        try await sender.send(block[cut...])
                        #expect(try await sender.answer() == Told("AA", id))
                        try await sender.send(Sample.block(Sample.message("\(id)-2", accept: "AL", application: "AL")))
                        #expect(try await sender.answer() == Told("CA", "\(id)-2"))
                        #expect(try await sender.answer() == Told("AA", "\(id)-2"))
                    }
                }
            }
            await station.clerk.isAsked(count)
            station.clerk.answerBackwards()
            await station.clerk.isAsked(count)
            station.clerk.answerBackwards()
            try await group.waitForAll()
        }
        #expect(try station.messages().count == 2 * count)
        try station.stop()
    }

    @Test("a peer that sends byte by byte is served like any other")
    func byteByByte() async throws {
        let scratch = try Scratch()
        let station = try Station(scratch)
        let message = Sample.message("SLOW", accept: "AL", application: "NE")
        try await Sender.connected(to: station) { sender in
            for byte in Sample.block(message) { try await sender.send([byte]) }
            #expect(try await sender.answer() == Told("CA", "SLOW"))
        }
        #expect(try station.messages() == [message])
        try station.stop()
    }

    @Test("a message of several megabytes comes through whole, and one over the limit is refused")
    func large() async throws {
        let scratch = try Scratch()
        let station = try Station(scratch)
        let large = Sample.message("L1", accept: "AL", note: String(repeating: "x", count: 3 << 20))
        let tooLarge = Sample.message("L2", accept: "AL", note: String(repeating: "x", count: 5 << 20))
        try await Sender.connected(to: station) { sender in
            try await sender.send(Sample.block(large) + Sample.block(tooLarge))
            #expect(try await sender.answer() == Told("CA", "L1"))
            #expect(try await sender.answer() == Told("CR", "L2", "mllp.too-large"))
        }
        try station.stop()
        let isWhole = try station.messages() == [large]
        #expect(isWhole)
    }

    @Test("a peer that goes in the middle of a message leaves nothing behind", arguments: [100, 200_000])
    func cut(bytes: Int) async throws {
        let scratch = try Scratch()
        let station = try Station(scratch)
        let message = Sample.message("CUT", accept: "AL", note: String(repeating: "x", count: 300_000))
        try await Sender.connected(to: station) { sender in
            try await sender.send(Sample.block(message).prefix(bytes))
        }
        // The next one is stored behind it.
        try await Sender.connected(to: station) { sender in
            try await sender.send(Sample.block(Sample.message("NEXT", accept: "AL", application: "NE")))
            #expect(try await sender.answer() == Told("CA", "NEXT"))
        }
        try station.stop()
        #expect(try station.messages() == [Sample.message("NEXT", accept: "AL", application: "NE")])
        #expect(station.notes.all.contains { $0.contains("not taken") })
    }

    @Test("a disk that fails is told to the sender (CR), and nothing is in the inbox")
    func diskFails() async throws {
        let scratch = try Scratch()
        var disk = Disk.live
        disk.syncFile = { path throws(FileFault) in throw FileFault(.sync, path, .system(EIO)) }
        let station = try Station(scratch, disk: disk)
        try await Sender.connected(to: station) { sender in
            try await sender.send(Sample.block(Sample.message("M1", accept: "AL")))
            #expect(try await sender.answer() == Told("CR", "M1", "mllp.not-stored"))
            try await sender.send(Sample.block(Sample.message("M2")))
            #expect(try await sender.answer() == Told("AR", "M2", "mllp.not-stored"))
        }
        #expect(try station.messages().isEmpty)
        try station.stop()
    }

    @Test("what is not decided in time ends the connection without an answer")
    func overdue() async throws {
        let scratch = try Scratch()
        let station = try Station(scratch) { $0.answerWithin = .milliseconds(20) }
        try await Sender.connected(to: station) { sender in
            try await sender.send(Sample.block(Sample.message("M1")))
            #expect(try await sender.answer() == nil)
        }
        #expect(try station.messages() == [Sample.message("M1")], "it is stored all the same")
        try station.stop()
        #expect(station.clerk.open == 0, "nobody waits for it any more")
    }

    @Test("a peer that falls silent in the middle of a message is let go")
    func silent() async throws {
        let scratch = try Scratch()
        let station = try Station(scratch) { $0.silence = .milliseconds(20) }
        try await Sender.connected(to: station) { sender in
            try await sender.send(Sample.block(Sample.message("M1")).prefix(60))
            #expect(try await sender.answer() == nil)
        }
        #expect(try station.messages().isEmpty)
        try station.stop()
    }

    @Test("more connections than there may be are closed at once, and the others are served")
    func full() async throws {
        let scratch = try Scratch()
        let station = try Station(scratch) { $0.maximumConnections = 1 }
        try await Sender.connected(to: station) { first in
            try await first.send(Sample.block(Sample.message("M1", accept: "AL")))
            #expect(try await first.answer() == Told("CA", "M1"))
            #expect(try await isShutOut(of: station, security: nil))
            try await first.send(Sample.block(Sample.message("M3", accept: "AL")))
            #expect(try await first.answer() == Told("CA", "M3"))
        }
        try station.stop()
    }

    @Test("told to stop, it ends idle connections, gives a waiting sender its answer, and takes nothing new")
    func stop() async throws {
        let scratch = try Scratch()
        let station = try Station(scratch)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await Sender.connected(to: station) { sender in
                    try await sender.send(Sample.block(Sample.message("M1")))
                    #expect(try await sender.answer() == Told("AA", "M1"))
                    #expect(try await sender.answer() == nil)
                }
            }
            await station.clerk.isAsked(1)
            group.addTask {
                try await Sender.connected(to: station) { sender in
                    try await sender.send(Sample.block(Sample.message("I1", accept: "AL")))
                    #expect(try await sender.answer() == Told("CA", "I1"))
                    let stopping = Task.detached { try station.stop() }
                    #expect(try await sender.answer() == nil, "an idle connection is ended")
                    station.clerk.answerBackwards()
                    try await stopping.value
                }
            }
            try await group.waitForAll()
        }
        #expect(try station.messages().count == 2)
    }

    // MARK: - TLS

    private func secured(_ scratch: Scratch, _ change: (inout ListenerSettings) -> Void = { _ in }) throws -> Station {
        func write(_ name: String, _ text: String) throws -> DurableFiles.Path {
            try Files.writeNew(scratch.path / name, Array(text.utf8))
            return scratch.path / name
        }
        let security = ListenerSettings.Security(
            certificate: try write("clinic.pem", Certificates.clinic),
            key: try write("clinic.key", Certificates.clinicKey),
            clientAuthority: try write("ca.pem", Certificates.authority),
            clients: [Certificates.senderFingerprint: "laboratory"])
        return try Station(scratch) { settings in
            settings.security = security
            settings.ports = [.init(host: "127.0.0.1", number: 0, source: nil, isSecure: true)]
            change(&settings)
        }
    }

    private func client(showsCertificate: Bool) throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.trustRoots = .certificates(
            try NIOSSLCertificate.fromPEMBytes(Array(Certificates.authority.utf8)))
        if showsCertificate {
            configuration.certificateChain = try NIOSSLCertificate.fromPEMBytes(Array(Certificates.sender.utf8))
                .map { .certificate($0) }
            configuration.privateKey = .privateKey(
                try NIOSSLPrivateKey(bytes: Array(Certificates.senderKey.utf8), format: .pem))
        }
        return try NIOSSLContext(configuration: configuration)
    }

    @Test("over TLS the sender's certificate decides the source")
    func certificate() async throws {
        let scratch = try Scratch()
        let station = try secured(scratch)
        let message = Sample.message("T1", accept: "AL", application: "NE")
        try await Sender.connected(to: station, security: client(showsCertificate: true)) { sender in
            try await sender.send(Sample.block(message))
            #expect(try await sender.answer() == Told("CA", "T1"))
        }
        #expect(try station.messages(of: "laboratory") == [message])
        #expect(try station.messages(of: "his").isEmpty)
        try station.stop()
    }

    @Test("a certificate that is not listed belongs to the port's source; to nobody, if the port has none")
    func unlisted() async throws {
        for (source, told) in [("his", Told("CA", "T1")), (nil, Told("CR", "T1", "mllp.no-source"))] {
            let scratch = try Scratch()
            let station = try secured(scratch) { settings in
                settings.security?.clients = [:]
                settings.ports[0].source = source
            }
            try await Sender.connected(to: station, security: client(showsCertificate: true)) { sender in
                try await sender.send(Sample.block(Sample.message("T1", accept: "AL", application: "NE")))
                #expect(try await sender.answer() == told)
            }
            #expect(try station.messages().count == (source == nil ? 0 : 1))
            try station.stop()
        }
    }

    @Test("without a certificate, or without TLS, nobody gets in where certificates are asked for")
    func uncertified() async throws {
        let scratch = try Scratch()
        let station = try secured(scratch) { $0.silence = .milliseconds(200) }
        #expect(try await isShutOut(of: station, security: client(showsCertificate: false)))
        #expect(try await isShutOut(of: station, security: nil))
        #expect(try station.messages(of: "laboratory").isEmpty)
        try station.stop()
    }

    /// Whether the connection ends, in whatever way, without an answer.
    private func isShutOut(of station: Station, security: NIOSSLContext?) async throws -> Bool {
        do {
            return try await Sender.connected(to: station, security: security) { sender in
                try await sender.send(Sample.block(Sample.message("T1", accept: "AL")))
                return try await sender.answer() == nil
            }
        } catch is NIOSSLError {
            return true
        } catch is ChannelError {
            return true
        } catch is IOError {
            return true
        }
    }
}
