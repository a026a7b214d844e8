/// The rules about procedure plans.
extension Rule {
    package enum PlanRules {
        package static let unknown = Rule(
            "plan.unknown", "The number on an entry is that of a plan.", phase: .plan, hl7: .unknownKey,
            weight: .holds, policy: "hold_for_seconds")
        package static let exists = Rule(
            "plan.exists", "A number belongs to one plan.", phase: .plan, hl7: .duplicateKey)
        package static let consultationNotCompleted = Rule(
            "plan.consultation-not-completed", "A plan follows from a completed consultation.", phase: .plan,
            hl7: .recordLocked, weight: .holds, policy: "hold_for_seconds")
        package static let consultationClosed = Rule(
            "plan.consultation-closed", "No plan follows from a consultation that was cancelled or missed.",
            phase: .plan, hl7: .recordLocked)
        package static let procedureUnknown = Rule(
            "plan.procedure-unknown", "The procedure is in the clinic's catalog.", phase: .plan, hl7: .tableValue)
        package static let lateralityRequired = Rule(
            "plan.laterality-required", "A procedure on a paired site needs its side.", phase: .plan,
            hl7: .requiredFieldMissing)
        package static let lateralityNotApplicable = Rule(
            "plan.laterality-not-applicable", "A procedure on an unpaired site has no side.", phase: .plan,
            hl7: .dataType)
        package static let itemUnknown = Rule(
            "plan.item-unknown", "The item is in the clinic's item list.", phase: .plan, hl7: .tableValue)
        package static let requirementUnknown = Rule(
            "plan.requirement-unknown", "The pre-operative requirement is in the clinic's catalog.", phase: .plan,
            hl7: .tableValue)
        package static let wrongState = Rule(
            "plan.wrong-state", "A plan takes an action only in the state that the action needs.", phase: .plan,
            hl7: .recordLocked, weight: .holds, policy: "hold_for_seconds")
        package static let quoteExpired = Rule(
            "plan.quote-expired", "A plan is approved while its quote is valid.", phase: .plan, hl7: .dataType,
            isOverridable: true)
        package static let approverNotSurgeon = Rule(
            "plan.approver-not-surgeon", "The operating surgeon leads the consultation and approves the plan.",
            phase: .plan, hl7: .recordLocked)
        package static let surgeonNotPrivileged = Rule(
            "plan.surgeon-not-privileged",
            "The surgeon may do the procedure, with licence and indemnity in force on the day.", phase: .plan,
            hl7: .recordLocked)
        package static let allergy = Rule(
            "plan.allergy",
            "No item holds a material that the patient does not tolerate; latex counts as not tolerated until documented.",
            phase: .plan, weight: .warns, isOverridable: true)
        package static let contraindicated = Rule(
            "plan.contraindicated", "The patient is within the procedure's limits of age, BMI, smoking and volume.",
            phase: .plan, weight: .warns, policy: "maximum_bmi", isOverridable: true)
        package static let screeningMissing = Rule(
            "plan.screening-missing", "The psychological screening is recorded before the plan is approved.",
            phase: .plan, hl7: .requiredFieldMissing, policy: "screening_required")
        package static let caseUnderWay = Rule(
            "plan.case-under-way", "A plan does not change while its surgery is under way.", phase: .plan,
            hl7: .recordLocked)
        package static let referralMissing = Rule(
            "plan.referral-missing", "The patient's record says who referred the patient before a plan is approved.",
            phase: .plan, hl7: .requiredFieldMissing, weight: .holds, policy: "referral_required")
        package static let volumeLimit = Rule(
            "plan.volume-limit", "No more is taken by liposuction than the law allows in a setting like the clinic's.",
            phase: .plan, policy: "setting")

        package static let all = [
            unknown, exists, consultationNotCompleted, consultationClosed, procedureUnknown, lateralityRequired,
            lateralityNotApplicable, itemUnknown, requirementUnknown, wrongState, quoteExpired, approverNotSurgeon,
            surgeonNotPrivileged, allergy, contraindicated, screeningMissing, caseUnderWay, referralMissing,
            volumeLimit,
        ]
    }
}
