/// The days between a patient's signature and what may follow it.
extension Pathway {
    /// The first day after the cooling-off of a consent; a minor may be given longer.
    func coolingOffEnd(of consent: Consent, in state: any ClinicState) throws -> (day: CalendarDate, days: Int)? {
        guard let signedAt = consent.agreedAt ?? consent.patientSignedAt else { return nil }
        let signed = zone.date(of: signedAt)
        let patient = try survivor(of: consent.mrn, in: state)
        let isMinor = patient.map { $0.birthDate.wholeYears(until: signed) < policy.ageOfMajority } ?? false
        let days = max(policy.coolingOffDays, isMinor ? policy.minorCoolingOffDays : 0)
        return (signed.adding(days: days), days)
    }

    /// Asked of the day of surgery, and where the clinic's policy says so of the day of booking.
    func checkCoolingOff(
        _ consent: ConsentTimes, day: CalendarDate, bookedOn booking: CalendarDate?, into ruling: inout Ruling
    ) {
        let (lawful, days) = (consent.firstDay, consent.coolingDays)
        let aside = "the patient signed \(zone.stamp(consent.patientSignedAt))"
        if day < lawful {
            ruling.refuse(
                .CaseRules.coolingOff, [.startsAt],
                "fewer than \(days) whole days lie between the patient's signature and the surgery",
                mend: "operate on \(lawful) or later", aside: aside)
        }
        if let booking, booking < lawful, policy.coolingOffBefore == .booking {
            ruling.refuse(
                .CaseRules.coolingOff, [.occurredAt],
                "the surgery is booked before \(days) whole days have passed since the patient's signature",
                mend: "book it on \(lawful) or later", aside: aside)
        }
    }

    /// Money for a surgery that the patient may still think over.
    func cautionAboutDeposit(
        _ payment: Payment, in state: any ClinicState, into ruling: inout Ruling
    ) throws {
        guard policy.coolingOffBefore == .booking, let plan = payment.plan else { return }
        let consents = try state.fetch(Consent.self, where: .plan(plan)).filter {
            $0.purpose == .surgical && $0.state == .signed
        }
        let lawful = try consents.compactMap { try coolingOffEnd(of: $0, in: state)?.day }.min()
        guard lawful.map({ zone.date(of: payment.paidAt) < $0 }) ?? true else { return }
        caution(
            Finding(
                .BillingRules.depositTooSoon, [.paidAt, .plan],
                "a deposit was taken before the patient's cooling-off was over",
                mend: lawful.map { "give it back, and take it on \($0) or later" }
                    ?? "give it back until the consent is signed and the cooling-off is over",
                aside: "\(plan)"),
            into: &ruling)
    }

    /// Patients who are too ill for surgery here, by the anesthetist's judgement.
    func checkASA(of surgicalCase: SurgicalCase, into ruling: inout Ruling) {
        guard let limit = policy.maximumASA, let given = surgicalCase.asaClass else { return }
        let classes = ["I", "II", "III", "IV", "V"]
        guard let status = classes.firstIndex(of: given).map({ $0 + 1 }) ?? Int(given), status > limit else { return }
        ruling.refuse(
            .CaseRules.asaLimit, [.asaClass], "the patient's ASA status is above \(limit), the highest taken here",
            mend: "refer the patient to a hospital", aside: "\(surgicalCase.surgicalCase): ASA \(given)")
    }
}
