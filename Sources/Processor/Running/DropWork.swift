import Clinic
import Digests
import Drops
import DurableFiles
import Forms
import Records

/// The work on one claimed drop, from its first reading to its place in the archive.
struct DropWork {
    let engine: Engine
    let source: SourceSettings

    /// Entries decided in one transaction.
    static let chunk = 250

    /// Takes a drop from whatever state it is in to its end.
    func finish(_ drop: DropRecord) throws {
        var drop = drop
        Poison.working(on: drop.number)
        defer { Poison.working(on: 0) }
        if drop.attempts >= Poison.hopeless, [.claimed, .read].contains(drop.state) {
            drop = try refuse(drop, hopeless(drop))
        }
        if drop.state == .claimed { drop = try survey(drop) }
        if drop.state == .read { drop = try decideEntries(of: drop) }
        if drop.state == .applied { drop = try answer(drop) }
        try engine.dispatch.deliverPending()
        if drop.state == .answered {
            drop = try engine.archiving.archive(drop, work: engine.claiming.path(ofWork: drop.number))
        }
        engine.note(finished: drop)
    }

    private var rules: ReadingRules { source.readingRules(catalog: engine.pathway.catalog) }

    private func open(_ drop: DropRecord) throws -> ByteFile {
        let path = engine.claiming.path(ofWork: drop.number)
        return try Directory(path.parent).openBeneath(path.name)
    }

    /// Opens the reader that the file's content asks for, at its beginning.
    func reader(of drop: DropRecord) throws -> any DropReading {
        let file = try open(drop)
        let head = try file.read(4096)
        try file.seek(to: 0)
        return try DropReader.open(head: head, rules: rules) { try file.read($0) }
    }

    // MARK: - First pass

    /// Hashes the file and counts its entries, so that a file cut short is known before anything is applied.
    private func survey(_ drop: DropRecord) throws -> DropRecord {
        var surveyed = drop
        do {
            if let reason = try engine.database.read({ try $0.meta("unfit:\(drop.number)") }) {
                throw DropRefusal(unfit(reason))
            }
            let file = try open(drop)
            let head = try file.read(4096)
            surveyed.format = DropFormat(Recognition(head: head))
            let size = try file.facts().size
            if size > Int64(source.maximumBytes) { throw DropRefusal(DropRefusals.tooLarge(size, for: source)) }
            let isOverdue = try engine.database.read { try $0.meta("incomplete:\(drop.number)") } != nil
            if isOverdue, surveyed.format != .hl7 { throw DropRefusal(DropRefusals.incomplete(head)) }
            var reader = try reader(of: drop)
            var tally = EntryTally()
            var hasSecrets = false
            var cut = isOverdue ? DropRefusals.incomplete(head) : nil
            do {
                while let entry = try reader.next() {
                    tally.add(entry, in: rules.currency)
                    hasSecrets = hasSecrets || !entry.secrets.isEmpty
                }
            } catch let refusal as DropRefusal where surveyed.format == .hl7 {
                cut = refusal.finding
            }
            if cut == nil, let difference = try undeclared(tally, in: drop) {
                guard surveyed.format == .hl7 else { throw DropRefusal(difference) }
                cut = difference
            }
            if let cut, tally.rows == 0 { throw DropRefusal(cut) }
            surveyed.form = reader.shape.form
            surveyed.entriesCounted = tally.rows
            surveyed.sha256 = try fingerprint(of: drop, hasSecrets: hasSecrets)
            surveyed.findings = try FindingsCoding.encode(reader.warnings.map(\.reported))
            surveyed.state = .read
            try engine.database.write { unit in
                try unit.update(surveyed)
                try unit.setMeta("shape:\(drop.number)", to: CanonicalJSON.text(of: reader.shape))
                if hasSecrets { try unit.setMeta("secret:\(drop.number)", to: "1") }
                if let cut { try unit.setMeta("cut:\(drop.number)", to: CanonicalJSON.text(of: cut.reported)) }
            }
            return surveyed
        } catch let refusal as DropRefusal {
            return try refuse(surveyed, refusal.finding)
        } catch let fault as FileFault where fault.act == .open && (fault.isRefusal || isOutOfReach(fault)) {
            return try refuse(surveyed, unfit(isOutOfReach(fault) ? nil : fault.reason.text))
        }
    }

