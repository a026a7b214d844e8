extension Rule {
    /// Every rule there is, by area in the order of the pathway.
    package static let all: [Rule] =
        Drop.all + Entry.all + PatientRules.all + ConsultationRules.all + PlanRules.all + ConsentRules.all
        + PreOpRules.all
        + CaseRules.all + InventoryRules.all + BillingRules.all

    /// The rule with a code.
    package static func named(_ code: String) -> Rule? { all.first { $0.code == code } }

    /// The rules about whole drops and the reading of files; the processor and the forms ask them.
    package enum Drop {
        package static let empty = Rule(
            "drop.empty", "A file holds at least one entry.", phase: .drop, hl7: .segmentSequence)
        package static let tooLarge = Rule(
            "drop.too-large", "A file is no larger than its source may drop.", phase: .drop)
        package static let notARegularFile = Rule(
            "drop.not-a-regular-file", "Only a regular file with one name is taken: no folder, link, pipe or device.",
            phase: .drop)
        package static let unknownForm = Rule(
            "drop.unknown-form", "A file's header or root names a form that Suture knows.", phase: .drop,
            hl7: .unsupportedMessage)
        package static let duplicate = Rule(
            "drop.duplicate", "A file brings something that was not applied before.", phase: .drop, hl7: .duplicateKey,
            weight: .warns)
        package static let incomplete = Rule(
            "drop.incomplete", "A file ends where its content says that it ends.", phase: .drop, hl7: .segmentSequence,
            policy: "incomplete_after_seconds")
        package static let totalsDiffer = Rule(
            "drop.totals-differ", "The totals declared with a file are those of its entries.", phase: .drop,
            hl7: .dataType)
        package static let totalsUnreadable = Rule(
            "drop.totals-unreadable", "The totals declared with a file can be read.", phase: .drop, hl7: .dataType)
        package static let declaredLate = Rule(
            "drop.declared-late", "What a sender declares of a file is there before the file is taken.", phase: .drop,
            weight: .warns)
        package static let containerFile = Rule(
            "drop.container-file", "Archives, office files, PDF and images are not taken.", phase: .drop)
        package static let poison = Rule(
            "drop.poison",
            "A file can be read without stopping the program; one that stopped it three times is set aside.",
            phase: .drop)
        package static let atomic = Rule(
            "drop.atomic", "A file that is applied whole or not at all holds no entry that is refused.",
            phase: .drop)
        package static let nothingHeld = Rule(
            "decision.nothing-held", "An operator's decision names an entry that is held.", phase: .drop,
            hl7: .unknownKey)
        package static let operatorRejected = Rule(
            "decision.rejected", "An entry that an operator rejected while it was held is not applied.", phase: .drop)
        package static let hl7Malformed = Rule(
            "hl7.malformed", "A message can be read as HL7 v2.", phase: .drop, hl7: .segmentSequence)
        package static let hl7Unsupported = Rule(
            "hl7.unsupported-message", "A message is of a type that Suture takes.", phase: .drop,
            hl7: .unsupportedMessage)
        package static let hl7BatchCount = Rule(
            "hl7.batch-count", "The count in a batch trailer is the count of its messages.", phase: .drop,
            weight: .warns)
        package static let hl7Processing = Rule(
            "hl7.processing-id", "Messages for training or debugging are not applied.", phase: .drop,
            hl7: .unsupportedProcessing)
        package static let xmlMalformed = Rule(
            "xml.malformed", "An XML file is well-formed.", phase: .drop, hl7: .segmentSequence)
        package static let xmlForbidden = Rule(
            "xml.forbidden", "An XML file has no DOCTYPE, no entities of its own and no external references.",
            phase: .drop)
        package static let xmlSchema = Rule(
            "xml.schema", "Every element follows the schema of its form.", phase: .drop, hl7: .dataType)
        package static let undecodable = Rule(
            "text.undecodable", "All bytes are text in the file's character set.", phase: .drop, hl7: .dataType)
        package static let fieldCount = Rule(
            "csv.field-count", "Every row has as many fields as the header.", phase: .drop, hl7: .segmentSequence)
        package static let unclosedQuote = Rule(
            "csv.unclosed-quote", "Every quote is closed; what follows one that is not cannot be told into rows.",
            phase: .drop, hl7: .segmentSequence)
        package static let missingColumn = Rule(
            "csv.missing-column", "The header names every column that the form needs.", phase: .drop,
            hl7: .requiredFieldMissing)

        package static let all = [
            empty, tooLarge, notARegularFile, unknownForm, duplicate, incomplete, totalsDiffer, totalsUnreadable,
            declaredLate, containerFile, poison, atomic, nothingHeld, operatorRejected, undecodable, fieldCount,
            unclosedQuote, missingColumn, xmlMalformed, xmlForbidden, xmlSchema, hl7Malformed,
            hl7Unsupported, hl7BatchCount, hl7Processing,
        ]
    }
}
