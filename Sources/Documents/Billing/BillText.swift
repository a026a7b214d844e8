import Clinic

/// The bill as people read it.
extension BillModel {
    var text: [UInt8] {
        var sheet = TextSheet()
        letterhead.write(to: &sheet)
        if !letterhead.taxNumber.isEmpty { sheet.line("Tax number \(letterhead.taxNumber)") }
        sheet.rule("=")
        sheet.edges("\(title) \(number)", "issued \(issuedOn)")
        sheet.rule("=")
        writeFacts(to: &sheet)
        writeCharges(to: &sheet)
        writeShares(to: &sheet)
        writeTaxes(to: &sheet)
        writePayment(to: &sheet)
        sheet.blank()
        sheet.rule()
        sheet.line(origin.footer)
        return sheet.bytes
    }

    private var title: String {
        switch type {
        case .invoice: "INVOICE"
        case .supplement: "SUPPLEMENTARY INVOICE"
        case .creditNote: "CREDIT NOTE"
        }
    }

    private func money(_ amount: Money) -> String { currency.decimal(amount) }

    private func writeFacts(to sheet: inout TextSheet) {
        patient.write(to: &sheet)
        if !patient.address.isEmpty { sheet.fact("Address", patient.address.joined(separator: ", ")) }
        sheet.fact("Case", surgicalCase)
        sheet.fact("Procedure", procedure)
        sheet.fact("Surgeon", surgeon)
        sheet.fact("Performed on", performedOn)
        if let insurerName { sheet.fact("Insurer", insurerName) }
        if let ofBill { sheet.fact("Belongs to", "bill \(ofBill)") }
        if let replaces { sheet.fact("In place of", "bill \(replaces), cancelled") }
        if let reason { sheet.fact("Reason", reason) }
        if let requestedBy { sheet.fact("Asked for by", requestedBy) }
        if let approvedBy { sheet.fact("Approved by", approvedBy) }
    }

    private func writeCharges(to sheet: inout TextSheet) {
        sheet.heading("CHARGES (\(currency.code))")
        let rows = lines.map { line in
            [
                String(line.number), describe(line), String(line.quantity), money(line.unitPrice), money(line.net),
                percent(basisPoints: line.taxBasisPoints), money(line.tax),
            ]
        }
        sheet.table(
            [
                .number("#", 2), .text("Description", 30), .number("Qty", 4), .number("Unit price", 11),
                .number("Net", 11), .number("Tax %", 6), .number("Tax", 10),
            ], rows)
        sheet.rule()
        sheet.amount("Net", money(net))
        sheet.amount("Tax", money(tax))
        if rounding != .zero { sheet.amount("Rounding of tax", money(rounding)) }
        sheet.amount(type == .creditNote ? "Total of this credit note" : "Total of this bill", money(gross + rounding))
    }

    private func describe(_ line: Line) -> String {
        let marks = [line.lot.map { "lot \($0)" }, line.serial.map { "serial \($0)" }].compactMap(\.self)
        let tail = marks.isEmpty ? "" : " (\(marks.joined(separator: ", ")))"
        return line.description + tail
    }

    private func writeShares(to sheet: inout TextSheet) {
        sheet.heading("WHO PAYS (\(currency.code))")
        let rows = lines.map { line in
            [
                String(line.number), line.code, money(line.gross + line.rounding), money(line.insurerShare),
                money(line.writeOff),
                money(line.patientShare),
            ]
        }
        let total = ["", "Total", money(gross + rounding), money(insurerShare), money(writeOff), money(patientShare)]
        sheet.table(
            [
                .number("#", 2), .text("Code", 22), .number("With tax", 12), .number("Insurer", 12),
                .number("Written off", 12), .number("Patient", 12),
            ], rows + [total])
        writeRemarks(to: &sheet)
    }

    /// What is said about the insurer's part besides the amounts.
    private func writeRemarks(to sheet: inout TextSheet) {
        if deductible != .zero {
            sheet.paragraph("The insurance leaves the first \(money(deductible)) to the patient (deductible).")
        }
        for remark in remarks { sheet.paragraph(remark) }
    }

    /// One class of tax with what it was taken of.
    private struct TaxClass {
        let category: String
        let basisPoints: Int
        let exemption: String?
        var net = Money.zero
        var tax = Money.zero
    }

    private func writeTaxes(to sheet: inout TextSheet) {
        var classes: [TaxClass] = []
        for line in lines {
            let known = classes.firstIndex {
                $0.category == line.taxCategory && $0.basisPoints == line.taxBasisPoints
            }
            let index = known ?? classes.count
            if known == nil {
                classes.append(
                    TaxClass(
                        category: line.taxCategory, basisPoints: line.taxBasisPoints,
                        exemption: line.taxExemptionReason))
            }
            classes[index].net += line.net
            classes[index].tax += line.tax
        }
        classes.sort { ($0.category, $0.basisPoints) < ($1.category, $1.basisPoints) }
        sheet.heading("TAX (\(currency.code))")
        sheet.table(
            [.text("Class", 42), .number("Rate %", 8), .number("Net", 14), .number("Tax", 13)],
            classes.map { [wording(of: $0), percent(basisPoints: $0.basisPoints), money($0.net), money($0.tax)] })
    }

    private func wording(of tax: TaxClass) -> String {
        let name =
            switch tax.category {
            case "S": "S, standard rate"
            case "E": "E, exempt"
            case "Z": "Z, zero rate"
            default: tax.category
            }
        return tax.exemption.map { "\(name): \($0)" } ?? name
    }

    private func writePayment(to sheet: inout TextSheet) {
        guard type != .creditNote else {
            sheet.heading("WHAT BECOMES OF IT (\(currency.code))")
            sheet.amount("Credited to the patient", money(-patientShare))
            if insurerShare != .zero { sheet.amount("Credited to the insurer", money(-insurerShare)) }
            sheet.paragraph(
                "The credit is set against what is open\(ofBill.map { " of bill \($0)" } ?? ""). "
                    + "What was already paid beyond that stays on your account; ask us to pay it back.")
            return
        }
        let set = min(credit, max(.zero, patientShare - patientPaid))
        let due = patientShare - patientPaid - set
        sheet.heading("TO PAY (\(currency.code))")
        sheet.amount("The patient's part of this bill", money(patientShare))
        if patientPaid != .zero { sheet.amount("Paid already", money(-patientPaid)) }
        if set != .zero { sheet.amount("From your deposits and credit", money(-set)) }
        sheet.amount(due > .zero ? "To pay by \(dueOn)" : "Nothing is left to pay", money(due))
        if insurerShare != .zero {
            sheet.paragraph(
                "\(insurerName ?? "The insurer") is asked for \(money(insurerShare)) by us; you need not pay it.")
        }
        guard due > .zero else { return }
        sheet.paragraph(
            "Please pay at the front desk, by card or by bank transfer, and give the number \(number). "
                + "Questions: \(letterhead.phone), \(letterhead.email).")
    }
}