    /// What its sender declared otherwise in `name.ok`.
    private func undeclared(_ tally: EntryTally, in drop: DropRecord) throws -> LocatedFinding? {
        guard let text = try engine.database.read({ try $0.meta("declared:\(drop.number)") }),
            let declaration = Hexadecimal.decode(text)
        else { return nil }
        return DeclaredTotals.finding(declaration, against: tally, currency: rules.currency)
    }

    /// Taken away before it was claimed, or not ours to read.
    private func isOutOfReach(_ fault: FileFault) -> Bool { fault.reason == .missing || fault.reason == .notPermitted }

    private func unfit(_ reason: String?) -> LocatedFinding {
        var mend = reason == nil ? "drop it again, readable for the processor" : "drop a plain file"
        if reason == FileFault.Reason.directory.text, source.name == SourceSettings.frontDesk.name {
            mend =
                "no source is called that way: add it to `sources:` in clinic/clinic.yml, restart the processor, and "
                + "drop the files of the folder again (they lie in var/quarantine)"
        }
        return LocatedFinding(
            Finding(
                .Drop.notARegularFile, [],
                reason ?? "the file was taken away before it could be read, or may not be read by the processor",
                mend: mend),
            at: Place(line: 1))
    }

    private func hopeless(_ drop: DropRecord) -> LocatedFinding {
        LocatedFinding(
            Finding(
                .Drop.poison, [], "reading it stopped the program \(drop.attempts) times",
                mend: "send the file in var/quarantine to the makers of Suture, and drop its data in another way"),
            at: Place(line: 1))
    }

    private func fingerprint(of drop: DropRecord, hasSecrets: Bool) throws -> String {
        let file = try open(drop)
        var hash = SHA256()
        while true {
            let bytes = try file.read(1 << 18)
            if bytes.isEmpty { break }
            hash.update(bytes)
        }
        let digest = hash.digest()
        // A plain hash of a file with a password would be a fast test for the password.
        return Hexadecimal.encode(hasSecrets ? HMACSHA256(key: engine.key).code(for: digest) : digest)
    }

    /// A drop that cannot be read as entries is rejected whole and set aside.
    func refuse(_ drop: DropRecord, _ finding: LocatedFinding) throws -> DropRecord {
        var refused = drop
        refused.findings = try FindingsCoding.encode([finding.reported])
        refused.state = .quarantined
        refused.entriesCounted = 0
        if refused.sha256 == nil, try isReadable(drop) {
            refused.sha256 = try fingerprint(of: drop, hasSecrets: source.mayRegisterPatients)
        }
        try engine.database.write { unit in
            try unit.update(refused)
            unit.context = engine.context(drop: drop.number)
            _ = try unit.appendRejection(
                subject: Key("drop:\(drop.number)"), at: drop.arrivedAt,
                payload: CanonicalJSON.bytes(of: [finding.finding.rule.code]))
            try engine.dropDocuments.queueRefusal(refused, in: unit)
        }
        try engine.archiving.quarantine(refused, work: engine.claiming.path(ofWork: drop.number))
        return refused
    }

    private func isReadable(_ drop: DropRecord) throws -> Bool {
        do {
            _ = try open(drop)
            return true
        } catch let fault as FileFault where fault.isRefusal || isOutOfReach(fault) {
            return false
        }
    }

    // MARK: - Deciding

    private func decideEntries(of drop: DropRecord) throws -> DropRecord {
        var reader = try reader(of: drop)
        let preparation = EntryPreparation(
            rules: rules, policy: engine.pathway.policy, arrivedAt: drop.arrivedAt, now: engine.now(),
            salt: engine.salt(drop: drop.number))
        if let cut = try engine.database.read({ try $0.meta("cut:\(drop.number)") }) {
            try rejectAll(of: drop, preparation, for: JSONReading.value(fromText: cut))
        } else if source.isAtomic || reader.isAtomic {
            try AtomicDrop(engine: engine, preparation: preparation).decide(drop) { try self.reader(of: drop) }
        } else {
            let size = drop.attempts >= Poison.careful ? 1 : DropWork.chunk
            var chunk: [ReadEntry] = []
            // Prepared and not decided, for what came before woke more than one unit may decide.
            var rest: [PreparedEntry] = []
            while let entry = try reader.next() {
                // What an earlier run decided stays decided.
                if entry.number <= drop.entriesDecided { continue }
                chunk.append(entry)
                if rest.count + chunk.count == size {
                    rest = try decide(rest + preparation.prepare(chunk), of: drop)
                    chunk = []
                }
            }
            rest += try preparation.prepare(chunk)
            while !rest.isEmpty { rest = try decide(rest, of: drop) }
        }
        return try engine.database.write { unit in
            guard var decided = try unit.drop(drop.number) else { return drop }
            decided.state = .applied
            return try unit.update(decided)
        }
    }

