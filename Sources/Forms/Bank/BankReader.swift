import Clinic
import Drops
import XML

/// Reads a bank's statement (camt.053) or notification (camt.054): each entry, or each transaction of one, is an entry
/// of the drop.
///
/// An entry that holds several transactions is told as so many, so that one which cannot be taken does not keep the
/// others out.
struct BankReader: DropReading {
    private(set) var shape = CorrectionShape(format: .xml)
    let warnings: [LocatedFinding] = []
    private let reader: EntryReader
    private let head: DocumentHead
    private let rules: ReadingRules
    private var account = BankAccount()
    /// Where the statement at hand begins; each has its own account.
    private var statement: XML.Position?
    private var position = 0
    private var number = 0
    private var waiting: [ReadEntry] = []

    /// The namespaces of all versions begin so.
    static let namespaces = [
        "urn:iso:std:iso:20022:tech:xsd:camt.053.001.", "urn:iso:std:iso:20022:tech:xsd:camt.054.001.",
    ]

    static func takes(_ root: Name) -> Bool {
        guard root.local == "Document", let namespace = root.namespace else { return false }
        return namespaces.contains { namespace.utf8.starts(with: $0.utf8) }
    }

    init(rules: ReadingRules, head: DocumentHead) throws {
        self.rules = rules
        self.head = head
        do {
            // Document, the message, the statement: what is within that is told element by element.
            reader = try EntryReader(depth: 3) { try head.pull($0) }
        } catch let fault as Fault {
            throw DropRefusal(fault)
        }
    }

    mutating func next() throws -> ReadEntry? {
        while waiting.isEmpty {
            let entry: Entry?
            do {
                entry = try reader.next()
            } catch let fault as Fault {
                throw DropRefusal(fault)
            }
            guard let entry else { return nil }
            take(entry)
        }
        return waiting.removeFirst()
    }

    private mutating func take(_ entry: Entry) {
        guard let around = entry.ancestors.last, ["Stmt", "Ntfctn"].contains(around.name.local) else { return }
        if statement != around.position {
            statement = around.position
            account = BankAccount()
            position = 0
        }
        let element = entry.element
        switch element.name.local {
        case "Id": account.statement = element.string
        case "Acct":
            account.number = (element.at("Id", "IBAN") ?? element.at("Id", "Othr", "Id"))?.string
        case "Ntry":
            position += 1
            if number == 0 { shape = head.shape(before: entry) }
            read(entry)
        default: break
        }
    }

    private mutating func read(_ entry: Entry) {
        let told = BankEntry(entry.element)
        let transactions = told.transactions.isEmpty ? [nil] : told.transactions.map { Optional($0) }
        for (index, transaction) in transactions.enumerated() {
            number += 1
            let payment = BankPayment(
                transaction, ordinal: index + 1, of: told, position: position, account: account, rules: rules)
            let place = Place((transaction?.element ?? entry.element).position)
            var read = ReadEntry(number: number, place: place, raw: raw(of: transaction, in: entry, told))
            read.forms = payment.forms
            read.findings = payment.findings
            read.warnings = payment.warnings
            read.isIgnored = payment.forms.isEmpty && payment.findings.isEmpty
            waiting.append(read)
        }
    }

    /// The entry's bytes without those of its other transactions.
    private func raw(of transaction: BankEntry.Transaction?, in entry: Entry, _ told: BankEntry) -> [UInt8] {
        guard let transaction, told.transactions.count > 1 else { return entry.verbatim }
        var kept: [UInt8] = []
        var index = 0
        for other in told.transactions.map(\.element) where other.position != transaction.element.position {
            let start = other.position.offset - entry.position.offset
            kept += entry.verbatim[index..<start]
            index = other.end.offset - entry.position.offset
        }
        return kept + entry.verbatim[index...]
    }
}
