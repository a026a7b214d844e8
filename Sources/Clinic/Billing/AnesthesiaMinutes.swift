/// The minutes of anesthesia that a bill charges, held against the operation that they were given for.
extension Pathway {
    /// Anesthesia begins before an operation and ends after it: fewer minutes than the operation took, or many more, are
    /// mostly a slip, and would be charged.
    func cautionAboutAnesthesia(of surgicalCase: SurgicalCase, into ruling: inout Ruling) {
        guard surgicalCase.anesthesia != .withoutAnesthesia, let told = surgicalCase.anesthesiaMinutes,
            let start = surgicalCase.startedAt, let end = surgicalCase.endedAt, start < end
        else { return }
        let shortest = start.seconds(until: end) / 60
        let presence = min(start, surgicalCase.signInAt ?? start).seconds(until: end) / 60
        let longest = presence + policy.anesthesiaMarginMinutes
        guard !(shortest...longest).contains(told) else { return }
        caution(
            Finding(
                .BillingRules.anesthesiaMinutes, [.anesthesiaMinutes],
                told < shortest
                    ? "the anesthesia is told shorter than the operation was"
                    : "the anesthesia is told much longer than the patient was in theater",
                mend: "correct the minutes by a NOTE of the case before it is billed; nothing, if they are right",
                aside: "case \(surgicalCase.surgicalCase): \(told) minutes; the operation took \(shortest), "
                    + "and at most \(longest) are expected"),
            into: &ruling)
    }
}
