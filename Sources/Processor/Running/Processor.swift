package import Clinic
import Drops
import DurableFiles
import Glibc
import Records
import Synchronization

/// How a run is to go.
package struct RunOptions: Sendable {
    /// Fixes the business clock.
    package var now: Instant?
    /// How long an incomplete drop is waited for; nil is the policy's.
    package var incompleteAfter: Duration?

    package init(now: Instant? = nil, incompleteAfter: Duration? = nil) {
        self.now = now
        self.incompleteAfter = incompleteAfter
    }
}

/// Another processor holds the workspace.
package struct WorkspaceBusy: Error {}

/// The processor of one workspace: finds drops, takes each through to its answer, and does what falls due.
package final class Processor: Sendable {
    private let engine: Engine
    private let lock: ExclusiveLock
    private let patience: Duration

    /// Takes the workspace's lock and opens its database; what a crash left is put right by the first drain.
    package init(workspace: Workspace, options: RunOptions) throws {
        Files.restrictNewFiles()
        guard try workspace.exists() else {
            throw WorkspaceFault(
                path: workspace.root,
                reason: "this is no workspace (clinic/clinic.yml is missing); `suture init DIR` makes one")
        }
        let configuration = try ClinicConfiguration.load(from: workspace.clinicFolder)
        try workspace.makeFolders()
        lock = try Processor.takeLock(workspace)
        try workspace.restrictFolders()
        try workspace.makeInboxes(configuration.sources)
        let key = try workspace.loadKey()
        let database = try ClinicDatabase(path: workspace.databaseFile, key: key)
        engine = Engine(
            workspace: workspace, database: database, configuration: configuration, key: key, now: options.now)
        patience = options.incompleteAfter ?? .seconds(configuration.catalog.policy.incompleteAfterSeconds)
    }

    private static func takeLock(_ workspace: Workspace) throws -> ExclusiveLock {
        do throws(FileFault) {
            return try ExclusiveLock(workspace.lock)
        } catch {
            if error.reason == .held { throw WorkspaceBusy() }
            throw error
        }
    }

    /// How far the run has come.
    package var progress: RunProgress { engine.progress }

    /// Drains the inbox: all that lies there at the start is settled or overdue before the first is numbered.
    ///
    /// What it waits for meanwhile is told, once for each file.
    package func runOnce(onWaiting: (String) -> Void = { _ in }) throws -> RunSummary {
        try recover()
        var settling = Settling(patience: patience)
        let candidates = try InboxScan.candidates(in: engine.workspace, sources: engine.configuration.sources)
        let settled = try settleAll(candidates, with: &settling, onWaiting: onWaiting)
        try work(through: Throttle.turns(settled) { $0.candidate.source })
        try takeLateDeclarations()
        try finishDrain()
        try engine.database.write { try $0.setMeta("last_run", to: engine.now().description) }
        return try engine.summary(waiting: 0)
    }

    /// Watches the inbox until it is told to stop; the directory scan is the truth, a change only wakes it.
    ///
    /// A drain ends when nothing is left to be taken; a long one is told of in parts.
    package func watch(stop: StopSignal, onDrain: (RunSummary) -> Void) throws {
        engine.beginDrain()
        try recover()
        let watch = try DirectoryWatch()
        stop.onStop { watch.wake() }
        for source in engine.configuration.sources { try watch.add(engine.workspace.inbox(of: source)) }
        var settling = Settling(patience: patience)
        var throttle = Throttle()
        var partBegan = ContinuousClock.now
        while !stop.isStopped {
            let candidates = try InboxScan.candidates(in: engine.workspace, sources: engine.configuration.sources)
            settling.keepOnly(candidates)
            var settled: [Claiming.Settled] = []
            var pause = 5000
            for candidate in candidates {
                switch try settling.look(at: candidate, wallSeconds: Engine.wallSeconds()) {
                case .waits(let milliseconds), .lacksEnd(let milliseconds): pause = min(pause, milliseconds)
                case .settled(let facts, let isComplete):
                    settled.append(Claiming.Settled(candidate: candidate, facts: facts, isComplete: isComplete))
                case .unfit(let facts):
                    settled.append(Claiming.Settled(candidate: candidate, facts: facts, isComplete: true))
                case .gone: break
                }
            }
            let turn = throttle.admit(settled, at: .now) { $0.candidate.source }
            settled = turn.items
            if let next = turn.pause { pause = min(pause, next) }
            if settled.isEmpty {
                try takeLateDeclarations()
                try finishDrain()
                try tell(waiting: candidates.count, onDrain)
                _ = try watch.wait(milliseconds: Int32(pause))
                engine.beginDrain()
                partBegan = .now
            } else {
                try work(through: settled, stop: stop)
                if partBegan.duration(to: .now) > .seconds(10) {
                    try tell(waiting: candidates.count - settled.count, onDrain)
                    partBegan = .now
                }
            }
        }
        // Stopped between two drops, what is due waits for them; else it is not left for the next start.
        let unfinished = try engine.database.read { try $0.drops(in: [.claimed, .read, .applied, .answered]) }
        if unfinished.isEmpty { try finishDrain() }
        try tell(waiting: 0, onDrain)
    }

    private func takeLateDeclarations() throws {
        let late = LateDeclarations(
            workspace: engine.workspace, sources: engine.configuration.sources, database: engine.database,
            currency: engine.configuration.catalog.currency, patience: patience)
        engine.note(warnings: try late.take(wallSeconds: Engine.wallSeconds()))
    }

    /// Tells what happened since the last time, if anything did.
    private func tell(waiting: Int, _ onDrain: (RunSummary) -> Void) throws {
        var summary = try engine.summary(waiting: waiting)
        guard summary.hasNews else { return }
        summary.at = engine.pathway.zone.iso(engine.now())
        onDrain(summary)
        engine.beginDrain()
    }

    private func settleAll(
        _ candidates: [Candidate], with settling: inout Settling, onWaiting: (String) -> Void
    ) throws -> [Claiming.Settled] {
        var settled: [Candidate: Claiming.Settled] = [:]
        var told: Set<Candidate> = []
        var waiting = candidates
        while !waiting.isEmpty {
            var next: [Candidate] = []
            var pause = Int.max
            for candidate in waiting {
                switch try settling.look(at: candidate, wallSeconds: Engine.wallSeconds()) {
                case .waits(let milliseconds):
                    next.append(candidate)
                    pause = min(pause, milliseconds)
                case .lacksEnd(let milliseconds):
                    next.append(candidate)
                    pause = min(pause, milliseconds)
                    guard told.insert(candidate).inserted else { continue }
                    let seconds = (milliseconds + 999) / 1000
                    onWaiting("waiting for \(candidate.label): its end is not there yet (up to \(seconds) s)")
                case .settled(let facts, let isComplete):
                    settled[candidate] = Claiming.Settled(candidate: candidate, facts: facts, isComplete: isComplete)
                case .unfit(let facts):
                    settled[candidate] = Claiming.Settled(candidate: candidate, facts: facts, isComplete: true)
                case .gone: break
                }
            }
            waiting = next
            if !waiting.isEmpty { Pause.milliseconds(min(pause, 250)) }
        }
        return candidates.compactMap { settled[$0] }
    }

    private func work(through settled: [Claiming.Settled], stop: StopSignal? = nil) throws {
        if !settled.isEmpty { try engine.recordConfiguration() }
        let drops = try engine.claiming.claim(settled, arrivedAt: engine.now())
        engine.note(begun: drops)
        for drop in drops {
            if stop?.isStopped ?? false { return }
            try DropWork(engine: engine, source: engine.source(drop.source)).finish(drop)
        }
    }

    /// Puts right what a crash left: claims that were half done, documents that were not delivered, drops in work.
    private func recover() throws {
        let poison = Poison(engine: engine)
        try poison.recover()
        try poison.arm()
        try engine.claiming.recover(sources: engine.configuration.sources)
        try engine.dispatch.deliverPending()
        // What was woken is decided before the next new entry.
        try engine.waking.untilQuiet()
        let unfinished = try engine.database.read { try $0.drops(in: [.claimed, .read, .applied, .answered]) }
        engine.note(begun: unfinished)
        if !unfinished.isEmpty { try engine.recordConfiguration() }
        for drop in unfinished {
            try DropWork(engine: engine, source: engine.source(drop.source)).finish(drop)
        }
        try engine.archiving.finishQuarantine()
    }

    /// What falls due by time, until nothing more follows: expired holds, bills, the lists they change.
    private func finishDrain() throws {
        while true {
            let changed = try engine.database.write { unit -> Bool in
                let before = try unit.head().length
                unit.context = engine.context()
                let desk = engine.desk(in: unit)
                var isDone = try desk.expireHolds()
                if isDone {
                    unit.context = engine.context()
                    try desk.carryOutDue()
                    isDone = try desk.decideWoken()
                }
                try engine.dropDocuments.queueFollowUps(desk.released, except: 0, in: unit)
                if isDone {
                    try engine.queueTheaterLists(in: unit)
                    try engine.queueBillExport(in: unit)
                }
                engine.note(released: desk.released)
                return try !isDone || unit.head().length != before
            }
            try engine.waking.untilQuiet()
            try engine.dispatch.deliverPending()
            if !changed { return try engine.archiving.purge(now: engine.now()) }
        }
    }
}

/// Lets a watching processor be stopped from a signal's thread.
package final class StopSignal: Sendable {
    private struct State {
        var isStopped = false
        var actions: [@Sendable () -> Void] = []
    }

    private let state = Mutex(State())

    package init() {}

    package var isStopped: Bool { state.withLock { $0.isStopped } }

    package func stop() {
        let actions = state.withLock { state in
            state.isStopped = true
            return state.actions
        }
        for action in actions { action() }
    }

    func onStop(_ action: @escaping @Sendable () -> Void) {
        let isLate = state.withLock { state in
            state.actions.append(action)
            return state.isStopped
        }
        if isLate { action() }
    }
}

/// A pause of the processor's own thread, while writers finish.
enum Pause {
    static func milliseconds(_ count: Int) { usleep(UInt32(count) * 1000) }
}
