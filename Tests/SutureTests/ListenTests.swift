import Foundation
import Glibc
import Testing

/// The program as a clinic runs it: one process listens, another one decides.
@Suite("Listening")
struct ListenTests {
    @Test("in original mode a sender gets its answer when the message has been decided, and a replay the same again")
    func original() throws {
        let bench = try Bench()
        let processor = try Running.watching(bench)
        let listener = try Listening(bench)
        let sender = try Sender(listener.port)
        try sender.send(Sample.admission("N1"))
        #expect(try sender.answer() == "AA N1")
        try sender.send(Sample.admission("N1"))
        #expect(try sender.answer() == "AA N1")
        try sender.send(Sample.admission("N2", event: "Z99"))
        #expect(try sender.answer() == "AR N2")
        try sender.send(Sample.admission("N3", birth: "19801345"))
        #expect(try sender.answer() == "AE N3")
        #expect(try bench.sql("SELECT group_concat(outcome) FROM entry") == "APPLIED,DUPLICATE,REJECTED,REJECTED")
        #expect(try listener.running.stop() == 0)
        #expect(try processor.stop() == 0)
    }

    @Test("in enhanced mode a message is accepted while no processor runs, and is decided by the next one")
    func enhanced() throws {
        let bench = try Bench()
        let listener = try Listening(bench)
        let sender = try Sender(listener.port)
        try sender.send(Sample.admission("E1", accept: "AL", application: "AL"))
        #expect(try sender.answer() == "CA E1")
        let processor = try Running.watching(bench)
        #expect(try sender.answer() == "AA E1", "over the connection that is still there")
        #expect(try listener.running.stop() == 0)
        #expect(try processor.stop() == 0)
    }

    @Test("a listener that is killed before its answer loses nothing: what is sent again is a duplicate")
    func killed() throws {
        let bench = try Bench()
        let first = try Listening(bench)
        let sender = try Sender(first.port)
        try sender.send(Sample.admission("K1"))
        try eventually("it is stored") { try !bench.files("inbox/his").isEmpty }
        #expect(try first.running.stop(by: SIGKILL) == 128 + SIGKILL)
        #expect(try sender.answer() == nil)

        let processor = try Running.watching(bench)
        let second = try Listening(bench)
        let again = try Sender(second.port)
        try again.send(Sample.admission("K1"))
        #expect(try again.answer() == "AA K1")
        try eventually("both are at their end") {
            try bench.sql("SELECT count(*) FROM drops WHERE state = 'ARCHIVED'") == "2"
        }
        #expect(try bench.sql("SELECT group_concat(outcome) FROM entry") == "APPLIED,DUPLICATE")
        #expect(try second.running.stop() == 0)
        #expect(try processor.stop() == 0)
    }

    @Test("two listeners do not work in one workspace, and a taken port is told")
    func busy() throws {
        let bench = try Bench()
        let listener = try Listening(bench)
        let second = try Bench.suture(["listen", "--workspace", bench.folder.path, "--port", "0", "--source", "his"])
        #expect(second.status == 75)
        let other = try Bench()
        let taken = try Bench.suture(
            ["listen", "--workspace", other.folder.path, "--port", "\(listener.port)", "--source", "his"])
        #expect(taken.status == 69)
        #expect(taken.errors.contains("\(listener.port)") || taken.errors.contains("in use"))
        #expect(try listener.running.stop() == 0)
    }

    @Test("an unknown source, or a port of nobody, is told before anything is listened on")
    func arguments() throws {
        let bench = try Bench()
        for arguments in [["--port", "4000", "--source", "nobody"], ["--port", "4000"], ["--source", "his"]] {
            let answer = try Bench.suture(["listen", "--workspace", bench.folder.path] + arguments)
            #expect(answer.status == 64, "\(answer.errors)")
        }
    }

