/// The numbers of a jurisdiction; a key that `clinic.yml` writes itself overrides them.
///
/// They are a starting point and no legal advice: the sources are retellings, and the law changes.
package enum Profile: String, Sendable, CaseIterable {
    case england
    case australia
    case florida
    case california

    /// One key of `clinic.yml` as a profile sets it.
    package struct Setting: Sendable {
        package let key: String
        /// Whose number it is.
        package let source: String
        fileprivate let set: @Sendable (inout Policy) -> Void

        fileprivate init(_ key: String, _ source: String, _ set: @escaping @Sendable (inout Policy) -> Void) {
            self.key = key
            self.source = source
            self.set = set
        }
    }

    /// What it sets; every other key keeps its default.
    package var settings: [Setting] {
        switch self {
        case .england: Profile.ofEngland
        case .australia: Profile.ofAustralia
        case .florida: Profile.ofFlorida
        case .california: Profile.ofCalifornia
        }
    }

    /// The default policy with the profile's numbers.
    package var policy: Policy {
        settings.reduce(into: Policy()) { policy, setting in setting.set(&policy) }
    }

    private static let college = "RCS professional standards for cosmetic surgery, as CQC restates them (2016)"
    private static let council = "GMC, Guidance for doctors who offer cosmetic interventions (2016)"
    private static let board = "Medical Board of Australia, cosmetic surgery guidelines in force from 1 July 2023"
    private static let officeRules = "Florida office surgery rules (Board of Medicine)"
    private static let code = "California Business and Professions Code 2259.8"
    private static let custom = "custom of hospitals: consents are renewed after 30 to 90 days"

    /// Two stages, a fortnight apart, led by the operating surgeon.
    private static let ofEngland = [
        Setting("information_days", college) { $0.informationDays = 14 },
        Setting("two_stage_consent", college) { $0.twoStageConsent = true },
        Setting("cooling_off_days", college) { $0.coolingOffDays = 0 },
        Setting("consent_valid_days", "NHS consent form 1: consent is confirmed again after six months") {
            $0.consentValidDays = 180
        },
        Setting("minimum_age", council) { $0.minimumAge = 18 },
        Setting("minor_screening_required", "\(council): particular care with young people") {
            $0.minorScreeningRequired = true
        },
    ]

    /// Two consultations, a screening, a referral, and seven days before anything is booked or paid.
    private static let ofAustralia = [
        Setting("information_days", board) { $0.informationDays = 0 },
        Setting("two_stage_consent", board) { $0.twoStageConsent = true },
        Setting("consultations_required", board) { $0.consultationsRequired = 2 },
        Setting("in_person_consultation", board) { $0.inPersonConsultation = true },
        Setting("cooling_off_days", board) { $0.coolingOffDays = 7 },
        Setting("cooling_off_before", board) { $0.coolingOffBefore = .booking },
        Setting("minimum_age", board) { $0.minimumAge = 18 },
        Setting("minor_cooling_off_days", "\(board): three months") { $0.minorCoolingOffDays = 90 },
        Setting("minor_screening_required", board) { $0.minorScreeningRequired = true },
        Setting("screening_required", board) { $0.screeningRequired = true },
        Setting("referral_required", board) { $0.referralRequired = true },
        Setting("not_overridable", board) {
            $0.notOverridable = ["case.cooling-off", "consent.signed-too-soon"]
        },
    ]

    /// No days between, but limits for what is done in an office.
    private static let ofFlorida = [
        Setting("information_days", "no period is set") { $0.informationDays = 0 },
        Setting("cooling_off_days", "no period is set") { $0.coolingOffDays = 0 },
        Setting("consent_valid_days", custom) { $0.consentValidDays = 90 },
        Setting("setting", officeRules) { $0.setting = .office },
        Setting("office_volume_ml", "\(officeRules): 4000 mL of supernatant fat") {
            $0.officeVolumeMilliliters = 4_000
        },
        Setting("office_combined_volume_ml", "\(officeRules): 1000 mL with another procedure") {
            $0.officeCombinedVolumeMilliliters = 1_000
        },
        Setting("maximum_asa", "usual for offices: ASA III and above belong to a hospital") { $0.maximumASA = 2 },
        Setting("refused_warnings", "\(officeRules): levels II and III need an anesthesia provider") {
            $0.refusedWarnings = ["case.anesthetist-missing"]
        },
    ]

    /// No days between, but an examination and a clearance of the last thirty.
    private static let ofCalifornia = [
        Setting("information_days", "no period is set") { $0.informationDays = 0 },
        Setting("cooling_off_days", "no period is set") { $0.coolingOffDays = 0 },
        Setting("consent_valid_days", custom) { $0.consentValidDays = 90 },
        Setting("clearance_valid_days", code) { $0.clearanceValidDays = 30 },
        Setting("examination_valid_days", code) { $0.examinationValidDays = 30 },
        Setting("maximum_asa", "usual for surgery centers: ASA IV belongs to a hospital") { $0.maximumASA = 3 },
        Setting("office_volume_ml", "California Code of Regulations, title 16, 1356.6") {
            $0.officeVolumeMilliliters = 5_000
        },
        Setting("center_volume_ml", "California Code of Regulations, title 16, 1356.6") {
            $0.centerVolumeMilliliters = 5_000
        },
    ]
}
