import Clinic

extension FormDefinition {
    private static let sides = ["LEFT", "RIGHT", "BILATERAL", "NONE"]

    static let consultation = FormDefinition(
        .consultation, "A consultation is booked, held and noted.",
        actions: ["SCHEDULE", "RESCHEDULE", "COMPLETE", "AMEND", "CANCEL", "NO_SHOW"], patientRequiredBy: ["SCHEDULE"],
        fields: [
            FieldDefinition(.consultation, .identifier, required: true),
            FieldDefinition(.surgeon, .identifier, by: ["SCHEDULE"]),
            FieldDefinition(.startsAt, .instant, by: ["SCHEDULE", "RESCHEDULE"]),
            FieldDefinition(.minutes, .integer(5...480)),
            FieldDefinition(.kind, .code(["FIRST", "SECOND", "FOLLOW_UP"])),
            FieldDefinition(.inPerson, .flag),
            FieldDefinition(.reason, .text(500), isPrivate: true),
            FieldDefinition(.historyReviewed, .flag),
            FieldDefinition(.examined, .flag),
            FieldDefinition(.screening, .text(500), isPrivate: true),
            FieldDefinition(.goals, .text(4000), isPrivate: true),
            FieldDefinition(.findings, .text(20_000), isPrivate: true),
            FieldDefinition(.advice, .text(20_000), isPrivate: true),
            FieldDefinition(.notes, .text(100_000), by: ["COMPLETE", "AMEND"], isPrivate: true),
            FieldDefinition(.shareNotes, .flag),
            FieldDefinition(.occurredAt, .instant, by: ["COMPLETE"]),
        ])

    static let plan = FormDefinition(
        .plan, "A plan of surgery is drafted, changed and approved.",
        actions: ["DRAFT", "REVISE", "APPROVE", "CANCEL"],
        fields: [
            FieldDefinition(.plan, .identifier, required: true),
            FieldDefinition(.consultation, .identifier, by: ["DRAFT"]),
            FieldDefinition(
                .procedure, .list(200), by: ["DRAFT"],
                "catalogue codes with side: BREAST-AUG:BILATERAL;LIPO; of another purpose than the plan: "
                    + "SEPTORHINOPLASTY:NONE:THERAPEUTIC"),
            FieldDefinition(.anesthesia, .code(["LOCAL", "SEDATION", "GENERAL", "REGIONAL", "NONE"])),
            FieldDefinition(.purpose, .code(["COSMETIC", "THERAPEUTIC"])),
            FieldDefinition(.authorization, .identifier, "the insurer's number of its authorization"),
            FieldDefinition(.authorizedAmount, .money, "the most that the insurer authorized"),
            FieldDefinition(.authorizedUntil, .date, "the last day of the authorization"),
            FieldDefinition(.estimate, .money),
            FieldDefinition(.currency, .identifier),
            FieldDefinition(.quoteValidUntil, .date),
            FieldDefinition(.plannedFor, .date),
            FieldDefinition(.volumeMilliliters, .integer(0...20_000)),
            FieldDefinition(.items, .list(200), "SKU or SKU*2, separated by ;"),
            FieldDefinition(.requirements, .list(80)),
            FieldDefinition(.details, .text(4000), isPrivate: true),
            FieldDefinition(.surgeon, .identifier, by: ["DRAFT", "APPROVE"]),
            FieldDefinition(.reason, .text(500), by: ["CANCEL"]),
        ])

    static let consent = FormDefinition(
        .consent, "A consent is issued, read, signed, declined or withdrawn.",
        actions: ["CREATE", "ACKNOWLEDGE", "ASK", "ANSWER", "SIGN", "DECLINE", "WITHDRAW"], timeField: .signedAt,
        fields: [
            FieldDefinition(.consent, .identifier, required: true),
            FieldDefinition(.plan, .identifier, by: ["CREATE"]),
            FieldDefinition(.consultation, .identifier, by: ["CREATE"]),
            FieldDefinition(.kind, .code(["SURGICAL", "PHOTOGRAPHY", "REGISTRY", "FINANCIAL", "MARKETING"])),
            FieldDefinition(.clauses, .list(40), by: ["ACKNOWLEDGE"], "ids of clauses: C1;C7"),
            FieldDefinition(.text, .text(4000), by: ["ASK", "ANSWER"], isPrivate: true),
            FieldDefinition(
                .party, .code(["PATIENT", "SURGEON", "WITNESS", "GUARDIAN", "ANESTHETIST", "INTERPRETER"]), by: ["SIGN"]
            ),
            FieldDefinition(.signer, .text(120), by: ["SIGN"], isPrivate: true, "the printed name"),
            FieldDefinition(.signerID, .identifier),
            FieldDefinition(.method, .code(["DRAWN", "TYPED", "CLICK", "WET_INK"])),
            FieldDefinition(.documentSHA256, .identifier, "the hash printed on the document that was signed"),
            FieldDefinition(.signedAt, .instant, by: ["SIGN"]),
            FieldDefinition(.reason, .text(500), by: ["DECLINE", "WITHDRAW"]),
        ])

