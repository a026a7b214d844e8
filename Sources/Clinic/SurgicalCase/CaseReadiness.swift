/// What must stand before a patient is operated: asked when a case is booked, and again when it starts.
extension Pathway {
    /// Consent: signed by all, for this operation, standing at the time, and long enough ago.
    ///
    /// When booking, what can still come is waited for; at the start nothing is.
    func checkConsent(
        of plan: ProcedurePlan, at start: Instant, bookedOn booking: CalendarDate? = nil, mayWait: Bool,
        in state: any ClinicState, into ruling: inout Ruling
    ) throws {
        let consents = try state.fetch(Consent.self, where: .plan(plan.plan)).filter { $0.purpose == .surgical }
        let day = zone.date(of: start)
        let signed = try consents.filter { try $0.state == .signed && coversPlan($0, plan, in: state) }
        if let consent = signed.first(where: { isValid($0, on: day) && ($0.signedAt ?? start) <= start }) {
            return try checkCoolingOff(consent, day: day, bookedOn: booking, in: state, into: &ruling)
        }
        let listed = consents.map { "\($0.consent) is \($0.state.rawValue)" }.joined(separator: ", ")
        let isPending = consents.contains { $0.state == .issued || $0.state == .partiallySigned }
        if consents.isEmpty || isPending {
            ruling.refuse(
                .CaseRules.consentNotSigned, [.plan], "the plan has no surgical consent signed by all its parties",
                mend: "drop the consent and all its signatures", aside: listed,
                waitingFor: mayWait ? [.plan(plan.plan)] + consents.map { .consent($0.consent) } : [])
        } else {
            ruling.refuse(
                .CaseRules.consentNotValidThen, [.plan, .startsAt],
                "the consent does not stand at the time of surgery",
                mend: "create a new consent and have it signed", aside: listed)
        }
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

    /// Procedure, side and surgeon, where the entry names them, are those of the plan.
    func checkAgainstPlan(_ command: Command, _ plan: ProcedurePlan, into ruling: inout Ruling) {
        var fields: [Field] = []
        if let surgeon: StaffID = command.id(.surgeon), surgeon != plan.surgeon { fields.append(.surgeon) }
        let named =
            command.list(.procedure)
            ?? command.text(.procedure).map { $0.split(separator: ";").map(String.init) } ?? []
        for entry in named {
            let parts = entry.split(separator: ":", maxSplits: 1)
            let side = parts.count > 1 ? Side(rawValue: String(parts[1])) : nil
            let isPlanned = plan.procedures.contains { planned in
                parts.first.map { ProcedureCode(String($0)) == planned.code } ?? false
                    && (side ?? planned.side) == planned.side
            }
            if !isPlanned, !fields.contains(.procedure) { fields.append(.procedure) }
        }
        if let side = command.text(.side).flatMap(Side.init(rawValue:)),
            !plan.procedures.contains(where: { $0.side == side })
        {
            fields.append(.side)
        }
        guard !fields.isEmpty else { return }
        ruling.refuse(
            .CaseRules.differsFromPlan, fields, "the entry says otherwise than the approved plan",
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
