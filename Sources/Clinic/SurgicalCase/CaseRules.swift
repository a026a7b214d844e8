/// The rules about surgical cases and their bookings.
extension Rule {
    package enum CaseRules {
        package static let unknown = Rule(
            "case.unknown", "The number on an entry is that of a case.", phase: .surgicalCase, hl7: .unknownKey,
            weight: .holds)
        package static let exists = Rule(
            "case.exists", "A number belongs to one case, and a plan has one open case.",
            phase: .surgicalCase, hl7: .duplicateKey)
        package static let planNotApproved = Rule(
            "case.plan-not-approved", "A case belongs to an approved plan.", phase: .surgicalCase, weight: .holds)
        package static let consentNotSigned = Rule(
            "case.consent-not-signed", "A case has a surgical consent that all its parties have signed.",
            phase: .surgicalCase, weight: .holds)
        package static let consentNotValidThen = Rule(
            "case.consent-not-valid-then", "The consent stands at the time of surgery: not withdrawn, void or expired.",
            phase: .surgicalCase, policy: "consent_valid_days")
        package static let notCleared = Rule(
            "case.not-cleared", "The patient is cleared for surgery on the day.", phase: .surgicalCase, weight: .holds,
            policy: "clearance_valid_days")
        package static let coolingOff = Rule(
            "case.cooling-off", "Whole days lie between the patient's signature and the surgery.", phase: .surgicalCase,
            policy: "cooling_off_days", isOverridable: true)
        package static let theaterUnknown = Rule(
            "case.theater-unknown", "The theater is one of the clinic's.", phase: .surgicalCase, hl7: .tableValue)
        package static let theaterDoubleBooked = Rule(
            "case.theater-double-booked", "A theater holds one case at a time, turnover included.",
            phase: .surgicalCase, policy: "turnover_minutes")
        package static let theaterClosed = Rule(
            "case.theater-closed", "A case begins while its theater is open.", phase: .surgicalCase, isOverridable: true
        )
        package static let theaterNotEquipped = Rule(
            "case.theater-not-equipped", "The theater has, or can be brought, the equipment that the case needs.",
            phase: .surgicalCase)
        package static let surgeonDoubleBooked = Rule(
            "case.surgeon-double-booked", "A surgeon is in one case or consultation at a time.", phase: .surgicalCase)
        package static let staffDoubleBooked = Rule(
            "case.staff-double-booked",
            "Anesthetists, assistants and nurses are in one case or consultation at a time.",
            phase: .surgicalCase)
        package static let equipmentDoubleBooked = Rule(
            "case.equipment-double-booked", "A piece of equipment is in one case at a time.", phase: .surgicalCase)
        package static let staffUnknown = Rule(
            "case.staff-unknown", "Everybody of the team is on the clinic's staff, the anesthetist as anesthetist.",
            phase: .surgicalCase, hl7: .tableValue)
        package static let patientDoubleBooked = Rule(
            "case.patient-double-booked", "A patient is in one case or consultation at a time.", phase: .surgicalCase)
        package static let sessionOverrun = Rule(
            "case.session-overrun",
            "A case ends before its session does: before the theater closes or somebody else's session begins.",
            phase: .surgicalCase, isOverridable: true)
        package static let sessionAllotted = Rule(
            "case.session-allotted", "A session that is kept for a surgeon or a specialty is theirs alone.",
            phase: .surgicalCase)
        package static let stockShort = Rule(
            "case.stock-short", "The items of the plan are kept for the day, or can be.", phase: .surgicalCase,
            weight: .holds)
        package static let differsFromPlan = Rule(
            "case.differs-from-plan", "Procedure, side and surgeon of a case are those of its plan.",
            phase: .surgicalCase)
        package static let wrongState = Rule(
            "case.wrong-state", "A case takes this action only in the state before it.", phase: .surgicalCase,
            hl7: .recordLocked, weight: .holds)
        package static let notTheDay = Rule(
            "case.not-the-day", "Sign-in and start happen on the day for which the case is booked.",
            phase: .surgicalCase, isOverridable: true)
        package static let timesNotInOrder = Rule(
            "case.times-not-in-order", "Sign-in, start, time-out, sign-out and end follow each other.",
            phase: .surgicalCase, hl7: .dataType)
        package static let checklistOpen = Rule(
            "case.checklist-open", "Sign-in comes before the start, time-out and sign-out before the end.",
            phase: .surgicalCase, policy: "checklist")
        package static let implantsIncomplete = Rule(
            "case.implants-incomplete",
            "The implants planned are on record when the case ends, on both sides if planned so.",
            phase: .surgicalCase, weight: .warns, isOverridable: true)
        package static let depositUnpaid = Rule(
            "case.deposit-unpaid", "The deposit for the plan has been paid when its case is booked.",
            phase: .surgicalCase, weight: .warns, policy: "deposit_required", isOverridable: true)
        package static let anesthetistMissing = Rule(
            "case.anesthetist-missing",
            "A case under general or regional anesthesia or sedation starts with an anesthetist on record.",
            phase: .surgicalCase, weight: .warns)
        package static let followUpMoved = Rule(
            "case.follow-up-moved",
            "A follow-up is booked when it was asked for; if surgeon or patient are not free then, at the next time.",
            phase: .surgicalCase, weight: .warns)
        package static let asaLimit = Rule(
            "case.asa-limit", "The patient's ASA status is not above what the clinic takes.", phase: .surgicalCase,
            policy: "maximum_asa")

        package static let all = [
            unknown, exists, planNotApproved, consentNotSigned, consentNotValidThen, notCleared, coolingOff,
            theaterUnknown, theaterDoubleBooked, theaterClosed, theaterNotEquipped,
            surgeonDoubleBooked, staffDoubleBooked, equipmentDoubleBooked, staffUnknown, patientDoubleBooked,
            sessionOverrun, sessionAllotted, stockShort, differsFromPlan, wrongState, notTheDay, timesNotInOrder,
            checklistOpen, implantsIncomplete, depositUnpaid, anesthetistMissing, followUpMoved, asaLimit,
        ]
    }
}

