import Clinic

/// `procedures.yml`: what the clinic operates, and what must be met before.
struct ProceduresFile {
    static let keys = ["requirements", "procedures"]

    let requirements: [RequirementDefinition]
    let procedures: [Procedure]

    init(reading root: Section, currency: Currency) {
        requirements = root.sections(
            "requirements", of: .requirement, keys: ["code", "name", "kind", "valid_days", "loinc", "instructions"]
        ).compactMap(Self.requirement)
        procedures = root.sections("procedures", of: .procedure, keys: Self.procedureKeys)
            .compactMap { Self.procedure($0, currency) }
    }

    private static func requirement(_ section: Section) -> RequirementDefinition? {
        var section = section
        let code = section.declare(.requirement, by: "code")
        let name = section.required("name", .text)
        let kind: Requirement.Kind? = section.required(
            "kind", .choice([.laboratory, .medication, .instruction, .examination]))
        let validDays = section.required("valid_days", .number(1...3650))
        let loinc = section.optional("loinc", .loinc)
        let instructions = section.optional("instructions", .paragraph)
        if kind == .laboratory && !section.has("loinc") {
            section.report("\(section.title) is of the laboratory and lacks its `loinc`", at: "code")
        }
        guard let code, let name, let kind, let validDays else { return nil }
        return RequirementDefinition(
            code: RequirementCode(code), name: name, kind: kind, validDays: validDays, loinc: loinc,
            instructions: instructions)
    }

    private static let procedureKeys = [
        "code", "name", "paired", "minutes", "price", "anesthesia", "items", "requirements", "equipment",
        "instructions", "aftercare", "follow_up_days", "minimum_age", "maximum_bmi", "maximum_volume_ml",
        "non_smokers_only", "changes",
    ]

    private static func procedure(_ section: Section, _ currency: Currency) -> Procedure? {
        var section = section
        let code = section.declare(.procedure, by: "code")
        let name = section.required("name", .text)
        let isPaired = section.required("paired", .flag)
        let minutes = section.required("minutes", .number(5...1440))
        let price = section.required("price", .money(currency))
        let anesthesia: ProcedurePlan.Anesthesia? = section.required(
            "anesthesia", .choice([.local, .sedation, .general, .regional, .withoutAnesthesia]))
        let items = section.optionalSections("items", of: "an item of \(section.title)", keys: itemKeys)
            .compactMap { neededItem($0, isPaired: isPaired) }
        let requirements = section.references("requirements", to: .requirement).map { RequirementCode($0) }
        let equipment = section.references("equipment", to: .equipment)
        let instructions = section.optional("instructions", .paragraph)
        let aftercare = section.optional("aftercare", .paragraph)
        let followUpDays = section.optional("follow_up_days", .number(1...365))
        let minimumAge = section.optional("minimum_age", .number(0...120))
        let maximumBMI = section.optional("maximum_bmi", .number(15...80))
        let maximumVolume = section.optional("maximum_volume_ml", .number(1...20_000))
        let isForNonSmokers = section.optional("non_smokers_only", .flag) ?? false
        let changes = section.changes("changes", keys: ["price"]) { change, _ in
            change.required("price", .money(currency))
        }
        guard let code, let name, let isPaired, let minutes, let price, let anesthesia else { return nil }
        var procedure = Procedure(
            code: ProcedureCode(code), name: name, isPaired: isPaired, minutes: minutes, price: price,
            anesthesia: anesthesia, items: items, requirements: requirements, equipment: equipment)
        procedure.priceChanges = changes
        procedure.instructions = instructions
        procedure.aftercare = aftercare
        procedure.followUpDays = followUpDays
        procedure.minimumAge = minimumAge
        procedure.maximumBMI = maximumBMI
        procedure.maximumVolumeMilliliters = maximumVolume
        procedure.isForNonSmokers = isForNonSmokers
        return procedure
    }

    private static let itemKeys = ["sku", "quantity", "per_side"]

    private static func neededItem(_ section: Section, isPaired: Bool?) -> Procedure.NeededItem? {
        let sku = section.required("sku", .code)
        let quantity = section.has("quantity") ? section.optional("quantity", .number(1...10_000)) : 1
        let isPerSide = section.optional("per_side", .flag) ?? false
        if let sku { section.inspection.refer(to: .item, sku, from: section.title, at: section.place(of: "sku")) }
        if isPerSide && isPaired == false {
            section.report("\(section.title) is counted per side, but the procedure is not paired", at: "per_side")
        }
        guard let sku, let quantity else { return nil }
        return Procedure.NeededItem(sku: SKU(sku), quantity: quantity, perSide: isPerSide)
    }
}

extension ValueKind where Value == String {
    /// A LOINC code: up to seven digits, a hyphen and a check digit (modulus 10, as Luhn counts).
    static let loinc = ValueKind(expected: "a LOINC code with its check digit, such as 718-7") { text in
        let parts = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].count <= 7, Digits.value(of: parts[0]) != nil, parts[1].count == 1,
            let check = Digits.value(of: parts[1])
        else { return nil }
        let sum = parts[0].reversed().enumerated().reduce(0) { sum, digit in
            let doubled = (Int(digit.element) - 48) * (digit.offset % 2 == 0 ? 2 : 1)
            return sum + (doubled > 9 ? doubled - 9 : doubled)
        }
        return (10 - sum % 10) % 10 == check ? text : nil
    }
}
