import Clinic
import Drops
import XML

/// A statement or notification, as far as its entries need it.
struct BankAccount {
    /// `Stmt/Id` or `Ntfctn/Id`.
    var statement: String?
    /// The IBAN, else the account's other number.
    var number: String?
}

/// What one transaction of a bank's entry comes to: a payment, its reversal, or nothing.
struct BankPayment {
    let entry: BankEntry
    /// Nil where the bank gives no details.
    let transaction: BankEntry.Transaction?
    /// The place of the transaction among those of its entry, from 1.
    let ordinal: Int
    /// The place of the entry in its statement, from 1.
    let position: Int
    let account: BankAccount
    let rules: ReadingRules
    private(set) var forms: [FormEntry] = []
    private(set) var findings: [LocatedFinding] = []
    private(set) var warnings: [LocatedFinding] = []

    init(
        _ transaction: BankEntry.Transaction?, ordinal: Int, of entry: BankEntry, position: Int, account: BankAccount,
        rules: ReadingRules
    ) {
        self.entry = entry
        self.transaction = transaction
        self.ordinal = ordinal
        self.position = position
        self.account = account
        self.rules = rules
        read()
    }

    /// Booked credits are payments; a booked debit that reverses one, or returns it, is a reversal.
    ///
    /// All else is no money of a patient's: debits, what is pending, and credits that reverse a debit of ours.
    private var action: String? {
        guard entry.status?.string == "BOOK", let isCredit = entry.isCredit else { return nil }
        let isUndone = entry.isReversal || transaction?.returnReason != nil
        switch (isCredit, isUndone) {
        case (true, false): return "PAY"
        case (false, true): return "REVERSE"
        default: return nil
        }
    }

    private mutating func read() {
        guard isSound(), let action else { return }
        if transaction == nil, let count = entry.batchCount, count.string != "1" { return readBatch(count) }
        checkSum()
        guard findings.isEmpty else { return }
        if action == "PAY" { readPayment() } else { readReversal() }
    }

    /// Without these nobody can say whether the entry is money for the clinic.
    private mutating func isSound() -> Bool {
        if entry.amount == nil { lacks("Amt") }
        if entry.isCredit == nil { lacks("CdtDbtInd") }
        if entry.status == nil { lacks("Sts") }
        return findings.isEmpty
    }

    private mutating func lacks(_ name: String) {
        refuse(
            .Drop.xmlSchema, [], "the entry has no \(name), or one that ISO 20022 does not know",
            mend: "ask the bank for the statement anew", at: place(entry.element))
    }

    /// A batch without its transactions: its money is many patients', and which ones another message tells.
    private mutating func readBatch(_ count: Element) {
        if let message = entry.detailsIn, message.string.utf8.starts(with: "camt.054".utf8) { return }
        refuse(
            .Entry.missingField, [.bill], "the entry is a batch of several transactions without their details",
            mend: "ask the bank for a camt.054 with the details, and drop that; or drop each payment by itself",
            at: place(count))
    }

    /// The parts of an entry are never more than the whole, or something is not what it seems.
    private mutating func checkSum() {
        let currency = rules.currency
        guard ordinal == 1, !entry.hasCharges, let whole = entry.amount, entry.transactions.count > 0,
            let total = currency.amount(Self.decimal(whole.string))
        else { return }
        let parts = entry.transactions.compactMap(\.amount)
        guard parts.allSatisfy({ $0.string(of: "Ccy") == whole.string(of: "Ccy") }) else { return }
        let amounts = parts.compactMap { currency.amount(Self.decimal($0.string)) }
        guard amounts.count == entry.transactions.count else { return }
        if amounts.total > total {
            refuse(
                .Entry.badValue, [.amount], "the transactions of the entry come to more than the entry",
                mend: "ask the bank for the statement anew", at: place(whole))
        }
    }

    /// In the currency of the account: the transaction's own amount, else that of the entry it is alone in.
    private var amount: Element? {
        guard let own = transaction?.amount, own.string(of: "Ccy") == entry.amount?.string(of: "Ccy") else {
            return entry.transactions.count > 1 ? transaction?.amount : entry.amount
        }
        return own
    }

    private mutating func readPayment() {
        var form = draft("PAY", reference: reference)
        if let transactionID {
            form.set(.transactionID, transactionID.string, at: place(transactionID))
            form.set(.processor, account.number, at: place(entry.element))
        }
        if let name = transaction?.debtorName, isInsurer(name.string) { form.set(.payer, "INSURER", at: place(name)) }
        guard let parts = split() else { return }
        for part in parts {
            var payment = form
            if parts.count > 1, let reference = form.reference, let bill = part.bill {
                payment.reference?.text = "\(reference.text)/\(bill.rawValue)"
                // The bank's number is that of all parts together.
                payment.fields[.transactionID] = nil
                payment.fields[.processor] = nil
            }
            if let amount = part.amount { payment.set(.amount, Self.decimal(amount.string), at: place(amount)) }
            if let bill = part.bill { payment.set(.bill, bill.rawValue, at: part.place) }
            if part.bill == nil, let (patient, place) = patient { payment.set(.mrn, patient.rawValue, at: place) }
            forms.append(payment)
        }
    }

    private mutating func readReversal() {
        var form = draft("REVERSE", reference: reference.map { LocatedText("\($0.text)/RVSL", at: $0.place) })
        if let original = transaction?.transactionID ?? transaction?.servicerReference ?? entry.servicerReference
            ?? transaction?.endToEndID ?? entry.entryReference
        {
            form.set(.original, original.string, at: place(original))
        }
        form.set(.processor, account.number, at: place(entry.element))
        if let reason = transaction?.returnReason, !reason.string.isEmpty {
            form.set(.reason, reason.string, at: place(reason))
        } else {
            form.set(.reason, "reversed by the bank", at: place(entry.element))
        }
        if let amount { form.set(.amount, Self.decimal(amount.string), at: place(amount)) }
        let bills = named
        if bills.count == 1 { form.set(.bill, bills[0].bill.rawValue, at: bills[0].place) }
        forms = [form]
    }

