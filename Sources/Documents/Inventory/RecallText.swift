import CSV
import Clinic

/// The report as somebody reads it who must find patients and packages today.
extension RecallModel {
    var text: [UInt8] {
        var sheet = TextSheet()
        letterhead.write(to: &sheet)
        sheet.rule("=")
        let name = lot.isEmpty ? "(all)" : lot
        if let withdrawnAt {
            sheet.edges("RECALL WITHDRAWN: LOT \(name)", withdrawnAt)
        } else {
            sheet.edges("RECALL OF LOT \(name)", recalledAt)
        }
        sheet.rule("=")
        sheet.fact("Item", "\(item) (\(sku))")
        sheet.fact("Manufacturer", manufacturer ?? "not recorded")
        sheet.fact("UDI-DI (GTIN)", gtin ?? "not recorded")
        if let serial { sheet.fact("Notice names", "serial \(serial)") }
        sheet.fact("Told by", toldBy)
        if let reason { sheet.fact("Reason", reason) }
        if withdrawnAt != nil { sheet.fact("Recalled at", recalledAt) }
        if let withdrawal { sheet.fact("Withdrawn", withdrawal) }
        let used = recipients.map(\.quantity).reduce(0, +)
        let left = places.map(\.onHand).reduce(0, +)
        sheet.fact("Received", "\(received)")
        sheet.fact("In patients", "\(used)")
        sheet.fact("Wasted", "\(wasted)")
        sheet.fact("Sent off", "\(removed) disposed of or returned to the supplier")
        sheet.fact("Left", "\(left)")
        if withdrawnAt == nil { writeUnderWay(to: &sheet) } else { writeReleased(to: &sheet) }
        writeRecipients(to: &sheet)
        writeRefused(to: &sheet)
        writePlaces(to: &sheet)
        if withdrawnAt == nil { writePromises(to: &sheet) }
        sheet.blank()
        sheet.rule()
        sheet.paragraph(
            withdrawnAt == nil
                ? "What comes in of this lot later is recalled when it is received."
                : "This report takes the place of the one of the recall: tell everybody whom that one reached. What is "
                    + "kept for surgery in other lots stays kept there; a clearance that lapsed is given anew.")
        sheet.line(origin.footer)
        return sheet.bytes
    }

    private func writeRecipients(to sheet: inout TextSheet) {
        sheet.heading("WHO RECEIVED IT")
        if recipients.isEmpty { sheet.line("Nobody, as far as it is on record.") }
        for recipient in recipients {
            write(recipient.patient, to: &sheet)
            sheet.fact("Case", "\(recipient.surgicalCase), \(recipient.usedAt)", indent: 2)
            sheet.fact("Procedure", recipient.procedure, indent: 2)
            sheet.fact("Surgeon", recipient.surgeon, indent: 2)
            if let serial = recipient.serial { sheet.fact("Serial number", serial, indent: 2) }
            if let side = recipient.side { sheet.fact("Side", side, indent: 2) }
            if recipient.quantity > 1 { sheet.fact("Quantity", "\(recipient.quantity)", indent: 2) }
            sheet.blank()
        }
    }

    private func writeRefused(to sheet: inout TextSheet) {
        sheet.heading("USES THAT WERE REFUSED AND MAY HAVE HAPPENED")
        if refused.isEmpty { sheet.line("None.") }
        for incident in refused {
            if let patient = incident.patient { write(patient, to: &sheet) }
            sheet.fact("Case", "\(incident.surgicalCase), \(incident.occurredAt)", indent: 2)
            if let surgeon = incident.surgeon { sheet.fact("Surgeon", surgeon, indent: 2) }
            if let serial = incident.serial { sheet.fact("Serial number", serial, indent: 2) }
            sheet.fact("Refused for", "\(incident.statement) (\(incident.code))", indent: 2)
            sheet.blank()
        }
    }

    private func writeReleased(to sheet: inout TextSheet) {
        sheet.heading("WHAT IS RELEASED AGAIN")
        if places.contains(where: { $0.state == InventoryLot.State.recalled.rawValue }) {
            sheet.paragraph("Nothing: another recall of the lot stands.")
            return
        }
        let released = places.filter { $0.state == InventoryLot.State.available.rawValue && $0.onHand > 0 }
        if released.isEmpty { sheet.line("Nothing of the lot is on hand that may be used.") }
        for place in released { sheet.line("\(place.onHand) at \(place.location)") }
    }

    private func writePlaces(to sheet: inout TextSheet) {
        sheet.heading("WHAT IS LEFT, AND WHERE")
        sheet.table(
            [.text("Location", 40), .text("State", 19), .number("On hand", 19)],
            places.map { [$0.location, $0.state, String($0.onHand)] })
    }

