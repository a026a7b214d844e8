import Clinic
import Drops
import HL7

/// DFT^P03: what was used, and money, one FT1 each.
enum FinancialMessages {
    static let use: [FieldRow] = [
        FieldRow(.barcode, "OBX-5", as: .computed, "OBX-3 UDI or LOINC 74711-3"),
        FieldRow(.sku, "FT1-7.1", as: .computed, "a SKU, or the GTIN of an item; not needed beside a barcode"),
        FieldRow(.lot, "OBX-5", as: .computed, "OBX-3 LOT"),
        FieldRow(.serial, "OBX-5", as: .computed, "OBX-3 SERIAL"),
        FieldRow(.expiresOn, "OBX-5", as: .computed, "OBX-3 EXPIRY"),
        FieldRow(.quantity, "FT1-10", as: .number),
        FieldRow(.surgicalCase, "PV1-19", as: .extendedID, "else FT1-23"),
        FieldRow(.side, "FT1-26", as: .side, "table 0340: LT, RT, 50"),
        FieldRow(.unitCost, "FT1-22.1", as: .number),
        FieldRow(.scannedAt, "FT1-4.1", as: .instantOrDay),
    ]
    private static let amount: [FieldRow] = [
        FieldRow(.amount, "FT1-11.1", as: .computed, "else FT1-12 by FT1-10; without its sign where it is a refund"),
        FieldRow(.bill, "FT1-23", as: .entity),
    ]
    static let payment: [FieldRow] =
        amount + [
            FieldRow(.currency, "FT1-11.1.2", as: .computed, "else the clinic's"),
            FieldRow(
                .method, "FT1-7", as: .computed,
                "CARD, CASH, TRANSFER, CHEQUE, INSURER, FINANCE and their usual synonyms"),
            FieldRow(.paidAt, "FT1-4.1", as: .instantOrDay),
            FieldRow(.plan, "ORC-2", as: .entity, "the order of its group: a deposit for the plan"),
        ]
    static let receipt: [FieldRow] = [
        FieldRow(.transactionID, "FT1-30.1", as: .text), FieldRow(.processor, "FT1-30.4", as: .name),
    ]
    static let refund: [FieldRow] = [
        FieldRow(.original, "FT1-30.1", as: .text, "of a refund: the reference of what is paid back"),
        FieldRow(.reason, "FT1-8", "FT1-7.2", as: .text),
        FieldRow(.requestedBy, "FT1-24.1", as: .text),
        FieldRow(.approvedBy, "FT1-20.1", "FT1-21.1", as: .text),
    ]
    static let adjustment: [FieldRow] =
        amount + [
            FieldRow(.reason, "FT1-8", "FT1-7.2", as: .text),
            FieldRow(.requestedBy, "FT1-24.1", as: .text),
            FieldRow(.approvedBy, "FT1-20.1", "FT1-21.1", as: .text),
            FieldRow(.occurredAt, "FT1-4.1", as: .instantOrDay),
        ]

    static let maps = [
        FieldMap(form: .inventory, messages: "DFT^P03 with FT1-6 CG (USE) or CD (RETURN)", rows: use),
        FieldMap(form: .payment, messages: "DFT^P03 with FT1-6 PY or CO", rows: payment + receipt),
        FieldMap(form: .payment, messages: "the same with a negative amount (REFUND)", rows: payment + refund),
        FieldMap(form: .bill, messages: "DFT^P03 with FT1-6 AJ", rows: adjustment),
    ]

    /// Codes of payments as systems send them.
    static let methods: [String: String] = [
        "CARD": "CARD", "CC": "CARD", "CREDIT": "CARD", "CREDIT CARD": "CARD", "DEBIT": "CARD", "CASH": "CASH",
        "CA": "CASH",
        "TRANSFER": "TRANSFER", "EFT": "TRANSFER", "WIRE": "TRANSFER", "BANK": "TRANSFER", "CHEQUE": "CHEQUE",
        "CHECK": "CHEQUE", "CK": "CHEQUE", "CHK": "CHEQUE", "INSURER": "INSURER", "INS": "INSURER",
        "INSURANCE": "INSURER", "FINANCE": "FINANCE",
    ]
}

