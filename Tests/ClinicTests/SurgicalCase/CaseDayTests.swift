import Clinic
import ClinicTesting
import Testing

@Suite("Case: the day of surgery")
struct CaseDayTests {
    private func scheduled(_ catalog: Catalog = .sample) -> Story {
        let story = Story(catalog: catalog)
        story.aScheduledCase()
        return story
    }

    @discardableResult
    private func tell(_ story: Story, _ action: String, _ time: String, _ more: [Field: Value] = [:]) throws -> Ruling {
        var values: [Field: Value] = [.surgicalCase: "CASE-1"]
        values.merge(more) { $1 }
        return try story.tell(.surgicalCase, action, values, at: "2026-11-23T\(time):00Z")
    }

    @Test("a start under general anesthesia without an anesthetist is a warning; with one, or under local, it is none")
    func anesthetist() throws {
        for (anesthetist, anesthesia, warns) in [
            (nil, ProcedurePlan.Anesthesia.general, true), (StaffID("A1"), .general, false), (nil, .local, false),
        ] {
            let story = scheduled()
            var booked = try #require(story.surgicalCase())
            booked.anesthetist = anesthetist
            booked.anesthesia = anesthesia
            story.state.put(booked)
            #expect(try tell(story, "SIGN_IN", "08:50").warningCodes == [])
            let start = try tell(story, "START", "09:05")
            #expect(start.codes == [])
            #expect(start.warningCodes == (warns ? ["case.anesthetist-missing"] : []))
        }
    }

    @Test("a whole day: sign-in, start, time-out, note, sign-out, completion, care after")
    func wholeDay() throws {
        let story = scheduled()
        #expect(try tell(story, "SIGN_IN", "08:50").codes == [])
        #expect(try tell(story, "START", "09:05").codes == [])
        #expect(story.surgicalCase()?.state == .inProgress)
        #expect(try tell(story, "TIME_OUT", "09:10").codes == [])
        #expect(try tell(story, "NOTE", "10:30", [.notes: "No complications.", .anesthesiaMinutes: 125]).codes == [])
        #expect(try tell(story, "SIGN_OUT", "10:55").codes == [])
        let completion = try tell(story, "COMPLETE", "11:00")
        #expect(completion.codes == [])
        #expect(completion.warningCodes == ["case.implants-incomplete"])
        let care: [Field: Value] = [
            .instructions: "Rest.", .medications: ["Paracetamol"], .followUpAt: .at("2026-11-30T10:00:00Z"),
        ]
        #expect(try tell(story, "POSTOP", "12:00", care).codes == [])
        let done = try #require(story.surgicalCase())
        #expect(done.state == .completed)
        #expect(done.endedAt == .at("2026-11-23T11:00:00Z"))
        #expect(done.remarks.map(\.text) == ["No complications."])
        #expect(done.anesthesiaMinutes == 125)
        #expect(done.medications == ["Paracetamol"])
        let followUp = try #require(story.state.fetch(Consultation.self, id: "CASE-1-F1"))
        #expect(followUp.visit == "FOLLOW_UP")
        #expect(followUp.state == .scheduled)
        #expect(followUp.startsAt == .at("2026-11-30T10:00:00Z"))
    }

