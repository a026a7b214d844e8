import Clinic
import ClinicTesting
import Testing

@Suite("Profiles of jurisdictions")
struct ProfileTests {
    @Test(
        "a signature a week after the consultation is too soon in England alone, which names the day",
        arguments: [Profile.england, .florida, .california])
    func information(profile: Profile) throws {
        let story = Story.under(profile)
        story.aPatientAfterConsultation(on: "2026-11-02")
        story.aPlan()
        story.anIssuedConsent()
        let ruling = try story.patientSigns(on: "2026-11-09")
        if profile == .england {
            #expect(ruling.codes == ["consent.signed-too-soon"])
            #expect(ruling.mend(of: "consent.signed-too-soon") == "sign on 2026-11-16 or later")
            #expect(try story.patientSigns(on: "2026-11-16").codes == [])
        } else {
            #expect(ruling.codes == [])
        }
    }

    @Test("in two stages nobody signs on the day of the information, however short the days are")
    func twoStages() throws {
        func signed(twoStage: Bool, on day: String) throws -> Ruling {
            let story = Story.under(.florida) { $0.policy.twoStageConsent = twoStage }
            story.aPatientAfterConsultation(on: "2026-11-05")
            story.aPlan()
            story.anIssuedConsent()
            return try story.patientSigns(on: day, at: "21:00")
        }
        #expect(try signed(twoStage: false, on: "2026-11-05").codes == [])
        let ruling = try signed(twoStage: true, on: "2026-11-05")
        #expect(ruling.codes == ["consent.signed-too-soon"])
        #expect(ruling.mend(of: "consent.signed-too-soon") == "sign on 2026-11-06 or later")
        #expect(try signed(twoStage: true, on: "2026-11-06").codes == [])
    }

    @Test("Australia asks for two consultations, one of them in person; both are waited for")
    func consultations() throws {
        let story = Story.under(.australia)
        story.aPatientAfterConsultation(on: "2026-11-02")
        story.aPlan()
        story.anIssuedConsent()
        let ruling = try story.patientSigns(on: "2026-11-17")
        #expect(ruling.codes == ["consent.consultations-missing", "consent.not-seen-in-person"])
        #expect(ruling.isHeld)
        #expect(ruling.findings.allSatisfy { $0.waitsFor == [.patient(Story.mrn)] })
        story.aSecondConsultation(inPerson: false)
        #expect(try story.patientSigns(on: "2026-11-17").codes == ["consent.not-seen-in-person"])
        story.aSecondConsultation()
        #expect(try story.patientSigns(on: "2026-11-17").codes == [])
    }

