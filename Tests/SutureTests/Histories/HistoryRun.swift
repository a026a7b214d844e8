import Clinic
import ClinicTesting
import Digests
import Drops
import Foundation
import Processor
import Records
import Testing

@testable import Forms

/// A history told to the program in drops, and told to the clinic in memory in the same order.
final class HistoryRun {
    static let key = [UInt8](0..<32)
    static let senders: [SourceName] = [
        "kiosk", "desk", "doctor", "portal", "laboratory", "ward", "theater", "scanner", "store", "finance",
    ]

    let bench: Bench
    let desk: HistoryDesk
    private let configuration: ClinicConfiguration
    private var chance: Chance
    private var drops = 0
    private(set) var kills = 0

    /// A clinic that says what the sample catalog says, with nothing dropped yet.
    init(seed: UInt64) throws {
        bench = try Bench(key: Data(HistoryRun.key))
        let folder = bench.folder.appendingPathComponent("clinic")
        try ClinicFolder(catalog: .sample, sources: HistoryRun.senders).write(to: folder)
        configuration = try ClinicConfiguration.load(from: folder.path)
        desk = HistoryDesk(catalog: configuration.catalog, now: .at(Bench.now), seals: HistoryRun.seals)
        chance = Chance(seed: seed ^ 0xD20B)
    }

    var catalog: Catalog { configuration.catalog }

    /// Digests and tokens as the program makes them under the workspace's key.
    private static var seals: Seals {
        let mac = HMACSHA256(key: key)
        return Seals(
            sha256: { Hexadecimal.encode(SHA256.digest(of: $0)) },
            token: { purpose, number in
                String(Hexadecimal.encode(mac.code(for: Array("token|\(purpose)|\(number)".utf8))).prefix(32))
            })
    }

    /// One drain: the entries in drops of 1 to 40 of one sender and form, some of them copied twice.
    ///
    /// With a chance to be killed, the program is killed at any moment up to twice, and then run again.
    func drain(_ entries: [Told], mayRepeat: Bool = true, mayBeKilled: Bool = true) throws {
        var files: [(path: String, sender: SourceName, text: String)] = []
        for sender in HistoryRun.senders {
            for part in parts(of: entries.filter { $0.sender == sender }) {
                drops += 1
                let name = "\(sender)/\(String(format: "%05d", drops))-\(part[0].form)"
                let isTable = drops % 2 == 0
                let ending = isTable ? "csv" : "xml"
                let text = isTable ? DropText.csv(part) : DropText.xml(part)
                files.append(("\(name).\(ending)", sender, text))
                if mayRepeat, chance.happens(8) { files.append(("\(name)-again.\(ending)", sender, text)) }
            }
        }
        for file in files { try bench.drop(file.text, as: file.path) }
        if mayBeKilled, chance.happens(60) {
            for _ in 0..<chance.number(1...2) { try kill(afterMilliseconds: chance.number(20...1_500)) }
        }
        try bench.drain()
        // Drops of one drain are numbered by the bytes of their paths.
        for file in files.sorted(by: { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }) {
            try tell(file.text, from: file.sender)
        }
        try desk.drain()
    }

    /// Entries of one sender in its order, parted where the form changes and at random.
    private func parts(of entries: [Told]) -> [[Told]] {
        var parts: [[Told]] = []
        var room = 0
        for entry in entries {
            if room > 0, parts.last?.last?.form == entry.form {
                parts[parts.count - 1].append(entry)
                room -= 1
            } else {
                parts.append([entry])
                room = chance.number(0...39)
            }
        }
        return parts
    }

    private func kill(afterMilliseconds delay: Int) throws {
        kills += 1
        _ = try Bench.run(
            "/usr/bin/timeout",
            [
                "-s", "KILL", "\(Double(delay) / 1000)", Bench.program.path, "run", "--once", "--workspace",
                bench.folder.path, "--now", Bench.now,
            ])
    }

