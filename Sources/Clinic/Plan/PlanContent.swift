/// What an entry says of a plan's content, read against the catalog; what it leaves out comes from the procedures.
extension Pathway {
    /// Writes the content over a version; nil fields leave, `""` deletes.
    func takePlan(_ command: Command, into plan: inout ProcedurePlan, into ruling: inout Ruling) {
        if let listed = command.list(.procedure), !listed.isEmpty {
            let before = plan.procedures.map { [$0.code.rawValue, $0.side.rawValue] }
            plan.procedures = procedures(listed, into: &ruling)
            // The same procedures told again leave what was chosen for them.
            if plan.procedures.map({ [$0.code.rawValue, $0.side.rawValue] }) != before { takeDefaults(into: &plan) }
        }
        if let items = command.list(.items) { plan.items = plannedItems(items, into: &ruling) }
        if command.deletes(.items) { plan.items = [] }
        if let codes = command.list(.requirements) { plan.requirements = requirements(codes, into: &ruling) }
        if command.deletes(.requirements) { plan.requirements = [] }
        plan.anesthesia = command.text(.anesthesia).flatMap { .init(rawValue: $0) } ?? plan.anesthesia
        plan.purpose = command.text(.purpose).flatMap { .init(rawValue: $0) } ?? plan.purpose
        plan.estimate = command.deletes(.estimate) ? nil : command.money(.estimate) ?? plan.estimate
        takeCurrency(command, into: &plan, into: &ruling)
        plan.authorization = command.deletes(.authorization) ? nil : command.text(.authorization) ?? plan.authorization
        plan.authorizedAmount =
            command.deletes(.authorizedAmount) ? nil : command.money(.authorizedAmount) ?? plan.authorizedAmount
        plan.authorizedUntil =
            command.deletes(.authorizedUntil) ? nil : command.date(.authorizedUntil) ?? plan.authorizedUntil
        plan.quoteValidUntil =
            command.deletes(.quoteValidUntil) ? nil : command.date(.quoteValidUntil) ?? plan.quoteValidUntil
        plan.plannedFor = command.deletes(.plannedFor) ? nil : command.date(.plannedFor) ?? plan.plannedFor
        plan.volumeMilliliters =
            command.deletes(.volumeMilliliters) ? nil : command.integer(.volumeMilliliters) ?? plan.volumeMilliliters
        plan.details = command.deletes(.details) ? nil : command.text(.details) ?? plan.details
    }

    private func takeCurrency(_ command: Command, into plan: inout ProcedurePlan, into ruling: inout Ruling) {
        guard let currency = command.text(.currency) else { return }
        plan.currency = currency
        guard !currency.utf8.elementsEqual(catalog.currency.code.utf8) else { return }
        ruling.refuse(
            .Entry.unknownCode, [.currency], "the clinic's prices are in \(catalog.currency.code)",
            mend: "give the estimate in \(catalog.currency.code)")
    }

    /// `CODE` or `CODE:SIDE`, or `CODE:SIDE:PURPOSE` where one is for another purpose than the plan.
    private func procedures(_ listed: [String], into ruling: inout Ruling) -> [ProcedurePlan.PlannedProcedure] {
        listed.enumerated().compactMap { index, text in
            let parts = text.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            let code = ProcedureCode(String(parts[0]))
            let side = parts.count > 1 ? Side(rawValue: String(parts[1])) : .notApplicable
            if listed[..<index].contains(where: { overlaps($0, text) }) {
                ruling.refuse(
                    .Entry.badValue, [.procedure], "a procedure is named twice for one side",
                    mend: "name each procedure once, BILATERAL for both sides", aside: "the entry says \(text)")
            }
            guard let procedure = catalog.procedures[code] else {
                ruling.refuse(
                    .PlanRules.procedureUnknown, [.procedure], "a procedure is not in the catalog",
                    mend: "use a code of the catalog", aside: "the entry says \(text)")
                return nil
            }
            guard let side else {
                ruling.refuse(
                    .Entry.unknownCode, [.procedure], "a side is not one of LEFT, RIGHT, BILATERAL, NONE",
                    mend: "write CODE:LEFT, CODE:RIGHT or CODE:BILATERAL", aside: "the entry says \(text)")
                return nil
            }
            if procedure.isPaired, side == .notApplicable {
                ruling.refuse(
                    .PlanRules.lateralityRequired, [.procedure], "a procedure on a paired site has no side",
                    mend: "write CODE:LEFT, CODE:RIGHT or CODE:BILATERAL", aside: "\(code)")
            } else if !procedure.isPaired, side != .notApplicable {
                ruling.refuse(
                    .PlanRules.lateralityNotApplicable, [.procedure], "a procedure on an unpaired site has a side",
                    mend: "leave the side out", aside: "\(text)")
            }
            let purpose = parts.count > 2 ? ProcedurePlan.Purpose(rawValue: String(parts[2])) : nil
            if parts.count > 2, purpose == nil {
                ruling.refuse(
                    .Entry.unknownCode, [.procedure], "a procedure's purpose is not one of COSMETIC, THERAPEUTIC",
                    mend: "write CODE:SIDE:THERAPEUTIC or CODE:SIDE:COSMETIC, or leave it to the plan's purpose",
                    aside: "the entry says \(text)")
            }
            return ProcedurePlan.PlannedProcedure(code: code, side: side, purpose: purpose)
        }
    }

