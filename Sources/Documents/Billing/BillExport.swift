import CSV
package import Clinic

/// The running export for finance: every bill since the last one, with control totals.
package enum BillExport {
    /// The export of a date and number; the numbers have no gaps, and bills come in the order of theirs.
    package static func model(
        date: CalendarDate, sequence: Int64, bills: [Bill], catalog: Catalog, now: Instant, ledgerSequence: Int64
    ) throws -> DocumentModel {
        let name = "export-\(date)-\(Digits.padded(sequence, 6))"
        let model = BillExportModel(
            origin: Origin(number: name, madeAt: now, sequence: ledgerSequence, zone: catalog.zone),
            date: date.description, number: sequence, minorDigits: catalog.currency.minorDigits,
            bills: bills.sorted { $0.number < $1.number }.map { BillExportModel.Row($0, zone: catalog.zone) })
        return try model.document(.billExport, in: "bills", named: "\(name).csv")
    }
}

/// All that one running export says.
struct BillExportModel: FrozenModel {
    struct Row: Codable, Sendable {
        let bill: String
        let type: String
        let ofBill: String?
        let issuedAt: String
        let dueOn: String
        let mrn: String
        let surgicalCase: String
        let plan: String
        let currency: String
        let insurer: String?
        let lines: Int
        let amounts: Amounts

        init(_ bill: Bill, zone: ZoneRules) {
            self.bill = bill.number.rawValue
            type = bill.type.rawValue
            ofBill = bill.ofBill?.rawValue
            issuedAt = zone.iso(bill.issuedAt)
            dueOn = bill.dueOn.description
            mrn = bill.mrn.rawValue
            surgicalCase = bill.surgicalCase.rawValue
            plan = bill.plan.rawValue
            currency = bill.currency
            insurer = bill.insurer?.rawValue
            lines = bill.lines.count
            amounts = Amounts(
                net: bill.net, tax: bill.tax, gross: bill.gross, insurerShare: bill.insurerShare,
                writeOff: bill.writeOff, patientShare: bill.patientShare, rounding: bill.rounding)
        }
    }

    struct Amounts: Codable, Sendable {
        var net = Money.zero
        var tax = Money.zero
        var gross = Money.zero
        var insurerShare = Money.zero
        var writeOff = Money.zero
        var patientShare = Money.zero
        var rounding = Money.zero

        static func + (one: Amounts, other: Amounts) -> Amounts {
            Amounts(
                net: one.net + other.net, tax: one.tax + other.tax, gross: one.gross + other.gross,
                insurerShare: one.insurerShare + other.insurerShare, writeOff: one.writeOff + other.writeOff,
                patientShare: one.patientShare + other.patientShare,
                rounding: one.rounding + other.rounding)
        }

        /// In the order of the columns.
        var all: [Money] { [net, tax, gross, insurerShare, writeOff, patientShare, rounding] }
    }

    let origin: Origin
    let date: String
    let number: Int64
    let minorDigits: Int
    let bills: [Row]

    private static let columns = [
        "record_type", "export", "export_date", "bill", "bill_type", "of_bill", "issued_at", "due_on", "mrn", "case",
        "plan", "currency", "insurer", "bills", "lines", "net", "tax", "gross", "insurer_share", "write_off",
        "patient_share", "rounding", "ledger_sequence",
    ]

    var table: [UInt8] {
        var writer = Writer()
        writer.append(Self.columns.map { .text($0) })
        for bill in bills { writer.append(row(of: bill)) }
        for total in totals { writer.append(total) }
        return writer.bytes
    }

    private func row(of bill: Row) -> [Writer.Cell] {
        let words: [Writer.Cell] = [
            .text("BILL"), .number(String(number)), .text(date), .text(bill.bill), .text(bill.type),
            .text(bill.ofBill ?? ""), .text(bill.issuedAt), .text(bill.dueOn), .text(bill.mrn),
            .text(bill.surgicalCase), .text(bill.plan), .text(bill.currency), .text(bill.insurer ?? ""),
            .number("1"), .number(String(bill.lines)),
        ]
        return words + cells(bill.amounts, bill.currency) + [.number(String(origin.sequence))]
    }

    private func cells(_ amounts: Amounts, _ code: String) -> [Writer.Cell] {
        let currency = Currency(code: code, minorDigits: minorDigits)
        return amounts.all.map { .number(currency.decimal($0)) }
    }

    /// One line of totals per currency, in the order of their codes: amounts of two currencies have no sum.
    private var totals: [[Writer.Cell]] {
        let currencies = Set(bills.map(\.currency)).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        return currencies.map { currency in
            let own = bills.filter { $0.currency == currency }
            let opening: [Writer.Cell] = [.text("TOTAL"), .number(String(number)), .text(date)]
            let blanks = Array(repeating: Writer.Cell.empty, count: 8)
            let counts: [Writer.Cell] = [
                .text(currency), .empty, .number(String(own.count)), .number(String(own.map(\.lines).reduce(0, +))),
            ]
            let sums = own.map(\.amounts).reduce(Amounts(), +)
            return opening + blanks + counts + cells(sums, currency) + [.number(String(origin.sequence))]
        }
    }
}
