/// The keys of `clinic.yml` that govern rules.
extension Rule {
    /// All keys whose numbers the rule asks for, the main one first.
    package var policies: [String] {
        let main = policy.map { [$0] } ?? []
        return main + (Rule.furtherPolicies[code] ?? []).filter { $0 != policy }
    }

    /// Keys that govern every rule of its weight, besides its own: how long it holds, whether it refuses here, and
    /// whether anybody overrides it here.
    package var generalPolicies: [String] {
        let keys: [String?] = [
            weight == .holds ? "hold_for_seconds" : nil, weight == .warns ? "refused_warnings" : nil,
            isOverridable ? "not_overridable" : nil,
        ]
        return keys.compactMap(\.self).filter { !policies.contains($0) }
    }

    /// What a rule asks for beside the key that stands with it.
    private static let furtherPolicies = [
        "patient.minor-without-guardian": ["age_of_majority"],
        "consultation.outside-hours": ["consultation_closes_at", "consultation_weekdays"],
        "plan.screening-missing": ["minor_screening_required", "age_of_majority"],
        "plan.volume-limit": ["office_volume_ml", "office_combined_volume_ml", "center_volume_ml"],
        "consent.signed-too-soon": ["two_stage_consent"],
        "consent.party-not-required": ["age_of_majority"],
        "preop.result-out-of-date": ["examination_valid_days", "laboratory_valid_days"],
        "case.not-cleared": ["examination_valid_days", "laboratory_valid_days"],
        "case.cooling-off": ["cooling_off_before", "minor_cooling_off_days", "age_of_majority"],
        "payment.deposit-too-soon": ["cooling_off_days", "minor_cooling_off_days", "age_of_majority"],
    ]
}