extension MessageReading {
    mutating func readFinancial() throws {
        for group in source.message.segments.groups("FT1") {
            let type = group.part("FT1-6")
            if let amount = try amount(group) { amounts.append(amount.text) }
            switch type.raw {
            case "CG": try readUse("USE", group, at: type)
            case "CD": try readUse("RETURN", group, at: type)
            case "PY", "CO": try readPayment(group, at: type)
            case "AJ":
                var draft = FormDraft(.bill, "ADJUST", at: type, from: source)
                if let amount = try amount(group) { draft.set(.amount, amount.text, at: amount.part) }
                try finish(&draft, FinancialMessages.adjustment, group)
            default:
                refuse(
                    .Entry.unknownCode, [.action], "FT1-6 is none of CG, CD, PY, CO, AJ",
                    mend: "give the type of the transaction in FT1-6", at: type)
            }
        }
    }

    private mutating func finish(_ draft: inout FormDraft, _ rows: [FieldRow], _ group: Segments) throws {
        try draft.refer(to: [group.part("FT1-2")], as: .text)
        try draft.copy(rows, from: group)
        try draft.identify(by: source.message.segments)
        add(draft)
    }

    private mutating func readUse(_ action: String, _ group: Segments, at type: Part) throws {
        var draft = FormDraft(.inventory, action, at: type, from: source)
        let labels: [String: Field] = [
            "UDI": .barcode, "74711-3": .barcode, "BARCODE": .barcode, "LOT": .lot, "SERIAL": .serial, "SN": .serial,
            "EXPIRY": .expiresOn, "EXP": .expiresOn,
        ]
        for observation in group.all("OBX") {
            let label = observation.field(3).component(1).raw.uppercased()
            guard let field = labels[label] else { continue }
            try draft.set(field, from: [observation.field(5)], as: field == .expiresOn ? .date : .text)
        }
        let code = group.part("FT1-7.1")
        let isListed = try sku(code).map { source.rules.catalog.items[SKU($0)] != nil } ?? false
        // Beside a barcode FT1-7 may be a code of the sender's price list.
        if isListed || !draft.has(.barcode) { draft.set(.sku, try sku(code), at: code) }
        try draft.set(.surgicalCase, from: [source.message.part("PV1-19")], as: .extendedID)
        try draft.set(.surgicalCase, from: [group.part("FT1-23")], as: .entity)
        try finish(&draft, FinancialMessages.use, group)
    }

    private mutating func readPayment(_ group: Segments, at type: Part) throws {
        let amount = try amount(group)
        let isRefund = amount?.text.utf8.first == UInt8(ascii: "-")
        var draft = FormDraft(.payment, isRefund ? "REFUND" : "PAY", at: type, from: source)
        if let amount { draft.set(.amount, isRefund ? String(amount.text.dropFirst()) : amount.text, at: amount.part) }
        let money = [group.part("FT1-11.1.2"), group.part("FT1-12.1.2")]
        try draft.set(.currency, from: money, as: .text)
        draft.set(.currency, source.rules.currency.code, at: money[0])
        let code = group.part("FT1-7")
        let words = try [1, 2].compactMap { try code.component($0).text()?.trimmed }
        let method = words.lazy.compactMap { FinancialMessages.methods[$0.uppercased()] }.first
        draft.set(.method, method ?? words.first, at: code)
        if method == "INSURER" { draft.set(.payer, "INSURER", at: code) }
        let rows = FinancialMessages.payment + (isRefund ? FinancialMessages.refund : FinancialMessages.receipt)
        try finish(&draft, rows, group)
    }

    /// FT1-11, else the price of one times their number; in integers of minor units throughout.
    private func amount(_ group: Segments) throws -> (text: String, part: Part)? {
        let extended = group.part("FT1-11.1.1")
        if let text = try extended.text() { return (NumberText.plain(text), extended) }
        let single = group.part("FT1-12.1.1")
        guard let price = try single.text().map(NumberText.plain) else { return nil }
        guard let quantity = try group.part("FT1-10").text().map(NumberText.plain), quantity != "1" else {
            return (price, single)
        }
        let isNegative = quantity.utf8.first == UInt8(ascii: "-")
        let currency = source.rules.currency
        guard let one = currency.amount(price),
            let count = Digits.value(of: quantity.utf8.dropFirst(isNegative ? 1 : 0))
        else {
            return ("\(price) x \(quantity)", single)
        }
        let (product, overflow) = one.minorUnits.multipliedReportingOverflow(by: Int64(isNegative ? -count : count))
        return overflow ? nil : (currency.decimal(Money(minorUnits: product)), single)
    }
}
