import Clinic
import ClinicTesting
import Testing

@Suite("Policy of plans")
struct PlanPolicyTests {
    /// A plan of liposuction, alone or with another procedure, drafted after its consultation.
    private func draft(
        _ profile: Profile, milliliters: Int?, with other: String? = nil, _ change: (inout Policy) -> Void = { _ in }
    ) throws -> (story: Story, ruling: Ruling) {
        let story = Story.under(profile) { catalog in
            var lipo = Procedure(
                code: ProcedureCode("LIPO"), name: "Liposuction", isPaired: false, minutes: 90,
                price: Money(minorUnits: 340_000), anesthesia: .general)
            lipo.maximumVolumeMilliliters = 9_000
            catalog.procedures[lipo.code] = lipo
            catalog.staff[StaffID("S1")]?.privileges.append(lipo.code)
            change(&catalog.policy)
        }
        story.aPatientAfterConsultation()
        var values: [Field: Value] = [
            .plan: "P-1", .consultation: "C-1", .surgeon: "S1",
            .procedure: .list(["LIPO"] + [other].compactMap(\.self)),
        ]
        if let milliliters { values[.volumeMilliliters] = .integer(milliliters) }
        return (story, try story.tell(.plan, "DRAFT", values, at: "2026-11-03T09:00:00Z"))
    }

    private func approve(_ story: Story) throws -> Ruling {
        try story.tell(.plan, "APPROVE", [.plan: "P-1", .surgeon: "S1"], at: "2026-11-04T09:00:00Z")
    }

    @Test(
        "what may be taken by liposuction depends on the setting, and on whether it is combined",
        arguments: [
            (Profile.florida, 4_000, false, true), (.florida, 4_001, false, false), (.florida, 1_000, true, true),
            (.florida, 1_001, true, false), (.california, 5_000, false, true), (.california, 5_001, true, false),
            (.california, 4_001, true, true), (.england, 8_000, true, true),
        ])
    func volume(profile: Profile, milliliters: Int, isCombined: Bool, isLawful: Bool) throws {
        let (_, ruling) = try draft(
            profile, milliliters: milliliters, with: isCombined ? "RHINOPLASTY" : nil)
        #expect(ruling.codes == (isLawful ? [] : ["plan.volume-limit"]))
    }

    @Test("a hospital has no limit of volume")
    func hospital() throws {
        #expect(try draft(.florida, milliliters: 6_000) { $0.setting = .hospital }.ruling.codes == [])
        #expect(try draft(.florida, milliliters: 6_000) { $0.setting = .office }.ruling.codes == ["plan.volume-limit"])
    }

    @Test("where there is a limit a plan is not approved before it says how much")
    func unstated() throws {
        let silent = try draft(.florida, milliliters: nil)
        #expect(silent.ruling.codes == [])
        #expect(try approve(silent.story).codes == ["plan.volume-limit"])
        #expect(try approve(draft(.florida, milliliters: 3_000).story).codes == [])
        #expect(try approve(draft(.england, milliliters: nil).story).codes == [])
    }

    @Test("the clinic's own BMI counts beside the procedure's")
    func bmi() throws {
        for (limit, isWarned) in [(nil, false), (29, true), (31, false)] as [(Int?, Bool)] {
            let story = Story.under(nil) { $0.policy.maximumBMI = limit }
            var patient = story.aPatientAfterConsultation()
            patient.heightCentimeters = 170
            patient.weightKilograms = 87
            patient.allergies = []
            story.state.put(patient)
            story.aPlan(state: .draft)
            let ruling = try approve(story)
            #expect(ruling.codes == [])
            #expect(ruling.warningCodes == (isWarned ? ["plan.contraindicated"] : []))
        }
    }

    @Test("Australia asks who referred the patient and for a screening, England does neither")
    func assessment() throws {
        for profile in [Profile.australia, .england] {
            let story = Story.under(profile)
            var patient = story.aPatientAfterConsultation()
            story.aPlan(state: .draft)
            let ruling = try approve(story)
            guard profile == .australia else {
                #expect(ruling.codes == [])
                continue
            }
            #expect(ruling.codes == ["plan.screening-missing", "plan.referral-missing"])
            patient.referralSource = "Dr. Nell Gray, GP"
            story.state.put(patient)
            var consultation = try #require(story.state.fetch(Consultation.self, id: "C-1"))
            consultation.screening = "BDDQ negative"
            story.state.put(consultation)
            #expect(try approve(story).codes == [])
        }
    }

    @Test("a missing referral is waited for")
    func referralHeld() throws {
        let story = Story.under(.australia) { $0.policy.screeningRequired = false }
        story.aPatientAfterConsultation()
        story.aPlan(state: .draft)
        let ruling = try approve(story)
        #expect(ruling.codes == ["plan.referral-missing"])
        #expect(ruling.isHeld)
    }

    @Test("a minor is screened where the profile asks for it")
    func minorScreening() throws {
        for (born, isMinor) in [("2008-11-24", true), ("2008-11-23", false)] {
            let story = Story.under(.england)
            story.aPatientAfterConsultation(born: born)
            story.aPlan(state: .draft)
            #expect(try approve(story).codes == (isMinor ? ["plan.screening-missing"] : []))
        }
    }

    @Test("who is a minor follows the age of majority of the clinic")
    func majority() throws {
        for (age, needsGuardian) in [(18, false), (20, true)] {
            let story = Story.under(nil) { $0.policy.ageOfMajority = age }
            let ruling = try story.tell(
                .registration, "REGISTER", .sampleRegistration.with([.birthDate: .on("2007-05-17")]),
                at: "2026-09-01T09:00:00Z")
            #expect(ruling.codes == (needsGuardian ? ["patient.minor-without-guardian"] : []))
        }
    }
}
