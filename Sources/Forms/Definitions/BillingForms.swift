import Clinic

extension FormDefinition {
    static let payment = FormDefinition(
        .payment, "Money comes in, goes back or is reversed.", actions: ["PAY", "REFUND", "REVERSE"],
        alternatives: [([.bill, .plan, .mrn, .registration, .identifiers, .original], ["PAY", "REFUND", "REVERSE"])],
        timeField: .paidAt,
        fields: [
            FieldDefinition(.bill, .identifier),
            FieldDefinition(.plan, .identifier, "the payment is a deposit for this plan"),
            FieldDefinition(.amount, .money, required: true),
            FieldDefinition(.currency, .identifier, required: true),
            FieldDefinition(
                .method, .code(["CARD", "CASH", "TRANSFER", "CHEQUE", "INSURER", "FINANCE"]), required: true),
            FieldDefinition(.payer, .code(["PATIENT", "INSURER"])),
            FieldDefinition(.processor, .identifier),
            FieldDefinition(.transactionID, .identifier, isPrivate: true),
            FieldDefinition(.status, .text(40)),
            FieldDefinition(.original, .identifier, by: ["REFUND", "REVERSE"]),
            FieldDefinition(.requestedBy, .identifier, by: ["REFUND"]),
            FieldDefinition(.approvedBy, .identifier, by: ["REFUND"]),
            FieldDefinition(.reason, .text(500), by: ["REFUND", "REVERSE"]),
            FieldDefinition(.paidAt, .instant, required: true),
        ])

    static let bill = FormDefinition(
        .bill, "A bill is discounted, adjusted, credited, waived or cancelled by two people.",
        actions: ["DISCOUNT", "ADJUST", "CREDIT", "WAIVE", "CANCEL"],
        alternatives: [([.bill, .surgicalCase], ["DISCOUNT"])],
        fields: [
            FieldDefinition(.bill, .identifier, by: ["ADJUST", "CREDIT", "WAIVE", "CANCEL"]),
            FieldDefinition(.surgicalCase, .identifier, "a discount agreed before the case is billed"),
            FieldDefinition(.line, .integer(1...9999)),
            FieldDefinition(.amount, .money),
            FieldDefinition(.percent, .text(8), "like 12.5"),
            FieldDefinition(.reason, .text(500), required: true),
            FieldDefinition(.requestedBy, .identifier),
            FieldDefinition(.approvedBy, .identifier, required: true),
        ])
}
