package import Clinic

extension Catalog {
    /// A small clinic for tests: two surgeons, one anesthetist, two theaters, three procedures.
    package static let sample = Catalog(
        clinic: ClinicIdentity(
            name: "Test Clinic", address: ["1 Test Street", "London"], country: "GB", email: "desk@clinic.test",
            phone: "+44 20 7946 0000", taxNumber: "GB000000000", currency: Currency(code: "GBP"), zone: .utc),
        policy: .sample,
        procedures: [
            Procedure(
                code: ProcedureCode("BREAST-AUG"), name: "Breast augmentation", isPaired: true, minutes: 120,
                price: Money(minorUnits: 480_000), anesthesia: .general,
                items: [.init(sku: SKU("IMP-300"), quantity: 1, perSide: true)],
                requirements: [RequirementCode("HB"), RequirementCode("FASTING")], equipment: []),
            Procedure(
                code: ProcedureCode("RHINOPLASTY"), name: "Rhinoplasty", isPaired: false, minutes: 150,
                price: Money(minorUnits: 520_000), anesthesia: .general,
                items: [.init(sku: SKU("SPLINT"), quantity: 1, perSide: false)],
                requirements: [RequirementCode("HB")], equipment: ["ENDOSCOPE"]),
            Procedure(
                code: ProcedureCode("BLEPH-UPPER"), name: "Upper blepharoplasty", isPaired: true, minutes: 60,
                price: Money(minorUnits: 250_000), anesthesia: .local, items: [], requirements: [], equipment: []),
        ],
        items: [
            Item(
                sku: SKU("IMP-300"), gtin: "05012345678900", name: "Implant 300 ml", tracking: .serial, isImplant: true,
                price: Money(minorUnits: 65_000), materials: ["silicone"], manufacturer: "Test Devices"),
            Item(
                sku: SKU("SPLINT"), gtin: "05012345678917", name: "Nasal splint", tracking: .lot,
                price: Money(minorUnits: 1_850)),
            Item(
                sku: SKU("GLOVES"), gtin: "05012345678924", name: "Surgical gloves", tracking: .lot, price: nil,
                materials: ["latex"]),
            Item(sku: SKU("GAUZE"), gtin: nil, name: "Gauze", tracking: .quantity, price: Money(minorUnits: 120)),
        ],
        requirements: [
            RequirementDefinition(
                code: RequirementCode("HB"), name: "Hemoglobin", kind: .laboratory, validDays: 30, loinc: "718-7"),
            RequirementDefinition(
                code: RequirementCode("FASTING"), name: "Fasting instructions", kind: .instruction, validDays: 30),
        ],
        staff: [
            StaffMember(
                id: StaffID("S1"), name: "Dr. Ada Stone", role: .surgeon,
                privileges: [ProcedureCode("BREAST-AUG"), ProcedureCode("RHINOPLASTY"), ProcedureCode("BLEPH-UPPER")],
                licenceUntil: .on("2030-12-31"), indemnityUntil: .on("2030-12-31"), permissions: ["CLEAR", "WAIVE"]),
            StaffMember(
                id: StaffID("S2"), name: "Dr. Ben Frost", role: .surgeon, privileges: [ProcedureCode("BLEPH-UPPER")],
                licenceUntil: .on("2030-12-31"), indemnityUntil: .on("2030-12-31")),
            StaffMember(
                id: StaffID("A1"), name: "Dr. Cleo Marsh", role: .anesthetist, permissions: ["CLEAR", "WAIVE"]),
            StaffMember(id: StaffID("N1"), name: "Dora Field", role: .nurse),
            StaffMember(id: StaffID("N2"), name: "Eli Brook", role: .nurse),
            StaffMember(id: StaffID("F1"), name: "Fay Hill", role: .finance, permissions: ["REQUEST_REFUND"]),
            StaffMember(
                id: StaffID("F2"), name: "Gus Lake", role: .administrator,
                permissions: ["APPROVE_REFUND", "APPROVE_BILL", "WITHDRAW_RECALL"]),
        ],
        theaters: [
            Theater(
                id: TheaterID("T1"), name: "Theater 1", equipment: ["ENDOSCOPE"], weekdays: [1, 2, 3, 4, 5],
                opensAt: 8 * 60, closesAt: 18 * 60),
            Theater(
                id: TheaterID("T2"), name: "Theater 2", equipment: [], weekdays: [1, 2, 3, 4, 5], opensAt: 8 * 60,
                closesAt: 18 * 60),
        ],
        equipment: [Equipment(id: "MICROSCOPE", name: "Operating microscope")],
        payers: [
            Payer(
                id: PayerID("ACME"), name: "Acme Health", basisPoints: 8_000, deductible: Money(minorUnits: 10_000),
                cap: Money(minorUnits: 300_000), writeOffBasisPoints: 500, needsAuthorization: true)
        ],
        templates: [
            ConsentTemplate(
                name: "breast-augmentation", version: 1, title: "Breast augmentation", kind: .surgical,
                procedures: [ProcedureCode("BREAST-AUG")], parties: [.patient, .surgeon],
                effectiveFrom: .on("2026-01-01"), language: "en",
                body: """
                    ## What is planned
                    {{procedure}} on {{patient}}, side {{side}}.
                    ## Serious risks
                    - [C1!] Capsular contracture.
                    - [C2] Hematoma.
                    """),
            ConsentTemplate(
                name: "rhinoplasty", version: 1, title: "Rhinoplasty", kind: .surgical,
                procedures: [ProcedureCode("RHINOPLASTY")], parties: [.patient, .surgeon, .witness],
                effectiveFrom: .on("2026-01-01"), language: "en",
                body: """
                    ## Serious risks
                    - [C1] Septal perforation.
                    """),
            ConsentTemplate(
                name: "blepharoplasty", version: 2, title: "Upper blepharoplasty", kind: .surgical,
                procedures: [ProcedureCode("BLEPH-UPPER")], parties: [.patient, .surgeon],
                effectiveFrom: .on("2026-01-01"), language: "en",
                body: """
                    ## Serious risks
                    - [C1!] Loss of vision.
                    """),
            ConsentTemplate(
                name: "photography", version: 1, title: "Photography", kind: .photography, procedures: [],
                parties: [.patient], effectiveFrom: .on("2026-01-01"), language: "en", body: "- [C1] Photographs."),
        ])
}

extension Policy {
    /// The default policy with charges for anesthesia.
    package static let sample: Policy = {
        var policy = Policy()
        policy.anesthesiaBase = Money(minorUnits: 30_000)
        policy.anesthesiaPerQuarterHour = Money(minorUnits: 6_000)
        policy.lateAfterDays = 90
        return policy
    }()
}