    /// Whoever is on the table comes first.
    private func writeUnderWay(to sheet: inout TextSheet) {
        let underWay = promises.filter(\.isUnderWay)
        guard !underWay.isEmpty else { return }
        sheet.heading("SURGERY UNDER WAY")
        for promise in underWay {
            if let patient = promise.patient { write(patient, to: &sheet) }
            sheet.paragraph("The patient is in theater. Tell the surgeon now: the lot is not to be used.")
            if let surgicalCase = promise.surgicalCase { sheet.fact("Case", surgicalCase, indent: 2) }
            if let surgeon = promise.surgeon { sheet.fact("Surgeon", surgeon, indent: 2) }
            sheet.fact("Was kept", "\(promise.quantity), released", indent: 2)
            for part in promise.replacements {
                sheet.fact("Kept instead", "\(part.quantity) of lot \(part.lot) at \(part.location)", indent: 2)
            }
            if promise.short > 0 { sheet.fact("MISSING", "\(promise.short)", indent: 2) }
            sheet.blank()
        }
    }

    private func writePromises(to sheet: inout TextSheet) {
        sheet.heading("KEPT FOR SURGERY TO COME")
        let toCome = promises.filter { !$0.isUnderWay }
        if toCome.isEmpty { sheet.line("None of it was kept for a plan.") }
        for promise in toCome {
            if let patient = promise.patient { write(patient, to: &sheet) }
            sheet.fact("Plan", promise.plan, indent: 2)
            if let surgicalCase = promise.surgicalCase {
                sheet.fact("Case", "\(surgicalCase), \(promise.caseState ?? "")", indent: 2)
            }
            sheet.fact("Surgery", promise.day, indent: 2)
            if let surgeon = promise.surgeon { sheet.fact("Surgeon", surgeon, indent: 2) }
            sheet.fact("Was kept", "\(promise.quantity), released", indent: 2)
            for part in promise.replacements {
                sheet.fact("Kept instead", "\(part.quantity) of lot \(part.lot) at \(part.location)", indent: 2)
            }
            if promise.short > 0 {
                sheet.fact("MISSING", "\(promise.short): receive another lot, then clear the patient again", indent: 2)
            }
            sheet.blank()
        }
    }

    private func write(_ patient: Contact, to sheet: inout TextSheet) {
        sheet.line("\(patient.name), MRN \(patient.mrn)")
        let reached = [patient.phone, patient.email].compactMap(\.self)
        if !reached.isEmpty { sheet.fact("Reached at", reached.joined(separator: ", "), indent: 2) }
    }
}

/// The same as a table for the safety officer: a row per recipient, refused use, place and plan.
extension RecallModel {
    private static let columns = [
        "record_type", "sku", "gtin", "lot", "serial", "side", "quantity", "location", "state", "at", "case", "plan",
        "mrn", "patient", "phone", "email", "surgeon", "replaced_by", "missing", "code", "ledger_sequence",
    ]

    private struct Line {
        var type: String
        var serial: String?
        var side: String?
        var quantity: Int?
        var location: String?
        var state: String?
        var at: String?
        var surgicalCase: String?
        var plan: String?
        var patient: Contact?
        var surgeon: String?
        var replacedBy: String?
        var missing: Int?
        var code: String?
    }

    var table: [UInt8] {
        var writer = Writer()
        writer.append(Self.columns.map { .text($0) })
        for line in lines { writer.append(cells(line)) }
        return writer.bytes
    }

    private var lines: [Line] {
        var lines: [Line] = withdrawnAt.map { [Line(type: "WITHDRAWN", at: $0)] } ?? []
        lines += recipients.map {
            Line(
                type: "PATIENT", serial: $0.serial, side: $0.side, quantity: $0.quantity, at: $0.usedAt,
                surgicalCase: $0.surgicalCase, patient: $0.patient, surgeon: $0.surgeon)
        }
        lines += refused.map {
            Line(
                type: "INCIDENT", serial: $0.serial, at: $0.occurredAt, surgicalCase: $0.surgicalCase,
                patient: $0.patient, surgeon: $0.surgeon, code: $0.code)
        }
        lines += places.map { Line(type: "STOCK", quantity: $0.onHand, location: $0.location, state: $0.state) }
        lines += promises.map { promise in
            let replacements = promise.replacements.map { "\($0.quantity) of \($0.lot) at \($0.location)" }
            return Line(
                type: "PLAN", quantity: promise.quantity, state: promise.caseState, at: promise.day,
                surgicalCase: promise.surgicalCase, plan: promise.plan, patient: promise.patient,
                surgeon: promise.surgeon,
                replacedBy: replacements.joined(separator: "; "), missing: promise.short)
        }
        return lines
    }

    private func cells(_ line: Line) -> [Writer.Cell] {
        func text(_ value: String?) -> Writer.Cell { .text(value ?? "") }
        func number(_ value: Int?) -> Writer.Cell { value.map { .number(String($0)) } ?? .empty }
        return [
            .text(line.type), .text(sku), text(gtin), .text(lot), text(line.serial), text(line.side),
            number(line.quantity), text(line.location), text(line.state), text(line.at), text(line.surgicalCase),
            text(line.plan), text(line.patient?.mrn), text(line.patient?.name), text(line.patient?.phone),
            text(line.patient?.email), text(line.surgeon), text(line.replacedBy), number(line.missing),
            text(line.code), .number(String(origin.sequence)),
        ]
    }
}
