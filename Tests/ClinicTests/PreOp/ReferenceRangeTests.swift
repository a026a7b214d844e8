import Clinic
import ClinicTesting
import Testing

@Suite("Pre-op: results outside their range")
struct ReferenceRangeTests {
    private func result(_ value: String, _ range: String?, abnormal: Bool? = nil) throws -> (Ruling, Requirement?) {
        let story = Story()
        story.aPatientAfterConsultation()
        story.aPlan()
        story.aMetRequirement(["HB"])
        var values: [Field: Value] = [.plan: "P-1", .requirement: "HB", .value: .text(value)]
        if let range { values[.range] = .text(range) }
        if let abnormal { values[.abnormal] = .flag(abnormal) }
        let ruling = try story.tell(.preOp, "RESULT", values, at: "2026-11-20T08:00:00Z")
        return (ruling, story.state.fetch(Requirement.self, id: "P-1/HB"))
    }

    @Test(
        "a result outside its range leaves the requirement unmet, whatever its mark says",
        arguments: [("6.1", "12.0-15.5"), ("15.501", "12.0-15.5"), ("5", "<5"), ("1.2", ">1.2"), ("1.19", ">=1.2")])
    func outside(value: String, range: String) throws {
        for mark in [nil, false] {
            let (ruling, requirement) = try result(value, range, abnormal: mark)
            #expect(ruling.codes == [])
            #expect(ruling.warningCodes == ["preop.abnormal-result"])
            #expect(requirement?.state == .unmet)
        }
    }

    @Test(
        "one within its range meets it, and one whose range is in words is judged by its mark alone",
        arguments: [
            ("12", "12.0-15.5"), ("15.500", "12.0 - 15.5"), ("4.9", "<5"), ("5", "<=5"), ("1.2", ">=1.2"),
            ("positive", "negative"), ("6.1", "see report"), ("6,1", "12.0-15.5"),
        ])
    func within(value: String, range: String) throws {
        let (ruling, requirement) = try result(value, range)
        #expect(ruling.codes == [])
        #expect(ruling.warningCodes == [])
        #expect(requirement?.state == .met)
        #expect(try result(value, range, abnormal: true).1?.state == .unmet)
    }

    @Test("a laboratory result without value and mark is none")
    func empty() throws {
        let story = Story()
        story.aPatientAfterConsultation()
        story.aPlan()
        story.aMetRequirement(["HB"])
        let values: [Field: Value] = [.plan: "P-1", .requirement: "HB"]
        #expect(
            try story.tell(.preOp, "RESULT", values, at: "2026-11-20T08:00:00Z").codes == ["entry.missing-field"])
    }
}