    /// The messages of a batch that was cut short: none is applied, each is answered, and comes back to be sent again.
    private func rejectAll(of drop: DropRecord, _ preparation: EntryPreparation, for cut: ReportedFinding) throws {
        var reader = try reader(of: drop)
        var hasMore = true
        while hasMore {
            var chunk: [ReadEntry] = []
            do {
                while chunk.count < DropWork.chunk, let entry = try reader.next() {
                    if entry.number > drop.entriesDecided { chunk.append(entry) }
                }
                hasMore = chunk.count == DropWork.chunk
            } catch is DropRefusal {
                // The end that is missing, which the first pass has found.
                hasMore = false
            }
            let prepared = try preparation.prepare(chunk)
            try engine.database.write { unit in
                let desk = engine.desk(in: unit)
                for entry in prepared {
                    var finding = cut
                    finding.places = [entry.read.place]
                    try desk.reject(entry, of: drop, for: [finding] + entry.read.findings.map(\.reported))
                }
            }
            engine.note(decided: chunk.count)
        }
    }

    /// One transaction for a chunk; where the schema refuses it, one for each of its entries.
    ///
    /// A unit ends early where an entry wakes more than fits into it; what is left of the chunk is answered, and comes
    /// first in the next: after a crash in between, the same units follow.
    private func decide(_ chunk: [PreparedEntry], of drop: DropRecord) throws -> [PreparedEntry] {
        var decided: Int
        do {
            decided = try decideTogether(chunk, of: drop, refusing: nil)
        } catch let refusal as SchemaRefusal {
            guard chunk.count == 1 else {
                for entry in chunk { _ = try decide([entry], of: drop) }
                return []
            }
            decided = try decideTogether(chunk, of: drop, refusing: refusal)
        }
        engine.note(decided: decided)
        try engine.waking.untilQuiet()
        return Array(chunk.dropFirst(decided))
    }

    /// Decides entries, and after each what it woke; the answer is how many were decided.
    private func decideTogether(_ chunk: [PreparedEntry], of drop: DropRecord, refusing: SchemaRefusal?) throws -> Int {
        let (decided, released) = try engine.database.write { unit in
            let desk = engine.desk(in: unit)
            var decided = 0
            for entry in chunk {
                decided += 1
                if let refusing {
                    try desk.rejectAsRefused(entry, of: drop, by: refusing)
                } else {
                    try desk.decide(entry, of: drop)
                    guard try desk.decideWoken() else { break }
                }
            }
            try engine.dropDocuments.queueFollowUps(desk.released, except: drop.number, in: unit)
            return (decided, desk.released)
        }
        engine.note(released: released)
        return decided
    }

    // MARK: - Answering

    /// What a drop is told of which every entry was applied before.
    private var repeated: LocatedFinding {
        LocatedFinding(
            Finding(
                .Drop.duplicate, [], "every entry of the file was applied before; nothing was done again",
                mend: "nothing, unless something new was meant: then give it references of its own"),
            at: Place(line: 1))
    }

    private func answer(_ drop: DropRecord) throws -> DropRecord {
        try engine.database.write { unit in
            guard var answered = try unit.drop(drop.number) else { return drop }
            unit.context = engine.context(drop: drop.number)
            if answered.duplicate > 0, answered.duplicate == answered.entriesDecided {
                let known = try FindingsCoding.decode(answered.findings)
                answered.findings = try FindingsCoding.encode(known + [repeated.reported])
            }
            try engine.dropDocuments.queueAnswers(answered, in: unit)
            try engine.queueTheaterLists(in: unit)
            answered.state = .answered
            return try unit.update(answered)
        }
    }
}

extension DropFormat {
    init(_ recognition: Recognition) {
        switch recognition {
        case .hl7: self = .hl7
        case .xml: self = .xml
        case .delimited: self = .csv
        case .container, .empty: self = .unknown
        }
    }
}
