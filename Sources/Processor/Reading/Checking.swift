package import Clinic
import Drops
package import DurableFiles
import Forms
import Records

/// Tells what would become of files against the present state.
///
/// The files are read where they lie and never claimed; all is decided by the desk itself, on a copy of the state in
/// memory.
package struct Checking {
    private let inquiry: Inquiry
    /// The source of every file, where one is named.
    private let source: SourceSettings?
    private var configuration: ClinicConfiguration

    /// A source that is named must be one of the clinic's.
    package init(_ inquiry: Inquiry, source: SourceName? = nil) throws(UnknownSource) {
        self.inquiry = inquiry
        configuration = inquiry.configuration
        if let source {
            guard let settings = inquiry.configuration.source(source) else {
                throw UnknownSource(name: source, known: inquiry.configuration.sources.map(\.name))
            }
            self.source = settings
        } else {
            self.source = nil
        }
        // Nothing that is hashed here is kept.
        configuration.catalog.policy.bcryptCost = 4
    }

    /// Checks files as if they were dropped together, in the order in which they are named.
    package func check(_ files: [Path]) throws -> CheckReply {
        let engine = Engine(
            workspace: inquiry.workspace, database: try inquiry.database.copyInMemory(), configuration: configuration,
            key: inquiry.key, now: inquiry.now)
        let bench = Bench(engine: engine)
        let checked = try files.map { try check($0, on: bench) }
        try bench.finishDrain()
        return try engine.database.read { unit in
            var reply = CheckReply(now: inquiry.now)
            for file in checked { reply.add(try file.told(in: unit)) }
            return reply
        }.releasing(engine.summary(waiting: 0).released.applied)
    }

    private func check(_ path: Path, on bench: Bench) throws -> CheckedFile {
        let source = try self.source ?? source(of: path)
        var checked = CheckedFile(path: path, source: source)
        do {
            let (facts, bytes) = try content(of: path, source)
            let head = Array(bytes.prefix(4096))
            checked.format = DropFormat(Recognition(head: head))
            if try !isComplete(path, head: head, tail: Array(bytes.suffix(4096))) {
                throw DropRefusal(DropRefusals.incomplete(head))
            }
            let rules = source.readingRules(catalog: configuration.catalog)
            try survey(bytes, rules, beside: path, into: &checked)
            try bench.decide(bytes, rules, NewDrop(path, facts, source), into: &checked)
        } catch let refusal as DropRefusal {
            checked.refusal = refusal.finding.reported
        } catch let fault as FileFault where fault.isRefusal {
            checked.refusal = DropRefusals.unfit(fault).reported
        } catch let fault as FileFault {
            checked.fault = "\(fault)"
        }
        return checked
    }

    /// The source in whose folder of the inbox a file lies; elsewhere the front desk.
    private func source(of path: Path) throws -> SourceSettings {
        guard let folder = try facts(path.parent) else { return .frontDesk }
        let others = inquiry.configuration.sources.filter { $0.name != SourceSettings.frontDesk.name }
        for source in others {
            let inbox = try facts(inquiry.workspace.inbox / source.name.rawValue)
            if let inbox, inbox.device == folder.device, inbox.inode == folder.inode { return source }
        }
        return inquiry.configuration.source(SourceSettings.frontDesk.name) ?? .frontDesk
    }

    /// What a path stands for; nil when there is no such thing.
    private func facts(_ path: Path) throws(FileFault) -> FileFacts? {
        do throws(FileFault) {
            return try FileFacts(path)
        } catch {
            guard error.reason == .missing else { throw error }
            return nil
        }
    }

    /// A copy of the bytes: the file may still have a writer.
    private func content(of path: Path, _ source: SourceSettings) throws -> (FileFacts, [UInt8]) {
        let file = try Directory(path.parent).openBeneath(path.name)
        let facts = try file.facts()
        guard facts.size <= Int64(source.maximumBytes) else {
            throw DropRefusal(DropRefusals.tooLarge(facts.size, for: source))
        }
        return (facts, try file.readAll(cap: source.maximumBytes))
    }

    private func isComplete(_ path: Path, head: [UInt8], tail: [UInt8]) throws -> Bool {
        if try Files.exists(path.parent / (path.name + Array(".ok".utf8))) { return true }
        return Completeness.isComplete(head: head, tail: tail)
    }

    /// The first pass: a file that cannot be read to its end is refused before anything is decided.
    private func survey(_ bytes: [UInt8], _ rules: ReadingRules, beside path: Path, into checked: inout CheckedFile)
        throws
    {
        var reader = try DropReader.open(bytes, rules)
        var tally = EntryTally()
        while let entry = try reader.next() { tally.add(entry, in: rules.currency) }
        if let declaration = try DeclaredTotals.read(beside: path),
            let difference = DeclaredTotals.finding(declaration, against: tally, currency: rules.currency)
        {
            throw DropRefusal(difference)
        }
        checked.form = reader.shape.form
        checked.warnings = reader.warnings.map(\.reported)
    }
}