extension Pathway {
    func decideCase(_ command: Command, in state: any ClinicState, into ruling: inout Ruling) throws {
        guard let id: CaseID = command.id(.surgicalCase) else { return }
        let found = try state.fetch(SurgicalCase.self, id: id.rawValue)
        if command.action == Action("CREATE") {
            return try createCase(id, existing: found, command, in: state, into: &ruling)
        }
        if command.action == Action("SCHEDULE"), found == nil, command.text(.plan) != nil {
            return try scheduleNewCase(id, command, in: state, into: &ruling)
        }
        guard let found else {
            ruling.refuse(
                .CaseRules.unknown, [.surgicalCase], "no case has this number",
                mend: "drop the entry that creates the case, or correct the number", aside: "the entry says \(id)",
                waitingFor: [.surgicalCase(id)])
            return
        }
        switch command.action.rawValue {
        case "SCHEDULE": try schedule(found, command, in: state, into: &ruling)
        case "RESCHEDULE": try reschedule(found, command, in: state, into: &ruling)
        case "POSTPONE": try postpone(found, command, in: state, into: &ruling)
        case "CANCEL": try cancel(found, command, in: state, into: &ruling)
        case "SIGN_IN": try signIn(found, command, in: state, into: &ruling)
        case "START":
            cautionAboutAnesthetist(of: found, into: &ruling)
            try start(found, command, in: state, into: &ruling)
        case "TIME_OUT", "SIGN_OUT": try check(off: found, command, in: state, into: &ruling)
        case "COMPLETE": try complete(found, command, in: state, into: &ruling)
        case "ABANDON": try abandon(found, command, in: state, into: &ruling)
        case "NOTE": try note(found, command, in: state, into: &ruling)
        case "POSTOP": try careAfter(found, command, in: state, into: &ruling)
        default: refuseAction(into: &ruling)
        }
    }

    /// Somebody watches over a patient who sleeps.
    private func cautionAboutAnesthetist(of surgicalCase: SurgicalCase, into ruling: inout Ruling) {
        guard surgicalCase.anesthetist == nil, ![.local, .withoutAnesthesia].contains(surgicalCase.anesthesia) else {
            return
        }
        caution(
            Finding(
                .CaseRules.anesthetistMissing, [.anesthetist],
                "the case starts under anesthesia (\(surgicalCase.anesthesia.wording)), and no anesthetist is on record",
                mend: "RESCHEDULE the case with its anesthetist", aside: "\(surgicalCase.surgicalCase)"),
            into: &ruling)
    }

    func consequencesForCase(of event: Event, now: Instant, in state: any ClinicState) throws -> [Event] {
        switch event.kind {
        case "consent.withdrawn": try casesWithoutConsent(after: event, in: state)
        case "case.cancelled": try releaseStock(of: event.written(SurgicalCase.self)?.plan, after: event, in: state)
        case "bill.issued": try releaseLeftovers(after: event, in: state)
        case "case.completed", "case.abandoned": try followUp(after: event, in: state)
        default: []
        }
    }

    /// Refuses an action out of its turn: held while its turn may still come, final once it has passed.
    func isTurn(
        _ wanted: [SurgicalCase.State], of surgicalCase: SurgicalCase, mayCome: Bool = true, into ruling: inout Ruling
    ) -> Bool {
        guard !wanted.contains(surgicalCase.state) else { return true }
        let first = wanted.map(\.stage).min() ?? 0
        let isAhead = mayCome && surgicalCase.state.stage < first
        ruling.refuse(
            .CaseRules.wrongState, [.surgicalCase, .action],
            "the case is \(surgicalCase.state.rawValue), and the action needs one "
                + wanted.map(\.rawValue).joined(separator: " or "),
            mend: isAhead ? "drop the entries that come before" : "check the number of the case and the action",
            aside: "\(surgicalCase.surgicalCase) is \(surgicalCase.state.rawValue)",
            waitingFor: isAhead ? [.surgicalCase(surgicalCase.surgicalCase)] : [])
        return false
    }
}

extension SurgicalCase.State {
    /// How far along its way a case is.
    var stage: Int {
        switch self {
        case .created: 0
        case .postponed: 1
        case .scheduled: 2
        case .inProgress: 3
        case .completed, .abandoned: 4
        case .cancelled: 5
        }
    }
}
