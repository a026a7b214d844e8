/// The rules about patients and their registration.
extension Rule {
    package enum PatientRules {
        package static let unknown = Rule(
            "patient.unknown", "Nobody is registered under the number, slip or identifier that the entry names.",
            phase: .registration, hl7: .unknownKey, weight: .holds, policy: "hold_for_seconds")
        package static let ambiguous = Rule(
            "patient.ambiguous", "The reference or the identifiers on the entry lead to more than one patient.",
            phase: .registration, hl7: .unknownKey)
        package static let badCheckDigit = Rule(
            "patient.bad-check-digit", "The MRN cannot be one of ours: its check digit is wrong.",
            phase: .registration, hl7: .dataType)
        package static let duplicate = Rule(
            "patient.duplicate", "A patient with this national id or identifier of another system is registered.",
            phase: .registration, hl7: .duplicateKey)
        package static let possibleDuplicate = Rule(
            "patient.possible-duplicate",
            "Another patient is so alike that the two may be one person; somebody must look, nothing is merged.",
            phase: .registration, hl7: .duplicateKey, weight: .warns)
        package static let identityClash = Rule(
            "patient.identity-clash", "The MRN is sent with another name and another birth date than it belongs to.",
            phase: .registration, hl7: .unknownKey)
        package static let merged = Rule(
            "patient.merged", "The record was merged into another and stands for nobody any more.",
            phase: .registration, hl7: .unknownKey)
        package static let inactive = Rule(
            "patient.inactive", "The patient's record is inactive, or the patient has died.", phase: .registration,
            hl7: .recordLocked)
        package static let notMerged = Rule(
            "patient.not-merged", "Only a record that was merged into the one named can be taken out of it again.",
            phase: .registration, hl7: .unknownKey)
        package static let toldWhileMerged = Rule(
            "patient.told-while-merged",
            "When a merge is undone, somebody looks at what was told of the patient while the records were merged.",
            phase: .registration, weight: .warns)
        package static let sameRecord = Rule(
            "patient.same-record", "The two numbers lead to one record.", phase: .registration, hl7: .duplicateKey)
        package static let underAge = Rule(
            "patient.under-age", "The patient is younger than the clinic takes.", phase: .registration, hl7: .dataType,
            policy: "minimum_age")
        package static let minorWithoutGuardian = Rule(
            "patient.minor-without-guardian", "A minor is registered with the name of a guardian.",
            phase: .registration, hl7: .requiredFieldMissing)
        package static let implausibleBirthDate = Rule(
            "patient.implausible-birth-date", "A birth date lies neither in the future nor 130 years back.",
            phase: .registration, hl7: .dataType)
        package static let notSelfEntered = Rule(
            "registration.not-self-entered", "Patients enter their own data; somebody else did.",
            phase: .registration, weight: .warns, isOverridable: true)
        package static let emailTaken = Rule(
            "account.e-mail-taken", "The e-mail belongs to another account; the patient is made, the account not.",
            phase: .registration, hl7: .duplicateKey, weight: .warns)
        package static let weakPassword = Rule(
            "account.weak-password", "A password has at least the length that the clinic asks for.",
            phase: .registration, hl7: .dataType, policy: "minimum_password_length")
        package static let tokenInvalid = Rule(
            "account.token-invalid",
            "The token is not the one that was mailed to the patient, or too many wrong ones have locked the account.",
            phase: .registration, hl7: .unknownKey, policy: "token_attempts")
        package static let tokenExpired = Rule(
            "account.token-expired", "The token was mailed too long ago.", phase: .registration, hl7: .recordLocked,
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
