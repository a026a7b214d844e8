import Clinic
import DurableFiles
import Drops
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
        let new = settled.map { item in
            NewDrop(
                source: item.candidate.source.name, name: item.candidate.name, device: item.facts.device,
                inode: item.facts.inode, size: item.facts.size, modifiedAt: item.facts.modified)
        }
        let drops = try database.write { unit in
            let drops = try unit.register(new, arrivedAt: arrivedAt)
            for (drop, item) in zip(drops, settled) where !item.isComplete {
                try unit.setMeta("incomplete:\(drop.number)", to: "1")
            }
            return drops
        }
        for (drop, item) in zip(drops, settled) {
            try move(item.candidate.path, toWork: drop.number)
        }
        try syncFolders(of: settled.map(\.candidate))
        try removeMarkers(of: settled.map(\.candidate))
        return try database.write { unit in
            try drops.map { drop in
                var claimed = drop
                claimed.state = .claimed
                return try unit.update(claimed)
            }
        }
    }

    /// Finishes what a crash left between the row and the rename, by where the file is.
    func recover(sources: [SourceSettings]) throws {
        for drop in try database.read({ try $0.drops(in: [.settled]) }) {
            let work = path(ofWork: drop.number)
            if try !Files.exists(work) {
                let source = sources.first { $0.name == drop.source }
                let isRoot = drop.source == SourceSettings.frontDesk.name
                let folder = isRoot || source == nil ? workspace.inbox : workspace.inbox / drop.source.rawValue
                let original = folder / drop.name
                guard try Files.exists(original), try FileFacts(original).inode == drop.inode else {
                    try setAside(drop)
                    continue
                }
                try move(original, toWork: drop.number)
                try Files.syncDirectory(folder)
                try Files.syncDirectory(workspace.work)
            }
            try database.write { unit in
                var claimed = drop
                claimed.state = .claimed
                _ = try unit.update(claimed)
            }
        }
    }

    func path(ofWork number: Int64) -> Path { workspace.work / Digits.padded(number, 8) }

    /// The inbox may be another file system: then a synced copy takes the place of the rename.
    private func move(_ path: Path, toWork number: Int64) throws {
        let target = self.path(ofWork: number)
        do throws(FileFault) {
            try Files.renameNoReplace(from: path, to: target)
        } catch {
            guard error.reason == .otherFileSystem || error.reason == .unsupported else { throw error }
            let original = try Directory(path.parent).openBeneath(path.name)
            let part = workspace.work / (Digits.padded(number, 8) + ".part")
            if try Files.exists(part) { try Files.unlink(part) }
            try Files.copyHashing(from: original, to: part) { _ in }
            try Files.renameNoReplace(from: part, to: target)
            try Files.syncDirectory(workspace.work)
            try Files.unlink(path)
        }
    }

    private func syncFolders(of candidates: [Candidate]) throws {
        for folder in Set(candidates.map(\.folder)).sorted() { try Files.syncDirectory(folder) }
        try Files.syncDirectory(workspace.work)
    }

    /// `name.ok` has said what it had to say.
    private func removeMarkers(of candidates: [Candidate]) throws {
        for candidate in candidates {
            let marker = candidate.folder / (candidate.name + Array(".ok".utf8))
            if try Files.exists(marker) { try Files.unlink(marker) }
        }
    }

    /// The file was taken away by somebody before it was claimed; its number stays and says so.
    private func setAside(_ drop: DropRecord) throws {
        let finding = Finding(
            .Drop.notARegularFile, [], "the file was taken out of the inbox before it could be read",
            mend: "drop it again")
        try database.write { unit in
            var gone = drop
            gone.state = .quarantined
            gone.findings = try FindingsCoding.encode([finding.reported(at: Place(line: 1))])
            _ = try unit.update(gone)
        }
    }
}
