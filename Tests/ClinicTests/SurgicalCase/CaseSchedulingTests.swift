import Clinic
import ClinicTesting
import Testing

@Suite("Case: creating and scheduling")
struct CaseSchedulingTests {
    /// A clinic in which nothing is booked and everything is ready.
    private func story(_ catalog: Catalog = .sample) -> Story {
        let story = Story(catalog: catalog)
        story.allReady()
        return story
    }

    @discardableResult
    private func schedule(
        _ story: Story, _ id: String = "CASE-1", _ more: [Field: Value] = [:], action: String = "SCHEDULE"
    ) throws -> Ruling {
        var values: [Field: Value] = [
            .surgicalCase: .text(id), .plan: "P-1", .theater: "T1", .startsAt: .at("2026-11-23T09:00:00Z"),
            .anesthetist: "A1", .staff: ["SCRUB:N1"],
        ]
        values.merge(more) { $1 }
        return try story.tell(.surgicalCase, action, values, at: "2026-11-18T12:00:00Z")
    }

    @Test("scheduling a new case creates it, books theater, team and patient, and keeps the reservation")
    func schedules() throws {
        let story = story()
        let ruling = try schedule(story)
        #expect(ruling.codes == [])
        #expect(ruling.events.map(\.kind) == ["case.created", "case.scheduled"])
        let booked = try #require(story.surgicalCase())
        #expect(booked.state == .scheduled)
        #expect(booked.minutes == 120)
        #expect(booked.team == [.init(role: "SCRUB", id: StaffID("N1"))])
        let bookings = story.state.fetch(Booking.self, where: .surgicalCase(CaseID("CASE-1")))
        #expect(bookings.map(\.resourceID) == [Story.mrn.rawValue, "A1", "N1", "S1", "T1"])
        let theater = bookings.first { $0.resource == .theater }
        #expect(theater?.endsAt == .at("2026-11-23T11:15:00Z"))
        #expect(story.state.all(Reservation.self).count == 1)
    }

    @Test("without a reservation scheduling makes one; with one for another day it re-dates it")
    func reserves() throws {
        let story = Story()
        story.aPatientAfterConsultation()
        story.aPlan()
        story.aSignedConsent()
        story.aLot()
        story.aClearance()
        #expect(try schedule(story).events.map(\.kind) == ["case.created", "inventory.reserved", "case.scheduled"])
        #expect(story.state.all(Reservation.self).map(\.quantity) == [2])
        #expect(story.state.all(InventoryLot.self).map(\.reserved) == [2])
        let later: [Field: Value] = [
            .surgicalCase: "CASE-1", .startsAt: .at("2026-11-24T09:00:00Z"), .reason: "surgeon's wish",
        ]
        try story.tell(.surgicalCase, "RESCHEDULE", later, at: "2026-11-19T12:00:00Z")
        #expect(story.state.all(Reservation.self).map(\.neededOn) == [.on("2026-11-24")])
        #expect(story.state.all(InventoryLot.self).map(\.reserved) == [2])
    }

    @Test("a case is created without a time, and scheduled later")
    func createThenSchedule() throws {
        let story = story()
        #expect(try story.tell(.surgicalCase, "CREATE", [.surgicalCase: "CASE-1", .plan: "P-1"]).codes == [])
        #expect(story.surgicalCase()?.state == .created)
        #expect(try schedule(story).codes == [])
        #expect(story.surgicalCase()?.state == .scheduled)
    }

