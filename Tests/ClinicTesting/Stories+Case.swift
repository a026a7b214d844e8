package import Clinic

/// Givens of a surgery day: Ada Reyes has breast augmentation, both sides, in theater 1 on 2026-11-23 at 09:00.
///
/// The story's clock stands at 18:00 of that day. What led to it is put into the state without events:
/// consultation `C-1` on 2 November, plan `P-1` approved on the 3rd, consent `K-1` signed on the 17th, requirements
/// met on the 16th, cleared on the 18th with two implants reserved.
extension Story {
    package static let mrn = MRN(sequence: 1)

    /// A patient with their completed consultation.
    @discardableResult
    package func aPatientAfterConsultation(
        mrn: MRN = Story.mrn, givenName: String = "Ada", familyName: String = "Reyes", born: String = "1990-05-01",
        suffix: String = "1", on day: String = "2026-11-02", surgeon: String = "S1"
    ) -> Patient {
        let patient = Patient(
            mrn: mrn, givenName: givenName, familyName: familyName, birthDate: .on(born), sex: .female,
            registeredAt: .at("2026-10-20T09:00:00Z"))
        state.put(patient)
        var consultation = Consultation(
            consultation: ConsultationID("C-\(suffix)"), mrn: mrn, surgeon: StaffID(surgeon), state: .completed,
            startsAt: .at("\(day)T10:00:00Z"), minutes: 30, visit: "FIRST")
        consultation.completedAt = .at("\(day)T10:30:00Z")
        state.put(consultation)
        return patient
    }

    /// A plan, approved unless said otherwise, of the consultation with the same suffix.
    @discardableResult
    package func aPlan(
        _ procedure: String = "BREAST-AUG", side: Side = .bilateral, items: [ProcedurePlan.PlannedItem]? = nil,
        requirements: [String] = ["HB", "FASTING"], mrn: MRN = Story.mrn, suffix: String = "1", version: Int = 1,
        state: ProcedurePlan.State = .approved, surgeon: String = "S1"
    ) -> ProcedurePlan {
        var plan = ProcedurePlan(
            plan: PlanID("P-\(suffix)"), version: version, state: state, mrn: mrn,
            consultation: ConsultationID("C-\(suffix)"), surgeon: StaffID(surgeon),
            procedures: [.init(code: ProcedureCode(procedure), side: side)], anesthesia: .general, purpose: .cosmetic,
            draftedAt: .at("2026-11-02T11:00:00Z"))
        plan.items = items ?? [.init(sku: SKU("IMP-300"), quantity: 2)]
        plan.requirements = requirements.map { RequirementCode($0) }
        plan.plannedFor = .on("2026-11-23")
        if state == .approved {
            plan.approvedAt = .at("2026-11-03T09:00:00Z")
            plan.approvedBy = plan.surgeon
            let template = pathway.catalog.template(
                for: ProcedureCode(procedure), kind: .surgical, on: .on("2026-11-03"))
            plan.templates = template.map { [.init(name: $0.name, version: $0.version)] } ?? []
        }
        self.state.put(plan)
        return plan
    }

    /// A consent that has been issued and read: all its clauses are acknowledged, nobody has signed.
    @discardableResult
    package func anIssuedConsent(
        mrn: MRN = Story.mrn, suffix: String = "1", parties: [Consent.Party] = [.patient, .surgeon],
        acknowledged: Bool = true
    ) -> Consent {
        let text = "# Consent K-\(suffix)\n"
        let clauses = [Consent.Clause(clause: "C1", isRequired: true), Consent.Clause(clause: "C2", isRequired: false)]
        var consent = Consent(
            consent: ConsentID("K-\(suffix)"), purpose: .surgical, plan: PlanID("P-\(suffix)"), planVersion: 1,
            consultation: ConsultationID("C-\(suffix)"), mrn: mrn, template: "breast-augmentation", templateVersion: 1,
            sha256: pathway.seals.sha256(Array(text.utf8)), parties: parties, clauses: clauses,
            issuedAt: .at("2026-11-03T09:30:00Z"))
        if acknowledged { consent.clauses[0].acknowledgedAt = .at("2026-11-05T20:00:00Z") }
        state.put(consent)
        state.put(ConsentSnapshot(consent: consent.consent, title: "Consent", text: text))
        return consent
    }

    /// A consent that patient and surgeon signed on a day.
    @discardableResult
    package func aSignedConsent(
        mrn: MRN = Story.mrn, suffix: String = "1", on day: String = "2026-11-17"
    ) -> Consent {
        var consent = anIssuedConsent(mrn: mrn, suffix: suffix)
        let times: [(Consent.Party, String, String)] = [
            (.patient, "Ada Reyes", "\(day)T10:00:00Z"), (.surgeon, "Dr. Ada Stone", "\(day)T11:00:00Z"),
        ]
        consent.signatures = times.map { party, signer, time in
            .init(party: party, signer: signer, signedAt: .at(time), sha256: consent.sha256, meaning: "agreed")
        }
        consent.state = .signed
        consent.signedAt = .at("\(day)T11:00:00Z")
        state.put(consent)
        return consent
    }

