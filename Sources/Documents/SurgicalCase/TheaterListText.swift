import CSV
import Clinic

/// The operating list as it hangs in the theater.
extension TheaterListModel {
    private static let weekdays = [
        "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
    ]

    private var day: String {
        let name = Self.weekdays.indices.contains(weekday - 1) ? Self.weekdays[weekday - 1] : ""
        return "\(name) \(date)"
    }

    var text: [UInt8] {
        var sheet = TextSheet()
        sheet.edges(letterhead.name, "version \(Digits.padded(version, 2))")
        sheet.edges("OPERATING LIST  \(theaterName)", day)
        sheet.rule("=")
        for (index, row) in rows.enumerated() {
            write(row, order: index + 1, to: &sheet)
            sheet.rule()
        }
        if rows.isEmpty { sheet.line("No cases.") }
        writeChanges(to: &sheet)
        sheet.blank()
        sheet.line(origin.footer)
        return sheet.bytes
    }

    private func write(_ row: Row, order: Int, to sheet: inout TextSheet) {
        sheet.edges(
            "\(order).  \(row.start)-\(row.end)  \(row.minutes) min  \(row.state)", "case \(row.surgicalCase)")
        let age = row.age.map { "\($0) y" } ?? "age unknown"
        sheet.fact("Patient", "\(Self.capitals(row.familyName)), \(row.givenName)", indent: 4)
        sheet.fact("", "MRN \(row.mrn), \(row.sex), \(age), born \(row.birthDate)", indent: 4)
        for procedure in row.procedures {
            let side = procedure.side.isEmpty ? " (no side)" : " ** \(procedure.side) **"
            sheet.fact("Procedure", procedure.name + side, indent: 4)
        }
        sheet.fact("ALLERGIES", row.allergies, indent: 4)
        sheet.fact("Surgeon", row.surgeon, indent: 4)
        let anesthesia = row.anesthetist.map { "\(row.anesthesia), \($0)" } ?? row.anesthesia
        sheet.fact("Anesthesia", "\(anesthesia); ASA \(row.asaClass ?? "not recorded")", indent: 4)
        sheet.fact("Items", row.items.isEmpty ? "none" : row.items.joined(separator: "; "), indent: 4)
        sheet.fact("Equipment", row.equipment.isEmpty ? "none" : row.equipment.joined(separator: "; "), indent: 4)
        sheet.fact("Consent", row.consent, indent: 4)
        sheet.fact("Clearance", row.clearance, indent: 4)
        for remark in row.remarks { sheet.fact("Remark", remark, indent: 4) }
    }

    /// Capitals where each letter has one; the others stay, so that the name is spelled as on the wristband.
    static func capitals(_ name: String) -> String {
        var capitals = String.UnicodeScalarView()
        for scalar in name.unicodeScalars {
            let mapped = scalar.properties.uppercaseMapping.unicodeScalars
            capitals.append(mapped.count == 1 ? mapped[mapped.startIndex] : scalar)
        }
        return String(capitals)
    }

    private func writeChanges(to sheet: inout TextSheet) {
        guard let previousVersion else {
            sheet.blank()
            sheet.line("First version.")
            return
        }
        sheet.heading("CHANGES SINCE VERSION \(Digits.padded(previousVersion, 2))")
        for change in changes {
            sheet.fact(change.kind.rawValue, "case \(change.surgicalCase), \(change.text)", labelWidth: 9)
        }
        if changes.isEmpty { sheet.line("None.") }
    }
}

/// The operating list for other systems: a line per case, then one per case that left the list.
extension TheaterListModel {
    private static let columns = [
        "record_type", "theater", "date", "version", "order", "case", "start", "end", "minutes", "state", "mrn",
        "family_name", "given_name", "birth_date", "age", "sex", "procedures", "sides", "surgeon", "anesthetist",
        "anesthesia", "asa_class", "allergies", "items", "equipment", "consent", "clearance", "remarks", "change",
        "ledger_sequence",
    ]

    var table: [UInt8] {
        var writer = Writer()
        writer.append(Self.columns.map { .text($0) })
        for (index, row) in rows.enumerated() { writer.append(cells(of: row, order: index + 1)) }
        for change in changes where change.kind == .removed { writer.append(cells(of: change)) }
        return writer.bytes
    }

    private func opening(_ recordType: String) -> [Writer.Cell] {
        [.text(recordType), .text(theater), .text(date), .number(String(version))]
    }

    private func cells(of row: Row, order: Int) -> [Writer.Cell] {
        let change = changes.filter { $0.surgicalCase == row.surgicalCase }.map(\.kind.rawValue)
        let list = { (words: [String]) in Writer.Cell.text(words.joined(separator: ";")) }
        let timing: [Writer.Cell] = [
            .number(String(order)), .text(row.surgicalCase), .text(row.start), .text(row.end),
            .number(String(row.minutes)), .text(row.state),
        ]
        let patient: [Writer.Cell] = [
            .text(row.mrn), .text(row.familyName), .text(row.givenName), .text(row.birthDate),
            .number(row.age.map { String($0) } ?? ""), .text(row.sex),
        ]
        let surgery: [Writer.Cell] = [
            list(row.procedures.map(\.name)), list(row.procedures.map { $0.side.isEmpty ? "NONE" : $0.side }),
            .text(row.surgeon), .text(row.anesthetist ?? ""), .text(row.anesthesia), .text(row.asaClass ?? ""),
            .text(row.allergies), list(row.items), list(row.equipment), .text(row.consent), .text(row.clearance),
            list(row.remarks), list(change), .number(String(origin.sequence)),
        ]
        return opening("CASE") + timing + patient + surgery
    }

    private func cells(of change: Change) -> [Writer.Cell] {
        let blanks = Array(repeating: Writer.Cell.empty, count: 22)
        return opening("REMOVED") + [.empty, .text(change.surgicalCase)] + blanks + [
            .text(change.text), .number(String(origin.sequence)),
        ]
    }
}