    @Test("a completed case books the usual follow-up, and later care moves it")
    func usualFollowUp() throws {
        var catalog = Catalog.sample
        catalog.procedures[ProcedureCode("BREAST-AUG")]?.followUpDays = 6
        let story = Story(catalog: catalog)
        var running = story.aCaseInProgress()
        running.timeOutAt = .at("2026-11-23T09:10:00Z")
        running.signOutAt = .at("2026-11-23T10:55:00Z")
        story.state.put(running)
        #expect(try tell(story, "COMPLETE", "11:00").codes == [])
        // Sunday the 29th is no day of consultations.
        #expect(
            story.state.fetch(Consultation.self, id: "CASE-1-F1")?.startsAt == .at("2026-11-30T08:00:00Z"))
        let moved = try tell(story, "POSTOP", "12:00", [.followUpAt: .at("2026-12-01T10:00:00Z")])
        #expect(moved.events.map(\.kind).contains("consultation.rescheduled"))
        #expect(story.state.fetch(Consultation.self, id: "CASE-1-F1")?.startsAt == .at("2026-12-01T10:00:00Z"))
    }

    @Test(
        "an action before its turn is held",
        arguments: [
            (SurgicalCase.State.created, "SIGN_IN"), (.created, "START"), (.postponed, "START"),
            (.scheduled, "TIME_OUT"),
            (.scheduled, "SIGN_OUT"), (.scheduled, "COMPLETE"), (.scheduled, "ABANDON"), (.scheduled, "NOTE"),
            (.inProgress, "POSTOP"), (.created, "POSTPONE"),
        ])
    func ahead(state: SurgicalCase.State, action: String) throws {
        let story = scheduled()
        var early = story.aScheduledCase()
        early.state = state
        story.state.put(early)
        let ruling = try tell(story, action, "12:00", [.reason: "x"])
        #expect(ruling.codes == ["case.wrong-state"])
        #expect(ruling.findings.first?.waitsFor == [.surgicalCase(CaseID("CASE-1"))])
    }

    @Test(
        "an action after its turn is refused",
        arguments: [
            (SurgicalCase.State.inProgress, "SIGN_IN"), (.inProgress, "START"), (.completed, "TIME_OUT"),
            (.completed, "COMPLETE"), (.cancelled, "START"), (.cancelled, "NOTE"), (.inProgress, "CANCEL"),
            (.completed, "POSTPONE"), (.postponed, "POSTPONE"), (.inProgress, "RESCHEDULE"), (.abandoned, "COMPLETE"),
        ])
    func past(state: SurgicalCase.State, action: String) throws {
        let story = scheduled()
        var late = story.aScheduledCase()
        late.state = state
        story.state.put(late)
        let ruling = try tell(story, action, "12:00", [.reason: "x", .startsAt: .at("2026-11-24T09:00:00Z")])
        #expect(ruling.codes == ["case.wrong-state"])
        #expect(!ruling.isHeld)
    }

    @Test("sign-in and start happen on the day of the booking", arguments: ["SIGN_IN", "START"])
    func notTheDay(action: String) throws {
        let story = scheduled()
        try tell(story, "SIGN_IN", "08:50")
        let wrong = try story.tell(.surgicalCase, action, [.surgicalCase: "CASE-1"], at: "2026-11-22T09:00:00Z")
        #expect(wrong.codes.contains("case.not-the-day"))
        #expect(!wrong.isHeld)
        #expect(try tell(story, action, "09:00").codes == [])
    }

    @Test("another team keeps the sign-in, another time asks for it again")
    func signInStands() throws {
        let story = scheduled()
        #expect(try tell(story, "SIGN_IN", "08:50").codes == [])
        let same = Value.at("2026-11-23T09:00:00Z")
        #expect(try tell(story, "RESCHEDULE", "08:52", [.startsAt: same, .staff: ["SCRUB:N2"]]).codes == [])
        #expect(story.surgicalCase()?.signInAt == .at("2026-11-23T08:50:00Z"))
        #expect(story.surgicalCase()?.team == [.init(role: "SCRUB", id: StaffID("N2"))])
        #expect(try tell(story, "RESCHEDULE", "08:54", [.startsAt: .at("2026-11-23T10:00:00Z")]).codes == [])
        #expect(story.surgicalCase()?.signInAt == nil)
    }

    @Test("without its checklist a case does not start or end; where policy only warns, it does")
    func checklist() throws {
        let story = scheduled()
        #expect(try tell(story, "START", "09:05").codes == ["case.checklist-open"])
        story.aCaseInProgress()
        #expect(try tell(story, "COMPLETE", "11:00").codes == ["case.checklist-open"])
        try tell(story, "TIME_OUT", "09:10")
        #expect(try tell(story, "COMPLETE", "11:00").codes == ["case.checklist-open"])
        try tell(story, "SIGN_OUT", "10:50")
        #expect(try tell(story, "COMPLETE", "11:00").codes == [])

        var lenient = Catalog.sample
        lenient.policy.checklist = .warn
        let warned = scheduled(lenient)
        #expect(try tell(warned, "START", "09:05").warningCodes == ["case.checklist-open"])
        #expect(try tell(warned, "COMPLETE", "11:00").warningCodes.contains("case.checklist-open"))
        #expect(warned.surgicalCase()?.state == .completed)
    }

    @Test("the times of a case follow each other")
    func times() throws {
        let story = scheduled()
        try tell(story, "SIGN_IN", "09:10")
        #expect(try tell(story, "START", "09:05").codes == ["case.times-not-in-order"])
        story.aCaseInProgress()
        #expect(try tell(story, "TIME_OUT", "09:00").codes == ["case.times-not-in-order"])
        #expect(try tell(story, "TIME_OUT", "09:05").codes == [])
        #expect(try tell(story, "SIGN_OUT", "09:04").codes == ["case.times-not-in-order"])
        #expect(try tell(story, "SIGN_OUT", "10:00").codes == [])
        let early = try tell(story, "COMPLETE", "09:59")
        #expect(early.codes == ["case.times-not-in-order"])
        #expect(early.findings.first?.detail == "the end of the surgery lies before the sign-out")
        #expect(try tell(story, "COMPLETE", "10:00").codes == [])
        story.aCaseInProgress()
        #expect(try tell(story, "ABANDON", "09:00", [.reason: "x"]).codes == ["case.times-not-in-order"])
        #expect(try tell(story, "ABANDON", "09:30", [.reason: "anaphylaxis"]).codes == [])
        #expect(story.surgicalCase()?.state == .abandoned)
    }

    @Test("at the start everything is checked again, and nothing is held")
    func checkedAgain() throws {
        let story = scheduled()
        try tell(story, "SIGN_IN", "08:50")
        story.anIssuedConsent()
        story.aLot(state: .recalled)
        let ruling = try tell(story, "START", "09:05", [.familyName: "Young", .surgeon: "S2"])
        #expect(
            ruling.codes == [
                "entry.wrong-patient", "case.differs-from-plan", "case.consent-not-signed", "case.not-cleared",
                "case.stock-short",
            ])
        #expect(ruling.findings.allSatisfy { $0.waitsFor.isEmpty })
        story.aSignedConsent()
        story.aLot()
        #expect(try tell(story, "START", "09:05", [.familyName: "Reyes", .surgeon: "S1"]).codes == [])
    }

    @Test("a surgeon whose indemnity ended, and a plan that is off, stop the start")
    func privilegesAndPlan() throws {
        let story = scheduled()
        try tell(story, "SIGN_IN", "08:50")
        var catalog = Catalog.sample
        catalog.staff[StaffID("S1")]?.indemnityUntil = .on("2026-11-22")
        story.pathway = Pathway(catalog: catalog, seals: .test)
        #expect(try tell(story, "START", "09:05").codes == ["plan.surgeon-not-privileged"])
        story.pathway = Pathway(catalog: .sample, seals: .test)
        story.aPlan(side: .left)
        #expect(try tell(story, "START", "09:05").codes.contains("case.differs-from-plan"))
        story.aPlan(state: .cancelled)
        #expect(try tell(story, "START", "09:05").codes == ["case.plan-not-approved"])
        story.aPlan()
        #expect(try tell(story, "START", "09:05").codes == [])
    }

    private func use(_ number: Int64, _ side: Side?, _ quantity: Int = 1) -> StockMovement {
        var use = StockMovement(
            number: number, movement: .use, sku: SKU("IMP-300"), lot: "L-1", location: "STORE", change: -quantity,
            occurredAt: .at("2026-11-23T09:30:00Z"), source: "theater", reference: "U-\(number)")
        use.surgicalCase = CaseID("CASE-1")
        use.side = side
        return use
    }

    /// What takes a use back, whole.
    private func undo(_ number: Int64, _ use: StockMovement, _ kind: StockMovement.Kind) -> StockMovement {
        var undo = use
        undo.number = number
        undo.movement = kind
        undo.change = -use.change
        undo.side = nil
        undo.original = use.number
        return undo
    }

    private func warningsAtTheEnd(_ movements: [StockMovement]) throws -> [String] {
        let story = Story()
        var running = story.aCaseInProgress()
        running.timeOutAt = running.startedAt
        running.signOutAt = running.startedAt
        story.state.put(running)
        for movement in movements { story.state.put(movement) }
        return try tell(story, "COMPLETE", "11:00").warningCodes
    }

    @Test("implants missing on one side are a warning at the end; both sides on record give none")
    func implants() throws {
        let incomplete = ["case.implants-incomplete"]
        #expect(try warningsAtTheEnd([use(1, .left), use(2, .right)]) == [])
        #expect(try warningsAtTheEnd([use(1, .bilateral, 2)]) == [])
        #expect(try warningsAtTheEnd([]) == incomplete)
        #expect(try warningsAtTheEnd([use(1, .left)]) == incomplete)
        #expect(try warningsAtTheEnd([use(1, .left), use(2, .left)]) == incomplete)
        #expect(try warningsAtTheEnd([use(1, nil), use(2, nil)]) == incomplete)
    }

    @Test(
        "an implant that was given back or voided is not on record for its side",
        arguments: [StockMovement.Kind.giveBack, .void])
    func implantsTakenBack(kind: StockMovement.Kind) throws {
        let right = use(3, .right)
        let uses = [use(1, .left), use(2, .left), right]
        #expect(try warningsAtTheEnd(uses) == [])
        #expect(try warningsAtTheEnd(uses + [undo(4, right, kind)]) == ["case.implants-incomplete"])
        #expect(try warningsAtTheEnd(uses + [undo(4, right, kind), use(5, .right)]) == [])
    }

    @Test("a note belongs to a case that has started; a dead patient's case can still be ended")
    func ends() throws {
        let story = Story()
        story.aCaseInProgress()
        var patient = story.aPatientAfterConsultation()
        patient.state = .deceased
        story.state.put(patient)
        #expect(try tell(story, "NOTE", "10:00", [.notes: "Arrest."]).codes == [])
        #expect(try tell(story, "ABANDON", "10:10", [.reason: "arrest"]).codes == [])
    }
}
