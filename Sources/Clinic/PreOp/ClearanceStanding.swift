/// Whether requirements and clearance stand on a day: derived for that day, never swept by the clock.
extension Pathway {
    /// The day of surgery as booked, else as planned.
    func surgeryDay(of plan: ProcedurePlan, in state: any ClinicState) throws -> CalendarDate? {
        let booked = try state.fetch(SurgicalCase.self, where: .plan(plan.plan)).first {
            $0.state == .scheduled || $0.state == .inProgress
        }
        return booked?.startsAt.map { zone.date(of: $0) } ?? plan.plannedFor
    }

    /// True when a result no longer counts on a day.
    func isOutdated(_ requirement: Requirement, on day: CalendarDate) -> Bool {
        if let validUntil = requirement.validUntil { return validUntil < day }
        guard let metAt = requirement.metAt, let definition = catalog.requirements[requirement.code] else {
            return false
        }
        let most =
            switch definition.kind {
            case .examination: policy.examinationValidDays
            case .laboratory: policy.laboratoryValidDays
            default: nil as Int?
            }
        return zone.date(of: metAt).days(until: day) > min(definition.validDays, most ?? .max)
    }

    /// What a plan still lacks on a day, one line each, for those who may read it.
    func openRequirements(of plan: ProcedurePlan, on day: CalendarDate, in state: any ClinicState) throws -> [String] {
        let known = try state.fetch(Requirement.self, where: .plan(plan.plan))
        var open: [String] = []
        for requirement in known where requirement.state != .waived {
            if requirement.state != .met {
                open.append("\(requirement.code) is \(requirement.state.rawValue)")
            } else if isOutdated(requirement, on: day) {
                open.append("\(requirement.code) is out of date on \(day)")
            }
        }
        for code in neededRequirements(of: plan) where !known.contains(where: { $0.code == code }) {
            open.append("\(code) was never ordered")
        }
        return open
    }

    /// The plan's requirements, or where it names none those of its procedures.
    private func neededRequirements(of plan: ProcedurePlan) -> [RequirementCode] {
        guard plan.requirements.isEmpty else { return plan.requirements }
        return plan.procedures.flatMap { catalog.procedures[$0.code]?.requirements ?? [] }
    }

    /// Why the patient of a plan is not cleared on a day; empty when they are.
    func clearanceGaps(of plan: ProcedurePlan, on day: CalendarDate, in state: any ClinicState) throws -> [String] {
        guard let clearance = try state.fetch(Clearance.self, id: plan.plan.rawValue), clearance.state == .cleared
        else {
            return ["no clearance has been given"]
        }
        var gaps: [String] = []
        if let clearedAt = clearance.clearedAt, zone.date(of: clearedAt).days(until: day) > policy.clearanceValidDays {
            gaps.append("the clearance of \(zone.date(of: clearedAt)) is older than \(policy.clearanceValidDays) days")
        }
        gaps += try openRequirements(of: plan, on: day, in: state)
        for reservation in try state.fetch(Reservation.self, where: .plan(plan.plan)) where reservation.state == .active
        {
            let id = InventoryLot.id(reservation.sku, reservation.lot, reservation.location)
            guard let lot = try state.fetch(InventoryLot.self, id: id) else { continue }
            if lot.state != .available { gaps.append("lot \(lot.lot) of \(lot.sku) is \(lot.state.rawValue)") }
            if lot.isExpired(on: day) { gaps.append("lot \(lot.lot) of \(lot.sku) expires before \(day)") }
        }
        return gaps
    }
}
