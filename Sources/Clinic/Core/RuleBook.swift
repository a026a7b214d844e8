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
        package static let empty = Rule("drop.empty", "The file is empty.", phase: .drop, hl7: .segmentSequence)
        package static let tooLarge = Rule(
            "drop.too-large", "The file is larger than its source may drop.", phase: .drop)
        package static let notARegularFile = Rule(
            "drop.not-a-regular-file", "Only a regular file with one name is taken: no folder, link, pipe or device.",
            phase: .drop)
        package static let unknownForm = Rule(
            "drop.unknown-form", "The file's header or root names no form that Suture knows.", phase: .drop,
            hl7: .unsupportedMessage)
        package static let duplicate = Rule(
            "drop.duplicate", "Every entry of the file was applied before.", phase: .drop, hl7: .duplicateKey,
            weight: .warns)
        package static let incomplete = Rule(
            "drop.incomplete", "The file ends before its content does.", phase: .drop, hl7: .segmentSequence,
            policy: "incomplete_after_seconds")
        package static let totalsDiffer = Rule(
            "drop.totals-differ", "The totals declared with the file are not those of its entries.", phase: .drop,
            hl7: .dataType)
        package static let totalsUnreadable = Rule(
            "drop.totals-unreadable", "The totals declared with the file cannot be read.", phase: .drop, hl7: .dataType)
        package static let declaredLate = Rule(
            "drop.declared-late", "What a sender declares of a file is there before the file is taken.", phase: .drop,
            weight: .warns)
        package static let containerFile = Rule(
            "drop.container-file", "Archives, office files, PDF and images are not taken.", phase: .drop)
        package static let poison = Rule(
            "drop.poison", "Reading the file stopped the program three times; it is set aside.", phase: .drop)
        package static let atomic = Rule(
            "drop.atomic", "The file is applied whole or not at all, and another of its entries was refused.",
            phase: .drop)
        package static let nothingHeld = Rule(
            "decision.nothing-held", "An operator's decision names an entry that is held.", phase: .drop,
            hl7: .unknownKey)
        package static let operatorRejected = Rule(
            "decision.rejected", "An operator rejected the entry while it was held.", phase: .drop)
        package static let hl7Malformed = Rule(
            "hl7.malformed", "The message cannot be read as HL7 v2.", phase: .drop, hl7: .segmentSequence)
        package static let hl7Unsupported = Rule(
            "hl7.unsupported-message", "Messages of this type are not taken.", phase: .drop, hl7: .unsupportedMessage)
        package static let hl7BatchCount = Rule(
            "hl7.batch-count", "The count in a batch trailer is not the count of its messages.", phase: .drop,
            weight: .warns)
        package static let hl7Processing = Rule(
            "hl7.processing-id", "Messages for training or debugging are not applied.", phase: .drop,
            hl7: .unsupportedProcessing)
        package static let xmlMalformed = Rule(
            "xml.malformed", "The file is not well-formed XML.", phase: .drop, hl7: .segmentSequence)
        package static let xmlForbidden = Rule(
            "xml.forbidden", "A DOCTYPE, an entity or an external reference is refused.", phase: .drop)
        package static let xmlSchema = Rule(
            "xml.schema", "The element does not follow the schema of the forms.", phase: .drop, hl7: .dataType)
        package static let undecodable = Rule(
            "text.undecodable", "Bytes that are no text in the file's character set.", phase: .drop, hl7: .dataType)
        package static let fieldCount = Rule(
            "csv.field-count", "A row has more or fewer fields than the header.", phase: .drop, hl7: .segmentSequence)
        package static let unclosedQuote = Rule(
            "csv.unclosed-quote", "A quote is never closed: the rest of the file cannot be told into rows.",
            phase: .drop, hl7: .segmentSequence)
        package static let missingColumn = Rule(
            "csv.missing-column", "The header names a form, but a column that the form needs is missing.", phase: .drop,
            hl7: .requiredFieldMissing)

        package static let all = [
            empty, tooLarge, notARegularFile, unknownForm, duplicate, incomplete, totalsDiffer, totalsUnreadable,
            declaredLate, containerFile, poison, atomic, nothingHeld, operatorRejected, undecodable, fieldCount,
            unclosedQuote, missingColumn, xmlMalformed, xmlForbidden, xmlSchema, hl7Malformed,
            hl7Unsupported, hl7BatchCount, hl7Processing,
        ]
    }
}
