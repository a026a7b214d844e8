/// What must stand before a patient is operated: asked when a case is booked, and again when it starts.
extension Pathway {
    /// Consent: signed by all, for this operation, standing at the time, and long enough ago.
    ///
    /// When booking, what can still come is waited for; at the start nothing is.
    func checkConsent(
        of plan: ProcedurePlan, at start: Instant, bookedOn booking: CalendarDate? = nil, mayWait: Bool,
        in state: any ClinicState, into ruling: inout Ruling
    ) throws {
        let day = zone.date(of: start)
        let times = try consentTimes(of: plan, in: state)
        let standing = times.filter { $0.signedAt <= start && day <= $0.lastDay }
        if let consent = standing.first(where: { $0.contains(start, on: day) }) ?? standing.first {
            return checkCoolingOff(consent, day: day, bookedOn: booking, into: &ruling)
        }
        let consents = try state.fetch(Consent.self, where: .plan(plan.plan)).filter { $0.purpose == .surgical }
        let listed = consents.map { "\($0.consent) is \($0.state.rawValue)" }.joined(separator: ", ")
        let isPending = consents.contains { $0.state == .issued || $0.state == .partiallySigned }
        if consents.isEmpty || isPending {
            ruling.refuse(
                .CaseRules.consentNotSigned, [.plan], "the plan has no surgical consent signed by all its parties",
                mend: "drop the consent and all its signatures", aside: consents.isEmpty ? nil : listed,
                waitingFor: mayWait ? [.plan(plan.plan)] + consents.map { .consent($0.consent) } : [])
        } else {
            ruling.refuse(
                .CaseRules.consentNotValidThen, [.plan, .startsAt],
                whyNotThen(times, consents, at: start, on: day), mend: mend(times, at: start), aside: listed)
        }
    }

    /// What speaks against the consent that came nearest to standing at the time of surgery.
    private func whyNotThen(
        _ signed: [ConsentTimes], _ consents: [Consent], at start: Instant, on day: CalendarDate
    ) -> String {
        if signed.contains(where: { $0.signedAt > start }) { return "the consent was signed after that time" }
        if !signed.isEmpty {
            return "the patient's signature is more than \(policy.consentValidDays) days old on that day"
        }
        let states = consents.map(\.state)
        if states.contains(.signed) { return "the signed consent is to another operation than the approved plan's" }
        if states.contains(.withdrawn) { return "the consent has been withdrawn" }
        if states.contains(.declined) { return "the consent was declined" }
        if states.contains(.void) { return "the consent is void" }
        return "the consent has expired"
    }

    /// The earliest or latest lawful day, where there is one.
    private func mend(_ signed: [ConsentTimes], at start: Instant) -> String {
        if let earliest = signed.filter({ $0.signedAt > start }).map({ max($0.firstDay, zone.date(of: $0.signedAt)) })
            .min()
        {
            return "operate on \(earliest) or later, after the consent was signed"
        }
        if let latest = signed.map(\.lastDay).max() {
            return "operate on \(latest) or earlier, or have a new consent signed"
        }
        return "create a new consent and have it signed"
    }

    /// When each of a plan's signed consents that speak of its operation stands.
    func consentTimes(of plan: ProcedurePlan, in state: any ClinicState) throws -> [ConsentTimes] {
        try state.fetch(Consent.self, where: .plan(plan.plan)).compactMap { consent in
            guard consent.purpose == .surgical, consent.state == .signed, try coversPlan(consent, plan, in: state),
                let signedAt = consent.signedAt
            else { return nil }
            let day = zone.date(of: consent.patientSignedAt ?? signedAt)
            let cooling = try coolingOffEnd(of: consent, in: state)
            return ConsentTimes(
                signedAt: signedAt, patientSignedAt: consent.agreedAt ?? consent.patientSignedAt ?? signedAt,
                firstDay: cooling?.day ?? day, coolingDays: cooling?.days ?? 0,
                lastDay: day.adding(days: policy.consentValidDays))
        }
    }

    /// What a search for another time asks of a time: all that the law asks and that the time asked for does not
    /// already fail, since no later time would mend that.
    func lawfulTimes(
        for proposed: SurgicalCase, _ plan: ProcedurePlan, from start: Instant, in state: any ClinicState
    ) throws -> FreeSlotSearch {
        let day = zone.date(of: start)
        let consents = try consentTimes(of: plan, in: state).filter { day <= $0.lastDay }
        let first = max(day, consents.map(\.firstDay).min() ?? day)
        let asksClearance = try clearanceGaps(of: plan, on: first, in: state).isEmpty
        let asksPrivileges = privilegeGaps(of: proposed, on: first).isEmpty
        let asksStock = try stockIsThere(for: plan, on: first, in: state)
        return FreeSlotSearch(start: start) { candidate in
            let day = zone.date(of: candidate)
            if !consents.isEmpty, !consents.contains(where: { $0.contains(candidate, on: day) }) { return false }
            if asksPrivileges, !privilegeGaps(of: proposed, on: day).isEmpty { return false }
            if asksClearance, try !clearanceGaps(of: plan, on: day, in: state).isEmpty { return false }
            return try !asksStock || stockIsThere(for: plan, on: day, in: state)
        }
    }

