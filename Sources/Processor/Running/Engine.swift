import Clinic
import Digests
import Documents
import Drops
import Glibc
import Records
import Synchronization

/// What one run works with: the workspace's database, the clinic's pathway and clock, and the counts of the run.
final class Engine: Sendable {
    let workspace: Workspace
    let database: ClinicDatabase
    let configuration: ClinicConfiguration
    let configurationHash: String
    let pathway: Pathway
    let key: [UInt8]
    /// The business clock, when it is fixed.
    let fixedNow: Instant?
    private let counts = Mutex(Counts())
    private let started = ContinuousClock().now

    private struct Counts {
        /// Since when is counted.
        var began = ContinuousClock().now
        var summary = RunSummary()
        var progress = RunProgress()
        /// The drops of this run, whose entries are counted at its end.
        var drops: Set<Int64> = []
        var released: [ReleasedEntry] = []
    }

    init(
        workspace: Workspace, database: ClinicDatabase, configuration: ClinicConfiguration, key: [UInt8], now: Instant?
    ) {
        self.workspace = workspace
        self.database = database
        self.configuration = configuration
        self.key = key
        self.fixedNow = now
        pathway = Pathway(catalog: configuration.catalog, seals: Engine.seals(key))
        configurationHash = Hexadecimal.encode(SHA256.digest(of: configuration.canonicalBytes))
    }

    static func seals(_ key: [UInt8]) -> Seals {
        let mac = HMACSHA256(key: key)
        return Seals(
            sha256: { Hexadecimal.encode(SHA256.digest(of: $0)) },
            token: { purpose, number in
                String(Hexadecimal.encode(mac.code(for: Array("token|\(purpose)|\(number)".utf8))).prefix(32))
            })
    }

    /// The business clock.
    func now() -> Instant { fixedNow ?? Instant(secondsSinceEpoch: Engine.wallSeconds()) }

    /// The machine's clock, for the age of files alone.
    static func wallSeconds() -> Int64 { Int64(time(nil)) }

    func context(drop: Int64? = nil) -> DecisionContext {
        DecisionContext(now: now(), configuration: configurationHash, drop: drop)
    }

    func desk(in unit: Unit) -> Desk {
        Desk(unit: unit, pathway: pathway, now: now(), configuration: configurationHash)
    }

    /// bcrypt's salt for the password of an entry: the same again after a crash.
    func salt(drop: Int64) -> @Sendable (Int, Int) -> [UInt8] {
        let mac = HMACSHA256(key: key)
        return { entry, form in Array(mac.code(for: Array("salt|\(drop)|\(entry)|\(form)".utf8)).prefix(16)) }
    }

    func source(_ name: SourceName) -> SourceSettings { configuration.source(name) ?? SourceSettings.frontDesk }

    // MARK: - Rooms

    var claiming: Claiming { Claiming(workspace: workspace, database: database) }
    var dropDocuments: DropDocuments { DropDocuments(engine: self) }
    var waking: Waking { Waking(engine: self) }
    var dispatch: Dispatch {
        Dispatch(workspace: workspace, database: database, dropDocuments: dropDocuments) { [self] folder in
            counts.withLock { $0.summary.documents.count(String(folder.prefix { $0 != "/" })) }
        }
    }
    var archiving: Archiving {
        Archiving(
            workspace: workspace, database: database, zone: pathway.zone,
            mayHoldSecrets: { [self] in source($0.source).mayRegisterPatients },
            reopen: { [self] drop in try DropWork(engine: self, source: source(drop.source)).reader(of: drop) })
    }

    // MARK: - Counts

    func note(begun drops: [DropRecord]) {
        counts.withLock { counts in
            for drop in drops { counts.drops.insert(drop.number) }
            counts.progress.dropsKnown = counts.drops.count
        }
    }

    func note(finished drop: DropRecord) {
        counts.withLock { counts in
            counts.drops.insert(drop.number)
            counts.progress.dropsDone += 1
        }
    }

    func note(decided entries: Int) { counts.withLock { $0.progress.entriesDone += entries } }

    /// Warnings about drops of earlier runs.
    func note(warnings: Int) { counts.withLock { $0.summary.warnings += warnings } }

    func note(released: [ReleasedEntry]) { counts.withLock { $0.released += released } }

    var progress: RunProgress {
        var progress = counts.withLock { $0.progress }
        progress.elapsed = started.duration(to: ContinuousClock().now)
        return progress
    }

    /// Counts from nothing: what a watching processor tells of is told once.
    func beginDrain() {
        counts.withLock { counts in
            let progress = counts.progress
            counts = Counts()
            counts.progress = progress
        }
    }

    /// The run so far, or the drain: entries by what they are now.
    func summary(waiting: Int) throws -> RunSummary {
        let (drops, released, base, began) = counts.withLock { ($0.drops, $0.released, $0.summary, $0.began) }
        var summary = base
        try database.read { unit in
            for number in drops.sorted() {
                guard let drop = try unit.drop(number) else { continue }
                try summary.add(drop)
            }
            let head = try unit.head()
            summary.ledger = RunSummary.Ledger(length: head.length, head: Hexadecimal.encode(head.hash))
        }
        for entry in released {
            if drops.contains(entry.drop) {
                summary.released.withinRun += 1
            } else if entry.isExpired {
                summary.released.expired += 1
            } else if entry.outcome == .applied {
                summary.released.applied += 1
            } else if entry.outcome == .rejected {
                summary.released.rejected += 1
            }
        }
        summary.drops.waiting = waiting
        summary.drops.seen = summary.drops.archived + summary.drops.duplicate + summary.drops.quarantined + waiting
        let elapsed = began.duration(to: ContinuousClock().now)
        summary.elapsedSeconds = (Double(elapsed / .milliseconds(1)) / 1000)
        return summary
    }
}

extension RunSummary {
    /// Counts a drop and its entries.
    mutating func add(_ drop: DropRecord) throws {
        switch drop.state {
        case .archived where drop.duplicate > 0 && drop.duplicate == drop.entriesDecided: drops.duplicate += 1
        case .archived: drops.archived += 1
        case .quarantined: drops.quarantined += 1
        default: break
        }
        entries.read += drop.entriesDecided
        entries.applied += drop.applied
        entries.duplicate += drop.duplicate
        entries.held += drop.held
        entries.rejected += drop.rejected
        warnings += drop.warned
        // Findings against a drop that was not set aside are warnings about its file.
        if drop.state != .quarantined { warnings += try FindingsCoding.decode(drop.findings).count }
    }
}
