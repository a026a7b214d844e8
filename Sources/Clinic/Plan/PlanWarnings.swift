/// What the surgeon should see before going on with a plan.
extension Pathway {
    func warnOfRisks(
        of plan: ProcedurePlan, for patient: Patient, on day: CalendarDate, in state: any ClinicState,
        into ruling: inout Ruling
    ) throws {
        var patient = patient
        patient.allergies = try state.allergies(of: patient.mrn)
        warnOfAllergies(plan, patient, into: &ruling)
        checkVolume(of: plan, into: &ruling)
        for planned in plan.procedures {
            guard let procedure = catalog.procedures[planned.code] else { continue }
            warnOfLimits(procedure, plan, patient, on: day, into: &ruling)
        }
    }

    private func warnOfAllergies(_ plan: ProcedurePlan, _ patient: Patient, into ruling: inout Ruling) {
        for item in neededItems(of: plan).compactMap({ catalog.items[$0.sku] }) {
            for material in item.materials where !patient.tolerates(material) {
                caution(
                    Finding(
                        .PlanRules.allergy, [.items],
                        patient.allergies == nil
                            ? "an item contains latex, and the patient's allergies are not documented"
                            : "an item contains a material that the patient is allergic to",
                        mend: "plan another item, or document the allergies",
                        aside: "\(patient.mrn): \(item.sku) contains \(material)"), into: &ruling)
            }
        }
    }

    private func warnOfLimits(
        _ procedure: Procedure, _ plan: ProcedurePlan, _ patient: Patient, on day: CalendarDate,
        into ruling: inout Ruling
    ) {
        var reasons: [(field: Field, text: String)] = []
        if let minimum = procedure.minimumAge, patient.birthDate.wholeYears(until: day) < minimum {
            reasons.append((.procedure, "the patient is too young for a procedure"))
        }
        if let maximum = [procedure.maximumBMI, policy.maximumBMI].compactMap(\.self).min(),
            let height = patient.heightCentimeters,
            let weight = patient.weightKilograms, weight * 10_000 > maximum * height * height
        {
            reasons.append((.procedure, "the patient's BMI is above the limit of a procedure"))
        }
        if procedure.isForNonSmokers, patient.smoker == true {
            reasons.append((.procedure, "the patient smokes, and a procedure is for those who do not"))
        }
        if let maximum = procedure.maximumVolumeMilliliters, let volume = plan.volumeMilliliters, volume > maximum {
            reasons.append((.volumeMilliliters, "the volume is above the limit of a procedure"))
        }
        for reason in reasons {
            caution(
                Finding(
                    .PlanRules.contraindicated, [reason.field], reason.text, mend: "review the indication",
                    aside: "\(patient.mrn): \(procedure.code)"),
                into: &ruling)
        }
    }
}

extension Pathway {
    /// A patient with the allergies that any of their records names; not documented only where none is.
    func survivorWithAllAllergies(of mrn: MRN, in state: any ClinicState) throws -> Patient? {
        guard var patient = try survivor(of: mrn, in: state) else { return nil }
        patient.allergies = try state.allergies(of: mrn)
        return patient
    }
}

extension ClinicState {
    /// The allergies that any record of a patient names, each once; nil where none is documented.
    package func allergies(of mrn: MRN) throws -> [String]? {
        var known: [String]?
        for record in try records(of: mrn) {
            guard let own = try fetch(Patient.self, id: record.rawValue)?.allergies else { continue }
            known = (known ?? []) + own.filter { new in !(known ?? []).contains { Spelling.isSame($0, new) } }
        }
        return known
    }
}

extension Patient {
    /// Latex that nobody has asked about counts as not tolerated; other materials only when they are named.
    package func tolerates(_ material: String) -> Bool {
        guard let allergies else { return material != "latex" }
        return !allergies.contains { allergy in
            let words = Spelling.folded(allergy).split { !$0.isLetter && !$0.isNumber }
            return words.contains { $0 == material } || Spelling.folded(allergy) == material
        }
    }
}
