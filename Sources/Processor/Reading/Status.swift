package import Clinic
package import Drops
import DurableFiles
import Forms
package import Records

/// How the clinic stands at this moment: what waits, what is held, today's cases, what is owed.
package struct Status: Reply {
    /// A file that lies in the inbox.
    package struct Waiting: Encodable, Sendable {
        package var source: SourceName
        package var name: String
        package var size: Int64
        /// Seconds since it was last changed.
        package var seconds: Int
    }

    /// A drop with its number.
    package struct Drop: Encodable, Sendable {
        package var number: Int64
        package var source: SourceName
        package var name: String
        package var state: DropState
        package var arrivedAt: Instant
        package var entriesDecided: Int
        package var entriesCounted: Int?
        /// The codes of what speaks against it as a whole.
        package var codes: [String]
    }

    package struct Drops: Encodable, Sendable {
        /// Whole, as far as can be seen without claiming them.
        package var waiting: [Waiting] = []
        /// Still being written.
        package var settling: [Waiting] = []
        /// A `name.ok` whose file is not there.
        package var declarations: [Waiting] = []
        package var inWork: [Drop] = []
        package var quarantined: [Drop] = []
        package var archived = 0
    }

    /// Something that entries wait for.
    package struct Held: Encodable, Sendable {
        package var key: Key
        package var count: Int
        package var oldest: Instant
        package var expires: Instant
    }

    /// An entry that waits.
    package struct Hold: Encodable, Sendable {
        /// `drop/entry`, as the form `decision` names it.
        package var entry: String
        package var source: SourceName
        package var forms: [EntryForm]
        package var waitsFor: [Key]
        package var heldAt: Instant
        package var expiresAt: Instant
    }

    package struct Case: Encodable, Sendable {
        package var surgicalCase: CaseID
        package var theater: TheaterID?
        package var startsAt: Instant
        package var minutes: Int
        package var state: SurgicalCase.State
        package var mrn: MRN
        package var surgeon: StaffID
        package var procedures: [ProcedureCode]

        private enum CodingKeys: String, CodingKey {
            case surgicalCase = "case"
            case theater, startsAt, minutes, state, mrn, surgeon, procedures
        }
    }

    package struct OpenBill: Encodable, Sendable {
        package var bill: BillNumber
        package var mrn: MRN
        package var surgicalCase: CaseID
        package var currency: String
        /// Decimals, as on the bill.
        package var gross: String
        package var patientOpen: String
        package var insurerOpen: String
        package var issuedOn: CalendarDate
        package var dueOn: CalendarDate
        /// Days since it was issued.
        package var ageDays: Int
        /// Days since it was due; negative while it is not.
        package var overdueDays: Int

        private enum CodingKeys: String, CodingKey {
            case surgicalCase = "case"
            case bill, mrn, currency, gross, patientOpen, insurerOpen, issuedOn, dueOn, ageDays, overdueDays
        }
    }

    /// A use that was refused, of something that may be in a patient.
    package struct RefusedUse: Encodable, Sendable {
        package var surgicalCase: CaseID
        package var sku: SKU
        package var lot: String?
        package var serial: String?
        package var code: String
        package var occurredAt: Instant

        private enum CodingKeys: String, CodingKey {
            case surgicalCase = "case"
            case sku, lot, serial, code, occurredAt
        }
    }

    package var now: Instant
    package var drops = Drops()
    package var heldEntries = 0
    package var held: [Held] = []
    /// The held entries themselves by arrival, so many at most.
    package var holds: [Hold] = []
    package var holdsNotListed = 0
    package var cases: [Case] = []
    package var bills: [OpenBill] = []
    /// How many incidents there are, and the latest of them.
    package var incidentCount = 0
    package var incidents: [RefusedUse] = []
    /// Pairs of records at which somebody must look: they may be one person.
    package var reviews = 0
    /// Cases over and not billed yet, and those whose bill a rule keeps back.
    package var billsDue = 0
    package var billsWithheld: [CaseID] = []
    /// Of the whole clinic.
    package var balance: BalanceSheet
    /// Documents that are made and not yet in the outbox.
    package var documentsPending = 0
    package var ledgerLength: Int64 = 0
    /// So many held entries are listed.
    private static let listedHolds = 200
    private static let listedIncidents = 20
    /// The clinic's clock, for the text.
    private let zone: ZoneRules

    private enum CodingKeys: String, CodingKey {
        case now, drops, heldEntries, held, holds, holdsNotListed, cases, bills, billsDue, billsWithheld, balance,
            incidentCount, incidents, reviews,
            documentsPending, ledgerLength
    }

    package init(_ inquiry: Inquiry) throws {
        now = inquiry.now
        zone = inquiry.zone
        balance = BalanceSheet(Balance(), in: inquiry.catalog.currency)
        let (now, zone, currency) = (inquiry.now, inquiry.zone, inquiry.catalog.currency)
        try readInbox(inquiry)
        try readDeclarations(inquiry)
        try inquiry.database.read { unit in
            drops.inWork = try unit.drops(in: [.settled, .claimed, .read, .applied, .answered]).map(Drop.init)
            drops.quarantined = try unit.drops(in: [.quarantined]).map(Drop.init)
            drops.archived = try unit.dropCounts().first { $0.state == .archived }?.count ?? 0
            heldEntries = try unit.holdCount()
            held = try unit.waits().map {
                Held(key: $0.key, count: $0.count, oldest: $0.oldest, expires: $0.expires)
            }
            holds = try unit.holds(limit: Status.listedHolds).map(Hold.init)
            holdsNotListed = heldEntries - holds.count
            let today = zone.date(of: now)
            let day = Interval(start: zone.start(of: today), end: zone.start(of: today.adding(days: 1)))
            cases = try unit.cases(startingIn: day).compactMap(Case.init)
            bills = try unit.openBills().filter { $0.type != .creditNote }.map {
                OpenBill($0, today: today, zone: zone, currency: currency)
            }
            incidentCount = try unit.count(Incident.self)
            incidents = try unit.incidents(latest: Status.listedIncidents).map {
                RefusedUse(
                    surgicalCase: $0.surgicalCase, sku: $0.sku, lot: $0.lot, serial: $0.serial, code: $0.code,
                    occurredAt: $0.occurredAt)
            }
            reviews = try unit.fetch(PossibleDuplicate.self, where: .inState(.open)).count
            let due = try unit.billsDue()
            billsDue = due.count
            billsWithheld = due.filter { $0.state == .withheld }.map(\.surgicalCase)
            balance = BalanceSheet(try unit.balance(), in: currency)
            documentsPending = try unit.pendingDocumentCount()
            ledgerLength = try unit.head().length
        }
    }

    /// Looks at the inbox as the processor does, but leaves every file alone.
    private mutating func readInbox(_ inquiry: Inquiry) throws {
        let wall = Engine.wallSeconds()
        for candidate in try InboxScan.candidates(in: inquiry.workspace, sources: inquiry.configuration.sources) {
            do throws(FileFault) {
                let facts = try FileFacts(candidate.path)
                let seconds = Int(max(0, wall - facts.changed / 1_000_000_000))
                let waiting = Waiting(
                    source: candidate.source.name, name: Path.escape(candidate.name), size: facts.size,
                    seconds: seconds)
                // The processor also asks whether the file has a writer; a lease would disturb one, so this does not.
                let isWhole = try Status.isWhole(candidate, facts)
                if seconds >= 1, isWhole {
                    drops.waiting.append(waiting)
                } else {
                    drops.settling.append(waiting)
                }
            } catch {
                guard error.reason == .missing else { throw error }
            }
        }
    }

    /// What declares a file that has not come, or that was taken before.
    private mutating func readDeclarations(_ inquiry: Inquiry) throws {
        let wall = Engine.wallSeconds()
        let strays = try StrayDeclaration.all(in: inquiry.workspace, sources: inquiry.configuration.sources)
        drops.declarations = strays.map { stray in
            Waiting(
                source: stray.source.name, name: Path.escape(stray.path.name), size: stray.facts.size,
                seconds: Int(max(0, wall - stray.facts.changed / 1_000_000_000)))
        }
    }

    private static func isWhole(_ candidate: Candidate, _ facts: FileFacts) throws(FileFault) -> Bool {
        guard facts.kind == .regular, facts.links == 1 else { return true }
        if try Files.exists(candidate.folder / (candidate.name + Array(".ok".utf8))) { return true }
        let file = try Directory(candidate.folder).openBeneath(candidate.name)
        let head = try file.read(4096)
        try file.seek(to: max(0, facts.size - 4096))
        return Completeness.isComplete(head: head, tail: try file.read(4096))
    }
}

