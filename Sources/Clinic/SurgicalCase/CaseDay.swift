/// The day of surgery: checklist, start and end, notes and the care that follows.
extension Pathway {
    func signIn(_ found: SurgicalCase, _ command: Command, in state: any ClinicState, into ruling: inout Ruling) throws
    {
        _ = try checkOwner(found.mrn, named: .surgicalCase, of: command, in: state, into: &ruling)
        guard isTurn([.scheduled], of: found, into: &ruling) else { return }
        checkDay(of: found, command, into: &ruling)
        var changed = found
        changed.signInAt = command.effectiveAt
        record("case.signed-in", changed, command, into: &ruling)
    }

    /// All is checked again, and nothing is held: whoever stands in theater needs an answer now.
    func start(_ found: SurgicalCase, _ command: Command, in state: any ClinicState, into ruling: inout Ruling) throws {
        _ = try checkOwner(found.mrn, named: .surgicalCase, of: command, in: state, into: &ruling)
        guard isTurn([.scheduled], of: found, into: &ruling) else { return }
        checkDay(of: found, command, into: &ruling)
        let day = zone.date(of: command.effectiveAt)
        let plan = try state.currentPlan(found.plan)
        if let plan, plan.state == .approved {
            checkAgainstPlan(command, plan, into: &ruling)
            checkSame(found, plan, into: &ruling)
            try checkConsent(of: plan, at: command.effectiveAt, mayWait: false, in: state, into: &ruling)
            try checkClearance(of: plan, on: day, mayWait: false, in: state, into: &ruling)
            let stock = try reserve(
                plan, on: day, else: .CaseRules.stockShort, in: state, isFinal: true, into: &ruling)
            if let event = try reserved(stock, for: plan, at: command.effectiveAt, in: state) { ruling.record(event) }
        } else {
            ruling.refuse(
                .CaseRules.planNotApproved, [.surgicalCase], "the plan of the case is not approved any more",
                mend: "draft and approve a new plan", aside: "\(found.plan)")
        }
        checkPrivileges(of: found, on: day, into: &ruling)
        try checkNobodyElseIsThere(found, at: command.effectiveAt, in: state, into: &ruling)
        checkList([(found.signInAt, "sign-in")], into: &ruling)
        checkOrder([(found.signInAt, "the sign-in"), (command.effectiveAt, "the start of the surgery")], into: &ruling)
        var changed = found
        if let plan {
            changed.planVersion = plan.version
            changed.procedures = plan.procedures
        }
        changed.state = .inProgress
        changed.startedAt = command.effectiveAt
        if let asaClass = command.text(.asaClass) { changed.asaClass = asaClass }
        checkASA(of: changed, into: &ruling)
        record("case.started", changed, command, into: &ruling)
    }

    /// Whatever was booked: a theater holds one case, and a patient and a surgeon are in one, at a time.
    private func checkNobodyElseIsThere(
        _ found: SurgicalCase, at instant: Instant, in state: any ClinicState, into ruling: inout Ruling
    ) throws {
        let numbers = try state.records(of: found.mrn)
        let running = try state.fetch(SurgicalCase.self, where: .inState(.inProgress)).filter {
            $0.surgicalCase != found.surgicalCase && $0.startedAt.map { $0 <= instant } ?? false
        }
        for other in running {
            let mend = "tell the end of the case that is under way, or correct the number of the case"
            let aside = "case \(other.surgicalCase) is under way since \(other.startedAt.map { zone.stamp($0) } ?? "")"
            if other.theater != nil, other.theater == found.theater {
                ruling.refuse(
                    .CaseRules.theaterDoubleBooked, [.surgicalCase], "another case is under way in the theater",
                    mend: mend,
                    aside: aside)
            }
            if numbers.contains(other.mrn) {
                ruling.refuse(
                    .CaseRules.patientDoubleBooked, [.surgicalCase], "the patient is in another case that is under way",
                    mend: mend, aside: aside)
            }
        }
    }

    /// Time-out before the first cut, sign-out before the patient leaves theater.
    func check(
        off found: SurgicalCase, _ command: Command, in state: any ClinicState, into ruling: inout Ruling
    ) throws {
        _ = try checkOwner(
            found.mrn, named: .surgicalCase, of: command, mustBeActive: false, in: state, into: &ruling)
        guard isTurn([.inProgress], of: found, into: &ruling) else { return }
        var changed = found
        let isTimeOut = command.action == Action("TIME_OUT")
        if isTimeOut { changed.timeOutAt = command.effectiveAt } else { changed.signOutAt = command.effectiveAt }
        checkOrder(course(of: changed), into: &ruling)
        record(isTimeOut ? "case.timed-out" : "case.signed-out", changed, command, into: &ruling)
    }

