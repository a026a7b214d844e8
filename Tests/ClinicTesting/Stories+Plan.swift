package import Clinic

extension [Field: Value] {
    /// A plan of bilateral breast augmentation by S1; `consultation` and `plan` are C-1 and P-1.
    package static let samplePlan: [Field: Value] = [
        .plan: "P-1", .consultation: "C-1", .procedure: ["BREAST-AUG:BILATERAL"], .surgeon: "S1",
        .plannedFor: .on("2026-11-23"),
    ]
}

extension Story {
    /// A consultation with S1 on 2026-09-07 at 10:00, by default C-1.
    @discardableResult
    package func scheduledConsultation(
        _ id: String = "C-1", for mrn: MRN? = nil, _ changes: [Field: Value] = [:]
    ) throws -> MRN {
        let patient = try mrn ?? registeredPatient()
        let values: [Field: Value] = [
            .consultation: .text(id), .mrn: .text(patient.rawValue), .surgeon: "S1",
            .startsAt: .at("2026-09-07T10:00:00Z"),
        ]
        try must(.consultation, "SCHEDULE", values.with(changes), at: "2026-09-02T09:00:00Z")
        return patient
    }

    /// The same, completed at 10:30.
    @discardableResult
    package func completedConsultation(
        _ id: String = "C-1", for mrn: MRN? = nil, _ changes: [Field: Value] = [:]
    ) throws -> MRN {
        let patient = try scheduledConsultation(id, for: mrn, changes)
        try must(
            .consultation, "COMPLETE",
            [.consultation: .text(id), .notes: "Discussed options and risks.", .historyReviewed: true],
            at: "2026-09-07T10:30:00Z")
        return patient
    }

    /// A plan in draft, by default P-1 of C-1.
    @discardableResult
    package func draftedPlan(_ changes: [Field: Value] = [:], for mrn: MRN? = nil) throws -> MRN {
        let values = [Field: Value].samplePlan.with(changes)
        let consultation = if case .text(let id)? = values[.consultation] { id } else { "C-1" }
        let patient = try completedConsultation(consultation, for: mrn)
        try must(.plan, "DRAFT", values, at: "2026-09-07T11:00:00Z")
        return patient
    }

    /// The same, approved by S1 on 2026-09-08.
    @discardableResult
    package func approvedPlan(_ changes: [Field: Value] = [:], for mrn: MRN? = nil) throws -> MRN {
        let patient = try draftedPlan(changes, for: mrn)
        let plan = changes[.plan] ?? "P-1"
        try must(.plan, "APPROVE", [.plan: plan, .surgeon: "S1"], at: "2026-09-08T09:00:00Z")
        return patient
    }

    /// A version of a plan; the newest by default.
    package func plan(_ id: String = "P-1", version: Int? = nil) throws -> ProcedurePlan? {
        let versions = try state.versions(of: PlanID(id))
        return version.map { number in versions.first { $0.version == number } } ?? versions.last
    }
}
