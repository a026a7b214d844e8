/// The numbers and choices that the clinic sets in `clinic.yml`.
package struct Policy: Hashable, Sendable, Codable {
    /// Whether a rule that may be either is a refusal or a warning.
    package enum Strictness: String, Sendable, Codable {
        case required = "REQUIRED"
        case warn = "WARN"
    }

    /// Whole days from the first completed consultation to the patient's signature.
    package var informationDays = 14
    /// Whole days from the patient's signature to surgery.
    package var coolingOffDays = 0
    /// Whole days that a signed consent stands.
    package var consentValidDays = 180
    package var minimumAge = 18
    /// Days that a clearance stands.
    package var clearanceValidDays = 30
    /// Seconds that a held entry waits before it is rejected.
    package var holdForSeconds = 86_400
    /// Days after which an entry that tells of the past is late.
    package var lateAfterDays = 30
    /// Minutes that follow a case in its theater.
    package var turnoverMinutes = 15
    /// Minutes from the end of a case to its bill; nil makes it at the end of the drain.
    package var billAfterMinutes: Int?
    package var paymentDueDays = 14
    package var consentAutoIssue = false
    package var checklist = Strictness.required
    package var depositRequired: Money?
    /// Hundredths of a percent on cosmetic surgery.
    package var standardTaxBasisPoints = 2000
    package var therapeuticExemption = "Medical care (VATEX-EU-132-1C)"
    /// A fixed charge for anesthesia and one per started quarter of an hour.
    package var anesthesiaBase = Money(minorUnits: 0)
    package var anesthesiaPerQuarterHour = Money(minorUnits: 0)
    package var facilityPerHour: Money?
    package var bcryptCost = 10
    package var tokenValidHours = 72
    /// Wrong tokens after which an account is locked.
    package var tokenAttempts = 5
    /// Seconds that an incomplete drop is waited for.
    package var incompleteAfterSeconds = 60
    package var minimumPasswordLength = 10
    /// Minutes of the day and ISO weekdays at which consultations are held.
    package var consultationOpensAt = 8 * 60
    package var consultationClosesAt = 20 * 60
    package var consultationWeekdays = [1, 2, 3, 4, 5, 6]
    /// Rules that warn by default and refuse here, by code.
    package var refusedWarnings: [String] = []
    /// A psychological screening must be recorded before a plan is approved.
    package var screeningRequired = false

    package init() {}
}