    /// Requirements met, stock reserved, clearance given.
    package func aClearance(mrn: MRN = Story.mrn, suffix: String = "1", codes: [String] = ["HB", "FASTING"]) {
        aMetRequirement(codes, mrn: mrn, suffix: suffix)
        var clearance = Clearance(plan: PlanID("P-\(suffix)"), mrn: mrn, state: .cleared)
        clearance.clearedAt = .at("2026-11-18T09:00:00Z")
        clearance.clearedBy = StaffID("A1")
        state.put(clearance)
    }

    /// Requirements with a result of 16 November.
    package func aMetRequirement(_ codes: [String], mrn: MRN = Story.mrn, suffix: String = "1") {
        for code in codes {
            let definition = pathway.catalog.requirements[RequirementCode(code)]
            var requirement = Requirement(
                plan: PlanID("P-\(suffix)"), code: RequirementCode(code), mrn: mrn,
                category: definition?.kind ?? .laboratory, orderedAt: .at("2026-11-03T09:00:00Z"))
            requirement.state = .met
            requirement.metAt = .at("2026-11-16T08:00:00Z")
            state.put(requirement)
        }
    }

    /// A lot in the store, available and expiring in 2028 unless said otherwise.
    @discardableResult
    package func aLot(
        _ sku: String = "IMP-300", _ lot: String = "L-1", onHand: Int = 4, expires: String? = "2028-01-31",
        state: InventoryLot.State = .available
    ) -> InventoryLot {
        var entity = InventoryLot(
            sku: SKU(sku), lot: lot, location: "STORE", expiresOn: expires.map { .on($0) },
            receivedAt: .at("2026-10-01T09:00:00Z"))
        entity.onHand = onHand
        entity.state = state
        self.state.put(entity)
        return entity
    }

    /// Stock kept for a plan.
    @discardableResult
    package func aReservation(
        _ sku: String = "IMP-300", _ lot: String = "L-1", _ quantity: Int = 2, suffix: String = "1"
    ) -> Reservation {
        let reservation = Reservation(
            number: state.next(.reservation), plan: PlanID("P-\(suffix)"), sku: SKU(sku), lot: lot, location: "STORE",
            quantity: quantity, neededOn: .on("2026-11-23"))
        state.put(reservation)
        if var kept = state.fetch(InventoryLot.self, id: InventoryLot.id(SKU(sku), lot, "STORE")) {
            kept.reserved += quantity
            state.put(kept)
        }
        return reservation
    }

    /// All that a case needs before it is booked: patient, plan, signed consent, stock reserved, clearance.
    package func allReady() {
        aPatientAfterConsultation()
        aPlan()
        aSignedConsent()
        aLot()
        aReservation()
        aClearance()
    }

    /// A case booked in theater 1 on 23 November at 09:00 for two hours, with surgeon, anesthetist and nurse.
    @discardableResult
    package func aScheduledCase() -> SurgicalCase {
        allReady()
        var booked = SurgicalCase(
            surgicalCase: CaseID("CASE-1"), plan: PlanID("P-1"), planVersion: 1, mrn: Story.mrn, state: .scheduled,
            procedures: [.init(code: ProcedureCode("BREAST-AUG"), side: .bilateral)], surgeon: StaffID("S1"),
            anesthesia: .general, minutes: 120, createdAt: .at("2026-11-18T12:00:00Z"))
        booked.anesthetist = StaffID("A1")
        booked.team = [.init(role: "SCRUB", id: StaffID("N1"))]
        booked.theater = TheaterID("T1")
        booked.startsAt = .at("2026-11-23T09:00:00Z")
        state.put(booked)
        let start = Instant.at("2026-11-23T09:00:00Z")
        let resources: [(Booking.Resource, String)] = [
            (.theater, "T1"), (.staff, "S1"), (.staff, "A1"), (.staff, "N1"), (.patient, Story.mrn.rawValue),
        ]
        for (resource, id) in resources {
            state.put(
                Booking(
                    surgicalCase: booked.surgicalCase, resource: resource, resourceID: id, startsAt: start,
                    endsAt: start.adding(minutes: resource == .theater ? 135 : 120)))
        }
        return booked
    }

    /// A case that started today at 09:05, after its sign-in.
    @discardableResult
    package func aCaseInProgress() -> SurgicalCase {
        var started = aScheduledCase()
        started.state = .inProgress
        started.signInAt = .at("2026-11-23T08:50:00Z")
        started.startedAt = .at("2026-11-23T09:05:00Z")
        state.put(started)
        return started
    }

    /// A case that was completed today at 11:00, after time-out and sign-out.
    @discardableResult
    package func aCompletedCase() -> SurgicalCase {
        var done = aCaseInProgress()
        done.state = .completed
        done.timeOutAt = .at("2026-11-23T09:10:00Z")
        done.signOutAt = .at("2026-11-23T10:55:00Z")
        done.endedAt = .at("2026-11-23T11:00:00Z")
        state.put(done)
        return done
    }

    package func surgicalCase(_ id: String = "CASE-1") -> SurgicalCase? { state.fetch(SurgicalCase.self, id: id) }
    package func consent(_ id: String = "K-1") -> Consent? { state.fetch(Consent.self, id: id) }
    package func clearance(_ plan: String = "P-1") -> Clearance? { state.fetch(Clearance.self, id: plan) }
}
