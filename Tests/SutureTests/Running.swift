import Foundation
import Testing

/// The program at work in the background.
final class Running {
    private let process = Process()
    private let scratch: URL

    /// Starts it with a command and its arguments.
    init(_ arguments: [String], environment: [String: String] = [:]) throws {
        scratch = FileManager.default.temporaryDirectory.appendingPathComponent("running-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
        for name in ["out", "err"] { try Data().write(to: scratch.appendingPathComponent(name)) }
        process.executableURL = Bench.program
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardOutput = try FileHandle(forWritingTo: scratch.appendingPathComponent("out"))
        process.standardError = try FileHandle(forWritingTo: scratch.appendingPathComponent("err"))
        process.standardInput = FileHandle.nullDevice
        try process.run()
    }

    /// Starts watching a bench's inbox; answers when it says that it does.
    static func watching(_ bench: Bench, _ arguments: [String] = []) throws -> Running {
        let running = try Running(["run", "--workspace", bench.folder.path, "--now", Bench.now] + arguments)
        try eventually("it watches") { running.output.contains("watching") }
        return running
    }

    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        do { try FileManager.default.removeItem(at: scratch) } catch { Issue.record("\(error)") }
    }

    var isRunning: Bool { process.isRunning }

    var output: String { text("out") }

    var errors: String { text("err") }

    /// Asks it to stop and answers its exit code.
    func stop(by signal: Int32 = SIGTERM) throws -> Int32 {
        kill(process.processIdentifier, signal)
        return try end()
    }

    /// Waits for its end and answers its exit code; 128 and more stand for a signal.
    func end() throws -> Int32 {
        try eventually("it ends") { !process.isRunning }
        return process.terminationReason == .uncaughtSignal
            ? 128 + process.terminationStatus : process.terminationStatus
    }

    private func text(_ name: String) -> String {
        (try? String(contentsOf: scratch.appendingPathComponent(name), encoding: .utf8)) ?? ""
    }
}

/// A condition did not come true in time.
struct NeverHappened: Error, CustomStringConvertible {
    let description: String
}

/// Looks until a condition is true, for a minute at the longest.
func eventually(_ what: String, within seconds: Double = 60, _ condition: () throws -> Bool) throws {
    let clock = ContinuousClock()
    let deadline = clock.now + .seconds(seconds)
    while try !condition() {
        guard clock.now < deadline else { throw NeverHappened(description: "not within \(seconds) s: \(what)") }
        usleep(20_000)
    }
}

/// A comma-separated file as a spreadsheet reads it.
struct Table {
    let rows: [[String: String]]

    init(_ data: Data) throws {
        var records: [[String]] = []
        var record: [String] = []
        var field: [UInt8] = []
        var isQuoted = false
        var bytes = Array(data)[...]
        while let byte = bytes.popFirst() {
            switch byte {
            case UInt8(ascii: "\"") where isQuoted && bytes.first == byte:
                field.append(byte)
                bytes.removeFirst()
            case UInt8(ascii: "\""): isQuoted.toggle()
            case UInt8(ascii: ",") where !isQuoted:
                record.append(String(decoding: field, as: UTF8.self))
                field = []
            case 0x0A where !isQuoted:
                if field.last == 0x0D { field.removeLast() }
                records.append(record + [String(decoding: field, as: UTF8.self)])
                (record, field) = ([], [])
            default: field.append(byte)
            }
        }
        try #require(field.isEmpty && record.isEmpty, "the last row is not ended")
        let header = try #require(records.first)
        rows = records.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(header, $0)) }
    }
}

/// Files as the clinic's systems drop them.
enum Sample {
    static let stockHeader = "reference,action,barcode,quantity,unit_cost,location,scanned_at"

    /// A row that is applied whatever else lies in the inbox.
    static func stockRow(_ reference: String, quantity: String = "10") -> String {
        "\(reference),RECEIVE,(01)05012345003382(17)280630(10)SN2601,\(quantity),14.20,MAIN,2026-10-05T08:00:00Z"
    }

    static func stock(_ references: String..., end: String = "\n") -> String {
        ([stockHeader] + references.map { stockRow($0) }).map { $0 + end }.joined()
    }

    static let registrationHeader = "reference,given_name,family_name,birth_date,sex,email,password,registered_at"

    static func registration(
        _ reference: String, family: String = "Dufour", birth: String = "1984-07-19", password: String = ""
    ) -> String {
        "\(registrationHeader)\n\(registrationRow(reference, family: family, birth: birth, password: password))\n"
    }

    static func registrationRow(
        _ reference: String, family: String = "Dufour", birth: String = "1984-07-19", password: String = ""
    ) -> String {
        "\(reference),Marianne,\(family),\(birth),F,\(reference.lowercased())@mail.example,\(password),"
            + "2026-10-12T09:15:00Z"
    }
}
