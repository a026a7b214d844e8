import Clinic

extension FormDefinition {
    /// What a patient says of themselves; shared by `registration` and `patient`.
    private static func personal(required: Bool) -> [FieldDefinition] {
        [
            FieldDefinition(.givenName, .text(80), required: required, exceptFor: ["INITIATE"], isPrivate: true),
            FieldDefinition(.familyName, .text(80), required: required, exceptFor: ["INITIATE"], isPrivate: true),
            FieldDefinition(.birthDate, .date, required: required, exceptFor: ["INITIATE"], isPrivate: true),
            FieldDefinition(
                .sex, .code(["F", "M", "O", "U", "A", "N"]), required: required, exceptFor: ["INITIATE"],
                "HL7 table 0001"),
            FieldDefinition(.email, .email, isPrivate: true, "required of patients who register themselves"),
            FieldDefinition(.phone, .phone, isPrivate: true, "required of patients who register themselves"),
            FieldDefinition(.enteredBy, .code(["SELF", "GUARDIAN", "STAFF"])),
            FieldDefinition(.middleName, .text(80), isPrivate: true),
            FieldDefinition(.preferredName, .text(80), isPrivate: true),
            FieldDefinition(.address, .text(200), isPrivate: true),
            FieldDefinition(.city, .text(80), isPrivate: true),
            FieldDefinition(.region, .text(80), isPrivate: true),
            FieldDefinition(.postalCode, .text(20), isPrivate: true),
            FieldDefinition(.country, .text(60)),
            FieldDefinition(.nationalID, .identifier, isPrivate: true),
            FieldDefinition(.language, .text(20)),
            FieldDefinition(.occupation, .text(80), isPrivate: true),
            FieldDefinition(.referralSource, .text(80)),
            FieldDefinition(.allergies, .list(200), isPrivate: true, "NONE is not the same as empty"),
            FieldDefinition(.medications, .list(200), isPrivate: true),
            FieldDefinition(.conditions, .list(200), isPrivate: true),
            FieldDefinition(.previousSurgeries, .list(200), isPrivate: true),
            FieldDefinition(.smoker, .flag, isPrivate: true),
            FieldDefinition(.heightCentimeters, .integer(30...260), isPrivate: true),
            FieldDefinition(.weightKilograms, .integer(2...400), isPrivate: true),
            FieldDefinition(.emergencyContact, .text(120), isPrivate: true),
            FieldDefinition(.emergencyPhone, .phone, isPrivate: true),
            FieldDefinition(.guardianName, .text(120), isPrivate: true),
            FieldDefinition(.guardianRelation, .text(40), isPrivate: true),
            FieldDefinition(.insurer, .identifier, "by the payer list"),
            FieldDefinition(.policyNumber, .identifier, isPrivate: true),
            FieldDefinition(.coverageFrom, .date),
            FieldDefinition(.coverageTo, .date),
            FieldDefinition(.contactConsent, .flag),
        ]
    }

    static let registration = FormDefinition(
        .registration, "A patient registers, at a kiosk or through another system.", actions: ["REGISTER", "INITIATE"],
        alternatives: [([.email, .phone], ["INITIATE"])], timeField: .registeredAt,
        fields: personal(required: true) + [
            FieldDefinition(.password, .secret, isPrivate: true, "hashed at once, then gone"),
            FieldDefinition(.registeredAt, .instant),
        ])

    static let patient = FormDefinition(
        .patient, "A patient's record is changed, merged or verified.",
        actions: [
            "UPDATE", "MERGE", "UNMERGE", "DISTINCT", "DEACTIVATE", "REACTIVATE", "DECEASE", "VERIFY_EMAIL",
        ],
        patientRequiredBy: [
            "UPDATE", "MERGE", "UNMERGE", "DISTINCT", "DEACTIVATE", "REACTIVATE", "DECEASE", "VERIFY_EMAIL",
        ],
        alternatives: [([.intoMRN, .intoIdentifiers], ["MERGE", "UNMERGE", "DISTINCT"])],
        fields: [
            FieldDefinition(.mrn, .identifier, isPrivate: true, "the patient's number"),
            FieldDefinition(
                .intoMRN, .identifier, isPrivate: true, "the other record; for MERGE and UNMERGE the one that stays"),
            FieldDefinition(
                .intoIdentifiers, .list(200), isPrivate: true,
                "the other record's numbers in other systems, where its MRN is not known"),
            FieldDefinition(
                .formerIdentifiers, .list(200), isPrivate: true,
                "UPDATE: numbers in other systems that are the patient's no longer, as authority/number"),
            FieldDefinition(.token, .identifier, by: ["VERIFY_EMAIL"], isPrivate: true, "from the confirmation mail"),
        ] + personal(required: false))

    static let records = FormDefinition(
        .records, "A patient asks for records, and they are released.", actions: ["REQUEST", "RELEASE"],
        patientRequiredBy: ["REQUEST", "RELEASE"],
        fields: [
            FieldDefinition(.scope, .text(200)),
            FieldDefinition(.actor, .identifier, by: ["RELEASE"]),
            FieldDefinition(.format, .code(["PAPER", "PDF", "PORTAL"])),
        ])

    static let decision = FormDefinition(
        .decision, "An operator decides about a held entry.", actions: ["RELEASE", "REJECT"],
        fields: [
            FieldDefinition(.held, .identifier, required: true, "drop/entry, as `suture status` lists it"),
            FieldDefinition(.actor, .identifier, required: true),
            FieldDefinition(.reason, .text(500), required: true),
        ])
}
