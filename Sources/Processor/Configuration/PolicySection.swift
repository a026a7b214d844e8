package import Clinic

extension PolicyKey {
    /// Every key of `policy:`, in the order of `clinic.yml`.
    static let all = consent + patient + limits + beforeSurgery + money + entries

    private static let consent: [PolicyKey] = [
        .number("information_days", \.informationDays, 0...365),
        .flag("two_stage_consent", \.twoStageConsent),
        .number("consultations_required", \.consultationsRequired, 1...9),
        .flag("in_person_consultation", \.inPersonConsultation),
        .number("cooling_off_days", \.coolingOffDays, 0...365),
        .choice("cooling_off_before", \.coolingOffBefore, [.surgery, .booking]),
        .number("consent_valid_days", \.consentValidDays, 1...3650),
        .flag("consent_auto_issue", \.consentAutoIssue),
    ]

    private static let patient: [PolicyKey] = [
        .number("minimum_age", \.minimumAge, 0...120),
        .number("age_of_majority", \.ageOfMajority, 14...25),
        .number("minor_cooling_off_days", \.minorCoolingOffDays, 0...3650),
        .flag("minor_screening_required", \.minorScreeningRequired),
        .flag("screening_required", \.screeningRequired),
        .flag("referral_required", \.referralRequired),
    ]

    private static let limits: [PolicyKey] = [
        .limit("maximum_bmi", \.maximumBMI, 15...80),
        .limit("maximum_asa", \.maximumASA, 1...5),
        .choice("setting", \.setting, [.office, .center, .hospital]),
        .limit("office_volume_ml", \.officeVolumeMilliliters, 1...20_000),
        .limit("office_combined_volume_ml", \.officeCombinedVolumeMilliliters, 1...20_000),
        .limit("center_volume_ml", \.centerVolumeMilliliters, 1...20_000),
    ]

    private static let beforeSurgery: [PolicyKey] = [
        .number("clearance_valid_days", \.clearanceValidDays, 1...3650),
        .limit("examination_valid_days", \.examinationValidDays, 1...3650),
        .limit("laboratory_valid_days", \.laboratoryValidDays, 1...3650),
        .choice("checklist", \.checklist, [.required, .warn]),
        .number("turnover_minutes", \.turnoverMinutes, 0...240),
        .clock("consultation_opens_at", \.consultationOpensAt),
        .clock("consultation_closes_at", \.consultationClosesAt),
        .weekdays("consultation_weekdays", \.consultationWeekdays),
    ]

    private static let money: [PolicyKey] = [
        .limit("bill_after_minutes", \.billAfterMinutes, 0...100_000),
        .number("payment_due_days", \.paymentDueDays, 0...365),
        .charge("deposit_required", \.depositRequired),
        .number("standard_tax_basis_points", \.standardTaxBasisPoints, 0...10_000),
        .text("therapeutic_exemption", \.therapeuticExemption),
        .money("anesthesia_base", \.anesthesiaBase),
        .money("anesthesia_per_quarter_hour", \.anesthesiaPerQuarterHour),
        .number("anesthesia_margin_minutes", \.anesthesiaMarginMinutes, 0...1440),
        .charge("facility_per_hour", \.facilityPerHour),
    ]

    private static let entries: [PolicyKey] = [
        .number("hold_for_seconds", \.holdForSeconds, 0...31_536_000),
        .number("late_after_days", \.lateAfterDays, 0...3650),
        .number("incomplete_after_seconds", \.incompleteAfterSeconds, 1...86_400),
        .number("bcrypt_cost", \.bcryptCost, 4...16),
        .number("token_valid_hours", \.tokenValidHours, 1...8760),
        .number("token_attempts", \.tokenAttempts, 1...100),
        .number("minimum_password_length", \.minimumPasswordLength, 8...64),
        .rules("refused_warnings", \.refusedWarnings, that: "warns") { $0.weight == .warns },
        .rules("not_overridable", \.notOverridable, that: "may be overridden") { $0.isOverridable },
    ]
}

extension Policy {
    /// Its keys in `clinic.yml`.
    static let keys = PolicyKey.all.map(\.name)

    /// What is left out keeps what the profile says, and where that says nothing its default.
    init(reading section: Section, profile: Profile?, currency: Currency?) {
        self = profile?.policy ?? Policy()
        for key in PolicyKey.all { key.read(&self, section, currency ?? .unstated) }
        if consultationClosesAt <= consultationOpensAt {
            section.report("consultations end before they begin", at: "consultation_closes_at")
        }
    }
}

/// A number of the policy that is in force, and who says so.
package struct PolicySetting: Hashable, Sendable {
    package enum Origin: Hashable, Sendable {
        case standard
        /// Whose number it is.
        case profile(Profile, source: String)
        case file(FilePlace)
    }

    package let key: String
    package let value: String
    package let origin: Origin
    /// What a profile sets, where `clinic.yml` says otherwise: `instead of profile australia's true`.
    package let aside: String?

    static func all(
        of policy: Policy, profile: Profile?, written section: Section?, currency: Currency
    ) -> [PolicySetting] {
        PolicyKey.all.map { key in
            var origin = Origin.standard
            if let profile, let setting = profile.settings.first(where: { $0.key == key.name }) {
                origin = .profile(profile, source: setting.source)
            }
            let value = key.show(policy, currency)
            guard let section, section.has(key.name) else {
                return PolicySetting(key: key.name, value: value, origin: origin, aside: nil)
            }
            var aside: String?
            if let profile, case .profile = origin {
                let other = key.show(profile.policy, currency)
                let word = key.addsToProfile ? "added to" : "instead of"
                if other != value { aside = "\(word) profile \(profile.rawValue)'s \(other)" }
            }
            return PolicySetting(
                key: key.name, value: value, origin: .file(section.place(of: key.name)), aside: aside)
        }
    }

    /// What a profile puts in force by itself.
    package static func all(of profile: Profile) -> [PolicySetting] {
        all(of: profile.policy, profile: profile, written: nil, currency: .unstated)
    }
}