extension Status.Drop {
    init(_ drop: DropRecord) throws {
        self.init(
            number: drop.number, source: drop.source, name: Path.escape(drop.name), state: drop.state,
            arrivedAt: drop.arrivedAt, entriesDecided: drop.entriesDecided, entriesCounted: drop.entriesCounted,
            codes: try FindingsCoding.decode(drop.findings).map(\.code))
    }
}

extension Status.Hold {
    init(_ held: HeldEntry) {
        self.init(
            entry: "\(held.drop)/\(held.entry)", source: held.source, forms: held.references, waitsFor: held.keys,
            heldAt: held.heldAt, expiresAt: held.expiresAt)
    }
}

extension Status.Case {
    init?(_ surgicalCase: SurgicalCase) {
        guard let startsAt = surgicalCase.startsAt else { return nil }
        self.init(
            surgicalCase: surgicalCase.surgicalCase, theater: surgicalCase.theater, startsAt: startsAt,
            minutes: surgicalCase.minutes, state: surgicalCase.state, mrn: surgicalCase.mrn,
            surgeon: surgicalCase.surgeon, procedures: surgicalCase.procedures.map(\.code))
    }
}

extension Status.OpenBill {
    init(_ bill: Bill, today: CalendarDate, zone: ZoneRules, currency: Currency) {
        let issuedOn = zone.date(of: bill.issuedAt)
        self.init(
            bill: bill.number, mrn: bill.mrn, surgicalCase: bill.surgicalCase, currency: bill.currency,
            gross: currency.decimal(bill.gross), patientOpen: currency.decimal(bill.patientOpen),
            insurerOpen: currency.decimal(bill.insurerOpen), issuedOn: issuedOn, dueOn: bill.dueOn,
            ageDays: max(0, issuedOn.days(until: today)), overdueDays: bill.dueOn.days(until: today))
    }
}

