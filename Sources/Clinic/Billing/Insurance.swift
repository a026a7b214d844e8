/// What a patient's insurer has to do with a surgery: what it pays for, and what speaks against it.
struct Insurance {
    /// The insurer, where it has a part in the surgery.
    var payer: Payer?
    var coversTherapeutic = false
    /// Cosmetic surgery is covered where the insurer authorized it and the plan has nothing therapeutic.
    var coversCosmetic = false
    /// The most that was authorized for the plan; nil where no amount was.
    var authorized: Money?
    var findings: [Finding] = []

    func covers(_ line: Bill.Line) -> Bool { line.isTherapeutic ? coversTherapeutic : coversCosmetic }
}

extension Pathway {
    /// The insurance of a plan's surgery on a day.
    func insurance(of patient: Patient, for plan: ProcedurePlan?, on day: CalendarDate) -> Insurance {
        guard let coverage = patient.coverage, let payer = catalog.payer(PayerID(coverage.insurer), at: day) else {
            return Insurance()
        }
        let who = "patient \(patient.mrn), \(payer.name), \(day)"
        var insurance = Insurance()
        if coverage.from.map({ day < $0 }) ?? false || coverage.to.map({ $0 < day }) ?? false {
            insurance.findings.append(
                Finding(
                    .BillingRules.inactive, [.coverageFrom, .coverageTo], "the insurance is not in force on the day",
                    mend: "correct the coverage of the patient; a bill that went out is cancelled then, and made anew",
                    aside: who))
            return insurance
        }
        let isOver = plan?.authorizedUntil.map { $0 < day } ?? false
        let isAuthorized = plan?.authorization != nil && !isOver
        let isTherapeutic = plan?.hasPart(.therapeutic) ?? false
        insurance.coversTherapeutic = isTherapeutic && (isAuthorized || !payer.needsAuthorization)
        insurance.coversCosmetic = isAuthorized && !isTherapeutic
        insurance.authorized = isAuthorized ? plan?.authorizedAmount : nil
        let leavesTherapeutic = isTherapeutic && !insurance.coversTherapeutic
        let leavesCosmetic = plan?.hasPart(.cosmetic) ?? true && !insurance.coversCosmetic
        if insurance.coversTherapeutic || insurance.coversCosmetic { insurance.payer = payer }
        if leavesTherapeutic || leavesCosmetic {
            insurance.findings.append(
                Finding(
                    .BillingRules.notCovered, [.purpose, .authorization, .authorizedUntil],
                    insurance.payer != nil
                        ? "the insurer has no part in what is cosmetic"
                        : isOver ? "the insurer's authorization is over on the day" : "the insurer has no part in it",
                    mend: "nothing for cosmetic surgery; else obtain the insurer's authorization for the day",
                    aside: who))
        }
        return insurance
    }

    /// Warns of what an insurer will not pay, while something can still be done about it.
    func cautionAboutInsurance(
        of patient: Patient, for plan: ProcedurePlan, on day: CalendarDate, into ruling: inout Ruling
    ) {
        for finding in insurance(of: patient, for: plan, on: day).findings { caution(finding, into: &ruling) }
    }

    /// Warns of what an insurer will not pay on the day of a booking and would have paid on the day that was planned.
    func cautionAboutInsurance(
        of patient: Patient, for plan: ProcedurePlan, booked day: CalendarDate, into ruling: inout Ruling
    ) {
        let planned = plan.plannedFor ?? plan.approvedAt.map { zone.date(of: $0) } ?? day
        let known = insurance(of: patient, for: plan, on: planned).findings.map(\.detail)
        for finding in insurance(of: patient, for: plan, on: day).findings where !known.contains(finding.detail) {
            caution(finding, into: &ruling)
        }
    }

    /// The finding that an authorization was for less than the insurer's part came to.
    func beyondAuthorization(of surgicalCase: SurgicalCase) -> Finding {
        Finding(
            .BillingRules.notCovered, [.authorizedAmount], "the insurer's part is more than it authorized",
            mend: "obtain a higher authorization before the surgery; the patient pays what is beyond it",
            aside: "case \(surgicalCase.surgicalCase), patient \(surgicalCase.mrn)")
    }
}

/// What an insurer pays of one more bill: its contract, without what earlier bills used up.
struct InsuranceTerms {
    var basisPoints: Int
    var writeOffBasisPoints: Int
    /// What is left of the deductible of the policy's year.
    var deductible: Money
    /// What is left to the most that it pays for a case.
    var cap: Money?
    /// What is left of the amount authorized.
    var authorized: Money?

    /// The terms of a payer; the deductible is the policy year's, cap and authorization are the case's.
    init(_ payer: Payer, authorized: Money?, afterCase caseBills: [Bill], inYear yearBills: [Bill]) {
        // A bill credited whole, like one cancelled, leaves the deductible as it was before it.
        let used = yearBills.filter { $0.insurer == payer.id && $0.state != .cancelled && $0.state != .adjusted }
        let paid = caseBills.filter { $0.insurer == payer.id && $0.state != .cancelled }.map(\.insurerShare).total
        basisPoints = payer.basisPoints
        writeOffBasisPoints = payer.writeOffBasisPoints
        deductible = max(.zero, payer.deductible - used.map(\.deductible).total)
        cap = payer.cap.map { max(.zero, $0 - paid) }
        self.authorized = authorized.map { max(.zero, $0 - paid) }
    }

    /// The part of an agreed charge that falls under the deductible.
    func deducts(of agreed: Money) -> Money { min(deductible, agreed) }

    /// The percentage of what is above the deductible, up to the cap and to what was authorized.
    func pays(of agreed: Money) -> Money {
        let share = due(of: agreed)
        return min(share, authorized ?? share)
    }

    /// Whether the authorization is for less than the contract comes to.
    func isBeyondAuthorization(_ agreed: Money) -> Bool { authorized.map { $0 < due(of: agreed) } ?? false }

    private func due(of agreed: Money) -> Money {
        let share = (agreed - deducts(of: agreed)).share(basisPoints: basisPoints)
        return min(share, agreed, cap ?? share)
    }
}

extension Patient.Coverage {
    /// The year of the policy that a day lies in: from its anniversary, or from new year where its beginning is unknown.
    func year(of day: CalendarDate) -> Range<CalendarDate> {
        let start = from?.parts ?? (year: 0, month: 1, day: 1)
        /// A policy of 29 February begins its other years in March.
        func anniversary(_ year: Int) -> CalendarDate {
            CalendarDate(year: year, month: start.month, day: start.day)
                ?? CalendarDate(year: year, month: 3, day: 1) ?? day
        }
        let year = day.parts.year
        return anniversary(year) <= day
            ? anniversary(year)..<anniversary(year + 1) : anniversary(year - 1)..<anniversary(year)
    }
}
