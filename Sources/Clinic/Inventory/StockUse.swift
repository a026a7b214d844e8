/// What happens to things in a case: used, given back, wasted.
extension Pathway {
    func useStock(_ command: Command, in state: any ClinicState, into ruling: inout Ruling) throws {
        let surgicalCase = try caseForStock(command, in: state, into: &ruling)
        guard let request = try stockRequest(command, needs: [.serial, .quantity], in: state, into: &ruling) else {
            return
        }
        let lot = try knownLot(request, at: request.location, in: state, into: &ruling)
        checkUnit(request, into: &ruling)
        try checkTimes(of: request, as: command, in: state, into: &ruling)
        if let lot {
            try checkArrival(of: lot, as: command, in: state, into: &ruling)
            // A scan dated before its case began would make an expired lot fit again.
            let usedAt = max(command.effectiveAt, surgicalCase?.startedAt ?? command.effectiveAt)
            checkFitness(of: lot, as: command, at: usedAt, into: &ruling)
            checkStock(request.quantity, in: lot, into: &ruling)
            try checkDevices(request, in: lot, state: state, into: &ruling)
            // For whom something is kept can be asked only once it is known for whom it was used.
            if let plan = surgicalCase?.plan {
                try checkReservations(request.quantity, in: lot, for: plan, in: state, into: &ruling)
            }
        }
        if let surgicalCase {
            checkDay(of: surgicalCase, as: command, into: &ruling)
            checkSide(of: request.item, for: surgicalCase, as: command, into: &ruling)
            try cautionAboutUse(of: request.item, in: surgicalCase, state: state, into: &ruling)
            try cautionAboutBill(of: surgicalCase, in: state, into: &ruling)
        }
        guard ruling.isClear, let lot, let surgicalCase else { return }
        var use = try movement(
            .use, of: lot, change: -request.quantity, serial: request.serial, in: surgicalCase, as: command,
            state: state)
        use.side = use.side ?? onlySide(of: request.item, in: surgicalCase)
        use.fromReservation = try keptFor(surgicalCase.plan, of: lot, atMost: request.quantity, in: state)
        var writes: [any ClinicEntity] = [use]
        writes += try taking(request.quantity, from: lot, for: surgicalCase.plan, in: state)
        if let serial = request.serial {
            var unit =
                request.unit
                ?? SerialUnit(sku: request.item.sku, serial: serial, lot: lot.lot, location: lot.location)
            unit.state = .used
            unit.surgicalCase = surgicalCase.surgicalCase
            unit.side = use.side
            writes.append(unit)
        }
        ruling.record(stockEvent("inventory.used", lot.sku, of: surgicalCase, writes: writes, as: command))
    }

    func returnStock(_ command: Command, in state: any ClinicState, into ruling: inout Ruling) throws {
        let surgicalCase = try caseForStock(command, in: state, into: &ruling)
        guard let request = try stockRequest(command, needs: [.serial, .quantity], in: state, into: &ruling),
            let surgicalCase
        else { return }
        try cautionAboutBill(of: surgicalCase, in: state, into: &ruling)
        // Nothing comes back before it was used.
        let consumption = try Consumption(of: surgicalCase.surgicalCase, in: state, by: command.effectiveAt)
        let used = consumption.net(request.item.sku, lot: request.lot, serial: request.serial)
        let unitElsewhere = request.unit.map { $0.surgicalCase != surgicalCase.surgicalCase || $0.state != .used }
        if used < request.quantity || unitElsewhere == true {
            ruling.refuse(
                .InventoryRules.returnExceedsUse, [.quantity, .lot, .serial],
                "the case has not used as much of it as was given back",
                mend: "tell the use first, or correct lot, serial number and quantity",
                aside: "case \(surgicalCase.surgicalCase): \(used) used, \(request.quantity) given back",
                waitingFor: [.surgicalCase(surgicalCase.surgicalCase), .item(request.item.sku)])
        }
        let from = consumption.lastUse(request.item.sku, lot: request.lot, serial: request.serial)
        let location = request.namedLocation ?? from?.location ?? StockRequest.mainLocation
        guard ruling.isClear else { return }
        var lot = try lotToFill(request, at: location, command: command, in: state)
        lot.onHand += request.quantity
        var back = try movement(
            .giveBack, of: lot, change: request.quantity, serial: request.serial, in: surgicalCase, as: command,
            state: state)
        back.original = from?.number
        back.side = from?.side
        var writes: [any ClinicEntity] = [back, lot]
        if var unit = request.unit {
            unit.state = .inStock
            unit.location = location
            unit.surgicalCase = nil
            unit.side = nil
            writes.append(unit)
        }
        ruling.record(stockEvent("inventory.returned", lot.sku, of: surgicalCase, writes: writes, as: command))
    }