    static let preOp = FormDefinition(
        .preOp, "What must be done before surgery is ordered, reported, reserved and cleared.",
        actions: ["ORDER", "RESULT", "GIVE", "ACKNOWLEDGE", "WAIVE", "RESERVE", "RELEASE", "CLEAR", "DEFER"],
        fields: [
            FieldDefinition(.plan, .identifier, required: true),
            FieldDefinition(.requirement, .identifier, by: ["ORDER", "RESULT", "GIVE", "ACKNOWLEDGE", "WAIVE"]),
            FieldDefinition(.value, .text(400), isPrivate: true),
            FieldDefinition(.unit, .text(40)),
            FieldDefinition(.range, .text(80)),
            FieldDefinition(.abnormal, .flag),
            FieldDefinition(.validUntil, .date),
            FieldDefinition(
                .status, .code(["F", "C", "D", "W", "X"]), "HL7 table 0085; D, W and X take a result back"),
            FieldDefinition(.actor, .identifier, by: ["WAIVE", "CLEAR", "DEFER"]),
            FieldDefinition(.reason, .text(500), by: ["WAIVE", "DEFER"]),
        ])

    static let surgicalCase = FormDefinition(
        .surgicalCase, "A surgical case is booked, done and closed.",
        actions: [
            "CREATE", "SCHEDULE", "RESCHEDULE", "POSTPONE", "CANCEL", "SIGN_IN", "START", "TIME_OUT", "SIGN_OUT",
            "COMPLETE", "ABANDON", "NOTE", "POSTOP",
        ],
        fields: [
            FieldDefinition(.surgicalCase, .identifier, required: true),
            FieldDefinition(.plan, .identifier, by: ["CREATE"]),
            FieldDefinition(.theater, .identifier, by: ["SCHEDULE"]),
            FieldDefinition(.startsAt, .instant, by: ["SCHEDULE", "RESCHEDULE"]),
            FieldDefinition(.minutes, .integer(5...960)),
            FieldDefinition(.surgeon, .identifier),
            FieldDefinition(.anesthetist, .identifier),
            FieldDefinition(.staff, .list(120), "ROLE:ID;ROLE:ID"),
            FieldDefinition(.equipment, .list(80)),
            FieldDefinition(.procedure, .list(200), "compared with the plan"),
            FieldDefinition(.side, .code(sides), "compared with the plan"),
            FieldDefinition(.anesthesiaMinutes, .integer(0...1440)),
            FieldDefinition(.asaClass, .code(["I", "II", "III", "IV", "V", "1", "2", "3", "4", "5"])),
            FieldDefinition(.notes, .text(100_000), isPrivate: true),
            FieldDefinition(.instructions, .text(20_000), isPrivate: true),
            FieldDefinition(.medications, .list(400), isPrivate: true),
            FieldDefinition(.followUpAt, .instant),
            FieldDefinition(.reason, .text(500), by: ["POSTPONE", "CANCEL", "ABANDON"]),
            FieldDefinition(
                .occurredAt, .instant, by: ["SIGN_IN", "START", "TIME_OUT", "SIGN_OUT", "COMPLETE", "ABANDON"]),
        ])

    static let inventory = FormDefinition(
        .inventory, "Stock is received, used, returned, counted or recalled.",
        actions: [
            "RECEIVE", "USE", "RETURN", "WASTE", "DISPOSE", "RETURN_TO_SUPPLIER", "COUNT", "TRANSFER", "QUARANTINE",
            "ACCEPT", "RECALL", "VOID",
        ],
        alternatives: [
            (
                [.barcode, .sku],
                [
                    "RECEIVE", "USE", "RETURN", "WASTE", "DISPOSE", "RETURN_TO_SUPPLIER", "COUNT", "TRANSFER",
                    "QUARANTINE", "ACCEPT", "RECALL",
                ]
            )
        ],
        timeField: .scannedAt,
        fields: [
            FieldDefinition(.barcode, .barcode, "GS1 or HIBC, as scanned"),
            FieldDefinition(.sku, .identifier),
            FieldDefinition(.lot, .identifier),
            FieldDefinition(.expiresOn, .date),
            FieldDefinition(.serial, .identifier, isPrivate: true),
            FieldDefinition(
                .quantity, .integer(0...1_000_000),
                by: [
                    "RECEIVE", "USE", "RETURN", "WASTE", "DISPOSE", "RETURN_TO_SUPPLIER", "COUNT", "TRANSFER",
                    "QUARANTINE", "ACCEPT",
                ]),
            FieldDefinition(.unitCost, .money),
            FieldDefinition(.location, .identifier),
            FieldDefinition(.toLocation, .identifier, by: ["TRANSFER"]),
            FieldDefinition(.surgicalCase, .identifier, by: ["USE", "RETURN", "WASTE"]),
            FieldDefinition(.side, .code(sides)),
            FieldDefinition(.original, .identifier, by: ["VOID"], "the reference of the entry to undo"),
            FieldDefinition(.reason, .text(500), by: ["WASTE", "DISPOSE", "VOID"]),
            FieldDefinition(.device, .identifier),
            FieldDefinition(.scannedAt, .instant, required: true),
        ])
}
