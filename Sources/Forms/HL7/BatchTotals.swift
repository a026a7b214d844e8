import Clinic
import Drops
import HL7

/// Compares what batch trailers declare with what their messages add up to.
///
/// A trailer with a total in BTS-3 is held to it, and to its count in BTS-1; one with a count alone is warned of.
struct BatchTotals {
    private let currency: Currency
    /// The batches that are open, the outermost first.
    private var open: [EntryTally] = []
    /// The lines of trailers that declare a total.
    private(set) var lines: Set<Int> = []
    /// What does not agree, in the order of the file.
    private(set) var findings: [LocatedFinding] = []

    init(currency: Currency) { self.currency = currency }

    mutating func header() { open.append(EntryTally()) }

    mutating func message(_ entry: ReadEntry) {
        for index in open.indices { open[index].add(entry, in: currency) }
    }

    mutating func trailer(_ framed: FramedBytes) {
        guard let tally = open.popLast(), let field = framed.segment?.field(3), field.presence == .valued else {
            return
        }
        // What is totalled of messages without amounts, only their sender knows.
        guard tally.amounts > 0 else { return }
        lines.insert(framed.line)
        let place = Drops.Place(line: framed.line, byteOffset: framed.offset, name: "BTS-3")
        let written = NumberText.plain(field.repetition(1).component(1).raw)
        guard let declared = currency.amount(written) else {
            return add(.Drop.totalsUnreadable, "BTS-3 in line \(framed.line) is no amount of \(currency.code)", place)
        }
        guard declared != tally.amount else { return }
        let found = tally.amount.map { currency.decimal($0) } ?? "none, for one of them is no amount"
        add(
            .Drop.totalsDiffer, "BTS-3 in line \(framed.line) is not the sum of the amounts of the batch's messages",
            place, aside: "declared \(currency.decimal(declared)), found \(found)")
    }

    /// A count that differs, in a trailer that declares a total.
    mutating func countDiffers(_ description: String, line: Int) {
        add(.Drop.totalsDiffer, description, Drops.Place(line: line, name: "BTS-1"))
    }

    private mutating func add(_ rule: Rule, _ detail: String, _ place: Drops.Place, aside: String? = nil) {
        findings.append(
            LocatedFinding(
                Finding(
                    rule, [], detail, mend: "compare the batch with its source, and send it again whole", aside: aside),
                at: place))
    }
}