    func complete(
        _ found: SurgicalCase, _ command: Command, in state: any ClinicState, into ruling: inout Ruling
    ) throws {
        _ = try checkOwner(
            found.mrn, named: .surgicalCase, of: command, mustBeActive: false, in: state, into: &ruling)
        guard isTurn([.inProgress], of: found, into: &ruling) else { return }
        checkList([(found.timeOutAt, "time-out"), (found.signOutAt, "sign-out")], into: &ruling)
        checkOrder(course(of: found) + [(command.effectiveAt, "the end of the surgery")], into: &ruling)
        try checkImplants(of: found, in: state, into: &ruling)
        try checkFollowUp(of: found, endedAt: command.effectiveAt, command, in: state, into: &ruling)
        var changed = withCare(found, from: command)
        changed.state = .completed
        changed.endedAt = command.effectiveAt
        cautionAboutAnesthesia(of: changed, into: &ruling)
        try recordEnd("case.completed", changed, command, in: state, into: &ruling)
    }

    /// Given up after its start: no checklist can be asked of it.
    func abandon(_ found: SurgicalCase, _ command: Command, in state: any ClinicState, into ruling: inout Ruling) throws
    {
        _ = try checkOwner(
            found.mrn, named: .surgicalCase, of: command, mustBeActive: false, in: state, into: &ruling)
        guard isTurn([.inProgress], of: found, into: &ruling) else { return }
        checkOrder(course(of: found) + [(command.effectiveAt, "the end of the surgery")], into: &ruling)
        try checkFollowUp(of: found, endedAt: command.effectiveAt, command, in: state, into: &ruling)
        var changed = withCare(found, from: command)
        changed.state = .abandoned
        changed.endedAt = command.effectiveAt
        changed.reason = command.text(.reason)
        cautionAboutAnesthesia(of: changed, into: &ruling)
        try recordEnd("case.abandoned", changed, command, in: state, into: &ruling)
    }

    func note(_ found: SurgicalCase, _ command: Command, in state: any ClinicState, into ruling: inout Ruling) throws {
        _ = try checkOwner(
            found.mrn, named: .surgicalCase, of: command, mustBeActive: false, in: state, into: &ruling)
        guard isTurn([.inProgress, .completed, .abandoned], of: found, into: &ruling) else { return }
        try checkFollowUp(of: found, endedAt: found.endedAt, command, in: state, into: &ruling)
        let changed = withCare(found, from: command)
        if command.values[.anesthesiaMinutes] != nil { cautionAboutAnesthesia(of: changed, into: &ruling) }
        record("case.noted", changed, command, into: &ruling)
        try recordFollowUp(of: found, command, in: state, into: &ruling)
    }

    func careAfter(
        _ found: SurgicalCase, _ command: Command, in state: any ClinicState, into ruling: inout Ruling
    ) throws {
        _ = try checkOwner(
            found.mrn, named: .surgicalCase, of: command, mustBeActive: false, in: state, into: &ruling)
        guard isTurn([.completed, .abandoned], of: found, into: &ruling) else { return }
        try checkFollowUp(of: found, endedAt: found.endedAt, command, in: state, into: &ruling)
        let changed = withCare(found, from: command)
        if command.values[.anesthesiaMinutes] != nil { cautionAboutAnesthesia(of: changed, into: &ruling) }
        record("case.post-op", changed, command, into: &ruling)
        try recordFollowUp(of: found, command, in: state, into: &ruling)
    }

    /// The case with what the entry says of its course and of the care that follows.
    private func withCare(_ found: SurgicalCase, from command: Command) -> SurgicalCase {
        var changed = found
        if let minutes = command.integer(.anesthesiaMinutes) { changed.anesthesiaMinutes = minutes }
        if let asaClass = command.text(.asaClass) { changed.asaClass = asaClass }
        if let instructions = command.text(.instructions) { changed.instructions = instructions }
        if let medications = command.list(.medications) { changed.medications = medications }
        if let followUpAt = command.instant(.followUpAt) { changed.followUpAt = followUpAt }
        if let notes = command.text(.notes) {
            changed.remarks.append(.init(text: notes, at: command.effectiveAt, actor: command.text(.actor)))
        }
        return changed
    }

    private func record(_ kind: String, _ changed: SurgicalCase, _ command: Command, into ruling: inout Ruling) {
        ruling.record(
            Event(
                kind, .surgicalCase(changed.surgicalCase), patient: changed.mrn, at: command.effectiveAt,
                writes: [changed], note: command.text(.reason)))
    }

    /// The end of a case, and of what it still held: theater, team and patient are free for others from then on.
    private func recordEnd(
        _ kind: String, _ changed: SurgicalCase, _ command: Command, in state: any ClinicState,
        into ruling: inout Ruling
    ) throws {
        let freed = try state.fetch(Booking.self, where: .surgicalCase(changed.surgicalCase)).filter(\.isActive)
            .compactMap { booking -> Booking? in
                let after = booking.resource == .theater ? policy.turnoverMinutes : 0
                return booking.shortened(to: command.effectiveAt.adding(minutes: after))
            }
        ruling.record(
            Event(
                kind, .surgicalCase(changed.surgicalCase), patient: changed.mrn, at: command.effectiveAt,
                writes: [changed] + freed, note: command.text(.reason)))
    }

