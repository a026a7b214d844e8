/// Whether a consent stands on a day: derived for the day in question, never swept by the clock.
extension Consent {
    /// When the patient signed, or whoever signed for them.
    package var patientSignedAt: Instant? {
        (signature(of: .patient) ?? signature(of: .guardian))?.signedAt ?? signedAt
    }

    /// When the patient and, where one must, the guardian had agreed: thinking it over begins then.
    package var agreedAt: Instant? {
        [signature(of: .patient), signature(of: .guardian)].compactMap { $0?.signedAt }.max() ?? signedAt
    }

    /// The parties whose signatures are still missing.
    package var missingParties: [Party] { parties.filter { signature(of: $0) == nil } }
}

extension Pathway {
    /// Signed by all, not withdrawn or void, and signed no more than policy days before the day.
    package func isValid(_ consent: Consent, on day: CalendarDate) -> Bool {
        consent.state == .signed && !isExpired(consent, on: day)
    }

    /// The patient signed more than policy days before the day.
    package func isExpired(_ consent: Consent, on day: CalendarDate) -> Bool {
        guard let signedAt = consent.patientSignedAt else { return false }
        return zone.date(of: signedAt).days(until: day) > policy.consentValidDays
    }

    /// Whether a consent speaks of the operation that a version of its plan describes.
    func coversPlan(_ consent: Consent?, _ plan: ProcedurePlan, in state: any ClinicState) throws -> Bool {
        guard let consent, consent.plan == plan.plan else { return false }
        if consent.planVersion == plan.version { return true }
        return try state.versions(of: plan.plan).first { $0.version == consent.planVersion }
            .map { !$0.differsMaterially(from: plan, catalog) } ?? false
    }
}