    func wasteStock(_ command: Command, in state: any ClinicState, into ruling: inout Ruling) throws {
        let surgicalCase = try caseForStock(command, in: state, into: &ruling)
        guard let request = try stockRequest(command, needs: [.serial, .quantity], in: state, into: &ruling) else {
            return
        }
        let lot = try knownLot(request, at: request.location, in: state, into: &ruling)
        checkUnit(request, into: &ruling)
        try checkTimes(of: request, as: command, in: state, into: &ruling)
        if let lot {
            try checkArrival(of: lot, as: command, in: state, into: &ruling)
            checkStock(request.quantity, in: lot, into: &ruling)
            try checkDevices(request, in: lot, state: state, into: &ruling)
        }
        guard ruling.isClear, let lot, let surgicalCase else { return }
        let waste = try movement(
            .waste, of: lot, change: -request.quantity, serial: request.serial, in: surgicalCase, as: command,
            state: state)
        // The plan still needs what was wasted: nobody's promise is used up, promises only give way to what is gone.
        var writes: [any ClinicEntity] = [waste]
        writes += try taking(request.quantity, from: lot, for: nil, in: state)
        if let serial = request.serial {
            var unit =
                request.unit
                ?? SerialUnit(sku: request.item.sku, serial: serial, lot: lot.lot, location: lot.location)
            unit.state = .wasted
            unit.surgicalCase = surgicalCase.surgicalCase
            writes.append(unit)
        }
        ruling.record(stockEvent("inventory.wasted", lot.sku, of: surgicalCase, writes: writes, as: command))
    }

    /// How many of a lot are kept for a plan, of those that are taken.
    private func keptFor(
        _ plan: PlanID, of lot: InventoryLot, atMost quantity: Int, in state: any ClinicState
    ) throws -> Int? {
        let kept = try activeReservations(of: lot, in: state).filter { $0.plan == plan }.map(\.quantity).reduce(0, +)
        return kept == 0 ? nil : min(kept, quantity)
    }

    /// Expired, recalled and quarantined lots are not used; what counts is the day of the use.
    private func checkFitness(
        of lot: InventoryLot, as command: Command, at instant: Instant, into ruling: inout Ruling
    ) {
        let day = zone.date(of: instant)
        // The earlier of the dates on record and on the package: neither makes the other good.
        let expiresOn = [lot.expiresOn, command.date(.expiresOn)].compactMap(\.self).min()
        if let expiresOn, expiresOn < day {
            ruling.refuse(
                .InventoryRules.lotExpired, [.lot, .expiresOn, .scannedAt], "the lot had expired on the day of its use",
                mend: "check the lot on the package; if it was used, tell the surgeon",
                aside: "lot \(lot.id) expired after \(expiresOn) and was used on \(day)")
        }
        switch lot.state {
        case .available: break
        case .recalled:
            ruling.refuse(
                .InventoryRules.lotRecalled, [.lot], "the lot is recalled",
                mend: "check the lot on the package; if it was used, tell the surgeon", aside: "lot \(lot.id)")
        case .quarantined:
            ruling.refuse(
                .InventoryRules.lotQuarantined, [.lot], "the lot is in quarantine",
                mend: "check the lot on the package; if it was used, tell the surgeon; only somebody who has read the "
                    + "reason of the quarantine accepts a lot", aside: "lot \(lot.id)")
        }
    }

    /// The case's procedures that an item is for; for an implant that none of them lists, all of them.
    private func procedures(for item: Item, in surgicalCase: SurgicalCase) -> [ProcedurePlan.PlannedProcedure] {
        let listing = surgicalCase.procedures.filter { planned in
            catalog.procedures[planned.code]?.items.contains { $0.sku == item.sku } ?? false
        }
        return listing.isEmpty && item.isImplant ? surgicalCase.procedures : listing
    }

