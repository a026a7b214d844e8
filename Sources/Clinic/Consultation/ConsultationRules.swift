/// The rules about consultations.
extension Rule {
    package enum ConsultationRules {
        package static let unknown = Rule(
            "consultation.unknown", "The number on an entry is that of a consultation.",
            phase: .consultation, hl7: .unknownKey, weight: .holds, policy: "hold_for_seconds")
        package static let exists = Rule(
            "consultation.exists", "A number belongs to one consultation.", phase: .consultation,
            hl7: .duplicateKey)
        package static let wrongState = Rule(
            "consultation.wrong-state", "A consultation takes an action only in the state that the action needs.",
            phase: .consultation, hl7: .recordLocked, weight: .holds, policy: "hold_for_seconds")
        package static let surgeonUnknown = Rule(
            "consultation.surgeon-unknown", "The surgeon is on the clinic's staff list as a surgeon.",
            phase: .consultation, hl7: .tableValue)
        package static let surgeonBusy = Rule(
            "consultation.surgeon-busy", "A surgeon is in one consultation or case at a time.",
            phase: .consultation, hl7: .recordLocked)
        package static let patientBusy = Rule(
            "consultation.patient-busy", "A patient is in one consultation or surgery at a time.",
            phase: .consultation, hl7: .recordLocked)
        package static let outsideHours = Rule(
            "consultation.outside-hours", "Consultations are held on the days and at the hours that the clinic sets.",
            phase: .consultation, hl7: .dataType, policy: "consultation_opens_at", isOverridable: true)
        package static let notYet = Rule(
            "consultation.not-yet", "A consultation is over only after it began.", phase: .consultation,
            hl7: .dataType)
        package static let historyNotReviewed = Rule(
            "consultation.history-not-reviewed", "The surgeon reviews the patient's history at the consultation.",
            phase: .consultation, weight: .warns, isOverridable: true)

        package static let all = [
            unknown, exists, wrongState, surgeonUnknown, surgeonBusy, patientBusy, outsideHours, notYet,
            historyNotReviewed,
        ]
    }
}
