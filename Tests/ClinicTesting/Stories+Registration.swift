package import Clinic

extension [Field: Value] {
    /// What a patient fills in at the kiosk.
    package static let sampleRegistration: [Field: Value] = [
        .givenName: "Ann", .familyName: "Ash", .birthDate: .on("1990-05-17"), .sex: "F",
        .email: "ann@example.test", .phone: "+44 20 7946 0100", .enteredBy: "SELF", .allergies: ["NONE"],
    ]

    /// The same values with some of them changed.
    package func with(_ changes: [Field: Value]) -> [Field: Value] { merging(changes) { $1 } }

    /// The same values without some fields.
    package func without(_ fields: Field...) -> [Field: Value] { filter { !fields.contains($0.key) } }
}

extension Story {
    /// Registers a patient and gives the MRN; a refusal stops the test.
    @discardableResult
    package func registeredPatient(
        _ changes: [Field: Value] = [:], reference: String? = nil, at time: String = "2026-09-01T09:00:00Z"
    ) throws -> MRN {
        let ruling = try tell(
            .registration, "REGISTER", .sampleRegistration.with(changes), at: time, reference: reference)
        guard let mrn = ruling.events.first?.patient else { throw StoryRefused(codes: ruling.codes) }
        return mrn
    }

    /// Tells an entry that must be applied: a refusal stops the test.
    @discardableResult
    package func must(_ form: FormName, _ action: String, _ values: [Field: Value], at time: String? = nil) throws
        -> Ruling
    {
        let ruling = try tell(form, action, values, at: time)
        guard ruling.isClear else { throw StoryRefused(codes: ruling.codes) }
        return ruling
    }

    package func patient(_ mrn: MRN) -> Patient? { state.fetch(Patient.self, id: mrn.rawValue) }
}

/// A given of a test was refused.
package struct StoryRefused: Error {
    package let codes: [String]
}
