import Clinic
import ClinicTesting
import Testing

@Suite("Case: the calendar over random bookings")
struct CalendarPropertyTests {
    private static let timeCodes: Set<String> = [
        "case.theater-double-booked", "case.surgeon-double-booked", "case.staff-double-booked",
        "case.equipment-double-booked", "case.patient-double-booked", "case.theater-closed", "case.session-overrun",
        "case.session-allotted",
    ]

    /// Ten patients, each with two plans that are ready, in two theaters with sessions.
    private func clinic() -> Story {
        var catalog = Catalog.sample
        catalog.theaters[TheaterID("T1")]?.sessions = [
            TheaterSession(weekdays: [1, 3], startsAt: 480, endsAt: 780, holder: .surgeon(StaffID("S1"))),
            TheaterSession(weekdays: [2], startsAt: 780, endsAt: 1080, holder: .specialty("EYES")),
        ]
        catalog.theaters[TheaterID("T2")]?.closesAt = 25 * 60
        catalog.staff[StaffID("S2")]?.specialty = "EYES"
        catalog.policy.coolingOffDays = 7
        let story = Story(catalog: catalog, now: "2026-11-18T12:00:00Z")
        for patient in 1...10 {
            let mrn = MRN(sequence: Int64(patient))
            for (plan, surgeon) in [("a", "S1"), ("b", "S2")] {
                let suffix = "\(patient)\(plan)"
                story.aPatientAfterConsultation(mrn: mrn, suffix: suffix, surgeon: surgeon)
                story.aPlan("BLEPH-UPPER", items: [], requirements: [], mrn: mrn, suffix: suffix, surgeon: surgeon)
                story.aSignedConsent(mrn: mrn, suffix: suffix, on: patient % 2 == 0 ? "2026-11-10" : "2026-11-17")
                story.aClearance(mrn: mrn, suffix: suffix, codes: [])
            }
        }
        return story
    }

    /// Numbers from a seed, the same everywhere.
    private struct Dice: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }

        mutating func upTo(_ limit: Int) -> Int { Int.random(in: 0..<limit, using: &self) }
        mutating func of<Item>(_ items: [Item]) -> Item { items[upTo(items.count)] }
    }

    /// A time of the week after the 18th, in steps of seven minutes, day and night.
    private func time(_ dice: inout Dice) -> Instant {
        Instant.at("2026-11-19T00:00:00Z").adding(minutes: 7 * dice.upTo(7 * 24 * 60 / 7))
    }

    @Test(
        "no two accepted overlap, and every slot that is proposed is accepted when asked for", arguments: UInt64(1)...24
    )
    func property(seed: UInt64) throws {
        let story = clinic()
        var dice = Dice(state: seed)
        var accepted = 0
        var proposed = 0
        for _ in 0..<60 {
            let suffix = "\(1 + dice.upTo(10))\(dice.of(["a", "b"]))"
            var values: [Field: Value] = [
                .surgicalCase: .text("CASE-\(suffix)"), .plan: .text("P-\(suffix)"), .reason: "dice",
                .theater: .text(dice.of(["T1", "T2"])), .startsAt: .instant(time(&dice)),
                .minutes: .integer(dice.of([20, 45, 60, 90, 240])),
            ]
            if dice.upTo(2) == 0 { values[.anesthetist] = "A1" }
            if dice.upTo(2) == 0 {
                values[.staff] = .list(["SCRUB:N1", "N2"].shuffled(using: &dice).dropLast(dice.upTo(2)))
            }
            if dice.upTo(3) == 0 { values[.equipment] = ["MICROSCOPE"] }
            let action = dice.of([
                "SCHEDULE", "SCHEDULE", "SCHEDULE", "RESCHEDULE", "POSTPONE", "CANCEL", "CONSULT", "RUN",
            ])
            switch action {
            case "CONSULT": try consult(story, &dice)
            case "RUN": try run(story, "CASE-\(suffix)", &dice)
            default:
                let ruling = try story.tell(.surgicalCase, action, values)
                if ruling.isClear { accepted += 1 }
                if let slot = proposal(of: ruling) {
                    proposed += 1
                    values[.startsAt] = .instant(slot)
                    let again = try story.tell(.surgicalCase, action, values)
                    #expect(again.codes == [], "seed \(seed): \(action) of \(suffix) at \(slot) was proposed")
                }
            }
            expectNoOverlap(story, seed)
        }
        #expect(accepted + proposed > 5, "seed \(seed)")
    }

    /// The slot that a ruling proposes, when nothing but the time stands in the way.
    private func proposal(of ruling: Ruling) -> Instant? {
        guard !ruling.codes.isEmpty, ruling.codes.contains(where: Self.timeCodes.contains),
            ruling.codes.allSatisfy({ Self.timeCodes.contains($0) || $0 == "case.cooling-off" }),
            let mend = ruling.findings.first(where: { Self.timeCodes.contains($0.rule.code) })?.mend,
            let words = mend.split(separator: "slot is ").last, mend.hasPrefix("the next free slot is")
        else { return nil }
        return Instant(words.replacing(" ", with: "T"), zone: .utc)
    }

    private func consult(_ story: Story, _ dice: inout Dice) throws {
        try story.tell(
            .consultation, "SCHEDULE",
            [
                .consultation: .text("X-\(dice.next())"), .mrn: .text(MRN(sequence: Int64(1 + dice.upTo(10))).rawValue),
                .surgeon: .text(dice.of(["S1", "S2"])), .startsAt: .instant(time(&dice)),
                .minutes: .integer(dice.of([20, 60])),
            ])
    }

    /// A booked case is done, and ends some time before or after its planned end.
    private func run(_ story: Story, _ id: String, _ dice: inout Dice) throws {
        guard let booked = story.surgicalCase(id), booked.state == .scheduled, let start = booked.startsAt else {
            return
        }
        var at = start
        for action in ["SIGN_IN", "START", "TIME_OUT", "SIGN_OUT", dice.of(["COMPLETE", "ABANDON"])] {
            let now = story.now
            story.now = at
            defer { story.now = now }
            let ruling = try story.tell(.surgicalCase, action, [.surgicalCase: .text(id), .reason: "dice"])
            #expect(ruling.codes == [], "\(action) of \(id)")
            at = at.adding(minutes: dice.upTo(20))
        }
    }

    private func expectNoOverlap(_ story: Story, _ seed: UInt64) {
        let active = story.state.all(Booking.self).filter(\.isActive)
        for (index, one) in active.enumerated() {
            for other in active[(index + 1)...]
            where one.resource == other.resource && one.resourceID == other.resourceID {
                #expect(!one.interval.overlaps(other.interval), "seed \(seed): \(one.id) and \(other.id)")
            }
        }
        for consultation in story.state.all(Consultation.self) where consultation.state == .scheduled {
            let busy = active.filter { booking in
                booking.interval.overlaps(consultation.interval)
                    && (booking.resource == .staff && booking.resourceID == consultation.surgeon.rawValue
                        || booking.resource == .patient && booking.resourceID == consultation.mrn.rawValue)
            }
            #expect(busy.isEmpty, "seed \(seed): \(consultation.id) and \(busy.map(\.id))")
        }
    }
}
