import Clinic

/// What a patient takes home after surgery.
struct PostOpModel: FrozenModel {
    let letterhead: Letterhead
    let origin: Origin
    let patient: Person
    let surgicalCase: String
    let procedure: String
    let surgeon: String
    let performedOn: String
    /// What the team wrote for this patient.
    let instructions: String?
    /// What holds after the procedure in general.
    let aftercare: [String]
    /// Nil where nothing was said about any.
    let medications: [String]?
    let followUp: String?

    var text: [UInt8] {
        var sheet = TextSheet()
        letterhead.write(to: &sheet)
        sheet.rule("=")
        sheet.edges("AFTER YOUR SURGERY", performedOn)
        sheet.rule("=")
        patient.write(to: &sheet)
        sheet.fact("Case", surgicalCase)
        sheet.fact("Procedure", procedure)
        sheet.fact("Surgeon", surgeon)
        if let instructions {
            sheet.heading("FOR YOU")
            sheet.paragraph(instructions)
        }
        if !aftercare.isEmpty {
            sheet.heading("AFTER THIS PROCEDURE")
            for text in aftercare { sheet.paragraph(text) }
        }
        sheet.heading("MEDICATION")
        for medication in medications ?? [] { sheet.paragraph("- \(medication)", hanging: 2) }
        if (medications ?? []).isEmpty {
            sheet.line(medications == nil ? "As your surgeon told you." : "None.")
        }
        sheet.heading("FOLLOW-UP")
        sheet.line(followUp ?? "We will give you an appointment.")
        sheet.blank()
        sheet.paragraph(
            "Call us at once for heavy bleeding, fever, sudden swelling or pain on one side, trouble breathing or pain "
                + "in a leg: \(letterhead.phone). In an emergency call the emergency number.")
        sheet.rule()
        sheet.line(origin.footer)
        return sheet.bytes
    }
}

extension WritingDesk {
    func postOpInstructions() throws -> [DocumentModel] {
        guard event.kind == "case.completed" || event.kind == "case.post-op",
            let surgicalCase = event.written(SurgicalCase.self)
        else { return [] }
        let name = "\(serial)-postop-instructions"
        let performedAt = surgicalCase.startedAt ?? surgicalCase.startsAt ?? event.occurredAt
        let model = PostOpModel(
            letterhead: letterhead, origin: origin(name), patient: try person(surgicalCase.mrn),
            surgicalCase: surgicalCase.surgicalCase.rawValue, procedure: catalog.writtenOut(surgicalCase.procedures),
            surgeon: catalog.name(of: surgicalCase.surgeon), performedOn: zone.date(of: performedAt).description,
            instructions: surgicalCase.instructions,
            aftercare: surgicalCase.procedures.compactMap { catalog.procedures[$0.code]?.aftercare },
            medications: surgicalCase.medications, followUp: try followUp(of: surgicalCase))
        return [try model.document(.postOpText, in: "care", named: "\(name).txt")]
    }

    /// The time that was named, else the appointment that is booked.
    private func followUp(of surgicalCase: SurgicalCase) throws -> String? {
        if let at = surgicalCase.followUpAt { return "\(stamp(at)), \(catalog.name(of: surgicalCase.surgeon))" }
        let booked = try state.allNumbers(of: surgicalCase.mrn)
            .flatMap { try state.fetch(Consultation.self, where: .patient($0)) }
            .filter { $0.visit == "FOLLOW_UP" && $0.state == .scheduled && $0.startsAt > event.occurredAt }
            .min { ($0.startsAt, $0.consultation) < ($1.startsAt, $1.consultation) }
        return booked.map { "\(stamp($0.startsAt)), \(catalog.name(of: $0.surgeon))" }
    }
}
