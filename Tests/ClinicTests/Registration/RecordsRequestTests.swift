import Clinic
import ClinicTesting
import Testing

@Suite("A patient's records")
struct RecordsRequestTests {
    let story: Story
    let mrn: MRN
    let number: Value

    init() throws {
        var catalog = Catalog.sample
        catalog.staff[StaffID("F2")]?.permissions.append("RELEASE")
        story = Story(catalog: catalog)
        mrn = try story.registeredPatient(at: "2026-11-23T09:00:00Z")
        number = .text(mrn.rawValue)
    }

    private func release(_ changes: [Field: Value] = [:]) throws -> Ruling {
        try story.tell(.records, "RELEASE", [.mrn: number, .actor: "F2"].merging(changes) { $1 })
    }

    private func request(_ changes: [Field: Value] = [:], at time: String = "2026-11-23T10:00:00Z") throws {
        try story.must(.records, "REQUEST", [.mrn: number].merging(changes) { $1 }, at: time)
    }

    @Test("what nobody asked for is waited for, and released once")
    func notRequested() throws {
        let early = try release()
        #expect(early.codes == ["records.not-requested"])
        #expect(early.findings[0].waitsFor == [.patient(mrn)])
        try request([.scope: "operation note"])
        let released = try release()
        #expect(released.codes.isEmpty)
        let kept = try #require(released.events.first?.written(RecordsRequest.self))
        #expect(kept.state == .released)
        #expect(kept.scope == "operation note")
        #expect(kept.releasedBy == StaffID("F2"))
        #expect(kept.releasedTo == "Ann Ash")
        #expect(try release().codes == ["records.not-requested"])
    }

    @Test("who has the permission releases", arguments: [("F2", true), ("F1", false), ("X9", false)])
    func releaser(_ actor: String, mayRelease: Bool) throws {
        try request()
        let ruling = try release([.actor: .text(actor)])
        #expect(ruling.codes == (mayRelease ? [] : ["records.releaser-not-authorized"]))
        #expect(!ruling.isHeld)
    }

    @Test("all that is wrong with a release is told together")
    func together() throws {
        #expect(
            try release([.actor: "F1", .format: "PORTAL"]).codes
                == ["records.releaser-not-authorized", "records.not-requested", "records.unreachable"])
    }

    @Test("the portal takes them once the account is open")
    func portal() throws {
        try request([.format: "PORTAL"])
        let early = try release()
        #expect(early.codes == ["records.unreachable"])
        #expect(early.isHeld)
        try story.must(.patient, "VERIFY_EMAIL", [.mrn: number, .token: "token-verify-email-1"])
        #expect(try release().events.first?.written(RecordsRequest.self)?.releasedTo == "ann@example.test")
    }

    @Test("a PDF goes to the patient's own e-mail; those of somebody who died are handed over on paper")
    func reached() throws {
        try request([.format: "PDF"])
        try story.must(.patient, "UPDATE", [.mrn: number, .email: .deletion])
        #expect(try release().codes == ["records.unreachable"])
        try story.must(.patient, "UPDATE", [.mrn: number, .email: "new@example.test"])
        try story.must(.patient, "DECEASE", [.mrn: number])
        let late = try release()
        #expect(late.codes == ["records.unreachable"])
        #expect(!late.isHeld)
        #expect(try release([.format: "PAPER"]).isClear)
    }

    @Test("of several requests the one for the scope is released first, then the oldest")
    func several() throws {
        try request([.scope: "all"], at: "2026-11-23T10:00:00Z")
        try request([.scope: "bills"], at: "2026-11-23T11:00:00Z")
        try request([.scope: "notes"], at: "2026-11-23T12:00:00Z")
        for expected in ["notes", "all", "bills"] {
            let scope: [Field: Value] = expected == "notes" ? [.scope: "notes"] : [:]
            #expect(try release(scope).events.first?.written(RecordsRequest.self)?.scope == expected)
        }
    }

    @Test("a request under a number that was merged is the patient's")
    func merged() throws {
        let other = try story.registeredPatient([.givenName: "Zoe", .email: "z@e.test"])
        try request()
        try story.must(.patient, "MERGE", [.mrn: number, .intoMRN: .text(other.rawValue)])
        let released = try release([.mrn: .text(other.rawValue)])
        #expect(released.events.first?.written(RecordsRequest.self)?.mrn == mrn)
    }
}
