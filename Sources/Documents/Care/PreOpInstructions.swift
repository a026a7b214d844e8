import Clinic

/// How a patient prepares for surgery.
struct PreOpModel: FrozenModel {
    struct Item: Codable, Sendable {
        let name: String
        let kind: String
        let state: String
        let instructions: String?
    }

    let letterhead: Letterhead
    let origin: Origin
    let patient: Person
    let plan: String
    let procedure: String
    let surgeon: String
    /// Time and theater-day where they are known.
    let when: String?
    let isCleared: Bool
    let clearedBy: String?
    let clearedAt: String?
    /// The procedure's own instructions.
    let instructions: [String]
    let items: [Item]

    var text: [UInt8] {
        var sheet = TextSheet()
        letterhead.write(to: &sheet)
        sheet.rule("=")
        sheet.edges("BEFORE YOUR SURGERY", isCleared ? "cleared" : "not cleared yet")
        sheet.rule("=")
        patient.write(to: &sheet)
        sheet.fact("Procedure", procedure)
        sheet.fact("Surgeon", surgeon)
        sheet.fact("When", when ?? "to be booked")
        sheet.fact("Plan", plan)
        if let clearedBy, let clearedAt { sheet.fact("Cleared", "\(clearedAt), \(clearedBy)") }
        write("WHAT TO DO", of: ["INSTRUCTION"], to: &sheet)
        for instruction in instructions { sheet.paragraph("- \(instruction)", hanging: 2) }
        write("MEDICATION", of: ["MEDICATION"], to: &sheet)
        write("TESTS AND EXAMINATIONS", of: ["LAB", "EXAMINATION"], to: &sheet)
        sheet.blank()
        sheet.paragraph("If anything is unclear, or you feel unwell, call us: \(letterhead.phone).")
        sheet.rule()
        sheet.line(origin.footer)
        return sheet.bytes
    }

    private func write(_ title: String, of kinds: Set<String>, to sheet: inout TextSheet) {
        let own = items.filter { kinds.contains($0.kind) }
        let isFirst = kinds.contains("INSTRUCTION") && !instructions.isEmpty
        guard !own.isEmpty || isFirst else { return }
        sheet.heading(title)
        for item in own {
            sheet.edges("- \(item.name)", item.state)
            if let instructions = item.instructions { sheet.paragraph(instructions, indent: 4) }
        }
    }
}

extension WritingDesk {
    /// Pre- and post-operative instructions, and the cards of implants.
    func care() throws -> [DocumentModel] { try preOpInstructions() + postOpInstructions() + implantCards() }

    /// When the requirements of a plan are ordered, and again when the patient is cleared.
    private func preOpInstructions() throws -> [DocumentModel] {
        let clearance = event.written(Clearance.self)
        let isCleared = event.kind == "preop.cleared" && clearance?.state == .cleared
        let ordered = event.kind == "preop.ordered" ? event.written(Requirement.self)?.plan : nil
        guard let id = isCleared ? clearance?.plan : ordered, let plan = try state.currentPlan(id) else { return [] }
        let requirements = try state.fetch(Requirement.self, where: .plan(id))
        let booked = try state.fetch(SurgicalCase.self, where: .plan(id))
            .last { $0.state.isOpen && $0.state != .postponed }?.startsAt
        let name = "\(serial)-preop-instructions"
        let model = PreOpModel(
            letterhead: letterhead, origin: origin(name), patient: try person(plan.mrn), plan: plan.plan.rawValue,
            procedure: catalog.writtenOut(plan.procedures), surgeon: catalog.name(of: plan.surgeon),
            when: booked.map { stamp($0) } ?? plan.plannedFor.map { "planned for \($0)" }, isCleared: isCleared,
            clearedBy: isCleared ? clearance?.clearedBy.map { catalog.name(of: $0) } : nil,
            clearedAt: isCleared ? clearance?.clearedAt.map { stamp($0) } : nil,
            instructions: plan.procedures.compactMap { catalog.procedures[$0.code]?.instructions },
            items: requirements.map { requirement in
                let definition = catalog.requirements[requirement.code]
                return .init(
                    name: definition?.name ?? requirement.code.rawValue, kind: requirement.category.rawValue,
                    state: requirement.wording, instructions: definition?.instructions)
            })
        return [try model.document(.preOpText, in: "care", named: "\(name).txt")]
    }
}

extension Requirement {
    /// A medication that is met is one that is charted: it is given at its time, which may be in theater.
    fileprivate var wording: String {
        switch state {
        case .ordered: category == .medication ? "to arrange" : "to do"
        case .met: category == .medication ? "arranged" : "done"
        case .unmet: "not met"
        case .waived: "waived"
        }
    }
}