    @Test("a case number is used once, and a plan has one open case")
    func exists() throws {
        let story = story()
        try story.tell(.surgicalCase, "CREATE", [.surgicalCase: "CASE-1", .plan: "P-1"])
        #expect(
            try story.tell(.surgicalCase, "CREATE", [.surgicalCase: "CASE-1", .plan: "P-1"]).codes == ["case.exists"])
        #expect(try schedule(story, "CASE-2").codes == ["case.exists"])
        try story.tell(.surgicalCase, "CANCEL", [.surgicalCase: "CASE-1", .reason: "x"])
        #expect(try schedule(story, "CASE-2").codes == [])
    }

    @Test(
        "an unknown case is waited for, whatever the action", arguments: ["RESCHEDULE", "START", "COMPLETE", "POSTOP"])
    func unknown(action: String) throws {
        let ruling = try Story().tell(.surgicalCase, action, [.surgicalCase: "CASE-1"])
        #expect(ruling.codes == ["case.unknown"])
        #expect(ruling.findings.first?.waitsFor == [.surgicalCase(CaseID("CASE-1"))])
    }

    @Test("a draft plan holds the case, a cancelled one refuses it")
    func planNotApproved() throws {
        let story = story()
        story.aPlan(state: .draft)
        #expect(try schedule(story).codes == ["case.plan-not-approved"])
        #expect(try schedule(story).isHeld)
        story.aPlan(state: .cancelled)
        #expect(try !schedule(story).isHeld)
        story.aPlan()
        #expect(try schedule(story).codes == [])
    }

    @Test("without a signed consent the case waits for one")
    func consentNotSigned() throws {
        let story = story()
        story.anIssuedConsent()
        let ruling = try schedule(story)
        #expect(ruling.codes == ["case.consent-not-signed"])
        #expect(ruling.isHeld)
        #expect(ruling.findings.first?.waitsFor.contains(.consent(ConsentID("K-1"))) == true)
        story.aSignedConsent()
        #expect(try schedule(story).codes == [])
    }

    @Test(
        "a consent that is over refuses the case",
        arguments: [
            (Consent.State.withdrawn, "the consent has been withdrawn"), (.void, "the consent is void"),
            (.declined, "the consent was declined"), (.expired, "the consent has expired"),
        ])
    func consentOver(state: Consent.State, why: String) throws {
        let story = story()
        var consent = story.aSignedConsent()
        consent.state = state
        story.state.put(consent)
        let ruling = try schedule(story)
        #expect(ruling.codes == ["case.consent-not-valid-then"])
        #expect(ruling.findings.first?.detail == why)
        #expect(!ruling.isHeld)
    }

    @Test("a consent that expires before the day, or was signed after the start, does not stand then")
    func consentThen() throws {
        let story = story()
        story.aSignedConsent(on: "2026-05-26")
        let old = try schedule(story)
        #expect(old.codes == ["case.consent-not-valid-then"])
        #expect(old.findings.first?.detail == "the patient's signature is more than 180 days old on that day")
        story.aSignedConsent(on: "2026-05-27")
        #expect(try schedule(story).codes == [])
        let late = self.story()
        late.aSignedConsent(on: "2026-11-23")
        let early = try schedule(late)
        #expect(early.codes == ["case.consent-not-valid-then"])
        #expect(early.findings.first?.detail == "the consent was signed after that time")
    }

    @Test("the last or first lawful day is named in what would mend it")
    func lawfulDays() throws {
        let story = story()
        story.aSignedConsent(on: "2026-05-26")
        #expect(
            try schedule(story).findings.map(\.mend) == [
                "operate on 2026-11-22 or earlier, or have a new consent signed"
            ])
        story.aSignedConsent(on: "2026-11-24")
        #expect(
            try schedule(story).findings.map(\.mend) == ["operate on 2026-11-24 or later, after the consent was signed"]
        )
        let slow = self.story(
            {
                var catalog = Catalog.sample
                catalog.policy.coolingOffDays = 7
                return catalog
            }())
        slow.aSignedConsent(on: "2026-11-24")
        #expect(
            try schedule(slow).findings.map(\.mend) == ["operate on 2026-12-01 or later, after the consent was signed"])
        var withdrawn = story.aSignedConsent()
        withdrawn.state = .withdrawn
        story.state.put(withdrawn)
        #expect(try schedule(story).findings.map(\.mend) == ["create a new consent and have it signed"])
        // An older one that still stands counts beside one that does not.
        var second = story.aSignedConsent()
        second.consent = ConsentID("K-0")
        story.state.put(second)
        story.state.put(withdrawn)
        #expect(try schedule(story).codes == [])
    }

    @Test("a refused photography consent blocks nothing")
    func otherKinds() throws {
        let story = story()
        var photography = story.anIssuedConsent()
        photography.consent = ConsentID("K-2")
        photography.purpose = .photography
        photography.state = .declined
        story.state.put(photography)
        story.aSignedConsent()
        #expect(try schedule(story).codes == [])
    }

    @Test("a consent for another operation does not serve; one for an equal version does")
    func revisedPlan() throws {
        let story = story()
        story.aPlan(version: 2)
        #expect(try schedule(story).codes == [])
        let other = self.story()
        other.aPlan(side: .left, version: 2)
        #expect(try schedule(other).codes == ["case.consent-not-valid-then"])
    }

    @Test("whole days of cooling off lie between signature and surgery, and the earliest is named")
    func coolingOff() throws {
        var catalog = Catalog.sample
        catalog.policy.coolingOffDays = 7
        let story = story(catalog)
        let ruling = try schedule(story)
        #expect(ruling.codes == ["case.cooling-off"])
        #expect(ruling.findings.first?.mend.contains("2026-11-24") == true)
        // It counts from the patient's signature, not from that of the last party.
        let signed = catalog.zone.stamp(.at("2026-11-17T10:00:00Z"))
        #expect(ruling.findings.first?.aside == "the patient signed \(signed)")
        #expect(try schedule(story, "CASE-1", [.startsAt: .at("2026-11-24T09:00:00Z")]).codes == [])
        // Of two consents that stand the one counts whose days are over, whichever is found first.
        for (id, day) in [("K-0", "2026-11-10"), ("K-2", "2026-11-10")] {
            let two = self.story(catalog)
            var second = two.aSignedConsent(on: day)
            second.consent = ConsentID(id)
            two.state.put(second)
            two.aSignedConsent()
            #expect(try schedule(two).codes == [], "\(id)")
        }
    }

    @Test("an uncleared patient's case is held; so is one whose clearance will have lapsed by the day")
    func notCleared() throws {
        let story = story()
        var clearance = try #require(story.clearance())
        clearance.state = .deferred
        story.state.put(clearance)
        let ruling = try schedule(story)
        #expect(ruling.codes == ["case.not-cleared"])
        #expect(ruling.isHeld)
        clearance.state = .cleared
        clearance.clearedAt = .at("2026-10-23T09:00:00Z")
        story.state.put(clearance)
        #expect(try schedule(story).codes == ["case.not-cleared"])
        clearance.clearedAt = .at("2026-10-24T09:00:00Z")
        story.state.put(clearance)
        #expect(try schedule(story).codes == [])
    }

    @Test("a result that is out of date on the day, or a reserved lot recalled or expiring, lapses the clearance")
    func lapses() throws {
        let story = story()
        #expect(
            try schedule(story, "CASE-1", [.startsAt: .at("2026-12-17T09:00:00Z")]).codes == ["case.not-cleared"])
        story.aLot(state: .recalled)
        #expect(try schedule(story).codes == ["case.not-cleared", "case.stock-short"])
        story.aLot(expires: "2026-11-22")
        #expect(try schedule(story).codes == ["case.not-cleared", "case.stock-short"])
        story.aLot(expires: "2026-11-23")
        #expect(try schedule(story).codes == [])
    }

    @Test("short stock holds the case until the item is received")
    func stockShort() throws {
        let story = Story()
        story.aPatientAfterConsultation()
        story.aPlan()
        story.aSignedConsent()
        story.aLot(onHand: 1)
        story.aClearance()
        let ruling = try schedule(story)
        #expect(ruling.codes == ["case.stock-short"])
        #expect(ruling.findings.first?.waitsFor == [.item(SKU("IMP-300"))])
        #expect(ruling.findings.first?.aside == "IMP-300: needed 2, free 1")
        story.aLot(onHand: 2)
        #expect(try schedule(story).codes == [])
    }

    @Test("procedure, side and surgeon are the plan's")
    func differs() throws {
        let story = story()
        for wrong: [Field: Value] in [
            [.surgeon: "S2"], [.procedure: "BREAST-AUG:LEFT"], [.procedure: ["RHINOPLASTY"]], [.side: "LEFT"],
        ] {
            #expect(try schedule(story, "CASE-1", wrong).codes == ["case.differs-from-plan"])
        }
        let right: [Field: Value] = [.surgeon: "S1", .procedure: "BREAST-AUG:BILATERAL", .side: "BILATERAL"]
        #expect(try schedule(story, "CASE-1", right).codes == [])
    }

    @Test("a surgeon without privileges, or with a licence that ends before the day, is not booked")
    func privileges() throws {
        let story = story()
        var catalog = Catalog.sample
        catalog.staff[StaffID("S1")]?.licenceUntil = .on("2026-11-22")
        story.pathway = Pathway(catalog: catalog, seals: .test)
        #expect(try schedule(story).codes == ["plan.surgeon-not-privileged"])
        catalog.staff[StaffID("S1")]?.licenceUntil = .on("2026-11-23")
        catalog.staff[StaffID("S1")]?.privileges = []
        story.pathway = Pathway(catalog: catalog, seals: .test)
        #expect(try schedule(story).codes == ["plan.surgeon-not-privileged"])
        story.pathway = Pathway(catalog: .sample, seals: .test)
        #expect(try schedule(story).codes == [])
    }

    @Test("an unpaid deposit is a warning; a paid one is none")
    func deposit() throws {
        var catalog = Catalog.sample
        catalog.policy.depositRequired = Money(minorUnits: 50_000)
        let story = story(catalog)
        #expect(
            try story.state.unit { try story.pathway.decide(.toSchedule, in: story.state) }.warningCodes == [
                "case.deposit-unpaid"
            ])
        var payment = Payment(
            source: "desk", reference: "PAY-1", type: .payment, mrn: Story.mrn, amount: Money(minorUnits: 50_000),
            currency: "GBP", method: "CARD", payer: .patient, paidAt: .at("2026-11-10T09:00:00Z"))
        payment.plan = PlanID("P-1")
        story.state.put(payment)
        #expect(try schedule(story).warningCodes == [])
    }

    @Test("a deceased patient is not booked, and an entry with another's birth date is refused")
    func patient() throws {
        let story = story()
        #expect(try schedule(story, "CASE-1", [.birthDate: .on("1990-05-02")]).codes == ["entry.wrong-patient"])
        var patient = story.aPatientAfterConsultation()
        patient.state = .deceased
        story.state.put(patient)
        #expect(try schedule(story).codes == ["patient.inactive"])
        #expect(
            try story.tell(.surgicalCase, "CREATE", [.surgicalCase: "C", .plan: "P-1"]).codes == ["patient.inactive"])
    }

    @Test("a scheduled case is rescheduled, not scheduled again; a created one cannot be rescheduled yet")
    func turns() throws {
        let story = story()
        try story.tell(.surgicalCase, "CREATE", [.surgicalCase: "CASE-1", .plan: "P-1"])
        let early = try schedule(story, action: "RESCHEDULE")
        #expect(early.codes == ["case.wrong-state"])
        #expect(early.isHeld)
        #expect(try schedule(story).codes == [])
        let again = try schedule(story)
        #expect(again.codes == ["case.wrong-state"])
        #expect(!again.isHeld)
        #expect(try schedule(story, "CASE-1", [.theater: "T2"], action: "RESCHEDULE").codes == [])
        let active = story.state.fetch(Booking.self, where: .surgicalCase(CaseID("CASE-1"))).filter(\.isActive)
        #expect(active.filter { $0.resource == .theater }.map(\.resourceID) == ["T2"])
    }
}

extension Command {
    /// The entry that books the ready case.
    fileprivate static let toSchedule = Command(
        form: .surgicalCase, action: Action("SCHEDULE"), reference: "R", source: "desk",
        values: [
            .surgicalCase: "CASE-1", .plan: "P-1", .theater: "T1", .startsAt: .at("2026-11-23T09:00:00Z"),
        ], effectiveAt: .at("2026-11-18T12:00:00Z"), now: .at("2026-11-18T12:00:00Z"))
}
