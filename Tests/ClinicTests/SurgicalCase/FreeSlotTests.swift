import Clinic
import ClinicTesting
import Testing

@Suite("Case: the next free slot suits all of a case")
struct FreeSlotTests {
    /// CASE-1 of S1, A1 and N1 is booked in T1 from 9 to 11 on Monday the 23rd; P-2 of S2, an hour long, is ready.
    private func story(_ change: (inout Catalog) -> Void = { _ in }) -> Story {
        var catalog = Catalog.sample
        change(&catalog)
        let story = Story(catalog: catalog)
        story.aScheduledCase()
        let mrn = MRN(sequence: 2)
        story.aPatientAfterConsultation(mrn: mrn, givenName: "Bea", familyName: "Lund", suffix: "2", surgeon: "S2")
        story.aPlan("BLEPH-UPPER", items: [], requirements: [], mrn: mrn, suffix: "2", surgeon: "S2")
        story.aSignedConsent(mrn: mrn, suffix: "2")
        story.aClearance(mrn: mrn, suffix: "2", codes: ["HB"])
        return story
    }

    private func book(_ story: Story, at time: String, _ more: [Field: Value] = [:]) throws -> Ruling {
        var values: [Field: Value] = [
            .surgicalCase: "CASE-2", .plan: "P-2", .theater: "T1", .startsAt: .at("2026-11-\(time):00Z"),
        ]
        values.merge(more) { $1 }
        return try story.tell(.surgicalCase, "SCHEDULE", values, at: "2026-11-18T13:00:00Z")
    }

    private func take(_ story: Story, _ resource: Booking.Resource, _ id: String, _ from: String, _ to: String) {
        story.state.put(
            Booking(
                surgicalCase: CaseID("OTHER-\(from)"), resource: resource, resourceID: id,
                startsAt: .at("2026-11-\(from):00Z"), endsAt: .at("2026-11-\(to):00Z")))
    }

    private func consult(_ story: Story, _ surgeon: String, _ mrn: MRN, _ from: String, minutes: Int = 30) {
        story.state.put(
            Consultation(
                consultation: ConsultationID("C-\(from)"), mrn: mrn, surgeon: StaffID(surgeon), state: .scheduled,
                startsAt: .at("2026-11-\(from):00Z"), minutes: minutes, visit: "SECOND"))
    }