    @Test(
        "a real client gets its answer: mllp_send of PyPI's hl7 package",
        .enabled(if: realClient != nil, "mllp_send is not installed (pip install hl7, or MLLP_SEND=PATH)"))
    func real() throws {
        let bench = try Bench()
        let processor = try Running.watching(bench)
        let listener = try Listening(bench)
        try bench.drop([0x0B] + Sample.admission("R1") + [0x1C, 0x0D], as: ".message")
        let answer = try Bench.run(
            try #require(Self.realClient),
            ["--port", "\(listener.port)", "--file", bench.path("inbox/.message"), "127.0.0.1"])
        answer.expectSuccess()
        #expect(answer.output.contains("MSA|AA|R1"))
        #expect(try listener.running.stop() == 0)
        #expect(try processor.stop() == 0)
    }

    private static let realClient: String? = {
        let environment = ProcessInfo.processInfo.environment
        let folders = (environment["PATH"] ?? "").split(separator: ":").map { "\($0)/mllp_send" }
        return ([environment["MLLP_SEND"]].compactMap { $0 } + folders)
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }()
}

/// `suture listen` at work for the source `his`, on a port that was free.
private struct Listening {
    let running: Running
    let port: UInt16

    init(_ bench: Bench) throws {
        let running = try Running(["listen", "--workspace", bench.folder.path, "--port", "0", "--source", "his"])
        try eventually("it listens") { running.output.contains(" for his") || !running.isRunning }
        let number = running.output.split(separator: " ").first { $0.hasPrefix("127.0.0.1:") }?.dropFirst(10)
        self.running = running
        port = try #require(number.flatMap { UInt16($0) }, "\(running.errors)")
    }
}

/// A sender with a plain socket.
private final class Sender {
    private let socket: Int32
    private var bytes: [UInt8] = []

    init(_ port: UInt16) throws {
        socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let connected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        try #require(connected == 0)
    }

    deinit { close(socket) }

    func send(_ message: [UInt8]) throws {
        let block = [0x0B] + message + [0x1C, 0x0D]
        try #require(Glibc.send(socket, block, block.count, Int32(MSG_NOSIGNAL)) == block.count)
    }

    /// MSA-1 and MSA-2 of the next answer; nil when the connection has ended.
    func answer() throws -> String? {
        var buffer = [UInt8](repeating: 0, count: 65536)
        while !bytes.contains(0x1C) {
            let count = recv(socket, &buffer, buffer.count, 0)
            guard count > 0 else { return nil }
            bytes += buffer[..<count]
        }
        let block = bytes.prefix { $0 != 0x1C }
        bytes.removeFirst(block.count + 2)
        let segment = String(decoding: block, as: UTF8.self).split(separator: "\r").first { $0.hasPrefix("MSA|") }
        let fields = try #require(segment).split(separator: "|", omittingEmptySubsequences: false)
        return "\(fields[1]) \(fields[2])"
    }
}

extension Sample {
    /// The registration of somebody who is called after the message.
    fileprivate static func admission(
        _ controlID: String, event: String = "A28", birth: String = "19840719", accept: String = "",
        application: String = ""
    ) -> [UInt8] {
        let given = controlID.map { $0.isNumber ? "abcdefghij"[$0.wholeNumberValue ?? 0] : "\($0)" }.joined()
        let header =
            "MSH|^~\\&|HIS|GROUP|SUTURE|HARBOR|20261102080000+0000||ADT^\(event)^ADT_A05|\(controlID)|P|2.5.1|||"
            + "\(accept)|\(application)||UNICODE UTF-8"
        let patient =
            "PID|1||\(controlID)^^^HIS^MR||Okafor^\(given)||\(birth)|F|||1 Quay^^London^^E1 1AA^GBR||"
            + "+447700900123^PRN^CP~^NET^Internet^\(controlID.lowercased())@mail.example"
        return Array("\(header)\rEVN|\(event)|20261102080000+0000\r\(patient)\r".utf8)
    }
}

extension String {
    fileprivate subscript(index: Int) -> String { String(self[self.index(startIndex, offsetBy: index)]) }
}