extension Status {
    package var text: String {
        ([title] + inboxLines + workLines + heldLines + caseLines + billLines + incidentLines + reviewLines)
            .joined(separator: "\n")
    }

    private var title: String {
        var text = "\(zone.stamp(now)) \(zone.name), ledger \(Terminal.count(Int(ledgerLength), "row"))"
        if documentsPending > 0 { text += ", \(Terminal.count(documentsPending, "document")) not yet delivered" }
        return text
    }

    private var inboxLines: [String] {
        var table = TextTable(["", "source", "file", "bytes", "unchanged for"])
        let files = [("waiting", drops.waiting), ("settling", drops.settling), ("without file", drops.declarations)]
        for (word, files) in files {
            for file in files {
                table.add([
                    word, file.source.rawValue, file.name, String(file.size), Terminal.age(seconds: file.seconds),
                ])
            }
        }
        let strays = drops.declarations.count
        let without = strays == 0 ? "" : ", \(strays) .ok without \(strays == 1 ? "its file" : "their files")"
        return section("Inbox", "\(drops.waiting.count) waiting, \(drops.settling.count) settling\(without)", table)
    }

    private var workLines: [String] {
        var table = TextTable(["drop", "source", "file", "state", "entries", "against it"])
        for drop in drops.inWork + drops.quarantined {
            let counted = drop.entriesCounted.map { " of \($0)" } ?? ""
            table.add([
                String(drop.number), drop.source.rawValue, drop.name, drop.state.rawValue.lowercased(),
                "\(drop.entriesDecided)\(counted)", drop.codes.joined(separator: ", "),
            ])
        }
        return section(
            "Drops",
            "\(drops.inWork.count) in work, \(drops.quarantined.count) quarantined, \(drops.archived) archived", table)
    }