    @Test("a consultation after the signature is none before it")
    func laterConsultation() throws {
        let story = Story.under(.australia)
        story.aPatientAfterConsultation(on: "2026-11-02")
        story.aPlan()
        story.anIssuedConsent()
        story.aSecondConsultation(on: "2026-11-18")
        #expect(
            try story.patientSigns(on: "2026-11-17").codes
                == ["consent.consultations-missing", "consent.not-seen-in-person"])
    }

    @Test("six days after the signature is lawful everywhere but in Australia, where booking must wait too")
    func coolingOff() throws {
        for profile in Profile.allCases {
            let story = Story.under(profile)
            story.allReady()
            let ruling = try story.books()
            if profile == .australia {
                #expect(ruling.codes == ["case.cooling-off", "case.cooling-off"])
                #expect(
                    ruling.findings.map(\.mend)
                        == ["operate on 2026-11-24 or later", "book it on 2026-11-24 or later"])
                let later: [Field: Value] = [.startsAt: .at("2026-11-25T09:00:00Z")]
                #expect(try story.books(later).codes == ["case.cooling-off"])
                story.now = .at("2026-11-26T18:00:00Z")
                #expect(try story.books(later, at: "2026-11-24T08:00:00Z").codes == [])
            } else {
                #expect(ruling.codes == [], "\(profile)")
            }
        }
    }

    @Test("a minor thinks it over for three months in Australia")
    func minors() throws {
        for born in ["2009-05-01", "1990-05-01"] {
            let story = Story.under(.australia) { $0.policy.coolingOffBefore = .surgery }
            story.allReady()
            story.aPatientAfterConsultation(born: born)
            let ruling = try story.books([.startsAt: .at("2026-11-24T09:00:00Z")])
            #expect(ruling.codes == (born == "1990-05-01" ? [] : ["case.cooling-off"]))
            if born != "1990-05-01" { #expect(ruling.findings.first?.mend == "operate on 2027-02-15 or later") }
        }
    }

    @Test("a deposit within the cooling-off is told of in Australia, and after it is not")
    func deposit() throws {
        func warnings(_ profile: Profile, at time: String) throws -> [String] {
            let story = Story.under(profile, now: "2026-11-30T18:00:00Z")
            story.allReady()
            let ruling = try story.tell(
                .payment, "PAY",
                [
                    .mrn: .text(Story.mrn.rawValue), .plan: "P-1", .amount: .minor(50_000), .currency: "GBP",
                    .method: "CARD",
                ],
                at: time)
            #expect(ruling.codes == [])
            return ruling.warningCodes
        }
        #expect(try warnings(.australia, at: "2026-11-20T10:00:00Z") == ["payment.deposit-too-soon"])
        #expect(try warnings(.australia, at: "2026-11-24T10:00:00Z") == [])
        #expect(try warnings(.england, at: "2026-11-20T10:00:00Z") == [])
    }

    @Test("a consent of the summer is too old in Florida and California by November, in England it stands")
    func consentValidity() throws {
        for profile in [Profile.england, .florida, .california] {
            let story = Story.under(profile)
            story.allReady()
            story.aSignedConsent(on: "2026-08-20")
            let codes = try story.books().codes
            #expect(codes == (profile == .england ? [] : ["case.consent-not-valid-then"]), "\(profile)")
        }
    }

    @Test("an examination stands thirty days in California, whatever the requirement says")
    func examination() throws {
        let code = RequirementCode("ECG")
        for (profile, metAt, codes) in [
            (Profile.california, "2026-10-23", ["case.not-cleared"]), (.california, "2026-10-24", []),
            (.florida, "2026-10-23", []),
        ] {
            let story = Story.under(profile) { catalog in
                catalog.requirements[code] = RequirementDefinition(
                    code: code, name: "Electrocardiogram", kind: .examination, validDays: 90)
            }
            story.allReady()
            var requirement = Requirement(
                plan: PlanID("P-1"), code: code, mrn: Story.mrn, category: .examination,
                orderedAt: .at("2026-10-01T09:00:00Z"))
            requirement.state = .met
            requirement.metAt = .at("\(metAt)T08:00:00Z")
            story.state.put(requirement)
            #expect(try story.books().codes == codes, "\(profile), \(metAt)")
        }
    }

    @Test("a patient of ASA III is not operated in an office of Florida, of ASA IV not in California")
    func asa() throws {
        let limits: [Profile: Int] = [.england: 5, .australia: 5, .california: 3, .florida: 2]
        for profile in Profile.allCases {
            for (status, given) in ["I", "II", "III", "4", "V"].enumerated() {
                let story = Story.under(profile) { catalog in
                    catalog.policy.coolingOffDays = 0
                }
                story.allReady()
                let isRefused = status + 1 > limits[profile, default: 5]
                let codes = try story.books([.asaClass: .text(given)]).codes
                #expect(codes == (isRefused ? ["case.asa-limit"] : []), "\(profile) ASA \(given)")
            }
        }
    }

    @Test("the ASA status is asked again when the case starts")
    func asaAtStart() throws {
        let story = Story.under(.florida)
        var booked = story.aScheduledCase()
        booked.signInAt = .at("2026-11-23T08:50:00Z")
        story.state.put(booked)
        let values: [Field: Value] = [.surgicalCase: "CASE-1", .asaClass: "III"]
        #expect(
            try story.tell(.surgicalCase, "START", values, at: "2026-11-23T09:05:00Z").codes == ["case.asa-limit"])
        #expect(
            try story.tell(.surgicalCase, "START", values.with([.asaClass: "II"]), at: "2026-11-23T09:05:00Z").codes
                == [])
    }

    @Test("the law of a profile may turn a warning into a refusal")
    func refusedWarnings() throws {
        for profile in [Profile.florida, .england] {
            let story = Story.under(profile)
            var booked = story.aScheduledCase()
            booked.signInAt = .at("2026-11-23T08:50:00Z")
            booked.anesthetist = nil
            story.state.put(booked)
            let ruling = try story.tell(.surgicalCase, "START", [.surgicalCase: "CASE-1"], at: "2026-11-23T09:05:00Z")
            #expect(ruling.codes == (profile == .florida ? ["case.anesthetist-missing"] : []))
            #expect(ruling.warningCodes == (profile == .florida ? [] : ["case.anesthetist-missing"]))
        }
    }
}
