package import Clinic

/// What the entries of a drop add up to, as their sender's totals count them.
package struct EntryTally: Hashable, Sendable {
    package private(set) var rows = 0
    /// The sum of the amounts, in minor units; nil where one is no amount or all are too much.
    package private(set) var amount: Money? = .zero
    /// How many amounts there are.
    package private(set) var amounts = 0

    package init() {}

    /// Counts an entry, with the amounts that it tells of.
    package mutating func add(_ entry: ReadEntry, in currency: Currency) {
        rows += 1
        for text in entry.amounts {
            amounts += 1
            guard let sum = amount, let more = currency.amount(text) else {
                amount = nil
                continue
            }
            let (total, overflow) = sum.minorUnits.addingReportingOverflow(more.minorUnits)
            amount = overflow ? nil : Money(minorUnits: total)
        }
    }
}

extension ReadEntry {
    /// The amounts that the sender's totals count: those of a message's transactions, else those of its forms.
    package var amounts: [String] { transactionAmounts ?? forms.compactMap { $0.fields[.amount]?.text } }
}
