import Clinic
import Drops
import DurableFiles
import Forms
import Records

/// A `name.ok` in the inbox without its file.
struct StrayDeclaration {
    let source: SourceSettings
    let folder: Path
    /// The name of the file that it speaks of.
    let name: [UInt8]
    let facts: FileFacts

    var path: Path { folder / (name + Array(".ok".utf8)) }

    /// Its path within the inbox, for people.
    var label: String { Candidate(source: source, folder: folder, name: name).label + ".ok" }

    /// All there are, by the bytes of their paths.
    static func all(in workspace: Workspace, sources: [SourceSettings]) throws -> [StrayDeclaration] {
        var found: [StrayDeclaration] = []
        for source in sources {
            let isRoot = source.name == SourceSettings.frontDesk.name
            let folder = isRoot ? workspace.inbox : workspace.inbox / source.name.rawValue
            guard try Files.exists(folder) else { continue }
            let names = try Files.list(folder).filter { $0.kind != .directory }.map(\.name)
            let present = Set(names)
            for marker in names where marker.suffix(3).elementsEqual(".ok".utf8) && marker.first != UInt8(ascii: ".") {
                let name = Array(marker.dropLast(3))
                guard !name.isEmpty, !present.contains(name), let facts = try FileFacts.ifPresent(folder / marker),
                    facts.kind == .regular
                else { continue }
                found.append(StrayDeclaration(source: source, folder: folder, name: name, facts: facts))
            }
        }
        return found.sorted { $0.path.bytes.lexicographicallyPrecedes($1.path.bytes) }
    }
}

/// Takes declarations that came after their file had been claimed, so that they are not held against the next file of
/// that name.
///
/// What they declare can be held against the file no more: it is told as a warning about its drop. One whose file is not
/// known stays, for its file may be on its way; so does one that came lately, for a sender may write it first.
struct LateDeclarations {
    let workspace: Workspace
    let sources: [SourceSettings]
    let database: ClinicDatabase
    let currency: Currency
    /// How long one must have lain.
    let patience: Duration

    /// The answer is how many warnings there are now more.
    func take(wallSeconds: Int64) throws -> Int {
        var warnings = 0
        for stray in try StrayDeclaration.all(in: workspace, sources: sources) {
            let lain = Duration.seconds(max(0, wallSeconds - stray.facts.changed / 1_000_000_000 - 1))
            guard lain >= patience || patience == .zero, let bytes = try read(stray) else { continue }
            let isTaken = try database.write { unit -> Bool in
                guard let drop = try drop(of: stray, in: unit) else { return false }
                guard let warning = finding(bytes, against: drop) else { return true }
                var told = try FindingsCoding.decode(drop.findings)
                // A crash may have come between the warning and the end of the file.
                guard !told.contains(where: { $0.code == warning.code }) else { return true }
                told.append(warning)
                var warned = drop
                warned.findings = try FindingsCoding.encode(told)
                try unit.update(warned)
                warnings += 1
                return true
            }
            guard isTaken else { continue }
            try Files.unlink(stray.path)
            try Files.syncDirectory(stray.folder)
        }
        return warnings
    }

    /// Its content; nil while somebody writes it or where it cannot be read.
    private func read(_ stray: StrayDeclaration) throws -> [UInt8]? {
        do throws(FileFault) {
            if case .some = try Directory(stray.folder).openBeneath(stray.path.name).writers() { return nil }
        } catch {
            guard error.isRefusal || error.reason == .missing || error.reason == .notPermitted else { throw error }
            return nil
        }
        return try DeclaredTotals.read(beside: stray.folder / stray.name)
    }

    /// The latest drop of that name, once it is done; one that had a declaration in time waits for no other.
    private func drop(of stray: StrayDeclaration, in unit: Unit) throws -> DropRecord? {
        guard let drop = try unit.drops(named: stray.name).last(where: { $0.source == stray.source.name }),
            [.archived, .quarantined].contains(drop.state), try unit.meta("declared:\(drop.number)") == nil
        else { return nil }
        return drop
    }

    /// What is told of a declaration that says more than that the file is whole.
    private func finding(_ bytes: [UInt8], against drop: DropRecord) -> ReportedFinding? {
        let detail: String
        do throws(DeclaredTotals.Fault) {
            let totals = try DeclaredTotals(bytes, currency: currency)
            guard totals.rows != nil || totals.amount != nil else { return nil }
            let counted = drop.entriesDecided
            if let rows = totals.rows, rows != counted {
                detail = "it declares \(rows) rows, the file had \(counted)"
            } else if totals.amount != nil {
                detail = "the amount that it declares was not compared"
            } else {
                detail = "its rows are as many as the file had"
            }
        } catch {
            detail = "it cannot be read: \(error.detail)"
        }
        return Finding(
            .Drop.declaredLate, [], "the file's .ok came after the file had been taken; \(detail)",
            mend: "write the .ok before the file, or the file as name.part that is renamed once its .ok is there"
        ).reported(at: Place(line: 1))
    }
}
