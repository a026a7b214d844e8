import Clinic
import Drops
import DurableFiles
import Forms

/// What a sender declares of a file in `name.ok` beside it: `rows=42`, `amount=1234.50`, each on a line or after blanks.
///
/// An empty one, or one that says `OK` or `DONE`, only says that the file is whole.
struct DeclaredTotals: Equatable {
    var rows: Int?
    var amount: Money?

    /// More bytes are no declaration.
    private static let longest = 4096

    /// The content of `name.ok`; nil when there is none, empty when it says nothing that could be read.
    static func read(beside path: Path) throws -> [UInt8]? {
        guard let marker = Candidate.marker(of: path) else { return nil }
        do throws(FileFault) {
            return try Directory(marker.parent).openBeneath(marker.name).read(longest + 1)
        } catch {
            guard error.isRefusal || error.reason == .missing || error.reason == .notPermitted else { throw error }
            return nil
        }
    }

    /// Why a declaration cannot be read.
    struct Fault: Error, Equatable {
        let detail: String
    }

    init(_ bytes: [UInt8], currency: Currency) throws(Fault) {
        guard bytes.count <= DeclaredTotals.longest else { throw Fault(detail: "it is too long") }
        let plain = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
        let words = plain.split { [0x20, 0x09, 0x0A, 0x0D].contains($0) }.map { String(decoding: $0, as: UTF8.self) }
        if words.isEmpty || words.count == 1 && ["OK", "DONE"].contains(words[0].uppercased()) { return }
        for word in words {
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            switch (parts[0].lowercased(), parts.count) {
            case ("rows", 2) where rows == nil:
                guard let count = Digits.value(of: parts[1].utf8) else { throw Fault(detail: "`rows` is no count") }
                rows = count
            case ("amount", 2) where amount == nil:
                guard let sum = currency.amount(parts[1]) else {
                    throw Fault(detail: "`amount` is no amount of \(currency.code)")
                }
                amount = sum
            case ("rows", 2), ("amount", 2): throw Fault(detail: "`\(parts[0])` is there twice")
            default: throw Fault(detail: "it says something else than `rows=` and `amount=`")
            }
        }
    }

    /// What speaks against a file whose entries add up to something else than its sender declares.
    static func finding(_ declaration: [UInt8], against tally: EntryTally, currency: Currency) -> LocatedFinding? {
        do throws(Fault) {
            return try DeclaredTotals(declaration, currency: currency).finding(against: tally, currency: currency)
        } catch {
            return located(
                .Drop.totalsUnreadable, "the file's .ok cannot be read: \(error.detail)",
                mend: "write `rows=` and `amount=` into the .ok, or nothing, and drop both again")
        }
    }

    private func finding(against tally: EntryTally, currency: Currency) -> LocatedFinding? {
        var details: [String] = []
        var aside: [String] = []
        if let rows, rows != tally.rows { details.append("it declares \(rows) rows, the file has \(tally.rows)") }
        if let amount, amount != tally.amount {
            details.append("the amounts of the file do not add up to the one that it declares")
            let found = tally.amount.map { currency.decimal($0) } ?? "none, for one of them is no amount"
            aside.append("declared \(currency.decimal(amount)), found \(found)")
        }
        guard !details.isEmpty else { return nil }
        return DeclaredTotals.located(
            .Drop.totalsDiffer, "the file's .ok says otherwise: \(details.joined(separator: "; "))",
            mend: "compare the file with its source, and drop it again whole with the .ok that belongs to it",
            aside: aside.isEmpty ? nil : aside.joined(separator: "; "))
    }

    private static func located(_ rule: Rule, _ detail: String, mend: String, aside: String? = nil) -> LocatedFinding {
        LocatedFinding(Finding(rule, [], detail, mend: mend, aside: aside), at: Place(line: 1))
    }
}
