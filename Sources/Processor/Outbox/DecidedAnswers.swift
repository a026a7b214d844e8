import Clinic
import Documents
import Drops
import DurableFiles
import Foundation
package import HL7
import Records
import Synchronization

/// Tells what became of drops, to those who wait for it beside the processor: by the names of their files.
///
/// It looks at the database, where a drop at its end has its acknowledgments for ever; the outbox, from which somebody
/// may have taken the file by then, only says when to look. Nothing is written.
package final class DecidedAnswers: Sendable {
    private struct State {
        var waiting: [String: @Sendable ([UInt8]) -> Void] = [:]
        var isStopped = false
    }

    private let workspace: Workspace
    private let configuration: ClinicConfiguration
    private let key: [UInt8]
    private let watch: DirectoryWatch
    private let log: @Sendable (String) -> Void
    private let state = Mutex(State())

    /// How long it goes without a look while somebody waits, should the folder be one that tells nothing.
    private static let longestPause: Int32 = 250
    /// A drop is archived a moment after its answer has gone out.
    private static let shortPause: Int32 = 5
    /// So many that are not at their end are passed over when one is told of.
    private static let first = 16

    package init(
        workspace: Workspace, configuration: ClinicConfiguration, log: @escaping @Sendable (String) -> Void
    ) throws {
        self.workspace = workspace
        self.configuration = configuration
        self.log = log
        key = try workspace.loadKey()
        watch = try DirectoryWatch()
        try Files.makeDirectory(workspace.outbox / "acks")
        try watch.add(workspace.outbox / "acks")
    }

    /// Begins to look, on a thread of its own.
    package func start() {
        Thread.detachNewThread { [self] in
            var database: ClinicDatabase?
            var told = ""
            var lastWhole = ContinuousClock.now - .seconds(1)
            while !state.withLock({ $0.isStopped }) {
                do {
                    if database == nil { database = try open() }
                    let isMoving = try database.map { try look($0, &lastWhole) } ?? false
                    told = ""
                    _ = try watch.wait(milliseconds: isMoving ? Self.shortPause : pause)
                } catch {
                    // The processor may hold the database for a moment; whoever waits goes on waiting.
                    if told != "\(error)" { log("\(error)") }
                    told = "\(error)"
                    database = nil
                    usleep(UInt32(Self.longestPause) * 1000)
                }
            }
        }
    }

    package func stop() {
        state.withLock { $0.isStopped = true }
        watch.wake()
    }

    /// Asks for the acknowledgments of the drop whose file has this name.
    package func ask(_ file: String, _ tell: @escaping @Sendable ([UInt8]) -> Void) {
        state.withLock { $0.waiting[file] = tell }
        watch.wake()
    }

    package func forget(_ file: String) { state.withLock { $0.waiting[file] = nil } }

    /// The clinic's time now, as HL7 writes it.
    package func now() -> DateTime {
        do {
            return try AckFile.time(
                Instant(secondsSinceEpoch: Engine.wallSeconds()), zone: configuration.catalog.zone)
        } catch {
            preconditionFailure("the clinic's clock shows no time: \(error)")
        }
    }

    private var pause: Int32? { state.withLock { $0.waiting.isEmpty } ? nil : Self.longestPause }

    /// Nil as long as no processor has ever run here.
    private func open() throws -> ClinicDatabase? {
        guard try Files.exists(workspace.database) else { return nil }
        return try ClinicDatabase.readOnly(path: workspace.databaseFile, key: key)
    }

    /// Tells of the drops that are at their end; answers whether one is close to it.
    ///
    /// Drops come to their end in the order of their names, nearly. When a thousand wait, the first few are asked for
    /// each time that one is told of, and all of them four times in a second.
    private func look(_ database: ClinicDatabase, _ lastWhole: inout ContinuousClock.Instant) throws -> Bool {
        let files = state.withLock { $0.waiting.keys.sorted() }
        guard !files.isEmpty else { return false }
        let isWhole = lastWhole.duration(to: .now) >= .milliseconds(Int(Self.longestPause))
        if isWhole { lastWhole = .now }
        let drops = try database.read { unit -> [(file: String, drop: DropRecord)] in
            var found: [(file: String, drop: DropRecord)] = []
            var open = 0
            for file in files where isWhole || open < Self.first {
                guard let drop = try unit.drops(named: Array(file.utf8)).last else {
                    open += 1
                    continue
                }
                if drop.state != .archived, drop.state != .quarantined { open += 1 }
                found.append((file, drop))
            }
            return found
        }
        let engine = Engine(workspace: workspace, database: database, configuration: configuration, key: key, now: nil)
        for (file, drop) in drops where [.archived, .quarantined].contains(drop.state) && drop.format == .hl7 {
            let answer = try engine.dropDocuments.acknowledgments(of: drop)
            state.withLock { $0.waiting.removeValue(forKey: file) }?(answer)
        }
        return drops.contains { $0.drop.state == .answered }
    }
}