    /// Reads a drop as the program does and tells it to the clinic in memory.
    private func tell(_ text: String, from sender: SourceName) throws {
        let source = try #require(configuration.source(sender))
        let rules = source.readingRules(catalog: configuration.catalog)
        var rest = Array(text.utf8)[...]
        var reader = try DropReader.open(head: Array(rest.prefix(4096)), rules: rules) { count in
            let piece = rest.prefix(count)
            rest = rest.dropFirst(count)
            return Array(piece)
        }
        while let entry = try reader.next() {
            let form = try #require(entry.forms.first)
            let read = form.read(by: rules, arrivedAt: desk.now, now: desk.now)
            let command = read.command
            try desk.tell(
                Told(
                    sender, command.form, command.action.rawValue, at: command.effectiveAt,
                    reference: command.reference, command.values),
                misread: (entry.findings + read.findings).map(\.finding))
        }
    }
}

// MARK: - The clinic in memory and in the database

extension HistoryRun {
    /// Where the database and the clinic in memory differ, in words: outcomes, events and every entity.
    func differences() throws -> [String] {
        let path = bench.folder.appendingPathComponent("var/suture.db").path
        let database = try ClinicDatabase.readOnly(path: path, key: HistoryRun.key)
        defer { do { try database.close() } catch { Issue.record("\(error)") } }
        var differences = try outcomes()
        try database.read { unit in
            let events = try unit.ledger(.after(sequence: 0, limit: .max))
                .filter { event in !["entry.", "drop.", "configuration."].contains { event.kind.hasPrefix($0) } }
                .map { "\($0.kind) \($0.subject) \($0.occurredAt)" }
            let told = desk.state.events.map { "\($0.kind) \($0.subject) \($0.occurredAt)" }
            if let first = zip(events + ["end"], told + ["end"]).enumerated().first(where: { $0.1.0 != $0.1.1 }) {
                differences.append("event \(first.offset): \(first.element.0), in memory \(first.element.1)")
            }
            differences += try compare(Patient.self, unit) + compare(Registration.self, unit)
            differences += try compare(PatientAccount.self, unit) + compare(PossibleDuplicate.self, unit)
            differences += try compare(Consultation.self, unit) + compare(ProcedurePlan.self, unit)
            differences += try compare(Consent.self, unit) + compare(ConsentSnapshot.self, unit)
            differences += try compare(Requirement.self, unit) + compare(Clearance.self, unit)
            differences += try compare(SurgicalCase.self, unit) + compare(Booking.self, unit)
            differences += try compare(InventoryLot.self, unit) + compare(SerialUnit.self, unit)
            differences += try compare(StockMovement.self, unit) + compare(Reservation.self, unit)
            differences += try compare(Incident.self, unit) + compare(Bill.self, unit) + compare(Payment.self, unit)
            differences += try compare(BillDue.self, unit) + compare(RecordsRequest.self, unit)
            let held = try unit.holdCount()
            if held != desk.heldEntries.count {
                differences.append("\(held) entries wait, in memory \(desk.heldEntries.count)")
            }
        }
        return differences
    }

    private func outcomes() throws -> [String] {
        let lines = try bench.sql(
            """
            SELECT lower(outcome) || ' by ' || drop_number || '/' || number || ' ' || coalesce((SELECT group_concat(
                (value ->> '$.code') || coalesce(' (' || (value ->> '$.aside') || ')', ''), ', ')
                FROM json_each(CAST(findings AS TEXT))), '')
            FROM entry ORDER BY drop_number, number
            """
        ).split(separator: "\n")
        guard lines.count == desk.outcomes.count else {
            return ["\(lines.count) entries were decided, \(desk.outcomes.count) told"]
        }
        return lines.enumerated().filter { !$0.element.hasPrefix("\(desk.outcomes[$0.offset]) ") }
            .map { "\($0.element); in memory \(desk.outcomes[$0.offset]): \(desk.account(of: $0.offset))" }
    }

    private func compare<Entity: ClinicEntity>(_ type: Entity.Type, _ unit: Records.Unit) throws -> [String] {
        let stored = try unit.all(type)
        let kept = desk.state.all(type)
        guard stored != kept else { return [] }
        let ids = Set(stored.map(\.id)).union(kept.map(\.id)).sorted()
        return ids.compactMap { id in
            let (one, other) = (stored.first { $0.id == id }, kept.first { $0.id == id })
            guard one != other else { return nil }
            return
                "\(Entity.kind) \(id) is \(one.map { "\($0)" } ?? "none"), in memory \(other.map { "\($0)" } ?? "none")"
        }
    }
}
