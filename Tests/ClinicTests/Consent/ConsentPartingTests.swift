import Clinic
import ClinicTesting
import Testing

@Suite("A merge undone: consents in another patient's name")
struct ConsentPartingTests {
    let story = Story()
    /// The number into which the story's patient is merged.
    private let other = MRN(sequence: 77)

    private var numbers: [Field: Value] { [.mrn: .text(Story.mrn.rawValue), .intoMRN: .text(other.rawValue)] }

    /// Merges the story's patient with Zoe.
    private func merge(at time: String? = nil) throws {
        var own = try #require(story.patient(Story.mrn))
        own.guardianName = "Rosa Reyes"
        story.state.put(own)
        var zoe = own
        zoe.mrn = other
        zoe.givenName = "Zoe"
        zoe.guardianName = "Olga Lund"
        story.state.put(zoe)
        try story.must(.patient, "MERGE", numbers, at: time)
    }

    /// Somebody else's name under a consent, in place of a party's.
    private func sign(_ signer: String, as party: Consent.Party = .patient, _ id: String = "K-1") throws {
        var consent = try #require(story.consent(id))
        if let index = consent.signatures.firstIndex(where: { $0.party == party }) {
            consent.signatures[index].signer = signer
        } else {
            consent.signatures.append(
                .init(
                    party: party, signer: signer, signedAt: .at("2026-11-17T10:30:00Z"), sha256: consent.sha256,
                    meaning: "agreed"))
        }
        story.state.put(consent)
    }

    @discardableResult
    private func unmerge() throws -> Ruling { try story.must(.patient, "UNMERGE", numbers) }

    @Test("one signed by the other patient becomes void, and its case is cancelled", arguments: [true, false])
    func patient(isForeign: Bool) throws {
        story.aScheduledCase()
        try merge()
        if isForeign { try sign("Zoe Reyes") }
        try unmerge()
        #expect(story.consent()?.state == (isForeign ? .void : .signed))
        #expect(story.surgicalCase()?.state == (isForeign ? .cancelled : .scheduled))
        #expect(story.clearance()?.state == (isForeign ? .lapsed : .cleared))
    }

    @Test("one signed by the other's guardian becomes void", arguments: [("Olga Lund", true), ("rosa reyes", false)])
    func guardian(signer: String, isForeign: Bool) throws {
        story.allReady()
        try merge()
        try sign(signer, as: .guardian)
        try unmerge()
        #expect(story.consent()?.state == (isForeign ? .void : .signed))
    }

    @Test("a text that is headed with the other's number is void, though nobody has signed", arguments: [true, false])
    func heading(isForeign: Bool) throws {
        story.aPatientAfterConsultation()
        story.aPlan()
        let create = {
            try story.must(.consent, "CREATE", [.consent: "K-1", .plan: "P-1"], at: "2026-11-04T09:00:00Z")
        }
        if !isForeign { _ = try create() }
        try merge(at: "2026-11-04T08:00:00Z")
        if isForeign { _ = try create() }
        #expect(story.consent()?.mrn == Story.mrn)
        let events = try unmerge().events
        #expect(story.consent()?.state == (isForeign ? .void : .issued))
        #expect(story.consent()?.endedAt == (isForeign ? story.now : nil))
        #expect(events.map(\.kind).contains("consent.voided") == isForeign)
    }

    @Test(
        "a name that is neither's is in doubt only when it was signed while the records were merged",
        arguments: [("2026-11-17T10:00:00Z", true), ("2026-11-17T10:00:01Z", false)])
    func nobodysName(mergedAt: String, isForeign: Bool) throws {
        story.allReady()
        try merge(at: mergedAt)
        try sign("Ada Stanhope")
        try unmerge()
        #expect(story.consent()?.state == (isForeign ? .void : .signed))
    }

    @Test("a consent of the record that stays is void too when the one taken out has signed it")
    func otherWay() throws {
        story.allReady()
        try merge()
        try unmerge()
        let back: [Field: Value] = [.mrn: .text(other.rawValue), .intoMRN: .text(Story.mrn.rawValue)]
        try story.must(.patient, "MERGE", back)
        try sign("Zoe Reyes")
        try story.must(.patient, "UNMERGE", back)
        #expect(story.consent()?.state == .void)
    }

    @Test("without a case the clearance lapses, and says why")
    func clearance() throws {
        story.allReady()
        try merge()
        try sign("Zoe Reyes")
        let events = try unmerge().events
        #expect(events.map(\.kind) == ["patient.unmerged", "consent.voided", "preop.lapsed"])
        #expect(story.clearance()?.state == .lapsed)
        #expect(story.clearance()?.reason?.contains("in another patient's name") == true)
    }

    @Test(
        "another consent holds clearance and case, if it is to the surgery and signed",
        arguments: [
            (Consent.Kind.surgical, Consent.State.signed, true), (.surgical, .issued, false),
            (.photography, .signed, false),
        ])
    func another(purpose: Consent.Kind, consentState: Consent.State, holds: Bool) throws {
        story.aScheduledCase()
        var second = try #require(story.consent())
        second.consent = ConsentID("K-2")
        second.purpose = purpose
        second.state = consentState
        story.state.put(second)
        try merge()
        try sign("Zoe Reyes")
        try unmerge()
        #expect(story.consent()?.state == .void)
        #expect(story.consent("K-2")?.state == consentState)
        #expect(story.clearance()?.state == (holds ? .cleared : .lapsed))
        #expect(story.surgicalCase()?.state == (holds ? .scheduled : .cancelled))
    }

    @Test("nothing rests on a photography consent")
    func photography() throws {
        story.aScheduledCase()
        var second = try #require(story.consent())
        second.consent = ConsentID("K-2")
        second.purpose = .photography
        story.state.put(second)
        try merge()
        try sign("Zoe Reyes", as: .patient, "K-2")
        try unmerge()
        #expect(story.consent("K-2")?.state == .void)
        #expect(story.clearance()?.state == .cleared)
        #expect(story.surgicalCase()?.state == .scheduled)
    }

    @Test("a case that has begun goes on, with a remark")
    func begun() throws {
        story.aCaseInProgress()
        try merge()
        try sign("Zoe Reyes")
        let events = try unmerge().events
        #expect(events.map(\.kind) == ["patient.unmerged", "consent.voided", "case.consent-void-late"])
        #expect(story.surgicalCase()?.state == .inProgress)
        #expect(story.surgicalCase()?.remarks.map(\.at) == [story.now])
        #expect(story.surgicalCase()?.remarks.first?.text.contains("in another patient's name") == true)
        #expect(story.clearance()?.state == .cleared)
    }

    @Test("what is over stays as it ended")
    func over() throws {
        story.allReady()
        try merge()
        try sign("Zoe Reyes")
        var consent = try #require(story.consent())
        consent.state = .withdrawn
        story.state.put(consent)
        #expect(try unmerge().events.map(\.kind) == ["patient.unmerged"])
        #expect(story.consent()?.state == .withdrawn)
    }
}
