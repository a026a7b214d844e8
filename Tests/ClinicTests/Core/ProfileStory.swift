import Clinic
import ClinicTesting

extension Story {
    /// The sample clinic under the numbers of a jurisdiction, or under the defaults, with some of them changed.
    static func under(
        _ profile: Profile?, now: String = "2026-11-23T18:00:00Z", _ change: (inout Catalog) -> Void = { _ in }
    ) -> Story {
        var catalog = Catalog.sample
        catalog.policy = profile?.policy ?? Policy()
        catalog.policy.lateAfterDays = 3_650
        change(&catalog)
        return Story(catalog: catalog, now: now)
    }

    /// The patient signs consent K-1 on a day.
    func patientSigns(on day: String, at clock: String = "10:00") throws -> Ruling {
        let time = "\(day)T\(clock):00Z"
        return try tell(
            .consent, "SIGN",
            [.consent: "K-1", .party: "PATIENT", .signer: "Ada Reyes", .signedAt: .at(time)], at: time)
    }

    /// The case of plan P-1 is booked for 23 November at 09:00.
    func books(_ changes: [Field: Value] = [:], at time: String = "2026-11-18T12:00:00Z") throws -> Ruling {
        let values: [Field: Value] = [
            .surgicalCase: "CASE-1", .plan: "P-1", .theater: "T1", .startsAt: .at("2026-11-23T09:00:00Z"),
            .anesthetist: "A1",
        ]
        return try tell(.surgicalCase, "SCHEDULE", values.with(changes), at: time)
    }

    /// A second consultation, in person with the surgeon.
    func aSecondConsultation(on day: String = "2026-11-04", inPerson: Bool = true) {
        var second = Consultation(
            consultation: ConsultationID("C-2"), mrn: Story.mrn, surgeon: StaffID("S1"), state: .completed,
            startsAt: .at("\(day)T10:00:00Z"), minutes: 30, visit: "SECOND")
        second.completedAt = .at("\(day)T10:30:00Z")
        second.inPerson = inPerson
        state.put(second)
    }
}

extension Ruling {
    /// What would mend the first finding under a rule.
    func mend(of code: String) -> String? { findings.first { $0.rule.code == code }?.mend }
}
