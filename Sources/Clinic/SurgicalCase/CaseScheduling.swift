/// How a case is created and gets its theater, team and time.
extension Pathway {
    func createCase(
        _ id: CaseID, existing: SurgicalCase?, _ command: Command, in state: any ClinicState, into ruling: inout Ruling
    ) throws {
        if existing != nil {
            ruling.refuse(
                .CaseRules.exists, [.surgicalCase], "a case with this number exists already",
                mend: "give the new case a number of its own", aside: "\(id)")
        }
        guard let created = try newCase(id, command, in: state, into: &ruling) else { return }
        _ = try checkOwner(created.mrn, named: .plan, of: command, in: state, into: &ruling)
        ruling.record(
            Event(
                "case.created", .surgicalCase(id), patient: created.mrn, at: command.effectiveAt,
                writes: [fill(created, from: command)]))
    }

    func scheduleNewCase(_ id: CaseID, _ command: Command, in state: any ClinicState, into ruling: inout Ruling) throws
    {
        guard let created = try newCase(id, command, in: state, into: &ruling) else { return }
        ruling.record(
            Event(
                "case.created", .surgicalCase(id), patient: created.mrn, at: command.effectiveAt, writes: [created]))
        // `newCase` has already said what it thinks of the plan.
        guard let plan = try state.currentPlan(created.plan) else { return }
        try book(fill(created, from: command), plan, as: "case.scheduled", command, in: state, into: &ruling)
    }

    func schedule(
        _ found: SurgicalCase, _ command: Command, in state: any ClinicState, into ruling: inout Ruling
    ) throws {
        guard isTurn([.created, .postponed], of: found, into: &ruling) else { return }
        try bookAgain(found, as: "case.scheduled", command, in: state, into: &ruling)
    }

    func reschedule(
        _ found: SurgicalCase, _ command: Command, in state: any ClinicState, into ruling: inout Ruling
    ) throws {
        guard isTurn([.scheduled, .postponed], of: found, into: &ruling) else { return }
        try bookAgain(found, as: "case.rescheduled", command, in: state, into: &ruling)
    }

    private func bookAgain(
        _ found: SurgicalCase, as kind: String, _ command: Command, in state: any ClinicState, into ruling: inout Ruling
    ) throws {
        if let named: PlanID = command.id(.plan), named != found.plan {
            ruling.refuse(
                .CaseRules.differsFromPlan, [.plan], "the case belongs to another plan",
                mend: "correct the number of the case or of the plan",
                aside: "\(found.surgicalCase) is of \(found.plan)")
        }
        let approved = try approvedPlan(found.plan, else: .CaseRules.planNotApproved, in: state, into: &ruling)
        guard let plan = approved else { return }
        checkAgainstPlan(command, plan, into: &ruling)
        var filled = fill(found, from: command)
        // Another nurse does not undo the sign-in, another time does.
        if filled.startsAt != found.startsAt { filled.signInAt = nil }
        try book(filled, plan, as: kind, command, in: state, into: &ruling)
    }

    /// A case as its plan describes it; a plan has one open case.
    private func newCase(
        _ id: CaseID, _ command: Command, in state: any ClinicState, into ruling: inout Ruling
    ) throws -> SurgicalCase? {
        guard let planID: PlanID = command.id(.plan) else { return nil }
        if let open = try state.fetch(SurgicalCase.self, where: .plan(planID)).first(where: { $0.state.isOpen }),
            open.surgicalCase != id
        {
            ruling.refuse(
                .CaseRules.exists, [.plan], "the plan has an open case already",
                mend: "use that case, or cancel it first", aside: "\(open.surgicalCase)")
        }
        let approved = try approvedPlan(planID, else: .CaseRules.planNotApproved, in: state, into: &ruling)
        guard let plan = approved else { return nil }
        checkAgainstPlan(command, plan, into: &ruling)
        let minutes = plan.procedures.compactMap { catalog.procedures[$0.code]?.minutes }.reduce(0, +)
        return SurgicalCase(
            surgicalCase: id, plan: planID, planVersion: plan.version, mrn: plan.mrn, state: .created,
            procedures: plan.procedures, surgeon: plan.surgeon, anesthesia: plan.anesthesia,
            minutes: max(minutes, 1), createdAt: command.effectiveAt)
    }

    /// The case with what the entry says of theater, time and team.
    private func fill(_ surgicalCase: SurgicalCase, from command: Command) -> SurgicalCase {
        var filled = surgicalCase
        if let theater: TheaterID = command.id(.theater) { filled.theater = theater }
        if let startsAt = command.instant(.startsAt) { filled.startsAt = startsAt }
        if let minutes = command.integer(.minutes), minutes > 0 { filled.minutes = minutes }
        if let anesthetist: StaffID = command.id(.anesthetist) { filled.anesthetist = anesthetist }
        if let staff = command.list(.staff) {
            filled.team = staff.map { entry in
                let parts = entry.split(separator: ":", maxSplits: 1).map(String.init)
                return .init(role: parts.count > 1 ? parts[0] : "TEAM", id: StaffID(parts.last ?? entry))
            }
        }
        if let equipment = command.list(.equipment) { filled.equipment = equipment }
        if let asaClass = command.text(.asaClass) { filled.asaClass = asaClass }
        if let notes = command.text(.notes) {
            filled.remarks.append(.init(text: notes, at: command.effectiveAt, actor: command.text(.actor)))
        }
        return filled
    }

    /// Everything that a booking must meet; then bookings and reservation in one decision.
    private func book(
        _ proposed: SurgicalCase, _ plan: ProcedurePlan, as kind: String, _ command: Command,
        in state: any ClinicState, into ruling: inout Ruling
    ) throws {
        let patient = try checkOwner(plan.mrn, named: .plan, of: command, in: state, into: &ruling)
        guard let start = proposed.startsAt else { return }
        let day = zone.date(of: start)
        try checkConsent(
            of: plan, at: start, bookedOn: zone.date(of: command.effectiveAt), mayWait: true, in: state, into: &ruling)
        checkASA(of: proposed, into: &ruling)
        try checkClearance(of: plan, on: day, mayWait: true, in: state, into: &ruling)
        checkPrivileges(of: proposed, on: day, into: &ruling)
        try checkDeposit(for: plan, in: state, into: &ruling)
        if let patient { cautionAboutInsurance(of: patient, for: plan, booked: day, into: &ruling) }
        let stock = try reserve(plan, on: day, else: .CaseRules.stockShort, in: state, into: &ruling)
        let calendar = TheaterCalendar(catalog: catalog, patient: try state.records(of: patient?.mrn ?? plan.mrn))
        try calendar.check(
            proposed, search: lawfulTimes(for: proposed, plan, from: max(start, command.effectiveAt), in: state),
            in: state, into: &ruling)
        guard ruling.isClear else { return }
        var booked = proposed
        // An equal version of the plan may have been approved since the case was created, with other prices.
        booked.procedures = plan.procedures
        booked.state = .scheduled
        booked.planVersion = plan.version
        booked.reason = nil
        if let event = try reserved(stock, for: plan, at: command.effectiveAt, in: state) { ruling.record(event) }
        let bookings = try calendar.bookings(of: booked, in: state)
        ruling.record(
            Event(
                kind, .surgicalCase(booked.surgicalCase), patient: booked.mrn, at: command.effectiveAt,
                writes: [booked] + bookings, note: command.text(.reason)))
    }
}