    private func draft(_ action: String, reference: LocatedText?) -> FormEntry {
        let element = transaction?.element ?? entry.element
        var form = FormEntry(form: .payment, place: place(element))
        form.action = LocatedText(action, at: place(element))
        form.reference = reference
        form.set(.currency, amount?.string(of: "Ccy"), at: place(amount ?? entry.element))
        form.set(.method, "TRANSFER", at: place(element))
        if let day = entry.bookedAt ?? entry.valueAt { form.set(.paidAt, Self.time(day.string), at: place(day)) }
        form.expected[.paidAt] = place(entry.element, "BookgDt")
        form.expected[.bill] = place(element, "RmtInf")
        return form
    }

    // MARK: - What identifies it

    private var transactionID: Element? {
        transaction?.transactionID ?? transaction?.servicerReference
            ?? (entry.transactions.count > 1 ? nil : entry.servicerReference)
    }

    /// The bank's own number of the money, the same in a notification and in the statement after it.
    private var reference: LocatedText? {
        if let own = transaction?.servicerReference ?? transaction?.transactionID {
            return LocatedText(own.string, at: place(own))
        }
        let whole = entry.servicerReference ?? entry.entryReference
        let text = whole?.string ?? account.statement.map { "\($0)/\(position)" }
        let suffix = entry.transactions.count > 1 ? "/\(ordinal)" : ""
        return text.map { LocatedText($0 + suffix, at: place(whole ?? entry.element)) }
    }

    private func isInsurer(_ name: String) -> Bool {
        rules.catalog.payers.values.contains { $0.name.lowercased() == name.lowercased() }
    }

    // MARK: - What it is for

    private typealias Named = (bill: BillNumber, place: Place)

    /// Every bill that the payer names, in the order in which they are believed.
    private var named: [Named] {
        var found: [Named] = []
        for element in remittance {
            for bill in BillReference.bills(in: element.string) where !found.contains(where: { $0.bill == bill }) {
                found.append((bill, place(element)))
            }
        }
        return found
    }

    private var remittance: [Element] {
        guard let transaction else { return [] }
        return transaction.structured.flatMap(\.references) + [transaction.endToEndID].compactMap { $0 }
            + transaction.unstructured
    }

    private var patient: (MRN, Place)? {
        for element in remittance {
            if let mrn = BillReference.patient(in: element.string) { return (mrn, place(element)) }
        }
        return nil
    }

    /// The amount by bill: one part, unless the payer says how much is for each of several bills.
    private mutating func split() -> [(bill: BillNumber?, amount: Element?, place: Place)]? {
        let bills = named
        guard bills.count > 1 else { return [(bills.first?.bill, amount, bills.first?.place ?? place(entry.element))] }
        var parts: [(bill: BillNumber?, amount: Element?, place: Place)] = []
        for block in transaction?.structured ?? [] {
            let within = Set(block.references.flatMap { BillReference.bills(in: $0.string) })
            guard within.count == 1, let bill = within.first, let part = block.amount,
                part.string(of: "Ccy") == amount?.string(of: "Ccy")
            else { continue }
            parts.append((bill, part, place(part)))
        }
        let currency = rules.currency
        let sum = parts.compactMap { $0.amount.flatMap { currency.amount(Self.decimal($0.string)) } }
        let isWhole =
            Set(parts.compactMap(\.bill)) == Set(bills.map(\.bill)) && parts.count == bills.count
            && sum.count == parts.count
            && sum.total == amount.flatMap { currency.amount(Self.decimal($0.string)) }
        if isWhole { return parts }
        refuse(
            .Entry.badValue, [.bill], "the payer names several bills, and not how much is for each",
            mend: "drop one payment for each bill", at: bills[1].place)
        return nil
    }

    // MARK: - Texts

    private func place(_ element: Element, _ name: String? = nil) -> Place {
        Place(element.position, name: name ?? element.name.local)
    }

    private mutating func refuse(_ rule: Rule, _ fields: [Field], _ detail: String, mend: String, at place: Place) {
        findings.append(LocatedFinding(Finding(rule, fields, detail, mend: mend), at: place, places: [place]))
    }

    /// A decimal of XML as the forms write it: `6.30000` is `6.3`, `.5` is `0.5`; anything else stands as it is.
    static func decimal(_ text: String) -> String {
        let bytes = Array(text.utf8)
        let unsigned = bytes.first == UInt8(ascii: "+") ? bytes.dropFirst() : bytes[...]
        let parts = unsigned.split(separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
        let isDecimal = !unsigned.isEmpty && parts.allSatisfy { $0.allSatisfy { (0x30...0x39).contains($0) } }
        guard isDecimal, let whole = parts.first else { return text }
        let fraction = parts.count > 1 ? parts[1].reversed().drop { $0 == 0x30 }.reversed() : []
        let digits = Array(whole.drop { $0 == 0x30 })
        let text = (digits.isEmpty ? [0x30] : digits) + (fraction.isEmpty ? [] : [UInt8(ascii: ".")] + fraction)
        return String(decoding: text, as: UTF8.self)
    }

    /// A date is the beginning of its day, by the clinic's clock; the zone that XML allows behind it says nothing then.
    static func time(_ text: String) -> String {
        let isDay = text.utf8.count >= 10 && !text.utf8.contains(UInt8(ascii: "T"))
        return isDay ? "\(text.prefix(10))T00:00" : text
    }
}
