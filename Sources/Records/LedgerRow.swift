package import Clinic

/// One row of the ledger.
package struct LedgerRow: Hashable, Sendable {
    package let stream: String
    /// From 1, without gaps.
    package let sequence: Int64
    package let occurredAt: Instant
    package let decidedAt: Instant
    package let drop: Int64?
    package let entry: Int?
    /// Such as `plan.approved`; `entry.rejected` for a rejection.
    package let kind: String
    /// Whom or what it is about: the raw value of a key.
    package let subject: String
    package let patient: String?
    /// The hash of rule set and configuration that decided.
    package let configuration: String
    /// SHA-256 of salt and payload.
    package let payloadHash: [UInt8]
    package let previousHash: [UInt8]
    package let hash: [UInt8]
    /// Canonical JSON; nil when it was erased.
    package let payload: [UInt8]?
}

/// How long the ledger is and how it ends.
package struct LedgerHead: Hashable, Sendable {
    package let length: Int64
    /// 32 zero bytes for the empty ledger.
    package let hash: [UInt8]
}

/// What checking the ledger came to.
package enum LedgerVerdict: Hashable, Sendable {
    /// Chain, payloads and tables agree; some payloads may have been erased by right.
    case sound(LedgerHead, erased: Int)
    /// The first row that is wrong, and why.
    case brokenRow(sequence: Int64, reason: String)
    /// The chain is whole, and a table holds something else than the events wrote.
    case differs(table: String, id: String, reason: String)

    package var isSound: Bool {
        if case .sound = self { true } else { false }
    }
}

/// Which ledger rows are asked for.
package enum LedgerQuestion: Hashable, Sendable {
    case subject(Key)
    case patient(MRN)
    case drop(Int64)
    case entry(drop: Int64, entry: Int)
    case after(sequence: Int64, limit: Int)
}