    private func checkSide(
        of item: Item, for surgicalCase: SurgicalCase, as command: Command, into ruling: inout Ruling
    ) {
        let procedures = procedures(for: item, in: surgicalCase)
        guard !procedures.isEmpty else { return }
        guard let side = command.text(.side).flatMap({ Side(rawValue: $0) }) else {
            guard item.isImplant, procedures.contains(where: { $0.side != .notApplicable }),
                onlySide(of: item, in: surgicalCase) == nil
            else { return }
            ruling.refuse(
                .Entry.missingField, [.side], "an implant of a case for more than one side names its own",
                mend: "give the side in which it lies: LEFT or RIGHT", aside: "case \(surgicalCase.surgicalCase)")
            return
        }
        if !procedures.contains(where: { $0.side.covers(side) }) {
            ruling.refuse(
                .InventoryRules.sideDiffers, [.side, .surgicalCase], "the case is not for this side",
                mend: "check the side; if the device is in place, tell the surgeon",
                aside: "case \(surgicalCase.surgicalCase) is for "
                    + procedures.map(\.side.rawValue).joined(separator: ", "))
        } else if side == .bilateral, item.isImplant, item.tracking == .serial {
            ruling.refuse(
                .InventoryRules.sideDiffers, [.side, .serial], "one device lies on one side",
                mend: "give the side in which it lies: LEFT or RIGHT", aside: "case \(surgicalCase.surgicalCase)")
        }
    }

    /// The side of a use that names none, where the case leaves no choice.
    private func onlySide(of item: Item, in surgicalCase: SurgicalCase) -> Side? {
        let sides = Set(procedures(for: item, in: surgicalCase).map(\.side))
        guard sides.count == 1, let side = sides.first, side == .left || side == .right else { return nil }
        return side
    }

    private func cautionAboutUse(
        of item: Item, in surgicalCase: SurgicalCase, state: any ClinicState, into ruling: inout Ruling
    ) throws {
        if let patient = try survivorWithAllAllergies(of: surgicalCase.mrn, in: state) {
            let hits = item.materials.filter { isDoubtful($0, for: patient) }
            if !hits.isEmpty {
                caution(
                    Finding(
                        .InventoryRules.allergy, [.sku, .surgicalCase],
                        "the item holds a material that the patient is not known to tolerate",
                        mend: "tell the surgeon and the anesthetist; document the patient's tolerance",
                        aside: "\(hits.joined(separator: ", ")), patient \(patient.mrn)"),
                    into: &ruling)
            }
        }
        guard item.tracking != .quantity else { return }
        let planID = "\(surgicalCase.plan)#\(surgicalCase.planVersion)"
        let planned = try state.fetch(ProcedurePlan.self, id: planID)?.items.contains { $0.sku == item.sku } ?? false
        let needed = surgicalCase.procedures.contains { planned in
            catalog.procedures[planned.code]?.items.contains { $0.sku == item.sku } ?? false
        }
        if !planned, !needed {
            caution(
                Finding(
                    .InventoryRules.notInPlan, [.sku], "the item is not in the plan",
                    mend: "check the item; nothing needs mending if it was used", aside: "item \(item.sku)"),
                into: &ruling)
        }
    }

    /// Things are laid out before the start, not on another day.
    private func checkDay(of surgicalCase: SurgicalCase, as command: Command, into ruling: inout Ruling) {
        guard let startedAt = surgicalCase.startedAt,
            zone.date(of: command.effectiveAt) < zone.date(of: startedAt)
        else { return }
        ruling.refuse(
            .InventoryRules.caseNotOpen, [.scannedAt, .surgicalCase],
            "it was scanned before the day on which the case began",
            mend: "correct the time of the scan, or the case",
            aside: "case \(surgicalCase.surgicalCase) began \(zone.stamp(startedAt))")
    }

    /// A material among the patient's allergies; latex counts as not tolerated until its tolerance is documented.
    private func isDoubtful(_ material: String, for patient: Patient) -> Bool {
        guard let allergies = patient.allergies else { return Spelling.isSame(material, "latex") }
        let name = Spelling.folded(material)
        return allergies.contains { Spelling.folded($0).contains(name) }
    }

    /// Says so when the case has been billed: what changes now makes a bill of its own.
    func cautionAboutBill(
        of surgicalCase: SurgicalCase, in state: any ClinicState, into ruling: inout Ruling
    ) throws {
        let bills = try state.fetch(Bill.self, where: .surgicalCase(surgicalCase.surgicalCase))
            .filter { $0.state != .cancelled && $0.type != .creditNote }
        guard let bill = bills.first else { return }
        caution(
            Finding(
                .InventoryRules.billSettled, [.surgicalCase], "the case is billed already",
                mend: "nothing: a supplement or a credit note follows", aside: "bill \(bill.number)"),
            into: &ruling)
    }
}
