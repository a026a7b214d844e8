import Clinic
import Drops
import HL7

/// INU^U05: what a cabinet or an analyzer says is in it.
enum StockMessages {
    static let stock: [FieldRow] = [
        FieldRow(.sku, "INV-1.1", as: .computed, "a SKU, or the GTIN of an item"),
        FieldRow(.lot, "INV-16", as: .text),
        FieldRow(.expiresOn, "INV-12", as: .date),
        FieldRow(.quantity, "INV-8", "INV-7", as: .number, "what is there now; when received, INV-7 first"),
        FieldRow(.location, "INV-4.1", as: .text),
        .observed(.unitCost),
        FieldRow(.device, "EQU-1", as: .entity),
        FieldRow(.scannedAt, "EQU-2", as: .instant),
    ]

    static let maps = [
        FieldMap(form: .inventory, messages: "INU^U05 (COUNT; RECEIVE with INV-2 RECEIVED)", rows: stock)
    ]
}

extension MessageReading {
    mutating func readStock() throws {
        for group in source.message.segments.groups("INV") {
            let status = group.part("INV-2").component(1)
            let isReceipt = ["RECEIVED", "RCV"].contains(status.raw.uppercased())
            let substance = group.part("INV-1").component(1)
            var draft = FormDraft(
                .inventory, isReceipt ? "RECEIVE" : "COUNT", at: isReceipt ? status : substance, from: source)
            draft.set(.sku, try sku(substance), at: substance)
            if isReceipt { try draft.set(.quantity, from: [group.part("INV-7")], as: .number) }
            try draft.copy(StockMessages.stock, from: group)
            try draft.copy(StockMessages.stock, from: source.message.segments.before("INV"))
            add(draft)
        }
    }

    /// The SKU that a code is, or that has it as its GTIN; else the code as it stands, for the rules to refuse.
    func sku(_ part: Part) throws -> String? {
        guard let text = try part.text()?.trimmed, !text.isEmpty else { return nil }
        let catalog = source.rules.catalog
        if catalog.items[SKU(text)] != nil { return text }
        let digits = text.utf8.count <= 14 && Digits.value(of: text.utf8) != nil
        let gtin = String(repeating: "0", count: max(0, 14 - text.utf8.count)) + text
        return digits ? catalog.item(gtin: gtin)?.sku.rawValue ?? text : text
    }
}
