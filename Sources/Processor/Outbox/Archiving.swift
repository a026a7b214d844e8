import Clinic
import Drops
import DurableFiles
import Forms
import Foundation
import Records

/// Puts the originals away: nothing is ever overwritten, and no secret is kept.
struct Archiving {
    let workspace: Workspace
    let database: ClinicDatabase
    let zone: ZoneRules
    /// Whether a drop's source may send passwords.
    let mayHoldSecrets: @Sendable (DropRecord) -> Bool
    /// Opens a drop's reader again, for the places of its secrets.
    let reopen: @Sendable (DropRecord) throws -> any DropReading

    func archive(_ drop: DropRecord, work: Path) throws -> DropRecord {
        let (year, month, day) = zone.date(of: drop.arrivedAt).parts
        let folder =
            workspace.archive / Digits.padded(year, 4) / Digits.padded(month, 2) / Digits.padded(day, 2)
        try Files.makeDirectory(folder)
        let name = "\(Digits.padded(drop.number, 8))-\((drop.sha256 ?? "").prefix(16))"
        let target = folder / name
        if try Files.exists(work) {
            let hasSecrets = try database.read { try $0.meta("secret:\(drop.number)") } != nil
            if hasSecrets {
                try blank(drop, from: work, to: target)
                try Files.unlink(work)
            } else {
                try Files.restrict(work)
                try Files.renameNoReplace(from: work, to: target)
            }
            try Files.syncDirectory(folder)
            try Files.syncDirectory(workspace.work)
        }
        var archived = drop
        archived.state = .archived
        archived.archivePath = "\(Digits.padded(year, 4))/\(Digits.padded(month, 2))/\(Digits.padded(day, 2))/\(name)"
        return try database.write { try $0.update(archived) }
    }

    /// Copies the original without its secrets.
    private func blank(_ drop: DropRecord, from work: Path, to target: Path) throws {
        if try Files.exists(target) { return }
        var cuts: [Range<Int>] = []
        var reader = try reopen(drop)
        while let entry = try reader.next() {
            let start = entry.place.byteOffset ?? 0
            cuts += entry.secrets.map { start + $0.lowerBound..<start + $0.upperBound }
        }
        let part = workspace.work / (Digits.padded(drop.number, 8) + ".blanked")
        if try Files.exists(part) { try Files.unlink(part) }
        let original = try Directory(work.parent).openBeneath(work.name)
        let sink = try GrowingFile(part)
        var offset = 0
        var pending = cuts[...]
        while true {
            let bytes = try original.read(1 << 18)
            if bytes.isEmpty { break }
            var kept: [UInt8] = []
            kept.reserveCapacity(bytes.count)
            for byte in bytes {
                while let cut = pending.first, cut.upperBound <= offset { pending = pending.dropFirst() }
                if !(pending.first?.contains(offset) ?? false) { kept.append(byte) }
                offset += 1
            }
            try sink.write(kept)
        }
        try sink.finish()
        try Files.renameNoReplace(from: part, to: target)
        // The copy's name is on the disk before the original's goes.
        try Files.syncDirectory(target.parent)
    }

    /// Where a drop that was refused whole lies; where it may hold a password, its name says until when.
    func quarantined(_ drop: DropRecord) -> Path {
        let number = Digits.padded(drop.number, 8)
        guard mayHoldSecrets(drop) else { return workspace.quarantine / number }
        let until = zone.date(of: drop.arrivedAt).adding(days: Archiving.secretDays)
        return workspace.quarantine / "\(number)-purge-\(until)"
    }

    /// Days after which an unreadable file of a source that may send passwords is purged.
    static let secretDays = 30

    /// Purges what lies in the quarantine beyond its date, folders with all that is in them.
    func purge(now: Instant) throws {
        let today = zone.date(of: now)
        for entry in try Files.list(workspace.quarantine) {
            let name = String(decoding: entry.name, as: UTF8.self)
            guard let mark = name.range(of: "-purge-"), let until = CalendarDate(name[mark.upperBound...]),
                until < today
            else { continue }
            do throws(FileFault) {
                try Files.removeTree(workspace.quarantine / entry.name)
            } catch {
                // A folder of another user's, or one nested beyond all measure, must not stop the processor.
                guard error.reason == .notPermitted || error.reason == .system(EMFILE) else { throw error }
            }
            try Files.syncDirectory(workspace.quarantine)
        }
    }

    /// Sets a file aside that was refused whole.
    func quarantine(_ drop: DropRecord, work: Path) throws {
        guard try Files.exists(work) else { return }
        try Files.restrict(work)
        try Files.renameNoReplace(from: work, to: quarantined(drop))
        try Files.syncDirectory(workspace.quarantine)
        try Files.syncDirectory(workspace.work)
    }

    /// Finishes what a crash left between a refusal and its file's way to the quarantine.
    func finishQuarantine() throws {
        for entry in try Files.list(workspace.work) {
            guard let number = Digits.value(of: entry.name),
                let drop = try database.read({ try $0.drop(Int64(number)) }), drop.state == .quarantined
            else { continue }
            try quarantine(drop, work: workspace.work / entry.name)
        }
    }
}