    private func stockIsThere(for plan: ProcedurePlan, on day: CalendarDate, in state: any ClinicState) throws -> Bool {
        try FirstExpiredFirstOut(for: plan.plan, needs: neededItems(of: plan), on: day, in: state).shortages.isEmpty
    }

    func checkClearance(
        of plan: ProcedurePlan, on day: CalendarDate, mayWait: Bool, in state: any ClinicState,
        into ruling: inout Ruling
    ) throws {
        let gaps = try clearanceGaps(of: plan, on: day, in: state)
        guard !gaps.isEmpty else { return }
        ruling.refuse(
            .CaseRules.notCleared, [.plan], "the patient is not cleared for surgery on the day",
            mend: "meet what is missing and give the clearance again", aside: gaps.joined(separator: "; "),
            waitingFor: mayWait ? [.plan(plan.plan)] : [])
    }

    func checkPrivileges(of surgicalCase: SurgicalCase, on day: CalendarDate, into ruling: inout Ruling) {
        checkPapers(of: surgicalCase.surgeon, for: surgicalCase.procedures.map(\.code), on: day, into: &ruling)
    }

    /// What the surgeon of a case lacks on a day; nothing is said of a surgeon who is not on the staff list.
    private func privilegeGaps(of surgicalCase: SurgicalCase, on day: CalendarDate) -> [String] {
        catalog.staff[surgicalCase.surgeon]?.gaps(for: surgicalCase.procedures.map(\.code), on: day) ?? []
    }

    /// Procedure, side and surgeon, where the entry names them, are those of the plan.
    ///
    /// A side that stands in a field of its own is that of each procedure named beside it.
    func checkAgainstPlan(_ command: Command, _ plan: ProcedurePlan, into ruling: inout Ruling) {
        var fields: [Field] = []
        var differing: [String] = []
        func note(_ field: Field, _ name: String) {
            if !fields.contains(field) { fields.append(field) }
            if !differing.contains(name) { differing.append(name) }
        }
        if let surgeon: StaffID = command.id(.surgeon), surgeon != plan.surgeon { note(.surgeon, "surgeon") }
        let named =
            command.list(.procedure)
            ?? command.text(.procedure).map { $0.split(separator: ";").map(String.init) } ?? []
        let side = command.text(.side)
        for entry in named {
            let parts = entry.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            let code = ProcedureCode(parts[0])
            let planned = plan.procedures.filter { $0.code == code }
            if planned.isEmpty {
                note(.procedure, "procedure")
            } else if parts.count > 1, !planned.contains(where: { $0.side.isWritten(parts[1]) }) {
                note(.procedure, "side")
            } else if let side, !planned.contains(where: { $0.side.isWritten(side) }) {
                note(.side, "side")
            }
        }
        if let side, named.isEmpty, !plan.procedures.contains(where: { $0.side.isWritten(side) }) {
            note(.side, "side")
        }
        guard !fields.isEmpty else { return }
        ruling.refuse(
            .CaseRules.differsFromPlan, fields,
            differing.count == 1
                ? "the \(differing[0]) is not that of the approved plan"
                : "\(differing.joined(separator: " and ")) are not those of the approved plan",
            mend: "correct the entry, or revise the plan and have it approved and consented again",
            aside: "planned is \(plan.wording(in: catalog)) by \(catalog.name(of: plan.surgeon))")
    }

    func checkDeposit(for plan: ProcedurePlan, in state: any ClinicState, into ruling: inout Ruling) throws {
        guard let required = policy.depositRequired else { return }
        let payments = try state.fetch(Payment.self, where: .plan(plan.plan)).filter {
            $0.type == .payment && $0.state != .reversed && $0.state != .refunded
        }
        let paid = payments.map { $0.amount - $0.returned }.total
        guard paid < required else { return }
        caution(
            Finding(
                .CaseRules.depositUnpaid, [.plan], "the deposit for the plan has not been paid in full",
                mend: "ask the patient for the deposit",
                aside: "paid \(catalog.currency.decimal(paid)) of \(catalog.currency.decimal(required))"),
            into: &ruling)
    }
}

/// From when to when a signed consent allows the surgery.
struct ConsentTimes {
    /// When the last of its parties signed.
    let signedAt: Instant
    /// When the patient agreed: cooling off is counted from that day.
    let patientSignedAt: Instant
    /// The first day after cooling off.
    let firstDay: CalendarDate
    let coolingDays: Int
    let lastDay: CalendarDate

    func contains(_ start: Instant, on day: CalendarDate) -> Bool {
        signedAt <= start && firstDay <= day && day <= lastDay
    }
}

extension Side {
    /// Whether an entry writes this side, and nothing else.
    fileprivate func isWritten(_ text: String) -> Bool { rawValue.utf8.elementsEqual(text.utf8) }
}
