import Clinic
import ClinicTesting
import Forms

/// The entries of a history as the text of a drop: rows of a table, or elements.
enum DropText {
    /// All entries are of one form.
    static func csv(_ entries: [Told]) -> String {
        guard let definition = entries.first.flatMap({ FormDefinition.named($0.form) }) else { return "" }
        let fields = definition.allFields.map(\.field)
        var text = fields.map(\.rawValue).joined(separator: ",") + "\n"
        for entry in entries {
            let texts = texts(of: entry, definition)
            text += fields.map { quoted((texts[$0] ?? []).joined(separator: ";")) }.joined(separator: ",") + "\n"
        }
        return text
    }

    static func xml(_ entries: [Told]) -> String {
        var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<forms xmlns=\"urn:suture:forms:1\">\n"
        for entry in entries {
            guard let definition = FormDefinition.named(entry.form) else { continue }
            let texts = texts(of: entry, definition)
            text += "  <\(entry.form)"
            for attribute in [Field.reference, .action] {
                text += " \(attribute)=\"\(escaped((texts[attribute] ?? []).joined()))\""
            }
            text += ">\n"
            for field in definition.allFields.map(\.field) where field != .reference && field != .action {
                for item in texts[field] ?? [] { text += "    <\(field)>\(escaped(item))</\(field)>\n" }
            }
            text += "  </\(entry.form)>\n"
        }
        return text + "</forms>\n"
    }

    /// What is told of each field of the form, and when it happened if no field of the form says so.
    private static func texts(of entry: Told, _ definition: FormDefinition) -> [Field: [String]] {
        var texts = entry.values.compactMapValues { text(of: $0) }
        texts[.reference] = [entry.reference]
        texts[.action] = [entry.action]
        let times = [definition.timeField, .occurredAt].compactMap(\.self)
        let isToldElsewhere = times.contains { time in
            texts[time] != nil || definition.definition(of: time)?.isRequired(by: Action(entry.action)) ?? false
        }
        if !isToldElsewhere { texts[.occurredAt] = [entry.time.description] }
        return texts
    }

    private static func text(of value: Value) -> [String] {
        switch value {
        case .text(let text): [text]
        case .date(let date): [date.description]
        case .instant(let instant): [instant.description]
        case .money(let money): [Currency(code: "GBP").decimal(money)]
        case .integer(let number): ["\(number)"]
        case .flag(let flag): [flag ? "Y" : "N"]
        case .list(let items): items
        case .deletion: ["\"\""]
        }
    }

    private static func quoted(_ text: String) -> String {
        let needsQuotes = text.utf8.contains { $0 == 0x22 || $0 == 0x2C || $0 == 0x0A || $0 == 0x0D }
        return needsQuotes
            ? "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
            : text
    }

    private static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case "\"": escaped += "&quot;"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
