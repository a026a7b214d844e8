/// What happened, in a clerk's words.
enum EventWords {
    /// The words for a kind of event; one that has none yet is told by its name.
    static func of(_ kind: String) -> String {
        words[kind] ?? kind.split(separator: ".").joined(separator: " ").split(separator: "-").joined(separator: " ")
    }

    /// The words for the cause of an event, `plan.revised plan:P-1`, with what it was about.
    static func ofCause(_ cause: String) -> String {
        let parts = cause.split(separator: " ", maxSplits: 1).map(String.init)
        return of(parts.first ?? cause) + (parts.count > 1 ? " [\(parts[1])]" : "")
    }

    /// Whether a kind has words of its own.
    static func knows(_ kind: String) -> Bool { words[kind] != nil }

    private static let words = patients.merging(planning) { one, _ in one }.merging(surgery) { one, _ in one }
        .merging(money) { one, _ in one }

    private static let patients = [
        "registration.initiated": "the front desk opened a registration",
        "patient.registered": "the patient was registered and got their number",
        "patient.updated": "the patient's record was changed",
        "patient.merged": "the record was merged into another",
        "patient.unmerged": "a merge was undone",
        "patient.told-apart": "two records were told to be different people",
        "patient.deactivated": "the record was made inactive",
        "patient.reactivated": "the record was made active again",
        "patient.deceased": "the patient's death was recorded",
        "account.opened": "an account for the portal was opened",
        "account.verified": "the patient confirmed the account",
        "account.token-refused": "a wrong one-time token was given for the account",
        "account.locked": "the account was locked after too many wrong tokens",
        "account.closed": "the account was closed",
        "account.token-withdrawn": "the account's one-time link was withdrawn",
        "records.requested": "the patient asked for their records",
        "records.released": "the patient's records were released",
        "entry.rejected": "an entry was rejected",
        "configuration.applied": "the clinic's configuration was taken into use",
        "decision.reject": "an operator rejected a held entry",
        "decision.release": "an operator had a held entry decided again",
    ]

    private static let planning = [
        "consultation.scheduled": "a consultation was booked",
        "consultation.rescheduled": "the consultation was moved",
        "consultation.completed": "the consultation took place",
        "consultation.amended": "the consultation's notes were amended",
        "consultation.cancelled": "the consultation was cancelled",
        "consultation.no-show": "the patient did not come to the consultation",
        "plan.drafted": "a plan was drafted",
        "plan.revised": "the plan was revised",
        "plan.approved": "the surgeon approved the plan",
        "plan.cancelled": "the plan was cancelled",
        "plan.fulfilled": "the plan was fulfilled",
        "consent.issued": "a consent was issued",
        "consent.alias-added": "the sender's number was added to the consent",
        "consent.acknowledged": "clauses of the consent were acknowledged",
        "consent.asked": "the patient asked a question",
        "consent.answered": "the patient's question was answered",
        "consent.signed": "a party signed the consent",
        "consent.declined": "the patient declined the consent",
        "consent.withdrawn": "the patient withdrew the consent",
        "consent.voided": "the consent became void",
        "consent.expired": "the consent expired",
        "preop.ordered": "a requirement was ordered",
        "preop.result-received": "a result was received",
        "preop.result-undone": "a result was taken back",
        "preop.given": "something required was given or done",
        "preop.acknowledged": "the patient acknowledged an instruction",
        "preop.waived": "a requirement was waived",
        "preop.cleared": "the patient was cleared for surgery",
        "preop.deferred": "the surgery was deferred",
        "preop.lapsed": "the clearance lapsed",
    ]

    private static let surgery = [
        "case.created": "a case was created",
        "case.scheduled": "the case was booked with theater and team",
        "case.rescheduled": "the case was moved",
        "case.postponed": "the case was postponed",
        "case.cancelled": "the case was cancelled",
        "case.signed-in": "the patient was signed in",
        "case.started": "the surgery began",
        "case.timed-out": "the team held its time-out",
        "case.signed-out": "the team signed out",
        "case.completed": "the surgery was completed",
        "case.abandoned": "the surgery was given up",
        "case.noted": "a note was added to the case",
        "case.withdrawn-late": "the consent had been withdrawn before the start, which was told only afterwards",
        "case.deceased-late": "the patient was recorded as deceased before the start, which was told only afterwards",
        "case.consent-void-late": "the consent was found to be in another patient's name after the start",
        "case.post-op": "post-operative care was ordered",
        "inventory.received": "stock was received",
        "inventory.reserved": "stock was reserved",
        "inventory.released": "a reservation was released",
        "inventory.used": "stock was used in the case",
        "inventory.returned": "stock came back from the case",
        "inventory.wasted": "stock was wasted",
        "inventory.disposed": "stock was disposed of",
        "inventory.returned-to-supplier": "stock was returned to the supplier",
        "inventory.counted": "stock was counted",
        "inventory.transferred": "stock was moved to another place",
        "inventory.quarantined": "a lot was quarantined",
        "inventory.accepted": "a lot was accepted again",
        "inventory.recalled": "a lot was recalled",
        "inventory.voided": "a movement of stock was undone",
        "inventory.incident": "a refused use was kept as an incident",
    ]

    private static let money = [
        "bill.due": "a bill became due to be made",
        "bill.not-due": "no bill is to be made after all",
        "bill.withheld": "the bill is withheld until what it lacks is there",
        "bill.discount-agreed": "a discount on the case was agreed",
        "bill.discount-given": "the agreed discount was given",
        "bill.issued": "the bill was issued",
        "bill.adjusted": "the bill was adjusted",
        "bill.cancelled": "the bill was cancelled",
        "payment.received": "a payment was received",
        "payment.allocated": "a payment was set against the bill",
        "payment.unallocated": "a payment was taken off the bill, which is another patient's",
        "payment.refunded": "a payment was refunded",
        "payment.reversed": "a payment was reversed",
    ]
}
