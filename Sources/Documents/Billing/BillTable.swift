import CSV
import Clinic

/// The bill as finance reads it: a line per charge and one of totals, as `docs/finance-csv.md` lays it out.
extension BillModel {
    private static let columns = [
        "record_type", "bill", "bill_type", "of_bill", "issued_at", "due_on", "mrn", "case", "plan", "currency",
        "insurer", "line", "charge_kind", "code", "description", "lot", "serial", "quantity", "unit_price", "net",
        "tax_category", "tax_percent", "tax", "gross", "insurer_share", "write_off", "patient_share", "rounding",
        "ledger_sequence",
    ]

    var table: [UInt8] {
        var writer = Writer()
        writer.append(Self.columns.map { .text($0) })
        for line in lines { writer.append(row(of: line)) }
        writer.append(totals)
        return writer.bytes
    }

    private func opening(_ recordType: String) -> [Writer.Cell] {
        [
            .text(recordType), .text(number), .text(type.rawValue), .text(ofBill ?? ""), .text(issuedAt), .text(dueOn),
            .text(patient.mrn), .text(surgicalCase), .text(plan), .text(currency.code), .text(insurer ?? ""),
        ]
    }

    private func number(_ amount: Money) -> Writer.Cell { .number(currency.decimal(amount)) }

    private func row(of line: Line) -> [Writer.Cell] {
        opening("LINE") + [
            .number(String(line.number)), .text(line.kind), .text(line.code), .text(line.description),
            .text(line.lot ?? ""), .text(line.serial ?? ""), .number(String(line.quantity)), number(line.unitPrice),
            number(line.net), .text(line.taxCategory), .number(percent(basisPoints: line.taxBasisPoints)),
            number(line.tax), number(line.gross), number(line.insurerShare), number(line.writeOff),
            number(line.patientShare), number(line.rounding), .number(String(origin.sequence)),
        ]
    }

    /// `line` holds how many there are; the amounts are the sums of the lines.
    private var totals: [Writer.Cell] {
        opening("TOTAL") + [
            .number(String(lines.count)), .empty, .empty, .empty, .empty, .empty, .empty, .empty, number(net), .empty,
            .empty, number(tax), number(gross), number(insurerShare), number(writeOff), number(patientShare),
            number(rounding), .number(String(origin.sequence)),
        ]
    }
}
