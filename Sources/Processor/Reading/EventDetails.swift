import Clinic
import DurableFiles
import Records

/// What an event says beyond its kind: what was moved, what was refused, how much was charged or paid.
struct EventDetails {
    let currency: Currency

    /// The details of a row of the ledger; empty where the words for its kind say all.
    func of(_ row: LedgerRow) throws -> String {
        switch row.kind {
        case "inventory.incident": try incidents(in: row)
        case let kind where kind.hasPrefix("inventory."): try row.stockLines().joined(separator: ", ")
        case "payment.allocated": try allocation(in: row)
        case let kind where kind.hasPrefix("payment."): try payment(in: row)
        case let kind where kind.hasPrefix("bill."): try bill(in: row)
        default: ""
        }
    }

    private func amount(_ money: Money) -> String { "\(currency.decimal(money)) \(currency.code)" }

    /// What was to be used, and which rule it broke.
    private func incidents(in row: LedgerRow) throws -> String {
        try row.written(Incident.self).map { incident in
            var marks: [String] = []
            if let lot = incident.lot, !lot.isEmpty { marks.append("lot \(lot)") }
            if let serial = incident.serial, !serial.isEmpty { marks.append("serial number \(serial)") }
            let thing = "\(incident.sku)" + (marks.isEmpty ? "" : " (\(marks.joined(separator: ", ")))")
            guard let rule = Rule.named(incident.code) else { return thing }
            return "\(thing), against the rule “\(rule.statement)”"
        }.joined(separator: "; ")
    }

    /// What came in or went back; a return is written before the payment that it is about.
    private func payment(in row: LedgerRow) throws -> String {
        guard let payment = try row.written(Payment.self).first else { return "" }
        let receipt = payment.receipt.map { ", receipt \($0)" } ?? ""
        let original = payment.original.map { ", of payment \($0)" } ?? ""
        return "\(amount(payment.amount)), \(payment.method), \(payment.id)\(original)\(receipt)"
    }

    private func allocation(in row: LedgerRow) throws -> String {
        guard let payment = try row.written(Payment.self).first, let bill = try row.written(Bill.self).first,
            let part = payment.allocations.last(where: { $0.bill == bill.number })
        else { return "" }
        return "\(amount(part.amount)) of payment \(payment.id) against \(bill.number), "
            + "\(amount(payment.payer == .insurer ? bill.insurerOpen : bill.patientOpen)) left to pay"
    }

    /// The bill of the event; where it was adjusted, the linked bill that does so.
    private func bill(in row: LedgerRow) throws -> String {
        if let discount = try row.written(Discount.self).first {
            let note = discount.note.map { ", credit note \($0)" } ?? ""
            return (discount.amount.map { amount($0) } ?? "\(Percent.text(discount.basisPoints ?? 0))") + note
        }
        let bills = try row.written(Bill.self)
        guard let bill = row.kind == "bill.adjusted" ? bills.last : bills.first else { return "" }
        let whose = bill.insurer == nil ? "" : ", of it the patient's part \(amount(bill.patientShare))"
        let of = bill.ofBill.map { " (\(bill.type.words) to \($0))" } ?? ""
        return "\(bill.number)\(of), \(amount(bill.gross))\(whose)"
    }
}

/// Hundredths of a percent as people write them.
private enum Percent {
    static func text(_ basisPoints: Int) -> String {
        let rest = basisPoints % 100
        return "\(basisPoints / 100)" + (rest == 0 ? "" : "." + Digits.padded(rest, 2)) + " %"
    }
}

extension Bill.Kind {
    /// As people say it.
    var words: String {
        switch self {
        case .invoice: "invoice"
        case .supplement: "supplement"
        case .creditNote: "credit note"
        }
    }
}
