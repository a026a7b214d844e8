import Clinic
import Digests
import Drops
import DurableFiles
import Records

/// Moves settled files out of the inbox: first a row for each in the database, then the rename.
struct Claiming {
    let workspace: Workspace
    let database: ClinicDatabase

    /// A settled candidate with what was seen of it.
    struct Settled {
        let candidate: Candidate
        let facts: FileFacts
        let isComplete: Bool
    }

    /// Numbers the files of one scan in one transaction, in the order of their paths, and claims them.
    func claim(_ settled: [Settled], arrivedAt: Instant) throws -> [DropRecord] {
        guard !settled.isEmpty else { return [] }
        let declarations = try settled.map { try DeclaredTotals.read(beside: $0.candidate.path) }
        let drops = try database.write { unit in
            // One by one: a number belongs to its own file, whatever order the records keep within a group.
            try zip(settled, declarations).flatMap { item, declaration in
                let drops = try unit.register([NewDrop(item)], arrivedAt: arrivedAt)
                for drop in drops {
                    if !item.isComplete { try unit.setMeta("incomplete:\(drop.number)", to: "1") }
                    if let declaration, !declaration.isEmpty {
                        try unit.setMeta("declared:\(drop.number)", to: Hexadecimal.encode(declaration))
                    }
                }
                return drops
            }
        }
        for (drop, item) in zip(drops, settled) { try move(item.candidate.path, of: drop) }
        try syncFolders(of: settled.map(\.candidate))
        for item in settled { try removeMarker(of: item.candidate.path) }
        return try database.write { unit in try drops.map { try claim($0, in: unit) } }
    }

    /// Finishes what a crash left between the row and the rename, by where the file is.
    func recover(sources: [SourceSettings]) throws {
        for drop in try database.read({ try $0.drops(in: [.settled]) }) {
            let source = sources.first { $0.name == drop.source }
            let isRoot = drop.source == SourceSettings.frontDesk.name
            let folder = isRoot || source == nil ? workspace.inbox : workspace.inbox / drop.source.rawValue
            let original = folder / drop.name
            if let facts = try FileFacts.ifPresent(original), facts.inode == drop.inode {
                let work = try FileFacts.ifPresent(path(ofWork: drop.number))
                if work == nil {
                    try move(original, of: drop)
                } else if work?.device != facts.device, facts.modified == drop.modifiedAt {
                    // Copied whole from another file system, but its name there was not yet taken away.
                    try Files.unlink(original)
                }
                try Files.syncDirectory(folder)
                try Files.syncDirectory(workspace.work)
            }
            try removeMarker(of: original)
            try database.write { unit in _ = try claim(drop, in: unit) }
        }
    }

    private func claim(_ drop: DropRecord, in unit: Unit) throws -> DropRecord {
        var claimed = drop
        claimed.state = .claimed
        return try unit.update(claimed)
    }

    func path(ofWork number: Int64) -> Path { workspace.work / Digits.padded(number, 8) }

    /// The inbox may be another file system: then a synced copy takes the place of the rename.
    ///
    /// A file that somebody took away in the meantime is not there to be moved: its reading finds that out and says so.
    private func move(_ path: Path, of drop: DropRecord) throws {
        let target = self.path(ofWork: drop.number)
        do throws(FileFault) {
            try Files.renameNoReplace(from: path, to: target)
            try Files.restrict(target)
        } catch {
            if error.reason == .missing, try FileFacts.ifPresent(path) == nil { return }
            guard error.reason == .otherFileSystem || error.reason == .unsupported else { throw error }
            try copy(path, to: target, of: drop)
        }
    }

    private func copy(_ path: Path, to target: Path, of drop: DropRecord) throws {
        let part = workspace.work / (Digits.padded(drop.number, 8) + ".part")
        if try Files.exists(part) { try Files.unlink(part) }
        let original: ByteFile
        do throws(FileFault) {
            original = try Directory(path.parent).openBeneath(path.name)
        } catch {
            guard error.isRefusal else { throw error }
            // No plain file can be copied: it stays where it is, under a name that is passed over.
            try database.write { try $0.setMeta("unfit:\(drop.number)", to: error.reason.text) }
            return try Files.renameReplacing(
                from: path, to: path.parent / ".refused-\(Digits.padded(drop.number, 8))")
        }
        try Files.copyHashing(from: original, to: part) { _ in }
        try Files.renameReplacing(from: part, to: target)
        try Files.syncDirectory(workspace.work)
        try Files.unlink(path)
    }

    private func syncFolders(of candidates: [Candidate]) throws {
        for folder in Set(candidates.map(\.folder)).sorted() { try Files.syncDirectory(folder) }
        try Files.syncDirectory(workspace.work)
    }

    /// `name.ok` has said what it had to say.
    private func removeMarker(of path: Path) throws {
        guard let marker = Candidate.marker(of: path) else { return }
        if try FileFacts.ifPresent(marker)?.kind == .regular { try Files.unlink(marker) }
    }
}

extension NewDrop {
    /// A settled file, as it was seen.
    fileprivate init(_ settled: Claiming.Settled) {
        self.init(
            source: settled.candidate.source.name, name: settled.candidate.name, device: settled.facts.device,
            inode: settled.facts.inode, size: settled.facts.size, modifiedAt: settled.facts.modified)
    }
}
