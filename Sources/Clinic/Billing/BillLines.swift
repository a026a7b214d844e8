/// What a case is charged for.
extension Pathway {
    /// The charges of a case that is billed for the first time: what was performed, the anesthesia, the theater.
    func serviceLines(of surgicalCase: SurgicalCase, plan: ProcedurePlan?) -> [Bill.Line] {
        var lines: [Bill.Line] = []
        if surgicalCase.state == .completed {
            for performed in surgicalCase.procedures {
                let planned = plan?.procedures.first { $0.code == performed.code && $0.side == performed.side }
                let definition = catalog.procedures[performed.code]
                let name = definition?.name ?? performed.code.rawValue
                let side = performed.side == .notApplicable ? "" : ", \(performed.side.rawValue.lowercased())"
                lines.append(
                    Bill.Line(
                        .procedure, performed.code.rawValue, name + side, quantity: 1,
                        unitPrice: planned?.price ?? performed.price ?? definition?.price ?? .zero,
                        for: (planned ?? performed).purpose))
            }
        }
        if surgicalCase.anesthesia != .withoutAnesthesia, let minutes = surgicalCase.anesthesiaMinutes, minutes > 0 {
            let kind = surgicalCase.anesthesia.rawValue.lowercased()
            lines.append(
                Bill.Line(
                    .anesthesia, "ANESTHESIA-BASE", "Anesthesia, \(kind)", quantity: 1,
                    unitPrice: policy.anesthesiaBase))
            lines.append(
                Bill.Line(
                    .anesthesia, "ANESTHESIA-TIME", "Anesthesia, per quarter of an hour",
                    quantity: (minutes + 14) / 15, unitPrice: policy.anesthesiaPerQuarterHour))
        }
        if let price = policy.facilityPerHour, let start = surgicalCase.startedAt, let end = surgicalCase.endedAt,
            start < end
        {
            lines.append(
                Bill.Line(
                    .facility, "FACILITY", "Theater, per hour", quantity: (start.seconds(until: end) + 3_599) / 3_600,
                    unitPrice: price))
        }
        return lines.filter { $0.kind == .procedure || $0.net > .zero }
    }

    /// The charges for things consumed, less what bills of the case charge already.
    func inventoryLines(
        of surgicalCase: SurgicalCase, less billed: [Consumption.Portion: Int], in state: any ClinicState
    ) throws -> [Bill.Line] {
        let day = try pricesDay(of: surgicalCase, in: state)
        return try Consumption(of: surgicalCase.surgicalCase, in: state).portions.compactMap { portion, quantity in
            let unbilled = quantity - billed[portion, default: 0]
            guard unbilled > 0, let item = catalog.item(portion.sku, at: day), let price = item.price else {
                return nil
            }
            var line = Bill.Line(.inventory, portion.sku.rawValue, item.name, quantity: unbilled, unitPrice: price)
            line.lot = portion.lot.isEmpty ? nil : portion.lot
            line.serial = portion.serial
            return line
        }
    }

    /// Prices are those of the plan's approval.
    private func pricesDay(of surgicalCase: SurgicalCase, in state: any ClinicState) throws -> CalendarDate {
        let plan = try state.versions(of: surgicalCase.plan).first { $0.version == surgicalCase.planVersion }
        return zone.date(of: plan?.approvedAt ?? surgicalCase.createdAt)
    }
}

extension Pathway {
    /// Sets the class of tax of every line: a procedure's own purpose, of goods that of the procedures that need them,
    /// else the plan's.
    func setTaxClasses(of lines: inout [Bill.Line], plan: ProcedurePlan?) {
        for index in lines.indices {
            let purpose = lines[index].purpose ?? purpose(ofGoods: lines[index], plan: plan)
            lines[index].setTaxClass(purpose ?? plan?.purpose ?? .cosmetic, policy)
        }
    }

    /// The purpose of goods that procedures of only one purpose need.
    private func purpose(ofGoods line: Bill.Line, plan: ProcedurePlan?) -> ProcedurePlan.Purpose? {
        guard let plan, let sku = line.portion?.sku else { return nil }
        let needing = plan.procedures.filter { planned in
            catalog.procedures[planned.code]?.items.contains { $0.sku == sku } ?? false
        }
        let purposes = Set(needing.map { plan.purpose(of: $0) })
        return purposes.count == 1 ? purposes.first : nil
    }
}

extension Bill.Line {
    /// A charge whose number, tax and shares are still to be worked out.
    init(
        _ kind: Bill.ChargeKind, _ code: String, _ description: String, quantity: Int, unitPrice: Money,
        for purpose: ProcedurePlan.Purpose? = nil
    ) {
        self.init(
            number: 0, kind: kind, code: code, description: description, quantity: quantity, unitPrice: unitPrice,
            net: unitPrice * quantity, taxBasisPoints: 0, taxCategory: purpose.map(Bill.Line.category) ?? "",
            tax: .zero, insurerShare: .zero, writeOff: .zero, patientShare: .zero)
    }

    private static func category(_ purpose: ProcedurePlan.Purpose) -> String { purpose == .therapeutic ? "E" : "S" }

    /// What the line is for, as far as that is settled.
    fileprivate var purpose: ProcedurePlan.Purpose? {
        taxCategory.isEmpty ? nil : isTherapeutic ? .therapeutic : .cosmetic
    }

    /// Cosmetic surgery is taxed at the standard rate (zero-rated where that is none), therapeutic surgery is exempt
    /// and says why (EN 16931 BR-E-05, BR-E-10).
    fileprivate mutating func setTaxClass(_ purpose: ProcedurePlan.Purpose, _ policy: Policy) {
        switch purpose {
        case .therapeutic:
            taxCategory = "E"
            taxBasisPoints = 0
            taxExemptionReason = policy.therapeuticExemption
        case .cosmetic:
            taxBasisPoints = policy.standardTaxBasisPoints
            taxCategory = taxBasisPoints == 0 ? "Z" : "S"
        }
    }

    var taxClass: TaxClass { TaxClass(category: taxCategory, basisPoints: taxBasisPoints) }
    var isTherapeutic: Bool { taxCategory == "E" }

    /// The thing consumed that an inventory line charges for.
    var portion: Consumption.Portion? {
        kind == .inventory ? Consumption.Portion(sku: SKU(code), lot: lot ?? "", serial: serial) : nil
    }

    /// What the line charges, tax included.
    package var charge: Money { net + tax }

    /// What insurer, write-off and patient bear of it; of a credit it may differ from the charge by the rounding of tax.
    var shares: Money { insurerShare + writeOff + patientShare }
}
