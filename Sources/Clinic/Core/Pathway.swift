/// The pathway of the clinic: decides commands, and adds the consequences of what happened.
///
/// It has no state of its own.
package struct Pathway: Sendable {
    package let catalog: Catalog
    package let seals: Seals

    package init(catalog: Catalog, seals: Seals) {
        self.catalog = catalog
        self.seals = seals
    }

    package var policy: Policy { catalog.policy }
    package var zone: ZoneRules { catalog.zone }

    /// Consequences of consequences end here; a deeper cascade is a fault of the program.
    private static let cascadeLimit = 256

    /// Decides a command and, when nothing speaks against it, applies what follows, consequences included.
    ///
    /// The caller runs it inside a unit that it can take back: findings mean that nothing was applied.
    package func settle(_ command: Command, in state: any ClinicState) throws -> Ruling {
        let ruling = try decide(command, in: state)
        guard ruling.isClear else { return ruling }
        return try carryOut(ruling, now: command.now, in: state)
    }

    /// Applies events that are due by time, with their consequences.
    ///
    /// The consequences of an event follow it at once, before the next event of the ruling: what they are made from is
    /// then what they change. An after-image that others have overtaken meanwhile would take their change back; it is
    /// a fault of the program, and stops the entry.
    package func carryOut(_ ruling: Ruling, now: Instant, in state: any ClinicState) throws -> Ruling {
        var outcome = Ruling()
        for warning in ruling.warnings { outcome.warn(warning) }
        var agenda = Agenda(ruling.events)
        while let event = try agenda.next() {
            guard outcome.events.count < Pathway.cascadeLimit + ruling.events.count else {
                throw PathwayFault.endlessCascade(kind: event.kind)
            }
            try state.apply(event)
            outcome.record(event)
            agenda.insert(try react(to: event, now: now, in: state).map { $0.caused(by: event) })
        }
        return outcome
    }

    /// All that speaks against a command, or the events that it makes.
    package func decide(_ command: Command, in state: any ClinicState) throws -> Ruling {
        var ruling = Ruling(refusing: policy.refusedWarnings)
        takeOverrides(of: command, into: &ruling)
        checkTimes(of: command, into: &ruling)
        switch command.form {
        case .registration: try decideRegistration(command, in: state, into: &ruling)
        case .patient: try decidePatient(command, in: state, into: &ruling)
        case .consultation: try decideConsultation(command, in: state, into: &ruling)
        case .plan: try decidePlan(command, in: state, into: &ruling)
        case .consent: try decideConsent(command, in: state, into: &ruling)
        case .preOp: try decidePreOp(command, in: state, into: &ruling)
        case .surgicalCase: try decideCase(command, in: state, into: &ruling)
        case .inventory: try decideInventory(command, in: state, into: &ruling)
        case .payment: try decidePayment(command, in: state, into: &ruling)
        case .bill: try decideBill(command, in: state, into: &ruling)
        case .records: try decideRecords(command, in: state, into: &ruling)
        default:
            ruling.refuse(
                .Entry.unknownCode, [Field("form")], "no such form", mend: "use one of the forms of `suture forms`")
        }
        ruling.close()
        return ruling
    }

    /// The consequences of an event that has been applied.
    ///
    /// They never refuse: `decide` has checked whatever could.
    package func react(to event: Event, now: Instant, in state: any ClinicState) throws -> [Event] {
        try consequencesForPatient(of: event, in: state)
            + consequencesForPlan(of: event, now: now, in: state)
            + consequencesForConsent(of: event, now: now, in: state)
            + consequencesForPreOp(of: event, now: now, in: state)
            + consequencesForCase(of: event, now: now, in: state)
            + consequencesForInventory(of: event, now: now, in: state)
            + consequencesForBilling(of: event, now: now, in: state)
    }

    /// What falls due by time: bills of ended cases.
    ///
    /// Called at the end of a drain.
    package func due(at now: Instant, drainEnds: Bool, in state: any ClinicState) throws -> Ruling {
        try billsDue(at: now, drainEnds: drainEnds, in: state)
    }
}

/// Digests and tokens that the domain needs and does not compute itself.
package struct Seals: Sendable {
    /// SHA-256 as lower-case hex.
    package let sha256: @Sendable ([UInt8]) -> String
    /// A one-time token under the workspace's key, the same for the same purpose and number.
    package let token: @Sendable (_ purpose: String, _ number: Int64) -> String

    package init(
        sha256: @escaping @Sendable ([UInt8]) -> String, token: @escaping @Sendable (String, Int64) -> String
    ) {
        self.sha256 = sha256
        self.token = token
    }
}