    private var heldLines: [String] {
        var table = TextTable(["waits for", "entries", "oldest", "first expires"])
        for wait in held {
            table.add([
                wait.key.rawValue, String(wait.count), Terminal.age(seconds: wait.oldest.seconds(until: now)),
                zone.stamp(wait.expires),
            ])
        }
        return section("Held", Terminal.count(heldEntries, "entry", "entries"), table) + holdLines
    }

    private var holdLines: [String] {
        guard !holds.isEmpty else { return [] }
        var table = TextTable(["entry", "source", "form", "reference", "since", "until", "waits for"])
        for hold in holds {
            table.add([
                hold.entry, hold.source.rawValue, hold.forms.map(\.form.rawValue).joined(separator: " + "),
                hold.forms.map(\.reference).joined(separator: " + "), zone.stamp(hold.heldAt),
                zone.stamp(hold.expiresAt), hold.waitsFor.map(\.rawValue).joined(separator: ", "),
            ])
        }
        let rest = holdsNotListed > 0 ? ["  and \(Terminal.count(holdsNotListed, "more entry", "more entries"))"] : []
        return [""] + table.lines() + rest
    }

    private var caseLines: [String] {
        var table = TextTable(["time", "theater", "minutes", "case", "state", "MRN", "surgeon", "procedures"])
        for item in cases {
            table.add([
                zone.clock(item.startsAt), item.theater?.rawValue ?? "-", String(item.minutes),
                item.surgicalCase.rawValue, item.state.rawValue.lowercased(), item.mrn.rawValue, item.surgeon.rawValue,
                item.procedures.map(\.rawValue).joined(separator: ", "),
            ])
        }
        return section("Today's cases", String(cases.count), table)
    }

    private var billLines: [String] {
        var table = TextTable(["bill", "MRN", "case", "total", "patient owes", "insurer owes", "age", "due"])
        for bill in bills {
            let due = bill.overdueDays > 0 ? " (\(Terminal.count(bill.overdueDays, "day")) late)" : ""
            table.add([
                bill.bill.rawValue, bill.mrn.rawValue, bill.surgicalCase.rawValue, "\(bill.gross) \(bill.currency)",
                bill.patientOpen, bill.insurerOpen, Terminal.count(bill.ageDays, "day"), "\(bill.dueOn)\(due)",
            ])
        }
        return section("Open bills", String(bills.count), table) + dueLines
            + ["", "Balance (\(balance.currency)):"] + balance.lines(indent: "  ")
    }

    private var dueLines: [String] {
        guard billsDue > 0 else { return [] }
        let cases = billsWithheld.map { Terminal.safe($0.rawValue) }.joined(separator: ", ")
        let kept = billsWithheld.isEmpty ? "" : ", kept back until the insurance is mended: \(cases)"
        return ["", "Cases to be billed: \(billsDue)\(kept)"]
    }

    private var incidentLines: [String] {
        guard incidentCount > 0 else { return [] }
        var table = TextTable(["used", "case", "item", "lot", "serial number", "refused for"])
        for incident in incidents {
            table.add([
                zone.stamp(incident.occurredAt), incident.surgicalCase.rawValue, incident.sku.rawValue,
                incident.lot ?? "-", incident.serial ?? "-", incident.code,
            ])
        }
        return section("Refused uses that may have happened", String(incidentCount), table)
    }

    private var reviewLines: [String] {
        let hint = reviews > 0 ? " of records may be one person; `suture explain --reviews` lists them" : ""
        return ["", "Review list: \(Terminal.count(reviews, "pair"))\(hint)"]
    }

    private func section(_ name: String, _ summary: String, _ table: TextTable) -> [String] {
        ["", "\(name): \(summary)"] + (table.isEmpty ? [] : table.lines())
    }
}
