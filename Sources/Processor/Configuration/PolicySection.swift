import Clinic

extension Policy {
    /// Its keys in `clinic.yml`: the names of ``Policy`` with underscores.
    static let keys = [
        "information_days", "cooling_off_days", "consent_valid_days", "minimum_age", "clearance_valid_days",
        "hold_for_seconds", "late_after_days", "turnover_minutes", "bill_after_minutes", "payment_due_days",
        "consent_auto_issue", "checklist", "deposit_required", "standard_tax_basis_points", "therapeutic_exemption",
        "anesthesia_base", "anesthesia_per_quarter_hour", "facility_per_hour", "bcrypt_cost", "token_valid_hours",
        "incomplete_after_seconds", "minimum_password_length", "consultation_opens_at", "consultation_closes_at",
        "consultation_weekdays", "refused_warnings", "screening_required", "token_attempts",
    ]

    /// What is left out keeps its default.
    init(reading section: Section, currency: Currency?) {
        self.init()
        readDays(section)
        readWork(section)
        readMoney(section, currency ?? Currency(code: "XXX"))
    }

    private mutating func readDays(_ section: Section) {
        section.set(&informationDays, "information_days", .number(0...365))
        section.set(&coolingOffDays, "cooling_off_days", .number(0...365))
        section.set(&consentValidDays, "consent_valid_days", .number(1...3650))
        section.set(&minimumAge, "minimum_age", .number(0...120))
        section.set(&clearanceValidDays, "clearance_valid_days", .number(1...3650))
        section.set(&lateAfterDays, "late_after_days", .number(0...3650))
        section.set(&paymentDueDays, "payment_due_days", .number(0...365))
        section.set(&tokenValidHours, "token_valid_hours", .number(1...8760))
        section.set(&tokenAttempts, "token_attempts", .number(1...100))
        section.set(&holdForSeconds, "hold_for_seconds", .number(0...31_536_000))
        section.set(&incompleteAfterSeconds, "incomplete_after_seconds", .number(1...86_400))
    }

    private mutating func readWork(_ section: Section) {
        section.set(&turnoverMinutes, "turnover_minutes", .number(0...240))
        section.set(&consentAutoIssue, "consent_auto_issue", .flag)
        section.set(&checklist, "checklist", .choice([.required, .warn]))
        section.set(&screeningRequired, "screening_required", .flag)
        section.set(&bcryptCost, "bcrypt_cost", .number(4...16))
        section.set(&minimumPasswordLength, "minimum_password_length", .number(8...64))
        section.set(&consultationOpensAt, "consultation_opens_at", .clock)
        section.set(&consultationClosesAt, "consultation_closes_at", .clock)
        if consultationClosesAt <= consultationOpensAt {
            section.report("consultations end before they begin", at: "consultation_closes_at")
        }
        if section.has("consultation_weekdays") {
            consultationWeekdays = section.list("consultation_weekdays", .weekday).map(\.value)
        }
        let codes = Rule.all.filter { $0.weight == .warns }.map(\.code)
        refusedWarnings = section.list("refused_warnings", .text).map { code in
            if !codes.contains(code.value) {
                section.inspection.report(
                    "`refused_warnings` names no rule that warns: `\(code.value)`"
                        + Suggestion.text(for: code.value, among: codes), at: code.place)
            }
            return code.value
        }
    }

    private mutating func readMoney(_ section: Section, _ currency: Currency) {
        section.set(&billAfterMinutes, "bill_after_minutes", .number(0...100_000))
        section.set(&depositRequired, "deposit_required", .money(currency))
        section.set(&standardTaxBasisPoints, "standard_tax_basis_points", .number(0...10_000))
        section.set(&therapeuticExemption, "therapeutic_exemption", .text)
        section.set(&anesthesiaBase, "anesthesia_base", .money(currency))
        section.set(&anesthesiaPerQuarterHour, "anesthesia_per_quarter_hour", .money(currency))
        section.set(&facilityPerHour, "facility_per_hour", .money(currency))
    }
}
