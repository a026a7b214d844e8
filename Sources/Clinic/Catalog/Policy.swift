/// The numbers and choices that the clinic sets in `clinic.yml`, by a profile and by its own keys.
package struct Policy: Hashable, Sendable, Codable {
    /// Whether a rule that may be either is a refusal or a warning.
    package enum Strictness: String, Sendable, Codable {
        case required = "REQUIRED"
        case warn = "WARN"
    }

    /// What must not happen before the cooling-off is over.
    package enum CoolingOffEnd: String, Sendable, Codable {
        case surgery = "SURGERY"
        /// Neither may the surgery be booked, nor a deposit be taken.
        case booking = "BOOKING"
    }

    /// What kind of place the clinic is before the law.
    package enum Setting: String, Sendable, Codable {
        case office = "OFFICE"
        case center = "CENTER"
        case hospital = "HOSPITAL"
    }

    // MARK: Consent

    /// Whole days from the first completed consultation to the patient's signature.
    package var informationDays = 14
    /// Information and signature belong to two different days.
    package var twoStageConsent = false
    /// Completed consultations before the patient signs.
    package var consultationsRequired = 1
    /// The operating surgeon has seen the patient in person before the patient signs.
    package var inPersonConsultation = false
    /// Whole days from the patient's signature to surgery, or to its booking.
    package var coolingOffDays = 0
    package var coolingOffBefore = CoolingOffEnd.surgery
    /// Whole days that a signed consent stands.
    package var consentValidDays = 180
    package var consentAutoIssue = false

    // MARK: The patient

    /// The clinic takes nobody who is younger.
    package var minimumAge = 18
    /// Below this age a guardian is named, and signs with the patient.
    package var ageOfMajority = 18
    /// As `coolingOffDays`, for a minor; the longer of the two counts.
    package var minorCoolingOffDays = 0
    package var minorScreeningRequired = false
    /// A psychological screening must be recorded before a plan is approved.
    package var screeningRequired = false
    /// The patient's record names who referred the patient before a plan is approved.
    package var referralRequired = false

    // MARK: Limits

    /// The clinic's own limit beside those of its procedures.
    package var maximumBMI: Int?
    /// The highest ASA physical status that is booked.
    package var maximumASA: Int?
    package var setting = Setting.center
    /// The most that may be taken by liposuction in an office.
    package var officeVolumeMilliliters: Int?
    /// The same when it is combined with another procedure.
    package var officeCombinedVolumeMilliliters: Int?
    /// The most that may be taken by liposuction in a surgery center.
    package var centerVolumeMilliliters: Int?

    // MARK: Before surgery

    /// Days that a clearance stands.
    package var clearanceValidDays = 30
    /// Days that an examination stands at most, whatever the requirement says.
    package var examinationValidDays: Int?
    /// Days that a laboratory result stands at most, whatever the requirement says.
    package var laboratoryValidDays: Int?
    package var checklist = Strictness.required
    /// Minutes that follow a case in its theater.
    package var turnoverMinutes = 15
    /// Minutes of the day and ISO weekdays at which consultations are held.
    package var consultationOpensAt = 8 * 60
    package var consultationClosesAt = 20 * 60
    package var consultationWeekdays = [1, 2, 3, 4, 5, 6]

    // MARK: Money

    /// Minutes from the end of a case to its bill; nil makes it at the end of the drain.
    package var billAfterMinutes: Int?
    package var paymentDueDays = 14
    package var depositRequired: Money?
    /// Hundredths of a percent on cosmetic surgery.
    package var standardTaxBasisPoints = 2000
    package var therapeuticExemption = "Medical care (VATEX-EU-132-1C)"
    /// A fixed charge for anesthesia and one per started quarter of an hour.
    package var anesthesiaBase = Money(minorUnits: 0)
    package var anesthesiaPerQuarterHour = Money(minorUnits: 0)
    /// Minutes that anesthesia may plausibly last beyond the patient's time in theater.
    package var anesthesiaMarginMinutes = 90
    package var facilityPerHour: Money?

    // MARK: Entries and accounts

    /// Seconds that a held entry waits before it is rejected.
    package var holdForSeconds = 86_400
    /// Days after which an entry that tells of the past is late.
    package var lateAfterDays = 30
    /// Seconds that an incomplete drop is waited for.
    package var incompleteAfterSeconds = 60
    package var bcryptCost = 10
    package var tokenValidHours = 72
    /// Wrong tokens after which an account is locked.
    package var tokenAttempts = 5
    package var minimumPasswordLength = 10
    /// Rules that warn by default and refuse here, by code.
    package var refusedWarnings: [String] = []
    /// Rules that may be overridden elsewhere and not here, by code.
    package var notOverridable: [String] = []

    package init() {}
}

extension Policy {
    /// The most that may be taken by liposuction where the clinic is; nil without a limit.
    package func maximumVolume(isCombined: Bool) -> Int? {
        switch setting {
        case .office where isCombined: officeCombinedVolumeMilliliters ?? officeVolumeMilliliters
        case .office: officeVolumeMilliliters
        case .center: centerVolumeMilliliters
        case .hospital: nil
        }
    }
}