/// The name of a source that `clinic.yml` does not list.
package struct UnknownSource: Error, CustomStringConvertible {
    package let name: SourceName
    package let known: [SourceName]

    package var description: String {
        "no source is called \(Terminal.safe(name.rawValue)); clinic.yml lists \(known.map(\.rawValue).joined(separator: ", "))"
    }
}

/// An engine on a copy of the state, on which files are decided as in a run.
private struct Bench {
    let engine: Engine

    /// Registers a file and decides its entries.
    func decide(_ bytes: [UInt8], _ rules: ReadingRules, _ new: NewDrop, into checked: inout CheckedFile) throws {
        let now = engine.now()
        let drops = try engine.database.write { try $0.register([new], arrivedAt: now) }
        guard let drop = drops.first else { return }
        engine.note(begun: drops)
        checked.drop = drop.number
        let preparation = EntryPreparation(
            rules: rules, policy: engine.pathway.policy, arrivedAt: now, now: now,
            salt: { _, _ in [UInt8](repeating: 0, count: 16) })
        var reader = try DropReader.open(bytes, rules)
        if checked.source.isAtomic || reader.isAtomic {
            try AtomicDrop(engine: engine, preparation: preparation).decide(drop) { try DropReader.open(bytes, rules) }
        } else {
            while let entry = try reader.next() { try decide(preparation.prepare(entry), of: drop) }
        }
    }

    /// One transaction for each entry, so that what the schema refuses takes no neighbor along.
    private func decide(_ entry: PreparedEntry, of drop: DropRecord) throws {
        do {
            try work { try $0.decide(entry, of: drop) }
            try engine.waking.untilQuiet()
        } catch let refusal as SchemaRefusal {
            try work { try $0.rejectAsRefused(entry, of: drop, by: refusal) }
        }
    }

    /// What falls due when a drain ends: bills, and the payments that wait for them.
    func finishDrain() throws {
        while true {
            let before = try engine.database.read { try $0.head().length }
            try work { desk in
                desk.unit.context = engine.context()
                try desk.carryOutDue()
            }
            try engine.waking.untilQuiet()
            guard try engine.database.read({ try $0.head().length }) != before else { return }
        }
    }

    private func work(_ act: (Desk) throws -> Void) throws {
        let released = try engine.database.write { unit in
            let desk = engine.desk(in: unit)
            try act(desk)
            return desk.released
        }
        engine.note(released: released)
    }
}

/// What is known of a file while the others are still being checked.
struct CheckedFile {
    let path: Path
    let source: SourceSettings
    var format = DropFormat.unknown
    var form: String?
    /// Its number on the copy, once its entries are decided.
    var drop: Int64?
    var warnings: [ReportedFinding] = []
    var refusal: ReportedFinding?
    /// Why the file cannot be read at all.
    var fault: String?

    init(path: Path, source: SourceSettings) {
        self.path = path
        self.source = source
    }
}

extension NewDrop {
    fileprivate init(_ path: Path, _ facts: FileFacts, _ source: SourceSettings) {
        self.init(
            source: source.name, name: path.name, device: facts.device, inode: facts.inode, size: facts.size,
            modifiedAt: facts.modified)
    }
}

extension DropReader {
    /// A reader of bytes in memory.
    fileprivate static func open(_ bytes: [UInt8], _ rules: ReadingRules) throws -> any DropReading {
        var rest = bytes[...]
        return try open(head: Array(bytes.prefix(4096)), rules: rules) { most in
            let part = Array(rest.prefix(most))
            rest = rest.dropFirst(most)
            return part
        }
    }
}