    private func checkDay(of found: SurgicalCase, _ command: Command, into ruling: inout Ruling) {
        guard let planned = found.planned else { return }
        // A case that is booked over midnight may begin late, on the second of its days.
        let last = max(planned.start, planned.end.adding(seconds: -1))
        let days = zone.date(of: planned.start)...zone.date(of: last)
        guard !days.contains(zone.date(of: command.effectiveAt)) else { return }
        let startsAt = planned.start
        ruling.refuse(
            .CaseRules.notTheDay, [.occurredAt], "the case is booked for another day",
            mend: "correct the time, or reschedule the case", aside: "booked for \(zone.stamp(startsAt))")
    }

    /// The approved plan may have been revised since the case was booked.
    private func checkSame(_ found: SurgicalCase, _ plan: ProcedurePlan, into ruling: inout Ruling) {
        let sites = { (procedures: [ProcedurePlan.PlannedProcedure]) in
            procedures.map { "\($0.code):\($0.side.rawValue)" }.sorted()
        }
        let isSame = sites(found.procedures) == sites(plan.procedures) && found.surgeon == plan.surgeon
        guard !isSame else { return }
        ruling.refuse(
            .CaseRules.differsFromPlan, [.surgicalCase], "the approved plan has changed since the case was booked",
            mend: "cancel the case and book it again", aside: "\(plan.plan) version \(plan.version)")
    }

    private func checkList(_ steps: [(at: Instant?, name: String)], into ruling: inout Ruling) {
        let open = steps.filter { $0.at == nil }.map(\.name).joined(separator: " and ")
        guard !open.isEmpty else { return }
        let finding = Finding(
            .CaseRules.checklistOpen, [.action], "the checklist is open: \(open)",
            mend: "drop the missing step of the checklist, then this entry again")
        if policy.checklist == .required { ruling.refuse(finding) } else { ruling.warn(finding) }
    }

    private func course(of found: SurgicalCase) -> [(at: Instant?, name: String)] {
        [
            (found.startedAt, "the start of the surgery"), (found.timeOutAt, "the time-out"),
            (found.signOutAt, "the sign-out"),
        ]
    }

    private func checkOrder(_ times: [(at: Instant?, name: String)], into ruling: inout Ruling) {
        let known = times.compactMap { time in time.at.map { (at: $0, name: time.name) } }
        guard let (before, after) = zip(known, known.dropFirst()).first(where: { $0.at > $1.at }) else { return }
        ruling.refuse(
            .CaseRules.timesNotInOrder, [.occurredAt], "\(after.name) lies before \(before.name)",
            mend: "correct this time, or the one told before",
            aside: known.map { zone.stamp($0.at) }.joined(separator: ", "))
    }

    /// Fewer implants on record than planned, or a side of a bilateral plan without one.
    private func checkImplants(of found: SurgicalCase, in state: any ClinicState, into ruling: inout Ruling) throws {
        guard let plan = try state.currentPlan(found.plan) else { return }
        let planned = neededItems(of: plan).filter { isImplant($0.sku) }.reduce(0) { $0 + $1.quantity }
        guard planned > 0 else { return }
        let implants = try implantsLeftIn(found, in: state)
        let count = implants.reduce(0) { $0 + $1.quantity }
        let missing =
            planned > 1 && found.procedures.contains { $0.side == .bilateral }
            ? [Side.left, .right].filter { side in
                !implants.contains { $0.quantity > 0 && $0.side?.covers(side) ?? false }
            } : []
        guard count < planned || !missing.isEmpty else { return }
        let sides = missing.isEmpty ? "" : "; no implant is on record \(missing.map(\.wording).joined(separator: ", "))"
        caution(
            Finding(
                .CaseRules.implantsIncomplete, [.surgicalCase],
                count < planned
                    ? "fewer implants are on record than were planned"
                    : "the implants on record are not on both sides",
                mend: "drop the uses of the implants with their serials and sides",
                aside: "planned \(planned), used \(count)\(sides)"),
            into: &ruling)
    }

    /// The implants used in a case, less what was given back or voided, by the movement that brought them.
    private func implantsLeftIn(_ found: SurgicalCase, in state: any ClinicState) throws -> [(
        quantity: Int, side: Side?
    )] {
        let movements = try state.fetch(StockMovement.self, where: .surgicalCase(found.surgicalCase))
        let voided = movements.filter { $0.movement == .void }.compactMap(\.original)
        let standing = movements.filter { isImplant($0.sku) && !voided.contains($0.number) }
        return standing.filter { $0.movement == .use }.map { use in
            let back = standing.filter { $0.movement == .giveBack && $0.original == use.number }
            return (-use.change - back.reduce(0) { $0 + $1.change }, use.side)
        }
    }

    private func isImplant(_ sku: SKU) -> Bool { catalog.items[sku]?.isImplant ?? false }
}
