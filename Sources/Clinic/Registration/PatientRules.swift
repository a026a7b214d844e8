/// The rules about patients and their registration.
extension Rule {
    package enum PatientRules {
        package static let unknown = Rule(
            "patient.unknown", "The number, slip or identifier on an entry is that of a registered patient.",
            phase: .registration, hl7: .unknownKey, weight: .holds, policy: "hold_for_seconds")
        package static let ambiguous = Rule(
            "patient.ambiguous", "The reference and the identifiers on an entry lead to one patient.",
            phase: .registration, hl7: .unknownKey)
        package static let badCheckDigit = Rule(
            "patient.bad-check-digit", "An MRN has the check digit that belongs to it.",
            phase: .registration, hl7: .dataType)
        package static let duplicate = Rule(
            "patient.duplicate", "A national id or identifier of another system belongs to one patient.",
            phase: .registration, hl7: .duplicateKey)
        package static let possibleDuplicate = Rule(
            "patient.possible-duplicate",
            "Two patients who are very alike are looked at by somebody; nothing is merged by itself.",
            phase: .registration, hl7: .duplicateKey, weight: .warns)
        package static let identityClash = Rule(
            "patient.identity-clash", "An MRN is sent with the name or the birth date that it belongs to.",
            phase: .registration, hl7: .unknownKey)
        package static let merged = Rule(
            "patient.merged", "A record that was merged into another stands for nobody any more.",
            phase: .registration, hl7: .unknownKey)
        package static let inactive = Rule(
            "patient.inactive", "The patient's record is active, and the patient alive.", phase: .registration,
            hl7: .recordLocked)
        package static let notMerged = Rule(
            "patient.not-merged", "Only a record that was merged into the one named can be taken out of it again.",
            phase: .registration, hl7: .unknownKey)
        package static let toldWhileMerged = Rule(
            "patient.told-while-merged",
            "When a merge is undone, somebody looks at what was told of the patient while the records were merged.",
            phase: .registration, weight: .warns)
        package static let sameRecord = Rule(
            "patient.same-record", "Two numbers that are merged or told apart lead to two records.",
            phase: .registration, hl7: .duplicateKey)
        package static let underAge = Rule(
            "patient.under-age", "The patient is as old as the clinic asks for.", phase: .registration, hl7: .dataType,
            policy: "minimum_age")
        package static let minorWithoutGuardian = Rule(
            "patient.minor-without-guardian", "A minor is registered with the name of a guardian.",
            phase: .registration, hl7: .requiredFieldMissing)
        package static let implausibleBirthDate = Rule(
            "patient.implausible-birth-date", "A birth date lies neither in the future nor 130 years back.",
            phase: .registration, hl7: .dataType)
        package static let notSelfEntered = Rule(
            "registration.not-self-entered", "Patients enter their own data.",
            phase: .registration, weight: .warns, isOverridable: true)
        package static let emailTaken = Rule(
            "account.e-mail-taken",
            "An e-mail belongs to one account; the patient is made all the same, the account is not.",
            phase: .registration, hl7: .duplicateKey, weight: .warns)
        package static let weakPassword = Rule(
            "account.weak-password", "A password has at least the length that the clinic asks for.",
            phase: .registration, hl7: .dataType, policy: "minimum_password_length")
        package static let tokenInvalid = Rule(
            "account.token-invalid",
            "A token is the one that was mailed to the patient; too many wrong ones lock the account.",
            phase: .registration, hl7: .unknownKey, policy: "token_attempts")
        package static let tokenExpired = Rule(
            "account.token-expired", "A token is used while it is fresh.", phase: .registration, hl7: .recordLocked,
            policy: "token_valid_hours")

        package static let recordsNotRequested = Rule(
            "records.not-requested", "Records are released when the patient has asked for them.",
            phase: .registration, hl7: .unknownKey, weight: .holds, policy: "hold_for_seconds")
        package static let releaserNotAuthorized = Rule(
            "records.releaser-not-authorized", "Only staff with the permission RELEASE release records.",
            phase: .registration)
        package static let recordsUnreachable = Rule(
            "records.unreachable",
            "Records go to the patient alone: into the open account, to the patient's e-mail, or on paper by hand.",
            phase: .registration, weight: .holds, policy: "hold_for_seconds")

        package static let all = [
            unknown, ambiguous, badCheckDigit, duplicate, possibleDuplicate, identityClash, merged, inactive, notMerged,
            toldWhileMerged, sameRecord, underAge, minorWithoutGuardian, implausibleBirthDate, notSelfEntered,
            emailTaken, weakPassword,
            tokenInvalid, tokenExpired, recordsNotRequested, releaserNotAuthorized, recordsUnreachable,
        ]
    }
}