    /// Whether two entries of a list are one procedure on a side that they share.
    private func overlaps(_ one: String, _ other: String) -> Bool {
        let (left, right) = (one.split(separator: ":", maxSplits: 2), other.split(separator: ":", maxSplits: 2))
        guard let code = left.first, code == right.first else { return false }
        guard left.count > 1, right.count > 1, left[1] != right[1] else { return true }
        return left[1] == "BILATERAL" || right[1] == "BILATERAL"
    }

    /// `SKU` or `SKU*2`.
    private func plannedItems(_ listed: [String], into ruling: inout Ruling) -> [ProcedurePlan.PlannedItem] {
        listed.enumerated().compactMap { index, text in
            let parts = text.split(separator: "*", maxSplits: 1, omittingEmptySubsequences: false)
            let sku = SKU(String(parts[0]))
            let quantity = parts.count > 1 ? Digits.value(of: Array(parts[1].utf8)) : 1
            if catalog.items[sku] == nil {
                ruling.refuse(
                    .PlanRules.itemUnknown, [.items], "an item is not in the item list",
                    mend: "use a SKU of the item list", aside: "the entry says \(text)", item: index)
            }
            guard let quantity, (1...9_999).contains(quantity) else {
                ruling.refuse(
                    .Entry.badValue, [.items], "a quantity is not a whole number from 1 to 9999",
                    mend: "write SKU*2 for two of an item", aside: "the entry says \(text)", item: index)
                return nil
            }
            return ProcedurePlan.PlannedItem(sku: sku, quantity: quantity)
        }
    }

    private func requirements(_ codes: [String], into ruling: inout Ruling) -> [RequirementCode] {
        for (index, code) in codes.enumerated() where catalog.requirements[RequirementCode(code)] == nil {
            ruling.refuse(
                .PlanRules.requirementUnknown, [.requirements], "a requirement is not in the catalog",
                mend: "use a code of the catalog", aside: "the entry says \(code)", item: index)
        }
        return codes.map { RequirementCode($0) }
    }

    /// Items, requirements and anesthesia that the procedures ask for; both sides need twice what is needed per side.
    private func takeDefaults(into plan: inout ProcedurePlan) {
        plan.items = []
        plan.requirements = []
        plan.anesthesia = .withoutAnesthesia
        for planned in plan.procedures {
            guard let procedure = catalog.procedures[planned.code] else { continue }
            for needed in procedure.items {
                let quantity = needed.perSide && planned.side == .bilateral ? needed.quantity * 2 : needed.quantity
                if let known = plan.items.firstIndex(where: { $0.sku == needed.sku }) {
                    plan.items[known].quantity += quantity
                } else {
                    plan.items.append(.init(sku: needed.sku, quantity: quantity))
                }
            }
            for code in procedure.requirements where !plan.requirements.contains(code) {
                plan.requirements.append(code)
            }
            if procedure.anesthesia.depth > plan.anesthesia.depth { plan.anesthesia = procedure.anesthesia }
        }
    }
}

extension ProcedurePlan.Anesthesia {
    /// Of several procedures at once the deepest anesthesia counts.
    fileprivate var depth: Int {
        switch self {
        case .withoutAnesthesia: 0
        case .local: 1
        case .sedation: 2
        case .regional: 3
        case .general: 4
        }
    }
}