    /// Asks, and asks again for the slot that was proposed.
    private func expectSlot(
        _ slot: String, _ story: Story, at time: String, _ more: [Field: Value] = [:],
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let ruling = try book(story, at: time, more)
        #expect(!ruling.findings.isEmpty, sourceLocation: sourceLocation)
        #expect(
            Set(ruling.findings.map(\.mend)) == ["the next free slot is 2026-11-\(slot)"],
            sourceLocation: sourceLocation)
        let again = slot.replacing(" ", with: "T")
        #expect(try book(story, at: again, more).codes == [], sourceLocation: sourceLocation)
    }

    @Test("theater, surgeon, anesthetist, nurse, equipment and patient are all free at it")
    func all() throws {
        let story = story()
        take(story, .staff, "S2", "23T11:10", "23T12:00")
        take(story, .staff, "A1", "23T12:00", "23T12:30")
        take(story, .staff, "N2", "23T12:30", "23T13:00")
        take(story, .equipment, "MICROSCOPE", "23T13:00", "23T13:35")
        take(story, .patient, MRN(sequence: 2).rawValue, "23T13:30", "23T14:00")
        take(story, .theater, "T1", "23T15:00", "23T15:30")
        try expectSlot(
            "23 15:30", story, at: "23T09:30",
            [.anesthetist: "A1", .staff: ["SCRUB:N2"], .equipment: ["MICROSCOPE"]])
    }

    @Test("before the next case there is room for the turnover too")
    func turnover() throws {
        let story = story()
        take(story, .theater, "T1", "23T12:29", "23T13:00")
        try expectSlot("23 13:00", story, at: "23T11:00")
        let roomy = self.story()
        take(roomy, .theater, "T1", "23T12:30", "23T13:00")
        try expectSlot("23 11:15", roomy, at: "23T11:00")
    }

    @Test("the team need not wait for the cleaning of the theater that they left")
    func turnoverIsTheTheaters() throws {
        #expect(try book(story(), at: "23T11:00", [.theater: "T2", .anesthetist: "A1", .staff: ["N1"]]).codes == [])
    }

    @Test("a surgeon's consultation blocks the surgeon, and a patient's the patient; only those still to come")
    func consultations() throws {
        let story = story()
        consult(story, "S2", MRN(sequence: 7), "23T13:00")
        let surgeon = try book(story, at: "23T12:30")
        #expect(surgeon.codes == ["case.surgeon-double-booked"])
        #expect(surgeon.findings.first?.aside?.contains("consultation C-23T13:00") == true)
        consult(story, "S1", MRN(sequence: 2), "23T13:30")
        let both = try book(story, at: "23T12:45")
        #expect(both.codes == ["case.surgeon-double-booked", "case.patient-double-booked"])
        try expectSlot("23 14:00", story, at: "23T12:45")
        let over = self.story()
        consult(over, "S2", MRN(sequence: 2), "23T13:00")
        var held = try #require(over.state.fetch(Consultation.self, id: "C-23T13:00"))
        held.state = .cancelled
        over.state.put(held)
        #expect(try book(over, at: "23T12:30").codes == [])
    }

    @Test(
        "a patient who is booked for a case, or a surgeon who operates, is not seen at that hour",
        arguments: [true, false])
    func otherWay(isReschedule: Bool) throws {
        let story = story()
        consult(story, "S2", Story.mrn, "25T09:00")
        let ask = { (time: String) in
            try story.tell(
                .consultation, isReschedule ? "RESCHEDULE" : "SCHEDULE",
                [
                    .consultation: isReschedule ? "C-25T09:00" : "C-NEW", .mrn: .text(Story.mrn.rawValue),
                    .surgeon: "S2", .startsAt: .at("2026-11-23T\(time):00Z"),
                ], at: "2026-11-18T13:00:00Z")
        }
        #expect(try ask("10:45").codes == ["consultation.patient-busy"])
        #expect(try ask("10:45").findings.first?.aside?.contains("CASE-1") == true)
        #expect(try ask("08:31").codes == ["consultation.patient-busy"])
        #expect(try ask("11:00").codes == [])
    }

    @Test("all the numbers of a patient who was merged are one patient")
    func merged() throws {
        let story = story()
        // Booked under a number that was merged into another only afterwards.
        take(story, .patient, MRN(sequence: 3).rawValue, "23T14:00", "23T15:00")
        #expect(try book(story, at: "23T14:00").codes == [])
        try story.tell(.surgicalCase, "CANCEL", [.surgicalCase: "CASE-2", .reason: "x"])
        var old = story.aPatientAfterConsultation(mrn: MRN(sequence: 3), suffix: "3")
        old.state = .merged
        old.mergedInto = MRN(sequence: 2)
        story.state.put(old)
        let ruling = try book(story, at: "23T14:00", [.surgicalCase: "CASE-3"])
        #expect(ruling.codes == ["case.patient-double-booked"])
    }

    @Test("it is no day on which consent, clearance, papers or stock would forbid the surgery")
    func lawful() throws {
        // Seven days from the 17th: the 24th is the first.
        try expectSlotOrNone("2026-11-24 08:00", story { $0.policy.coolingOffDays = 7 }, besides: "case.cooling-off")
        // Nothing is free before the 24th, and on the 24th something is over.
        let full = { (story: Story) in
            take(story, .theater, "T1", "23T11:00", "23T18:00")
            return story
        }
        try expectSlotOrNone("2026-11-24 08:00", full(story()))
        try expectSlotOrNone(nil, full(story { $0.policy.consentValidDays = 6 }))
        try expectSlotOrNone("2026-11-24 08:00", full(story { $0.policy.consentValidDays = 7 }))
        try expectSlotOrNone(nil, full(story { $0.policy.clearanceValidDays = 5 }))
        try expectSlotOrNone(nil, full(story { $0.staff[StaffID("S2")]?.indemnityUntil = .on("2026-11-23") }))
    }

    private func expectSlotOrNone(
        _ slot: String?, _ story: Story, besides other: String? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let ruling = try book(story, at: "23T10:00")
        let finding = ruling.findings.first { $0.rule.code == "case.theater-double-booked" }
        #expect(
            finding?.mend
                == slot.map { "the next free slot is \($0)" }
                ?? "no time within 60 days suits theater, team, equipment and patient together; choose another theater or team",
            sourceLocation: sourceLocation)
        #expect(
            ruling.codes.filter { $0 != "case.theater-double-booked" } == (other.map { [$0] } ?? []),
            sourceLocation: sourceLocation)
    }

    @Test("when sixty days hold no slot, it says so")
    func none() throws {
        let story = story()
        story.state.put(
            Booking(
                surgicalCase: CaseID("BUILDING-WORKS"), resource: .theater, resourceID: "T1",
                startsAt: .at("2026-11-23T11:00:00Z"), endsAt: .at("2027-03-01T00:00:00Z")))
        let ruling = try book(story, at: "23T12:00")
        #expect(ruling.codes == ["case.theater-double-booked"])
        #expect(ruling.findings.first?.mend.hasPrefix("no time within 60 days suits") == true)
        // A case that no day of the theater is long enough for.
        let long = try book(self.story(), at: "23T12:00", [.minutes: 601])
        #expect(long.codes == ["case.session-overrun"])
        #expect(long.findings.first?.mend.hasPrefix("no time within 60 days suits") == true)
    }

    @Test("the sixtieth day is looked at, and no later one")
    func bounds() throws {
        // The validity of consent and clearance is not what ends the search here.
        let lasting = { (catalog: inout Catalog) -> Void in catalog.policy.clearanceValidDays = 400 }
        let full = { (until: String) in
            let story = story(lasting)
            story.aMetRequirement([], suffix: "2")
            for requirement in story.state.all(Requirement.self) {
                var requirement = requirement
                requirement.validUntil = .on("2027-12-31")
                story.state.put(requirement)
            }
            story.state.put(
                Booking(
                    surgicalCase: CaseID("WORKS"), resource: .theater, resourceID: "T1",
                    startsAt: .at("2026-11-20T11:15:00Z"), endsAt: .at("2027-01-\(until):00Z")))
            return story
        }
        // From Friday, 20 November, the sixtieth day is Tuesday, 19 January.
        #expect(
            try book(full("19T17:00"), at: "20T12:00").findings.map(\.mend) == [
                "the next free slot is 2027-01-19 17:00"
            ])
        let late = try book(full("19T17:01"), at: "20T12:00")
        #expect(late.findings.first?.mend.hasPrefix("no time within 60 days suits") == true)
    }

    @Test("a proposed time is a whole five minutes, and not before the entry was made")
    func roundTimes() throws {
        let story = story()
        take(story, .staff, "S2", "23T11:15", "23T12:01")
        try expectSlot("23 12:05", story, at: "23T11:30")
        let past = self.story()
        take(past, .theater, "T1", "17T09:00", "17T10:00")
        let ruling = try book(past, at: "17T09:30")
        #expect(
            ruling.findings.first { $0.rule.code == "case.theater-double-booked" }?.mend
                == "the next free slot is 2026-11-18 13:00")
    }

    @Test("a case that moves is not in its own way")
    func ownBookings() throws {
        let story = story()
        #expect(try book(story, at: "23T12:00").codes == [])
        let moved: [Field: Value] = [.surgicalCase: "CASE-2", .startsAt: .at("2026-11-23T12:30:00Z")]
        #expect(try story.tell(.surgicalCase, "RESCHEDULE", moved, at: "2026-11-18T14:00:00Z").codes == [])
        let theater = story.state.fetch(Booking.self, where: .surgicalCase(CaseID("CASE-2"))).first {
            $0.resource == .theater
        }
        #expect(theater?.startsAt == .at("2026-11-23T12:30:00Z"))
        #expect(theater?.endsAt == .at("2026-11-23T13:45:00Z"))
    }
}
