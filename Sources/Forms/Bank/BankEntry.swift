import XML

/// One entry of a bank's statement or notification (ISO 20022 camt.053, camt.054: `Ntry`), as the bank tells it.
///
/// Nothing is judged here: debits, pending entries and reversals are read like any other.
struct BankEntry {
    /// One transaction of an entry (`TxDtls`).
    struct Transaction {
        let element: Element
        let amount: Element?
        let endToEndID: Element?
        /// Numbers that the bank or the clearing gave it, the most particular first.
        let servicerReference: Element?
        let transactionID: Element?
        /// Creditor references (`CdtrRefInf/Ref`) and numbers of documents (`RfrdDocInf/Nb`), by structured block.
        let structured: [Structured]
        let unstructured: [Element]
        let debtorName: Element?
        let returnReason: Element?
    }

    /// A structured block of what the payer says the money is for, with the part of the amount that it names.
    struct Structured {
        let references: [Element]
        let amount: Element?
    }

    let element: Element
    let amount: Element?
    let isCredit: Bool?
    let isReversal: Bool
    /// `BOOK`, `PDNG`, `INFO`, `FUTR`: the text of `Sts` up to version 7, of `Sts/Cd` since.
    let status: Element?
    let bookedAt: Element?
    let valueAt: Element?
    let servicerReference: Element?
    let entryReference: Element?
    /// The message that has the details of a batch, where the bank says so (`AddtlInfInd/MsgNmId`).
    let detailsIn: Element?
    /// How many transactions a batch has, by its own count.
    let batchCount: Element?
    let hasCharges: Bool
    let transactions: [Transaction]

    init(_ entry: Element) {
        element = entry
        amount = entry.at("Amt")
        isCredit = entry.at("CdtDbtInd").flatMap { ["CRDT": true, "DBIT": false][$0.string] }
        isReversal = entry.at("RvslInd").map { $0.string == "true" || $0.string == "1" } ?? false
        status = entry.at("Sts", "Cd") ?? entry.at("Sts")
        bookedAt = entry.at("BookgDt", "DtTm") ?? entry.at("BookgDt", "Dt")
        valueAt = entry.at("ValDt", "DtTm") ?? entry.at("ValDt", "Dt")
        servicerReference = entry.at("AcctSvcrRef")
        entryReference = entry.at("NtryRef")
        detailsIn = entry.at("AddtlInfInd", "MsgNmId")
        let details = entry.all("NtryDtls")
        batchCount = details.compactMap { $0.at("Btch", "NbOfTxs") }.first
        let blocks = details.flatMap { $0.all("TxDtls") }
        hasCharges = entry.at("Chrgs") != nil || blocks.contains { $0.at("Chrgs") != nil }
        transactions = blocks.map { Transaction($0) }
    }
}

extension BankEntry.Transaction {
    init(_ details: Element) {
        element = details
        // TxDtls/Amt since version 3; before, the amount of the transaction is among the details.
        amount = details.at("Amt") ?? details.at("AmtDtls", "TxAmt", "Amt")
        endToEndID = details.at("Refs", "EndToEndId").flatMap { $0.string == "NOTPROVIDED" ? nil : $0 }
        servicerReference = details.at("Refs", "AcctSvcrRef")
        transactionID = details.at("Refs", "TxId") ?? details.at("Refs", "UETR")
        let remittance = details.all("RmtInf")
        structured = remittance.flatMap { $0.all("Strd") }.map { block in
            BankEntry.Structured(
                references: block.all("CdtrRefInf").flatMap { $0.all("Ref") }
                    + block.all("RfrdDocInf").flatMap { $0.all("Nb") },
                amount: block.at("RfrdDocAmt", "RmtdAmt"))
        }
        unstructured = remittance.flatMap { $0.all("Ustrd") }
        // The name lies one element deeper since version 8.
        debtorName =
            details.at("RltdPties", "Dbtr", "Pty", "Nm") ?? details.at("RltdPties", "Dbtr", "Nm")
        returnReason =
            details.at("RtrInf", "AddtlInf") ?? details.at("RtrInf", "Rsn", "Cd") ?? details.at(
                "RtrInf", "Rsn", "Prtry")
            ?? details.at("RtrInf")
    }
}

extension Element {
    /// The children of this name in the element's own namespace.
    func all(_ local: String) -> [Element] { children(named: local, namespace: name.namespace) }

    /// The first element down a path of names, all in the element's own namespace.
    func at(_ path: String...) -> Element? {
        var found = self
        for step in path {
            guard let next = found.children.first(where: { $0.name == Name(step, namespace: name.namespace) }) else {
                return nil
            }
            found = next
        }
        return found
    }

    /// Its text without white space at its ends.
    var string: String {
        let visible = text.drop { $0 <= 0x20 }.reversed().drop { $0 <= 0x20 }.reversed()
        return String(decoding: visible, as: UTF8.self)
    }

    /// An attribute as text.
    func string(of attribute: String) -> String? { value(of: attribute).map { String(decoding: $0, as: UTF8.self) } }
}
